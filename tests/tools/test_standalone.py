"""The copies that the download buttons serve: complete, careful, and otherwise the chapters themselves.

``make test-standalone`` runs them all, in an environment without the book.
"""

import importlib.util
import shutil
from types import SimpleNamespace

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from tools.book import ROOT, chapters, read
from tools.standalone import needed_assets, needed_modules, serve_standalone_copies, standalone

LIB = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "lib").glob("*.py")}
LIB |= {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "_static").glob("explorables.*")}


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_the_first_cell_writes_the_modules_that_the_chapter_needs(path, tmp_path, monkeypatch):
    chapter = read(path)
    before = nbformat.writes(chapter)
    copy = standalone(chapter)
    assert nbformat.writes(chapter) == before
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)  # TensorFlow is not in this environment
    as_ipython_reads_it = TransformerManager().transform_cell(copy.cells[0].source)
    exec(as_ipython_reads_it, {})
    exec(as_ipython_reads_it, {})  # a second time does no harm
    written = {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "lib").iterdir()}
    assert written == {name: LIB[name] for name in written}
    modules = needed_modules(chapter)
    assert (
        set(written) == {file.name for file in [*modules, *needed_assets(modules)]} >= {"__init__.py", "_arguments.py"}
    )
    assert [cell.source for cell in copy.cells[1:]] == [cell.source for cell in chapter.cells]
    assert [cell.get("outputs") for cell in copy.cells[1:]] == [cell.get("outputs") for cell in chapter.cells]
    nbformat.validate(copy)


def test_only_what_is_needed_is_written():
    chapter = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("from lib.cost import Cost")])
    names = {path.name for path in needed_modules(chapter)}
    assert names == {
        "__init__.py",
        "_arguments.py",
        "_on_shapes.py",
        "_totals.py",
        "_windows.py",
        "cost.py",
        "tables.py",
    }


def test_another_folder_of_that_name_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "__init__.py").write_text("mine = 1\n")
    with pytest.raises(FileExistsError, match="is not the book's: run this notebook in another folder"):
        exec(standalone(read(chapters()[0])).cells[0].source, {})
    assert [file.name for file in (tmp_path / "lib").iterdir()] == ["__init__.py"]


def test_only_packages_that_are_imported_are_asked_for():
    import_ = nbformat.v4.new_code_cell(
        "import jax.numpy\nfrom keras import layers\nfrom lib.precision import round_mantissa"
    )
    chapter = nbformat.v4.new_notebook(cells=[import_, nbformat.v4.new_code_cell("import os\nimport pandas")])
    assert "needed = {'jax': 'jax', 'keras': 'keras', 'numpy': 'numpy'}" in standalone(chapter).cells[0].source


def test_a_copy_runs_in_whatever_kernel_there_is():
    (chapter,) = [path for path in chapters() if path.stem == "in_tensorflow"]
    assert standalone(read(chapter)).metadata.kernelspec.name == "python3"


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in ("sklearn", "torch") else name)
    with pytest.raises(ModuleNotFoundError, match="this chapter also needs: pip install scikit-learn torch"):
        exec(standalone(read(chapters()[0])).cells[0].source, {})
    assert not list(tmp_path.iterdir())


def test_a_build_on_top_of_another_adds_no_second_cell(tmp_path):
    folder = tmp_path / "_sources" / "chapters"
    folder.mkdir(parents=True)
    served = shutil.copy(chapters()[0], folder)
    app = SimpleNamespace(outdir=tmp_path)
    serve_standalone_copies(app, RuntimeError("the build failed"))
    assert read(served) == read(chapters()[0])
    for _ in range(2):
        serve_standalone_copies(app, None)
        assert read(served) == standalone(read(chapters()[0]))
