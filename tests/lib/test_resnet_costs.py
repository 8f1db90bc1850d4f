"""lib.resnet_costs against the networks themselves, and VGG's published numbers."""

import pytest
from torch import nn

from lib import resnet
from lib.cost import layer_table
from lib.resnet_costs import by_part, resnet_table, vgg_macs
from tests.models import on_meta


@pytest.mark.parametrize("layers", [18, 34, 50, 101, 152])
def test_a_table_is_that_of_the_network(layers):
    build = getattr(resnet, f"resnet{layers}")
    assert resnet_table(layers) == layer_table(on_meta(build), (3, 224, 224))
    assert resnet_table(layers, shortcut="C").parameters == sum(
        p.numel() for p in on_meta(build, shortcut="C").parameters()
    )


def test_parts_are_those_of_the_layers_by_kernel():
    table = resnet_table(50)
    parts, kinds = by_part(table), table.by_kernel()
    assert list(parts) == sorted(parts)
    ones = [sum(parts[name][k] for name in ("1×1s in blocks", "1×1s on shortcuts")) for k in (0, 1)]
    for k, whole in enumerate((table.parameters, table.macs)):
        assert ones[k] == pytest.approx(100 * kinds["1×1"][k] / whole)
        for part, kind in (("3×3s", "3×3"), ("the first 7×7", "7×7"), ("fully connected", "fully connected")):
            assert parts[part][k] == pytest.approx(100 * kinds[kind][k] / whole)
        assert parts["the rest"][k] == pytest.approx(100 * kinds["rest"][k] / whole)
    shortcuts = [m for name, m in on_meta(resnet.resnet50).named_modules() if name.endswith("downsample.0")]
    assert parts["1×1s on shortcuts"][0] == pytest.approx(
        100 * sum(m.weight.numel() for m in shortcuts) / table.parameters
    )


@pytest.mark.parametrize(("layers", "parameters"), [(11, 132.9), (13, 133.0), (16, 138.4), (19, 143.7)])  # millions
def test_a_vgg_costs_what_its_layers_cost(layers, parameters):
    widths = {11: "a m b m cc m dd m dd m", 13: "aa m bb m cc m dd m dd m"}
    widths |= {16: "aa m bb m ccc m ddd m ddd m", 19: "aa m bb m cccc m dddd m dddd m"}
    modules, c = [], 3
    for letter in widths[layers].replace(" ", ""):
        if letter == "m":
            modules.append(nn.MaxPool2d(2))
        else:
            modules.append(nn.Conv2d(c, c := 64 * 2 ** "abcd".index(letter), 3, padding=1))
    modules += [nn.Flatten(), nn.Linear(512 * 7 * 7, 4096), nn.Linear(4096, 4096), nn.Linear(4096, 1000)]
    table = layer_table(on_meta(lambda: nn.Sequential(*(m.to("meta") for m in modules))), (3, 224, 224))
    assert table.parameters / 1e6 == pytest.approx(parameters, abs=0.06)  # as torchvision publishes
    convolutions = sum(cost.macs for name, cost in table.layers if "Conv2d" in name)
    assert vgg_macs(layers) == (convolutions, table.macs)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: resnet_table(33), ValueError, r"layers: expected one of \(18, 34, 50, 101, 152\), got 33"),
        (lambda: resnet_table(18, shortcut="D"), ValueError, "shortcut: expected one of"),
        (lambda: vgg_macs(18), ValueError, r"layers: expected one of \(11, 13, 16, 19\), got 18"),
        (lambda: by_part([1]), TypeError, r"table: expected a LayerTable, got \[1\]"),
        (lambda: by_part(layer_table(nn.ReLU(), (1, 8, 8))), ValueError, "table: expected layers with parameters"),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
