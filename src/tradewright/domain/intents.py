"""What a strategy asks for in orders: place, change, cancel, and parents that are worked by children.

Prices are quote per base, quantities base. Whether they are whole ticks and lots is seen where the instrument is known;
what they are in themselves is checked here.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal, get_args

from tradewright.domain.errors import InvalidValue
from tradewright.domain.signal import EntryKind, ForceName, TriggerWish, check_order, check_trigger, permille

__all__ = [
    "POSITION_SIDES",
    "Ask",
    "Cancel",
    "CancelAll",
    "Change",
    "Iceberg",
    "IntentSide",
    "OrderIntent",
    "PositionSide",
    "Twap",
    "Vwap",
]

IntentSide = Literal["buy", "sell"]
PositionSide = Literal["long", "short"]
"""Which of the two positions of a hedge; Binance's `positionSide`."""

POSITION_SIDES: tuple[PositionSide, PositionSide] = get_args(PositionSide)

_SIDES = get_args(IntentSide)
_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,31}")
_TWO_PRICES = ("stop_limit", "take_profit_limit")
_WITH_LIMIT = ("limit", *_TWO_PRICES)
_WITH_TRIGGER = ("stop", "take_profit", *_TWO_PRICES)
_CLOSING = ("market", "stop", "take_profit")
_MOST_DAYS = 365
_MOST_SLOTS = 1_440


def _check_side(side: str) -> None:
    if side not in _SIDES:
        raise InvalidValue("side", side, "'buy' or 'sell'")


def _check_position_side(side: object) -> None:
    if side is not None and side not in POSITION_SIDES:
        raise InvalidValue("position_side", side, "'long' or 'short' in a hedge, None in one-way mode")


def _check_tag(tag: object, name: str = "tag") -> None:
    if not isinstance(tag, str) or (tag and not _TAG.fullmatch(tag)):
        raise InvalidValue(name, tag, "up to 32 letters, digits, '_', '.', ':' or '-', or nothing")


def _check_above_zero(name: str, value: object) -> None:
    if type(value) is float and 0.0 < value < math.inf:
        return  # as nearly all are: a strategy may give millions of orders
    if isinstance(value, bool) or not isinstance(value, int | float) or not (math.isfinite(value) and value > 0.0):
        raise InvalidValue(name, value, "a number above 0")


def _check_protect(wish: object, kind: str) -> None:
    if wish is not None and (not isinstance(wish, bool) or kind not in _WITH_TRIGGER):
        allowed = f"True or False with {', '.join(_WITH_TRIGGER)}, None with other kinds"
        raise InvalidValue("price_protect", wish, allowed)


def _check_whole(name: str, value: object, low: int, high: float = math.inf) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        most = "" if high == math.inf else f" to {high:.0f}"
        raise InvalidValue(
            name, value, f"a whole number from {low}{most}" if most else f"a whole number, at least {low}"
        )


def _check_given(name: str, value: float | None, kind: str, kinds: tuple[str, ...]) -> None:
    # A price is there where the kind needs one, and nowhere else.
    if (value is not None) != (kind in kinds):
        raise InvalidValue(name, value, f"one with {', '.join(kinds)}, none with other kinds")
    if value is not None:
        _check_above_zero(name, value)


@dataclass(frozen=True, slots=True)
class OrderIntent:
    """One order that a strategy wants placed as it stands: risk may refuse it, and never sizes it.

    Args:
        side: `buy` or `sell`.
        quantity: base; 0 with `close_position` alone.
        kind: `market`; `limit` at `price` or better; `stop` and `take_profit` at the market once `trigger` is reached;
            `stop_limit` and `take_profit_limit` at `price` from `trigger` on; `trailing_stop` when price turns round by
            `callback`.
        price: limit price.
        trigger: price that sets it off.
        time_in_force: `gtc`; `ioc` fills at once what it can, `fok` all or nothing; `gtx` (post-only) is refused if it
            would take; `gtd` ends after `valid_bars`.
        valid_bars: how many bars it works; 0 has no end.
        reduce_only: it closes, and never opens.
        close_position: it closes all that is held when it acts, and goes when the position does.
        callback: of `trailing_stop`: a fraction, 0.001 to 0.1 in steps of 0.001.
        activation: of `trailing_stop`: the price from which it counts; None at once.
        trigger_by: price that it watches: `last` or `mark`; None: as the run says.
        price_protect: False lets its trigger fire however far last and mark lie apart; None: as the run's
            `price_protect` says. True says the same where the run has one.
        tag: your name for it, by which it is changed and cancelled; no two open orders may share one.
        oco: your name for what it is linked with: of the open orders of an instrument that share it, a fill of one
            takes as much from the others, and they are cancelled once one is done. In a hedge those of one position
            are linked. In backtests and on paper.
        position_side: in a hedge, of which position it is: of `long` to buy opens and to sell closes, of `short` the
            other way round; without `reduce_only`, for these two say it. None in one-way mode.

    Raises:
        InvalidValue: by field.

    Example:
        >>> OrderIntent("buy", 0.01, "limit", price=42_000.0, time_in_force="gtx", tag="bid-1").price
        42000.0
    """

    side: IntentSide
    quantity: float = 0.0
    kind: EntryKind = "market"
    price: float | None = None
    trigger: float | None = None
    time_in_force: ForceName = "gtc"
    valid_bars: int = 0
    reduce_only: bool = False
    close_position: bool = False
    callback: float | None = None
    activation: float | None = None
    trigger_by: TriggerWish | None = None
    price_protect: bool | None = None
    tag: str = ""
    oco: str = ""
    position_side: PositionSide | None = None

    def __post_init__(self) -> None:
        _check_side(self.side)
        _check_position_side(self.position_side)
        _check_tag(self.tag)
        _check_tag(self.oco, "oco")
        if self.oco and self.close_position:
            raise InvalidValue("oco", self.oco, "none with close_position, which goes with the position")
        _check_protect(self.price_protect, self.kind)
        _check_whole("valid_bars", self.valid_bars, 0)
        check_trigger(self.trigger_by)
        is_trailing = self.kind == "trailing_stop"
        limit, callback = self.kind in _TWO_PRICES, self.callback is not None
        check_order(self.kind, self.time_in_force, self.valid_bars, has_limit=limit, has_callback=is_trailing)
        _check_given("price", self.price, self.kind, _WITH_LIMIT)
        _check_given("trigger", self.trigger, self.kind, _WITH_TRIGGER)
        _check_given("callback", self.callback, self.kind, ("trailing_stop",))
        if callback:
            permille("callback", self.callback or 0.0)
        if self.activation is not None:
            _check_given("activation", self.activation, self.kind, ("trailing_stop",))
        self._check_quantity()

    @property
    def closes(self) -> bool:
        """Whether it can close and never open, by its flags or by the leg of a hedge that it goes against."""
        against = self.position_side is not None and (self.side == "sell") == (self.position_side == "long")
        return self.reduce_only or self.close_position or against

    def _check_quantity(self) -> None:
        if not self.close_position:
            _check_above_zero("quantity", self.quantity)
            return
        if self.kind not in _CLOSING:
            raise InvalidValue("kind", self.kind, f"one of {', '.join(_CLOSING)} with close_position")
        if self.quantity != 0.0:
            raise InvalidValue("quantity", self.quantity, "none with close_position: it closes whatever is held")
        if self.reduce_only:
            raise InvalidValue("reduce_only", True, "either reduce_only or close_position")


def _check_which(tag: str, order_id: int) -> None:
    _check_tag(tag)
    _check_whole("order_id", order_id, 0)
    if (tag != "") == (order_id > 0):
        raise InvalidValue("tag", tag, "either a tag or an order_id")


@dataclass(frozen=True, slots=True)
class Change:
    """Other terms for an open order, which keeps its id; a new price or more quantity costs its place in the queue.

    Args:
        tag: of the order; or
        order_id: of any order that the view shows, exits of a bracket included.
        quantity: the whole quantity, what is filled included; None leaves it.
        price: the limit price; None leaves it.
        trigger: None leaves it.

    Raises:
        InvalidValue: by field.
    """

    tag: str = ""
    order_id: int = 0
    quantity: float | None = None
    price: float | None = None
    trigger: float | None = None

    def __post_init__(self) -> None:
        _check_which(self.tag, self.order_id)
        given = {name: getattr(self, name) for name in ("quantity", "price", "trigger")}
        if all(value is None for value in given.values()):
            raise InvalidValue("quantity", None, "at least one of quantity, price and trigger")
        for name, value in given.items():
            if value is not None:
                _check_above_zero(name, value)


@dataclass(frozen=True, slots=True)
class Cancel:
    """Take back one open order, or a parent with all its children.

    Args:
        tag: of the order or parent; or
        order_id: of any order that the view shows.

    Raises:
        InvalidValue: by field.
    """

    tag: str = ""
    order_id: int = 0

    def __post_init__(self) -> None:
        _check_which(self.tag, self.order_id)


@dataclass(frozen=True, slots=True)
class CancelAll:
    """Take back every order of the instrument that was sent before, exits of brackets included, and every parent."""


def _check_parent(ask: Twap | Vwap | Iceberg, *, has_end: bool) -> None:
    _check_side(ask.side)
    _check_position_side(ask.position_side)
    _check_tag(ask.tag)
    _check_above_zero("quantity", ask.quantity)
    _check_whole("bars", ask.bars, 0)
    _check_whole("until", ask.until, 0)
    if ask.bars > 0 and ask.until > 0:
        raise InvalidValue("until", ask.until, "either bars or until")
    if has_end and ask.bars == ask.until == 0:
        raise InvalidValue("bars", ask.bars, "over how many bars, or until when")
    if ask.price is not None:
        _check_above_zero("price", ask.price)


@dataclass(frozen=True, slots=True)
class Twap:
    """A quantity in equal parts at equal distances over a window of bars.

    Args:
        side: `buy` or `sell`.
        quantity: of all children together, base.
        bars: over how many bars; or
        until: time at which the window ends, UTC ns.
        slices: how many children; 0 sends one at every close of the window.
        price: limit price of every child; None sends market orders.
        reduce_only: children close, and never open.
        tag: your name for it; left out, it gets one.
        position_side: in a hedge, of which position it is, as of an `OrderIntent`.

    Raises:
        InvalidValue: by field.

    Example:
        >>> Twap("buy", 1.0, bars=60, slices=12).slices
        12
    """

    side: IntentSide
    quantity: float
    bars: int = 0
    until: int = 0
    slices: int = 0
    price: float | None = None
    reduce_only: bool = False
    tag: str = ""
    position_side: PositionSide | None = None

    def __post_init__(self) -> None:
        _check_parent(self, has_end=True)
        _check_whole("slices", self.slices, 0, self.bars or math.inf)


@dataclass(frozen=True, slots=True)
class Vwap:
    """A quantity over a window of bars, as the volume of past days by the time of day lets expect it.

    Args:
        side: `buy` or `sell`.
        quantity: of all children together, base.
        bars: over how many bars; or
        until: time at which the window ends, UTC ns.
        days: how many whole days of the run's bars to look back at, at most.
        slots: equal parts of a day, from midnight UTC.
        price: limit price of every child; None sends market orders.
        reduce_only: children close, and never open.
        tag: your name for it; left out, it gets one.
        position_side: in a hedge, of which position it is, as of an `OrderIntent`.

    Raises:
        InvalidValue: by field.
    """

    side: IntentSide
    quantity: float
    bars: int = 0
    until: int = 0
    days: int = 20
    slots: int = 24
    price: float | None = None
    reduce_only: bool = False
    tag: str = ""
    position_side: PositionSide | None = None

    def __post_init__(self) -> None:
        _check_parent(self, has_end=True)
        _check_whole("days", self.days, 1, _MOST_DAYS)
        _check_whole("slots", self.slots, 1, _MOST_SLOTS)


@dataclass(frozen=True, slots=True)
class Iceberg:
    """A limit order that shows one part at a time.

    Args:
        side: `buy` or `sell`.
        quantity: of all parts together, base.
        shown: of one part, base.
        price: limit price of every part.
        bars: how many bars it works; or
        until: time at which it ends, UTC ns; without both it works until it is filled or cancelled.
        reduce_only: its parts close, and never open.
        tag: your name for it; left out, it gets one.
        position_side: in a hedge, of which position it is, as of an `OrderIntent`.

    Raises:
        InvalidValue: by field.
    """

    side: IntentSide
    quantity: float
    shown: float
    price: float
    bars: int = 0
    until: int = 0
    reduce_only: bool = False
    tag: str = ""
    position_side: PositionSide | None = None

    def __post_init__(self) -> None:
        _check_parent(self, has_end=False)
        _check_above_zero("price", self.price)
        _check_above_zero("shown", self.shown)
        if self.shown > self.quantity:
            raise InvalidValue("shown", self.shown, f"at most the quantity, {self.quantity:g}")


Ask = OrderIntent | Change | Cancel | CancelAll | Twap | Vwap | Iceberg
"""All that a strategy may ask for in orders."""
