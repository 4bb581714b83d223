"""From events to messages: who is told what, kept until it is sent. A channel that is dead delays nobody but itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from tradewright.domain.errors import StoreError, UnknownName, VenueError
from tradewright.domain.notices import AlertRule, Notice, Sending, Urgency
from tradewright.domain.times import iso
from tradewright.ports.clock import Clock
from tradewright.ports.notify import Channel, Outbox
from tradewright.services.news import Event, News
from tradewright.services.notifications.pace import Pace
from tradewright.services.notifications.wording import KINDS, kinds, worded

__all__ = ["Notifier"]

_LOOK_S = 5.0
_SECOND = 1_000_000_000
_FIRST_WAIT_S, _MOST_WAIT_S, _MOST_TRIES = 1.0, 300.0, 8
_TITLES = 20
_OLD_NS = 60 * 1_000_000_000


class Notifier:
    """Listens to what happens, and tells it.

    Args:
        channels: by which people are told.
        outbox: where messages wait, and the user's wishes lie.
        clock: to wait by.
        new_id: gives each message its name.
        most: messages in a minute to a channel; what is beyond is gathered.
    """

    def __init__(
        self, channels: Sequence[Channel], outbox: Outbox, clock: Clock, new_id: Callable[[], str], most: int = 20
    ) -> None:
        self.channels = {channel.name: channel for channel in channels}
        self._outbox, self._clock, self._new_id = outbox, clock, new_id
        self._paces = {name: Pace(most) for name in self.channels}
        self._work = {name: asyncio.Event() for name in self.channels}
        self._told_rules: dict[str, float] = {}
        self._heard = self._marked = 0

    async def run(self, news: News) -> None:
        """Tell until cancelled; what waited when the process ended is sent first, and what happened since is told."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen(news))
            group.create_task(self._gather())
            for name in self.channels:
                self._work[name].set()
                group.create_task(self._send(name))

    async def test(self, channel: str) -> None:
        """Send a test message at once.

        Raises:
            UnknownName: there is no such channel.
            VenueUnavailable: it could not be handed over.
        """
        if channel not in self.channels:
            raise UnknownName("channel", channel, self.channels)
        own = self.channels[channel]
        await own.send(*worded(Notice("test", Urgency.INFO, {}, self._clock.now_ns()), own.language))

    async def matrix(self) -> dict[str, dict[str, bool]]:
        """Which channel tells of which kind: by kind, by channel.

        Raises:
            StoreError: the wishes cannot be read.
        """
        said = await self._outbox.wishes()
        return {
            kind: {name: said.get((kind, name), kinds()[kind].is_usual) for name in self.channels} for kind in KINDS
        }

    async def hear(self, event: Event) -> None:
        """Put what an event gives into the outbox.

        Raises:
            StoreError: it cannot be written.
        """
        if event.type in KINDS and kinds()[event.type].tells(event.data):
            row = (await self.matrix())[event.type]
            notice = Notice(event.type, kinds()[event.type].urgency, event.data, event.ts)
            await self._put(notice, [name for name, is_on in row.items() if is_on])
        for rule in await self._outbox.rules():
            if self._is_due(rule, event.type, event.data):
                notice = Notice("rule", Urgency.URGENT, _of_rule(rule, event.data), event.ts)
                await self._put(notice, list(self.channels))
                self._told_rules[rule.id] = self._clock.monotonic()

    def _is_due(self, rule: AlertRule, kind: str, facts: Mapping[str, Any]) -> bool:
        if not rule.is_on or rule.kind != kind or not rule.holds(facts):
            return False
        now, last = self._clock.monotonic(), self._told_rules.get(rule.id)
        return last is None or now - last >= rule.cooldown_s

    async def _put(self, notice: Notice, names: Sequence[str]) -> None:
        now, made = self._clock.monotonic(), []
        for name in names:
            title, text = worded(notice, self.channels[name].language)
            if self._clock.now_ns() - notice.ts > _OLD_NS:
                title = f"{iso(notice.ts // _SECOND * _SECOND)}: {title}"
            if self._paces[name].may(notice, now):
                made.append(Sending(self._new_id(), name, notice.kind, title, text, notice.ts))
            else:
                self._paces[name].hold(title, now)
        if made:
            await self._outbox.put(made)
            for one in made:
                self._work[one.channel].set()

    async def _listen(self, news: News) -> None:
        with news.listening(await self._last(news)) as heard:
            async for event in heard:
                await self._surely(event)

    async def _last(self, news: News) -> int | None:
        # Where it was never told anything, what happened before is none of its business.
        while True:
            try:
                last = await self._outbox.heard()
            except StoreError:
                await self._clock.sleep(_FIRST_WAIT_S)
            else:
                self._heard = news.seen if last is None else last
                return last

    async def _surely(self, event: Event) -> None:
        # Where the database is away for a moment, the event waits for it.
        while True:
            try:
                await self.hear(event)
            except StoreError:
                await self._clock.sleep(_FIRST_WAIT_S)
            else:
                self._heard = event.number or self._heard
                return

    async def _gather(self) -> None:
        while True:
            await self._clock.sleep(_LOOK_S)
            with suppress(StoreError):
                await self.gather()
                await self.mark()

    async def gather(self) -> None:
        """Make one message of what was held back, for each channel whose minute is over.

        Raises:
            StoreError: it cannot be written.
        """
        for name, pace in self._paces.items():
            if titles := pace.digest(self._clock.monotonic()):
                shown = "\n".join(titles[:_TITLES]) + ("\n…" if len(titles) > _TITLES else "")
                notice = Notice("digest", Urgency.INFO, {"count": len(titles), "titles": "{}"}, self._clock.now_ns())
                title, text = worded(notice, self.channels[name].language)
                own = Sending(self._new_id(), name, "digest", title, text.replace("{}", shown), notice.ts)
                await self._outbox.put([own])
                self._work[name].set()

    async def mark(self) -> None:
        """Put down how far it has heard. Who dies before tells the last few seconds again, and forgets none.

        Raises:
            StoreError: it cannot be written.
        """
        if (heard := self._heard) > self._marked:
            await self._outbox.mark_heard(heard)
            self._marked = heard

    async def _send(self, name: str) -> None:
        wait = _FIRST_WAIT_S
        while True:
            await self._work[name].wait()
            self._work[name].clear()
            try:
                is_all = await self.send_waiting(name)
            except StoreError:
                is_all = False
            if is_all:
                wait = _FIRST_WAIT_S
                continue
            await self._clock.sleep(wait)
            wait = min(2 * wait, _MOST_WAIT_S)
            self._work[name].set()

    async def send_waiting(self, name: str) -> bool:
        """Send what waits for a channel, oldest first, until one cannot be handed over; whether all could.

        Raises:
            StoreError: the outbox cannot be used.
        """
        for one in await self._outbox.waiting():
            if one.channel != name:
                continue
            try:
                await self.channels[name].send(one.title, one.text)
            except VenueError as error:
                tries = one.tries + 1
                state = "given_up" if tries >= _MOST_TRIES else "waiting"
                await self._outbox.put([replace(one, tries=tries, error=str(error), state=state)])  # type: ignore[arg-type]
                return False
            await self._outbox.put([replace(one, tries=one.tries + 1, state="sent", error="")])
        return True


def _of_rule(rule: AlertRule, facts: Mapping[str, Any]) -> dict[str, Any]:
    value: Any = facts
    for part in rule.figure.split("."):
        value = value[part]
    return {
        "name": rule.name, "kind": rule.kind, "figure": rule.figure, "value": value, "sign": rule.sign,
        "limit": rule.limit,
    }  # fmt: skip
