"""lib.inception against the paper's Table 1, torchvision's published counts and names, and modules written by hand."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from lib.cost import layer_table
from lib.inception import GoogLeNet, Inception, NaiveInception
from tests.models import by_hand_norm, check_that_every_parameter_learns, check_that_it_computes, count, on_meta

# Table 1 of the paper: output, thousands of parameters, millions of operations. Rows 4c, 4d, 5a and 5b print numbers
# that do not follow from their own widths (BVLC/caffe issue 3067), so only the output is taken from those.
TABLE_1 = {
    "3a": ((256, 28, 28), 159, 128),
    "3b": ((480, 28, 28), 380, 304),
    "4a": ((512, 14, 14), 364, 73),
    "4b": ((512, 14, 14), 437, 88),
    "4c": ((512, 14, 14), None, 100),
    "4d": ((528, 14, 14), None, 119),
    "4e": ((832, 14, 14), 840, 170),
    "5a": ((832, 7, 7), None, None),
    "5b": ((1024, 7, 7), None, 71),
}


def test_parameters_are_the_published_ones():
    assert count(on_meta(GoogLeNet)) == 6_998_552
    assert count(on_meta(GoogLeNet, batch_norm=True)) == 7_005_832
    assert count(on_meta(GoogLeNet, torchvision=True)) == 6_624_904  # torchvision's table of weights


@pytest.mark.parametrize("row", TABLE_1)
def test_a_row_of_table_1(row):
    shape, thousands, millions = TABLE_1[row]
    layers = [
        (n, c) for n, c in layer_table(on_meta(GoogLeNet), (3, 224, 224)).layers if n.startswith(f"inception{row}.")
    ]
    convolutions = [(n, c) for n, c in layers if "Conv2d" in n]
    assert len(convolutions) == 6
    outputs = [
        c.output_shape for n, c in convolutions if ".conv " in n and "branch2.0" not in n and "branch3.0" not in n
    ]
    assert (sum(s[0] for s in outputs), *outputs[0][1:]) == shape
    weights = sum(c.parameters - c.output_shape[0] for _, c in convolutions)
    if thousands is not None:
        assert weights / 1024 == pytest.approx(thousands, rel=0.01)
    if millions is not None:
        assert sum(c.macs for _, c in convolutions) / 1e6 == pytest.approx(millions, rel=0.01)


def test_the_whole_does_1_6_billion_macs():
    assert layer_table(on_meta(GoogLeNet), (3, 224, 224)).macs / 1e9 == pytest.approx(1.583, abs=5e-4)


def test_names_are_torchvisions():
    branches = ("branch1", "branch2.0", "branch2.1", "branch3.0", "branch3.1", "branch4.1")
    units = ["conv1", "conv2", "conv3"] + [f"inception{row}.{branch}" for row in TABLE_1 for branch in branches]
    kinds = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
    expected = {f"{unit}.conv.weight" for unit in units} | {f"{unit}.bn.{kind}" for unit in units for kind in kinds}
    state = on_meta(GoogLeNet, torchvision=True).state_dict()
    assert set(state) == expected | {"fc.weight", "fc.bias"}
    shapes = {  # of 3a, from torchvision's source
        "branch1": (64, 192, 1, 1),
        "branch2.0": (96, 192, 1, 1),
        "branch2.1": (128, 96, 3, 3),
        "branch3.0": (16, 192, 1, 1),
        "branch3.1": (32, 16, 3, 3),
        "branch4.1": (32, 192, 1, 1),
    }
    assert {b: tuple(state[f"inception3a.{b}.conv.weight"].shape) for b in shapes} == shapes
    assert (on_meta(GoogLeNet, torchvision=True).maxpool4.kernel_size, on_meta(GoogLeNet).maxpool4.kernel_size) == (
        2,
        3,
    )
    assert tuple(on_meta(GoogLeNet).state_dict()["inception3a.branch3.1.conv.weight"].shape) == (32, 16, 5, 5)


def conv(layer, x, padding=0):
    x = F.conv2d(x, layer.conv.weight, layer.conv.bias, padding=padding)
    return F.relu(by_hand_norm(layer.bn, x, eps=0.001) if hasattr(layer, "bn") else x)


@pytest.mark.parametrize("batch_norm", [False, True])
def test_the_modules_are_what_the_paper_draws(batch_norm):
    torch.manual_seed(0)
    x = torch.randn(2, 6, 7, 9, dtype=torch.float64)
    naive = NaiveInception(6, 2, 3, 4, batch_norm).double()
    module = Inception(6, 2, 3, 4, 5, 1, 7, batch_norm).double()

    def naive_by_hand(x):
        branches = [conv(naive.branch1, x), conv(naive.branch2, x, 1), conv(naive.branch3, x, 2)]
        return torch.cat([*branches, F.max_pool2d(x, 3, 1, 1)], 1)

    def by_hand(x):
        three, five = (conv(branch[0], x) for branch in (module.branch2, module.branch3))
        branches = [conv(module.branch1, x), conv(module.branch2[1], three, 1), conv(module.branch3[1], five, 2)]
        return torch.cat([*branches, conv(module.branch4[1], F.max_pool2d(x, 3, 1, 1))], 1)

    check_that_it_computes(naive, naive_by_hand, x)
    check_that_it_computes(module, by_hand, x)
    assert (naive.out_channels, module.out_channels) == (15, 14)


def test_batch_normalisation_stands_before_the_relu():
    torch.manual_seed(0)
    module = Inception(4, 2, 3, 2, 3, 2, 2, batch_norm=True)
    assert [type(layer) for layer in module.branch1] == [nn.Conv2d, nn.BatchNorm2d, nn.ReLU]
    assert module.branch1.conv.bias is None
    assert module.branch1.bn.eps == 0.001
    assert (module(torch.randn(2, 4, 5, 6)) >= 0).all()


def test_a_slice_of_the_network_is_plain_layers():
    model, images = GoogLeNet(num_classes=4, dropout=0).eval(), torch.randn(2, 3, 64, 64)
    assert type(model[:3]) is nn.Sequential
    assert torch.equal(model[3:](model[:3](images)), model(images))


@pytest.mark.parametrize("options", [{}, {"batch_norm": True}, {"torchvision": True}])
def test_other_sizes_run_and_every_parameter_learns(options):
    torch.manual_seed(0)
    model = GoogLeNet(num_classes=4, dropout=0, **options)
    for parameter in model.parameters():  # the default start lets the signal fade over 22 layers without normalisation
        if parameter.ndim == 4:
            nn.init.kaiming_normal_(parameter, nonlinearity="relu")
    check_that_every_parameter_learns(model, torch.randn(3, 3, 96, 64), classes=4)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: NaiveInception(0, 1, 1, 1), ValueError, "in_channels: expected at least 1, got 0"),
        (lambda: NaiveInception(3, 1, 1, 1.0), TypeError, r"c5: expected an integer, got 1\.0"),
        (lambda: Inception(3, 1, 0, 1, 1, 1, 1), ValueError, "c3_reduce: expected at least 1, got 0"),
        (lambda: Inception(3, 1, 1, 1, 1, 1, True), TypeError, "pool: expected an integer, got True"),
        (lambda: Inception(3, 1, 1, 1, 1, 1, 1, kernel_5=4), ValueError, "kernel_5: expected an odd number.*, got 4"),
        (lambda: GoogLeNet(num_classes=0), ValueError, "num_classes: expected at least 1, got 0"),
        (lambda: GoogLeNet(dropout=2), ValueError, "dropout: expected a probability from 0 to 1, got 2"),
        (lambda: GoogLeNet(dropout="0"), TypeError, "dropout: expected a probability from 0 to 1, got '0'"),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_options_reach_every_branch():
    for module in (NaiveInception(3, 1, 2, 2, batch_norm=True), Inception(3, 1, 1, 2, 1, 2, 1, batch_norm=True)):
        convolutions = [m for m in module.modules() if isinstance(m, nn.Conv2d)]
        assert sum(isinstance(m, nn.BatchNorm2d) for m in module.modules()) == len(convolutions)
        assert all(m.bias is None for m in convolutions)
    assert not any(isinstance(m, nn.BatchNorm2d) for m in NaiveInception(3, 1, 2, 2).modules())
    with torch.device("meta"):
        assert [GoogLeNet(**options).dropout.p for options in ({}, {"dropout": 0.1}, {"dropout": 1})] == [0.4, 0.1, 1]
