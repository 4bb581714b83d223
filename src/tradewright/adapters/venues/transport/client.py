"""Ask a venue: wait for one's turn, ask reads again, never ask a second time for what changes something."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, NoReturn

from tradewright.adapters.venues.transport.backoff import Backoff
from tradewright.adapters.venues.transport.calls import (
    Call,
    NoAnswer,
    NotSent,
    Reply,
    Sender,
    Signer,
    Verdict,
    unsigned,
)
from tradewright.adapters.venues.transport.door import Door
from tradewright.domain.errors import OutcomeUnknown, VenueRefusal, VenueUnavailable
from tradewright.ports.clock import Clock

__all__ = ["Client", "Patience"]

_ALL_OF_IT = 200


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a caller waits, and how.

    Args:
        reads_s: for the answer to a read, waits and tries together.
        bulk_s: the same for what is bulk, such as the pages of a download.
        writes_s: for the turn of a write; its answer is waited for as long as the sender does.
        first_s: longest first wait between two tries.
        most_s: longest wait between two tries.
        factor: by which the wait grows from one to the next.
        retries: times that a read is sent again at most; None for as many as there is time for. A write never is.
    """

    reads_s: float = 30.0
    bulk_s: float = 900.0
    writes_s: float = 1.0
    first_s: float = 0.25
    most_s: float = 8.0
    factor: float = 2.0
    retries: int | None = None

    def of(self, call: Call) -> float:
        """Seconds for a call."""
        if not call.is_read:
            return self.writes_s
        return self.bulk_s if call.bulk else self.reads_s

    def backoff(self, chance: random.Random) -> Backoff:
        """The waits between the tries of one call."""
        return Backoff(self.first_s, self.most_s, chance, self.factor)

    def is_spent(self, backoff: Backoff) -> bool:
        """Whether a read that was waited for so often may not be sent again."""
        return self.retries is not None and backoff.tries >= self.retries


@dataclass(slots=True)
class Client:
    """Asks one venue in the name of one account, or of none.

    Args:
        venue: name of the venue, for the words of an error.
        sender: sends a request once.
        door: what is shared with others.
        clock: our time.
        signer: writes signed calls; None for a client that makes none.
        patience: how long is waited.
        chance: draws the waits between tries.
    """

    venue: str
    sender: Sender
    door: Door
    clock: Clock
    signer: Signer | None = None
    patience: Patience = field(default_factory=Patience)
    chance: random.Random = field(default_factory=random.Random)

    async def ask(self, call: Call) -> Reply:
        """Ask; the answer says that it was done.

        Raises:
            VenueRefusal: the venue understood and refused.
            VenueUnavailable: it cannot be reached, cannot serve, or asks for quiet; a write was surely not done.
            OutcomeUnknown: a write was sent, and whether it was done is not known; ask the venue by one's own number.
        """
        until = self.clock.monotonic() + self.patience.of(call)
        backoff, why = self.patience.backoff(self.chance), ""
        while True:
            await self._turn(call, until, why)
            try:
                reply = await self._sent(call)
            except (NotSent, NoAnswer) as error:
                self._give_up_if_write(call, error)
                why = str(error)
            else:
                verdict = self.door.hear(reply, self.clock.monotonic())
                if verdict is Verdict.DONE:
                    return reply
                self._raise_if_final(call, reply, verdict)
                why = said(reply)
            await self._rest(call, backoff, until, why)

    def now_ns(self) -> int:
        """Our time, by which the venue's clock is judged; UTC ns. It passes, and nobody sets it."""
        return self.door.address.steady.now_ns(self.clock)

    async def json(self, call: Call) -> Any:
        """Ask; only the body of the answer."""
        return (await self.ask(call)).body

    async def _turn(self, call: Call, until: float, why: str) -> None:
        if call.bulk:
            async with self.door.address.line:
                await self._wait(call, until, why)
        else:
            await self._wait(call, until, why)

    async def _wait(self, call: Call, until: float, why: str) -> None:
        while wait := self.door.wait(call, now := self.clock.monotonic()):
            if now + wait > until:
                self._unavailable(call, f"{why}; may be asked again in {wait:.1f} s".removeprefix("; "))
            await self.clock.sleep(wait)
        self.door.enter(call, now)

    async def _sent(self, call: Call) -> Reply:
        try:
            return await self.sender.send(self._wire(call))
        except (NotSent, NoAnswer) as error:
            self.door.failed(error, self.clock.monotonic())
            raise

    def _wire(self, call: Call) -> Any:
        if not call.signed:
            return unsigned(call)
        if self.signer is None:
            raise VenueUnavailable(f"{self.venue}: {call.method} {call.path} needs an account, and none is set up")
        return self.signer(call, self.door.address.offset.venue_ms(self.now_ns()))

    def _give_up_if_write(self, call: Call, error: NotSent | NoAnswer) -> None:
        if call.is_read:
            return
        if isinstance(error, NotSent):
            self._unavailable(call, str(error))
        raise OutcomeUnknown(f"{self.venue}: {call.method} {call.path}: {error}; it may have been done") from error

    def _raise_if_final(self, call: Call, reply: Reply, verdict: Verdict) -> None:
        what = f"{self.venue}: {call.method} {call.path}: {said(reply)}"
        if verdict is Verdict.REFUSED:
            raise VenueRefusal(what, reply.status, number_of(reply))
        if call.is_read:
            return
        if verdict is Verdict.UNKNOWN:
            raise OutcomeUnknown(f"{what}; it may have been done")
        raise VenueUnavailable(what)

    async def _rest(self, call: Call, backoff: Backoff, until: float, why: str) -> None:
        if self.patience.is_spent(backoff):
            self._unavailable(call, f"{why} ({backoff.tries + 1} times)")
        wait = backoff.next()
        if self.clock.monotonic() + wait > until:
            self._unavailable(call, f"{why} ({backoff.tries} times)")
        await self.clock.sleep(wait)

    def _unavailable(self, call: Call, why: str) -> NoReturn:
        raise VenueUnavailable(f"{self.venue}: {call.method} {call.path}: {why}")


def said(reply: Reply) -> str:
    """What an answer says, in one line."""
    body = reply.body
    text = f"{body.get('code')} {body.get('msg')}" if isinstance(body, dict) and "code" in body else str(body)
    return f"status {reply.status}, {text[:_ALL_OF_IT]}" if text else f"status {reply.status}"


def number_of(reply: Reply) -> int | None:
    """The venue's own number of a refusal; None where it gives none."""
    code = reply.body.get("code") if isinstance(reply.body, dict) else None
    return code if isinstance(code, int) else None
