"""What the networks of He et al. (arXiv 1512.03385) cost on a photograph of 224×224, and what VGG costs."""

from typing import Any

import torch

from lib import resnet
from lib._totals import totals
from lib.cost import LayerTable, conv2d_cost, layer_table, linear_cost

__all__ = ["by_part", "resnet_table", "vgg_macs"]

PHOTOGRAPH = (3, 224, 224)
LAYERS = (18, 34, 50, 101, 152)
PARTS = {
    "downsample.0": "1×1s on shortcuts",
    "1×1": "1×1s in blocks",
    "3×3": "3×3s",
    "7×7": "the first 7×7",
    "fc": "fully connected",
}
#: 3×3s at each of five sizes, by the number of layers with weights: Simonyan and Zisserman, arXiv 1409.1556, Table 1.
VGG = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}


def resnet_table(layers: int, **options: Any) -> LayerTable:
    """Every layer of a ResNet on one photograph; nothing is computed, and no weight takes memory.

    Args:
        layers: 18, 34, 50, 101 or 152.
        options: those of :class:`lib.resnet.ResNet`.

    Raises:
        TypeError, ValueError: there is no such network, or an option is none of its own.

    >>> resnet_table(50, shortcut="A").parameters
    22780456
    """
    build = getattr(resnet, f"resnet{_chosen(layers, LAYERS)}")
    with torch.device("meta"):
        network = build(**options)
    return layer_table(network, PHOTOGRAPH)


def by_part(table: LayerTable) -> dict[str, tuple[float, float]]:
    """What share of a ResNet's parameters and of its multiply–accumulates each kind of layer has, in percent, by name.

    Args:
        table: as :func:`resnet_table` gives it.

    Raises:
        TypeError: it is no such table.
        ValueError: the layers in it have no parameters, or do no work.

    >>> parameters, macs = by_part(resnet_table(34))["1×1s on shortcuts"]
    >>> print(f"{parameters:.2f} {macs:.2f}")
    0.79 0.53
    """
    if not isinstance(table, LayerTable):
        raise TypeError(f"table: expected a LayerTable, got {table!r:.80}")
    if not (table.parameters and table.macs):
        raise ValueError(f"table: expected layers with parameters that do some work, got {table!r:.80}")
    parts = totals(
        (next((PARTS[word] for word in PARTS if word in name), "the rest"), cost) for name, cost in table.layers
    )
    return {part: (100 * p / table.parameters, 100 * m / table.macs) for part, (p, m) in sorted(parts.items())}


def vgg_macs(layers: int) -> tuple[int, int]:
    """Multiply–accumulates of a VGG in its convolutions, and in all its layers.

    Args:
        layers: 11, 13, 16 or 19.

    Raises:
        TypeError, ValueError: there is no such network.

    >>> vgg_macs(16)
    (15346630656, 15470264320)
    """
    (c, side, _), macs = PHOTOGRAPH, 0
    for width, repeat in zip((64, 128, 256, 512, 512), VGG[_chosen(layers, tuple(VGG))], strict=True):
        for _ in range(repeat):
            macs += conv2d_cost((c, side, side), width, 3, padding=1).macs
            c = width
        side //= 2
    connected = [(c * side * side, 4096), (4096, 4096), (4096, 1000)]
    return macs, macs + sum(linear_cost(*pair).macs for pair in connected)


def _chosen(layers: object, known: tuple[int, ...]) -> int:
    if isinstance(layers, bool) or not isinstance(layers, int) or layers not in known:
        raise ValueError(f"layers: expected one of {known}, got {layers!r}")
    return layers
