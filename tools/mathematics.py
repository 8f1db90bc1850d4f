r"""Formulas as MathML, made when the book is built: nothing is left for a reader's browser to fetch, or to work out.

Browsers draw MathML themselves, sharp at any size and on paper, and screen readers speak it. math-core turns LaTeX into
MathML; of the converters compared on every formula of the book it is the one that spaces functions, slashes and unary
signs as TeX does, and knows ``aligned``. The font is of the book (``tools.font``), as few machines have one for
formulas. Formulas in Markdown, their labels, numbers and ``{eq}`` stay as Sphinx has them.
"""

import html
import re

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from tools.font import CHARACTERS

log = logging.getLogger(__name__)
CONVERTER = LatexToMathML(fancy_error=False)
TAG = re.compile(r"<[^>]*>")
TALL_ROOT = re.compile(r"<msqrt>(?:(?!</msqrt>).)*<m(?:frac|table|under|over)")
NUMBERED = re.compile(r"(\\(?:begin|end)\{(?:align|alignat|equation|gather|multline))\}")


def mathml(latex: str, display: bool) -> str:
    """A formula as MathML, in a line of text or on a line of its own.

    Raises:
        ValueError: it is no LaTeX that can be converted, or has a character that the font lacks.
    """
    try:
        formula = CONVERTER.convert_with_local_state(NUMBERED.sub(r"\1*}", latex), displaystyle=display)
    except LatexError as error:
        raise ValueError(f"expected LaTeX, got {latex!r}: {error}") from error
    if lacking := set(html.unescape(TAG.sub("", formula))) - CHARACTERS:
        raise ValueError(f"{latex!r}: {''.join(sorted(lacking))!r} is not in the font; see tools/font.py")
    if TALL_ROOT.search(formula):
        raise ValueError(f"{latex!r}: the sign for a root of something that tall is not in the font; see tools/font.py")
    return formula


def converted(node: nodes.Element, display: bool) -> str:
    """The formula of a node. One that cannot be drawn is shown as its source, and is a warning, which stops a build."""
    try:
        return mathml(node.astext(), display)
    except ValueError as error:
        log.warning("mathematics: %s", error, location=node)
        return f"<code>{html.escape(node.astext())}</code>"


def in_a_line(writer: HTML5Translator, node: nodes.math) -> None:
    """A formula among words; what follows it without a space stays with it."""
    writer.body.append(converted(node, display=False))
    raise nodes.SkipNode


def on_its_own(writer: HTML5Translator, node: nodes.math_block) -> None:
    """A formula below the words, with its number at the right, and a link to it, if it has a label."""
    writer.body.append(writer.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node["number"]:
        writer.body.append(f'<span class="eqno">({get_node_equation_number(writer, node)})')
        writer.add_permalink_ref(node, _("Link to this equation"))
        writer.body.append("</span>")
    writer.body.append(f'<div class="formula">{converted(node, display=True)}</div></div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_html_math_renderer("mathml", (in_a_line, None), (on_its_own, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
