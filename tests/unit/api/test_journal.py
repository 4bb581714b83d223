"""The trade journal over the API."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradewright.adapters.storage.sql.books import SqlBooks
from tradewright.adapters.storage.sql.tables import SIM_TABLES
from tradewright.domain.books import TradeEntry
from tradewright.domain.people import Role

JOURNAL = "/api/v1/journal"


@pytest.fixture
def trader(opened, somebody):
    """A client whose journal has five trades."""
    client = opened(somebody(Role.TRADER))
    books = SqlBooks(client.app.state.server.database, SIM_TABLES)
    client.portal.call(books.trades.put, [_trade(number) for number in range(1, 6)])
    return client


def _trade(number):
    price = Decimal("45000.5")
    return TradeEntry(
        deployment="btc", number=number, symbol="BTCUSDT", side="long", ts_entry=1_700_000_000_000_000_000,
        ts_exit=1_700_000_060_000_000_000, quantity=Decimal("0.5"), entry_price=price, exit_price=price,
        stop_loss=None, take_profit=None, fees=Decimal(1), funding=Decimal(0), pnl=Decimal(-1),
        exit_reason="stop", metadata={},
    )  # fmt: skip


def test_trades_come_in_pages_with_their_notes(trader):
    """Trades of one moment are told once each; notes stand beside each other."""
    for text in ("too early", "too late"):
        made = trader.post(f"{JOURNAL}/notes", json={"deployment": "btc", "trade": 4, "text": text})
        assert (201, "mary") == (made.status_code, made.json()["author"])
    first = trader.get(JOURNAL, params={"limit": 3}).json()
    second = trader.get(JOURNAL, params={"limit": 3, "cursor": first["next"]}).json()
    assert [5, 4, 3, 2, 1] == [one["number"] for one in (*first["items"], *second["items"])]
    assert ["too early", "too late"] == [one["text"] for one in first["items"][1]["notes"]]
    assert ("45000.5", "-1") == (first["items"][0]["entry_price"], first["items"][0]["pnl"])
    assert [] == trader.get(JOURNAL, params={"mode": "live"}).json()["items"]


def test_a_note_needs_a_trade_and_words(trader):
    """Nothing is written on what is not there."""
    assert 404 == trader.post(f"{JOURNAL}/notes", json={"deployment": "btc", "trade": 9, "text": "x"}).status_code
    assert 422 == trader.post(f"{JOURNAL}/notes", json={"deployment": "btc", "trade": 1, "text": " "}).status_code


def test_the_journal_is_exported(trader):
    """Every trade, as JSON and as CSV."""
    assert 5 == len(trader.get(f"{JOURNAL}/export", params={"of": "btc"}).json())
    lines = trader.get(f"{JOURNAL}/export", params={"format": "csv"}).text.splitlines()
    assert (6, True) == (len(lines), lines[0].startswith("deployment,number"))
