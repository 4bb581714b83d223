"""Candle scenarios of the engine, sent as orders over the wire to an exchange that plays those candles again.

A client acts while the clock stands at an open: what it sends meets that open, as what a backtest sends at the close
before. So exits can be sent as soon as an entry has filled at an open; where an entry fills inside a candle, the client
learns of it at the next open, and only scenarios whose exits act after that can be the same.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tradewright.adapters.venues.practice.course import Course
from tradewright.adapters.venues.practice.exchange import House
from tradewright.testing.practice import WireClient, a_replay

SCENARIOS = json.loads((Path(__file__).parents[1] / "golden" / "scenarios.json").read_text(encoding="utf-8"))
PLAIN_RULES = {"limit_fill", "target_type"}
PLAIN_WISH = {"step", "kind", "type", "entry", "stop", "target", "force", "trigger", "callback", "activation"}
WIRE = {
    "MARKET": "MARKET", "LIMIT": "LIMIT", "STOP_MARKET": "STOP_MARKET", "TAKE_PROFIT_MARKET": "TAKE_PROFIT_MARKET",
    "STOP_LIMIT": "STOP", "TAKE_PROFIT_LIMIT": "TAKE_PROFIT", "TRAILING_STOP": "TRAILING_STOP_MARKET",
}  # fmt: skip
ROLES = {"entry", "stop", "target", "exit"}


def _can_be_sent(scenario: dict[str, Any]) -> bool:
    wishes, fills = scenario["signals"], [line.split() for line in scenario["fills"]]
    plain = (
        set(scenario.get("rules", {})) <= PLAIN_RULES
        and scenario.get("rules", {}).get("limit_fill", "THROUGH") in ("THROUGH", "TOUCH")
        and not {"spec", "marks", "volumes", "balance"} & set(scenario)
        and all(scenario["bars"])
        and all(set(wish) <= PLAIN_WISH for wish in wishes)
        and all(wish["kind"] in ("LONG", "SHORT") for wish in wishes[:1])
        and all(wish["kind"] == "EXIT" for wish in wishes[1:])
        and all(fill[1] in ROLES for fill in fills)
        and wishes
        and wishes[0]["step"] == 0
    )
    # A backtest's bracket beyond the market closes at once; a venue refuses it, and leaves that to the client.
    attached_beyond = scenario["name"].endswith("beyond the market when it is attached")
    return bool(plain and not attached_beyond and not scenario.get("refusals") and _exits_come_later(scenario, fills))


def _exits_come_later(scenario: dict[str, Any], fills: list[list[str]]) -> bool:
    if not fills or scenario["signals"][0].get("type", "MARKET") == "MARKET":
        return True
    entered = fills[0]
    at_open = entered[0] == "1" and entered[4] == "taker" and entered[3] == str(scenario["bars"][0][0])
    return at_open or all(int(fill[0]) > int(entered[0]) for fill in fills[1:])


TABLE = [pytest.param(one, id=f"{one['rule']}: {one['name']}") for one in SCENARIOS if _can_be_sent(one)]


class _Trader:
    """Sends a scenario's wishes, its exits when something is held, and takes back what is of no use any more."""

    def __init__(self, scenario: dict[str, Any]) -> None:
        rules = scenario.get("rules", {})
        rows = [(100, 100, 100, 100), *map(tuple, scenario["bars"]), (scenario["bars"][-1][3],) * 4]
        house = House(spread=0, course=Course.CANDLE, limit_fill=rules.get("limit_fill", "THROUGH").lower(), leverage=1)
        self.client = WireClient(a_replay(rows, house))
        self.scenario, self.steps = scenario, len(rows)
        self.target_type = rules.get("target_type", "TAKE_PROFIT_MARKET")
        self.protected = False

    def run(self) -> list[str]:
        for step in range(self.steps - 1):
            for wish in self.scenario["signals"]:
                if wish["step"] == step - 1:
                    self._send(wish)
            self._look_after()
            self.client.wait(60)
        return self._told()

    def _send(self, wish: dict[str, Any]) -> None:
        side = "BUY" if wish["kind"] == "LONG" else "SELL"
        if wish["kind"] == "EXIT":
            for order in self._held():
                closing = "SELL" if float(order["positionAmt"]) > 0 else "BUY"
                self._order(
                    side=closing, type="MARKET", quantity=str(abs(int(order["positionAmt"]))), reduceOnly="true"
                )
            return
        kind = wish.get("type", "MARKET")
        terms = {"side": side, "type": WIRE[kind], "quantity": "10"}
        if kind in ("LIMIT", "STOP_LIMIT", "TAKE_PROFIT_LIMIT"):
            terms |= {"price": wish["entry"], "timeInForce": wish.get("force", "GTC")}
        if kind == "TRAILING_STOP":
            terms |= {"callbackRate": wish["entry_callback"] / 10}
        elif kind not in ("MARKET", "LIMIT"):
            terms |= {"triggerPrice": wish.get("trigger", wish["entry"])}
        self._order(**terms)

    def _order(self, **terms: Any) -> None:
        path = "order" if terms["type"] in ("MARKET", "LIMIT") else "algoOrder"
        more = {} if path == "order" else {"algoType": "CONDITIONAL"}
        # What the venue refuses (post-only, fill-or-kill, a trigger that is passed already) the backtest refuses too.
        self.client.ask("POST", f"/fapi/v1/{path}", symbol="BTCUSDT", **terms, **more)

    def _held(self) -> list[dict[str, Any]]:
        return [one for one in self.client.done("GET", "/fapi/v3/positionRisk") if float(one["positionAmt"]) != 0]

    def _look_after(self) -> None:
        held = self._held()
        if not held and self.protected:
            self.client.done("DELETE", "/fapi/v1/allOpenOrders", symbol="BTCUSDT")
        if not held or self.protected:
            return
        self.protected = True
        wish, lots = self.scenario["signals"][0], int(held[0]["positionAmt"])
        side = "SELL" if lots > 0 else "BUY"
        if "stop" in wish:
            self._order(side=side, type="STOP_MARKET", triggerPrice=wish["stop"], closePosition="true")
        if "callback" in wish:
            terms = {"callbackRate": wish["callback"] / 10, "quantity": abs(lots), "reduceOnly": "true"}
            terms |= {"activatePrice": wish["activation"]} if "activation" in wish else {}
            self._order(side=side, type="TRAILING_STOP_MARKET", **terms)
        if "target" in wish and self.target_type == "LIMIT":
            terms = {"price": wish["target"], "quantity": abs(lots), "reduceOnly": "true", "timeInForce": "GTC"}
            self._order(side=side, type="LIMIT", **terms)
        elif "target" in wish:
            self._order(side=side, type="TAKE_PROFIT_MARKET", triggerPrice=wish["target"], closePosition="true")

    def _told(self) -> list[str]:
        lines = []
        begin = self.client.exchange.minutes[0].begin
        for fill in self.client.done("GET", "/fapi/v1/userTrades", symbol="BTCUSDT"):
            step = (fill["time"] - begin) // 60_000
            side, liquidity = fill["side"].lower(), "maker" if fill["maker"] else "taker"
            lines.append(f"{step} {side} {fill['price']} {liquidity}")
        return lines


@pytest.mark.parametrize("scenario", TABLE)
def test_scenario_over_the_wire_gives_the_fills_of_the_backtest(scenario: dict[str, Any]) -> None:
    """The same candle, price, side and liquidity as in the table that the backtest keeps."""
    expected = [" ".join(word for n, word in enumerate(line.split()[:5]) if n != 1) for line in scenario["fills"]]
    assert expected == _Trader(scenario).run(), scenario["why"]


def test_sixty_scenarios_can_be_sent() -> None:
    """The table over the wire is not a handful."""
    assert len(TABLE) >= 60


def test_stop_beyond_the_market_is_refused_and_leaves_the_position() -> None:
    """Where a backtest's bracket closes a position at once, the venue says -2021, and the position stays."""
    client = WireClient(a_replay([(100, 100, 100, 100), (85, 90, 80, 85)], House(spread=0, course=Course.CANDLE)))
    client.wait(60)
    client.done("POST", "/fapi/v1/order", symbol="BTCUSDT", side="BUY", type="MARKET", quantity=10)
    stop = {"side": "SELL", "type": "STOP_MARKET", "triggerPrice": 90, "closePosition": "true"}
    code = client.code("POST", "/fapi/v1/algoOrder", algoType="CONDITIONAL", symbol="BTCUSDT", **stop)
    assert -2021 == code
    assert ["10"] == [one["positionAmt"] for one in client.done("GET", "/fapi/v3/positionRisk")]
