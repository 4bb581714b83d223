"""Recorded streams of Binance USDT-M: files of lines `RECEIVE-TIME-IN-NS JSON`, plain or gzipped."""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tradewright.adapters.venues.binance.wire import Depth, Other, Quote, Trade, read_line
from tradewright.domain.enums import EventKind
from tradewright.domain.errors import DataError
from tradewright.domain.instrument import Instrument
from tradewright.market.bars import IntColumn
from tradewright.market.events import DEPTH_MESSAGE, EVENT, Recording

__all__ = ["BinanceStreams", "decode", "read_lines", "wire_symbol"]

_NS_PER_MS = 1_000_000
# A price that is further from a tick than this share of one is another instrument's, or our tick is wrong.
_A_HAIR = 1e-4


class BinanceStreams:
    """Files of recorded streams."""

    def read(self, path: Path, instrument: Instrument) -> Recording:
        lines = read_lines(path)
        try:
            return decode(lines, instrument)
        except DataError as error:
            raise DataError(f"{path}: {error}") from None


def read_lines(path: Path) -> list[bytes]:
    """Read the lines of a recording, plain or gzipped.

    Raises:
        DataError: it is absent, or damaged.
    """
    if not path.is_file():
        raise DataError(f"{path}: there is no such file")
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: cannot be unpacked ({error})") from error
    return content.splitlines()


def wire_symbol(instrument: Instrument) -> str:
    """Give the venue's own name of a contract.

    Example:
        >>> wire_symbol(Instrument("BTC/USDT:USDT", "binance"))
        'BTCUSDT'
    """
    return instrument.symbol.partition(":")[0].replace("/", "")


def decode(lines: Iterable[bytes], instrument: Instrument) -> Recording:
    """Turn lines into events, in order of receipt.

    Raises:
        DataError: a line cannot be read, is about another instrument, holds a price that is no tick or a quantity that
            is no lot; or trades come both one by one and aggregated.
    """
    sheets = _Sheets(wire_symbol(instrument).encode())
    for number, line in enumerate(lines, start=1):
        if line.strip():
            sheets.add(number, read_line(line, number))
    return sheets.recording(instrument)


class _Sheets:
    """What was read, kind by kind, until it is laid in one order."""

    def __init__(self, symbol: bytes) -> None:
        self._symbol = symbol
        self._quotes: list[Quote] = []
        self._trades: list[Trade] = []
        self._depths: list[Depth] = []
        self._levels: list[bytes] = []
        self._lines: dict[type, list[int]] = {Quote: [], Trade: [], Depth: []}
        self._sizes: list[tuple[int, int]] = []
        self._ignored: Counter[str] = Counter()

    def add(self, number: int, message: Quote | Trade | Depth | Other) -> None:
        if isinstance(message, Other):
            self._ignored[message.kind] += 1
            return
        if message.symbol not in (self._symbol, b""):
            wanted, given = self._symbol.decode(), message.symbol.decode()
            raise DataError(f"line {number}: field 's' is {given!r}; expected {wanted!r}")
        self._lines[type(message)].append(number)
        if isinstance(message, Quote):
            self._quotes.append(message)
        elif isinstance(message, Trade):
            self._trades.append(message)
        else:
            bids, asks = _cells(message.bids), _cells(message.asks)
            self._sizes.append((len(bids) // 2, len(asks) // 2))
            self._levels += bids + asks
            self._depths.append(message._replace(bids=b"", asks=b""))

    def recording(self, instrument: Instrument) -> Recording:
        """Lay the rows of all kinds in the order of their lines."""
        parts = [self._quote_rows(instrument), self._trade_rows(instrument), self._depth_rows(instrument)]
        lines = np.concatenate([line for line, _ in parts])
        order = np.argsort(lines, kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(order.size)
        depth = self._depth_messages(place[lines.size - parts[2][0].size :])
        events = np.concatenate([rows for _, rows in parts])[order]
        messages = len(self._quotes) + len(parts[1][0]) + len(self._depths)
        return Recording(events, depth, messages, dict(sorted(self._ignored.items())))

    def _quote_rows(self, instrument: Instrument) -> tuple[IntColumn, NDArray[np.void]]:
        lines = np.repeat(np.array(self._lines[Quote], np.int64), 2)
        rows = np.zeros(lines.size, EVENT)
        rows["kind"] = EventKind.QUOTE
        for place, side, price, size in ((0, 1, "bid", "bid_size"), (1, -1, "ask", "ask_size")):
            part = rows[place::2]
            part["side"] = side
            part["ticks"] = _ticks([getattr(q, price) for q in self._quotes], instrument, self._lines[Quote])
            part["lots"] = _lots([getattr(q, size) for q in self._quotes], instrument, self._lines[Quote])
            _stamp(part, self._quotes)
            part["sequence"] = [int(quote.sequence) for quote in self._quotes]
        rows["last"][1::2] = True
        return lines, rows

    def _trade_rows(self, instrument: Instrument) -> tuple[IntColumn, NDArray[np.void]]:
        trades, lines = self._trades, self._lines[Trade]
        rows = np.zeros(len(trades), EVENT)
        rows["kind"], rows["last"] = EventKind.TRADE, True
        rows["side"] = [-1 if trade.buyer_is_maker == b"true" else 1 for trade in trades]
        rows["ticks"] = _ticks([trade.price for trade in trades], instrument, lines)
        rows["lots"] = _lots([trade.size for trade in trades], instrument, lines)
        _stamp(rows, trades)
        rows["sequence"] = [int(trade.id) for trade in trades]
        # A trade that was told twice happened once.
        _, first = np.unique(rows["sequence"], return_index=True)
        first.sort()
        if repeats := len(trades) - len(first):
            self._ignored["trade told twice"] = repeats
        return np.array(lines, np.int64)[first], rows[first]

    def _depth_rows(self, instrument: Instrument) -> tuple[IntColumn, NDArray[np.void]]:
        sizes = np.array(self._sizes, np.int64).reshape(-1, 2)
        lines = np.repeat(np.array(self._lines[Depth], np.int64), sizes.sum(axis=1))
        heads = np.zeros(len(self._depths), EVENT)
        heads["kind"] = EventKind.DEPTH
        _stamp(heads, self._depths)
        heads["sequence"] = [int(depth.last_id) for depth in self._depths]
        rows = np.repeat(heads, sizes.sum(axis=1))
        rows["side"] = np.repeat(np.tile(np.array([1, -1], np.int8), len(self._depths)), sizes.ravel())
        rows["ticks"] = _ticks(self._levels[0::2], instrument, lines)
        rows["lots"] = _lots(self._levels[1::2], instrument, lines)
        ends = np.cumsum(sizes.sum(axis=1))[sizes.sum(axis=1) > 0]
        rows["last"][ends - 1] = True
        return lines, rows

    def _depth_messages(self, places: IntColumn) -> NDArray[np.void]:
        counts = np.array(self._sizes, np.int64).reshape(-1, 2).sum(axis=1)
        ends = np.cumsum(counts)
        found = np.zeros(len(self._depths), DEPTH_MESSAGE)
        filled = counts > 0
        found["start"][filled] = places[(ends - counts)[filled]]
        found["stop"] = found["start"] + counts
        found["first_id"] = [int(depth.first_id) for depth in self._depths]
        found["last_id"] = [int(depth.last_id) for depth in self._depths]
        found["previous_id"] = [int(depth.previous_id or 0) for depth in self._depths]
        found["is_snapshot"] = [not depth.previous_id for depth in self._depths]
        found["line"] = self._lines[Depth]
        return found


def _cells(levels: bytes) -> list[bytes]:
    return levels[2:-2].replace(b'"],["', b'","').split(b'","') if levels else []


def _stamp(rows: NDArray[np.void], messages: Sequence[Quote | Trade | Depth]) -> None:
    rows["ts_local"] = [int(message.ts_local) for message in messages]
    rows["ts_exchange"] = np.array([int(message.ts_ms) for message in messages], np.int64) * _NS_PER_MS


def _ticks(texts: Sequence[bytes], instrument: Instrument, lines: Sequence[int] | IntColumn) -> IntColumn:
    what = f"a price that is a multiple of the tick {instrument.tick_size}"
    ticks = _steps(texts, instrument.tick, lines, what)
    if ticks.size and ticks.min() < 1:
        row = int(np.argmin(ticks))
        raise DataError(f"line {lines[row]}: price {texts[row].decode()!r}; expected at least a tick")
    return ticks


def _lots(texts: Sequence[bytes], instrument: Instrument, lines: Sequence[int] | IntColumn) -> IntColumn:
    what = f"a quantity that is a multiple of the lot {instrument.lot_size}"
    return _steps(texts, instrument.lot, lines, what)


def _steps(texts: Sequence[bytes], step: tuple[int, int], lines: Sequence[int] | IntColumn, what: str) -> IntColumn:
    num, den = step
    scaled = np.array(list(map(float, texts)), np.float64) * float(den) / float(num)
    steps = np.rint(scaled)
    off = np.abs(scaled - steps) > _A_HAIR
    if off.any() or (scaled > 2.0**53).any():
        row = int(np.argmax(off | (scaled > 2.0**53)))
        raise DataError(f"line {lines[row]}: {texts[row].decode()!r} is not {what}")
    return steps.astype(np.int64)
