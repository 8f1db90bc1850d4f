"""The chapters' hygiene, and proof that the guard and nbval would notice a slip."""

import json
import re
import subprocess
import sys

import nbformat
import pytest

from _extensions.claims import VERDICTS, Claim, claims, counted, in_order
from tests.notebooks import CHAPTERS, FRONT_PICTURE, NUMBERED, ROOT, execute, figure, normalise, problems, read


def test_there_are_chapters():
    assert set(NUMBERED) < set(CHAPTERS)
    assert NUMBERED  # or everything below, and nbval, would pass on nothing


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_hides_nothing_from_the_checks(path):
    assert problems(read(path)) == []


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_is_stored_as_make_outputs_writes_it(path):
    assert path.read_text(encoding="utf-8") == nbformat.writes(normalise(read(path))) + "\n"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_claim_points_at_evidence_in_its_chapter(path):
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    labels = set(re.findall(r"^\(([\w-]+)\)=$", text, re.MULTILINE))
    found = claims(path)
    assert bool(found) == ("\n## Claims, checked\n" in text)
    for claim in found:
        targets = re.findall(r"\[[^\]]+\]\(([\w-]+)\)", claim.evidence)
        assert targets, claim
        assert set(targets) <= labels, claim


@pytest.mark.parametrize("path", NUMBERED, ids=lambda path: path.stem)
def test_a_numbered_chapter_checks_claims(path):
    assert claims(path)


def test_the_page_of_claims_explains_every_verdict():
    page = (ROOT / "chapters" / "claims.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \*\*(.+?)\*\* \|", page, re.MULTILINE) == list(VERDICTS)


def test_the_page_of_claims_has_every_source_once():
    page = (ROOT / "chapters" / "claims.md").read_text(encoding="utf-8")
    listed = re.findall(r"^```\{claims\} (\w+)$", page, re.MULTILINE)
    assert sorted(listed) == sorted({source for path in CHAPTERS for claim in claims(path) for source in claim.sources})
    assert sorted(in_order()) == CHAPTERS


def test_no_claim_is_listed_twice():
    everywhere = [(claim.sources, claim.text) for path in CHAPTERS for claim in claims(path)]
    assert len(set(everywhere)) == len(everywhere)


@pytest.mark.parametrize(
    "row",
    [
        "| {cite:t}`lin2014` | A claim | **Maybe** | [cell](label) |",
        "| {cite:t}`lin2014` | A claim | **Holds sometimes** | [cell](label) |",
        "| {cite:t}`lin2014` | A claim | **holds** | [cell](label) |",
        "| {cite:t}`lin2014` | A claim | It **Holds** | [cell](label) |",
        "| {cite:t}`lin2014` | A claim | Holds | [cell](label) |",
        "| {cite:t}`lin2014` | A claim | **Holds** |",
        "| {cite:p}`lin2014` | A claim | **Holds** | [cell](label) |",
    ],
)
def test_a_claim_out_of_form_is_refused(row, tmp_path):
    path = tmp_path / "chapter.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(row)]), path)
    with pytest.raises(ValueError, match=r"chapter\.ipynb: expected \| source"):
        claims(path)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_claim_in_form_is_read(verdict, tmp_path):
    path = tmp_path / "chapter.ipynb"
    row = f"| {{cite:t}}`lin2014`, {{cite:t}}`prakash` | A claim | **{verdict}**: of these | [cell](label) |"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(row)]), path)
    (claim,) = claims(path)
    assert claim == (("lin2014", "prakash"), "A claim", f"**{verdict}**: of these", "[cell](label)")
    assert claim.kind == verdict


def test_verdicts_are_counted_in_a_sentence():
    def row(verdict):
        return Claim(("lin2014",), "A claim", f"**{verdict}**, here", "[cell](label)")

    assert counted([row("Holds")]) == counted([]) == ""
    assert counted([row("Does not hold"), row("Holds"), row("Holds")]) == "3 claims: 2 hold, 1 does not hold."
    assert counted([row(verdict) for verdict in VERDICTS]) == (
        "6 claims: 1 holds, 1 holds with a condition, 1 holds in part, 1 does not hold, 1 is not reproduced here, "
        "1 cannot be tested here."
    )
    assert counted([row(verdict) for verdict in VERDICTS for _ in range(2)]) == (
        "12 claims: 2 hold, 2 hold with a condition, 2 hold in part, 2 do not hold, 2 are not reproduced here, "
        "2 cannot be tested here."
    )


@pytest.mark.parametrize("path", NUMBERED, ids=lambda path: path.stem)
def test_the_minutes_add_up(path):
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    promise = r"Reading takes about (\d+) minutes; the exercises, another (\d+)\."
    reading, exercises = re.search(promise, text).groups()
    each = re.findall(r"^```\{exercise\} .*[,?] (\d+) minutes$", text, re.MULTILINE)
    assert len(each) == text.count("```{exercise}")
    assert sum(map(int, each)) == int(exercises)
    front = (ROOT / "index.md").read_text(encoding="utf-8")
    assert re.search(rf"\(chapters/{path.stem}\) \|.*\| {reading} \+ {exercises} \|$", front, re.MULTILINE)


def test_the_front_page_shows_the_first_chapters_figure():
    first = read(ROOT / "chapters" / "channel_convolution.ipynb")
    assert FRONT_PICTURE.read_text(encoding="utf-8") == figure(first, "fig-channel-columns")
    with pytest.raises(ValueError, match="name: expected the name of a figure in the notebook, got 'none'"):
        figure(first, "none")


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
    change([cell for cell in notebook.cells if cell.cell_type == "code"])
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
    "png": (set_png, "image/png output, which nbval does not compare"),
    "tag": (lambda code: code[1].metadata.update(tags=["nbval-ignore-output"]), "tags ['nbval-ignore-output']"),
    "comment": (
        lambda code: code[1].update(source="# NBVAL_IGNORE_OUTPUT\nprint(2)"),
        "a comment that switches nbval off",
    ),
    "old comment": (
        lambda code: code[1].update(source="# PYTEST_VALIDATE_IGNORE_OUTPUT\nprint(2)"),
        "switches nbval off",
    ),
    "stderr": (set_stderr, "stored stderr"),
    "error": (set_error, "stored error ZeroDivisionError"),
    "stripped": (lambda code: code[1].update(outputs=[]), "prints nothing, draws nothing"),
    "unused": (lambda code: code[1].update(source="y = 1", outputs=[]), "prints nothing, draws nothing"),
    "address": (lambda code: code[1].outputs[0].update(text="<object at 0x7f00aa11bb22>\n"), "a memory address"),
    "no alt": (lambda code: code[2].metadata.mystnb.image.update(alt=""), "figure without alt"),
    "no caption": (lambda code: code[2].metadata.mystnb.figure.pop("caption"), "figure without caption"),
    "no name": (lambda code: code[2].metadata.mystnb.figure.pop("name"), "figure without name"),
    "long cell": (lambda code: code[1].update(source="print(2)\n" * 21), "21 lines, at most 20"),
    "stray metadata": (lambda code: code[1].metadata.update(collapsed=True), "not normalised"),
    "split stream": (lambda code: code[1].outputs.append(code[1].outputs[0]), "not normalised"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_guard_sees(sample, fault):
    change, message = FAULTS[fault]
    found = problems(changed(sample, change))
    assert any(message in problem for problem in found), found


def test_the_guard_sees_a_python_version():
    notebook = nbformat.v4.new_notebook(metadata={"language_info": {"name": "python", "version": "3.11.7"}})
    assert problems(notebook) == ["notebook: not normalised, run `make outputs`"]


def move_a_point(code):
    svg = code[2].outputs[0].data["image/svg+xml"]
    number = re.search(r"M (\d+\.\d+) ", svg)
    code[2].outputs[0].data["image/svg+xml"] = svg[: number.start(1)] + "9.5" + svg[number.end(1) :]


SLIPS = {
    "digit": lambda code: code[1].outputs[0].update(text="3\n"),
    "coordinate": move_a_point,
    "stripped": lambda code: code[1].update(outputs=[]),
    "stripped figure": lambda code: code[2].update(outputs=[]),
    "source": lambda code: code[1].update(source="print(1 + 2)"),
}


def test_strict_nbval_sees_every_slip(sample, tmp_path):
    nbformat.write(read(sample), tmp_path / "faultless.ipynb")
    for name, slip in SLIPS.items():
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(changed(sample, slip)), encoding="utf-8")
    command = ["-m", "pytest", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "-q", "--tb=no", "-rf"]
    run = subprocess.run(
        [sys.executable, *command, tmp_path], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    failed = set(re.findall(r"FAILED (.+)\.ipynb", run.stdout))
    assert failed == set(SLIPS), run.stdout
