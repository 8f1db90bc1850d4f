"""What layers of each kind cost together."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lib.cost import Cost


def totals(layers: "Iterable[tuple[str, Cost]]") -> dict[str, tuple[int, int]]:
    """Parameters and MACs of each kind that has any, from the kind of each layer and its cost."""
    kinds: dict[str, tuple[int, int]] = {}
    for kind, cost in layers:
        parameters, macs = kinds.get(kind, (0, 0))
        kinds[kind] = (parameters + cost.parameters, macs + cost.macs)
    return {kind: total for kind, total in kinds.items() if any(total)}
