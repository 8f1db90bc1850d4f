"""Lines of code and of what it prints as elements of their own, so that one too long for a phone goes on below.

Each line becomes a ``<span class="line">`` that carries its own indentation; ``book.css`` does the rest. What is copied
stays the same.
"""

import re
from typing import Any

from sphinx.application import Sphinx

BLOCK = re.compile(
    r'(<div class="(?:output (?:stream|text_plain) )?highlight-[^"]*notranslate"><div class="highlight"><pre>)'
    r"(.*?)(</pre>)",
    re.DOTALL,
)
TAG = re.compile(r"<[^>]*>")


def wrap(code: str) -> str:
    """The HTML of a block of code with each of its lines in a span. No element of it may reach over two lines."""
    wrapped = []
    for line in code.split("\n"):
        words = TAG.sub("", line)
        indent = len(words) - len(words.lstrip(" "))
        style = f' style="--indent:{indent}"' if indent else ""
        wrapped.append(f'<span class="line"{style}>{line}</span>' if words else line)
    return "\n".join(wrapped)


def wrap_page(_app: Sphinx, _name: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Wrap all code of a finished page, and what its cells print."""
    if "body" in context:
        context["body"] = BLOCK.sub(lambda block: block[1] + wrap(block[2]) + block[3], context["body"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("html-page-context", wrap_page, priority=600)  # once tools.reference has made its links
    return {"parallel_read_safe": True}
