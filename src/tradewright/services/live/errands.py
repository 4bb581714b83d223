"""What is asked of the venue, each as the record that tells what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any

from tradewright.domain.account import AccountTerms
from tradewright.domain.enums import Code
from tradewright.domain.errors import InvalidValue, VenueError
from tradewright.domain.mode import Mode
from tradewright.domain.orders import Done, Outcome, Rejected
from tradewright.domain.user_events import Filled
from tradewright.ports.venue import OrderDesk, Setting, Venue
from tradewright.services.live.plain import as_plain
from tradewright.services.live.requests import Amend, Cancel, Place
from tradewright.services.live.session import LiveSession, asked_terms
from tradewright.services.live.terms import TradingPlace
from tradewright.services.live.tickets import Ticket
from tradewright.services.side_by_side import side_by_side

__all__ = [
    "Errand",
    "ask_for_all",
    "carry",
    "fills_since",
    "name_of",
    "payments_since",
    "probe",
    "sent_record",
    "set_up",
]

Errand = Place | Cancel | Amend
"""What is sent to the venue."""
_WAITS_S = (0.25, 0.5, 1.0, 2.0, 4.0)
_WHAT = {Place: "place", Cancel: "cancel", Amend: "amend"}


def name_of(errand: Errand) -> str:
    """Our name of the order that it is about."""
    return errand.order.client_id if isinstance(errand, Place) else errand.ref.client_id


def sent_record(errand: Errand, now: int) -> dict[str, Any]:
    """That it is about to be sent; UTC ns."""
    record: dict[str, Any] = {"kind": "sent", "ts": now, "what": _WHAT[type(errand)], "client_id": name_of(errand)}
    if isinstance(errand, Place):
        record |= {"order": as_plain(errand.order), "order_id": errand.order_id, "is_opening": errand.is_opening}
    elif isinstance(errand, Amend):
        record["amendment"] = as_plain(errand.amendment)
    return record


async def carry(errand: Errand, desk: OrderDesk) -> dict[str, Any]:
    """Send it, once; what became of it."""
    try:
        outcome = await _send(errand, desk)
    except VenueError as error:
        # The venue does not take our key, or shuts us out: nothing was sent.
        outcome = Rejected(str(error), was_sent=False)
    return {
        "kind": "outcome", "what": _WHAT[type(errand)], "client_id": name_of(errand), "result": as_plain(outcome),
    }  # fmt: skip


async def _send(errand: Errand, desk: OrderDesk) -> Outcome:
    if isinstance(errand, Place):
        return await desk.place(errand.order)
    if isinstance(errand, Cancel):
        return await desk.cancel(errand.ref)
    return await desk.modify(errand.ref, errand.amendment)


async def probe(ticket: Ticket, venue: Venue, since: int) -> dict[str, Any]:
    """Ask for an order whose outcome is not known.

    Args:
        ticket: of the order.
        venue: its venue.
        since: venue time at which this process began, UTC ns: one that ran before sends nothing any more.

    Raises:
        VenueError: the venue cannot be asked.
    """
    final = ticket.final_at or max(since, ticket.sent_at) + round(venue.abilities.request_life_s * 1e9)
    # First the time, then the order: what is not there after that time never will be.
    now = await venue.now()
    order = await venue.find(ticket.ref)
    is_final = now >= final
    return {
        "kind": "probed", "client_id": ticket.client_id, "order": None if order is None else as_plain(order),
        "is_final": is_final,
    }  # fmt: skip


async def ask_for_all(live: LiveSession, venue: Venue) -> dict[str, Any]:
    """Everything that the account has, to be compared with our books, and the terms on which it trades.

    Raises:
        VenueError: the venue cannot be asked.
    """
    orders, positions, balances = await asyncio.gather(venue.open_orders(), venue.positions(), venue.balances())
    terms = await venue.terms(*_perpetual(live))
    return {
        "kind": "checked", "orders": [as_plain(one) for one in orders],
        "positions": [as_plain(one) for one in positions], "balances": [as_plain(one) for one in balances],
        "terms": {one.instrument: [str(one.leverage), one.margin_mode] for one in terms},
    }  # fmt: skip


def _perpetual(live: LiveSession) -> list[str]:
    return [one.symbol for one in live.session.instruments if one.is_perpetual]


async def fills_since(venue: Venue, symbols: Iterable[str], since: int) -> list[dict[str, Any]]:
    """Every execution from a time on (UTC ns), as if the stream told them; those that are known change nothing.

    Raises:
        VenueError: the venue cannot be asked.
    """
    found = await side_by_side(lambda symbol: venue.fills(symbol, since), symbols)
    return [{"kind": "told", "event": as_plain(Filled(fill, fill.ts))} for fills in found for fill in fills]


async def payments_since(venue: Venue, since: int) -> list[dict[str, Any]]:
    """All funding from a time on (UTC ns), as if the stream told it; what is known changes nothing.

    Raises:
        VenueError: the venue cannot be asked.
    """
    return [{"kind": "told", "event": as_plain(one)} for one in await venue.payments(since)]


async def set_up(live: LiveSession, place: TradingPlace[Mode]) -> None:
    """Set leverage, margin mode and position mode as the run has them.

    Raises:
        InvalidValue: the venue does not take one of them.
        VenueError: the venue cannot be asked.
    """
    venue, spec, must = place.venue, live.spec, partial(_must, place)
    perpetual = _perpetual(live)
    if not perpetual:
        return
    if await venue.is_hedged():
        await must(lambda: venue.set_hedged(hedged=False), "position_mode", "hedge")
    leverage, mode = asked_terms(spec)

    async def one(terms: AccountTerms) -> None:
        if terms.margin_mode != mode:
            await must(partial(venue.set_margin_mode, terms.instrument, mode), "margin_mode", mode)
        if terms.leverage != leverage:
            await must(partial(venue.set_leverage, terms.instrument, leverage), "leverage", leverage)

    await side_by_side(one, await venue.terms(*perpetual))


async def _must(place: TradingPlace[Mode], set_it: Callable[[], Awaitable[Setting]], name: str, value: object) -> None:
    # To set what is set already is done: it may be asked again where an answer was lost, or the venue was busy.
    for wait in _WAITS_S:
        done = await set_it()
        if isinstance(done, Done):
            return
        if isinstance(done, Rejected) and done.code == Code.VENUE_BUSY:
            await place.clock.sleep(wait)
        elif isinstance(done, Rejected):
            raise InvalidValue(name, value, f"what the venue can be set to now: {done.text}")
    raise VenueError(f"{name} {value}: the venue was asked {len(_WAITS_S)} times and has not done it")
