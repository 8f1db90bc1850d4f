"""The page "Questions, answered", made from ``questions.toml``: what people ask, and the cell that answers it.

In a page, ``{questions}`` counts them, and ``{questions} cost`` lists those on that topic, each under a heading of its
own, so that the book's search finds it. An answer links to a label of a chapter behind which a cell was executed;
where no cell can show it, to a source.
"""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tools.book import ROOT, read

SOURCE = ROOT / "questions.toml"
LEVELS = ("beginner", "intermediate", "expert")
TOPICS = ("what", "why", "cost", "use", "differ", "corner", "after")  # each has its section on the page
LABEL = re.compile(r"\{chapter\}`\w+#([\w-]+)`|\]\(([\w-]+)\)")  # by chapter, or [words](label)
FINDER = (
    '<p class="finder"><label>Find a question <input type="search" autocomplete="off"></label> '
    '<span role="status"></span></p>'
)  # a script makes it work (book.js); it is here from the start, so that nothing moves
ADDRESS = re.compile(r"https://[^\s()<>\[\]]+")
CITED = re.compile(r"\{cite:t\}`\w+`")


class Question(NamedTuple):
    """One question."""

    ask: str
    also: str  # other words that people search with
    level: str
    topic: str
    answer: str  # MyST Markdown, as in the chapters
    asked: tuple[str, ...]  # addresses of threads in which it was asked


def questions(path: Path = SOURCE) -> list[Question]:
    """The questions in ``path``, in its order.

    Raises:
        ValueError: a question lacks a field or has one too many, has an unknown level or topic, does not end with a
            question mark, stands there twice, or its answer leads nowhere.
    """
    found: list[Question] = []
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["question"]:
        if entry.keys() != set(Question._fields):
            raise ValueError(f"{path.name}: expected {', '.join(Question._fields)}; got {', '.join(entry)}")
        question = Question(**entry | {"asked": tuple(entry["asked"])})
        for problem, there in {
            f"a level of {', '.join(LEVELS)}": question.level not in LEVELS,
            f"a topic of {', '.join(TOPICS)}": question.topic not in TOPICS,
            "a question mark at its end": not question.ask.endswith("?"),
            "no quotation marks, which nobody types when searching": '"' in question.ask,
            "no < and no &, which the search would take for HTML": bool(re.search("[<&]", question.ask)),
            "each question once": question.ask in [other.ask for other in found],
            "an address of a thread": not question.asked or not all(map(ADDRESS.fullmatch, question.asked)),
            "{chapter}`name#label`, [words](label) or {cite:t}`key` in the answer": not (
                labels(question) or CITED.search(question.answer)
            ),
        }.items():
            if there:
                raise ValueError(f"{path.name}: expected {problem}; got {question}")
        found.append(question)
    return found


def labels(question: Question) -> list[str]:
    """The labels of chapters to which its answer links."""
    return [one or other for one, other in LABEL.findall(question.answer)]


def shown(path: Path, label: str) -> bool:
    """Whether behind a label of the notebook at ``path``, and before its section ends, stands a cell that was executed.

    The label stands before a heading or a paragraph, or is the name of a figure.
    """
    level = 0  # of the heading behind the label; 0 before the label is met
    for cell in read(path).cells:
        if cell.cell_type == "code":
            figure = cell.metadata.get("mystnb", {}).get("figure", {}).get("name")
            if (level or figure == label) and cell.execution_count and cell.outputs:
                return True
            continue
        waiting = False
        for line in cell.source.splitlines():
            if line.startswith(f"({label})="):
                level, waiting = 6, True  # until a heading comes: whatever heading then ends the section
            elif heading := re.match(r"(#+) ", line):
                if waiting:
                    level = len(heading[1])
                elif level and len(heading[1]) <= level:
                    return False
                waiting = False
            elif line.strip() and not line.startswith("("):
                waiting = False
    return False


def counted(chosen: Sequence[Question]) -> str:
    """How many there are, as a sentence."""
    experts = sum(question.level == "expert" for question in chosen)
    threads = {address for question in chosen for address in question.asked}
    return f"{len(chosen)} questions, {experts} of them an expert's, asked in {len(threads)} public threads."


def entry(question: Question) -> str:
    """A question and its answer, in Markdown."""
    threads = " ".join(f"[{k}]({address})" for k, address in enumerate(question.asked, 1))
    expert = "For experts. " if question.level == "expert" else ""
    also = question.also.replace("*", r"\*")  # as it is typed, and not Markdown
    return (
        f"### {question.ask}\n\n{question.answer.strip()}\n\n"
        f":::{{div}} asked\n{expert}Also: {also}. Asked here: {threads}\n:::\n"
    )


class Questions(SphinxDirective):
    """A sentence that counts the questions, and a field to find one; or those on one topic with their answers."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Write Markdown, and let the page's own parser read it."""
        self.env.note_dependency(str(SOURCE))
        chosen = questions()
        if not self.arguments:
            return [*self.parse_text_to_nodes(counted(chosen)), nodes.raw("", FINDER, format="html")]
        text = "\n".join(entry(question) for question in chosen if question.topic == self.arguments[0])
        return self.parse_text_to_nodes(text, allow_section_headings=True)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("questions", Questions)
    return {"parallel_read_safe": True}
