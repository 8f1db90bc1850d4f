"""Lines of code in elements of their own: nothing is lost, and each knows how far in it begins."""

from tools.code_lines import TAG, wrap


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
