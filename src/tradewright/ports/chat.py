"""A bot in a chat: what people say to it, what it says to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

__all__ = ["Bot", "Button", "Heard"]


class Heard(NamedTuple):
    """Something that somebody said, or a button that they pressed.

    Attributes:
        chat: where.
        by: who.
        text: what, or the data of the button.
        press: by which a press is acknowledged; empty where something was said.
    """

    chat: str
    by: str
    text: str
    press: str = ""


class Button(NamedTuple):
    """A button below a message; `data` comes back when it is pressed."""

    text: str
    data: str


class Bot(Protocol):
    """Each method may raise `VenueUnavailable`: the service cannot be reached, or refused; the reason has no secret."""

    async def heard(self) -> Sequence[Heard]:
        """Wait a while for what people say; each is told once."""
        ...

    async def say(self, chat: str, text: str, buttons: Sequence[Button] = ()) -> None:
        """Send a message, with buttons below it."""
        ...

    async def acknowledge(self, press: str, text: str) -> None:
        """Answer who pressed a button."""
        ...
