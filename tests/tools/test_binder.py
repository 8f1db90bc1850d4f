"""What Binder installs, as far as it can be checked without Binder."""

import ast
import re
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from tools.book import ROOT, chapters, code_cells, read

BINDER = ROOT / "binder"
IMPORTED_AS = {"scikit-learn": "sklearn", "ipython": "IPython", "matplotlib-inline": "matplotlib_inline"}


def pins(path) -> dict[str, str]:
    lines = [line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    found = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return {requirement.name: str(requirement.specifier) for requirement in found}


def test_binder_has_the_versions_that_the_outputs_were_made_with():
    binder, everything = pins(BINDER / "requirements.txt"), pins(ROOT / "requirements.txt")
    assert binder
    assert binder.items() <= everything.items()
    assert "-e ." in (BINDER / "requirements.txt").read_text(encoding="utf-8").splitlines()  # lib


def test_binder_has_all_that_the_chapters_and_lib_import():
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "lib").glob("*.py")]
    sources += [cell.source for path in chapters() for cell in code_cells(read(path))]
    imported = set()
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module.split(".")[0])
    installed = {IMPORTED_AS.get(name, name) for name in pins(BINDER / "requirements.txt")} | {"lib"}
    assert "torch" in imported
    assert imported - set(sys.stdlib_module_names) <= installed


def test_binder_has_a_python_that_the_book_takes():
    version = re.fullmatch(r"python-(\d+\.\d+)\n", (BINDER / "runtime.txt").read_text(encoding="utf-8")).group(1)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needs = Requirement(f"python{project['requires-python']}").specifier
    assert needs.contains(version)
    assert not needs.contains("3.10")


@pytest.mark.parametrize("name", ["environment.yml", "Pipfile", "Dockerfile", "setup.py", "postBuild"])
def test_nothing_in_the_folder_overrules_the_requirements(name):
    assert not (BINDER / name).exists()  # repo2docker would take these first, or besides
