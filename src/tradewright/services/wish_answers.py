"""What a session says to a wish that was left for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tradewright.ports.clock import Clock
from tradewright.ports.session_store import SessionStore

__all__ = ["PATIENCE_S", "WishAnswer", "ask_and_hear", "hear"]

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
    numbers = {await sessions.ask(name, wish): str(wish["kind"]) for wish in wishes}
    return await hear(sessions, name, numbers, clock)


async def hear(
    sessions: SessionStore[Any], name: str, wishes: Mapping[int, str], clock: Clock, patience_s: float = PATIENCE_S
) -> WishAnswer:
    """Wait a moment for what a session says to wishes that were left for it.

    Args:
        sessions: its store.
        name: of it.
        wishes: what each is called, by its number.
        clock: to wait by.
        patience_s: how long an answer is waited for.

    Raises:
        StoreError: there is no such session.
    """
    until = clock.monotonic() + patience_s
    while True:
        told = {called: await sessions.answer(name, number) for number, called in wishes.items()}
        answers = {called: one for called, one in told.items() if one is not None}
        if len(answers) == len(told):
            return _whole(answers)
        if not await sessions.is_at_work(name):
            return WishAnswer("idle")
        if clock.monotonic() >= until:
            return WishAnswer("waiting")
        await clock.sleep(_LOOK_S)


def _whole(answers: Mapping[str, str]) -> WishAnswer:
    if not any(answers.values()):
        return WishAnswer("done")
    if len(answers) == 1:
        return WishAnswer("refused", *answers.values())
    return WishAnswer("refused", "; ".join(f"{called}: {refusal or 'done'}" for called, refusal in answers.items()))
