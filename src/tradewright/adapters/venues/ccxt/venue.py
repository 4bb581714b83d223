"""Orders at an exchange of CCXT. This is the one module that can change anything there: contracts name it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from tradewright.adapters.venues.ccxt.abilities import by_stop_prices, features_of
from tradewright.adapters.venues.ccxt.account import CcxtAccount
from tradewright.adapters.venues.ccxt.forms import MS, order_params
from tradewright.adapters.venues.ccxt.markets import contracts_of, off_precision
from tradewright.adapters.venues.ccxt.outcomes import outcome_of
from tradewright.domain.account import MarginMode
from tradewright.domain.enums import Code, OrderStatus
from tradewright.domain.errors import VenueError
from tradewright.domain.orders import (
    Accepted,
    Amendment,
    Done,
    NewOrder,
    Order,
    OrderRef,
    Outcome,
    Rejected,
    Unknown,
)
from tradewright.domain.venue_codes import code_of

__all__ = ["CcxtVenue"]

_SAME_POSITION_MODE, _NOTHING_TO_MODIFY = "-4059", "-5027"
Setting = Done | Rejected | Unknown


class CcxtVenue(CcxtAccount):
    """Reads an account and trades on it. Whatever is sent is sent once; what got no answer is `Unknown`."""

    async def place(self, order: NewOrder) -> Outcome:
        """Place one order."""
        refused = await self._refusal(order)
        if refused is not None:
            return refused
        self.expect(order)
        terms = await self._terms_of(order)

        async def send() -> Outcome:
            return Accepted(await self._placed(await self.exchange.create_order(*terms), order))

        return await self._sent(send, order)

    async def _refusal(self, order: NewOrder) -> Rejected | None:
        if refused := self.abilities.refusal(order):
            return refused
        await self.listed(order.instrument)
        features = features_of(self.exchange, self.abilities.markets[0])
        if order.kind == "market" and order.side == "buy" and features.get("marketBuyRequiresPrice"):
            text = f"{self.abilities.venue} buys at the market by cost, not by quantity: place a limit with ioc instead"
            return Rejected(text, was_sent=False)
        return off_precision(self.exchange, order, order.instrument, await self.size(order.instrument))

    async def _terms_of(self, order: NewOrder) -> tuple[Any, ...]:
        features = features_of(self.exchange, self.abilities.markets[0])
        params = order_params(
            order, directed=bool(features.get("triggerDirection")), by_stop_prices=by_stop_prices(self.exchange)
        )
        if "client_ids" not in self.abilities.can:
            del params["clientOrderId"]
        amount = float(contracts_of(order.quantity, await self.size(order.instrument)))
        kind = "limit" if order.price is not None else "market"
        price = None if order.price is None else float(order.price)
        return order.instrument, kind, order.side, amount, price, params

    async def _placed(self, row: Mapping[str, Any], order: NewOrder) -> Order:
        # Many venues answer with an id alone: the rest is as it was sent.
        row = {**row, "clientOrderId": row.get("clientOrderId") or order.client_id}
        if not row.get("id"):
            raise VenueError(f"{self.abilities.venue}: an answer without an id")
        taken = await self.taken(row, order.instrument)
        return self.remember(taken, order)

    async def place_all(self, orders: Sequence[NewOrder]) -> tuple[Outcome, ...]:
        """Place several; where the venue takes them together, plain ones go so."""
        outcomes: dict[int, Outcome] = {}
        together: list[int] = []
        for n, order in enumerate(orders):
            if not {"batch", "client_ids"} <= self.abilities.can or order.is_conditional:
                outcomes[n] = await self.place(order)
            elif refused := await self._refusal(order):
                outcomes[n] = refused
            else:
                together.append(n)
        for begin in range(0, len(together), self.abilities.batch):
            numbers = together[begin : begin + self.abilities.batch]
            outcomes |= zip(numbers, await self._batch([orders[n] for n in numbers]), strict=True)
        return tuple(outcomes[n] for n in range(len(orders)))

    async def _batch(self, orders: Sequence[NewOrder]) -> Sequence[Outcome]:
        names = ("symbol", "type", "side", "amount", "price", "params")
        rows = []
        for order in orders:
            self.expect(order)
            rows.append(dict(zip(names, await self._terms_of(order), strict=True)))
        answers: dict[str, Outcome] = {}

        async def send() -> Outcome:
            answers.update(await self._legs(await self.exchange.create_orders(rows), orders))
            return Done()

        whole = await self._sent(send)
        return [answers[order.client_id] if isinstance(whole, Done) else whole for order in orders]

    async def _legs(self, told: Sequence[Mapping[str, Any]], orders: Sequence[NewOrder]) -> dict[str, Outcome]:
        # The library sorts the legs by time, and those that were refused have neither time nor name: only names tell
        # which leg is whose.
        by_name = {order.client_id: order for order in orders}
        outcomes: dict[str, Outcome] = {}
        refusals: list[Rejected] = []
        for row in told:
            order = by_name.get(str(row.get("clientOrderId") or ""))
            if row.get("id") and order is not None:
                outcomes[order.client_id] = Accepted(await self._placed(row, order))
            elif not row.get("id") and (refusal := self._leg_refusal(row)):
                refusals.append(refusal)
        rest = [name for name in by_name if name not in outcomes]
        return outcomes | {name: self._shared(refusals, len(rest)) for name in rest}

    def _leg_refusal(self, row: Mapping[str, Any]) -> Rejected | None:
        told = row.get("info")
        told = told if isinstance(told, dict) else {}
        number = str(told.get("code") or told.get("sCode") or "")
        code = code_of(int(number)) if self.is_binance and number.lstrip("-").isdigit() else None
        return (
            Rejected(f"{number} {told.get('msg') or told.get('sMsg') or ''}".strip(), code, number) if number else None
        )

    def _shared(self, refusals: Sequence[Rejected], count: int) -> Outcome:
        # As many refusals as legs without an answer: each was refused. Which reason is whose is sure if it is the same.
        if len(refusals) != count:
            return Unknown(f"{self.abilities.venue} answered for some of the orders only", self._final_at())
        if len(set(refusals)) == 1:
            return refusals[0]
        return Rejected("one of: " + "; ".join(one.text for one in refusals))

    async def modify(self, ref: OrderRef, amendment: Amendment) -> Outcome:
        """Change a limit order, where the venue can do so in place."""
        size = await self.size(ref.instrument)
        if refused := self._unchangeable(ref, amendment, size):
            return refused
        order = await self._asked(ref)
        if isinstance(order, Unknown):
            return _not_sent(order)
        if order is None or not order.is_open:
            return _gone(order)
        if order.price is None:
            return Rejected("it has no price of its own", Code.NOT_MODIFIABLE, was_sent=False, order=order)
        outcome = await self._sent(partial(self._edit, order, amendment, size))
        if isinstance(outcome, Rejected) and outcome.venue_code == _NOTHING_TO_MODIFY:
            return Accepted(order)
        if _is_missing(outcome):
            asked = await self._asked(ref)
            outcome = asked if isinstance(asked, Unknown) else _gone(asked)
        return outcome

    def _unchangeable(self, ref: OrderRef, amendment: Amendment, size: Decimal) -> Rejected | None:
        if refused := self.abilities.lacks("modify"):
            return refused
        if ref.is_conditional or amendment.trigger is not None:
            text = f"{self.abilities.venue}: what waits for a trigger is cancelled and placed anew"
            return Rejected(text, Code.NOT_MODIFIABLE, was_sent=False)
        return off_precision(self.exchange, amendment, ref.instrument, size)

    async def _edit(self, order: Order, amendment: Amendment, size: Decimal) -> Outcome:
        amount = float(contracts_of(amendment.quantity or order.quantity, size))
        price = float(amendment.price or order.price or 0)
        row = await self.exchange.edit_order(order.venue_id, order.instrument, "limit", order.side, amount, price)
        return Accepted(
            await self.taken({**row, "clientOrderId": row.get("clientOrderId") or order.client_id}, order.instrument)
        )

    async def cancel(self, ref: OrderRef) -> Outcome:
        """Cancel an order; one that is not found is asked for, and followed if it was triggered meanwhile."""
        outcome = await self._cancel(ref)
        if not _is_missing(outcome) and not isinstance(outcome, Done):
            return outcome
        order = await self._asked(ref)
        if isinstance(order, Unknown):
            return outcome if isinstance(outcome, Done) else order
        if order is not None and order.is_open and order.triggered_id and ref.is_conditional:
            outcome = await self._cancel(OrderRef(ref.instrument, "", venue_id=order.triggered_id))
            order = await self._asked(ref)
            if isinstance(outcome, Unknown) or isinstance(order, Unknown):
                return outcome if isinstance(outcome, Unknown) else Unknown("how it stands could not be asked")
        if order is not None and order.status == OrderStatus.CANCELED:
            return Accepted(order)
        return outcome if isinstance(outcome, Done) else _gone(order)

    async def _cancel(self, ref: OrderRef) -> Outcome:
        await self.listed(ref.instrument)
        number = self.known_id(ref)
        if not number:
            order = await self._asked(ref)
            if isinstance(order, Unknown):
                return _not_sent(order)
            if order is None:
                return Rejected("no such order", Code.ORDER_UNKNOWN, was_sent=False)
            number = order.venue_id
        params = {"trigger": True} if ref.is_conditional else {}

        async def send() -> Outcome:
            await self.exchange.cancel_order(number, ref.instrument, params)
            return Done("cancelled")

        return await self._sent(send)

    async def _asked(self, ref: OrderRef) -> Order | Unknown | None:
        try:
            return await self.find(ref)
        except VenueError as error:
            return Unknown(f"how the order stands could not be asked: {error}")

    async def cancel_all(self, instrument: str) -> Setting:
        """Cancel every open order of an instrument; one by one where the venue has no other way."""
        await self.listed(instrument)
        if "cancel_all" not in self.abilities.can:
            return await self._cancel_each(instrument)
        kinds: list[dict[str, Any]] = [{}]
        if "open_conditionals" in self.abilities.can:
            kinds.insert(0, {"trigger": True})
        for params in kinds:
            outcome = await self._set(partial(self.exchange.cancel_all_orders, instrument, dict(params)))
            if not isinstance(outcome, Done) and not _is_missing(outcome):
                return outcome
        return Done()

    async def _cancel_each(self, instrument: str) -> Setting:
        for order in await self.open_orders(instrument):
            outcome = await self.cancel(order.ref)
            if isinstance(outcome, Unknown):
                return outcome
        return Done()

    async def set_leverage(self, instrument: str, leverage: int) -> Setting:
        """Set the leverage of an instrument."""
        if refused := self.abilities.lacks("leverage"):
            return refused
        await self.listed(instrument)
        return await self._set(lambda: self.exchange.set_leverage(leverage, instrument))

    async def set_margin_mode(self, instrument: str, mode: MarginMode) -> Setting:
        """Set cross or isolated margin for an instrument."""
        if refused := self.abilities.lacks("margin_mode"):
            return refused
        await self.listed(instrument)
        return await self._set(lambda: self.exchange.set_margin_mode(mode, instrument))

    async def set_hedged(self, *, hedged: bool) -> Setting:
        """Hold long and short side by side, or net them."""
        if not hedged and "hedge" not in self.abilities.can and not self.exchange.has.get("setPositionMode"):
            return Done("it was so already")
        if hedged and (refused := self.abilities.lacks("hedge")):
            return refused
        outcome = await self._set(lambda: self.exchange.set_position_mode(hedged))
        same = isinstance(outcome, Rejected) and outcome.venue_code == _SAME_POSITION_MODE
        return Done("it was so already") if same else outcome

    async def count_down(self, instrument: str, seconds: float) -> Setting:  # noqa: ARG002 - of the port
        """Not offered: the library's switches differ in which orders they take."""
        return self.abilities.lacks("countdown") or Done()

    async def _set(self, ask: Callable[[], Awaitable[Any]]) -> Setting:
        import ccxt  # noqa: PLC0415 - heavy

        async def send() -> Outcome:
            try:
                await ask()
            except (ccxt.MarginModeAlreadySet, ccxt.NoChange):
                return Done("it was so already")
            return Done()

        outcome = await self._sent(send)
        assert not isinstance(outcome, Accepted)
        return outcome

    async def _sent(self, send: Callable[[], Awaitable[Outcome]], order: NewOrder | None = None) -> Outcome:
        outcome = await outcome_of(send, order, self._final_at)
        if isinstance(outcome, Rejected) and outcome.venue_code in ("InvalidNonce", "-1021"):
            # It came at a wrong time and was not done: once more, with the venue's.
            await self.learn_time()
            return await outcome_of(send, order, self._final_at)
        return outcome

    def _final_at(self) -> int:
        window = self.exchange.options.get("recvWindow")
        if not self.is_binance or not window:
            return 0
        # Nothing that was signed before now is taken after its window.
        ahead = int(self.exchange.options.get("timeDifference") or 0)
        return (int(self.exchange.milliseconds()) - ahead + int(window)) * MS


def _not_sent(asked: Unknown) -> Rejected:
    return Rejected(f"nothing was sent: {asked.text}", Code.VENUE_BUSY, was_sent=False)


def _is_missing(outcome: Outcome) -> bool:
    return isinstance(outcome, Rejected) and outcome.code == Code.ORDER_UNKNOWN


def _gone(order: Order | None) -> Rejected:
    if order is None:
        return Rejected("the venue knows of no such order", Code.ORDER_UNKNOWN)
    if order.is_open:
        return Rejected(f"it is {order.venue_status}, and cannot be changed just now", Code.ORDER_UNKNOWN, order=order)
    return Rejected(f"the order had ended already: {order.venue_status}", Code.ORDER_UNKNOWN, order=order)
