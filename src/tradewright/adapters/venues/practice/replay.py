"""A recorded market played again: its trades meet our orders, its messages are sent as they were."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.adapters.venues.practice.course import Print
from tradewright.adapters.venues.practice.reels import Message, Reel
from tradewright.adapters.venues.practice.script import Levels, PublicBook, Stage
from tradewright.engine.present import Stretch

__all__ = ["ReelScript"]

_NS_PER_MS = 1_000_000
_MINUTE_NS = 60_000 * _NS_PER_MS


class _Sides:
    """The book of one symbol: by diffs, and by quotes that are newer than the last of them."""

    def __init__(self) -> None:
        self.lots: dict[int, dict[int, int]] = {1: {}, -1: {}}
        self.update_id, self.ts = 0, 0
        self.has_depth = False
        self._quoted: dict[int, tuple[int, int]] = {}
        self._quote_id = 0

    def apply(self, message: Message) -> None:
        """Take a message in."""
        events = message.events
        if not message.update_id:
            self._quote_id = int(events["sequence"][0])
            self._quoted = {int(row["side"]): (int(row["ticks"]), int(row["lots"])) for row in events}
            return
        if message.is_snapshot:
            self.lots = {1: {}, -1: {}}
        self.has_depth = True
        self.update_id = message.update_id
        if events.size:
            self.ts = int(events["ts_exchange"][0]) // _NS_PER_MS
        for side, ticks, lots in zip(*(events[name].tolist() for name in ("side", "ticks", "lots")), strict=True):
            if lots:
                self.lots[side][ticks] = lots
            else:
                self.lots[side].pop(ticks, None)

    def told(self) -> tuple[Levels, Levels]:
        """What diffs add up to."""
        return sorted(self.lots[1].items(), reverse=True), sorted(self.lots[-1].items())

    def traded(self) -> tuple[Levels, Levels]:
        """What orders meet: the best prices of a quote that is newer than the diffs hold."""
        if self._quote_id < self.update_id or not self._quoted:
            return self.told()
        found = []
        for side in (1, -1):
            best, lots = self._quoted[side]
            rest = [(ticks, own) for ticks, own in self.lots[side].items() if (best - ticks) * side > 0]
            found.append([(best, lots), *sorted(rest, reverse=side > 0)])
        return found[0], found[1]


class ReelScript:
    """Messages, each at its time.

    Args:
        reel: that is played, once.
    """

    def __init__(self, reel: Reel) -> None:
        self.start, self.is_over = reel.start, False
        self._reel, self._row = reel, 0
        self._books = [_Sides() for _ in reel.listings]
        self._names: set[tuple[int, str]] = {(m.k, m.what) for m in reel.messages if m.what}
        self._stage: Stage
        for message in reel.before:
            self._take(message)

    def enter(self, stage: Stage) -> None:
        """See `Script`."""
        self._stage = stage

    def history(self, k: int) -> tuple[int, NDArray[np.int64]] | None:
        """See `Script`: nothing was traded before, and the first minute stands at the first price."""
        listing = self._reel.listings[k]
        first = listing.instrument.to_ticks(listing.price)
        return self.start // _MINUTE_NS * _MINUTE_NS, np.array([[first]] * 4 + [[0]], np.int64)

    def next_point(self) -> int | None:
        """See `Script`."""
        if self._row == len(self._reel.messages):
            self.is_over = True
            return None
        return self._reel.messages[self._row].ts

    def play(self) -> None:
        """See `Script`."""
        message = self._reel.messages[self._row]
        self._row += 1
        self.act(message)

    def act(self, message: Message) -> None:
        """Let a message happen on the stage: its trade meets our orders, its book is the one they meet next."""
        stage, events = self._stage, message.events
        if message.is_trade:
            ticks, lots = int(events["ticks"][0]), int(events["lots"][0])
            stage.begin(message.ts)
            stage.present.lay(message.k, Stretch(ticks, ticks, ticks, ticks, lots))
            ts = max(message.happened, self.start)
            stage.print_trade(message.k, Print(ts, ticks, lots, bool(events["side"][0] > 0)))
            stage.play_all()
        self._take(message)
        if message.what:
            stage.tell_raw(message.k, message.what, message.text, message.ts)

    def _take(self, message: Message) -> None:
        if not message.is_trade and (message.update_id or message.happened):
            self._books[message.k].apply(message)

    def lay_part(self, now: int) -> None:
        """See `Script`: between two messages nothing happens."""

    def traded_book(self, k: int) -> tuple[Levels, Levels] | None:
        """See `Script`."""
        bids, asks = self._books[k].traded()
        return (bids, asks) if bids and asks else None

    def public_book(self, k: int) -> PublicBook | None:
        """See `Script`."""
        book = self._books[k]
        return PublicBook(book.update_id, book.ts, *book.told()) if book.has_depth else None

    def has_recorded(self, k: int, what: str) -> bool:
        """See `Script`."""
        return (k, what) in self._names

    @property
    def place(self) -> Any:
        """See `Script`."""
        return self._row

    def go_on(self, place: Any) -> None:
        """See `Script`."""
        for message in self._reel.messages[self._row : place]:
            self._take(message)
        self._row = place
