"""A row of the table of scenarios as a run on paper: a session is told its bars one by one, a strategy its wishes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tradewright.domain.enums import OrderType
from tradewright.domain.instrument import Instrument, MarginTier
from tradewright.domain.run import CostSpec, FillSpec, RiskSpec, RunSpec
from tradewright.domain.signal import Signal
from tradewright.engine.feed import Feed
from tradewright.engine.session import Session
from tradewright.kernels.records import World
from tradewright.market.bars import empty_bars
from tradewright.market.steps import Bar, Step
from tradewright.strategy.signals import ORDER_TYPE
from tradewright.testing.scripted import Scripted
from tradewright.testing.worlds import MINUTE, PLAIN_TIERS

__all__ = ["is_playable", "play_in_session"]

_FLAT = [100, 100, 100, 100]
_PLENTY = 1_000_000
_LOTS_PER_UNIT = 100
_KINDS = {number: name for name, number in ORDER_TYPE.items()}
_TWO_PRICES = ("stop_limit", "take_profit_limit")
_TAKE_PROFIT = {"LIMIT": "limit", "TAKE_PROFIT_MARKET": "market"}


def is_playable(scenario: dict[str, Any]) -> bool:
    """Whether a session can play it: none drills, and no strategy has a word at a step without a bar of its own."""
    rows = _rows(scenario)
    return not _run(scenario).fills.drills and all(rows[wish["step"]] for wish in scenario["signals"])


def play_in_session(scenario: dict[str, Any]) -> World:
    """What a session leaves that was told the scenario's bars step by step, marks beside them where it has some."""
    instrument, spec = _instrument(scenario), _run(scenario)
    mark = empty_bars() if "marks" in scenario else None
    session = Session(spec, Scripted.begin(dict(_wishes(scenario))), [Feed(instrument, empty_bars(), mark=mark)])
    for step in _steps(scenario, instrument.symbol):
        session.close(step)
    return session.world


def _rows(scenario: dict[str, Any]) -> list[list[int] | None]:
    return [_FLAT, *scenario["bars"]]


def _instrument(scenario: dict[str, Any]) -> Instrument:
    symbol = "BTC/USDT:USDT" if scenario.get("spec", {}).get("is_perpetual", True) else "BTC/USDT"
    tiers = tuple(MarginTier(*row) for row in PLAIN_TIERS)
    return Instrument(
        symbol, "test", tick_size="1", lot_size="0.01", min_quantity=0.01, min_notional=0.0, maker_fee=0.0,
        taker_fee=0.0, liquidation_fee=0.0, funding_hours=0, tiers=tiers,
    )  # fmt: skip


def _run(scenario: dict[str, Any]) -> RunSpec:
    """The table speaks of the kernels' numbers; a run is described in the words of its settings.

    Raises:
        KeyError: the table says something that has no word here.
    """
    terms, rules = dict(scenario.get("spec", {})), dict(scenario.get("rules", {}))
    symbol, cost, protect = _instrument(scenario).symbol, terms.pop("cost_rate", 0.0), terms.pop("trigger_protect", 0.0)
    leverage = terms.pop("leverage", 10.0)
    if rules.pop("price_protect", False) != (protect > 0.0):
        raise KeyError("price_protect and trigger_protect go together")
    named: dict[str, Any] = {
        name: str(rules.pop(name)).lower() for name in ("on_opposite", "trigger_by") if name in rules
    }
    named["take_profit"] = _TAKE_PROFIT[rules.pop("target_type", "TAKE_PROFIT_MARKET")]
    fills: dict[str, Any] = {
        name: str(rules.pop(name)).lower() for name in ("ambiguity", "limit_fill") if name in rules
    }
    fills |= {"participation": rules.pop("participation", 0.0), "fill_chance": rules.pop("fill_chance", 0.5)}
    seed = rules.pop("seed", 1)
    if left := sorted({*rules, *terms} - {"is_perpetual"}):
        raise KeyError(f"{left}: a session of the table has no word for it yet")
    risk = RiskSpec(
        sizing="fixed_quantity", size=1.0, min_reward_risk=0.0, require_stop=False, require_target=False,
        leverage=leverage, max_exposure=200.0, price_protect=protect, **named,
    )  # fmt: skip
    return RunSpec(
        "scripted", "1", (), "test", (symbol,), "1m", balance=scenario.get("balance", 10_000.0), seed=seed,
        costs=CostSpec(slippage_bps=cost * 10_000.0, spread_bps=0.0), risk=risk, fills=FillSpec(**fills),
    )  # fmt: skip


def _wishes(scenario: dict[str, Any]) -> Iterator[tuple[int, Signal]]:
    """By number of the bar at whose close they are given: of bars alone, steps without one are not counted."""
    rows = _rows(scenario)
    for wish in scenario["signals"]:
        bars = [row for row in rows[: wish["step"] + 1] if row]
        yield len(bars) - 1, _signal(wish, bars[-1][3])


def _signal(wish: dict[str, Any], close: int) -> Signal:
    if wish["kind"] == "EXIT":
        return Signal("exit")
    kind: Any = _KINDS[OrderType[wish.get("type", "MARKET")]]
    entry, more = wish.get("entry"), dict[str, Any]()
    counted: Any = entry if kind not in ("market", "trailing_stop") else close
    if kind in _TWO_PRICES:
        counted, more["limit_price"] = wish["trigger"], entry
    if kind == "trailing_stop":
        more |= {"entry_callback": wish["entry_callback"] / 1_000, "entry_activation": entry or None}
    if "callback" in wish:
        more |= {"trailing": wish["callback"] / 1_000, "activation": wish.get("activation")}
    return Signal(
        wish["kind"].lower(), float(counted), stop_loss=wish.get("stop"), take_profit=wish.get("target"), kind=kind,
        valid_bars=wish.get("valid", 0), time_in_force=wish.get("force", "GTC").lower(),
        targets=tuple((float(price), share) for price, share in wish.get("parts", ())),
        break_even=wish.get("even", False), trigger_by=wish["by"].lower() if "by" in wish else None, **more,
    )  # fmt: skip


def _steps(scenario: dict[str, Any], symbol: str) -> Iterator[Step]:
    rows = _rows(scenario)
    volumes = [_PLENTY, *scenario.get("volumes", [_PLENTY] * (len(rows) - 1))]
    marks = [_FLAT, *scenario["marks"]] if "marks" in scenario else [None] * len(rows)
    for number, (row, lots, mark) in enumerate(zip(rows, volumes, marks, strict=True)):
        bars = {symbol: _bar(row)._replace(volume=lots / _LOTS_PER_UNIT)} if row else {}
        marked = {symbol: _bar(mark)} if mark else {}
        yield Step(number * MINUTE, (number + 1) * MINUTE, bars, marked)


def _bar(row: list[int]) -> Bar:
    first, high, low, last = map(float, row)
    return Bar(first, high, low, last)
