"""What several test files share: a browser, and the built book, from a server and from the disk."""

import os

import pytest

from tools import browser as tool
from tools.book import HTML


@pytest.fixture(scope="session")
def browser():
    if tool.CHROMIUM is None:
        if os.environ.get("BROWSER_REQUIRED"):
            pytest.fail("BROWSER_REQUIRED is set, and no Chromium is on the PATH")
        pytest.skip("no Chromium on the PATH: THE PAGES WERE NOT OPENED IN A BROWSER")
    with tool.chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def online():
    with tool.served(HTML) as address:
        yield address


@pytest.fixture(scope="session")
def disk():
    return HTML.as_uri() + "/"
