"""Tasks that run beside are ended, whatever becomes of a cancellation on its way."""

from __future__ import annotations

import asyncio

import pytest

from tradewright.services.ending import end_all
from tradewright.testing.simulated_time import run_simulated


@pytest.mark.parametrize("lost", [0, 1, 3])
def test_a_cancellation_that_is_lost_is_sent_again(lost):
    """As where a library takes it for a time-out of its own; others beside it end at once."""
    heard = []

    async def keeps_on():
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                heard.append(asyncio.get_running_loop().time())
                if len(heard) > lost:
                    raise

    async def fails():
        raise ValueError("of no concern")

    async def act():
        tasks = [asyncio.create_task(work) for work in (keeps_on(), fails(), asyncio.sleep(1_000))]
        await asyncio.sleep(0)
        await end_all(*tasks)
        return [task.done() for task in tasks]

    assert [True] * 3 == run_simulated(act)
    assert lost + 1 == len(heard)


def test_nobody_is_nothing_to_wait_for():
    """Where nothing runs beside, it is over at once."""
    assert None is run_simulated(end_all)
