"""What jobs are about, in names alone."""

from __future__ import annotations

import pytest

from tradewright.domain.job import Job


@pytest.mark.parametrize(
    ("kind", "request_", "subject"),
    [
        (
            "backtest",
            {"strategy": "smc", "instruments": ["A", "B"], "timeframe": "1h", "venue": "x"},
            "smc · A, B · 1h",
        ),
        ("backtest", {"strategy": "smc", "instruments": ["A"], "timeframe": None}, "smc · A"),
        ("evaluation", {"strategies": ["a", "b", "c", "d"], "symbols": []}, "a, b, c, …"),
        ("download", {"symbols": ["A"], "exchange": "binance", "timeframes": ["1m"]}, "A · binance"),
        ("strategy_check", {"strategy": "smc", "symbol": None, "timeframe": None}, "smc"),
        ("drift", {"deployment": "trend"}, "trend"),
        ("data_check", {"venue": "practice", "symbol": "A", "timeframe": "1h"}, "A · 1h · practice"),
        ("data_repair", {"venue": None, "symbol": None, "timeframe": None}, ""),
    ],
)
def test_a_job_is_about_what_was_asked_for(kind, request_, subject):
    """Names that are the same in every language, a few of many; nothing where everything is meant."""
    assert subject == Job("1", kind, "", request_, "mary", 1).subject
