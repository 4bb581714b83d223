"""What the parts of the product take from a configuration."""

from __future__ import annotations

from pathlib import Path

from tradewright.bootstrap.config.given import Entry, Given
from tradewright.bootstrap.config.leaves import leaves
from tradewright.bootstrap.config.reading import Sources, alone, read
from tradewright.bootstrap.config.typed import configured
from tradewright.bootstrap.config.uses import missing_for_live, momentum_params, rules, run_defaults
from tradewright.services.strategies import find_strategies


def test_only_what_is_given_overrides_a_strategys_own_rules(tmp_path: Path) -> None:
    """A key that nobody set is left to the strategy, though it has a default."""
    found, _ = read(Sources(environment={"RISK_PER_TRADE": "0.02"}, folder=tmp_path))
    assert {"costs": {}, "fills": {}, "risk": {"size": 0.02}, "limits": {}} == rules(found)


def test_a_position_of_so_much_money_is_a_share_of_the_capital(tmp_path: Path) -> None:
    """MAX_POSITION_SIZE=1000 of 5000 is a fifth of equity; risk.max_position, where given, wins."""
    given = {"MAX_POSITION_SIZE": "1000", "SIMULATION_INITIAL_CAPITAL": "5000"}
    assert 0.2 == rules(read(Sources(environment=given, folder=tmp_path))[0])["risk"]["max_position"]
    both = Sources(environment=given, folder=tmp_path, items=["risk.max_position=0.5"])
    assert 0.5 == rules(read(both)[0])["risk"]["max_position"]


def test_momentum_keys_are_parameters_of_the_strategy() -> None:
    """What the momentum bot's file says, the built-in strategy takes."""
    found = alone("momentum-bot")
    params = momentum_params(found)
    assert {"overbought": 70.0, "roc_1": 0.5, "roc_5": 1.0, "roc_15": 1.5, "stop": 2.0}.items() <= params.items()
    assert {"target_2": 3.0, "part_1": 30.0, "part_3": 30.0, "trailing": 1.0}.items() <= params.items()
    assert {
        "rsi_length": 14,
        "oversold": 30.0,
        "macd_slow": 26,
        "length_15": 15,
        "deviations": 2.0,
    }.items() <= params.items()
    assert find_strategies().create("momentum_scanner", params)
    assert {} == run_defaults(found, "smc")["params"]
    assert params == run_defaults(found, "momentum_scanner")["params"]


def test_every_momentum_key_changes_the_strategy() -> None:
    """None of them is without effect: with another value, the strategy that is made is another one."""
    others = {
        "rsi_period": 7, "rsi_overbought": 70, "rsi_oversold": 30, "macd_fast": 6, "macd_slow": 30, "macd_signal": 5,
        "roc_periods": [2, 4, 8], "roc_thresholds": [1, 2, 3], "bollinger_period": 10, "bollinger_deviations": 1.5,
        "bollinger_band": "inside", "short": True, "trend_confirmation": False, "stop_loss": 3,
        "take_profits": [{"percentage": 2, "position_percentage": 100}], "trailing_activation": 3,
        "trailing_offset": 2,
    }  # fmt: skip
    registry = find_strategies()
    usual = registry.create("momentum_scanner", {}).params
    assert {path.partition(".")[2] for path in leaves() if path.startswith("momentum.")} == set(others)
    for key, value in others.items():
        path = f"momentum.{key}"
        found = configured({path: Given(value, Entry(path, value, "--set"))})
        assert usual != registry.create("momentum_scanner", momentum_params(found)).params, key


def test_live_trading_needs_all_of_its_conditions(tmp_path: Path) -> None:
    """Mode, approval and keys: whatever lacks is named, and with all of them nothing is."""
    given = {"TRADING_MODE": "live", "TRADING_APPROVED": "true", "EXCHANGE_API_KEY": "k", "EXCHANGE_API_SECRET": "s"}
    assert () == missing_for_live(read(Sources(environment=given, folder=tmp_path))[0])
    for name in given:
        rest = {other: value for other, value in given.items() if other != name}
        (lacking,) = missing_for_live(read(Sources(environment=rest, folder=tmp_path))[0])
        assert name in lacking
