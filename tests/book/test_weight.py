"""What each kind of page costs a reader with a phone on a slow line."""

import pytest

from tools.book import lessons
from tools.browser import PAGES
from tools.weight import cost

KINDS = [
    "index.html",
    *[f"chapters/{path.stem}.html" for path in lessons()],
    *[f"chapters/{name}.html" for name in ("claims", "glossary", "lib", "questions", "references")],
    "search.html",
    "genindex.html",
    next((page for page in PAGES if page.startswith("_modules/lib")), "_modules/lib/convolution.html"),
]
KILOBYTES = 250  # compressed, without figures
WITH_FIGURES = 600  # of chapter 1, where most readers begin
REQUESTS = 15
SHIFT = 0.02  # of the screen


@pytest.mark.parametrize("page", KINDS)
def test_a_page_is_light_and_comes_at_once_and_stays_where_it_is(browser, online, page):
    found = cost(browser, online, page)
    assert found.bytes < 1000 * KILOBYTES
    assert found.requests <= REQUESTS
    assert [name.partition("?")[0] for name in found.blocking] == ["pages.css"]
    assert found.shift <= SHIFT
    if page == f"chapters/{lessons()[0].stem}.html":
        assert found.bytes + found.figures < 1000 * WITH_FIGURES
