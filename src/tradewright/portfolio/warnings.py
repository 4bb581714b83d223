"""Reasons to believe a result less, in plain words with their numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tradewright.domain.run import ResultWarning, RiskSpec
from tradewright.domain.times import iso
from tradewright.domain.trade import Trade
from tradewright.portfolio.analysis import Analysis
from tradewright.portfolio.analysis.sentences import precise
from tradewright.portfolio.data_spans import COVERED, SpanFacts
from tradewright.portfolio.day_target import TargetDays
from tradewright.portfolio.metrics import Metrics

__all__ = ["TEXTS", "TOLD_TEXTS", "WarningFacts", "find_warnings", "warning_of"]

FEW_TRADES = 30
FEW_DAYS = 30
ONE_TRADE_SHARE = 0.5
ABSURD_GROWTH = 10.0
ABSURD_SHARPE = 5.0
COST_SHARE = 0.5
USUAL_REWARD_RISK = RiskSpec().min_reward_risk
TOUCHED_SHARE = 0.05
NEAR_LIQUIDATION = 0.05
DOLLARS = frozenset({"USDT", "USDC", "USD", "BUSD", "FDUSD", "TUSD", "DAI", "USDP", "USDE", "PYUSD", "USD1"})

TEXTS = {
    "leak-failed": "The leak test failed: the strategy changes past signals when the future changes ({where}). "
    "Nothing below can be earned.",
    "leak-not-run": "The leak test was not run: nobody knows whether the strategy looks into the future.",
    "liquidation": "The venue closed positions by force. Liquidations: {count}. Leverage is too high for the stops.",
    "insurance-paid": "The venue's insurance fund paid {paid} which the account no longer had. The trades made {net}; "
    "with what the fund paid the account changed by {change}.",
    "wallet-exhausted": "The account was used up: {equity} of {balance} was left at the end.",
    "absurd-growth": "The balance grew {times} times. Returns of this size nearly always mean a mistake in data, costs "
    "or logic.",
    "absurd-sharpe": "The Sharpe ratio of {sharpe} is beyond what real strategies reach ({limit} is rare). Look for a "
    "mistake before believing it.",
    "no-trades": "The strategy made no trade. There is nothing to judge.",
    "few-trades": "Closed trades: {trades}. Below {limit}, luck and skill can hardly be told apart.",
    "one-trade": "One trade (number {trade}) made {share} of the profit. Without it the result is another one.",
    "short-run": "The run covers {days} days. Annual figures from less than {limit} days mean little.",
    "zero-costs": "Fees, spread and slippage are all zero. Real trading is never free.",
    "high-costs": "Costs took {share} of the gross profit. A little more slippage would turn the result.",
    "costs-beat-profit": "Costs ({costs}) turned a gross profit of {gross} into a loss.",
    "low-reward-risk": "Signals that win only {least} times their risk were allowed; {usual} is usual. Such trades win "
    "often and little, and a few losses take it all back.",
    "data-gaps": "Bars missing in the period: {missing}, in gaps: {gaps}. Nothing was invented to fill them.",
    "data-begin-later": "Data that begin later than the run: {later}. Until then it is a run of the others alone.",
    "data-end-earlier": "Data that end before the run does: {earlier}. From then on it is a run of the others alone.",
    "held-past-data": "Positions held past the last bar of their instrument: {held}. Nobody can say what became of "
    "them: they are valued at the last price, and funding of {funding} (below 0 was paid) was settled on it.",
    "ambiguous-bars": "In {bars} bars the data does not tell what came first; the policy {policy} decided. "
    "Fills concerned: {fills} of {all_fills} ({share}). From worst to best the result differs by {spread}.",
    "ambiguity-decides": "What the bars do not tell ({spread}) weighs more than the net profit or loss ({net}). The "
    "policy made this result, not the strategy.",
    "touched-fills": "Of {fills} fills {touched} ({share}) are limit orders that the price only touched. In a queue "
    "they may not have been filled; the trades with them made {pnl}.",
    "near-liquidation": "At {when} a further move of {distance} against the account would have liquidated it. A little "
    "more leverage, or a slightly other market, and the run ends there.",
    "thick-fills": "One fill in twenty took {share} of its bar's volume or more, the largest {largest}. Orders of "
    "this size move the price against themselves; no result shows by how much.",
    "beyond-volume": "Fills larger than all that was traded in their bar: {count}. Nobody could have filled them.",
    "undrilled-bars": "Bars that leave a doubt and have no fitting finer bars stored: {bars}, drilled into: "
    "{drilled}. The policy decided them; import shorter candles of the same market.",
    "funding-assumed": "Not every funding rate of {symbols} is recorded: where one is missing, {rate} per payment "
    "is assumed.",
    "triggers-on-last": "Stops and take-profits were to watch the mark price, and of {symbols} none is recorded: they "
    "watched the last price.",
    "tiers-in-dollars": "The floors of our default margin tiers are amounts of dollars and are read as {quotes} for "
    "{symbols}: the tier, and with it margin and liquidation, is far from the venue's.",
    "default-tiers": "Margin tiers are our defaults, not the venue's own, for {symbols}: liquidation prices are "
    "approximate.",
    "other-engine": "Orders were matched by {engine}: no funding, no liquidation, no partial fills, no margin of "
    "shorts, and exits work only from the bar after the entry's.",
    "day-target": "The day's target of {target} was met on {met} of {days} days ({share}). The other days made {rest} "
    "on average. A target that is met often is no income yet.",
    "open-at-end": "Positions still open at the end: {count}. They are valued at the last close: {pnl}.",
    "many-refusals": "More signals were refused ({refused}) than taken ({taken}). The result speaks of a few of them.",
}
"""Code to sentence. The places in braces are the names in `ResultWarning.values`."""

TOLD_TEXTS = {
    "paper-session": "Paper trading on {venue}: {bars} bars as they closed, from {since}. No order reached a venue.",
    "venue-session": "Trading at {venue}: {bars} bars as they closed, from {since}. Fills and fees are the venue's.",
    "bars-missed": "Of {bars} bars {missed} were heard of too late to decide on: what waited was filled, nothing was "
    "opened.",
    "session-steered": "The session was steered by hand, times: {times}. A backtest does not know that.",
}
"""Of warnings that a run's figures do not tell of: whoever made the run does."""


@dataclass(frozen=True, slots=True)
class WarningFacts:
    """What warnings are drawn from.

    Args:
        metrics: of the run.
        trades: of the run.
        initial_balance: quote.
        final_balance: quote.
        quote: currency of the amounts.
        zero_costs: fees, spread and slippage were all zero.
        policy: by which ambiguous bars were decided.
        engine: that matched the orders.
        missing_bars: bars that the period lacks, all instruments.
        gaps: runs of missing bars.
        leak_passed: verdict of the leak test; None where it was not run.
        leak_where: the bar or reason that a failed test names.
        assumed_funding: (rate, symbols) where some rate was not recorded, else None.
        default_tiers: symbols with our default margin tiers.
        least_reward_risk: that the risk rules asked of a signal; 0 where they asked for none.
        analysis: what the result hangs on; None where nothing is known of it.
        last_triggers: symbols whose triggers were to watch a mark price that is not recorded.
        spans: where the data of instruments do not cover the run.
        target_days: how the days went beside the target set for them; None where there was none.
    """

    metrics: Metrics
    trades: Sequence[Trade]
    initial_balance: float
    final_balance: float
    quote: str
    zero_costs: bool = False
    policy: str = "worst"
    engine: str = "tradewright"
    missing_bars: int = 0
    gaps: int = 0
    leak_passed: bool | None = None
    leak_where: str = "no bar named"
    assumed_funding: tuple[float, tuple[str, ...]] | None = None
    default_tiers: tuple[str, ...] = ()
    least_reward_risk: float = USUAL_REWARD_RISK
    analysis: Analysis | None = None
    last_triggers: tuple[str, ...] = ()
    spans: SpanFacts = COVERED
    target_days: TargetDays | None = None

    def number(self, name: str) -> float:
        """A figure, 0 where it is not defined."""
        return self.metrics.values.get(name) or 0.0

    def money(self, amount: float) -> str:
        """An amount with its currency."""
        return f"{amount:,.2f} {self.quote}"


Finding = tuple[str, dict[str, Any]]


def warning_of(code: str, **values: Any) -> ResultWarning:
    """A warning that a run's figures do not tell of, with what stands in the places of its sentence."""
    return ResultWarning(code, TOLD_TEXTS[code].format(**values), values)


def find_warnings(facts: WarningFacts) -> tuple[ResultWarning, ...]:
    """List the warnings of a run, the gravest first."""
    rules: tuple[Callable[[WarningFacts], list[Finding]], ...] = (
        _leak, _ruin, _absurd, _sample, _costs, _reward, _data, _hangs, _end,
    )  # fmt: skip
    found = {code: values for rule in rules for code, values in rule(facts)}
    return tuple(
        ResultWarning(code, text.format(**found[code]), found[code]) for code, text in TEXTS.items() if code in found
    )


def _percent(fraction: float) -> str:
    return f"{100.0 * fraction:.1f} %"


def _minute(stamp: str) -> str:
    return f"{stamp[:16].replace('T', ' ')} UTC"


def _leak(facts: WarningFacts) -> list[Finding]:
    if facts.leak_passed is None:
        return [("leak-not-run", {})]
    return [] if facts.leak_passed else [("leak-failed", {"where": facts.leak_where})]


def _ruin(facts: WarningFacts) -> list[Finding]:
    found: list[Finding] = []
    if count := int(facts.number("liquidations")):
        found.append(("liquidation", {"count": count}))
    if paid := facts.number("insurance"):
        net = facts.number("net_pnl")
        values = {"paid": facts.money(paid), "net": facts.money(net), "change": facts.money(net + paid)}
        found.append(("insurance-paid", values))
    if facts.final_balance <= 0.01 * facts.initial_balance:
        values = {"equity": facts.money(facts.final_balance), "balance": facts.money(facts.initial_balance)}
        found.append(("wallet-exhausted", values))
    return found


def _absurd(facts: WarningFacts) -> list[Finding]:
    found: list[Finding] = []
    if (times := facts.final_balance / facts.initial_balance) > ABSURD_GROWTH:
        found.append(("absurd-growth", {"times": f"{times:,.1f}"}))
    if (ratio := facts.number("sharpe")) > ABSURD_SHARPE:
        found.append(("absurd-sharpe", {"sharpe": f"{ratio:,.1f}", "limit": "3"}))
    return found


def _sample(facts: WarningFacts) -> list[Finding]:
    found: list[Finding] = []
    count = int(facts.number("trades"))
    if not facts.trades:
        found.append(("no-trades", {}))
    elif count < FEW_TRADES:
        found.append(("few-trades", {"trades": count, "limit": FEW_TRADES}))
    net = facts.number("net_pnl")
    best = max(facts.trades, key=lambda trade: trade.pnl, default=None)
    if best is not None and count > 1 and net > 0.0 and best.pnl > ONE_TRADE_SHARE * net:
        found.append(("one-trade", {"trade": best.id, "share": _percent(best.pnl / net)}))
    if (days := facts.number("days")) < FEW_DAYS:
        found.append(("short-run", {"days": f"{days:.1f}", "limit": FEW_DAYS}))
    return found


def _costs(facts: WarningFacts) -> list[Finding]:
    found: list[Finding] = [("zero-costs", {})] if facts.zero_costs else []
    gross, net, share = (facts.number(name) for name in ("gross_pnl", "net_pnl", "cost_share"))
    if gross > 0.0 >= net:
        found.append(("costs-beat-profit", {"costs": facts.money(gross - net), "gross": facts.money(gross)}))
    elif share > COST_SHARE:
        found.append(("high-costs", {"share": _percent(share)}))
    return found


def _reward(facts: WarningFacts) -> list[Finding]:
    # Who asks for none has turned the rule off by hand, and knows.
    least = facts.least_reward_risk
    is_low = 0.0 < least < USUAL_REWARD_RISK
    return [("low-reward-risk", {"least": f"{least:g}", "usual": f"{USUAL_REWARD_RISK:g}"})] if is_low else []


def _data(facts: WarningFacts) -> list[Finding]:
    found: list[Finding] = []
    if facts.missing_bars:
        found.append(("data-gaps", {"missing": facts.missing_bars, "gaps": facts.gaps}))
    found += _spans(facts)
    bars, fills, doubtful = (int(facts.number(name)) for name in ("ambiguous_bars", "fills", "ambiguous_fills"))
    if bars:
        values = {"bars": bars, "fills": doubtful, "all_fills": fills, "share": _percent(doubtful / max(fills, 1))}
        spread = facts.money(facts.number("ambiguity_spread"))
        found.append(("ambiguous-bars", values | {"policy": facts.policy, "spread": spread}))
    if undrilled := int(facts.number("undrilled_bars")):
        found.append(("undrilled-bars", {"bars": undrilled, "drilled": int(facts.number("drilled_bars"))}))
    if facts.assumed_funding is not None:
        rate, symbols = facts.assumed_funding
        found.append(("funding-assumed", {"rate": f"{100.0 * rate:.4f} %", "symbols": ", ".join(symbols)}))
    if facts.last_triggers:
        found.append(("triggers-on-last", {"symbols": ", ".join(facts.last_triggers)}))
    return found + _tiers(facts)


def _tiers(facts: WarningFacts) -> list[Finding]:
    found: list[Finding] = []
    if facts.default_tiers:
        found.append(("default-tiers", {"symbols": ", ".join(facts.default_tiers)}))
    quotes = {symbol: symbol.partition("/")[2].partition(":")[0] for symbol in facts.default_tiers}
    if odd := [symbol for symbol, quote in quotes.items() if quote not in DOLLARS]:
        values = {"quotes": ", ".join(dict.fromkeys(quotes[symbol] for symbol in odd)), "symbols": ", ".join(odd)}
        found.append(("tiers-in-dollars", values))
    return found


def _spans(facts: WarningFacts) -> list[Finding]:
    spans = facts.spans
    lists = (("data-begin-later", "later"), ("data-end-earlier", "earlier"), ("held-past-data", "held"))
    found: list[Finding] = []
    for code, name in lists:
        if ends := getattr(spans, name):
            found.append((code, {name: ", ".join(f"{symbol} ({_minute(iso(ts))})" for symbol, ts in ends)}))
    if spans.held:
        found[-1][1]["funding"] = facts.money(spans.funding)
    return found


def _hangs(facts: WarningFacts) -> list[Finding]:
    if facts.analysis is None:
        return []
    found: list[Finding] = []
    hope, unsure = facts.analysis.optimism.figures, facts.analysis.doubt.figures
    if unsure["decided_fills"] and abs(unsure["spread"]) > abs(net := facts.number("net_pnl")):
        found.append(("ambiguity-decides", {"spread": facts.money(unsure["spread"]), "net": facts.money(net)}))
    if (share := hope["touched_share"] or 0.0) > TOUCHED_SHARE:
        values = {"fills": hope["fills"], "touched": hope["touched_fills"], "share": _percent(share)}
        found.append(("touched-fills", values | {"pnl": facts.money(hope["touched_pnl"])}))
    return found + _size(facts, facts.analysis)


def _size(facts: WarningFacts, analysis: Analysis) -> list[Finding]:
    found: list[Finding] = []
    bound, room = analysis.margin.figures, analysis.capacity.figures
    distance = bound["nearest_liquidation"]
    if distance is not None and distance < NEAR_LIQUIDATION and not facts.number("liquidations"):
        found.append(
            (
                "near-liquidation",
                {"when": _minute(bound["nearest_at"]), "distance": precise(distance)},
            )
        )
    if (room["high_share"] or 0.0) > room["limit"]:
        values = {"share": precise(room["high_share"]), "largest": precise(room["largest_share"])}
        found.append(("thick-fills", values))
    if room["beyond_volume"]:
        found.append(("beyond-volume", {"count": room["beyond_volume"]}))
    return found


def _end(facts: WarningFacts) -> list[Finding]:
    found: list[Finding] = [] if facts.engine == "tradewright" else [("other-engine", {"engine": facts.engine})]
    if (days := facts.target_days) is not None:
        values = {"target": precise(days.target), "met": days.met, "days": days.days, "share": _percent(days.share)}
        found.append(("day-target", values | {"rest": precise(days.rest)}))
    standing = [trade for trade in facts.trades if trade.is_open]
    if standing:
        pnl = facts.money(sum(trade.pnl for trade in standing))
        found.append(("open-at-end", {"count": len(standing), "pnl": pnl}))
    # A strategy that gives orders of its own has trades, and no entries that a signal asked for.
    refused, taken = int(facts.number("refused_signals")), max(int(facts.number("entries")), len(facts.trades))
    if refused > taken:
        found.append(("many-refusals", {"refused": refused, "taken": taken}))
    return found
