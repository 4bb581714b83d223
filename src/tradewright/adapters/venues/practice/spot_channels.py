"""Streams of Binance spot: those of futures, in the spot market's words."""

from __future__ import annotations

import json
from typing import Any

from tradewright.adapters.venues.practice.channels import Channel, Emit, channel_for
from tradewright.adapters.venues.practice.exchange import Exchange

__all__ = ["spot_channel_for"]

_LEFT_OUT = {
    "trade": ("X",),
    "aggTrade": ("nq",),
    "bookTicker": ("e", "T", "E"),
    "depthUpdate": ("T", "pu"),
}
_SLOW = "1000ms"


def spot_channel_for(exchange: Exchange, name: str, emit: Emit) -> Channel | None:
    """The stream of a name, or None where there is none: such a name is taken, and stays silent."""
    symbol, _, what = name.partition("@")
    is_partial = what.startswith("depth") and what[5:6].isdigit()
    slow = what.startswith("depth") and "@" not in what
    return channel_for(
        exchange,
        f"{symbol}@{what}@{_SLOW}" if slow else name,
        lambda data: emit(_spot(json.loads(data) if isinstance(data, str) else data, is_partial=is_partial)),
    )


def _spot(data: Any, *, is_partial: bool) -> Any:
    if isinstance(data, list):
        return [_spot(one, is_partial=False) for one in data]
    if is_partial:
        return {"lastUpdateId": data["u"], "bids": data["b"], "asks": data["a"]}
    kind = data["e"]
    told = {field: value for field, value in data.items() if field not in _LEFT_OUT.get(kind, ())}
    return told | {"M": True} if kind in ("trade", "aggTrade") else told
