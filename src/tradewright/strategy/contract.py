"""The contract of a strategy, as checks that anyone can run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from tradewright.domain.enums import OrderType, SignalKind
from tradewright.market.bars import slice_bars
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.difference import first_difference, unlike
from tradewright.strategy.last_word import LastWord
from tradewright.strategy.playback import Played, fresh, play, play_on_bar
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy

__all__ = ["Verdict", "check_contract"]

_ENTRY_TYPES = tuple(OrderType)
_AT_CLOSE = (OrderType.MARKET, OrderType.TRAILING_STOP)
_SHORT_LENGTHS = (0, 1, 2, 10)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule of the contract, held against one strategy.

    Args:
        rule: what is asked.
        passed: whether it holds.
        detail: what was seen.
    """

    rule: str
    passed: bool
    detail: str


def check_contract(strategy: Strategy, closed: ClosedBars) -> tuple[Verdict, ...]:
    """Hold a strategy to its contract on these bars.

    Where the strategy fails to give signals at all, the checks that need them are left out.

    Args:
        strategy: left as it is.
        closed: a few thousand bars, with a higher timeframe if the strategy needs one.
    """
    copied = _copied(closed)
    try:
        played = play(strategy, copied)
    except Exception as error:  # noqa: BLE001 - a plug-in may raise anything; that it does is the verdict
        return (_parameters(strategy), Verdict("gives signals", False, f"{type(error).__name__}: {error}"))
    verdicts = [_parameters(strategy), _gives(played), _leaves_alone(closed, copied)]
    if verdicts[1].passed:
        verdicts += [Verdict(rule, *judge(played.signals, strategy, closed)) for rule, judge in _RULES.items()]
        verdicts += [_warm(played, strategy), _same_again(played, strategy, closed)]
        verdicts += [*_paths(strategy, closed, played), *_going_on(strategy, closed, played)]
    return (*verdicts, _short(strategy, closed))


def _copied(closed: ClosedBars) -> ClosedBars:
    return ClosedBars(deepcopy(closed.ltf), deepcopy(closed.htf) if closed.has_htf else None)


def _parameters(strategy: Strategy) -> Verdict:
    again = type(strategy)(**{name: str(value) for name, value in strategy.params})
    lost = [name for (name, value), (_, back) in zip(strategy.params, again.params, strict=True) if value != back]
    detail = f"not so: {', '.join(lost)}" if lost else f"{len(again.params)} parameters"
    return Verdict("parameters survive being written as text", not lost, detail)


def _gives(played: Played) -> Verdict:
    rule = "gives signals"
    signals: object = played.signals  # whatever a plug-in gave
    if not isinstance(signals, Signals):
        return Verdict(rule, False, f"got {type(signals).__name__}, not Signals")
    columns = [*signals[:-2], *signals.metadata.values(), *(signals.plans or ())]
    if wrong := [column.shape for column in columns if column.shape != (signals.size,)]:
        return Verdict(rule, False, f"columns differ in length: {signals.size} signals, a column of shape {wrong[0]}")
    orders = f", {len(played.asks)} orders" if played.asks else ""
    return Verdict(rule, True, f"{signals.size} signals{orders}")


def _leaves_alone(closed: ClosedBars, shown: ClosedBars) -> Verdict:
    pairs = [*zip(closed.ltf, shown.ltf, strict=True)]
    pairs += [*zip(closed.htf, shown.htf, strict=True)] if closed.has_htf else []
    same = all(np.array_equal(a, b, equal_nan=True) for a, b in pairs)
    return Verdict("leaves its bars as they are", same, "unchanged" if same else "a column was written to")


Judgement = tuple[bool, str]


def _ascending(signals: Signals, _: Strategy, closed: ClosedBars) -> Judgement:
    bar = signals.bar
    if bar.size and (bar.min() < 0 or bar.max() >= len(closed)):
        return False, f"bars {bar.min()} to {bar.max()}, of {len(closed)}"
    unsorted = np.flatnonzero(np.diff(bar) <= 0)
    return (
        (False, f"bar {bar[unsorted[0] + 1]} comes after {bar[unsorted[0]]}") if unsorted.size else (True, "ascending")
    )


def _priced(signals: Signals, _: Strategy, closed: ClosedBars) -> Judgement:
    entering = signals.kind != SignalKind.EXIT
    # Far enough below the close a long's stop and a short's target come out at or below 0: the gate refuses those.
    below = {"stop_loss": signals.kind == SignalKind.LONG, "take_profit": signals.kind == SignalKind.SHORT}
    columns = {
        "entry": (signals.entry, entering),
        "stop_loss": (signals.stop_loss, signals.has_stop),
        "take_profit": (signals.take_profit, signals.has_target),
    }
    for name, (column, needed) in columns.items():
        wrong = np.flatnonzero(needed & ~(np.isfinite(column) & ((column > 0.0) | below.get(name, False))))
        if wrong.size:
            return False, f"bar {signals.bar[wrong[0]]}: {name} is {column[wrong[0]]}"
    market = entering & np.isin(signals.order_type, _AT_CLOSE)
    off = np.flatnonzero(market & (signals.entry != closed.close[signals.bar % max(len(closed), 1)]))
    return (False, f"bar {signals.bar[off[0]]}: a market entry is not the close") if off.size else (True, "all above 0")


def _sided(signals: Signals, _: Strategy, __: ClosedBars) -> Judgement:
    side = signals.kind * (signals.kind != SignalKind.EXIT)
    for name, column, needed, sign in (
        ("stop_loss", signals.stop_loss, signals.has_stop, -1),
        ("take_profit", signals.take_profit, signals.has_target, 1),
    ):
        wrong = np.flatnonzero(needed & (side != 0) & ((column - signals.entry) * side * sign <= 0.0))
        if wrong.size:
            row = wrong[0]
            return False, f"bar {signals.bar[row]}: {name} {column[row]} with entry {signals.entry[row]}"
    return True, "stops lose, targets win"


def _coded(signals: Signals, _: Strategy, __: ClosedBars) -> Judgement:
    kinds = (SignalKind.LONG, SignalKind.SHORT, SignalKind.EXIT)
    for name, column, known in (("kind", signals.kind, kinds), ("order_type", signals.order_type, _ENTRY_TYPES)):
        if not np.isin(column, known).all():
            return False, f"{name} has values other than {', '.join(str(int(code)) for code in known)}"
    if not ((signals.confidence >= 0.0) & (signals.confidence <= 1.0)).all():
        return False, "confidence is outside 0 to 1"
    return (True, "known codes") if (signals.valid_bars >= 0).all() else (False, "valid_bars is below 0")


def _warm(played: Played, strategy: Strategy) -> Verdict:
    rule, early = "no signal in the warm-up", played.bars[played.bars < strategy.warmup]
    if early.size:
        return Verdict(rule, False, f"bar {early[0]}, warm-up {strategy.warmup}")
    return Verdict(rule, True, f"{strategy.warmup} bars")


def _same_again(played: Played, strategy: Strategy, closed: ClosedBars) -> Verdict:
    found = first_difference(played, play(strategy, closed), len(closed))
    detail = f"bar {found.bar}: {found.column} {found.before}, then {found.after}" if found else "equal"
    return Verdict("the same again", found is None, detail)


_RULES: dict[str, Callable[[Signals, Strategy, ClosedBars], Judgement]] = {
    "bars ascend inside the data": _ascending,
    "prices are finite and above 0": _priced,
    "stop and target on their sides": _sided,
    "codes, confidence and validity": _coded,
}


def _paths(strategy: Strategy, closed: ClosedBars, played: Played) -> Iterator[Verdict]:
    if not (strategy.has_signals and strategy.has_on_bar):
        return
    rule = "on_bar agrees with signals"
    try:
        found = first_difference(played, play_on_bar(strategy, closed), len(closed))
    except Exception as error:  # noqa: BLE001 - a plug-in may raise anything; that it does is the verdict
        yield Verdict(rule, False, f"on_bar: {type(error).__name__}: {error}")
        return
    detail = (
        f"bar {found.bar}: {found.column} is {found.before} in signals, {found.after} in on_bar" if found else "equal"
    )
    yield Verdict(rule, found is None, detail)


def _going_on(strategy: Strategy, closed: ClosedBars, played: Played) -> Iterator[Verdict]:
    if not strategy.has_signals or strategy.look_back is None:
        return
    rule, word = "shown the last bars alone, says the same", LastWord(fresh(strategy))
    whole = played.signals
    for row in range(len(closed) // 2, len(closed)):
        said, count = word.ask(closed.until(row))
        if not word.goes_on:
            yield Verdict(rule, False, f"bar {row}: it calls what needs whole columns; leave look_back out")
            return
        last, expected = said.take(said.bar == count - 1), whole.take(whole.bar == row)
        if wrong := unlike(expected, last):
            yield Verdict(rule, False, f"bar {row}: {wrong}; look_back {strategy.look_back} is too little")
            return
    yield Verdict(rule, True, f"{strategy.look_back} bars")


def _short(strategy: Strategy, closed: ClosedBars) -> Verdict:
    rule = "survives short data"
    for length in _SHORT_LENGTHS:
        bars = ClosedBars(slice_bars(closed.ltf, 0, length), closed.htf if closed.has_htf else None)
        try:
            play(strategy, bars)
        except Exception as error:  # noqa: BLE001 - a plug-in may raise anything; that it does is the verdict
            return Verdict(rule, False, f"{length} bars: {type(error).__name__}: {error}")
    return Verdict(rule, True, f"{', '.join(str(length) for length in _SHORT_LENGTHS)} bars")
