"""The rules for a chapter's notebook. Each that is broken gives a sentence that says the rule and what to do.

``problems`` holds for every notebook; ``lesson_problems`` also for those that are numbered, which have claims,
exercises and a promise of minutes.
"""

import ast
import hashlib
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools.book import code_cells, minutes, question, read, story, text
from tools.claims import claims
from tools.explorables import ELEMENT
from tools.kernels import KERNELS, kernel

LANGUAGE = {"file_extension": ".py", "name": "python", "pygments_lexer": "ipython3"}
CELL_METADATA = {"mystnb", "tags"}
TAGS = {"answer", "hide-input"}
LONGEST_CELL = 24  # lines, where code is folded
TAUGHT = 8, 64  # lines and columns at most of a cell whose code is in sight
SHOWN = {"text/plain", "text/html", "image/svg+xml"}  # what nbval compares and a page shows
IN_A_ROW = 2  # cells of code at most without a word between them
WORDS = 3000  # at most before the claims of a numbered chapter
ALT = 60  # words at most of a figure's alt text
FIGURES = 6  # at least in a numbered chapter, with nothing opened
ANSWER = re.compile(r"""print\(f?["']Answer:""")
TYPED = re.compile(r"""print\(["']Answer:(["'], *["'\d]|[^"'])""")
# nbval also obeys comments: any of these words in a cell's source can switch a comparison off.
SWITCHES = re.compile(r"NBVAL_|PYTEST_VALIDATE_|nbval-", re.IGNORECASE)
# PyTorch's default driver starts from memory that nobody has set: with maps that are always zero, the fit is wrong now
# and then (its issues 71222 and 187411).
CHANCE = re.compile(r"torch\.linalg\.lstsq\((?!.*driver=)", re.DOTALL)


def normalise(notebook: NotebookNode) -> NotebookNode:
    """A copy without whatever changes from one run, editor or machine to the next."""
    out = nbformat.from_dict(notebook)
    name = kernel(notebook)
    spec = {"display_name": KERNELS[name], "language": "python", "name": name}
    out.metadata = nbformat.from_dict({"kernelspec": spec, "language_info": LANGUAGE})
    out.nbformat, out.nbformat_minor = 4, 5
    taken: set[str] = set()
    for cell in out.cells:
        cell.metadata = nbformat.from_dict({key: cell.metadata[key] for key in CELL_METADATA & cell.metadata.keys()})
        cell.source = cell.source.strip("\n")
        if not cell.get("id") or cell.id in taken:
            cell.id = hashlib.sha1(f"{len(taken)} {cell.source}".encode()).hexdigest()[:8]
        taken.add(cell.id)
        if cell.cell_type == "code":
            cell.outputs = _joined(cell.outputs)
    return out


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Neighbouring pieces of one stream as one: how a kernel cuts its prints depends on timing."""
    joined: list[NotebookNode] = []
    for output in outputs:
        output.pop("transient", None)
        last = joined[-1] if joined else {}
        if output.output_type == "stream" and output.name == last.get("name"):
            last["text"] += output.text
        else:
            joined.append(output)
    return joined


def problems(notebook: NotebookNode) -> list[str]:
    """Everything that would let an output go unchecked, or a reader without a figure's text; empty if all is well."""
    found = []
    code = code_cells(notebook)
    for number, cell in enumerate(code, 1):
        found += [f"code cell {number}: {text}" for text in _cell_problems(cell, number)]
        if not cell.outputs and not _defines_something_used(cell, code[number:]):
            found.append(
                f"code cell {number}: prints nothing, draws nothing, and defines nothing used later; remove it, or run "
                "`make outputs`"
            )
    found += _page_problems(notebook)
    if risky := re.findall(r"^#+ .*[<&].*$", text(notebook), re.MULTILINE):
        found.append(f"notebook: {risky[0]!r} has a sign that the search would take for HTML; say it in words")
    if by_hand := re.findall(r"\b[Cc]hapters? (?:\[)?\d", text(notebook)):
        found.append(
            f"notebook: {by_hand[0]!r} is a number written by hand; write {{chapter}}`name` or {{number}}`name`"
        )
    if unfinished := [str(k) for k, cell in enumerate(notebook.cells, 1) if "TODO" in cell.source]:
        found.append(
            f"notebook: TODO stands in cells {', '.join(unfinished)}, counted with the text; write what is missing"
        )
    if notebook != normalise(notebook):
        found.append("notebook: not as `make outputs` stores it; run that")
    return found


def _cell_problems(cell: NotebookNode, number: int) -> list[str]:
    found = []
    if cell.execution_count != number:
        found.append(f"execution count is {cell.execution_count}, expected {number}; run `make outputs`")
    tags = set(cell.metadata.get("tags", []))
    if tags - TAGS:
        found.append(f"tagged {sorted(tags - TAGS)}; only {sorted(TAGS)} are allowed, since others switch a check off")
    if ANSWER.search(cell.source) and "answer" not in tags:
        found.append("prints an answer, and is not tagged 'answer'")
    if TYPED.search(cell.source):
        found.append("prints an answer that is typed; work it out, so that nbval checks it")
    if SWITCHES.search(cell.source):
        found.append("has a comment that switches nbval off; every output is compared")
    if CHANCE.search(cell.source):
        found.append("calls torch.linalg.lstsq without a driver, which is wrong now and then; add driver='gelsd'")
    if len(cell.source.splitlines()) > LONGEST_CELL:
        found.append(
            f"has {len(cell.source.splitlines())} lines, at most {LONGEST_CELL}: split it, or move plumbing into lib"
        )
    for output in cell.outputs:
        data = output.get("data", {})
        if output.output_type == "error":
            found.append(f"has stored an error, {output.ename}; catch one that is meant, and print what it says")
        if output.get("name") == "stderr":
            found.append("has stored stderr, which differs between machines; silence its cause")
        if "\r" in str(output.get("text", "")):
            found.append("prints a carriage return; nbval does not compare what stands before it")
        if unchecked := [kind for kind in data if kind not in SHOWN]:
            found.append(
                f"has an output of {unchecked[0]}, which is not compared as it is shown; draw it as SVG "
                "(`lib.figures.use_style()`)"
            )
        if re.search(r" at 0x[0-9a-f]{6}", str(output.get("text", "")) + str(data.get("text/plain", ""))):
            found.append("prints a memory address, which differs from run to run")
        if "image/svg+xml" in data:
            mystnb = cell.metadata.get("mystnb", {})
            missing = [key for key in ("caption", "name") if not mystnb.get("figure", {}).get(key)]
            missing += [] if mystnb.get("image", {}).get("alt") else ["alt"]
            found += [f"draws a figure without {key}: its metadata needs caption, name and alt text" for key in missing]
            if (long := len(mystnb.get("image", {}).get("alt", "").split())) > ALT:
                found.append(f"draws a figure whose alt text has {long} words, at most {ALT} can be listened to")
        if ELEMENT in data.get("text/html", ""):
            found += _explorable_problems(cell, data)
    return found


def _explorable_problems(cell: NotebookNode, data: NotebookNode) -> list[str]:
    """What an explorable needs so that its numbers are checked, and that paper and a linked state find it."""
    found, html = [], data["text/html"]
    figure = cell.metadata.get("mystnb", {}).get("figure", {})
    name = re.findall(rf'{ELEMENT}[^>]*name="([^"]*)"', html)
    if "hide-input" not in cell.metadata.get("tags", []):
        found.append("shows an explorable: tag it hide-input, since its output is the point")
    if not figure.get("caption") or [figure.get("name")] != name:
        found.append(f"shows an explorable: its metadata needs a caption, and for the name of the figure {name}")
    if not re.search(r'<div class="still">\s*<(svg|table)', html):
        found.append("shows an explorable without a still picture, for paper and for browsers without scripts")
    if not data.get("text/plain", "").strip():
        found.append("shows an explorable without a text, for a terminal")
    return found


def folds(notebook: NotebookNode) -> list[tuple[NotebookNode, str]]:
    """The cells of code, each with the fold of the page that it lies in: "answer", "solution", or "" for none."""
    found, fold = [], ""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            found.append((cell, fold))
            continue
        for line in cell.source.splitlines():
            if "{predict}" in line:
                fold = "answer"
            elif "{solution-start}" in line:
                fold = "solution"
            elif "{solution-end}" in line or (fold == "answer" and (line == "***" or line.startswith("#"))):
                fold = ""
    return found


def _page_problems(notebook: NotebookNode) -> list[str]:
    """What makes the page a wall of code."""
    found = []
    for number, (cell, fold) in enumerate(folds(notebook), 1):
        lines, tags = cell.source.splitlines(), set(cell.metadata.get("tags", []))
        size = len(lines), max(map(len, lines))
        if not tags & {"answer", "hide-input"} and fold != "solution" and (size[0] > TAUGHT[0] or size[1] > TAUGHT[1]):
            found.append(
                f"code cell {number}: is in sight with {size[0]} lines of up to {size[1]} columns, at most {TAUGHT[0]} "
                f"of {TAUGHT[1]}: make it shorter, or tag it hide-input"
            )
        if "answer" in tags and fold != "answer":
            found.append(f"code cell {number}: is tagged 'answer', and follows no prediction")
    kinds = "".join("c" if cell.cell_type == "code" else "m" for cell in notebook.cells)
    if wall := re.search("c" * (IN_A_ROW + 1), kinds):
        number = kinds[: wall.start()].count("c") + 1
        found.append(f"code cell {number}: begins a wall of more than {IN_A_ROW} cells of code; put words between them")
    return found


def _defines_something_used(cell: NotebookNode, later: list[NotebookNode]) -> bool:
    defined = set()
    for node in ast.walk(ast.parse(cell.source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.add(node.name)
        elif isinstance(node, ast.alias):
            defined.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            defined.add(node.id)
    used = {node.id for other in later for node in ast.walk(ast.parse(other.source)) if isinstance(node, ast.Name)}
    return bool(defined & used)


def lesson_problems(path: Path) -> list[str]:
    """What the numbered chapter at ``path`` lacks besides; empty if all is well."""
    notebook, found = read(path), []
    words = text(notebook)
    rows, heading = claims(path), "## Claims, checked"
    if bool(rows) != (f"\n{heading}\n" in words) or not rows:
        found.append(f"expected a section {heading!r} with a table of claims, as in the other chapters")
    labels = set(re.findall(r"^\(([\w-]+)\)=$", words, re.MULTILINE))
    for claim in rows:
        targets = set(re.findall(r"\[[^\]]+\]\(([\w-]+)\)", claim.evidence))
        if not targets or targets - labels:
            wrong = ", ".join(targets - labels) or "no link at all"
            found.append(f"claim {claim.text!r}: its evidence must link to a (label)= of this chapter, found {wrong}")
    drawn = [
        c for c, fold in folds(notebook) if not fold and any("image/svg+xml" in o.get("data", {}) for o in c.outputs)
    ]
    if len(drawn) < FIGURES:
        found.append(f"expected at least {FIGURES} figures outside answers and solutions, found {len(drawn)}")
    if story(notebook) > WORDS:
        found.append(
            f"expected at most {WORDS} words before the claims, found {story(notebook)}: cut, or move what is no part "
            "of the story to the section 'For builders' at the end"
        )
    if not question(notebook):
        found.append("expected one bold question in the introduction, the one that the chapter answers")
    said = minutes(notebook)
    if not said:
        return [*found, "expected the sentence 'Reading takes about N minutes; the exercises, another M.'"]
    each = re.findall(r"^```\{exercise\} .*[,?] (\d+) minutes$", words, re.MULTILINE)
    if len(each) != words.count("```{exercise}"):
        found.append("expected the title of every exercise to end in ', N minutes'")
    if sum(map(int, each)) != int(said[1]):
        found.append(
            f"the exercises' minutes add up to {sum(map(int, each))}; the introduction says {said[1]}, correct it"
        )
    return found
