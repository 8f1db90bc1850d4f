"""The Vision Transformer: patches as columns of numbers, mixed among each other by attention, within by 1×1s.

Dosovitskiy et al., *An Image is Worth 16x16 Words*, arXiv 2010.11929. Images ``(N, C, H, W)``, tokens
``(N, tokens, width)``: the columns of an image, one behind the other.
"""

from collections import OrderedDict

import torch
from torch import nn

from lib import _arguments as arguments
from lib._layers import Layers, Residual

__all__ = ["Attention", "EncoderLayer", "VisionTransformer"]


class Attention(nn.Module):
    """What attention computes from queries, keys and values that are there already; it has no weights of its own.

    Input ``(N, tokens, 3 · width)``, queries, keys and values one behind the other; output ``(N, tokens, width)``.

    Args:
        heads: parts that the width is split into, each with an attention of its own.

    Raises:
        TypeError, ValueError: the number of heads is no positive integer.

    >>> Attention(2)(torch.ones(1, 5, 24)).shape
    torch.Size([1, 5, 8])
    """

    def __init__(self, heads: int):
        super().__init__()
        self.heads = arguments.integer("heads", heads, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        # (N, tokens, 3 · width) to three times (N, heads, tokens, width / heads)
        queries, keys, values = x.unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        weights = (queries @ keys.transpose(-2, -1) / queries.shape[-1] ** 0.5).softmax(-1)
        return (weights @ values).transpose(1, 2).flatten(2)


class EncoderLayer(Layers):
    """Attention, then two linear layers on each token, each behind a normalisation and with a shortcut (figure 1).

    Input and output ``(N, tokens, width)``.

    Args:
        width: numbers in a token.
        heads: parts that the width is split into; they must be equal.
        hidden: numbers between the two linear layers.

    Raises:
        TypeError, ValueError: a number is no positive integer, or the width cannot be split into so many heads.

    >>> EncoderLayer(8, heads=2, hidden=32)(torch.ones(1, 5, 8)).shape
    torch.Size([1, 5, 8])
    """

    def __init__(self, width: int, heads: int, hidden: int):
        width, heads, hidden = arguments.positives(width=width, heads=heads, hidden=hidden)
        if width % heads:
            raise ValueError(f"heads: expected a divisor of the width, {width}, got {heads}")
        mix: OrderedDict[str, nn.Module] = OrderedDict(
            norm=nn.LayerNorm(width, eps=1e-6),
            queries_keys_values=nn.Linear(width, 3 * width),
            attention=Attention(heads),
            out=nn.Linear(width, width),
        )
        think: OrderedDict[str, nn.Module] = OrderedDict(
            norm=nn.LayerNorm(width, eps=1e-6),
            widen=nn.Linear(width, hidden),
            gelu=nn.GELU(),
            narrow=nn.Linear(hidden, width),
        )
        super().__init__(OrderedDict(attend=Residual(Layers(mix)), feed_forward=Residual(Layers(think))))


class VisionTransformer(nn.Module):
    """ViT-B/16 (Table 1) by default: 86,567,656 parameters, as torchvision's ``vit_b_16``.

    Input ``(N, 3, side, side)``, output ``(N, num_classes)``.

    Args:
        side: of the image, in pixels; a multiple of ``patch``.
        patch: side of a patch, in pixels.
        width: numbers in a token.
        depth: encoder layers.
        heads: parts that the width is split into; they must be equal.
        num_classes: scores to give.

    Raises:
        TypeError, ValueError: a number is no positive integer, or one is no multiple of the other.

    >>> VisionTransformer(side=32, width=24, depth=1, heads=2, num_classes=5)(torch.ones(1, 3, 32, 32)).shape
    torch.Size([1, 5])
    """

    def __init__(
        self,
        side: int = 224,
        patch: int = 16,
        width: int = 768,
        depth: int = 12,
        heads: int = 12,
        num_classes: int = 1000,
    ):
        side, patch, width, depth, heads, num_classes = arguments.positives(
            side=side, patch=patch, width=width, depth=depth, heads=heads, num_classes=num_classes
        )
        if side % patch:
            raise ValueError(f"patch: expected a divisor of the side, {side}, got {patch}")
        if width % heads:
            raise ValueError(f"heads: expected a divisor of the width, {width}, got {heads}")
        super().__init__()
        self.patches = nn.Conv2d(3, width, patch, stride=patch)
        self.class_token = nn.Parameter(torch.zeros(1, 1, width))
        self.positions = nn.Parameter(torch.zeros(1, 1 + (side // patch) ** 2, width))
        nn.init.normal_(self.positions, std=0.02)
        self.encoder = Layers(*(EncoderLayer(width, heads, 4 * width) for _ in range(depth)))
        self.norm, self.scores = nn.LayerNorm(width, eps=1e-6), nn.Linear(width, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        tokens = self.patches(x).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.class_token.expand(len(x), -1, -1), tokens], 1)
        return self.scores(self.norm(self.encoder(tokens + self.positions))[:, 0])
