"""An exchange that is kept and brought back is the one that it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tradewright.adapters.venues.practice.exchange import House
from tradewright.adapters.venues.practice.keeping import kept_head
from tradewright.adapters.venues.practice.listing import listing_of
from tradewright.adapters.venues.practice.sources import Synthetic
from tradewright.domain.errors import InvalidValue, StoreError
from tradewright.testing.practice import START, WireClient, a_server

BTC = {"symbol": "BTCUSDT"}
ORDER, ALGO = "/fapi/v1/order", "/fapi/v1/algoOrder"


def _busy(folder: Path, house: House | None = None) -> WireClient:
    client = WireClient(a_server(folder=folder, house=house or House()))
    client.wait(3)
    client.done("POST", "/fapi/v1/leverage", **BTC, leverage=7)
    client.done("POST", "/fapi/v1/listenKey")
    client.done("POST", ORDER, **BTC, side="BUY", type="MARKET", quantity="0.02")
    last = float(client.seen("ticker/price", **BTC)["price"])
    near = {"timeInForce": "GTC", "type": "LIMIT", "quantity": "0.01", "price": f"{last * 0.9995:.1f}"}
    client.done("POST", ORDER, **BTC, side="BUY", **near)
    stop = {"type": "STOP_MARKET", "triggerPrice": f"{last * 0.999:.1f}", "closePosition": "true"}
    client.done("POST", ALGO, **BTC, algoType="CONDITIONAL", side="SELL", **stop)
    client.wait(2.345)
    return client


def _all(client: WireClient) -> list[Any]:
    signed = [
        client.done("GET", "/fapi/v3/account"),
        client.done("GET", "/fapi/v2/positionRisk"),
        client.done("GET", "/fapi/v1/allOrders", **BTC),
        client.done("GET", "/fapi/v1/allAlgoOrders", **BTC),
        client.done("GET", "/fapi/v1/userTrades", **BTC),
        client.done("GET", "/fapi/v1/income"),
    ]
    market = [client.seen(path, **BTC) for path in ("trades", "ticker/24hr", "ticker/price", "premiumIndex")]
    return [*signed, *market, client.seen("klines", **BTC, interval="1m", limit=1500)]


@pytest.mark.parametrize("house", [House(), House(levels=200, queues=True)])
def test_exchange_that_was_brought_back_goes_on_as_if_it_had_never_stopped(tmp_path: Path, house: House) -> None:
    """Everything that can be asked is the same, at once and five minutes later: with deep books what was taken, too."""
    client = _busy(tmp_path, house)
    client.done("POST", ORDER, **BTC, side="BUY", type="MARKET", quantity="0.5")
    client.server.keep()
    again = WireClient(a_server(folder=tmp_path, house=house))
    assert client.seen("depth", **BTC)["asks"] == again.seen("depth", **BTC)["asks"]

    assert _all(client) == _all(again)
    for one in (client, again):
        one.wait(300)
        one.done("POST", ORDER, **BTC, side="SELL", type="MARKET", quantity="0.003")
    assert _all(client) == _all(again)
    listen = [one.done("PUT", "/fapi/v1/listenKey") for one in (client, again)]
    assert listen[0] == listen[1]


def test_records_that_were_brought_back_are_those_that_the_kernels_are_compiled_for(tmp_path: Path) -> None:
    """Aligned as they were: others would be compiled for anew, for half a minute, before the exchange answers."""
    _busy(tmp_path).server.keep()
    again = WireClient(a_server(folder=tmp_path)).exchange
    records = [array for seat in again.seats.values() for array in seat.account.world if array.dtype.names]
    assert records
    assert all(array.dtype.isalignedstruct for array in records)


def test_time_that_passed_meanwhile_is_played(tmp_path: Path) -> None:
    """A later start catches up: orders that rested have met the market."""
    client = _busy(tmp_path)
    client.server.keep()
    later = client.exchange.clock.now() + 300_000_000_000
    again = WireClient(a_server(folder=tmp_path, start=later))
    client.wait(300)
    assert client.done("GET", "/fapi/v1/userTrades", **BTC) == again.done("GET", "/fapi/v1/userTrades", **BTC)


def test_other_symbols_are_refused(tmp_path: Path) -> None:
    """What was kept says which symbols it has."""
    _busy(tmp_path).server.keep()
    with pytest.raises(InvalidValue, match="BTCUSDT,ETHUSDT"):
        a_server(folder=tmp_path, listings=[listing_of("BTCUSDT")])


def test_another_market_is_refused(tmp_path: Path) -> None:
    """What was kept goes on with its own market: another recording, or the same one from elsewhere, is not it."""
    _busy(tmp_path).server.keep()
    listings = [listing_of("BTCUSDT"), listing_of("ETHUSDT")]
    with pytest.raises(InvalidValue, match="began at another time"):
        a_server(folder=tmp_path, listings=listings, source=Synthetic(listings, START + 60_000_000_000, 1, 100))


def test_file_that_is_no_exchange_is_refused(tmp_path: Path) -> None:
    """A damaged file is named, and nothing begins anew unasked; an empty folder is a beginning."""
    assert None is kept_head(tmp_path)
    (tmp_path / "exchange.npz").write_bytes(b"noise")
    with pytest.raises(StoreError, match=r"exchange\.npz"):
        kept_head(tmp_path)
