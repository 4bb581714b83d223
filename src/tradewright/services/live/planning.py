"""What must be asked for next, so that the venue has what the session wants: a function of state and time alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields

import numpy as np

from tradewright.domain.abilities import VenueAbilities
from tradewright.domain.orders import Amendment, NewOrder
from tradewright.services.live.requests import Amend, Cancel, Deny, Hold, Place, Request
from tradewright.services.live.session import LiveSession
from tradewright.services.live.tickets import Ticket
from tradewright.services.live.wanted import wanted
from tradewright.services.pending import is_opening

__all__ = ["requests"]

_FIRST_WAIT_NS, _MOST_WAIT_NS = 250_000_000, 30_000_000_000
_SHAPE = tuple(one.name for one in fields(NewOrder) if one.name not in ("client_id", "quantity", "good_till"))


def requests(live: LiveSession, abilities: VenueAbilities, now: int, latest_ns: int) -> list[Request]:
    """What is to be asked for now. What protects comes first.

    Args:
        live: the session; nothing of it is changed but what is remembered of orders that are as they should be.
        abilities: of the venue.
        now: the venue's time, UTC ns.
        latest_ns: how long after its decision an order that opens a position may still be sent.
    """
    found: list[Request] = [Cancel(order.ref) for order in live.holdings.strays]
    wishes = list(live.session.open_orders())
    open_now = {int(order["id"]) for order in wishes}
    for ended in live.fitting.keys() - open_now:
        del live.fitting[ended]
    past = [one for one in live.tickets.living() if one.order_id not in open_now]
    found.extend(_cancels(past, now))
    for order in sorted(wishes, key=lambda one: (not one["reduce_only"], int(one["id"]))):
        found.extend(_for_order(live, abilities, order, (now, latest_ns)))
    return found


def _cancels(tickets: Iterable[Ticket], now: int) -> Iterator[Request]:
    for one in tickets:
        if one.is_certain and not one.is_ended and _has_waited(one.refused, one.refused_at, now):
            yield Cancel(one.ref)


def _has_waited(count: int, since: int, now: int) -> bool:
    # What was refused once is tried again at once, then at longer and longer intervals.
    return count <= 1 or now - since >= min(_FIRST_WAIT_NS << min(count - 2, 20), _MOST_WAIT_NS)


def _for_order(
    live: LiveSession, abilities: VenueAbilities, order: np.void, when: tuple[int, int]
) -> Iterator[Request]:
    own = int(order["id"])
    living = [one for one in live.tickets.of_order(own) if not one.is_ended]
    if any(not one.is_certain for one in living):
        return
    stand = _stand(live, order, living) if living else ()
    if living and live.fitting.get(own) == stand:
        return
    now = when[0]
    want = None if own in live.unwanted else wanted(live.session, order, live.next_name(own))
    fitting = next((one for one in living if want is not None and _fits(one, want)), None)
    if fitting is not None and len(living) == 1:
        live.fitting[own] = stand
    elif want is None or fitting is not None:
        yield from _cancels((one for one in living if one is not fitting), now)
    elif not _has_waited(*live.tickets.failures(own), now):
        return
    elif not living:
        yield from _first(live, order, want, when)
    elif amendment := _amendment(living, want, abilities):
        yield Amend(living[0].ref, amendment)
    elif order["reduce_only"] and want.is_conditional and len(living) == 1:
        # What protects is there twice for a moment rather than not at all: both are bound to close only.
        yield Place(want, own, is_opening=False)
    else:
        yield from _cancels(living, now)


def _stand(live: LiveSession, order: np.void, living: list[Ticket]) -> tuple[object, ...]:
    # All that decides whether what is at the venue is what is wanted: while it stays the same, so does the answer.
    held = live.session.held_lots(int(order["instrument"]))
    is_wanted = int(order["id"]) not in live.unwanted
    return order.item(), held, is_wanted, *((one.order, one.filled) for one in living)


def _first(live: LiveSession, order: np.void, want: NewOrder, when: tuple[int, int]) -> Iterator[Request]:
    # The gate: what may open a position passes only here.
    own, (now, latest_ns) = int(order["id"]), when
    opens = is_opening(order, live.session.held_lots(int(order["instrument"]))) and not want.reduce_only
    if not opens:
        yield Place(want, own, is_opening=False)
        return
    waits = live.pending.get(own)
    decided = int(order["ts_created"]) if waits is None else waits.decided or now
    if not live.may_open:
        yield Deny(own, live.halted or "the session is paused")
    elif now - decided > latest_ns and not live.tickets.of_order(own):
        yield Deny(own, f"decided {(now - decided) / 1e9:.0f} s ago: too late to act on")
    elif live.confirming.is_on and waits is None:
        k = int(order["instrument"])
        yield Hold(own, live.session.instruments[k].from_ticks(live.session.last_ticks(k)))
    elif live.is_synced and (waits is None or waits.state == "confirmed"):
        yield Place(want, own, is_opening=True)


def _fits(ticket: Ticket, want: NewOrder) -> bool:
    same = all(getattr(ticket.order, name) == getattr(want, name) for name in _SHAPE)
    return same and (want.close_position or ticket.rest == want.quantity)


def _amendment(living: list[Ticket], want: NewOrder, abilities: VenueAbilities) -> Amendment | None:
    # How the one order that is there can be changed into the one that is wanted; None where it cannot.
    have = living[0].order
    differing = {name for name in _SHAPE if getattr(have, name) != getattr(want, name)}
    is_plain = have.kind == want.kind == "limit" and differing <= {"price"}
    if len(living) > 1 or not is_plain or "modify" not in abilities.can or living[0].was_cancelled:
        return None
    return Amendment(want.quantity + living[0].filled, want.price)
