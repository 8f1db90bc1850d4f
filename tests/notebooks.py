"""What a chapter's notebook must look like: run it, normalise it, and say what is wrong with it.

``python -m tests.notebooks`` (``make outputs``) re-executes every chapter in place. Running it twice changes nothing.
With ``--memory`` (``make memory``) it stores nothing, and says how much memory each chapter takes.
"""

import ast
import hashlib
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
CONTENTS = (ROOT / "_toc.yml").read_text(encoding="utf-8")
LESSONS = re.search(r"caption: Chapters\n(.+?)- caption", CONTENTS, re.DOTALL)[1]  # the part that is numbered
NUMBERED = [(ROOT / file).with_suffix(".ipynb") for file in re.findall(r"file: (\S+)", LESSONS)]
FRONT_PICTURE = ROOT / "_static" / "channel_columns.svg"  # the front page shows this figure of the first chapter

KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "name": "python", "pygments_lexer": "ipython3"},
}
CELL_METADATA = {"mystnb", "tags"}
TAGS = {"hide-output", "raises-exception"}
LONGEST_CELL = 20  # lines
# nbval also obeys comments: any of these words in a cell's source can switch a comparison off.
SWITCHES = re.compile(r"NBVAL_|PYTEST_VALIDATE_|nbval-", re.IGNORECASE)


def normalise(notebook: NotebookNode) -> NotebookNode:
    """A copy without whatever changes from one run, editor or machine to the next."""
    out = nbformat.from_dict(notebook)
    out.metadata = nbformat.from_dict(KERNEL)
    out.nbformat, out.nbformat_minor = 4, 5
    taken = set()
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
    joined = []
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
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, 1):
        found += [f"code cell {number}: {text}" for text in _cell_problems(cell, number)]
        if not cell.outputs and not _defines_something_used(cell, code[number:]):
            found.append(f"code cell {number}: prints nothing, draws nothing, and defines nothing used later")
    if notebook != normalise(notebook):
        found.append("notebook: not normalised, run `make outputs`")
    return found


def _cell_problems(cell: NotebookNode, number: int) -> list[str]:
    found = []
    if cell.execution_count != number:
        found.append(f"execution count is {cell.execution_count}, expected {number}")
    tags = set(cell.metadata.get("tags", []))
    if tags - TAGS:
        found.append(f"tags {sorted(tags - TAGS)}, allowed are {sorted(TAGS)}")
    if SWITCHES.search(cell.source):
        found.append("a comment that switches nbval off")
    if len(cell.source.splitlines()) > LONGEST_CELL:
        found.append(f"{len(cell.source.splitlines())} lines, at most {LONGEST_CELL}")
    for output in cell.outputs:
        data = output.get("data", {})
        if output.output_type == "error" and "raises-exception" not in tags:
            found.append(f"stored error {output.ename}")
        if output.get("name") == "stderr":
            found.append("stored stderr")
        if unchecked := [kind for kind in data if kind.startswith("image/") and kind != "image/svg+xml"]:
            found.append(f"{unchecked[0]} output, which nbval does not compare")
        if re.search(r" at 0x[0-9a-f]{6}", str(output.get("text", "")) + str(data.get("text/plain", ""))):
            found.append("a memory address in the output")
        if "image/svg+xml" in data:
            mystnb = cell.metadata.get("mystnb", {})
            missing = [key for key in ("caption", "name") if not mystnb.get("figure", {}).get(key)]
            missing += [] if mystnb.get("image", {}).get("alt") else ["alt"]
            found += [f"figure without {key}" for key in missing]
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


def figure(notebook: NotebookNode, name: str) -> str:
    """The stored SVG of the figure called ``name``."""
    for cell in notebook.cells:
        if cell.metadata.get("mystnb", {}).get("figure", {}).get("name") == name:
            return next(out.data["image/svg+xml"] for out in cell.outputs if "image/svg+xml" in out.get("data", {}))
    raise ValueError(f"name: expected the name of a figure in the notebook, got {name!r}")


def read(path: Path) -> NotebookNode:
    """The notebook at ``path``, as it is stored."""
    return nbformat.read(path, as_version=4)


def execute(path: Path) -> None:
    """Run the notebook at ``path`` from its first cell to its last, and store its outputs, normalised."""
    notebook = read(path)
    _run(notebook, path.parent)
    path.write_text(nbformat.writes(normalise(notebook)) + "\n", encoding="utf-8", newline="\n")


def peak_memory(path: Path) -> float:
    """The most memory, in megabytes, that the kernel of the notebook at ``path`` holds at once."""
    notebook = read(path)
    ask = "import resource, sys\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, sys.platform)"
    notebook.cells.append(nbformat.v4.new_code_cell(ask))
    _run(notebook, path.parent)
    size, platform = notebook.cells[-1].outputs[0].text.split()
    return int(size) / (10**6 if platform == "darwin" else 10**3)  # macOS counts bytes, Linux thousands of them


def _run(notebook: NotebookNode, folder: Path) -> None:
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": folder}}).execute()


def store_outputs() -> None:
    """Execute every chapter in place, and keep the front page's picture equal to the first chapter's."""
    for chapter in CHAPTERS:
        execute(chapter)
        print(f"outputs: {chapter.relative_to(ROOT)}", flush=True)
    first = read(ROOT / "chapters" / "channel_convolution.ipynb")
    FRONT_PICTURE.write_text(figure(first, "fig-channel-columns"), encoding="utf-8", newline="\n")


def print_memory() -> None:
    """Say how much memory each chapter takes."""
    for chapter in CHAPTERS:
        print(f"{peak_memory(chapter):6.0f} MB  {chapter.relative_to(ROOT)}", flush=True)


if __name__ == "__main__":
    print_memory() if "--memory" in sys.argv else store_outputs()
