"""Moving windows and exponential averages over one column.

Windows are cut into blocks of their own length; a window is then the tail of one block and the head of the next, so
that nothing is ever subtracted: no drift over a million bars, no cancellation, and a NaN leaves with its window. The
same trick gives the moving maximum in O(n) (van Herk, Pattern Recognition Letters 13, 1992).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel

__all__ = ["exponential_mean", "rolling_max", "rolling_mean", "rolling_stdev"]


@kernel
def rolling_mean(x: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Mean of the last n values; NaN before there are n. A window of equal values gives that value exactly.

    Shapes: x (size,) float64, n >= 1; returns (size,).   Cost: O(size), one pass forth and one back.
    Twin: tests/parity/test_moving.py::slow_mean
    """
    size = x.size
    out = np.full(size, np.nan)
    tail = np.zeros(n + 1)  # tail[j]: sum of the block before, from its place j on
    same = 0
    for start in range(0, size, n):
        stop = min(start + n, size)
        head = 0.0
        for i in range(start, stop):
            head += x[i]
            same = same + 1 if i > 0 and x[i] == x[i - 1] else 1
            if i >= n - 1:
                out[i] = x[i] if same >= n else (tail[i - start + 1] + head) / n
        total = 0.0
        for i in range(stop - 1, start - 1, -1):
            total += x[i]
            tail[i - start] = total
    return out


@kernel
def rolling_stdev(x: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Population standard deviation of the last n values; NaN before there are n.

    Means and squared deviations of the two parts are joined by the rule of Chan, Golub and LeVeque (1979).

    Shapes: x (size,) float64, n >= 1; returns (size,).   Cost: O(size).
    Twin: tests/parity/test_moving.py::slow_stdev
    """
    size = x.size
    out = np.full(size, np.nan)
    tail_mean = np.zeros(n + 1)
    tail_square = np.zeros(n + 1)
    for start in range(0, size, n):
        stop = min(start + n, size)
        mean, square = 0.0, 0.0
        for i in range(start, stop):
            count = i - start + 1
            delta = x[i] - mean
            mean += delta / count
            square += delta * (x[i] - mean)
            if i >= n - 1:
                gap = mean - tail_mean[count]
                joined = square + tail_square[count] + gap * gap * count * (n - count) / n
                out[i] = np.sqrt(joined / n)
        mean, square = 0.0, 0.0
        for i in range(stop - 1, start - 1, -1):
            delta = x[i] - mean
            mean += delta / (stop - i)
            square += delta * (x[i] - mean)
            tail_mean[i - start] = mean
            tail_square[i - start] = square
    return out


@kernel
def rolling_max(x: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Greatest of the last n values; NaN before there are n, and while one of them is NaN.

    Shapes: x (size,) float64, n >= 1; returns (size,).   Cost: O(size) whatever n is.
    Twin: tests/parity/test_moving.py::slow_max
    """
    size = x.size
    out = np.full(size, np.nan)
    tail = np.full(n + 1, -np.inf)
    for start in range(0, size, n):
        stop = min(start + n, size)
        head = -np.inf
        for i in range(start, stop):
            head = np.maximum(head, x[i])
            if i >= n - 1:
                out[i] = np.maximum(tail[i - start + 1], head)
        top = -np.inf
        for i in range(stop - 1, start - 1, -1):
            top = np.maximum(top, x[i])
            tail[i - start] = top
    return out


@kernel
def exponential_mean(x: NDArray[np.float64], n: int, alpha: float) -> NDArray[np.float64]:
    """Exponential average with weight alpha, begun with the mean of the first n values that are not NaN.

    Values before the first number are skipped; a NaN after it makes the rest NaN.

    Shapes: x (size,) float64, n >= 1, 0 < alpha <= 1; returns (size,).   Cost: O(size).
    Twin: tests/parity/test_moving.py::slow_exponential
    """
    size = x.size
    out = np.full(size, np.nan)
    first = 0
    while first < size and np.isnan(x[first]):
        first += 1
    if first + n > size:
        return out
    total = 0.0
    for i in range(first, first + n):
        total += x[i]
    value = total / n
    out[first + n - 1] = value
    for i in range(first + n, size):
        value += alpha * (x[i] - value)
        out[i] = value
    return out
