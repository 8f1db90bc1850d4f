"""The table of measurements in the README, made anew on a machine that has nothing else to do.

``make measured`` takes two hours; ``make measured ROWS="pages memory"`` makes these rows alone, and leaves the
others as they are.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from tools import portability, weight
from tools.book import HTML, ROOT, chapters, read
from tools.browser import PAGES, chromium, served
from tools.changed_figures import figures
from tools.kernels import missing
from tools.outputs import peak_memory

README = ROOT / "README.md"
STATS = ROOT / "mutants" / "mutmut-cicd-stats.json"
ROW = "| {} | {} |"


def _make(*goals: str) -> str:
    """What ``make`` prints for these goals, which must succeed."""
    done = subprocess.run(["make", *goals], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"{done.stdout}\nmake {' '.join(goals)} failed: nothing is written down")
    return done.stdout


def _minutes(goal: str) -> str:
    start = time.monotonic()
    _make(goal)
    return f"{(time.monotonic() - start) / 60:.1f} minutes"


def outputs() -> str:
    """Cells and figures, and under how many settings they are the same again."""
    runs = [*portability.runs([("as it is", 1), *portability.SETTINGS])]
    if failed := [run for run in runs if run.printed and not run.differ]:
        sys.exit(failed[0].printed)
    cells, differ = runs[0].same + runs[0].differ, sum(run.differ for run in runs)
    drawn = sum(len(figures(read(path))) for path in chapters())
    return f"{differ} of {cells} cells, with {drawn} figures, in {len(runs)} settings"


def mutants() -> str:
    """How many small changes of ``lib`` a test notices."""
    _make("mutants")
    return noticed(json.loads(STATS.read_text(encoding="utf-8")))


def noticed(stats: Mapping[str, int]) -> str:
    """What mutmut's counts come to: a change that a test fails on, crashes on or hangs on is noticed.

    >>> noticed({"total": 10, "killed": 6, "timeout": 1, "segfault": 0, "survived": 2, "no_tests": 1, "skipped": 0})
    '7 of 10'
    """
    return f"{stats['killed'] + stats['timeout'] + stats['segfault']:,} of {stats['total'] - stats['skipped']:,}"


def pages() -> str:
    """The most that a page costs on a slow phone."""
    names = [page for page in PAGES if page.startswith(("index", "chapters/"))]
    with chromium() as browser, served(HTML) as address:
        costs = [weight.cost(browser, address, name) for name in names]
    kilobytes, requests, shift = (max(getattr(c, what) for c in costs) for what in ("bytes", "requests", "shift"))
    return f"{kilobytes / 1000:.0f} kB and {requests} requests before figures; shifted by {shift:.3f} of the screen"


def memory() -> str:
    """The most that a chapter's kernel holds."""
    return f"{max(peak_memory(path) for path in chapters() if not missing(read(path))):.0f} MB"


def bench() -> str:
    """The time of ``lib``'s convolution, in multiples of PyTorch's."""
    ones, others = re.findall(r"geometric mean of the ratios, .*: ([\d.]+)", _make("bench"))[:2]
    return f"{ones} (1×1), {others} (others)"


ROWS: dict[str, tuple[str, Callable[[], str]]] = {
    "outputs": ("Outputs that differ with the instructions a processor has, or with its threads", outputs),
    "mutants": ("Small changes of `lib` that a test notices (`make mutants` lists the others)", mutants),
    "pages": ("The most that a page costs on a phone", pages),
    "memory": ("The most memory that a chapter takes", memory),
    "bench": ("Time of `lib`'s convolution, in PyTorch's, on one core", bench),
    "book": ("`make book`, with everything installed", lambda: _minutes("book")),
    "test": ("`make test`, with everything installed", lambda: _minutes("test")),
}


def renewed(page: str, name: str, value: str) -> str:
    """The README with another value in one of its rows.

    Raises:
        ValueError: the README has no such row.

    >>> renewed("| `make book`, with everything installed | ? |", "book", "0.8 minutes")
    '| `make book`, with everything installed | 0.8 minutes |'
    """
    title = ROWS[name][0]
    row = re.compile(rf"^\| {re.escape(title)} \|.*\|$", re.MULTILINE)
    if not row.search(page):
        raise ValueError(f"README.md: expected a row {title!r}")
    return row.sub(lambda _: ROW.format(title, value), page)


def main() -> None:
    """Measure the rows that are named, or all, and write each down when it is there."""
    chosen = sys.argv[1:] or [*ROWS]
    if unknown := set(chosen) - {*ROWS}:
        sys.exit(f"ROWS: expected some of {' '.join(ROWS)}, got {' '.join(sorted(unknown))}")
    for name in chosen:
        value = ROWS[name][1]()
        README.write_text(renewed(README.read_text(encoding="utf-8"), name, value), encoding="utf-8")
        print(ROW.format(ROWS[name][0], value), flush=True)


if __name__ == "__main__":
    main()
