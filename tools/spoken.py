"""What a page says to whoever listens to it: names for what has none, or the same one as its neighbour.

Nothing of this is seen. The theme and the extensions leave it out, so it is put into their pages when these are done.
"""

import re

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

TAG = re.compile(r"<[^>]*>")
HEADER = re.compile(r'<th scope="col">([^<]+)</th>')
NAMED = {
    '<div class="cell_input ': '<div role="group" aria-label="Code" class="cell_input ',
    '<div class="cell_output ': '<div role="group" aria-label="Output" class="cell_output ',
    '<nav class="bd-toc-nav ': '<nav aria-label="On this page" class="bd-toc-nav ',
    '<div class="prev-next-area"': '<div role="navigation" aria-label="Previous and next page" class="prev-next-area"',
    '<a class="current reference internal"': '<a aria-current="page" class="current reference internal"',
    '<th class="head">': '<th scope="col" class="head">',
    '<tr><th scope="col"></th>': "<tr><td></td>",  # of the names of the rows
    '<th scope="col"></th>': '<th scope="col" aria-label="told apart?"></th>',  # of "ahead", behind a number
}
RULES = [
    (re.compile(r'<(i|span) (?=class="[^"]*\bfa-)'), r'<\1 aria-hidden="true" '),  # icons, which are letters of a font
    (re.compile(r'(<button class="sidebar-toggle [^>]*title="([^"]*)")'), r'\1 aria-label="\2"'),
    (re.compile(r'<div (class="sd-card-title [^>]*>\s*<a)'), r'<div role="heading" aria-level="3" \1'),
    (re.compile(r'(<a class="reference external" href="https?://(?:www\.)?([^/"]+)[^>]*)>(\d+)</a>'),
     r'\1 aria-label="\3, \2">\3</a>'),
]  # fmt: skip
CLAIMS = re.compile(r'<h\d>(.*?)<a class="headerlink"|<table class="table">(?=(.*?)</thead>)(.*?)</table>', re.DOTALL)
CELL = re.compile(r"<td>(.*?)</td>", re.DOTALL)


def spoken(page: str) -> str:
    """A finished page with these names."""
    for old, new in NAMED.items():
        page = page.replace(old, new)
    for pattern, replacement in RULES:
        page = pattern.sub(replacement, page)
    return with_claims_named(page)


def with_claims_named(page: str) -> str:
    """The page with each table of claims called as its section is, and with each claim as the header of its row."""
    section = ""

    def one(match: re.Match[str]) -> str:
        nonlocal section
        if match[1] is not None:
            section = TAG.sub("", match[1])
            return match[0]
        columns = re.findall(r"<th [^>]*>(?:<p>)?(.*?)(?:</p>)?</th>", match[2])
        if "Claim" not in columns:
            return match[0]
        place = columns.index("Claim")

        def row(cells: re.Match[str]) -> str:
            found = list(CELL.finditer(cells[0]))
            if len(found) <= place:
                return cells[0]
            start, end = found[place].span()
            return f'{cells[0][:start]}<th scope="row" class="claim">{found[place][1]}</th>{cells[0][end:]}'

        table = re.sub(r"<tr\b.*?</tr>", row, match[0], flags=re.DOTALL)
        return table.replace("<table ", f'<table aria-label="{section}" ', 1)

    return CLAIMS.sub(one, page)


def made(cell: nodes.Element, numbers: dict[str, tuple[int, ...]]) -> str:
    """What a cell shows, in words: its figure, or the first headers of its table. Empty if it shows neither."""
    for figure in cell.findall(nodes.figure):
        for name in figure["ids"]:
            if name in numbers:
                return f"of Fig. {'.'.join(map(str, numbers[name]))}"
    for output in cell.findall(nodes.raw):
        if headers := HEADER.findall(output.astext()):
            return f"of the table: {', '.join(headers[:3])}"
    return ""


def open_code(writer: HTML5Translator, node: HideCodeCellNode) -> None:
    """A fold that is called by the words on it, and by what its code makes."""
    of = made(node.parent, writer.builder.fignumbers.get("figure", {}))
    writer.body.append(
        f'<details class="admonition hide {" ".join(node["classes"])}">\n<summary>\n'
        f'<p class="collapsed admonition-title">{node["prompt_show"]}</p>\n'
        f'<p class="expanded admonition-title">{node["prompt_hide"]}</p>\n'
        + (f'<span class="visually-hidden">{of}</span>\n' if of else "")
        + "</summary>\n"
    )


def close_code(writer: HTML5Translator, _node: HideCodeCellNode) -> None:
    writer.body.append("</details>\n")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_node(HideCodeCellNode, override=True, html=(open_code, close_code))
    return {"parallel_read_safe": True}
