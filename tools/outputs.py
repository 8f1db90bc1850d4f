"""Run chapters, and store what they print: ``make outputs``, or ``make outputs CHAPTER=resnet`` for one.

Running it twice changes nothing. With ``--memory`` (``make memory``) nothing is stored; it says what each kernel takes.
"""

import argparse
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from tools import kernels
from tools.book import ROOT, chapters, read
from tools.changed_figures import PAGE, compare, figures, write_page
from tools.guard import normalise

FRONT_PICTURE = ROOT / "_static" / "channel_columns.svg"  # the front page shows this figure of the first chapter


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
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": folder}}).execute()


def main() -> None:
    """Execute what is named, or everything, and keep the front page's picture equal to the first chapter's."""
    parser = argparse.ArgumentParser(prog="make outputs", description=__doc__)
    parser.add_argument("chapter", nargs="*", help="a name such as resnet; all if none is named")
    parser.add_argument("--memory", action="store_true")
    given = parser.parse_args()
    if unknown := set(given.chapter) - {path.stem for path in chapters()}:
        parser.error(f"no such chapter in _toc.yml: {', '.join(unknown)}")
    asked = [path for path in chapters() if not given.chapter or path.stem in given.chapter]
    missing = {path: why for path in asked if (why := kernels.missing(read(path)))}
    for path, why in missing.items():
        print(f"left as it is: {path.relative_to(ROOT)}: {why}", flush=True)
    chosen = [path for path in asked if path not in missing]
    if given.memory:
        for path in chosen:
            print(f"{peak_memory(path):6.0f} MB  {path.relative_to(ROOT)}", flush=True)
        return
    changed = []
    for path in chosen:
        before = figures(read(path))
        execute(path)
        changed += compare(before, figures(read(path)))
        print(f"outputs: {path.relative_to(ROOT)}", flush=True)
    if changed:
        write_page(changed)
        print(f"{len(changed)} figures changed; before and after: {PAGE}")
    if any(path.stem == "channel_convolution" for path in chosen):
        first = read(ROOT / "chapters" / "channel_convolution.ipynb")
        FRONT_PICTURE.write_text(figures(first)["fig-channel-columns"], encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
