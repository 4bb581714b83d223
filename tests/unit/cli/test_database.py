"""`tradewright db`, `audit` and `journal` as a user calls them."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from tradewright.adapters.storage.sql.audit import SqlAudit
from tradewright.adapters.storage.sql.books import SqlBooks, SqlMarkets
from tradewright.adapters.storage.sql.migrations import versions
from tradewright.adapters.storage.sql.tables import SIM_TABLES
from tradewright.bootstrap.settings import DATA_DIR, DATABASE_URL
from tradewright.cli.main import main
from tradewright.domain.books import EquityPoint, MarketSnapshot, TradeEntry
from tradewright.ports.audit_log import Deed
from tradewright.testing.databases import still_database

Output = pytest.CaptureFixture[str]


@pytest.fixture
def address(database_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database that commands find, with a trade, a point of equity and a deed in it."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    monkeypatch.setenv(DATABASE_URL, database_address)

    async def fill() -> None:
        async with still_database(database_address) as database:
            books = SqlBooks(database, SIM_TABLES)
            one = Decimal("1.50")
            await books.trades.put([TradeEntry("s-1", 1, "BTC/USDT:USDT", "long", 1, one, one, ts_exit=2, pnl=-one)])
            await books.equity.put([EquityPoint("s-1", 1, one, one)])
            await SqlMarkets(database).put([MarketSnapshot("practice", "s", 1, one)])
            await SqlAudit(database).add([Deed(1, "me", "order.sent", "o-1", {"n": 1})])

    asyncio.run(fill())
    return database_address


def test_database_is_shown_backed_up_verified_and_put_back(address: str, tmp_path: Path, capsys: Output) -> None:
    """What was thrown away after the backup is there again; nothing is overwritten unasked."""
    file = str(tmp_path / "monday.twb")
    assert 0 == main(["db", "status", "--json"])
    status = json.loads(capsys.readouterr().out)
    newest = max(path.stem[1:5] for path in Path(versions.__file__).parent.glob("v*.py"))
    assert (newest, newest, 1) == (status["version"], status["wanted"], status["rows"]["trades_sim"])
    assert (30, 1) == (status["market_data_days"], status["oldest_snapshot"])
    assert 0 == main(["db", "status"])
    assert "kept for 30 days, the oldest of 1970-01-01" in " ".join(capsys.readouterr().out.split())
    assert 0 == main(["db", "backup", file])
    assert 2 == main(["db", "backup", file])
    assert "not overwritten" in capsys.readouterr().err
    assert 0 == main(["db", "verify", file])
    assert 0 == main(["db", "verify", file, "--json"])

    assert 0 == main(["db", "prune", "--keep", "equity=30", "--dry-run"])
    assert "would throw away: 1 of equity_snapshots_sim" in capsys.readouterr().out
    assert 0 == main(["db", "prune", "--keep", "equity=30", "--keep", "trades=30", "--json"])
    assert 1 == json.loads(capsys.readouterr().out)["trades_sim"]
    assert 0 == main(["db", "prune", "--json"])
    assert {"market_snapshots": 1} == json.loads(capsys.readouterr().out)
    assert 2 == main(["db", "restore", file])
    assert "--force" in capsys.readouterr().err
    assert 0 == main(["db", "restore", file, "--force"])
    assert 0 == main(["db", "upgrade"])
    assert f"tables {newest}: as before" in capsys.readouterr().out
    assert 0 == main(["db", "verify"])
    assert "everything is as it was written" in capsys.readouterr().out
    assert 0 == main(["audit", "list", "--json"])
    actions = [line["action"] for line in json.loads(capsys.readouterr().out)]
    assert ["order.sent", "database.restored"] == actions


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("prune", "--keep", "audit=1"), "audit"),
        (("prune", "--keep", "equity=soon"), "equity=soon"),
        (("prune", "--keep", "equity=0"), "equity=0"),
        (("restore", "nowhere.twb"), "no such file"),
        (("verify", "nowhere.twb"), "no such file"),
    ],
)
def test_bad_wishes_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output, arguments: tuple[str, ...], words: str
) -> None:
    """By what was wrong, with exit code 2."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    assert 2 == main(["db", *arguments])
    assert words in capsys.readouterr().err


def test_audit_is_listed_exported_and_verified(address: str, capsys: Output) -> None:
    """A noted hash is looked for; the export has every line with its hash."""
    assert 0 == main(["audit", "list"])
    assert "order.sent" in capsys.readouterr().out
    assert 0 == main(["audit", "export", "--csv"])
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert ("1", "me", '{"n": 1}') == (row["number"], row["actor"], row["details"])
    assert 0 == main(["audit", "export"])
    (line,) = json.loads(capsys.readouterr().out)
    assert row["hash"] == line["hash"]
    assert 0 == main(["audit", "verify", "--head", line["hash"]])
    assert line["hash"] in capsys.readouterr().out
    assert 2 == main(["audit", "verify", "--head", "0" * 31 + "1"])
    assert 0 == main(["audit", "verify", "--json"])
    assert 2 == main(["audit", "export", "--csv", "--json"])


def test_damage_is_told_with_exit_code_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """By `audit verify` and by `db verify`."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    assert 0 == main(["db", "backup", str(tmp_path / "one.twb")])
    with closing(sqlite3.connect(tmp_path / "tradewright.db")) as file, file:
        file.execute("UPDATE audit_log SET actor = 'nobody'")
    assert 2 == main(["audit", "verify"])
    assert "line 1 is not as it was written" in capsys.readouterr().err
    assert 2 == main(["db", "verify", "--json"])
    assert "audit log: line 1" in capsys.readouterr().err


def test_notes_stand_beside_their_trades(address: str, capsys: Output) -> None:
    """Two on one trade, both in the export; a trade that is not there has none."""
    assert 0 == main(["journal", "list"])
    assert 0 == main(["journal", "note", "s-1", "1", "too early"])
    assert 0 == main(["journal", "note", "s-1", "1", "again"])
    assert 2 == main(["journal", "note", "s-1", "2", "what"])
    assert "there is none" in capsys.readouterr().err
    assert 2 == main(["journal", "note", "s-1", "1", "  "])
    capsys.readouterr()
    assert 0 == main(["journal", "list", "--of", "s-1", "--json"])
    (row,) = json.loads(capsys.readouterr().out)
    assert ["too early", "again"] == [note["text"] for note in row["notes"]]
    assert ("1.50", "-1.50") == (row["quantity"], row["pnl"])
    assert 0 == main(["journal", "list"])
    assert "too early" in capsys.readouterr().out
    assert 0 == main(["journal", "export", "--csv"])
    assert "too early" in next(csv.DictReader(io.StringIO(capsys.readouterr().out)))["notes"]
    assert 0 == main(["journal", "export", "--live"])
    assert [] == json.loads(capsys.readouterr().out)
    assert 0 == main(["journal", "list", "--live"])
    assert "no trade" in capsys.readouterr().out
