"""Every figure of a run, by name. The formulas and their sources stand in the modules this one calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tradewright.domain.enums import Code, FillFlag, OrderRole, OrderStatus
from tradewright.domain.trade import Trade
from tradewright.market.bars import FloatColumn
from tradewright.portfolio import costs, drawdown, returns, tail, trade_stats
from tradewright.portfolio.run_log import RunLog
from tradewright.portfolio.sampling import sample_returns

__all__ = ["Figures", "Metrics", "compute_metrics", "count_refusals", "member_figures", "trade_figures"]

Figures = dict[str, float | int | None]


@dataclass(frozen=True, slots=True)
class Metrics:
    """The figures of a run.

    Args:
        values: name to figure; fractions, quote currency, days and counts; None where undefined.
        per_instrument: symbol to the figures of its trades.
        sampling: `daily` or `bar`: the returns behind volatility, Sharpe, Sortino, Omega, VaR and CVaR.
    """

    values: Figures
    per_instrument: dict[str, Figures]
    sampling: str


def compute_metrics(log: RunLog, trades: Sequence[Trade]) -> Metrics:
    """Compute everything that is shown of a run.

    Risk figures are taken from daily returns (UTC day ends) where the run has at least 30 days, else from the returns
    of its bars, and are annualised with 365 days; `sampling` says which. Drawdown is measured at every close.
    """
    sample = sample_returns(log)
    values: Figures = {
        **_return_figures(log, sample.returns, sample.per_year),
        **trade_figures(trades),
        **_fill_figures(log),
        "exposure": costs.exposure(log),
        "turnover": costs.turnover(log),
        "insurance": log.insurance,
        "equity_change": log.final_equity - log.initial_balance,
    }
    per_instrument = {
        instrument.symbol: trade_figures([trade for trade in trades if trade.symbol == instrument.symbol])
        for instrument in log.instruments
    }
    return Metrics(_plain(values), {name: _plain(row) for name, row in per_instrument.items()}, sample.name)


def member_figures(log: RunLog, trades: Sequence[Trade]) -> Figures:
    """Figures of one member's equity and trades; what is counted by bars and fills is the account's alone."""
    sample = sample_returns(log)
    return _plain({**_return_figures(log, sample.returns, sample.per_year), **trade_figures(trades)})


def _return_figures(log: RunLog, sampled: FloatColumn, per_year: float) -> Figures:
    curve = np.concatenate(([log.initial_balance], log.equity))
    stamps = np.concatenate((log.ts_open[:1], log.ts_close)) if log.ts_open.size else np.zeros(1, np.int64)
    falls = drawdown.measure_drawdown(curve, stamps)
    total, years = log.final_equity / log.initial_balance - 1.0, log.days / 365.0
    growth = returns.annual_return(total, years)
    return {
        "days": log.days,
        "total_return": total,
        "annual_return": growth,
        "monthly_return": returns.monthly_return(total, years),
        "volatility": returns.volatility(sampled, per_year),
        "sharpe": returns.sharpe(sampled, per_year),
        "sortino": returns.sortino(sampled, per_year),
        "calmar": returns.calmar(growth, falls.depth),
        "omega": returns.omega(sampled),
        "max_drawdown": falls.depth,
        "max_drawdown_bars": falls.longest_bars,
        "max_drawdown_days": falls.longest_days,
        "recovery_days": falls.recovery_days,
        "ulcer_index": drawdown.ulcer_index(curve),
        "value_at_risk": tail.value_at_risk(sampled),
        "conditional_value_at_risk": tail.conditional_value_at_risk(sampled),
    }


def trade_figures(trades: Sequence[Trade]) -> Figures:
    """Figures of a group of trades; an open one counts in costs, profit split and `open_trades` only.

    `take_profits` and `stop_losses` are trades whose last fill was one, however many fills it took to end them.
    """
    closed = sorted((trade for trade in trades if not trade.is_open), key=lambda trade: (trade.ts_exit, trade.id))
    profits = np.array([trade.pnl for trade in closed])
    multiples = np.array([trade.r_multiple for trade in closed if trade.r_multiple is not None])
    return {
        "trades": len(closed),
        "open_trades": len(trades) - len(closed),
        "winning_trades": int(np.sum(profits > 0.0)),
        "losing_trades": int(np.sum(profits < 0.0)),
        "take_profits": sum(trade.exit_reason == "take_profit" for trade in closed),
        "stop_losses": sum(trade.exit_reason == "stop_loss" for trade in closed),
        "win_rate": trade_stats.win_rate(profits),
        "profit_factor": trade_stats.profit_factor(profits),
        "expectancy": trade_stats.expectancy(profits),
        "expectancy_r": trade_stats.expectancy(multiples),
        "payoff": trade_stats.payoff(profits),
        "sqn": trade_stats.system_quality(multiples),
        "best_trade": float(profits.max()) if profits.size else None,
        "worst_trade": float(profits.min()) if profits.size else None,
        "average_bars_held": _mean(closed, lambda trade: trade.bars_held),
        "average_mae": _mean(closed, lambda trade: trade.mae),
        "average_mfe": _mean(closed, lambda trade: trade.mfe),
        "longest_losing_streak": trade_stats.longest_streak([trade.pnl < 0.0 for trade in closed]),
        "longest_winning_streak": trade_stats.longest_streak([trade.pnl > 0.0 for trade in closed]),
        **_side_figures(trades),
        **costs.cost_figures(trades),
    }


def _side_figures(trades: Sequence[Trade]) -> Figures:
    figures: Figures = {}
    for side in ("long", "short"):
        mine = [trade for trade in trades if trade.side == side]
        profits = np.array([trade.pnl for trade in mine if not trade.is_open])
        figures[f"{side}_trades"] = int(profits.size)
        figures[f"{side}_win_rate"] = trade_stats.win_rate(profits)
        figures[f"{side}_pnl"] = float(sum(trade.pnl for trade in mine))
    return figures


def _fill_figures(log: RunLog) -> Figures:
    roles = log.fills["role"]
    return {
        "entries": int(np.sum(roles == OrderRole.ENTRY)),
        "exits": int(np.sum(log.fills["closed_lots"] > 0)),
        "liquidations": int(np.sum(roles == OrderRole.LIQUIDATION)),
        "fills": int(roles.size),
        "ambiguous_bars": log.ambiguous_bars,
        "ambiguous_fills": int(np.sum(log.fills["flags"] & FillFlag.AMBIGUOUS != 0)),
        "ambiguity_spread": log.ambiguity_spread,
        "drilled_bars": log.drilled_bars,
        "undrilled_bars": log.undrilled_bars,
        "refused_signals": sum(count_refusals(log).values()),
    }


def count_refusals(log: RunLog) -> dict[str, int]:
    """Count refused signals by reason: those that risk denied, and entries that the venue rejected.

    The reason is the name of its `Code` in kebab-case, such as `reward-risk-too-low`; the most frequent comes first.
    """
    rejected = log.orders[(log.orders["status"] == OrderStatus.REJECTED) & (log.orders["role"] == OrderRole.ENTRY)]
    codes = [*log.refusals["code"].tolist(), *rejected["code"].tolist()]
    counts = Counter(Code(code).name.lower().replace("_", "-") for code in codes)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _mean(trades: Sequence[Trade], field: Callable[[Trade], float]) -> float | None:
    return float(np.mean([field(trade) for trade in trades])) if trades else None


def _plain(figures: Figures) -> Figures:
    # JSON has no infinity: a figure beyond all numbers is as undefined as one without a divisor.
    return {name: value if value is None or isinstance(value, int) else returns.finite(value)
            for name, value in figures.items()}  # fmt: skip
