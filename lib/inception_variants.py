"""GoogLeNet's modules in other company: the nine alone, with either kind of 1×1s or without, and two in miniature."""

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import nn

from lib import _arguments as arguments
from lib.inception import MODULES, Inception, NaiveInception

__all__ = ["miniature", "nine_modules"]

NARROWEST = 31  # which leaves one of the 16 maps of the narrowest layer


def nine_modules(reduce: bool, project: bool) -> nn.Sequential:
    """The modules of GoogLeNet one after the other, with the poolings between them, without stem and classifier.

    On PyTorch's "meta" device, for what only counts. Modules are named as in :data:`lib.inception.MODULES`. Input
    ``(N, 192, H, W)``, 28×28 pixels in GoogLeNet.

    Args:
        reduce: whether 1×1s stand in front of the 3×3s and 5×5s.
        project: whether 1×1s stand behind the poolings; without them the maps that come in are handed on.

    Raises:
        TypeError: one of them is neither True nor False.

    >>> nine_modules(True, True)[-1].out_channels, nine_modules(False, False)[-1].out_channels
    (1024, 4944)
    """
    reduce, project = arguments.boolean("reduce", reduce), arguments.boolean("project", project)
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    c = 192
    with torch.device("meta"):
        for name, widths in MODULES.items():
            if name in ("4a", "5a"):
                layers[f"before {name}"] = nn.MaxPool2d(3, stride=2, ceil_mode=True)
            layers[name] = module = _module(c, widths, reduce, project)
            c = module.out_channels
    return nn.Sequential(layers)


def miniature(kind: type[Inception] | type[NaiveInception], divisor: int, project: bool = True) -> nn.Sequential:
    """The beginning of GoogLeNet at a fraction of its width, with batch normalisation, as a classifier of digits.

    A 3×3, module 3a, a max pooling, module 3b, the mean of each map, a linear layer. Input ``(N, 1, 8, 8)``, output
    ``(N, 10)``.

    Args:
        kind: of its modules.
        divisor: of all widths, which are rounded.
        project: whether 1×1s stand behind the poolings, as :class:`~lib.inception.Inception` has them; without them it
            hands on all the maps that come in, as :class:`~lib.inception.NaiveInception` does.

    Raises:
        TypeError: the divisor is no integer, or ``project`` neither True nor False.
        ValueError: the kind is another, or the divisor not from 1 to 31, so that each layer keeps a map.

    >>> sum(parameter.numel() for parameter in miniature(Inception, 16).parameters())
    2722
    """
    if kind is not Inception and kind is not NaiveInception:
        raise ValueError(f"kind: expected Inception or NaiveInception, got {kind!r}")
    if arguments.integer("divisor", divisor, 1) > NARROWEST:
        raise ValueError(f"divisor: expected at most {NARROWEST}, got {divisor}")
    project = arguments.boolean("project", project)
    c = round(192 / divisor)
    layers: OrderedDict[str, nn.Module] = OrderedDict(conv=nn.Conv2d(1, c, 3, padding=1, bias=False))
    layers |= OrderedDict(bn=nn.BatchNorm2d(c), relu=nn.ReLU())
    for name in ("3a", "3b"):
        widths = [round(width / divisor) for width in MODULES[name]]
        module = _module(c, widths, kind is Inception, kind is Inception and project, batch_norm=True)
        layers[f"module{name}"] = module
        layers[f"pool{name}"] = nn.MaxPool2d(2)
        c = module.out_channels
    layers["pool3b"] = nn.AdaptiveAvgPool2d(1)
    return nn.Sequential(layers | OrderedDict(flatten=nn.Flatten(), fc=nn.Linear(c, 10)))


def _module(
    c: int, widths: Sequence[int], reduce: bool, project: bool, batch_norm: bool = False
) -> Inception | NaiveInception:
    """A module with the 1×1s in front of its larger kernels, or the one behind its pooling, or both, or neither."""
    c1, r3, f3, r5, f5, pool = widths
    if not (reduce or project):
        return NaiveInception(c, c1, f3, f5, batch_norm)
    module = Inception(c, c1, r3, f3, r5, f5, pool, batch_norm)
    if reduce and project:
        return module
    naive = NaiveInception(c, c1, f3, f5, batch_norm)
    if not reduce:
        module.branch2, module.branch3 = naive.branch2, naive.branch3
    if not project:
        module.branch4, module.out_channels = naive.branch4, naive.out_channels
    return module
