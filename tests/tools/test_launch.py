"""The buttons for Binder, Colab and Kaggle: right where the repository has an address, and absent where it has none."""

import os
import re
import subprocess

import nbformat
import pytest

from tools import launch


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


@pytest.mark.parametrize("address", ["book", "a/b/c", "https://gitlab.com/a/b", "a/b c", "a/..", "a/."])
def test_a_wrong_address_is_named(bare, monkeypatch, address):
    monkeypatch.setenv("BOOK_REPOSITORY", address)
    with pytest.raises(ValueError, match=rf"BOOK_REPOSITORY: expected owner/name .* got {re.escape(repr(address))}"):
        launch.repository()


def test_a_wrong_address_does_not_give_its_password_away(bare, monkeypatch):
    monkeypatch.setenv("BOOK_REPOSITORY", "https://me:secret@gitlab.com/a/b")
    with pytest.raises(ValueError, match="got 'https://…@gitlab") as told:
        launch.repository()
    assert "secret" not in str(told.value)


@pytest.fixture
def mini(tmp_path, sphinx):
    """Build a small book with the theme and the buttons, and give its chapter's page and its front page."""
    (tmp_path / "index.md").write_text("# Front\n\n```{toctree}\nchapters/one\n```\n")
    (tmp_path / "chapters").mkdir()
    cells = [nbformat.v4.new_markdown_cell("# One")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "chapters" / "one.ipynb")

    def build(**environment):
        sphinx(
            tmp_path,
            'extensions = ["myst_nb", "sphinx_book_theme", "tools.launch"]\n'
            'html_theme, nb_execution_mode, source_suffix = "sphinx_book_theme", "off", [".md", ".ipynb"]\n'
            'html_theme_options = {"use_download_button": True}\n',
            **{name: value for name, value in os.environ.items() if name not in launch.VARIABLES} | environment,
        )
        return [(tmp_path / "out" / page).read_text(encoding="utf-8") for page in ("chapters/one.html", "index.html")]

    return build


SERVICES = r'href="(https://(?:mybinder\.org|colab\.research\.google\.com|www\.kaggle\.com)/[^"]*)"'


def test_a_chapter_has_a_button_for_each_service(mini):
    chapter, front = mini(BOOK_REPOSITORY="some-one/book")
    standalone = "some-one/book/blob/gh-pages/_sources/chapters/one.ipynb"
    assert re.findall(SERVICES, chapter) == [
        "https://mybinder.org/v2/gh/some-one/book/HEAD?urlpath=lab/tree/chapters/one.ipynb",
        f"https://colab.research.google.com/github/{standalone}",
        f"https://www.kaggle.com/kernels/welcome?src=https://github.com/{standalone}",
    ]
    assert 'href="https://github.com/some-one/book"' in chapter
    assert not re.findall(SERVICES, front)


def test_without_an_address_there_are_no_buttons(mini, tmp_path):
    for page in mini(GIT_DIR=str(tmp_path)):  # no git remote either
        assert not re.findall(SERVICES, page)
        assert "github.com" not in page
