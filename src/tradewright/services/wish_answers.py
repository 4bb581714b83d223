"""What a session says to a wish that was left for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tradewright.ports.clock import Clock
from tradewright.ports.session_store import SessionStore

__all__ = ["PATIENCE_S", "WishAnswer", "ask_and_hear"]

PATIENCE_S = 2.0
"""How long an answer is waited for: a session looks for wishes several times in it."""
_LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class WishAnswer:
    """What became of wishes that were left together.

    Args:
        state: `done`; `refused`, one of them at least; `waiting`: it is not known yet; `idle`: no process runs the
            session, and they are dealt with when it goes on.
        text: why it was refused, with what was done of the others; empty otherwise.
    """

    state: Literal["done", "refused", "waiting", "idle"]
    text: str = ""


async def ask_and_hear(
    sessions: SessionStore[Any], name: str, wishes: Sequence[Mapping[str, Any]], clock: Clock
) -> WishAnswer:
    """Leave wishes for a session, and wait a moment for what it says to them.

    Args:
        sessions: its store.
        name: of it.
        wishes: in their order.
        clock: to wait by.

    Raises:
        StoreError: there is no such session, or they cannot be written.
    """
    numbers = [await sessions.ask(name, wish) for wish in wishes]
    if not await sessions.is_at_work(name):
        return WishAnswer("idle")
    until = clock.monotonic() + PATIENCE_S
    while True:
        told = [await sessions.answer(name, number) for number in numbers]
        answers = [one for one in told if one is not None]
        if len(answers) == len(numbers):
            return _told(wishes, answers)
        if clock.monotonic() >= until:
            return WishAnswer("waiting")
        await clock.sleep(_LOOK_S)


def _told(wishes: Sequence[Mapping[str, Any]], answers: Sequence[str]) -> WishAnswer:
    if not any(answers):
        return WishAnswer("done")
    if len(answers) == 1:
        return WishAnswer("refused", answers[0])
    pairs = zip(wishes, answers, strict=True)
    return WishAnswer("refused", "; ".join(f"{wish['kind']}: {refusal or 'done'}" for wish, refusal in pairs))
