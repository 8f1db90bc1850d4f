"""The chapters as they are stored: nothing is hidden from the checks, and what is said of them elsewhere is true."""

import re

import nbformat
import pytest

from tools.book import ROOT, chapters, lessons, read, text
from tools.changed_figures import figures
from tools.claims import VERDICTS, claims
from tools.guard import lesson_problems, normalise, problems
from tools.outputs import FRONT_PICTURE
from tools.questions import labels, questions, shown

every_chapter = pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
every_lesson = pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)


def assert_none(found):
    """Show every problem, each on a line."""
    assert not found, "\n" + "\n".join(found)


def test_there_are_chapters_and_all_are_in_the_contents():
    assert len(lessons()) > 5  # or everything below, and nbval, would pass on nothing
    missing = set((ROOT / "chapters").glob("*.ipynb")) - set(chapters())
    assert_none([f"_toc.yml: expected a line for {path.relative_to(ROOT)}" for path in missing])


def test_the_front_page_is_finished():
    lines = (ROOT / "index.md").read_text(encoding="utf-8").splitlines()
    assert_none(
        [f"index.md, line {k}: TODO; write what is missing" for k, line in enumerate(lines, 1) if "TODO" in line]
    )


def test_a_label_stands_for_one_place_in_the_book():
    places = {}
    for path in chapters():
        for label in re.findall(r"^\(([\w-]+)\)=$|^:label: ([\w-]+)$", text(read(path)), re.MULTILINE):
            places.setdefault("".join(label), []).append(path.name)
    assert_none(
        [f"label {label!r}: expected once, found in {', '.join(p)}" for label, p in places.items() if len(p) > 1]
    )


@every_chapter
def test_a_chapter_hides_nothing_from_the_checks(path):
    assert_none(problems(read(path)))


@every_lesson
def test_a_lesson_has_its_claims_and_keeps_its_promise_of_minutes(path):
    assert_none(lesson_problems(path))


@every_chapter
def test_a_chapter_is_stored_as_make_outputs_writes_it(path):
    assert path.read_text(encoding="utf-8") == nbformat.writes(normalise(read(path))) + "\n"


def test_the_page_of_claims_explains_every_verdict():
    page = (ROOT / "chapters" / "claims.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \*\*(.+?)\*\* \|", page, re.MULTILINE) == list(VERDICTS)


def test_the_page_of_claims_has_every_source_once():
    page = (ROOT / "chapters" / "claims.md").read_text(encoding="utf-8")
    listed = re.findall(r"^```\{claims\} (\w+)$", page, re.MULTILINE)
    used = {source for path in chapters() for claim in claims(path) for source in claim.sources}
    assert len(listed) == len(set(listed))
    assert_none([f"claims.md: expected a section for {source}" for source in used - set(listed)])
    assert_none([f"claims.md: no chapter has a claim of {source}" for source in set(listed) - used])


def test_no_claim_is_listed_twice():
    everywhere = [(claim.sources, claim.text) for path in chapters() for claim in claims(path)]
    assert len(set(everywhere)) == len(everywhere)


def test_the_front_page_shows_the_first_chapters_figure():
    first = read(ROOT / "chapters" / "channel_convolution.ipynb")
    assert FRONT_PICTURE.read_text(encoding="utf-8") == figures(first)["fig-channel-columns"]


def test_every_answer_leads_to_a_cell_that_was_executed():
    places = {label: question.ask for question in questions() for label in labels(question)}
    assert_none(
        [
            f"questions.toml: no executed cell behind {label!r}, for {ask!r}"
            for label, ask in places.items()
            if not any(shown(path, label) for path in chapters())
        ]
    )
