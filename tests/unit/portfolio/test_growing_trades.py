"""Trades of a run that grows: at each step the same as if all had been put together anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tradewright.engine.outcome import log_of
from tradewright.portfolio.trades import RoundTrips, round_trips
from tradewright.testing.paper_rig import PaperRig
from tradewright.testing.run_logs import Deal, Funding, a_run, bars_of

CLOSES = [100.0, 101.0, 105.0, 103.0, 99.0, 98.0, 97.0, 104.0]


class _Beside:
    """Puts the trades of a session together at each close, twice over, and says whether both are one."""

    def __init__(self) -> None:
        self.trips, self.counts = RoundTrips(), []

    def played(self, own, _step, _heard):
        """See `services.paper.trading.Listener`."""
        log = log_of(own.session.run)
        found = self.trips.of(log)
        assert round_trips(log) == found == self.trips.of(log)
        self.counts.append(len(found))


def test_trades_of_a_session_are_the_same_close_by_close(tmp_path):
    """Two instruments, reversals, targets and stops: nothing is lost, doubled, or numbered otherwise."""
    rig = PaperRig(tmp_path)
    name = rig.begin("BTC/USDT:USDT", "ETH/USDT:USDT", params={"every": 2, "lookback": 3})
    rig.told_to = _Beside()
    rig.follow(name, 45)
    assert rig.told_to.counts[-1] > 10
    assert sorted(rig.told_to.counts) == rig.told_to.counts


@pytest.mark.parametrize("late", [False, True])
def test_what_comes_late_is_not_left_out(late):
    """Funding of a step that is behind us, as a venue may tell it, goes to the trade that it belongs to."""
    deals = [Deal(1, 1, 100.0, 1.0), Deal(3, -1, 105.0, 3.0, fee=0.3), Deal(5, 1, 99.0, 2.0), Deal(6, 1, 97.0, 1.0)]
    log = a_run(bars_of(CLOSES, reach=1.0), deals, [Funding(2, -0.25), Funding(4, 0.5)])
    first = replace(log, payments=log.payments[:0] if late else log.payments)
    trips = RoundTrips()
    assert round_trips(first) == trips.of(first)
    assert round_trips(log) == trips.of(log)
    assert [-0.25, 0.5, 0.0] == [trade.funding for trade in trips.of(log)]


def test_what_is_over_is_put_together_once():
    """However often it is asked: only what is open, and what happened in the last step, is gone through anew."""
    deals = [Deal(1, 1, 100.0, 1.0), Deal(2, -1, 105.0, 1.0), Deal(4, 1, 99.0, 2.0)]
    log = a_run(bars_of(CLOSES, reach=1.0), deals)
    trips = RoundTrips()
    first = trips.of(log)
    assert first[0] is trips.of(log)[0]
    assert first == trips.of(log)
