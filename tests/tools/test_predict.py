"""Predictions: what belongs to an answer, and that the right option is the one that a cell has printed."""

import re

import nbformat
import pytest

QUESTION = ":::{predict}\nHow many?\n\n- one\n- two\n- three\n:::"


def code(printed):
    output = nbformat.v4.new_output("stream", name="stdout", text=printed)
    return nbformat.v4.new_code_cell("count()", execution_count=1, outputs=[output])


PAGES = {
    "index": ["# Front\n\n```{toctree}\n:glob:\n*\n```"],
    "break": ["# One", QUESTION, code("Answer: two\n"), "Because of this.\n\n***\n\nWhat comes next."],
    "heading": [
        *["# One", QUESTION, code("Answer: one\n"), QUESTION, code("Answer: one\n")],
        "(label)=\n## Two\n\nText of two, see [there](label).",
    ],
    "unknown": ["# One", QUESTION, code("Answer: four\n")],
    "silent": ["# One", QUESTION, code("two\n")],
    "double": ["# One", QUESTION, code("Answer: one\nAnswer: two\n")],
    "open": ["# One", ":::{predict}\nHow many?\n:::", code("Answer: one\n")],
}


@pytest.fixture(scope="module")
def built(tmp_path_factory, sphinx):
    folder = tmp_path_factory.mktemp("book")
    for name, cells in PAGES.items():
        cells = [nbformat.v4.new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")
    complaints = sphinx(
        folder,
        'extensions, nb_execution_mode = ["myst_nb", "tools.predict"], "off"\nmyst_enable_extensions = ["colon_fence"]',
    )
    return {
        name: (
            (folder / "out" / f"{name}.html").read_text(encoding="utf-8"),
            "".join(line for line in complaints.splitlines() if f"{name}.ipynb" in line and "predict: " in line),
        )
        for name in PAGES
    }


def answers(page):
    return re.findall(r"<details class=\"answer.*?</details>", page, re.DOTALL)


def test_the_answer_ends_at_a_break_and_has_cell_and_explanation(built):
    page, complaints = built["break"]
    assert complaints == ""
    assert 'data-right="1"' in page
    (answer,) = answers(page)
    assert "Because of this." in answer
    assert "Answer: two" in answer
    assert "<hr" not in page
    assert page.index("How many?") < page.index("<details") < page.index("What comes next.")
    assert "What comes next." not in answer


def test_the_answer_ends_at_a_heading_or_the_next_question(built):
    page, complaints = built["heading"]
    assert complaints == ""
    assert len(answers(page)) == 2
    assert not any(
        "Text of two" in answer or "How many" in answer or 'id="label"' in answer for answer in answers(page)
    )


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("unknown", "of ['one', 'two', 'three'], got ['four']"),
        ("silent", "of ['one', 'two', 'three'], got []"),
        ("double", "of ['one', 'two', 'three'], got ['one', 'two']"),
        ("open", "expected two to four options, got []"),
    ],
)
def test_a_question_without_its_answer_fails_the_build(built, name, complaint):
    page, complaints = built[name]
    assert f"WARNING: predict: expected {complaint.removeprefix('expected ')}" in complaints.replace(
        "a cell that prints 'Answer: ' and one ", ""
    )
    assert 'data-right=""' in page
