"""The buttons for Binder, Colab and Kaggle: right where the repository has an address, and absent where it has none."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import launch
from tools.book import ROOT, chapters


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A folder without git, in an environment that names no repository."""
    for variable in launch.VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(launch, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "address",
    [
        "some-one/one.by_one",
        "https://github.com/some-one/one.by_one",
        "https://github.com/some-one/one.by_one.git",
        "https://github.com/some-one/one.by_one/",
        "https://token@github.com/some-one/one.by_one.git",
        "git@github.com:some-one/one.by_one.git",
        "ssh://git@github.com/some-one/one.by_one.git",
    ],
)
def test_every_way_to_write_the_address_is_read(bare, monkeypatch, address):
    monkeypatch.setenv("BOOK_REPOSITORY", address)
    assert launch.repository() == "some-one/one.by_one"


def test_the_order_in_which_the_address_is_looked_for(bare, monkeypatch):
    assert launch.repository() is None
    subprocess.run(["git", "init", "--quiet"], cwd=bare, check=True)
    assert launch.repository() is None
    subprocess.run(["git", "remote", "add", "origin", "git@github.com:third/book.git"], cwd=bare, check=True)
    assert launch.repository() == "third/book"
    monkeypatch.setenv("GITHUB_REPOSITORY", "second/book")
    assert launch.repository() == "second/book"
    monkeypatch.setenv("BOOK_REPOSITORY", "first/book")
    assert launch.repository() == "first/book"


@pytest.mark.parametrize("remote", ["/srv/book", "https://gitlab.com/some-one/book.git", "https://example.org/a/b"])
def test_a_remote_elsewhere_gives_no_buttons(bare, remote):
    subprocess.run(["git", "init", "--quiet"], cwd=bare, check=True)
    subprocess.run(["git", "remote", "add", "origin", remote], cwd=bare, check=True)
    assert launch.repository() is None


def test_a_repository_around_the_book_is_not_the_book_s(bare, monkeypatch):
    subprocess.run(["git", "init", "--quiet"], cwd=bare, check=True)
    subprocess.run(["git", "remote", "add", "origin", "git@github.com:other/project.git"], cwd=bare, check=True)
    (bare / "book").mkdir()
    monkeypatch.setattr(launch, "ROOT", bare / "book")
    assert launch.repository() is None


@pytest.mark.parametrize("address", ["book", "a/b/c", "https://gitlab.com/a/b", "a/b c"])
def test_a_wrong_address_is_named(bare, monkeypatch, address):
    monkeypatch.setenv("BOOK_REPOSITORY", address)
    with pytest.raises(ValueError, match=rf"BOOK_REPOSITORY: expected owner/name .* got {re.escape(repr(address))}"):
        launch.repository()


@pytest.mark.parametrize("address", ["some-one/book", None])
def test_the_built_pages_have_all_buttons_or_none(tmp_path, address):
    environment = {name: value for name, value in os.environ.items() if name not in launch.VARIABLES}
    environment |= {"BOOK_REPOSITORY": address} if address else {"GIT_DIR": str(tmp_path)}  # no git remote either
    build = [Path(sys.executable).with_name("jupyter-book"), "build", "--all", "-W", "-n", "--keep-going", "--quiet"]
    subprocess.run([*build, "--path-output", tmp_path, ROOT], env=environment, check=True, capture_output=True)
    html = tmp_path / "_build" / "html"
    services = r'href="(https://(?:mybinder\.org|colab\.research\.google\.com|www\.kaggle\.com)/[^"]*)"'
    for path in chapters():
        page = (html / "chapters" / f"{path.stem}.html").read_text(encoding="utf-8")
        standalone = f"some-one/book/blob/gh-pages/_sources/chapters/{path.name}"
        expected = [
            f"https://mybinder.org/v2/gh/some-one/book/HEAD?urlpath=lab/tree/chapters/{path.name}",
            f"https://colab.research.google.com/github/{standalone}",
            f"https://www.kaggle.com/kernels/welcome?src=https://github.com/{standalone}",
        ]
        assert re.findall(services, page) == (expected if address else [])
        assert ('href="https://github.com/some-one/book"' in page) == bool(address)
        assert (html / "_sources" / "chapters" / path.name).is_file()  # what gh-pages will hold at that place
    front = (html / "index.html").read_text(encoding="utf-8")
    assert ("the rocket at the top" in front) == bool(address)
    assert not re.findall(services, front)
