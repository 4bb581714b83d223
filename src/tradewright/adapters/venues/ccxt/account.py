"""An account at an exchange of CCXT, to be read."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from tradewright.adapters.venues.binance.forms import algo_of, balance_of
from tradewright.adapters.venues.ccxt.forms import MS, balances_of, fill_of, order_of, position_of
from tradewright.adapters.venues.ccxt.markets import instruments_of
from tradewright.adapters.venues.ccxt.outcomes import raise_read
from tradewright.domain.abilities import Ability, VenueAbilities
from tradewright.domain.account import AccountTerms, Balance, Fill, MarginMode, Position
from tradewright.domain.errors import UnknownName, VenueError, VenueRefusal
from tradewright.domain.instrument import Instrument
from tradewright.domain.orders import NewOrder, Order, OrderRef
from tradewright.domain.user_events import FundingPaid, UserEvent
from tradewright.ports.clock import Clock

__all__ = ["AccountListener", "CcxtAccount"]

_TRIES, _REST_S = 4, 0.2
_REMEMBERED = 20_000
_DAY_MS = 86_400_000
T = TypeVar("T")
AccountListener = Callable[["CcxtAccount"], AsyncIterator[UserEvent]]


class CcxtAccount:
    """Reads one account.

    Args:
        exchange: of the library, with keys.
        abilities: of the venue, for one kind of market.
        clock: our time.
        listener: makes its events.
    """

    def __init__(self, exchange: Any, abilities: VenueAbilities, clock: Clock, listener: AccountListener) -> None:
        self.exchange, self.clock = exchange, clock
        self._abilities, self._listener = abilities, listener
        self.sent: set[str] = set()
        """Instruments for which orders were sent; whoever listens asks for their fills, and empties it."""
        self._instruments: dict[str, Instrument] = {}
        self._known: OrderedDict[str, NewOrder] = OrderedDict()
        self._conditionals: OrderedDict[str, Order] = OrderedDict()
        self._names: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._ids: OrderedDict[tuple[str, str], str] = OrderedDict()

    @property
    def abilities(self) -> VenueAbilities:
        """What the venue can do."""
        return self._abilities

    @property
    def is_binance(self) -> bool:
        """Whether rows are Binance's, of which we know more than the library tells."""
        return str(self.exchange.id).startswith("binance")

    async def ask(self, what: Callable[[], Awaitable[T]]) -> T:
        """Read something, again if it may pass.

        Raises:
            VenueRefusal: the venue refused.
            VenueUnavailable: it could not be asked.
        """
        import ccxt  # noqa: PLC0415 - heavy

        for left in reversed(range(_TRIES)):
            try:
                return await what()
            except ccxt.BaseError as error:
                # What the library has no name for may pass as well: to ask again changes nothing.
                may_pass = isinstance(error, ccxt.OperationFailed) or type(error) is ccxt.ExchangeError
                if not left or not may_pass:
                    raise_read(self.abilities.venue, error)
                await self.clock.sleep(_REST_S)
                if isinstance(error, ccxt.InvalidNonce):
                    await self.learn_time()
            except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
                raise VenueError(f"{self.abilities.venue}: an answer that cannot be read: {error!r}") from error
        raise AssertionError

    async def learn_time(self) -> None:
        """Put our time right; a venue that tells none is left at that."""
        import ccxt  # noqa: PLC0415 - heavy

        try:
            await self.exchange.load_time_difference()
        except ccxt.BaseError:
            return

    def _need(self, ability: Ability) -> None:
        if (refused := self.abilities.lacks(ability)) is not None:
            raise VenueRefusal(refused.text)

    async def listed(self, instrument: str) -> Mapping[str, Any]:
        """The library's description of what is traded.

        Raises:
            UnknownName: it is not traded here.
        """
        await self.ask(self.exchange.load_markets)
        wanted = "linear" if self.abilities.markets == ("linear",) else "spot"
        market: Mapping[str, Any] | None = self.exchange.markets.get(instrument)
        if market is None or not market.get(wanted):
            known = (name for name, one in self.exchange.markets.items() if one.get(wanted))
            raise UnknownName("instrument", instrument, known)
        return market

    async def size(self, instrument: str) -> Decimal:
        """Of a contract, base; 1 where quantities are base already."""
        return Decimal(str((await self.listed(instrument)).get("contractSize") or 1))

    async def instruments(self) -> tuple[Instrument, ...]:
        """What is traded; margin tables where the venue tells them."""
        if not self._instruments:
            await self.ask(self.exchange.load_markets)
            tiers: Mapping[str, Any] = {}
            if "margin_tiers" in self.abilities.can:
                tiers = await self.ask(self.exchange.fetch_leverage_tiers)
            found = await self.ask(self._read(lambda: instruments_of(self.exchange, self.abilities, tiers)))
            self._instruments = {one.symbol: one for one in found}
        return tuple(self._instruments.values())

    @staticmethod
    def _read(act: Callable[[], T]) -> Callable[[], Awaitable[T]]:
        async def read() -> T:
            return act()

        return read

    def remember(self, order: Order, placed: NewOrder | None = None) -> Order:
        """Keep by what names an order, its fills and its id will be looked for."""
        if placed is not None:
            _put(self._known, placed.client_id, placed)
        if order.is_conditional and order.client_id:
            _put(self._conditionals, order.client_id, order)
        for number in filter(None, (order.venue_id, order.triggered_id)):
            _put(self._names, (order.instrument, number), order.client_id)
        if order.venue_id and order.client_id:
            _put(self._ids, (order.instrument, order.client_id), order.venue_id)
        return order

    def expect(self, order: NewOrder) -> None:
        """Keep an order that is about to be sent: whatever becomes of it, its terms are known."""
        _put(self._known, order.client_id, order)
        self.sent.add(order.instrument)

    def known_id(self, ref: OrderRef) -> str:
        """The venue's id of an order; empty where we do not know it."""
        return ref.venue_id or self._ids.get((ref.instrument, ref.client_id), "")

    async def taken(self, row: Mapping[str, Any], instrument: str) -> Order:
        """An order of an answer; of a conditional one, what became of the plain one that its trigger made."""
        size, info = await self.size(instrument), row.get("info")
        if self.is_binance and isinstance(info, dict) and "algoStatus" in info and "orderType" in info:
            return await self._followed(await self.ask(self._read(lambda: algo_of(info, instrument))))
        placed = self._known.get(str(row.get("clientOrderId") or ""))
        order = await self.ask(self._read(lambda: order_of(row, instrument, size, placed)))
        known = self._conditionals.get(order.client_id)
        if known is not None and known.instrument == instrument and order.venue_id not in ("", known.venue_id):
            order = known.joined(order)  # the plain order that a trigger made of it, under the same name
        return self.remember(order)

    async def _followed(self, order: Order) -> Order:
        # The library calls a triggered order closed and filled; the plain order tells what it is.
        if order.triggered_id:
            plain = await self._fetched(OrderRef(order.instrument, "", venue_id=order.triggered_id))
            if plain is not None:
                size = await self.size(order.instrument)
                order = order.joined(await self.ask(self._read(lambda: order_of(plain, order.instrument, size, None))))
        return self.remember(order)

    async def find(self, ref: OrderRef) -> Order | None:
        """How an order stands."""
        row = await self._fetched(ref)
        return None if row is None else await self.taken(row, ref.instrument)

    async def _fetched(self, ref: OrderRef) -> Mapping[str, Any] | None:
        import ccxt  # noqa: PLC0415 - heavy

        await self.listed(ref.instrument)
        number = self.known_id(ref)
        params: dict[str, Any] = {"trigger": True} if ref.is_conditional else {}
        if not number and "find_by_client_id" not in self.abilities.can:
            return await self._searched(ref)
        if not number:
            params |= {"clientOrderId": ref.client_id}

        async def fetch() -> Mapping[str, Any] | None:
            try:
                row: Mapping[str, Any] = await self.exchange.fetch_order(number or None, ref.instrument, params)
            except ccxt.OrderNotFound:
                return None
            return row

        return await self.ask(fetch)

    async def _searched(self, ref: OrderRef) -> Mapping[str, Any] | None:
        # A venue that finds nothing by our name shows lists of orders at least.
        for name, has in (("fetch_open_orders", "fetchOpenOrders"), ("fetch_orders", "fetchOrders"),
                          ("fetch_closed_orders", "fetchClosedOrders")):  # fmt: skip
            if self.exchange.has.get(has):
                rows: list[Mapping[str, Any]] = await self.ask(partial(getattr(self.exchange, name), ref.instrument))
                for row in rows:
                    if row.get("clientOrderId") == ref.client_id:
                        return row
        return None

    async def open_orders(self, instrument: str | None = None) -> tuple[Order, ...]:
        """Orders that may still fill; those that wait for a trigger where the venue lists them."""
        await self.ask(self.exchange.load_markets)
        kinds: list[dict[str, Any]] = [{}]
        if "open_conditionals" in self.abilities.can:
            kinds.insert(0, {"trigger": True})
        found: dict[tuple[str, str], Order] = {}
        for params in kinds:
            rows = await self.ask(partial(self.exchange.fetch_open_orders, instrument, params=params))
            for row in rows:
                order = await self.taken(row, row["symbol"])
                found[order.instrument, order.client_id or order.venue_id] = order
        return tuple(one for one in found.values() if one.is_open)

    async def fills(self, instrument: str, since: int) -> tuple[Fill, ...]:
        """Every execution from a time on, by pages and, where the venue looks no further, by spans of days."""
        self._need("fills_since")
        size, found = await self.size(instrument), dict[str, Fill]()
        begin, end = max(since // MS, 0), await self.now() // MS
        days = self._trade_terms().get("untilDays")
        span = int(days * _DAY_MS) - 1 if days else end - begin + 1
        while begin <= end:
            params = {"until": min(begin + span, end)} if days else {}
            await self._page(instrument, begin, params, lambda row, name: fill_of(row, instrument, size, name), found)
            begin += span + 1
        return tuple(sorted((one for one in found.values() if one.ts >= since), key=lambda one: one.ts))

    def _trade_terms(self) -> Mapping[str, Any]:
        features = getattr(self.exchange, "features", None) or {}
        kind = (
            (features.get("swap") or {}).get("linear")
            if self.abilities.markets == ("linear",)
            else features.get("spot")
        )
        terms: Mapping[str, Any] = (kind or {}).get("fetchMyTrades") or {}
        return terms

    async def _page(
        self, instrument: str, begin: int, params: Mapping[str, Any],
        read: Callable[[Mapping[str, Any], str], Fill], found: dict[str, Fill],
    ) -> None:  # fmt: skip
        limit = self._trade_terms().get("limit")
        while True:
            rows = await self.ask(
                lambda: self.exchange.fetch_my_trades(instrument, begin, limit, dict(params))  # noqa: B023 - asked at once
            )
            fresh = [row for row in rows if str(row.get("id")) not in found]
            for row in fresh:
                name = await self._name(instrument, str(row.get("order") or ""))
                fill = await self.ask(self._read(partial(read, row, name)))
                found[fill.id] = fill
            if not fresh or not limit or len(rows) < limit:
                return
            begin = max(int(rows[-1]["timestamp"]), begin)

    async def _name(self, instrument: str, number: str) -> str:
        if number and (instrument, number) not in self._names:
            await self.find(OrderRef(instrument, "", venue_id=number))
            self._names.setdefault((instrument, number), "")
        return self._names.get((instrument, number), "")

    async def positions(self) -> tuple[Position, ...]:
        """What is not flat."""
        self._need("positions")
        # Binance's present answer leaves the leverage out.
        params = {"useV2": True} if self.is_binance else {}
        rows = await self.ask(lambda: self.exchange.fetch_positions(None, params))
        found = []
        for row in rows:
            size = await self.size(row["symbol"])
            found.append(await self.ask(self._read(partial(position_of, row, row["symbol"], size))))
        return tuple(one for one in found if one.quantity)

    async def balances(self) -> tuple[Balance, ...]:
        """What is not zero. Binance's wallet is read from its own row: the library's total counts open profit in."""
        answer = await self.ask(self.exchange.fetch_balance)
        info = answer.get("info")
        if self.is_binance and isinstance(info, dict) and "assets" in info:
            found = await self.ask(self._read(lambda: [balance_of(row) for row in info["assets"]]))
            return tuple(one for one in found if one.wallet or one.equity)
        return await self.ask(self._read(lambda: balances_of(answer)))

    async def terms(self, *instruments: str) -> tuple[AccountTerms, ...]:
        """Leverage and margin mode as they are set, asked for one by one: few venues tell of several at once."""
        return tuple([await self._terms(instrument) for instrument in instruments])

    async def _terms(self, instrument: str) -> AccountTerms:
        self._need("leverage")
        await self.listed(instrument)
        row = await self.ask(lambda: self.exchange.fetch_leverage(instrument))
        mode: MarginMode = "isolated" if row.get("marginMode") == "isolated" else "cross"
        return AccountTerms(instrument, Decimal(str(row["longLeverage"])), mode)

    async def is_hedged(self) -> bool:
        """Whether long and short are held side by side; a venue that does not tell has one position."""
        if not self.exchange.has.get("fetchPositionMode"):
            return False
        return bool((await self.ask(self.exchange.fetch_position_mode))["hedged"])

    async def payments(self, since: int) -> tuple[FundingPaid, ...]:
        """See `ports.venue.AccountReader`."""
        if self.exchange.has.get("fetchFundingHistory") is not True:
            return ()
        rows = await self.ask(lambda: self.exchange.fetch_funding_history(None, since // MS))
        return tuple(
            FundingPaid(
                str(row["id"]), Decimal(str(row["amount"])), str(row["code"]), str(row["symbol"] or ""),
                int(row["timestamp"]) * MS,
            )
            for row in rows
        )  # fmt: skip

    async def now(self) -> int:
        """The venue's time, UTC ns; ours where it tells none."""
        if not self.exchange.has.get("fetchTime"):
            return self.clock.now_ns()
        return int(await self.ask(self.exchange.fetch_time)) * MS

    def events(self) -> AsyncIterator[UserEvent]:
        """What happens to the account, from now on."""
        return self._listener(self)


def _put(table: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    table[key] = value
    table.move_to_end(key)
    while len(table) > _REMEMBERED:
        table.popitem(last=False)
