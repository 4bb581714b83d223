"""The configuration out of its sources: what wins, what is refused, and in which words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tradewright.bootstrap.config.examples import env_example, yaml_example
from tradewright.bootstrap.config.leaves import leaves
from tradewright.bootstrap.config.names import keys, variables
from tradewright.bootstrap.config.reading import Sources, alone, presets, read
from tradewright.bootstrap.config.typed import Configured, configured
from tradewright.domain.errors import InvalidValue, TradewrightError, UnknownName
from tradewright.domain.limits import LimitSpec
from tradewright.domain.run import CostSpec, FillSpec, RiskSpec

TWICE = "{name: a, strategy: b, instruments: [X/Y]}"
SEED_VARIABLES = {
    "TELEGRAM_BOT_TOKEN": ("12:ab", "notifications.telegram_bot_token", "**********"),
    "TELEGRAM_CHAT_ID": ("77", "notifications.telegram_chat_id", "77"),
    "TELEGRAM_ENABLED": ("true", "notifications.telegram_enabled", True),
    "EXCHANGE": ("binance_futures", "venue.exchange", "binance"),
    "WS_URL": ("wss://fstream.binance.com", "venue.ws_url", "wss://fstream.binance.com"),
    "REST_URL": ("https://fapi.binance.com", "venue.rest_url", "https://fapi.binance.com"),
    "DB_PATH": ("/data/app.db", "storage.database_url", "sqlite:////data/app.db"),
    "DATA_DIR": ("elsewhere", "storage.data_dir", "elsewhere"),
    "DEBUG_MODE": ("true", "logging.debug", True),
    "TRADING_MODE": ("live", "trading.mode", "live"),
    "TRADING_APPROVED": ("true", "trading.approved", True),
    "TRADING_ENABLED": ("false", "trading.enabled", False),
    "SIMULATION_INITIAL_CAPITAL": ("5000.0", "simulation.initial_capital", 5000.0),
    "SIMULATION_COMMISSION": ("0.001", "costs.taker_fee", 0.001),
    "SIMULATION_SLIPPAGE": ("0.0001", "costs.slippage_bps", 1.0),
    "EXCHANGE_API_KEY": ("k", "venue.api_key", "**********"),
    "EXCHANGE_API_SECRET": ("s", "venue.api_secret", "**********"),
    "DATABASE_URL": ("sqlite:///./trading.db", "storage.database_url", "sqlite:///./trading.db"),
    "PAPER_TRADING": ("false", "trading.mode", "live"),
    "MAX_POSITION_SIZE": ("1000", "trading.max_position_value", 1000.0),
    "RISK_PER_TRADE": ("0.02", "risk.size", 0.02),
}


def _read(folder: Path, yaml: str = "", dotenv: str = "", **rest: Any) -> Configured:
    if yaml:
        (folder / "tradewright.yaml").write_text(yaml, encoding="utf-8")
    if dotenv:
        (folder / ".env").write_text(dotenv, encoding="utf-8")
    return read(Sources(environment=rest.pop("environment", {}), folder=folder, **rest))[0]


def _refused(folder: Path, **given: Any) -> str:
    with pytest.raises(TradewrightError) as caught:
        _read(folder, **given)
    return str(caught.value)


def test_without_any_source_everything_has_its_default(tmp_path: Path) -> None:
    """Nothing given: paper on the practice exchange, and the domain's own descriptions as they are."""
    found = _read(tmp_path)
    assert {} == dict(found.given)
    assert ("simulation", "practice") == (found.tree.trading.mode, found.tree.venue.exchange)
    assert (CostSpec(), FillSpec(), RiskSpec(), LimitSpec()) == (
        found.tree.costs, found.tree.fills, found.tree.risk, found.tree.limits)  # fmt: skip


def test_each_source_wins_over_those_below_it(tmp_path: Path) -> None:
    """Defaults < preset < YAML < .env < environment < command; each value says where it comes from."""
    given: dict[str, Any] = {}
    steps = [(0.01, "default")]
    given["preset"] = "conservative"
    steps.append((0.0025, "preset conservative: risk.size"))
    order = [
        ("yaml", "risk:\n  size: 0.003\n", 0.003, f"{tmp_path / 'tradewright.yaml'}:2 risk.size"),
        ("dotenv", "# mine\nRISK_PER_TRADE=0.004\n", 0.004, f"{tmp_path / '.env'}:2 RISK_PER_TRADE"),
        ("environment", {"TRADEWRIGHT_RISK_SIZE": "0.005"}, 0.005, "environment TRADEWRIGHT_RISK_SIZE"),
        ("items", ["risk.size=0.006"], 0.006, "--set risk.size"),
    ]
    assert steps == [(found.tree.risk.size, found.origin("risk.size"))
                     for found in (configured({}), _read(tmp_path, **given))]  # fmt: skip
    for name, value, size, origin in order:
        given[name] = value
        found = _read(tmp_path, **given)
        assert (size, origin) == (found.tree.risk.size, found.origin("risk.size"))


@pytest.mark.parametrize("name", SEED_VARIABLES)
def test_variables_of_other_bots_work_by_their_names(name: str, tmp_path: Path) -> None:
    """Each sets its key, from the environment and from .env alike; what is secret in it is not shown."""
    text, path, value = SEED_VARIABLES[name]
    for found in (_read(tmp_path, environment={name: text}), _read(tmp_path, dotenv=f"{name}={text}\n")):
        assert value == found.shown(path)
        assert found.origin(path).endswith(name)


def test_a_commission_is_paid_by_makers_and_takers(tmp_path: Path) -> None:
    """One name may set two keys."""
    found = _read(tmp_path, environment={"SIMULATION_COMMISSION": "0.001"})
    assert {"maker_fee": 0.001, "taker_fee": 0.001} == found.part("costs")


def test_every_key_has_a_variable_of_its_own(tmp_path: Path) -> None:
    """`TRADEWRIGHT_SECTION_KEY` for each, and no two keys share one."""
    assert len(leaves()) == len({leaf.variable for leaf in leaves().values()})
    assert {leaf.variable for leaf in leaves().values()} <= set(variables())
    assert 7 == _read(tmp_path, environment={"TRADEWRIGHT_RISK_MAX_POSITIONS": "7"}).tree.risk.max_positions


def test_the_momentum_bots_file_works_key_by_key(tmp_path: Path) -> None:
    """Its YAML, with the names that it has, gives what it says, per cents turned into fractions where ours are."""
    found = alone("momentum-bot")
    assert ("kraken", 60.0, 30.0) == (
        found.tree.venue.exchange, found.tree.scanner.interval_s, found.tree.manager.interval_s)  # fmt: skip
    assert (0.05, 5) == (found.tree.risk.max_position, found.tree.risk.max_positions)
    assert [(1.5, 30.0), (3.0, 40.0), (5.0, 30.0)] == [
        (level.percentage, level.position_percentage) for level in found.tree.momentum.take_profits]  # fmt: skip
    url = "postgresql://username:password@localhost:5432/crypto_bot"
    database = _read(tmp_path, yaml=f'database:\n  connection_string: "{url}"\n')
    assert "postgresql://username:**********@localhost:5432/crypto_bot" == database.shown("storage.database_url")
    assert url == database.tree.storage.database_url.get_secret_value()  # type: ignore[union-attr]  # it is given


MOMENTUM_KEYS: dict[str, tuple[str, str, Any]] = {
    "exchange.name": ("binance", "venue.exchange", "binance"),
    "exchange.rate_limit_retries": ("7", "venue.retries", 7),
    "exchange.backoff_factor": ("3", "venue.backoff_factor", 3.0),
    "exchange.timeout_seconds": ("17", "venue.timeout_s", 17.0),
    "filtering.min_market_cap": ("123000000", "filtering.min_market_cap", 123_000_000.0),
    "filtering.min_daily_volume": ("4300000", "filtering.min_daily_volume", 4_300_000.0),
    "filtering.max_spread_percentage": ("0.7", "filtering.max_spread_percentage", 0.7),
    "filtering.min_exchange_listings": ("4", "filtering.min_exchange_listings", 4),
    "filtering.max_volatility": ("13", "filtering.max_volatility", 13.0),
    "filtering.allowed_quote_currencies": ("[EUR, BTC]", "filtering.allowed_quote_currencies", ("EUR", "BTC")),
    "momentum_strategy.rsi.period": ("15", "momentum.rsi_period", 15),
    "momentum_strategy.rsi.overbought": ("71", "momentum.rsi_overbought", 71.0),
    "momentum_strategy.rsi.oversold": ("31", "momentum.rsi_oversold", 31.0),
    "momentum_strategy.macd.fast_period": ("11", "momentum.macd_fast", 11),
    "momentum_strategy.macd.slow_period": ("27", "momentum.macd_slow", 27),
    "momentum_strategy.macd.signal_period": ("8", "momentum.macd_signal", 8),
    "momentum_strategy.roc.periods": ("[2, 6, 16]", "momentum.roc_periods", (2, 6, 16)),
    "momentum_strategy.roc.thresholds": ("[0.6, 1.1, 1.6]", "momentum.roc_thresholds", (0.6, 1.1, 1.6)),
    "momentum_strategy.bollinger_bands.period": ("21", "momentum.bollinger_period", 21),
    "momentum_strategy.bollinger_bands.std_dev": ("2.5", "momentum.bollinger_deviations", 2.5),
    "momentum_strategy.trend_confirmation_required": ("false", "momentum.trend_confirmation", False),
    "risk_management.max_position_size_percentage": ("6", "risk.max_position", 0.06),
    "risk_management.stop_loss_percentage": ("2.5", "momentum.stop_loss", 2.5),
    "risk_management.trailing_stop.activation_percentage": ("2.2", "momentum.trailing_activation", 2.2),
    "risk_management.trailing_stop.offset_percentage": ("1.2", "momentum.trailing_offset", 1.2),
    "risk_management.max_open_positions": ("6", "risk.max_positions", 6),
    "application.opportunity_scan_interval_seconds": ("61", "scanner.interval_s", 61.0),
    "application.position_check_interval_seconds": ("31", "manager.interval_s", 31.0),
    "application.logging_level": ("WARNING", "logging.level", "WARNING"),
    "application.market_data_storage_days": ("29", "storage.market_data_days", 29),
    "database.pool_size": ("11", "storage.pool_size", 11),
    "database.max_overflow": ("21", "storage.max_overflow", 21),
}
"""Each key of the momentum bot's file: a value that is no default, our key, and what it holds then."""


@pytest.mark.parametrize("name", MOMENTUM_KEYS)
def test_each_key_of_the_momentum_bots_file_is_read_into_its_setting(name: str, tmp_path: Path) -> None:
    """By its own name, alone in a file; the origin says where it came from."""
    given, path, expected = MOMENTUM_KEYS[name]
    *sections, key = name.split(".")
    lines = [f"{'  ' * depth}{section}:" for depth, section in enumerate(sections)]
    found = _read(tmp_path, yaml="\n".join([*lines, f"{'  ' * len(sections)}{key}: {given}\n"]))
    value = found.value(path)
    assert expected == (
        tuple(value) if isinstance(value, list) else pytest.approx(value) if isinstance(value, float) else value
    )
    assert "tradewright.yaml" in found.origin(path)


@pytest.mark.parametrize("name", presets())
def test_presets_can_be_used(name: str) -> None:
    """Each is right by itself, says what it is for, and sets something."""
    assert alone(name).changed
    assert len(presets()[name]) > 20


def test_the_yaml_names_its_preset_and_the_environment_another(tmp_path: Path) -> None:
    """`preset:` in the file is beaten by TRADEWRIGHT_PRESET, and that by the command."""
    yaml = "preset: balanced\nrisk: {leverage: 4}\n"
    assert (0.005, 4.0) == (_read(tmp_path, yaml).tree.risk.size, _read(tmp_path, yaml).tree.risk.leverage)
    assert 0.02 == _read(tmp_path, yaml, environment={"TRADEWRIGHT_PRESET": "aggressive"}).tree.risk.size
    assert 0.0025 == _read(tmp_path, yaml, preset="conservative").tree.risk.size


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"environment": {"SIMULATION_COMMISSION": "dear"}}, "environment SIMULATION_COMMISSION: 'dear' is not"),
        ({"environment": {"SIMULATION_COMMISSION": "7"}}, "(costs.maker_fee, here 7.0)"),
        ({"environment": {"PAPER_TRADING": "maybe"}}, "give true (simulation) or false (live)"),
        ({"environment": {"TRADEWRIGHT_VENUE_TESTNET": "true"}}, "to practise, take the exchange named practice"),
        ({"environment": {"DB_PATH": "x://y"}}, "give the path of a file of SQLite"),
        ({"environment": {"TRADEWRIGHT_RISK_SIZ": "1"}}, "did you mean 'TRADEWRIGHT_RISK_SIZE'?"),
        ({"dotenv": "SIMULATION_COMISSION=0.1\n"}, ".env:1: key 'SIMULATION_COMISSION' is unknown; did you mean"),
        ({"dotenv": "no line of ours\n"}, "NAME=value"),
        ({"yaml": "risk:\n  max_postions: 5\n"}, "tradewright.yaml:2: key 'risk.max_postions' is unknown; did you"),
        ({"yaml": "rsik:\n  size: 1\n"}, "'rsik' is unknown; did you mean 'risk'"),
        ({"yaml": "risk: 5\n"}, "risk: 'a value' is not allowed; give keys below it"),
        ({"yaml": "risk: {size: true}\n"}, "risk.size: True is not allowed; give a number"),
        ({"yaml": "risk: {size: 0.9}\n"}, "tradewright.yaml:1 risk.size: 0.9 is not allowed; give a fraction"),
        ({"yaml": "risk: {size: .nan}\n"}, "risk.size: nan is not allowed"),
        ({"yaml": "risk:\n  size: 1\n  size: 2\n"}, "tradewright.yaml:3 size: 'twice' is not allowed"),
        ({"yaml": "a: &x {b: 1}\nc: *x\n"}, "an alias"),
        ({"yaml": "risk: [\n"}, "a file in YAML (line"),
        ({"yaml": "- risk\n"}, "give keys below it"),
        ({"yaml": "preset: 5\n"}, "give the name of a preset"),
        ({"yaml": "preset: balancd\n"}, "did you mean 'balanced'?"),
        ({"yaml": "venue: {api_key: canary}\n"}, "venue.api_key: '**********' is not allowed; give no secret"),
        ({"items": ["risk.size"]}, "--set: 'risk.size' is not allowed; give section.key=value"),
        ({"items": ["venue.api_secret=canary"]}, "--set venue.api_secret: '**********'"),
        ({"items": ["momentum.rsi_period=1"]}, "give a whole number from 2 to 200"),
        ({"yaml": "momentum: {macd_fast: 26}\n"}, "momentum.macd_fast: 26 is not allowed; give fewer bars than"),
        ({"items": ["momentum.macd_slow=12"]}, "momentum.macd_fast: 12 is not allowed; give fewer bars than macd_slow"),
        ({"items": ["momentum.roc_periods=[1, 5, 5]"]}, "give each of more bars than the one before"),
        ({"items": ["momentum.roc_periods=[1, 5]"]}, "give three whole numbers"),
        ({"items": ["momentum.take_profits=[{percentage: 1}]"]}, "take_profits[0].position_percentage: None"),
        ({"items": ["momentum.take_profits=[{percentage: 1, position: 3}]"]}, "momentum.take_profits"),
        ({"items": ["deployments=[{name: a, strategy: smc, instruments: [X/Y], rik: {}}]"]}, "'rik' is unknown"),
        ({"items": ["deployments=[{name: a, strategy: smc, instruments: []}]"]}, "deployments[0].instruments: []"),
        ({"items": ["deployments=[{name: a, strategy: smc, instruments: [X/Y], risk: {siz: 1}}]"]}, "risk.siz"),
        ({"items": ["deployments=[{name: a, strategy: smc, instruments: [X/Y], risk: {size: 3}}]"]}, "risk.size: 3"),
        ({"items": [f"deployments=[{TWICE}, {TWICE}]"]}, "each name once"),
        ({"items": [f"deployments=[{TWICE[:-1]}, mode: live, matched_by: engine}}]"]}, "venue, with money"),
        ({"items": ["filtering.allowed_quote_currencies=[USD"]}, "as in YAML"),
        ({"environment": {"TRADEWRIGHT_CONFIG": "absent.yaml"}}, "TRADEWRIGHT_CONFIG: 'absent.yaml'"),
        ({"environment": {"REST_URL": "https://me:canary@host"}}, "me:**********@host"),
        ({"environment": {"DATABASE_URL": "mysql://me:canary@host/x"}}, "DATABASE_URL: '**********'"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_as_the_user_wrote_it(given: dict[str, Any], words: str, tmp_path: Path) -> None:
    """The message names the place, the key, the value and what is allowed, and no secret."""
    told = _refused(tmp_path, **given)
    assert words in told
    assert "canary" not in told


def test_two_names_of_one_key_must_agree(tmp_path: Path) -> None:
    """DATA_DIR and TRADEWRIGHT_DATA_DIR may say the same, and not different things; neither may two YAML keys."""
    same = {"DATA_DIR": "a", "TRADEWRIGHT_DATA_DIR": "a"}
    assert Path("a") == _read(tmp_path, environment=same).tree.storage.data_dir
    with pytest.raises(InvalidValue, match=r"DATA_DIR.*both mean storage\.data_dir"):
        _read(tmp_path, environment=same | {"DATA_DIR": "b"})
    with pytest.raises(InvalidValue, match="both mean risk"):
        _read(tmp_path, yaml="risk: {max_positions: 3}\nrisk_management: {max_open_positions: 4}\n")


def test_what_is_none_of_ours_is_left_alone(tmp_path: Path) -> None:
    """Other programs' variables, in the environment and in .env, are no mistakes."""
    assert {} == dict(_read(tmp_path, dotenv="POSTGRES_PASSWORD=x\nPATH=y\n", environment={"HOME": "/"}).given)


def test_lists_from_text(tmp_path: Path) -> None:
    """Between commas or as YAML; an empty text or "none" takes a value away where there may be none."""
    for text in ("USD, USDT", "[USD, USDT]"):
        items = [f"filtering.allowed_quote_currencies={text}", "filtering.min_market_cap=none"]
        found = _read(tmp_path, yaml="filtering: {min_market_cap: 5}\n", items=items)
        assert (("USD", "USDT"), None) == (
            found.tree.filtering.allowed_quote_currencies, found.tree.filtering.min_market_cap)  # fmt: skip


def test_deployments_are_read_whole(tmp_path: Path) -> None:
    """Each with its own parameters, capital and rules; text of numbers is turned into numbers."""
    yaml = (
        "deployments:\n  - name: trend\n    strategy: smc\n    instruments: [BTC/USDT:USDT]\n    timeframe: 15m\n"
        "    params: {swing: 5}\n    capital: 2000\n    risk: {size: '0.005'}\n    limits: {max_day_loss: 0.02}\n"
    )
    (one,) = _read(tmp_path, yaml).tree.deployments
    assert one.matched_by is None
    assert ("trend", ("BTC/USDT:USDT",), 2000.0, {"size": 0.005}, {"swing": 5}) == (
        one.name, one.instruments, one.capital, one.risk, one.params)  # fmt: skip


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    """A folder in place of a file, bytes that are no text, a preset or file that is not there."""
    (tmp_path / "tradewright.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidValue, match=r"tradewright\.yaml"):
        _read(tmp_path)
    (tmp_path / "tradewright.yaml").unlink()
    with pytest.raises(InvalidValue, match="--config"):
        _read(tmp_path, file=tmp_path / "absent.yaml")
    (tmp_path / ".env").mkdir()
    with pytest.raises(InvalidValue, match=r"\.env"):
        _read(tmp_path)
    with pytest.raises(UnknownName, match="preset"):
        alone("absent")


def test_every_name_leads_to_a_key() -> None:
    """No alias points at a key that there is none of."""
    assert set() == {path for alias in (*variables().values(), *keys().values()) for path in alias.paths} - set(
        leaves()
    )


def test_the_example_of_yaml_is_the_defaults(tmp_path: Path) -> None:
    """Without its marks of a comment, every line of the example says what holds anyway, and no key is missing."""
    text = "\n".join(
        line.removeprefix("#") for line in yaml_example().splitlines() if not re.match(r"# \S|#preset", line)
    )
    found = _read(tmp_path, text.partition("\ndeployments:")[0])
    assert {path for path, leaf in leaves().items() if not leaf.secret} - set(found.given) == {"deployments"}
    assert [] == [path for path in leaves() if found.value(path) != configured({}).value(path)]
    assert {} == dict(_read(tmp_path, yaml_example()).given)


def test_the_example_of_env_is_read(tmp_path: Path) -> None:
    """As it stands it sets nothing, and it has every variable that other bots know."""
    assert {} == dict(_read(tmp_path, dotenv=env_example()).given)
    assert set() == {f"#{name}=" for name in SEED_VARIABLES} - {
        line.partition("=")[0] + "=" for line in env_example().splitlines()}  # fmt: skip
