"""Files of trades become events, or an error that names the row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewright.adapters.storage.trade_files import read_trades
from tradewright.domain.enums import EventKind
from tradewright.domain.errors import DataError
from tradewright.domain.instrument import Instrument

XRP = Instrument("XRP/ETH", "binance", tick_size="0.01", lot_size="1", min_notional=0.0)
HEAD = "timestamp,side,price,amount\n"


def written(folder: Path, text: str) -> Path:
    """A CSV file."""
    path = folder / "trades.csv"
    path.write_text(text)
    return path


def test_trades_are_read(tmp_path: Path) -> None:
    """Time in ns, price in ticks, amount in lots, and the taker's side."""
    path = written(tmp_path, HEAD + "1570752011620,sell,1.41,23\n1570752011620,buy,1.42,5\n")
    events = read_trades(path, XRP, feed_ms=2.0)
    assert [141, 142] == events["ticks"].tolist()
    assert [(23, -1), (5, 1)] == list(zip(events["lots"].tolist(), events["side"].tolist(), strict=True))
    assert 1_570_752_011_620_000_000 == events["ts_exchange"][0]
    assert {2_000_000} == set((events["ts_local"] - events["ts_exchange"]).tolist())
    assert {EventKind.TRADE.value} == set(events["kind"].tolist())
    assert events["last"].all()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("timestamp,side,price\n1570752011620,buy,1.41\n", "amount, quantity"),
        (HEAD + "1570752011620,buy,1.415,5\n", "row 1.*1.415.*tick 0.01"),
        (HEAD + "1570752011620,buy,1.41,0\n", "row 1.*multiple of the lot 1"),
        (HEAD + "1570752011620,buy,,5\n", "row 1.*price"),
        (HEAD + "1570752011620,up,1.41,5\n", "row 1.*buy or sell"),
        (HEAD + "1570752011620,buy,1.41,5\n1570752011619,buy,1.41,5\n", "row 2.*oldest first"),
    ],
)
def test_bad_trade_is_named(text: str, said: str, tmp_path: Path) -> None:
    """The error says where it is and what is expected."""
    with pytest.raises(DataError, match=f"trades.csv.*{said}"):
        read_trades(written(tmp_path, text), XRP)
