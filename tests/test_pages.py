"""The built book as readers meet it: what the files say, and what a browser makes of them."""

import functools
import http.server
import os
import re
import shutil
import threading
from html.parser import HTMLParser

import pytest
from playwright.sync_api import sync_playwright

from tests.notebooks import CHAPTERS, ROOT, read

HTML = ROOT / "_build" / "html"
PAGES = sorted(p.relative_to(HTML).as_posix() for p in HTML.rglob("*.html") if "_static" not in p.parts)
BOOK = [page for page in PAGES if page not in ("genindex.html", "search.html")]
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Elements(HTMLParser):
    """Every element of a page: its tag and its attributes."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def test_the_book_is_built_and_whole():
    assert "index.html" in PAGES, "build the book first: make book"
    assert {f"chapters/{path.stem}.html" for path in CHAPTERS} <= set(PAGES)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_download_button_serves_a_copy_that_stands_alone(path):
    page = Elements((HTML / "chapters" / f"{path.stem}.html").read_text(encoding="utf-8")).found
    links = [attributes.get("href", "") for tag, attributes in page if tag == "a"]
    served = HTML / "_sources" / "chapters" / path.name
    assert f"../_sources/chapters/{path.name}" in links
    assert read(served).cells[0].source.startswith("#@title The book's own code")
    assert len(read(served).cells) == len(read(path).cells) + 1


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_nothing_of_the_network_and_names_every_picture(page):
    for tag, attributes in Elements((HTML / page).read_text(encoding="utf-8")).found:
        source = attributes.get("src", "") if tag != "link" else attributes.get("href", "")
        assert not re.match(r"(https?:)?//", source), f"<{tag}> fetches {source}"
        if tag == "img":
            assert attributes.get("alt", "").strip(), f"no alt text: {attributes}"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_figure_of_a_chapter_reaches_its_page_with_its_words(path):
    text = (HTML / "chapters" / f"{path.stem}.html").read_text(encoding="utf-8")
    drawn = [cell.metadata.mystnb for cell in read(path).cells if "figure" in cell.metadata.get("mystnb", {})]
    alts = [attributes["alt"] for tag, attributes in Elements(text).found if tag == "img"]
    assert drawn
    for figure in drawn:
        assert figure.image.alt in alts
        assert f'id="{figure.figure.name}"' in text


@pytest.fixture(scope="module")
def browser():
    if BROWSER is None:
        if os.environ.get("BROWSER_REQUIRED"):
            pytest.fail("BROWSER_REQUIRED is set, and no Chromium is on the PATH")
        pytest.skip("no Chromium on the PATH: THE PAGES WERE NOT OPENED IN A BROWSER")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield browser
        browser.close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address():
    handler = functools.partial(Quiet, directory=str(HTML))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


CONTRAST = """() => {
    const channels = c => c.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const luminance = c => channels(c).reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0.05);
    const words = luminance(getComputedStyle(document.querySelector('main p')).color);
    const paper = luminance(getComputedStyle(document.body).backgroundColor);
    return Math.max(words, paper) / Math.min(words, paper);
}"""


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (1400, "dark"), (390, "light")])
@pytest.mark.parametrize("page", BOOK)
def test_a_page_in_a_browser(browser, address, page, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab, errors, leaving = context.new_page(), [], []
    tab.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("request", lambda request: leaving.append(request.url) if not request.url.startswith(address) else None)
    tab.goto(address + page)
    tab.wait_for_load_state("networkidle")
    raw = "[...document.querySelectorAll('main .math')].filter(m => !m.querySelector('mjx-container')).length"
    tab.wait_for_function(f"{raw} === 0")  # mathematics drawn, or a time-out here
    broken = tab.evaluate("[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)")
    sideways = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    shown = tab.evaluate("document.documentElement.dataset.theme")
    contrast = tab.evaluate(CONTRAST)
    context.close()
    assert (errors, [url for url in leaving if not url.startswith("data:")], broken) == ([], [], [])
    assert sideways == 0
    assert shown == scheme
    assert contrast > 7
