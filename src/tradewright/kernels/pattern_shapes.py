"""What makes a chart pattern out of confirmed, alternating pivots. Written for patterns that end with a high.

A pattern that ends with a low is one that ends with a high in the market upside down: its levels come in with their
sign turned, and `MIRROR` names what was found. All tolerances are fractions of the pattern's own height.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import lean_kernel

__all__ = [
    "ASCENDING_TRIANGLE",
    "BEAR_FLAG",
    "BEAR_PENNANT",
    "BULL_FLAG",
    "BULL_PENNANT",
    "DESCENDING_TRIANGLE",
    "DOUBLE_BOTTOM",
    "DOUBLE_TOP",
    "FALLING_CHANNEL",
    "FALLING_WEDGE",
    "HEAD_AND_SHOULDERS",
    "HORIZONTAL_CHANNEL",
    "INVERSE_HEAD_AND_SHOULDERS",
    "KINDS",
    "MIRROR",
    "NO_PATTERN",
    "RISING_CHANNEL",
    "RISING_WEDGE",
    "SHAPE",
    "SYMMETRIC_TRIANGLE",
    "TRIPLE_BOTTOM",
    "TRIPLE_TOP",
    "PatternRules",
    "Pivots",
    "find_shape",
]

# Kinds of pattern; features.chart_patterns.PatternKind gives the words.
NO_PATTERN = 0
HEAD_AND_SHOULDERS = 1
INVERSE_HEAD_AND_SHOULDERS = 2
DOUBLE_TOP = 3
DOUBLE_BOTTOM = 4
TRIPLE_TOP = 5
TRIPLE_BOTTOM = 6
ASCENDING_TRIANGLE = 7
DESCENDING_TRIANGLE = 8
SYMMETRIC_TRIANGLE = 9
BULL_FLAG = 10
BEAR_FLAG = 11
BULL_PENNANT = 12
BEAR_PENNANT = 13
RISING_WEDGE = 14
FALLING_WEDGE = 15
RISING_CHANNEL = 16
FALLING_CHANNEL = 17
HORIZONTAL_CHANNEL = 18
KINDS = 19

# What a kind is called in the market upside down.
MIRROR = (0, 2, 1, 4, 3, 6, 5, 8, 7, 9, 11, 10, 13, 12, 15, 14, 17, 16, 18)

_FLAT = 0.15  # a line whose rise over the pattern is at most so much of its height is level
_PARALLEL = 0.15  # the width at the end differs by at most so much of the height
_CLOSING = 0.5  # lines that meet: at the end at most so much of the width is left
_HEAD = 0.25  # least distance of head and shoulder; twice that is best
_LEAD = 1.5  # a double top follows an advance of at least so many times its height
_TOUCH = 0.25  # touches of a sloping line may miss it by so much of the tolerance
_RETRACE = 0.5  # a flag gives back at most so much of its pole


class PatternRules(NamedTuple):
    """How exact a pattern must be. Lengths reach from a pattern's first point to its last.

    Attributes:
        tolerance: greatest difference of levels that should be equal, fraction of the pattern's height, 0.01 to 1.
            Half of it for a double top, a quarter for the touches of a sloping line.
        least_height: average true ranges, 0 to 100.
        pole: least height of a flag's pole, average true ranges, 0 to 100.
        least_quality: 0 to 1.
        least_bars: 2 to 10,000.
        most_bars: 2 to 100,000.
        patience: how long a pattern waits for its break, times its own length, 0 to 100.
    """

    tolerance: float = 0.2
    least_height: float = 3.0
    pole: float = 6.0
    least_quality: float = 0.5
    least_bars: int = 10
    most_bars: int = 500
    patience: float = 1.0


class Pivots(NamedTuple):
    """The last six pivots, oldest first; `filled[0]` of them, at the end, are there."""

    bar: NDArray[np.int64]  # (6,)
    level: NDArray[np.float64]  # (6,) in the market that ends with a high
    filled: NDArray[np.int64]  # (1,)


# A shape as found, in the market that ends with a high. A line is its level at the first point and its slope.
SHAPE = np.dtype(
    [
        ("kind", np.int64),
        ("side", np.int64),  # +1 expects a rise, -1 a fall, 0 either
        ("points", np.int64),  # the last so many pivots
        ("upper", np.float64),  # quote per base, at the bar of the first point
        ("upper_slope", np.float64),  # per bar
        ("lower", np.float64),
        ("lower_slope", np.float64),
        ("height", np.float64),  # measured move, quote per base
        ("quality", np.float64),  # 0 to 1
    ],
    align=True,
)


@lean_kernel
def _ratio(a: float, b: float) -> float:
    return min(a, b) / max(a, b)


@lean_kernel
def _spans(p: Pivots, rules: PatternRules, points: int, needed: int) -> bool:
    # The last `points` of at least `needed` pivots have a fitting length, and each high stands above its neighbours:
    # swings confirmed by time alternate in kind, but not always in price.
    length = p.bar[5] - p.bar[6 - points]
    if p.filled[0] < needed or not rules.least_bars <= length <= rules.most_bars:
        return False
    rise = 1.0
    for i in range(5, 6 - points, -1):
        if (p.level[i] - p.level[i - 1]) * rise <= 0.0:
            return False
        rise = -rise
    return True


@lean_kernel
def _put(shape: Any, kind: int, side: int, points: int, quality: float) -> bool:
    shape["kind"], shape["side"], shape["points"], shape["quality"] = kind, side, points, quality
    return True


@lean_kernel
def _bound(shape: Any, upper: tuple[float, float], lower: tuple[float, float], height: float) -> None:
    shape["upper"], shape["upper_slope"] = upper
    shape["lower"], shape["lower_slope"] = lower
    shape["height"] = height


@lean_kernel
def find_shape(p: Pivots, atr: float, rules: PatternRules, shape: Any) -> bool:
    """Find the most specific pattern that the last pivots form; where there is one it stands in `shape`.

    Order: head and shoulders, triple top, flag or pennant, triangle, wedge or channel, double top.

    Shapes: p Pivots; shape SHAPE record, changed in place.   Units: atr quote/base.
    Cost: O(1), no allocation.   Twin: tests/parity/test_chart_patterns.py::slow_shape
    """
    return (
        _is_head(p, atr, rules, shape)
        or _is_triple(p, atr, rules, shape)
        or _is_flag(p, atr, rules, shape)
        or _is_between_lines(p, atr, rules, shape)
        or _is_double(p, atr, rules, shape)
    )


@lean_kernel
def _is_head(p: Pivots, atr: float, rules: PatternRules, shape: Any) -> bool:
    # The advance, left shoulder, trough, head, trough, right shoulder.
    if not _spans(p, rules, 5, 6):
        return False
    b, e = p.bar, p.level
    slope = (e[4] - e[2]) / (b[4] - b[2])
    first = e[2] + slope * (b[1] - b[2])
    height = e[3] - (e[2] + slope * (b[3] - b[2]))
    shoulder = max(e[1], e[5])
    allowed = rules.tolerance * height
    uneven, tilt = abs(e[1] - e[5]), abs(e[2] - e[4])
    is_shaped = height >= rules.least_height * atr and e[3] - shoulder >= _HEAD * height
    if (
        not is_shaped
        or uneven > allowed
        or tilt > allowed
        or e[0] > min(e[2], e[4])
        or min(e[1], e[5]) <= max(e[2], e[4])
    ):
        return False
    _bound(shape, (shoulder, 0.0), (first, slope), height)
    balance = _ratio(b[3] - b[1], b[5] - b[3])
    clear = min((e[3] - shoulder) / (_HEAD * height) - 1.0, 1.0)
    return _put(shape, HEAD_AND_SHOULDERS, -1, 5, (2.0 - (uneven + tilt) / allowed + balance + clear) / 4.0)


@lean_kernel
def _is_triple(p: Pivots, atr: float, rules: PatternRules, shape: Any) -> bool:
    if not _spans(p, rules, 5, 6):
        return False
    b, e = p.bar, p.level
    top, neck = max(e[1], e[3], e[5]), min(e[2], e[4])
    height = (e[1] + e[3] + e[5]) / 3.0 - neck
    allowed = rules.tolerance * height
    uneven, tilt = top - min(e[1], e[3], e[5]), abs(e[2] - e[4])
    if height < rules.least_height * atr or uneven > allowed or tilt > allowed or e[0] > neck:
        return False
    _bound(shape, (top, 0.0), (neck, 0.0), height)
    balance = _ratio(b[3] - b[1], b[5] - b[3])
    return _put(shape, TRIPLE_TOP, -1, 5, (2.0 - uneven / allowed - tilt / allowed + balance) / 3.0)


@lean_kernel
def _is_double(p: Pivots, atr: float, rules: PatternRules, shape: Any) -> bool:
    if not _spans(p, rules, 3, 4):
        return False
    b, e = p.bar, p.level
    top, neck = max(e[3], e[5]), e[4]
    height = (e[3] + e[5]) / 2.0 - neck
    uneven, allowed = abs(e[3] - e[5]), rules.tolerance / 2.0 * height
    advance = e[3] - e[2]
    if height < rules.least_height * atr or uneven > allowed or advance < _LEAD * height:
        return False
    _bound(shape, (top, 0.0), (neck, 0.0), height)
    balance = _ratio(b[4] - b[3], b[5] - b[4])
    lead = min(advance / (2.0 * _LEAD * height), 1.0)
    return _put(shape, DOUBLE_TOP, -1, 3, (1.0 - uneven / allowed + balance + lead) / 3.0)


@lean_kernel
def _is_flag(p: Pivots, atr: float, rules: PatternRules, shape: Any) -> bool:
    # A pole down from the second of the last five, and a short, narrow way back up that ends with a high.
    if not _spans(p, rules, 5, 5):
        return False
    b, e = p.bar, p.level
    pole, pole_bars, flag_bars = e[1] - e[2], b[2] - b[1], b[5] - b[2]
    retrace = (max(e[3], e[5]) - e[2]) / pole
    if pole < rules.pole * atr or pole_bars > flag_bars or retrace > _RETRACE:
        return False
    up, low = (e[5] - e[3]) / (b[5] - b[3]), (e[4] - e[2]) / (b[4] - b[2])
    upper = e[3] + up * (b[1] - b[3])
    lower = e[2] + low * (b[1] - b[2])
    width = e[3] + up * (b[2] - b[3]) - e[2]
    left = e[5] - (e[2] + low * flag_bars)
    if width <= 0.0 or left <= 0.0 or width > _RETRACE * pole:
        return False
    form = left / width
    if up < 0.0 < low and form <= _CLOSING:
        kind, score = BEAR_PENNANT, 1.0 - form
    elif abs(1.0 - form) <= 2.0 * _PARALLEL and (up + low) * flag_bars >= 0.0:
        kind, score = BEAR_FLAG, 1.0 - abs(1.0 - form) / (2.0 * _PARALLEL)
    else:
        return False
    _bound(shape, (upper, up), (lower, low), pole)
    speed = 1.0 - pole_bars / flag_bars
    return _put(shape, kind, -1, 5, (score + speed + 1.0 - retrace / _RETRACE) / 3.0)


@lean_kernel
def _is_between_lines(p: Pivots, atr: float, rules: PatternRules, shape: Any) -> bool:
    # Three highs on one line (least squares), the two lows between them on the other.
    if not _spans(p, rules, 5, 5):
        return False
    b, e = p.bar, p.level
    x3, x5 = float(b[3] - b[1]), float(b[5] - b[1])
    mean_x, mean_e = (x3 + x5) / 3.0, (e[1] + e[3] + e[5]) / 3.0
    across = -mean_x * (e[1] - mean_e) + (x3 - mean_x) * (e[3] - mean_e) + (x5 - mean_x) * (e[5] - mean_e)
    up = across / (mean_x * mean_x + (x3 - mean_x) * (x3 - mean_x) + (x5 - mean_x) * (x5 - mean_x))
    upper = mean_e - up * mean_x
    low = (e[4] - e[2]) / (b[4] - b[2])
    lower = e[2] - low * (b[2] - b[1])
    width, left = upper - lower, upper + up * x5 - (lower + low * x5)
    if width <= 0.0 or left <= 0.0 or max(width, left) < rules.least_height * atr:
        return False
    off = max(abs(e[1] - upper), abs(e[3] - upper - up * x3), abs(e[5] - upper - up * x5))
    allowed = _TOUCH * rules.tolerance * width
    _bound(shape, (upper, up), (lower, low), width)
    fit = (1.0 - off / allowed + _ratio(b[3] - b[1], b[5] - b[3])) / 2.0
    return off <= allowed and _name_lines(shape, up * x5 / width, low * x5 / width, fit)


@lean_kernel
def _name_lines(shape: Any, up: float, low: float, fit: float) -> bool:
    # `up` and `low`: how far each line rises over the pattern, in heights; their difference is what the width loses.
    left = 1.0 + up - low
    if abs(up - low) <= _PARALLEL:
        middle = (up + low) / 2.0
        kind = RISING_CHANNEL if middle > _FLAT else FALLING_CHANNEL if middle < -_FLAT else HORIZONTAL_CHANNEL
        return _put(shape, kind, 0, 5, (2.0 * fit + 1.0 - abs(up - low) / _PARALLEL) / 3.0)
    if left > _CLOSING:
        return False
    if abs(up) <= _FLAT:
        return _put(shape, ASCENDING_TRIANGLE, 1, 5, (2.0 * fit + 1.0 - abs(up) / _FLAT) / 3.0)
    if abs(low) <= _FLAT:
        return _put(shape, DESCENDING_TRIANGLE, -1, 5, (2.0 * fit + 1.0 - abs(low) / _FLAT) / 3.0)
    if up < 0.0 < low:
        return _put(shape, SYMMETRIC_TRIANGLE, 0, 5, (2.0 * fit + _ratio(-up, low)) / 3.0)
    is_rising = up > 0.0
    return _put(
        shape, RISING_WEDGE if is_rising else FALLING_WEDGE, -1 if is_rising else 1, 5, (2.0 * fit + 1.0 - left) / 3.0
    )
