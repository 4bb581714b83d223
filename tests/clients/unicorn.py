"""unicorn-binance-websocket-api: market streams, and the user's. Arguments: BASE KEY SECRET."""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from unicorn_binance_websocket_api import BinanceWebSocketApiManager

PATIENCE_S = 30
base, key, secret = sys.argv[1:4]


def ask(method: str, path: str, **fields: Any) -> Any:
    """A signed request: the library's own REST helper knows the real venue's address alone."""
    query = urlencode({**fields, "timestamp": round(time.time() * 1_000)})
    signature = hmac.new(secret.encode(), query.encode(), hashlib.sha256).hexdigest()
    request = Request(  # noqa: S310 - of this machine
        f"{base}{path}?{query}&signature={signature}", method=method, headers={"X-MBX-APIKEY": key}
    )
    with urlopen(request) as answer:  # noqa: S310 - of this machine
        return json.load(answer)


manager = BinanceWebSocketApiManager(
    exchange="binance.com-futures", websocket_base_uri=base.replace("http", "ws") + "/", output_default="dict"
)


def wait_for(stream: str, wanted: Callable[[Any], bool]) -> Any:
    """The first message of a stream that is wanted."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        said = manager.pop_stream_data_from_stream_buffer(stream)
        if isinstance(said, dict) and wanted(said.get("data", said)):
            return said
        time.sleep(0.05)
    raise TimeoutError(f"{manager.get_stream_info(stream)}")


def hear(channels: list[str]) -> set[str]:
    """The kinds of messages of a stream, one for each channel."""
    name, kinds = manager.create_stream(channels, ["btcusdt"], stream_buffer_name=True), set[str]()
    while len(kinds) < len(channels):
        kinds.add(wait_for(name, lambda data: "e" in data and data["e"] not in kinds)["data"]["e"])
    return kinds


heard = [*sorted(hear(["kline_1m", "aggTrade", "markPrice"])), *sorted(hear(["bookTicker", "depth5"]))]
listen_key = ask("POST", "/fapi/v1/listenKey")["listenKey"]
user = manager.create_stream(["arr"], ["!userData"], listen_key=listen_key, stream_buffer_name=True)
time.sleep(2)
ask("POST", "/fapi/v1/order", symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.01")
wait_for(user, lambda data: data.get("e") == "ORDER_TRADE_UPDATE" and data["o"]["X"] == "FILLED")
wait_for(user, lambda data: data.get("e") == "ACCOUNT_UPDATE")
manager.stop_manager()
print(f"{', '.join(heard)}, and the user's own order")
