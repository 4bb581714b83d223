"""The door of a practice exchange: a simulation is let in nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tradewright.domain.errors import InvalidValue, VenueUnavailable

__all__ = ["PracticeTime", "only_here", "practice_time"]

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_ANSWER_S = 5.0
_NS_PER_MS = 1_000_000


@dataclass(frozen=True, slots=True)
class PracticeTime:
    """What the clock of a practice exchange shows.

    Args:
        now: UTC ns, to the millisecond.
        speed: multiple of real time; 0 stands still.
    """

    now: int
    speed: float


def only_here(field: str, address: str) -> None:
    """See that an address is one of this machine: a simulation goes nowhere else.

    Args:
        field: that it was given in, for the words of the error.
        address: of requests or streams.

    Raises:
        InvalidValue: it is not.
    """
    if urlsplit(address).hostname not in _LOOPBACK:
        raise InvalidValue(field, address, f"an address of this machine ({', '.join(_LOOPBACK)}) in a simulation")


async def practice_time(address: str) -> PracticeTime:
    """What the clock of the practice exchange of an address shows, and how fast it goes.

    Real venues do not know the path that is asked: what does not answer it is never sent an order of a simulation.

    Args:
        address: `http://127.0.0.1:PORT`.

    Raises:
        InvalidValue: the address is not of this machine, or what answers there is no practice exchange.
        VenueUnavailable: nothing answers there.
    """
    only_here("--url", address)
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ANSWER_S)) as session,
            session.get(f"{address}/_emu/state", allow_redirects=False) as answer,
        ):
            state: Any = await answer.json(content_type=None)
            return PracticeTime(int(state["now"]) * _NS_PER_MS, float(state["speed"]))
    except (aiohttp.ClientError, TimeoutError) as error:
        raise VenueUnavailable(f"{address}: nothing answers; begin one with: tradewright exchange ({error})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidValue("--url", address, "the address of a practice exchange; something else answers") from error
