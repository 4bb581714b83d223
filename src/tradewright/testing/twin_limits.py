"""The slow twin of the limits: all that has happened is gone through anew each time somebody asks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tradewright.domain.enums import Code, OrderType, Sizing
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market
from tradewright.testing.twin_account import Books, cash
from tradewright.testing.twin_filters import Objection
from tradewright.testing.twin_order import TwinOrder

__all__ = ["LIMITS", "Past", "risk_at_stops"]

LIMITS = {*range(Code.DAY_LOSS_REACHED, Code.NO_EDGE + 1), Code.POSITION_TOO_LARGE, Code.CORRELATION_EXCEEDED}
_KEPT = 256
_MINUTE = 60 * 10**9
_DAY = 24 * 60 * _MINUTE


class Past:
    """Closes and fills so far of an account or of a member, and what the limits say to them."""

    def __init__(self, market: Market, books: Books, who: int, closes: list[float]) -> None:
        self.market = market
        self.books = books
        self.who = who
        self.balance = books.team.capital[who]
        self.closes = closes

    def day(self, step: int) -> int:
        """Which UTC day a bar belongs to: that of its open."""
        return int(self.market.ts_open[step]) // _DAY

    def week(self, step: int) -> int:
        """Which week, begun on a Monday; day 4 of 1970 was one."""
        return (self.day(step) - 4) // 7

    def objections(self, rules: Rules, step: int) -> Iterator[Objection]:
        """Every limit that has been reached by the close of a step, in the order in which they are said."""
        days, weeks = self.stretch(step, self.day), self.stretch(step, self.week)
        for limit, code, curve in (
            (rules.max_day_loss, Code.DAY_LOSS_REACHED, days),
            (rules.max_week_loss, Code.WEEK_LOSS_REACHED, weeks),
        ):
            loss = lost(curve[0], min(curve))
            if limit and loss >= limit:
                yield code, loss, limit
        curve = [self.balance, *self.closes[: step + 1]]
        deepest = max(lost(max(curve[: n + 1]), equity) for n, equity in enumerate(curve))
        if rules.max_drawdown and deepest >= rules.max_drawdown:
            yield Code.DRAWDOWN_REACHED, deepest, rules.max_drawdown
        if rules.max_losses and (row := self.losses_in_a_row(rules.max_losses, step)) >= rules.max_losses:
            yield Code.LOSSES_IN_A_ROW, row, rules.max_losses
        if losses := [fill["ts"] for fill, result, _ in self.results() if result < 0]:
            waited = int(self.market.ts_close[step]) - losses[-1]
            if waited < rules.cool_down:
                yield Code.COOLING_DOWN, waited / _MINUTE, rules.cool_down / _MINUTE
        won = -lost(days[0], max(days))
        if rules.day_target and won >= rules.day_target:
            yield Code.DAY_TARGET_MET, won, rules.day_target

    def stretch(self, step: int, period: Any) -> list[float]:
        """Equity with which the present day (or week) began, and at each of its closes so far."""
        first = min(s for s in range(step + 1) if period(s) == period(step))
        before = self.closes[first - 1] if first else self.balance
        return [before, *self.closes[first : step + 1]]

    def results(self) -> list[tuple[dict[str, Any], float, float]]:
        """Of every closed position the last fill, what it earned after the fees of its fills, and its stake."""
        held: Counter[int] = Counter()
        earned: dict[int, float] = {}
        stakes: dict[int, float] = {}
        found = []
        for fill in self.books.fills:
            k, closed = fill["instrument"], fill["closed_lots"]
            if k not in self.books.team.rows(self.who):
                continue
            fee_of_closing = cash(fill["fee"] * (closed / fill["lots"]))
            if closed:
                earned[k] = cash(earned[k] + fill["realised"] - fee_of_closing)
                held[k] -= closed
                if not held[k]:
                    found.append((fill, earned.pop(k), stakes.pop(k, 0.0)))
            if opened := fill["lots"] - closed:
                held[k] += opened
                stakes[k] = stakes.get(k, 0.0) + self.stake(fill, opened)
            earned[k] = cash(earned.get(k, 0.0) - (fill["fee"] - fee_of_closing))
        return found

    def stake(self, fill: dict[str, Any], lots: int) -> float:
        """What lots that a signal opened stand to lose at the stop that it named; 0 where it named none."""
        if fill["signal"] < 0 or not self.market.signals[fill["signal"]]["has_stop"]:
            return 0.0
        away = abs(fill["ticks"] - int(self.market.signals[fill["signal"]]["stop_ticks"]))
        return float(self.books.specs[fill["instrument"]].value(lots, away))

    def at_risk(self, rules: Rules) -> float:
        """What part of equity to lose at a stop: that of the rules, or of what the trades so far tell."""
        if rules.sizing not in {Sizing.KELLY, Sizing.OPTIMAL_F}:
            return rules.size
        multiples = [result / stake for _, result, stake in self.results() if stake and result]
        if len(multiples) < rules.kelly_trades:
            return rules.kelly_start
        told = kelly(multiples) if rules.sizing == Sizing.KELLY else vince(multiples[-_KEPT:])
        return told if told <= 0 else min(told * rules.size, rules.kelly_cap)

    def losses_in_a_row(self, enough: int, step: int) -> int:
        """Losses since the last win; so many as are enough end a day, and the next one counts anew."""
        row, day = 0, -1
        for fill, result, _ in self.results():
            today = self.day(fill["step"])
            row = 0 if today != day and row >= enough else row
            row, day = (row + 1 if result < 0 else 0 if result > 0 else row), today
        return 0 if self.day(step) != day and row >= enough else row


def kelly(multiples: list[float]) -> float:
    """Kelly's fraction by the share of wins and the mean of either kind; all of it where nothing was lost."""
    wins, losses = [r for r in multiples if r > 0], [-r for r in multiples if r < 0]
    if not (wins and losses):
        return 1.0 if wins else -1.0
    chance, payoff = len(wins) / len(multiples), mean(wins) / mean(losses)
    return chance - (1 - chance) / payoff


def vince(multiples: list[float]) -> float:
    """Optimal f in stakes: the hundredth of the account, given to the worst loss, that would have grown it most."""
    worst = -min(multiples)
    if worst <= 0:
        return 1.0

    def growth(hundredths: int) -> float:
        return sum(math.log(1.0 + hundredths / 100.0 * (r / worst)) for r in multiples)

    return max(range(100), key=growth) / 100.0 / worst


def mean(values: list[float]) -> float:
    """Plain mean, summed in order."""
    total = 0.0
    for value in values:
        total += value
    return total / len(values)


def lost(start: float, now: float) -> float:
    """A loss as a fraction of what there was."""
    return (start - now) / start if start > 0 else 0.0


def risk_at_stops(books: Books, k: int) -> float:
    """What an instrument may lose from here to its stops; what has no stop, and what waits for none, counts whole."""
    holding, spec = books.holdings[k], books.specs[k]
    risk = 0.0
    if holding.lots:
        side = 1 if holding.lots > 0 else -1
        stops = [o.level_ticks for o in holding.orders if is_stop_of(o, holding.lots)]
        risk = spec.value(holding.lots, min([holding.mark, *(max(side * (holding.mark - at), 0) for at in stops)]))
    for order in holding.orders:
        if not order.reduce_only:
            price = order.level_ticks or holding.mark
            away = abs(price - order.stop_ticks) if order.has_stop else price
            risk += spec.value(order.lots - order.filled, away)
    return risk


def is_stop_of(order: TwinOrder, held: int) -> bool:
    """Whether an order closes all of a position, at the market, once price goes against it."""
    whole = order.close_position or order.lots - order.filled >= abs(held)
    follows = order.type == OrderType.TRAILING_STOP and order.armed
    return order.reduce_only and order.side * held < 0 and whole and (follows or order.type == OrderType.STOP_MARKET)
