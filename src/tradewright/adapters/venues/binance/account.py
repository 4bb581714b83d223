"""An account at Binance USDT-M futures, to be read: nothing here can place, change or cancel anything."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from tradewright.adapters.venues.binance.forms import (
    ALGO_ONLY,
    MS,
    algo_of,
    balance_of,
    fill_of,
    number,
    order_of,
    position_of,
    terms_of,
)
from tradewright.adapters.venues.binance.link import Link
from tradewright.adapters.venues.binance.listings import Listings
from tradewright.adapters.venues.transport.calls import Call
from tradewright.domain.abilities import VenueAbilities
from tradewright.domain.account import AccountTerms, Balance, Fill, Position
from tradewright.domain.errors import VenueError, VenueRefusal
from tradewright.domain.instrument import Instrument
from tradewright.domain.orders import Order, OrderRef
from tradewright.domain.user_events import FundingPaid, UserEvent

__all__ = ["NO_SUCH_ORDER", "AccountStream", "BinanceAccount"]

NO_SUCH_ORDER = frozenset({-2011, -2013})
_WEEK_MS = 7 * 86_400_000 - 1
_PAGE = 1_000
_REMEMBERED = 20_000
T = TypeVar("T")

AccountStream = Callable[["BinanceAccount"], AsyncIterator[UserEvent]]
"""Makes the events of an account."""


class BinanceAccount:
    """Reads one account. Balances are meant as the domain means them: `wallet` is without open profit.

    Args:
        link: of the account.
        abilities: of the venue.
        stream: makes its events.
    """

    def __init__(self, link: Link, abilities: VenueAbilities, stream: AccountStream) -> None:
        self.link = link
        self._abilities, self._stream = abilities, stream
        self._listings: Listings | None = None
        self._names: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._conditionals: OrderedDict[str, Order] = OrderedDict()

    @property
    def abilities(self) -> VenueAbilities:
        """What the venue can do."""
        return self._abilities

    async def listings(self) -> Listings:
        """What is traded; asked for once."""
        if self._listings is None:
            info = await self.link.ask(Call("GET", "/fapi/v1/exchangeInfo"))
            brackets = await self.link.ask(Call("GET", "/fapi/v1/leverageBracket", signed=True))
            self._listings = self.read(lambda: Listings(self.link.venue, info, brackets))
        return self._listings

    def read(self, act: Callable[[], T]) -> T:
        """Read an answer.

        Raises:
            VenueError: it is not what was expected.
        """
        try:
            return act()
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise VenueError(f"{self.link.venue}: an answer that cannot be read: {error!r}") from error

    async def instruments(self) -> tuple[Instrument, ...]:
        """What is traded. Fees are those of a regular user: ask for your own before you count on them."""
        return tuple((await self.listings()).instruments.values())

    async def find(self, ref: OrderRef) -> Order | None:
        """How an order stands."""
        if ref.is_conditional:
            return await self._find_algo(ref)
        row = await self._found("/fapi/v1/order", await self._symbol(ref), "origClientOrderId", "orderId", ref)
        return None if row is None else self.take_order(row, ref.instrument)

    async def _find_algo(self, ref: OrderRef) -> Order | None:
        row = await self._found("/fapi/v1/algoOrder", await self._symbol(ref), "clientAlgoId", "algoId", ref)
        if row is None:
            return None
        order = self.read(lambda: algo_of(row, ref.instrument))
        self.remember(order)
        return await self._followed(order)

    async def _followed(self, order: Order) -> Order:
        # What was triggered lives on as a plain order: that one tells what was filled, and whether it still rests.
        if not order.triggered_id:
            return order
        became = OrderRef(order.instrument, "", venue_id=order.triggered_id)
        row = await self._found("/fapi/v1/order", await self._symbol(became), "origClientOrderId", "orderId", became)
        return order if row is None else order.joined(self.read(lambda: order_of(row, order.instrument)))

    async def _found(
        self, path: str, symbol: str, by_client: str, by_id: str, ref: OrderRef
    ) -> Mapping[str, Any] | None:
        which = {by_client: ref.client_id} if ref.client_id else {by_id: ref.venue_id}
        try:
            row: Mapping[str, Any] = await self.link.ask(Call("GET", path, {"symbol": symbol, **which}, signed=True))
        except VenueRefusal as error:
            if error.number in NO_SUCH_ORDER:
                return None
            raise
        return row

    async def _symbol(self, ref: OrderRef) -> str:
        return (await self.listings()).id(ref.instrument)

    def take_order(self, row: Mapping[str, Any], instrument: str) -> Order:
        """A plain order of an answer, as the conditional one that it was if it is known as such."""
        order = self.read(lambda: order_of(row, instrument))
        known = self._conditionals.get(order.client_id)
        if known is None or known.instrument != instrument:
            self.remember(order)
            return order
        whole = known.joined(order)
        self.remember(whole)
        return whole

    def take_algo(self, order: Order) -> Order:
        """A conditional order of a message, with what is known of the plain one that it became."""
        known = self._conditionals.get(order.client_id)
        joined = known is not None and known.triggered_id != "" and known.venue_status not in ALGO_ONLY
        if known is not None and joined and not (order.venue_status == "FINISHED" and known.is_open):
            order = replace(known, updated=max(known.updated, order.updated))
        self.remember(order)
        return order

    def remember(self, order: Order) -> None:
        """Keep by what names its fills and events will come."""
        for own in (order.venue_id, order.triggered_id):
            if own:
                _put(self._names, (order.instrument, own), order.client_id)
        if order.is_conditional:
            _put(self._conditionals, order.client_id, order)

    async def open_orders(self, instrument: str | None = None) -> tuple[Order, ...]:
        """Orders that may still fill, both kinds."""
        listings = await self.listings()
        params = {} if instrument is None else {"symbol": listings.id(instrument)}
        weight = 40 if instrument is None else 1
        waiting = await self.link.ask(Call("GET", "/fapi/v1/openAlgoOrders", params, weight=weight, signed=True))
        resting = await self.link.ask(Call("GET", "/fapi/v1/openOrders", params, weight=weight, signed=True))
        found: dict[tuple[str, str], Order] = {}
        for row in waiting:
            if name := listings.name(row["symbol"]):
                order = self.take_algo(self.read(partial(algo_of, row, name)))
                found[name, order.client_id] = order
        for row in resting:
            # Between the two answers one may have been triggered: the plain order is the later news.
            if name := listings.name(row["symbol"]):
                order = self.take_order(row, name)
                found[name, order.client_id] = order
        return tuple(one for one in found.values() if one.is_open)

    async def fills(self, instrument: str, since: int) -> tuple[Fill, ...]:
        """Every execution from a time on. The venue gives a week at a time, and a thousand rows of it."""
        symbol, found = (await self.listings()).id(instrument), dict[str, Fill]()
        begin, end = max(since // MS, 0), await self.link.now() // MS
        while begin <= end:
            span = {"symbol": symbol, "startTime": begin, "endTime": min(begin + _WEEK_MS, end), "limit": _PAGE}
            rows = await self._trades(span, instrument, found)
            while len(rows) == _PAGE:
                page = {"symbol": symbol, "fromId": int(rows[-1]["id"]) + 1, "limit": _PAGE}
                rows = await self._trades(page, instrument, found)
            begin += _WEEK_MS + 1
        return tuple(sorted((one for one in found.values() if one.ts >= since), key=lambda one: (one.ts, int(one.id))))

    async def _trades(self, params: Mapping[str, Any], instrument: str, found: dict[str, Fill]) -> list[Any]:
        rows: list[Any] = await self.link.ask(Call("GET", "/fapi/v1/userTrades", params, weight=5, signed=True))
        for row in rows:
            client_id = await self._name(instrument, str(row.get("orderId")))
            fill = self.read(partial(fill_of, row, instrument, client_id))
            found[fill.id] = fill
        return rows

    async def _name(self, instrument: str, order_id: str) -> str:
        # Trades do not tell our name of their order: it is asked for where it is not known, once.
        if (instrument, order_id) not in self._names and await self.find(
            OrderRef(instrument, "", venue_id=order_id)
        ) is None:
            _put(self._names, (instrument, order_id), "")
        return self._names.get((instrument, order_id), "")

    async def positions(self) -> tuple[Position, ...]:
        """What is not flat, with its leverage, which takes a second question."""
        listings = await self.listings()
        rows = await self.link.ask(Call("GET", "/fapi/v3/positionRisk", weight=5, signed=True))
        held = [row for row in rows if listings.name(row["symbol"])]
        terms = await self._all_terms(listings) if held else {}

        def read() -> list[Position]:
            return [position_of(row, listings.name(row["symbol"]) or "", terms.get(row["symbol"])) for row in held]

        return tuple(one for one in self.read(read) if one.quantity)

    async def _all_terms(self, listings: Listings, *ids: str) -> dict[str, AccountTerms]:
        params = {"symbol": ids[0]} if len(ids) == 1 else {}
        rows = await self.link.ask(Call("GET", "/fapi/v1/symbolConfig", params, weight=5, signed=True))
        return self.read(lambda: {row["symbol"]: terms_of(row, listings.name(row["symbol"]) or "") for row in rows})

    async def balances(self) -> tuple[Balance, ...]:
        """What is not zero."""
        answer = await self.link.ask(Call("GET", "/fapi/v3/account", weight=5, signed=True))
        found = self.read(lambda: [balance_of(row) for row in answer["assets"]])
        return tuple(one for one in found if one.wallet or one.equity)

    async def terms(self, *instruments: str) -> tuple[AccountTerms, ...]:
        """Leverage and margin mode as they are set: of one alone, or of all that there are, in one question."""
        listings = await self.listings()
        ids = [listings.id(instrument) for instrument in instruments]
        found = await self._all_terms(listings, *ids) if ids else {}
        return self.read(lambda: tuple(found[one] for one in ids))

    async def is_hedged(self) -> bool:
        """Whether long and short are held side by side."""
        answer = await self.link.ask(Call("GET", "/fapi/v1/positionSide/dual", weight=30, signed=True))
        return self.read(lambda: bool(answer["dualSidePosition"]))

    async def incomes(self, kind: str, since: int) -> list[Mapping[str, Any]]:
        """Cash that came or went since a time, UTC ns, of any instrument: rows as the venue writes them."""
        found: dict[str, Mapping[str, Any]] = {}
        begin = since // MS
        while True:
            params: dict[str, str | int] = {"incomeType": kind, "startTime": begin, "limit": _PAGE}
            rows = await self.link.ask(Call("GET", "/fapi/v1/income", params, weight=30, signed=True))
            fresh = {f"{row['symbol']}/{row['tranId']}": row for row in rows}
            if len(rows) < _PAGE or fresh.keys() <= found.keys():
                return list((found | fresh).values())
            found |= fresh
            begin = max(int(rows[-1]["time"]), begin)

    async def payments(self, since: int) -> tuple[FundingPaid, ...]:
        """See `ports.venue.AccountReader`."""
        rows, listings = await self.incomes("FUNDING_FEE", since), await self.listings()
        return self.read(
            lambda: tuple(
                FundingPaid(
                    str(row["tranId"]), number(row, "income"), str(row["asset"]),
                    listings.name(str(row.get("symbol", ""))) or "", int(row["time"]) * MS,
                )
                for row in rows
            )
        )  # fmt: skip

    async def now(self) -> int:
        """The venue's time, UTC ns."""
        return await self.link.now()

    def events(self) -> AsyncIterator[UserEvent]:
        """What happens to the account, from now on."""
        return self._stream(self)


def _put(table: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    table[key] = value
    table.move_to_end(key)
    while len(table) > _REMEMBERED:
        table.popitem(last=False)
