"""The page of the code: each function of ``lib`` says where in the book it is, and chapters link to it.

The page is made of the docstrings. Of each chapter it names one section: the first that speaks of the function, or else
the first that uses it. The names in a chapter's imports, and the same names in its text, are links to the entries.
"""

import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
from claims import in_order  # beside this file
from docutils import nodes
from nbformat import NotebookNode
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

PAGE = "chapters/lib"
CELL = re.compile(r'<div class="cell_input.*?</pre>', re.DOTALL)
IMPORT = '<span class="nn">lib.'
WORD = re.compile(r'<span class="n">(\w+)</span>')
HEADING_OR_CODE = re.compile(r"^\(([\w-]+)\)=\n+#{2,3} (.+)$|`([\w.]+)(?:\(\))?`", re.MULTILINE)


@cache  # every entry of the page asks for every chapter
def notebook_at(path: Path) -> NotebookNode:
    """The chapter at ``path``."""
    return nbformat.read(path, as_version=4)


def imported(notebook: NotebookNode) -> dict[str, str]:
    """What a chapter takes from ``lib``: each name as the chapter writes it, and what it stands for."""
    names = {}
    for cell in notebook.cells:
        for node in ast.walk(ast.parse(cell.source)) if cell.cell_type == "code" else ():
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "lib":
                names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def sections(notebook: NotebookNode) -> dict[str, tuple[str, str]]:
    """Label and title of the section for each thing from ``lib``: the first that speaks of it, else that uses it."""
    names, section, spoken_of, used = imported(notebook), None, {}, {}
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
def places() -> list[dict[str, tuple[str, str]]]:
    """The sections of each chapter, in order."""
    return [sections(notebook_at(path)) for path in in_order()]


def say_where_it_is_used(app: Sphinx, _what: str, name: str, _object: object, _options: object, lines: list) -> None:
    """Add the sections to an entry of the page."""
    for path in in_order():
        app.env.note_dependency(str(path))
    found = [(number, *chapter[name]) for number, chapter in enumerate(places(), 1) if name in chapter]
    uses = [f"chapter {number}, :ref:`{title} <{label}>`" for number, label, title in found]
    if uses:
        lines += ["", f"**In the book:** {'; '.join(uses)}", ""]


def link_to_the_page(app: Sphinx, doctree: nodes.document) -> None:
    """Turn the names of a chapter's text into links; Sphinx resolves them once it has read all pages."""
    chapter = app.env.docname
    path = Path(app.env.doc2path(chapter))
    if path.suffix != ".ipynb":
        return
    names = imported(notebook_at(path))
    for word in list(doctree.findall(nodes.literal)):
        target = names.get(word.astext().removesuffix("()"), word.astext())
        if is_public(target) and not isinstance(word.parent, nodes.reference | pending_xref):
            word.replace_self(
                pending_xref("", word.deepcopy(), refdomain="py", reftype="obj", reftarget=target, refdoc=chapter)
            )


def link_imports(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Turn the names in a chapter's lines ``from lib.module import name`` into links, in the finished page."""
    if context.get("page_source_suffix") != ".ipynb":
        return
    names = imported(notebook_at(Path(app.env.doc2path(pagename))))
    page = app.builder.get_relative_uri(pagename, PAGE)

    def linked(name: re.Match) -> str:
        target = names.get(name[1], "")
        return f'<a href="{page}#{target}">{name[0]}</a>' if is_public(target) else name[0]

    def linked_cell(cell: re.Match) -> str:
        return WORD.sub(linked, cell[0]) if IMPORT in cell[0] else cell[0]

    context["body"] = CELL.sub(linked_cell, context["body"])


def is_public(name: str) -> bool:
    """Whether ``name`` is something that the page has an entry for: ``lib.module.function``."""
    module, _, function = name.rpartition(".")
    return module.startswith("lib.") and function in getattr(import_module(module), "__all__", [])


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", say_where_it_is_used)
    app.connect("doctree-read", link_to_the_page)
    app.connect("html-page-context", link_imports)
    return {"parallel_read_safe": True}
