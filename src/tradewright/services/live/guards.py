"""What watches a session while it trades, and stops it from opening more when something is not as it should be."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from tradewright.domain.enums import OrderRole
from tradewright.domain.live_terms import LiveTerms
from tradewright.domain.order_life import Life
from tradewright.services.live.session import LiveSession

__all__ = ["Guards", "bare_rows"]

_SPAN_S = 300.0


def bare_rows(live: LiveSession) -> tuple[int, ...]:
    """Rows that hold a position whose stop was decided on, and does not rest at the venue for the whole of it."""
    stops: dict[int, list[Any]] = {}
    for order in live.session.open_orders():
        if order["role"] == OrderRole.STOP_LOSS:
            stops.setdefault(int(order["instrument"]), []).append(order)
    held = {k: abs(live.session.held_lots(k)) for k in stops}
    return tuple(k for k in sorted(stops) if held[k] and not any(_rests(live, one, held[k]) for one in stops[k]))


def _rests(live: LiveSession, order: Any, held: int) -> bool:
    # The strategy may want less than all of it guarded.
    held = min(held, int(order["lots"] - order["filled"]))
    for ticket in live.tickets.of_order(int(order["id"])):
        instrument = live.session.instruments[live.row_of(ticket.order.instrument) or 0]
        enough = ticket.order.close_position or instrument.to_lots(float(ticket.rest)) >= held
        if ticket.life == Life.WORKING and enough:
            return True
    return False


class Guards:
    """The circuit breakers around one session. Times are of a clock that is never set back, seconds.

    Args:
        live: the session.
        terms: when a breaker trips.
    """

    def __init__(self, live: LiveSession, terms: LiveTerms) -> None:
        self.live, self.terms = live, terms
        self._errors: deque[float] = deque()
        self._bare: dict[int, float] = {}
        self._bars_due: float | None = None
        self._skew_s = 0.0
        self._wallet: float | None = None

    def failed(self, now: float) -> None:
        """A request has had no answer, or the venue could not be asked."""
        self._errors.append(now)

    def bar_due(self, at: float) -> None:
        """When the next bar should have been heard of at the latest."""
        self._bars_due = at

    def skewed(self, seconds: float) -> None:
        """By how much the venue's clock has run apart from ours since the session was taken up."""
        self._skew_s = abs(seconds)

    def due(self, now: float) -> list[Mapping[str, Any]]:
        """What is to be done about it: records of halts, or of closing everything."""
        found: list[Mapping[str, Any]] = []
        if self._is_bare(now):
            text = f"a position has been without its stop for {self.terms.bare_s:g} s"
            return [{"kind": "kill", "flatten": True, "text": text}]
        if not self.live.halted and (text := self._tripped(now)):
            found.append({"kind": "halt", "text": text})
        return found

    def _is_bare(self, now: float) -> bool:
        bare = bare_rows(self.live)
        self._bare = {k: self._bare.get(k, now) for k in bare}
        over = any(now - since > self.terms.bare_s for since in self._bare.values())
        if over:
            self._bare.clear()
        return over

    def _tripped(self, now: float) -> str:
        while self._errors and now - self._errors[0] > _SPAN_S:
            self._errors.popleft()
        if len(self._errors) >= self.terms.most_errors:
            count = len(self._errors)
            self._errors.clear()
            return f"{count} requests without an answer within {_SPAN_S:g} s"
        if self._bars_due is not None and now > self._bars_due:
            self._bars_due = None
            return f"no bar for {self.terms.stale_bars:g} bars"
        if 0 < self.terms.skew_s < self._skew_s:
            return f"the venue's clock and ours have run apart by {self._skew_s:.1f} s"
        return self._gap()

    def _gap(self) -> str:
        # What the venue's wallet has changed by, beside what ours has.
        own, spec = self.live, self.live.spec
        currency = own.session.instruments[0].symbol.replace(":", "/").rpartition("/")[2]
        wallet = own.holdings.wallets.get(currency)
        # A spot wallet pays for what is bought; where others trade in the account, their money moves it.
        is_ours = not own.holdings.is_shared and all(one.is_perpetual for one in own.session.instruments)
        if self.terms.balance_gap <= 0 or not is_ours or wallet is None:
            return ""
        if any(not one.is_certain for one in own.tickets.living()):
            return ""
        apart = float(wallet) - own.session.wallet
        if self._wallet is None:
            self._wallet = apart
        moved = apart - self._wallet
        if abs(moved) > self.terms.balance_gap * spec.balance:
            # Whoever calms the session has seen this move: the next is counted from here.
            self._wallet = apart
            return f"the venue's wallet has moved by {moved:+.2f} beside our books"
        return ""
