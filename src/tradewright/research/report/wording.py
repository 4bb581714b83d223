"""Which figures the page shows, in what order, and how each is written; its words come from `page/words.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

__all__ = ["FIGURES", "figure_rows", "page_file", "texts"]

# Family to figures: name in `metrics`, and the kind of number.
FIGURES: dict[str, tuple[tuple[str, str], ...]] = {
    "family_return": (
        ("total_return", "gain"),
        ("annual_return", "gain"),
        ("monthly_return", "gain"),
        ("sharpe", "ratio"),
        ("sortino", "ratio"),
        ("calmar", "ratio"),
        ("omega", "ratio"),
        ("days", "days"),
    ),
    "family_risk": (
        ("volatility", "percent"),
        ("max_drawdown", "percent"),
        ("max_drawdown_days", "days"),
        ("max_drawdown_bars", "bars"),
        ("recovery_days", "days"),
        ("ulcer_index", "percent"),
        ("value_at_risk", "percent"),
        ("conditional_value_at_risk", "percent"),
    ),
    "family_trades": (
        ("trades", "count"),
        ("open_trades", "count"),
        ("win_rate", "percent"),
        ("profit_factor", "ratio"),
        ("payoff", "ratio"),
        ("expectancy", "profit"),
        ("expectancy_r", "ratio"),
        ("sqn", "ratio"),
        ("best_trade", "profit"),
        ("worst_trade", "profit"),
        ("average_mae", "money"),
        ("average_mfe", "money"),
        ("average_bars_held", "bars"),
        ("longest_winning_streak", "count"),
        ("longest_losing_streak", "count"),
    ),
    "family_sides": (
        ("long_trades", "count"),
        ("long_win_rate", "percent"),
        ("long_pnl", "profit"),
        ("short_trades", "count"),
        ("short_win_rate", "percent"),
        ("short_pnl", "profit"),
    ),
    "family_costs": (
        ("gross_pnl", "profit"),
        ("fees", "money"),
        ("slippage", "money"),
        ("funding", "profit"),
        ("net_pnl", "profit"),
        ("cost_share", "percent"),
        ("insurance", "money"),
        ("equity_change", "profit"),
    ),
    "family_activity": (
        ("exposure", "percent"),
        ("turnover", "ratio"),
        ("entries", "count"),
        ("exits", "count"),
        ("take_profits", "count"),
        ("stop_losses", "count"),
        ("liquidations", "count"),
        ("ambiguous_bars", "count"),
        ("ambiguous_fills", "count"),
        ("ambiguity_spread", "money"),
        ("drilled_bars", "count"),
        ("undrilled_bars", "count"),
        ("refused_signals", "count"),
    ),
}


def page_file(name: str) -> str:
    """Read a part of the page."""
    return (files("tradewright.research.report") / "page" / name).read_text(encoding="utf-8")


def figure_rows() -> list[dict[str, Any]]:
    """Give families of figures as plain data."""
    return [{"name": name, "rows": [list(row) for row in rows]} for name, rows in FIGURES.items()]


def texts() -> dict[str, dict[str, str]]:
    """Give every text by key and language."""
    words = tomllib.loads(page_file("words.toml"))
    pairs = {**words["figures"], **words["page"]}
    pairs |= {f"refusal_{code}": pair for code, pair in words["refusals"].items()}
    pairs |= {f"warning_{code}": ("", text) for code, text in words["warnings"].items()}
    pairs |= {f"sentence_{code}": ("", text) for code, text in words["sentences"].items()}
    return {key: {"en": pair[0], "uk": pair[1]} for key, pair in sorted(pairs.items())}
