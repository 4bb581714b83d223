"""python-binance, REST and sockets. Arguments: BASE KEY SECRET."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from binance import AsyncClient, BinanceSocketManager, Client

BTC = "BTCUSDT"
base, key, secret = sys.argv[1:4]
for kind in (Client, AsyncClient):
    kind.FUTURES_URL, kind.FUTURES_DATA_URL = f"{base}/fapi", f"{base}/futures/data"
    kind.API_URL, kind.MARGIN_API_URL = f"{base}/api", f"{base}/sapi"
BinanceSocketManager.FSTREAM_URL = base.replace("http", "ws") + "/"
client = Client(key, secret, ping=False)
count = 0


def call(name: str, **fields: Any) -> Any:
    """Make a call."""
    global count  # noqa: PLW0603 - a script
    count += 1
    return getattr(client, f"futures_{name}")(**fields)


one = {"symbol": BTC}
for name in ("ping", "time", "exchange_info", "ticker", "account", "account_balance", "position_information"):
    call(name)
for name in ("get_position_mode", "leverage_bracket", "income_history"):
    call(name)
for name in ("order_book", "recent_trades", "aggregate_trades", "mark_price", "funding_rate", "orderbook_ticker"):
    call(name, **one)
call("klines", **one, interval="1m")
last = float(call("symbol_ticker", **one)["price"])
call("change_leverage", **one, leverage=10)
call("create_order", **one, side="BUY", type="MARKET", quantity=0.01)
limit = {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": 0.01, "price": round(last * 0.95, 1)}
resting = call("create_order", **one, **limit)
assert "NEW" == call("get_order", **one, orderId=resting["orderId"])["status"]
assert "CANCELED" == call("cancel_order", **one, orderId=resting["orderId"])["status"]
stop = {"side": "SELL", "type": "STOP_MARKET", "stopPrice": round(last * 0.9, 1), "quantity": 0.01}
assert "CONDITIONAL" == call("create_order", **one, **stop)["algoType"]
call("get_open_orders", **one)
call("cancel_all_open_orders", **one)
assert call("account_trades", **one)


async def listen() -> int:
    """Hear one message on each socket, and the user's own order."""
    own = AsyncClient(key, secret)
    manager = BinanceSocketManager(own)
    sockets = [
        manager.kline_futures_socket(BTC),
        manager.futures_depth_socket(BTC),
        manager.aggtrade_futures_socket(BTC),
        manager.symbol_mark_price_socket(BTC),
    ]
    for socket in sockets:
        async with socket as stream:
            assert "e" not in await asyncio.wait_for(stream.recv(), 20) or socket is sockets[0]
    async with manager.futures_user_socket() as stream:
        await own.futures_create_order(**one, side="BUY", type="MARKET", quantity=0.01)
        assert "ORDER_TRADE_UPDATE" == (await asyncio.wait_for(stream.recv(), 20))["e"]
    await own.close_connection()
    return len(sockets) + 1


heard = asyncio.run(listen())
print(f"python-binance: {count} calls, {heard} sockets")
