"""The built book as readers meet it: what the files say, and what a browser makes of them."""

import functools
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tools.book import HTML, chapters, contents, lessons, numbers, question, read
from tools.browser import PAGES, visit
from tools.code_lines import BLOCK, TAG
from tools.found import LONGEST, address
from tools.launch import launch_buttons, repository
from tools.reference import imported, public
from tools.release import published

LIGHT_ENOUGH = 250_000  # bytes, compressed, of a page without its figures


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


@functools.cache
def places(page: Path) -> set[str | None]:
    """What a link to the page can lead to."""
    return {attributes.get("id") for _, attributes in elements(page)}


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


def test_the_pages_have_the_buttons_of_this_repository_or_none():
    address = repository()
    for path in chapters():
        page = (HTML / "chapters" / f"{path.stem}.html").read_text(encoding="utf-8")
        expected = [button["url"] for button in launch_buttons(address, f"chapters/{path.stem}")] if address else []
        assert re.findall(r'href="(https://(?:mybinder|colab|www\.kaggle)[^"]*)"', page) == expected
        assert (HTML / "_sources" / "chapters" / path.name).is_file()  # what gh-pages will hold at that place
    assert ("the rocket at the top" in (HTML / "index.html").read_text(encoding="utf-8")) == bool(address)


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


@pytest.mark.parametrize(
    "function", [thing for thing in public() if callable(thing)], ids=lambda function: function.__qualname__
)
def test_everything_public_has_an_entry_with_its_source_and_its_places_in_the_book(pages, function):
    name = f"{function.__module__}.{function.__qualname__}"
    entry = (HTML / "chapters" / "lib.html").read_text(encoding="utf-8").partition(f'id="{name}"')[2]
    assert f'href="../_modules/lib/{name.split(".")[1]}.html#' in entry.split("</dt>")[0]
    in_the_book = entry.split('<dt class="sig')[0].partition("In the book:")[2].split("</p>")[0]
    for chapter, (names, text) in pages.items():
        assert (f'href="lib.html#{name}"' in text) == (name in names)
        if name in names:
            assert f'href="{chapter}.html#' in in_the_book
    for number, chapter in re.findall(r'chapter (\d+), <a [^>]*href="(\w+)\.html', in_the_book):
        assert numbers()[chapter] == int(number)


@pytest.mark.parametrize("page", [path.stem for path in chapters()])
def test_no_element_of_a_built_page_reaches_over_two_lines(page):
    text = (HTML / "chapters" / f"{page}.html").read_text(encoding="utf-8")
    blocks = BLOCK.findall(re.sub(r"<pre [^>]*>", "<pre>", text))  # tools.light_pages gives blocks a class
    assert len(blocks) > 3
    for _, code, _ in blocks:
        for line in code.split("\n"):
            assert line.count("<span") + line.count("<a ") == line.count("</span>") + line.count("</a>"), line
            assert not TAG.sub("", line).strip() or re.search('<span class="line"', line), line


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_nothing_of_the_network_and_names_every_picture(page):
    for tag, attributes in elements(HTML / page):
        if attributes.get("rel") == "canonical":  # its own address, which nothing fetches
            continue
        source = attributes.get("src", "") if tag != "link" else attributes.get("href", "")
        assert not re.match(r"(https?:)?//", source), f"<{tag}> fetches {source}"
        if tag == "img":
            ornament = "sd-card-img-top" in attributes.get("class", "")  # of a card, whose figure speaks in the chapter
            assert bool(attributes["alt"].strip()) != ornament, f"no alt text, or one too many: {attributes}"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_gives_names_to_its_parts(page):
    found = elements(HTML / page)
    for tag, attributes in found:
        name = attributes.get("aria-label") or attributes.get("aria-labelledby")
        assert name or (tag != "nav" and attributes.get("role") != "navigation"), attributes
        assert name or "sidebar-toggle" not in attributes.get("class", "") or tag != "button", attributes
        assert name or tag != "th" or attributes.get("scope"), attributes
        assert "aria-hidden" in attributes or " fa-" not in attributes.get("class", ""), attributes
    current = sum(attributes.get("aria-current") == "page" for _, attributes in found)
    assert current == (page in WORDED and page != "index.html")


def said(page):
    """What the head of a page says of it, by name."""
    metas = [attributes for tag, attributes in elements(HTML / page) if tag == "meta"]
    return {meta.get("name") or meta.get("property"): meta.get("content") for meta in metas}


WORDED = [f"{page}.html" for page, _ in contents()]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_describes_itself(page):
    about = said(page)
    assert 20 <= len(about["description"]) <= LONGEST
    assert about["og:description"] == about["description"]
    assert about["og:title"]
    if page in WORDED:
        assert page in [other for other in WORDED if said(other)["description"] == about["description"]][:1]


@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_a_chapter_is_described_by_its_question(path):
    asked = question(read(path)).replace("'", "’")
    assert said(f"chapters/{path.stem}.html")["description"].startswith(asked)


def test_the_pages_have_the_address_of_this_repository_or_none():
    base = address(repository()) if repository() else None
    for page in PAGES:
        links = [attributes["href"] for _, attributes in elements(HTML / page) if attributes.get("rel") == "canonical"]
        assert links == ([base + page.removeprefix("index.html")] if base else [])
        image = said(page).get("og:image")
        assert bool(image) == bool(base)
        assert not base or (HTML / image.removeprefix(base)).is_file()
    listed = (HTML / "sitemap.xml").read_text(encoding="utf-8") if base else ""
    assert all((f"<loc>{base}{page.removeprefix('index.html')}</loc>" in listed) == bool(base) for page in WORDED)


@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_every_figure_of_a_chapter_reaches_its_page_with_its_words(path):
    page = HTML / "chapters" / f"{path.stem}.html"
    text = page.read_text(encoding="utf-8")
    drawn = [cell.metadata.mystnb for cell in read(path).cells if "figure" in cell.metadata.get("mystnb", {})]
    alts = [attributes["alt"] for tag, attributes in elements(page) if tag == "img"]
    labels = {attributes["name"]: attributes["label"] for tag, attributes in elements(page) if tag == "one-explorable"}
    assert drawn
    for figure in drawn:
        assert labels.get(figure.figure.name) if "image" not in figure else figure.image.alt in alts
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
            assert unquote(link.fragment) in places(target), f"{link.geturl()}: no such place"


def test_every_address_that_was_ever_published_still_leads_somewhere():
    dead = []
    for place in sorted(published()):
        page, _, label = place.partition("#")
        if label not in places(HTML / page):
            dead.append(place)
    assert not dead, f"put these labels on the nearest text that says the same: {dead}"


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
# The theme lets the keyboard reach what scrolls, a moment after it was opened.
REACHABLE = """() => [...document.querySelectorAll("pre, .formula, .cell_output > .output")].every(
    wide => getComputedStyle(wide).contentVisibility === "visible"
        && (wide.scrollWidth <= wide.clientWidth || !wide.checkVisibility() || wide.tabIndex === 0))"""
# Most elements of a page are words of code. Of each kind of word, by its classes and those around it, one block stays.
MARK_ALIKE = """() => {
    const met = new Set();
    for (const pre of document.querySelectorAll("pre")) {
        const around = pre.closest("div.cell_input, div.cell_output")?.className;
        const kinds = [...pre.querySelectorAll("*")].map(word => `${around} ${word.tagName} ${word.className}`);
        if (kinds.every(kind => met.has(kind))) pre.dataset.alike = "";
        kinds.forEach(kind => met.add(kind));
    }
}"""
# A browser keeps room in a line for the widest form of a sign that grows.
LOOSE = """() => [...document.querySelectorAll("math:not([display]), msqrt")].filter(whole => whole.checkVisibility()
    && whole.getBoundingClientRect().right - whole.lastElementChild.getBoundingClientRect().right > 2)
    .map(whole => whole.textContent)"""
VISITED = [page for page in PAGES if "_modules" not in page or "network_in" in page]  # of pages of source code, one


def assert_whole(seen, scheme):
    """Nothing broken, nothing wider than the screen, and words that stand out, in the colours asked for."""
    broken = seen.tab.evaluate("[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)")
    assert (seen.errors, seen.leaving, broken) == ([], [], [])
    assert seen.tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert seen.tab.evaluate("document.documentElement.dataset.theme") == scheme
    assert seen.tab.evaluate(CONTRAST) > 7
    assert seen.tab.evaluate(LOOSE) == []


def assert_accessible(seen):
    """Axe finds nothing grave, with every answer open, and the button shown that leads back to the top."""
    seen.tab.evaluate(OPEN_ALL)
    seen.tab.wait_for_function(REACHABLE)
    seen.tab.evaluate("scrollBy(0, -300)")
    seen.tab.evaluate(MARK_ALIKE)
    found = Axe().run(seen.tab, {"exclude": [["pre[data-alike] *"]]}, {"resultTypes": ["violations"]})
    grave = [rule for rule in found.response["violations"] if rule["impact"] in ("serious", "critical")]
    assert {rule["id"]: rule["nodes"][0]["html"] for rule in grave} == {}


def assert_printable(seen):
    """On paper every line is whole, and dark on white; answers and solutions open by themselves."""
    seen.tab.set_viewport_size({"width": 700, "height": 900})  # A4 less its margins, in CSS pixels
    seen.tab.emulate_media(media="print", color_scheme="dark")
    seen.tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    cut = "[...document.querySelectorAll('article pre')].filter(e => e.scrollWidth > e.clientWidth).length"
    hidden = "[...document.querySelectorAll('article img, article pre')].filter(e => !e.checkVisibility()).length"
    assert seen.tab.evaluate(cut) == 0
    assert seen.tab.evaluate(hidden) == 0
    colour = seen.tab.locator("article p").first.evaluate("e => getComputedStyle(e).color")
    assert max(map(int, re.findall(r"\d+", colour)[:3])) < 80
    for part in (".bd-sidebar-primary", ".bd-sidebar-secondary", ".bd-header-article", ".toggle-button"):
        assert not seen.tab.locator(part).first.is_visible()
    seen.tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert seen.tab.evaluate("document.documentElement.dataset.theme") == "dark"
    seen.tab.emulate_media(media="screen", color_scheme="dark")


@pytest.mark.parametrize("page", VISITED)
def test_a_page_from_a_server(browser, online, page):
    with visit(browser, online, page) as seen:
        assert_whole(seen, "light")
        assert seen.weight()[0] < LIGHT_ENOUGH


@pytest.mark.parametrize("page", VISITED)
def test_a_page_from_the_disk(browser, disk, page):
    with visit(browser, disk, page, scheme="dark") as seen:
        assert_whole(seen, "dark")
        if page.removesuffix(".html") in dict(contents()):
            assert_printable(seen)
        seen.tab.set_viewport_size({"width": 1400, "height": 900})
        assert_accessible(seen)
        seen.tab.emulate_media(color_scheme="light")
        seen.tab.set_viewport_size({"width": 390, "height": 900})
        assert_accessible(seen)
    with visit(browser, disk, page, width=390) as seen:  # anew, since a phone's page has nothing open
        assert_whole(seen, "light")
