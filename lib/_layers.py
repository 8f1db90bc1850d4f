"""What the networks of the book share."""

from typing import Any

from torch import nn


class Layers(nn.Sequential):
    """Layers in a row; a slice of them is a plain ``nn.Sequential``, since no subclass can be built from a slice."""

    def __getitem__(self, index: Any) -> Any:
        return nn.Sequential(*list(self)[index]) if isinstance(index, slice) else super().__getitem__(index)
