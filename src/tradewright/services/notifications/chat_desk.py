"""Two-way talk in a chat: how things stand, and orders that wait, confirmed or rejected by a button."""

from __future__ import annotations

import tomllib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal, Protocol

from tradewright.domain.errors import TradewrightError, VenueError
from tradewright.domain.notices import Language
from tradewright.ports.chat import Bot, Button, Heard
from tradewright.ports.clock import Clock

__all__ = ["ChatDesk", "Desk", "Verb"]

Verb = Literal["confirm", "reject"]
_FIRST_WAIT_S, _MOST_WAIT_S = 1.0, 60.0


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files(__package__).joinpath("chat.toml").read_text(encoding="utf-8"))


class Desk(Protocol):
    """What somebody in a chat may see and decide."""

    async def status(self) -> Sequence[Mapping[str, Any]]:
        """How each session stands."""
        ...

    async def positions(self) -> Sequence[Mapping[str, Any]]:
        """What is held, over all sessions."""
        ...

    async def pending(self) -> Sequence[Mapping[str, Any]]:
        """Orders that wait, each with its `session` and `order`."""
        ...

    async def decide(self, session: str, order: int, verb: Verb, by: str) -> None:
        """Let an order go, or drop it.

        Raises:
            TradewrightError: it does not wait any more.
        """
        ...


class ChatDesk:
    """Answers what is said in the allowed chats; what is said elsewhere is not answered at all.

    Args:
        bot: hears and speaks.
        desk: what is asked of.
        chats: that are allowed, by id.
        language: in which it speaks.
        clock: to wait by.
    """

    def __init__(self, bot: Bot, desk: Desk, chats: Sequence[str], language: Language, clock: Clock) -> None:
        self._bot, self._desk, self._chats, self._clock = bot, desk, frozenset(chats), clock
        self._words = _words()[language]
        self._commands: Mapping[str, Callable[[str], Awaitable[None]]] = {
            "/status": self._status, "/positions": self._positions, "/pending": self._pending,
        }  # fmt: skip

    async def run(self) -> None:
        """Hear and answer until cancelled. A service that is away is tried again by and by."""
        wait = _FIRST_WAIT_S
        while True:
            try:
                for heard in await self._bot.heard():
                    await self.answer(heard)
                wait = _FIRST_WAIT_S
            except VenueError:
                await self._clock.sleep(wait)
                wait = min(2 * wait, _MOST_WAIT_S)

    async def answer(self, heard: Heard) -> None:
        """Do what somebody asks.

        Raises:
            VenueUnavailable: the answer cannot be sent.
        """
        if heard.chat not in self._chats:
            return
        try:
            if heard.press:
                await self._pressed(heard)
            else:
                word = heard.text.split("@")[0].split(" ")[0].lower()
                await self._commands.get(word, self._help)(heard.chat)
        except VenueError:
            raise
        except TradewrightError as error:
            await self._bot.say(heard.chat, str(error))

    async def _pressed(self, heard: Heard) -> None:
        verb, _, rest = heard.text.partition(" ")
        session, _, order = rest.rpartition(" ")
        if verb not in ("confirm", "reject") or not session or not order.isdecimal():
            await self._bot.acknowledge(heard.press, "?")
            return
        try:
            await self._desk.decide(session, int(order), verb, f"telegram {heard.by}")  # type: ignore[arg-type]
        except VenueError:
            raise
        except TradewrightError as error:
            await self._bot.acknowledge(heard.press, str(error))
            return
        await self._bot.acknowledge(heard.press, self._words["confirmed" if verb == "confirm" else "rejected"])

    async def _help(self, chat: str) -> None:
        await self._bot.say(chat, self._words["help"])

    async def _status(self, chat: str) -> None:
        await self._rows(chat, await self._desk.status())

    async def _positions(self, chat: str) -> None:
        await self._rows(chat, await self._desk.positions())

    async def _rows(self, chat: str, rows: Sequence[Mapping[str, Any]]) -> None:
        lines = [", ".join(f"{name} {value}" for name, value in row.items()) for row in rows]
        await self._bot.say(chat, "\n".join(lines) or self._words["none"])

    async def _pending(self, chat: str) -> None:
        rows = await self._desk.pending()
        if not rows:
            await self._bot.say(chat, self._words["none"])
        for row in rows:
            told = {name: "-" if value is None else value for name, value in row.items()}
            text = self._words["order"].format_map(told)
            name = f"{row['session']} {row['order']}"
            buttons = [Button(self._words[verb], f"{verb} {name}") for verb in ("confirm", "reject")]
            await self._bot.say(chat, text, buttons)
