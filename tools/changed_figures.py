"""A page of the figures that a run has changed, before and after, with what moved in words: ``_build/figures.html``.

A new Matplotlib draws every coordinate anew, and a difference of a megabyte can't be read. This page can be looked at.
"""

import difflib
import html
import json
import re
from base64 import b64encode
from pathlib import Path

from nbformat import NotebookNode

from tools.book import BUILD, code_cells, drawn

PAGE = BUILD / "figures.html"
FINGERPRINT = re.compile(r"<dc:description>(.*?)</dc:description>", re.DOTALL)
STYLE = (
    "body{font:16px sans-serif;max-width:60rem;margin:2rem auto}img{width:48%;border:1px solid #ccc}pre{overflow:auto}"
)


def figures(notebook: NotebookNode) -> dict[str, str]:
    """The SVG of each figure of a notebook, by name."""
    numbers = {cell.id: number for number, cell in enumerate(code_cells(notebook), 1)}
    return {
        cell.metadata.get("mystnb", {}).get("figure", {}).get("name", f"code cell {numbers[cell.id]}"): svg
        for cell, svg in drawn(notebook)
    }


def shown(svg: str) -> list[str]:
    """What a figure shows, a line for each part of it; empty if it has no fingerprint."""
    found = FINGERPRINT.search(svg)
    if not found:
        return []
    told = json.loads(html.unescape(found[1]))
    parts = [json.dumps(part, ensure_ascii=False) for ax in told["axes"] for part in (*_frame(ax), *ax["shows"])]
    return [f"size {told['size']}", *parts, *(json.dumps(part, ensure_ascii=False) for part in told["besides"])]


def _frame(ax: dict) -> list:
    return [{key: value} for key, value in ax.items() if key != "shows"]


def compare(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """For each figure that is not the same, a section of the page."""
    sections = []
    for name in {**before, **after}:
        old, new = before.get(name, ""), after.get(name, "")
        if old == new:
            continue
        moved = [line for line in difflib.ndiff(shown(old), shown(new)) if line[0] in "+-"]
        words = html.escape("\n".join(moved)) or "It shows the same; only how it is drawn has changed."
        pictures = "".join(
            f'<img alt="{when}" src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}">'
            for when, svg in (("before", old), ("after", new))
            if svg
        )
        sections.append(f"<h2>{html.escape(name)}</h2>{pictures}<pre>{words}</pre>")
    return sections


def write_page(sections: list[str], page: Path = PAGE) -> None:
    """The page of all sections."""
    page.parent.mkdir(exist_ok=True)
    head = f"<!doctype html><meta charset=utf-8><title>Changed figures</title><style>{STYLE}</style>"
    page.write_text(f"{head}<h1>Figures, before and after</h1>{''.join(sections)}", encoding="utf-8")
