"""lib.resnet against torchvision's published names and counts, the paper's Table 1, and blocks written out by hand."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from lib.cost import layer_table
from lib.resnet import BasicBlock, Bottleneck, ResNet, digit_network, resnet18, resnet34, resnet50, resnet101, resnet152
from tests.models import by_hand_norm, check_that_every_parameter_learns, check_that_it_computes, count, on_meta


@pytest.mark.parametrize(
    ("build", "parameters"),  # torchvision's, from its table of weights
    [
        (resnet18, 11_689_512),
        (resnet34, 21_797_672),
        (resnet50, 25_557_032),
        (resnet101, 44_549_160),
        (resnet152, 60_192_808),
    ],
)
def test_parameters_are_torchvisions(build, parameters):
    assert count(on_meta(build)) == parameters


@pytest.mark.parametrize(
    ("build", "stride_on", "billions"),  # Table 1 for the first five, which calls them FLOPs and cuts off 3.66
    [
        (resnet18, None, 1.8),
        (resnet34, None, 3.6),
        (resnet50, "1x1", 3.8),
        (resnet101, "1x1", 7.6),
        (resnet152, "1x1", 11.3),
        (resnet50, "3x3", 4.089),  # as torchvision publishes
        (resnet101, "3x3", 7.801),
        (resnet152, "3x3", 11.514),
    ],
)
def test_macs_are_the_published_ones(build, stride_on, billions):
    model = on_meta(build, **({"stride_on": stride_on} if stride_on else {}))
    digits = 3 if stride_on == "3x3" else 1
    assert layer_table(model, (3, 224, 224)).macs / 1e9 == pytest.approx(billions, abs=0.07 if digits == 1 else 6e-4)


def names(block: str, depths: list[int]) -> dict[str, tuple[int, ...]]:
    """Torchvision's names and shapes, written out: convolutions, then all that belongs to batch normalisations."""
    widths, grow = (64, 128, 256, 512), 4 if block == "bottleneck" else 1
    convolutions, c_in = [("conv1", "bn1", (64, 3, 7, 7))], 64
    for layer, (width, depth) in enumerate(zip(widths, depths, strict=True), 1):
        for k in range(depth):
            at = f"layer{layer}.{k}."
            if block == "bottleneck":
                kernels = [(width, c_in, 1, 1), (width, width, 3, 3), (4 * width, width, 1, 1)]
            else:
                kernels = [(width, c_in, 3, 3), (width, width, 3, 3)]
            convolutions += [(f"{at}conv{i}", f"{at}bn{i}", shape) for i, shape in enumerate(kernels, 1)]
            if c_in != grow * width or (k == 0 and layer > 1):
                convolutions.append((f"{at}downsample.0", f"{at}downsample.1", (grow * width, c_in, 1, 1)))
            c_in = grow * width
    expected = {"fc.weight": (1000, c_in), "fc.bias": (1000,)}
    for conv, norm, shape in convolutions:
        expected[f"{conv}.weight"] = shape
        expected |= {f"{norm}.{name}": shape[:1] for name in ("weight", "bias", "running_mean", "running_var")}
        expected[f"{norm}.num_batches_tracked"] = ()
    return expected


@pytest.mark.parametrize(
    ("build", "block", "depths"),
    [(resnet18, "basic", [2, 2, 2, 2]), (resnet34, "basic", [3, 4, 6, 3]), (resnet50, "bottleneck", [3, 4, 6, 3])],
)
def test_names_and_shapes_are_torchvisions(build, block, depths):
    state = on_meta(build).state_dict()
    assert {name: tuple(value.shape) for name, value in state.items()} == names(block, depths)
    assert list(state)[:2] == ["conv1.weight", "bn1.weight"]


def shortcut_by_hand(block, option, x, stride, c_out):
    if option is None:
        return 0
    if block.downsample is not None and isinstance(block.downsample, nn.Sequential):
        conv, batch = block.downsample
        return by_hand_norm(
            batch, F.conv2d(x[:, :, ::stride, ::stride], conv.weight)
        )  # a strided 1×1 is subsampling, then 1×1
    short = torch.zeros(len(x), c_out, -(-x.shape[2] // stride), -(-x.shape[3] // stride), dtype=x.dtype)
    short[:, : x.shape[1]] = x[:, :, ::stride, ::stride]
    return short


@pytest.mark.parametrize("option", ["A", "B", "C", None])
@pytest.mark.parametrize(("stride", "c_in"), [(1, 8), (2, 8), (1, 4), (2, 4)])
@pytest.mark.parametrize("kind", ["basic", "3x3", "1x1"])
def test_a_block_is_what_the_paper_draws(kind, stride, c_in, option):
    torch.manual_seed(0)
    x = torch.randn(2, c_in, 7, 9, dtype=torch.float64)
    basic = kind == "basic"
    block = BasicBlock(c_in, 8, stride, option) if basic else Bottleneck(c_in, 2, stride, option, kind)
    block = block.double()
    for layer in block.modules():
        if isinstance(layer, nn.BatchNorm2d):
            for value in (layer.running_mean, layer.weight.data, layer.bias.data):
                value.normal_()

    def by_hand(x):
        if basic:
            out = F.relu(by_hand_norm(block.bn1, F.conv2d(x, block.conv1.weight, stride=stride, padding=1)))
            out = by_hand_norm(block.bn2, F.conv2d(out, block.conv2.weight, padding=1))
        else:
            first, second = (1, stride) if kind == "3x3" else (stride, 1)
            out = F.relu(by_hand_norm(block.bn1, F.conv2d(x, block.conv1.weight, stride=first)))
            out = F.relu(by_hand_norm(block.bn2, F.conv2d(out, block.conv2.weight, stride=second, padding=1)))
            out = by_hand_norm(block.bn3, F.conv2d(out, block.conv3.weight))
        return F.relu(out + shortcut_by_hand(block, option, x, stride, 8))

    check_that_it_computes(block, by_hand, x)
    projected = isinstance(block.downsample, nn.Sequential)
    assert projected == (option == "C" or (option == "B" and (stride, c_in) != (1, 8)))


def test_options_reach_every_block():
    plain = on_meta(resnet18, shortcut=None)
    padded, projected = on_meta(resnet50, shortcut="A"), on_meta(resnet50, shortcut="C")
    assert all(block.downsample is None for stage in list(plain.children())[3:7] for block in stage)
    assert not any("downsample" in name for name in padded.state_dict())
    assert sum(name.endswith("downsample.0.weight") for name in projected.state_dict()) == 16
    first, late = (on_meta(resnet50, stride_on=place).layer3[0].conv1.stride for place in ("1x1", "3x3"))
    assert (first, late) == ((2, 2), (1, 1))


def test_any_image_size_and_every_parameter_learns():
    torch.manual_seed(0)
    for block, options in ((BasicBlock, {"shortcut": "C"}), (Bottleneck, {"stride_on": "1x1"})):
        model = ResNet(block, (1, 2, 1, 1), num_classes=5, in_channels=1, **options)
        check_that_every_parameter_learns(model, torch.randn(3, 1, 65, 33), classes=5)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: BasicBlock(0, 8), ValueError, "in_channels: expected at least 1, got 0"),
        (lambda: BasicBlock(8, 8.0), TypeError, r"width: expected an integer, got 8\.0"),
        (lambda: Bottleneck(8, 2, 0), ValueError, "stride: expected at least 1, got 0"),
        (lambda: BasicBlock(8, 8, 1, "D"), ValueError, r"shortcut: expected one of \('A', 'B', 'C', None\), got 'D'"),
        (lambda: BasicBlock(8, 4, 1, "A"), ValueError, "shortcut: 'A' can only add .* at least 8 .*, got 4"),
        (
            lambda: Bottleneck(8, 2, 1, "B", "5x5"),
            ValueError,
            r"stride_on: expected one of \('3x3', '1x1'\), got '5x5'",
        ),
        (lambda: ResNet(nn.ReLU, (1, 1, 1, 1)), TypeError, "block: expected BasicBlock or Bottleneck, got <class"),
        (lambda: ResNet(BasicBlock, (1, 1, 1)), ValueError, r"depths: expected four numbers .*, got \(1, 1, 1\)"),
        (lambda: ResNet(BasicBlock, (1, 1, 1, 0)), ValueError, "depths: expected at least 1, got 0"),
        (lambda: digit_network(9), ValueError, "layers: expected 2, and for each BasicBlock .*, got 9"),
        (lambda: digit_network(2), ValueError, "layers: expected 2, and for each BasicBlock .*, got 2"),
        (lambda: digit_network(12, "A", Bottleneck), ValueError, "layers: .* each Bottleneck .*, got 12"),
        (lambda: digit_network(10, "A", nn.ReLU), TypeError, "block: expected BasicBlock or Bottleneck, got <class"),
        (lambda: digit_network(10, "A", BasicBlock, 0), ValueError, "width: expected at least 1, got 0"),
        (lambda: resnet18(num_classes=0), ValueError, "num_classes: expected at least 1, got 0"),
        (lambda: resnet18(shortcut="x"), ValueError, "shortcut: expected one of .*, got 'x'"),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_the_stem_is_table_1s_and_weights_begin_as_he_proposed():
    model = resnet18()
    assert (model.maxpool.kernel_size, model.maxpool.stride, model.maxpool.padding) == (3, 2, 1)
    wider = model.layer2[0].conv1.weight  # 128 filters on 64 maps: what flows back decides, not what flows in
    assert wider.std().item() == pytest.approx((2 / (128 * 9)) ** 0.5, rel=0.02)


@pytest.mark.parametrize("build", [resnet18, resnet34, resnet50, resnet101, resnet152])
def test_every_depth_takes_options_and_keeps_the_size_by_default(build):
    with torch.device("meta"):
        assert build(num_classes=7).fc.out_features == 7
    for block in (BasicBlock, Bottleneck):
        assert block(8, 8)(torch.zeros(1, 8, 5, 6)).shape == (1, 8 * block.expansion, 5, 6)


@pytest.mark.parametrize(
    ("layers", "block", "stages"),  # maps behind each block
    [
        (4, BasicBlock, [10]),
        (10, BasicBlock, [5, 5, 10, 10]),
        (12, BasicBlock, [5, 5, 10, 10, 10]),
        (14, Bottleneck, [20, 20, 40, 40]),
    ],
)
@pytest.mark.parametrize("shortcut", ["A", "B", None])
def test_a_digit_network_has_its_layers_and_widens_half_way(layers, block, stages, shortcut):
    model = digit_network(layers, shortcut, block, width=5)
    weighted = [m for m in model.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    projections = [m for m in model.modules() if isinstance(m, block) and isinstance(m.downsample, nn.Sequential)]
    assert len(weighted) - len(projections) == layers
    blocks = [m for m in model if isinstance(m, block)]
    sizes, x = [], torch.zeros(2, 1, 8, 6)
    x = model[:3](x)
    assert x.shape == (2, 5 * block.expansion, 8, 6)
    for module in blocks:
        x = module(x)
        sizes.append(x.shape[1:])
    assert sizes == [(maps, 8, 6) if maps == 5 * block.expansion else (maps, 4, 3) for maps in stages]
    assert all((m.downsample is None) == (shortcut is None) for m in blocks)
    check_that_every_parameter_learns(model, torch.randn(4, 1, 8, 6), 10)


def test_a_digit_network_is_residual_and_six_maps_wide_by_default():
    model = digit_network(10)
    assert model[0].out_channels == 6
    assert [type(m.downsample).__name__ for m in model[3:7]] == ["Identity", "Identity", "_PaddedShortcut", "Identity"]
