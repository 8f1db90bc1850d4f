"""What several test files share: a browser, and the built book, from a server and from the disk."""

import os

import pytest

from _extensions import offline


@pytest.fixture(scope="session")
def browser():
    if offline.CHROMIUM is None:
        if os.environ.get("BROWSER_REQUIRED"):
            pytest.fail("BROWSER_REQUIRED is set, and no Chromium is on the PATH")
        pytest.skip("no Chromium on the PATH: THE PAGES WERE NOT OPENED IN A BROWSER")
    with offline.chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def online():
    with offline.served(offline.HTML) as address:
        yield address


@pytest.fixture(scope="session")
def disk():
    return offline.HTML.as_uri() + "/"
