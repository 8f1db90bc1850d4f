"""Beginning a chapter: its notebook runs, and only what is marked to be written is missing."""

import subprocess
import sys

import pytest

from tools import new_chapter
from tools.book import ROOT, code_cells, lessons, read
from tools.guard import problems
from tools.outputs import execute


@pytest.fixture
def root(tmp_path):
    (tmp_path / "_toc.yml").write_text((ROOT / "_toc.yml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "chapters").mkdir()
    return tmp_path


def test_a_new_chapter_runs_and_is_listed_last(root):
    path = new_chapter.begin("begun_by_a_test", "Dilated convolutions", root)
    execute(path)
    (problem,) = problems(read(path))
    assert problem.startswith("notebook: TODO stands in cells 1, ")
    assert len(code_cells(read(path))) == 5
    code = "\n\n".join(cell.source for cell in code_cells(read(path)))
    linted = [sys.executable, "-m", "ruff", "check", "--config", ROOT / "chapters" / ".ruff.toml", "--select", "F", "-"]
    subprocess.run(linted, input=code, text=True, check=True)
    last = lessons()[-1].stem
    contents = (root / "_toc.yml").read_text(encoding="utf-8")
    assert f"- file: chapters/{last}\n      - file: chapters/begun_by_a_test\n" in contents


def test_a_name_that_cannot_be_is_refused(root):
    with pytest.raises(ValueError, match="NAME: expected small letters, digits and underscores, got 'Two Words'"):
        new_chapter.begin("Two Words", "Two words", root)
    new_chapter.begin("begun_by_a_test", "Dilated convolutions", root)
    with pytest.raises(FileExistsError, match="there is a chapter 'begun_by_a_test' already"):
        new_chapter.begin("begun_by_a_test", "Dilated convolutions", root)
