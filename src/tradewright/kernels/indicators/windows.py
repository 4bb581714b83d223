"""Moving windows and exponential averages that take one value at a time and never look at what left them.

Windows are cut into blocks of their own length; a window is then the tail of one block and the head of the next, so
that nothing is ever subtracted: no drift over a million bars, no cancellation. The same trick gives the moving maximum
in O(n) (van Herk, Pattern Recognition Letters 13, 1992).

A window lives in a part of the state: how many values it took, its place in the block, the head, then a tail for each
place and the block itself. An exponential average is a pair: how many values it took, and its sum or value.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import lean_kernel

__all__ = [
    "EMPTY", "MEMORY", "PLACE", "SEEN", "ago", "average_of", "blend", "forget", "mean_of", "sum_of", "top_of",
    "variance_of", "weighted_of",
]  # fmt: skip

EMPTY = (0.0, 0.0)  # an exponential average that took no value
SEEN, PLACE, HEAD, SAME, LAST, MEMORY = 0, 1, 2, 3, 4, 5


@lean_kernel
def forget(part: NDArray[np.float64]) -> None:
    """Empty a window; what its tails hold is written anew before it is read."""
    part[:MEMORY] = 0.0


@lean_kernel
def blend(average: tuple[float, float], n: int, alpha: float, x: float) -> tuple[float, float]:
    """Take x into an exponential average of weight alpha, begun with the mean of its first n values."""
    count, value = average
    if count >= n:
        return count, value + alpha * (x - value)
    count, value = count + 1.0, value + x
    return count, value / n if count == n else value


@lean_kernel
def average_of(average: tuple[float, float], n: int) -> float:
    """Where an exponential average stands; NaN before it took n values."""
    return average[1] if average[0] >= n else np.nan


@lean_kernel
def sum_of(part: NDArray[np.float64], n: int, x: float) -> float:
    """Take x; the sum of the last n values, NaN before there are n.   State: 2 n + 6."""
    place = int(part[PLACE])
    head = part[HEAD] + x
    found = part[MEMORY + place + 1] + head
    part[MEMORY + n + 1 + place] = x
    part[HEAD] = head
    part[PLACE] = place + 1.0
    if place + 1 == n:
        total = 0.0
        for k in range(n - 1, -1, -1):
            total += part[MEMORY + n + 1 + k]
            part[MEMORY + k] = total
        part[HEAD], part[PLACE] = 0.0, 0.0
    part[SEEN] += 1.0
    return found if part[SEEN] >= n else np.nan


@lean_kernel
def mean_of(part: NDArray[np.float64], n: int, x: float) -> float:
    """Take x; the mean of the last n values. A window of equal values gives that value exactly.   State: 2 n + 6."""
    part[SAME] = part[SAME] + 1.0 if x == part[LAST] else 1.0
    part[LAST] = x
    found = sum_of(part, n, x) / n
    return x if part[SAME] >= n and part[SEEN] >= n else found


@lean_kernel
def top_of(part: NDArray[np.float64], n: int, x: float) -> float:
    """Take x; the greatest of the last n values, NaN before there are n.   State: 2 n + 6."""
    place = int(part[PLACE])
    head = x if place == 0 or x > part[HEAD] else part[HEAD]
    tail = part[MEMORY + place + 1]
    found = tail if place + 1 < n and tail > head else head
    part[MEMORY + n + 1 + place] = x
    part[HEAD] = head
    part[PLACE] = place + 1.0
    if place + 1 == n:
        top = x
        for k in range(n - 1, -1, -1):
            top = max(top, part[MEMORY + n + 1 + k])
            part[MEMORY + k] = top
        part[PLACE] = 0.0
    part[SEEN] += 1.0
    return found if part[SEEN] >= n else np.nan


@lean_kernel
def variance_of(part: NDArray[np.float64], n: int, x: float) -> float:
    """Take x; the variance of the last n values over n, NaN before there are n.   State: 5 n + 10.

    Means and squared distances of tail and head are joined by the rule of Chan, Golub and LeVeque (1979). A division
    takes longer than all else here, so that 1 / k and k (n - k) / n are written down when the first value comes.
    """
    means, squares, block = MEMORY, MEMORY + n + 1, MEMORY + 2 * n + 2
    inverse, weight = MEMORY + 3 * n + 3, MEMORY + 4 * n + 4
    if part[inverse + 1] == 0.0:
        for k in range(1, n + 1):
            part[inverse + k] = 1.0 / k
            part[weight + k] = k * (n - k) / n
    place = int(part[PLACE])
    count = place + 1
    mean, square = (part[HEAD], part[SAME]) if place > 0 else (0.0, 0.0)
    delta = x - mean
    mean += delta * part[inverse + count]
    square += delta * (x - mean)
    gap = mean - part[means + count]
    found = (square + part[squares + count] + gap * gap * part[weight + count]) * part[inverse + n]
    part[block + place] = x
    part[HEAD], part[SAME], part[PLACE] = mean, square, count
    if count == n:
        _turn_block(part, n)
    part[SEEN] += 1.0
    return found if part[SEEN] >= n else np.nan


@lean_kernel
def _turn_block(part: NDArray[np.float64], n: int) -> None:
    # The whole block becomes the tail of the windows to come.
    means, squares, block, inverse = MEMORY, MEMORY + n + 1, MEMORY + 2 * n + 2, MEMORY + 3 * n + 3
    mean, square = 0.0, 0.0
    for k in range(n - 1, -1, -1):
        x = part[block + k]
        delta = x - mean
        mean += delta * part[inverse + n - k]
        square += delta * (x - mean)
        part[means + k] = mean
        part[squares + k] = square
    part[PLACE] = 0.0


@lean_kernel
def weighted_of(part: NDArray[np.float64], n: int, x: float) -> float:
    """Take x; the sum of the last n values with weights 1 to n, the newest weighs most.   State: 2 n + 6.

    Of a tail of m values the weights are its own, and each value of the head weighs m more than in the head alone.
    """
    place = int(part[PLACE])
    head, leaning = part[HEAD] + x, part[LAST] + (place + 1.0) * x
    found = part[MEMORY + place + 1] + (n - 1.0 - place) * head + leaning
    part[MEMORY + n + 1 + place] = x
    part[HEAD], part[LAST], part[PLACE] = head, leaning, place + 1.0
    if place + 1 == n:
        summed, whole = 0.0, 0.0
        for k in range(n - 1, -1, -1):
            summed += part[MEMORY + n + 1 + k]
            whole += summed
            part[MEMORY + k] = whole
        part[HEAD], part[LAST], part[PLACE] = 0.0, 0.0, 0.0
    part[SEEN] += 1.0
    return found if part[SEEN] >= n else np.nan


@lean_kernel
def ago(part: NDArray[np.float64], n: int, x: float) -> float:
    """Take x; the value n places before it, NaN where there is none.   State: n + 5."""
    place = int(part[PLACE])
    found = part[MEMORY + place] if part[SEEN] >= n else np.nan
    part[MEMORY + place] = x
    part[PLACE] = place + 1.0 if place + 1 < n else 0.0
    part[SEEN] += 1.0
    return found
