"""Pages with one style sheet, one script, and pictures that say how large they are."""

from pathlib import Path

import pytest

from tools.book import ROOT
from tools.light_pages import IN_SIGHT, THEME, drawn_size, fewer_words, lighter, script, sized, sources

HEAD = """<head>
<script data-cfasync="false">
    document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";
</script>
<link href="../_static/styles/theme.css?digest=1" rel="stylesheet" />
<link rel="preload" as="script" href="../_static/scripts/bootstrap.js?digest=1" />
<link rel="stylesheet" type="text/css" href="../_static/book.css?v=2" />
<script src="../_static/doctools.js?v=3"></script>
<script>let hint = 'Show';</script>
<script>DOCUMENTATION_OPTIONS.pagename = 'chapters/a';</script>
<script>DOCUMENTATION_OPTIONS.search_as_you_type = false;</script>
<script src="../_static/only_here.js"></script>
</head><body><script>document.write(`<i></i>`);</script>
<script src="../_static/scripts/bootstrap.js?digest=1"></script></body>"""


def test_a_page_asks_for_one_style_sheet_and_one_script_that_does_not_hold_it_up():
    shared = [("_static/doctools.js", ""), ("", "let hint = 'Show';"), ("_static/scripts/bootstrap.js", "")]
    page = lighter(HEAD, Path("chapters/a.html"), shared, "pages.css?v=4", "pages.js?v=5")
    assert page.count("stylesheet") == 1
    assert '<link rel="stylesheet" href="../_static/pages.css?v=4">' in page
    assert page.count('<script defer src="../_static/pages.js?v=5"></script>') == 1
    assert '<script defer src="../_static/only_here.js"></script>' in page
    assert THEME in page  # before the page is drawn
    assert "bootstrap" not in page
    assert "let hint" not in page
    assert "addEventListener(\"DOMContentLoaded\", () => { DOCUMENTATION_OPTIONS.pagename = 'chapters/a'; });" in page
    assert 'addEventListener("DOMContentLoaded", () => { DOCUMENTATION_OPTIONS.search_as_you_type = false; });' in page
    assert "document.write(`<i></i>`);" in page


def test_scripts_of_a_page_in_order_less_what_belongs_to_one_page():
    assert sources(HEAD) == [
        ("../_static/doctools.js", ""),
        ("", "let hint = 'Show';"),
        ("../_static/only_here.js", ""),
        ("../_static/scripts/bootstrap.js", ""),
    ]


def test_settings_come_first_and_menus_wait(tmp_path):
    (tmp_path / "a.js").write_text("first(hint)\n//# sourceMappingURL=a.js.map", encoding="utf-8")
    (tmp_path / "bootstrap.js").write_text("menus()", encoding="utf-8")
    joined = script([("_static/a.js", ""), ("_static/bootstrap.js", ""), ("", "let hint = 1;")], tmp_path)
    assert joined.index("let hint = 1;") < joined.index("first(hint)")
    assert "sourceMappingURL" not in joined
    assert "menus()" not in joined
    assert '"bootstrap.js"' in joined


@pytest.mark.parametrize(
    ("svg", "size"),
    [
        ('<svg width="460.8pt" height="345.6pt" viewBox="0 0 1 1">', ' width="614" height="461"'),
        ('<svg viewBox="0 0 1 1" width="20" height="10px">', ' width="20" height="10"'),
        ('<svg stroke-width="3" viewBox="0 0 1 1">', ""),
        ("no drawing", ""),
    ],
)
def test_a_drawing_says_how_large_it_is(tmp_path, svg, size):
    (tmp_path / "a.svg").write_text(f"<?xml version='1.0'?>\n{svg}", encoding="utf-8")
    assert drawn_size(tmp_path / "a.svg") == size


def test_pictures_further_down_wait(tmp_path):
    (tmp_path / "a.svg").write_text('<svg width="20" height="10">', encoding="utf-8")
    pictures = sized('<img src="a.svg">' * 3, Path("index.html"), tmp_path).split("<img")[1:]
    assert pictures[0] == ' width="20" height="10" src="a.svg">'
    assert pictures[2] == ' width="20" height="10" loading="lazy" decoding="async" src="a.svg">'


def test_a_build_is_made_light_once(tmp_path, sphinx):
    (tmp_path / "index.rst").write_text("Title\n=====\n\nText, :doc:`other`.\n", encoding="utf-8")
    (tmp_path / "other.rst").write_text(":orphan:\n\nOther\n=====\n\nText.\n", encoding="utf-8")
    configuration = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nextensions = ['tools.light_pages']\n"
    configuration += "html_theme = 'pydata_sphinx_theme'\n"
    for _ in range(2):
        assert sphinx(tmp_path, configuration) == ""
        pages = [(tmp_path / "out" / name).read_text(encoding="utf-8") for name in ("index.html", "search.html")]
        assert [page.count('rel="stylesheet"') for page in pages] == [1, 1]
        assert "searchindex.js" in pages[1]
        assert "<script src" not in pages[1]


def test_what_asks_for_the_search_before_it_is_there_goes_on(tmp_path):
    (tmp_path / "ask.js").write_text("if (typeof Search === 'undefined') go();", encoding="utf-8")
    (tmp_path / "searchtools.js").write_text("const Search = {\n};\nconst Searches = 1;", encoding="utf-8")
    joined = script([("_static/ask.js", ""), ("_static/searchtools.js", "")], tmp_path)
    assert "\nvar Search = {" in joined
    assert "const Searches" in joined


def test_what_scrolls_is_asked_of_all_that_is_laid_out_before_it_is_noted_on_any(tmp_path):
    asks = 'document.querySelectorAll("pre, .output").forEach((e=>{e.tabIndex=e.scrollWidth>e.clientWidth?0:-1}))'
    (tmp_path / "theme.js").write_text(asks, encoding="utf-8")
    assert script([("_static/theme.js", "")], tmp_path) == (
        f'Array.from(document.querySelectorAll("pre, .output")).filter(e=>{IN_SIGHT})'
        ".map(e=>[e,e.scrollWidth>e.clientWidth]).forEach(([e,wide])=>{e.tabIndex=wide?0:-1})"
    )


def test_a_literal_is_one_element():
    literal = '<code><span class="pre">(C_in,</span> <span class="pre">1)</span></code>'
    assert fewer_words(literal, set()) == "<code>(C_in, 1)</code>"
