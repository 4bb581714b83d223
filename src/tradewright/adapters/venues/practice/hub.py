"""Who listens to what: sockets, their subscriptions, and the messages that they are sent."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tradewright.adapters.venues.practice.channels import Channel, category_of, channel_for
from tradewright.adapters.venues.practice.course import Print
from tradewright.adapters.venues.practice.exchange import NS_PER_MS, Exchange, Listener
from tradewright.adapters.venues.practice.faults import FaultBook
from tradewright.adapters.venues.practice.listen_keys import expire
from tradewright.adapters.venues.practice.orders import WireOrder
from tradewright.adapters.venues.practice.seat import Seat
from tradewright.adapters.venues.practice.spot_channels import spot_channel_for
from tradewright.adapters.venues.practice.variants import EVENTS_REQUIRED

__all__ = ["Hub", "Socket"]

_CLOSERS = {"ws_close": "close", "ws_abort": "abort"}
_KEY_LENGTH = 64
_BOOK = re.compile(r"@depth|^book-")


@dataclass(eq=False, slots=True)
class Socket:
    """One connection.

    Args:
        space: of the names of its streams: empty for futures, else of which other market it is told.
        category: public, market or private, as its path says; empty where there are none, and everything is told.
        combined: whether messages are wrapped with the name of their stream.
        opened: UTC ms.
        events: of the user stream that it wants; empty for all.
        names: of the streams that it has asked for, in that order.
        outbox: texts to be sent; an entry without text asks to `close` or `abort`.
        silent_until: it is told nothing before this time, UTC ms.
        stamped: whether wrapped messages say when they were sent, UTC ns.
        wake: called when there is something in the outbox.
    """

    space: str
    category: str
    combined: bool
    opened: int
    events: frozenset[str] = frozenset()
    names: dict[str, None] = field(default_factory=dict)
    outbox: deque[tuple[str, str]] = field(default_factory=deque)
    silent_until: int = 0
    stamped: bool = False
    wake: Callable[[], None] = lambda: None

    def put(self, text: str, action: str = "") -> None:
        """Send a text, or end the connection."""
        self.outbox.append((text, action))
        self.wake()


class Hub(Listener):
    """Brings what happens to those who listen.

    Args:
        exchange: that is listened to.
        faults: that may strike messages and sockets.
        life: after so many ms a socket is closed.
    """

    def __init__(self, exchange: Exchange, faults: FaultBook, life: int) -> None:
        self.exchange, self.faults, self._life = exchange, faults, life
        self.sockets: dict[Socket, None] = {}
        self._channels: dict[tuple[str, str], Channel] = {}
        self._by_row: dict[int, tuple[Channel, ...]] = {}  # of the channels, those that tell of a row
        self._start = exchange.now
        self._held: dict[str, dict[str, Any]] = {}
        self._late: dict[tuple[str, str], str] = {}
        self._told_at = 0  # time of the recorded message that is being told, UTC ns
        exchange.listener = self

    def seconds(self) -> float:
        """Virtual seconds since the start."""
        return (self.exchange.now - self._start) / 1_000

    def subscribe(self, socket: Socket, name: str) -> None:
        """Let a socket have a stream; an unknown one, or one of another path, stays silent."""
        key = socket.space, name
        make = spot_channel_for if socket.space else channel_for
        channel = None
        if key not in self._channels and len(name) < _KEY_LENGTH:
            channel = make(self.exchange, name, lambda data: self.send(key, data))
        self.enter(socket, name, channel)

    def enter(self, socket: Socket, name: str, channel: Channel | None) -> Channel | None:
        """Let a socket have a stream by a name; the channel is opened where the name has none yet."""
        socket.names[name] = None
        if channel is None:
            return self._channels.get((socket.space, name))
        self._by_row.clear()
        return self._channels.setdefault((socket.space, name), channel)

    def refuses_sockets(self) -> bool:
        """Whether a fault keeps new sockets out now."""
        seconds = self.seconds()
        return bool(self.faults.now("ws_refuse", seconds) or self.faults.lasting("maintenance", seconds))

    def unsubscribe(self, socket: Socket, name: str) -> None:
        """Let a socket have a stream no more."""
        socket.names.pop(name, None)
        self._tidy(socket.space, name)

    def leave(self, socket: Socket) -> None:
        """Forget a socket."""
        self.sockets.pop(socket, None)
        for name in socket.names:
            self._tidy(socket.space, name)

    def _tidy(self, space: str, name: str) -> None:
        if not any(name in socket.names and socket.space == space for socket in self.sockets):
            self._channels.pop((space, name), None)
            self._by_row.clear()

    def send(self, key: tuple[str, str], data: Any) -> None:
        """Send something, or a text as it is, to all who have a stream, unless a fault strikes it."""
        text, name, seconds = data if isinstance(data, str) else _json(data), key[1], self.seconds()
        is_gap = _BOOK.search(name) is not None and self.faults.now("depth_gap", seconds) is not None
        if is_gap or self.faults.now("stream_lost", seconds, name):
            return
        if key not in self._late and self.faults.now("stream_reorder", seconds, name):
            self._late[key] = text
            return
        times = 2 if self.faults.now("stream_duplicate", seconds, name) else 1
        for told in (*[text] * times, self._late.pop(key, "")):
            if told:
                self._spread(key, told)

    def _spread(self, key: tuple[str, str], text: str) -> None:
        space, name = key
        paths = category_of(name)
        for socket in self.sockets:
            if socket.space == space and name in socket.names and (not socket.category or socket.category in paths):
                self._put(socket, name, text)

    def _put(self, socket: Socket, name: str, text: str) -> None:
        if self.exchange.now >= socket.silent_until:
            stamp = f',"ts":{self._told_at or self.exchange.present.ts}' if socket.stamped else ""
            socket.put(f'{{"stream":"{name}","data":{text}{stamp}}}' if socket.combined else text)

    def on_trade(self, k: int, number: int, trade: Print) -> None:
        """See `Listener`."""
        for channel in self._of(k):
            channel.on_trade(k, number, trade)

    def _of(self, k: int) -> tuple[Channel, ...]:
        if k not in self._by_row:
            self._by_row[k] = tuple(channel for channel in self._channels.values() if k in channel.rows)
        return self._by_row[k]

    def on_raw(self, k: int, what: str, text: str, ts: int) -> None:
        """See `Listener`."""
        self._told_at = ts
        for channel in self._of(k):
            channel.on_raw(k, what, text)
        self._told_at = 0

    def on_forced(self, order: WireOrder) -> None:
        """See `Listener`."""
        for channel in self._of(order.k):
            channel.on_forced(order)

    def on_present(self, now: int) -> None:
        """See `Listener`."""
        for channel in tuple(self._channels.values()):
            channel.on_present(now // NS_PER_MS)

    def refresh(self) -> None:
        """Let what is due by time alone happen: books that orders have changed, ends of keys and sockets, faults."""
        now, seconds = self.exchange.now, self.seconds()
        self.on_present(self.exchange.clock.now())
        expires = self.faults.now("listen_key_expire", seconds) is not None
        for seat in self.exchange.seats.values():
            if seat.listen_key and (expires or now >= seat.listen_until):
                expire(self.exchange, seat)
        for kind, action in _CLOSERS.items():
            if self.sockets and self.faults.now(kind, seconds):
                self._end_all(action)
        if self.sockets and (fault := self.faults.now("ws_silence", seconds)):
            for socket in self.sockets:
                socket.silent_until = now + int(fault.delay * 1_000)
        for socket in tuple(self.sockets):
            if now - socket.opened >= self._life:
                socket.put("", "close")
                self.leave(socket)

    def _end_all(self, action: str) -> None:
        for socket in tuple(self.sockets):
            socket.put("", action)
            self.leave(socket)

    def on_user(self, seat: Seat, event: dict[str, Any]) -> None:
        """See `Listener`."""
        if not seat.listen_key:
            return
        seconds = self.seconds()
        if self.faults.now("user_lost", seconds):
            return
        if seat.key not in self._held and self.faults.now("user_reorder", seconds):
            self._held[seat.key] = event
            return
        times = 2 if self.faults.now("user_duplicate", seconds) else 1
        for _ in range(times):
            self._tell_user(seat, event)
        if (held := self._held.pop(seat.key, None)) is not None:
            self._tell_user(seat, held)

    def may_stick(self) -> bool:
        """See `Listener`."""
        return self.faults.waits("stuck_triggering", self.seconds())

    def sticks(self) -> bool:
        """See `Listener`."""
        return self.faults.now("stuck_triggering", self.seconds()) is not None

    def _tell_user(self, seat: Seat, event: dict[str, Any]) -> None:
        text = _json(event)
        asked = EVENTS_REQUIRED in self.exchange.house.variants
        for socket in self.sockets:
            wanted = not (socket.events or asked) or event["e"] in socket.events or event["e"] == "listenKeyExpired"
            if seat.listen_key in socket.names and not socket.space and socket.category in ("", "private") and wanted:
                self._put(socket, seat.listen_key, text)


def _json(data: Any) -> str:
    return json.dumps(data, separators=(",", ":"))
