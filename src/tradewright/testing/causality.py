"""What every feature that gives events must keep: what was known at a bar does not hang on what followed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tradewright.market.bars import Bars, slice_bars
from tradewright.testing.shapes import scrambled

__all__ = ["Known", "knows_no_future"]

Known = Callable[[Bars, int], Mapping[str, Any]]
"""Of bars and a cut: all that the feature says was known at the close of bar cut - 1, as lists and columns by name."""


def knows_no_future(known: Known, bars: Bars, cuts: tuple[int, ...]) -> None:
    """Ask what was known before each cut: of bars that end there, of all bars, and of bars with another future.

    Args:
        known: the feature, and how to read it as of a cut.
        bars: as many as make something happen.
        cuts: between 0 and the number of bars.

    Raises:
        AssertionError: the answers differ; names the cut and what differs.
    """
    for cut in cuts:
        then = known(slice_bars(bars, 0, cut), cut)
        for title, others in (("with the bars after it", bars), ("with other bars after it", scrambled(bars, cut))):
            now = known(others, cut)
            for name, value in then.items():
                np.testing.assert_array_equal(now[name], value, f"{name} as of bar {cut} is another {title}")
