"""One style sheet of what the pages use, from the many of the theme and of the extensions.

These have half a megabyte, nearly all of it for things that this book has not. A rule stays if the pages, or their
scripts, name every class, identifier and element that its selector asks for; then of custom properties, animations and
the letters of the icons' fonts those stay that a remaining rule uses.
"""

import base64
import io
import logging
import os
import re
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import tinycss2
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from tinycss2.ast import AtRule, IdentToken, Node, QualifiedRule

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells each table that it cuts
GROUPS = ("media", "supports", "layer", "container")  # rules that hold rules
WORD = re.compile(r"[A-Za-z_][\w-]*")
IMPORT = re.compile(r"""@import\s+(?:url\()?["']([^"']+)["']\)?\s*;\s*""")
ADDRESS = re.compile(r"""url\(\s*(["']?)(?!data:)([^"')]+)\1\s*\)""")
ESCAPED = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)")
ICON = re.compile("[\ue000-\uf8ff]")  # Font Awesome's signs are in Unicode's private area


class Names(HTMLParser):
    """The names by which selectors could find something on a page."""

    def __init__(self, page: str):
        super().__init__()
        self.found: set[str] = {"html", "body"}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in the element, its classes and its identifier."""
        self.found.add(tag)
        for name, value in attrs:
            if name in ("class", "id") and value:
                self.found.update(f"{'.' if name == 'class' else '#'}{word}" for word in value.split())

    def handle_data(self, data: str) -> None:
        """Scripts in a page write elements, too."""
        if self.lasttag == "script":
            self.found.update(written(data))


def written(script: str) -> set[str]:
    """All that a script could make: any word of it may be a class, an identifier or an element."""
    words = set(WORD.findall(script))
    return words | {f".{word}" for word in words} | {f"#{word}" for word in words}


def plain(name: str) -> str:
    r"""A name of a style sheet without its escapes, as ``sd-w-1\/2``."""
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], name)


def asked_for(selector: str) -> set[str]:
    """The elements, ``.classes`` and ``#identifiers`` without which a selector finds nothing.

    What stands in brackets, as in ``:not(…)`` or ``:is(…)``, need not be there.
    """
    outside = re.sub(r"\[[^\]]*\]", "", selector)
    while (shorter := re.sub(r"\([^()]*\)", "", outside)) != outside:
        outside = shorter
    outside = re.sub(r"::?[\w-]+", "", outside)
    name = r"(?:[\w-]|[^\x00-\x7f]|\\[0-9a-fA-F]{1,6}\s?|\\.)+"
    found = re.findall(rf"[.#]?(?<![\w\\]){name}|[.#]{name}", outside)
    return {plain(word) for word in found if not word[0].isdigit()}


def selectors(prelude: list[Node]) -> list[str]:
    """The single selectors of a rule."""
    parts: list[list[Node]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part).strip() for part in parts]


def used(css: str, names: set[str]) -> str:
    """The rules of a style sheet that can find something among ``names``."""
    kept = []
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if isinstance(rule, QualifiedRule):
            alive = [selector for selector in selectors(rule.prelude) if asked_for(selector) <= names]
            body = tinycss2.serialize(rule.content).strip()
            if alive and body:
                kept.append(f"{','.join(alive)}{{{body}}}")
        elif isinstance(rule, AtRule) and rule.lower_at_keyword in GROUPS and rule.content is not None:
            if inside := used(tinycss2.serialize(rule.content), names):
                kept.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inside}}}")
        elif isinstance(rule, AtRule) and rule.lower_at_keyword != "charset":
            kept.append(rule.serialize())
    return "\n".join(kept)


def declarations(css: str, keep: Callable[[str], bool]) -> str:
    """A style sheet with those declarations alone whose names are to be kept."""
    kept = []
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if isinstance(rule, AtRule) and rule.lower_at_keyword in GROUPS and rule.content is not None:
            inside = declarations(tinycss2.serialize(rule.content), keep)
            kept.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inside}}}")
        elif isinstance(rule, QualifiedRule):
            parsed = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            said = [d for d in parsed if d.type == "declaration" and keep(d.name)]
            if said:
                body = ";".join(
                    f"{d.name}:{tinycss2.serialize(d.value).strip()}{'!important' if d.important else ''}" for d in said
                )
                kept.append(f"{tinycss2.serialize(rule.prelude).strip()}{{{body}}}")
        else:
            kept.append(rule.serialize())
    return "\n".join(kept)


def without_unused_properties(css: str, scripts: str) -> str:
    """Without the custom properties that nothing reads, and those that only these read."""
    while True:
        read = set(re.findall(r"var\(\s*(--[\w-]+)", css)) | set(re.findall(r"--[\w-]+", scripts))
        shorter = declarations(css, lambda name, read=read: not name.startswith("--") or name in read)  # type: ignore[misc]
        if shorter == css:
            return css
        css = shorter


def without_unused_animations(css: str) -> str:
    """Without the animations that no rule starts."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    frames = [rule for rule in rules if isinstance(rule, AtRule) and rule.lower_at_keyword.endswith("keyframes")]
    others = "\n".join(rule.serialize() for rule in rules if rule not in frames)
    alive = [rule.serialize() for rule in frames if re.search(rf"animation[^;}}]*\b{name_of(rule)}\b", others)]
    return "\n".join([others, *alive])


def name_of(rule: AtRule) -> str:
    """What an animation is called."""
    return next(token.value for token in rule.prelude if isinstance(token, IdentToken))


def cut(font: Path, letters: Iterable[int]) -> str:
    """The address, as data, of a font of these letters alone. Empty if it has none of them."""
    options = Options(flavor="woff", layout_features=[], name_IDs=[0], hinting=False, glyph_names=False)
    loaded = TTFont(font, recalcTimestamp=False)
    if not set(letters) & set(loaded.getBestCmap()):
        return ""
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(loaded)
    loaded.flavor = "woff"
    buffer = io.BytesIO()
    loaded.save(buffer)
    return f"data:font/woff;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def with_icons_inside(css: str, folder: Path) -> str:
    """With the fonts of Font Awesome cut to the icons that remain, and put into the style sheet: no page asks for them.

    Fonts that would be empty go. Other fonts, such as that of the formulas, stay files of their own.
    """
    css = re.sub(r"Font Awesome(\\?) 5", r"Font Awesome\1 6", css)  # its older name for the same fonts
    letters = {ord(icon) for icon in ICON.findall(css)}
    asked = re.sub(r"@font-face\s*\{[^}]*\}", "", css).replace("\\", "")
    thin = re.search(r"\.far\b|fa-regular|fa-font-regular", asked)
    kept: list[str] = []
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        text = rule.serialize()
        if isinstance(rule, AtRule) and rule.lower_at_keyword == "font-face" and "/webfonts/" in text:
            urls = re.findall(r"""url\(["']?([^"')]+)""", text)
            source = next((url for url in urls if ".ttf" in url), urls[0])  # a woff2 needs brotli to be read
            inside = cut(folder / unquote(urlsplit(source).path), letters)
            weight = re.search(r"font-weight:\s*\w+", text)
            family = re.search(r"""font-family:\s*["']?([^;}"']+)""", text)
            name = family[1].replace("\\", "") if family else ""
            wanted = name in asked and (thin or "Brands" in name or "900" in text)
            if inside and wanted and f'"{name}";{weight[0] if weight else ""}' not in "".join(kept):
                kept.append(f'@font-face{{font-family:"{name}";{weight[0] if weight else ""};src:url({inside})}}')
        else:
            kept.append(text)
    return "\n".join(kept)


def relative_to(css: str, file: Path, folder: Path) -> str:
    """A style sheet whose addresses, and what it imports, are seen from ``folder``."""

    def moved(address: str) -> str:
        if re.match(r"data:|#|\w+://", address):
            return address
        return Path(os.path.relpath(file.parent / unquote(urlsplit(address).path), folder)).as_posix()

    imported = gathered([file.parent / address for address in IMPORT.findall(css)], folder)
    moved_css = ADDRESS.sub(lambda match: f'url("{moved(match[2])}")', IMPORT.sub("", css))
    return imported + moved_css


def gathered(files: Iterable[Path], folder: Path) -> str:
    """The text of several style sheets, one after the other, as if it stood in ``folder``."""
    return "\n".join(relative_to(file.read_text(encoding="utf-8"), file, folder) for file in files)
