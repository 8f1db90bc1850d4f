"""What pages say of themselves to whoever looks for them: their own words, and an address only where there is one."""

import io
import os
import re
from xml.etree import ElementTree

import pytest
from PIL import Image

from tools import found, launch
from tools.book import ROOT
from tools.cards import PICTURES

SVG = '<?xml version="1.0"?>\n<svg width="20pt" height="40pt" viewBox="0 0 20 40" xmlns="http://www.w3.org/2000/svg">{}</svg>'
CONFIGURATION = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
extensions = ["myst_parser", "tools.found"]
html_title, html_theme = "The book", "sphinx_book_theme"
exclude_patterns = ["trees", "out"]
"""
PAGES = {
    "index.md": f"""# Front

**Why?** So *he* asked.

Because of "this" & that.

```{{figure}} front.svg
:alt: The front
```

![One drawn]({PICTURES}/one.svg)

```{{toctree}}
one
two
```
""",
    "one.md": "# One\n\nFirst words.\n\n**What is it?**\n\nOther words.\n\n## Section\n\nMore words, **really?**\n",
    "two.md": "# Two\n\n- A list.\n\n## Section\n\nMore words.\n",
}


@pytest.mark.parametrize(
    ("repository", "expected"),
    [
        ("Some-One/book", "https://some-one.github.io/book/"),
        ("some-one/Some-One.github.io", "https://some-one.github.io/"),
    ],
)
def test_the_address_of_the_pages_follows_from_the_repository_s(repository, expected):
    assert found.address(repository) == expected


def test_whole_sentences_are_said_as_long_as_they_have_room():
    assert found.shortened("Why?", "Because. He et al. say so.") == "Why? Because. He et al. say so."
    assert found.shortened("Why?", f"Because. {'word ' * 50}.") == "Why? Because."
    assert found.shortened("", r"Arrays are arrays. They have axes $C_\mathrm{in}$. Good.") == "Arrays are arrays."
    cut = found.shortened("Why?", "word " * 50)
    assert re.fullmatch(r"Why\?( word)+…", cut)
    assert found.LONGEST - 6 < len(cut) <= found.LONGEST


def test_a_picture_is_whole_and_as_large_as_shared_links_want_it():
    square = '<rect width="20" height="40" fill="#0000ff"/>'
    picture = Image.open(io.BytesIO(found.png(SVG.format(square)))).convert("RGB")
    assert picture.size == (found.WIDTH, found.HEIGHT)
    high = found.HEIGHT - 2 * found.MARGIN
    left, top, right, bottom = (
        (found.WIDTH - high / 2) / 2,
        found.MARGIN,
        (found.WIDTH + high / 2) / 2,
        found.MARGIN + high,
    )
    for x, y, colour in [
        (left + 2, top + 2, (0, 0, 255)),
        (right - 3, bottom - 3, (0, 0, 255)),
        (left - 3, top + 2, (255, 255, 255)),
        (right - 3, bottom + 2, (255, 255, 255)),
    ]:
        assert picture.getpixel((round(x), round(y))) == colour


def test_the_words_of_a_picture_are_drawn():
    words = '<text x="1" y="20" style="font: 10px \'DejaVu Sans\', \'Arial\', sans-serif">x</text>'
    darkest, lightest = Image.open(io.BytesIO(found.png(SVG.format(words)))).convert("L").getextrema()
    assert (darkest, lightest) == (0, 255)


@pytest.fixture
def built(tmp_path, sphinx):
    """Build a small book, and give what the head of each page says, by name."""
    (tmp_path / PICTURES).mkdir(parents=True)
    for name in ("front", f"{PICTURES}/one"):
        (tmp_path / f"{name}.svg").write_text(SVG.format(""), encoding="utf-8")
    for name, text in PAGES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def build(**environment):
        kept = {name: value for name, value in os.environ.items() if name not in launch.VARIABLES}
        assert sphinx(tmp_path, CONFIGURATION, **kept | environment) == ""
        pages = {
            page: (tmp_path / "out" / f"{page}.html").read_text(encoding="utf-8") for page in ("index", "one", "two")
        }
        return {
            page: dict(re.findall(r'<(?:meta (?:name|property)|link rel)="([^"]+)" (?:content|href)="([^"]*)"', text))
            for page, text in pages.items()
        }

    return build


def test_pages_say_their_question_and_their_first_words(built, tmp_path):
    pages = built(GIT_DIR=str(tmp_path))  # no git remote either
    assert pages["index"]["description"] == "Why? Because of “this” &amp; that."
    assert pages["one"]["description"] == "What is it? First words."
    assert pages["two"]["description"] == pages["index"]["description"]
    assert (pages["one"]["og:title"], pages["one"]["og:site_name"]) == ("One", "The book")
    assert (pages["index"]["og:type"], pages["one"]["og:type"]) == ("website", "article")


def test_without_an_address_nothing_is_said_that_needs_one(built, tmp_path):
    for said in built(GIT_DIR=str(tmp_path)).values():
        assert said["twitter:card"] == "summary"
        assert not {"canonical", "og:url", "og:image"} & said.keys()
    assert not (tmp_path / "out" / "sitemap.xml").exists()
    assert not (tmp_path / "out" / found.CARDS).exists()


def test_with_an_address_a_page_has_its_own_and_its_picture(built, tmp_path):
    pages = built(BOOK_REPOSITORY="some-one/book")
    base = "https://some-one.github.io/book/"
    for page, place, picture, alt in [
        ("index", "", "front", "The front"),
        ("one", "one.html", "one", "One drawn"),
        ("two", "two.html", "front", "The front"),
    ]:
        said = pages[page]
        assert said["canonical"] == said["og:url"] == base + place
        assert (said["og:image"], said["og:image:alt"]) == (f"{base}cards/{picture}.png", alt)
        assert said["twitter:card"] == "summary_large_image"
        with Image.open(tmp_path / "out" / "cards" / f"{picture}.png") as drawn:
            assert drawn.size == (found.WIDTH, found.HEIGHT)
    listed = ElementTree.parse(tmp_path / "out" / "sitemap.xml").getroot()
    assert [place.text for place in listed.findall(".//{*}loc")] == [base, f"{base}one.html", f"{base}two.html"]
