"""The PDF and the zip beside the front page.

Once ``make pdf`` has made them (``tools.pdf``), a build copies them there, and sets the tag ``downloads``, with which
the front page speaks of them.
"""

import shutil

from sphinx.application import Sphinx

from tools.book import BUILD

DOWNLOADS = BUILD / "downloads"
NAME = "one_by_one"


def put_beside_the_front_page(app: Sphinx, error: Exception | None) -> None:
    """Copy what was made to the built pages."""
    if error is None:
        for file in DOWNLOADS.glob(f"{NAME}.*"):
            shutil.copy(file, app.outdir)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    if DOWNLOADS.exists():
        app.tags.add("downloads")
    app.connect("build-finished", put_beside_the_front_page)
    return {"parallel_read_safe": True}
