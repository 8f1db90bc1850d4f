"""The built pages in a real browser: what one visit meets."""

import functools
import gzip
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Error, Page, Request, Response, sync_playwright

from tools.book import HTML

Scheme = Literal["light", "dark"]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]  # ask nothing of the network
PAGES = sorted(p.relative_to(HTML).as_posix() for p in HTML.rglob("*.html") if "_static" not in p.parts)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which the files of ``folder`` are served."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window. There must be a ``CHROMIUM``."""
    with sync_playwright() as play:
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # else it does not start
        browser = play.chromium.launch(executable_path=CHROMIUM, args=[*root, "--disable-gpu", *QUIET])
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that is open, and what its browser has noticed."""

    tab: Page
    errors: list[str] = field(default_factory=list)
    leaving: list[str] = field(default_factory=list)  # addresses asked for beyond the book's
    bytes: dict[str, int] = field(default_factory=dict)  # from a server, by address, compressed as it would

    def weight(self) -> tuple[int, int]:
        """Bytes of the page without its figures, and of the figures."""
        figures = sum(size for address, size in self.bytes.items() if "/_images/" in address)
        return sum(self.bytes.values()) - figures, figures


@contextmanager
def visit(browser: Browser, address: str, page: str, width: int = 1400, scheme: Scheme = "light") -> Iterator[Visit]:
    """Open ``page`` of the book at ``address`` and wait until all of it, with the font of its formulas, is there."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    seen = Visit(context.new_page())

    def weigh(response: Response) -> None:
        with suppress(Error):  # a preloaded file has no body of its own
            seen.bytes[response.url] = len(gzip.compress(response.body()))

    on_disk = address.startswith("file:")

    seen.tab.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
    seen.tab.on("pageerror", lambda error: seen.errors.append(str(error)))

    def complain(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # as what a page still asks for when it is left
            seen.errors.append(f"{request.url}: {request.failure}")

    seen.tab.on("requestfailed", complain)
    own = (address, "data:")
    seen.tab.on("request", lambda request: None if request.url.startswith(own) else seen.leaving.append(request.url))
    if not on_disk:
        seen.tab.on("response", weigh)
    seen.tab.goto(address + page)
    if not on_disk:  # what is asked for late is noticed, too
        seen.tab.wait_for_load_state("networkidle")
    seen.tab.evaluate("document.fonts.ready")
    yield seen
    context.close()
