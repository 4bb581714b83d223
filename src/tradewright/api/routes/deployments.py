"""Deployments: what is to trade, and what is asked of it while it does."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from tradewright.api.asking import Serving, Trader, Viewer
from tradewright.api.models.desk import DeploymentName, DeploymentView, TermsModel, Values, Word, view_of
from tradewright.api.models.trading import SessionStatus
from tradewright.api.problems import problems
from tradewright.api.proving import Proving
from tradewright.bootstrap.desk import usual_terms
from tradewright.bootstrap.server import Server
from tradewright.domain.deployment import Deployment, Wanted
from tradewright.domain.errors import Conflict
from tradewright.domain.mode import Mode
from tradewright.domain.people import Caller
from tradewright.services.desk.desk import Left
from tradewright.services.wish_answers import hear

__all__ = ["router"]

router = APIRouter(prefix="/deployments", tags=["deployments"])
Name = Annotated[DeploymentName, Path(description="Of the deployment.", examples=["trend"])]


async def _opener(server: Serving, caller: Trader, proof: Proving, name: Name) -> Caller:
    # What may open positions with money is asked of whoever can prove it; to stop is not.
    if (await server.desk.deployments.get(name)).mode == "live":
        await proof.demand(caller)
    return caller


WishNumber = Annotated[int, Field(ge=1, le=2**53)]
Opener = Annotated[Caller, Depends(_opener)]


class NewDeployment(TermsModel):
    """A deployment that is to be."""

    name: DeploymentName = Field(description="By which it is spoken of.", examples=["trend"])
    mode: Mode = Field("simulation", description="`live` is with money.", examples=["simulation"])
    start: bool = Field(False, description="Whether it begins to trade at once.", examples=[True])


class DeploymentList(BaseModel):
    """Deployments, by name."""

    items: list[DeploymentView]


class Swap(BaseModel):
    """Other parameters, or another strategy, for one that trades."""

    model_config = ConfigDict(extra="forbid")

    strategy: Word | None = Field(None, description="null stays as it is.", examples=["rsi_reversion"])
    params: Values = Field(default_factory=dict, examples=[{"fast": 12}])


class Answer(BaseModel):
    """What became of what was asked of a deployment's session."""

    state: Literal["done", "refused", "waiting", "idle"] = Field(
        description="`refused`: one of them at least; `waiting`: it is not known yet; `idle`: no process runs it, and "
        "it is done when it goes on.",
        examples=["refused"],
    )  # fmt: skip
    text: str = Field(description="Why it was refused; empty otherwise.", examples=["no bar yet"])


@router.get("")
async def list_deployments(
    server: Serving, _: Viewer, mode: Annotated[Mode | None, Query(description="Only of this mode.")] = None
) -> DeploymentList:
    """List deployments, those of the configuration among them."""
    return DeploymentList(items=[view_of(one) for one in await server.desk.chosen(mode)])


@router.post("", status_code=201, responses=problems(409))
async def create_deployment(server: Serving, caller: Trader, proof: Proving, body: NewDeployment) -> DeploymentView:
    """Add a deployment; with `start`, it begins to trade."""
    if body.start and body.mode == "live":
        await proof.demand(caller)
    plain = TermsModel(**body.model_dump(exclude={"name", "mode", "start"}))
    terms = plain.terms(body.mode, usual_terms(server.configured))
    wanted: Wanted = "running" if body.start else "stopped"
    new = Deployment(body.name, body.mode, body.name, terms, wanted, "api", caller.name)
    return await _done(server, caller, "create", await server.desk.create(new))


@router.get("/{name}", responses=problems(404))
async def get_deployment(server: Serving, _: Viewer, name: Name) -> DeploymentView:
    """Show what a deployment trades, and how it stands."""
    return view_of(await server.desk.deployments.get(name))


@router.get("/{name}/status", responses=problems(404, 409))
async def read_deployment_status(server: Serving, _: Viewer, name: Name) -> SessionStatus:
    """Say how its session stands: what it trades, its equity, what holds it back."""
    told = await server.desk.told(await server.desk.deployments.get(name))
    if not told:
        raise Conflict(f"deployment {name} has not begun to trade: there is nothing to tell yet")
    return SessionStatus.model_validate(told["status"])


@router.get("/{name}/answer", responses=problems(404, 409))
async def read_answer(
    server: Serving,
    _: Viewer,
    name: Name,
    wish: Annotated[list[WishNumber], Query(min_length=1, max_length=10, description="As it was numbered.")],
    wait_s: Annotated[float, Query(ge=0, le=5, description="How long it is waited for at most.")] = 0.0,
) -> Answer:
    """Tell what became of what was asked of its session. Of a number that nobody remembers, or never gave: `done`."""
    one = await server.desk.deployments.get(name)
    if not await server.desk.has_begun(one):
        raise Conflict(f"deployment {name}: it has not begun to trade; start it first")
    numbers = {number: f"wish {number}" for number in wish}
    told = await hear(server.desk.sessions[one.mode], one.session, numbers, server.clock, wait_s)
    return Answer(state=told.state, text=told.text)


@router.delete("/{name}", status_code=204, responses=problems(404, 409))
async def delete_deployment(server: Serving, caller: Trader, name: Name) -> None:
    """Forget one that does not trade; the journals and books of its sessions stay."""
    await server.desk.remove(name)
    await server.people.deeds.enter(caller.by, "deployment.delete", name)


@router.post("/{name}/start", responses=problems(404, 409))
async def start_deployment(server: Serving, caller: Opener, name: Name) -> DeploymentView:
    """Let one trade; it goes on where it ended."""
    return await _done(server, caller, "start", await server.desk.start(name, caller.name))


@router.post("/{name}/stop", responses=problems(404, 409))
async def stop_deployment(server: Serving, caller: Trader, name: Name) -> DeploymentView:
    """Let one trade no more; what protects its positions stays at the venue."""
    return await _done(server, caller, "stop", await server.desk.stop(name, caller.name))


@router.post("/{name}/pause", responses=problems(404, 409))
async def pause_deployment(server: Serving, caller: Trader, name: Name) -> DeploymentView:
    """Let one open nothing more until it is resumed; what leaves, reduces and cancels still passes."""
    return await _done(server, caller, "pause", await server.desk.ask(name, {"kind": "pause", "by": caller.by}))


@router.post("/{name}/resume", responses=problems(404, 409))
async def resume_deployment(server: Serving, caller: Opener, name: Name) -> DeploymentView:
    """End a pause."""
    return await _done(server, caller, "resume", await server.desk.ask(name, {"kind": "resume", "by": caller.by}))


@router.post("/{name}/flatten", responses=problems(404, 409))
async def flatten_deployment(server: Serving, caller: Trader, name: Name) -> DeploymentView:
    """Cancel every order of one and close every position."""
    return await _done(server, caller, "flatten", await server.desk.ask(name, {"kind": "flatten", "by": caller.by}))


@router.post("/{name}/kill", responses=problems(404, 409))
async def kill_deployment(server: Serving, caller: Trader, name: Name) -> DeploymentView:
    """Cancel what may open a position, and open nothing any more; see also POST /risk/kill."""
    return await _done(server, caller, "kill", await server.desk.kill(name, caller.by, flatten=False))


@router.post("/{name}/swap", responses=problems(404, 409))
async def swap_deployment(server: Serving, caller: Opener, name: Name, body: Swap) -> DeploymentView:
    """Go on with other parameters, or another strategy: what is held and waits stays."""
    left = await server.desk.swap(name, body.strategy, body.params, caller.name)
    return await _done(server, caller, "swap", left)


@router.put("/{name}/terms", responses=problems(404, 409))
async def update_deployment_terms(server: Serving, caller: Opener, name: Name, body: TermsModel) -> DeploymentView:
    """Give one other terms: it begins anew with them, and the journal of the session before stays."""
    one = await server.desk.deployments.get(name)
    terms = body.terms(one.mode, usual_terms(server.configured))
    return await _done(server, caller, "terms", await server.desk.reset(name, terms, caller.name))


@router.post("/{name}/reset", responses=problems(404, 409))
async def reset_deployment(server: Serving, caller: Opener, name: Name) -> DeploymentView:
    """Begin anew with the same terms; the journal of the session before stays."""
    return await _done(server, caller, "reset", await server.desk.reset(name, None, caller.name))


async def _done(server: Server, caller: Caller, verb: str, what: Deployment | Left) -> DeploymentView:
    left = what if isinstance(what, Left) else Left(what)
    one = left.deployment
    await server.people.deeds.enter(caller.by, f"deployment.{verb}", one.name, mode=one.mode, session=one.session)
    return view_of(one, left.wishes)
