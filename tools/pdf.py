"""The book to take away: one PDF, and a zip of its pages, both written to ``_build/downloads`` (``make pdf``).

A Chromium, found on the PATH, prints the PDF: the articles of all pages, joined in one by ``pdf.js``, so that a link
from chapter to chapter stays a link.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser

from tools.book import BUILD, HTML
from tools.browser import CHROMIUM, chromium, served
from tools.downloads import DOWNLOADS, NAME

JOIN = Path(__file__).with_name("pdf.js").read_text(encoding="utf-8")
PAGE_NUMBER = (
    """<p style="width: 100%; font: 8px sans-serif; text-align: center"><span class="pageNumber"></span></p>"""
)


def pdf(browser: Browser, html: Path) -> bytes:
    """The pages built in ``html`` as one PDF, with an outline, page numbers, and every answer open."""
    with served(html) as address:
        page = browser.new_page(color_scheme="light")
        page.goto(address + "index.html")
        page.wait_for_load_state("networkidle")
        page.evaluate(JOIN)
        printed = page.pdf(
            format="A4",
            margin={"top": "18mm", "bottom": "18mm", "left": "16mm", "right": "16mm"},
            display_header_footer=True,
            header_template="<p></p>",
            footer_template=PAGE_NUMBER,
            outline=True,
            tagged=True,
            print_background=True,
        )
        page.close()
    return printed


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
