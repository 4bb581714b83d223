"""What a session at a venue cannot be begun with is refused by field, before anything is asked of the venue."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from tradewright.domain.abilities import ABILITIES, FORCES, KINDS, VenueAbilities
from tradewright.domain.errors import InvalidValue
from tradewright.domain.run import RiskSpec, RunSpec
from tradewright.services.live.trading import _check_reach

PLAIN = RunSpec("s", "1", (), "x", ("BTC/USDT:USDT",), "1m")


def at_venue(*missing: str) -> Any:
    """A place whose venue lacks some abilities."""
    able = VenueAbilities("x", "X", ("linear",), frozenset(KINDS), frozenset(FORCES), frozenset(ABILITIES) - {*missing})
    return SimpleNamespace(venue=SimpleNamespace(abilities=able))


@pytest.mark.parametrize(
    ("risk", "missing", "field"),
    [
        ({"position_mode": "hedge"}, (), "position_mode"),
        ({"price_protect": 0.05}, ("price_protect",), "price_protect"),
    ],
)
def test_what_the_venue_cannot_do_is_no_session(risk: dict[str, Any], missing: tuple[str, ...], field: str) -> None:
    """The error names the field."""
    with pytest.raises(InvalidValue) as caught:
        _check_reach(replace(PLAIN, risk=RiskSpec(**risk)), at_venue(*missing))
    assert field == caught.value.field


@pytest.mark.parametrize("spec", [PLAIN, replace(PLAIN, risk=RiskSpec(price_protect=0.05))])
def test_what_it_can_do_may_begin(spec: RunSpec) -> None:
    """Price protection where the venue has it, and a plain run anywhere: nothing is refused."""
    _check_reach(spec, at_venue(*(() if spec.risk.price_protect else ("price_protect",))))
