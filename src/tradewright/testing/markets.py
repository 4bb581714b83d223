"""Markets, rules and balances made by Hypothesis, to try the engine on. Needs `hypothesis`.

Prices stay small, so that bars, levels and liquidations meet often; that is where rules disagree.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from tradewright.domain.enums import (
    Ambiguity,
    CommandKind,
    LimitFill,
    OnOpposite,
    OrderType,
    SelfTrade,
    SignalKind,
    Sizing,
    Slippage,
    TimeInForce,
)
from tradewright.kernels.loop import run_steps
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.testing.account_limits import NO_LIMITS, account_limits
from tradewright.testing.finer import finer_bars
from tradewright.testing.instrument_terms import specs
from tradewright.testing.worlds import (
    NO_FINER,
    FinerBars,
    a_command,
    a_funding,
    a_market,
    a_signal,
    a_world,
    commanded,
    marked,
    run,
)

__all__ = [
    "UNCOMPILED",
    "Case",
    "bars",
    "cases",
    "commands",
    "examples",
    "marks",
    "plainly",
    "played",
    "rules",
    "signals",
    "specs",
    "untrailed",
    "with_specs",
]

UNCOMPILED = not hasattr(run_steps, "signatures")
"""Whether the kernels run as plain Python in this process: slow, but their lines can be counted."""

_TIERS = (
    ((0.0, 0.005, 100.0),),
    ((0.0, 0.004, 125.0), (5_000.0, 0.01, 50.0), (20_000.0, 0.05, 10.0), (100_000.0, 0.125, 4.0)),
    ((0.0, 0.01, 50.0), (1_000.0, 0.025, 20.0)),
)
_COSTS = (
    *("maker_rate", "taker_rate", "has_fee_tiers", "liquidation_rate"),
    *("cost_rate", "slippage", "slippage_size", "min_notional", "has_spread", "spread_rate", "by_book"),
)
_LIMITS = (
    *("min_ticks", "max_ticks", "max_lots", "market_min_lots", "market_max_lots", "market_step_lots"),
    *("price_up", "price_down", "max_orders", "max_conditionals", "trigger_protect", "take_bound"),
)
_FEES = (((0.0, 0.0002, 0.0005),), ((0.0, 0.001, 0.002), (500.0, 0.0, 0.001), (9_000.0, -0.0001, 0.0003)))
_CONDITIONAL = (OrderType.STOP_MARKET, OrderType.TAKE_PROFIT_MARKET)
_PLACED = (OrderType.LIMIT, OrderType.LIMIT, *_CONDITIONAL, *OrderType)
_AWAY = dict.fromkeys((OrderType.STOP_MARKET, OrderType.STOP_LIMIT), 1)
_AWAY |= dict.fromkeys((OrderType.LIMIT, OrderType.TAKE_PROFIT_MARKET, OrderType.TAKE_PROFIT_LIMIT), -1)
_AWAY |= dict.fromkeys((OrderType.MARKET, OrderType.TRAILING_STOP), 0)
_CALLBACKS = (1, 10, 20, 50, 100)
_TYPES = (OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_MARKET, OrderType.STOP_MARKET, *_AWAY)
_FORCES = (*[TimeInForce.GTC] * 4, TimeInForce.IOC, TimeInForce.FOK, TimeInForce.GTX)


class Case(NamedTuple):
    """Everything a run needs."""

    market: Market
    rules: Rules
    balance: float
    finer: FinerBars = NO_FINER


@st.composite
def bars(draw: st.DrawFn, steps: int) -> list[tuple[int, int, int, int] | None]:
    """Bars with flat and wide ones, gaps, crashes and holes."""
    price = draw(st.integers(200, 2_000))
    rows: list[tuple[int, int, int, int] | None] = []
    for _ in range(steps):
        shape = draw(st.sampled_from(("calm", "calm", "wide", "gap", "flat", "crash", "missing")))
        if shape == "missing" and rows:
            rows.append(None)
            continue
        reach = {"wide": price // 5, "crash": price // 2, "flat": 0}.get(shape, price // 50)
        start = price + (draw(st.integers(-price // 8, price // 8)) if shape == "gap" else 0)
        start = max(start, 1)
        low = max(start - draw(st.integers(0, reach)), 1)
        high = start + draw(st.integers(0, reach))
        price = draw(st.integers(low, high))
        rows.append((start, high, low, price))
    return rows


@st.composite
def marks(draw: st.DrawFn, rows: list[Any]) -> list[tuple[int, int, int, int] | None]:
    """Marks near the trades: each price off by a little, by much now and then; where there is no bar there is none."""
    own: list[tuple[int, int, int, int] | None] = []
    for row in rows:
        if row is None:
            own.append(None)
            continue
        reach = max(row[0] // draw(st.sampled_from((200, 50, 8))), 1)
        start, high, low, close = (max(price + draw(st.integers(-reach, reach)), 1) for price in row)
        own.append((start, max(start, high, low, close), min(start, high, low, close), close))
    return own


@st.composite
def brackets(draw: st.DrawFn, entry: int, side: int) -> dict[str, Any]:
    """A trailing stop, further targets, a stop that moves to the entry: any of them, some of them senseless."""
    plan: dict[str, Any] = {}
    if draw(st.booleans()):
        plan["callback"] = draw(st.sampled_from(_CALLBACKS))
        plan["activation_ticks"] = draw(st.sampled_from((0, entry, entry + side * (entry // 25))))
    if draw(st.booleans()):
        shares = draw(st.sampled_from(((0.3, 0.4, 0.3), (0.5, 0.5), (0.5, 0.25), (0.1, 0.2, 0.3, 0.4), (0.9,))))
        plan |= {f"share{n}": share for n, share in enumerate(shares, start=1)}
        plan |= {f"target{n}_ticks": entry + side * n * max(entry // 20, 1) for n in range(2, len(shares) + 1)}
        plan["more_targets"] = len(shares) - 1
    plan["break_even"] = draw(st.booleans())
    return plan


@st.composite
def signals(
    draw: st.DrawFn, rows: list[Any], instrument: int, *, wild: bool, plans: bool = True
) -> list[dict[str, Any]]:
    """Entries of every type, with and without exits, and wishes to leave; some of them senseless; wild ones bare."""
    wishes = []
    last = 500
    for step, row in enumerate(rows):
        last = row[3] if row is not None else last
        if draw(st.integers(0, 2)):
            continue
        kind = draw(st.sampled_from((*[SignalKind.LONG, SignalKind.SHORT] * 3, SignalKind.EXIT)))
        order_type = draw(st.sampled_from(_TYPES))
        side = 1 if kind == SignalKind.LONG else -1
        entry = last + _AWAY[order_type] * side * draw(st.integers(0, max(last // 12, 1)))
        fields: dict[str, Any] = {"instrument": instrument, "order_type": order_type.value}
        if order_type in {OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT}:
            fields["trigger_ticks"] = entry
            entry = max(entry + draw(st.integers(-last // 30, last // 30)), 1)
        fields["entry_ticks"] = entry
        if order_type == OrderType.TRAILING_STOP:
            fields["entry_callback"] = draw(st.sampled_from(_CALLBACKS))
            fields["entry_ticks"] = draw(st.sampled_from((0, entry, max(last - side * (last // 20), 1))))
        fields["time_in_force"] = draw(st.sampled_from(_FORCES)).value
        fields["trigger_by"] = draw(st.sampled_from((0, 0, 1, 2, 2)))
        if draw(st.integers(0, 3)) > 2 * wild:
            fields["stop_ticks"] = entry - side * draw(st.integers(-1, max(last // 8, 2)))
        if draw(st.integers(0, 3)):
            fields["target_ticks"] = entry + side * draw(st.integers(-1, max(last // 5, 2)))
        if plans and draw(st.integers(0, 2)) == 0:
            fields |= draw(brackets(entry, side))
        fields["valid_steps"] = draw(st.sampled_from((0, 0, 1, 3)))
        wishes.append(a_signal(step, kind, **fields))
    return wishes


@st.composite
def commands(draw: st.DrawFn, rows: list[Any], instrument: int) -> list[dict[str, Any]]:
    """Ladders of orders of every type, changed and cancelled, some of them senseless; tags and ids meet often."""
    wishes = []
    last = 500
    for step, row in enumerate(rows):
        last = row[3] if row is not None else last
        for _ in range(draw(st.sampled_from((0, 0, 1, 2, 4)))):
            kind = draw(st.sampled_from((*[CommandKind.PLACE] * 4, *[CommandKind.MODIFY] * 2, *CommandKind)))
            near = last + draw(st.integers(-max(last // 10, 1), max(last // 10, 1)))
            fields: dict[str, Any] = {"instrument": instrument, "tag": draw(st.integers(0, 5))}
            if kind == CommandKind.PLACE:
                fields |= draw(placements(near))
            elif kind == CommandKind.MODIFY:
                fields |= {"lots": draw(st.sampled_from((0, 1, 7, 60)))}
                fields |= {"level_ticks": draw(st.sampled_from((0, near)))}
                fields |= {"trigger_ticks": draw(st.sampled_from((0, 0, near)))}
            if kind != CommandKind.PLACE:
                fields["order_id"] = draw(st.sampled_from((0, 0, draw(st.integers(1, 20)))))
            wishes.append(a_command(step, kind, **fields))
    return wishes


@st.composite
def placements(draw: st.DrawFn, near: int) -> dict[str, Any]:
    """What a PLACE may ask for, at a price."""
    kind = draw(st.sampled_from(_PLACED))
    conditional = kind in _CONDITIONAL
    return {
        "type": kind.value,
        "side": draw(st.sampled_from((1, -1))),
        "lots": draw(st.sampled_from((1, 4, 10, 50, 900))),
        "level_ticks": near * (kind != OrderType.MARKET) * draw(st.sampled_from((1, kind != OrderType.TRAILING_STOP))),
        "trigger_ticks": draw(st.sampled_from((0, near, near, max(near + draw(st.integers(-20, 20)), 1)))),
        "callback": draw(st.sampled_from((0, *_CALLBACKS))),
        "time_in_force": draw(st.sampled_from((*_FORCES, TimeInForce.GTD))).value,
        "trigger_by": draw(st.sampled_from((0, 0, 1))),
        "protected": draw(st.booleans()),
        "valid_steps": draw(st.sampled_from((0, 0, 0, 2))),
        "reduce_only": draw(st.sampled_from((False, False, True))),
        "close_position": conditional and draw(st.sampled_from((False, True))),
        "oco": draw(st.sampled_from((0, 0, 0, 1, 1, 2))),
        "code": draw(st.sampled_from((0, 0, 0, 0, 66))),
    }


def spread_out(market: Market, halves: list[float]) -> Market:
    """The same market with half the spread recorded at each step, ticks; every other instrument has none."""
    specs = market.specs.copy()
    specs["has_spread"][::2] = True
    return market._replace(specs=specs, spread=np.array([halves] * len(specs)))


def slower(market: Market, times: int) -> Market:
    """The same market with steps so many times as long."""
    funding = market.funding.copy()
    funding["ts"] *= times
    return market._replace(ts_open=market.ts_open * times, ts_close=market.ts_close * times, funding=funding)


@st.composite
def rules(draw: st.DrawFn, *, wild: bool) -> Rules:
    """Every sizing, every answer to an opposite signal, either kind of take-profit; wild ones risk everything."""
    sizing = Sizing.EQUITY_FRACTION if wild else draw(st.sampled_from(Sizing))
    sizes = {
        Sizing.RISK_FRACTION: (0.01, 0.2, 1.0),
        Sizing.EQUITY_FRACTION: (3.0, 9.0, 40.0) if wild else (0.5, 1.0, 9.0),
        Sizing.FIXED_NOTIONAL: (50.0, 5_000.0, 60_000.0),
        Sizing.FIXED_QUANTITY: (0.001, 1.0, 40.0),
        Sizing.KELLY: (0.5, 1.0),
        Sizing.OPTIMAL_F: (0.5, 1.0),
    }
    return Rules(
        sizing=sizing.value,
        size=draw(st.sampled_from(sizes[sizing])),
        min_reward_risk=draw(st.sampled_from((0.0, 0.0, 1.5))),
        require_stop=not wild and draw(st.booleans()),
        require_target=not wild and draw(st.booleans()),
        max_exposure=50.0 if wild else draw(st.sampled_from((1.0, 3.0, 50.0))),
        max_positions=10 if wild else draw(st.sampled_from((1, 2, 10))),
        on_opposite=draw(st.sampled_from(OnOpposite)).value,
        target_type=draw(st.sampled_from((OrderType.TAKE_PROFIT_MARKET, OrderType.LIMIT))).value,
        participation=draw(st.sampled_from((0.0, 0.25, 1.0))),
        ambiguity=draw(st.sampled_from((Ambiguity.WORST, *Ambiguity))).value,
        seed=draw(st.integers(0, 3)),
        limit_fill=draw(st.sampled_from((*[LimitFill.THROUGH] * 3, *LimitFill))).value,
        fill_chance=0.5,
        latency=draw(st.sampled_from((0, 0, 1, 70_000_000_000))),
        kelly_trades=draw(st.sampled_from((1, 2, 3))),
        kelly_start=0.05,
        kelly_cap=draw(st.sampled_from((0.1, 0.3))),
        **draw(account_limits()),
        trigger_by=draw(st.sampled_from((0, 0, 1))),
        price_protect=draw(st.booleans()),
    )


@st.composite
def cases(draw: st.DrawFn, *, max_instruments: int = 3, max_steps: int = 24) -> Case:
    """A market, the rules of an account, and what is in it."""
    steps, wild = draw(st.integers(2, max_steps)), draw(st.booleans())
    count = draw(st.integers(1, max_instruments))
    columns = [draw(bars(steps)) for _ in range(count)]
    wishes = [wish for k, rows in enumerate(columns) for wish in draw(signals(rows, k, wild=wild))]
    with_orders = draw(st.sampled_from((0, count)))
    orders = [order for k, rows in enumerate(columns[:with_orders]) for order in draw(commands(rows, k))]
    times = st.tuples(st.integers(0, steps - 1), st.integers(0, count - 1), st.booleans())
    funding = [
        a_funding(step, draw(st.sampled_from((0.0001, -0.0003, 0.02))), instrument=k, at_open=at_open)
        for step, k, at_open in draw(st.lists(times, max_size=6, unique=True))
    ]
    own = [draw(specs(wild=wild)) for _ in range(count)]
    thin = draw(st.sampled_from(((1_000_000,), (0, 3, 40, 500, 1_000_000))))
    volumes = [[draw(st.sampled_from(thin)) for _ in range(steps)] for _ in columns]
    tiers = draw(st.sampled_from(_TIERS))
    apart = [draw(marks(rows)) if draw(st.integers(0, 3)) == 0 else None for rows in columns]
    market = a_market(*columns, signals=wishes, funding=funding, specs=own, volumes=volumes, tiers=tiers)
    market = commanded(marked(market, *apart), *orders)
    if (market.specs["slippage"] == Slippage.SQUARE_ROOT).any():
        impacts = [[draw(st.sampled_from((0.0, 0.0003, 0.01))) for _ in range(steps)] for _ in columns]
        market = market._replace(impact=np.array(impacts))
    if draw(st.booleans()):
        market = spread_out(
            market, draw(st.lists(st.sampled_from((0.0, 0.5, 1.0, 3.5)), min_size=steps, max_size=steps))
        )
    market = market._replace(fees=np.array(draw(st.sampled_from(_FEES))))
    if draw(st.integers(0, 3)) == 0:
        market = slower(market, draw(st.sampled_from((480, 2_880))))
    finer = finer_bars(market, draw(st.integers(0, 1 << 30)))
    return Case(market, draw(rules(wild=wild)), draw(st.sampled_from((1_000.0, 10_000.0, 123.45678901))), finer)


def examples(count: int) -> settings:
    """So many examples, the same ones each time; a tenth of them where the kernels are not compiled.

    A failing case is shown as it was found: to shrink one takes minutes, and the twin says where to look.
    """
    return settings(
        max_examples=max(count // 10, 5) if UNCOMPILED else count,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


def played(case: Case) -> World:
    """The engine's answer to a case."""
    return run(a_world(case.market, case.balance), case.market, case.rules, finer=case.finer)


def with_specs(case: Case, **fields: Any) -> Case:
    """The same case with fields of every instrument changed."""
    specs = case.market.specs.copy()
    for name, value in fields.items():
        specs[name] = value
    return case._replace(market=case.market._replace(specs=specs))


def untrailed(case: Case) -> Case:
    """The case with market orders in place of trailing entries and without trailing exits: what is absolute is left."""
    wishes, plans = case.market.signals.copy(), case.market.plans.copy()
    wishes["order_type"][wishes["order_type"] == OrderType.TRAILING_STOP] = OrderType.MARKET
    plans["callback"] = plans["activation_ticks"] = 0
    orders = case.market.commands.copy()
    trailing = orders["type"] == OrderType.TRAILING_STOP
    orders["type"][trailing], orders["level_ticks"][trailing] = OrderType.MARKET, 0
    return case._replace(market=case.market._replace(signals=wishes, plans=plans, commands=orders))


def plainly(case: Case) -> Case:
    """The case without costs, filters, limits, latency and looking at orders of ours that cross.

    Orders are small, and money is enough for any margin.
    """
    rules = case.rules._replace(sizing=Sizing.FIXED_QUANTITY.value, size=1.0, max_exposure=1e9, participation=0.0)
    free = dict.fromkeys((*_COSTS, *_LIMITS), 0)
    free["self_trade"] = SelfTrade.NONE.value
    plain = with_specs(case, **free, leverage=1.0, is_perpetual=True, tick_value=0.01, lots_per_unit=10.0)
    orders = plain.market.commands.copy()
    orders["lots"] = np.minimum(orders["lots"], 10)
    market = plain.market._replace(funding=plain.market.funding[:0], commands=orders)
    return plain._replace(rules=rules._replace(latency=0, **NO_LIMITS), balance=1e7, market=market)
