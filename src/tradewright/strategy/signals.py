"""A strategy's wishes as columns: one row for each signal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, Required, Self, Unpack, cast

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import OrderType, SignalKind
from tradewright.domain.errors import StrategyError
from tradewright.domain.signal import EntryKind, Signal
from tradewright.features.recall import recalled
from tradewright.market.bars import FloatColumn, IntColumn
from tradewright.strategy.plans import Levels, Plans, PlanTerms, first_target, plans_from_list, plans_from_terms

__all__ = ["KIND", "ORDER_TYPE", "Levels", "Mask", "RiskTerms", "Signals", "Terms", "joined_signals"]

Mask = NDArray[np.bool_]
ORDER_TYPE: Mapping[str, OrderType] = {
    "market": OrderType.MARKET,
    "limit": OrderType.LIMIT,
    "stop": OrderType.STOP_MARKET,
    "stop_limit": OrderType.STOP_LIMIT,
    "take_profit": OrderType.TAKE_PROFIT_MARKET,
    "take_profit_limit": OrderType.TAKE_PROFIT_LIMIT,
    "trailing_stop": OrderType.TRAILING_STOP,
}
_AT_CLOSE = ("market", "trailing_stop")
_PLAN_LEVELS = ("limit_price", "entry_activation", "activation")
KIND: Mapping[str, SignalKind] = {"long": SignalKind.LONG, "short": SignalKind.SHORT, "exit": SignalKind.EXIT}


class HasClose(Protocol):
    """Bars of any kind."""

    @property
    def close(self) -> FloatColumn:
        """Last prices."""
        ...


class EntryTerms(PlanTerms, total=False):
    """How to enter, and what to remember of it.

    Attributes:
        entry: the order's price or trigger; for `market` and `trailing_stop` it is always the bar's close.
        kind: `market` at the next open (default), or another of `Signal`'s kinds.
        confidence: 0 to 1, one for all or one per bar.
        valid_bars: how many bars the order waits; 0 until it is replaced.
        metadata: name to column (one value per bar): the facts behind the wish.
    """

    entry: Levels
    kind: EntryKind
    confidence: float | FloatColumn
    valid_bars: int
    metadata: Mapping[str, NDArray[Any]]


class Terms(EntryTerms, total=False):
    """Entry terms with levels.

    Attributes:
        stop_loss: where the idea is wrong.
        take_profit: where it has paid.
    """

    stop_loss: Levels
    take_profit: Levels


class RiskTerms(EntryTerms, total=False):
    """Entry terms with a distance.

    Attributes:
        risk: distance from entry to stop, quote per base, above 0.
        reward: distance from entry to target, multiples of `risk`; 3 by default.
        rewards: several targets instead: (multiple of `risk`, fraction of the position), nearest first.
    """

    risk: Required[float | FloatColumn]
    reward: float
    rewards: Sequence[tuple[float, float]]


class Signals(NamedTuple):
    """Signals of one instrument, at most one per bar, bars ascending.

    Every column has one value per signal. Prices are quote per base, and 0 where there is none.

    Attributes:
        bar: row of the bar at whose close the signal is given.
        kind: SignalKind: LONG, SHORT or EXIT.
        order_type: OrderType of the entry.
        has_stop: whether `stop_loss` is set.
        has_target: whether `take_profit` is set.
        entry: the price counted on: the bar's close for MARKET.
        stop_loss: where the idea is wrong.
        take_profit: where it has paid.
        valid_bars: how many bars the entry waits; 0 until it is replaced.
        confidence: 0 to 1.
        metadata: name to column.
        plans: what they ask beyond that, or None.
    """

    bar: IntColumn
    kind: IntColumn
    order_type: IntColumn
    has_stop: Mask
    has_target: Mask
    entry: FloatColumn
    stop_loss: FloatColumn
    take_profit: FloatColumn
    valid_bars: IntColumn
    confidence: FloatColumn
    metadata: Mapping[str, NDArray[Any]]
    plans: Plans | None = None

    @property
    def size(self) -> int:
        """How many signals there are."""
        return int(self.bar.size)

    @classmethod
    def none(cls) -> Self:
        """No signals at all."""
        return cls.from_list(())

    @classmethod
    def from_masks(
        cls,
        bars: HasClose,
        *,
        long: Mask | None = None,
        short: Mask | None = None,
        exit: Mask | None = None,  # noqa: A002 - the market's word for it
        **terms: Unpack[Terms],
    ) -> Self:
        """Turn one mask per wish into signals.

        A row whose levels are no finite numbers (NaN in the warm-up) is left out. One with a level at or below 0, as a
        short's target may come out, is refused by the gate, and the refusal is kept. Where `exit` meets an entry, the
        entry stands: it replaces the position anyway.

        Args:
            bars: the bars that the masks speak of.
            long: where to buy.
            short: where to sell short.
            exit: where to leave the open position.
            **terms: see `Terms`.

        Raises:
            StrategyError: a mask or column has a wrong shape or type, or a bar is both long and short.
        """
        kinds = _kinds(bars.close.size, long, short, exit)
        rows = np.flatnonzero(kinds != 0)
        if not rows.size and recalled() is not None:
            return cls.none()  # one close among many, as most are
        kind = kinds[rows].astype(np.int64)
        entering = kind != SignalKind.EXIT
        targets = terms.get("targets", ())
        if targets and "take_profit" in terms:
            raise StrategyError("take_profit: give either take_profit or targets")
        name, target = ("targets", targets[0][0]) if targets else ("take_profit", terms.get("take_profit"))
        levels = {
            "entry": _picked("entry", _entry(bars, terms), kinds, rows),
            "stop_loss": _picked("stop_loss", terms.get("stop_loss"), kinds, rows),
            "take_profit": _picked(name, target, kinds, rows),
        }
        more = [_picked(name, cast("Levels", terms.get(name)), kinds, rows) for name in _PLAN_LEVELS]
        more += [_picked("targets", level, kinds, rows) for level, _ in targets[1:]]
        usable = ~entering | np.logical_and.reduce([_is_known(level, rows.size) for level in (*levels.values(), *more)])
        facts = terms.get("metadata", {})
        name_of_kind, valid = terms.get("kind", "market"), terms.get("valid_bars", 0)
        found = cls(
            bar=rows,
            kind=kind,
            order_type=np.where(entering, _order_type(name_of_kind), OrderType.MARKET).astype(np.int64),
            has_stop=entering & (levels["stop_loss"] is not None),
            has_target=entering & (levels["take_profit"] is not None),
            **{name: _or_zero(level, entering) for name, level in levels.items()},
            valid_bars=np.full(rows.size, valid, dtype=np.int64),
            confidence=_spread("confidence", terms.get("confidence", 1.0), kinds.size)[rows],
            metadata={name: _column_of(name, column, kinds.size)[rows] for name, column in facts.items()},
            plans=plans_from_terms(
                terms, name_of_kind, valid, entering, lambda name, level: _chosen(name, level, kinds, rows)
            ),
        ).take(usable)
        further = [level[usable] for level in (levels["entry"], *more) if level is not None]
        return found._replace(**_no_price(found, np.minimum.reduce(further)))

    @classmethod
    def with_risk(
        cls,
        bars: HasClose,
        *,
        long: Mask | None = None,
        short: Mask | None = None,
        exit: Mask | None = None,  # noqa: A002 - the market's word for it
        **terms: Unpack[RiskTerms],
    ) -> Self:
        """As `from_masks`, with the stop `risk` away from the entry and the target `reward` times as far.

        Example:
            >>> import numpy as np
            >>> from tradewright.domain.timeframe import Timeframe
            >>> from tradewright.market.bars import make_bars
            >>> price = np.array([100.0, 101.0, 102.0])
            >>> bars = make_bars(np.arange(3) * 60, (price,) * 4, price, Timeframe(60))
            >>> wish = Signals.with_risk(bars, long=price > 101.5, risk=2.0)
            >>> wish.bar.tolist(), wish.stop_loss.tolist(), wish.take_profit.tolist()
            ([2], [100.0], [108.0])
        """
        risk, reward = terms["risk"], terms.get("reward", 3.0)
        entry = _entry(bars, terms)
        buy, sell = entry if isinstance(entry, tuple) else (entry, entry)

        def target(multiple: float) -> tuple[FloatColumn, FloatColumn]:
            return np.asarray(buy + multiple * risk), np.asarray(sell - multiple * risk)

        levels: dict[str, Any] = {"stop_loss": (np.asarray(buy - risk), np.asarray(sell + risk))}
        if rewards := terms.get("rewards", ()):
            levels["targets"] = [(target(multiple), share) for multiple, share in rewards]
        else:
            levels["take_profit"] = target(reward)
        rest = {name: value for name, value in terms.items() if name not in ("risk", "reward", "rewards")}
        return cls.from_masks(bars, long=long, short=short, exit=exit, **cast("Terms", {**rest, **levels}))

    @classmethod
    def from_list(cls, items: Iterable[tuple[int, Signal]]) -> Self:
        """Turn (row, signal) pairs, rows ascending, into columns."""
        pairs = list(items)
        wishes = [signal for _, signal in pairs]
        names = sorted({name for signal in wishes for name in signal.metadata})
        stops = [w.stop_loss for w in wishes]
        targets = [first_target(w.targets) if w.targets else w.take_profit for w in wishes]
        return cls(
            bar=np.array([bar for bar, _ in pairs], dtype=np.int64),
            kind=np.array([KIND[w.side] for w in wishes], dtype=np.int64),
            order_type=np.array([ORDER_TYPE[w.kind] for w in wishes], dtype=np.int64),
            has_stop=np.array([stop is not None for stop in stops], dtype=np.bool_),
            has_target=np.array([target is not None for target in targets], dtype=np.bool_),
            entry=np.array([0.0 if w.side == "exit" else w.entry for w in wishes], dtype=np.float64),
            stop_loss=np.array([stop or 0.0 for stop in stops], dtype=np.float64),
            take_profit=np.array([target or 0.0 for target in targets], dtype=np.float64),
            valid_bars=np.array([w.valid_bars for w in wishes], dtype=np.int64),
            confidence=np.array([w.confidence for w in wishes], dtype=np.float64),
            metadata={name: _facts([w.metadata.get(name) for w in wishes]) for name in names},
            plans=plans_from_list(wishes),
        )

    def take(self, which: Mask) -> Self:
        """The signals where `which` (one flag per signal) is True."""
        columns = self._asdict()
        facts, plans = columns.pop("metadata"), columns.pop("plans")
        return type(self)(
            **{name: np.ascontiguousarray(column[which]) for name, column in columns.items()},
            metadata={name: column[which] for name, column in facts.items()},
            plans=None if plans is None else plans.take(which),
        )


def joined_signals(parts: Sequence[Signals]) -> Signals:
    """Signals of one instrument, one part after the other, without what they ask beyond the plain.

    Where a part lacks a fact that another gives, it is NaN, or an empty text.
    """
    parts = [part for part in parts if part.size]
    if not parts:
        return Signals.none()
    names = sorted({name for part in parts for name in part.metadata})
    facts = {name: np.concatenate([_fact(part, name, parts) for part in parts]) for name in names}
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in Signals._fields
        if name not in ("metadata", "plans")
    }
    return Signals(**columns, metadata=facts)


def _fact(part: Signals, name: str, parts: Sequence[Signals]) -> NDArray[Any]:
    if name in part.metadata:
        return part.metadata[name]
    is_text = any(name in other.metadata and other.metadata[name].dtype.kind == "U" for other in parts)
    return np.full(part.size, "" if is_text else np.nan)


def _kinds(n: int, long: Mask | None, short: Mask | None, leave: Mask | None) -> NDArray[np.int8]:
    # Small numbers: this column is as long as the bars.
    kinds = np.zeros(n, dtype=np.int8)
    masks = {"exit": leave, "long": long, "short": short}
    for name, mask in masks.items():
        if mask is None:
            continue
        flags = _column_of(name, mask, n)
        if flags.dtype != np.bool_:
            raise StrategyError(f"{name}: a mask has the type bool, this one is {flags.dtype}")
        np.copyto(kinds, np.int8(KIND[name]), where=flags)
    if long is not None and short is not None and (both := np.flatnonzero(np.asarray(long) & np.asarray(short))).size:
        raise StrategyError(f"long and short: bar {both[0]} is both (and {both.size - 1} more)")
    return kinds


def _column_of(name: str, values: NDArray[Any], n: int) -> NDArray[Any]:
    column = np.asarray(values)
    if column.shape != (n,):
        raise StrategyError(f"{name}: expected one value for each of {n} bars, got the shape {column.shape}")
    return column


def _picked(name: str, levels: Levels | None, kinds: NDArray[np.int8], rows: IntColumn) -> FloatColumn | None:
    return None if levels is None else _chosen(name, levels, kinds, rows)


def _chosen(name: str, levels: Levels, kinds: NDArray[np.int8], rows: IntColumn) -> FloatColumn:
    pair = levels if isinstance(levels, tuple) else (levels, levels)
    long, short = (_spread(name, side, kinds.size)[rows] for side in pair)
    return np.where(kinds[rows] == SignalKind.SHORT, short, long)


def _spread(name: str, level: float | FloatColumn, n: int) -> FloatColumn:
    values = np.asarray(level, dtype=np.float64)
    return np.broadcast_to(values, n) if values.ndim == 0 else _column_of(name, values, n)


def _entry(bars: HasClose, terms: EntryTerms) -> Levels:
    if (kind := terms.get("kind", "market")) in _AT_CLOSE:
        return bars.close
    if "entry" not in terms:
        raise StrategyError(f"entry: a {kind} signal needs its own price")
    return terms["entry"]


def _is_known(level: FloatColumn | None, size: int) -> Mask:
    return np.ones(size, dtype=np.bool_) if level is None else np.isfinite(level)


def _no_price(signals: Signals, low: FloatColumn) -> dict[str, Any]:
    # Where the lowest of the levels that the gate does not look at is no price, it stands as the target: for that the
    # gate refuses the signal.
    bad = (signals.kind != SignalKind.EXIT) & (low <= 0.0)
    if not bad.any():
        return {}
    target = np.where(bad, np.minimum(low, signals.take_profit), signals.take_profit)
    return {"has_target": signals.has_target | bad, "take_profit": target}


def _or_zero(level: FloatColumn | None, entering: Mask) -> FloatColumn:
    return np.where(entering, 0.0 if level is None else level, 0.0)


def _order_type(kind: str) -> OrderType:
    if kind not in ORDER_TYPE:
        raise StrategyError(f"kind: {kind!r} is not allowed; give one of {', '.join(ORDER_TYPE)}")
    return ORDER_TYPE[kind]


def _facts(values: Sequence[Any]) -> NDArray[Any]:
    if any(isinstance(value, str) for value in values):
        return np.array(["" if value is None else str(value) for value in values])
    return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
