"""The built book as readers meet it: what the files say, and what a browser makes of them."""

import functools
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from lib.figures import use_style
from tools.book import HTML, chapters, numbers, read
from tools.browser import PAGES, visit
from tools.reference import imported, public

LIGHT_ENOUGH = 1_000_000  # bytes, compressed, of a page without its figures


class Elements(HTMLParser):
    """Every element of a page: its tag and its attributes."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@functools.cache
def elements(page: Path) -> list[tuple[str, dict]]:
    return Elements(page.read_text(encoding="utf-8")).found


def test_the_book_is_built_and_whole():
    assert "index.html" in PAGES, "build the book first: make book"
    assert {f"chapters/{path.stem}.html" for path in chapters()} <= set(PAGES)


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_the_download_button_serves_a_copy_that_stands_alone(path):
    page = HTML / "chapters" / f"{path.stem}.html"
    links = [attributes.get("href", "") for tag, attributes in elements(page) if tag == "a"]
    served = HTML / "_sources" / "chapters" / path.name
    assert f"../_sources/chapters/{path.name}" in links
    assert read(served).cells[0].source.startswith("#@title The book's own code")
    assert len(read(served).cells) == len(read(path).cells) + 1


@pytest.fixture(scope="module")
def pages():
    """What each chapter imports from lib, and its page."""
    return {
        path.stem: (
            imported(read(path)).values(),
            (HTML / "chapters" / f"{path.stem}.html").read_text(encoding="utf-8"),
        )
        for path in chapters()
    }


@pytest.mark.parametrize("function", [thing for thing in public() if callable(thing)], ids=lambda function: function.__qualname__)
def test_everything_public_has_an_entry_with_its_source_and_its_places_in_the_book(pages, function):
    name = f"{function.__module__}.{function.__qualname__}"
    entry = (HTML / "chapters" / "lib.html").read_text(encoding="utf-8").partition(f'id="{name}"')[2]
    assert f'href="../_modules/lib/{name.split(".")[1]}.html#' in entry.split("</dt>")[0]
    in_the_book = entry.split('<dt class="sig')[0].partition("In the book:")[2].split("</p>")[0]
    for chapter, (names, text) in pages.items():
        assert (f'href="lib.html#{name}"' in text) == (name in names)
        if name in names and function is not use_style:  # that one is called before the first section
            assert f'href="{chapter}.html#' in in_the_book
    for number, chapter in re.findall(r'chapter (\d+), <a [^>]*href="(\w+)\.html', in_the_book):
        assert numbers()[chapter] == int(number)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_nothing_of_the_network_and_names_every_picture(page):
    for tag, attributes in elements(HTML / page):
        source = attributes.get("src", "") if tag != "link" else attributes.get("href", "")
        assert not re.match(r"(https?:)?//", source), f"<{tag}> fetches {source}"
        if tag == "img":
            assert attributes.get("alt", "").strip(), f"no alt text: {attributes}"


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_every_figure_of_a_chapter_reaches_its_page_with_its_words(path):
    page = HTML / "chapters" / f"{path.stem}.html"
    text = page.read_text(encoding="utf-8")
    drawn = [cell.metadata.mystnb for cell in read(path).cells if "figure" in cell.metadata.get("mystnb", {})]
    alts = [attributes["alt"] for tag, attributes in elements(page) if tag == "img"]
    assert drawn
    for figure in drawn:
        assert figure.image.alt in alts
        assert f'id="{figure.figure.name}"' in text


@pytest.mark.parametrize("page", PAGES)
def test_every_link_within_the_book_leads_somewhere(page):
    for tag, attributes in elements(HTML / page):
        link = urlsplit(attributes.get("href", ""))
        if tag != "a" or link.scheme or link.netloc:
            continue
        target = (HTML / page).parent.joinpath(unquote(link.path)).resolve() if link.path else HTML / page
        assert target.is_file(), f"{link.geturl()} leads nowhere"
        if link.fragment and target.suffix == ".html":
            places = {place.get("id") for _, place in elements(target)}
            assert unquote(link.fragment) in places, f"{link.geturl()}: no such place"


CONTRAST = """() => {
    const channels = c => c.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const luminance = c => channels(c).reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0.05);
    const words = luminance(getComputedStyle(document.querySelector('main p')).color);
    const paper = luminance(getComputedStyle(document.body).backgroundColor);
    return Math.max(words, paper) / Math.min(words, paper);
}"""


OPEN_ALL = """() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    for (const title of document.querySelectorAll(".solution > .admonition-title")) title.click();
    scrollTo(0, document.body.scrollHeight);
}"""


@pytest.mark.parametrize(
    ("source", "width", "scheme"), [("online", 1400, "light"), ("disk", 1400, "dark"), ("disk", 390, "light")]
)
@pytest.mark.parametrize("page", [page for page in PAGES if "_modules" not in page or "network_in" in page])
def test_a_page_in_a_browser(browser, request, page, source, width, scheme):
    with visit(browser, request.getfixturevalue(source), page, width, scheme) as seen:
        broken = seen.tab.evaluate("[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)")
        assert (seen.errors, seen.leaving, broken) == ([], [], [])
        assert seen.tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        assert seen.tab.evaluate("document.documentElement.dataset.theme") == scheme
        assert seen.tab.evaluate(CONTRAST) > 7
        assert seen.weight()[0] < LIGHT_ENOUGH
        seen.tab.evaluate(OPEN_ALL)
        seen.tab.wait_for_timeout(400)  # the theme waits 300 ms before it looks at what now scrolls
        seen.tab.evaluate("scrollBy(0, -300)")  # on the way up it offers to go back to the top
        seen.tab.wait_for_timeout(100)
        found = Axe().run(seen.tab).response["violations"]
        grave = {rule["id"]: rule["nodes"][0]["html"] for rule in found if rule["impact"] in ("serious", "critical")}
        assert grave == {}
