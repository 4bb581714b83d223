"""The options of `tradewright backtest` become a request."""

from __future__ import annotations

import inspect

from tradewright.cli.backtest import _request, backtest


def _given(**options):
    """What the command line hands over when only these are stated."""
    plain = {name: parameter.default for name, parameter in inspect.signature(backtest).parameters.items()}
    return plain | {"strategy": "smc", "instrument": ["BTC/USDT:USDT"]} | options


def test_options_of_fills_reach_the_run():
    """What is stated is passed on by its name; what is not is left to the defaults."""
    request = _request(_given(limit_fill="prob", fill_chance=0.25, ambiguity="best", latency_ms=250.0))
    assert {"limit_fill": "prob", "fill_chance": 0.25, "ambiguity": "best", "latency_ms": 250.0} == request.fills
    assert {} == _request(_given()).fills


def test_parameters_are_pairs():
    """Name and value, with a sign between them; blanks around them do not count."""
    assert {"fast": "20"} == _request(_given(set_=[" fast = 20 "])).params
