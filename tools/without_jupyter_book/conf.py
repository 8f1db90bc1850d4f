"""The way out of Jupyter Book 1: the book made by Sphinx alone, from the same ``_config.yml`` and ``_toc.yml``.

Jupyter Book 1 holds Sphinx, MyST and the theme where they are, and will one day not install any more. On that day take
``jupyter-book`` out of ``pyproject.toml``, run ``make lock UPGRADE=all``, and build as ``make test-newest-pages`` does:
``sphinx-build -W -n -c tools/without_jupyter_book . _build/html``.

It builds without a warning on Sphinx 9.0.4, MyST-NB 1.4.0, MyST-Parser 5.2.0, sphinx-book-theme 1.4.0 and
pydata-sphinx-theme 0.20.0 (November 2026). What of the page tests fails there is said in ``known.py``.
"""

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
book = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))

# What Jupyter Book names otherwise than Sphinx, or sets by itself. A key that nothing here reads is an error, below.
project = html_title = book.pop("title")
author = book.pop("author")
copyright = book.pop("copyright")
# Paths are seen from this folder: `.*/` would also exclude the pages' ../../_static.
exclude_patterns = [pattern.replace(".*/", ".[!.]*/") for pattern in book.pop("exclude_patterns")]
external_toc_exclude_missing = book.pop("only_build_toc_files")
external_toc_path = str(ROOT / "_toc.yml")
nb_execution_mode = book.pop("execute").pop("execute_notebooks")
myst_enable_extensions = book.pop("parse").pop("myst_enable_extensions")
bibtex_bibfiles = [str(ROOT / file) for file in book.pop("bibtex_bibfiles")]
html_favicon = str(ROOT / book["html"].pop("favicon"))
use_multitoc_numbering = book["html"].pop("use_multitoc_numbering")
html_theme = "sphinx_book_theme"
html_static_path = [str(ROOT / "_static")]
html_css_files = ["book.css", "explorables.css"]
html_js_files = ["book.js", "explorables.js"]
html_sourcelink_suffix = ""
numfig = True
suppress_warnings = ["myst.domains"]

settings = book.pop("sphinx").pop("config")
extensions = [name for name in settings.pop("extensions") if name != "jupyter_book"]
templates_path = [str(ROOT / folder) for folder in settings.pop("templates_path")]
globals().update(settings)
if unread := [key for key, value in book.items() if value]:
    raise ValueError(f"_config.yml: expected keys that {__file__} reads, got also {unread}")
