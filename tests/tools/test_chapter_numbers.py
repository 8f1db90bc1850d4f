"""Numbers of chapters in the text, on a small book."""

import re

import pytest

from tools.book import numbers

WORDS = """# Front

In {chapter}`resnet` and, later, {chapter}`resnet`. {chapter}`resnet` begins a sentence; so does this?
{chapter}`inception#here` begins one. ({chapter}`inception`, too.) Chapters {number}`inception`
and {number}`resnet`. In {chapter}`nowhere`.

```{toctree}
chapters/inception
chapters/resnet
```
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory, sphinx):
    folder = tmp_path_factory.mktemp("book")
    (folder / "chapters").mkdir()
    (folder / "chapters" / "inception.md").write_text("# Inception\n\n(here)=\n## Here\n")
    (folder / "chapters" / "resnet.md").write_text("# ResNet\n")
    (folder / "index.md").write_text(WORDS)
    complaints = sphinx(folder, 'extensions = ["myst_parser", "tools.chapter_numbers"]')
    return (folder / "out" / "index.html").read_text(), complaints


def test_a_number_follows_the_contents_and_begins_a_sentence_with_a_capital(built):
    links = re.findall(r'href="chapters/(\w+)\.html(#?\w*)"><span class="[\w -]+">([Cc]hapter \d|\d)</span>', built[0])
    inception, resnet = numbers()["inception"], numbers()["resnet"]
    assert links == [
        *[("resnet", "", f"chapter {resnet}")] * 2,
        ("resnet", "", f"Chapter {resnet}"),
        ("inception", "#here", f"Chapter {inception}"),
        ("inception", "", f"Chapter {inception}"),
        ("inception", "", f"{inception}"),
        ("resnet", "", f"{resnet}"),
    ]


def test_a_chapter_that_is_not_there_is_an_error(built):
    assert f"chapter: expected one of {', '.join(numbers())}, got 'nowhere'" in built[1]
