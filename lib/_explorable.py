"""What all explorables share: the element that a page or a notebook shows, and the still picture inside it.

The script and the style sheet are the book's ``_static/explorables.js`` and ``.css``. A notebook has no page to fetch
them from, so every output carries both; the built pages drop them and share one file (``tools/explorables.py``). In a
chapter that was downloaded alone, they lie beside this module.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from lib.figures import BLUE, GREEN, INK, ORANGE, PAPER

HERE = Path(__file__).parent
ASSETS = ("explorables.css", "explorables.js")
TINTS = {BLUE: "#d8ebf8", GREEN: "#d5f0e6", ORANGE: "#fde3d2", PAPER: PAPER}
CELL, GAP = 28, 12  # of a still picture, in its pixels


@dataclass(frozen=True)
class Explorable:
    """A picture with numbers that a reader can change.

    Args:
        kind: the function of the script that makes it move.
        label: what it is called aloud.
        data: its numbers.
        still: what paper and a browser without scripts show, as SVG or HTML.
        text: what a terminal shows.
    """

    kind: str
    label: str
    data: dict[str, Any]
    still: str
    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        numbers = json.dumps(self.data, ensure_ascii=False, separators=(",", ":")).replace("<", r"\u003c")
        return (
            f'<style class="explorable-code">{asset(ASSETS[0])}</style>\n'
            f'<one-explorable kind="{self.kind}" name="explore-{self.kind}" label="{escape(self.label)}">\n'
            f'<script type="application/json">{numbers}</script>\n'
            f'<div class="still">{self.still}</div>\n'
            f"</one-explorable>\n"
            f'<script class="explorable-code">{asset(ASSETS[1])}</script>'
        )


@cache
def asset(name: str) -> str:
    """The script or the style sheet."""
    beside = HERE / name
    return (beside if beside.exists() else HERE.parent / "_static" / name).read_text(encoding="utf-8")


def written(number: object) -> str:
    """A number with a minus as wide as a plus."""
    return f"{number}".replace("-", "−")


def drawing(width: float, height: float, alt: str, *parts: str) -> str:
    """An SVG of ``parts``, on paper of its own."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-label="{escape(alt)}" font-family="sans-serif" font-size="14" '
        f'fill="{INK}"><rect width="{width:g}" height="{height:g}" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )


def words(x: float, y: float, text: str, anchor: str = "start", size: float = 14) -> str:
    """A line of text in an SVG."""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size:g}">{escape(text)}</text>'


def grid(
    x: float,
    y: float,
    numbers: np.ndarray,
    marked: np.ndarray | None = None,
    color: str = BLUE,
) -> str:
    """Numbers in cells, in an SVG. Those that ``marked`` names have a thick frame and a tint; None is a dot."""
    drawn: list[str] = []
    thick: list[str] = []
    for (row, column), number in np.ndenumerate(np.asarray(numbers, dtype=object)):
        special = marked is not None and bool(np.broadcast_to(marked, np.shape(numbers))[row, column])
        left, top = x + column * CELL, y + row * CELL
        look = (
            f'fill="{TINTS[color]}" stroke="{color}" stroke-width="2"'
            if special
            else f'fill="{PAPER}" stroke="#c3cad2"'
        )
        bold = ' font-weight="bold"' if special else ""
        (thick if special else drawn).append(
            f'<rect x="{left:g}" y="{top:g}" width="{CELL}" height="{CELL}" {look}/>'
            f'<text x="{left + CELL / 2:g}" y="{top + 19:g}" text-anchor="middle"{bold}>'
            f"{'·' if number is None else written(number)}</text>"
        )
    return "".join(drawn + thick)  # frames lie over their neighbours


def in_one_sum(numbers: Sequence[float]) -> str:
    """3 + 0 − 8: a negative number is taken off.

    >>> in_one_sum([3, 0, -8])
    '3 + 0 − 8'
    """
    text = "".join(f" {'-' if number < 0 else '+'} {abs(number)}" for number in numbers)
    return written(re.sub(r"^ (\+ |(-) )", r"\2", text))
