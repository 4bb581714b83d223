"""The venue's clock is looked at as often as it must be: what is asked for each close, the close waits for."""

from __future__ import annotations

import random

from tradewright.adapters.venues.binance.history import BinanceHistory
from tradewright.adapters.venues.binance.house_rules import usdm_address, verdict
from tradewright.adapters.venues.transport.client import Client
from tradewright.adapters.venues.transport.door import Door
from tradewright.testing.gateway_sender import GatewaySender
from tradewright.testing.practice import START, a_server
from tradewright.testing.simulated_time import SimulatedClock, run_simulated


def test_thrice_at_first_and_once_while_it_is_remembered() -> None:
    """What is told is the venue's time, less what may be wrong and a second; what was forgotten is learnt anew."""

    async def act() -> list[tuple[int, float]]:
        clock = SimulatedClock(START)
        server = a_server(lambda: round(clock.monotonic() * 1e9), speed=1.0, start=START)
        sender = GatewaySender(server, clock)
        door = Door(usdm_address(), verdict=verdict)
        client = Client("practice", sender, door, clock, chance=random.Random(1))
        history, found = BinanceHistory("practice", client), []
        for wait in (0.0, 5.0, 5.0, -1.0):
            if wait < 0.0:
                door.address.offset.forget()
            await clock.sleep(max(wait, 0.0))
            before = len(sender.sent)
            now = await history.now()
            found.append((len(sender.sent) - before, (clock.now_ns() - now) / 1e9))
        return found

    looks = run_simulated(act)
    assert [3, 1, 1, 3] == [count for count, _ in looks]
    assert all(1.0 <= behind < 1.06 for _, behind in looks)
