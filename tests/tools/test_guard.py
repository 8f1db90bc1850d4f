"""Proof that the guard, and strict nbval, would notice a slip."""

import copy
import json
import re
import subprocess
import sys

import nbformat
import pytest

from tools.book import code_cells, read
from tools.guard import FIGURES, folds, lesson_problems, problems
from tools.outputs import execute

PLOT = {"mystnb": {"figure": {"name": "fig-a", "caption": "A line."}, "image": {"alt": "A line that rises."}}}


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A small notebook without fault, executed: one cell defines, one prints, one draws."""
    cells = [
        nbformat.v4.new_code_cell(
            "import matplotlib.pyplot as plt\n\nfrom lib.figures import use_style\n\nuse_style()"
        ),
        nbformat.v4.new_markdown_cell("Two."),
        nbformat.v4.new_code_cell("print(1 + 1)"),
        nbformat.v4.new_code_cell("plt.plot([1, 2, 3])\nplt.show()", metadata=PLOT),
    ]
    path = tmp_path_factory.mktemp("sample") / "sample.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    execute(path)
    return path


def changed(path, change):
    """The notebook at ``path`` after ``change``, which is given its code cells."""
    notebook = read(path)
    change(code_cells(notebook))
    return notebook


def test_the_sample_is_without_fault_and_running_it_again_changes_nothing(sample):
    assert problems(read(sample)) == []
    before = sample.read_bytes()
    execute(sample)
    assert sample.read_bytes() == before


def set_png(code):
    code[2].outputs[0].data = {"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"}


def set_stderr(code):
    code[1].outputs[0].name = "stderr"


def set_error(code):
    code[1].outputs = [nbformat.v4.new_output("error", ename="ZeroDivisionError", evalue="", traceback=[])]


FAULTS = {
    "null count": (lambda code: code[1].update(execution_count=None), "execution count is None, expected 2"),
    "wrong count": (lambda code: code[1].update(execution_count=7), "execution count is 7, expected 2"),
    "png": (set_png, "an output of image/png, which is not compared"),
    "tag": (lambda code: code[1].metadata.update(tags=["nbval-ignore-output"]), "tagged ['nbval-ignore-output']; only"),
    "comment": (
        lambda code: code[1].update(source="# NBVAL_IGNORE_OUTPUT\nprint(2)"),
        "a comment that switches nbval off",
    ),
    "old comment": (
        lambda code: code[1].update(source="# PYTEST_VALIDATE_IGNORE_OUTPUT\nprint(2)"),
        "a comment that switches nbval off",
    ),
    "javascript": (
        lambda code: code[2].outputs[0].data.update({"application/javascript": "alert(1)"}),
        "an output of application/javascript, which is not compared",
    ),
    "carriage return": (lambda code: code[1].outputs[0].update(text="unchecked\r2\n"), "prints a carriage return"),
    "stderr": (set_stderr, "stored stderr"),
    "error": (set_error, "stored an error, ZeroDivisionError"),
    "answer untagged": (lambda code: code[1].update(source='print("Answer:", 1 + 1)'), "is not tagged 'answer'"),
    "answer typed": (lambda code: code[1].update(source='print("Answer:", 2)'), "prints an answer that is typed"),
    "chance": (
        lambda code: code[1].update(source="torch.linalg.lstsq(a, b)"),
        "calls torch.linalg.lstsq without a driver",
    ),
    "stripped": (lambda code: code[1].update(outputs=[]), "prints nothing, draws nothing"),
    "unused": (lambda code: code[1].update(source="y = 1", outputs=[]), "prints nothing, draws nothing"),
    "address": (lambda code: code[1].outputs[0].update(text="<object at 0x7f00aa11bb22>\n"), "a memory address"),
    "no alt": (lambda code: code[2].metadata.mystnb.image.update(alt=""), "a figure without alt: its metadata needs"),
    "long alt": (lambda code: code[2].metadata.mystnb.image.update(alt="up " * 61), "alt text has 61 words"),
    "no caption": (lambda code: code[2].metadata.mystnb.figure.pop("caption"), "a figure without caption"),
    "no name": (lambda code: code[2].metadata.mystnb.figure.pop("name"), "a figure without name"),
    "long cell": (lambda code: code[1].update(source="print(2)\n" * 25), "has 25 lines, at most 24"),
    "long in sight": (lambda code: code[1].update(source="print(2)\n" * 9), "in sight with 9 lines of up to 8 columns"),
    "wide in sight": (
        lambda code: code[1].update(source=f"print({'2' * 60})"),
        "in sight with 1 lines of up to 67 columns, at most 8 of 64",
    ),
    "answer astray": (lambda code: code[1].metadata.update(tags=["answer"]), "tagged 'answer', and follows no"),
    "unfinished": (lambda code: code[1].update(source="print(2)  # TODO"), "TODO stands in cells 3"),
    "stray metadata": (lambda code: code[1].metadata.update(collapsed=True), "not as `make outputs` stores it"),
    "split stream": (lambda code: code[1].outputs.append(code[1].outputs[0]), "not as `make outputs` stores it"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_guard_sees(sample, fault):
    change, message = FAULTS[fault]
    found = problems(changed(sample, change))
    assert any(message in problem for problem in found), found


EXPLORABLE = """\
from lib._explorable import Explorable

Explorable("x", "An x", {}, "<svg/>", "x")"""
EXPLORABLE_FAULTS = {
    None: (lambda cell: None, ""),
    "in sight": (lambda cell: cell.metadata.update(tags=[]), "tag it hide-input"),
    "no caption": (lambda cell: cell.metadata.mystnb.figure.update(caption=""), "its metadata needs a caption"),
    "another name": (lambda cell: cell.metadata.mystnb.figure.update(name="fig-x"), "its metadata needs a caption"),
    "no still": (
        lambda cell: cell.outputs[0].data.update(
            {"text/html": cell.outputs[0].data["text/html"].replace("<svg", "<p")}
        ),
        "without a still picture",
    ),
    "no text": (lambda cell: cell.outputs[0].data.update({"text/plain": ""}), "without a text, for a terminal"),
}


@pytest.fixture(scope="module")
def touchable(tmp_path_factory):
    """A notebook with an explorable and no fault, executed."""
    metadata = {"mystnb": {"figure": {"name": "explore-x", "caption": "An x."}}, "tags": ["hide-input"]}
    path = tmp_path_factory.mktemp("sample") / "touchable.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(EXPLORABLE, metadata=metadata)]), path)
    execute(path)
    return path


@pytest.mark.parametrize("fault", EXPLORABLE_FAULTS)
def test_the_guard_sees_what_an_explorable_lacks(touchable, fault):
    change, message = EXPLORABLE_FAULTS[fault]
    notebook = read(touchable)
    change(code_cells(notebook)[0])
    found = problems(notebook)
    assert any(message in problem for problem in found) if fault else found == [], found


def test_the_guard_sees_a_wall_of_code(sample):
    notebook = read(sample)
    notebook.cells.append(nbformat.v4.new_code_cell("print(3)"))
    assert any("code cell 2: begins a wall of more than 2 cells of code" in problem for problem in problems(notebook))
    notebook.cells.insert(-1, nbformat.v4.new_markdown_cell("Three."))
    assert not any("wall" in problem for problem in problems(notebook))


def test_what_is_folded_away_may_be_long(sample):
    notebook = read(sample)
    code_cells(notebook)[1].update(source="print(2)\n" * 9)
    code_cells(notebook)[1].metadata.tags = ["hide-input"]
    assert not any("in sight" in problem for problem in problems(notebook))
    code_cells(notebook)[1].metadata.tags = []
    notebook.cells[1].source = "```{solution-start} one\n```"
    assert not any("in sight" in problem for problem in problems(notebook))


def test_a_fold_ends_where_its_words_say():
    words = [
        *("Before.", ":::{predict}\nHow many?\n\n- 1\n- 2\n:::", "Explained.", "***\n\nOn.", ":::{predict}\n:::"),
        *("More.\n\n## Next", "```{solution-start} one\n```", "## A heading inside", "```{solution-end}\n```"),
    ]
    cells = [c for w in words for c in (nbformat.v4.new_markdown_cell(w), nbformat.v4.new_code_cell("1"))]
    found = [fold for _, fold in folds(nbformat.v4.new_notebook(cells=cells))]
    assert found == ["", "answer", "answer", "", "answer", "", "solution", "solution", ""]


def test_the_guard_sees_a_number_written_by_hand(sample):
    for words in ("as chapter 2 found", "Chapters 1 and 2", "chapters [1](one) to [3](three)"):
        notebook = read(sample)
        notebook.cells[1].source = words
        assert any("is a number written by hand" in problem for problem in problems(notebook))


def test_the_guard_sees_a_heading_that_the_search_would_take_for_html(sample):
    notebook = read(sample)
    notebook.cells[1].source = "## A <b>fat</b> heading"
    assert any("would take for HTML" in problem for problem in problems(notebook))


def test_the_guard_sees_a_python_version():
    notebook = nbformat.v4.new_notebook(metadata={"language_info": {"name": "python", "version": "3.11.7"}})
    assert problems(notebook) == ["notebook: not as `make outputs` stores it; run that"]


LESSON = """\
**What is one?** Reading takes about 5 minutes; the exercises, another 7.

(here)=
## One

## Claims, checked

| Source | Claim | Verdict | Evidence |
|---|---|---|---|
| {cite:t}`lin2014` | A claim | **Holds** | [One](here) |

```{exercise} Count, 3 minutes
```

```{exercise} Explain, 4 minutes
```
"""
BROKEN = {
    "no claims": ("**Holds** | [One](here) |", "", "expected a section '## Claims, checked' with a table of claims"),
    "no section": ("## Claims, checked", "## Claims", "expected a section '## Claims, checked' with a table of claims"),
    "evidence elsewhere": ("[One](here)", "[One](there)", "must link to a (label)= of this chapter, found there"),
    "no evidence": ("[One](here)", "One", "must link to a (label)= of this chapter, found no link at all"),
    "no promise": ("Reading takes", "It takes", "expected the sentence 'Reading takes about N minutes; the exercises"),
    "sum": ("4 minutes", "5 minutes", "the exercises' minutes add up to 8; the introduction says 7"),
    "exercise without minutes": ("Explain, 4 minutes", "Explain", "expected the title of every exercise to end in"),
    "long": ("## One", "## One\n\n" + "word " * 2988, "expected at most 3000 words before the claims, found 3001"),
    "no pictures": ("## One", "## PICTURE", "expected at least 6 figures outside answers and solutions, found 0"),
    "no question": ("**What is one?**", "What is one?", "expected one bold question in the introduction"),
    "two questions": (
        "**What is one?**",
        "**What is one?** **And two?**",
        "expected one bold question in the introduc",
    ),
}


def lesson(folder, words):
    figure = nbformat.v4.new_output("display_data", {"image/svg+xml": "<svg/>"})
    cells = [nbformat.v4.new_markdown_cell(words)]
    cells += [nbformat.v4.new_code_cell("show()", outputs=[figure]) for _ in range(FIGURES)]
    if "PICTURE" in words:
        cells.insert(1, nbformat.v4.new_markdown_cell(":::{predict}\n:::"))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "lesson.ipynb")
    return folder / "lesson.ipynb"


@pytest.mark.parametrize("fault", [None, *BROKEN])
def test_a_lesson_out_of_form_is_told_the_rule(tmp_path, fault):
    if fault is None:
        assert lesson_problems(lesson(tmp_path, LESSON)) == []
        return
    before, after, message = BROKEN[fault]
    words = LESSON.replace(f"| {{cite:t}}`lin2014` | A claim | {before}" if fault == "no claims" else before, after)
    found = lesson_problems(lesson(tmp_path, words))
    assert any(message in problem for problem in found), found


def move_a_point(cell):
    svg = cell.outputs[0].data["image/svg+xml"]
    number = re.search(r"M (\d+\.\d+) ", svg)
    cell.outputs[0].data["image/svg+xml"] = svg[: number.start(1)] + "9.5" + svg[number.end(1) :]


SLIPS = {
    "digit": (1, lambda cell: cell.outputs[0].update(text="3\n")),
    "stripped": (1, lambda cell: cell.update(outputs=[])),
    "source": (1, lambda cell: cell.update(source="print(1 + 2)")),
    "coordinate": (2, move_a_point),
    "stripped figure": (2, lambda cell: cell.update(outputs=[])),
}


def test_strict_nbval_sees_every_slip(sample, tmp_path):
    notebook = read(sample)
    faultless = code_cells(notebook)
    for cell, slip in SLIPS.values():
        notebook.cells.append(copy.deepcopy(faultless[cell]))
        slip(notebook.cells[-1])
    path = tmp_path / "slips.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    command = ["-m", "pytest", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "-q", "--tb=no", "-rf"]
    run = subprocess.run([sys.executable, *command, path], capture_output=True, text=True, cwd=tmp_path, check=False)
    failed = [int(number) for number in re.findall(r"FAILED slips\.ipynb::Cell (\d+)", run.stdout)]
    assert failed == [len(faultless) + k for k in range(len(SLIPS))], run.stdout
