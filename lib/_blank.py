"""An empty drawing, for what has no axes."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from lib.figures import WIDTH


def blank(width: float, height: float) -> Axes:
    """Axes without frame or ticks that fill a figure of the book's width, ``width`` by ``height`` units of its own."""
    _, ax = plt.subplots(figsize=(WIDTH, WIDTH * height / width), layout="none")
    ax.set_position((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.axis("off")
    return ax
