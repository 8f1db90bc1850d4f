"""The page of all claims, gathered from the tables "Claims, checked" at the end of the chapters.

In a page, ``{claims}`` counts the verdicts and ``{claims} prakash`` lists what one source says. The chapters' tables
are the only place where a claim and its verdict are written.
"""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tools.book import chapters, read, text

VERDICTS = {  # and how to count one of them, or several
    "Holds": ("holds", "hold"),
    "Holds with a condition": ("holds with a condition", "hold with a condition"),
    "Holds in part": ("holds in part", "hold in part"),
    "Does not hold": ("does not hold", "do not hold"),
    "Not reproduced here": ("is not reproduced here", "are not reproduced here"),
    "Cannot be tested here": ("cannot be tested here", "cannot be tested here"),
}


class Claim(NamedTuple):
    """A row of a chapter's table, its cells as they are written there."""

    sources: tuple[str, ...]  # keys of references.bib
    text: str
    verdict: str
    evidence: str

    @property
    def kind(self) -> str:
        """The verdict in a few words, one of ``VERDICTS``."""
        return self.verdict.split("**")[1]


def claims(path: Path) -> list[Claim]:
    """The claims of one chapter.

    Raises:
        ValueError: a row has not four cells, names no source, or gives no verdict of ``VERDICTS``.
    """
    found = []
    for row in text(read(path)).splitlines():
        if row.startswith("| {cite"):
            cells = [cell.strip() for cell in row.strip("|").split("|")]
            sources = tuple(re.findall(r"\{cite:t\}`(\w+)`", cells[0]))
            if len(cells) != 4 or not sources or not re.match(rf"\*\*({'|'.join(VERDICTS)})\*\*", cells[2]):
                allowed = ", ".join(VERDICTS)
                raise ValueError(
                    f"{path.name}: expected | source | claim | **verdict** | evidence |, "
                    f"the verdict one of {allowed}; got {row}"
                )
            found.append(Claim(sources, *cells[1:]))
    return found


def counted(chosen: Sequence[Claim]) -> str:
    """How many claims got each verdict, as a sentence; empty if there are fewer than two."""
    counts = Counter(claim.kind for claim in chosen)
    summary = ", ".join(f"{counts[k]} {words[counts[k] > 1]}" for k, words in VERDICTS.items() if counts[k])
    return f"{len(chosen)} claims: {summary}." if len(chosen) > 1 else ""


class Claims(SphinxDirective):
    """A sentence that counts the claims, or a table of those of one source."""

    optional_arguments = 1

    def run(self) -> list[Node]:
        """Write Markdown, and let the page's own parser read it."""
        source = self.arguments[0] if self.arguments else None
        for path in chapters():
            self.env.note_dependency(str(path))
        chosen = [c for path in chapters() for c in claims(path) if source is None or source in c.sources]
        lines = [counted(chosen), ""]
        if source:
            lines += ["| Claim | Verdict | Evidence |", "|---|---|---|"]
            lines += [f"| {claim.text} | {claim.verdict} | {claim.evidence} |" for claim in chosen]
        return self.parse_text_to_nodes("\n".join(lines))


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("claims", Claims)
    return {"parallel_read_safe": True}
