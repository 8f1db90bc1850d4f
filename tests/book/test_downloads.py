"""The PDF of the whole book, and how the front page comes to offer it."""

import io
import re
from types import SimpleNamespace

import pytest
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from tools import downloads
from tools.book import HTML, lessons, read, text, title
from tools.book import chapters as pages
from tools.pdf import pdf
from tools.release import version

pytestmark = pytest.mark.xdist_group("downloads")  # one worker, so that the PDF is made once


@pytest.fixture(scope="module")
def printed(browser):
    """The PDF: the one that `make pdf` has just made of these pages, else made now."""
    made = downloads.DOWNLOADS / f"{downloads.NAME}.pdf"  # `make book` takes it away
    return made.read_bytes() if made.exists() else pdf(browser, HTML)


@pytest.fixture(scope="module")
def book(printed):
    return PdfReader(io.BytesIO(printed))


def test_the_outline_has_the_chapters_in_order_and_their_sections(book):
    outline = book.outline
    chapters = [item.title for item in outline if not isinstance(item, list) and re.match(r"\d\. ", item.title)]
    headings = [title(read(path)) for path in lessons()]
    expected = [f"{number}. {heading}" for number, heading in enumerate(headings, 1)]
    squeeze = [title.replace(" ", "") for title in chapters]  # Chromium drops the space at which a title is broken
    assert squeeze == [title.replace(" ", "") for title in expected]
    sections = [item.title for part in outline if isinstance(part, list) for item in part if not isinstance(item, list)]
    assert sections.count("Claims, checked") == sum("## Claims, checked" in text(read(path)) for path in pages())


def test_a_title_page_with_the_version_comes_first_and_then_the_contents_with_true_page_numbers(book):
    title_page = book.pages[0].extract_text()
    assert "One by One" in title_page
    assert f"Version {version()}" in title_page
    contents = "".join((book.pages[1].extract_text() + book.pages[2].extract_text()).split())
    chapters = [item for item in book.outline if not isinstance(item, list)]
    for item in chapters[-len(list(pages())) :]:
        number = book.get_destination_page_number(item) + 1
        assert f"{''.join(item.title.split())}{number}" in contents


def test_no_page_is_empty(printed):
    assert all(page.get_textpage().count_chars() > 10 for page in PdfDocument(printed))


def test_every_answer_is_open_and_no_formula_is_left_as_source(printed):
    text = "\n".join(page.get_textpage().get_text_range() for page in PdfDocument(printed))
    assert text.count("Solution to") > 20
    assert text.count("Right:") > 20  # printed by the cells of solutions
    assert "the answer\r\n" not in text  # "Show", or "Hide", which nobody can
    assert r"\(" not in text
    assert r"\mathrm" not in text


def test_links_lead_within_the_book_or_to_the_world(book):
    annotations = [a.get_object() for page in book.pages for a in page.get("/Annots", []) or []]
    links = [a for a in annotations if a.get("/Subtype") == "/Link"]
    addresses = {a["/A"]["/URI"] for a in links if "/A" in a and "/URI" in a["/A"]}
    inner = [a for a in links if "/Dest" in a or "/D" in a.get("/A", {})]
    assert len(inner) > 500
    assert addresses
    assert all(re.match(r"https?://(?!127\.0\.0\.1|localhost)", address) for address in addresses)


def test_what_was_made_is_put_beside_the_front_page_and_nothing_else(tmp_path, monkeypatch):
    made, html, tags, hooks = tmp_path / "downloads", tmp_path / "html", set(), {}
    html.mkdir()
    monkeypatch.setattr(downloads, "DOWNLOADS", made)
    app = SimpleNamespace(outdir=html, tags=tags, connect=hooks.__setitem__)
    downloads.setup(app)
    assert not tags
    made.mkdir()
    for name in ("one_by_one.pdf", "one_by_one.zip", "notes.txt"):
        (made / name).write_text(name)
    downloads.setup(app)
    assert tags == {"downloads"}
    hooks["build-finished"](app, RuntimeError("the build failed"))
    assert not list(html.iterdir())
    hooks["build-finished"](app, None)
    assert sorted(file.name for file in html.iterdir()) == ["one_by_one.pdf", "one_by_one.zip"]
