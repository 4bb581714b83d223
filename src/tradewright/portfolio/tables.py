"""The logs of a run as tables for people: prices and quantities instead of ticks and lots, words instead of codes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import (
    Code,
    FillFlag,
    Liquidity,
    OrderRole,
    OrderStatus,
    OrderType,
    TimeInForce,
    TriggerBy,
)
from tradewright.domain.instrument import Instrument
from tradewright.domain.trade import Trade
from tradewright.portfolio.drawdown import drawdown_curve
from tradewright.portfolio.parents import Table, parents_table
from tradewright.portfolio.run_log import RunLog

__all__ = ["Table", "artifact_tables", "facts_text", "fill_columns"]

_TRADE_TEXT = ("symbol", "side", "exit_reason")
_LEGS = ("stop_loss", "trailing_stop", "target_1", "target_2", "target_3", "target_4")
_TRADE_WHOLE = ("id", "ts_entry", "ts_exit", "bars_held")


def artifact_tables(log: RunLog, trades: Sequence[Trade]) -> dict[str, Table]:
    """Write out everything that happened: `trades, equity, fills, orders, refusals, funding`.

    Where orders were worked by children, `parents` as well. Prices are quote per base, quantities base, money quote,
    times UTC ns. In a team each line says whose it is, and `equity` has a column `equity_NAME` for each member.
    """
    tables = {
        "trades": _trades(trades),
        "equity": _equity(log),
        "fills": _fills(log),
        "orders": _orders(log),
        "refusals": _refusals(log),
        "funding": _funding(log),
    }
    _name_members(log, trades, tables)
    return tables | {"parents": parents_table(log)} if log.parents else tables


def _name_members(log: RunLog, trades: Sequence[Trade], tables: dict[str, Table]) -> None:
    if log.team is None:
        return
    tables["trades"]["member"] = [trade.member for trade in trades]
    tables["equity"] |= {f"equity_{name}": own for name, own in zip(log.team.names, log.team.equity, strict=True)}
    lines = {"fills": log.fills, "orders": log.orders, "refusals": log.refusals, "funding": log.payments}
    for name, records in lines.items():
        tables[name]["member"] = [log.member(row) for row in records["instrument"].tolist()]


def facts_text(facts: Mapping[str, Any]) -> str:
    """Facts behind a signal as JSON; what is not finite becomes null."""
    plain = {
        name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in facts.items()
    }
    return json.dumps(plain, sort_keys=True, default=str, allow_nan=False)


def _trades(trades: Sequence[Trade]) -> Table:
    table: Table = {}
    for name in Trade.__dataclass_fields__:
        if name == "member":
            continue
        values = [getattr(trade, name) for trade in trades]
        if name in _TRADE_TEXT:
            table[name] = values
        elif name == "metadata":
            table[name] = [facts_text(value) for value in values]
        elif name in ("ambiguous", "touched"):
            table[name] = np.array(values, np.bool_)
        else:
            # None becomes NaN.
            table[name] = np.array(values, np.int64 if name in _TRADE_WHOLE else np.float64)
    return table


def _equity(log: RunLog) -> Table:
    curve = np.concatenate(([log.initial_balance], log.equity))
    return {"ts_close": log.ts_close, "equity": log.equity, "drawdown": drawdown_curve(curve)[1:]}


def _words(codes: NDArray[Any], enum: type[IntEnum]) -> list[str]:
    names = {int(member): member.name.lower() for member in enum}
    return [names[code] for code in codes.tolist()]


def _symbols(log: RunLog, rows: NDArray[Any]) -> list[str]:
    return [log.instruments[row].symbol for row in rows.tolist()]


def _sides(sides: NDArray[Any]) -> list[str]:
    return ["buy" if side > 0 else "sell" for side in sides.tolist()]


def _steps_to(instruments: Sequence[Instrument], records: NDArray[Any], field: str, step: str) -> NDArray[Any]:
    # Ticks (or lots) of records as prices (or quantities), each by its own instrument.
    ratios = np.array([getattr(instrument, step) for instrument in instruments], np.float64)
    num, den = ratios[records["instrument"]].T if records.size else np.ones((2, 0))
    return np.asarray(records[field] * num / den, np.float64)


def _tags(log: RunLog, numbers: NDArray[Any]) -> list[str]:
    return [log.tag_text(number) for number in numbers.tolist()]


def _tags_of_fills(log: RunLog, field: str) -> list[str]:
    # By the order of each fill; a liquidation has none.
    order = np.argsort(log.orders["id"], kind="stable")
    places = np.searchsorted(log.orders["id"], log.fills["order_id"], sorter=order)
    known = np.append(log.orders[field][order], 0)
    found = np.append(log.orders["id"][order], 0)[places] == log.fills["order_id"]
    return _tags(log, np.where(found, known[places], 0))


def _fills(log: RunLog) -> Table:
    fills = log.fills
    plain: Table = {name: fills[name] for name in ("ts", "order_id", "group", "signal")}
    return (
        plain
        | fill_columns(fills, log.instruments)
        | {
            "tag": _tags_of_fills(log, "tag"),
            "parent": _tags_of_fills(log, "parent"),
        }
    )


def fill_columns(fills: NDArray[np.void], instruments: Sequence[Instrument]) -> Table:
    """Fills in words and prices: what every list of fills tells.

    Args:
        fills: FILL records.
        instruments: to whose rows they point.
    """
    return {
        "symbol": [instruments[k].symbol for k in fills["instrument"].tolist()],
        "side": _sides(fills["side"]),
        "role": _words(fills["role"], OrderRole),
        "liquidity": _words(fills["liquidity"], Liquidity),
        "price": _steps_to(instruments, fills, "ticks", "tick"),
        "quantity": _steps_to(instruments, fills, "lots", "lot"),
        "closed_quantity": _steps_to(instruments, fills, "closed_lots", "lot"),
        "fee": fills["fee"],
        "slippage": fills["slippage"],
        "realised": fills["realised"],
        **{flag.name.lower(): (fills["flags"] & flag) > 0 for flag in FillFlag},
    }


def _orders(log: RunLog) -> Table:
    orders = log.orders
    plain: Table = {name: orders[name] for name in ("id", "group", "signal", "ts_created", "ts_closed", "reduce_only")}
    level, trigger, stop, target = (
        _steps_to(log.instruments, orders, f"{name}_ticks", "tick") for name in ("level", "trigger", "stop", "target")
    )
    return plain | {
        "symbol": _symbols(log, orders["instrument"]),
        "side": _sides(orders["side"]),
        "type": _words(orders["type"], OrderType),
        "origin": _words(orders["origin"], OrderType),
        "role": _words(orders["role"], OrderRole),
        "leg": _legs(orders),
        "status": _words(orders["status"], OrderStatus),
        "reason": _words(orders["code"], Code),
        "time_in_force": _words(orders["time_in_force"], TimeInForce),
        "trigger_by": _words(orders["trigger_by"], TriggerBy),
        "quantity": _steps_to(log.instruments, orders, "lots", "lot"),
        "filled_quantity": _steps_to(log.instruments, orders, "filled", "lot"),
        "level": np.where(orders["type"] == OrderType.MARKET, np.nan, level),
        "trigger": np.where(orders["trigger_ticks"] > 0, trigger, np.nan),
        "callback": np.where(orders["callback"] > 0, orders["callback"] / 1_000.0, np.nan),
        "stop_loss": np.where(orders["has_stop"], stop, np.nan),
        "take_profit": np.where(orders["has_target"], target, np.nan),
        "tag": _tags(log, orders["tag"]),
        "parent": _tags(log, orders["parent"]),
    }


def _legs(orders: NDArray[Any]) -> list[str]:
    # Which exit of its bracket an order is; nothing for any other order.
    exits = np.isin(orders["role"], (OrderRole.STOP_LOSS, OrderRole.TAKE_PROFIT))
    return [_LEGS[leg] if is_exit else "" for leg, is_exit in zip(orders["leg"].tolist(), exits.tolist(), strict=True)]


def _refusals(log: RunLog) -> Table:
    refusals = log.refusals
    return {
        "ts": refusals["ts"],
        "symbol": _symbols(log, refusals["instrument"]),
        "signal": refusals["signal"],
        "reason": _words(refusals["code"], Code),
        "observed": refusals["observed"],
        "limit": refusals["limit"],
        "tag": _tags(log, _tags_of_commands(log)),
    }


def _tags_of_commands(log: RunLog) -> NDArray[np.int64]:
    numbers = np.append(log.commands["tag"], 0)  # the last stands for signals, whose command is -1
    rows = log.refusals["command"]
    return np.asarray(numbers[np.where(rows < log.commands.size, rows, -1)], np.int64)


def _funding(log: RunLog) -> Table:
    payments = log.payments
    return {
        "ts": payments["ts"],
        "symbol": _symbols(log, payments["instrument"]),
        "position": _steps_to(log.instruments, payments, "lots", "lot"),
        "mark": _steps_to(log.instruments, payments, "ticks", "tick"),
        "rate": payments["rate"],
        "amount": payments["amount"],
    }
