"""A recorded book as rows that every peer can read with numpy alone. Usage: python book_market.py STREAM FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from tradewright.adapters.venues.binance.streams import BinanceStreams
from tradewright.domain.instrument import Instrument
from tradewright.market.book_sync import synchronise
from tradewright.market.tape import make_tape

BTC = Instrument("BTC/USDT:USDT", "binance", tick_size="0.1", lot_size="0.001", min_notional=100.0)


def main(stream: Path, folder: Path) -> None:
    """Put the book together, and keep it with both clocks."""
    tape = make_tape(synchronise(BinanceStreams().read(stream, BTC)).events)
    np.save(folder / "book.npy", tape.events)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
