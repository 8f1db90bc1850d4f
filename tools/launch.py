"""Buttons that open a chapter elsewhere: on Binder, on Colab, on Kaggle; and the book's repository itself.

The repository's address is written nowhere. It comes from ``BOOK_REPOSITORY``, else from ``GITHUB_REPOSITORY``, which
GitHub's workflows set, else from the git remote ``origin``. The services read from GitHub; without an address there the
buttons are left out. Binder runs the repository; the others take the standalone copies, where they are published.
"""

import os
import re
import subprocess
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from tools.book import ROOT

ADDRESS = re.compile(
    r"(?:(?:https?|ssh)://(?:[^/@]+@)?github\.com/|(?:git@)?github\.com:)?([\w-]+/(?!\.{1,2}/?$)[\w.-]+?)(?:\.git)?/?"
)
VARIABLES = ("BOOK_REPOSITORY", "GITHUB_REPOSITORY")
# Where each opens a chapter, in the order of the menu.
SERVICES = {
    "Binder": "https://mybinder.org/v2/gh/{repository}/HEAD?urlpath=lab/tree/{page}.ipynb",
    "Colab": "https://colab.research.google.com/github/{repository}/blob/gh-pages/_sources/{page}.ipynb",
    "Kaggle": "https://www.kaggle.com/kernels/welcome?src=https://github.com/{repository}/blob/gh-pages/_sources/{page}.ipynb",
}
LOGOS = {
    "Binder": "_static/images/logo_binder.svg",
    "Colab": "_static/images/logo_colab.png",
    "Kaggle": "fab fa-kaggle",
}


def repository() -> str | None:
    """The repository on GitHub, as "owner/name"; None where no address is known.

    Raises:
        ValueError: an environment variable names something else than a repository on GitHub.
    """
    for variable in VARIABLES:
        if given := os.environ.get(variable):
            if match := ADDRESS.fullmatch(given):
                return match[1]
            shown = re.sub(r"//[^/@]*@", "//…@", given)  # which may be a password
            raise ValueError(f"{variable}: expected owner/name or an address on github.com, got {shown!r}")
    if not (ROOT / ".git").exists():  # else git would answer for a repository around the book
        return None
    try:
        asked = subprocess.run(["git", "remote", "get-url", "origin"], cwd=ROOT, capture_output=True, text=True)
    except FileNotFoundError:  # no git on this machine
        return None
    remote = asked.stdout.strip()
    match = ADDRESS.fullmatch(remote) if "github.com" in remote else None
    return match[1] if match else None


def launch_buttons(repository: str, page: str) -> list[dict[str, str]]:
    """The menu of one chapter, as the theme's template wants it."""
    return [
        {
            "type": "link",
            "text": service,
            "tooltip": f"Run this chapter on {service}",
            "icon": LOGOS[service],
            "url": address.format(repository=repository, page=page),
        }
        for service, address in SERVICES.items()
    ]


def know_the_repository(app: Sphinx, config: Config) -> None:
    """Give the theme the address for its own buttons, and the pages the tag ``repository`` to speak of them."""
    config.book_repository = repository()
    if config.book_repository:
        app.tags.add("repository")
        config.html_theme_options |= {
            "repository_url": f"https://github.com/{config.book_repository}",
            "use_repository_button": True,
            "use_issues_button": True,
        }


def add_buttons(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Put the menu before the other buttons of a chapter."""
    if app.config.book_repository and context.get("page_source_suffix") == ".ipynb":
        menu = {
            "type": "group",
            "tooltip": "Run this chapter",
            "icon": "fas fa-rocket",
            "buttons": launch_buttons(app.config.book_repository, pagename),
            "label": "launch-buttons",
        }
        context["header_buttons"].insert(0, menu)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_config_value("book_repository", None, "env")
    app.connect("config-inited", know_the_repository)
    app.connect("html-page-context", add_buttons, priority=502)  # the theme adds its own at 501
    return {"parallel_read_safe": True}
