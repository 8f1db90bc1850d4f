"""Table 1 of Szegedy et al., *Going Deeper with Convolutions*, arXiv 1409.4842: as printed, as counted, and audited.

K is 1,024 weights, without biases. M is a million operations, which are multiply–accumulates.
"""

import torch

from lib import _arguments as arguments
from lib.cost import layer_table
from lib.inception import GoogLeNet
from lib.tables import Table

__all__ = ["TABLE_1", "agrees", "audit", "count_rows"]

#: What is printed of each row: parameters in K, operations in M. ``"3×3"`` is the stem's 1×1 and its 3×3.
TABLE_1: dict[str, tuple[float, int]] = {
    "7×7": (2.7, 34),
    "3×3": (112, 360),
    "3a": (159, 128),
    "3b": (380, 304),
    "4a": (364, 73),
    "4b": (437, 88),
    "4c": (463, 100),
    "4d": (580, 119),
    "4e": (840, 170),
    "5a": (1072, 54),
    "5b": (1388, 71),
    "linear": (1000, 1),
}
STEM = {"7×7": ("conv1.",), "3×3": ("conv2.", "conv3."), "linear": ("fc ",)}
STEM_SIDES = {"7×7": 112, "3×3": 56}  # of a row's output, in pixels; each of its weights is used once at every one
SIDES = {"3": 28, "4": 14, "5": 7}  # the same of the modules, by the first letter of a row


def count_rows() -> dict[str, tuple[float, float]]:
    """The rows of the table as :class:`lib.inception.GoogLeNet` has them: weights in K, multiply–accumulates in M.

    >>> count_rows()["linear"]
    (1000.0, 1.024)
    """
    with torch.device("meta"):
        layers = [(name, cost) for name, cost in layer_table(GoogLeNet(), (3, 224, 224)).layers if cost.macs]
    rows = {}
    for row in TABLE_1:
        costs = [cost for name, cost in layers if name.startswith(STEM.get(row, (f"inception{row}.",)))]
        weights = sum(cost.parameters - cost.output_shape[0] for cost in costs)
        rows[row] = weights / 1024, sum(cost.macs for cost in costs) / 1e6
    return rows


def agrees(paper: float, counted: float) -> bool:
    """Whether a printed number is right to within 1 % or one unit of its last digit.

    Args:
        paper: as printed, an integer, or a float with one decimal.
        counted: what it should be.

    Raises:
        TypeError, ValueError: one of them is no finite number.

    >>> agrees(159, 159.5), agrees(463, 497.5), agrees(2.7, 2.85)
    (True, False, False)
    """
    last_digit = 0.1 if isinstance(paper, float) else 1
    paper, counted = arguments.finite("paper", paper), arguments.finite("counted", counted)
    return abs(paper - counted) <= max(0.01 * abs(counted), last_digit)


def audit() -> Table:
    """The printed rows beside the counted ones, each judged twice.

    Against our count: "agrees", or by how much a number is off that does not (:func:`agrees`). And against itself,
    whatever the layers are: whether the printed K fits the printed M, operations by pixels being weights; where not,
    the K that M would need, from a million less to a million more. Of the last row, where a million is all there is,
    that says nothing.

    >>> audit().rows[8][-2], audit().rows[8][-1][:2]
    ('agrees', 'no')
    """
    counted = count_rows()
    rows = [[row, *_cells(row, *TABLE_1[row], *counted[row])] for row in TABLE_1]
    k, m, our_k, our_m = (sum(pair[k] for pair in table.values()) for table in (TABLE_1, counted) for k in (0, 1))
    header = ["row", "K printed", "K counted", "M printed", "M counted", "against our count", "K fits M"]
    return Table(header, rows, ["all", f"{k:,.0f}", f"{our_k:,.0f}", f"{m:,.0f}", f"{our_m:,.0f}", "", ""])


def _cells(row: str, k: float, m: int, our_k: float, our_m: float) -> list:
    pairs = (("K", k, our_k), ("M", m, our_m))
    off = [
        f"{name}\u00a0{100 * (paper / ours - 1):+.1f}\u00a0%" for name, paper, ours in pairs if not agrees(paper, ours)
    ]
    fits = "–"
    if side := STEM_SIDES.get(row) or SIDES.get(row[0]):
        least, most = (edge * 1e6 / side**2 / 1024 for edge in (m - 1, m + 1))
        rounding = 0.05 if isinstance(k, float) else 0.5
        fitting = least - rounding < k < most + rounding
        fits = "yes" if fitting else f"no: {least:,.0f}\u00a0to\u00a0{most:,.0f}"  # the span on one line
    return [k, f"{our_k:,.1f}", m, f"{our_m:.1f}", (", ".join(off) or "agrees").replace("-", "−"), fits]
