"""The slow twin of the engine, third part: bars that leave a doubt are played again on finer ones."""

from __future__ import annotations

import copy
import math
from fractions import Fraction
from typing import Any

from tradewright.domain.enums import Ambiguity, FillFlag
from tradewright.testing.twin_ground import Part
from tradewright.testing.twin_inside import Inside
from tradewright.testing.twin_order import Bar

__all__ = ["Drilling"]


class Drilling(Inside):
    """Knows how to play the inside of a bar twice; what happens at an open, its heirs know."""

    def act_on_gap(self, k: int) -> None:
        """Let resting orders act on an open."""
        raise NotImplementedError

    def share_of(self, volume: int) -> float:
        """Lots of a bar's volume that our orders of one side may fill."""
        share = self.rules.participation
        return math.floor(share * volume + 1e-9) if share else math.inf

    def play_inside_or_drill(self, k: int) -> None:
        """Play the inside of a bar; under SUBBAR, if it leaves a doubt and has finer bars, forget that, play those."""
        drills = self.rules.ambiguity in {Ambiguity.SUBBAR, Ambiguity.SUBBAR_BEST}
        before = self._state() if drills else {}
        doubts = self.ambiguous_bars
        self.play_inside(k)
        if drills and self.ambiguous_bars > doubts and (k, self.step) in self.finer:
            self.__dict__.update(before)
            self._drill(k)

    def _state(self) -> dict[str, Any]:
        # One copy of everything together, so that what was shared stays shared; the market itself never changes.
        never = {id(self.market): self.market, id(self.finer): self.finer}
        return copy.deepcopy(self.__dict__, never)

    def _drill(self, k: int) -> None:
        step, rows = int(self.step), self.finer[k, int(self.step)]
        books, doubts = self.books, self.ambiguous_bars
        fills, closed = len(books.fills), len(books.closed)
        begin, length = self.ts_open, (self.ts_close - self.ts_open) // len(rows)
        owed = self._taken_at_open(k)
        for number, row in enumerate(rows):
            ts = begin + number * length
            # A part of a step is a fraction of it: what comes into being in one part is older than the next part.
            self.step, self.part = step + Fraction(number, len(rows)), Part(Bar(*row[:4]), row[4], ts, ts + length)
            self._offer(k, row[4], owed)
            self._play_part(k, is_first=number == 0)
        self.step, self.part = step, None
        self.ambiguous_bars = min(self.ambiguous_bars, doubts + 1)
        for line in books.fills[fills:]:
            line["step"], line["flags"] = step, line["flags"] | FillFlag.DRILLED.value
        for line in books.closed[closed:]:
            line["step"] = int(line["step"])
        for order in books.holdings[k].orders:
            order.step = int(order.step)

    def _play_part(self, k: int, *, is_first: bool) -> None:
        opening = self.bar(k).open
        self.books.holdings[k].mark = self.mark(k).open
        if not is_first:
            # The open of the first part is that of the bar, and has been played.
            if self.books.is_liquidated_at(k, self.mark(k).open):
                self.liquidate(k, opening, FillFlag.GAP.value)
            self.act_on_gap(k)
            for order in self.books.holdings[k].orders:
                if order.is_trailing:
                    order.move(opening)
        self.play_inside(k)

    def _taken_at_open(self, k: int) -> dict[int, float]:
        offered = self.share_of(int(self.market.volume[k, int(self.step)]))
        left = self.books.holdings[k].volume
        return {side: offered - left[side] if self.rules.participation else 0 for side in (1, -1)}

    def _offer(self, k: int, volume: int, owed: dict[int, float]) -> None:
        # What the open took beyond the first part's volume is taken from the next.
        for side in (1, -1):
            offered = self.share_of(volume)
            paid = min(owed[side], offered)
            owed[side] -= paid
            self.books.holdings[k].volume[side] = offered - paid
