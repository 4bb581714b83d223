"""Put a recorded stream together into one that a book can follow: snapshot, then diffs without a gap.

Binance's rule: what ended before the snapshot is dropped; the first diff after it holds the snapshot's update
(`first_id <= snapshot <= last_id`) or names it as its `previous_id`; each later one so names the last update before it.
Where that fails, diffs were lost: the book is emptied there, and unknown until the next snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import EventKind
from tradewright.domain.errors import DataError
from tradewright.market.events import EVENT, Recording

__all__ = ["Gap", "Sync", "Synced", "synchronise"]


class Gap(NamedTuple):
    """A place where diffs were lost."""

    line: int  # of the diff that does not follow, from 1
    wanted: int  # update id that should have come before it
    found: int  # what it says came before it


@dataclass(frozen=True, slots=True)
class Synced:
    """A stream with a whole book.

    Args:
        events: EVENT; from the first snapshot on, each snapshot begun by a row that clears the book.
        snapshots: how many were used.
        diffs: how many were applied.
        stale: diffs dropped because the snapshot held them already.
        lost: diffs dropped because the book was unknown when they came.
        early: rows of trades and quotes dropped because they came before the first snapshot.
        gaps: where diffs were lost.
    """

    events: NDArray[np.void]
    snapshots: int
    diffs: int
    stale: int
    lost: int
    early: int
    gaps: tuple[Gap, ...]

    @property
    def needs_resync(self) -> bool:
        """Whether the stream ends with an unknown book."""
        return self.lost > 0


class Sync:
    """The rule, message by message: what a live book asks before it applies a diff.

    Attributes:
        last_id: last update that the book holds; -1 while the book is unknown.
    """

    def __init__(self) -> None:
        self.last_id = -1
        self._fresh = False

    def begin(self, snapshot_id: int) -> None:
        """A snapshot came."""
        self.last_id, self._fresh = snapshot_id, True

    def is_stale(self, last_id: int) -> bool:
        """Whether the book holds the diff already, by its snapshot or because it came twice; it is to be dropped."""
        return last_id < self.last_id or (last_id == self.last_id and not self._fresh)

    def follows(self, first_id: int, last_id: int, previous_id: int) -> bool:
        """Whether the diff comes next; if it does not, the book is unknown from now on."""
        fits = previous_id == self.last_id or (self._fresh and first_id <= self.last_id <= last_id)
        self._fresh = False
        self.last_id = last_id if fits else -1
        return fits


def synchronise(recording: Recording) -> Synced:
    """Apply the rule to a whole recording; diffs that came before their snapshot wait for it.

    Raises:
        DataError: there are diffs, but no snapshot to begin with.
    """
    if recording.depth.size and not recording.depth["is_snapshot"].any():
        raise DataError("the stream has depth diffs but no snapshot: the book would be unknown")
    return _Joiner(recording).join()


class _Joiner:
    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._sync = Sync()
        self._parts: list[NDArray[np.void]] = []
        self._waiting: list[int] = []
        self._gaps: list[Gap] = []
        self._snapshots = self._diffs = self._stale = self._early = 0

    def join(self) -> Synced:
        depth, events = self._recording.depth, self._recording.events
        if not depth.size:
            return Synced(events, 0, 0, 0, 0, 0, ())
        done = 0
        for row, message in enumerate(depth):
            start, stop = (int(message[name]) for name in ("start", "stop"))
            if stop > start:
                self._between(events[done:start])
                done = stop
            if message["is_snapshot"]:
                self._snapshot(row)
            elif self._sync.last_id < 0:
                self._waiting.append(row)
            else:
                self._diff(row)
        self._between(events[done:])
        return Synced(
            np.concatenate(self._parts), self._snapshots, self._diffs, self._stale, len(self._waiting), self._early,
            tuple(self._gaps),
        )  # fmt: skip

    def _between(self, rows: NDArray[np.void]) -> None:
        if self._snapshots:
            self._parts.append(rows)
        else:
            self._early += rows.size

    def _rows(self, row: int) -> NDArray[np.void]:
        message = self._recording.depth[row]
        return self._recording.events[message["start"] : message["stop"]]

    def _snapshot(self, row: int) -> None:
        message, levels = self._recording.depth[row], self._rows(row)
        clear = _clear(levels)
        self._parts += [clear, levels]
        self._snapshots += 1
        self._sync.begin(int(message["last_id"]))
        received = int(clear["ts_local"].max(initial=0))
        waiting, self._waiting = self._waiting, []
        for number, early in enumerate(waiting):
            if self._sync.last_id < 0:
                self._waiting = waiting[number:]
                return
            self._diff(early, received)

    def _diff(self, row: int, known_from: int = 0) -> None:
        message = self._recording.depth[row]
        first, last, previous = (int(message[name]) for name in ("first_id", "last_id", "previous_id"))
        wanted = self._sync.last_id
        if self._sync.is_stale(last):
            self._stale += 1
        elif self._sync.follows(first, last, previous):
            levels = self._rows(row)
            if known_from and levels.size:
                levels = levels.copy()
                levels["ts_local"] = np.maximum(levels["ts_local"], known_from)
            self._parts.append(levels)
            self._diffs += 1
        else:
            self._gaps.append(Gap(int(message["line"]), wanted, previous))
            self._waiting.append(row)
            emptied = _clear(self._rows(row))
            emptied["last"] = True
            self._parts.append(emptied)


def _clear(levels: NDArray[np.void]) -> NDArray[np.void]:
    """A row that empties the book at the time of a message with these levels; its levels are to follow."""
    row = np.zeros(levels[:1].size, EVENT)
    row[:] = levels[:1]
    row["kind"], row["side"], row["ticks"], row["lots"], row["last"] = EventKind.CLEAR, 0, 0, 0, False
    return row
