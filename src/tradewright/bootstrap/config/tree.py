"""The tree itself: sections of keys, each with its kind, its default and its meaning.

What a run may be told (`costs`, `fills`, `risk`, `limits`) are the domain's own descriptions, taken as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from tradewright.bootstrap.config.kinds import (
    LIVE,
    Database,
    Folder,
    Hidden,
    NoTestnet,
    SecretText,
    StreamAddress,
    WebAddress,
    Words,
)
from tradewright.bootstrap.config.momentum import Momentum
from tradewright.domain.limits import LimitSpec
from tradewright.domain.live_terms import LiveTerms
from tradewright.domain.run import CostSpec, FillSpec, RiskSpec
from tradewright.domain.universe import FilterSpec

__all__ = [
    "Collector",
    "Configuration",
    "Deployment",
    "Logging",
    "Manager",
    "Momentum",
    "NotificationChannel",
    "Notifications",
    "Scanner",
    "Server",
    "Simulation",
    "Storage",
    "Trading",
    "Venue",
]

Mode = Literal["simulation", "live"]
Positive = Annotated[float, Field(gt=0, le=10**12)]
Seconds = Annotated[float, Field(ge=1, le=86_400)]


@dataclass(frozen=True, slots=True)
class Trading:
    """Whether orders may leave this machine.

    Args:
        mode: `simulation`, or `live`, which needs `approved` and keys beside it.
        approved: whether live trading has been approved.
        enabled: whether orders may be made at all; without it everything is only shown.
        confirm_orders: whether a person confirms each order that opens a position before it is sent to a venue.
        confirm_ttl_s: seconds after which an order that nobody confirmed is given up.
        max_position_value: most that one position may be worth at the start, quote currency; it becomes
            `risk.max_position` by the capital.
    """

    mode: Mode = "simulation"
    approved: bool = False
    enabled: bool = True
    confirm_orders: bool = False
    confirm_ttl_s: Seconds = 120.0
    max_position_value: Positive | None = None


@dataclass(frozen=True, slots=True)
class Venue:
    """Where markets are followed.

    Args:
        exchange: `practice`, `binance` (USDT-M), or one that CCXT knows.
        rest_url: address of its requests instead of its own.
        ws_url: address of its streams instead of its own; without it, that of `rest_url` if there is one.
        testnet: not to be asked for: no venue's own practice market is traded at; ours is `exchange: practice`.
        api_key: of the account there.
        api_secret: that belongs to the key.
        retries: times that a request which changes nothing is sent again; without it, as often as there is time for.
            What changes something, an order above all, is sent once.
        backoff_factor: by which the wait grows from one to the next.
        timeout_s: seconds that an answer may take, 10 without it; then the outcome of an order is unknown.
    """

    exchange: Annotated[str, Field(min_length=1), Words("the name of an exchange")] = "practice"
    rest_url: WebAddress | None = None
    ws_url: StreamAddress | None = None
    testnet: NoTestnet = False
    api_key: SecretText | None = None
    api_secret: SecretText | None = None
    retries: Annotated[int | None, Field(ge=0, le=20)] = None
    backoff_factor: Annotated[float, Field(ge=1, le=10)] = 2.0
    timeout_s: Annotated[float | None, Field(gt=0, le=600)] = None


@dataclass(frozen=True, slots=True)
class Simulation:
    """Paper trading.

    Args:
        initial_capital: quote currency at the start.
        seed: of every random choice.
        context_bars: bars that a strategy is shown before the first it trades.
    """

    initial_capital: Annotated[float, Field(ge=0.01, le=10**12)] = 10_000.0
    seed: Annotated[int, Field(ge=0)] = 1
    context_bars: Annotated[int, Field(ge=0, le=100_000)] = 500


@dataclass(frozen=True, slots=True)
class Scanner:
    """The process that looks for entries.

    Args:
        interval_s: seconds from one scan to the next.
        strategy: whose signals are sought.
        timeframe: of the bars.
        instruments: that are looked at, before filters; none takes all that the venue lists.
        coingecko_url: where capitalisations and listings of coins are asked for, if a filter wants them.
        coingecko_key: of an account there; without it fewer are asked for in a minute.
    """

    interval_s: Annotated[Seconds, LIVE] = 60.0
    strategy: str = "momentum_scanner"
    timeframe: str = "1m"
    instruments: tuple[str, ...] = ()
    coingecko_url: WebAddress = "https://api.coingecko.com/api/v3"
    coingecko_key: SecretText | None = None


@dataclass(frozen=True, slots=True)
class Manager:
    """The process that holds positions.

    Args:
        interval_s: seconds from one look at the open positions to the next.
    """

    interval_s: Annotated[Seconds, LIVE] = 30.0


@dataclass(frozen=True, slots=True)
class Collector:
    """The process that stores candles of what the scanner lets through, and how markets stand.

    Args:
        snapshot_s: seconds from one snapshot of every market to the next, in the venue's time.
    """

    snapshot_s: Annotated[Seconds, LIVE] = 300.0


@dataclass(frozen=True, slots=True)
class Storage:
    """Where things lie.

    Args:
        data_dir: candles, funding, instruments and results; made when something is stored.
        strategies_dir: the user's strategy files; need not exist.
        database_url: of the database; without it, a file of SQLite in `data_dir`.
        pool_size: connections that each process keeps open to a server; every session that trades holds one.
        max_overflow: connections beyond those, for a while; without it, as many as are needed.
        market_data_days: days that the collector's snapshots of markets are kept; candles stay, for results refer to
            them.
    """

    data_dir: Folder = Path("data")
    strategies_dir: Folder = Path("strategies")
    database_url: Database | None = None
    pool_size: Annotated[int, Field(ge=1, le=1_000)] = 10
    max_overflow: Annotated[int | None, Field(ge=0, le=1_000)] = None
    market_data_days: Annotated[int, Field(ge=1, le=36_500), LIVE] = 30


@dataclass(frozen=True, slots=True)
class NotificationChannel:
    """A way by which people are told what happens.

    Args:
        name: by which it is spoken of.
        url: where to, as Apprise writes it: `discord://…`, `mailto://…`. It is never shown.
        language: in which it is told: `en` or `uk`.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    url: SecretText
    language: Literal["en", "uk"] = "en"


@dataclass(frozen=True, slots=True)
class Notifications:
    """Whom to tell what happens.

    Args:
        telegram_enabled: whether the channel `telegram` is there: messages, commands, and buttons to confirm orders.
        telegram_bot_token: of the bot that sends them.
        telegram_chat_id: where to; several with commas between them. Nobody else is answered.
        telegram_language: in which it is told.
        telegram_confirms_live: whether orders with money may be confirmed there; nobody is asked for a one-time code.
        channels: others, by their addresses.
        most_a_minute: messages to a channel in a minute; those beyond, unless urgent, are gathered into one.
    """

    telegram_enabled: bool = False
    telegram_bot_token: SecretText | None = None
    telegram_chat_id: Annotated[str | None, Field(pattern=r"^-?\d{1,20}(\s*,\s*-?\d{1,20})*$")] = None
    telegram_language: Literal["en", "uk"] = "en"
    telegram_confirms_live: bool = False
    channels: Annotated[tuple[NotificationChannel, ...], Words("a list of channels"), Hidden()] = ()
    most_a_minute: Annotated[int, Field(ge=1, le=1_000)] = 20


@dataclass(frozen=True, slots=True)
class Logging:
    """What is told of the work.

    Args:
        level: least weight of a log line that is written.
        debug: whether every line is written, whatever `level` says.
        error_hook: `module:function` that is given each error of the server and what was known of the work; for a
            service that tracks errors.
    """

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    debug: bool = False
    error_hook: Annotated[str | None, Field(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")] = None


@dataclass(frozen=True, slots=True)
class Server:
    """The API server and its page.

    Args:
        host: address to listen at; any but 127.0.0.1 needs a user with a password.
        port: to listen at.
        names: host names by which it is called, beside `localhost` and addresses.
        proxies: addresses of proxies before it, whose word on client and https is taken.
        max_body_mb: MiB of a request at most.
        reads_per_minute: of one client.
        writes_per_minute: of one client.
        logins_per_minute: of one client, among them everything that takes a password or a code.
        idle_hours: after which a page session ends that was not used.
        session_hours: after which it ends in any case.
        workers: processes that reckon jobs at one time; without it, one less than there are cores.
    """

    host: Annotated[str, Field(min_length=1, max_length=255)] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65_535)] = 8000
    names: Annotated[tuple[str, ...], Words("a list of host names")] = ()
    proxies: Annotated[tuple[str, ...], Words("a list of addresses")] = ()
    max_body_mb: Annotated[int, Field(ge=1, le=1_024)] = 10
    reads_per_minute: Annotated[int, Field(ge=60, le=10_000_000)] = 20_000
    writes_per_minute: Annotated[int, Field(ge=10, le=10_000_000)] = 6_000
    logins_per_minute: Annotated[int, Field(ge=5, le=10_000_000)] = 60
    idle_hours: Annotated[float, Field(ge=0.1, le=720)] = 8.0
    session_hours: Annotated[float, Field(ge=0.1, le=8_760)] = 168.0
    workers: Annotated[int | None, Field(ge=1, le=64)] = None


@dataclass(frozen=True, slots=True)
class Deployment:
    """A strategy with parameters, instruments, capital and risk, running in a mode.

    Args:
        name: by which it is spoken of.
        strategy: name of a strategy.
        instruments: symbols.
        timeframe: of its bars; without it, the strategy's.
        htf: higher timeframe; without it, the strategy's.
        params: strategy parameters.
        capital: quote currency; without it, `simulation.initial_capital`.
        risk: fields of the section `risk` of its own.
        limits: fields of the section `limits` of its own.
        mode: `simulation` or `live`.
        matched_by: `engine`, here, or `venue`, by the practice exchange; without it, `engine`, and `venue` with money.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", allow_inf_nan=False)
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    strategy: Annotated[str, Field(min_length=1)]
    instruments: Annotated[tuple[str, ...], Field(min_length=1)]
    timeframe: str | None = None
    htf: str | None = None
    params: Mapping[str, bool | int | float | str] = field(default_factory=dict)
    capital: Positive | None = None
    risk: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)
    mode: Mode = "simulation"
    matched_by: Literal["engine", "venue"] | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything that can be configured.

    Args:
        trading: whether orders may leave.
        venue: where markets are followed.
        simulation: paper trading.
        at_venue: how closely sessions are watched whose orders lie at a venue.
        costs: of trading, beyond the instrument's own fees.
        fills: what is assumed where data does not tell.
        risk: sizing and rules.
        limits: on entries.
        filtering: which instruments the scanner looks at.
        scanner: the process that looks for entries.
        momentum: parameters of its strategy.
        manager: the process that holds positions.
        collector: the process that stores markets.
        storage: where things lie.
        notifications: whom to tell.
        logging: what is told.
        server: the API server.
        deployments: strategies to be run.
    """

    trading: Trading
    venue: Venue
    simulation: Simulation
    at_venue: LiveTerms
    costs: CostSpec
    fills: FillSpec
    risk: RiskSpec
    limits: LimitSpec
    filtering: Annotated[FilterSpec, LIVE]
    scanner: Scanner
    momentum: Momentum
    manager: Manager
    collector: Collector
    storage: Storage
    notifications: Notifications
    logging: Logging
    server: Server
    deployments: Annotated[tuple[Deployment, ...], Words("a list of deployments")] = ()
