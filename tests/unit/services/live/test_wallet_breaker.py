"""The breaker on the wallet, at a venue: money that leaves stops openings, the money of others does not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tradewright.domain.account import Position
from tradewright.domain.signal import Signal
from tradewright.domain.user_events import PositionsChanged
from tradewright.testing.driver_rig import DriverRig, run_driver

_LONG = Signal("long", 1_000.0, 990.0, 1_020.0)


def _halted(before: Any = None) -> str:
    async def act(rig: DriverRig) -> str:
        await rig.minutes(3)
        assert rig.held == 1.0
        assert rig.live.halted == ""
        if before is not None:
            before(rig)
        rig.venue.exchange.wallet -= Decimal(1_500)
        await rig.minutes(2)
        return rig.live.halted

    return run_driver({0: _LONG}, act)


def test_a_withdrawal_stops_openings_by_default() -> None:
    """It is seen when everything is compared next, a minute later at most; what was bought and paid before is known."""
    assert _halted() == "the venue's wallet has moved by -1500.00 beside our books"


def test_a_withdrawal_is_not_told_from_the_money_of_others() -> None:
    """Somebody holds what the session does not trade: nobody knows whose money has gone."""

    def hold(rig: DriverRig) -> None:
        held = Position("ETH/USDT:USDT", Decimal(-2), Decimal(2_000))
        rig.venue.exchange._tell(PositionsChanged((held,), rig.clock.now_ns()))

    assert _halted(hold) == ""
