"""The cards of the chapters: their pictures, questions and minutes are the chapters' own."""

import nbformat
import pytest

from tools import cards
from tools.book import lessons, minutes, question, read


def figure(name, svg):
    cell = nbformat.v4.new_code_cell("show()")
    cell.metadata.mystnb = {"figure": {"name": name}, "image": {"alt": f"Alt of {name}"}}
    cell.outputs = [nbformat.v4.new_output("display_data", {"image/svg+xml": svg})]
    return cell


@pytest.fixture
def notebook():
    words = nbformat.v4.new_markdown_cell(
        "# Title\n\n**Why?** Reading takes about 5 minutes; the exercises, another 7."
    )
    cells = [words, nbformat.v4.new_code_cell("1"), figure("fig-a", "<svg>a</svg>"), figure("fig-b", "<svg>b</svg>")]
    return nbformat.v4.new_notebook(cells=cells)


def test_the_picture_is_the_first_or_the_one_that_is_named(notebook):
    assert cards.drawing(notebook, None) == ("<svg>a</svg>", "Alt of fig-a")
    assert cards.drawing(notebook, "fig-b") == ("<svg>b</svg>", "Alt of fig-b")
    with pytest.raises(ValueError, match="cards: expected a figure 'fig-c' in the chapter 'Title', found none"):
        cards.drawing(notebook, "fig-c")


def test_question_and_minutes_are_read_from_the_introduction(notebook):
    assert (question(notebook), minutes(notebook)) == ("Why?", ("5", "7"))
    notebook.cells[0].source = "# Title\n\n**Bold.** No question."
    assert (question(notebook), minutes(notebook)) == (None, None)


@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_a_card_says_what_its_chapter_says(path, tmp_path):
    words = cards.card(path, None, tmp_path)
    assert f"](/chapters/{path.stem})" in words
    assert f"\n{question(read(path))}\n" in words
    assert "{} minutes, exercises {}".format(*minutes(read(path))) in words
    assert (tmp_path / cards.PICTURES / f"{path.stem}.svg").read_text(encoding="utf-8").lstrip().startswith("<")


def test_a_card_for_no_chapter_is_an_error(sphinx, tmp_path):
    (tmp_path / "index.md").write_text("# Front\n\n```{cards}\nno_such: fig-a\n```\n", encoding="utf-8")
    extensions = "extensions = ['myst_parser', 'sphinx_design', 'tools.cards']\n"
    assert "cards: expected names of numbered chapters, got no_such" in sphinx(tmp_path, extensions)
