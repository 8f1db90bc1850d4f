"""lib.cost and lib.tables against PyTorch, against counting ones, against published figures, and against bad input."""

from math import prod

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from lib.cost import Cost, LayerTable, conv2d_cost, layer_table, linear_cost, pool2d_cost
from lib.inception import GoogLeNet
from lib.network_in_network import NetworkInNetwork
from lib.resnet import resnet50
from lib.tables import Table
from tests.strategies import layers, often, pairs

windows = st.one_of(st.integers(2, 4), st.tuples(st.integers(2, 4), st.integers(2, 4)))


def pytorch(module, x):
    """What PyTorch makes of a module: the shape of its output, its parameters and, by its own counter, its MACs."""
    with FlopCounterMode(display=False) as counter:
        out = module(x)
    return tuple(out.shape), sum(p.numel() for p in module.parameters()), counter.get_total_flops() // 2


def three(cost):
    return cost.output_shape, cost.parameters, cost.macs


@often(150)
@given(layers(batches=((), (1,), (2,))))
def test_a_convolution_costs_what_pytorch_counts_and_what_ones_add_up_to(layer):
    x, weight, bias, *rest = layer
    options = (len(weight), weight.shape[2:], *rest, bias is not None)
    module = nn.Conv2d(x.shape[-3], *options, padding_mode="replicate")  # so the padding is ones, too
    for parameter in module.parameters():
        nn.init.constant_(parameter, parameter.ndim > 1)  # weights 1, biases 0
    cost, ones = conv2d_cost(x.shape, *options), torch.ones(x.shape)
    assert cost.input_shape == x.shape
    assert three(cost) == pytorch(module, ones)
    assert cost.macs == module(ones).sum().item()  # each multiplication was 1 × 1


@often(100)
@given(st.sampled_from([(), (2,)]), windows, st.none() | pairs, st.sampled_from([0, 1, (0, 1), (1, 0)]), pairs)
def test_a_pooling_costs_what_pytorch_counts(batch, kernel, stride, padding, dilation):
    x = torch.empty(*batch, 3, 11, 13, device="meta")
    cost = pool2d_cost(x.shape, kernel, stride, padding, dilation)
    assert cost.input_shape == x.shape
    assert three(cost) == pytorch(nn.MaxPool2d(kernel, stride, padding, dilation), x)
    assert three(pool2d_cost(x.shape, kernel, stride, padding)) == pytorch(nn.AvgPool2d(kernel, stride, padding), x)


@given(st.integers(1, 50), st.integers(1, 50), st.booleans())
def test_a_linear_layer_costs_what_pytorch_counts(c_in, c_out, bias):
    cost = linear_cost(c_in, c_out, bias)
    assert cost.input_shape == (c_in,)
    assert three(cost) == pytorch(nn.Linear(c_in, c_out, bias, device="meta"), torch.empty(c_in, device="meta"))


def test_bytes_and_intensity_by_hand():
    cost = conv2d_cost((3, 5, 7), 4, 2, bias=False)  # 105 numbers in, 48 weights, 4 × 4 × 6 = 96 numbers out
    assert cost == Cost((3, 5, 7), (4, 4, 6), 48, 96 * 12)
    assert (cost.activation_bytes(), cost.activation_bytes(8)) == (384, 768)
    assert (cost.bytes_moved(), cost.bytes_moved(2)) == (4 * 249, 2 * 249)
    assert (cost.intensity(), cost.intensity(8)) == (1152 / 996, 1152 / 1992)


LAYERS = {  # what the table calls a layer: how to build it, and its cost by the formulas
    "Conv2d 2×3": (lambda c: nn.Conv2d(c, 5, (2, 3), padding="same"), lambda s: conv2d_cost(s, 5, (2, 3), 1, "same")),
    "Conv2d 3×3": (lambda c: nn.Conv2d(c, 4, 3, 2, 1, bias=False), lambda s: conv2d_cost(s, 4, 3, 2, 1, bias=False)),
    "MaxPool2d 2×2": (lambda c: nn.MaxPool2d(2, 1), lambda s: pool2d_cost(s, 2, 1)),
    "AvgPool2d 3×2": (lambda c: nn.AvgPool2d((3, 2), padding=1), lambda s: pool2d_cost(s, (3, 2), padding=1)),
    "BatchNorm2d": (nn.BatchNorm2d, lambda s: Cost(s, s, 2 * s[0], 0)),
    "ReLU": (lambda c: nn.ReLU(), lambda s: Cost(s, s, 0, 0)),
}


@often(60)
@given(st.lists(st.sampled_from(sorted(LAYERS)), max_size=3), st.integers(1, 4))
def test_a_table_has_the_formulas_rows_and_pytorchs_totals(kinds, channels):
    shape, modules, costs = (channels, 22, 26), [], []
    for build, cost in map(LAYERS.get, kinds):
        modules.append(build(shape[0]))
        costs.append(cost(shape))
        shape = costs[-1].output_shape
    modules += [nn.Flatten(), nn.Linear(prod(shape), 5)]
    costs += [Cost(shape, (prod(shape),), 0, 0), linear_cost(prod(shape), 5)]
    model, names = nn.Sequential(*modules), [f"{i} {kind}" for i, kind in enumerate([*kinds, "Flatten", "Linear"])]
    table = layer_table(model, (channels, 22, 26))
    assert table.layers == tuple(zip(names, costs, strict=True))
    assert ((1, 5), table.parameters, table.macs) == pytorch(model, torch.ones(1, channels, 22, 26))
    assert table.activation_bytes(8) == 2 * table.activation_bytes() == 8 * sum(prod(c.output_shape) for c in costs)


def test_a_layer_used_twice_is_computed_twice_and_stored_once():
    layer = nn.Linear(3, 3)
    rows = layer_table(nn.Sequential(layer, nn.ReLU(), layer), (3,)).layers
    assert [(name, c.parameters, c.macs) for name, c in rows] == [
        ("0 Linear", 12, 9),
        ("1 ReLU", 0, 0),
        ("0 Linear", 0, 9),
    ]


def test_a_weight_that_two_layers_share_is_stored_once():
    model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    model[1].weight = model[0].weight
    assert [(c.parameters, c.macs) for _, c in layer_table(model, (3,)).layers] == [(12, 9), (3, 9)]


class Irregular(nn.Module):
    """Runs its layers in another order than it stores them, one not at all, and multiplies by a weight of its own."""

    def __init__(self):
        super().__init__()
        self.idle, self.second, self.first = nn.Linear(2, 2), nn.Sequential(nn.Linear(4, 2)), nn.Linear(3, 4)
        self.weight, self.unused = nn.Parameter(torch.ones(2, 5)), nn.Parameter(torch.ones(7), False)

    def forward(self, x):
        return self.second(self.first(x)) @ self.weight


class Multiplies(nn.Sequential):
    def forward(self, x):
        return super().forward(x) @ x.T


def test_what_is_outside_the_layers_is_in_the_last_row():
    table = layer_table(Irregular(), (3,))
    elsewhere = Cost((0,), (0,), parameters=6 + 10 + 7, macs=10)
    named = ("first Linear", linear_cost(3, 4)), ("second.0 Linear", linear_cost(4, 2)), ("elsewhere", elsewhere)
    assert table.layers == named
    assert ((1, 5), table.parameters, table.macs) == pytorch(Irregular(), torch.ones(1, 3))
    stores = nn.Sequential(nn.ReLU())
    stores.register_parameter("unused", nn.Parameter(torch.ones(7)))
    assert layer_table(stores, (3,)).layers[1:] == (("elsewhere", Cost((0,), (0,), 7, 0)),)
    assert layer_table(Multiplies(nn.ReLU()), (3,)).layers[1:] == (("elsewhere", Cost((0,), (0,), 0, 3)),)


class Spy(nn.Module):
    def forward(self, x):
        assert x.is_meta
        return x


def test_nothing_is_computed_or_allocated():
    huge = nn.Linear(10**6, 10**6, device="meta")  # 4 TB
    assert layer_table(nn.Sequential(Spy(), huge, Spy()), (10**6,)).macs == 10**12
    assert layer_table(nn.Sequential(Spy(), nn.Linear(3, 4), Spy()), (3,)).macs == 12


@pytest.mark.parametrize(
    ("last", "error"), [(nn.ReLU(), None), (nn.Linear(5, 2), ValueError), (nn.LSTM(7, 2), TypeError)]
)
def test_the_model_is_left_as_it_was(last, error):
    model = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4), nn.Dropout(), nn.Flatten(1, 2), last).double()
    before, seed = {name: t.clone() for name, t in model.state_dict().items()}, torch.get_rng_state()
    if error is None:
        assert [c.parameters for _, c in layer_table(model, (3, 5, 7)).layers] == [16, 8, 0, 0, 0]
    else:
        with pytest.raises(error):
            layer_table(model, (3, 5, 7))
    torch.testing.assert_close(dict(model.state_dict()), before, rtol=0, atol=0)  # devices and types, too
    assert all(m.training and not m._forward_hooks and not m._forward_pre_hooks for m in model.modules())
    assert torch.equal(torch.get_rng_state(), seed)


def test_vgg16_is_as_large_as_torchvision_says():
    modules, c_in = [], 3  # configuration D of Simonyan and Zisserman, arXiv 1409.1556
    with torch.device("meta"):
        for c_out, times in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
            for c_before in [c_in] + [c_out] * (times - 1):
                modules += [nn.Conv2d(c_before, c_out, 3, padding=1), nn.ReLU()]
            modules, c_in = [*modules, nn.MaxPool2d(2)], c_out
        head = nn.Linear(25088, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 1000)
        table = layer_table(nn.Sequential(*modules, nn.Flatten(), *head), (3, 224, 224))
    assert table.parameters == 138_357_544
    assert round(table.macs / 1e9, 2) == 15.47


@pytest.mark.parametrize(("width", "total"), [(None, 14_336), (512, 276_992), (64, 47_168), (1024, 539_648)])
def test_the_keras_models_of_brownlees_article(width, total):
    model, cost = nn.Sequential(nn.Conv2d(3, 512, 3, padding="same")), conv2d_cost((3, 256, 256), 512, 3, 1, "same")
    parameters = cost.parameters
    if width:
        model.append(nn.Conv2d(512, width, 1))
        parameters += conv2d_cost(cost.output_shape, width, 1).parameters
    assert layer_table(model, (3, 256, 256)).parameters == parameters == total


def test_a_bottleneck_saves_nine_tenths_of_the_work():
    assert conv2d_cost((192, 28, 28), 32, 5, padding="same").macs == 120_422_400
    narrow = conv2d_cost((192, 28, 28), 16, 1)
    assert narrow.macs + conv2d_cost(narrow.output_shape, 32, 5, padding="same").macs == 12_443_648


TABLE = LayerTable((("a <b> & c", Cost((3, 9, 9), (64, 9, 7), 1728, 6_967_296)), ("flat", Cost((64,), (10,), 0, 0))))
TEXT = """\
layer      output  parameters       MACs  memory (kB)
-----------------------------------------------------
a <b> & c  64×9×7       1,728  6,967,296         16.1
flat           10           0          0          0.0
-----------------------------------------------------
total                   1,728  6,967,296         16.2"""
HTML = """\
<table class="table numbers">
<thead>
<tr><th scope="col">layer</th><th scope="col">output &lt;</th></tr>
</thead>
<tbody>
<tr><th scope="row">a &lt;b&gt; &amp; c</th><td>64×9×7</td></tr>
<tr><th scope="row">True</th><td>&lt;</td></tr>
</tbody>
<tfoot>
<tr><th scope="row">total</th><td>1,728</td></tr>
</tfoot>
</table>"""


def test_a_table_is_text_and_html():
    assert repr(TABLE) == TEXT
    assert Table(["layer", "output <"], [["a <b> & c", (64, 9, 7)], [True, "<"]], ["total", 1728])._repr_html_() == HTML
    cells = "a &lt;b&gt; &amp; c</th><td>64×9×7</td><td>1,728</td><td>6,967,296</td><td>16.1</td>"
    assert cells in TABLE._repr_html_()
    assert "tfoot" not in Table(["a"], [["b"]])._repr_html_()
    assert "<td>1.2&nbsp;±&nbsp;0.3</td>" in Table(["a", "b"], [["c", "1.2 ± 0.3"]])._repr_html_()
    with pytest.raises(ValueError, match=r"total: expected 2 cells, one for each of \['a', 'b'\], got \['c'\]"):
        Table(["a", "b"], [["c", "d"]], total=["c"])


@pytest.mark.parametrize(
    ("numbers", "unit", "cell"),
    [(249, "(B)", "996"), (250, "(kB)", "1.0"), (250_000, "(MB)", "1.0"), (5 * 10**11, "(GB)", "2,000.0")],
)
def test_memory_is_in_the_unit_of_the_largest_layer(numbers, unit, cell):
    head, _, *rows = repr(LayerTable((("a", Cost((1,), (1,), 0, 0)), ("b", Cost((1,), (numbers,), 0, 0))))).splitlines()
    assert (head.split()[-1], rows[1].split()[-1]) == (unit, cell)


def test_a_model_without_layers_has_an_empty_table():
    assert repr(LayerTable(())).splitlines()[-1].split() == ["total", "0", "0", "0"]


S, CONV = (3, 5, 7), nn.Conv2d(3, 4, 2)
BAD = [
    (lambda: conv2d_cost(5, 4, 2), TypeError, r"input_shape: expected a tuple \(C, H, W\) or .*, got 5"),
    (lambda: conv2d_cost((5, 7), 4, 2), ValueError, r"input_shape: expected \(C, H, W\) or .*, got \(5, 7\)"),
    (lambda: conv2d_cost((3, 5, 0), 4, 2), ValueError, r"input_shape: expected at least 1, got 0"),
    (lambda: conv2d_cost((3, 5, 7.0), 4, 2), TypeError, r"input_shape: expected an integer, got 7\.0"),
    (lambda: conv2d_cost(S, 0, 2), ValueError, r"out_channels: expected at least 1, got 0"),
    (lambda: conv2d_cost(S, 4, (2, True)), TypeError, r"kernel_size: expected an integer, got True"),
    (lambda: conv2d_cost(S, 4, 6), ValueError, r"kernel_size: .*input of 5×7, got a 6×6 .*\(3, 5, 7\)"),
    (lambda: conv2d_cost(S, 4, 2, (1, 2, 3)), ValueError, r"stride: expected .* pair .*, got \(1, 2, 3\)"),
    (lambda: conv2d_cost(S, 4, 2, 2, "same"), ValueError, r"padding: expected stride 1 .*, got stride \(2, 2\)"),
    (lambda: conv2d_cost(S, 4, 2, 1, -1), ValueError, r"padding: expected at least 0, got -1"),
    (lambda: conv2d_cost(S, 4, 2, dilation=0), ValueError, r"dilation: expected at least 1, got 0"),
    (lambda: conv2d_cost(S, 4, 2, groups=2), ValueError, r"groups: .* 3 input and 4 output channels, got 2"),
    (lambda: conv2d_cost((4, 5, 7), 3, 2, groups=2), ValueError, r"groups: .* 4 input and 3 output channels, got 2"),
    (lambda: pool2d_cost((5, 7), 2), ValueError, r"input_shape: expected \(C, H, W\) or .*, got \(5, 7\)"),
    (lambda: pool2d_cost(S, 2.0), TypeError, r"kernel_size: expected an integer, got 2\.0"),
    (lambda: pool2d_cost(S, 2, 0), ValueError, r"stride: expected at least 1, got 0"),
    (lambda: pool2d_cost(S, 2, 1, 2), ValueError, r"padding: .* half the kernel_size \(2, 2\), got \(2, 2\)"),
    (lambda: pool2d_cost(S, 2, dilation=5), ValueError, r"kernel_size: .*got a 2×2 kernel reaching over 6×6"),
    (lambda: linear_cost(0, 4), ValueError, r"in_features: expected at least 1, got 0"),
    (lambda: linear_cost(3, 4.0), TypeError, r"out_features: expected an integer, got 4\.0"),
    (lambda: layer_table("conv", S), TypeError, r"model: expected a torch\.nn\.Module, got 'conv'"),
    (lambda: layer_table(CONV, 3), TypeError, r"input_shape: expected a tuple .*, got 3"),
    (lambda: layer_table(CONV, (5, 7)), ValueError, r"input_shape: expected \(C, H, W\) or .*, got \(5, 7\)"),
    (lambda: layer_table(CONV, (4, 5, 7)), ValueError, r"input_shape: expected a shape .* got \(4, 5, 7\): ."),
    (lambda: layer_table(nn.LSTM(7, 2), (7,)), TypeError, r"model: .* one tensor, got \(.*\) from LSTM"),
    (lambda: layer_table(nn.BatchNorm2d(3), (3,)), ValueError, r"input_shape: expected a shape .* take, got \(3,\): ."),
    (lambda: layer_table(nn.Flatten(3), (3,)), ValueError, r"input_shape: expected a shape .* take, got \(3,\): ."),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_table_may_lack_a_total_or_a_name():
    table = Table(["", "b"], [["", 1], ["x", ""]])
    assert repr(table) == "   b\n----\n   1\nx"
    assert table._repr_html_().endswith("</tbody>\n</table>")
    for call, message in (
        (lambda: Table(3, []), "^header: expected a sequence of names, got 3$"),
        (lambda: Table(["a"], 3), "^rows: expected a sequence of rows, got 3$"),
        (lambda: Table(["a"], [3]), "^rows: expected a sequence of cells, got 3$"),
        (lambda: Table(["a"], [], "b"), "^total: expected a sequence of cells, got 'b'$"),
    ):
        with pytest.raises(TypeError, match=message):
            call()


def test_counts_are_integers_and_counting_prints_nothing(capsys):
    table = layer_table(nn.Sequential(nn.Conv2d(4, 6, 3, groups=2), nn.Flatten(), nn.Linear(6, 2)), (4, 3, 3))
    counts = [n for _, cost in table.layers for n in (cost.parameters, cost.macs)] + [table.parameters, table.macs]
    cost = conv2d_cost((4, 3, 3), 6, 3, groups=2)
    assert {type(n) for n in [*counts, cost.parameters, cost.macs]} == {int}
    assert capsys.readouterr().out == ""
    with pytest.raises(ValueError, match=r"got 3 \(input_shape \(4, 3, 3\)\)"):
        conv2d_cost((4, 3, 3), 6, 3, groups=3)


def test_work_outside_the_layers_is_counted_in_whole_numbers():
    class Product(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = nn.ReLU()

        def forward(self, x):
            return self.inner(x) @ torch.ones(4, 3, device=x.device)

    macs = layer_table(Product(), (4,)).layers[-1][1].macs
    assert (macs, type(macs)) == (12, int)


@pytest.mark.parametrize(("build", "side"), [(NetworkInNetwork, 32), (GoogLeNet, 224), (resnet50, 224)])
def test_costs_by_kernel_are_all_costs_and_each_in_its_place(build, side):
    model = build()
    table = layer_table(model, (3, side, side))
    kinds = table.by_kernel()
    assert [sum(costs) for costs in zip(*kinds.values(), strict=True)] == [table.parameters, table.macs]
    for kind, (parameters, _) in kinds.items():
        size = tuple(map(int, kind.split("×"))) if "×" in kind else None
        alike = nn.Linear if kind == "fully connected" else nn.Conv2d if size else nn.BatchNorm2d
        layers = [m for m in model.modules() if isinstance(m, alike) and getattr(m, "kernel_size", None) == size]
        assert parameters == sum(p.numel() for layer in layers for p in layer.parameters())
