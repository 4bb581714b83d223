"""Several strategies in one account: who trades what, with which part of the money, and by which rules."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from tradewright.domain.errors import InvalidValue

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    T = TypeVar("T", bound=DataclassInstance)

    class Parts(Protocol):
        """Of a run's description what members trade by."""

        @property
        def instruments(self) -> tuple[str, ...]: ...
        @property
        def team(self) -> tuple[Member, ...]: ...


__all__ = [
    "ACCOUNT_RULES",
    "Member",
    "check_currencies",
    "check_mode",
    "check_team",
    "instruments_of",
    "seats_of",
    "settled",
    "with_members",
]

ACCOUNT_RULES = (
    *("leverage", "margin_mode", "mark_price", "market_price"),
    *("position_mode", "price_protect", "self_trade"),
)
"""Fields of `RiskSpec` that the venue knows of an account, so that no member has its own."""

_UNUSED: dict[str, dict[str, Any]] = {
    "risk": {"position_mode": "one_way", "self_trade": "expire_maker", "market_price": "auto"},
    "costs": {"spread": "auto", "take_bound": 0.0},
}
"""Fields of a run's parts that came later, and what says that a run does without."""
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_A_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Member:
    """One strategy of a team.

    Args:
        name: by which the member goes in results: lower-case letters, digits, `_` and `-`.
        strategy: registered name.
        version: that the strategy states of itself.
        params: (name, value) of every parameter, sorted by name.
        instruments: symbols that it trades, each with positions of its own.
        share: part of the starting balance that is its capital, above 0; those of a team are at most 1 together.
        htf: bars that give it context, or None.
        risk: (field of `RiskSpec`, value) where it differs from the account's.
        limits: (field of `LimitSpec`, value) of its own; the account's hold as well.
    """

    name: str
    strategy: str
    version: str
    params: tuple[tuple[str, Any], ...]
    instruments: tuple[str, ...]
    share: float
    htf: str | None = None
    risk: tuple[tuple[str, Any], ...] = ()
    limits: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InvalidValue("name", self.name, "lower-case letters, digits, '_' and '-', a letter first, at most 32")
        if not (math.isfinite(self.share) and 0.0 < self.share <= 1.0):
            raise InvalidValue(f"{self.name}.share", self.share, "a fraction of the balance above 0, at most 1")
        if not self.instruments or len(set(self.instruments)) != len(self.instruments):
            raise InvalidValue(f"{self.name}.instruments", self.instruments, "at least one, each once")
        for field, _ in self.risk:
            if field in ACCOUNT_RULES:
                raise InvalidValue(f"{self.name}.risk.{field}", dict(self.risk)[field], "it for the whole account only")

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        plain = {name: dict(getattr(self, name)) for name in ("params", "risk", "limits")}
        return asdict(self) | plain | {"instruments": list(self.instruments)}


def check_currencies(symbols: tuple[str, ...]) -> None:
    """Refuse several currencies, and contracts that pay in the coin itself: they would be added up as if they were one.

    Raises:
        InvalidValue: an instrument does not go with the others, or with any account here.
    """
    quotes = set()
    for symbol in symbols:
        pair, _, settle = symbol.partition(":")
        quote = pair.partition("/")[2]
        quotes.add(quote)
        if settle and settle != quote:
            allowed = "spot or a perpetual settled in its quote currency; coin-margined contracts are not modelled"
            raise InvalidValue("instruments", symbol, allowed)
    if len(quotes) > 1:
        allowed = f"one quote currency, not {' and '.join(sorted(quotes))}; multi-assets mode is not modelled"
        raise InvalidValue("instruments", ", ".join(symbols), allowed)


def check_team(team: tuple[Member, ...], instruments: tuple[str, ...]) -> None:
    """Hold the members of a team against each other.

    Raises:
        InvalidValue: two have one name, their shares are more than the whole, or the run's instruments are not theirs.
    """
    if team and set(instruments) != set(instruments_of(team)):
        raise InvalidValue("instruments", instruments, "those of the team: " + ", ".join(instruments_of(team)))
    names = [member.name for member in team]
    for name in names:
        if names.count(name) > 1:
            raise InvalidValue("name", name, "a name that no other member has")
    total = math.fsum(member.share for member in team)
    if total > 1.0 + _A_HAIR:
        raise InvalidValue("share", round(total, 9), "shares that are at most 1 together")


def check_mode(mode: str, instruments: tuple[str, ...]) -> None:
    """Hold a position mode against what is traded.

    Raises:
        InvalidValue: spot in a hedge.
    """
    if mode == "hedge" and not all(":" in symbol for symbol in instruments):
        raise InvalidValue("position_mode", mode, "one_way: spot cannot be held short")


def with_members(data: dict[str, Any], team: tuple[Member, ...]) -> dict[str, Any]:
    """A run's description as plain data; what it does not use is left out, as before there was any of it."""
    plain = {name: value for name, value in data.items() if name != "team"}
    for part, unused in _UNUSED.items():
        plain[part] = {name: value for name, value in data[part].items() if name not in unused or value != unused[name]}
    return plain | {"team": [member.as_dict() for member in team]} if team else plain


def instruments_of(team: tuple[Member, ...]) -> tuple[str, ...]:
    """Every symbol that a team trades, in the order of first mention."""
    return tuple(dict.fromkeys(symbol for member in team for symbol in member.instruments))


def seats_of(spec: Parts) -> tuple[tuple[int, str], ...]:
    """Who trades what: (1 + place of the member, symbol), members in their order; 0 where there is no team."""
    if not spec.team:
        return tuple((0, symbol) for symbol in spec.instruments)
    return tuple((who, symbol) for who, member in enumerate(spec.team, start=1) for symbol in member.instruments)


def settled(base: T, given: tuple[tuple[str, Any], ...], field: str) -> T:
    """The settings of an account with those of a member in their place.

    Args:
        base: of the account.
        given: (name, value) of those that differ.
        field: under which an error names them, such as `trend.risk`.

    Raises:
        InvalidValue: there is no such setting, or its value is not allowed.
    """
    known: Mapping[str, Any] = base.__dataclass_fields__
    for name, value in given:
        if name not in known:
            raise InvalidValue(f"{field}.{name}", value, f"one of {', '.join(known)}")
    try:
        return replace(base, **dict(given))
    except InvalidValue as error:
        raise InvalidValue(f"{field}.{error.field}", error.value, error.allowed) from None
    except TypeError as error:
        raise InvalidValue(field, dict(given), f"values of the right types ({error})") from None
