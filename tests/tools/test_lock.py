"""What is chosen, pinned and installed agrees, and so do the places that speak of Python."""

import ast
import re
import sys
import tomllib
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tools.book import ROOT, chapters, code_cells, read
from tools.kernels import OWN, kernel
from tools.lock import APART, BINDER, CUDA, LOCK, TENSORFLOW, digest, direct

OURS = "one-by-one"


def pins(path: Path) -> dict[str, str]:
    """The version of each package, which is the same for every platform and Python."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "-")):
            requirement = Requirement(line.partition("  #")[0])
            (pin,) = requirement.specifier
            name = canonicalize_name(requirement.name)
            assert pin.operator == "==", f"{path.name} does not pin {name} to one version: run make lock"
            assert name not in found, f"{path.name} has {name} twice: find bounds that let all Pythons have one version"
            found[name] = pin.version
    return found


def test_what_builds_the_package_is_what_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["build-system"]["requires"] == [f"setuptools=={pins(LOCK)['setuptools']}"]


def chosen(*groups: str) -> list[Requirement]:
    groups = groups or direct().keys() - {"tensorflow"}  # which has a lock of its own
    return [Requirement(entry) for group in groups for entry in direct()[group]]


def imported(sources: list[str]) -> set[str]:
    """The distributions that the sources import, ours and Python's own apart."""
    names = set()
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module.partition(".")[0])
    providers = packages_distributions()
    return {
        canonicalize_name(providers.get(name, [name])[0])
        for name in names - set(sys.stdlib_module_names) - {"lib", "tools", "tests"}
    }


def code(*folders: str) -> list[str]:
    return [path.read_text(encoding="utf-8") for folder in folders for path in (ROOT / folder).rglob("*.py")]


def test_the_lock_is_of_these_direct_dependencies():
    made_from = re.search(r"digest (\w+)", LOCK.read_text(encoding="utf-8"))[1]
    assert made_from == digest(), (
        "pyproject.toml names other dependencies than requirements.txt was made from: run make lock"
    )


@pytest.mark.parametrize(
    ("path", "groups"),
    [(LOCK, ()), (BINDER, ("lib", "run")), (TENSORFLOW, ("tensorflow",))],
    ids=["lock", "binder", "tensorflow"],
)
def test_each_direct_dependency_is_pinned_to_a_version_that_satisfies_it(path, groups):
    pinned = pins(path)
    for requirement in chosen(*groups):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version, f"{requirement} is not pinned: run make lock"
        assert requirement.specifier.contains(version), f"{requirement} is pinned to {version}: run make lock"


def test_what_is_installed_is_what_is_locked():
    pinned = pins(LOCK)
    for distribution in distributions():
        name = canonicalize_name(distribution.name)
        if name not in {OURS, "pip"}:
            assert name in pinned, (
                f"{name} is installed and not locked: uninstall what is left over, or name it in pyproject.toml and "
                "run make lock"
            )
            assert Version(distribution.version).public == pinned[name], f"{name} is not installed as locked: make book"


def test_what_is_imported_is_chosen():
    books = {OWN: [], "tensorflow": []}
    for notebook in map(read, chapters()):
        books[kernel(notebook)] += [cell.source for cell in code_cells(notebook)]
    own, lib = imported(books[OWN]), imported(code("lib"))
    assert {"numpy", "torch", "ipython"} <= lib
    assert {"jax", "keras", "scipy"} <= own
    everything = own | lib | imported(code("tools", "tests", "chapters"))
    theirs = {"tensorflow-cpu" if name == "tensorflow" else name for name in imported(books["tensorflow"])}
    for names, groups in ((lib, ["lib"]), (own, ["lib", "run"]), (everything, []), (theirs, ["tensorflow"])):
        named = {canonicalize_name(requirement.name) for requirement in chosen(*groups)}
        undeclared = names - named - ({"numpy"} if groups == ["tensorflow"] else set())  # which TensorFlow brings
        assert undeclared == set(), "imported, and not among the direct dependencies in pyproject.toml"


def test_binder_has_its_part_of_the_lock():
    binder, everything = pins(BINDER), pins(LOCK)
    assert len(binder) < len(everything)
    for name, version in binder.items():
        assert version == everything.get(name), f"{name} is {version} for Binder alone: run make lock"


def test_tensorflow_has_its_numbers_and_figures_from_the_same_releases():
    theirs, ours = pins(TENSORFLOW), pins(LOCK)
    shared = theirs.keys() & ours.keys()
    assert {"numpy", "matplotlib", "keras"} <= shared
    assert {name for name in shared if theirs[name] != ours[name]} <= {name for name in shared if APART.match(name)}


@pytest.mark.parametrize("path", [LOCK, BINDER], ids=["lock", "binder"])
def test_a_lock_brings_the_book_s_package_and_no_companion_of_cuda(path):
    assert path.read_text(encoding="utf-8").splitlines()[-1] == "-e ."
    assert [name for name in pins(path) if CUDA.match(name)] == []


@pytest.mark.parametrize("name", ["environment.yml", "Pipfile", "Dockerfile", "setup.py", "postBuild"])
def test_nothing_in_the_folder_overrules_the_requirements(name):
    assert not (BINDER.parent / name).exists()  # repo2docker would take these first, or besides


def test_every_place_says_the_same_of_python():
    def text(name):
        return (ROOT / name).read_text(encoding="utf-8")

    needs = tomllib.loads(text("pyproject.toml"))["project"]["requires-python"]
    oldest, beyond = (int(minor) for minor in re.fullmatch(r">=3\.(\d+),<3\.(\d+)", needs).groups())
    newest = beyond - 1
    assert f"Python 3.{oldest} to 3.{newest}" in text("README.md")
    assert f"Python 3.{oldest} to 3.{newest}" in text("Makefile")
    assert f"(3, {oldest}) <= sys.version_info < (3, {beyond})" in text("Makefile")
    assert f'python: ["3.{oldest}", "3.{newest}"]' in text(".github/workflows/test.yml")
    weekly, published, binder = (
        set(re.findall(r'python(?:-version: "|-)(\d\.\w+)', text(name)))
        for name in (".github/workflows/weekly.yml", ".github/workflows/publish.yml", "binder/runtime.txt")
    )
    assert weekly == {f"3.{newest}"}
    assert len(published) == len(binder) == 1
    assert published | binder <= {f"3.{minor}" for minor in range(oldest, beyond)}
