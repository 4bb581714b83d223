"""The venue's own SDK, whose response models take nothing but the right types. Arguments: BASE KEY SECRET."""

from __future__ import annotations

import sys
from typing import Any

from binance_common.configuration import ConfigurationRestAPI
from binance_common.errors import BadRequestError
from binance_sdk_derivatives_trading_usds_futures.derivatives_trading_usds_futures import DerivativesTradingUsdsFutures

BTC = "BTCUSDT"
base, key, secret = sys.argv[1:4]
settings = ConfigurationRestAPI(api_key=key, api_secret=secret, base_path=base, timeout=10_000)
rest = DerivativesTradingUsdsFutures(config_rest_api=settings).rest_api
count = 0


def call(name: str, **fields: Any) -> Any:
    """Make a call, and let the SDK read its answer."""
    global count  # noqa: PLW0603 - a script
    count += 1
    return getattr(rest, name)(**fields).data()


one = {"symbol": BTC}
for name in ("test_connectivity", "check_server_time", "exchange_information", "get_funding_rate_info"):
    call(name)
for name in (
    "order_book", "recent_trades_list", "compressed_aggregate_trades_list", "get_funding_rate_history",
    "open_interest", "symbol_price_ticker_v2",
):  # fmt: skip
    call(name, **one)
for name in ("kline_candlestick_data", "mark_price_kline_candlestick_data"):
    call(name, **one, interval="1m")
call("index_price_kline_candlestick_data", pair=BTC, interval="1m")
for name in ("mark_price", "ticker24hr_price_change_statistics", "symbol_price_ticker", "symbol_order_book_ticker"):
    call(name)
    call(name, **one)
last = float(call("symbol_price_ticker", **one).actual_instance.price)

call("change_initial_leverage", **one, leverage=10)
call("new_order", **one, side="BUY", type="MARKET", quantity=0.01, new_order_resp_type="RESULT")
limit = {"side": "BUY", "quantity": 0.01}
resting = call("new_order", **one, **limit, type="LIMIT", time_in_force="GTC", price=round(last * 0.95, 1))
mine = one | {"order_id": resting.order_id}
assert "NEW" == call("query_order", **mine).status
call("query_current_open_order", **mine)
call("current_all_open_orders")
call("modify_order", **mine, side="BUY", quantity=0.02, price=round(last * 0.94, 1))
assert "CANCELED" == call("cancel_order", **mine).status
call("all_orders", **one)
batch = [one | {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01", "price": f"{last * 0.9:.1f}"}]
call("place_multiple_orders", batch_orders=batch)
call("cancel_all_open_orders", **one)

conditional = one | {"algo_type": "CONDITIONAL", "side": "SELL", "quantity": 0.01}
stop = call("new_algo_order", **conditional, type="STOP_MARKET", trigger_price=round(last * 0.9, 1))
call("new_algo_order", **conditional, type="TRAILING_STOP_MARKET", callback_rate=1)
call("query_algo_order", algo_id=stop.algo_id)
call("current_all_algo_open_orders")
call("query_all_algo_orders", **one)
call("cancel_algo_order", algo_id=stop.algo_id)
call("cancel_all_algo_open_orders", **one)

for name in (
    "account_information_v2", "account_information_v3", "futures_account_balance_v2", "futures_account_balance_v3",
    "position_information_v2", "position_information_v3", "get_income_history", "futures_account_configuration",
    "symbol_configuration", "notional_and_leverage_brackets", "get_current_position_mode",
    "get_current_multi_assets_mode", "start_user_data_stream", "keepalive_user_data_stream", "close_user_data_stream",
):  # fmt: skip
    call(name)
for name in ("account_trade_list", "user_commission_rate", "notional_and_leverage_brackets"):
    call(name, **one)
try:
    refused: tuple[Any, ...] = ()
    call("change_margin_type", **one, margin_type="CROSSED")
except BadRequestError as error:
    refused = error.args
assert -4046 in refused

call("new_order", **one, side="SELL", type="MARKET", quantity=0.01, reduce_only="true")
call("change_margin_type", **one, margin_type="ISOLATED")
call("change_position_mode", dual_side_position="true")
for side, leg in (("BUY", "LONG"), ("SELL", "SHORT")):
    call("new_order", **one, side=side, position_side=leg, type="MARKET", quantity=0.01)
assert {"LONG", "SHORT"} == {row.position_side for row in call("position_information_v3", **one)}
call("modify_isolated_position_margin", **one, amount=5, type=1, position_side="LONG")
call("get_position_margin_change_history", **one)
call("old_trades_lookup", **one)
call("continuous_contract_kline_candlestick_data", pair=BTC, contract_type="PERPETUAL", interval="1m")
print(f"official SDK: {count} calls")
