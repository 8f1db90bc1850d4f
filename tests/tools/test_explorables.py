"""Explorables on the built pages: what a notebook's output carries is dropped, and files are asked for where needed."""

import re

import nbformat
import pytest

from tools.book import chapters, read
from tools.explorables import ELEMENT, bare, explorables, lean

CARRIED = '<style class="explorable-code">a{}</style>\n'
INSIDE = f'{ELEMENT}kind="x" name="explore-x" label="An x">\n<script type="application/json">{{}}</script>\n'
HTML = f'{CARRIED}{INSIDE}<div class="still"><svg/></div>\n</one-explorable>\n'
HTML += '<script class="explorable-code">\nlet carried = "<b>";\n</script>'


def notebook(html):
    output = nbformat.v4.new_output("execute_result", {"text/html": html, "text/plain": "x"}, execution_count=1)
    cell = nbformat.v4.new_code_cell("x()", execution_count=1, outputs=[output])
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# One"), cell])


@pytest.fixture(scope="module")
def built(tmp_path_factory, sphinx):
    folder = tmp_path_factory.mktemp("book")
    nbformat.write(notebook(HTML), folder / "with.ipynb")
    nbformat.write(notebook("<table></table>"), folder / "without.ipynb")
    front = "# Front\n\n```{toctree}\n:glob:\n*\n```\n\n```{explorable} channel_convolution explore-stepper\n```\n"
    (folder / "index.md").write_text(front, encoding="utf-8")
    (folder / "wrong.md").write_text("# Wrong\n\n```{explorable} resnet explore-none\n```\n", encoding="utf-8")
    configuration = """
extensions, nb_execution_mode = ["myst_nb", "tools.explorables"], "off"
html_css_files, html_js_files = ["explorables.css", "other.css"], ["explorables.js", "other.js"]
"""
    complaints = sphinx(folder, configuration)
    names = ("index", "with", "without")
    return {name: (folder / "out" / f"{name}.html").read_text(encoding="utf-8") for name in names}, complaints


def test_only_what_is_carried_is_dropped():
    assert bare(HTML) == f'{INSIDE}<div class="still"><svg/></div>\n</one-explorable>\n'
    assert bare("<style>a{}</style><script>b()</script>") == "<style>a{}</style><script>b()</script>"


def test_the_pages_go_without_comments():
    assert lean("// One.\nlet a = {}; // two\n\n  // Three.\n  f(\n    'b://c',\n  )\n") == "let a = {};f('b://c',)\n"


def test_a_page_with_an_explorable_asks_for_the_files_and_carries_none(built):
    page = built[0]["with"]
    assert INSIDE in page
    assert "explorable-code" not in page
    assert "carried" not in page
    assert len(re.findall(r"_static/(explorables|other)\.(?:js|css)", page)) == 4


def test_a_page_without_one_asks_for_neither(built):
    assert re.findall(r"_static/(explorables|other)\.(?:js|css)", built[0]["without"]) == ["other", "other"]


def test_one_of_a_chapter_can_be_shown_on_another_page(built):
    pages, complaints = built
    (path,) = [path for path in chapters() if path.stem == "channel_convolution"]
    assert bare(explorables(read(path))["explore-stepper"][1]) in pages["index"]
    assert "explorables.js" in pages["index"]
    assert "explorable: expected one of resnet, [" in complaints
    assert "got 'explore-none'" in complaints
