"""Orders at Binance USDT-M futures. This is the one module that can change anything there: contracts name it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from tradewright.adapters.venues.binance.account import NO_SUCH_ORDER, BinanceAccount
from tradewright.adapters.venues.binance.forms import MS, algo_of, order_call, plain
from tradewright.adapters.venues.binance.link import KEY_REFUSED
from tradewright.adapters.venues.binance.listings import Listings
from tradewright.adapters.venues.binance.signing import RECV_WINDOW_MS
from tradewright.adapters.venues.transport.calls import Call
from tradewright.domain.account import MarginMode
from tradewright.domain.enums import Code, OrderStatus
from tradewright.domain.errors import OutcomeUnknown, VenueError, VenueRefusal, VenueUnavailable
from tradewright.domain.order_steps import off_steps
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

__all__ = ["BinanceVenue"]

_NOTHING_TO_MODIFY, _SAME_MARGIN_TYPE, _SAME_POSITION_MODE = -5027, -4046, -4059
_SHUT_OUT = (401, 403, 451)
Setting = Done | Rejected | Unknown


class BinanceVenue(BinanceAccount):
    """Reads an account and trades on it. Whatever is sent is sent once; what got no answer is `Unknown`."""

    async def place(self, order: NewOrder) -> Outcome:
        """Place one order."""
        refused = await self._refusal(order)
        if refused is not None:
            return refused
        call = order_call(order, (await self.listings()).id(order.instrument))
        return await self._sent(call, lambda row: Accepted(self._placed(row, order)))

    async def _refusal(self, order: NewOrder) -> Rejected | None:
        if refused := self.abilities.refusal(order):
            return refused
        if order.close_position and not order.is_conditional:
            text = "what closes the whole position needs a trigger here"
            return Rejected(text, Code.CLOSE_NEEDS_MARKET, was_sent=False)
        if order.leg and order.reduce_only:
            return Rejected("in a hedge leg and side say what closes", Code.LEG_SAYS_WHAT_REDUCES, was_sent=False)
        listings = await self.listings()
        listings.id(order.instrument)
        return off_steps(order, listings.instruments[order.instrument])

    def _placed(self, row: Mapping[str, Any], order: NewOrder) -> Order:
        if not order.is_conditional:
            return self.take_order(row, order.instrument)
        placed = self.read(lambda: algo_of(row, order.instrument))
        self.remember(placed)
        return placed

    async def place_all(self, orders: Sequence[NewOrder]) -> tuple[Outcome, ...]:
        """Place several: plain ones five to a request, conditional ones one by one, each with an outcome of its own."""
        outcomes: dict[int, Outcome] = {}
        plain_ones: list[int] = []
        for n, order in enumerate(orders):
            if order.is_conditional:
                outcomes[n] = await self.place(order)
            elif refused := await self._refusal(order):
                outcomes[n] = refused
            else:
                plain_ones.append(n)
        for begin in range(0, len(plain_ones), self.abilities.batch):
            numbers = plain_ones[begin : begin + self.abilities.batch]
            outcomes |= zip(numbers, await self._batch([orders[n] for n in numbers]), strict=True)
        return tuple(outcomes[n] for n in range(len(orders)))

    async def _batch(self, orders: Sequence[NewOrder]) -> Sequence[Outcome]:
        listings = await self.listings()
        legs = [dict(order_call(order, listings.id(order.instrument)).params) for order in orders]
        params = {"batchOrders": json.dumps(legs, separators=(",", ":"))}
        call = Call("POST", "/fapi/v1/batchOrders", params, weight=5, orders=len(legs), signed=True)
        answers: list[Outcome] = []

        def take(rows: Sequence[Mapping[str, Any]]) -> Outcome:
            if len(rows) != len(orders):
                raise VenueError(f"{self.link.venue}: {len(rows)} answers to {len(orders)} orders")
            answers.extend(self._leg(row, order) for row, order in zip(rows, orders, strict=True))
            return Done()

        whole = await self._sent(call, take)
        return answers if isinstance(whole, Done) else [whole] * len(orders)

    def _leg(self, row: Mapping[str, Any], order: NewOrder) -> Outcome:
        if "code" in row:
            return _rejected(int(row["code"]), str(row.get("msg", "")))
        return Accepted(self.take_order(row, order.instrument))

    async def modify(self, ref: OrderRef, amendment: Amendment) -> Outcome:
        """Change a limit order; what waits for a trigger cannot be changed here, cancel and place it anew."""
        listings = await self.listings()
        if refused := self._unchangeable(ref, amendment, listings):
            return refused
        order = await self._asked(ref)
        if isinstance(order, Unknown):
            return Rejected(f"nothing was sent: {order.text}", Code.VENUE_BUSY, was_sent=False)
        if order is None or not order.is_open:
            return _gone(order)
        if order.price is None:
            return Rejected("it has no price of its own", Code.NOT_MODIFIABLE, was_sent=False, order=order)
        params = _which(ref, "origClientOrderId", "orderId") | {
            "symbol": listings.id(ref.instrument), "side": order.side.upper(),
            "quantity": plain(amendment.quantity or order.quantity), "price": plain(amendment.price or order.price),
        }  # fmt: skip
        call = Call("PUT", "/fapi/v1/order", params, orders=1, signed=True)
        outcome = await self._sent(call, lambda row: Accepted(self.take_order(row, ref.instrument)))
        same = isinstance(outcome, Rejected) and outcome.venue_code == str(_NOTHING_TO_MODIFY)
        return Accepted(order) if same else await self._verified(ref, outcome)

    def _unchangeable(self, ref: OrderRef, amendment: Amendment, listings: Listings) -> Rejected | None:
        listings.id(ref.instrument)
        if ref.is_conditional or amendment.trigger is not None:
            text = f"{self.link.venue} cannot change what waits for a trigger: cancel it and place another"
            return Rejected(text, Code.NOT_MODIFIABLE, was_sent=False)
        return off_steps(amendment, listings.instruments[ref.instrument])

    async def cancel(self, ref: OrderRef) -> Outcome:
        """Cancel an order; one that is not found is asked for, and followed if it was triggered meanwhile."""
        outcome = await self._cancel(ref)
        if not _is_missing(outcome):
            return outcome
        order = await self._asked(ref)
        if isinstance(order, Unknown):
            return order
        if order is not None and order.is_open and order.triggered_id and ref.is_conditional:
            became = OrderRef(ref.instrument, "", venue_id=order.triggered_id)
            outcome = await self._cancel(became)
            order = await self._asked(ref)
            if isinstance(order, Unknown):
                return order
        if isinstance(outcome, Unknown):
            return outcome
        cancelled = order is not None and order.status == OrderStatus.CANCELED
        return Accepted(order) if order is not None and cancelled else _gone(order)

    async def _cancel(self, ref: OrderRef) -> Outcome:
        names = ("clientAlgoId", "algoId") if ref.is_conditional else ("origClientOrderId", "orderId")
        path = "/fapi/v1/algoOrder" if ref.is_conditional else "/fapi/v1/order"
        params = {"symbol": (await self.listings()).id(ref.instrument), **_which(ref, *names)}
        call = Call("DELETE", path, params, signed=True)
        if not ref.is_conditional:
            return await self._sent(call, lambda row: Accepted(self.take_order(row, ref.instrument)))
        outcome = await self._sent(call, lambda _: Done())
        if not isinstance(outcome, Done):
            return outcome
        # The answer to this one does not show the order.
        order = await self._asked(ref)
        return Accepted(order) if isinstance(order, Order) else Done("cancelled")

    async def _asked(self, ref: OrderRef) -> Order | Unknown | None:
        try:
            return await self.find(ref)
        except VenueError as error:
            return Unknown(f"how the order stands could not be asked: {error}")

    async def _verified(self, ref: OrderRef, outcome: Outcome) -> Outcome:
        if not _is_missing(outcome):
            return outcome
        order = await self._asked(ref)
        return order if isinstance(order, Unknown) else _gone(order)

    async def cancel_all(self, instrument: str) -> Setting:
        """Cancel every open order of an instrument: those at rest, and those that wait."""
        params = {"symbol": (await self.listings()).id(instrument)}
        for path in ("/fapi/v1/algoOpenOrders", "/fapi/v1/allOpenOrders"):
            outcome = await self._set(Call("DELETE", path, params, signed=True))
            if not isinstance(outcome, Done):
                return outcome
        return Done()

    async def set_leverage(self, instrument: str, leverage: int) -> Setting:
        """Set the leverage of an instrument."""
        params: dict[str, str | int] = {"symbol": (await self.listings()).id(instrument), "leverage": leverage}
        return await self._set(Call("POST", "/fapi/v1/leverage", params, signed=True))

    async def set_margin_mode(self, instrument: str, mode: MarginMode) -> Setting:
        """Set cross or isolated margin for an instrument."""
        kind = "ISOLATED" if mode == "isolated" else "CROSSED"
        params = {"symbol": (await self.listings()).id(instrument), "marginType": kind}
        return await self._set(Call("POST", "/fapi/v1/marginType", params, signed=True), _SAME_MARGIN_TYPE)

    async def set_hedged(self, *, hedged: bool) -> Setting:
        """Hold long and short side by side, or net them."""
        params = {"dualSidePosition": "true" if hedged else "false"}
        return await self._set(Call("POST", "/fapi/v1/positionSide/dual", params, signed=True), _SAME_POSITION_MODE)

    async def count_down(self, instrument: str, seconds: float) -> Setting:
        """Cancel what rests of an instrument after so long; what waits for a trigger stays, and protects."""
        symbol = (await self.listings()).id(instrument)
        params: dict[str, str | int] = {"symbol": symbol, "countdownTime": round(seconds * 1_000)}
        return await self._set(Call("POST", "/fapi/v1/countdownCancelAll", params, weight=10, signed=True))

    async def _set(self, call: Call, nothing_to_do: int = 0) -> Setting:
        outcome = await self._sent(call, lambda _: Done())
        if isinstance(outcome, Rejected) and outcome.venue_code == str(nothing_to_do):
            return Done("it was so already")
        assert not isinstance(outcome, Accepted)
        return outcome

    async def _sent(self, call: Call, take: Callable[[Any], Outcome]) -> Outcome:
        return await outcome_of(lambda: self.link.ask(call), take, self._final_at)

    def _final_at(self) -> int:
        # Nothing that was signed before now is taken after its window; and clocks differ a little.
        offset, clock = self.link.client.door.address.offset, self.link.client.now_ns()
        return self.link.venue_time() + (offset.doubt_ns(clock) or 0) + RECV_WINDOW_MS * MS


async def outcome_of(
    ask: Callable[[], Awaitable[Any]], take: Callable[[Any], Outcome], final_at: Callable[[], int]
) -> Outcome:
    """What became of a request: refusals and lost answers as values.

    Args:
        ask: sends it.
        take: reads the answer; one that cannot be read leaves the outcome unknown.
        final_at: see `Unknown`.

    Raises:
        VenueRefusal: the venue does not take our key, or shuts us out.
    """
    try:
        answer = await ask()
    except VenueRefusal as error:
        if error.number in KEY_REFUSED or error.status in _SHUT_OUT:
            raise
        return _rejected(error.number, str(error))
    except VenueUnavailable as error:
        return Rejected(str(error), Code.VENUE_BUSY)
    except OutcomeUnknown as error:
        return Unknown(str(error), final_at())
    try:
        return take(answer)
    except VenueError as error:
        return Unknown(f"it was answered, and the answer cannot be read: {error}", final_at())


def _rejected(number: int | None, text: str) -> Rejected:
    return Rejected(text, None if number is None else code_of(number), "" if number is None else str(number))


def _is_missing(outcome: Outcome) -> bool:
    return isinstance(outcome, Rejected) and outcome.venue_code in map(str, NO_SUCH_ORDER)


def _gone(order: Order | None) -> Rejected:
    if order is None:
        return Rejected("the venue knows of no such order", Code.ORDER_UNKNOWN, was_sent=True)
    if order.is_open:
        return Rejected(
            f"it is {order.venue_status}, and cannot be cancelled just now", Code.ORDER_UNKNOWN, order=order
        )
    return Rejected(f"the order had ended already: {order.venue_status}", Code.ORDER_UNKNOWN, order=order)


def _which(ref: OrderRef, by_client: str, by_id: str) -> dict[str, str]:
    return {by_client: ref.client_id} if ref.client_id else {by_id: ref.venue_id}
