"""Which rules of a style sheet stay."""

import base64
import io

import pytest
from fontTools.ttLib import TTFont

from tools import style_sheet
from tools.style_sheet import Names, asked_for, gathered, used, with_icons_inside, written

PAGE = '<html><body class="book"><main id="top"><p class="a b">x</p></main><script>"menu open"</script></body></html>'


def test_a_page_names_its_elements_classes_and_identifiers_and_what_its_scripts_may_make():
    found = Names(PAGE).found
    assert {"html", "body", "main", "p", ".book", ".a", ".b", "#top", ".menu", ".open"} <= found
    assert ".x" not in found


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ("*", set()),
        (":root", set()),
        ("p.a > #top::before", {"p", ".a", "#top"}),
        ("a[href^='x.html']:not(.other):hover", {"a"}),
        (".a:is(.b, :has(.c)) ~ em", {".a", "em"}),
        (r".sd-w-1\/2", {".sd-w-1/2"}),
        ("html[data-theme=dark] .a", {"html", ".a"}),
    ],
)
def test_a_selector_asks_for_names(selector, names):
    assert asked_for(selector) == names


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".a,.z{color:red}", ".a{color:red}"),
        (".z{color:red}", ""),
        (".a{}", ""),
        ("@media print{.a{color:red}.z{color:red}}", "@media print{.a{color:red}}"),
        ("@media print{.z{color:red}}", ""),
        ("/* of the theme */ .a{color:red} @charset 'utf-8';", ".a{color:red}"),
        (":is(.a, .z){color:red}", ":is(.a, .z){color:red}"),
    ],
)
def test_what_finds_nothing_goes(css, kept):
    assert used(css, {".a"}) == kept


def test_a_word_of_a_script_may_be_anything():
    assert {".tooltip-inner", "#tooltip-inner", "tooltip-inner"} <= written('e.className = "tooltip-inner"')


def test_properties_that_nothing_reads_go_and_those_that_only_they_read():
    css = ":root{--a:1px;--b:var(--a);--c:2px;--d:3px}\np{margin:var(--c)!important}"
    assert style_sheet.without_unused_properties(css, "get('--d')") == (
        ":root{--c:2px;--d:3px}\np{margin:var(--c)!important}"
    )


def test_animations_that_no_rule_starts_go():
    css = "@keyframes turn{to{top:0}}\n@keyframes fade{to{top:0}}\np{animation:turn 1s}"
    assert style_sheet.without_unused_animations(css).count("@keyframes") == 1


def test_addresses_are_seen_from_the_common_folder_and_imports_are_there(tmp_path):
    (tmp_path / "styles").mkdir()
    (tmp_path / "basic.css").write_text("p{background:url(file.png)}", encoding="utf-8")
    sheet = tmp_path / "styles" / "theme.css"
    sheet.write_text('@import "../basic.css";\na{src:url("../f/x.woff2?v=1") url(data:x)}', encoding="utf-8")
    assert gathered([sheet], tmp_path) == 'p{background:url("file.png")}a{src:url("f/x.woff2") url(data:x)}'


def test_the_icons_that_are_used_are_in_the_style_sheet(sphinx, tmp_path):
    (tmp_path / "index.rst").write_text("Title\n=====\n\nText.\n", encoding="utf-8")
    assert sphinx(tmp_path, "html_theme = 'pydata_sphinx_theme'\n") == ""
    static = tmp_path / "out" / "_static"
    sheet = next((static / "vendor" / "fontawesome").rglob("all.min.css"))
    css = used(gathered([sheet], static), {".fa-solid", ".fa-rocket"})
    light = with_icons_inside(css, static)
    assert "webfonts" not in light
    data = light.partition("data:font/woff;base64,")[2].partition(")")[0]
    assert set(TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap()) == {0xF135}
    assert light.count("@font-face") == 1
