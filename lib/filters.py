"""Hand-made filters with a meaning, to put a 1×1 behind."""

import numpy as np

from lib import _arguments as arguments

__all__ = ["oriented"]


def oriented(angle: float, length: float = 1, sigma: float = 2.0, reach: int = 6) -> np.ndarray:
    """The slope of a blurred picture in one direction, as a kernel of shape (2·reach + 1, 2·reach + 1).

    With ``length`` 1 it is steerable: Freeman and Adelson, *The Design and Use of Steerable Filters*, 1991.

    Args:
        angle: the direction of the slope in radians, clockwise, since rows count downwards.
        length: above 1 stretches the filter along the edge, across the slope.
        sigma: width of the Gaussian blur, in pixels.
        reach: from the middle to the border, in pixels; three times sigma · length leaves next to nothing out.

    Raises:
        TypeError, ValueError: the angle is no finite number, length or sigma no positive one, or reach no positive
            integer.

    >>> oriented(0, reach=1).round(2).tolist()
    [[-0.78, 0.0, 0.78], [-0.88, 0.0, 0.88], [-0.78, 0.0, 0.78]]
    """
    angle = arguments.finite("angle", angle)
    length, sigma = arguments.positive("length", length), arguments.positive("sigma", sigma)
    reach = arguments.integer("reach", reach, 1)
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    along = np.cos(angle) * x + np.sin(angle) * y
    across = np.cos(angle) * y - np.sin(angle) * x
    return along * np.exp(-(along**2 + (across / length) ** 2) / (2 * sigma**2))
