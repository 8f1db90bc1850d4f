"""The book to take away: one PDF, and a zip of its pages, both written to ``_build/downloads``.

``python _extensions/offline.py`` (``make pdf``) makes them from the built pages. A Chromium, found on the PATH, prints
the PDF: the articles of all pages, joined in one, so that a link from chapter to chapter stays a link. Once they are
made, a build copies them beside its front page, and sets the tag ``downloads``, with which that page speaks of them.
"""

import functools
import http.server
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from sphinx.application import Sphinx

BUILD = Path(__file__).resolve().parent.parent / "_build"
HTML = BUILD / "html"
DOWNLOADS = BUILD / "downloads"
NAME = "one_by_one"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]  # ask nothing of the network

# The pages in the order of the sidebar. Each one's identifiers get its number in front, as no two may be the same.
JOIN = """async () => {
    const entries = [...document.querySelectorAll("nav.bd-links a.reference.internal")];
    const pages = [...new Set(entries.map(entry => new URL(entry.href).pathname))];
    const place = address => {
        const page = pages.indexOf(address.pathname);
        if (page >= 0) return `#p${page}` + address.hash.replace("#", "-");
        return address.origin === location.origin ? "#p0" : address.href;
    };
    const articles = [];
    for (const [number, page] of pages.entries()) {
        const address = new URL(page, location);
        const text = await (await fetch(address)).text();
        const article = new DOMParser().parseFromString(text, "text/html").querySelector("article.bd-article");
        for (const e of article.querySelectorAll("[id]")) e.id = `p${number}-${encodeURIComponent(e.id)}`;
        for (const e of article.querySelectorAll("a[href]")) e.href = place(new URL(e.getAttribute("href"), address));
        for (const e of article.querySelectorAll("img")) e.src = new URL(e.getAttribute("src"), address).href;
        for (const e of article.querySelectorAll("details")) e.open = true;
        article.id = `p${number}`;
        articles.push(article);
    }
    document.querySelector("#jb-print-docs-body").remove();
    document.querySelector("article.bd-article").replaceWith(...articles);
    document.body.classList.add("whole-book");
    await MathJax.startup.promise;
    await MathJax.typesetPromise();
    await Promise.all([...document.images].map(image => image.decode()));
}"""
PAGE_NUMBER = (
    """<p style="width: 100%; font: 8px sans-serif; text-align: center"><span class="pageNumber"></span></p>"""
)


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
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", *QUIET])
        yield browser
        browser.close()


def pdf(browser: Browser, html: Path) -> bytes:
    """The pages built in ``html`` as one PDF, with an outline, page numbers, and every answer open."""
    with served(html) as address:
        page = browser.new_page(color_scheme="light")
        page.goto(address + "index.html")
        page.wait_for_load_state("networkidle")
        page.evaluate(JOIN)
        margins = {"top": "18mm", "bottom": "18mm", "left": "16mm", "right": "16mm"}
        header = {"header_template": "<p></p>", "footer_template": PAGE_NUMBER, "display_header_footer": True}
        printed = page.pdf(format="A4", margin=margins, outline=True, tagged=True, print_background=True, **header)
        page.close()
    return printed


def put_beside_the_front_page(app: Sphinx, error: Exception | None) -> None:
    """Copy what was made to the built pages."""
    if error is None:
        for file in DOWNLOADS.glob(f"{NAME}.*"):
            shutil.copy(file, app.outdir)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    if DOWNLOADS.exists():
        app.tags.add("downloads")
    app.connect("build-finished", put_beside_the_front_page)
    return {"parallel_read_safe": True}


if __name__ == "__main__":
    if CHROMIUM is None:
        sys.exit("make pdf: no Chromium on the PATH")
    DOWNLOADS.mkdir(exist_ok=True)
    with chromium() as browser:
        (DOWNLOADS / f"{NAME}.pdf").write_bytes(pdf(browser, HTML))
    shutil.make_archive(str(DOWNLOADS / NAME), "zip", root_dir=BUILD, base_dir=HTML.name)
    for file in sorted(DOWNLOADS.iterdir()):
        print(f"{file.stat().st_size / 1e6:5.1f} MB  {file}")
