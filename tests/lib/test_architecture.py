"""Pictures of architectures: they show every tensor that the model makes, as long as its maps are many."""

import re

import matplotlib.pyplot as plt
import pytest
import torch
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from torch import nn

from lib.architecture import draw_network, draw_paths
from lib.cost import layer_table
from lib.figures import BLUE, ORANGE, PAPER
from lib.inception import MODULES, GoogLeNet, Inception, NaiveInception
from lib.mobilenet import DepthwiseSeparable, InvertedResidual
from lib.network_in_network import NetworkInNetwork
from lib.resnet import BasicBlock, Bottleneck, resnet34, resnet50


@pytest.fixture
def drawn(monkeypatch):
    """Draw with a function; give the words of the picture and its bars, as (words) and (length, height, colour)."""
    monkeypatch.setattr(plt, "show", lambda: None)

    def draw(function, *args, **options):
        plt.close("all")
        function(*args, **options)
        (ax,) = plt.gcf().axes
        bars = [(p.get_width(), p.get_height(), to_hex(p.get_facecolor()).upper()) for p in ax.patches]
        assert all(isinstance(p, Rectangle) for p in ax.patches)
        return [text.get_text() for text in ax.texts if text.get_text()], bars

    yield draw
    plt.close("all")


def shapes(words):
    return [tuple(map(int, word.split("×"))) for word in words if re.fullmatch(r"\d+(×\d+×\d+)?", word)]


def test_a_network_shows_what_pytorch_gives(drawn):
    model = NetworkInNetwork()
    words, bars = drawn(draw_network, model, (3, 32, 32))
    shown = [c.output_shape for name, c in layer_table(model, (3, 32, 32)).layers if re.search("Conv|Pool", name)]
    assert shapes(words) == [(3, 32, 32), *shown]
    assert [bar[2] == BLUE for bar in bars] == [word == "1×1" for word in words[::2]]
    lengths = [length for length, _, _ in bars]
    assert lengths == pytest.approx([max(lengths) * maps / 192 for maps, *_ in shapes(words)])


def test_googlenet_shows_the_output_sizes_of_the_papers_table(drawn):
    words, bars = drawn(draw_network, GoogLeNet(), (3, 224, 224))
    modules = dict(zip(words[::2], shapes(words), strict=True))
    for name, (maps, side) in {
        "3a": (256, 28),
        "3b": (480, 28),
        "4a": (512, 14),
        "4e": (832, 14),
        "5b": (1024, 7),
    }.items():
        assert modules[f"inception {name}"] == (maps, side, side)
    assert len(words) == 2 * (1 + 3 + 4 + 9 + 2)  # image, convolutions, poolings, modules, mean and classifier
    assert len(bars) == len(words) / 2 + 3 * len(MODULES)


@pytest.mark.parametrize(("build", "layers"), [(resnet34, 34), (resnet50, 50)])
def test_a_resnets_blocks_are_drawn_once_with_their_number(drawn, build, layers):
    words, _ = drawn(draw_network, build(), (3, 224, 224))
    assert [word for word in words if word.endswith(" ×")] == ["3 ×", "4 ×", "6 ×", "3 ×"]
    a_block = {34: ["3×3"] * 2, 50: ["1×1", "3×3", "1×1"]}[layers]
    names = [word for word in words if word in ("1×1", "3×3")]
    assert names == 4 * a_block
    assert 2 + sum(times * len(a_block) for times in (3, 4, 6, 3)) == layers


def test_paths_say_what_is_on_them(drawn):
    modules = {"naive": NaiveInception(192, 64, 128, 32), "reduced": Inception(192, 64, 96, 128, 16, 32, 32)}
    words, bars = drawn(draw_paths, {name: (module, (192, 28, 28)) for name, module in modules.items()})
    assert words == [
        *("naive", "1×1: 64", "3×3: 128", "5×5: 32", "max 3×3: 192", "192 maps", "stacked: 416 maps"),
        *("reduced", "1×1: 64", "1×1: 96", "3×3: 128", "1×1: 16", "5×5: 32", "max 3×3: 192", "1×1: 32"),
        *("192 maps", "stacked: 256 maps"),
    ]
    assert sum(color == BLUE for *_, color in bars) == 5
    assert drawn(draw_paths, {"mine": (nn.Conv2d(3, 5, 3), (3, 6, 6))})[0] == ["mine", "3×3: 5", "3 maps", "5 maps"]


@pytest.mark.parametrize(
    ("option", "way"), [("A", ["stride 2", "+64 zeros"]), ("B", ["1×1: 128"]), ("C", ["1×1: 128"])]
)
def test_shortcuts_are_paths(drawn, option, way):
    block = BasicBlock(64, 128, stride=2, shortcut=option)
    words, _ = drawn(draw_paths, {option: (block, (64, 56, 56))})
    assert words == [option, "3×3: 128", "3×3: 128", *way, "64 maps", "added: 128 maps"]
    words, _ = drawn(draw_paths, {"same": (Bottleneck(256, 64), (256, 56, 56))})
    assert words == ["same", "1×1: 64", "3×3: 64", "1×1: 256", "256 maps", "added: 256 maps"]


def test_flattening_is_shown_where_it_changes_something(drawn):
    head = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(16, 10))
    assert drawn(draw_network, head, (1, 4, 4))[0][4:] == ["flattened", "16", "fully connected", "10"]
    ready = nn.Sequential(nn.Conv2d(1, 16, 4), nn.Flatten(), nn.Linear(16, 10))
    assert drawn(draw_network, ready, (1, 4, 4))[0][4:] == ["fully connected", "10"]


def test_the_model_is_left_as_it_was(drawn):
    model = resnet34().double()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    drawn(draw_network, model, (3, 64, 64))
    drawn(draw_paths, {"block": (model.layer1[0], (64, 16, 16))})
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert not model.conv1._forward_hooks


def test_what_cannot_be_drawn_is_named():
    conv = nn.Conv2d(3, 5, 3)
    for call, error, message in (
        (lambda: draw_network("x", (3, 6, 6)), TypeError, "model: expected a torch.nn.Module, got 'x'"),
        (lambda: draw_network(conv, (3, 6)), ValueError, r"input_shape: expected \(C, H, W\), got \(3, 6\)"),
        (lambda: draw_network(conv, (4, 6, 6)), ValueError, "input_shape: expected a shape that the model can take"),
        (lambda: draw_paths({}), ValueError, "blocks: expected at least one, got none"),
        (lambda: draw_paths({"a": ("x", (3, 6, 6))}), TypeError, "blocks: expected a torch.nn.Module, got 'x'"),
        (lambda: draw_paths({"a": (conv, (4, 6, 6))}), ValueError, "input_shape: expected a shape that the block can"),
        (lambda: draw_paths({"a": (conv, (3, 6, 6))}, 0), ValueError, "columns: expected at least 1, got 0"),
    ):
        with pytest.raises(error, match=message):
            call()


def test_a_depthwise_convolution_is_told_from_others(drawn):
    words, bars = drawn(draw_paths, {"separable": (DepthwiseSeparable(8, 16), (8, 6, 6))})
    assert words == ["separable", "depthwise 3×3: 8", "1×1: 16", "8 maps", "16 maps"]
    assert [bar[2] for bar in bars[:2]] == [ORANGE, BLUE]
    words, bars = drawn(draw_paths, {"inverted": (InvertedResidual(8, 8), (8, 6, 6))})
    assert words == ["inverted", "1×1: 48", "depthwise 3×3: 48", "1×1: 8", "8 maps", "added: 8 maps"]
    for layer in (nn.Conv2d(1, 8, 3), nn.Conv2d(8, 8, 3, groups=4)):
        words, bars = drawn(draw_paths, {"other": (layer, (layer.in_channels, 6, 6))})
        assert words[1] == "3×3: 8"
        assert bars[0][2] == PAPER.upper()
