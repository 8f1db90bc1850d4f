"""JupyterLab as a runner uses it: its server opens a chapter, starts a kernel beside it, and runs it to the end.

In its page, what a reader can touch can be touched.
"""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from jupyter_kernel_client import JupyterKernelClient
from playwright.sync_api import expect

from tools.book import BUILD, ROOT, code_cells, read
from tools.guard import normalise

CHAPTER = "chapters/channel_convolution.ipynb"
TOKEN = secrets.token_urlsafe()  # whoever knows it may run commands here while the test lasts


def ask(address: str, path: str, body: dict | None = None) -> dict:
    """What the server's API answers."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{address}/api/{path}", data, {"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def wait_for(address: str, process: subprocess.Popen, log: Path, seconds: float = 60) -> None:
    """Until the server answers. If it ends first, or takes too long, its log says why."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            ask(address, "status")
            return
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("jupyterlab") / "log"
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.root_dir={ROOT}"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    with (
        log.open("w") as output,
        subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=output, env=os.environ | {"JUPYTER_TOKEN": TOKEN}
        ) as process,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def test_a_chapter_runs_to_its_end_and_prints_what_is_stored(server):
    opened = nbformat.from_dict(ask(server, f"contents/{CHAPTER}")["content"])
    assert normalise(opened) == read(ROOT / CHAPTER)
    wanted = {"path": CHAPTER, "name": "", "type": "notebook", "kernel": {"name": opened.metadata.kernelspec.name}}
    session = ask(server, "sessions", wanted)
    kernel = JupyterKernelClient(server_url=server, token=TOKEN, kernel_id=session["kernel"]["id"])
    kernel.start()  # and no stop, which would wait ten seconds; when the server ends, so does the connection
    for cell in code_cells(opened):
        cell.outputs = nbformat.from_dict(kernel.execute(cell.source, timeout=120)["outputs"])
    assert [c.get("outputs") for c in normalise(opened).cells] == [c.get("outputs") for c in read(ROOT / CHAPTER).cells]


def test_an_explorable_draws_and_steps_in_its_page(server, browser):
    shown = next(cell for cell in code_cells(read(ROOT / CHAPTER)) if "stepper(" in cell.source)
    source = "import numpy as np\n" + shown.source
    BUILD.mkdir(exist_ok=True)
    file = BUILD / "explorable.ipynb"
    nbformat.write(normalise(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])), file)
    page = browser.new_page(viewport={"width": 1400, "height": 1200})
    try:
        page.goto(f"{server}/doc/tree/{file.relative_to(ROOT).as_posix()}?token={TOKEN}")
        cell = page.locator(".jp-CodeCell .cm-content").first
        # JupyterLab runs nothing, and says nothing, while the notebook has no kernel yet
        expect(page.get_by_text("(ipykernel) | Idle")).to_be_visible(timeout=120_000)
        cell.click()
        address = page.url
        page.keyboard.press("Control+Enter")
        explorable = page.locator("one-explorable")
        status = explorable.get_by_role("status")
        expect(status).to_contain_text("Step 1 of 32.", timeout=120_000)
        explorable.get_by_role("button", name="Step", exact=True).click()
        expect(status).to_contain_text("Step 2 of 32.")
        page.keyboard.press("ArrowRight")
        expect(status).to_contain_text("Step 3 of 32.")
        expect(explorable.locator(".still")).to_be_hidden()
        assert "#" not in page.url.removeprefix(address)
        explorable.screenshot(path=BUILD / "explorable.png")
    finally:
        page.close()
        file.unlink()
