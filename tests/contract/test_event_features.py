"""Every feature that gives events keeps the law: nothing is known before its bar, nothing known is ever edited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tradewright import ta
from tradewright.features.chart_patterns import NEVER, PatternRules
from tradewright.features.smart_money import SmartMoney
from tradewright.features.structure import Swings
from tradewright.market.bars import Bars
from tradewright.testing.causality import knows_no_future
from tradewright.testing.shapes import rough_market

BARS = rough_market(500, 11, 4.0)
CUTS = (0, 1, 40, 173, 320, 499)
LOOSE = PatternRules(tolerance=0.6, least_quality=0.2, least_height=1.0)


def rows(found: Any, cut: int, fixed: str, dated: str = "") -> dict[str, Any]:
    """Of rows known before the cut: fields that never change, and bars that are NEVER until they come."""
    known = found.event_bar < cut
    then = {name: getattr(found, name)[known] for name in fixed.split()}
    for name in dated.split():
        bar = getattr(found, name)[known]
        then[name] = np.where(bar < cut, bar, NEVER)
    return then


def columns(found: Any, cut: int, *names: str) -> dict[str, Any]:
    """Columns, or tuples of them, up to the cut; all of a tuple if none is named."""
    return {name: np.array(getattr(found, name))[..., :cut] for name in names or found._fields}


def read(bars: Bars) -> SmartMoney:
    return ta.smart_money.read(bars, 2, near=0.5)


def lives(bars: Bars, cut: int, zones: str) -> dict[str, Any]:
    found = read(bars)
    life = getattr(found, f"{zones[:-1]}_lives")
    dated = "touched_bar half_bar filled_bar end_bar"
    joined = type("Joined", (), {**life._asdict(), "event_bar": getattr(found, zones).event_bar})
    return rows(joined, cut, "", dated) | columns(life, cut, "demand", "supply")


def pools(bars: Bars, cut: int) -> dict[str, Any]:
    found = read(bars).pools
    known = rows(found, cut, "event_bar ref_bar side")
    return {"rows": sorted(zip(*known.values(), strict=True))} | columns(found, cut, "above", "below")


def patterns(bars: Bars, cut: int, pivots: Callable[[Bars], Swings]) -> dict[str, Any]:
    found = ta.chart_patterns.find(bars, pivots(bars), LOOSE)
    fixed = "kind side event_bar points point_bar point_level upper upper_slope lower lower_slope height quality"
    laid = ta.chart_patterns.by_bar(found, bars.close.size)
    return rows(found, cut, fixed, "end_bar") | columns(laid, cut)


def levels(bars: Bars, cut: int, pivots: Callable[[Bars], Swings]) -> dict[str, Any]:
    found = ta.levels.find(bars, pivots(bars))
    laid = ta.levels.by_bar(found, bars.close.size)
    known = rows(found, cut, "event_bar first_bar side", "flip_bar retest_bar end_bar")
    return known | columns(found.nearest, cut) | columns(laid, cut)


def drawn(bars: Bars, cut: int) -> dict[str, Any]:
    turns = zigzag(bars)
    everything = [
        *ta.drawings.smart_money(bars, read(bars)),
        *ta.drawings.patterns(bars, ta.chart_patterns.find(bars, turns, LOOSE)),
        *ta.drawings.levels(bars, ta.levels.find(bars, turns)),
    ]
    now = bars.ts_close[cut - 1] if cut else -1
    return {
        "rows": sorted((d.known_ns, d.kind, d.side, d.shape, d.points[0][0]) for d in everything if d.known_ns <= now)
    }


def zigzag(bars: Bars) -> Swings:
    return ta.pivots.zigzag(bars, 1.5)


def swings(bars: Bars) -> Swings:
    return ta.structure.swings(bars, 2)


def displaced(bars: Bars, cut: int) -> dict[str, Any]:
    found = read(bars)
    bodies = ta.structure.displacement(bars, found.structure.breaks, found.blocks)
    return {"bodies": bodies[found.structure.breaks.event_bar < cut]}


FEATURES: dict[str, Callable[[Bars, int], dict[str, Any]]] = {
    "swings": lambda bars, cut: rows(swings(bars), cut, "event_bar ref_bar side level"),
    "zigzag": lambda bars, cut: rows(zigzag(bars), cut, "event_bar ref_bar side level"),
    "breaks": lambda bars, cut: rows(read(bars).structure.breaks, cut, "event_bar ref_bar side kind level"),
    "trend": lambda bars, cut: columns(read(bars).structure, cut, "trend"),
    "gaps": lambda bars, cut: rows(read(bars).gaps, cut, "event_bar ref_bar side bottom top"),
    "gap lives": lambda bars, cut: lives(bars, cut, "gaps"),
    "order blocks": lambda bars, cut: rows(read(bars).blocks, cut, "event_bar ref_bar side bottom top"),
    "block lives": lambda bars, cut: lives(bars, cut, "blocks"),
    "displacement": displaced,
    "pools": pools,
    "sweeps of lows": lambda bars, cut: rows(read(bars).sweeps[0], cut, "event_bar ref_bar level touches"),
    "sweeps of highs": lambda bars, cut: rows(read(bars).sweeps[1], cut, "event_bar ref_bar level touches"),
    "premium and discount": lambda bars, cut: columns(read(bars), cut, "place"),
    "previous range": lambda bars, cut: dict(enumerate(c[:cut] for c in ta.zones.previous_range(bars, "4h"))),
    "patterns of the zigzag": lambda bars, cut: patterns(bars, cut, zigzag),
    "patterns of swings": lambda bars, cut: patterns(bars, cut, swings),
    "levels of the zigzag": lambda bars, cut: levels(bars, cut, zigzag),
    "levels of swings": lambda bars, cut: levels(bars, cut, swings),
    "drawings": drawn,
}


@pytest.mark.parametrize("name", FEATURES)
def test_no_feature_knows_the_future(name: str) -> None:
    """Whatever follows a bar, or nothing, all that was known at it is the same; and something is known."""
    knows_no_future(FEATURES[name], BARS, CUTS)
    assert any(np.size(value) for value in FEATURES[name](BARS, 499).values())


def late(bars: Bars, cut: int) -> dict[str, Any]:
    """Swings stamped where they stand: what a chart shows, and nobody knew."""
    found = swings(bars)
    return rows(found._replace(event_bar=found.ref_bar), cut, "ref_bar side level")


def measured(bars: Bars, cut: int) -> dict[str, Any]:
    """Closes as a share of the highest price there is."""
    return {"place": (bars.close / (1.0 + bars.high.max(initial=0.0)))[:cut]}


@pytest.mark.parametrize("leak", [late, measured])
def test_a_feature_that_knows_the_future_is_caught(leak: Callable[[Bars, int], dict[str, Any]]) -> None:
    """A pivot known at its own bar, and a measure taken from all bars, do not pass."""
    with pytest.raises(AssertionError, match="as of bar"):
        knows_no_future(leak, BARS, CUTS)
