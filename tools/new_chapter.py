"""Begin a chapter: ``make chapter NAME=dilated TITLE="Dilated convolutions"``.

Writes ``chapters/NAME.ipynb`` from the template, and puts it last among the numbered chapters of ``_toc.yml``. What is
to be written is marked TODO, which the guard does not let pass. The front page finds picture and question by itself.
"""

import argparse
import re
from pathlib import Path

import nbformat

from tools.book import ROOT, lessons
from tools.guard import normalise

TEMPLATE = Path(__file__).with_name("chapter_template.md")
CELL = re.compile(r"^```python(| [\w-]+)\n(.*?)^```$\n", re.DOTALL | re.MULTILINE)  # with its tag, or none


def begin(name: str, title: str, root: Path = ROOT) -> Path:
    """Write the notebook, and enter it in the contents.

    Raises:
        ValueError: the name is no Python name in small letters.
        FileExistsError: there is such a chapter.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(f"NAME: expected small letters, digits and underscores, got {name!r}")
    path = root / "chapters" / f"{name}.ipynb"
    if path.exists():
        raise FileExistsError(f"NAME: there is a chapter {name!r} already: {path}")
    pieces = CELL.split(TEMPLATE.read_text(encoding="utf-8").replace("{title}", title).replace("{name}", name))
    cells = []
    for words, tag, code in zip(pieces[::3], [*pieces[1::3], ""], [*pieces[2::3], ""], strict=True):  # in turn
        cells += [nbformat.v4.new_markdown_cell(words.strip("\n"))] if words.strip() else []
        cells += [nbformat.v4.new_code_cell(code.strip("\n"))] if code else []
        if tag:
            cells[-1].metadata.tags = [tag.strip()]
    notebook = normalise(nbformat.v4.new_notebook(cells=cells))
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    last = lessons()[-1].stem
    _insert(root / "_toc.yml", rf"^ *- file: chapters/{last}\n", f"      - file: chapters/{name}\n")
    return path


def _insert(path: Path, after: str, line: str) -> None:
    text = path.read_text(encoding="utf-8")
    found = re.search(after, text, re.MULTILINE)
    if not found:
        raise ValueError(f"{path.name}: expected a line like {after}")
    path.write_text(text[: found.end()] + line + text[found.end() :], encoding="utf-8", newline="\n")


def main() -> None:
    """Begin the chapter that the command line names, and say what comes next."""
    parser = argparse.ArgumentParser(prog="make chapter", description=__doc__)
    parser.add_argument("name")
    parser.add_argument("title")
    given = parser.parse_args()
    path = begin(given.name, given.title)
    print(f"Begun: {path.relative_to(ROOT)}, and its line in _toc.yml.")
    print(f"Write it, then: make outputs CHAPTER={given.name}, and make test CHAPTER={given.name}")


if __name__ == "__main__":
    main()
