"""The roofline: how fast a machine can run a layer at best, from shapes alone (Williams, Waterman and Patterson, 2009).

A layer's arithmetic intensity is its MACs for each byte that it moves. A machine that multiplies faster than it is fed
waits for its memory, unless the intensity is above its own. Caches, and the cost of starting a layer, are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np

from lib import _arguments as arguments
from lib.cost import Cost
from lib.figures import INK

__all__ = ["A100", "Machine", "show_roofline"]


@dataclass(frozen=True)
class Machine:
    """A processor, by its maker's figures.

    Args:
        macs_a_second: multiply–accumulates a second, at most.
        bytes_a_second: bytes a second from its memory and to it, at most.

    Raises:
        TypeError, ValueError: one is no finite number above 0.
    """

    macs_a_second: float
    bytes_a_second: float

    def __post_init__(self) -> None:
        arguments.positive("macs_a_second", self.macs_a_second)
        arguments.positive("bytes_a_second", self.bytes_a_second)

    def bend(self) -> float:
        """The intensity, in MACs a byte, below which the machine waits for its memory."""
        return self.macs_a_second / self.bytes_a_second

    def seconds(self, *layers: Cost) -> float:
        """The least time for ``layers`` (their costs), one after the other.

        >>> from lib.cost import linear_cost
        >>> Machine(100, 10).seconds(linear_cost(2, 3, bias=False))  # 6 MACs, but 44 bytes
        4.4
        """
        return sum(max(c.macs / self.macs_a_second, c.bytes_moved() / self.bytes_a_second) for c in layers)


#: NVIDIA's A100 with 40 GB: 156 TFLOPS in TF32 on dense matrices, a MAC being two of them, and 1,555 GB a second.
A100 = Machine(78e12, 1.555e12)


def show_roofline(machine: Machine, layers: Mapping[str, Cost]) -> None:
    """Show what share of a machine's peak some layers can use at most.

    Args:
        machine: whose roof it is.
        layers: up to three layers' costs, by name.

    Raises:
        TypeError: the machine is none, or a layer's cost is none.
        ValueError: there is no layer, or there are more than three.
    """
    if not isinstance(machine, Machine):
        raise TypeError(f"machine: expected a Machine, got {machine!r}")
    if not isinstance(layers, Mapping) or not all(isinstance(cost, Cost) for cost in layers.values()):
        raise TypeError(f"layers: expected costs by name, got {layers!r:.80}")
    if not 1 <= len(layers) <= 3:
        raise ValueError(f"layers: expected 1 to 3, got {len(layers)}")
    bend, least = machine.bend(), min(1.0, *(cost.intensity() for cost in layers.values()))
    most = max(6 * bend, *(cost.intensity() for cost in layers.values()))

    def share(intensity: float) -> float:
        return round(100 * min(1, intensity / bend), 9)

    _, ax = plt.subplots()
    ends = (least, bend, most)
    ax.loglog(ends, [share(x) for x in ends], color=INK)
    for (name, cost), marker in zip(layers.items(), "osD", strict=False):
        x = cost.intensity()
        ax.plot(np.round(x, 9), share(x), marker, markersize=9, label=f"{name}: {x:.1f}")
    ax.set(xlabel="MACs for each byte moved", ylabel="share of the peak (%)")
    ax.set_xticks([1, 10, 100], ["1", "10", "100"])
    ax.set_yticks([2, 10, 100], ["2", "10", "100"])
    ax.legend(title="layer: MACs a byte", loc="lower right")
    plt.show()
