"""A small table that a notebook shows as HTML and everything else as plain text."""

from collections.abc import Sequence
from html import escape
from numbers import Integral

from lib import _arguments as arguments

__all__ = ["Table"]


class Table:
    """Rows under a header. The first column names the row and stands left; the others stand right.

    Integers get thousands separators, shapes (tuples) get ×, everything else is printed as it is.

    Args:
        header: the columns' names.
        rows: a cell for each column.
        total: a last row, set off from the others; None for none.

    Raises:
        TypeError: something is no sequence.
        ValueError: there is no header, or a row has more or fewer cells.

    >>> Table(["layer", "output", "weights"], [["conv", (64, 9, 9), 1728]], total=["total", "", 1728])
    layer  output  weights
    ----------------------
    conv   64×9×9    1,728
    ----------------------
    total            1,728
    """

    def __init__(self, header: Sequence[str], rows: Sequence[Sequence], total: Sequence | None = None):
        self.header = [str(name) for name in arguments.sequence("header", header, "names")]
        if not self.header:
            raise ValueError("header: expected at least one name, got none")
        self.rows = [self._cells("rows", row) for row in arguments.sequence("rows", rows, "rows")]
        self.total = None if total is None else self._cells("total", total)

    def _cells(self, name: str, row: Sequence) -> list[str]:
        cells = [_text(cell) for cell in arguments.sequence(name, row, "cells")]
        if len(cells) != len(self.header):
            raise ValueError(f"{name}: expected {len(self.header)} cells, one for each of {self.header}, got {cells}")
        return cells

    def __repr__(self) -> str:
        lines = [self.header, *self.rows] + ([] if self.total is None else [self.total])
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        texts = [
            "  ".join([line[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True)])
            for line in lines
        ]
        rule = "-" * len(texts[0])
        texts.insert(1, rule)
        if self.total is not None:
            texts.insert(-1, rule)
        return "\n".join(text.rstrip() for text in texts)

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.header)
        body = "\n".join(_row(row) for row in self.rows)
        foot = "" if self.total is None else f"\n<tfoot>\n{_row(self.total)}\n</tfoot>"
        return (
            f'<table class="table numbers">\n<thead>\n<tr>{head}</tr>\n</thead>\n'
            f"<tbody>\n{body}\n</tbody>{foot}\n</table>"
        )


def _row(cells: list[str]) -> str:
    # A number and its error stay on one line.
    name, *others = (escape(cell).replace(" ± ", "&nbsp;±&nbsp;") for cell in cells)
    return f'<tr><th scope="row">{name}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>'


def _text(cell: object) -> str:
    if isinstance(cell, Integral) and not isinstance(cell, bool):
        return f"{cell:,}"
    return "×".join(map(str, cell)) if isinstance(cell, tuple) else str(cell)
