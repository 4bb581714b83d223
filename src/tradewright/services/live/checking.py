"""Compare our books with all that the venue says, at the start and each minute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from tradewright.domain.order_life import Life
from tradewright.domain.orders import Order, exact
from tradewright.engine.venue_session import Deal
from tradewright.services.live.hearing import place_fills
from tradewright.services.live.holdings import Difference
from tradewright.services.live.plain import from_plain
from tradewright.services.live.session import LiveSession, asked_terms

__all__ = ["checked"]

_NONE = Decimal(0)


def checked(live: LiveSession, record: Mapping[str, Any]) -> None:
    """Compare our books with what the venue has said when it was asked for all of it.

    A position that differs twice in a row, with nothing on its way, is a fact: what is then done is the record's
    `policy`: `halt` opens nothing more, `adopt` takes it into our books, `close` takes it in and closes it.
    """
    holdings = live.holdings
    holdings.checked_at = holdings.now
    holdings.positions = {}
    live.take_positions(map(from_plain, record["positions"]))
    holdings.take_balances(map(from_plain, record["balances"]))
    _compare_terms(live, record.get("terms", {}))
    _sort_orders(live, [from_plain(one) for one in record["orders"]])
    _doubt_orders(live, {one["client_id"] for one in record["orders"]})
    place_fills(live)
    if any(not one.is_certain for one in live.tickets.living()) or live.unplaced:
        return
    before, holdings.differences = holdings.differences, tuple(_differences(live))
    for one in holdings.differences:
        if one in before:
            _settle(live, one, str(record["policy"]))


def _compare_terms(live: LiveSession, terms: Mapping[str, Any]) -> None:
    # Somebody has set the account otherwise: liquidation is elsewhere than sizing reckoned with.
    leverage, mode = asked_terms(live.spec)
    for symbol, (found, margin) in terms.items():
        if not live.halted and (Decimal(found) != leverage or margin != mode):
            live.halt(f"{symbol}: the account is set to leverage {found}, {margin}; the run has {leverage}, {mode}")


def _sort_orders(live: LiveSession, orders: list[Order]) -> None:
    # Those with our mark that our books know nothing of, or have seen end, and those of others.
    known = live.tickets.by_name
    ours = [one for one in orders if one.client_id.startswith(live.mark)]
    live.holdings.strays = [one for one in ours if one.client_id not in known or known[one.client_id].is_ended]
    live.holdings.foreign = tuple(one for one in orders if not one.client_id.startswith(live.mark))
    live.holdings.is_shared |= bool(live.holdings.foreign)


def _doubt_orders(live: LiveSession, shown: set[str]) -> None:
    # What should be open and is not shown has ended while nobody listened, or has only just come: it is asked for.
    for ticket in live.tickets.living():
        if ticket.life == Life.WORKING and ticket.client_id not in shown:
            ticket.is_doubted = True


def _settle(live: LiveSession, one: Difference, policy: str) -> None:
    words = f"{one.instrument}: the venue holds {one.venue}, our books say {one.ours}"
    k = live.row_of(one.instrument)
    if policy == "halt" or k is None:
        if not live.halted:
            live.halt(words)
        return
    live.note(words)
    instrument, position = live.session.instruments[k], live.holdings.positions.get(one.instrument)
    price = float(position.entry_price) if position is not None else 0.0
    ticks = instrument.to_ticks(price) if price else live.session.last_ticks(k)
    lots = int((one.venue - one.ours) / exact(1, instrument.lot))
    live.session.adopt(k, lots, Deal(ticks, abs(lots), 0.0, is_maker=False, ts=live.holdings.now))
    live.holdings.differences = ()
    if policy == "close":
        live.session.leave(k)


def _differences(live: LiveSession) -> Iterable[Difference]:
    for k, instrument in enumerate(live.session.instruments):
        if instrument.is_perpetual:
            ours = exact(live.session.held_lots(k), instrument.lot)
            held = live.holdings.positions.get(instrument.symbol)
            venue = _NONE if held is None else held.quantity
            if venue != ours:
                yield Difference(instrument.symbol, venue, ours)
