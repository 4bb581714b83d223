"""Whether orders may go to a venue with money: four conditions, all of them, and a permit that nothing else makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tradewright.domain.errors import InvalidValue, TradewrightError
from tradewright.domain.times import iso

__all__ = ["Approval", "LivePermit", "NotPermitted", "approve", "grant"]

_NS_PER_HOUR = 3_600_000_000_000
_MOST_HOURS = 24.0 * 90
_SEAL: Final = object()


class NotPermitted(TradewrightError):
    """Live trading lacks a condition; nothing was sent."""

    code = "not-permitted"


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody's word that sessions may trade with money at a venue.

    Args:
        venue: its name.
        by: who said so.
        at: when, UTC ns.
        until: when it ends, UTC ns.
        capital: most that one session may begin with, quote currency.
    """

    venue: str
    by: str
    at: int
    until: int
    capital: float


class LivePermit:
    """Leave to open an account at a venue with money. `grant` alone makes one.

    Args:
        seal: of this module.
        approval: that it stands on.

    Raises:
        NotPermitted: somebody else tries.
    """

    def __init__(self, seal: object, approval: Approval) -> None:
        if seal is not _SEAL:
            raise NotPermitted("a live permit is given by grant() alone")
        self.approval = approval

    @property
    def venue(self) -> str:
        """For which it is good."""
        return self.approval.venue


def approve(venue: str, by: str, now: int, hours: float, capital: float) -> Approval:
    """Approve of live trading for a while.

    Args:
        venue: its name.
        by: who says so.
        now: UTC ns.
        hours: for how long.
        capital: most that one session may begin with, quote currency.

    Raises:
        InvalidValue: by field.
    """
    if not 0 < hours <= _MOST_HOURS:
        raise InvalidValue("hours", hours, f"a number above 0, at most {_MOST_HOURS:g}")
    if not 0 < capital <= 1e12:  # noqa: PLR2004 - as a run's balance
        raise InvalidValue("capital", capital, "an amount of quote currency above 0")
    return Approval(venue, by, now, now + round(hours * _NS_PER_HOUR), capital)


def grant(missing: Sequence[str], approval: Approval | None, venue: str, now: int) -> LivePermit:
    """Leave to trade with money, if nothing is missing.

    Args:
        missing: what the configuration lacks: the mode, its approval, keys.
        approval: as it is stored; None without one.
        venue: that is to be traded at.
        now: UTC ns.

    Raises:
        NotPermitted: naming everything that is missing.
    """
    lacks = list(missing)
    how = f"tradewright live approve {venue}"
    if approval is None or approval.venue != venue:
        lacks.append(f"approval in the product: {how}")
    elif approval.until <= now:
        lacks.append(f"approval in the product, which ended at {iso(approval.until // 10**9 * 10**9)}: {how}")
    if lacks or approval is None:
        raise NotPermitted(f"live trading at {venue} needs, and has not: {'; '.join(lacks)}. Nothing was sent")
    return LivePermit(_SEAL, approval)
