"""Predictions: a question with a few options, and an answer that opens once the reader has chosen.

``:::{predict}`` holds the question and a list of options. Its answer is all that follows, cells, figures, text, up to a
thematic break (``***``), a heading or the next question. One cell of it prints "Answer:" and the right option, so that
nbval checks which one it is. Without a script, and on paper, the options are a list and the answer is a fold.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

log = logging.getLogger(__name__)
SAYS = "Answer: "


class Question(nodes.container):
    """What the reader is asked, with the options."""


class Answer(nodes.container):
    """What opens when the reader has chosen."""


class Predict(SphinxDirective):
    """A question and its options, two to four."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Parse the question; its answer is not read yet."""
        question = Question(classes=["predict", "admonition", "tip"])
        self.set_source_info(question)
        question += nodes.paragraph("", "Predict", classes=["admonition-title"])
        self.state.nested_parse(self.content, self.content_offset, question)
        return [question]


def options(question: Question) -> list[str]:
    """The texts of a question's options."""
    lists = list(question.findall(nodes.bullet_list))
    return [item.astext().strip() for item in lists[-1].findall(nodes.list_item)] if lists else []


def gather_answers(app: Sphinx, doctree: nodes.document) -> None:
    """Put what follows each question into its answer, and find the option that the answer's cell has printed."""
    for question in list(doctree.findall(Question)):
        parent = question.parent
        place = parent.index(question) + 1
        answer = Answer(classes=["answer"])
        while place < len(parent):
            following = parent[place]
            if isinstance(following, nodes.section | Question):
                break
            parent.remove(following)
            if isinstance(following, nodes.transition):
                break
            answer += following
        parent.insert(place, answer)
        while answer.children and isinstance(answer[-1], nodes.target):  # the label of what comes next
            label = answer.children.pop()
            parent.insert(place + 1, label)
        offered = options(question)
        said = [
            line.removeprefix(SAYS).strip()
            for block in answer.findall(nodes.literal_block)
            for line in block.astext().splitlines()
            if line.startswith(SAYS)
        ]
        if not 2 <= len(offered) <= 4:
            log.warning("predict: expected two to four options, got %s", offered, location=question)
        if len(said) != 1 or offered.count(said[0]) != 1:
            log.warning(
                "predict: expected a cell that prints '%s' and one of %s, got %s",
                SAYS,
                offered,
                said,
                location=question,
            )
        else:
            question["right"] = offered.index(said[0])


def open_question(writer: HTML5Translator, node: Question) -> None:
    """A group, which the script turns into buttons."""
    writer.body.append(writer.starttag(node, "div", CLASS="docutils", **{"data-right": str(node.get("right", ""))}))


def close_question(writer: HTML5Translator, _node: Question) -> None:
    writer.body.append("</div>\n")


def open_answer(writer: HTML5Translator, node: Answer) -> None:
    """A fold; the script opens it, or the reader."""
    writer.body.append(writer.starttag(node, "details") + "<summary>The answer</summary>\n")


def close_answer(writer: HTML5Translator, _node: Answer) -> None:
    writer.body.append("</details>\n")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("predict", Predict)
    app.add_node(Question, html=(open_question, close_question))
    app.add_node(Answer, html=(open_answer, close_answer))
    app.connect("doctree-read", gather_answers, priority=400)
    return {"parallel_read_safe": True}
