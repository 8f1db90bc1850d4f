"""The numbered chapters as cards: ``{cards}`` shows each one's picture, title, question and minutes, from the chapter.

The picture is the chapter's first figure, or one that the directive names: ``resnet: fig-flops`` on a line of its own.
"""

from pathlib import Path

from docutils.nodes import Node
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tools.book import drawn, lessons, minutes, numbers, question, read, title

PICTURES = "_build/cards"  # under the sources, where Sphinx looks for pictures


class Cards(SphinxDirective):
    """A grid of cards, each of which leads to its chapter."""

    has_content = True

    def run(self) -> list[Node]:
        """Write Markdown, and let the page's own parser read it."""
        named = dict(line.replace(" ", "").split(":") for line in self.content if line.strip())
        if unknown := named.keys() - numbers().keys():
            raise self.error(f"cards: expected names of numbered chapters, got {', '.join(sorted(unknown))}")
        cards = [card(path, named.get(path.stem), Path(self.env.srcdir)) for path in lessons()]
        for path in lessons():
            self.env.note_dependency(str(path))
        return self.parse_text_to_nodes("\n".join([":::::{grid} 1 2 2 2", ":gutter: 3", "", *cards, ":::::"]))


def card(path: Path, figure: str | None, sources: Path) -> str:
    """The card of the chapter at ``path``, and its picture in a file."""
    notebook = read(path)
    picture, _ = drawing(notebook, figure)
    file = sources / PICTURES / f"{path.stem}.svg"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(picture, encoding="utf-8")
    reading, exercises = minutes(notebook) or ("?", "?")
    link = f"[{numbers()[path.stem]}. {title(notebook)}](/chapters/{path.stem}){{.sd-stretched-link}}"
    lines = [
        f"::::{{grid-item-card}} {link}",
        f":img-top: /{PICTURES}/{path.stem}.svg",
        ":class-card: lesson sd-card-hover",
        "",
        question(notebook) or "",
        ":::{card-footer}",
        f"{reading} minutes, exercises {exercises}",
        ":::",
        "::::",
    ]
    return "\n".join(lines)


def drawing(notebook: NotebookNode, name: str | None) -> tuple[str, str]:
    """The SVG and the alt text of the figure called ``name``, or of the first one.

    Raises:
        ValueError: there is no such figure.
    """
    for cell, svg in drawn(notebook):
        mystnb = cell.metadata.get("mystnb", {})
        if name in (None, mystnb.get("figure", {}).get("name")):
            return svg, mystnb.get("image", {}).get("alt", "")
    raise ValueError(f"cards: expected a figure {name!r} in the chapter {title(notebook)!r}, found none")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("cards", Cards)
    return {"parallel_read_safe": True}
