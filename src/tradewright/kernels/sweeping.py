"""What happens inside a bar, of which only open, high, low and close are known: one event after another.

When an order is met, `bar_path` says for policies with a path. WORST and BEST have none: they put one side of the open
position wholly before the other, nearest to the open first, and where an exit came into being inside the bar, they
grant what the bar does not prove to the side that comes first, and to the other side only what the close proves.
Without a position the nearest order acts first. A fill which the bar does not prove is flagged AMBIGUOUS.
Orders that are still on their way to the venue take no part.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tradewright.domain.enums import Arrival, Code, FillFlag, Liquidity, OrderType
from tradewright.kernels.bar_path import NEVER, Course, Wait, along, read_bar
from tradewright.kernels.birth import becomes_limit, keep_out, refuses_book, rest
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.crossing import clear_way
from tradewright.kernels.doubt import is_adverse, is_unproven
from tradewright.kernels.execution import execute, lots_now
from tradewright.kernels.liquidation import liquidate
from tradewright.kernels.margin import dies_below, liquidation_ticks
from tradewright.kernels.mark_path import has_own_mark, last_at_mark, mark_along, mark_at, scaled
from tradewright.kernels.nearness import only_touched
from tradewright.kernels.orders import NOWHERE, slot_of
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.kernels.settlement import Terms
from tradewright.kernels.slippage import taker_ticks, within_bound
from tradewright.kernels.touching import (
    follows_price,
    has_two_prices,
    is_marketable,
    is_reached,
    own_ticks,
    trigger_ticks,
    waits_below,
)
from tradewright.kernels.trailing import (
    Chase,
    end_bar,
    follow_to,
    is_doubtful,
    is_in_reach,
    is_past,
    moves_before,
    trails,
    when_trailed,
)
from tradewright.kernels.triggering import (
    close_seen,
    is_guess,
    is_held_inside,
    is_young,
    last_when_met,
    may_be_reached,
    moves_as,
    watches_mark,
    when_marked,
)
from tradewright.kernels.volume import has_volume, may_act

__all__ = ["sweep_bar"]

NOTHING = -1
LIQUIDATION = -2


class Moment(NamedTuple):
    """How far the inside of a bar has been played."""

    passed: int  # point of the path
    entered: bool  # the position was opened inside this bar in such a way that its worst mark may lie before the entry


class Event(NamedTuple):
    """What happens next."""

    slot: int  # of the order, or LIQUIDATION, or NOTHING
    when: int  # point of the path; without one, a rank
    level: int  # where the order stands then


@lean_kernel
def when_met(market: Market, course: Course, order: Any, step: int, held: int, passed: int) -> int:
    """When the bar brings a resting order to life."""
    k = order["instrument"]
    below = waits_below(order)
    level = own_ticks(order)
    if is_held_inside(market, order, step):
        return NEVER
    if watches_mark(order):
        return when_marked(market, course, order, step, held, passed)
    if course.has_path:
        return along(market, course, k, step, passed, Wait(below, trigger_ticks(order), level))
    adverse = is_adverse(order, held)
    comes_first = adverse == course.adverse_first
    reach = market.low[k, step] if below else market.high[k, step]
    if (held == 0 or not comes_first) and is_unproven(order, step, below):
        reach = market.close[k, step]
    if not is_reached(order, reach, reach):
        return NEVER
    distance = abs(level - market.open[k, step])
    # Everything on one side ranks behind everything on the other.
    return int(distance if comes_first else distance + 2 * market.high[k, step])


@lean_kernel
def when_liquidated(world: World, market: Market, course: Course, k: int, step: int, now: Moment) -> tuple[int, int]:
    """When the bar liquidates the position, and at what mark; NEVER and 0 where it spares it.

    What another instrument lost in this step may have moved the liquidation price beyond the open: then it is the open;
    beyond the present point of the path: then it is the mark there.
    """
    level = liquidation_ticks(world, market, k)
    falls = dies_below(world, market, k)
    if level == 0:
        return NEVER, 0
    if course.has_path:
        here = mark_at(market, course, k, step, now.passed)
        if here <= level if falls else here >= level:
            return now.passed, here
        return mark_along(market, course, k, step, now.passed, (falls, level)), level
    worst = market.mark_low[k, step] if falls else market.mark_high[k, step]
    reach = market.mark_close[k, step] if now.entered and not course.adverse_first else worst
    if reach > level if falls else reach < level:
        return NEVER, 0
    start = market.mark_open[k, step]
    price = int(min(level, start) if falls else max(level, start))
    extreme = market.low[k, step] if falls else market.high[k, step]
    distance = scaled(abs(price - start), abs(worst - start), abs(extreme - market.open[k, step]))
    return int(distance if course.adverse_first else distance + 2 * market.high[k, step]), price


@lean_kernel
def meeting(market: Market, course: Course, order: Any, step: int, held: int, passed: int) -> Chase:
    """When the bar brings an order to life, and where it stands then."""
    if order["type"] == OrderType.TRAILING_STOP:
        return when_trailed(market, course, order, step, held, passed)
    return Chase(when_met(market, course, order, step, held, passed), True, own_ticks(order))


@lean_kernel
def next_event(world: World, market: Market, course: Course, k: int, step: int, now: Moment) -> Event:
    """What the bar brings next. Ties go to the older order, and to orders at all."""
    held = world.positions[k]["lots"]
    slot = NOTHING
    first = NEVER
    level = 0
    for place in range(world.positions[k]["n_orders"]):
        order = world.orders[k, place]
        if not may_act(world.positions[k], order):
            continue
        found = meeting(market, course, order, step, held, now.passed)
        if found.when < first:
            slot, first, level = place, found.when, found.level
    when, price = when_liquidated(world, market, course, k, step, now)
    if when < first:
        slot, first, level = LIQUIDATION, when, price
    return Event(slot, first, level)


@lean_kernel
def reaches_liquidation(world: World, market: Market, k: int, step: int) -> bool:
    """Whether the bar holds a mark at which the position is liquidated."""
    level = liquidation_ticks(world, market, k)
    falls = dies_below(world, market, k)
    return bool(level > 0 and (market.mark_low[k, step] <= level if falls else market.mark_high[k, step] >= level))


@lean_kernel
def is_in_range(world: World, market: Market, k: int, step: int, slot: int) -> bool:
    """Whether the bar holds a price that would act on an order which has volume left."""
    order = world.orders[k, slot]
    if order["type"] == OrderType.TRAILING_STOP:
        reached = is_in_reach(market, order, step)
    else:
        reached = may_be_reached(market, order, step)
    return reached and may_act(world.positions[k], order)


@lean_kernel
def has_rival(world: World, market: Market, k: int, step: int, event: Event) -> bool:
    """Whether the bar also reaches an order, or liquidation, that may have come before what acts.

    That is what waits on the other side of the price. A trailing stop on the same side is a rival too where the other
    side may move it, so that it fires before; and so are two on one side where the mark is its own and only one of them
    watches it, as liquidation does: they follow two series.
    """
    falls = dies_below(world, market, k)
    is_axe = event.slot == LIQUIDATION
    below = falls if is_axe else waits_below(world.orders[k, event.slot])
    by_mark = is_axe or watches_mark(world.orders[k, event.slot])
    own = has_own_mark(market, k, step)
    for slot in range(world.positions[k]["n_orders"]):
        order = world.orders[k, slot]
        if slot == event.slot or not is_in_range(world, market, k, step, slot):
            continue
        if waits_below(order) != below or (own and watches_mark(order) != by_mark):
            return True
        if order["type"] == OrderType.TRAILING_STOP and moves_before(market, order, step, event.level):
            return True
    apart = own and not by_mark
    return not is_axe and (apart or falls != below) and reaches_liquidation(world, market, k, step)


@lean_kernel
def is_ambiguous(world: World, market: Market, k: int, step: int, event: Event) -> bool:
    """Whether the bar allows that the position ended otherwise, or did not end, instead of by this order."""
    order = world.orders[k, event.slot]
    if has_rival(world, market, k, step, event) or is_guess(market, order, step):
        return True
    close = close_seen(market, order, step)
    unproven = is_young(market, order, step, waits_below(order))
    if order["type"] == OrderType.TRAILING_STOP:
        return is_doubtful(market, order, step) or (unproven and not is_past(order, event.level, close))
    return unproven and not is_reached(order, close, close)


@lean_kernel
def liquidate_inside(world: World, market: Market, course: Course, k: int, step: int, now: Moment) -> bool:
    """Liquidate at the mark the bar reaches; returns whether the bar allows another outcome."""
    falls = dies_below(world, market, k)
    _, level = when_liquidated(world, market, course, k, step, now)
    close = market.mark_close[k, step]
    own = has_own_mark(market, k, step)
    unproven = now.entered and (own or (close > level if falls else close < level))
    ambiguous = bool(unproven or has_rival(world, market, k, step, Event(LIQUIDATION, 0, level)))
    price = last_at_mark(market, k, step, level)
    liquidate(world, market, k, step, price, FillFlag.AMBIGUOUS.value if ambiguous else 0)
    return ambiguous


@lean_kernel
def inside_terms(world: World, market: Market, order: Any, step: int, ambiguous: bool, was_moved: bool) -> Terms:
    """Terms of a fill inside the bar.

    A limit gets its own price as maker. A trigger gets its level, or what trades are worth where the mark is at it, and
    the costs of taking, within the bar's extremes and never beyond the limit that it has become.
    """
    k = order["instrument"]
    level = last_when_met(market, order, step)
    flags = FillFlag.AMBIGUOUS.value if ambiguous else 0
    ts = int(market.ts_close[step])
    if order["type"] == OrderType.LIMIT:
        if only_touched(market, order, step):
            flags |= FillFlag.TOUCHED.value
        return Terms(level, level, Liquidity.MAKER.value, flags, Arrival.ON_LIMIT.value, step, ts)
    ticks = taker_ticks(market, k, step, order["side"], lots_now(world, order), level)
    if order["side"] > 0:
        ticks = max(level, min(ticks, market.high[k, step]))
    else:
        ticks = min(level, max(ticks, market.low[k, step]))
    if has_two_prices(order):
        ticks = min(ticks, order["level_ticks"]) if order["side"] > 0 else max(ticks, order["level_ticks"])
    else:
        ticks = within_bound(market, k, step, order["side"], ticks, level)
    arrival = moves_as(market, order, step, was_moved)
    return Terms(int(ticks), level, Liquidity.TAKER.value, flags, arrival, step, ts)


@lean_kernel
def act_inside(world: World, market: Market, rules: Rules, order: Any, terms: Terms) -> None:
    """Fill an order that the bar has reached; what has two prices becomes a limit, which takes or rests."""
    k = order["instrument"]
    seeks_book = has_two_prices(order)
    if seeks_book:
        # It is born while price moves with its side after a stop, against it after a take-profit.
        born = terms.arrival
        if born != Arrival.IN_DOUBT:
            born = Arrival.ON_LIMIT.value if follows_price(order) else Arrival.ON_STOP.value
        becomes_limit(order, terms.step, born)
    if seeks_book or order["type"] != OrderType.LIMIT:
        slot = clear_way(world, market, k, slot_of(world, k, order["id"]), terms.reference_ticks, terms.ts)
        if slot == NOWHERE:
            return
        order = world.orders[k, slot]
    if seeks_book:
        position = world.positions[k]
        takes = is_marketable(order, terms.reference_ticks)
        code = refuses_book(position, order, takes)
        if code != Code.OK:
            keep_out(world, order, code, terms.ts)
            return
        if not (takes and has_volume(position, order)):
            rest(order)
            return
    execute(world, market, rules, order, terms)


@lean_kernel
def was_spared(world: World, market: Market, k: int, step: int) -> bool:
    """Whether the bar holds a price that would have acted on what is still open: it came before, says the policy."""
    for slot in range(world.positions[k]["n_orders"]):
        if is_in_range(world, market, k, step, slot):
            return True
    return reaches_liquidation(world, market, k, step)


@lean_kernel
def move_trails(world: World, market: Market, course: Course, k: int, step: int, moves: tuple[int, Event]) -> None:
    """Bring trailing stops to where they stand when the next event comes: along the path, if there is one."""
    passed, event = moves
    if course.has_path:
        follow_to(world, market, course, k, step, (passed, event.when))
    order = world.orders[k, event.slot]
    if order["type"] == OrderType.TRAILING_STOP:
        order["armed"] = True
        order["level_ticks"] = event.level


@lean_kernel
def is_where(order: Any, level: int) -> bool:
    """Whether a trailing stop is armed and stands at a trigger already."""
    return bool(order["armed"] and order["level_ticks"] == level)


@lean_kernel
def end_trails(world: World, market: Market, course: Course, k: int, step: int, passed: int) -> bool:
    """Let every trailing stop follow the bar to its end; returns whether the bar leaves one of them in doubt."""
    doubtful = False
    for slot in range(world.positions[k]["n_orders"]):
        order = world.orders[k, slot]
        if trails(order):
            held = world.positions[k]["lots"]
            doubtful = end_bar(market, course, order, step, held, passed) or doubtful
    return doubtful


@lean_kernel
def sweep_bar(world: World, market: Market, rules: Rules, k: int, step: int) -> None:
    """Play the inside of a bar until nothing more can happen in it."""
    course = read_bar(market, rules, k, step)
    now = Moment(0, False)
    decided = False
    while True:
        event = next_event(world, market, course, k, step, now)
        if event.slot == NOTHING:
            break
        passed = now.passed
        now = Moment(event.when, now.entered)
        if event.slot == LIQUIDATION:
            decided = liquidate_inside(world, market, course, k, step, now) or decided
            continue
        order = world.orders[k, event.slot]
        # While a limit fills, trades move against the new position; a mark of its own may have done so before.
        doubtful = not order["reduce_only"] and (follows_price(order) or has_own_mark(market, k, step))
        held = world.positions[k]["lots"]
        ambiguous = is_ambiguous(world, market, k, step, event)
        decided = decided or ambiguous
        was_moved = order["type"] == OrderType.TRAILING_STOP and not is_where(order, event.level)
        move_trails(world, market, course, k, step, (passed, event))
        act_inside(world, market, rules, order, inside_terms(world, market, order, step, ambiguous, was_moved))
        entered = doubtful and world.positions[k]["lots"] != held
        now = Moment(event.when, bool(now.entered or entered))
    decided = end_trails(world, market, course, k, step, now.passed) or decided
    if decided or was_spared(world, market, k, step):
        world.account[0]["n_ambiguous"] += 1
