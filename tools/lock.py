"""``make lock``: every package, pinned for pip, from the few that ``pyproject.toml`` names.

uv resolves for Linux, macOS, Windows and every Python at once. What ``requirements.txt`` pins already stays, save the
packages named as arguments, or ``all``. It imports the standard library alone: a broken lock must not be in the way.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.txt"
BINDER = ROOT / "binder" / "requirements.txt"
TENSORFLOW = ROOT / "requirements-tensorflow.txt"

# On Linux torch asks for these; a torch for CPUs does not, and pinned they would come with it, several GB for nothing.
CUDA = re.compile(r"(cuda|nvidia|triton)\b")

# TensorFlow asks for an older one, which has no wheels for the newest Python.
APART = re.compile(r"h5py\b")

LOCK_HEADER = """\
# Made by `make lock` from the direct dependencies in pyproject.toml (digest {digest}); edit those.
# All packages, in the versions that the stored outputs and pages were made with, and what asks for each. Left out are
# torch's companions for CUDA on Linux (cuda-*, nvidia-*, triton), since a torch for CPUs does without them.
"""
BINDER_HEADER = """\
# Made by `make lock`, in the versions of ../requirements.txt: what runs the chapters, nothing that builds or checks the
# book. pip runs from the repository's root there, and the index of PyTorch has a small torch.
--extra-index-url https://download.pytorch.org/whl/cpu
"""


TENSORFLOW_HEADER = """\
# Made by `make lock`, in the versions of requirements.txt: the environment and kernel of chapters/in_tensorflow.ipynb,
# which `make test-tensorflow` makes. TensorFlow beside all the rest would take more memory than Binder gives.
"""


def direct() -> dict[str, list[str]]:
    """The direct dependencies by their group, those of ``lib`` under that name."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = {"lib": settings["project"]["dependencies"]} | settings["dependency-groups"]
    return {group: [entry for entry in entries if isinstance(entry, str)] for group, entries in groups.items()}


def digest() -> str:
    """Another one as soon as a direct dependency changes."""
    return hashlib.sha256(json.dumps(direct(), sort_keys=True).encode()).hexdigest()[:16]


def resolve(path: Path, groups: list[str], *options: str | Path) -> None:
    """Write to ``path`` what the groups need, all of it pinned; what ``path`` pins already stays."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--universal", "--quiet", "--no-header"]
    command += ["--fork-strategy", "fewest"]  # one version for all Pythons wherever there is one: outputs hang on it
    command += ["pyproject.toml"] if "lib" in groups else []
    for group in set(groups) - {"lib"}:
        command += ["--group", group]
    if failed := subprocess.run([*command, "--output-file", path, *options], cwd=ROOT).returncode:
        sys.exit(failed)  # uv has said why, and left the file as it was


def finish(path: Path, header: str, *below: str) -> None:
    """Put the header above the pins, and below them what else pip shall install."""
    pins = [line for line in path.read_text(encoding="utf-8").splitlines() if not CUDA.match(line)]
    path.write_text(header.format(digest=digest()) + "\n".join([*pins, *below, ""]), encoding="utf-8")


def main(upgrade: list[str]) -> None:
    """Write all files, with the newest of the packages in ``upgrade``."""
    newest = ["--upgrade"] if "all" in upgrade else [f"--upgrade-package={name}" for name in upgrade]
    resolve(LOCK, [group for group in direct() if group != "tensorflow"], "--annotation-style", "line", *newest)
    resolve(BINDER, ["lib", "run"], "--no-annotate", "--constraint", LOCK)
    with tempfile.TemporaryDirectory() as folder:
        same = Path(folder, "same.txt")
        pins = LOCK.read_text(encoding="utf-8").splitlines()
        same.write_text("\n".join(pin for pin in pins if not APART.match(pin)), encoding="utf-8")
        resolve(TENSORFLOW, ["tensorflow"], "--no-annotate", "--constraint", same, *newest)
    finish(LOCK, LOCK_HEADER, "-e .")  # after that: uv takes no constraints from a file with "-e ."
    finish(BINDER, BINDER_HEADER, "-e .")
    finish(TENSORFLOW, TENSORFLOW_HEADER)


if __name__ == "__main__":
    main(sys.argv[1:])
