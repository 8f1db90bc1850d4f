"""The book to take away: one PDF, and a zip of its pages, both written to ``_build/downloads`` (``make pdf``).

A Chromium, found on the PATH, prints the PDF: the articles of all pages, joined in one by ``pdf.js``, so that a link
from chapter to chapter stays a link.
"""

import io
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from tools.book import BUILD, HTML
from tools.browser import CHROMIUM, chromium, served
from tools.downloads import DOWNLOADS, NAME
from tools.found import SUBTITLE
from tools.release import version

JOIN = Path(__file__).with_name("pdf.js").read_text(encoding="utf-8")
PAGE_NUMBER = (
    """<p style="width: 100%; font: 8px sans-serif; text-align: center"><span class="pageNumber"></span></p>"""
)


EDITION = [SUBTITLE, "The One by One authors", f"Version {version()}"]
# What the contents lead to, in their order; and the numbers of the pages, put in beside each.
LINKED = """[...document.querySelectorAll(".printed-contents a")].map(
    (a) => decodeURIComponent(a.hash.slice(1)))"""
NUMBER = """(numbers) => document.querySelectorAll(".printed-contents .page-number").forEach(
    (place, k) => { place.textContent = numbers[k]; })"""


def pdf(browser: Browser, html: Path) -> bytes:
    """The pages built in ``html`` as one PDF: title page, contents, outline, page numbers, and every answer open."""
    with served(html) as address:
        page = browser.new_page(color_scheme="light")
        page.goto(address + "index.html")
        page.wait_for_load_state("networkidle")
        page.evaluate(JOIN, EDITION)
        first = PdfReader(io.BytesIO(_print(page)))
        places = first.named_destinations
        pages = [first.get_destination_page_number(places[f"/{place}"]) for place in page.evaluate(LINKED)]
        page.evaluate(NUMBER, [f"{number + 1}" for number in pages if number is not None])
        printed = _print(page)
        page.close()
    return printed


def _print(page: Page) -> bytes:
    return page.pdf(
        format="A4",
        margin={"top": "16mm", "bottom": "18mm", "left": "18mm", "right": "18mm"},
        display_header_footer=True,
        header_template="<p></p>",
        footer_template=PAGE_NUMBER,
        outline=True,
        tagged=True,
        print_background=True,
    )


def main() -> None:
    """Make both, and say where they are."""
    if CHROMIUM is None:
        sys.exit("make pdf: no Chromium on the PATH")
    DOWNLOADS.mkdir(exist_ok=True)
    with chromium() as browser:
        (DOWNLOADS / f"{NAME}.pdf").write_bytes(pdf(browser, HTML))
    shutil.make_archive(str(DOWNLOADS / NAME), "zip", root_dir=BUILD, base_dir=HTML.name)
    for file in sorted(DOWNLOADS.iterdir()):
        print(f"{file.stat().st_size / 1e6:5.1f} MB  {file}")


if __name__ == "__main__":
    main()
