"""Recorded markets by what their files hold: a venue's raw messages, or a table of trades."""

from __future__ import annotations

from pathlib import Path

from tradewright.domain.errors import DataError
from tradewright.domain.instrument import Instrument
from tradewright.ports.event_files import RecordedEvents

__all__ = ["RecordedFiles"]

_STREAMS = (".jsonl", ".jsonl.gz")
_TABLES = (".csv", ".csv.gz", ".tsv", ".txt", ".parquet", ".pq")


class RecordedFiles:
    """Chooses the reader by the end of the name."""

    def read(self, path: Path, instrument: Instrument) -> RecordedEvents:
        """See `EventFiles.read`."""
        name = path.name.lower()
        if name.endswith(_STREAMS):
            return self._stream(path, instrument)
        if name.endswith(_TABLES):
            from tradewright.adapters.storage.trade_files import read_trades

            return RecordedEvents(read_trades(path, instrument), 0, ())
        raise DataError(f"{path}: the name ends in none of {', '.join((*_STREAMS, *_TABLES))}")

    @staticmethod
    def _stream(path: Path, instrument: Instrument) -> RecordedEvents:
        from tradewright.adapters.venues.binance.streams import BinanceStreams
        from tradewright.market.book_sync import synchronise

        synced = synchronise(BinanceStreams().read(path, instrument))
        words = {
            "trades and quotes before the first snapshot": synced.early,
            "diffs that came while the book was unknown": synced.lost,
        }
        left_out = tuple(f"{count:,} {what} were left out" for what, count in words.items() if count)
        return RecordedEvents(synced.events, len(synced.gaps), left_out)
