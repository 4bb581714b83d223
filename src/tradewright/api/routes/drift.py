"""A deployment beside the backtest over its bars."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from tradewright.api.asking import Serving, Viewer
from tradewright.api.models.desk import DeploymentName, moment
from tradewright.api.problems import problems
from tradewright.bootstrap.wiring import strategies
from tradewright.domain.errors import Conflict
from tradewright.services.desk.beside import Apart, beside_of

__all__ = ["router"]

router = APIRouter(prefix="/deployments", tags=["deployments"])

_MOST = 200
# Each runs a whole backtest beside what is answered meanwhile: one at a time.
_ONE = asyncio.Semaphore(1)


class ApartView(BaseModel):
    """An execution that is not the same in both."""

    ts: datetime
    instrument: str = Field(examples=["BTC/USDT:USDT"])
    side: Literal["buy", "sell"]
    ours: float | None = Field(description="Price; null where the session has none.")
    expected: float | None = Field(description="Price; null where the backtest has none.")
    why: str

    @classmethod
    def of(cls, one: Apart) -> ApartView:
        """A difference as it is answered."""
        return cls(
            ts=moment(one.ts), instrument=one.instrument, side="buy" if one.side > 0 else "sell", ours=one.ours,
            expected=one.expected, why=one.why,
        )  # fmt: skip


class DriftView(BaseModel):
    """What sets a session and the backtest over its bars apart."""

    deployment: str = Field(examples=["simulation"])
    session: str = Field(examples=["simulation"])
    score: float = Field(description="Executions that both have, as a share of all.", examples=[1.0])
    equity: float = Field(description="The session's less the backtest's at the end, quote.", examples=[-1.25])
    executions: int = Field(description="Of the session.", examples=[12])
    expected: int = Field(description="Of the backtest.", examples=[12])
    worse_bps: float | None = Field(
        description="By how much our prices were worse, basis points; null where both are matched here."
    )
    differences: int = Field(description="How many there are; the newest are told.")
    items: list[ApartView]


@router.get("/{name}/drift", responses=problems(404, 409))
async def read_drift(
    server: Serving, _: Viewer, name: Annotated[DeploymentName, Path(description="Of the deployment.")]
) -> DriftView:
    """Play its session again, run the backtest over the same bars, and say in what the two differ."""
    one = await server.desk.deployments.get(name)
    records = await server.desk.sessions[one.mode].read(one.session)
    if not records:
        raise Conflict(f"deployment {name} has not begun to trade: there is nothing to set beside a backtest")
    async with _ONE:
        known = await asyncio.to_thread(lambda: beside_of(one.session, records, strategies(server.settings)))
    if known is None:
        raise Conflict(f"deployment {name} has played no bar yet: there is nothing to set beside a backtest")
    return DriftView(
        deployment=name, session=one.session, score=known.score, equity=known.equity, executions=known.ours,
        expected=known.expected, worse_bps=known.worse_bps, differences=len(known.apart),
        items=[ApartView.of(row) for row in reversed(known.apart[-_MOST:])],
    )  # fmt: skip
