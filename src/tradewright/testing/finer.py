"""Finer bars that a random market's bars are made of."""

from __future__ import annotations

import random

import numpy as np

from tradewright.kernels.records import Market
from tradewright.testing.worlds import FinerBars

__all__ = ["finer_bars"]


def finer_bars(market: Market, seed: int, *, parts: int = 0) -> FinerBars:
    """Finer bars that add up to those of a market.

    Args:
        market: whose bars they are parts of.
        seed: of the path inside each bar.
        parts: so many for every bar, each opening at the close before it; 0: two to five for three of four bars, with
            gaps between them.
    """
    chance = random.Random(seed)  # noqa: S311 - not a secret
    bars = {}
    for row in np.argwhere(market.has_bar).tolist():
        if parts or chance.randrange(4):
            place = (row[0], row[1])
            bars[place] = _parts(chance, market, place, parts)
    return bars


def _parts(
    chance: random.Random, market: Market, place: tuple[int, int], parts: int
) -> list[tuple[int, int, int, int, int]]:
    low, high, volume = (int(column[place]) for column in (market.low, market.high, market.volume))
    count = parts or chance.randint(2, 5)
    closes = [*(chance.randint(low, high) for _ in range(count - 1)), int(market.close[place])]
    opens = [int(market.open[place]), *closes[:-1]]
    if not parts and chance.randrange(2):
        opens[1:] = [chance.randint(low, high) for _ in opens[1:]]
    tops = [chance.randint(max(pair), high) for pair in zip(opens, closes, strict=True)]
    bottoms = [chance.randint(low, min(pair)) for pair in zip(opens, closes, strict=True)]
    tops[chance.randrange(count)], bottoms[chance.randrange(count)] = high, low
    return list(zip(opens, tops, bottoms, closes, [volume // count] * count, strict=True))
