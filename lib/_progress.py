"""What a runner sees while networks learn: how far they are, and how long they will take.

It is shown only where someone watches, in JupyterLab, Colab and the like, and is gone when the work is done. A frontend
at which somebody sits lets the kernel ask for input; what executes a notebook to store or to compare it does not.
"""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, wait
from typing import Any

from IPython import get_ipython
from IPython.display import HTML, display

AFTER, EVERY = 1.0, 0.25  # seconds: to wait before anything is shown, and from one look to the next


class Progress:
    """Counts steps, which any thread may report; the thread that made it shows them.

    Args:
        steps: in all.
        seconds: a clock.
    """

    def __init__(self, steps: int, seconds: Callable[[], float] = time.monotonic):
        self.steps, self.seconds = steps, seconds
        self.done, self.began, self.looked = 0, seconds(), seconds()
        self.shown: Any = None
        self.watched = bool(getattr(getattr(get_ipython(), "kernel", None), "_allow_stdin", False))

    def step(self) -> None:
        """One more step is done."""
        self.done += 1

    def step_and_look(self) -> None:
        """The same, from the thread that shows."""
        self.step()
        self.look()

    def look(self) -> None:
        """Show how far it is, unless that was done a moment ago, or all will soon be over."""
        now = self.seconds()
        if not self.watched or not self.done or now - self.began < AFTER or now - self.looked < EVERY:
            return
        self.looked = now
        left = (now - self.began) * (self.steps - self.done) / self.done
        if self.shown is None and left < AFTER:
            return
        bar = f'<progress max="{self.steps}" value="{self.done}" aria-label="learning"></progress>'
        words = HTML(f"{bar} learning: about {left:.0f} s more")
        if self.shown is None:
            self.shown = display(words, display_id=True)
        else:
            self.shown.update(words)

    def wait_for(self, work: Iterable[Future]) -> None:
        """Look now and then, until all of it is done."""
        pending = set(work)
        while pending:
            pending = wait(pending, timeout=EVERY).not_done
            self.look()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self.shown is not None:
            self.shown.update(HTML(""))
