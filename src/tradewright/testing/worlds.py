"""Small markets and empty accounts for the engine's kernels, in a line each.

Prices are ticks, quantities lots. By default one tick times one lot is worth 0.01 quote, there are no costs and no
margin tiers that matter, so that a test says only what it is about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import (
    Ambiguity,
    Code,
    CommandKind,
    LimitFill,
    OnOpposite,
    OrderType,
    Side,
    Sizing,
    TriggerBy,
)
from tradewright.engine.drilling import finer_market
from tradewright.kernels.drilling import drill
from tradewright.kernels.loop import ALL_KNOWN, run_steps
from tradewright.kernels.params import TEAM, Rules
from tradewright.kernels.records import (
    ACCOUNT,
    COMMAND,
    DAYS_KEPT,
    FILL,
    FUNDING,
    ORDER,
    PAYMENT,
    PLAN,
    POSITION,
    REFUSAL,
    RESULTS_KEPT,
    SIGNAL,
    SPEC,
    Market,
    World,
)

__all__ = [
    "MINUTE",
    "NO_FINER",
    "PLAIN_TIERS",
    "FinerBars",
    "Row",
    "Rows",
    "a_command",
    "a_funding",
    "a_market",
    "a_signal",
    "a_spec",
    "a_world",
    "answered",
    "as_rows",
    "commanded",
    "digest",
    "enlarged",
    "hold",
    "marked",
    "run",
    "some_rules",
    "the_tiers",
    "trades",
    "widened",
    "written",
]

MINUTE = 60_000_000_000
"""Length of a step, ns."""

PLAIN_TIERS = ((0.0, 0.005, 100.0),)
"""Rows of floor, maintenance rate, max leverage."""

Row = tuple[int, int, int, int]
Rows = Sequence[Row | None]
"""One instrument: (open, high, low, close) in ticks for each step, None where there is no bar."""

FinerBars = Mapping[tuple[int, int], Sequence[tuple[int, int, int, int, int]]]
"""(instrument, step) to the finer bars of that bar: (open, high, low, close in ticks, volume in lots)."""

NO_FINER: FinerBars = {}

_LOGS = ("fills", "closed", "payments", "refusals")


def a_signal(step: int, kind: int, **fields: Any) -> dict[str, Any]:
    """A signal given at the close of a step; a stop or target is present when its ticks are given.

    Args:
        step: whose close.
        kind: SignalKind.
        fields: any of `records.SIGNAL` or `records.PLAN`; the rest is 0.
    """
    known = (*(SIGNAL.names or ()), *(PLAN.names or ()))
    row = dict.fromkeys(known, 0) | {"step": step, "kind": int(kind), "confidence": 1.0} | fields
    return row | {"has_stop": "stop_ticks" in fields, "has_target": "target_ticks" in fields}


def a_command(step: int, kind: int, **fields: Any) -> dict[str, Any]:
    """A command given at the close of a step; a PLACE buys one lot at the market, if `fields` say nothing else.

    Args:
        step: whose close.
        kind: CommandKind.
        fields: any of `records.COMMAND`; the rest is 0.
    """
    plain = {"side": int(Side.LONG), "lots": 1} if kind == CommandKind.PLACE else {}
    row = dict.fromkeys(COMMAND.names or (), 0) | {"step": step, "kind": int(kind)} | plain | fields
    return row | {"lots": 0} if row["close_position"] else row


def a_funding(step: int, rate: float, *, instrument: int = 0, at_open: bool = True) -> dict[str, Any]:
    """A funding time at a step's open, or in the middle of it."""
    ts = step * MINUTE if at_open else step * MINUTE + MINUTE // 2
    return {"ts": ts, "step": step, "instrument": instrument, "at_open": at_open, "rate": rate}


def a_spec(**fields: Any) -> dict[str, Any]:
    """An instrument: a perpetual at leverage 10 without any costs, unless `fields` of `records.SPEC` say otherwise."""
    plain = {"tick_value": 0.01, "min_lots": 1, "lots_per_unit": 100.0, "leverage": 10.0, "is_perpetual": True}
    return dict.fromkeys(SPEC.names or (), 0) | plain | fields


def the_tiers(rows: Sequence[tuple[float, float, float]]) -> NDArray[np.float64]:
    """Rows of (floor, maintenance rate, max leverage) as the engine's table, the cumulative amount added.

    Formula: `cum_k = cum_(k-1) + floor_k * (rate_k - rate_(k-1))`, Binance USDT-M futures.
    """
    table = []
    cum = 0.0
    before = rows[0][1]
    for floor, rate, leverage in rows:
        cum += floor * (rate - before)
        before = rate
        table.append((floor, rate, cum, leverage))
    return np.array(table, dtype=np.float64)


def as_rows(dtype: np.dtype[Any], rows: Sequence[Mapping[str, Any]]) -> NDArray[np.void]:
    """Mappings with every field of the dtype as a record array."""
    names = dtype.names or ()
    return np.array([tuple(row[name] for name in names) for row in rows], dtype=dtype)


def _columns(rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    last = next((row[0] for row in rows if row is not None), 0)
    filled = []
    for row in rows:
        filled.append(row if row is not None else (last,) * 4)
        last = filled[-1][3]
    return np.array(filled, dtype=np.int64).reshape(-1, 4), np.array([row is not None for row in rows], dtype=np.bool_)


def a_market(
    *instruments: Rows,
    signals: Sequence[Mapping[str, Any]] = (),
    funding: Sequence[Mapping[str, Any]] = (),
    specs: Sequence[Mapping[str, Any]] | None = None,
    volumes: Sequence[Sequence[int]] | None = None,
    tiers: Sequence[tuple[float, float, float]] = PLAIN_TIERS,
) -> Market:
    """A market of one or more instruments that share a table of tiers.

    Args:
        instruments: bars of each, all of the same length.
        signals: of `a_signal`; sorted here.
        funding: of `a_funding`; sorted here.
        specs: of `a_spec`, one for each instrument; the plain one where left out.
        volumes: lots of each bar of each instrument; a million where left out.
        tiers: rows of (floor, maintenance rate, max leverage).
    """
    columns = [_columns(rows) for rows in instruments]
    prices = np.stack([column for column, _ in columns])
    table = the_tiers(tiers)
    rows = [dict(spec) for spec in (specs or [a_spec()] * len(instruments))]
    for row in rows:
        row["tier_start"], row["tier_stop"], row["has_mark"] = 0, len(table), False
    wishes = sorted(signals, key=lambda row: (row["step"], row["instrument"]))
    planned = [wish for wish in wishes if any(wish[name] for name in PLAN.names or ())]
    numbers = {id(wish): number for number, wish in enumerate(planned, start=1)}
    ts = np.arange(prices.shape[1], dtype=np.int64) * MINUTE
    # Slices of a stacked array are strided; the kernels are compiled once, for contiguous columns.
    column = [np.ascontiguousarray(prices[:, :, field]) for field in range(4)]
    return Market(
        ts_open=ts,
        ts_close=ts + MINUTE,
        open=column[0],
        high=column[1],
        low=column[2],
        close=column[3],
        volume=np.full(prices.shape[:2], 1_000_000) if volumes is None else np.array(volumes, np.int64),
        has_bar=np.stack([present for _, present in columns]),
        mark_open=column[0],
        mark_high=column[1],
        mark_low=column[2],
        mark_close=column[3],
        impact=np.zeros((len(instruments), 0)),
        spread=np.zeros((len(instruments), 0)),
        signals=as_rows(SIGNAL, [{**wish, "plan": numbers.get(id(wish), 0)} for wish in wishes]),
        plans=as_rows(PLAN, planned),
        commands=as_rows(COMMAND, ()),
        funding=as_rows(FUNDING, sorted(funding, key=lambda row: (row["ts"], row["instrument"]))),
        specs=as_rows(SPEC, rows),
        tiers=table,
        fees=np.zeros((0, 3)),
        team=np.zeros(0, TEAM),
    )


def marked(market: Market, *own: Rows | None) -> Market:
    """The market with mark prices of their own for its first instruments.

    Args:
        market: of `a_market`, where the mark is the last price.
        own: rows of mark prices, there where the instrument has bars; None: the last prices.
    """
    specs = market.specs.copy()
    specs["has_mark"] = False
    columns = [market.open.copy(), market.high.copy(), market.low.copy(), market.close.copy()]
    for k, rows in enumerate(own):
        if rows is None:
            continue
        specs["has_mark"][k] = True
        for field, column in enumerate(columns):
            column[k] = _columns(rows)[0][:, field]
    names = ("mark_open", "mark_high", "mark_low", "mark_close")
    moved: dict[str, Any] = dict(zip(names, columns, strict=True))
    return market._replace(specs=specs, **moved)


def commanded(market: Market, *commands: Mapping[str, Any]) -> Market:
    """The same market with commands of `a_command`; those of one step stay in the order given."""
    return market._replace(commands=as_rows(COMMAND, sorted(commands, key=lambda row: row["step"])))


def hold(world: World, k: int, lots: int, mark: int, entry: float) -> None:
    """Let instrument `k` hold lots at an average entry, its mark at a price, both in ticks; no order of it is open."""
    world.positions[k] = 0
    for name, value in (("lots", lots), ("mark_ticks", mark), ("entry_ticks", entry)):
        world.positions[k][name] = value


def a_world(market: Market, balance: float = 10_000.0, *, room: int = 8, lines: int | None = None) -> World:
    """A new account with nothing open.

    Args:
        market: what it will trade.
        balance: wallet, quote.
        room: open orders for each instrument.
        lines: of each log; by default more than any small test fills.
    """
    count, steps = market.open.shape
    wishes = len(market.signals) + len(market.commands)
    size = 200 + 8 * room * count + 8 * wishes + len(market.funding) if lines is None else lines
    account = np.zeros(1 + market.team.size, ACCOUNT)
    account["wallet"][0], account["next_order_id"] = balance, 1
    account["last_equity"] = account["peak"] = (balance, *market.team["capital"])
    return World(
        account,
        np.zeros(count, POSITION),
        np.zeros((count, room), ORDER),
        np.zeros(size, FILL),
        np.zeros(size, ORDER),
        np.zeros(size, PAYMENT),
        np.zeros(size, REFUSAL),
        np.zeros(steps),
        np.zeros(1, ACCOUNT),
        np.zeros(count, POSITION),
        np.zeros((count, room), ORDER),
        np.zeros(DAYS_KEPT),
        np.zeros(DAYS_KEPT),
        np.zeros((market.team.size, steps)),
        np.zeros((account.size, RESULTS_KEPT)),
    )


def some_rules(**fields: Any) -> Rules:
    """Hold a fixed quantity of one unit, no rule in the way, unless `fields` of `Rules` say otherwise."""
    plain = Rules(
        sizing=Sizing.FIXED_QUANTITY.value,
        size=1.0,
        min_reward_risk=0.0,
        require_stop=False,
        require_target=False,
        max_exposure=1_000.0,
        max_positions=10,
        on_opposite=OnOpposite.REVERSE.value,
        target_type=OrderType.TAKE_PROFIT_MARKET.value,
        participation=0.0,
        ambiguity=Ambiguity.WORST.value,
        seed=1,
        limit_fill=LimitFill.THROUGH.value,
        fill_chance=0.5,
        latency=0,
        max_day_loss=0.0,
        max_week_loss=0.0,
        max_drawdown=0.0,
        max_losses=0,
        cool_down=0,
        day_target=0.0,
        max_heat=0.0,
        kelly_trades=30,
        kelly_start=0.01,
        kelly_cap=0.05,
        trigger_by=TriggerBy.LAST.value,
        price_protect=False,
        max_position=0.0,
        max_correlation=0.0,
        correlation_bars=100,
    )
    return plain._replace(**{key: getattr(value, "value", value) for key, value in fields.items()})


def enlarged(world: World, lines: int) -> World:
    """The same world with `lines` more lines in each log; what was written stays."""
    grown = {name: np.concatenate([(log := getattr(world, name)), np.zeros(lines, log.dtype)]) for name in _LOGS}
    return world._replace(**grown)


def widened(world: World) -> World:
    """The same world with twice the places for open orders."""
    orders = np.concatenate((world.orders, np.zeros_like(world.orders)), axis=1)
    return world._replace(orders=orders, kept_orders=np.zeros_like(orders))


def run(world: World, market: Market, rules: Rules, stop: int | None = None, finer: FinerBars = NO_FINER) -> World:
    """Run up to a step (the end, if left out), enlarging logs and drilling as asked; returns the world."""
    end = len(market.ts_open) if stop is None else stop
    while (code := run_steps(world, market, rules, end, ALL_KNOWN)) != Code.OK:
        world = answered(world, market, rules, code, finer)
    return world


def answered(world: World, market: Market, rules: Rules, code: int, finer: FinerBars) -> World:
    """Give a kernel what it asks for: room, or the finer bars of a bar; returns the world."""
    place = int(world.account[0]["inside"]) - 1, int(world.account[0]["step"])
    if code == Code.NEED_FINER and place in finer:
        edges = np.linspace(market.ts_open[place[1]], market.ts_close[place[1]], len(finer[place]) + 1).astype(np.int64)
        rows = np.column_stack((np.array(finer[place], np.int64), edges[:-1], edges[1:]))
        code = drill(world, market, finer_market(market, place, rows), rules)
    elif code == Code.NEED_FINER:
        world.account[0]["no_finer"] = True
    if code == Code.NEED_ORDER_ROOM:
        return widened(world)
    return enlarged(world, 64) if code == Code.NEED_ROOM else world


def written(world: World) -> dict[str, NDArray[np.void]]:
    """The logs, each cut to the lines that were written."""
    return {name: getattr(world, name)[: world.account[0][f"n_{name}"]] for name in _LOGS}


def digest(world: World) -> str:
    """A fingerprint of all that a world says: logs, account, positions, open orders, equity."""
    rows: list[Any] = [world.account.tolist(), world.positions.tolist(), world.equity.tolist(), world.turnover.tolist()]
    rows += [world.shares.tolist(), world.results.tolist()]
    rows += [log.tolist() for log in written(world).values()]
    rows += [world.orders[k, : position["n_orders"]].tolist() for k, position in enumerate(world.positions)]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def trades(world: World) -> list[tuple[int, ...]]:
    """What was filled, without the money."""
    names = ("step", "instrument", "side", "ticks", "lots")
    return [tuple(int(line[name]) for name in names) for line in written(world)["fills"]]
