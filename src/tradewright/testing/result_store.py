"""What every `ResultStore` must do. Inherit, and give a fixture `store` with an empty one.

::

    class TestMyStore(ResultStoreSuite):
        @pytest.fixture
        def store(self, tmp_path):
            return MyStore(tmp_path)
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from tradewright.domain.errors import Absent, InvalidValue, StoreError
from tradewright.ports.result_store import ResultStore
from tradewright.testing.results import WholeResult, a_result

__all__ = ["ResultStoreSuite"]

_FIRST, _SECOND, _THIRD = "20261121-101530-3f9a", "20261121-101530-4000", "20261122-000000-0001"


def _keep(store: ResultStore, result_id: str = _FIRST) -> WholeResult:
    whole = a_result(result_id)
    store.save(whole.result, whole.tables, f"<p>{result_id}</p>")
    return whole


class ResultStoreSuite:
    """The contract of a result store."""

    def test_a_result_comes_back_as_it_was(self, store: ResultStore) -> None:
        """Head, tables and report are read back unchanged."""
        whole = _keep(store)
        assert whole.result == store.load(_FIRST)
        assert f"<p>{_FIRST}</p>" == store.report_path(_FIRST).read_text(encoding="utf-8")
        read = store.load_tables(_FIRST)
        assert set(whole.tables) == set(read)
        for name, columns in whole.tables.items():
            assert list(columns) == list(read[name])
            for column, values in columns.items():
                np.testing.assert_array_equal(np.asarray(values), np.asarray(read[name][column]), err_msg=column)

    def test_an_unambiguous_beginning_of_an_id_is_enough(self, store: ResultStore) -> None:
        """A prefix of one id finds it; a prefix of several is refused with their names."""
        _keep(store, _FIRST)
        _keep(store, _SECOND)
        assert store.load("20261121-101530-3").id == _FIRST
        with pytest.raises(StoreError, match=f"{_FIRST}, {_SECOND}"):
            store.load("20261121")

    @pytest.mark.parametrize("unknown", ["20261121-101530-3f9b", "nothing", ""])
    def test_an_unknown_id_is_refused_with_near_ones(self, store: ResultStore, unknown: str) -> None:
        """Every door that takes an id says which are there."""
        _keep(store)
        for door in (store.load, store.load_tables, store.report_path, store.delete):
            with pytest.raises(StoreError, match=_FIRST):
                door(unknown)

    def test_an_unknown_id_in_an_empty_store_is_refused(self, store: ResultStore) -> None:
        """An empty store says that it is empty."""
        with pytest.raises(StoreError, match="no results"):
            store.load("x")
        assert store.rows() == ()

    def test_a_source_is_kept_once_for_all_results_of_it(self, store: ResultStore) -> None:
        """It is read back by its digest to the letter, after its results are gone, too; another text is another."""
        text = "class Mine:\r\n    ціна = 'ä'\n"
        digest = hashlib.sha256(text.encode()).hexdigest()
        for result_id in (_FIRST, _SECOND):
            whole = a_result(result_id)
            store.save(whole.result, whole.tables, "", text)
        assert text == store.source(digest)
        store.delete_all()
        assert text == store.source(digest)
        for unknown in ("0" * 64, "../../outside", ""):
            with pytest.raises(Absent, match="is kept"):
                store.source(unknown)

    def test_rows_are_newest_first(self, store: ResultStore) -> None:
        """The order of the list is that of the ids, reversed, whatever the order of saving."""
        for result_id in (_SECOND, _THIRD, _FIRST):
            _keep(store, result_id)
        assert [row.id for row in store.rows()] == [_THIRD, _SECOND, _FIRST]

    def test_an_id_is_kept_once(self, store: ResultStore) -> None:
        """A second result under an id is refused, and the first stands."""
        whole = _keep(store)
        with pytest.raises(StoreError, match="exists already"):
            store.save(a_result(_FIRST, strategy="smc").result, whole.tables, "")
        assert whole.result == store.load(_FIRST)

    def test_an_id_that_is_no_id_is_refused(self, store: ResultStore) -> None:
        """Nothing outside the store can be named by an id."""
        whole = a_result("../../outside")
        with pytest.raises(InvalidValue, match="outside"):
            store.save(whole.result, whole.tables, "")
        assert store.rows() == ()

    def test_a_deleted_result_is_gone_as_a_whole(self, store: ResultStore) -> None:
        """Head, tables and report go together; other results stay; the id is free again."""
        _keep(store, _FIRST)
        report = store.report_path(_FIRST)
        _keep(store, _SECOND)
        assert store.delete("20261121-101530-3") == _FIRST
        assert [row.id for row in store.rows()] == [_SECOND]
        assert not report.exists()
        _keep(store, _FIRST)

    def test_delete_all_leaves_nothing(self, store: ResultStore) -> None:
        """All results go, and their number is told."""
        _keep(store, _FIRST)
        _keep(store, _SECOND)
        assert len((_FIRST, _SECOND)) == store.delete_all()
        assert store.rows() == ()

    def test_json_export_is_one_file_that_holds_everything(self, store: ResultStore, tmp_path: Path) -> None:
        """The file is valid JSON, without NaN, with the head and a row for each trade."""
        whole = _keep(store)
        (path,) = store.export(_FIRST, "json", tmp_path / "out")
        data = json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)
        assert json.loads(json.dumps(whole.result.as_dict())) == data["result"]
        assert [trade.pnl for trade in whole.summary.trades] == [row["pnl"] for row in data["trades"]]
        assert None is data["trades"][-1]["stop_loss"]

    def test_csv_export_is_a_file_per_table(self, store: ResultStore, tmp_path: Path) -> None:
        """Every table has its file with a header and a line for each row; metrics have theirs."""
        whole = _keep(store)
        paths = {path.name: path for path in store.export(_FIRST, "csv", tmp_path / "out")}
        assert {f"{_FIRST}-{name}.csv" for name in (*whole.tables, "metrics")} == set(paths)
        lines = paths[f"{_FIRST}-trades.csv"].read_text(encoding="utf-8").splitlines()
        assert list(whole.tables["trades"]) == lines[0].split(",")
        assert 1 + len(whole.summary.trades) == len(lines)

    def test_an_unknown_export_format_is_refused(self, store: ResultStore, tmp_path: Path) -> None:
        """Nothing is written then."""
        _keep(store)
        with pytest.raises(InvalidValue, match="csv or json"):
            store.export(_FIRST, "xml", tmp_path / "out")  # type: ignore[arg-type]  # a wrong value is the point
        assert not (tmp_path / "out").exists()
