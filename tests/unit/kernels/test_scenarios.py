"""Candle scenarios: a few bars, a wish, and the fills that the rules give. The table is `tests/golden/scenarios.json`.

The same test reads it in two modes: as a backtest, and as a session on paper that is told its bars one by one. Every
scenario begins with a flat bar at 100, step 0, at whose close the first signal is given.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
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
from tradewright.testing.scenario_session import is_playable, play_in_session
from tradewright.testing.twin import Twin
from tradewright.testing.worlds import a_market, a_signal, a_spec, a_world, marked, run, some_rules, written

SCENARIOS = json.loads((Path(__file__).parents[2] / "golden" / "scenarios.json").read_text(encoding="utf-8"))


def rows_of(*scenarios: dict[str, Any]) -> list[Any]:
    """Scenarios as parameters of a test that carry the numbers of their rules."""
    return [pytest.param(s, id=f"{s['rule']}: {s['name']}", marks=pytest.mark.rule(s["rule"])) for s in scenarios]


TABLE = rows_of(*SCENARIOS)
BY_MODE = [
    pytest.param(mode, *row.values, id=f"{mode}: {row.id}", marks=row.marks)
    for mode, rows in (("backtest", TABLE), ("paper", rows_of(*filter(is_playable, SCENARIOS))))
    for row in rows
]
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


def fills(lines: Iterable[Any]) -> list[str]:
    """FILL records in the words of the table."""
    told = []
    for fill in lines:
        words = [str(fill["step"]), ROLES[fill["role"]], "buy" if fill["side"] > 0 else "sell", str(fill["ticks"])]
        words.append(Liquidity(fill["liquidity"]).name.lower())
        words += [flag.name.lower() for flag in FillFlag if fill["flags"] & flag]
        told.append(" ".join(words))
    return told


def closed(lines: Iterable[Any]) -> list[str]:
    """ORDER records of closed orders in the words of the table."""
    return [f"{ROLES[order['role']]} {OrderStatus(order['status']).name} {Code(order['code']).name}" for order in lines]


def as_dicts(log: Any) -> list[dict[str, Any]]:
    """Records as plain mappings."""
    return [dict(zip(log.dtype.names, line.item(), strict=True)) for line in log]


@pytest.mark.parametrize(("mode", "scenario"), BY_MODE)
def test_scenario_gives_the_fills_of_the_table(mode: str, scenario: dict[str, Any]) -> None:
    """In a backtest and on paper, told bar by bar: what fills, its price, its side of the book, its flags."""
    world = play(scenario) if mode == "backtest" else play_in_session(scenario)
    logs = written(world)

    assert scenario["fills"] == fills(logs["fills"]), scenario["why"]
    assert scenario.get("ambiguous_bars", 0) == world.account[0]["n_ambiguous"]
    assert scenario.get("refusals", []) == [Code(line["code"]).name for line in logs["refusals"]]
    if "sizes" in scenario:
        assert scenario["sizes"] == logs["fills"]["lots"].tolist()
    if "closed" in scenario:
        assert scenario["closed"] == closed(logs["closed"])
    if "lots" in scenario:
        assert scenario["lots"] == world.positions["lots"].tolist()


def test_paper_plays_every_scenario_but_one() -> None:
    """What a session cannot be told is named: nothing else may leave the table of the two modes."""
    left_out = [scenario["name"] for scenario in SCENARIOS if not is_playable(scenario)]

    assert ["two wishes to leave before the next bar"] == left_out


@pytest.mark.parametrize("scenario", TABLE)
def test_scenario_in_the_twin_gives_the_same_lines(scenario: dict[str, Any]) -> None:
    """The slow twin keeps the table too, and every field of every line is the engine's; else it could not judge it."""
    market, rules = market_and_rules(scenario)
    twin, world = Twin(market, rules, scenario.get("balance", 10_000.0)).run(), play(scenario)
    logs = written(world)

    assert scenario["fills"] == fills(twin.books.fills), scenario["why"]
    assert twin.books.fills == as_dicts(logs["fills"])
    assert twin.books.closed == as_dicts(logs["closed"])
    assert twin.books.refusals == as_dicts(logs["refusals"])
    assert (twin.ambiguous_bars, twin.equity) == (world.account[0]["n_ambiguous"], world.equity.tolist())


@pytest.mark.rule("A-2")
def test_scenarios_cover_every_case_of_the_certainty_table() -> None:
    """At least thirty scenarios, twenty of them rows of the table of what a bar proves."""
    assert len(SCENARIOS) >= 30
    assert sum(scenario["rule"] == "A-2" for scenario in SCENARIOS) >= 20
