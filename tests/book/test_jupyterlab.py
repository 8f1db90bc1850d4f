"""JupyterLab as a runner uses it: its server opens a chapter, starts a kernel beside it, and runs it to the end."""

import json
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from jupyter_kernel_client import JupyterKernelClient

from tools.book import ROOT, code_cells, read
from tools.guard import normalise

CHAPTER = "chapters/channel_convolution.ipynb"
TOKEN = "for-this-test"


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
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"]
    with log.open("w") as output, subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output) as process:
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
