"""The one risk gate: every signal and every order passes it or is refused with the numbers compared."""

from __future__ import annotations

from typing import Any, NamedTuple

from tradewright.domain.enums import Code, OnOpposite, SignalKind
from tradewright.kernels.bracket import target_of
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.filters import Proposal, filter_order, is_conditional, is_unpriced, takes_market
from tradewright.kernels.limits import find_correlation, find_heat, find_limit, risk_of_entry, risk_of_instrument
from tradewright.kernels.margin import set_aside, tier_row
from tradewright.kernels.money import notional
from tradewright.kernels.orders import has_room
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.kernels.sizing import (
    Means,
    affordable_lots,
    capped_lots,
    committed,
    fraction_at_risk,
    means_for,
    order_cost,
    stakes,
    wanted_lots,
    worst_value,
)
from tradewright.kernels.team import equity_of, equity_of_all, is_of, rules_of
from tradewright.kernels.watching import is_watched, look_back

__all__ = ["Verdict", "entry_ticks", "judge", "judge_order"]


class Verdict(NamedTuple):
    """What the gate says: a code, the numbers compared, and the lots to hold after the entry."""

    code: int
    observed: float
    limit: float
    lots: int


@lean_kernel
def bracket_size(market: Market, signal: Any) -> int:
    """How many orders an entry may need with its exits."""
    if signal["plan"] == 0:
        return 3
    plan = market.plans[signal["plan"] - 1]
    return int(3 + plan["more_targets"] + (1 if plan["callback"] > 0 else 0))


@lean_kernel
def entry_ticks(market: Market, signal: Any) -> int:
    """The price an entry counts on: the last close for what has no price of its own, its level for the others."""
    if is_unpriced(signal["order_type"]):
        return int(market.close[signal["instrument"], signal["step"]])
    return int(signal["entry_ticks"])


@lean_kernel
def refuse(code: int, observed: float, limit: float) -> Verdict:
    """A refusal with the numbers compared."""
    return Verdict(code, float(observed), float(limit), 0)


@lean_kernel
def passed(lots: int) -> Verdict:
    """Leave to go on."""
    return Verdict(Code.OK.value, 0.0, 0.0, lots)


@lean_kernel
def judge_presence(rules: Rules, signal: Any, entry: int) -> Verdict:
    """Entry, stop and target: there where they must be."""
    needs_stop = rules.require_stop or stakes(rules)
    if entry <= 0:
        return refuse(Code.ENTRY_INVALID.value, entry, 0.0)
    if needs_stop and not signal["has_stop"]:
        return refuse(Code.STOP_MISSING.value, 0.0, 0.0)
    if rules.require_target and not signal["has_target"]:
        return refuse(Code.TARGET_MISSING.value, 0.0, 0.0)
    return passed(0)


@lean_kernel
def weigh_targets(market: Market, signal: Any) -> tuple[int, float]:
    """The target nearest to the stop, and the mean of all, weighed by what each of them takes."""
    plan = market.plans[signal["plan"] - 1]
    first = int(signal["target_ticks"])
    nearest = first
    total = 0.0
    shares = 0.0
    for number in range(1 + plan["more_targets"]):
        ticks, share = target_of(plan, number, first)
        if (nearest - ticks) * signal["kind"] > 0:
            nearest = ticks
        total += ticks * share
        shares += share
    return nearest, total / shares if shares > 0.0 else float(first)


@lean_kernel
def judge_shape(market: Market, rules: Rules, signal: Any, entry: int) -> Verdict:
    """Stop and targets: on their side of the entry, and worth the risk; several targets count as their mean."""
    side = signal["kind"]
    has_both = signal["has_stop"] and signal["has_target"]
    risk = (entry - signal["stop_ticks"]) * side
    reward = (signal["target_ticks"] - entry) * side
    if signal["has_stop"] and (risk <= 0 or signal["stop_ticks"] <= 0):
        return refuse(Code.STOP_WRONG_SIDE.value, signal["stop_ticks"], entry)
    if signal["has_target"] and (reward <= 0 or signal["target_ticks"] <= 0):
        return refuse(Code.TARGET_WRONG_SIDE.value, signal["target_ticks"], entry)
    worth = float(reward)
    if has_both and signal["plan"] > 0:
        nearest, mean = weigh_targets(market, signal)
        if (nearest - entry) * side <= 0:
            return refuse(Code.TARGET_WRONG_SIDE.value, nearest, entry)
        worth = (mean - entry) * side
    # Prices were rounded to ticks on their way here, the last close alone was one already: a reward may have lost half
    # a tick at each end, and a risk have gained as much.
    slack = 0.5 if is_unpriced(signal["order_type"]) else 1.0
    if has_both and worth + slack < rules.min_reward_risk * (risk - slack):
        return refuse(Code.REWARD_RISK_TOO_LOW.value, worth / risk, rules.min_reward_risk)
    return passed(0)


@lean_kernel
def busy_rows(world: World, market: Market, skip: int) -> int:
    """Rows of the same member other than `skip` that hold a position or an order that may open one."""
    count = 0
    who = market.specs[skip]["member"]
    for k in range(world.positions.size):
        if (
            k != skip
            and is_of(market, k, who)
            and (world.positions[k]["lots"] != 0 or world.positions[k]["n_orders"] > 0)
        ):
            count += 1
    return count


@lean_kernel
def judge_position(world: World, market: Market, rules: Rules, signal: Any) -> Verdict:
    """Whether this side may be opened on this row now."""
    k = signal["instrument"]
    held = world.positions[k]["lots"]
    if held * signal["kind"] > 0 or (held != 0 and rules.on_opposite == OnOpposite.IGNORE):
        return refuse(Code.POSITION_OPEN.value, held, 0.0)
    if signal["kind"] == SignalKind.SHORT and not market.specs[k]["is_perpetual"] and held == 0:
        return refuse(Code.SHORT_NOT_ALLOWED.value, 0.0, 0.0)
    busy = busy_rows(world, market, k)
    if busy >= rules.max_positions:
        return refuse(Code.TOO_MANY_POSITIONS.value, busy, rules.max_positions)
    if not has_room(world, k, bracket_size(market, signal)):
        return refuse(Code.NO_ROOM_FOR_ORDERS.value, world.positions[k]["n_orders"], world.orders.shape[1])
    return passed(0)


@lean_kernel
def least_lots(spec: Any, kind: int) -> int:
    """The fewest lots that the venue takes in an order of a type: whole steps of it."""
    least = max(spec["min_lots"], 1)
    step = spec["market_step_lots"] if takes_market(kind) else 1
    return int(-(-least // step) * step) if step > 1 else int(least)


@lean_kernel
def cut_lots(spec: Any, kind: int, lots: int) -> int:
    """Cut a signal's lots to the most that the venue takes in one order of its type, and to whole steps of it."""
    market = takes_market(kind)
    most = spec["market_max_lots"] if market and spec["market_max_lots"] > 0 else spec["max_lots"]
    if most > 0:
        lots = min(lots, most)
    if market and spec["market_step_lots"] > 1:
        lots -= lots % spec["market_step_lots"]
    return int(lots)


@lean_kernel
def judge_means(spec: Any, means: Means, lots: int, entry: int, cost: float) -> Verdict:
    """Whether exposure cap and free margin leave room for some lots; else the sums with them, and the limits."""
    by_exposure, by_margin = affordable_lots(spec, means, entry, cost)
    value = notional(spec, lots, entry)
    if by_exposure < lots:
        return refuse(Code.EXPOSURE_EXCEEDED.value, means.exposure + value, means.most_exposure)
    if by_margin < lots:
        return refuse(Code.MARGIN_INSUFFICIENT.value, means.margin + value / spec["leverage"] * cost, means.free)
    return passed(min(by_exposure, by_margin))


@lean_kernel
def judge_wish(rules: Rules, spec: Any, signal: Any, equity: float, entry: int, part: float) -> Verdict:
    """How many lots are wanted, within the cap on a position and not fewer than the venue takes."""
    if equity <= 0.0:
        return refuse(Code.EQUITY_EXHAUSTED.value, equity, 0.0)
    wanted = wanted_lots(rules, spec, signal, equity, entry, part)
    least, unit = least_lots(spec, signal["order_type"]), spec["lots_per_unit"]
    if wanted < least:
        return refuse(Code.QUANTITY_BELOW_MINIMUM.value, wanted / unit, least / unit)
    lots = capped_lots(rules, spec, wanted, equity, entry)
    if lots < least:
        return refuse(Code.POSITION_TOO_LARGE.value, notional(spec, least, entry), equity * rules.max_position)
    return passed(lots)


@lean_kernel
def judge_size(world: World, market: Market, rules: Rules, signal: Any, entry: int, part: float) -> Verdict:
    """How many lots, if caps, minimums, margin and tier allow any; `part` is the fraction at risk."""
    k, kind = int(signal["instrument"]), int(signal["order_type"])
    spec = market.specs[k]
    equity = equity_of(world, market, spec["member"])
    wish = judge_wish(rules, spec, signal, equity, entry, part)
    if wish.code != Code.OK:
        return wish
    least, unit = least_lots(spec, kind), spec["lots_per_unit"]
    cost = order_cost(world, market, (k, int(signal["kind"]), kind), int(signal["step"]), entry)
    means = judge_means(spec, means_for(world, market, rules, (k, entry), equity), least, entry, cost)
    if means.code != Code.OK:
        return means
    lots = cut_lots(spec, kind, min(wish.lots, means.lots))
    if lots < least:
        return refuse(Code.QUANTITY_BELOW_MINIMUM.value, lots / unit, least / unit)
    value = notional(spec, lots, entry)
    if value < spec["min_notional"]:
        return refuse(Code.NOTIONAL_BELOW_MINIMUM.value, value, spec["min_notional"])
    return judge_tier(market, k, value, lots)


@lean_kernel
def judge_tier(market: Market, k: int, value: float, lots: int) -> Verdict:
    """Whether the tier of a notional grants the leverage that is set."""
    spec = market.specs[k]
    if spec["is_perpetual"] and spec["leverage"] > market.tiers[tier_row(market, k, value), 3]:
        granted = market.tiers[tier_row(market, k, value), 3]
        return refuse(Code.LEVERAGE_ABOVE_TIER.value, spec["leverage"], granted)
    return passed(lots)


@lean_kernel
def judge_venue(world: World, market: Market, order: Proposal) -> Verdict:
    """Hold an order against the venue's filters."""
    finding = filter_order(world, market, order)
    return Verdict(finding.code, finding.observed, finding.limit, order.lots)


@lean_kernel
def judge_limits(world: World, market: Market, rules: Rules, who: int, step: int) -> Verdict:
    """Whether what the account and a member have been through up to the close of a step lets anything be opened."""
    if not is_watched(market, rules):
        return passed(0)
    look_back(world, market, rules, step)
    finding = find_limit(world, market, rules, 0)
    if finding.code == Code.OK and who > 0:
        finding = find_limit(world, market, rules_of(market, rules, who), who)
    return Verdict(finding.code, finding.observed, finding.limit, 0)


@lean_kernel
def judge_heat(world: World, market: Market, rules: Rules, entry: tuple[int, float], lots: int) -> Verdict:
    """Whether the stops of all positions leave room for an entry: row of its instrument, and the risk there then.

    In a team those of the member do so too.
    """
    who = market.specs[entry[0]]["member"]
    finding = find_heat(world, market, rules, entry, 0)
    if finding.code == Code.OK and who > 0:
        finding = find_heat(world, market, rules_of(market, rules, who), entry, who)
    return Verdict(finding.code, finding.observed, finding.limit, lots)


@lean_kernel
def judge_correlation(world: World, market: Market, rules: Rules, entry: tuple[int, int, int], lots: int) -> Verdict:
    """Whether an entry (row, side, step) moves too much as what is held does, by the account's cap and the member's."""
    who = market.specs[entry[0]]["member"]
    finding = find_correlation(world, market, rules, entry, 0)
    if finding.code == Code.OK and who > 0:
        finding = find_correlation(world, market, rules_of(market, rules, who), entry, who)
    return Verdict(finding.code, finding.observed, finding.limit, lots)


@lean_kernel
def judge(world: World, market: Market, rules: Rules, signal: Any) -> Verdict:
    """Judge an entry: presence, shape, position, limits, size, filters, heat, likeness; the first refusal stands.

    `rules` are the account's; a member of a team is judged by its own, and by the account's limits as well.
    """
    entry = entry_ticks(market, signal)
    who = int(market.specs[signal["instrument"]]["member"])
    own = rules_of(market, rules, who)
    verdict = judge_presence(own, signal, entry)
    if verdict.code == Code.OK:
        verdict = judge_shape(market, own, signal, entry)
    if verdict.code == Code.OK:
        verdict = judge_position(world, market, own, signal)
    if verdict.code == Code.OK:
        verdict = judge_limits(world, market, rules, who, int(signal["step"]))
    if verdict.code == Code.OK:
        part = fraction_at_risk(world, own, who)
        if part > 0.0:
            verdict = judge_size(world, market, own, signal, entry, part)
        else:
            verdict = refuse(Code.NO_EDGE.value, part, 0.0)
    if verdict.code == Code.OK:
        k, kind = int(signal["instrument"]), int(signal["order_type"])
        verdict = judge_venue(world, market, Proposal(k, kind, int(signal["kind"]), verdict.lots, entry, False))
    if verdict.code == Code.OK:
        k, stop = int(signal["instrument"]), int(signal["stop_ticks"])
        risk = risk_of_entry(market.specs[k], verdict.lots, entry, signal["has_stop"], stop)
        verdict = judge_heat(world, market, rules, (k, risk), verdict.lots)
    if verdict.code == Code.OK:
        moves = (int(signal["instrument"]), int(signal["kind"]), int(signal["step"]))
        verdict = judge_correlation(world, market, rules, moves, verdict.lots)
    return verdict


@lean_kernel
def judge_account(world: World, market: Market, rules: Rules, k: int, equity: float) -> Verdict:
    """Whether anything that opens a position may be done on row `k` now, by the equity and the rules of its member."""
    if equity <= 0.0:
        return refuse(Code.EQUITY_EXHAUSTED.value, equity, 0.0)
    busy = busy_rows(world, market, k)
    if busy >= rules.max_positions:
        return refuse(Code.TOO_MANY_POSITIONS.value, busy, rules.max_positions)
    return passed(0)


@lean_kernel
def judge_load(world: World, market: Market, rules: Rules, order: Proposal, equity: float, step: int) -> Verdict:
    """Whether exposure, margin and tier bear an order on top of all that waits beside it (rules M-3, M-5).

    An order that waits for a trigger is asked for its margin when it acts (rule S-12). Equity is the member's own.
    """
    k = order.instrument
    spec = market.specs[k]
    ticks = order.level_ticks if order.level_ticks > 0 else world.positions[k]["mark_ticks"]
    value = notional(spec, order.lots, ticks)
    worst = worst_value(world, market, k, value if order.side > 0 else 0.0, value if order.side < 0 else 0.0)
    if rules.max_position > 0.0 and worst > equity * rules.max_position:
        return refuse(Code.POSITION_TOO_LARGE.value, worst, equity * rules.max_position)
    exposure, margin = committed(world, market, k)
    if exposure + worst > equity * rules.max_exposure:
        return refuse(Code.EXPOSURE_EXCEEDED.value, exposure + worst, equity * rules.max_exposure)
    cost = order_cost(world, market, (k, order.side, order.type), step, ticks)
    needed = worst / spec["leverage"] * cost
    free = equity_of_all(world, market, equity) - set_aside(world, market, k)
    if not is_conditional(order.type) and margin + needed > free:
        return refuse(Code.MARGIN_INSUFFICIENT.value, margin + needed, free)
    return judge_tier(market, k, worst, order.lots)


@lean_kernel
def judge_order(world: World, market: Market, rules: Rules, order: Proposal, step: int) -> Verdict:
    """Judge an order as such: room, the venue's filters, and where it may open a position, what the account bears.

    Unlike a signal it is never cut to size, and it says itself whether it is protected: no stop is asked for.
    """
    k = order.instrument
    if not has_room(world, k, 1):
        return refuse(Code.NO_ROOM_FOR_ORDERS.value, world.positions[k]["n_orders"], world.orders.shape[1])
    has_price = not is_unpriced(order.type) or order.level_ticks > 0 or world.positions[k]["mark_ticks"] > 0
    if not has_price and not order.reduces:
        return refuse(Code.NO_PRICE_YET.value, 0.0, 0.0)
    verdict = judge_venue(world, market, order)
    if verdict.code != Code.OK or order.reduces:
        return verdict
    who = int(market.specs[k]["member"])
    own = rules_of(market, rules, who)
    equity = equity_of(world, market, who)
    verdict = judge_account(world, market, own, k, equity)
    if verdict.code == Code.OK:
        verdict = judge_limits(world, market, rules, who, step)
    if verdict.code == Code.OK:
        verdict = judge_load(world, market, own, order, equity, step)
    if verdict.code == Code.OK:
        ticks = order.level_ticks if order.level_ticks > 0 else int(world.positions[k]["mark_ticks"])
        risk = risk_of_instrument(world, market, k) + risk_of_entry(market.specs[k], order.lots, ticks, False, 0)
        verdict = judge_heat(world, market, rules, (k, risk), order.lots)
    if verdict.code == Code.OK:
        verdict = judge_correlation(world, market, rules, (k, order.side, step), order.lots)
    return verdict
