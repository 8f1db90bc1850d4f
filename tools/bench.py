"""How fast lib's convolution is beside PyTorch's, on one core. ``make bench`` prints the table.

All that is compared in a row runs in turns, so that a busy machine slows all alike. Float32. Times are medians; behind
them half the distance between the quartiles. "ratio", "im2col" and "scipy" are multiples of PyTorch's time, "rate" is
lib's share of NumPy's own rate at a large matrix product. "MB" is what lib held at most besides its arguments and its
result; "layer" is what the padded input and the output take.
"""

import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from scipy.signal import correlate
from threadpoolctl import threadpool_info, threadpool_limits

from lib.convolution import conv2d, conv2d_loops, pointwise

# name: batch, C_in, C_out, side, kernel, stride, groups
LAYERS = {
    "1×1 512→64, 64²": (1, 512, 64, 64, 1, 1, 1),
    "1×1 256→64, 56²": (1, 256, 64, 56, 1, 1, 1),
    "1×1 192→96, 28²": (1, 192, 96, 28, 1, 1, 1),
    "1×1 2048→512, 7²": (1, 2048, 512, 7, 1, 1, 1),
    "1×1 480→192, 28²": (1, 480, 192, 28, 1, 1, 1),
    "1×1 832→256, 14²": (1, 832, 256, 14, 1, 1, 1),
    "1×1 64→128, 112²": (1, 64, 128, 112, 1, 1, 1),
    "1×1 128→512, 28², batch 4": (4, 128, 512, 28, 1, 1, 1),
    "1×1 1024→256, 14²": (1, 1024, 256, 14, 1, 1, 1),
    "3×3 64→64, 56²": (1, 64, 64, 56, 3, 1, 1),
    "3×3 96→128, 28²": (1, 96, 128, 28, 3, 1, 1),
    "3×3 96→128, 28², batch 8": (8, 96, 128, 28, 3, 1, 1),
    "5×5 192→32, 28²": (1, 192, 32, 28, 5, 1, 1),
    "7×7 stride 2, 3→64, 224²": (1, 3, 64, 224, 7, 2, 1),
    "3×3 depthwise 128, 28²": (1, 128, 128, 28, 3, 1, 128),
}

LINE = "{:25}{:>14}{:>14}{:>7}{:>8}{:>8}{:>6}{:>7}{:>11}"


def im2col(x: np.ndarray, weight: np.ndarray, stride: int, padding: int) -> np.ndarray:
    """The usual way: every window copied into a column, and one matrix product for all."""
    c_out, _, k, _ = weight.shape
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k), (2, 3))[:, :, ::stride, ::stride]
    n, _, h, w = windows.shape[:4]
    columns = windows.transpose(0, 1, 4, 5, 2, 3).reshape(n, -1, h * w)
    return (weight.reshape(c_out, -1) @ columns).reshape(n, c_out, h, w)


def with_scipy(x: np.ndarray, weight: np.ndarray, padding: int) -> np.ndarray:
    """scipy.signal knows neither channels nor batches: a correlation in three dimensions for each filter."""
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    return np.stack([[correlate(image, kernel, "valid")[0] for kernel in weight] for image in padded])


def in_turns(calls: dict[str, Callable], seconds: float = 1.5) -> dict[str, list[float]]:
    """The times of each call, in milliseconds. SciPy, slower than all others together, has two turns only."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    start, turn = time.perf_counter(), 0
    while time.perf_counter() - start < seconds or turn < 9:
        turn += 1
        for name, call in calls.items():
            if name == "scipy" and turn > 2:
                continue
            before = time.perf_counter()
            call()
            times[name].append(1e3 * (time.perf_counter() - before))
    return times


def extra_memory(call: Callable) -> float:
    """The most bytes that ``call`` held at once, less its result."""
    tracemalloc.start()
    result = call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak - result.nbytes


def matrix_rate(side: int = 1024) -> float:
    """Multiply–accumulates a millisecond in NumPy's own product of two large matrices."""
    matrix = np.ones((side, side), np.float32)
    return side**3 / statistics.median(in_turns({"product": lambda: matrix @ matrix}, 1)["product"])


def spread(times: list[float]) -> str:
    """Median and half the distance between the quartiles."""
    low, middle, high = statistics.quantiles(times, n=4) if len(times) > 2 else (min(times), min(times), max(times))
    return f"{middle:.2f} ± {(high - low) / 2:.2f}"


def row(name: str, rate: float) -> tuple[str, float]:
    """One line of the table, and lib's time as a multiple of PyTorch's."""
    n, c_in, c_out, side, k, stride, groups = LAYERS[name]
    rng, padding = np.random.default_rng(0), k // 2
    x = rng.normal(size=(n, c_in, side, side)).astype(np.float32)
    weight = rng.normal(size=(c_out, c_in // groups, k, k)).astype(np.float32)
    tensors = torch.from_numpy(x), torch.from_numpy(weight)
    calls: dict[str, Callable] = {"torch": lambda: F.conv2d(*tensors, None, stride, padding, 1, groups)}
    calls["lib"] = (
        (lambda: pointwise(x, weight)) if k == 1 else lambda: conv2d(x, weight, None, stride, padding, 1, groups)
    )
    if groups == 1:
        calls["im2col"] = lambda: im2col(x, weight, stride, padding)
    if groups == stride == 1 < k:
        calls["scipy"] = lambda: with_scipy(x, weight, padding)
    expected = calls["torch"]().numpy()
    for who, call in calls.items():
        if not np.allclose(call(), expected, atol=1e-2):
            sys.exit(f"{name}: {who} computes something else")
    times = in_turns(calls)
    middle = {who: statistics.median(values) for who, values in times.items()}
    share = expected[0].size * n * (c_in // groups) * k * k / middle["lib"] / rate
    padded = n * c_in * (side + 2 * padding) ** 2 * 4
    ratios = {who: value / middle["torch"] for who, value in middle.items()}
    cells = [name, spread(times["torch"]), spread(times["lib"]), f"{ratios['lib']:.2f}"]
    cells += [f"{ratios[who]:.1f}" if who in ratios else "" for who in ("im2col", "scipy")]
    cells += [f"{share:.0%}", f"{extra_memory(calls['lib']) / 1e6:.2f}", f"{(padded + expected.nbytes) / 1e6:.2f}"]
    return LINE.format(*cells), ratios["lib"]


def main() -> None:
    """Print what is compared with what, and the table."""
    torch.set_num_threads(1)
    threadpool_limits(1)
    blas = next(library for library in threadpool_info() if library["user_api"] == "blas")
    print(
        f"NumPy multiplies with {blas['internal_api']} for {blas['architecture']}, {blas['num_threads']} thread; ",
        end="",
    )
    rate = matrix_rate()
    print(
        f"{rate / 1e6:.0f} thousand million multiply–accumulates a second. PyTorch: {torch.__version__.split('+')[0]}"
    )
    print(LINE.format("", "torch, ms", "lib, ms", "ratio", "im2col", "scipy", "rate", "MB", "layer, MB"))
    with torch.inference_mode():
        ratios = {}
        for name in LAYERS:
            line, ratios[name] = row(name, rate)
            print(line, flush=True)
    for kind, chosen in (("1×1", True), ("others", False)):
        mean = statistics.geometric_mean(r for name, r in ratios.items() if name.startswith("1×1") == chosen)
        print(f"geometric mean of the ratios, {kind}: {mean:.2f}")
    x, weight = np.ones((3, 8, 8), np.float32), np.ones((4, 3, 3, 3), np.float32)
    calls = {"conv2d": lambda: conv2d(x, weight), "loops": lambda: conv2d_loops(x, weight)}
    fast, loops = (statistics.median(values) for values in in_turns(calls, 0.5).values())
    print(f"The plain loops, 3×3 3→4 at 8²: {loops:.1f} ms, {loops / fast:.0f} times conv2d's")


if __name__ == "__main__":
    main()
