"""What a release hands out, and that its version is said once."""

import hashlib
import re
from zipfile import ZipFile

import pytest
import yaml

from tools.book import ROOT
from tools.release import SUMS, gather, version


def test_the_citation_and_the_changelog_have_the_version_of_the_package():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    newest = re.search(r"^## (\d\S*) \(([\d-]+)\)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest.groups() == (version(), str(citation["date-released"])), "CHANGELOG.md: ## version (day)"
    assert citation["version"] == version(), "CITATION.cff"


@pytest.fixture
def built(tmp_path):
    """The least that `make pdf` leaves."""
    downloads, copies = tmp_path / "downloads", tmp_path / "html" / "_sources" / "chapters"
    downloads.mkdir()
    copies.mkdir(parents=True)
    for file in (downloads / "one_by_one.pdf", downloads / "one_by_one.zip", copies / "b.ipynb", copies / "a.ipynb"):
        file.write_text(f"this is {file.name}")
    (copies / "claims.md").write_text("no notebook")
    return downloads, tmp_path / "html", tmp_path / "release"


def test_it_has_the_pdf_the_pages_the_notebooks_and_checksums_that_fit(built):
    release = built[2]
    release.mkdir()
    (release / "old.pdf").write_text("of another version")
    gather(*built)
    name = f"one_by_one-{version()}"
    files = [f"{name}-notebooks.zip", f"{name}-pages.zip", f"{name}.pdf"]
    assert sorted(file.name for file in release.iterdir()) == sorted([SUMS, *files])
    with ZipFile(release / files[0]) as archive:
        assert archive.namelist() == [f"{name}-notebooks/{letter}.ipynb" for letter in "ab"]
    sums = dict(reversed(line.split("  ")) for line in (release / SUMS).read_text().splitlines())
    assert list(sums) == files
    assert sums[files[2]] == hashlib.sha256(b"this is one_by_one.pdf").hexdigest()


@pytest.mark.parametrize("gone", ["downloads/one_by_one.pdf", "downloads/one_by_one.zip", "html/_sources/chapters"])
def test_without_one_of_them_it_says_which_and_leaves_what_was_there(built, gone):
    release = built[2]
    gather(*built)
    before = sorted(release.iterdir())
    missing = built[0].parent / gone
    for file in [missing] if missing.is_file() else missing.iterdir():
        file.unlink()
    with pytest.raises(FileNotFoundError, match="expected it from `make pdf`, found nothing"):
        gather(*built)
    assert sorted(release.iterdir()) == before
