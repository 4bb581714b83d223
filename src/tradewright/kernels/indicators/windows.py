"""Moving windows and exponential averages that take one value at a time and never look at what left them.

Windows are cut into blocks of their own length; a window is then the tail of one block and the head of the next, so
that nothing is ever subtracted: no drift over a million bars, no cancellation. The same trick gives the moving maximum
in O(n) (van Herk, Pattern Recognition Letters 13, 1992).

A window lives in a part of the state: five numbers on how it stands, a tail for each place of a block, and the block
itself. While rows go by, how it stands is a tuple that each function takes and gives anew: the processor then keeps it
in registers, which makes columns three times as fast. An exponential average is a pair: how many values it took, and
its sum or value.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import lean_kernel

__all__ = [
    "EMPTY", "MEMORY", "NEW", "PLACE", "SEEN", "Window", "ago", "average_of", "blend", "keep", "mean_of", "opened",
    "sum_of", "top_of", "variance_of", "weighted_of",
]  # fmt: skip

Window = tuple[int, int, float, float, float]
"""How a window stands: values taken, place in the block, then three numbers of whoever uses it."""
NEW: Window = (0, 0, 0.0, 0.0, 0.0)
EMPTY = (0.0, 0.0)  # an exponential average that took no value
SEEN, PLACE, MEMORY = 0, 1, 5


@lean_kernel
def opened(part: NDArray[np.float64]) -> Window:
    """How the window stands that is kept in this part of a state."""
    return int(part[0]), int(part[1]), part[2], part[3], part[4]


@lean_kernel
def keep(part: NDArray[np.float64], now: Window) -> None:
    """Write down how a window stands."""
    part[0], part[1], part[2], part[3], part[4] = now


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
def sum_of(now: Window, part: NDArray[np.float64], n: int, x: float) -> tuple[Window, float]:
    """Take x; the sum of the last n values, NaN before there are n.   State: 2 n + 6."""
    seen, place, head, third, fourth = now
    head += x
    found = part[MEMORY + place + 1] + head
    part[MEMORY + n + 1 + place] = x
    place += 1
    if place == n:
        total = 0.0
        for k in range(n - 1, -1, -1):
            total += part[MEMORY + n + 1 + k]
            part[MEMORY + k] = total
        place, head = 0, 0.0
    return (seen + 1, place, head, third, fourth), found if seen + 1 >= n else np.nan


@lean_kernel
def mean_of(now: Window, part: NDArray[np.float64], n: int, x: float) -> tuple[Window, float]:
    """Take x; the mean of the last n values. A window of equal values gives that value exactly.   State: 2 n + 6."""
    seen, place, head, same, last = now
    same = same + 1.0 if x == last else 1.0
    now, found = sum_of((seen, place, head, same, x), part, n, x)
    return now, x if same >= n else found / n


@lean_kernel
def top_of(now: Window, part: NDArray[np.float64], n: int, x: float) -> tuple[Window, float]:
    """Take x; the greatest of the last n values, NaN before there are n.   State: 2 n + 6."""
    seen, place, head, third, fourth = now
    if seen == 0:
        part[MEMORY + n], head = -np.inf, -np.inf
    head = max(head, x)
    tail = part[MEMORY + place + 1]
    found = max(head, tail)
    part[MEMORY + n + 1 + place] = x
    place += 1
    if place == n:
        top = -np.inf
        for k in range(n - 1, -1, -1):
            top = max(top, part[MEMORY + n + 1 + k])
            part[MEMORY + k] = top
        place, head = 0, -np.inf
    return (seen + 1, place, head, third, fourth), found if seen + 1 >= n else np.nan


@lean_kernel
def variance_of(now: Window, part: NDArray[np.float64], n: int, x: float) -> tuple[Window, float]:
    """Take x; the variance of the last n values over n, NaN before there are n.   State: 5 n + 10.

    Tail and head are joined by the rule of Chan, Golub and LeVeque (1979). Within each, distances are taken from one of
    its own values, so that no more than a factor of n is lost to cancellation, and nothing where all are equal.
    A division takes longer than all else here: 1 / k and k (n - k) / n are written down when the first value comes.
    """
    seen, place, apart, square, origin = now
    means, squares, block = MEMORY, MEMORY + n + 1, MEMORY + 2 * n + 2
    inverse, weight = MEMORY + 3 * n + 3, MEMORY + 4 * n + 4
    if seen == 0 and part[inverse + 1] == 0.0:
        for k in range(1, n + 1):
            part[inverse + k] = 1.0 / k
            part[weight + k] = k * (n - k) / n
    origin = x if place == 0 else origin
    part[block + place] = x
    place += 1
    apart, square = apart + (x - origin), square + (x - origin) * (x - origin)
    shift = apart * part[inverse + place]
    gap = origin + shift - part[means + place]
    joined = max(square - apart * shift, 0.0) + part[squares + place] + gap * gap * part[weight + place]
    if place == n:
        _turn_block(part, n, x)
        place, apart, square = 0, 0.0, 0.0
    return (seen + 1, place, apart, square, origin), joined * part[inverse + n] if seen + 1 >= n else np.nan


@lean_kernel
def _turn_block(part: NDArray[np.float64], n: int, origin: float) -> None:
    # The whole block becomes the tail of the windows to come.
    means, squares, block, inverse = MEMORY, MEMORY + n + 1, MEMORY + 2 * n + 2, MEMORY + 3 * n + 3
    apart, square = 0.0, 0.0
    for k in range(n - 1, -1, -1):
        delta = part[block + k] - origin
        apart, square = apart + delta, square + delta * delta
        shift = apart * part[inverse + n - k]
        part[means + k] = origin + shift
        part[squares + k] = max(square - apart * shift, 0.0)


@lean_kernel
def weighted_of(now: Window, part: NDArray[np.float64], n: int, x: float) -> tuple[Window, float]:
    """Take x; the sum of the last n values with weights 1 to n, the newest weighs most.   State: 2 n + 6.

    Of a tail of m values the weights are its own, and each value of the head weighs m more than in the head alone.
    """
    seen, place, head, leaning, fourth = now
    head, leaning = head + x, leaning + (place + 1.0) * x
    found = part[MEMORY + place + 1] + (n - 1.0 - place) * head + leaning
    part[MEMORY + n + 1 + place] = x
    place += 1
    if place == n:
        summed, whole = 0.0, 0.0
        for k in range(n - 1, -1, -1):
            summed += part[MEMORY + n + 1 + k]
            whole += summed
            part[MEMORY + k] = whole
        place, head, leaning = 0, 0.0, 0.0
    return (seen + 1, place, head, leaning, fourth), found if seen + 1 >= n else np.nan


@lean_kernel
def ago(now: Window, part: NDArray[np.float64], n: int, x: float) -> tuple[Window, float]:
    """Take x; the value n places before it, NaN where there is none.   State: n + 5."""
    seen, place, second, third, fourth = now
    found = part[MEMORY + place] if seen >= n else np.nan
    part[MEMORY + place] = x
    return (seen + 1, place + 1 if place + 1 < n else 0, second, third, fourth), found
