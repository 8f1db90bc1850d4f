"""How the questions are read, refused, counted and shown, and when a link counts as evidence."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.book import ROOT
from tools.questions import TOPICS, Question, counted, entry, labels, questions, shown

GOOD = {
    "ask": "Why 1×1?",
    "also": "pointwise",
    "level": "expert",
    "topic": "why",
    "answer": "It mixes maps ({chapter}`resnet#residual`).",
    "asked": ["https://example.org/1"],
}


def written(folder, *entries):
    """A file of questions."""
    path = folder / "questions.toml"
    lines = [f"{name} = {value!r}" for entry in entries for name, value in [("[[question]]", None), *entry.items()]]
    path.write_text("\n".join(line.removesuffix(" = None") for line in lines), encoding="utf-8")
    return path


def test_a_question_in_form_is_read(tmp_path):
    (question,) = questions(written(tmp_path, GOOD))
    assert question == Question(**GOOD | {"asked": ("https://example.org/1",)})
    assert labels(question) == ["residual"]
    assert labels(question._replace(answer="It [mixes](mixing) maps ({chapter}`resnet`).")) == ["mixing"]


@pytest.mark.parametrize(
    "change",
    [
        {"level": "easy"},
        {"topic": "history"},
        {"ask": "Why 1×1"},
        {"ask": 'Why "1×1"?'},
        {"answer": "It mixes maps."},
        {"answer": "It mixes maps: {chapter}`resnet`."},
        {"asked": []},
        {"asked": ["example.org"]},
        {"id": 3},
    ],
)
def test_a_question_out_of_form_is_refused(change, tmp_path):
    with pytest.raises(ValueError, match=r"questions\.toml: expected "):
        questions(written(tmp_path, GOOD | change))


def test_a_question_without_a_field_or_asked_twice_is_refused(tmp_path):
    with pytest.raises(ValueError, match="expected ask, also, level, topic, answer, asked; got ask, "):
        questions(written(tmp_path, {name: GOOD[name] for name in GOOD if name != "also"}))
    with pytest.raises(ValueError, match="expected each question once"):
        questions(written(tmp_path, GOOD, GOOD))


def test_questions_are_counted_and_their_threads_once():
    expert = Question(**GOOD)
    beginner = expert._replace(level="beginner", asked=("https://example.org/1", "https://example.org/2"))
    assert counted([expert, beginner, beginner]) == "3 questions, 1 of them an expert's, asked in 2 public threads."


def test_an_entry_has_a_heading_and_says_whom_it_is_for():
    expert = Question(**GOOD)
    assert entry(expert).startswith("### Why 1×1?\n\nIt mixes maps")
    assert "For experts." in entry(expert)
    assert "For experts." not in entry(expert._replace(level="beginner"))


def test_other_words_are_shown_as_they_are_typed():
    assert r"Also: vgg 512\*7\*7. " in entry(Question(**GOOD | {"also": "vgg 512*7*7"}))


def test_every_topic_has_its_section():
    page = (ROOT / "chapters" / "questions.md").read_text(encoding="utf-8")
    for topic in TOPICS:
        assert f"{{questions}} {topic}\n" in page


def ran(**metadata):
    """A cell that was executed and printed something."""
    return new_code_cell("print(1)", execution_count=1, metadata=metadata, outputs=[new_output("stream", text="1\n")])


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([new_markdown_cell("(here)=\n## Section"), ran()], True),
        ([new_markdown_cell("(here)=\n## Section\n\nWords.\n\n### Below"), ran()], True),
        ([new_markdown_cell("Words.\n\n(here)=\nA paragraph."), ran()], True),
        ([new_markdown_cell("(here)=\n(there)=\n## Section"), ran()], True),
        ([ran(mystnb={"figure": {"name": "here"}})], True),
        ([new_markdown_cell("(here)=\n## Section")], False),
        ([new_markdown_cell("(here)=\n## Section"), new_code_cell("print(1)")], False),
        ([new_markdown_cell("(here)=\n## Section"), new_markdown_cell("## Next"), ran()], False),
        ([new_markdown_cell("(here)=\nA paragraph."), new_markdown_cell("### Next"), ran()], False),
        ([new_markdown_cell("(there)=\n## Section"), ran()], False),
        ([ran(), new_markdown_cell("(here)=\n## Section")], False),
    ],
)
def test_a_label_is_evidence_if_a_cell_was_executed_behind_it(cells, expected, tmp_path):
    path = tmp_path / "chapter.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    assert shown(path, "here") == expected
