"""What a release hands out, gathered in ``_build/release`` (``make release``), and what its version promises.

The version stands in ``pyproject.toml``. The citation and the changelog repeat it, and a test holds them to it. The
addresses of sections, figures and exercises that were ever published are in ``addresses.txt``, and another test opens
them: a link that a reader has kept must not die. ``make addresses`` adds those of today before they are published.
"""

import hashlib
import re
import shutil
import sys
import tomllib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from tools.book import BUILD, HTML, ROOT, chapters, code_cells, read, text
from tools.downloads import DOWNLOADS, NAME

RELEASE = BUILD / "release"
SUMS = "SHA256SUMS"
ADDRESSES = Path(__file__).with_name("addresses.txt")
LABEL = re.compile(r"^(?:\(([\w-]+)\)=|:(?:label|name): ([\w-]+))$", re.MULTILINE)


def version() -> str:
    """The version of the book."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def addresses() -> set[str]:
    """What a link can lead to in the chapters as they are: each section, figure and exercise that has a label."""
    found = set()
    for path in chapters():
        notebook = read(path)
        labels = [one or other for one, other in LABEL.findall(text(notebook))]
        figures = [cell.metadata.get("mystnb", {}).get("figure", {}).get("name") for cell in code_cells(notebook)]
        found |= {f"chapters/{path.stem}.html#{label}" for label in [*labels, *figures] if label}
    return found


def published() -> set[str]:
    """The addresses that were ever published."""
    return set(ADDRESSES.read_text(encoding="utf-8").split())


def gather(downloads: Path, html: Path, release: Path) -> None:
    """Put the PDF, the pages, the notebooks that run alone, and a checksum of each into ``release``.

    Args:
        downloads: the folder with the PDF and the zip of the pages, as ``make pdf`` leaves it
        html: the built pages
        release: the folder to make; what stood there goes

    Raises:
        FileNotFoundError: the PDF or the zip has not been made, or there is no notebook among the pages.
    """
    name = f"{NAME}-{version()}"
    pdf, pages, copies = downloads / f"{NAME}.pdf", downloads / f"{NAME}.zip", html / "_sources" / "chapters"
    notebooks = sorted(copies.glob("*.ipynb"))
    missing = [path for path in (pdf, pages) if not path.exists()] + [copies] * (not notebooks)
    if missing:
        raise FileNotFoundError(f"{missing[0]}: expected it from `make pdf`, found nothing")
    shutil.rmtree(release, ignore_errors=True)
    release.mkdir(parents=True)
    shutil.copy(pdf, release / f"{name}.pdf")
    shutil.copy(pages, release / f"{name}-pages.zip")
    with ZipFile(release / f"{name}-notebooks.zip", "w", ZIP_DEFLATED) as archive:
        for notebook in notebooks:
            archive.write(notebook, f"{name}-notebooks/{notebook.name}")
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(release.iterdir())]
    (release / SUMS).write_text("".join(sums), encoding="utf-8")


def main() -> None:
    """Gather it, and say what it weighs; or, told ``--addresses``, write down those of today."""
    if "--addresses" in sys.argv:
        ADDRESSES.write_text("".join(f"{address}\n" for address in sorted(published() | addresses())), encoding="utf-8")
        return
    try:
        gather(DOWNLOADS, HTML, RELEASE)
    except FileNotFoundError as error:
        sys.exit(f"make release: {error}")
    for file in sorted(RELEASE.iterdir()):
        print(f"{file.stat().st_size / 1e6:5.1f} MB  {file}")


if __name__ == "__main__":
    main()
