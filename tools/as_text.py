"""A notebook as text, for a difference that can be read: ``make diff``.

Markdown as it is, code behind ``>``, outputs behind ``|``; of a figure what it shows, and not its coordinates.
"""

import sys
import unicodedata
from pathlib import Path

from tools.book import read
from tools.changed_figures import shown


def as_text(path: Path) -> str:
    """The notebook at ``path``, a line for each line that somebody wrote or a cell printed."""
    lines = []
    for cell in read(path).cells:
        lines += ["", *(f"> {line}" if cell.cell_type == "code" else line for line in cell.source.splitlines())]
        lines += [f"# {key}: {value}" for key, value in cell.metadata.items()]
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            text = "\n".join(shown(data.get("image/svg+xml", ""))) or output.get("text") or data.get("text/plain", "")
            lines += [f"| {line}" for line in text.splitlines()]
    return "".join(map(_in_sight, "\n".join(lines) + "\n"))


def _in_sight(sign: str) -> str:
    """A sign as it is; one that a terminal obeys, or that hides or turns text, as its number."""
    hidden = unicodedata.category(sign) in ("Cc", "Cf") and sign not in "\n\t\u2060"
    return f"\\x{ord(sign):02x}" if hidden else sign


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(as_text(Path(sys.argv[1])))
