"""What a figure shows, in words and numbers, written into its SVG.

Each release of Matplotlib draws coordinates of its own. What a figure says is the same: which curves over which axes,
with which labels, in which order. Two drawings with one fingerprint show the same.
"""

import hashlib
import json
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import Collection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.spines import Spine
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter

FEW = 12  # numbers that are written out; of more, their count and a digest


def attach(figure: Figure) -> None:
    """Have every SVG of ``figure`` carry its fingerprint, in the metadata that SVG has for a description."""
    write = figure.canvas.print_figure

    def print_figure(*args: Any, metadata: dict[str, Any] | None = None, **options: Any) -> Any:
        if options.get("format") == "svg":
            metadata = {**(metadata or {}), "Description": fingerprint(figure)}
        return write(*args, metadata=metadata, **options)

    figure.canvas.print_figure = print_figure  # type: ignore[method-assign]


def fingerprint(figure: Figure) -> str:
    """What ``figure`` shows, as JSON: its size in inches, and of each axes its frame and what lies in it, in order."""
    size = [round(side, 3) for side in figure.get_size_inches()]
    loose = [_drawn(artist) for artist in (*figure.texts, *figure.legends, *figure.lines, *figure.patches)]
    told = {"size": size, "axes": [_axes(ax) for ax in figure.axes], "besides": loose}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _axes(ax: Axes) -> dict[str, Any]:
    frame = {"title": ax.get_title(), "x": _axis(ax.xaxis), "y": _axis(ax.yaxis)} if ax.axison else {}
    parts = [a for a in ax.get_children() if not isinstance(a, Axis | Spine) and a not in (ax.patch, ax.title)]
    parts.sort(key=Artist.get_zorder)
    return frame | {"shows": [told for told in map(_drawn, parts) if told]}


def _axis(axis: Axis) -> list[Any]:
    told = [axis.get_label_text(), axis.get_scale(), *_numbers(axis.get_view_interval())]
    if isinstance(axis.get_major_locator(), FixedLocator):  # other ticks are each release's own choice
        places, form = axis.get_ticklocs(), axis.get_major_formatter()
        words = isinstance(form, FixedFormatter | FuncFormatter)  # given by the figure, and not made from the numbers
        told += [*_numbers(places), *(form(place, k) for k, place in enumerate(places) if words)]
    return told


def _drawn(artist: Artist) -> list[Any]:
    """A part of a figure: its kind, its words, its colours and its numbers; empty if nothing can be seen of it."""
    name = str(artist.get_label())
    label = [] if not name or name.startswith("_") else [name]
    if not artist.get_visible():
        return []
    if isinstance(artist, Annotation):
        places = np.array([artist.xy, artist.xyann])
        return ["annotation", artist.get_text(), to_hex(artist.get_color()), *_numbers(places)]
    if isinstance(artist, Text):
        told = [artist.get_text(), to_hex(artist.get_color()), *_numbers(artist.get_unitless_position())]
        return ["text", *told] if artist.get_text() else []
    if isinstance(artist, Legend):
        return ["legend", artist.get_title().get_text(), *(text.get_text() for text in artist.get_texts())]
    if isinstance(artist, Line2D):
        look = [to_hex(artist.get_color()), artist.get_linestyle(), str(artist.get_marker())]
        return ["line", *label, *look, *_numbers(artist.get_xydata())]
    if isinstance(artist, AxesImage):
        return ["image", *_numbers(artist.get_array())]
    if isinstance(artist, FancyArrowPatch):  # whose path is made for the screen
        return ["arrow", to_hex(artist.get_edgecolor())]
    if isinstance(artist, Patch):
        outline = artist.get_patch_transform().transform_path(artist.get_path())
        return ["patch", to_hex(artist.get_facecolor()), *_numbers(outline.vertices)]
    if isinstance(artist, Collection):
        parts = [*(np.asarray(path.vertices) for path in artist.get_paths()), np.asarray(artist.get_offsets())]
        colours = [to_hex(tuple(colour)) for colour in np.atleast_2d(artist.get_facecolor())[:1]]
        return ["collection", *label, *colours, *_numbers(np.concatenate(parts))]
    return [type(artist).__name__]


def _numbers(values: Any) -> list[Any]:
    """To six digits: a few as they are; of more their count, the smallest, the largest, and a digest of all."""
    flat = np.ma.filled(np.ma.asarray(values), np.nan).ravel().tolist()
    rounded = [float(f"{value:.6g}") + 0.0 for value in flat]
    if len(rounded) <= FEW:
        return rounded
    digest = hashlib.sha1(json.dumps(rounded).encode()).hexdigest()[:8]
    finite = [value for value in rounded if value == value]
    return [f"{len(rounded)} numbers", min(finite, default=None), max(finite, default=None), digest]
