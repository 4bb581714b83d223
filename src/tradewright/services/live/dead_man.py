"""The switch for a process that dies: the venue cancels what rests, unless it is asked for more time in time."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from tradewright.domain.errors import VenueError
from tradewright.domain.mode import Mode
from tradewright.domain.orders import Done
from tradewright.services.live.session import LiveSession
from tradewright.services.live.terms import TradingPlace
from tradewright.services.side_by_side import side_by_side

__all__ = ["DeadMansSwitch"]

_PUT_OFF = 4  # times within its length: three requests in a row may be lost
_LIFTS, _REST_S = 4, 0.5


class DeadMansSwitch:
    """Armed while a session runs, where the venue has it; what waits for a trigger is not touched, and protects.

    Args:
        live: the session.
        place: where it trades; its terms say how long the venue waits for a word of ours.
        remark: a person should know of this.
        failed: a request had no answer.
    """

    def __init__(
        self, live: LiveSession, place: TradingPlace[Mode], remark: Callable[[str], None], failed: Callable[[], None]
    ) -> None:
        self._live, self._place, self._remark, self._failed = live, place, remark, failed
        self._seconds = place.terms.countdown_s if "countdown" in place.venue.abilities.can else 0.0
        self._asked, self._wrong = -math.inf, ""

    def is_due(self, now: float) -> bool:
        """Whether to ask for more time.

        Args:
            now: seconds, of a clock that is never set back.
        """
        if not self._seconds or now - self._asked < self._seconds / _PUT_OFF:
            return False
        self._asked = now
        return True

    async def put_off(self) -> None:
        """Ask for more time; the first time arms it. What is wrong with that is told once, until it works again."""
        wrong = await self._set(self._seconds)
        if wrong and not self._wrong:
            self._remark(f"the dead man's switch is not set, what rests would stay if this process died: {wrong}")
        elif self._wrong and not wrong:
            self._remark("the dead man's switch is set again")
        self._wrong = wrong

    async def lift(self) -> str:
        """The session ends as it should: what it leaves at the venue stays there. What a person should know; or empty.

        Nothing more may be sent after it.
        """
        if "countdown" not in self._place.venue.abilities.can:
            return ""
        for _ in range(_LIFTS):
            if not (wrong := await self._set(0.0)):
                return ""
            await self._place.clock.sleep(_REST_S)
        return f"the dead man's switch could not be lifted, the venue may cancel what rests: {wrong}"

    async def _set(self, seconds: float) -> str:
        # What is wrong; empty where all instruments have it.
        found = await side_by_side(partial(self._set_one, seconds), self._live.spec.instruments)
        return next((one for one in found if one), "")

    async def _set_one(self, seconds: float, symbol: str) -> str:
        try:
            outcome = await self._place.venue.count_down(symbol, seconds)
        except VenueError as error:
            self._failed()
            return str(error)
        return "" if isinstance(outcome, Done) else f"{symbol}: {outcome.text}"
