"""Progress: seen by someone who watches, and gone at the end; what runs a notebook for its outputs sees nothing."""

import re
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from jupyter_client.manager import run_kernel

from lib import _progress
from lib._progress import Progress

LEARN = """
import time
from lib._progress import Progress
with Progress(8) as progress:
    for _ in range(8):
        time.sleep(0.3)
        progress.step_and_look()
print("learned")
"""


@pytest.fixture
def said(monkeypatch):
    """What is displayed, in order, with a frontend that takes input."""
    words = []
    handle = SimpleNamespace(update=lambda html: words.append(html.data))
    monkeypatch.setattr(_progress, "display", lambda html, display_id: (words.append(html.data), handle)[1])
    monkeypatch.setattr(_progress, "get_ipython", lambda: SimpleNamespace(kernel=SimpleNamespace(_allow_stdin=True)))
    return words


def test_it_says_what_is_left_and_ends_empty(said):
    clock = iter(range(100))
    with Progress(5, lambda: next(clock)) as progress:  # each look finds one second more than the last
        for _ in range(5):
            progress.step_and_look()
    left = [int(match[1]) for match in (re.search(r"about (\d+) s more", words) for words in said) if match]
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0
    assert 'max="5" value="5"' in said[-2]
    assert said[-1] == ""


def test_what_is_soon_over_shows_nothing(said):
    with Progress(3) as progress:
        for _ in range(3):
            progress.step_and_look()
    assert said == []


def test_it_waits_for_threads_and_passes_on_their_errors(said):
    with Progress(2) as progress, ThreadPoolExecutor() as pool:
        work = [pool.submit(progress.step), pool.submit(lambda: 1 / 0)]
        progress.wait_for(work)
        assert progress.done == 1
        with pytest.raises(ZeroDivisionError):
            work[1].result()


@pytest.fixture(scope="module")
def kernel():
    with run_kernel(kernel_name="python3") as client:
        yield client


@pytest.mark.parametrize("watched", [True, False])
def test_a_kernel_shows_it_to_who_can_answer_and_to_no_other(kernel, watched):
    messages = []
    kernel.execute_interactive(LEARN, allow_stdin=watched, output_hook=messages.append, timeout=60)
    outputs = [m["content"] for m in messages if m["msg_type"] != "status" and m["msg_type"] != "execute_input"]
    if not watched:
        assert outputs == [{"name": "stdout", "text": "learned\n"}]
        return
    (first, *updates), prints = [o for o in outputs if "data" in o], [o for o in outputs if "text" in o]
    assert re.search(r'value="\d".* learning: about \d s more', first["data"]["text/html"])
    assert len(updates) > 1
    assert {u["transient"]["display_id"] for u in updates} == {first["transient"]["display_id"]}
    assert updates[-1]["data"]["text/html"] == ""
    assert prints == [{"name": "stdout", "text": "learned\n"}]
