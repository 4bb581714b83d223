"""binance-futures-connector, which still sends stops to where orders go. Arguments: BASE KEY SECRET."""

from __future__ import annotations

import sys
import threading
from typing import Any

from binance.error import ClientError
from binance.um_futures import UMFutures
from binance.websocket.um_futures.websocket_client import UMFuturesWebsocketClient

BTC = "BTCUSDT"
base, key, secret = sys.argv[1:4]
client = UMFutures(key=key, secret=secret, base_url=base)
count = 0


def call(name: str, *given: Any, **fields: Any) -> Any:
    """Make a call."""
    global count  # noqa: PLW0603 - a script
    count += 1
    return getattr(client, name)(*given, **fields)


for name in ("ping", "time", "exchange_info", "account", "balance", "get_position_risk", "get_position_mode"):
    call(name)
for name in ("depth", "trades", "agg_trades", "mark_price", "funding_rate", "ticker_24hr_price_change", "ticker_price"):
    call(name, BTC)
call("klines", BTC, "1m")
last = float(call("ticker_price", BTC)["price"])
call("change_leverage", BTC, 10)
call("new_order", symbol=BTC, side="BUY", type="MARKET", quantity=0.01)
limit = {"type": "LIMIT", "timeInForce": "GTC", "quantity": 0.01, "price": round(last * 0.95, 1)}
resting = call("new_order", symbol=BTC, side="BUY", **limit)
assert "NEW" == call("query_order", BTC, orderId=resting["orderId"])["status"]
assert "CANCELED" == call("cancel_order", BTC, orderId=resting["orderId"])["status"]
assert call("get_account_trades", BTC)
try:
    call("new_order", symbol=BTC, side="SELL", type="STOP_MARKET", quantity=0.01, stopPrice=round(last * 0.9, 1))
    refused = 0
except ClientError as error:
    refused = error.error_code
assert -4120 == refused

heard = threading.Event()
stream = UMFuturesWebsocketClient(
    stream_url=base.replace("http", "ws") + "/market", on_message=lambda _, text: "aggTrade" in text and heard.set()
)
stream.agg_trade(symbol=BTC)
assert heard.wait(20), "nothing was heard on the socket"
stream.stop()
print(f"futures-connector: {count} calls, 1 socket")
