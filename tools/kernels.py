"""The kernels that notebooks run in: the book's own environment, and TensorFlow's, which not every machine can have.

``python -m tools.kernels`` says why this one cannot, and exits with 0; where it can, it is silent and exits with 1.
"""

import sys
from pathlib import Path

from nbformat import NotebookNode
from packaging.requirements import Requirement

from tools.book import ROOT

OWN, TENSORFLOW = "python3", "tensorflow"
KERNELS = {OWN: "Python 3", TENSORFLOW: "TensorFlow"}  # as Jupyter shows them
PINS = ROOT / "requirements-tensorflow.txt"


def kernel(notebook: NotebookNode) -> str:
    """The name of the kernel that the notebook runs in: TensorFlow's if it asks for that, else the book's own."""
    asked = notebook.metadata.get("kernelspec", {}).get("name")
    return asked if asked in KERNELS else OWN


def no_tensorflow() -> str:
    """Why TensorFlow cannot be installed here, as a sentence; empty if it can."""
    pins = [Requirement(line) for line in PINS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    (pin,) = [pin for pin in pins if pin.name == "tensorflow-cpu"]
    if pin.marker is None or pin.marker.evaluate():
        return ""
    here = f"Python {sys.version_info.major}.{sys.version_info.minor} on {sys.platform}"
    return f"TensorFlow is skipped: {pin.name}{pin.specifier} has no wheel for {here}. The page shows what is stored."


def missing(notebook: NotebookNode) -> str:
    """Why the notebook cannot run here, as a sentence; empty if it can."""
    name = kernel(notebook)
    if name == OWN or Path(sys.prefix, "share", "jupyter", "kernels", name).exists():
        return ""
    return no_tensorflow() or f"its kernel {name!r} is not installed: make {name}"


if __name__ == "__main__":
    reason = no_tensorflow()
    if reason:
        print(reason)
    sys.exit(not reason)
