"""``make font``: the letters and signs of the book's formulas, cut from STIX Two Math, in ``_static``.

The whole font has 1.2 MB; what formulas need, with the table that says how to set them, 18 kB. It comes from the
package ziamath, and is free under the SIL Open Font License 1.1, as its table of names says, here too. A formula with a
sign that is not here stops the build (``tools.mathematics``): add the sign to ``SIGNS``, and run this.
"""

import string
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tools.book import ROOT

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

FONT = ROOT / "_static" / "mathematics.woff2"
GREEK = "αβγδεθλμπστφω"
SIGNS = "()[]|.,:;!?/'<=>+ °±·×−∓⋅∑√∞≈≠≤≥←→∈⊤⏟"
# Between a function and what it is of: never drawn, but read aloud.
UNSEEN = "\N{FUNCTION APPLICATION}\N{NO-BREAK SPACE}"
CHARACTERS = frozenset(string.ascii_letters + string.digits + GREEK + SIGNS + UNSEEN)
LICENCE = [0, 13, 14]  # who made the font, and under which terms: kept, with its name (1)


def italic(letter: str) -> str:
    """The letter as a variable, which browsers put in the place of one that stands alone."""
    if letter == "h":
        return "\N{PLANCK CONSTANT}"  # Unicode has it for physics, and so nowhere else
    first, others = next((a, b) for a, b in (("a", "𝑎"), ("A", "𝐴"), ("α", "𝛼")) if ord(a) <= ord(letter) < ord(a) + 26)
    return chr(ord(others) + ord(letter) - ord(first))


def drawn() -> set[int]:
    """The code points that the font must have."""
    return {ord(letter) for letter in CHARACTERS} | {ord(italic(letter)) for letter in string.ascii_letters + GREEK}


def lean(font: "TTFont") -> None:
    """Give letters that lean out of their place the room that the font says they need: browsers leave it out."""
    table = font["MATH"].table.MathGlyphInfo.MathItalicsCorrectionInfo
    for glyph, correction in zip(table.Coverage.glyphs, table.ItalicsCorrection, strict=True):
        width, left = font["hmtx"][glyph]
        font["hmtx"][glyph] = (width + correction.Value, left)


def low_roots(font: "TTFont") -> None:
    """Keep the lowest sign of a root alone: a line of text has room for the widest, whichever is drawn."""
    table = font["MATH"].table.MathVariants
    root = table.VertGlyphConstruction[table.VertGlyphCoverage.glyphs.index(font.getBestCmap()[ord("√")])]
    root.MathGlyphVariantRecord, root.VariantCount, root.GlyphAssembly = root.MathGlyphVariantRecord[:1], 1, None


def main() -> None:
    """Write the font."""
    from fontTools.subset import Options, Subsetter, load_font, save_font  # not needed to know CHARACTERS

    package = find_spec("ziamath")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("make font: expected the package ziamath, which carries the font")
    options = Options(flavor="woff2", layout_features=[], name_IDs=[1, *LICENCE], hinting=False, glyph_names=False)
    font = load_font(Path(package.origin).with_name("fonts") / "STIXTwoMath-Regular.ttf", options)
    font.recalcTimestamp = False  # the same font each time
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=drawn())
    subsetter.subset(font)
    lean(font)
    low_roots(font)
    save_font(font, FONT, options)
    print(f"{FONT.stat().st_size / 1000:.1f} kB  {FONT}")


if __name__ == "__main__":
    main()
