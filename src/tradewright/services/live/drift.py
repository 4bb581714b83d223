"""How far a session at a venue went from the backtest over the same bars, order by order, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tradewright.domain.enums import OrderRole
from tradewright.engine.backtest import Run, run_backtest
from tradewright.kernels.records import World
from tradewright.risk.refusals import reason_text
from tradewright.services.live.session import LiveSession
from tradewright.services.paper.drift import whole_feeds
from tradewright.strategy.registry import Registry

__all__ = ["Executed", "OrderDrift", "VenueDrift", "venue_drift"]

_Key = tuple[str, int, str, int]


@dataclass(frozen=True, slots=True)
class Executed:
    """An order as it was executed: its fills added up.

    Args:
        ts: of its first fill, UTC ns.
        side: +1 bought, -1 sold.
        quantity: base.
        price: mean, quote per base.
        fee: quote.
    """

    ts: int
    side: int
    quantity: float
    price: float
    fee: float


@dataclass(frozen=True, slots=True)
class OrderDrift:
    """One order beside its counterpart in the backtest.

    Args:
        instrument: symbol.
        role: why it existed.
        decided: close at which it was decided on, UTC ns; 0 where nothing that was wished stands behind it.
        ours: as the venue executed it; None where it did not.
        expected: as the backtest did; None where it did not.
        worse_bps: by how much our price was worse than the backtest's, basis points; below 0 it was better.
        why: in words; empty where the two agree.
    """

    instrument: str
    role: str
    decided: int
    ours: Executed | None
    expected: Executed | None
    worse_bps: float
    why: str


@dataclass(frozen=True, slots=True)
class VenueDrift:
    """What sets a session at a venue and its backtest apart.

    Args:
        score: orders that both executed, as a share of all; 1 where there are none.
        worse_bps: mean over those, weighted by quantity.
        fees: ours less the backtest's, quote.
        equity: ours less the backtest's at the end, quote.
        orders: every one, in order of time.
    """

    score: float
    worse_bps: float
    fees: float
    equity: float
    orders: tuple[OrderDrift, ...]


def venue_drift(live: LiveSession, strategies: Registry) -> VenueDrift | None:
    """Run the backtest over a session's bars, and set the two beside each other; None before the first step.

    Raises:
        StrategyError: the strategy fails.
    """
    own = live.own
    if not own.steps:
        return None
    ours = own.session.run
    strategy = strategies.create(own.spec.strategy, dict(own.spec.params))
    feeds = tuple(replace(feed, funding=None) for feed in whole_feeds(own))
    whole = run_backtest(own.spec, strategy, feeds)
    here, there = _executed(ours), _executed(whole)
    rows = [_beside(live, key, here.get(key), there.get(key)) for key in {**here, **there}]
    rows.sort(key=lambda row: (row.ours or row.expected or _NOTHING).ts)
    both = [row for row in rows if row.ours and row.expected]
    weights = [row.ours.quantity * row.ours.price for row in both if row.ours]
    mean = float(np.average([row.worse_bps for row in both], weights=weights)) if both else 0.0
    fees = float(ours.world.account[0]["fees"] - whole.world.account[0]["fees"])
    equity = float(ours.world.equity[-1] - whole.world.equity[-1])
    return VenueDrift(len(both) / len(rows) if rows else 1.0, mean, fees, equity, tuple(rows))


_NOTHING = Executed(0, 0, 0.0, 0.0, 0.0)
_SAME_SIZE = 5e-4  # a fraction: what would be written as 100.0% is the same


def _executed(run: Run) -> dict[_Key, Executed]:
    # By instrument, decision, role and number within them: the same decision has the same key in both.
    orders = {int(order["id"]): order for order in _orders(run.world)}
    by_order: dict[int, list[np.void]] = defaultdict(list)
    for fill in run.world.fills:
        by_order[int(fill["order_id"])].append(fill)
    found: dict[_Key, Executed] = {}
    for own, fills in by_order.items():
        first = fills[0]
        instrument = run.feeds[int(first["instrument"])].instrument
        lots = np.array([int(fill["lots"]) for fill in fills])
        ticks = np.array([int(fill["ticks"]) for fill in fills])
        price = instrument.from_ticks(1) * float((ticks * lots).sum() / lots.sum())
        fee = float(sum(fill["fee"] for fill in fills))
        role = _role(first)
        decided = _decided(run, orders.get(own))
        number = sum(1 for key in found if key[:3] == (instrument.symbol, decided, role))
        one = Executed(int(first["ts"]), int(first["side"]), instrument.from_lots(int(lots.sum())), price, fee)
        found[(instrument.symbol, decided, role, number)] = one
    return found


def _orders(world: World) -> Iterator[np.void]:
    # Those that have ended, and those that are open still.
    yield from world.closed
    for k, position in enumerate(world.positions):
        yield from world.orders[k, : int(position["n_orders"])]


def _decided(run: Run, order: np.void | None) -> int:
    if order is None:
        return 0
    for wish, wished in (("signal", run.wishes.rows), ("command", run.wishes.commands)):
        if (row := int(order[wish])) >= 0:
            return int(run.market.ts_close[int(wished[row]["step"])])
    return 0


def _beside(live: LiveSession, key: _Key, ours: Executed | None, expected: Executed | None) -> OrderDrift:
    symbol, decided, role, _ = key
    worse = 0.0
    if ours is not None and expected is not None:
        worse = (ours.price - expected.price) * ours.side / expected.price * 1e4
    return OrderDrift(symbol, role, decided, ours, expected, worse, _why(live, key, ours, expected))


def _why(live: LiveSession, key: _Key, ours: Executed | None, expected: Executed | None) -> str:
    symbol, decided, role, _ = key
    if ours is not None and expected is not None:
        late = (ours.ts - expected.ts) / 1e9
        share = ours.quantity / expected.quantity
        if abs(share - 1.0) > _SAME_SIZE:
            is_part = any(one["filled"] < one["lots"] for one in _own(live, symbol, decided) if _role(one) == role)
            why = "the rest was not filled" if is_part and share < 1.0 else "sized by another equity"
            return f"{share:.1%} of the backtest's quantity: {why}"
        return f"filled {abs(late):.1f} s {'later' if late > 0 else 'earlier'}" if abs(late) > 1.0 else ""
    if decided in live.own.missed_closes:
        return "its close was heard of too late to decide on"
    ts = (ours or expected or _NOTHING).ts
    steered = [kind for step, kind in live.own.acts if step and live.own.steps.closes[step - 1] <= ts]
    if ours is None and decided and (words := _unsent(live, symbol, decided)):
        return words
    if steered:
        return f"after {steered[-1]} by hand"
    where = ("in the bar and not at the venue", "at the venue; in the bar another exit came first, or none")
    return f"its price was reached {where[ours is not None]}"


def _unsent(live: LiveSession, symbol: str, decided: int) -> str:
    # Why an order that was decided on then never reached the venue, or was not taken there.
    own = [int(one["id"]) for one in _own(live, symbol, decided)]
    for number in own:
        waited = live.pending.get(number)
        if waited is not None and waited.state != "confirmed":
            return f"it waited to be confirmed, and was {waited.state}"
    told = [f"order {number} is not sent: " for number in own]
    told += [f"order {one.client_id} is refused: " for number in own for one in live.tickets.of_order(number)]
    if words := next((text for _, text in reversed(live.notes) if text.startswith(tuple(told))), ""):
        return words
    for one in live.session.world.refusals:
        if one["ts"] == decided and live.session.instruments[int(one["instrument"])].symbol == symbol:
            return f"it was refused: {reason_text(int(one['code']), float(one['observed']), float(one['limit']))}"
    return ""


def _own(live: LiveSession, symbol: str, decided: int) -> list[np.void]:
    # Our orders of a symbol that were decided on at a close.
    run = live.session.run
    names = [feed.instrument.symbol for feed in run.feeds]
    return [one for one in _orders(run.world)
            if names[int(one["instrument"])] == symbol and _decided(run, one) == decided]  # fmt: skip


def _role(one: np.void) -> str:
    return OrderRole(int(one["role"])).name.lower().replace("_", " ")
