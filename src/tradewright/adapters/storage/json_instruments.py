"""Instruments as JSON files: `{venue}/{symbol}.json`, made to be read and edited."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tradewright.adapters.storage.atomic import replacing
from tradewright.domain.errors import InvalidValue, StoreError
from tradewright.domain.instrument import Instrument

__all__ = ["JsonInstruments"]


class JsonInstruments:
    """Instruments below a folder.

    Args:
        root: the folder; it is made when the first instrument is saved.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def load(self, venue: str, symbol: str) -> Instrument | None:
        path = self._path(Instrument(symbol, venue))
        if not path.exists():
            return None
        data = _read(path)
        for name in ("symbol", "venue", "tick_size", "lot_size"):
            if name in data and not isinstance(data[name], str):
                raise StoreError(f"{path}: {name}: {data[name]!r} is not allowed; give text in quotes")
        try:
            instrument = Instrument.from_dict(data)
        except InvalidValue as error:
            raise StoreError(f"{path}: {error}") from error
        if (instrument.venue, instrument.symbol) != (venue, symbol):
            raise StoreError(f"{path}: symbol: speaks of {instrument.symbol} on {instrument.venue}")
        return instrument

    def save(self, instrument: Instrument) -> None:
        with replacing(self._path(instrument)) as temporary:
            temporary.write_text(json.dumps(instrument.as_dict(), indent=2) + "\n", encoding="utf-8")

    def _path(self, instrument: Instrument) -> Path:
        return self._root / instrument.venue / f"{instrument.file_name}.json"


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise StoreError(f"{path}: line {error.lineno}, column {error.colno}: {error.msg}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path}: cannot be read ({error})") from error
    if not isinstance(data, dict):
        raise StoreError(f"{path}: holds no JSON object")
    return data
