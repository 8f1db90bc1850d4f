"""Which kernel a notebook runs in, and what is said where there is no TensorFlow."""

import importlib.util
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest

from tools import kernels
from tools.book import ROOT, chapters, read
from tools.guard import normalise
from tools.kernels import OWN, TENSORFLOW, kernel


def asking(name):
    notebook = nbformat.v4.new_notebook()
    notebook.metadata.kernelspec = {"name": name, "display_name": "x", "language": "python"}
    return notebook


@pytest.mark.parametrize(("asked", "got"), [("tensorflow", TENSORFLOW), ("python3", OWN), ("my-own", OWN)])
def test_only_known_kernels_stay(asked, got):
    assert kernel(asking(asked)) == got
    assert normalise(asking(asked)).metadata.kernelspec.name == got


def test_only_the_page_in_tensorflow_has_another_kernel():
    assert [path.stem for path in chapters() if kernel(read(path)) != OWN] == ["in_tensorflow"]


def test_a_machine_without_a_wheel_is_told_so(monkeypatch, tmp_path):
    pins = tmp_path / "pins.txt"
    pins.write_text("# pins\nnumpy==1\ntensorflow-cpu==9.9 ; python_version < '3'\n")
    monkeypatch.setattr(kernels, "PINS", pins)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    expected = "TensorFlow is skipped: tensorflow-cpu==9.9 has no wheel for Python 3."
    assert kernels.no_tensorflow().startswith(expected)
    assert kernels.missing(asking("tensorflow")).startswith(expected)
    assert kernels.missing(asking("python3")) == ""


def test_a_machine_with_one_is_told_how_to_install_it(monkeypatch, tmp_path):
    pins = tmp_path / "pins.txt"
    pins.write_text("tensorflow-cpu==9.9 ; python_version > '3'\n")
    monkeypatch.setattr(kernels, "PINS", pins)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert kernels.no_tensorflow() == ""
    assert kernels.missing(asking("tensorflow")) == "its kernel 'tensorflow' is not installed: make tensorflow"


def test_the_command_exits_as_make_expects():
    asked = subprocess.run([sys.executable, "-m", "tools.kernels"], cwd=ROOT, capture_output=True, text=True)
    assert (asked.returncode, asked.stdout.strip()) == (0 if kernels.no_tensorflow() else 1, kernels.no_tensorflow())


def test_the_book_s_own_kernel_leaves_it_out():
    spec = importlib.util.spec_from_file_location("chapters_conftest", ROOT / "chapters" / "conftest.py")
    conftest = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(conftest)
    own = SimpleNamespace(getoption=lambda name, default=None: name == "nbval_current_env")
    other = SimpleNamespace(getoption=lambda name, default=None: None)
    for path in chapters():
        assert conftest.pytest_ignore_collect(path, own) is (True if path.stem == "in_tensorflow" else None)
        assert conftest.pytest_ignore_collect(path, other) is None
