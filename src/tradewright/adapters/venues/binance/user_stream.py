"""The user stream as it should be: nothing is lost by it, told twice, or told as if nothing had been lost.

The venue sends each event once, to whoever listens just then. Keys expire while the socket stays open, sockets fall
silent while they answer pings, and events are lost without a trace. So what was told is held against what the venue
answers when it is asked, after each break, and once a minute in any case.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, ClientWSTimeout, WSMsgType

from tradewright.adapters.venues.binance.account import BinanceAccount
from tradewright.adapters.venues.binance.forms import MS
from tradewright.adapters.venues.binance.link import KEY_REFUSED
from tradewright.adapters.venues.binance.signing import LISTEN_KEY
from tradewright.adapters.venues.binance.user_messages import EXPIRED, FUNDING, events_of
from tradewright.adapters.venues.transport.backoff import Backoff
from tradewright.adapters.venues.transport.calls import Call
from tradewright.adapters.venues.transport.told import Told
from tradewright.domain.errors import VenueError, VenueRefusal
from tradewright.domain.orders import OrderRef
from tradewright.domain.user_events import (
    BalancesChanged,
    Filled,
    Gap,
    OrderChanged,
    PositionsChanged,
    Synced,
    UserEvent,
)

__all__ = ["StreamTerms", "UserStream"]

_FAREWELL_S = 1.0
_BEFORE = 60_000 * MS
"""Trades and incomes may be listed this much later than they happened."""


@dataclass(frozen=True, slots=True)
class StreamTerms:
    """How closely a stream is watched.

    Args:
        audit_s: so often it is held against what the venue answers.
        grace_s: how much later than an answer the message of the same thing may come.
        extend_s: so often its key is extended; the venue lets it expire after an hour.
        heartbeat_s: so often the connection is pinged.
    """

    audit_s: float = 60.0
    grace_s: float = 0.5
    extend_s: float = 1_500.0
    heartbeat_s: float = 15.0


class _Broken(Exception):
    """The stream has ended, or cannot be believed any more."""


@dataclass(slots=True)
class UserStream:
    """Makes the events of an account.

    Args:
        session: that connections are made in; it is the caller's to close.
        address: `wss://host`, without a path.
        terms: how closely it is watched.
        chance: draws the waits between two connections.
    """

    session: ClientSession
    address: str
    terms: StreamTerms = field(default_factory=StreamTerms)
    chance: random.Random = field(default_factory=random.Random)

    def __call__(self, account: BinanceAccount) -> AsyncIterator[UserEvent]:
        """The events of an account, from now on."""
        return _Listener(self, account).events()


class _Listener:
    def __init__(self, stream: UserStream, account: BinanceAccount) -> None:
        self._stream, self._account, self._link = stream, account, account.link
        self._clock = account.link.client.clock
        self._told = Told()
        self._begun = self._whole_until = self._asked_at = 0
        self._is_deaf = False
        self._inbox: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    async def events(self) -> AsyncIterator[UserEvent]:
        backoff = Backoff(0.5, 30.0, self._stream.chance)
        while True:
            try:
                async with self._socket() as socket, aclosing(self._heard(socket)) as heard:
                    async for event in heard:
                        backoff.reset()
                        # Only here does it count as told: what fails on the way is found again.
                        if self._told.tell(event):
                            yield event
            except _Broken as broken:
                if self._whole_until:
                    yield Gap(self._whole_until, str(broken))
            await self._clock.sleep(backoff.next())

    @asynccontextmanager
    async def _socket(self) -> AsyncIterator[ClientWebSocketResponse]:
        answer = await self._asked(Call("POST", LISTEN_KEY, signed=True))
        address = f"{self._stream.address}/private/ws?listenKey={answer['listenKey']}"
        try:
            socket = await self._stream.session.ws_connect(
                address, heartbeat=self._stream.terms.heartbeat_s, timeout=ClientWSTimeout(ws_close=_FAREWELL_S)
            )
        except (ClientError, OSError, TimeoutError) as error:
            raise _Broken(f"no connection: {type(error).__name__}") from error  # its words may hold the key
        try:
            yield socket
        finally:
            await socket.close()

    async def _asked(self, call: Call) -> Any:
        try:
            return await self._link.ask(call)
        except VenueError as error:
            raise _final(error) from error

    async def _heard(self, socket: ClientWebSocketResponse) -> AsyncGenerator[UserEvent, None]:
        self._inbox, self._is_deaf = asyncio.Queue(), False
        reader = asyncio.create_task(self._read(socket))
        try:
            for event in await self._everything():
                yield event
            yield Synced(self._commit())
            extend_at = self._clock.monotonic() + self._stream.terms.extend_s
            while not self._is_deaf:
                async for event in self._until(self._clock.monotonic() + self._stream.terms.audit_s):
                    yield event
                if self._clock.monotonic() >= extend_at:
                    await self._asked(Call("PUT", LISTEN_KEY, signed=True))
                    extend_at += self._stream.terms.extend_s
                async for event in self._audit():
                    yield event
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)

    async def _read(self, socket: ClientWebSocketResponse) -> None:
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._inbox.put_nowait(json.loads(message.data))
        finally:
            self._inbox.put_nowait(None)

    async def _until(self, end: float) -> AsyncGenerator[UserEvent, None]:
        """The events of all messages that come until then."""
        while (left := end - self._clock.monotonic()) > 0:
            try:
                async with asyncio.timeout(left):
                    said = await self._inbox.get()
            except TimeoutError:
                return
            for event in await self._understood(said):
                yield event

    async def _understood(self, said: dict[str, Any] | None) -> list[UserEvent]:
        if said is None:
            raise _Broken("the connection was closed")
        if said.get("e") == EXPIRED:
            raise _Broken("the key of the stream has expired")
        try:
            found = events_of(self._account, await self._account.listings(), said)
        except VenueError as error:
            raise _final(error) from error
        if said.get("e") == "ACCOUNT_UPDATE" and said["a"].get("m") == FUNDING:
            found += await self._payments()
        return found

    async def _payments(self) -> list[UserEvent]:
        # The message tells a balance; what was paid, and for which instrument, stands in the list of incomes.
        try:
            return [*await self._account.payments(max(self._whole_until - _BEFORE, self._begun))]
        except VenueError as error:
            raise _final(error) from error

    async def _audit(self) -> AsyncGenerator[UserEvent, None]:
        """What is heard meanwhile, and after a `Gap` what the stream has not told though it should have."""
        found = await self._everything()
        async for event in self._until(self._clock.monotonic() + self._stream.terms.grace_s):
            yield event
        # Each event was told, or found to be old, before the next line is reached.
        self._is_deaf = any(self._told.is_news(event) for event in found)
        if not self._is_deaf:
            self._commit()
            return
        yield Gap(self._whole_until, "the stream has not told everything")
        for event in found:
            yield event  # a new connection will tell everything, and then `Synced`

    def _commit(self) -> int:
        """Everything up to the last question has been told."""
        self._whole_until = self._asked_at
        self._told.touched.clear()
        return self._whole_until

    async def _everything(self) -> list[UserEvent]:
        return [*await self._snapshot(), *await self._payments()]

    async def _snapshot(self) -> list[UserEvent]:
        try:
            return await self._asked_whole()
        except VenueError as error:
            raise _final(error) from error

    async def _asked_whole(self) -> list[UserEvent]:
        account, at = self._account, await self._link.now()
        if not self._begun:
            self._begun = at // MS * MS
        since = max(self._whole_until - _BEFORE, self._begun)
        before = dict(self._told.open)
        orders = await account.open_orders()
        still = {(one.instrument, one.client_id or one.venue_id) for one in orders}
        gone = [await account.find(one.ref) for key, one in before.items() if key not in still]
        found: list[UserEvent] = [OrderChanged(one, at) for one in (*orders, *filter(None, gone))]
        positions, balances = await account.positions(), await account.balances()
        for instrument in await self._traded(since, {one.instrument for one in positions}):
            found += await self._fills(instrument, since, at)
        found += [PositionsChanged(positions, at), BalancesChanged(balances, "", at)]
        self._asked_at = at
        return found

    async def _traded(self, since: int, held: set[str]) -> list[str]:
        # Commissions are listed for all instruments at once; what was traded without any is known otherwise.
        incomes, listings = await self._account.incomes("COMMISSION", since), await self._account.listings()
        named = {listings.name(str(row.get("symbol", ""))) for row in incomes}
        return sorted(filter(None, named | held | self._told.touched | {key[0] for key in self._told.open}))

    async def _fills(self, instrument: str, since: int, at: int) -> list[UserEvent]:
        found: list[UserEvent] = []
        for fill in await self._account.fills(instrument, since):
            if not self._told.has(fill) and (instrument, fill.client_id) not in self._told.open:
                # Its order came and went unheard.
                order = await self._account.find(OrderRef(instrument, "", venue_id=fill.order_id))
                found += [OrderChanged(order, at)] if order else []
            found.append(Filled(fill, at))
        return found


def _final(error: VenueError) -> Exception:
    """What ends a stream for good stays what it is; all else is a break."""
    if isinstance(error, VenueRefusal) and error.number in KEY_REFUSED:
        return error
    return _Broken(str(error))
