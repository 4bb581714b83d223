"""Questions are asked side by side, some at once, and told in their order."""

from __future__ import annotations

import asyncio

import pytest

from tradewright.services.side_by_side import side_by_side
from tradewright.testing.simulated_time import run_simulated


def test_eight_are_asked_at_once_and_answers_come_in_order() -> None:
    """Twenty questions of up to a second take three, not twenty; none is lost, and none of another's answer taken."""

    async def ask(n: int) -> int:
        await asyncio.sleep(1.0 - 0.01 * n)
        return n * n

    async def act() -> tuple[list[int], float]:
        begun = asyncio.get_running_loop().time()
        return await side_by_side(ask, range(20)), asyncio.get_running_loop().time() - begun

    found, seconds = run_simulated(act)
    assert [n * n for n in range(20)] == found
    assert 2.0 < seconds < 3.0
    assert [] == run_simulated(lambda: side_by_side(ask, []))


def test_where_one_fails_the_others_are_ended() -> None:
    """Its error is what the caller hears, at once; nothing is asked after it."""
    asked: list[int] = []

    async def ask(n: int) -> None:
        asked.append(n)
        await asyncio.sleep(10.0 if n != 1 else 0.5)
        raise ValueError(f"no answer to {n}")

    async def act() -> float:
        with pytest.raises(ValueError, match="no answer to 1"):
            await side_by_side(ask, range(6), at_once=2)
        seconds = asyncio.get_running_loop().time()
        await asyncio.sleep(100.0)
        return seconds

    assert run_simulated(act) < 1.0
    assert [0, 1] == [n for n in asked if n < 2]
    assert len(asked) <= 3
