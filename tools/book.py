"""Where things are: the pages, in the order of ``_toc.yml``, and the one way in which a notebook is read."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import yaml
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
HTML = ROOT / os.environ.get("BOOK_HTML", "_build/html")  # make test-newest-pages looks at its own


def contents() -> list[tuple[str, int | None]]:
    """Every page of the table of contents in order, as its path without a suffix, and its number if it has one."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    pages: list[tuple[str, int | None]] = [(toc["root"], None)]
    number = 0
    for part in toc["parts"]:
        for page in part["chapters"]:
            number += "numbered" in part
            pages.append((page["file"], number if "numbered" in part else None))
    return pages


def chapters() -> list[Path]:
    """The notebooks, in order."""
    return [path for path in (ROOT / f"{page}.ipynb" for page, _ in contents()) if path.exists()]


def numbers() -> dict[str, int]:
    """The number of each numbered chapter, by the name of its file."""
    return {Path(page).name: number for page, number in contents() if number}


def lessons() -> list[Path]:
    """The numbered notebooks, in order."""
    return [path for path in chapters() if path.stem in numbers()]


def read(path: Path) -> NotebookNode:
    """The notebook at ``path``, as it is stored."""
    return nbformat.read(path, as_version=4)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells of code, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def drawn(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, str]]:
    """Each figure of the notebook: the cell that draws it, and its SVG."""
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if svg := output.get("data", {}).get("image/svg+xml"):
                yield cell, svg


def text(notebook: NotebookNode) -> str:
    """All Markdown of the notebook."""
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def title(notebook: NotebookNode) -> str:
    """Its first heading."""
    return text(notebook).splitlines()[0].removeprefix("# ")


def question(notebook: NotebookNode) -> str | None:
    """The one question that a numbered chapter answers: what is bold in its introduction. None if there is not one."""
    bold = re.findall(r"\*\*(.+?\?)\*\*", notebook.cells[0].source)
    return bold[0] if len(bold) == 1 else None


def story(notebook: NotebookNode) -> int:
    """How many words a numbered chapter has before its claims: a formula is one, labels, fences and addresses none."""
    words = text(notebook).split("\n## Claims, checked")[0]
    words = re.sub(r"^(?:\([\w-]+\)=|(?::::|```|:\w+:).*)$", "", words, flags=re.MULTILINE)
    words = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$", "x", words, flags=re.DOTALL)
    words = re.sub(r"\{[\w:]+\}`([^`<]*)(?:<[^>]*>)?`|\]\([^)]*\)", r"\1", words)
    return sum(bool(re.search(r"\w", word)) for word in words.split())


def minutes(notebook: NotebookNode) -> tuple[str, str] | None:
    """What a numbered chapter says that it takes: minutes of reading, and of exercises. None if it does not say."""
    said = re.search(r"Reading takes about (\d+) minutes; the exercises, another (\d+)\.", text(notebook))
    return (said[1], said[2]) if said else None
