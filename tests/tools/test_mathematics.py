"""Formulas as MathML, and the font that they are set in."""

import html
import re

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from tools.book import ROOT, chapters, read, text
from tools.font import FONT, drawn, italic
from tools.mathematics import mathml

CONFIGURATION = """
import sys
sys.path.insert(0, {root!r})
extensions = ["tools.mathematics"]
html_math_renderer = "mathml"
math_eqref_format = "({{number}})"
"""


def spoken(formula):
    return html.unescape(re.sub("<[^>]*>", "", formula))


def test_formulas_are_mathml_with_their_parts():
    assert mathml("k^2", display=False) == "<math><msup><mi>k</mi><mn>2</mn></msup></math>"
    assert mathml(r"\frac{1}{2}", display=True) == '<math display="block"><mfrac><mn>1</mn><mn>2</mn></mfrac></math>'


def test_a_function_is_applied_and_a_slash_stands_close():
    assert spoken(mathml(r"x\cos\theta", display=False)) == "xcos\N{FUNCTION APPLICATION}θ"
    assert '<mo lspace="0" rspace="0">/</mo>' in mathml("s/n", display=False)


@pytest.mark.parametrize("environment", ["align", "align*", "aligned", "gather"])
def test_lines_stand_below_each_other_and_get_no_numbers_of_their_own(environment):
    formula = mathml(rf"\begin{{{environment}}} a = 1 \\ b = 2 \end{{{environment}}}", display=True)
    assert formula.count("<mtr>") == 2
    assert spoken(formula) == "a=1b=2"


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"\frac{1", "expected LaTeX"),
        (r"\aleph", "'ℵ' is not in the font"),
        (r"\sqrt{\frac{1}{2}}", "a root of something that tall is not in the font"),
    ],
)
def test_what_cannot_be_drawn_is_said(latex, said):
    with pytest.raises(ValueError, match=said):
        mathml(latex, display=False)


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_every_formula_of_the_book_can_be_drawn(path):
    words = re.sub(r"```.*?```|`[^`]*`", "", text(read(path)), flags=re.DOTALL)
    for display, inline in re.findall(r"\$\$(.+?)\$\$|\$([^$]+?)\$", words, re.DOTALL):
        assert mathml(display or inline, display=bool(display)).startswith("<math")


def test_the_font_has_the_letters_that_it_is_said_to_have():
    font = TTFont(FONT)
    assert drawn() <= set(font.getBestCmap())
    assert "MATH" in font
    assert "SIL Open Font License" in font["name"].getDebugName(13)
    assert FONT.stat().st_size < 20_000


def test_a_letter_that_leans_out_of_its_place_has_room_and_a_root_one_sign():
    font = TTFont(FONT)
    glyphs = font.getGlyphSet()
    bounds = BoundsPen(glyphs)
    name = font.getBestCmap()[ord("𝑊")]
    glyphs[name].draw(bounds)
    assert bounds.bounds[2] < font["hmtx"][name][0]
    table = font["MATH"].table.MathVariants
    root = table.VertGlyphConstruction[table.VertGlyphCoverage.glyphs.index(font.getBestCmap()[ord("√")])]
    assert (root.VariantCount, root.GlyphAssembly) == (1, None)


@pytest.mark.parametrize(("letter", "slanted"), [("a", "𝑎"), ("h", "ℎ"), ("Z", "𝑍"), ("θ", "𝜃"), ("ω", "𝜔")])
def test_variables_are_italic(letter, slanted):
    assert italic(letter) == slanted


def test_a_page_numbers_what_has_a_label_and_leads_to_it(tmp_path, sphinx):
    page = "Title\n=====\n\n.. math:: y = W x\n   :label: matrix\n\nIn :eq:`matrix`, :math:`W` is a matrix.\n"
    (tmp_path / "index.rst").write_text(page, encoding="utf-8")
    assert sphinx(tmp_path, CONFIGURATION.format(root=str(ROOT))) == ""
    built = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert '<a class="reference internal" href="#equation-matrix">(1)</a>' in built
    assert re.search(r'<div class="math[^>]*id="equation-matrix">\s*<span class="eqno">\(1\)', built)
    assert "<math><mi>W</mi></math> is a matrix." in built


def test_a_page_with_a_formula_that_cannot_be_drawn_says_where(tmp_path, sphinx):
    (tmp_path / "index.rst").write_text("Title\n=====\n\n:math:`\\aleph`\n", encoding="utf-8")
    said = sphinx(tmp_path, CONFIGURATION.format(root=str(ROOT)))
    assert re.search(r"index\.rst:\d+: WARNING: mathematics: .*'ℵ' is not in the font", said)
