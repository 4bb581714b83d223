"""Other names of keys: the variables and YAML keys that users of other bots have, each with what it means here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from tradewright.bootstrap.config.leaves import leaves

__all__ = ["CONTROLS", "PREFIX", "Alias", "keys", "other_variables", "others", "variables"]

PREFIX = "TRADEWRIGHT_"
CONTROLS = {
    "TRADEWRIGHT_CONFIG": "the YAML file; without it, tradewright.yaml where the command is given, if there is one",
    "TRADEWRIGHT_PRESET": "the preset, as `preset:` in the YAML file",
    "TRADEWRIGHT_KEYS_PASSPHRASE": "opens the key store where nobody can be asked for it",
    "TRADEWRIGHT_ADMIN_PASSWORD": "of the user `admin`, whom the first start of the server makes then",
    "TRADEWRIGHT_SERVER": "address of the server that commands ask about what runs; see how-to, use the API",
    "TRADEWRIGHT_TOKEN": "of whoever asks it; alone, it means the server that works on this data folder",
}
"""Variables that say how the configuration is read, and are no keys of it."""

Convert = Callable[[object], object]


@dataclass(frozen=True, slots=True)
class Alias:
    """A name for a key, or for several at once.

    Args:
        paths: of the keys.
        convert: from the value that is written to that of the keys; it raises ValueError with what is allowed.
    """

    paths: tuple[str, ...]
    convert: Convert | None = None


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("a number")  # noqa: TRY004 - what is wrong is the value
    try:
        return float(value)
    except ValueError:
        raise ValueError("a number") from None


def _times(factor: float) -> Convert:
    def convert(value: object) -> object:
        return round(_number(value) * factor, 12)

    return convert


def _mode(value: object) -> object:
    said = {"true": "simulation", "1": "simulation", "yes": "simulation", "false": "live", "0": "live", "no": "live"}
    text = str(value).strip().lower()
    if text not in said:
        raise ValueError("true (simulation) or false (live)")
    return said[text]


def _exchange(value: object) -> object:
    other = {"binance_futures": "binance", "binanceusdm": "binance", "binance_usdm": "binance"}
    text = str(value).strip()
    return other.get(text.lower(), text)


def _file(value: object) -> object:
    text = str(value).strip()
    if not text or "://" in text:
        raise ValueError("the path of a file of SQLite")
    return f"sqlite:///{text}"


def _one(path: str, convert: Convert | None = None) -> Alias:
    return Alias((path,), convert)


_FEES = ("costs.maker_fee", "costs.taker_fee")
_PER_CENT = _times(0.01)

_VARIABLES = {
    "TRADEWRIGHT_DATA_DIR": _one("storage.data_dir"),
    "TRADEWRIGHT_STRATEGIES_DIR": _one("storage.strategies_dir"),
    "TRADEWRIGHT_DATABASE_URL": _one("storage.database_url"),
    "DATA_DIR": _one("storage.data_dir"),
    "DB_PATH": _one("storage.database_url", _file),
    "DATABASE_URL": _one("storage.database_url"),
    "TRADING_MODE": _one("trading.mode"),
    "TRADING_APPROVED": _one("trading.approved"),
    "TRADING_ENABLED": _one("trading.enabled"),
    "PAPER_TRADING": _one("trading.mode", _mode),
    "MAX_POSITION_SIZE": _one("trading.max_position_value"),
    "RISK_PER_TRADE": _one("risk.size"),
    "SIMULATION_INITIAL_CAPITAL": _one("simulation.initial_capital"),
    "SIMULATION_COMMISSION": Alias(_FEES),
    "SIMULATION_SLIPPAGE": _one("costs.slippage_bps", _times(10_000.0)),
    "EXCHANGE": _one("venue.exchange", _exchange),
    "REST_URL": _one("venue.rest_url"),
    "WS_URL": _one("venue.ws_url"),
    "EXCHANGE_API_KEY": _one("venue.api_key"),
    "EXCHANGE_API_SECRET": _one("venue.api_secret"),
    "COINGECKO_API_KEY": _one("scanner.coingecko_key"),
    "TELEGRAM_ENABLED": _one("notifications.telegram_enabled"),
    "TELEGRAM_BOT_TOKEN": _one("notifications.telegram_bot_token"),
    "TELEGRAM_CHAT_ID": _one("notifications.telegram_chat_id"),
    "DEBUG_MODE": _one("logging.debug"),
}

_KEYS = {
    "simulation.commission": Alias(_FEES),
    "simulation.slippage": _one("costs.slippage_bps", _times(10_000.0)),
    "simulation.latency_ms": _one("fills.latency_ms"),
    "exchange.name": _one("venue.exchange", _exchange),
    "exchange.rate_limit_retries": _one("venue.retries"),
    "exchange.backoff_factor": _one("venue.backoff_factor"),
    "exchange.timeout_seconds": _one("venue.timeout_s"),
    "momentum_strategy.rsi.period": _one("momentum.rsi_period"),
    "momentum_strategy.rsi.overbought": _one("momentum.rsi_overbought"),
    "momentum_strategy.rsi.oversold": _one("momentum.rsi_oversold"),
    "momentum_strategy.macd.fast_period": _one("momentum.macd_fast"),
    "momentum_strategy.macd.slow_period": _one("momentum.macd_slow"),
    "momentum_strategy.macd.signal_period": _one("momentum.macd_signal"),
    "momentum_strategy.roc.periods": _one("momentum.roc_periods"),
    "momentum_strategy.roc.thresholds": _one("momentum.roc_thresholds"),
    "momentum_strategy.bollinger_bands.period": _one("momentum.bollinger_period"),
    "momentum_strategy.bollinger_bands.std_dev": _one("momentum.bollinger_deviations"),
    "momentum_strategy.trend_confirmation_required": _one("momentum.trend_confirmation"),
    "risk_management.max_position_size_percentage": _one("risk.max_position", _PER_CENT),
    "risk_management.stop_loss_percentage": _one("momentum.stop_loss"),
    "risk_management.take_profit_levels": _one("momentum.take_profits"),
    "risk_management.trailing_stop.activation_percentage": _one("momentum.trailing_activation"),
    "risk_management.trailing_stop.offset_percentage": _one("momentum.trailing_offset"),
    "risk_management.max_open_positions": _one("risk.max_positions"),
    "application.opportunity_scan_interval_seconds": _one("scanner.interval_s"),
    "application.position_check_interval_seconds": _one("manager.interval_s"),
    "application.logging_level": _one("logging.level"),
    "application.market_data_storage_days": _one("storage.market_data_days"),
    "database.connection_string": _one("storage.database_url"),
    "database.pool_size": _one("storage.pool_size"),
    "database.max_overflow": _one("storage.max_overflow"),
}


@cache
def variables() -> dict[str, Alias]:
    """Every variable of the environment that is a key."""
    return {leaf.variable: _one(leaf.path) for leaf in leaves().values()} | _VARIABLES


@cache
def keys() -> dict[str, Alias]:
    """Every name in YAML and for `--set`."""
    return {path: _one(path) for path in leaves()} | _KEYS


def others(path: str) -> tuple[str, ...]:
    """The other names of a key: variables first, then those in YAML."""
    return tuple(name for name, alias in (_VARIABLES | _KEYS).items() if path in alias.paths)


def other_variables() -> dict[str, str]:
    """Variables that are named otherwise than their key, each with the first of its keys."""
    return {name: alias.paths[0] for name, alias in _VARIABLES.items()}
