"""A strategy's wish, before risk and sizing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, get_args

from tradewright.domain.errors import InvalidValue

__all__ = [
    "EntryKind",
    "ForceName",
    "Signal",
    "SignalSide",
    "TriggerWish",
    "check_order",
    "check_targets",
    "check_trigger",
    "permille",
]

SignalSide = Literal["long", "short", "exit"]
EntryKind = Literal["market", "limit", "stop", "stop_limit", "take_profit", "take_profit_limit", "trailing_stop"]
TriggerWish = Literal["last", "mark"]
ForceName = Literal["gtc", "ioc", "fok", "gtx", "gtd"]

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_SIDES, _KINDS, _FORCES = get_args(SignalSide), get_args(EntryKind), get_args(ForceName)
_TWO_PRICES = ("stop_limit", "take_profit_limit")
_LIMITS = ("limit", *_TWO_PRICES)
_UNCONDITIONAL = ("market", "limit")
_HURRIED = ("ioc", "fok")
_MOST_TARGETS = 4
_WIDEST = 100
_A_HAIR = 1e-6


def permille(name: str, callback: float) -> int:
    """A trailing stop's distance as whole permille, the venue's unit.

    Raises:
        InvalidValue: it is not a multiple of 0.001 from 0.001 to 0.1.

    Example:
        >>> permille("trailing", 0.015)
        15
    """
    steps = callback * 1_000.0
    if not math.isfinite(steps) or abs(steps - round(steps)) > _A_HAIR or not 1 <= round(steps) <= _WIDEST:
        raise InvalidValue(name, callback, "a multiple of 0.001 from 0.001 to 0.1")
    return round(steps)


def check_order(kind: str, force: str, valid_bars: int, *, has_limit: bool, has_callback: bool) -> None:
    """Refuse terms of an entry that do not go together.

    Args:
        kind: how to enter.
        force: time in force.
        valid_bars: how many bars the order waits.
        has_limit: whether `limit_price` was given.
        has_callback: whether `entry_callback` was given.

    Raises:
        InvalidValue: a word is unknown, or a term is missing, or in the wrong place.
    """
    if kind not in _KINDS:
        raise InvalidValue("kind", kind, f"one of {', '.join(_KINDS)}")
    if force not in _FORCES:
        raise InvalidValue("time_in_force", force, f"one of {', '.join(_FORCES)}")
    if valid_bars < 0:
        raise InvalidValue("valid_bars", valid_bars, "0 (until replaced) or more")
    for name, given, kinds in (
        ("limit_price", has_limit, _TWO_PRICES),
        ("entry_callback", has_callback, ("trailing_stop",)),
    ):
        if given != (kind in kinds):
            raise InvalidValue(
                name, "given" if given else None, f"one with {' and '.join(kinds)}, none with other kinds"
            )
    if force == "gtx" and kind not in _LIMITS:
        raise InvalidValue("time_in_force", force, f"another with {kind!r}: only a limit can be post-only")
    if force == "gtd" and valid_bars == 0:
        raise InvalidValue("valid_bars", valid_bars, "how many bars, with time_in_force 'gtd'")
    if force in _HURRIED and kind in _UNCONDITIONAL and valid_bars > 0:
        raise InvalidValue("valid_bars", valid_bars, f"0: {kind!r} with {force!r} does not wait")


def check_trigger(by: str | None) -> None:
    """Refuse a trigger price that nobody knows.

    Raises:
        InvalidValue: it is neither None, `last` nor `mark`.
    """
    if by is not None and by not in get_args(TriggerWish):
        raise InvalidValue("trigger_by", by, f"one of {', '.join(get_args(TriggerWish))}, or None (as the run says)")


def check_targets(targets: Sequence[tuple[float, float]]) -> None:
    """Refuse targets that are no numbers, or together more than the position.

    Raises:
        InvalidValue: there are more than four, or a level or fraction is not what it must be.
    """
    if len(targets) > _MOST_TARGETS:
        raise InvalidValue("targets", targets, f"at most {_MOST_TARGETS}")
    for price, share in targets:
        if not (math.isfinite(price) and 0.0 < share <= 1.0):
            raise InvalidValue("targets", targets, "pairs of a finite price and a fraction above 0, at most 1")
    if sum(share for _, share in targets) > 1.0 + _A_HAIR:
        raise InvalidValue("targets", targets, "fractions that add up to 1 at most")


@dataclass(frozen=True, slots=True)
class Signal:
    """What a strategy wishes at a bar's close; it can act at the next open at the earliest.

    Entry, stop and targets may come out at or below 0, as a short's target does three times a wide risk below the
    close: the gate refuses such a wish, and the refusal is kept with its numbers.

    Args:
        side: `long`, `short`, or `exit` to leave the open position (prices are then not needed).
        entry: the price counted on, quote per base: for `market` and `trailing_stop` the last close, for `limit` its
            price, for every other kind its trigger.
        stop_loss: where the idea is wrong; None only where the risk policy allows it.
        take_profit: where the idea has paid; None only where the risk policy allows it.
        confidence: 0 to 1.
        metadata: facts behind the wish, shown with the trade.
        kind: how to enter: `market` at the next open; `limit` at entry or better; `stop` when price runs through entry,
            `take_profit` when it comes back to it, both at the market, or as a limit: `stop_limit`,
            `take_profit_limit`; `trailing_stop` when price turns round.
        valid_bars: how many bars the order waits; 0 means until it is replaced.
        limit_price: of `stop_limit` and `take_profit_limit`: what to pay or to get at the worst; size and
            reward:risk are counted from it.
        time_in_force: `gtc`; `ioc` fills at once what it can, `fok` all or nothing; `gtx` (post-only) is refused if it
            would take; `gtd` ends after `valid_bars`. What has a trigger is counted from there.
        entry_callback: of `trailing_stop`: by what fraction price must turn round, 0.001 to 0.1.
        entry_activation: price from which that counts; None at once.
        targets: several take-profits in place of `take_profit`: up to four (price, fraction of the position).
        trailing: a trailing stop on the position, at this fraction from the best price since the entry.
        activation: price from which it counts; None at once.
        break_even: move the stop-loss to the entry price when the first target has filled.
        trigger_by: price that triggers its entry, stop-loss and take-profits: `last` or `mark`; None: as the run says.
            Trailing stops always follow the last price.

    Raises:
        InvalidValue: a price is no finite number, a limit behind a trigger or an activation is not above 0, confidence
            is outside 0 to 1, or terms do not go together.
    """

    side: SignalSide
    entry: float = 0.0
    stop_loss: float | None = None
    take_profit: float | None = None
    confidence: float = 1.0
    metadata: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    kind: EntryKind = "market"
    valid_bars: int = 0
    limit_price: float | None = None
    time_in_force: ForceName = "gtc"
    entry_callback: float | None = None
    entry_activation: float | None = None
    targets: tuple[tuple[float, float], ...] = ()
    trailing: float | None = None
    activation: float | None = None
    break_even: bool = False
    trigger_by: TriggerWish | None = None

    def __post_init__(self) -> None:
        if self.side not in _SIDES:
            raise InvalidValue("side", self.side, "'long', 'short' or 'exit'")
        if not 0.0 <= self.confidence <= 1.0:
            raise InvalidValue("confidence", self.confidence, "a number from 0 to 1")
        check_trigger(self.trigger_by)
        check_order(
            self.kind,
            self.time_in_force,
            self.valid_bars,
            has_limit=self.limit_price is not None,
            has_callback=self.entry_callback is not None,
        )
        if self.side != "exit":
            self._check_prices()
            self._check_bracket()

    def _check_prices(self) -> None:
        # Without names, which only a refusal needs: a strategy may wish something at each of a million bars.
        entry: float | None = self.entry  # who writes a strategy may have no types checked
        if entry is None or not -math.inf < entry < math.inf:
            raise InvalidValue("entry", entry, "a finite price")
        if entry <= 0.0 and self.kind in _TWO_PRICES:
            raise InvalidValue("entry", entry, f"a price above 0, as the trigger of {self.kind}")
        for price in (self.stop_loss, self.take_profit):
            if price is not None and not -math.inf < price < math.inf:
                raise InvalidValue(self._name_of(price, ("stop_loss", "take_profit")), price, "a finite price")
        for price in (self.limit_price, self.entry_activation, self.activation):
            if price is not None and not 0.0 < price < math.inf:
                names = ("limit_price", "entry_activation", "activation")
                raise InvalidValue(self._name_of(price, names), price, "a price above 0")

    def _name_of(self, price: float, names: Sequence[str]) -> str:
        return next(name for name in names if getattr(self, name) is price)

    def _check_bracket(self) -> None:
        if self.entry_callback is self.trailing is self.entry_activation is self.activation is None and not (
            self.targets or self.break_even
        ):
            return
        for name in ("entry_callback", "trailing"):
            if (callback := getattr(self, name)) is not None:
                permille(name, callback)
        for name, needs in (("entry_activation", "entry_callback"), ("activation", "trailing")):
            if getattr(self, name) is not None and getattr(self, needs) is None:
                raise InvalidValue(name, getattr(self, name), f"{needs} as well")
        if self.targets:
            if self.take_profit is not None:
                raise InvalidValue("take_profit", self.take_profit, "either take_profit or targets")
            check_targets(self.targets)
        if self.break_even and (self.stop_loss is None or not self.targets):
            raise InvalidValue("break_even", True, "a stop_loss and targets as well")
