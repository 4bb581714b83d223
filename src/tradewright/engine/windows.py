"""Run over windows of time, one after the other, so that memory does not grow with the number of bars.

All state of a run is a flat array, so a run can be put down at the end of one window and taken up in the next. Each
window begins with a seam: the last steps of the window before, which have been played. From it instruments without a
bar have their last price, funding that falls between two windows finds its place, and orders that are still on their
way to the venue know when they were sent. One step is enough where nothing is on its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import Code, OrderStatus
from tradewright.domain.errors import DataError, InvalidValue, StrategyError
from tradewright.domain.run import RunSpec
from tradewright.engine.backtest import Run, check_volume, make_market, trimmed
from tradewright.engine.cast import Cast, cast_of, each_leg, legs_of, path_of
from tradewright.engine.feed import Feed
from tradewright.engine.funding import Schedule, assumed_payments, funding_schedule
from tradewright.engine.grid import Grid, lay_grid
from tradewright.engine.guard import speaking, spoken
from tradewright.engine.marks import check_marks
from tradewright.engine.spreads import check_spreads
from tradewright.engine.wishes import Wishes, merge_wishes, plan_rows, signal_rows
from tradewright.engine.world import grown, new_world, ready_for
from tradewright.kernels.loop import ALL_KNOWN, run_steps
from tradewright.kernels.records import Market, World
from tradewright.market.bars import FloatColumn, IntColumn
from tradewright.risk.policy import rules_of
from tradewright.strategy.playback import fresh

__all__ = ["TimedWishes", "check_reach", "run_windows", "timed_wishes"]

_LATER = 1 << 62


@dataclass(frozen=True, slots=True)
class TimedWishes:
    """Every signal of a run before its time grid is known.

    Args:
        rows: SIGNAL records by (time, instrument); their steps are filled in window by window.
        plans: PLAN records that they number.
        ts: open time of the bar at whose close each was given, UTC ns.
        said: the same signals with the facts that the strategy gave; their steps are those of `rows`.
    """

    rows: NDArray[np.void]
    plans: NDArray[np.void]
    ts: IntColumn
    said: Wishes


def timed_wishes(spec: RunSpec, strategy: Cast, feeds: Iterable[Feed]) -> TimedWishes:
    """Ask for the signals of one seat after the other; the bars of only one are held at a time.

    Args:
        spec: the run's description.
        strategy: or one for each member of the team; they must offer `signals`.
        feeds: of `domain.team.seats_of`, each with all bars of its instrument, best made one by one when asked for.

    Raises:
        DataError: see `run_backtest`.
        InvalidValue: see `check_reach`.
        StrategyError: the strategy offers no signals by columns, or fails.
    """
    check_reach(spec)
    cast = cast_of(spec, strategy)
    if path_of(cast, "auto") != "signals":
        raise StrategyError(f"{cast[0].name}: a run over windows needs signals by columns")
    columns, rows, plans, legs = [], [], [], legs_of(spec)
    for k, (own, feed) in enumerate(zip(map(fresh, cast), feeds, strict=True)):
        check_volume(spec, [feed])
        check_marks([feed], spec.risk.mark_price)
        check_spreads([feed], spec.costs.spread)
        with speaking(own):
            own.on_start()
            signals = spoken(own, feed)
        columns.append(signals)
        rows.append(signal_rows(signals, legs * k, feed.bars.ts_open[signals.bar], feed.instrument, legs))
        plans.append(plan_rows(signals, feed.instrument))
    wishes = merge_wishes(columns, rows, plans, legs)
    return TimedWishes(wishes.rows, wishes.plans, wishes.rows["step"].copy(), wishes)


def run_windows(
    spec: RunSpec, wishes: TimedWishes, windows: Iterable[Sequence[Feed]], feeds: Sequence[Feed] = ()
) -> Run:
    """Run one account over windows of time; the outcome is that of `run_backtest` over all bars, to the last byte.

    Args:
        spec: the run's description.
        wishes: all signals; their steps are written here.
        windows: for each stretch of time, in order and without overlap, one feed for each seat of the run, some
            of them maybe without bars. Funding records are whole in every window, and marks and spreads are there in
            all of them, maybe without bars, or in none.
        feeds: what the run is to hold as the feeds of its seats, with all bars, best loaded when asked for.

    Raises:
        DataError: no window has a bar, or instruments have bars of different lengths.
        InvalidValue: a price rounds to no tick above zero; or the run needs bars from outside of a window.
    """
    check_reach(spec)
    journey = _Journey(spec, wishes)
    for window in windows:
        if any(feed.bars.ts_open.size for feed in window):
            journey.cross(window)
    return journey.end(feeds)


def check_reach(spec: RunSpec) -> None:
    """Refuse what needs bars from outside of a window.

    Raises:
        InvalidValue: fills drill into finer bars, entries are held to a correlation, or slippage looks back.
    """
    if spec.fills.ambiguity.startswith("subbar"):
        raise InvalidValue("ambiguity", spec.fills.ambiguity, "any but subbar in a run over windows of time")
    caps = [spec.limits.max_correlation, *(dict(member.limits).get("max_correlation", 0.0) for member in spec.team)]
    if max(caps) > 0.0:
        raise InvalidValue("max_correlation", max(caps), "0 in a run over windows of time")
    if spec.costs.slippage == "square_root":
        raise InvalidValue("slippage", spec.costs.slippage, "any but square_root in a run over windows of time")


class _Journey:
    # A run on its way through the windows. `offset` is the step of a window's first, counted from the first bar of all.

    def __init__(self, spec: RunSpec, wishes: TimedWishes) -> None:
        self.spec, self.wishes = spec, wishes
        self.rules = rules_of(spec)
        self.offset = 0
        self.funded = 0
        self.seam: Grid | None = None
        self.world: World | None = None
        self.feeds: tuple[Feed, ...] = ()
        self.market: Market | None = None
        self.opens: list[IntColumn] = []
        self.closes: list[IntColumn] = []
        self.equity: list[FloatColumn] = []
        self.shares: list[NDArray[np.float64]] = []

    def cross(self, seats: Sequence[Feed]) -> None:
        feeds = each_leg(seats, legs_of(self.spec))
        grid = lay_grid(feeds)
        if self.seam is not None:
            grid = _joined(self.seam, grid)
        market = self._market(feeds, grid)
        world = self._world(market)
        before = [int(world.account[0][name]) for name in _COUNTS]
        while world.account[0]["step"] < grid.ts_open.size:
            if (code := run_steps(world, market, self.rules, grid.ts_open.size, ALL_KNOWN)) != Code.OK:
                world = grown(world, code)
        self._keep(world, grid, before)
        self.feeds, self.market = feeds, _without_prices(market)

    def end(self, feeds: Sequence[Feed]) -> Run:
        if self.world is None or self.market is None:
            raise DataError("there are no bars in the range asked for")
        shares = np.concatenate(self.shares, axis=1)
        world = self.world._replace(equity=np.concatenate(self.equity), shares=shares)
        _move_orders(world, self.offset)
        world.account[0]["step"] += self.offset
        world.account[0]["watched"] += self.offset
        world.account[0]["payment"] += self.funded
        ts_open, ts_close = np.concatenate(self.opens), np.concatenate(self.closes)
        self.wishes.rows["step"] = np.searchsorted(ts_open, self.wishes.ts)
        span, rate = (int(ts_open[0]), int(ts_close[-1])), self.spec.costs.funding_rate
        return Run(
            spec=self.spec,
            feeds=feeds,
            instruments=tuple(feed.instrument for feed in self.feeds),
            market=self.market._replace(ts_open=ts_open, ts_close=ts_close),
            world=trimmed(world),
            wishes=self.wishes.said,
            assumed_funding=tuple(assumed_payments(feed, *span, rate) for feed in self.feeds),
            path="signals",
        )

    def _market(self, feeds: Sequence[Feed], grid: Grid) -> Market:
        rows, ts = self.wishes.rows, self.wishes.ts
        begin, end = np.searchsorted(ts, (grid.ts_open[0], grid.ts_close[-1]))
        rows["step"][begin:end] = np.searchsorted(grid.ts_open, ts[begin:end])
        rows["step"][end:] = _LATER
        schedule = funding_schedule(feeds, grid, self.spec.costs.funding_rate)
        if self.seam is not None:
            # What was due in the seam has been paid.
            due = schedule.events["step"] >= self.seam.ts_open.size
            schedule = Schedule(schedule.events[due], schedule.assumed)
        return make_market(self.spec, feeds, grid, schedule)._replace(signals=rows, plans=self.wishes.plans)

    def _world(self, market: Market) -> World:
        steps = market.ts_open.size
        if self.world is None:
            return new_world(market, self.spec.balance, self.wishes.rows.size)
        self.funded += int(self.world.account[0]["payment"])
        self.world.account["payment"] = 0
        # Funding of this window alone would ask for room, and every log would grow with that of payments.
        world = ready_for(self.world, market)
        return world._replace(equity=np.zeros(steps), shares=np.zeros((market.team.size, steps)))

    def _keep(self, world: World, grid: Grid, before: Sequence[int]) -> None:
        # Lines are told in steps from the first bar of all; what is still open, in those of the next window.
        for name, log, begin in zip(_COUNTS, (world.fills, world.closed, world.refusals), before, strict=True):
            written = log[begin : int(world.account[0][name])]
            written["step"] += self.offset
            if name == "n_closed":
                written["valid_until"] += np.where(written["valid_until"] > 0, self.offset, 0)
        first = 0 if self.seam is None else self.seam.ts_open.size
        self.opens.append(grid.ts_open[first:].copy())
        self.closes.append(grid.ts_close[first:].copy())
        self.equity.append(world.equity[first:])
        self.shares.append(world.shares[:, first:])
        moved = min([grid.ts_open.size - 1, *_sent(world)])
        _move_orders(world, -moved)
        world.account[0]["step"] -= moved
        world.account[0]["watched"] -= moved
        self.offset += moved
        self.world = world
        self.seam = Grid(**{name: column[..., moved:].copy() for name, column in _columns(grid)})


def _without_prices(market: Market) -> Market:
    # What is said of rows stays; what is said of each step goes, and with it the window's memory.
    columns = (*Grid._fields[2:], "impact", "spread")
    nothing = {name: getattr(market, name)[:, :0].copy() for name in columns}
    return market._replace(funding=market.funding[:0].copy(), **nothing)


_COUNTS = ("n_fills", "n_closed", "n_refusals")


def _move_orders(world: World, by: int) -> None:
    for order in _open_orders(world):
        order["step"] += by
        if order["valid_until"] > 0:
            order["valid_until"] += by


def _open_orders(world: World) -> Iterator[np.void]:
    for k, count in enumerate(world.positions["n_orders"].tolist()):
        yield from world.orders[k, :count]


def _sent(world: World) -> list[int]:
    # When what is still on its way to the venue was sent.
    return [int(order["step"]) for order in _open_orders(world) if order["status"] == OrderStatus.PENDING]


def _joined(seam: Grid, grid: Grid) -> Grid:
    joined = {name: np.concatenate((getattr(seam, name), column), axis=-1) for name, column in _columns(grid)}
    for name in ("open", "high", "low", "close"):
        mark = f"mark_{name}"
        if getattr(grid, mark) is getattr(grid, name):
            joined[mark] = joined[name]
    # Until an instrument's first bar in the window, its last price stands.
    played = seam.ts_open.size
    silent = ~np.logical_or.accumulate(joined["has_bar"][:, played:], axis=1)
    for name in ("open", "high", "low", "close", "mark_open", "mark_high", "mark_low", "mark_close"):
        last = seam.mark_close if name.startswith("mark") else seam.close
        np.copyto(joined[name][:, played:], last[:, -1:], where=silent)
    return Grid(**joined)


def _columns(grid: Grid) -> Iterator[tuple[str, Any]]:
    return ((name, column) for name, column in zip(Grid._fields, grid, strict=True))
