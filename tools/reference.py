"""The page of the code: each function of ``lib`` says where in the book it is, and chapters link to it.

The page is made of the docstrings. Of each chapter it names one section: the first that speaks of the function, or else
the first that uses it. The names in a chapter's imports, and the same names in its text, are links to the entries.
"""

import ast
import html
import pkgutil
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from docutils import nodes
from nbformat import NotebookNode
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import lib
from tools.book import chapters, code_cells, lessons, numbers, read, text, title

PAGE = "chapters/lib"
CODE = re.compile(r"(?<=<pre>).*?(?=</pre>)", re.DOTALL)
TAG_OR_TEXT = re.compile(r"<[^>]*>|[^<]+")
HEADING_OR_CODE = re.compile(r"^\(([\w-]+)\)=\n+#{2,3} (.+)$|`([\w.]+)(?:\(\))?`", re.MULTILINE)


def modules() -> list[str]:
    """The public modules of ``lib``: ``lib.convolution`` and so on, by name."""
    return [f"lib.{m.name}" for m in pkgutil.iter_modules(lib.__path__) if not m.name.startswith("_")]


def public() -> list[Any]:
    """Every public function, class and constant of ``lib``."""
    return [getattr(module, name) for module in map(import_module, modules()) for name in module.__all__]


def imported(notebook: NotebookNode) -> dict[str, str]:
    """What a chapter takes from ``lib``: each name as the chapter writes it, and what it stands for."""
    return {
        alias.asname or alias.name: f"{module}.{alias.name}"
        for cell in code_cells(notebook)
        for module, alias in _imports(cell.source)
    }


def _imports(source: str) -> list[tuple[str, ast.alias]]:
    """The lines ``from lib.module import name`` of a cell: the module, and the name with its place."""
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    return [(n.module, alias) for n in found if n.module and n.module.split(".")[0] == "lib" for alias in n.names]


def sections(notebook: NotebookNode) -> dict[str, tuple[str, str]]:
    """Label and title of the section for each thing from ``lib``: the first that speaks of it, else that uses it.

    What stands before the first section counts as in it.
    """
    names = imported(notebook)
    first = next((match for match in HEADING_OR_CODE.finditer(text(notebook)) if match[1]), None)
    section = (first[1], first[2]) if first else None
    spoken_of: dict[str, tuple[str, str]] = {}
    used: dict[str, tuple[str, str]] = {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for label, title, word in HEADING_OR_CODE.findall(cell.source):
                if label:
                    section = (label, title)
                elif section:
                    spoken_of.setdefault(names.get(word, word), section)
        elif cell.cell_type == "code" and section:
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Name) and node.id in names:
                    used.setdefault(names[node.id], section)
                elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
                    used.setdefault(f"{names[node.value.id]}.{node.attr}", section)
    return used | spoken_of


@cache
def places() -> dict[str, dict[str, tuple[str, str]]]:
    """The sections of each chapter, in order, by what to call the chapter."""
    number = numbers()
    return {
        f"chapter {number[path.stem]}" if path.stem in number else title(read(path)): sections(read(path))
        for path in chapters()
    }


def say_where_it_is_used(app: Sphinx, _what: str, name: str, _object: object, _options: object, lines: list) -> None:
    """Add the sections to an entry of the page."""
    for path in chapters():
        app.env.note_dependency(str(path))
    found = [(chapter, *sections[name]) for chapter, sections in places().items() if name in sections]
    uses = [f"{chapter}, :ref:`{heading} <{label}>`" for chapter, label, heading in found]
    if uses:
        lines += ["", f"**In the book:** {'; '.join(uses)}", ""]


def link_to_the_page(app: Sphinx, doctree: nodes.document) -> None:
    """Turn the names of a chapter's text into links; Sphinx resolves them once it has read all pages."""
    chapter = app.env.docname
    path = Path(app.env.doc2path(chapter))
    if path.suffix != ".ipynb":
        return
    names = imported(read(path))
    for word in list(doctree.findall(nodes.literal)):
        target = names.get(word.astext().removesuffix("()"), word.astext())
        if is_public(target) and not isinstance(word.parent, nodes.reference | pending_xref):
            word.replace_self(
                pending_xref("", word.deepcopy(), refdomain="py", reftype="obj", reftarget=target, refdoc=chapter)
            )


def link_imports(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Turn the names in a chapter's lines ``from lib.module import name`` into links, in the finished page."""
    if context.get("page_source_suffix") == ".ipynb":
        page = app.builder.get_relative_uri(pagename, PAGE)
        cells = {cell.source for cell in code_cells(read(Path(app.env.doc2path(pagename))))}
        context["body"] = CODE.sub(lambda code: _linked(code[0], cells, page), context["body"])


def _linked(code: str, cells: set[str], page: str) -> str:
    """The HTML of a cell's code, whatever marks its colours, with links around the imported names."""
    pieces = TAG_OR_TEXT.findall(code)
    source = "".join(html.unescape(piece) for piece in pieces if piece[0] != "<").rstrip("\n")
    if source not in cells:
        return code
    starts = [0, *(match.end() for match in re.finditer("\n", source))]
    targets = {
        starts[alias.lineno - 1] + alias.col_offset: f"{page}#{module}.{alias.name}"
        for module, alias in _imports(source)
        if is_public(f"{module}.{alias.name}")
    }
    linked, place = "", 0
    for piece in pieces:
        is_text = piece[0] != "<"
        linked += f'<a href="{targets[place]}">{piece}</a>' if is_text and place in targets else piece
        place += len(html.unescape(piece)) if is_text else 0
    return linked


def is_public(name: str) -> bool:
    """Whether ``name`` is something that the page has an entry for: ``lib.module.function``."""
    module, _, function = name.rpartition(".")
    return module.startswith("lib.") and function in getattr(import_module(module), "__all__", [])


class Modules(SphinxDirective):
    """A section for each public module, in the order in which the numbered chapters import from them."""

    def run(self) -> list[nodes.Node]:
        """Write Markdown, and let the page's own parser read it."""
        first = [name.rpartition(".")[0] for path in lessons() for name in imported(read(path)).values()]
        ordered = list(dict.fromkeys([*(name for name in first if name in modules()), *modules()]))
        return self.parse_text_to_nodes(
            "\n".join(f"## {name}\n\n```{{eval-rst}}\n.. automodule:: {name}\n```\n" for name in ordered),
            allow_section_headings=True,
        )


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("modules", Modules)
    app.connect("autodoc-process-docstring", say_where_it_is_used)
    app.connect("doctree-read", link_to_the_page)
    app.connect("html-page-context", link_imports)
    return {"parallel_read_safe": True}
