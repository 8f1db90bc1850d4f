"""Pictures of pixels side by side, as an SVG that is small, sharp, and the same on every processor."""

import hashlib
import io
from base64 import b64encode
from collections.abc import Sequence
from html import escape

import numpy as np
from PIL import Image

GAP, LINE = 6, 15  # between pictures, and of a line of their titles, in points
PHOTOGRAPH = 96  # pixels; a picture of a shorter side is one of pixels


def side_by_side(
    images: Sequence[np.ndarray], titles: Sequence[str], columns: int, whole: float, ink: str, paper: str
) -> str:
    """An SVG of pictures (3 or 1, H, W) in bytes, in rows of ``columns``, each under its title; ``whole`` points wide.

    Without Matplotlib, which would store each photograph as PNG, three times as large.
    """
    width = (whole - GAP * (columns + 1)) / columns
    height = width * images[0].shape[1] / images[0].shape[2]
    lines = max(title.count("\n") + 1 for title in titles)
    row, drawn, defined = LINE * lines + height + GAP, [], set()
    for k, (image, title) in enumerate(zip(images, titles, strict=True)):
        x, y = GAP + k % columns * (width + GAP), GAP + k // columns * row
        for n, line in enumerate(reversed(title.split("\n"))):
            at = f'x="{x + width / 2:.2f}" y="{y + LINE * (lines - n) - 5:.2f}"'
            drawn.append(f'<text {at} text-anchor="middle">{escape(line)}</text>')
        data, look = _encoded(image)
        name = "picture" + hashlib.sha1(data.encode()).hexdigest()[:8]
        if name not in defined:  # one that is shown twice is stored once
            size = f'width="{width:.2f}" height="{height:.2f}" preserveAspectRatio="none"'
            drawn.append(f'<defs><image id="{name}" {size} style="image-rendering:{look}" xlink:href="{data}"/></defs>')
            defined.add(name)
        drawn.append(f'<use xlink:href="#{name}" x="{x:.2f}" y="{y + LINE * lines:.2f}"/>')
    bottom = GAP + row * -(-len(images) // columns)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {whole:.2f} {bottom:.2f}" width="{whole:.2f}pt" height="{bottom:.2f}pt">'
        f'<rect width="100%" height="100%" fill="{paper}"/>'
        f"""<g style="font:11px 'DejaVu Sans',sans-serif" fill="{ink}">"""
        f"{''.join(drawn)}</g></svg>"
    )


def _encoded(image: np.ndarray) -> tuple[str, str]:
    """A picture as an address that holds it, and how to enlarge it: of a small one every pixel is to be seen."""
    picture, data = Image.fromarray(np.moveaxis(image, 0, -1) if len(image) == 3 else image[0]), io.BytesIO()
    if min(picture.size) < PHOTOGRAPH:
        picture.save(data, "PNG")
        return f"data:image/png;base64,{b64encode(data.getvalue()).decode()}", "pixelated"
    picture.save(data, "JPEG", quality=90, subsampling=0)
    return f"data:image/jpeg;base64,{b64encode(data.getvalue()).decode()}", "auto"


def in_bytes(image: np.ndarray) -> np.ndarray:
    # The nudge decides ties, which weighted means of 8-bit pixels do meet, the same way on every processor.
    return np.floor(np.clip(image, 0, 1) * 255 + 0.5 + 1e-6).astype(np.uint8)
