"""Smart-money concepts against the library `smartmoneyconcepts`, on every causal prefix, where definitions coincide.

The library is given a prefix and, where it wants swings, those of ours that are known in it; docs/reference/smart-money
says where it means another thing. Swings, gaps and when gaps are touched are compared in test_structure and test_zones.
"""

from __future__ import annotations

import contextlib
import io
import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tradewright.domain.timeframe import Timeframe
from tradewright.features import structure, zones
from tradewright.features.structure import Swings
from tradewright.features.zones import NEVER, PoolState
from tradewright.market.bars import Bars, make_bars, slice_bars
from tradewright.testing.shapes import rough_market

K, SIZE = 3, 220


@pytest.fixture(scope="module")
def library() -> Any:
    """The library's class; it prints an advert when it is imported."""
    with contextlib.redirect_stdout(io.StringIO()):
        return pytest.importorskip("smartmoneyconcepts").smc


def untied(size: int, seed: int) -> Bars:
    """Prices of which no two are equal, each exact in 32 bits: the library writes levels so."""
    bars = rough_market(size, seed, 4.0)
    rng = np.random.default_rng(seed)
    extra = rng.permutation(2 * size) / 8192.0
    high, low = bars.high + extra[:size], bars.low - extra[size:]
    return bars._replace(high=high, low=low)


def prefixes(bars: Bars) -> list[Bars]:
    return [slice_bars(bars, 0, size) for size in range(4 * K, bars.close.size + 1)]


def frame(bars: Bars) -> pd.DataFrame:
    names = ("open", "high", "low", "close", "volume")
    return pd.DataFrame({name: getattr(bars, name) for name in names})


def folded(found: Swings) -> list[tuple[int, int, float]]:
    """Swings as the library has them: one of the same side as the last takes its place."""
    kept: list[tuple[int, int, float]] = []
    for ref, side, level in zip(found.ref_bar.tolist(), found.side.tolist(), found.level.tolist(), strict=True):
        if kept and kept[-1][1] == side:
            kept.pop()
        kept.append((ref, side, level))
    return kept


def handed(bars: Bars) -> pd.DataFrame:
    """Our known swings in the library's form."""
    table = pd.DataFrame({"HighLow": np.full(bars.close.size, np.nan), "Level": np.full(bars.close.size, np.nan)})
    for ref, side, level in folded(structure.swings(bars, K)):
        table.loc[ref] = (side, level)
    return table


@pytest.mark.parametrize("seed", [1, 2])
def test_its_breaks_of_the_latest_swing_are_ours_on_every_prefix(library: Any, seed: int) -> None:
    """Whenever it breaks what was still the last known swing of its side, we broke it too: same bar, same level."""
    bars, compared = untied(SIZE, seed), set()
    for part in prefixes(bars):
        found = structure.market_structure(part, K)
        ours = set(zip(found.breaks.event_bar.tolist(), found.breaks.ref_bar.tolist(), strict=True))
        rows = library.bos_choch(frame(part), handed(part)).dropna(subset=["Level"])
        for row in rows.itertuples():
            side = int(row.BOS if row.BOS == row.BOS else row.CHOCH)
            event, ref = int(row.BrokenIndex), _place(part, side, row.Level)
            known = (found.swings.event_bar <= event) & (found.swings.side == side)
            if ref == found.swings.ref_bar[known][-1]:
                assert (event, ref) in ours
                compared.add((event, ref))
    assert len(compared) >= 5


def _place(bars: Bars, side: int, level: float) -> int:
    return int(np.flatnonzero((bars.high if side > 0 else bars.low).astype(np.float32) == np.float32(level))[0])


@pytest.mark.parametrize("seed", [1, 2])
def test_its_order_blocks_are_ours_at_the_extreme_on_every_prefix(library: Any, seed: int) -> None:
    """What it finds at the last bar of a prefix we find there; what it still shows of earlier ones we found as well."""
    bars, compared = untied(SIZE, seed), 0
    for part in prefixes(bars):
        blocks = structure.order_blocks(part, structure.market_structure(part, K).breaks, at_extreme=True)
        ours = [row[1:] for row in zip(*(column.tolist() for column in blocks), strict=True)]
        theirs = library.ob(frame(part), handed(part)).dropna(subset=["OB"])
        shown = [(i, int(row.OB), float(row.Bottom), float(row.Top)) for i, row in theirs.iterrows()]
        assert set(shown) <= set(ours)
        if blocks.event_bar.size and blocks.event_bar[-1] == part.close.size - 1:
            assert ours[-1] in shown
            compared += 1
    assert compared >= 8


@pytest.mark.parametrize("seed", [1, 2])
def test_its_blocks_are_traded_through_when_ours_are_filled_on_every_prefix(library: Any, seed: int) -> None:
    """`MitigatedIndex` is our `filled_bar`; of blocks that point up the library stamps it one bar too early."""
    bars, compared = untied(SIZE, seed), 0
    for part in prefixes(bars):
        blocks = structure.order_blocks(part, structure.market_structure(part, K).breaks, at_extreme=True)
        filled = zones.zone_lives(part, blocks).filled_bar
        last = {
            (int(ref), int(side)): row for row, (ref, side) in enumerate(zip(blocks.ref_bar, blocks.side, strict=True))
        }
        for i, row in library.ob(frame(part), handed(part)).dropna(subset=["OB"]).iterrows():
            expected = int(row.MitigatedIndex) + (row.OB > 0) if row.MitigatedIndex > 0 else NEVER
            assert expected == filled[last[i, int(row.OB)]]
            compared += expected != NEVER
    assert compared >= 8


@pytest.mark.parametrize("seed", [2])
def test_our_lonely_pools_are_its_liquidity_on_every_prefix(library: Any, seed: int) -> None:
    """Two equal highs, the second not above the first, none other near, not traded through: it lists them likewise."""
    bars, compared = untied(SIZE, seed), 0
    for part in prefixes(bars):
        near = 0.01 * float(part.high.max() - part.low.min()) * 3.0
        swings = folded(structure.swings(part, K))
        found = zones.liquidity_pools(part, structure.swings(part, K), np.full(part.close.size, near))
        table = library.liquidity(frame(part), handed(part), range_percent=0.03)
        for row in np.flatnonzero((found.state == PoolState.OPEN) & (found.touches == 2)).tolist():
            first, side, top = int(found.ref_bar[row]), int(found.side[row]), float(found.top[row])
            level = top if side > 0 else float(found.bottom[row])
            close_by = [ref for ref, way, price in swings if way == side and abs(price - level) <= 2.0 * near]
            if first != close_by[0] or len(close_by) != 2:
                continue
            theirs = table.loc[first]
            assert (side, close_by[1], 0) == (int(theirs.Liquidity), int(theirs.End), int(theirs.Swept))
            assert theirs.Level == pytest.approx((top + float(found.bottom[row])) / 2.0, rel=1e-6)
            compared += 1
    assert compared >= 20


@pytest.mark.parametrize("seed", [1, 2])
def test_its_retracements_are_measured_in_our_dealing_range_on_every_prefix(library: Any, seed: int) -> None:
    """Its last row speaks of the bar before: how far its low came back from the high, or its high from the low."""
    bars, compared = untied(SIZE, seed), 0
    for part in prefixes(bars)[40:]:
        row = library.retracements(frame(part), handed(part)).iloc[-1]
        low, high = (column[-1] for column in structure.dealing_range(structure.swings(part, K), part.close.size))
        if row.Direction == 0 or folded(structure.swings(part, K))[-1][1] != row.Direction or high <= low:
            continue
        price = part.low[-2] if row.Direction > 0 else part.high[-2]
        place = (price - low) / (high - low)
        expected = 1.0 - row["CurrentRetracement%"] / 100.0
        assert expected == pytest.approx(place if row.Direction > 0 else 1.0 - place, abs=0.00051)
        compared += 1
    assert compared >= 100


def test_its_previous_day_is_ours_inside_the_day(library: Any) -> None:
    """On all bars of a day but the first, where it is a day late, and the last, at whose close the day is complete."""
    hours = rough_market(24 * 6, 5)
    stamps = np.arange(24 * 6, dtype=np.int64) * Timeframe.parse("1h").ns
    prices = (hours.open, hours.high, hours.low, hours.close)
    bars = make_bars(stamps, prices, hours.volume, Timeframe.parse("1h"))
    table = frame(bars).set_index(pd.to_datetime(stamps))
    theirs = library.previous_high_low(table, time_frame="1D")
    low, high = zones.previous_range(bars, "1d")
    inside = [24 * day + hour for day, hour in itertools.product(range(1, 6), range(1, 23))]
    assert theirs.PreviousHigh.to_numpy()[inside].tolist() == high[inside].tolist()
    assert theirs.PreviousLow.to_numpy()[inside].tolist() == low[inside].tolist()
    first = 24 * 3
    assert theirs.PreviousHigh[first] == high[first - 25] != high[first]
