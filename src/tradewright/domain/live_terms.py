"""On what terms a session trades at its venue: what it checks, how often, and when it stops opening positions."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_type_hints

from tradewright.domain.errors import InvalidValue

__all__ = ["AtLeast", "LiveTerms", "Policy"]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Beside the type of a number: the least that it may be."""

    ge: float


Policy = Literal["halt", "adopt", "close"]
"""What is done about a position that the venue has and our books have not, or the other way round."""
_Some = Annotated[float, AtLeast(0.01)]
_OrOff = Annotated[float, AtLeast(0)]


@dataclass(frozen=True, slots=True)
class LiveTerms:
    """How closely a session is watched whose orders lie at a venue. Seconds are of this machine's clock.

    Args:
        policy: about positions that the venue has and our books have not, or the other way round: `halt` opens nothing
            more, `adopt` takes them into the books, `close` closes them.
        check_s: seconds between two comparisons of everything with the venue.
        probe_s: seconds before an order whose outcome is not known is asked for.
        bare_s: seconds for which a position may be without the stop that was decided; then all is closed.
        countdown_s: seconds without a word of ours after which the venue cancels what rests, where it can; 0: never.
        most_errors: requests without an answer, within five minutes, from which nothing is opened any more.
        stale_bars: bars that may be late before nothing is opened any more.
        skew_s: seconds by which the two clocks may run apart; 0 is no limit.
        balance_gap: by how much the venue's wallet may move beside our books before nothing is opened any more,
            fraction of the capital; 0 is no limit. Of perpetuals, and only for as long as no order and no position of
            others, a second session among them, has been seen in the account: their money moves the wallet, too.
        latest_bars: after so many bars an order that opens a position is not sent any more.

    Raises:
        InvalidValue: by field.
    """

    policy: Policy = "halt"
    check_s: _Some = 60.0
    probe_s: _Some = 1.0
    bare_s: _Some = 10.0
    countdown_s: _OrOff = 120.0
    most_errors: Annotated[int, AtLeast(1)] = 10
    stale_bars: _Some = 3.0
    skew_s: _OrOff = 5.0
    balance_gap: _OrOff = 0.1
    latest_bars: _Some = 1.0

    def __post_init__(self) -> None:
        if self.policy not in get_args(Policy):
            raise InvalidValue("policy", self.policy, f"one of {', '.join(get_args(Policy))}")
        for one in fields(self)[1:]:
            value = getattr(self, one.name)
            least = _least()[one.name]
            if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value < math.inf:
                raise InvalidValue(one.name, value, f"a number, at least {least:g}")


@cache
def _least() -> dict[str, Any]:
    # As it is annotated, from where the configuration and its reference know it, too.
    hints = get_type_hints(LiveTerms, include_extras=True)
    return {name: kind.__metadata__[0].ge for name, kind in hints.items() if hasattr(kind, "__metadata__")}
