"""Pictures that a reader can touch (``lib.explorables``), on the built pages.

A notebook's output carries the script and the style sheet, since it has nowhere to fetch them from. The pages share one
file of each, and only those that have an explorable ask for it. ``{explorable}`` shows one of a chapter on another
page: its arguments are the chapter and the name. Comments are for whoever reads the source; the pages go without.
"""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tools.book import ROOT, code_cells, read

ELEMENT = "<one-explorable "
CARRIED = re.compile(r'<(style|script) class="explorable-code">.*?</\1>\n?', re.DOTALL)
FILES = ("explorables.css", "explorables.js")


def bare(html: str) -> str:
    """An explorable without the script and the style sheet that it carries."""
    return CARRIED.sub("", html)


def explorables(notebook: NotebookNode) -> dict[str, tuple[NotebookNode, str]]:
    """Each explorable of a notebook by its name: its cell, and its HTML."""
    found = {}
    for cell in code_cells(notebook):
        for output in cell.outputs:
            html = output.get("data", {}).get("text/html", "")
            if ELEMENT in html:
                found[re.findall(r'<one-explorable [^>]*name="([^"]*)"', html)[0]] = (cell, html)
    return found


class FromChapter(SphinxDirective):
    """An explorable of a chapter, on another page."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Take its HTML from the chapter as it is stored."""
        chapter, name = self.arguments
        path = ROOT / "chapters" / f"{chapter}.ipynb"
        found = explorables(read(path)) if path.exists() else {}
        if name not in found:
            raise self.error(f"explorable: expected one of {chapter}, {sorted(found)}, got {name!r}")
        self.env.note_dependency(str(path))
        return [nodes.raw("", bare(found[name][1]), format="html")]


def strip(_app: Sphinx, doctree: nodes.document) -> None:
    """Drop what the outputs of a notebook carry."""
    for node in doctree.findall(nodes.raw):
        if ELEMENT in node.astext():
            node.children = [nodes.Text(bare(node.astext()))]


def ask_where_needed(_app: Sphinx, _name: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """A page without an explorable asks for neither file."""
    if ELEMENT not in context.get("body", ""):
        for kind in ("css_files", "script_files"):
            context[kind] = [file for file in context[kind] if not str(getattr(file, "filename", file)).endswith(FILES)]


def lean(script: str) -> str:
    """A script without its comments, and without the ends of lines that say nothing."""
    lines = [re.sub(r"(^|\s)// .*", "", line).strip() for line in script.splitlines()]
    return "".join(line if line.endswith(("{", "(", "[", ",", ";")) else f"{line}\n" for line in lines if line)


def lighten(app: Sphinx, error: Exception | None) -> None:
    """Let the pages' copy of the script go without its comments."""
    file = Path(app.outdir) / "_static" / FILES[1]
    if error is None and file.exists():
        file.write_text(lean(file.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("explorable", FromChapter)
    app.connect("doctree-read", strip)
    app.connect("html-page-context", ask_where_needed)
    app.connect("build-finished", lighten)
    return {"parallel_read_safe": True}
