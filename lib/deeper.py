"""A deeper network that is no worse, by construction: He et al., *Deep Residual Learning*, arXiv 1512.03385, section 1.

Blocks that hand on what they get are put into a trained plain network. It then has more layers, and the same scores.
"""

import torch
from numpy.typing import ArrayLike
from torch import nn

from lib import _arguments as arguments
from lib.resnet import BasicBlock

__all__ = ["deepened"]


@torch.no_grad()
def deepened(network: nn.Sequential, images: ArrayLike, blocks: int) -> nn.Sequential:
    """A plain network with more blocks behind its last block of each width, which change nothing of these images' maps.

    Their 3×3s have a 1 in the middle, for their own map, and 0 elsewhere. Their normalisations, in evaluation mode,
    divide by the spread of each map and take off its mean, and multiply and add the same again.

    Args:
        network: as :func:`lib.resnet.digit_network` gives it with ``shortcut=None``; its layers stay its own.
        images: that give the means and the spreads, ``(N, C, H, W)``.
        blocks: to put behind those of each width.

    Raises:
        TypeError, ValueError: the network is not of that kind, or cannot take the images; blocks is none such number.

    >>> from lib.resnet import digit_network
    >>> shallow, images = digit_network(6, shortcut=None).double().eval(), torch.rand(5, 1, 8, 8).double()
    >>> deep = deepened(shallow, images.numpy(), blocks=3)
    >>> len(deep) - len(shallow), torch.allclose(deep(images), shallow(images))
    (6, True)
    """
    blocks = arguments.integer("blocks", blocks, 1)
    if not isinstance(network, nn.Sequential):
        raise TypeError(f"network: expected a torch.nn.Sequential, got {network!r:.80}")
    layers = list(network.eval())
    blocks_of = [layer if isinstance(layer, BasicBlock) else None for layer in layers]
    if not any(blocks_of) or any(block and block.downsample is not None for block in blocks_of):
        raise ValueError(f"network: expected plain basic blocks among its layers, got {network!r:.80}")
    array = arguments.array("images", images, (4,), "(N, C, H, W)", "real numbers")
    maps, deep = torch.from_numpy(array).to(next(network.parameters())), []
    for layer, block, following in zip(layers, blocks_of, [*blocks_of[1:], None], strict=True):
        try:
            maps = layer(maps)
        except RuntimeError as error:
            raise ValueError(f"images: expected a shape that it can take, got {array.shape}: {error}") from None
        deep.append(layer)
        if block and (not following or following.conv1.out_channels != maps.shape[1]):
            deep += [_handing_on(maps) for _ in range(blocks)]
    return nn.Sequential(*deep).eval()


def _handing_on(maps: torch.Tensor) -> BasicBlock:
    block = BasicBlock(maps.shape[1], maps.shape[1], shortcut=None).to(maps)
    for conv, norm in ((block.conv1, block.bn1), (block.conv2, block.bn2)):
        nn.init.dirac_(conv.weight)
        norm.running_mean = maps.mean((0, 2, 3))
        norm.running_var = maps.var((0, 2, 3), correction=0)
        norm.weight.copy_((norm.running_var + norm.eps).sqrt())
        norm.bias.copy_(norm.running_mean)
    return block.eval()
