"""Strategies, stored data, charts, evaluations and sweeps over HTTP."""

from __future__ import annotations

import polars as pl
import pytest

from tradewright.domain.deployment import Deployment, DeploymentTerms
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import RunSpec
from tradewright.engine.feed import Feed
from tradewright.market.bars import empty_bars
from tradewright.market.steps import Bar, Step
from tradewright.ports.audit_log import AuditWish
from tradewright.services.paper.records import Beginning, beginning_record, step_record
from tradewright.testing.asking_jobs import ASKED, done


def test_a_form_can_be_made_of_a_strategys_schema(asked):
    """Types, ranges, defaults and roles are the code's own; no answer shows where it lies."""
    rows = asked.get("/api/v1/strategies").json()["items"]
    assert {"smc": "built_in", "simple_test": "built_in"}.items() <= {
        one["name"]: one["origin"] for one in rows
    }.items()
    schema = asked.get("/api/v1/strategies/SMC/schema").json()
    assert {"15m": "LTF", "4h": "HTF"} == schema["timeframes"]
    swing = schema["parameters"]["properties"]["swing"]
    assert ("integer", 1, 50, 3) == (swing["type"], swing["minimum"], swing["maximum"], swing["default"])
    assert ["either", "gap", "block"] == schema["parameters"]["properties"]["zone"]["enum"]
    assert schema["presets"]["default"].keys() == schema["parameters"]["properties"].keys()
    assert "class Smc" in asked.get("/api/v1/strategies/smc/code").json()["text"]
    assert ["htf_swing", "swing"] == [one["name"] for one in asked.get("/api/v1/strategies/smc/parameters").json()][:2]
    assert not any("/" in one["file"] for one in rows)
    assert 404 == asked.get("/api/v1/strategies/smcc").status_code


def test_a_strategy_is_checked_by_a_job(asked):
    """The job's result is the passport; a wrong parameter is refused before anything waits."""
    job = done(asked, asked.post("/api/v1/strategies/simple_test/check", json={"symbol": "BTCUSDT", "timeframe": "1h"}))
    assert ("done", True) == (job["state"], job["result"]["passed"])
    assert 422 == asked.post("/api/v1/strategies/smc/check", json={"params": {"swing": 0}}).status_code


def test_what_is_stored_is_listed(asked):
    """A series with its reach; another job adds one, and the list knows it at once."""
    (one,) = asked.get("/api/v1/data").json()["items"]
    assert ("BTC/USDT:USDT", "1h", 240, "2024-01-01T00:00:00Z") == (
        one["symbol"], one["timeframe"], one["rows"], one["first"],
    )  # fmt: skip
    made = done(asked, asked.post("/api/v1/data/synthetic", json={"symbol": "ETHUSDT", "timeframe": "15m", "days": 2}))
    assert ("done", 192) == (made["state"], made["result"]["bars"])
    assert 192 == asked.get("/api/v1/data?symbol=ethusdt").json()["items"][0]["rows"]
    found = done(asked, asked.post("/api/v1/data/checks", json={"symbol": "ETHUSDT"}))
    assert [0] == [series["missing_count"] for series in found["result"]["series"]]


def test_a_remedy_of_missing_candles_mends_it(asked):
    """The request that the problem names is taken as it stands, and then the backtest runs."""
    wanted = ASKED | {"symbol": "ETHUSDT"}
    problem = asked.post("/api/v1/backtests", json=wanted).json()
    remedy = problem["remedies"][1]
    assert "done" == done(asked, asked.post(remedy["path"], json=remedy["body"]))["state"]
    assert "done" == done(asked, asked.post("/api/v1/backtests", json=wanted))["state"]


def test_a_file_that_is_sent_is_imported_and_removed(asked, tmp_path):
    """Its bars are stored; a broken one fails its job in words; nothing of either stays."""
    rows = "".join(f"{1_704_067_200_000 + i * 60_000},1,2,0.5,1.5,10\n" for i in range(60))
    place = {"venue": "mine", "symbol": "SOL/USDT", "timeframe": "1m", "stamp": "open"}
    text = "timestamp,open,high,low,close,volume\n" + rows
    job = done(asked, asked.post("/api/v1/data/imports", params=place, content=text))
    assert ("done", 60) == (job["state"], job["result"]["added"]), job["error"]
    assert "path" not in job["request"]
    broken = done(asked, asked.post("/api/v1/data/imports", params=place, content=b"what is this"))
    assert ("failed", True) == (broken["state"], bool(broken["error"]["detail"]))
    assert str(tmp_path) not in str(broken)
    assert [] == list((tmp_path / "uploads").iterdir())
    assert 422 == asked.post("/api/v1/data/imports", params=place, content=b"").status_code


def test_a_file_that_is_refused_is_spoken_of_as_its_sender_knows_it(asked):
    """Not by the name that it has here, and not with options of the command line; what it asks for mends it."""
    rows = "".join(f"{1_704_067_200 + i * 60},1,2,0.5,1.5,10\n" for i in range(60))
    place = {"venue": "mine", "symbol": "ADA/USDT", "timeframe": "1m", "columns": ["close=last"]}
    text = ("time,open,high,low,last,volume\n" + rows).encode()
    refused = done(asked, asked.post("/api/v1/data/imports", params=place, content=text))["error"]["detail"]
    assert refused.startswith("the file: column 'time' does not say")
    assert refused.endswith("give stamp open or stamp close")
    mended = done(asked, asked.post("/api/v1/data/imports", params={**place, "stamp": "open"}, content=text))
    assert 60 == mended["result"]["added"]
    assert "--" not in " ".join(mended["result"]["notes"])
    wrong = asked.post("/api/v1/data/imports", params={**place, "columns": ["colour=red"]}, content=text)
    assert (422, "columns") == (wrong.status_code, wrong.json()["field"].partition(".")[0])


def test_what_a_name_may_be_is_said_in_words(asked):
    """No pattern is shown to whoever mistypes a pair."""
    said = asked.get("/api/v1/candles", params={"symbol": "BTC USDT!"}).json()
    assert ("symbol", "BTC USDT!") == (said["field"], said["value"])
    assert "symbol: give a pair such as BTCUSDT, BTC/USDT or BTC/USDT:USDT" == said["detail"]


def test_candles_are_told_from_the_end(asked):
    """The last bars of a stretch, made of shorter ones where need be, and whether there are earlier ones."""
    hours = asked.get("/api/v1/candles", params={"symbol": "BTCUSDT", "limit": 24}).json()
    assert (24, True, "1h", "practice") == (len(hours["time"]), hours["earlier"], hours["timeframe"], hours["venue"])
    days = asked.get("/api/v1/candles", params={"symbol": "btc/usdt", "timeframe": "1d"}).json()
    assert (10, False, hours["close"][-1]) == (len(days["time"]), days["earlier"], days["close"][-1])
    asks = {"symbol": "BTCUSDT", "from": "2024-01-02T00:00:00Z", "to": "2024-01-03T00:00:00Z"}
    part = asked.get("/api/v1/candles", params=asks).json()
    assert (24, 1_704_153_600_000) == (len(part["time"]), part["time"][0])
    assert 409 == asked.get("/api/v1/candles", params={"symbol": "DOGEUSDT"}).status_code


def test_a_market_that_a_session_hears_is_told_up_to_the_last_close(asked):
    """Also where nothing of it is stored; where something is, what was heard follows it. Indicators are of both."""
    server, day = asked.app.state.server, 24
    for symbol, first in (("DOGE/USDT:USDT", 0), ("BTC/USDT:USDT", 9 * day)):
        asked.portal.call(_heard_by_a_session, server, symbol, first, 5 * day)
    heard = asked.get("/api/v1/candles/heard").json()
    assert [("BTC/USDT:USDT", "practice", "1h"), ("DOGE/USDT:USDT", "practice", "1h")] == [
        (one["symbol"], one["venue"], one["timeframe"]) for one in heard
    ]
    doge = asked.get("/api/v1/candles", params={"symbol": "DOGEUSDT", "timeframe": "4h"}).json()
    assert (30, "practice", False) == (len(doge["time"]), doge["venue"], doge["earlier"])
    whole = asked.get("/api/v1/candles", params={"symbol": "BTCUSDT"}).json()
    assert 14 * day == len(whole["time"]) == len(set(whole["time"]))
    assert [1.0] * 5 * day == whole["close"][9 * day :]
    wish = {"symbol": "DOGEUSDT", "indicators": [{"name": "sma", "params": {"n": 20}}], "limit": 10}
    found = asked.post("/api/v1/features", json=wish).json()
    assert [1.0] * 10 == found["indicators"]["sma(n=20)"]["value"]
    assert 409 == asked.get("/api/v1/candles", params={"symbol": "DOGEUSDT", "timeframe": "1m"}).status_code


async def _heard_by_a_session(server, symbol, first, count):
    hour, begin = 3_600_000_000_000, 1_704_067_200_000_000_000
    name = symbol[:3].lower()
    await server.desk.deployments.add(Deployment(name, "simulation", name, DeploymentTerms("simple_test", (symbol,))))
    spec = RunSpec("simple_test", "1.0", (), "practice", (symbol,), "1h")
    feed = Feed(Instrument(symbol, "practice"), empty_bars(), context=empty_bars())
    async with server.desk.sessions["simulation"].begin(name) as journal:
        await journal.append(beginning_record(Beginning(spec, (feed,), "code")))
        opens = [begin + hour * place for place in range(first, first + count)]
        bars = {symbol: Bar(1.0, 1.0, 1.0, 1.0, 1.0)}
        steps = [step_record(Step(ts, ts + hour, bars, {}, ()), is_missed=False) for ts in opens]
        await journal.append_all(steps)


def test_features_are_those_of_the_whole_series(asked):
    """An indicator of a stretch is warm from its first bar; drawings have times and prices; odd wishes are refused."""
    stretch = {
        "symbol": "BTCUSDT", "from": "2024-01-05T00:00:00Z", "drawings": ["smart_money", "levels", "patterns"],
        "indicators": [{"name": "sma", "params": {"n": 20}}, {"name": "macd"}],
    }  # fmt: skip
    answer = asked.post("/api/v1/features", json=stretch)
    assert 200 == answer.status_code, answer.text
    found = answer.json()
    bars = asked.get("/api/v1/candles", params={"symbol": "BTCUSDT"}).json()
    at = bars["time"].index(found["time"][0])
    assert sum(bars["close"][at - 19 : at + 1]) / 20 == pytest.approx(found["indicators"]["sma(n=20)"]["value"][0])
    assert {"macd", "signal"} <= found["indicators"]["macd"].keys()
    assert {"swing"} <= {one["kind"] for one in found["drawings"]}
    for odd in ({"name": "smaa"}, {"name": "sma", "params": {"n": -1}}, {"name": "sma", "params": {"m": 1}}):
        answer = asked.post("/api/v1/features", json=stretch | {"indicators": [odd]})
        assert answer.status_code in (404, 422), answer.text
    assert "rsi" in {one["name"] for one in asked.get("/api/v1/features").json()}


def test_an_evaluation_has_the_cells_of_a_heat_map(asked):
    """Its id is that of the job; it is listed, read, and has a page."""
    job = done(asked, asked.post("/api/v1/evaluations", json={
        "strategies": ["simple_test"], "symbols": ["BTCUSDT"], "timeframe": "1h", "periods": 2}))  # fmt: skip
    assert ("done", {"evaluation_id": job["id"]}) == (job["state"], job["result"]), job
    assert [job["id"]] == asked.get("/api/v1/evaluations").json()["items"]
    found = asked.get(f"/api/v1/evaluations/{job['id']}").json()
    assert (job["id"], ["BTC/USDT:USDT"], 2) == (found["id"], found["instruments"], len(found["periods"]))
    assert "text/html" in asked.get(f"/api/v1/evaluations/{job['id']}/report").headers["content-type"]
    assert 404 == asked.get("/api/v1/evaluations/20200101-000000-0000").status_code


def test_a_sweep_has_a_row_for_each_combination(asked):
    """The highest Sharpe ratio first; the same sweep is answered from what is known; too many are refused."""
    wanted = {"backtest": ASKED | {"strategy": "ma_crossover"}, "grid": {"fast": [3, 5], "slow": [10, 20, 30]}}
    job = done(asked, asked.post("/api/v1/sweeps", json=wanted))
    rows = job["result"]["rows"]
    assert (6, rows) == (len(rows), sorted(rows, key=lambda row: (row["sharpe"] is None, -(row["sharpe"] or 0.0))))
    assert (job["id"], True) == tuple(
        asked.post("/api/v1/sweeps", json=wanted).json()[name] for name in ("id", "cached")
    )
    odd = asked.post("/api/v1/sweeps", json=wanted | {"grid": {"fast": list(range(2, 400)), "slow": [100] * 20}})
    assert 422 == odd.status_code


def test_stored_candles_are_repaired(asked):
    """A hole is told of, and filled only where that is wanted; what was done is named, and stands in the audit log."""
    files = sorted(asked.app.state.server.settings.data_dir.glob("candles/**/*.parquet"))
    frame = pl.read_parquet(files[0])
    frame.filter(pl.int_range(pl.len()) != 100).write_parquet(files[0])  # a bar is missing
    wish = {"symbol": "BTCUSDT", "venue": "practice"}
    mended = done(asked, asked.post("/api/v1/data/repairs", json=wish))
    (series,) = mended["result"]["series"]
    assert (0, 1, "1h") == (series["action_count"], series["missing_count"], series["timeframe"])
    filled = done(asked, asked.post("/api/v1/data/repairs", json=wish | {"fill": True}))
    (series,) = filled["result"]["series"]
    assert (1, 0) == (series["action_count"], series["missing_count"])
    assert "fill" in series["actions"][0]["done"]
    assert [1] == [one["filled"] for one in asked.get("/api/v1/data").json()["items"] if one["kind"] == "candles"]
    refused = asked.post("/api/v1/data/repairs", json=wish | {"timeframe": "7x"})
    assert (422, "timeframe") == (refused.status_code, refused.json()["field"])
    failed = done(asked, asked.post("/api/v1/data/repairs", json={"venue": "kraken"}))
    assert ("failed", True) == (failed["state"], "no candles of kraken" in failed["error"]["detail"])
    deeds = asked.app.state.server.people.deeds.log
    found = asked.portal.call(deeds.find, AuditWish(action="data."))
    assert 3 == len([one for one in found if one.deed.actor == "mary"])


def test_coverage_tells_where_the_candles_are(asked):
    """Stretches that add up to what the list says; a series that is not stored is none."""
    (one,) = [series for series in asked.get("/api/v1/data").json()["items"] if series["kind"] == "candles"][:1]
    where = {"venue": one["venue"], "symbol": one["symbol"], "timeframe": one["timeframe"]}
    found = asked.get("/api/v1/data/coverage", params=where).json()
    assert one["rows"] == sum(stretch["stored"] for stretch in found["stretches"])
    assert one["rows"] + one["missing"] == sum(stretch["wanted"] for stretch in found["stretches"])
    assert one["missing"] == sum(gap["bars"] for gap in found["gaps"])
    other = asked.get("/api/v1/data/coverage", params=where | {"timeframe": "2h"})
    assert (404, "absent") == (other.status_code, other.json()["code"])
