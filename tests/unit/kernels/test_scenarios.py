"""Candle scenarios: a few bars, a wish, and the fills that the rules give. The table is `tests/golden/scenarios.json`.

Every scenario begins with a flat bar at 100, step 0, at whose close the first signal is given.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tradewright.domain.enums import (
    Ambiguity,
    Code,
    FillFlag,
    LimitFill,
    Liquidity,
    OnOpposite,
    OrderRole,
    OrderStatus,
    OrderType,
    SignalKind,
    TimeInForce,
    TriggerBy,
)
from tradewright.kernels.records import World
from tradewright.testing.twin import Twin
from tradewright.testing.worlds import a_market, a_signal, a_spec, a_world, marked, run, some_rules, written

SCENARIOS = json.loads((Path(__file__).parents[2] / "golden" / "scenarios.json").read_text(encoding="utf-8"))
TABLE = [pytest.param(s, id=f"{s['rule']}: {s['name']}", marks=pytest.mark.rule(s["rule"])) for s in SCENARIOS]
ROLES = {
    OrderRole.ENTRY: "entry",
    OrderRole.STOP_LOSS: "stop",
    OrderRole.TAKE_PROFIT: "target",
    OrderRole.EXIT: "exit",
    OrderRole.LIQUIDATION: "liquidation",
}


def signal(wish: dict[str, Any]) -> dict[str, Any]:
    """A wish of the table as a signal of the engine."""
    names = {"entry": "entry_ticks", "stop": "stop_ticks", "target": "target_ticks", "valid": "valid_steps"}
    names |= {"trigger": "trigger_ticks", "callback": "callback", "entry_callback": "entry_callback"}
    names |= {"activation": "activation_ticks", "even": "break_even"}
    fields = {names[key]: value for key, value in wish.items() if key in names}
    for number, (level, share) in enumerate(parts := wish.get("parts", []), start=1):
        fields |= {"target_ticks" if number == 1 else f"target{number}_ticks": level, f"share{number}": share}
        fields["more_targets"] = len(parts) - 1
    fields["order_type"] = OrderType[wish.get("type", "MARKET")].value
    fields["trigger_by"] = 1 + TriggerBy[wish["by"]] if "by" in wish else 0
    fields["time_in_force"] = TimeInForce[wish.get("force", "GTC")].value
    return a_signal(wish["step"], SignalKind[wish["kind"]], **fields)


def market_and_rules(scenario: dict[str, Any]) -> tuple[Any, Any]:
    """What the table describes, for the engine."""
    rows = [(100, 100, 100, 100), *(tuple(row) if row else None for row in scenario["bars"])]
    spec = a_spec(**scenario.get("spec", {}))
    enums = {"target_type": OrderType, "on_opposite": OnOpposite, "ambiguity": Ambiguity, "limit_fill": LimitFill}
    enums["trigger_by"] = TriggerBy
    rules = some_rules(
        **{key: enums[key][value] if key in enums else value for key, value in scenario.get("rules", {}).items()}
    )
    plenty = 1_000_000
    volumes = [[plenty, *scenario.get("volumes", [plenty] * len(scenario["bars"]))]]
    market = a_market(rows, volumes=volumes, signals=[signal(wish) for wish in scenario["signals"]], specs=[spec])
    if "marks" in scenario:
        market = marked(market, [rows[0], *(tuple(row) if row else None for row in scenario["marks"])])
    return market, rules


def play(scenario: dict[str, Any]) -> World:
    """Run a scenario through the engine."""
    market, rules = market_and_rules(scenario)
    return run(a_world(market, scenario.get("balance", 10_000.0)), market, rules)


def fills(world: World) -> list[str]:
    """Fills in the words of the table."""
    lines = []
    for fill in written(world)["fills"]:
        words = [str(fill["step"]), ROLES[fill["role"]], "buy" if fill["side"] > 0 else "sell", str(fill["ticks"])]
        words.append(Liquidity(fill["liquidity"]).name.lower())
        words += [flag.name.lower() for flag in FillFlag if fill["flags"] & flag]
        lines.append(" ".join(words))
    return lines


def closed(world: World) -> list[str]:
    """Closed orders in the words of the table."""
    return [
        f"{ROLES[order['role']]} {OrderStatus(order['status']).name} {Code(order['code']).name}"
        for order in written(world)["closed"]
    ]


@pytest.mark.parametrize("scenario", TABLE)
def test_scenario_gives_the_fills_of_the_table(scenario: dict[str, Any]) -> None:
    """The engine fills what the rules say, at the price, by the side of the book and with the flags that they say."""
    world = play(scenario)

    assert scenario["fills"] == fills(world), scenario["why"]
    assert scenario.get("ambiguous_bars", 0) == world.account[0]["n_ambiguous"]
    assert scenario.get("refusals", []) == [Code(line["code"]).name for line in written(world)["refusals"]]
    if "sizes" in scenario:
        assert scenario["sizes"] == written(world)["fills"]["lots"].tolist()
    if "closed" in scenario:
        assert scenario["closed"] == closed(world)
    if "lots" in scenario:
        assert scenario["lots"] == world.positions["lots"].tolist()


@pytest.mark.parametrize("scenario", TABLE)
def test_scenario_in_the_twin_gives_the_same_fills(scenario: dict[str, Any]) -> None:
    """The slow twin keeps the table too; otherwise it could not judge the engine."""
    market, rules = market_and_rules(scenario)
    twin = Twin(market, rules, scenario.get("balance", 10_000.0)).run()

    assert [line.split()[3] for line in scenario["fills"]] == [str(fill["ticks"]) for fill in twin.books.fills]


@pytest.mark.rule("A-2")
def test_scenarios_cover_every_case_of_the_certainty_table() -> None:
    """At least thirty scenarios, twenty of them rows of the table of what a bar proves."""
    assert len(SCENARIOS) >= 30
    assert sum(scenario["rule"] == "A-2" for scenario in SCENARIOS) >= 20
