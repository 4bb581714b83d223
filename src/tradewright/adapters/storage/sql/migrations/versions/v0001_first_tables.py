"""The first tables: what stood when databases were new here. It is never changed; what comes later is a new file."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Integer, MetaData, Table, Text

from tradewright.adapters.storage.sql.columns import Exact, Instant, Plain

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    _tables().create_all(op.get_bind(), checkfirst=False)


def downgrade() -> None:
    """Take every table away, with what is in it."""
    _tables().drop_all(op.get_bind())


def _tables() -> MetaData:
    metadata = MetaData()
    for suffix in ("", "_sim"):
        for make in (_sessions, _signals, _orders, _fills, _positions, _trades, _pending, _figures):
            make(metadata, suffix)
    _markets(metadata)
    _people(metadata)
    return metadata


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


def _sessions(metadata: MetaData, suffix: str) -> None:
    own = Table(f"sessions{suffix}", metadata, _key("name"), _when("begun"))
    Table(
        f"session_records{suffix}", metadata, _key("session"), _key("number", BigInteger), _text("hash"),
        _text("record"), ForeignKeyConstraint(["session"], [own.c.name]),
    )  # fmt: skip
    Table(
        f"session_wishes{suffix}", metadata, _counted("number"), _text("session"), _data("record"),
        ForeignKeyConstraint(["session"], [own.c.name]), Index(f"session_wishes{suffix}_session", "session"),
    )  # fmt: skip


def _signals(metadata: MetaData, suffix: str) -> None:
    Table(
        f"signals{suffix}", metadata, _key("deployment"), _key("symbol"), _key("ts", BigInteger), _text("side"),
        *_may("entry", "stop_loss", "take_profit", "confidence"), _data("metadata"),
        Index(f"signals{suffix}_ts", "ts"), Index(f"signals{suffix}_symbol", "symbol", "ts"),
    )  # fmt: skip


def _orders(metadata: MetaData, suffix: str) -> None:
    Table(
        f"orders{suffix}", metadata, _key("deployment"), _key("client_id"), _text("symbol"), _text("venue_id"),
        _text("side"), _text("kind"), _text("status"), *_exact("quantity", "filled"),
        *_may("price", "trigger", "average"), _text("reason"), _when("created"), _when("updated"),
        Index(f"orders{suffix}_updated", "updated"), Index(f"orders{suffix}_status", "status", "updated"),
        Index(f"orders{suffix}_deployment", "deployment", "updated"),
        Index(f"orders{suffix}_symbol", "symbol", "updated"),
    )  # fmt: skip


def _fills(metadata: MetaData, suffix: str) -> None:
    Table(
        f"fills{suffix}", metadata, _key("venue"), _key("symbol"), _key("trade_id"), _text("deployment"),
        _text("client_id"), _text("side"), *_exact("quantity", "price", "fee"), _text("fee_asset"),
        Column("is_maker", Integer, nullable=False), _when("ts"),
        Index(f"fills{suffix}_ts", "ts"), Index(f"fills{suffix}_order", "deployment", "client_id"),
        Index(f"fills{suffix}_deployment", "deployment", "ts"), Index(f"fills{suffix}_symbol", "symbol", "ts"),
    )  # fmt: skip


def _positions(metadata: MetaData, suffix: str) -> None:
    Table(
        f"positions{suffix}", metadata, _key("deployment"), _key("symbol"), _key("leg"), *_exact("quantity"),
        *_may("entry", "mark", "liquidation", "stop_loss", "take_profit", "realised"), _when("updated"),
        Index(f"positions{suffix}_updated", "updated"),
    )  # fmt: skip


def _trades(metadata: MetaData, suffix: str) -> None:
    Table(
        f"trades{suffix}", metadata, _key("deployment"), _key("number", BigInteger), _text("symbol"), _text("side"),
        _when("ts_entry"), Column("ts_exit", Instant), *_exact("quantity", "entry_price"), *_may("exit_price"),
        *_may("stop_loss", "take_profit"), *_exact("fees", "funding", "pnl"), _text("exit_reason"), _data("metadata"),
        Index(f"trades{suffix}_ts_entry", "ts_entry"), Index(f"trades{suffix}_ts_exit", "ts_exit"),
        Index(f"trades{suffix}_deployment", "deployment", "ts_entry"),
        Index(f"trades{suffix}_symbol", "symbol", "ts_entry"),
    )  # fmt: skip
    Table(
        f"partial_exits{suffix}", metadata, _key("deployment"), _key("trade", BigInteger), _key("number", BigInteger),
        _when("ts"), *_exact("quantity", "price", "pnl"), _text("reason"), Index(f"partial_exits{suffix}_ts", "ts"),
    )  # fmt: skip
    Table(
        f"trade_notes{suffix}", metadata, _counted("id"), _text("deployment"),
        Column("trade", BigInteger, nullable=False), _when("ts"), _text("author"), _text("text"),
        Index(f"trade_notes{suffix}_trade", "deployment", "trade"),
    )  # fmt: skip


def _pending(metadata: MetaData, suffix: str) -> None:
    Table(
        f"pending_orders{suffix}", metadata, _key("id"), _text("deployment"), _text("symbol"), _data("intent"),
        *_exact("price"), _when("created"), _when("expires"), _text("status"), _text("decided_by"),
        Column("decided", Instant), _text("reason"), Index(f"pending_orders{suffix}_status", "status", "expires"),
        Index(f"pending_orders{suffix}_created", "created"),
    )  # fmt: skip


def _figures(metadata: MetaData, suffix: str) -> None:
    Table(
        f"equity_snapshots{suffix}", metadata, _key("deployment"), _key("ts", BigInteger),
        *_exact("equity", "drawdown"), *_may("balance", "unrealised"), Index(f"equity_snapshots{suffix}_ts", "ts"),
    )  # fmt: skip
    Table(
        f"performance_metrics{suffix}", metadata, _key("deployment"), _key("ts", BigInteger), _data("metrics"),
        Index(f"performance_metrics{suffix}_ts", "ts"),
    )  # fmt: skip


def _markets(metadata: MetaData) -> None:
    Table(
        "instruments", metadata, _key("venue"), _key("symbol"), _data("terms"), _when("updated"),
    )  # fmt: skip
    Table(
        "pairs", metadata, _key("venue"), _key("symbol"), _when("added"), Column("is_active", Integer, nullable=False),
    )  # fmt: skip
    Table(
        "market_data", metadata, _key("venue"), _key("symbol"), _key("kind"), _key("timeframe"), _when("first"),
        _when("last"), Column("rows", BigInteger, nullable=False),
    )  # fmt: skip
    Table(
        "market_snapshots", metadata, _key("venue"), _key("symbol"), _key("ts", BigInteger), *_exact("price"),
        *_may("bid", "ask", "volume", "change", "funding_rate"), _data("facts"), Index("market_snapshots_ts", "ts"),
        Index("market_snapshots_symbol", "symbol", "ts"),
    )  # fmt: skip


def _people(metadata: MetaData) -> None:
    Table(
        "configuration_history", metadata, _counted("id"), _when("ts"), _text("author"), _text("run"), _data("diff"),
        _data("tree"),
    )  # fmt: skip
    Table(
        "audit_log", metadata, _key("number", BigInteger), _when("ts"), _text("actor"), _text("action"),
        _text("subject"), _text("details"), _text("run"), _text("hash"), Index("audit_log_ts", "ts"),
    )  # fmt: skip
    Table("audit_head", metadata, _key("id", Integer), _when("number"), _text("hash"))
    users = Table(
        "users", metadata, _key("name"), _text("role"), _text("password"), _when("created"),
        Column("disabled", Instant),
    )  # fmt: skip
    Table(
        "tokens", metadata, _key("id"), _text("user"), _text("hash"), _text("label"), _text("scope"), _when("created"),
        Column("expires", Instant), Column("revoked", Instant), ForeignKeyConstraint(["user"], [users.c.name]),
    )  # fmt: skip
