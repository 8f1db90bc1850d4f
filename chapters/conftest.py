"""What another kernel runs is left out here; `make test-tensorflow` runs it."""

from tools.book import read
from tools.kernels import OWN, kernel


def pytest_ignore_collect(collection_path, config):
    """Ignore a notebook with another kernel than the book's own."""
    if collection_path.suffix == ".ipynb" and config.getoption(
        "nbval_current_env", False
    ):
        return True if kernel(read(collection_path)) != OWN else None
    return None
