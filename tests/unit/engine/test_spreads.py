"""The recorded spread on a run's time grid."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tradewright.bootstrap.settings import DATA_DIR
from tradewright.cli.main import main
from tradewright.domain.errors import DataError, InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import CostSpec, RiskSpec, RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.feed import Feed
from tradewright.engine.grid import make_grid
from tradewright.engine.spreads import check_spreads, spread_columns
from tradewright.market.bars import Bars, make_bars

MINUTE = Timeframe.parse("1m")
BTC = Instrument("BTC/USDT:USDT", "test", tick_size="0.5")
ETH = Instrument("ETH/USDT:USDT", "test", tick_size="0.01")
pytestmark = pytest.mark.rule("C-2")


def bars(minutes: list[int], price: float) -> Bars:
    """Bars that stand at a price, at the given minutes."""
    close = np.full(len(minutes), price)
    return make_bars(np.array(minutes) * MINUTE.ns, (close,) * 4, close, MINUTE)


def test_half_of_the_recorded_spread_stands_at_its_bar_and_the_assumed_one_elsewhere() -> None:
    """A spread of 3 at a tick of 0.5 is three ticks to either side; a bar without one has 0.1 % of its open."""
    feeds = [Feed(BTC, bars([0, 1, 2], 100.0), spread=bars([0, 2, 9], 3.0)), Feed(ETH, bars([0, 1, 2], 10.0))]
    columns = spread_columns(feeds, make_grid(feeds), np.array([0.001, 0.002]))

    assert [[3.0, 0.2, 3.0], [2.0, 2.0, 2.0]] == np.round(columns, 12).tolist()


def test_spreads_that_must_be_recorded_and_are_not_all_there_are_refused_by_name() -> None:
    """A run that insists on them is told what is missing, and what would help."""
    feed = Feed(BTC, bars([0, 1, 2], 100.0), spread=bars([0, 2], 3.0))
    with pytest.raises(DataError, match=r"1 of 3 bars of BTC/USDT:USDT have no recorded spread"):
        check_spreads([feed], "recorded")
    check_spreads([feed], "auto")


@pytest.mark.parametrize(
    ("field", "value"), [("spread", "wide"), ("take_bound", 1.0), ("take_bound", float("nan")), ("take_bound", -0.1)]
)
def test_bad_costs_are_refused_by_name(field: str, value: object) -> None:
    """The field, the value and what is allowed."""
    with pytest.raises(InvalidValue, match=field):
        CostSpec(**{field: value})


def test_what_a_run_does_not_use_leaves_its_description_as_it_was() -> None:
    """The fingerprint of a run without these options is that of before there were any."""
    plain = RunSpec("s", "1", (), "test", (BTC.symbol,), "1m").as_dict()
    used = RunSpec(
        "s", "1", (), "test", (BTC.symbol,), "1m", costs=CostSpec(take_bound=0.1), risk=RiskSpec(market_price="book")
    ).as_dict()

    assert not {"spread", "take_bound"} & set(plain["costs"])
    assert not {"self_trade", "market_price"} & set(plain["risk"])
    assert (0.1, "book") == (used["costs"]["take_bound"], used["risk"]["market_price"])


def test_a_run_pays_the_stored_spread_and_says_so(tmp_path: Path, monkeypatch, capsys) -> None:
    """From a file of bids and asks to the slippage of a result; `assumed` leaves the run as it was without them."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path / "data"))
    where = ("--venue", "synthetic", "--instrument", "BTC/USDT:USDT")
    assert 0 == main(["data", "synth", *where, "--timeframe", "15m", "--days", "10"])
    rows = [f"{1704067200 + 900 * n},100.0,102.0" for n in range(960)]
    (tmp_path / "spread.csv").write_text("\n".join(["open_time,bid,ask", *rows]) + "\n")
    run = ["backtest", "simple_test", *where[2:], "--timeframe", "15m", "--slippage", "none", "--json"]

    def result(*more: str) -> dict:
        capsys.readouterr()
        assert 0 == main([*run, *more])
        return json.loads(capsys.readouterr().out)

    before = result()
    assert 0 == main(["data", "import", str(tmp_path / "spread.csv"), *where, "--timeframe", "15m", "--kind", "spread"])
    after, ignored = result(), result("--spread", "assumed")

    assert any("spread of BTC/USDT:USDT: the recorded one" in line for line in after["data"]["assumptions"])
    assert all(before["fingerprints"][name] == ignored["fingerprints"][name] for name in ("data", "outcome"))
    assert after["fingerprints"]["data"] != before["fingerprints"]["data"]
    assert after["metrics"]["slippage"] != before["metrics"]["slippage"]
