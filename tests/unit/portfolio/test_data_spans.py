"""Both ends of each instrument's data, beside those of the run."""

from __future__ import annotations

import pytest

from tradewright.domain.enums import OrderRole
from tradewright.portfolio.data_spans import FEW_BARS, SpanFacts, span_facts
from tradewright.testing.run_logs import BTC, Deal, Funding, a_run, bars_of

ETH = type(BTC)("ETH/USDT:USDT", "binance", tick_size="0.1", lot_size="0.001")
BARS = bars_of([100.0] * 30)
HOUR = 3_600_000_000_000
BEGIN, END = int(BARS.ts_open[0]), int(BARS.ts_close[-1])
WHOLE = (BEGIN, END)


def _log(deals=(), funding=()):
    return a_run((BARS, BARS), deals, funding, instruments=(BTC, ETH))


def _spans(eth):
    return {BTC.symbol: WHOLE, ETH.symbol: eth}


@pytest.mark.parametrize(("hours", "is_told"), [(FEW_BARS, False), (FEW_BARS + 1, True)])
def test_a_few_bars_less_are_not_spoken_of(hours, is_told):
    """At the limit nothing is said; one bar more is."""
    late, early = BEGIN + hours * HOUR, END - hours * HOUR
    found = span_facts(_log(), _spans((late, early)))
    assert (((ETH.symbol, late),) if is_told else ()) == found.later
    assert (((ETH.symbol, early),) if is_told else ()) == found.earlier


def test_what_is_held_when_the_bars_end_is_told_with_its_funding():
    """Held past the close of bar 19: the payment of bar 24 was settled at a price that stood still, that of 8 not."""
    log = _log(
        [Deal(2, 1, 100.0, 1.0, instrument=1)], [Funding(8, -1.0, instrument=1), Funding(24, -0.5, instrument=1)]
    )
    last = BEGIN + 20 * HOUR
    assert SpanFacts((), (), ((ETH.symbol, last),), -0.5) == span_facts(log, _spans((BEGIN, last)))


def test_what_was_closed_before_the_end_is_not_held():
    """Nor is what is held to the end of the run, or where nothing is known of the data."""
    closed = _log([Deal(2, 1, 100.0, 1.0, instrument=1), Deal(3, -1, 100.0, 1.0, OrderRole.EXIT, instrument=1)])
    assert SpanFacts() == span_facts(closed, _spans((BEGIN, END - HOUR)))
    held = _log([Deal(2, 1, 100.0, 1.0, instrument=1)])
    assert SpanFacts() == span_facts(held, _spans(WHOLE)) == span_facts(held, {})
    assert SpanFacts() == span_facts(a_run(bars_of([])), {BTC.symbol: WHOLE})
