"""Numbers of chapters in the text, made when the book is built, so that a new chapter renumbers nothing by hand.

``{chapter}`resnet` `` becomes a link "chapter 5", or "Chapter 5" where a sentence begins, and
``{chapter}`resnet#never-read` `` one to that label; ``{number}`resnet` `` is the number alone.
"""

import re

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from tools.book import numbers


class ChapterNumber(SphinxRole):
    """A link that says which chapter it leads to."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Look the number up; a name that is no numbered chapter is an error of the build."""
        name, _, label = self.text.partition("#")
        number = numbers().get(name)
        if number is None:
            known = ", ".join(numbers())
            message = self.inliner.reporter.error(
                f"{self.name}: expected one of {known}, got {name!r}", line=self.lineno
            )
            return [], [message]
        words = str(number) if self.name == "number" else f"chapter {number}"
        target = {"refdomain": "std", "reftype": "ref", "reftarget": label, "refexplicit": True}
        if not label:
            target |= {"reftype": "doc", "reftarget": f"/chapters/{name}"}
        link = pending_xref("", nodes.inline("", words), refdoc=self.env.docname, refwarn=True, **target)
        link["begins_a_sentence"] = self.name == "chapter"
        return [link], []


def capitalise(_app: Sphinx, doctree: nodes.document) -> None:
    """Begin a sentence with a capital."""
    for link in doctree.findall(pending_xref):
        if link.get("begins_a_sentence"):
            before = "".join(node.astext() for node in link.parent.children[: link.parent.index(link)])
            if re.search(r"(^|[.?!]['\"”)]?\s+)\(?$", before):
                words = link.astext()
                link.children = [nodes.inline("", words[0].upper() + words[1:])]


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_role("chapter", ChapterNumber())
    app.add_role("number", ChapterNumber())
    app.connect("doctree-read", capitalise)
    return {"parallel_read_safe": True}
