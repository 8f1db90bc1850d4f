"""lib.resnet_drawings: what is drawn is what the networks have."""

import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch, Rectangle
from torch import nn

from lib import figures, resnet, resnet_drawings


def test_stages_show_every_layer_and_every_shortcut(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: None)
    for depths, block, options in (
        ((1, 2, 1, 1), resnet.BasicBlock, {}),
        ((2, 1, 1, 2), resnet.Bottleneck, {}),
        ((1, 1, 1, 1), resnet.Bottleneck, {"shortcut": "A"}),
        ((1, 1, 1, 1), resnet.BasicBlock, {"shortcut": "C"}),
    ):
        network = resnet.ResNet(block, depths, 10, **options)
        resnet_drawings.draw_stages({"name": network}, (3, 64, 96))
        kernels = [m.kernel_size for n, m in network.named_modules() if isinstance(m, nn.Conv2d) and "down" not in n]
        projections = sum("downsample.0" in name for name, m in network.named_modules())
        bars = [to_hex(patch.get_facecolor()) for patch in plt.gca().patches if isinstance(patch, Rectangle)]
        arcs = [to_hex(patch.get_edgecolor()) for patch in plt.gca().patches if isinstance(patch, PathPatch)]
        blue = figures.BLUE.lower()
        assert [bar == blue for bar in bars] == [kernel == (1, 1) for kernel in kernels] + [False]
        assert (len(arcs), arcs.count(blue)) == (sum(depths), projections)
        words = [text.get_text() for text in plt.gca().texts]
        assert words[0] == "name"
        sides = ("16×24", "8×12", "4×6", "2×3")
        plt.close()
        assert words[1:] == [f"{64 * 2**k * block.expansion} maps\n{side}" for k, side in enumerate(sides)]


@pytest.mark.parametrize(
    ("networks", "shape", "error", "message"),
    [
        ({}, (3, 64, 64), ValueError, "networks: expected at least one, got none"),
        ([resnet.resnet18], (3, 64, 64), TypeError, "networks: expected a ResNet by title"),
        ({"a": nn.ReLU()}, (3, 64, 64), TypeError, "networks: expected a ResNet by title"),
        ({"a": resnet.ResNet(resnet.BasicBlock, (1, 1, 1, 1))}, (1, 64, 64), ValueError, "input_shape: expected"),
        ({"a": resnet.ResNet(resnet.BasicBlock, (1, 1, 1, 1))}, (64, 64), ValueError, "input_shape: expected"),
    ],
)
def test_stages_of_what_is_no_residual_network_are_refused(networks, shape, error, message):
    with pytest.raises(error, match=message):
        resnet_drawings.draw_stages(networks, shape)
