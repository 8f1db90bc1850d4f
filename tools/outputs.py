"""Run chapters, and store what they print: ``make outputs``, or ``make outputs CHAPTER=resnet`` for one.

Running it twice changes nothing. With ``--memory`` (``make memory``) nothing is stored; it says what each kernel takes.
"""

import argparse
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from tools.book import ROOT, chapters, read
from tools.guard import normalise

FRONT_PICTURE = ROOT / "_static" / "channel_columns.svg"  # the front page shows this figure of the first chapter


def figure(notebook: NotebookNode, name: str) -> str:
    """The stored SVG of the figure called ``name``."""
    for cell in notebook.cells:
        if cell.metadata.get("mystnb", {}).get("figure", {}).get("name") == name:
            return next(out.data["image/svg+xml"] for out in cell.outputs if "image/svg+xml" in out.get("data", {}))
    raise ValueError(f"name: expected the name of a figure in the notebook, got {name!r}")


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


def main() -> None:
    """Execute what is named, or everything, and keep the front page's picture equal to the first chapter's."""
    parser = argparse.ArgumentParser(prog="make outputs", description=__doc__)
    parser.add_argument("chapter", nargs="*", choices=[[], *(path.stem for path in chapters())])
    parser.add_argument("--memory", action="store_true")
    given = parser.parse_args()
    for path in chapters():
        if given.chapter and path.stem not in given.chapter:
            continue
        if given.memory:
            print(f"{peak_memory(path):6.0f} MB  {path.relative_to(ROOT)}", flush=True)
        else:
            execute(path)
            print(f"outputs: {path.relative_to(ROOT)}", flush=True)
    if not given.memory:
        first = read(ROOT / "chapters" / "channel_convolution.ipynb")
        FRONT_PICTURE.write_text(figure(first, "fig-channel-columns"), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
