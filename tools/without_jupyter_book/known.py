"""What the page tests find different there, as a plugin of pytest for ``make test-newest-pages``.

Each test named here is reported as an expected failure. One that passes after all fails the run: take it out.
"""

import pytest

KNOWN = {
    "test_a_phone_has_a_menu_and_whole_figures": (
        "the menu does not open: sphinx-book-theme 1.4 shows a button of its own, and pydata-sphinx-theme 0.20 listens "
        "to the first on the page, which is hidden"
    ),
    "test_the_chosen_theme_stays_from_page_to_page": "the switch between light and dark has become a menu",
    "test_the_outline_has_the_chapters_in_order_and_their_sections": (
        "in the outline of the PDF, headings that Chromium moves to the next page stand twice"
    ),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Called by pytest."""
    for name, reason in KNOWN.items():
        found = [item for item in items if getattr(item, "originalname", None) == name]
        if not found:
            raise pytest.UsageError(f"{__name__}: no test is called {name}")
        for item in found:
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
