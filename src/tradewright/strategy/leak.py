"""The leak passport: does any past signal or order change when the future is cut off or scrambled?

A strategy that passes has been caught at nothing: evidence, not proof. One that fails uses what could not have been
known, and its results mean nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tradewright.domain.times import iso
from tradewright.market.bars import Bars, IntColumn
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.difference import Difference, first_difference
from tradewright.strategy.playback import Played, play
from tradewright.strategy.strategy import Strategy

__all__ = ["LeakFinding", "LeakPassport", "leak_passport"]

_STRATA = 50
_SIGNAL_CUTS = 200
_SCRAMBLES = 20
_FINDINGS_PER_TEST = 3
_FAR = 512  # bars; no window or back-fill reaches so far
_TRIES = 3  # scrambles before a signal counts as untouched


@dataclass(frozen=True, slots=True)
class LeakFinding:
    """One signal or order that changed with the future.

    Args:
        test: `cut`, `scramble` or `repeat`, played flat; `trade`: cut off, in an engine.
        known_bar: the last bar that was left as it is.
        bar: the bar whose signal changed, at or before `known_bar`.
        ts: close of that bar, ISO 8601.
        column: what changed.
        before: its value on the whole data.
        after: its value with another future.
        cause: what is likely behind it, in words.
    """

    test: str
    known_bar: int
    bar: int
    ts: str
    column: str
    before: str
    after: str
    cause: str


@dataclass(frozen=True, slots=True)
class LeakPassport:
    """The verdict of the leak test.

    Args:
        strategy: name.
        version: the strategy's own.
        params: (name, value).
        passed: no past signal and no past order changed.
        bars: how many bars it was tested on.
        signals: how many signals and orders it gave on them; few make weak evidence.
        cuts: how often the future was cut off.
        scrambles: how often it was scrambled.
        seed: of the random cuts and scrambles.
        findings: at most three of each test, the earliest bar first.
    """

    strategy: str
    version: str
    params: tuple[tuple[str, Any], ...]
    passed: bool
    bars: int
    signals: int
    cuts: int
    scrambles: int
    seed: int
    findings: tuple[LeakFinding, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {**asdict(self), "params": dict(self.params)}


def leak_passport(strategy: Strategy, closed: ClosedBars, seed: int = 1) -> LeakPassport:
    """Test a strategy for knowledge of the future.

    The future is cut off after 50 bars spread over the data and after every signal (200 at most, evenly chosen), and
    scrambled after 20 bars spread over it and after 20 signals: every later row trades places and is multiplied by a
    number from 0.8 to 1.25, and so is every higher-timeframe bar that closes later. Signals up to the cut must not
    change, in any column, nor when nothing at all is changed.

    Args:
        strategy: left as it is.
        closed: bars to test on; a few thousand are enough.
        seed: of the cuts and scrambles.
    """
    trial = _Trial(strategy, closed, seed)
    cuts, scrambles = trial.cut_bars(), trial.scramble_bars()
    findings = [*trial.repeated()]
    if not findings:
        findings += [*trial.changed("cut", cuts), *trial.changed("scramble", scrambles)]
    findings.sort(key=lambda finding: (finding.bar, finding.known_bar))
    return LeakPassport(
        strategy=strategy.name,
        version=strategy.version,
        params=strategy.params,
        passed=not findings,
        bars=len(closed),
        signals=trial.whole.size,
        cuts=len(cuts),
        scrambles=len(scrambles),
        seed=seed,
        findings=tuple(findings),
    )


class _Trial:
    def __init__(self, strategy: Strategy, closed: ClosedBars, seed: int) -> None:
        self.strategy, self.closed = strategy, closed
        self.whole: Played = play(strategy, closed)
        self._rng = np.random.default_rng(seed)

    def cut_bars(self) -> list[int]:
        return sorted({*self._spread(_STRATA), *_evenly(self.whole.bars, _SIGNAL_CUTS)})

    def scramble_bars(self) -> list[int]:
        return sorted({*self._spread(_SCRAMBLES), *_evenly(self.whole.bars, _SCRAMBLES)} - {len(self.closed) - 1})

    def repeated(self) -> Iterator[LeakFinding]:
        last = len(self.closed) - 1
        if found := first_difference(self.whole, play(self.strategy, self.closed), last):
            yield self._finding("repeat", last, found, "not deterministic: unseeded randomness or kept state")

    def changed(self, test: str, bars: list[int]) -> Iterator[LeakFinding]:
        left = _FINDINGS_PER_TEST
        for bar in bars:
            other = self._cut(bar) if test == "cut" else self._scramble(bar, bar)
            if found := self._difference(bar, other):
                cause = "fails on other bars" if found.column == "error" else self._cause(bar)
                yield self._finding(test, bar, found, cause)
                left -= 1
            if not left:
                return

    def _difference(self, bar: int, other: ClosedBars) -> Difference | None:
        try:
            return first_difference(self.whole, play(self.strategy, other, bar), bar)
        except Exception as error:  # noqa: BLE001 - a plug-in may raise anything; that it does is the finding
            return Difference(bar, "error", "signals", f"{type(error).__name__}: {error}")

    def _spread(self, count: int) -> list[int]:
        edges = np.linspace(0, len(self.closed), count + 1).astype(np.int64)
        pairs = zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
        return [int(self._rng.integers(start, stop)) for start, stop in pairs if start < stop]

    def _cut(self, bar: int) -> ClosedBars:
        # Copied, because a slice still holds on to the rows that it hides.
        known = self.closed.until(bar)
        return ClosedBars(deepcopy(known.ltf), deepcopy(known.htf) if known.has_htf else None)

    def _scramble(self, ltf_after: int, htf_after: int | None) -> ClosedBars:
        # The higher timeframe is scrambled by close: a bar still open at the cut holds prices of the future.
        ltf = _scrambled(self.closed.ltf, ltf_after + 1, self._rng)
        if not self.closed.has_htf:
            return ClosedBars(ltf)
        htf = self.closed.htf
        if htf_after is None:
            return ClosedBars(ltf, htf)
        known = int(np.searchsorted(htf.ts_close, self.closed.ts_close[htf_after], side="right"))
        return ClosedBars(ltf, _scrambled(htf, known, self._rng))

    def _finding(self, test: str, known_bar: int, found: Difference, cause: str) -> LeakFinding:
        ts = iso(int(self.closed.ts_close[found.bar]))
        return LeakFinding(test, known_bar, found.bar, ts, found.column, found.before, found.after, cause)

    def _cause(self, bar: int) -> str:
        # Ask with one thing changed at a time: only the higher timeframe, then only bars ever farther away.
        last = len(self.closed) - 1
        if self.closed.has_htf and self._is_changed(bar, last, bar):
            return "higher timeframe joined before its close (on its open)"
        reaches = [0, *(2**power for power in range(15) if bar + 2**power < last)]
        farthest = max((reach for reach in reaches if self._is_changed(bar, bar + reach, None)), default=0)
        if farthest == 0:
            return "reads the next bar: a negative shift (shift(-1), x[i + 1])"
        if farthest >= _FAR or farthest == reaches[-1]:
            return "uses the whole sample: a maximum, mean or scale over all bars"
        return f"reads up to {2 * farthest} bars ahead: a centred window or a back-fill"

    def _is_changed(self, bar: int, ltf_after: int, htf_after: int | None) -> bool:
        others = [self._scramble(ltf_after, htf_after) for _ in range(_TRIES)]
        others += [self._cut(ltf_after)] if htf_after is None else []
        return any(self._difference(bar, other) is not None for other in others)


def _evenly(bars: IntColumn, most: int) -> list[int]:
    if bars.size <= most:
        return [int(bar) for bar in bars]
    places = np.linspace(0, bars.size - 1, most).astype(np.int64)
    return [int(bar) for bar in bars[places]]


def _scrambled(bars: Bars, start: int, rng: np.random.Generator) -> Bars:
    later = bars.close.size - start
    if later <= 0:
        return bars
    order = start + rng.permutation(later)
    factor = rng.uniform(0.8, 1.25, later)
    columns = [np.concatenate((column[:start], column[order] * factor)) for column in bars[2:]]
    return Bars(bars.ts_open, bars.ts_close, *columns)
