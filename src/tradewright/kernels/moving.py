"""The moving maximum of one column.

Windows are cut into blocks of their own length; a window is then the tail of one block and the head of the next, which
gives the maximum in O(n) whatever the window (van Herk, Pattern Recognition Letters 13, 1992).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel

__all__ = ["rolling_max"]


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
