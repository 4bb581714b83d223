"""Where orders go: what is asked of a venue, real or simulated, in the domain's words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from tradewright.domain.abilities import VenueAbilities
from tradewright.domain.account import AccountTerms, Balance, Fill, MarginMode, Position
from tradewright.domain.instrument import Instrument
from tradewright.domain.orders import Amendment, Done, NewOrder, Order, OrderRef, Outcome, Rejected, Unknown
from tradewright.domain.user_events import FundingPaid, UserEvent

__all__ = ["AccountReader", "OrderDesk", "Venue"]

Setting = Done | Rejected | Unknown
"""What became of a setting; to set again what is set already is `Done`."""


class AccountReader(Protocol):
    """What may be asked of an account: nothing here changes anything at the venue, so all of it may be asked again.

    Raises:
        VenueError: the venue could not be asked, or answered what cannot be read. An answer is whole or an error.
        UnknownName: the venue has no such instrument.
    """

    @property
    def abilities(self) -> VenueAbilities:
        """What the venue can do. Whoever asks for what it cannot gets a refusal in words, and nothing is sent."""
        ...

    async def instruments(self) -> tuple[Instrument, ...]:
        """What is traded, with the rules that orders must keep and the margin table."""
        ...

    async def find(self, ref: OrderRef) -> Order | None:
        """How an order stands; None if the venue knows of none. See `Unknown.final_at` for what None proves."""
        ...

    async def open_orders(self, instrument: str | None = None) -> tuple[Order, ...]:
        """Orders that may still fill, those that wait for a trigger among them, whoever placed them."""
        ...

    async def fills(self, instrument: str, since: int) -> tuple[Fill, ...]:
        """Every execution from a time on (UTC ns), oldest first, each once."""
        ...

    async def payments(self, since: int) -> tuple[FundingPaid, ...]:
        """Funding that was paid or received from a time on (UTC ns), of any instrument; none where it is not listed."""
        ...

    async def positions(self) -> tuple[Position, ...]:
        """What is not flat."""
        ...

    async def balances(self) -> tuple[Balance, ...]:
        """What is not zero."""
        ...

    async def terms(self, *instruments: str) -> tuple[AccountTerms, ...]:
        """Leverage and margin mode of each as they are set, in their order; of all in one question where that goes."""
        ...

    async def is_hedged(self) -> bool:
        """Whether long and short are held side by side."""
        ...

    async def now(self) -> int:
        """The venue's time, UTC ns."""
        ...

    def events(self) -> AsyncIterator[UserEvent]:
        """What happens to the account, from now on.

        It begins with `Synced`, after everything has been told as it stands. It does not end by itself: a stream that
        breaks, expires or falls silent is a `Gap`, it is opened again, what was missed is asked for, and `Synced`
        follows. A fill is told once, whether it was heard or asked for.
        """
        ...


class OrderDesk(Protocol):
    """What changes something at a venue. A request is sent once: what becomes of it is `Unknown` when no answer came.

    A refusal is a value. Keys that the venue does not take are an accident, and raise.

    Raises:
        VenueError: the venue does not take our key, or its rules could not be read; then nothing was sent.
        UnknownName: the venue has no such instrument.
    """

    async def place(self, order: NewOrder) -> Outcome:
        """Place one order."""
        ...

    async def place_all(self, orders: Sequence[NewOrder]) -> tuple[Outcome, ...]:
        """Place several, each for itself: one outcome for each, in their order."""
        ...

    async def modify(self, ref: OrderRef, amendment: Amendment) -> Outcome:
        """Change an open order; it keeps its names."""
        ...

    async def cancel(self, ref: OrderRef) -> Outcome:
        """Cancel an order. `Accepted` if it is cancelled now, by this request or by an earlier one.

        A venue that does not find it is asked what became of it: an order that had ended otherwise is `Rejected`, with
        the order as it stands.
        """
        ...

    async def cancel_all(self, instrument: str) -> Setting:
        """Cancel every open order of an instrument, those that wait for a trigger too."""
        ...

    async def set_leverage(self, instrument: str, leverage: int) -> Setting:
        """Set the leverage of an instrument."""
        ...

    async def set_margin_mode(self, instrument: str, mode: MarginMode) -> Setting:
        """Set cross or isolated margin for an instrument."""
        ...

    async def set_hedged(self, *, hedged: bool) -> Setting:
        """Hold long and short side by side, or net them."""
        ...

    async def count_down(self, instrument: str, seconds: float) -> Setting:
        """Cancel the orders of an instrument after so long, unless asked again before; 0 takes it back.

        It is for the day on which this process dies. Which orders go, and which stay, the venue decides: Binance lets
        those stay that wait for a trigger, so that a protective stop protects.
        """
        ...


class Venue(AccountReader, OrderDesk, Protocol):
    """An account at a venue, whole. A simulation is given its own; a real one is built by live wiring alone."""
