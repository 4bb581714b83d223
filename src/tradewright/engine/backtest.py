"""Run a strategy over closed bars: by columns in one compiled loop, or bar by bar through `on_bar`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from tradewright.domain.enums import Code
from tradewright.domain.errors import DataError
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import FillSpec, RunSpec
from tradewright.engine.callbacks import run_callbacks
from tradewright.engine.cast import Cast, cast_of, chosen_path, each_leg, legs_of, path_of, seat_rows
from tradewright.engine.commands import no_commands
from tradewright.engine.drilling import Drilled, Drills
from tradewright.engine.feed import Feed
from tradewright.engine.funding import Schedule, funding_schedule
from tradewright.engine.grid import Grid, make_grid
from tradewright.engine.guard import speaking, spoken
from tradewright.engine.heap import keep_freed_memory
from tradewright.engine.impact import impact_columns, not_known
from tradewright.engine.marks import check_marks
from tradewright.engine.spans import check_overlap, spans_of
from tradewright.engine.spreads import check_spreads, spread_columns
from tradewright.engine.walk import Setting
from tradewright.engine.wishes import Wishes, merge_wishes, plan_rows, signal_rows
from tradewright.engine.world import new_world
from tradewright.execution.venue_terms import fee_rows, venue_terms
from tradewright.kernels.loop import ALL_KNOWN, run_steps
from tradewright.kernels.params import Rules
from tradewright.kernels.records import PLAN, Market, World
from tradewright.risk.policy import rules_of, team_rows
from tradewright.strategy.playback import fresh
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy

__all__ = [
    "Progress",
    "Run",
    "check_volume",
    "make_market",
    "no_progress",
    "played_again",
    "run_backtest",
    "tried",
    "trimmed",
]

Progress = Callable[[int, int], None]
"""Told of (steps done, steps in all); may raise to cancel the run."""

_CHUNK = 1 << 18
_WORTH_A_THREAD = 100_000  # bars: half a millisecond of laying, a tenth of it to begin a thread

# Once a process, before its first run makes columns.
keep_freed_memory()


def no_progress(done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: what went in and every line that came out. Logs are cut to what was written.

    Of a run over windows the feeds are loaded when asked for, and the market holds no columns of prices.
    """

    spec: RunSpec
    feeds: Sequence[Feed]
    instruments: tuple[Instrument, ...]
    market: Market
    world: World
    wishes: Wishes
    assumed_funding: tuple[int, ...]
    path: str
    drilled: tuple[Drilled, ...] = ()

    @property
    def seat_feeds(self) -> Sequence[Feed]:
        """The feeds as they were given: one for each seat."""
        return self.feeds[:: legs_of(self.spec)]


def run_backtest(
    spec: RunSpec, strategy: Cast, feeds: Sequence[Feed], path: str = "auto", progress: Progress = no_progress
) -> Run:
    """Run one strategy over one account, or a team of them.

    Args:
        spec: the run's description; its data range has been applied to the feeds already.
        strategy: with its parameters set, or one for each member of `spec.team`; each seat gets an instance of its own.
        feeds: one for each of `domain.team.seats_of(spec)`, in that order: for each instrument of each member.
        path: `signals`, `on_bar`, or `auto` (signals where the strategy offers them).
        progress: told how far the run is.

    Raises:
        DataError: no bars, bars of different lengths or of no common time, bars without volume where fills are a share
            of it, or without marks where they must be recorded.
        StrategyError: the strategy does not offer the path, or fails.
    """
    check_volume(spec, feeds)
    check_overlap(spans_of(feeds))
    feeds = each_leg(feeds, legs_of(spec))
    check_marks(feeds, spec.risk.mark_price)
    check_spreads(feeds, spec.costs.spread)
    cast = cast_of(spec, strategy)
    chosen = path_of(cast, path)
    grid, said = _laid_and_said(cast if chosen == "signals" else (), feeds)
    schedule = funding_schedule(feeds, grid, spec.costs.funding_rate)
    market = make_market(spec, feeds, grid, schedule)
    rules = rules_of(spec)
    drills = Drills(feeds, rules)
    if chosen == "signals":
        wishes = _column_wishes(said, feeds, grid)
        market = market._replace(signals=wishes.rows, plans=wishes.plans)
        world = _run_columns(new_world(market, spec.balance, wishes.rows.size), market, rules, drills, progress)
    else:
        world, wishes = run_callbacks(spec.balance, cast, feeds, Setting(market, rules, drills), progress)
        market = market._replace(signals=wishes.rows, plans=wishes.plans, commands=wishes.commands)
    instruments = tuple(feed.instrument for feed in feeds)
    return Run(spec, tuple(feeds), instruments, market, trimmed(world), wishes, schedule.assumed, chosen, drills.told())


def check_volume(spec: RunSpec, feeds: Sequence[Feed]) -> None:
    """Refuse bars without volume where fills are a share of it.

    Raises:
        DataError: the bars of an instrument have no volume.
    """
    for feed in feeds:
        if spec.fills.participation > 0.0 and not feed.bars.volume.any():
            symbol = feed.instrument.symbol
            raise DataError(f"the bars of {symbol} have no volume, so nothing could be filled; give --participation 0")


def played_again(run: Run, strategy: Cast, fills: FillSpec) -> Run:
    """The same run under other assumptions; signals that came by columns are not asked for again.

    Raises:
        StrategyError: the strategy fails.
    """
    spec = replace(run.spec, fills=fills)
    if run.path != "signals":
        return run_backtest(spec, strategy, run.seat_feeds, run.path)
    rules = rules_of(spec)
    drills = Drills(run.feeds, rules)
    world = new_world(run.market, spec.balance, run.market.signals.size)
    world = _run_columns(world, run.market, rules, drills, no_progress)
    return replace(run, spec=spec, world=trimmed(world), drilled=drills.told())


def tried(run: Run, spec: RunSpec, strategy: Strategy) -> Run:
    """Another strategy, or other parameters, on the market of a run: the time grid is laid already.

    Args:
        run: whose feeds and market are used.
        spec: of the new run; it may differ from the old one in strategy and parameters alone.
        strategy: that belongs to it.

    Raises:
        StrategyError: the strategy fails.
    """
    if chosen_path(strategy, "auto") != "signals":
        return run_backtest(spec, strategy, run.seat_feeds)
    grid = Grid(**{name: getattr(run.market, name) for name in Grid._fields})
    wishes = _column_wishes(_said(cast_of(spec, strategy), run.feeds), run.feeds, grid)
    market = run.market._replace(signals=wishes.rows, plans=wishes.plans)
    rules = rules_of(spec)
    drills = Drills(run.feeds, rules)
    world = _run_columns(new_world(market, spec.balance, wishes.rows.size), market, rules, drills, no_progress)
    return replace(
        run, spec=spec, market=market, world=trimmed(world), wishes=wishes, path="signals", drilled=drills.told()
    )


def make_market(spec: RunSpec, feeds: Sequence[Feed], grid: Grid, schedule: Schedule) -> Market:
    """What a run reads, without signals yet."""
    specs, tiers = venue_terms([feed.instrument for feed in feeds], spec.costs, spec.risk)
    specs["has_mark"] = [feed.mark is not None for feed in feeds]
    specs["has_spread"] = [feed.spread is not None for feed in feeds]
    specs["by_book"] |= specs["has_spread"] & (spec.risk.market_price == "auto")
    seat_rows(specs, spec)
    nothing = merge_wishes((), ()).rows
    plans = np.zeros(0, PLAN)
    orders = no_commands()
    return Market(
        *grid,
        impact=impact_columns(feeds, grid) if spec.costs.slippage == "square_root" else not_known(len(feeds)),
        spread=spread_columns(feeds, grid, specs["spread_rate"])
        if specs["has_spread"].any()
        else not_known(len(feeds)),
        signals=nothing,
        plans=plans,
        commands=orders,
        funding=schedule.events,
        specs=specs,
        tiers=tiers,
        fees=fee_rows(spec.costs),
        team=team_rows(spec),
    )


def _laid_and_said(cast: Sequence[Strategy], feeds: Sequence[Feed]) -> tuple[Grid, list[Signals]]:
    # Neither needs the other, and both are kernels for the most part: of many bars one is done beside the other. What
    # is wrong with the data is said before what is wrong with a strategy.
    if not cast:
        return make_grid(feeds), []
    if sum(feed.bars.close.size for feed in feeds) < _WORTH_A_THREAD:
        return make_grid(feeds), _said(cast, feeds)
    with ThreadPoolExecutor(1) as beside:
        laying = beside.submit(make_grid, feeds)
        try:
            said = _said(cast, feeds)
        finally:
            grid = laying.result()
    return grid, said


def _said(cast: Sequence[Strategy], feeds: Sequence[Feed]) -> list[Signals]:
    # Feeds of every row; in a hedge each strategy speaks for two of them.
    columns: list[Signals] = []
    for strategy, feed in zip(cast, feeds[:: len(feeds) // len(cast)], strict=True):
        own = fresh(strategy)
        with speaking(own):
            own.on_start()
            columns.append(spoken(own, feed))
    return columns


def _column_wishes(said: Sequence[Signals], feeds: Sequence[Feed], grid: Grid) -> Wishes:
    legs = len(feeds) // len(said)
    seats = feeds[::legs]
    rows = [
        signal_rows(signals, k, grid.steps_of(k, signals.bar), feed.instrument, legs)
        for k, (signals, feed) in zip(range(0, len(feeds), legs), zip(said, seats, strict=True), strict=True)
    ]
    plans = [plan_rows(signals, feed.instrument) for signals, feed in zip(said, seats, strict=True)]
    return merge_wishes(said, rows, plans, legs)


def _run_columns(world: World, market: Market, rules: Rules, drills: Drills, progress: Progress) -> World:
    steps, stop = market.ts_open.size, 0
    while (done := int(world.account[0]["step"])) < steps:
        if done >= stop:
            progress(done, steps)
            stop = min(done + _CHUNK, steps)
        code = run_steps(world, market, rules, stop, ALL_KNOWN)
        if code != Code.OK:
            world = drills.answer(world, market, code)
    progress(steps, steps)
    return world


def trimmed(world: World) -> World:
    """The world with its logs cut to what was written."""
    account = world.account[0]
    return world._replace(
        fills=world.fills[: account["n_fills"]],
        closed=world.closed[: account["n_closed"]],
        payments=world.payments[: account["n_payments"]],
        refusals=world.refusals[: account["n_refusals"]],
    )
