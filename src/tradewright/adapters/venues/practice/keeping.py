"""Keep an exchange in a folder, and bring it back: its market, its accounts, and what the wire has shown of them.

One file, `exchange.npz`: every array, and the rest as JSON in bytes. It is written whole, and then put in place.
"""

from __future__ import annotations

import json
import zipfile
from collections import deque
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.adapters.venues.practice.countdown import start_countdown
from tradewright.adapters.venues.practice.course import Print
from tradewright.adapters.venues.practice.desk import expire_later
from tradewright.adapters.venues.practice.exchange import Exchange
from tradewright.adapters.venues.practice.ledger import Income, Ledger
from tradewright.adapters.venues.practice.orders import WireOrder
from tradewright.adapters.venues.practice.seat import Seat
from tradewright.adapters.venues.practice.user_events import FillNote
from tradewright.domain.errors import InvalidValue, StoreError
from tradewright.engine.venue_queue import QueuePlace

__all__ = ["bring_back", "keep", "kept_head"]

_FILE, _HEAD = "exchange.npz", "told"
_SHARED = (
    "ts_open", "ts_close", "open", "high", "low", "close", "mark_open", "mark_high", "mark_low", "mark_close",
)  # fmt: skip
_FORM = 4

Arrays = dict[str, NDArray[Any]]


def keep(exchange: Exchange, folder: Path) -> None:
    """Write an exchange into a folder, in place of what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: Arrays = {f"present.{name}": getattr(exchange.present.market, name) for name in _SHARED}
    for k, minutes in enumerate(exchange.minutes):
        arrays[f"minutes.{k}"] = minutes.table
    for seat in exchange.seats.values():
        arrays |= _arrays_of(seat)
    arrays[_HEAD] = np.frombuffer(json.dumps(_told(exchange), separators=(",", ":")).encode(), np.uint8)
    new = folder / f"{_FILE}.new"
    with new.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]  # no array is named as an argument
    new.replace(folder / _FILE)


def _arrays_of(seat: Seat) -> Arrays:
    prefix = f"seat.{seat.ledger.number}"
    world = seat.account.world._asdict()
    return {f"{prefix}.specs": seat.account.market.specs} | {f"{prefix}.{name}": own for name, own in world.items()}


def _told(exchange: Exchange) -> dict[str, Any]:
    return {
        "form": _FORM,
        "symbols": [listing.symbol for listing in exchange.listings],
        "source_start": exchange.script.start,
        "now": exchange.clock.now(),
        "course": exchange.script.place,
        "funded": exchange.funded,
        "printed": exchange.printed,
        "taken": exchange.taken.told,
        "trades": [list(own) for own in exchange.trades],
        "minutes": [minutes.begin for minutes in exchange.minutes],
        "seats": [_seat_told(seat) for seat in exchange.seats.values()],
    }


def _seat_told(seat: Seat) -> dict[str, Any]:
    ledger = seat.ledger
    return {
        "key": seat.key,
        "secret": seat.secret,
        "listen_key": seat.listen_key,
        "listen_until": seat.listen_until,
        "orders": [asdict(order) for order in ledger.orders.values()],
        "fills": [[*fill[:1], fill.order.id, *fill[2:]] for fill in ledger.fills],
        "incomes": ledger.incomes,
        "in_legs": seat.in_legs,
        "multi_assets": seat.multi_assets,
        "transfers": seat.transfers,
        "countdowns": seat.countdowns,
        "cooling_until": seat.cooling_until,
        "liquidated_until": seat.liquidated_until,
        "conduct": seat.conduct.told(),
        "earned": ledger.earned,
        "changed": ledger.changed,
    }


def kept_head(folder: Path) -> dict[str, Any] | None:
    """What a folder says of the exchange in it; None where there is none.

    Raises:
        StoreError: it cannot be read, or was kept by another version.
    """
    path = folder / _FILE
    if not path.exists():
        return None
    head = json.loads(_loaded(folder)[_HEAD].tobytes())
    if head["form"] != _FORM:
        raise StoreError(f"{path} was kept by another version; remove it to begin anew")
    found: dict[str, Any] = head
    return found


def _loaded(folder: Path) -> Arrays:
    try:
        with np.load(folder / _FILE) as file:
            arrays: Arrays = dict(file)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        arrays = {}
    if _HEAD not in arrays:
        raise StoreError(f"{folder / _FILE} cannot be read; remove it to begin anew")
    return arrays


def bring_back(exchange: Exchange, folder: Path, head: dict[str, Any]) -> None:
    """Make an exchange, new and at its start, what was kept; its clock stands where that stood.

    Raises:
        InvalidValue: it has other symbols, or plays another market, than the one that was kept.
        StoreError: it was kept by another version.
    """
    symbols = [listing.symbol for listing in exchange.listings]
    if head["symbols"] != symbols:
        raise InvalidValue("--symbols", ",".join(symbols), f"{','.join(head['symbols'])}, as it was kept")
    if head["source_start"] != exchange.script.start:
        raise InvalidValue(
            "--data", str(folder), "the folder of this market: what was kept there began at another time"
        )
    arrays = _loaded(folder)
    for name in _SHARED:
        getattr(exchange.present.market, name)[:] = arrays[f"present.{name}"]
    for k, minutes in enumerate(exchange.minutes):
        minutes.restore(head["minutes"][k], arrays[f"minutes.{k}"])
    for k, trades in enumerate(head["trades"]):
        exchange.trades[k] = deque(((number, Print(*trade)) for number, trade in trades), exchange.trades[k].maxlen)
    exchange.printed[:] = head["printed"]
    exchange.taken.bring_back(head["taken"])
    exchange.script.go_on(head["course"])
    exchange.funded = head["funded"]
    exchange.clock.advance(head["now"] - exchange.clock.now())
    for told in head["seats"]:
        seat = exchange.seats.get(told["key"]) or exchange.open_account(told["key"], told["secret"], 0.0)
        _bring_seat(exchange, seat, told, arrays)


def _bring_seat(exchange: Exchange, seat: Seat, told: dict[str, Any], arrays: Arrays) -> None:
    prefix, account = f"seat.{seat.ledger.number}", seat.account
    if told["in_legs"]:
        account.turn(in_legs=True)
    world: dict[str, Any] = {name: arrays.get(f"{prefix}.{name}") for name in account.world._fields}
    for name, fresh in account.world._asdict().items():
        if world[name] is None or world[name].dtype != fresh.dtype:
            raise StoreError("the accounts were kept by another version; remove the folder to begin anew")
        # A file does not say that records are aligned, and of others the compiled kernels know nothing: they would be
        # compiled anew, for half a minute.
        aligned = np.empty(world[name].shape, fresh.dtype)
        aligned[...] = world[name]
        world[name] = aligned
    account.world = account.world._replace(**world)
    account.market.specs[:] = arrays[f"{prefix}.specs"]
    seat.listen_key, seat.listen_until = told["listen_key"], told["listen_until"]
    seat.multi_assets, seat.transfers = told["multi_assets"], [tuple(row) for row in told["transfers"]]
    seat.cooling_until, seat.liquidated_until = told["cooling_until"], told["liquidated_until"]
    _bring_ledger(seat.ledger, told)
    seat.conduct.bring_back(told["conduct"], seat.ledger.orders)
    for order in seat.ledger.open.values():
        expire_later(exchange, seat, order)
    for k, until in told["countdowns"].items():
        start_countdown(exchange, seat, int(k), until)


def _bring_ledger(ledger: Ledger, told: dict[str, Any]) -> None:
    for row in told["orders"]:
        order = WireOrder(**row | {"place": QueuePlace(**row["place"])})
        ledger.add(order)
        if not order.is_open:
            ledger.open.pop(order.id)
    ledger.fills = [FillNote(row[0], ledger.orders[row[1]], *row[2:]) for row in told["fills"]]
    ledger.incomes = [Income(*row) for row in told["incomes"]]
    ledger.earned, ledger.changed = told["earned"], told["changed"]
