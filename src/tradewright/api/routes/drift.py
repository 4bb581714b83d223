"""A deployment beside the backtest over its bars."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from tradewright.api.asking import Serving, Viewer
from tradewright.api.models.desk import DeploymentName, moment
from tradewright.api.problems import Refused, problems
from tradewright.domain.errors import Conflict
from tradewright.services.jobs.clerk import error_of

__all__ = ["router"]

router = APIRouter(prefix="/deployments", tags=["deployments"])

_PATIENCE_S = 20.0


class ApartView(BaseModel):
    """An execution that is not the same in both."""

    ts: datetime
    instrument: str = Field(examples=["BTC/USDT:USDT"])
    side: Literal["buy", "sell"]
    ours: float | None = Field(description="Price; null where the session has none.")
    expected: float | None = Field(description="Price; null where the backtest has none.")
    why: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> ApartView:
        """A difference as it is answered; see `services.desk.beside.Apart`."""
        return cls(**{**row, "ts": moment(row["ts"]), "side": "buy" if row["side"] > 0 else "sell"})


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
    server: Serving, caller: Viewer, name: Annotated[DeploymentName, Path(description="Of the deployment.")]
) -> DriftView:
    """Play its session again, run the backtest over the same bars, and say in what the two differ.

    A job does it, unless one has done so since the last bar. Where it takes longer than a request may, the answer is
    409 `not-finished`: ask again, and the same job answers.
    """
    one = await server.desk.deployments.get(name)
    job = await server.jobs.ended((await server.drift.job(one, caller.name)).id, _PATIENCE_S)
    if not job.has_ended:
        words = f"job {job.id} plays the session again, and has not finished: ask again"
        raise Refused(409, "not-finished", words, {"Retry-After": "2"})
    if job.result is None:
        if job.error is not None:
            raise error_of(job.error)
        raise Refused(409, "not-made", f"job {job.id} was cancelled")
    if not job.result["played"]:
        raise Conflict(f"deployment {name} has played no bar yet: there is nothing to set beside a backtest")
    return _view(name, {**job.result, "session": one.session})


def _view(name: str, told: Mapping[str, Any]) -> DriftView:
    same = {name: told[name] for name in ("session", "score", "equity", "expected", "worse_bps", "differences")}
    items = [ApartView.of(row) for row in told["apart"]]
    return DriftView(**same, deployment=name, executions=told["ours"], items=items)
