"""Pairs: the instruments that a user watches."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from tradewright.api.asking import Serving, Trader, Viewer
from tradewright.api.models.desk import moment
from tradewright.api.models.plain import SymbolName
from tradewright.api.problems import problems
from tradewright.bootstrap.server import Server
from tradewright.domain.errors import Absent
from tradewright.domain.pair import Pair, pair_symbol

__all__ = ["router"]

router = APIRouter(prefix="/pairs", tags=["pairs"])
_Id = Annotated[SymbolName, Path(description="`BTC-USDT:USDT`, or `BTCUSDT`.", examples=["BTCUSDT"])]


class PairView(BaseModel):
    """An instrument that is watched."""

    id: str = Field(description="For paths.", examples=["BTC-USDT:USDT"])
    symbol: str = Field(examples=["BTC/USDT:USDT"])
    exchange: str = Field(examples=["practice"])
    is_active: bool = Field(description="Whether the simulation trades it, if nothing is said.", examples=[True])
    added: datetime = Field(examples=["2026-11-22T10:00:00Z"])


class PairList(BaseModel):
    """Pairs, in the order in which they were added."""

    items: list[PairView]


class NewPair(BaseModel):
    """An instrument to watch."""

    model_config = ConfigDict(extra="forbid")

    symbol: SymbolName = Field(description="`BTCUSDT` is the perpetual contract.", examples=["BTC/USDT:USDT"])
    is_active: bool = Field(True, examples=[True])


class PairChange(BaseModel):
    """What is to change of a pair."""

    model_config = ConfigDict(extra="forbid")

    is_active: bool = Field(examples=[False])


def _view(one: Pair) -> PairView:
    return PairView(
        id=one.symbol.replace("/", "-"), symbol=one.symbol, exchange=one.venue, is_active=one.is_active,
        added=moment(one.added),
    )  # fmt: skip


async def _pair(server: Server, text: str) -> Pair:
    symbol = pair_symbol(text)
    for one in await server.pairs.all(server.configured.tree.venue.exchange):
        if one.symbol == symbol:
            return one
    raise Absent(f"{symbol} is not watched")


@router.get("")
async def list_pairs(server: Serving, _: Viewer) -> PairList:
    """List the pairs of the configured exchange."""
    return PairList(items=[_view(one) for one in await server.pairs.all(server.configured.tree.venue.exchange)])


@router.post("", status_code=201, responses=problems(409))
async def create_pair(server: Serving, _: Trader, body: NewPair) -> PairView:
    """Watch one more."""
    pair = Pair(server.configured.tree.venue.exchange, pair_symbol(body.symbol), body.is_active, server.clock.now_ns())
    await server.pairs.add(pair)
    server.news.tell("pairs.changed", {"symbol": pair.symbol, "is_active": pair.is_active})
    return _view(pair)


@router.get("/{pair_id}", responses=problems(404))
async def get_pair(server: Serving, _: Viewer, pair_id: _Id) -> PairView:
    """Show a pair."""
    return _view(await _pair(server, pair_id))


@router.patch("/{pair_id}", responses=problems(404))
async def update_pair(server: Serving, _: Trader, pair_id: _Id, body: PairChange) -> PairView:
    """Say whether a pair is active."""
    one = await _pair(server, pair_id)
    changed = Pair(one.venue, one.symbol, body.is_active, one.added)
    await server.pairs.change(changed)
    server.news.tell("pairs.changed", {"symbol": one.symbol, "is_active": body.is_active})
    return _view(changed)


@router.delete("/{pair_id}", status_code=204, responses=problems(404))
async def delete_pair(server: Serving, _: Trader, pair_id: _Id) -> None:
    """Watch a pair no more; what trades it goes on."""
    one = await _pair(server, pair_id)
    await server.pairs.remove(one.venue, one.symbol)
    server.news.tell("pairs.changed", {"symbol": one.symbol, "is_active": False})
