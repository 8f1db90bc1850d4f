"""Figures before and after, and a notebook as text: every change is shown, and nothing else."""

import nbformat
import pytest

from lib import figures as draw
from tools.as_text import as_text
from tools.changed_figures import compare, figures, shown, write_page
from tools.outputs import execute

PLOT = {"mystnb": {"figure": {"name": "fig-a", "caption": "A line."}, "image": {"alt": "A line that rises."}}}
CODE = """\
import matplotlib.pyplot as plt

from lib.figures import use_style

use_style()
plt.plot([1, 2, 3])
plt.show()"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    path = tmp_path_factory.mktemp("notebook") / "notebook.ipynb"
    cells = [nbformat.v4.new_markdown_cell("Three points."), nbformat.v4.new_code_cell("print(1 + 1)")]
    nbformat.write(nbformat.v4.new_notebook(cells=[*cells, nbformat.v4.new_code_cell(CODE, metadata=PLOT)]), path)
    execute(path)
    return path


def test_a_figure_says_what_it_shows(notebook):
    (svg,) = figures(nbformat.read(notebook, as_version=4)).values()
    assert any('"line"' in line and "3.0" in line for line in shown(svg))
    assert shown("<svg/>") == []


def test_the_page_has_what_moved_and_only_that(notebook, tmp_path):
    before = figures(nbformat.read(notebook, as_version=4))
    assert compare(before, before) == []
    (redrawn,) = compare(before, {name: svg.replace("M ", "M 0") for name, svg in before.items()})
    assert "only how it is drawn has changed" in redrawn
    (moved,) = compare(before, {name: svg.replace("2.0,3.0]", "2.0,4.0]") for name, svg in before.items()})
    assert "2.0, 3.0]" in moved
    assert "2.0, 4.0]" in moved
    assert len(compare(before, {"fig-b": "<svg/>"})) == 2  # one gone, one new
    write_page([redrawn, moved], tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8").count("<img") == 4


def test_a_notebook_as_text_has_its_words_its_code_and_its_outputs(notebook):
    text = as_text(notebook)
    for line in ("Three points.", "> print(1 + 1)", "| 2", "> plt.plot([1, 2, 3])", "# mystnb: "):
        assert f"\n{line}" in text
    assert "<svg" not in text
    assert draw.BLUE.lower() in text  # of the figure, what it shows


def test_what_a_terminal_would_hide_is_in_sight_as_text(tmp_path):
    path = tmp_path / "hidden.ipynb"
    cell = nbformat.v4.new_code_cell("a = 1 \x1b[8m+ 1\x1b[28m\nb = '\u202e'")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    assert "> a = 1 \\x1b[8m+ 1\\x1b[28m\n> b = '\\x202e'\n" in as_text(path)
