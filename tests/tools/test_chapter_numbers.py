"""Numbers of chapters in the text, on a small book."""

import re

import pytest
from sphinx.application import Sphinx

from tools import chapter_numbers

WORDS = """# Front

In {chapter}`two` and, later, {chapter}`two`. {chapter}`two` begins a sentence; so does this? {chapter}`one#here`
begins one. ({chapter}`one`, too.) Chapters {number}`one` and {number}`two`.

```{toctree}
chapters/one
chapters/two
```
"""


@pytest.fixture
def built(tmp_path, monkeypatch):
    monkeypatch.setattr(chapter_numbers, "numbers", lambda: {"one": 4, "two": 7})
    (tmp_path / "conf.py").write_text('extensions = ["myst_parser", "tools.chapter_numbers"]\n')
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "one.md").write_text("# One\n\n(here)=\n## Here\n")
    (tmp_path / "chapters" / "two.md").write_text("# Two\n")

    def build(words):
        (tmp_path / "index.md").write_text(words)
        with (tmp_path / "warnings").open("w") as warnings:
            Sphinx(
                tmp_path, tmp_path, tmp_path / "out", tmp_path / "trees", "html", status=None, warning=warnings
            ).build()
        return (tmp_path / "out" / "index.html").read_text(), (tmp_path / "warnings").read_text()

    return build


@pytest.mark.filterwarnings("ignore")  # Sphinx's own
def test_a_number_follows_the_contents_and_begins_a_sentence_with_a_capital(built):
    page, warnings = built(WORDS)
    assert warnings == ""
    links = re.findall(r'href="chapters/(\w+)\.html(#?\w*)"><span class="[\w -]+">([Cc]hapter \d|\d)</span>', page)
    assert links == [
        *[("two", "", "chapter 7")] * 2,
        ("two", "", "Chapter 7"),
        ("one", "#here", "Chapter 4"),
        ("one", "", "Chapter 4"),
        ("one", "", "4"),
        ("two", "", "7"),
    ]


@pytest.mark.filterwarnings("ignore")
def test_a_chapter_that_is_not_there_is_an_error(built):
    _, warnings = built("# Front\n\nIn {chapter}`three`.\n")
    assert "chapter: expected one of one, two, got 'three'" in warnings
