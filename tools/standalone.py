"""Chapters to take away: what a page's download button serves is a copy that carries ``lib`` with it.

The copy has one more cell, the first: readable Python that writes the modules of ``lib`` which the chapter needs into a
folder beside the notebook. It fetches nothing. The chapters' own notebooks are left as they are.
"""

import argparse
import ast
import re
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from sphinx.application import Sphinx

from tools.book import ROOT, code_cells, read
from tools.explorables import FILES

# What a chapter may import besides Python's own, and what pip calls it.
PACKAGES = {name: name for name in ("jax", "keras", "matplotlib", "numpy", "scipy", "tensorflow", "torch")}
PACKAGES["sklearn"] = "scikit-learn"
CELL = """\
#@title The book's own code: run this cell first. It writes the folder `lib` beside this notebook.
from importlib.util import find_spec
from pathlib import Path

needed = {packages}
missing = [package for name, package in needed.items() if find_spec(name) is None]
if missing:
    raise ModuleNotFoundError("this chapter also needs: pip install " + " ".join(missing))

folder = Path("lib")
mark = folder / "__init__.py"
if folder.exists() and not (mark.exists() and "*One by One*" in mark.read_text(encoding="utf-8")):
    raise FileExistsError(f"{{folder.resolve()}} is not the book's: run this notebook in another folder")
folder.mkdir(exist_ok=True)

def write(name, code):
    code = code.lstrip("\\n").replace("\\u2060", "")  # with which IPython does not take >>> and ... for its prompts
    (folder / name).write_text(code, encoding="utf-8")
"""
PROMPT = re.compile(r"^(\s*)(?=>>>|\.\.\.)", re.MULTILINE)  # IPython takes it away, from code that is quoted, too


def needed_packages(sources: Iterable[str]) -> dict[str, str]:
    """What pieces of code import of ``PACKAGES``, in alphabetical order."""
    names = set()
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "find_spec":  # lib.datasets reads its files
            names |= {n.value for n in node.args if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return {name: PACKAGES[name] for name in sorted(names & PACKAGES.keys())}


def needed_modules(notebook: NotebookNode) -> list[Path]:
    """The files of ``lib`` that the notebook imports, and those that these import."""
    waiting = [cell.source for cell in code_cells(notebook)]
    files = {ROOT / "lib" / "__init__.py"}
    while waiting:
        for node in ast.walk(ast.parse(waiting.pop())):
            names = []
            if isinstance(node, ast.ImportFrom) and node.module == "lib":
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("lib."):
                names = [node.module.split(".")[1]]
            for path in (ROOT / "lib" / f"{name}.py" for name in names):
                if path not in files:
                    files.add(path)
                    waiting.append(path.read_text(encoding="utf-8"))
    return sorted(files)


def needed_assets(modules: Iterable[Path]) -> list[Path]:
    """What explorables need besides, if there are any: their script and their style sheet."""
    return [ROOT / "_static" / name for name in FILES if ROOT / "lib" / "_explorable.py" in modules]


def standalone(notebook: NotebookNode) -> NotebookNode:
    """A copy of a chapter that needs nothing but a few packages, which its first cell names, and prints the same.

    Raises:
        ValueError: a module has three single quotes in a row, with which its code is quoted.
    """
    modules = {path: path.read_text(encoding="utf-8") for path in needed_modules(notebook)}
    assets = {path: path.read_text(encoding="utf-8") for path in needed_assets(modules)}
    sources = [*modules.values(), *(cell.source for cell in code_cells(notebook))]
    parts = [CELL.format(packages=needed_packages(sources))]
    for path, code in (modules | assets).items():
        if "'''" in code:
            raise ValueError(f"{path.name}: expected code without three single quotes, to quote it in a notebook")
        marked = PROMPT.sub("\\1\u2060", code)
        parts.append(f"write({path.name!r}, r'''\n{marked}''')\n")
    copy = nbformat.from_dict(notebook)
    copy.metadata.kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}  # as everywhere
    first = nbformat.v4.new_code_cell("\n".join(parts).rstrip("\n"), id="the-book-s-code")
    first.metadata = nbformat.from_dict({"cellView": "form", "jupyter": {"source_hidden": True}})
    copy.cells.insert(0, first)
    return copy


def serve_standalone_copies(app: Sphinx, error: Exception | None) -> None:
    """Put the copies where the download buttons point."""
    if error is None:
        for served in (Path(app.outdir) / "_sources" / "chapters").glob("*.ipynb"):
            # From the chapter itself: what is served may be the copy of an earlier build.
            nbformat.write(standalone(read(ROOT / "chapters" / served.name)), served)


def main() -> None:
    """Write one chapter's copy into a folder of its own, for a test that runs it there."""
    parser = argparse.ArgumentParser(prog="python -m tools.standalone")
    parser.add_argument("chapter")
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(standalone(read(ROOT / "chapters" / f"{given.chapter}.ipynb")), given.folder / "copy.ipynb")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("build-finished", serve_standalone_copies)
    return {"parallel_read_safe": True}


if __name__ == "__main__":
    main()
