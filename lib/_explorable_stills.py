"""The still pictures of the explorables: one state of each, for paper and for browsers without scripts."""

from collections.abc import Mapping, Sequence

import numpy as np

from lib import _explorable as parts
from lib import _pictures as pictures
from lib._explorable import CELL, GAP
from lib.figures import BLUE, GREEN, INK, ORANGE, PAPER, SHADE


def kernel(weight: np.ndarray) -> str:
    """3×3, and so on."""
    return f"{weight.shape[2]}×{weight.shape[3]}"


def maps(x: np.ndarray) -> str:
    """How many maps of how many pixels."""
    return f"{len(x)} map{'s' if len(x) > 1 else ''} of {x.shape[1]}×{x.shape[2]} pixels"


def step(x: np.ndarray, weight: np.ndarray, y: np.ndarray) -> str:
    """The step in the middle: the maps; below them the row of the matrix, the column and the sum."""
    filters, k = len(weight), weight.shape[2]
    row, column = np.array(y.shape[1:]) // 2
    under = np.zeros(x.shape[1:], bool)
    under[row : row + k, column : column + k] = True
    filled = np.arange(y[0].size).reshape(y.shape[1:])
    filled = filled <= filled[row, column]
    width, height = x.shape[2] * CELL, x.shape[1] * CELL
    drawn = [parts.words(0, 14, f"{kernel(weight)}: {maps(x)}")]
    for c, image in enumerate(x):
        drawn.append(parts.grid(1 + c * (width + GAP), 24, image, under))
    left = len(x) * (width + GAP) + 28
    drawn.append(parts.words(left - 24, 24 + height / 2, "→", size=20))
    drawn.append(parts.words(left, 14, f"{filters} map{'s' if filters > 1 else ''} out, so far"))
    for o, image in enumerate(y):
        here = filled & (filled.cumsum().reshape(filled.shape) == filled.sum())
        known = image.astype(object)
        known[~filled] = None
        drawn.append(parts.grid(left + o * (y.shape[2] * CELL + GAP), 24, known, here, ORANGE))
    right = left + filters * (y.shape[2] * CELL + GAP)
    top = 24 + height + 34
    seen = x[:, row : row + k, column : column + k]
    drawn.append(parts.words(0, top - 10, f"filter 1 × the column of row {row + 1}, column {column + 1}"))
    for c in range(len(x)):
        drawn.append(parts.grid(1 + c * (k * CELL + GAP), top, weight[0, c], np.array(True), GREEN))
        drawn.append(parts.grid(1 + (len(x) + c) * (k * CELL + GAP) + 24, top, seen[c], np.array(True), BLUE))
    drawn.append(parts.words(len(x) * (k * CELL + GAP) + 2, top + k * CELL / 2 + 5, "×"))
    sums = (weight[0] * seen).sum((1, 2)).tolist()
    end = top + k * CELL + 24
    said = (
        f"{'' if k == 1 else f'{k * k} products a map, added: '}{parts.in_one_sum(sums)} = {parts.written(sum(sums))}"
    )
    drawn.append(parts.words(0, end, said))
    wide = max(right, 2 * len(x) * (k * CELL + GAP) + 26, 360)
    alt = (
        f"A {kernel(weight)} over {len(x)} maps. Its window stands at row {row + 1}, column {column + 1} of each, "
        f"and fills that pixel of each map out; for the first filter {said}."
    )
    return parts.drawing(wide, end + 10, alt, *drawn)


def photograph(picture: np.ndarray, lines: Sequence[str]) -> str:
    """A picture in bytes, from which the script reads its pixels, and lines of words below."""
    data, _ = pictures._encoded(picture)
    height = 200
    width = height * picture.shape[2] / picture.shape[1]
    image = f'<image x="0" y="0" width="{width:.2f}" height="{height}" preserveAspectRatio="none" href="{data}"/>'
    text = [parts.words(0, height + 18 * (k + 1), line, size=12) for k, line in enumerate(lines)]
    alt = "A picture, and what a 1×1 may make of it: " + "; ".join(lines)
    return parts.drawing(560, height + 18 * len(lines) + 8, alt, image, *text)


def field(seen: int, side: int, text: str) -> str:
    """The square of pixels that is seen, in the middle of a picture of ``side`` pixels."""
    pixel, corner = 7, (side - seen) // 2
    lines = "".join(f"M0 {pixel * y + 3}H{pixel * side}" for y in range(side))  # dashed, they are squares
    return parts.drawing(
        side * pixel,
        side * pixel + 22,
        text,
        f'<path d="{lines}" stroke="{SHADE}" stroke-width="6" stroke-dasharray="6 1"/>',
        f'<rect x="{corner * pixel}" y="{corner * pixel}" width="{seen * pixel}" height="{seen * pixel}" '
        f'fill="{parts.TINTS[BLUE]}" stroke="{BLUE}" stroke-width="2"/>',
        parts.words(0, side * pixel + 16, text),
    )


def curves(losses: Mapping[str, Sequence[Sequence[float]]], text: str) -> str:
    """Losses by kind, a line for each run: whole of the first kind, dashed of the second."""
    most, drawn = max(value for runs in losses.values() for run in runs for value in run), []
    for runs, color, dash in zip(losses.values(), (BLUE, ORANGE), ("", "6 4"), strict=True):
        for run in runs:
            points = " ".join(
                f"{40 + 280 * k / (len(run) - 1):.1f},{170 - 150 * v / most:.1f}" for k, v in enumerate(run)
            )
            drawn.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-dasharray="{dash}"/>')
    axes = f'<path d="M40 20V170H320" fill="none" stroke="{INK}"/>'
    labels = parts.words(36, 24, f"{most}", "end", 11) + parts.words(36, 174, "0", "end", 11)
    told = f"{text}: {' solid, '.join(losses)} dashed"
    return parts.drawing(400, 215, told, axes, labels, *drawn, parts.words(0, 205, told, size=12))


def window(canvas: np.ndarray, place: tuple[int, int], side: int, lines: Sequence[str]) -> str:
    """A canvas in bytes with a window on it, and lines of words below."""
    pixel, (row, column) = 9, place
    height, width = (pixel * length for length in canvas.shape[1:])
    data, _ = pictures._encoded(canvas)
    return parts.drawing(
        width,
        height + 18 * len(lines) + 8,
        lines[0],
        f'<image width="{width}" height="{height}" style="image-rendering:pixelated" href="{data}"/>',
        f'<rect x="{column * pixel}" y="{row * pixel}" width="{side * pixel}" height="{side * pixel}" fill="none" '
        f'stroke="{PAPER}" stroke-width="5"/><rect x="{column * pixel}" y="{row * pixel}" width="{side * pixel}" '
        f'height="{side * pixel}" fill="none" stroke="{ORANGE}" stroke-width="3"/>',
        *[parts.words(0, height + 18 * (k + 1), line, size=12) for k, line in enumerate(lines)],
    )
