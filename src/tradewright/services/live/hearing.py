"""What the venue says of our orders: outcomes, changes, fills, payments. Each is taken in once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tradewright.domain.account import Fill
from tradewright.domain.enums import Code
from tradewright.domain.errors import DataError
from tradewright.domain.instrument import Instrument
from tradewright.domain.order_life import ENDED, Life, Word, word_of
from tradewright.domain.orders import Accepted, Order, Rejected, Unknown
from tradewright.domain.user_events import (
    BalancesChanged,
    Filled,
    FundingPaid,
    Gap,
    OrderChanged,
    PositionsChanged,
    Synced,
    UserEvent,
)
from tradewright.engine.venue_session import Deal
from tradewright.services.live.plain import from_plain
from tradewright.services.live.session import LiveSession
from tradewright.services.live.tickets import Ticket

__all__ = ["outcome", "place_fills", "probed", "sent", "told"]


def sent(live: LiveSession, record: Mapping[str, Any]) -> None:
    """Note a request that is about to be sent."""
    what = record["what"]
    if what == "place":
        order = from_plain(record["order"])
        opens = bool(record["is_opening"])
        live.tickets.add(Ticket(order, int(record["order_id"]), opens, sent_at=live.holdings.now))
        return
    live.holdings.strays = [one for one in live.holdings.strays if one.client_id != record["client_id"]]
    ticket = live.tickets.by_name.get(record["client_id"])
    if ticket is None:
        return
    if what == "cancel":
        ticket.cancel = ticket.was_cancelled = True
    else:
        ticket.change = from_plain(record["amendment"])


def outcome(live: LiveSession, record: Mapping[str, Any]) -> None:
    """Take in what became of a request."""
    ticket = live.tickets.by_name.get(record["client_id"])
    if ticket is None:
        return
    result = from_plain(record["result"])
    if isinstance(result, Unknown):
        if record["what"] == "place":
            ticket.final_at, ticket.sent_at = result.final_at, live.holdings.now
            ticket.hear(Word.LOST)
        return
    if record["what"] == "place":
        _placed(live, ticket, result)
        return
    ticket.cancel, ticket.change = False, None
    order = result.order if isinstance(result, Accepted | Rejected) else None
    is_refused = isinstance(result, Rejected)
    ticket.refused, ticket.refused_at = (ticket.refused + 1 if is_refused else 0), live.holdings.now
    if order is not None:
        _heard_of(live, ticket, order)
    if isinstance(result, Rejected) and record["what"] == "amend" and not ticket.is_ended:
        # It cannot be changed as it stands: it goes, and another comes.
        ticket.was_cancelled = True
        live.note(f"order {ticket.client_id} cannot be changed: {result.text}")


def _placed(live: LiveSession, ticket: Ticket, result: Any) -> None:
    if isinstance(result, Rejected):
        live.refusals[ticket.client_id] = (result.code or Code.OK, result.text)
        live.note(f"order {ticket.client_id} is refused: {result.text}")
        ticket.hear(Word.REJECTED)
    elif isinstance(result, Accepted):
        _heard_of(live, ticket, result.order)
    else:
        raise DataError(f"order {ticket.client_id}: placed, and the answer tells of no order")


def probed(live: LiveSession, record: Mapping[str, Any]) -> None:
    """Take in what the venue says of an order that it was asked for."""
    ticket = live.tickets.by_name.get(record["client_id"])
    if ticket is None:
        return
    ticket.is_doubted = False
    if record["order"] is not None:
        ticket.cancel, ticket.change = False, None
        _heard_of(live, ticket, from_plain(record["order"]))
    elif ticket.life in (Life.SENT, Life.UNKNOWN):
        if record["is_final"]:
            ticket.hear(Word.MISSING)
    else:
        ticket.cancel, ticket.change = False, None
        if ticket.life not in ENDED:
            ticket.hear(Word.CANCELED)


def told(live: LiveSession, record: Mapping[str, Any]) -> None:
    """Take in what the venue's stream tells."""
    event: UserEvent = from_plain(record["event"])
    if isinstance(event, Filled):
        _filled(live, event.fill)
    elif isinstance(event, OrderChanged):
        _changed_order(live, event)
    elif isinstance(event, FundingPaid):
        _paid(live, event)
    elif isinstance(event, BalancesChanged):
        live.holdings.take_balances(event.balances)
    elif isinstance(event, PositionsChanged):
        live.take_positions(event.positions)
    elif isinstance(event, Gap | Synced):
        live.is_synced = isinstance(event, Synced)
        if isinstance(event, Gap) and event.since:
            live.holdings.whole_at = min(live.holdings.whole_at, event.since)


def _changed_order(live: LiveSession, event: OrderChanged) -> None:
    ticket = live.tickets.by_name.get(event.order.client_id) or live.tickets.of_venue_id(event.order.venue_id)
    if ticket is not None:
        _heard_of(live, ticket, event.order)
    elif event.order.client_id.startswith(live.mark):
        live.holdings.note_stray(event.order)
    elif not event.order.reduce_only:
        # What closes may be the venue's own, as in a liquidation.
        live.holdings.is_shared = True


def _heard_of(live: LiveSession, ticket: Ticket, order: Order) -> None:
    ticket.learn(order)
    if ticket.life in ENDED:
        live.tickets.awaken(ticket)
    ticket.hear(word_of(order.status))
    if ticket.life == Life.WORKING:
        live.session.accepted(ticket.order_id)
    place_fills(live)


def place_fills(live: LiveSession) -> None:
    """Look again for the orders of fills that had none; those that cannot be ours are let go."""
    live.unplaced, waiting = [], live.unplaced
    for fill in waiting:
        _filled(live, fill)


def _filled(live: LiveSession, fill: Fill) -> None:
    key = (fill.instrument, fill.id)
    if key in live.trades:
        return
    ticket = live.tickets.by_name.get(fill.client_id) or live.tickets.of_venue_id(fill.order_id)
    if ticket is None:
        if _may_be_ours(live, fill):
            live.unplaced.append(fill)
        return
    live.trades.add(key)
    ticket.filled += fill.quantity
    ticket.told = max(ticket.told, ticket.filled)
    if ticket.life in (Life.SENT, Life.UNKNOWN, Life.REJECTED, Life.NEVER):
        ticket.hear(Word.ACCEPTED)
    if ticket.filled >= ticket.order.quantity > 0:
        ticket.hear(Word.FILLED)
    live.tickets.awaken(ticket)
    k = live.row_of(fill.instrument)
    assert k is not None
    live.session.deal(ticket.order_id, _deal(fill, live.session.instruments[k]))


def _may_be_ours(live: LiveSession, fill: Fill) -> bool:
    # Ours are in the journal before they are sent: a name that is not there is another's.
    if fill.client_id:
        return False
    return any(one.order.instrument == fill.instrument and not one.venue_id for one in live.tickets.living())


def _paid(live: LiveSession, event: FundingPaid) -> None:
    k = live.row_of(event.instrument)
    if k is not None and event.id not in live.payments:
        live.payments.add(event.id)
        live.session.pay(k, float(event.amount), event.ts)


def _deal(fill: Fill, instrument: Instrument) -> Deal:
    price, quantity = float(fill.price), float(fill.quantity)
    base, _, rest = instrument.symbol.partition("/")
    quote = rest.partition(":")[0]
    rate = instrument.maker_fee if fill.is_maker else instrument.taker_fee
    # A fee in a third currency counts as our table foresees it.
    worth = {quote: 1.0, base: price}.get(fill.fee_currency)
    fee = price * quantity * rate if worth is None else float(fill.fee) * worth
    is_maker = bool(fill.is_maker)
    return Deal(instrument.to_ticks(price), instrument.to_lots(quantity), fee, is_maker, fill.ts)
