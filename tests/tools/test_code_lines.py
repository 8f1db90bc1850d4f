"""Lines of code in elements of their own: nothing is lost, and each knows how far in it begins."""

import re

import pytest

from tools.book import HTML, chapters
from tools.code_lines import BLOCK, TAG, wrap


def test_lines_keep_their_words_and_know_their_indentation():
    code = 'if a &lt; b:\n    <span class="k">return</span> a\n\nc\n'
    wrapped = wrap(code)
    assert TAG.sub("", wrapped) == TAG.sub("", code)
    assert wrapped.split("\n") == [
        '<span class="line">if a &lt; b:</span>',
        '<span class="line" style="--indent:4">    <span class="k">return</span> a</span>',
        "",
        '<span class="line">c</span>',
        "",
    ]


@pytest.mark.parametrize("page", [path.stem for path in chapters()])
def test_no_element_of_a_built_page_reaches_over_two_lines(page):
    blocks = BLOCK.findall((HTML / "chapters" / f"{page}.html").read_text(encoding="utf-8"))
    assert len(blocks) > 3
    for _, code, _ in blocks:
        for line in code.split("\n"):
            assert line.count("<span") + line.count("<a ") == line.count("</span>") + line.count("</a>"), line
            assert not TAG.sub("", line).strip() or re.search('<span class="line"', line), line
