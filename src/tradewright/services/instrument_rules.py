"""The rules of an instrument nobody has described, read off its prices."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from tradewright.domain.instrument import Instrument
from tradewright.market.bars import Bars
from tradewright.ports.instrument_store import InstrumentStore

__all__ = ["infer_instrument", "refine_tick", "settle_instrument"]

# Least order value by quote currency. Where the currency is not known, no least value is claimed.
_MIN_NOTIONAL = dict.fromkeys(("USDT", "USDC", "USD", "BUSD", "FDUSD", "TUSD", "DAI", "EUR"), 5.0) | {
    "BTC": 0.0001,
    "ETH": 0.001,
    "BNB": 0.01,
}
_SPOT_FEE = 0.001
_DIGITS = 9  # a price is not finer than that many digits: beyond it lies the noise of binary fractions
_MOST_DECIMALS = 12


def settle_instrument(
    store: InstrumentStore, symbol: str, venue: str, bars: Bars
) -> tuple[Instrument, tuple[str, ...]]:
    """Make sure that an instrument is stored whose tick fits the bars.

    A stored one is kept, whatever it says, except for a tick that the prices do not keep.

    Returns:
        The instrument, and notes on what was inferred or changed.
    """
    stored = store.load(venue, symbol)
    if stored is None:
        instrument = infer_instrument(symbol, venue, bars)
        note = f"tick size {instrument.tick_size} is inferred from the prices, lot size {instrument.lot_size} is ours"
    else:
        instrument = refine_tick(stored, bars)
        note = f"tick size refined from {stored.tick_size} to {instrument.tick_size}: the new prices are finer"
    if instrument == stored:
        return instrument, ()
    store.save(instrument)
    return instrument, (note,)


def infer_instrument(symbol: str, venue: str, bars: Bars) -> Instrument:
    """Describe an instrument by its prices: tick from their decimals, lot and least order from their size.

    Args:
        symbol: as the user wrote it.
        venue: lower-case name.
        bars: at least one.
    """
    plain = Instrument(symbol, venue)
    min_notional = _MIN_NOTIONAL.get(plain.quote, 0.0)
    # A lot is worth at most 1/50 of the least order, so that sizes can be met within 2 %.
    worth = (min_notional or 5.0) / 50.0
    lot = min(max(math.floor(math.log10(worth / float(np.median(bars.close)))), -8), 6)
    rules = replace(plain, tick_size=_step(_decimals(bars)), lot_size=_step(-lot), min_notional=min_notional)
    if plain.is_perpetual:
        return rules
    return replace(rules, maker_fee=_SPOT_FEE, taker_fee=_SPOT_FEE, funding_hours=0)


def refine_tick(instrument: Instrument, bars: Bars) -> Instrument:
    """Give the instrument a tick that the prices keep: its own if it fits, else a finer one."""
    num, den = instrument.tick
    if _fits(_prices(bars), den / num):
        return instrument
    own = len(instrument.tick_size.partition(".")[2])
    return replace(instrument, tick_size=_step(max(own, _decimals(bars))))


def _decimals(bars: Bars) -> int:
    prices = _prices(bars)
    most = min(_MOST_DECIMALS, max(0, _DIGITS - 1 - math.floor(math.log10(float(prices.min())))))
    return next((decimals for decimals in range(most) if _fits(prices, 10.0**decimals)), most)


def _prices(bars: Bars) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.unique(np.concatenate((bars.open, bars.high, bars.low, bars.close)))


def _fits(prices: np.ndarray[tuple[int], np.dtype[np.float64]], steps_per_unit: float) -> bool:
    steps = prices * steps_per_unit
    noise = 1e-6 + 4.0 * np.finfo(np.float64).eps * steps
    return bool((np.abs(steps - np.rint(steps)) <= noise).all())


def _step(decimals: int) -> str:
    return f"0.{'1'.zfill(decimals)}" if decimals > 0 else str(10**-decimals)
