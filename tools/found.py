"""How the pages are found, and what a link to one shows where it is shared.

Each page describes itself: by the bold question of its introduction and by what it says first. Where the repository
has an address on GitHub (``tools.launch``), the pages have one on GitHub Pages, and then each names it, a sitemap lists
all that have words, and a link that is shared shows a picture: the page's own on the front page, as a PNG, since the
places where links are shared draw no SVG.
"""

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from matplotlib import get_data_path
from resvg_py import svg_to_bytes
from sphinx.application import Sphinx
from sphinx.config import Config

from tools.book import ROOT
from tools.cards import PICTURES

SUBTITLE = "Executable lessons on the 1×1 convolution"  # of the book, in the front page's title and on paper
LONGEST = 220  # letters, of which a list of results shows some 160
WIDTH, HEIGHT, MARGIN = 1200, 630, 50  # of a picture, in pixels: what the places where links are shared ask for
CARDS = "cards"  # beside the pages
SENTENCES = re.compile(r"(?<=[.?!])(?<!et al\.)\s+")
FONTS = Path(get_data_path(), "fonts", "ttf")  # figures are drawn with these


def address(repository: str) -> str:
    """Where GitHub Pages shows what a repository, "owner/name", publishes."""
    owner, name = repository.split("/")
    site = f"{owner.lower()}.github.io"
    return f"https://{site}/" if name.lower() == site else f"https://{site}/{name}/"


def introduction(page: nodes.document) -> Iterator[nodes.paragraph]:
    """The paragraphs of a page before its first section, less those in lists, boxes and the like."""
    plain = (nodes.document, nodes.section, nodes.container)
    for paragraph in page.findall(nodes.paragraph):
        around, sections = paragraph.parent, 0
        while isinstance(around, plain):
            sections += isinstance(around, nodes.section)
            around = around.parent
        if around is None and sections <= 1:
            yield paragraph


def description(page: nodes.document) -> str:
    """What a page says of itself: its question, if it has one, then its first sentences. Empty if it has no words."""
    paragraphs = list(introduction(page))
    bold = [strong.astext() for paragraph in paragraphs for strong in paragraph.findall(nodes.strong)]
    question = next((words for words in bold if words.endswith("?")), "")
    answers = [paragraph.astext() for paragraph in paragraphs if not question or question not in paragraph.astext()]
    return shortened(question, " ".join(answers[:1]))


def shortened(question: str, answer: str) -> str:
    """As many whole sentences as have room, and a part of one where there would be none. A formula ends it, too."""
    said = question
    for sentence in SENTENCES.split(" ".join(answer.split())):
        longer = f"{said} {sentence}".strip()
        if "\\" in sentence or len(longer) > LONGEST:
            break
        said = longer
    if said == question and len(answer) > LONGEST - len(said):
        said = f"{said} {answer}".strip()[:LONGEST].rpartition(" ")[0] + "…"
    return said


def of_a_module(page: str) -> str:
    """The first paragraph of the docstring of a module whose source is a page."""
    file = ROOT / f"{page.removeprefix('_modules/')}.py"
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) if file.is_file() else None
    return (docstring or "").partition("\n\n")[0].replace("``", "").replace("\n", " ")


def pictures(front: nodes.document, sources: Path) -> dict[str, tuple[Path, str]]:
    """The file and the alt text of the pictures of the front page, by the chapter that each leads to, or else ""."""
    found: dict[str, tuple[Path, str]] = {}
    for image in front.findall(nodes.image):
        file = sources / image["uri"]
        of_chapter = Path(image["uri"]).parent.as_posix() == PICTURES
        if file.suffix == ".svg":
            found.setdefault(file.stem if of_chapter else "", (file, image.get("alt", "")))
    return found


def png(svg: str) -> bytes:
    """A drawing as a picture of the size and the shape that shared links have, on white."""
    _, opening, inside = re.split(r"(<svg\b[^>]*>)", svg, maxsplit=1)
    opening = re.sub(r'\s(?:width|height)="[^"]*"', "", opening)
    place = f'x="{MARGIN}" y="{MARGIN}" width="{WIDTH - 2 * MARGIN}" height="{HEIGHT - 2 * MARGIN}"'
    whole = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
    whole += (
        f'<rect width="100%" height="100%" fill="white"/>{opening.replace("<svg", f"<svg {place}", 1)}{inside}</svg>'
    )
    fonts = [str(FONTS / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")]
    return bytes(
        svg_to_bytes(svg_string=whole, font_files=fonts, skip_system_fonts=True, sans_serif_family="DejaVu Sans")
    )


def know_the_address(_app: Sphinx, config: Config) -> None:
    """Sphinx itself names the address of each page in it, once it knows where they all are."""
    if config.book_repository:
        config.html_baseurl = address(config.book_repository)


def describe(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Put into the head of a page what it says of itself."""
    title = html.unescape(re.sub("<[^>]*>", "", context.get("title", ""))) or app.config.html_title
    root = app.env.get_doctree(app.config.root_doc)
    said = (description(doctree) if doctree else of_a_module(page)) or description(root)
    front = page == app.config.root_doc
    if front:  # else it would be called "One by One — One by One"
        context["title"] = SUBTITLE
    shown = {
        "og:site_name": app.config.html_title,
        "og:type": "website" if front else "article",
        "og:title": title,
        "og:description": said,
    }
    if base := app.config.html_baseurl:
        context["pageurl"] = base if front else f"{base}{page}.html"
        shown["og:url"] = context["pageurl"]
        known = pictures(root, Path(app.srcdir))
        name = Path(page).name if Path(page).name in known else ""
        if name in known:
            shown["og:image"] = f"{base}{CARDS}/{known[name][0].stem}.png"
            shown["og:image:width"], shown["og:image:height"] = str(WIDTH), str(HEIGHT)
            shown["og:image:alt"] = known[name][1]
    named = {"description": said, "twitter:card": "summary_large_image" if "og:image" in shown else "summary"}
    tags = [f'<meta name="{name}" content="{html.escape(value)}">' for name, value in named.items()]
    tags += [f'<meta property="{name}" content="{html.escape(value)}">' for name, value in shown.items() if value]
    context["metatags"] = context.get("metatags", "") + "\n".join(["", *tags, ""])


def draw_and_list(app: Sphinx, error: Exception | None) -> None:
    """Write the pictures and the sitemap, where the pages have an address."""
    base = app.config.html_baseurl
    if error is not None or not base or app.builder.name != "html":
        return
    folder = Path(app.outdir, CARDS)
    folder.mkdir(exist_ok=True)
    for file, _ in pictures(app.env.get_doctree(app.config.root_doc), Path(app.srcdir)).values():
        (folder / f"{file.stem}.png").write_bytes(png(file.read_text(encoding="utf-8")))
    pages = ["" if page == app.config.root_doc else f"{page}.html" for page in sorted(app.env.found_docs)]
    listed = "".join(f"<url><loc>{html.escape(base + page)}</loc></url>\n" for page in pages)
    sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{listed}</urlset>\n'
    (Path(app.outdir) / "sitemap.xml").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{sitemap}', encoding="utf-8"
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.setup_extension("tools.launch")
    app.connect("config-inited", know_the_address, priority=600)  # when tools.launch has found the repository
    app.connect("html-page-context", describe)
    app.connect("build-finished", draw_and_list)
    return {"parallel_read_safe": True}
