"""A small book, built in a process of its own, as Sphinx's extensions may be set up once only in each."""

import subprocess
import sys

import pytest

from tools.book import ROOT


@pytest.fixture(scope="session")
def sphinx():
    """Build the sources in a folder; give what Sphinx complains of. The pages are in its folder ``out``."""

    def build(folder, configuration, **environment):
        (folder / "conf.py").write_text(configuration, encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "sphinx",
            "-q",
            "-E",
            "-b",
            "html",
            "-d",
            folder / "trees",
            folder,
            folder / "out",
        ]
        return subprocess.run(command, cwd=ROOT, env=environment or None, capture_output=True, text=True).stderr

    return build
