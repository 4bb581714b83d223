"""Orders on their way to a venue and back, and what became of a request. Numbers are exact decimals.

Prices are quote per base, quantities base, times UTC ns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Literal, Self, get_args

from tradewright.domain.enums import Code, OrderStatus
from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.intents import IntentSide, OrderIntent
from tradewright.domain.signal import EntryKind, ForceName, TriggerWish

__all__ = [
    "CONDITIONAL",
    "OPEN_STATUSES",
    "Accepted",
    "Amendment",
    "Done",
    "Leg",
    "NewOrder",
    "Order",
    "OrderRef",
    "Outcome",
    "Rejected",
    "Unknown",
    "exact",
]

Leg = Literal["", "long", "short"]
"""The position that an order belongs to where long and short are held side by side; empty where there is only one."""
CONDITIONAL = frozenset({"stop", "take_profit", "stop_limit", "take_profit_limit", "trailing_stop"})
"""Kinds that wait for a trigger."""
OPEN_STATUSES = frozenset({OrderStatus.PENDING, OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED})

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")
_LIMITED = ("limit", "stop_limit", "take_profit_limit")
_TRIGGERED = ("stop", "take_profit", "stop_limit", "take_profit_limit")
_NONE = Decimal(0)
_WORDS = tuple(
    (name, get_args(known))
    for name, known in (
        ("side", IntentSide), ("kind", EntryKind), ("time_in_force", ForceName), ("leg", Leg),
        ("trigger_by", TriggerWish),
    )
)  # fmt: skip


def _check_number(name: str, value: object) -> None:
    if not isinstance(value, Decimal) or not value.is_finite() or value <= 0:
        raise InvalidValue(name, value, "an exact decimal above 0")


def _check_client_id(client_id: object) -> None:
    if not isinstance(client_id, str) or not _CLIENT_ID.fullmatch(client_id):
        raise InvalidValue("client_id", client_id, "1 to 36 letters, digits, '_' or '-'")


def exact(steps: int, step: tuple[int, int]) -> Decimal:
    """So many steps of a tick or lot size as an exact decimal.

    Args:
        steps: ticks or lots.
        step: `Instrument.tick` or `Instrument.lot`, numerator and denominator.

    Example:
        >>> exact(463193, (1, 10))
        Decimal('46319.3')
    """
    return Decimal(steps * step[0]) / step[1]


@dataclass(frozen=True, slots=True)
class OrderRef:
    """By what an order is found at its venue.

    Args:
        instrument: its symbol, such as `BTC/USDT:USDT`.
        client_id: the name that we gave it.
        is_conditional: whether it was placed with a trigger: venues keep such orders apart.
        venue_id: the venue's own id where we know it; venues without client ids need it.
    """

    instrument: str
    client_id: str
    is_conditional: bool = False
    venue_id: str = ""


@dataclass(frozen=True, slots=True)
class NewOrder:
    """One order to be sent as it stands. Nothing of it is rounded: what is off its steps is refused before sending.

    Args:
        client_id: our name for it, known before it is sent, so that an unknown outcome can be asked for.
        instrument: symbol.
        side: `buy` or `sell`.
        quantity: base; 0 with `close_position` alone.
        kind: as of `OrderIntent`.
        price: limit price.
        trigger: price that sets it off.
        time_in_force: `gtc`, `ioc`, `fok`, `gtx` (post-only) or `gtd`.
        good_till: with `gtd`, when it ends.
        reduce_only: it closes, and never opens.
        close_position: it closes all that is held when it acts.
        leg: the position it belongs to, in hedge mode.
        callback: of `trailing_stop`: a fraction.
        activation: of `trailing_stop`: the price from which it counts.
        trigger_by: price that it watches.
        price_protect: its trigger is held back while last and mark lie further apart than the venue allows.

    Raises:
        InvalidValue: by field.

    Example:
        >>> NewOrder("tw-1", "BTC/USDT:USDT", "buy", Decimal("0.01"), "limit", Decimal(42000)).ref.client_id
        'tw-1'
    """

    client_id: str
    instrument: str
    side: IntentSide
    quantity: Decimal = _NONE
    kind: EntryKind = "market"
    price: Decimal | None = None
    trigger: Decimal | None = None
    time_in_force: ForceName = "gtc"
    good_till: int = 0
    reduce_only: bool = False
    close_position: bool = False
    leg: Leg = ""
    callback: Decimal | None = None
    activation: Decimal | None = None
    trigger_by: TriggerWish = "last"
    price_protect: bool = False

    def __post_init__(self) -> None:
        _check_client_id(self.client_id)
        for name, known in _WORDS:
            if getattr(self, name) not in known:
                raise InvalidValue(name, getattr(self, name), f"one of {', '.join(map(repr, known))}")
        self._check_terms()
        self._check_quantity()

    def _check_terms(self) -> None:
        for name, kinds in (("price", _LIMITED), ("trigger", _TRIGGERED), ("callback", ("trailing_stop",))):
            value = getattr(self, name)
            if (value is not None) != (self.kind in kinds):
                raise InvalidValue(name, value, f"one with {', '.join(kinds)}, none with other kinds")
            if value is not None:
                _check_number(name, value)
        if self.activation is not None:
            if self.kind != "trailing_stop":
                raise InvalidValue("activation", self.activation, "none but with trailing_stop")
            _check_number("activation", self.activation)
        if self.price_protect and self.kind not in _TRIGGERED:
            raise InvalidValue("price_protect", True, f"False but with {', '.join(_TRIGGERED)}")
        if self.time_in_force == "gtx" and self.price is None:
            raise InvalidValue("time_in_force", "gtx", f"another with {self.kind!r}: only a limit can be post-only")
        if (self.good_till > 0) != (self.time_in_force == "gtd"):
            raise InvalidValue("good_till", self.good_till, "a time with time_in_force 'gtd', 0 without")

    def _check_quantity(self) -> None:
        if not self.close_position:
            _check_number("quantity", self.quantity)
            return
        if self.quantity != 0:
            raise InvalidValue("quantity", self.quantity, "0 with close_position: it closes whatever is held")
        if self.kind not in ("market", "stop", "take_profit"):
            raise InvalidValue("kind", self.kind, "market, stop or take_profit with close_position")
        if self.reduce_only:
            raise InvalidValue("reduce_only", True, "either reduce_only or close_position")

    @property
    def is_conditional(self) -> bool:
        """Whether it waits for a trigger."""
        return self.kind in CONDITIONAL

    @property
    def ref(self) -> OrderRef:
        """By what it will be found."""
        return OrderRef(self.instrument, self.client_id, self.is_conditional)

    @classmethod
    def of_intent(cls, intent: OrderIntent, client_id: str, instrument: Instrument) -> Self:
        """An order from what risk has let pass; prices go to the nearest tick and quantities down to a whole lot.

        Raises:
            InvalidValue: by field; a quantity below one lot among them.
        """
        lots = exact(instrument.to_lots(intent.quantity), instrument.lot)

        def ticks(price: float | None) -> Decimal | None:
            return None if price is None else exact(instrument.to_ticks(price), instrument.tick)

        callback = None if intent.callback is None else Decimal(round(intent.callback * 1_000)) / 1_000
        return cls(
            client_id, instrument.symbol, intent.side, lots, intent.kind, ticks(intent.price), ticks(intent.trigger),
            "gtc" if intent.time_in_force == "gtd" else intent.time_in_force,
            reduce_only=intent.reduce_only, close_position=intent.close_position, callback=callback,
            activation=ticks(intent.activation), trigger_by=intent.trigger_by or "last",
            price_protect=bool(intent.price_protect),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amendment:
    """Other terms for an open order; None leaves one as it is.

    Args:
        quantity: the whole quantity, what is filled included.
        price: limit price.
        trigger: price that sets it off.

    Raises:
        InvalidValue: by field, or when nothing is to change.
    """

    quantity: Decimal | None = None
    price: Decimal | None = None
    trigger: Decimal | None = None

    def __post_init__(self) -> None:
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        if all(value is None for value in given.values()):
            raise InvalidValue("quantity", None, "at least one of quantity, price and trigger")
        for name, value in given.items():
            if value is not None:
                _check_number(name, value)


@dataclass(frozen=True, slots=True)
class Order:
    """An order as its venue tells of it.

    A conditional order and the plain one that its trigger made of it are one: what the latter has filled counts here.

    Args:
        instrument: symbol.
        client_id: our name for it; of an order that is not ours, whatever the venue shows.
        venue_id: the venue's id of the order as it was placed.
        side: `buy` or `sell`.
        kind: as it was placed.
        quantity: base; 0 of what closes a position and has not acted.
        status: where it stands; what a venue lets expire is CANCELED, and `venue_status` says so.
        venue_status: the venue's own word.
        filled: base.
        average: price of what is filled; None before, or where the venue does not say.
        price: limit price.
        trigger: price that sets it off.
        time_in_force: as it was placed.
        reduce_only: it never opens.
        close_position: it closes whatever is held.
        leg: its position in hedge mode.
        triggered_id: venue id of the plain order that its trigger made.
        created: when the venue took it in; 0 where it does not say.
        updated: of its last change; 0 where the venue does not say.
    """

    instrument: str
    client_id: str
    venue_id: str
    side: IntentSide
    kind: EntryKind
    quantity: Decimal
    status: OrderStatus
    venue_status: str = ""
    filled: Decimal = _NONE
    average: Decimal | None = None
    price: Decimal | None = None
    trigger: Decimal | None = None
    time_in_force: ForceName = "gtc"
    reduce_only: bool = False
    close_position: bool = False
    leg: Leg = ""
    triggered_id: str = ""
    created: int = 0
    updated: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it may still fill."""
        return self.status in OPEN_STATUSES

    @property
    def is_conditional(self) -> bool:
        """Whether it was placed with a trigger."""
        return self.kind in CONDITIONAL

    @property
    def ref(self) -> OrderRef:
        """By what it is found."""
        return OrderRef(self.instrument, self.client_id, self.is_conditional, self.venue_id)

    def joined(self, plain: Order) -> Order:
        """This conditional order with what became of the plain one that its trigger made."""
        return replace(
            self, status=plain.status, venue_status=plain.venue_status, filled=plain.filled, average=plain.average,
            quantity=plain.quantity, triggered_id=plain.venue_id, updated=max(self.updated, plain.updated),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Accepted:
    """The venue has done it; `order` is as it stood then."""

    order: Order


@dataclass(frozen=True, slots=True)
class Done:
    """The venue has done it, and there is no order to tell of. `text` says if there was nothing to do."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """It was not done, and will not be.

    Args:
        text: why, in words.
        code: the engine's name of the reason; None where it has none.
        venue_code: as the venue wrote it; empty where nothing was sent.
        was_sent: whether the venue was asked at all; what a venue cannot do is refused before.
        order: how the order stands that was to be changed or cancelled, where that is known.
    """

    text: str
    code: Code | None = None
    venue_code: str = ""
    was_sent: bool = True
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been done, or not, or be done yet: ask for the order by its ref, and never send again before.

    Args:
        text: what happened to the request.
        final_at: venue time from which an order that is not found was never placed and never will be: the request was
            only good until then. 0 where a venue gives no such time.
    """

    text: str
    final_at: int = 0


Outcome = Accepted | Done | Rejected | Unknown
