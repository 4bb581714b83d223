"""Results in folders: names of files, damage, crashes, and the same bytes for the same run."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tradewright.adapters.storage import json_results
from tradewright.adapters.storage.json_results import JsonResults
from tradewright.domain.errors import StoreError
from tradewright.testing.result_store import ResultStoreSuite
from tradewright.testing.results import a_result
from tradewright.testing.run_logs import BTC, a_run, bars_of


class TestJsonResults(ResultStoreSuite):
    """The conformance suite over the folder store."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> JsonResults:
        return JsonResults(tmp_path / "data")


def _save(root: Path, **fields) -> Path:
    whole = a_result(**fields)
    return JsonResults(root).save(whole.result, whole.tables, "<p>report</p>")


def _files(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_files_stand_where_the_layout_says(tmp_path):
    """The head carries date, pair, strategy, timeframe and id in its path; tables and report stand under the id."""
    _save(tmp_path)
    name = "20261121-101530-3f9a"
    tables = ("trades", "equity", "fills", "orders", "refusals", "funding")
    expected = {f"artifacts/{name}/{table}.parquet" for table in tables}
    expected |= {
        f"backtests/2026-11-21/BTC-USDT-USDT_ma_crossover_1h_{name}.json",
        f"reports/{name}/report.html",
    }
    assert expected == _files(tmp_path)


def test_a_portfolio_is_named_by_its_size(tmp_path):
    """Several instruments are `portfolio-N` in the name of the file."""
    eth = type(BTC)("ETH/USDT:USDT", "binance")
    bars = bars_of([100.0, 101.0])
    path = _save(tmp_path, log=a_run((bars, bars), instruments=(BTC, eth)))
    assert "portfolio-2_ma_crossover_1h_20261121-101530-3f9a.json" == path.name


def test_a_strategy_name_cannot_leave_the_folder(tmp_path):
    """What is not letter, digit, dot, dash or underscore becomes a dash."""
    path = _save(tmp_path, strategy="../../etc/x")
    assert "BTC-USDT-USDT_..-..-etc-x_1h_20261121-101530-3f9a.json" == path.name
    assert tmp_path / "backtests" / "2026-11-21" == path.parent


def test_the_same_run_gives_the_same_bytes_but_for_id_and_time(tmp_path):
    """Two saves of one run differ in the id and the time of the head and in nothing else."""
    first = _save(tmp_path / "a", result_id="20261121-101530-0001", created_at="2026-11-21T10:15:30Z")
    second = _save(tmp_path / "b", result_id="20261121-111111-0002", created_at="2026-11-21T11:11:11Z")
    texts = [path.read_text(encoding="utf-8") for path in (first, second)]
    pairs = (("20261121-111111-0002", "20261121-101530-0001"), ("2026-11-21T11:11:11Z", "2026-11-21T10:15:30Z"))
    for other, own in pairs:
        texts[1] = texts[1].replace(other, own)
    assert texts[0] == texts[1]
    assert texts[0].endswith("}\n")

    def digests(root: Path) -> list[str]:
        return [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(root.rglob("*.parquet"))]

    assert digests(tmp_path / "a") == digests(tmp_path / "b")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("", "Expecting value"),
        ("{", "Expecting property name"),
        ("[1, 2]", "damaged"),
        ('{"id": "x"}', "exactly the fields of a result"),
        ("\x00\x01", "damaged"),
    ],
)
def test_a_damaged_head_is_listed_and_can_be_deleted(tmp_path, damage, words):
    """One bad file takes no other result down; it is named, and can be removed."""
    bad = _save(tmp_path)
    _save(tmp_path, result_id="20261121-101530-4000")
    bad.write_text(damage, encoding="utf-8")
    store = JsonResults(tmp_path)
    good, listed = store.rows()
    assert ("20261121-101530-4000", "") == (good.id, good.damage)
    assert words in listed.damage
    assert None is listed.result
    with pytest.raises(StoreError, match="is damaged"):
        store.load("20261121-101530-3f9a")
    store.delete("20261121-101530-3f9a")
    assert ["20261121-101530-4000"] == [row.id for row in store.rows()]


def test_a_head_of_another_result_is_damage(tmp_path):
    """A file renamed by hand does not pass for another result."""
    path = _save(tmp_path)
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(data | {"id": "20261121-101530-9999"}), encoding="utf-8")
    with pytest.raises(StoreError, match="20261121-101530-9999"):
        JsonResults(tmp_path).load("20261121-101530-3f9a")


def test_missing_tables_and_reports_are_named(tmp_path):
    """A table or report removed by hand is an error that names the file."""
    _save(tmp_path)
    store = JsonResults(tmp_path)
    (tmp_path / "artifacts/20261121-101530-3f9a/fills.parquet").unlink()
    (tmp_path / "reports/20261121-101530-3f9a/report.html").unlink()
    with pytest.raises(StoreError, match=r"fills\.parquet"):
        store.load_tables("2026")
    with pytest.raises(StoreError, match=r"report\.html"):
        store.report_path("2026")
    with pytest.raises(StoreError, match=r"fills\.parquet"):
        store.export("2026", "json", tmp_path / "out")
    assert not (tmp_path / "out").exists() or [] == list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("moment", ["write_tables", "replacing"])
def test_a_crash_while_saving_leaves_nothing(tmp_path, monkeypatch, moment):
    """Whatever fails, before the first table or before the head: no file, no listed result."""

    def fail(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(json_results, moment, fail)
    with pytest.raises(KeyboardInterrupt):
        _save(tmp_path)
    assert set() == _files(tmp_path)
    assert () == JsonResults(tmp_path).rows()


def test_what_a_killed_process_left_is_overwritten(tmp_path):
    """Tables without a head are no result, and do not stand in the way of one."""
    left = tmp_path / "artifacts" / "20261121-101530-3f9a"
    left.mkdir(parents=True)
    (left / "half.parquet").write_text("x", encoding="utf-8")
    assert () == JsonResults(tmp_path).rows()
    _save(tmp_path)
    assert not (left / "half.parquet").exists()


def test_an_unwritable_folder_is_told(tmp_path):
    """A file where a folder must be is an error of the store, not a stack of the system's."""
    (tmp_path / "artifacts").write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        _save(tmp_path)
