"""What happens to an account at an exchange of CCXT: its streams ring, and the venue is asked.

The library's streams tell triggered orders as filled, balances in another sense than its requests do, hang when keys
expire, and tell nothing of what was missed. So nothing that they say is believed: that they say something is a reason
to ask sooner than the next time that is due.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tradewright.adapters.venues.ccxt.account import CcxtAccount
from tradewright.adapters.venues.transport.backoff import Backoff
from tradewright.adapters.venues.transport.told import Told
from tradewright.domain.account import Position
from tradewright.domain.errors import VenueError, VenueRefusal
from tradewright.domain.orders import Leg, OrderRef
from tradewright.domain.user_events import (
    BalancesChanged,
    Filled,
    Gap,
    OrderChanged,
    PositionsChanged,
    Synced,
    UserEvent,
)

__all__ = ["Listener"]

_SHUT_OUT = (401, 403, 451)
_BEFORE_NS = 60_000_000_000
_BELLS = ("watchOrders", "watchMyTrades")
_METHODS = {"watchOrders": "watch_orders", "watchMyTrades": "watch_my_trades"}


@dataclass(frozen=True, slots=True)
class Listener:
    """Makes the events of an account.

    Args:
        poll_s: so often the venue is asked while its streams are silent.
        least_s: two questions are at least so far apart, however often the streams ring.
        chance: draws the waits after a failure.
    """

    poll_s: float = 10.0
    least_s: float = 0.25
    chance: random.Random = field(default_factory=random.Random)

    def __call__(self, account: CcxtAccount) -> AsyncIterator[UserEvent]:
        """The events of an account, from now on."""
        return _Listening(self, account).events()


class _Listening:
    def __init__(self, terms: Listener, account: CcxtAccount) -> None:
        self._terms, self._account = terms, account
        self._told, self._rung = Told(), asyncio.Event()
        self._begun = self._whole_until = self._asked_at = 0
        self._positions: dict[tuple[str, Leg], Position] = {}
        self._has_told = False
        self._wallets: list[tuple[str, Decimal]] | None = None

    async def events(self) -> AsyncIterator[UserEvent]:
        backoff, synced = Backoff(0.5, 30.0, self._terms.chance), False
        bells = [
            asyncio.create_task(self._ring(name)) for name in _BELLS if self._account.exchange.has.get(name) is True
        ]
        try:
            while True:
                try:
                    found = await self._asked()
                except VenueError as error:
                    if isinstance(error, VenueRefusal) and error.status in _SHUT_OUT:
                        raise
                    if synced:
                        yield Gap(self._whole_until, str(error))
                    synced = False
                    await self._account.clock.sleep(backoff.next())
                    continue
                backoff.reset()
                for event in found:
                    # Only here does it count as told: what failed on the way is found again.
                    if self._told.tell(event):
                        yield event
                self._whole_until = self._asked_at
                self._told.touched.clear()
                if not synced:
                    yield Synced(self._whole_until)
                synced = True
                await self._wait()
        finally:
            for bell in bells:
                bell.cancel()
            await asyncio.gather(*bells, return_exceptions=True)

    async def _wait(self) -> None:
        await self._account.clock.sleep(self._terms.least_s)
        try:
            async with asyncio.timeout(max(self._terms.poll_s - self._terms.least_s, 0.0)):
                await self._rung.wait()
        except TimeoutError:
            return
        finally:
            self._rung.clear()

    async def _ring(self, name: str) -> None:
        import ccxt  # noqa: PLC0415 - heavy

        watch: Any = getattr(self._account.exchange, _METHODS[name])
        backoff = Backoff(0.5, 30.0, self._terms.chance)
        while True:
            try:
                await watch()
                backoff.reset()
            except ccxt.NotSupported:
                return
            except ccxt.BaseError:
                await self._account.clock.sleep(backoff.next())
            self._rung.set()

    async def _asked(self) -> list[UserEvent]:
        account, at = self._account, await self._account.now()
        if not self._begun:
            self._begun = at // 1_000_000 * 1_000_000
        since = max(self._whole_until - _BEFORE_NS, self._begun)
        before = dict(self._told.open)
        orders = await account.open_orders()
        still = {(one.instrument, one.client_id or one.venue_id) for one in orders}
        gone = [await account.find(one.ref) for key, one in before.items() if key not in still]
        found: list[UserEvent] = [OrderChanged(one, at) for one in (*orders, *filter(None, gone))]
        positions = await account.positions() if "positions" in account.abilities.can else ()
        touched = {one.instrument for one in orders} | {one.instrument for one in positions}
        sent = set(account.sent)
        touched |= self._told.touched | sent
        touched |= {one.instrument for one in before.values()}
        for instrument in sorted(touched):
            found += await self._fills(instrument, since, at)
        found += await account.payments(since)
        balances = await account.balances()
        found += self._held(positions, at)
        if (wallets := [(one.currency, one.wallet) for one in balances]) != self._wallets:
            self._wallets = wallets
            found.append(BalancesChanged(balances, "", at))
        self._asked_at = at
        account.sent -= sent
        return found

    async def _fills(self, instrument: str, since: int, at: int) -> list[UserEvent]:
        if "fills_since" not in self._account.abilities.can:
            return []
        found: list[UserEvent] = []
        for fill in await self._account.fills(instrument, since):
            if not self._told.has(fill) and (instrument, fill.client_id) not in self._told.open:
                order = await self._account.find(OrderRef(instrument, "", venue_id=fill.order_id))
                found += [OrderChanged(order, at)] if order else []
            found.append(Filled(fill, at))
        return found

    def _held(self, positions: Sequence[Position], at: int) -> list[UserEvent]:
        held = {(one.instrument, one.leg): one for one in positions}
        changed = [one for key, one in held.items() if _shown(one) != _shown(self._positions.get(key))]
        flat = [
            Position(name, Decimal(0), Decimal(0), leg, ts=at)
            for name, leg in self._positions
            if (name, leg) not in held
        ]
        is_first, self._positions = not self._has_told, held
        self._has_told = True
        return [PositionsChanged((*changed, *flat), at)] if is_first or changed or flat else []


def _shown(position: Position | None) -> object:
    if position is None:
        return None
    return position.quantity, position.entry_price, position.leverage, position.margin_mode
