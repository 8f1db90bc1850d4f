"""Pages that are there at once, made of the finished ones when everything else is done.

Each page asks for one style sheet (``tools.style_sheet``) and one script, which does not keep it from being drawn. The
script for menus, and the marks that follow a reader's place, is fetched when the reader first does something; the
search index, when something is searched for. Pictures say how large they are, and those further down come when needed.
"""

import hashlib
import json
import re
from pathlib import Path

from sphinx.application import Sphinx

from tools.spoken import spoken
from tools.style_sheet import (
    Names,
    gathered,
    used,
    with_icons_inside,
    without_unused_animations,
    without_unused_properties,
    written,
)

STYLE, SCRIPT = "pages.css", "pages.js"
SHEET = re.compile(
    r'[ \t]*<link\b[^>]*\bhref="([^"?]+\.css)[^"]*"[^>]*rel="stylesheet"[^>]*>\n?'
    r'|[ \t]*<link\b[^>]*\brel="stylesheet"[^>]*\bhref="([^"?]+\.css)[^"]*"[^>]*>\n?'
)
PRELOAD = re.compile(r'[ \t]*<link\b[^>]*\brel="preload"[^>]*\bas="script"[^>]*>\n?')
SCRIPTS = re.compile(r"[ \t]*<script\b([^>]*)>(.*?)</script>\n?", re.DOTALL)
PICTURE = re.compile(r"<img\b[^>]*>")
BLOCK = re.compile(r"<pre>((?:<span></span>)?)(.*?)</pre>", re.DOTALL)
LITERAL = re.compile(r'<span class="pre">([^<]*)</span>')
# The theme asks of one element after another whether it scrolls, and notes the answer on it. After each note the
# browser looks at all styles anew, and to answer it lays out what is out of sight, in a shut fold or far away, one by
# one. Only what is laid out is asked, and all of it before the first is noted; the rest is asked when it comes into
# sight (book.js).
ONE_BY_ONE = re.compile(r"(document\.querySelectorAll\(.pre,[^)]*\))\.forEach\(\(e=>\{e\.tabIndex=([^?]+)\?0:-1\}\)\)")
IN_SIGHT = '(e.matches("pre.n")?e.lastElementChild:e)?.checkVisibility?.({contentVisibilityAuto:true})??true'
AT_ONCE = rf"Array.from(\1).filter(e=>{IN_SIGHT}).map(e=>[e,\2]).forEach(([e,wide])=>{{e.tabIndex=wide?0:-1}})"
LATER = "bootstrap"  # in the names of the scripts that wait for the reader
# What that script adds to the elements of a page. It names a hundred classes more, for things that are not on any.
ADDED = "active bs-tooltip-auto collapsed collapsing dropdown-menu-end fade show tooltip tooltip-arrow tooltip-inner"
MODE = "document.documentElement.dataset.theme"
OF_PAGE = "DOCUMENTATION_OPTIONS."  # what a page adds to the options, which come with the one script
# What the theme's script sets once it has come: set before the page is drawn, so that a dark one is never white. And
# whether all of the page must be laid out, since its address leads to a place on it.
# Where the browser keeps nothing, asking would end this script and the one with all others.
THEME = """<script>
try { localStorage } catch {
    const none = { getItem: () => null, setItem() {}, removeItem() {} };
    Object.defineProperty(window, "localStorage", { value: none });
}
{
    const html = document.documentElement, mode = localStorage.getItem("mode") || "auto";
    const dark = mode === "dark" || (mode === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    html.dataset.mode = mode;
    html.dataset.theme = dark ? "dark" : "light";
    if (location.hash) html.classList.add("whole"); // see book.css
}</script>
"""
# A click on a menu that is not there yet is kept until it is. What follows the reader's place waits for the page to be
# loaded, and must be told that it is.
WAIT = """
{
  const source = new URL(%s, document.currentScript.src).href;
  const signs = ["pointerdown", "pointermove", "keydown", "focusin", "scroll", "touchstart", "click"];
  let asked = false;
  const kept = [];
  const ask = (event) => {
    const menu = event.type === "click" && event.target.closest("[data-bs-toggle]:not([data-bs-toggle=tooltip])");
    if (menu && !window.bootstrap) {
      event.preventDefault();
      event.stopImmediatePropagation();
      kept.push(menu);
    }
    if (asked || (event.type === "scroll" && event.target !== document)) return; // the theme scrolls the sidebar
    asked = true;
    const script = document.createElement("script");
    script.src = source;
    script.addEventListener("load", () => {
      signs.forEach((sign) => window.removeEventListener(sign, ask, true));
      const spy = document.querySelector('[data-bs-spy="scroll"]');
      if (spy && document.readyState === "complete") window.bootstrap.ScrollSpy.getOrCreateInstance(spy);
      kept.forEach((menu) => menu.click());
    });
    document.head.append(script);
  };
  for (const sign of signs) window.addEventListener(sign, ask, { capture: true, passive: sign !== "click" });
}
"""


INDEX = """<script>
    // Without a question there is nothing to look for.
    if (new URLSearchParams(location.search).get("q"))
        addEventListener("DOMContentLoaded", () => {
            const index = document.createElement("script");
            index.src = "searchindex.js";
            document.head.append(index);
        });
</script>
"""
FIRST = 2  # pictures of a page that are not put off: the one at the top, and a logo before it


def sources(page: str) -> list[tuple[str, str]]:
    """The scripts of a page in order: the address, or else the text, of each that is the same on every page."""
    found = []
    for attributes, text in SCRIPTS.findall(page):
        address = re.search(r'src="([^"?]+)', attributes)
        if address:
            found.append((address[1], ""))
        elif not any(mark in text for mark in (MODE, OF_PAGE, "document.write")):
            found.append(("", text))
    return found


def script(addresses: list[tuple[str, str]], folder: Path) -> str:
    """The scripts of ``folder`` in one; first the settings, as one that is put off begins as soon as it is read."""
    settings = dict.fromkeys(text.strip() for address, text in addresses if not address)
    named = [address.rpartition("_static/")[2] for address, _ in addresses if address]
    texts = [(folder / name).read_text(encoding="utf-8") for name in named if LATER not in name]
    later = [WAIT % json.dumps(name) for name in named if LATER in name]
    joined = ";\n".join([*settings, *texts, *later])
    # The newest Sphinx asks whether the search is there, in front of it: a constant may not even be asked for so early.
    joined = re.sub(r"^const (?=Search\b)", "var ", joined, flags=re.MULTILINE)
    joined = ONE_BY_ONE.sub(AT_ONCE, joined)
    return re.sub(r"^//# sourceMappingURL=.*$", "", joined, flags=re.MULTILINE)


def lighter(page: str, place: Path, shared: list[tuple[str, str]], style: str, bundle: str) -> str:
    """The page at ``place`` with one style sheet and one script, and with pictures that say how large they are."""
    root = "../" * (len(place.parts) - 1) + "_static/"
    page = PRELOAD.sub("", SHEET.sub("\0", page))
    page = page.replace("\0", f'<link rel="stylesheet" href="{root}{style}">\n', 1).replace("\0", "")
    begun = False

    def one(match: re.Match[str]) -> str:
        nonlocal begun
        attributes, text = match[1], match[2]
        address = re.search(r'src="([^"?]+)', attributes)
        if (address[1].rpartition("../")[2], "") in shared if address else ("", text) in shared:
            first = "" if begun else f'<script defer src="{root}{bundle}"></script>\n'
            begun = True
            return first
        if address:
            return INDEX if "searchindex.js" in address[1] else f"<script defer{attributes}></script>\n"
        if MODE in text:
            return THEME
        if OF_PAGE in text:
            return f'<script>addEventListener("DOMContentLoaded", () => {{ {text.strip()} }});</script>\n'
        return match[0]

    return SCRIPTS.sub(one, page)


def sized(page: str, place: Path, root: Path) -> str:
    """The page with the size of each drawing; pictures further down are fetched and decoded when needed."""
    met = 0

    def one(match: re.Match[str]) -> str:
        nonlocal met
        met += 1
        late = ' loading="lazy" decoding="async"' if met > FIRST else ""
        address = re.search(r'src="([^"]+\.svg)"', match[0])
        known = re.search(r"\b(?:width|height|loading)=", match[0])
        size = drawn_size(root / place.parent / address[1]) if address and not known else ""
        return match[0] if known else f"<img{size}{late}{match[0].removeprefix('<img')}"

    return PICTURE.sub(one, page)


def plain_words(css: str) -> set[str]:
    """The classes of words of code that look as names do, ``n``: in every rule where one stands, the other does."""
    looks: dict[str, set[str]] = {}
    for selector, name, body in re.findall(r"([^{}]*\.highlight) \.(\w+)\{([^}]*)\}", css):
        looks.setdefault(name, set()).add(f"{selector.strip()}{{{body}}}")
    return {name for name, rules in looks.items() if rules == looks.get("n")}


def fewer_words(page: str, plain: set[str]) -> str:
    """The page with words of code that look like all others no longer elements each: there are thousands of them.

    Their block takes the class in their stead, and says how many lines it has: as long as it is out of sight it is
    not laid out, and its place is kept (``book.css``).
    """
    page = LITERAL.sub(r"\1", page)
    if not plain:
        return page
    word = re.compile(rf'<span class="(?:{"|".join(sorted(plain))})">([^<]*)</span>')

    def one(match: re.Match[str]) -> str:
        code, found = word.subn(r"\1", match[2])
        lines = match[2].rstrip("\n").count("\n") + 1
        return f'<pre class="n" style="--lines:{lines}">{match[1]}{code}</pre>' if found else match[0]

    return BLOCK.sub(one, page)


def drawn_size(file: Path) -> str:
    """What a drawing says of its own size, as attributes, in CSS pixels. Empty if it says nothing."""
    with file.open(encoding="utf-8") as opened:
        head = re.search(r"<svg\b[^>]*>", opened.read(4000))
    units = {"pt": 4 / 3, "px": 1, "": 1}
    found = [re.search(rf'\s{side}="([\d.]+)(pt|px|)"', head[0]) if head else None for side in ("width", "height")]
    if not all(found):
        return ""
    return "".join(
        f' {side}="{round(float(value[1]) * units[value[2]])}"'
        for side, value in zip(("width", "height"), found, strict=True)
        if value
    )


def make_light(app: Sphinx, error: Exception | None) -> None:
    """Rewrite what was built. A page of an earlier build that was left as it is has been rewritten then."""
    if error is not None or app.builder.name != "html":
        return
    root = Path(app.outdir)
    static = root / "_static"
    pages = {
        path.relative_to(root): path.read_text(encoding="utf-8")
        for path in root.rglob("*.html")
        if "_static" not in path.parts
    }
    raw = {place: spoken(text) for place, text in pages.items() if STYLE not in text}
    if not raw:
        return
    seen = {place: [(a.rpartition("../")[2], t) for a, t in sources(text)] for place, text in raw.items()}
    everywhere = [entry for entry in next(iter(seen.values())) if all(entry in entries for entries in seen.values())]
    shared = [(address, text) for address, text in everywhere if not address or address.startswith("_static/")]
    code = script(shared, static)
    sheets = dict.fromkeys((a or b).rpartition("_static/")[2] for text in raw.values() for a, b in SHEET.findall(text))
    scripts = [
        path.read_text(encoding="utf-8") for path in static.rglob("*.js") if not {"vendor", "scripts"} & {*path.parts}
    ]
    scripts += [code, ADDED, Path(__file__).with_name("pdf.js").read_text(encoding="utf-8")]
    names = set().union(*(Names(text).found for text in (pages | raw).values()), *map(written, scripts))
    css = used(gathered([static / sheet for sheet in sheets], static), names)
    css = with_icons_inside(without_unused_animations(without_unused_properties(css, "".join(scripts))), static)
    css = f'@charset "UTF-8";\n{css}'
    (static / STYLE).write_text(css, encoding="utf-8")
    (static / SCRIPT).write_text(code, encoding="utf-8")
    style, bundle = (
        f"{name}?v={hashlib.sha256(text.encode()).hexdigest()[:8]}" for name, text in ((STYLE, css), (SCRIPT, code))
    )
    plain = plain_words(css)
    for place, text in raw.items():
        light = fewer_words(sized(lighter(text, place, shared, style, bundle), place, root), plain)
        (root / place).write_text(light, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("build-finished", make_light, priority=900)  # when the extensions have copied what is theirs
    return {"parallel_read_safe": True}
