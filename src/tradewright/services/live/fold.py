"""Make a session of its records, one after the other: state is the fold of the journal, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from tradewright.domain.enums import Code, OrderRole, OrderStatus, OrderType
from tradewright.domain.errors import DataError, InvalidValue, StrategyError, TradewrightError
from tradewright.domain.order_life import Life
from tradewright.engine.session import Heard
from tradewright.services.live import steering
from tradewright.services.live.checking import checked
from tradewright.services.live.hearing import outcome, probed, sent, told
from tradewright.services.live.session import LiveSession
from tradewright.services.live.tickets import Ticket
from tradewright.services.live.wanted import lots_wanted
from tradewright.services.paper.records import beginning_of
from tradewright.services.paper.sessions import ACTS
from tradewright.services.pending import Confirming
from tradewright.strategy.registry import Registry

__all__ = ["live_session_of", "play"]

_MOST_TRIES = 5
_NEEDED = (OrderRole.STOP_LOSS, OrderRole.EXIT)
_PLAYS: dict[str, Callable[[LiveSession, Mapping[str, Any]], None]] = {
    "sent": sent, "outcome": outcome, "probed": probed, "told": told, "checked": checked, "hold": steering.hold,
    "confirm": steering.confirm, "reject": steering.reject, "expire": steering.expire, "deny": steering.deny,
    "halt": steering.halt, "kill": steering.kill, "calm": steering.calm, "withdraw": steering.withdraw,
    "remark": steering.remark,
}  # fmt: skip
_LATE = frozenset({"confirm", "reject", "expire"})
"""What comes too late where two decide at once: the first is heard."""


def live_session_of(name: str, records: Iterable[Mapping[str, Any]], strategies: Registry) -> LiveSession:
    """Make a session again from its records.

    Raises:
        DataError: they are not those of a session at a venue.
        UnknownName: its strategy is not there any more.
        StrategyError: its strategy fails.
    """
    rest = iter(records)
    first = next(rest, None)
    if first is None or "confirming" not in first:
        raise DataError(f"session {name}: its first record is none of a session at a venue")
    live = LiveSession.new(name, beginning_of(first), strategies, Confirming(**first["confirming"]))
    for record in rest:
        play(live, record)
    return live


def play(live: LiveSession, record: Mapping[str, Any]) -> Heard | None:
    """Do what a record says; what a step brought.

    A record stands in the journal whatever comes of it: what of it cannot be done is a note, not an error that would
    come back with every restart.

    Raises:
        DataError: it is none of such a session.
    """
    kind = str(record.get("kind"))
    heard = None
    if "ts" in record:
        live.holdings.now = max(live.holdings.now, int(record["ts"]))
    if kind == "step":
        live.holdings.now = max(live.holdings.now, int(record["ts_close"]))
        heard = _step(live, record)
    elif kind in ACTS:
        _act(live, record)
    elif kind in _PLAYS:
        _hear(live, record)
    else:
        raise DataError(f"kind: {kind!r}; one of {', '.join(('step', *ACTS, *_PLAYS))}")
    _alter(live)
    _act_on_ends(live)
    if live.halted:
        steering.withdraw(live, {"is_sent": True})
    if live.is_synced:
        live.holdings.whole_at = live.holdings.now
    return heard


def _step(live: LiveSession, record: Mapping[str, Any]) -> Heard | None:
    # A strategy that fails decides nothing more; what protects its positions stays.
    try:
        return live.own.step(record)
    except StrategyError as error:
        live.halt(f"the strategy fails: {error}")
        return None


def _act(live: LiveSession, record: Mapping[str, Any]) -> None:
    try:
        live.own.play(record)
    except TradewrightError as error:
        live.note(f"{record['kind']} was not done: {error}")


def _hear(live: LiveSession, record: Mapping[str, Any]) -> None:
    # What a venue says is in the journal, even if it makes no sense: then nothing more is opened on its word.
    try:
        _PLAYS[record["kind"]](live, record)
    except InvalidValue as error:
        if record["kind"] not in _LATE:
            raise
        live.note(f"{record['kind']} came too late: {error}")
    except DataError as error:
        live.halt(str(error))


def _alter(live: LiveSession) -> None:
    # What strategies want of their open orders is so from now on; the venue follows.
    for alteration in live.session.alterations():
        if alteration.is_end:
            live.unwanted.add(alteration.order_id)
        else:
            live.session.altered(alteration)


def _act_on_ends(live: LiveSession) -> None:
    for ticket in live.tickets.living():
        if ticket.is_ended and not ticket.is_over:
            ticket.is_over, ticket.ended_at = True, live.holdings.now
            _act_on_end(live, ticket)
    live.tickets.let_go()
    served = {one.order_id for one in live.tickets.living() if not one.is_ended}
    orders = live.session.open_rows()
    for own, order in zip(orders["id"].tolist(), orders, strict=True):
        if own in served:
            continue
        if own in live.unwanted:
            live.end(own, OrderStatus.CANCELED)
        elif lots_wanted(live.session, order) == 0:
            live.end(own, OrderStatus.CANCELED, Code.NOTHING_TO_EXIT)
    for waiting in live.pending.values():
        if waiting.state == "waiting" and live.order(waiting.order_id) is None:
            waiting.state = "replaced"


def _act_on_end(live: LiveSession, ticket: Ticket) -> None:
    order = live.order(ticket.order_id)
    is_as_wished = ticket.life == Life.FILLED or (ticket.life == Life.CANCELED and ticket.was_cancelled)
    if order is None or is_as_wished or ticket.order_id in live.unwanted:
        return
    code, text = live.refusals.get(ticket.client_id, (Code.OK, ticket.life.value))
    if order["reduce_only"] and code == Code.WOULD_TRIGGER_AT_ONCE:
        # The price is beyond it already: it closes at the market instead.
        live.session.trigger(ticket.order_id)
    elif _is_tried_again(live, order, code):
        live.note(f"order {ticket.client_id} has ended ({text}): it is sent anew")
    else:
        live.end(ticket.order_id, OrderStatus.CANCELED if ticket.life == Life.CANCELED else OrderStatus.REJECTED, code)


def _is_tried_again(live: LiveSession, order: np.void, code: Code) -> bool:
    # What protects or closes a position must be there, however often it is refused: it is sent anew at longer and
    # longer intervals, and a position that stays without its stop is closed. What opens one has had its moment.
    if not order["reduce_only"]:
        return False
    count, _ = live.tickets.failures(int(order["id"]))
    if order["role"] == OrderRole.STOP_LOSS and count >= _MOST_TRIES and not live.halted:
        live.halt(f"a stop cannot be placed, after {count} tries")
    if order["role"] in _NEEDED or order["type"] == OrderType.MARKET:
        return True
    return bool(code != Code.NOTHING_TO_REDUCE and order["role"] != OrderRole.PLACED and count < _MOST_TRIES)
