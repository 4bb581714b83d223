"""Every table, once for live trading and once, with the suffix `_sim`, for simulation; and those that know no mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import BigInteger, Column, Double, ForeignKeyConstraint, Index, Integer, MetaData, Table, Text

from tradewright.adapters.storage.sql.columns import Exact, Flag, Instant, Plain
from tradewright.domain.mode import LIVE, SIMULATION, Live, Mode, Simulation

__all__ = ["COMMON", "LIVE_TABLES", "METADATA", "SIM_TABLES", "Common", "LiveTables", "SimTables", "Tables"]

ModeT = TypeVar("ModeT", bound=Mode)

METADATA = MetaData()


@dataclass(frozen=True, slots=True)
class Tables(Generic[ModeT]):
    """The tables of one mode. Those of the other are of another type: nobody is handed the wrong ones.

    Args:
        mode: whose they are.
        sessions: by name.
        records: of sessions, each chained to the one before by a hash.
        wishes: that were left for a session, with what it said to each.
        signals: that strategies gave.
        orders: as they stand.
        fills: by the venue's trade id.
        positions: as they stand.
        trades: round trips.
        exits: parts of trades that were taken out.
        notes: on trades.
        equity: points of it.
        pending: orders that wait for a person.
        performance: metrics over time.
    """

    mode: ModeT
    sessions: Table
    records: Table
    wishes: Table
    signals: Table
    orders: Table
    fills: Table
    positions: Table
    trades: Table
    exits: Table
    notes: Table
    equity: Table
    pending: Table
    performance: Table


@dataclass(frozen=True, slots=True)
class Common:
    """Tables that know no mode.

    Args:
        instruments: what is traded, with its rules.
        pairs: instruments that the user watches.
        market_data: what series of candles are stored, and from when to when.
        snapshots: of markets, at a time.
        configurations: every change of the configuration.
        audit: who did what, each line chained to the one before.
        audit_head: the number and hash of its last line.
        users: who may come in.
        tokens: of programs.
        logins: sessions of the page.
        answers: to requests with an idempotency key.
        heartbeats: the last sign of life of each process.
        verdicts: what the scanner found last of each instrument.
        notifications: messages to people, waiting or gone.
        notification_wishes: which channel tells of which kind of event.
        alert_rules: of users: what is to be told when.
        deployments: what is to trade.
        facts: how each session stands, as its process told it last.
        events: what happened, for those who come back.
        jobs: work that takes longer than a request.
        result_marks: what people have put on results: tags, a note, a star.
        heard: to which event each listener of ours has heard.
    """

    instruments: Table
    pairs: Table
    market_data: Table
    snapshots: Table
    configurations: Table
    audit: Table
    audit_head: Table
    users: Table
    tokens: Table
    logins: Table
    answers: Table
    heartbeats: Table
    verdicts: Table
    notifications: Table
    notification_wishes: Table
    alert_rules: Table
    deployments: Table
    facts: Table
    events: Table
    jobs: Table
    result_marks: Table
    heard: Table


def _key(name: str, kind: type[Text | BigInteger | Integer] = Text) -> Column[str | int]:
    return Column(name, kind, primary_key=True, autoincrement=False)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _when(name: str) -> Column[int]:
    return Column(name, Instant, nullable=False)


def _exact(*names: str) -> list[Column[object]]:
    return [Column(name, Exact, nullable=False) for name in names]


def _may(*names: str) -> list[Column[object]]:
    return [Column(name, Exact) for name in names]


def _data(name: str) -> Column[object]:
    return Column(name, Plain, nullable=False)


def _counted(name: str) -> Column[int]:
    # SQLite counts up by itself only what is an INTEGER there.
    return Column(name, BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def _sessions(suffix: str) -> tuple[Table, Table, Table]:
    own = Table(f"sessions{suffix}", METADATA, _key("name"), _when("begun"))
    records = Table(
        f"session_records{suffix}", METADATA, _key("session"), _key("number", BigInteger), _text("hash"),
        _text("record"), ForeignKeyConstraint(["session"], [own.c.name]),
    )  # fmt: skip
    wishes = Table(
        f"session_wishes{suffix}", METADATA, _counted("number"), _text("session"), _data("record"),
        Column("answered", Instant), Column("refusal", Text),
        ForeignKeyConstraint(["session"], [own.c.name]), Index(f"session_wishes{suffix}_session", "session"),
    )  # fmt: skip
    return own, records, wishes


def _signals(suffix: str) -> Table:
    return Table(
        f"signals{suffix}", METADATA, _key("deployment"), _key("symbol"), _key("ts", BigInteger), _text("side"),
        *_may("entry", "stop_loss", "take_profit", "confidence"), _data("metadata"),
        Index(f"signals{suffix}_ts", "ts"), Index(f"signals{suffix}_symbol", "symbol", "ts"),
    )  # fmt: skip


def _orders(suffix: str) -> Table:
    return Table(
        f"orders{suffix}", METADATA, _key("deployment"), _key("client_id"), _text("symbol"), _text("venue_id"),
        _text("side"), _text("kind"), _text("status"), *_exact("quantity", "filled"),
        *_may("price", "trigger", "average"), _text("reason"), _when("created"), _when("updated"),
        Index(f"orders{suffix}_updated", "updated"), Index(f"orders{suffix}_status", "status", "updated"),
        Index(f"orders{suffix}_deployment", "deployment", "updated"),
        Index(f"orders{suffix}_symbol", "symbol", "updated"),
    )  # fmt: skip


def _fills(suffix: str) -> Table:
    return Table(
        f"fills{suffix}", METADATA, _key("venue"), _key("symbol"), _key("trade_id"), _text("deployment"),
        _text("client_id"), _text("side"), *_exact("quantity", "price", "fee"), _text("fee_asset"),
        Column("is_maker", Flag, nullable=False), _when("ts"),
        Index(f"fills{suffix}_ts", "ts"), Index(f"fills{suffix}_order", "deployment", "client_id"),
        Index(f"fills{suffix}_deployment", "deployment", "ts"), Index(f"fills{suffix}_symbol", "symbol", "ts"),
    )  # fmt: skip


def _positions(suffix: str) -> Table:
    return Table(
        f"positions{suffix}", METADATA, _key("deployment"), _key("symbol"), _key("leg"), *_exact("quantity"),
        *_may("entry", "mark", "liquidation", "stop_loss", "take_profit", "realised"), _when("updated"),
        Index(f"positions{suffix}_updated", "updated"),
    )  # fmt: skip


def _trades(suffix: str) -> tuple[Table, Table, Table]:
    trades = Table(
        f"trades{suffix}", METADATA, _key("deployment"), _key("number", BigInteger), _text("symbol"), _text("side"),
        _when("ts_entry"), Column("ts_exit", Instant), *_exact("quantity", "entry_price"), *_may("exit_price"),
        *_may("stop_loss", "take_profit"), *_exact("fees", "funding", "pnl"), _text("exit_reason"), _data("metadata"),
        Index(f"trades{suffix}_ts_entry", "ts_entry"), Index(f"trades{suffix}_ts_exit", "ts_exit"),
        Index(f"trades{suffix}_deployment", "deployment", "ts_entry"),
        Index(f"trades{suffix}_symbol", "symbol", "ts_entry"),
    )  # fmt: skip
    exits = Table(
        f"partial_exits{suffix}", METADATA, _key("deployment"), _key("trade", BigInteger), _key("number", BigInteger),
        _when("ts"), *_exact("quantity", "price", "pnl"), _text("reason"), Index(f"partial_exits{suffix}_ts", "ts"),
    )  # fmt: skip
    notes = Table(
        f"trade_notes{suffix}", METADATA, _counted("id"), _text("deployment"),
        Column("trade", BigInteger, nullable=False), _when("ts"), _text("author"), _text("text"),
        Index(f"trade_notes{suffix}_trade", "deployment", "trade"),
    )  # fmt: skip
    return trades, exits, notes


def _pending(suffix: str) -> Table:
    return Table(
        f"pending_orders{suffix}", METADATA, _key("id"), _text("deployment"), _text("symbol"), _data("intent"),
        *_exact("price"), _when("created"), _when("expires"), _text("status"), _text("decided_by"),
        Column("decided", Instant), _text("reason"), Index(f"pending_orders{suffix}_status", "status", "expires"),
        Index(f"pending_orders{suffix}_created", "created"),
    )  # fmt: skip


def _figures(suffix: str) -> tuple[Table, Table]:
    equity = Table(
        f"equity_snapshots{suffix}", METADATA, _key("deployment"), _key("ts", BigInteger),
        *_exact("equity", "drawdown"), *_may("balance", "unrealised"), Index(f"equity_snapshots{suffix}_ts", "ts"),
    )  # fmt: skip
    performance = Table(
        f"performance_metrics{suffix}", METADATA, _key("deployment"), _key("ts", BigInteger), _data("metrics"),
        Index(f"performance_metrics{suffix}_ts", "ts"),
    )  # fmt: skip
    return equity, performance


def _of(mode: ModeT, suffix: str) -> Tables[ModeT]:
    equity, performance = _figures(suffix)
    return Tables(
        mode, *_sessions(suffix), _signals(suffix), _orders(suffix), _fills(suffix), _positions(suffix),
        *_trades(suffix), equity, _pending(suffix), performance,
    )  # fmt: skip


def _markets() -> tuple[Table, Table, Table, Table]:
    instruments = Table(
        "instruments", METADATA, _key("venue"), _key("symbol"), _data("terms"), _when("updated"),
    )  # fmt: skip
    pairs = Table(
        "pairs", METADATA, _key("venue"), _key("symbol"), _when("added"), Column("is_active", Flag, nullable=False),
    )  # fmt: skip
    series = Table(
        "market_data", METADATA, _key("venue"), _key("symbol"), _key("kind"), _key("timeframe"), _when("first"),
        _when("last"), Column("rows", BigInteger, nullable=False),
    )  # fmt: skip
    snapshots = Table(
        "market_snapshots", METADATA, _key("venue"), _key("symbol"), _key("ts", BigInteger), *_exact("price"),
        *_may("bid", "ask", "volume", "change", "funding_rate"), _data("facts"), Index("market_snapshots_ts", "ts"),
        Index("market_snapshots_symbol", "symbol", "ts"), Index("market_snapshots_old", "venue", "ts", "symbol"),
    )  # fmt: skip
    return instruments, pairs, series, snapshots


def _people() -> tuple[Table, Table, Table, Table, Table]:
    configurations = Table(
        "configuration_history", METADATA, _counted("id"), _when("ts"), _text("author"), _text("run"), _data("diff"),
        _data("tree"),
    )  # fmt: skip
    audit = Table(
        "audit_log", METADATA, _key("number", BigInteger), _when("ts"), _text("actor"), _text("action"),
        _text("subject"), _text("details"), _text("run"), _text("hash"), Index("audit_log_ts", "ts"),
    )  # fmt: skip
    head = Table("audit_head", METADATA, _key("id", Integer), _when("number"), _text("hash"))
    users = Table(
        "users", METADATA, _key("name"), _text("role"), _text("password"), _when("created"),
        Column("disabled", Instant), Column("totp", Text),
        Column("step", BigInteger, nullable=False, server_default="0"), Column("recovery", Plain),
    )  # fmt: skip
    tokens = Table(
        "tokens", METADATA, _key("id"), _text("user"), _text("hash"), _text("label"), _text("scope"), _when("created"),
        Column("expires", Instant), Column("revoked", Instant), Column("used", Instant),
        ForeignKeyConstraint(["user"], [users.c.name]),
    )  # fmt: skip
    return configurations, audit, head, users, tokens


def _visits() -> tuple[Table, Table]:
    logins = Table(
        "logins", METADATA, _key("id"), _text("user"), _text("hash"), _when("created"), _when("seen"),
        _when("expires"), _text("address"), _text("agent"), Column("proved", Instant),
        ForeignKeyConstraint(["user"], ["users.name"]), Index("logins_user", "user"),
    )  # fmt: skip
    answers = Table(
        "answers", METADATA, _key("caller"), _key("key"), _text("request"), _text("run"), _when("ts"),
        Column("status", Integer), _data("headers"), Column("body", Text), Index("answers_ts", "ts"),
    )  # fmt: skip
    return logins, answers


def _processes() -> tuple[Table, Table]:
    heartbeats = Table(
        "heartbeats", METADATA, _key("name"), _text("run"), Column("pid", BigInteger, nullable=False), _when("ts"),
        _data("told"),
    )  # fmt: skip
    verdicts = Table("verdicts", METADATA, _key("venue"), _key("symbol"), _when("ts"), _data("found"))
    return heartbeats, verdicts


def _notices() -> tuple[Table, Table, Table]:
    notifications = Table(
        "notifications", METADATA, _key("id"), _text("channel"), _text("kind"), _text("title"), _text("text"),
        _when("ts"), _text("state"), Column("tries", Integer, nullable=False), _text("error"),
        Index("notifications_state", "state", "ts"), Index("notifications_ts", "ts"),
    )  # fmt: skip
    wishes = Table(
        "notification_wishes", METADATA, _key("kind"), _key("channel"), Column("is_on", Flag, nullable=False)
    )
    rules = Table("alert_rules", METADATA, _key("id"), _data("terms"))
    return notifications, wishes, rules


def _desk() -> tuple[Table, Table, Table]:
    deployments = Table(
        "deployments", METADATA, _key("name"), _text("mode"), _text("session"), _data("terms"), _text("wanted"),
        _text("origin"), _text("owner"), Column("revision", BigInteger, nullable=False), _text("state"),
        _text("detail"), _when("created"), _when("updated"),
    )  # fmt: skip
    facts = Table(
        "session_facts", METADATA, _key("session"), _text("deployment"), _text("mode"), _when("ts"), _data("told"),
        Index("session_facts_ts", "ts"),
    )  # fmt: skip
    events = Table("events", METADATA, _counted("number"), _when("ts"), _text("kind"), _data("data"))
    return deployments, facts, events


def _research() -> tuple[Table, Table]:
    jobs = Table(
        "jobs", METADATA, _key("id"), _text("kind"), _text("title"), _data("request"), _text("owner"),
        _when("created"), Column("priority", Integer, nullable=False), _text("identity"), _text("state"),
        Column("attempts", Integer, nullable=False), Column("begun", Instant), Column("ended", Instant),
        Column("fraction", Double, nullable=False), _text("step"), Column("result", Plain), Column("error", Plain),
        Index("jobs_created", "created"), Index("jobs_state", "state", "created"), Index("jobs_identity", "identity"),
    )  # fmt: skip
    marks = Table(
        "result_marks", METADATA, _key("id"), Column("is_starred", Flag, nullable=False), _data("tags"), _text("note"),
        _when("updated"),
    )  # fmt: skip
    return jobs, marks


def _kept() -> tuple[Table]:
    heard = Table("heard", METADATA, _key("name"), Column("number", BigInteger, nullable=False))
    return (heard,)


LIVE_TABLES: Tables[Live] = _of(LIVE, "")
SIM_TABLES: Tables[Simulation] = _of(SIMULATION, "_sim")
COMMON = Common(*_markets(), *_people(), *_visits(), *_processes(), *_notices(), *_desk(), *_research(), *_kept())
LiveTables = Tables[Live]
SimTables = Tables[Simulation]
