"""Backtests over HTTP: asked for, done by a worker, listed, read, deleted, brought back."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from tradewright.testing.asking_jobs import ASKED, done


def test_the_first_request_of_its_kind_works_as_it_stands(asked):
    """Names of fields in request and answer are those of the API before ours; with or without the slash at the end."""
    job = done(asked, asked.post("/api/v1/backtests/", json=ASKED))
    assert ("done", {"result_id": job["id"]}) == (job["state"], job["result"])
    found = asked.get(f"/api/v1/backtests/{job['id']}").json()
    known = {name: found[name] for name in ("id", "symbol", "strategy", "start_date", "end_date", "initial_balance")}
    assert known == {
        "id": job["id"], "symbol": "BTC/USDT:USDT", "strategy": "simple_test", "start_date": "2024-01-01T00:00:00Z",
        "end_date": "2024-01-07T00:00:00Z", "initial_balance": 10000.0,
    }  # fmt: skip
    assert found["total_trades"] == found["winning_trades"] + found["losing_trades"]
    assert {"final_balance", "total_return", "max_drawdown", "sharpe_ratio", "win_rate"} <= found.keys()
    assert 0.001 == found["spec"]["costs"]["taker_fee"]


def test_the_same_request_is_answered_from_what_is_known(asked):
    """Same description, code and data: the same job, at once; another seed is another run."""
    first = done(asked, asked.post("/api/v1/backtests", json=ASKED))
    again = asked.post("/api/v1/backtests", json=ASKED | {"symbol": "btc/usdt", "strategy": "simple-test"})
    assert (200, first["id"], True) == (again.status_code, again.json()["id"], again.json()["cached"])
    other = done(asked, asked.post("/api/v1/backtests", json=ASKED | {"seed": 2}))
    assert first["id"] != other["id"]
    asked.delete(f"/api/v1/backtests/{first['id']}")
    assert first["id"] != done(asked, asked.post("/api/v1/backtests", json=ASKED))["id"]


def test_missing_candles_are_named_with_what_would_fetch_them(asked):
    """Who asks for what is not stored is told what to ask for first."""
    answer = asked.post("/api/v1/backtests", json=ASKED | {"symbol": "ETHUSDT"})
    problem = answer.json()
    assert (409, "missing-data", "ETH/USDT:USDT") == (
        answer.status_code, problem["code"], problem["missing"]["symbol"],
    )  # fmt: skip
    assert ["/api/v1/data/downloads", "/api/v1/data/synthetic"] == [one["path"] for one in problem["remedies"]]
    late = asked.post("/api/v1/backtests", json=ASKED | {"end_date": "2024-02-01T00:00:00Z"}).json()
    assert ("2024-01-11T00:00:00Z", "2024-02-01T00:00:00Z") == (late["missing"]["start"], late["missing"]["end"])
    partial = ASKED | {"end_date": "2024-02-01T00:00:00Z", "partial": True}
    assert 202 == asked.post("/api/v1/backtests", json=partial).status_code


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"initial_balance": -5}, "initial_balance"),
        ({"risk": {"size": "much"}}, "risk.size"),
        ({"risk": {"size": 0.9}}, "size"),
        ({"risk": {"sise": 0.1}}, "risk.sise"),
        ({"timeframes": ["7h"], "tf_roles": {}}, "timeframe"),
        ({"tf_roles": {"4h": "HTF"}}, "tf_roles"),
        ({"start_date": "2024-01-08T00:00:00Z"}, "start_date"),
        ({"end_date": "9999-01-08T00:00:00Z"}, "end_date"),
        ({"symbol": "BTC\u0000USDT"}, "symbol"),
        ({"owner": "root"}, "owner"),
    ],
)
def test_a_wrong_field_is_named(asked, change, field):
    """Nothing waits in the queue after a request that cannot be used."""
    answer = asked.post("/api/v1/backtests", json=ASKED | change)
    assert (422, True) == (answer.status_code, answer.json()["field"].startswith(field)), answer.text
    assert [] == asked.get("/api/v1/jobs").json()["items"]


def test_results_are_listed_sorted_and_in_pages(asked):
    """Every result is on exactly one page, in the order that was asked for."""
    ids = [done(asked, asked.post("/api/v1/backtests", json=ASKED | {"seed": seed}))["id"] for seed in range(5)]
    seen, cursor = [], None
    while True:
        asks = {"limit": 2, "sort": "total_return", "order": "asc"} | ({"cursor": cursor} if cursor else {})
        page = asked.get("/api/v1/backtests", params=asks).json()
        seen += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(ids) == sorted(row["id"] for row in seen)
    assert seen == sorted(seen, key=lambda row: (row["total_return"], row["id"]))
    assert [] == asked.get("/api/v1/backtests", params={"symbol": "ETHUSDT"}).json()["items"]
    assert 5 == len(asked.get("/api/v1/backtests", params={"symbol": "btcusdt"}).json()["items"])
    assert 422 == asked.get("/api/v1/backtests", params={"cursor": "WzFd"}).status_code


def test_what_is_deleted_can_be_brought_back(asked):
    """One, or all after a confirmation; a restored result is the same as before."""
    job = done(asked, asked.post("/api/v1/backtests", json=ASKED))
    place = f"/api/v1/backtests/{job['id']}"
    before = asked.get(place).json()
    assert {"deleted": 1, "ids": [job["id"]]} == asked.delete(place).json()
    assert (404, 404) == (asked.get(place).status_code, asked.delete(place).status_code)
    assert before == asked.post(f"{place}/restore").json() == asked.get(place).json()
    assert 422 == asked.delete("/api/v1/backtests").status_code
    assert 422 == asked.delete("/api/v1/backtests", params={"confirm": "yes"}).status_code
    assert 1 == asked.delete("/api/v1/backtests", params={"confirm": "delete all"}).json()["deleted"]
    assert [] == asked.get("/api/v1/backtests").json()["items"]


def test_a_result_is_told_in_detail(asked):
    """Trades, curves, bars with marks, months, excursions, a distribution: each agrees with the head."""
    job = done(asked, asked.post("/api/v1/backtests", json=ASKED))
    place = f"/api/v1/backtests/{job['id']}"
    head = asked.get(place).json()
    trades = asked.get(f"{place}/trades", params={"sort": "pnl", "order": "desc", "limit": 2}).json()
    assert head["total_trades"] + head["metrics"]["open_trades"] == trades["total"]
    assert trades["items"] == sorted(trades["items"], key=lambda one: -one["pnl"])
    rest = asked.get(f"{place}/trades", params={"sort": "pnl", "order": "desc", "cursor": trades["next"]}).json()
    assert trades["total"] == len({one["id"] for one in trades["items"] + rest["items"]})
    curve = asked.get(f"{place}/equity", params={"max_points": 20}).json()
    assert len(curve["time"]) == len(curve["equity"]) < curve["steps"] == 144
    assert (head["max_drawdown"], head["final_balance"]) == (
        pytest.approx(max(curve["drawdown"])), pytest.approx(curve["equity"][-1]),
    )  # fmt: skip
    (year,) = asked.get(f"{place}/monthly").json()
    assert (2024, pytest.approx(head["total_return"])) == (year["year"], year["months"][0])
    assert trades["total"] == len(asked.get(f"{place}/excursions").json()["mae"])
    assert head["total_trades"] == sum(asked.get(f"{place}/distribution?of=pnl&bins=5").json()["counts"])


def test_bars_are_told_with_what_the_run_did_in_them(asked):
    """Marks lie on bars of the stretch; a stop stands from the entry to the exit; too many bars are joined."""
    job = done(asked, asked.post("/api/v1/backtests", json=ASKED))
    place = f"/api/v1/backtests/{job['id']}/candles"
    chart = asked.get(place).json()
    bars = chart["bars"]
    assert ("1h", 144) == (bars["timeframe"], len(bars["time"]))
    assert {"entry"} < {mark["role"] for mark in chart["marks"]}
    assert {"stop_loss", "target_1"} <= {level["leg"] for level in chart["levels"]}
    assert all(bars["time"][0] <= mark["time"] <= bars["time"][-1] for mark in chart["marks"])
    joined = asked.get(place, params={"limit": 50}).json()["bars"]
    assert (36, max(bars["high"])) == (len(joined["time"]), max(joined["high"]))
    part = asked.get(place, params={"from": "2024-01-03T00:00:00Z", "to": "2024-01-04T00:00:00Z"}).json()
    assert 24 == len(part["bars"]["time"])
    assert 422 == asked.get(place, params={"symbol": "ETH/USDT:USDT"}).status_code


def test_report_and_export_are_files(asked):
    """The page is the run's own, kept from doing anything else; exports hold every table."""
    job = done(asked, asked.post("/api/v1/backtests", json=ASKED))
    place = f"/api/v1/backtests/{job['id']}"
    report = asked.get(f"{place}/report")
    assert "text/html" in report.headers["content-type"]
    assert "default-src 'none'" in report.headers["content-security-policy"]
    with zipfile.ZipFile(io.BytesIO(asked.get(f"{place}/export").content)) as packed:
        assert f"{job['id']}-trades.csv" in packed.namelist()
    assert job["id"] == asked.get(f"{place}/export?format=json").json()["result"]["id"]
    assert 404 == asked.get("/api/v1/backtests/20200101-000000-0000/export").status_code


def test_runs_are_set_side_by_side(asked):
    """What differs is named; what does not is left out."""
    ids = [done(asked, asked.post("/api/v1/backtests", json=ASKED | {"initial_balance": money}))["id"]
           for money in (10_000.0, 20_000.0)]  # fmt: skip
    found = asked.get("/api/v1/backtests/compare", params={"id": ids}).json()
    assert {"balance": [10_000.0, 20_000.0]} == found["differences"]
    assert (ids, True, True) == ([run["id"] for run in found["runs"]], found["same_code"], found["same_data"])
    assert 422 == asked.get("/api/v1/backtests/compare", params={"id": ids[:1]}).status_code


def test_the_source_of_the_strategy_is_kept_with_its_results(asked, tmp_path):
    """Two runs around a change of the file: each shows what it was made with, and both are versions of the strategy."""
    file = tmp_path / "strategies/mine.py"
    file.parent.mkdir(exist_ok=True)
    text = (
        "from tradewright import Signals, Strategy\n\n\nclass Mine(Strategy):\n"
        '    """Never trades."""\n\n    version = "1.0.0"\n\n'
        "    def signals(self, bars):\n        return Signals.none()\n"
    )
    file.write_text(text)
    wanted = ASKED | {"strategy": "mine"}
    first = done(asked, asked.post("/api/v1/backtests", json=wanted))["id"]
    file.write_text(text.replace("1.0.0", "1.1.0"))
    second = done(asked, asked.post("/api/v1/backtests", json=wanted))["id"]
    kept = [asked.get(f"/api/v1/backtests/{one}/source").json() for one in (first, second)]
    assert [text, text.replace("1.0.0", "1.1.0")] == [one["text"] for one in kept]
    compared = asked.get("/api/v1/backtests/compare", params={"id": [first, second]}).json()
    assert [one["sha256"] for one in kept] == compared["sources"]
    versions = asked.get("/api/v1/strategies/Mine/versions").json()
    assert [(True, 1, ["1.1.0"]), (False, 1, ["1.0.0"])] == [
        (one["current"], one["runs"], one["versions"]) for one in versions
    ]
    place = f"/api/v1/strategies/mine/versions/{kept[0]['sha256']}"
    assert text == asked.get(place).json()["text"]
    file.unlink()
    assert text == asked.get(place).json()["text"]
    assert 404 == asked.get(f"/api/v1/strategies/smc/versions/{kept[0]['sha256']}").status_code
    assert 404 == asked.get("/api/v1/strategies/nobody/versions").status_code


def test_a_result_of_before_has_no_source(asked, tmp_path):
    """It is told in words, and the version has none to be read."""
    name = done(asked, asked.post("/api/v1/backtests", json=ASKED))["id"]
    (head,) = (tmp_path / "backtests").glob(f"*/*{name}.json")
    told = json.loads(head.read_text())
    del told["fingerprints"]["source"]
    head.write_text(json.dumps(told))
    answer = asked.get(f"/api/v1/backtests/{name}/source")
    assert (404, True) == (answer.status_code, "of before the source" in answer.json()["detail"])
    now, before = asked.get("/api/v1/strategies/simple_test/versions").json()
    assert (True, 0, False, 1) == (now["kept"], now["runs"], before["kept"], before["runs"])


def test_tags_notes_and_stars_are_kept(asked):
    """They are put on a result, found by it, and changed one by one; a tag of the request is put on it, too."""
    job = done(asked, asked.post("/api/v1/backtests", json=ASKED | {"tag": "first"}))
    place = f"/api/v1/backtests/{job['id']}"
    assert {"tags": ["first"], "note": "", "starred": False} == asked.get(f"{place}/mark").json()
    asked.patch(place, json={"starred": True, "note": "fine"})
    assert {"tags": ["a"], "note": "fine", "starred": True} == asked.patch(place, json={"tags": ["a", "a"]}).json()
    assert [job["id"]] == [row["id"] for row in asked.get("/api/v1/backtests?tag=a&starred=true").json()["items"]]
    assert [] == asked.get("/api/v1/backtests?tag=first").json()["items"]
    assert 404 == asked.patch("/api/v1/backtests/20200101-000000-0000", json={"starred": True}).status_code
