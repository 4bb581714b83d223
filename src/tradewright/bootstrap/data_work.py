"""What jobs do with market data, in a worker."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.venues import download
from tradewright.bootstrap.wiring import candle_import, market_data, market_upkeep
from tradewright.domain.errors import DataError, InvalidValue
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.times import iso
from tradewright.market.synthetic import SyntheticMarket
from tradewright.ports.candle_store import CandleKey
from tradewright.services.candle_import import ImportRequest
from tradewright.services.data_told import checked_as_dict, import_as_dict, repaired_as_dict, synth_as_dict
from tradewright.services.downloads import DownloadRequest
from tradewright.services.market_features import FeatureWish, MarketFeatures
from tradewright.services.market_upkeep import SynthRequest

if TYPE_CHECKING:
    from tradewright.bootstrap.settings import Settings
    from tradewright.services.download_bars import Downloaded

__all__ = ["DataWork", "Tell"]

Tell = Callable[[float, str], None]
"""Told the fraction that is done, and the step; raises where the job is not wanted any more."""
Plain = Mapping[str, Any]
_MOST_NAMED = 1_000
_OPTION = re.compile(r"--([a-z]+(?:-[a-z]+)*)")
_FIELDS = {"instrument": "symbol", "column": "columns", "replace-conflicts": "replace"}
"""What the API calls an option of the command line, where it is not the same word."""


class DataWork:
    """Does jobs with market data.

    Args:
        settings: where it lies.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def download(self, job: Plain, tell: Tell) -> dict[str, Any]:
        """Fetch a venue's history; what is stored already is not fetched again."""
        wish = job["request"]
        request = DownloadRequest(
            tuple(wish["symbols"]), tuple(Timeframe.parse(one) for one in wish["timeframes"]), wish["start"],
            wish["end"], tuple(wish["kinds"]),
        )  # fmt: skip

        def told(done: int, total: int) -> None:
            tell(done / max(total, 1), "downloading")

        found = download(self._settings, self._settings.reach.at(wish["exchange"], wish.get("url")), request, told)
        if failed := [one for one in found if one.error]:
            first = failed[0]
            raise DataError(f"{first.symbol} {first.timeframe} {first.kind}: {first.error}; what had come is stored")
        return {"series": [_downloaded(one) for one in found]}

    def import_file(self, job: Plain, tell: Tell) -> dict[str, Any]:
        """Import a file that was sent."""
        wish = dict(job["request"])
        path, length = Path(wish.pop("path")), wish.pop("timeframe")
        wish["columns"] = dict(pair.split("=", 1) for pair in wish.get("columns", ()))
        tell(0.0, "importing")
        request = ImportRequest(path=path, timeframe=Timeframe.parse(length) if length else None, **wish)
        with _worded_for_senders(path.name):
            report = candle_import(self._settings).run(request)
        told = import_as_dict(report)
        return (
            told
            | {"replaced": told["replaced"][:_MOST_NAMED], "actions": told["actions"][:_MOST_NAMED]}
            | {"quality": _short(told["quality"]) if told["quality"] else None}
            | {"notes": [_worded(note, path.name) for note in told["notes"]]}
        )

    def synthetic(self, job: Plain, tell: Tell) -> dict[str, Any]:
        """Make up a market."""
        wish = job["request"]
        key = CandleKey(wish["venue"], wish["symbol"], Timeframe.parse(wish["timeframe"]))
        market = SyntheticMarket(price=wish["price"], volatility=wish["volatility"])
        tell(0.0, "drawing")
        request = SynthRequest(key, wish["start"], wish["days"], wish["seed"], market, is_replace=wish["replace"])
        return synth_as_dict(market_upkeep(self._settings).synthesise(request))

    def check(self, job: Plain, tell: Tell) -> dict[str, Any]:
        """Check stored candles; nothing is changed."""
        wish, upkeep = job["request"], market_upkeep(self._settings)
        length = Timeframe.parse(wish["timeframe"]) if wish["timeframe"] else None
        chosen = upkeep.chosen(wish["venue"], wish["symbol"], length)
        found = []
        for place, key in enumerate(chosen):
            tell(place / len(chosen), "checking")
            found += [_short(checked_as_dict(one)) for one in upkeep.check((key,))]
        return {"series": found}

    def repair(self, job: Plain, tell: Tell) -> dict[str, Any]:
        """Repair stored candles, series by series; bars are made up only where that is wanted, and marked."""
        wish, upkeep = job["request"], market_upkeep(self._settings)
        length = Timeframe.parse(wish["timeframe"]) if wish["timeframe"] else None
        chosen = upkeep.chosen(wish["venue"], wish["symbol"], length)
        found = []
        for place, key in enumerate(chosen):
            tell(place / len(chosen), "repairing")
            for one in upkeep.repair((key,), fill=wish["fill"]):
                told = _short(repaired_as_dict(one))
                found.append(told | {"actions": told["actions"][:_MOST_NAMED], "action_count": len(one.actions)})
        return {"series": found}

    def features(self, job: Plain, tell: Tell) -> dict[str, Any]:
        """Reckon indicators and drawings over a stretch of a market."""
        del tell
        wish = job["request"]
        return MarketFeatures(market_data(self._settings)).read(FeatureWish(**wish))


@contextmanager
def _worded_for_senders(name: str) -> Iterator[None]:
    try:
        yield
    except InvalidValue as error:
        raise InvalidValue(_worded(error.field, name), error.value, _worded(error.allowed, name)) from error
    except DataError as error:
        raise DataError(_worded(str(error), name)) from error


def _worded(text: str, name: str) -> str:
    # Whoever sent a file knows neither the name that it has here nor options of the command line.
    plain = text.replace(name, "the file")
    return _OPTION.sub(lambda found: _FIELDS.get(found[1], found[1].replace("-", "_")), plain)


def _downloaded(one: Downloaded) -> dict[str, Any]:
    return {
        "kind": one.kind, "symbol": one.symbol, "timeframe": one.timeframe or None, "added": one.added,
        "known": one.known, "notes": list(one.notes),
        "missing": [{"first_open": iso(gap.first), "bars": gap.count} for gap in one.missing[:_MOST_NAMED]],
    }  # fmt: skip


def _short(told: dict[str, Any]) -> dict[str, Any]:
    # What is missing is counted in full and named as far as somebody would read.
    faults = {name: rows[:_MOST_NAMED] for name, rows in told["faults"].items()}
    counts = {"missing_count": len(told["missing"]), "fault_count": sum(map(len, told["faults"].values()))}
    filled = {"filled": told["filled"][:_MOST_NAMED]} if "filled" in told else {}
    return told | counts | {"missing": told["missing"][:_MOST_NAMED], "faults": faults} | filled
