"""Room takes memory where it is written to, and what lies far back lies in a file."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tradewright.engine import room
from tradewright.engine.growing_bars import GrowingBars
from tradewright.engine.room import PAGE, room_for, set_aside
from tradewright.market.bars import empty_bars
from tradewright.market.steps import Bar

LINE = PAGE // 8
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")


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


@linux
def test_what_is_not_written_to_takes_nothing() -> None:
    """Of a gigabyte a hundred pages are written to."""
    before = resident()
    made = room_for((100, 1_250_000), np.int64)
    made[:, 7] = 1
    assert resident() - before < 20_000_000
    assert 100 == made[:, :16].sum()


@linux
def test_whole_pages_leave_memory_and_stay_what_they_are() -> None:
    """Of three pages and a half the half stays; read, written to and asked for anew, each value is its own."""
    made = room_for((2, 4 * LINE), np.int64)
    made[:] = np.arange(8 * LINE).reshape(2, -1)
    expected = made.copy()

    moved = [set_aside(line[: 3 * LINE + LINE // 2]) for line in made]
    made[1, 5] = expected[1, 5] = -7
    again = [set_aside(line[: 4 * LINE - 1]) for line in made], [set_aside(line) for line in made]

    assert ([3 * PAGE, 3 * PAGE], ([0, 0], [PAGE, PAGE])) == (moved, again)
    np.testing.assert_array_equal(made, expected)


@linux
def test_memory_does_not_grow_with_what_was_set_aside() -> None:
    """Fifty megabytes are gone from memory, are read as they were, and go again when there is more to move."""
    made = room_for(8_000_000, np.float64)
    made[:6_400_000] = 1.0
    before = resident()
    set_aside(made[:6_400_000])
    assert before - resident() > 45_000_000
    assert 6_400_000.0 == made.sum()
    os.fsync(room._SHELVES[0]._number)  # as the system does by itself, every half minute
    made[6_400_000:6_500_000] = 1.0
    set_aside(made[:6_500_000])
    assert before - resident() > 45_000_000


@linux
def test_file_gives_back_what_nobody_can_read_any_more() -> None:
    """With the last view of a room its part of the file goes."""
    gc.collect()  # what others have left lying gives back its own part before it is counted
    made = room_for(100 * LINE, np.int64)
    made[:] = 1
    set_aside(made)
    [shelf] = room._SHELVES
    os.fsync(shelf._number)
    stretches, blocks = shelf.stretches, os.fstat(shelf._number).st_blocks
    part = made[7:9]
    del made
    gc.collect()
    assert (stretches, [1, 1]) == (shelf.stretches, part.tolist())
    del part
    gc.collect()
    assert stretches - 1 == shelf.stretches
    assert blocks - os.fstat(shelf._number).st_blocks >= 100 * PAGE // 512


def test_what_cannot_be_moved_stays() -> None:
    """Another array, a line with gaps, and less than a page."""
    made = room_for((4, LINE), np.int64)
    assert [0, 0, 0] == [set_aside(np.ones(4 * LINE)), set_aside(made[:, 0]), set_aside(made[0, 1:])]


@linux
@pytest.mark.parametrize("where", ["_nameless_file", "os.pwrite", "most"])
def test_without_a_place_it_stays_in_memory(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder to write to, a full disk, or too many parts already."""

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(room, "_SHELVES", [])
    if where == "most":
        monkeypatch.setattr(room, "_MOST_STRETCHES", 0)
    else:
        monkeypatch.setattr(f"tradewright.engine.room.{where}", full)
    made = room_for(2 * LINE, np.int64)
    made[:] = 3
    assert (0, 6 * LINE) == (set_aside(made), made.sum())


FORKING = """
import os
import numpy as np
from tradewright.engine.room import PAGE, room_for, set_aside
def filled(value):
    made = room_for(PAGE, np.int64)
    made[:] = value
    return made
ours = filled(1)
set_aside(ours[: PAGE // 2])
child = os.fork()
if child == 0:
    theirs = filled(2)
    moved = set_aside(theirs), set_aside(ours)
    os._exit(0 if moved == (8 * PAGE, 0) and theirs.sum() == 2 * PAGE and ours.sum() == PAGE else 1)
told = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
raise SystemExit(told or int(ours.sum() != PAGE))
"""


@linux
def test_child_of_a_process_has_a_file_of_its_own() -> None:
    """What it sets aside does not come to lie over its parent's."""
    assert 0 == subprocess.run([sys.executable, "-c", FORKING], check=False).returncode


@linux
def test_bars_of_many_steps_take_no_more_memory_than_those_of_few() -> None:
    """A hundred thousand bars, 5.6 MB, are less than two more than a thousand; every one is there to be read."""
    bars = GrowingBars(empty_bars())

    def grown(stop: int) -> int:
        for n in range(len(bars), stop):
            bars.add(n, n + 1, Bar(1.0 + n, 2.0 + n, 0.5, 1.5, 10.0))
        return resident()

    few = grown(1_000)
    many = grown(100_000)

    assert many - few < 2_000_000
    assert np.arange(100_000).tolist() == bars.bars.ts_open.tolist()
    assert (1.0 + np.arange(100_000)).tolist() == bars.bars.open.tolist()
