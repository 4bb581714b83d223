"""Room takes memory where it is written to."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from tradewright.market.room import room_for


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_it_is_an_array_like_others() -> None:
    """Zeros of the shape and kind, whole, writable, also of no size."""
    made = room_for((3, 5), np.float64)
    assert ((3, 5), np.float64, True, True) == (made.shape, made.dtype, made.flags.c_contiguous, made.flags.writeable)
    assert not made.any()
    made[1, 4] = 2.5
    assert 2.5 == made.sum()
    assert (0, (2, 0)) == (room_for(0, np.int64).size, room_for((2, 0), np.bool_).shape)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")
def test_what_is_not_written_to_takes_nothing() -> None:
    """Of a gigabyte a hundred pages are written to."""
    before = resident()
    made = room_for((100, 1_250_000), np.int64)
    made[:, 7] = 1
    assert resident() - before < 20_000_000
    assert 100 == made[:, :16].sum()
