"""What people ask of deployments, and what they are told of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tradewright.domain.deployment import Deployment, DeploymentTerms
from tradewright.domain.errors import Absent, Conflict, InvalidValue
from tradewright.domain.mode import Mode
from tradewright.domain.session_name import check_session_name
from tradewright.ports.deployments import Deployments
from tradewright.ports.happenings import FactBoard
from tradewright.ports.session_store import SessionStore
from tradewright.services.kill_switch import calm_wish, kill_wishes

__all__ = ["Desk", "Left"]

_LONGEST = 34
Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Left:
    """What was left for a deployment's session.

    Args:
        deployment: as it is now.
        wishes: their numbers, by which answers are found; none where it has no session yet that could do anything.
    """

    deployment: Deployment
    wishes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """Deployments, their sessions, and the wishes that are left for them.

    Args:
        deployments: which there are.
        sessions: their journals, by mode.
        facts: how sessions stand, as the process that trades has put it down.
        check: says what of a mode and terms cannot be used, before anything is written.
    """

    deployments: Deployments
    sessions: Mapping[Mode, SessionStore[Any]]
    facts: FactBoard
    check: Callable[[Mode, DeploymentTerms], Awaitable[None]]

    async def create(self, new: Deployment) -> Deployment:
        """Add a deployment.

        Args:
            new: as it is wanted; its session is named here.

        Raises:
            InvalidValue: its name, or one of its terms, is not allowed.
            Conflict: there is one of that name, or another trades one of its instruments in the same account.
        """
        if len(check_session_name(new.name)) > _LONGEST:
            raise InvalidValue("name", new.name, f"at most {_LONGEST} letters")
        await self.check(new.mode, new.terms)
        if new.wanted == "running":
            await self._check_account(new)
        named = replace(new, session=await self._free_session(new, 1))
        await self.deployments.add(named)
        return await self.deployments.get(new.name)

    async def start(self, name: str, by: str) -> Deployment:
        """Let one trade; where it does already, nothing changes.

        Raises:
            Absent: there is none.
            Conflict: another trades one of its instruments in the same account.
        """
        one = await self.deployments.get(name)
        if one.wanted == "running":
            return one
        await self.check(one.mode, one.terms)
        await self._check_account(one)
        return await self.deployments.change(replace(one, wanted="running", owner=by))

    async def stop(self, name: str, by: str) -> Deployment:
        """Let one trade no more; what protects its positions stays where it is."""
        one = await self.deployments.get(name)
        if one.wanted == "stopped":
            return one
        return await self.deployments.change(replace(one, wanted="stopped", owner=by))

    async def reset(self, name: str, terms: DeploymentTerms | None, by: str) -> Deployment:
        """Begin anew: another session, with the capital of its terms; the journal of the one before stays.

        Args:
            name: of it.
            terms: other ones; None keeps them.
            by: who says so.

        Raises:
            Conflict: it is one of the configuration, and other terms are wanted.
        """
        one = await self.deployments.get(name)
        if terms is not None:
            if one.origin == "configuration":
                raise Conflict(f"deployment {name}: the configuration's file says what it trades; change it there")
            await self.check(one.mode, terms)
        changed = replace(
            one, terms=terms or one.terms, owner=by, session=await self._free_session(one, _number(one) + 1)
        )
        if changed.wanted == "running":
            await self._check_account(changed)
        return await self.deployments.change(changed)

    async def remove(self, name: str) -> None:
        """Forget one that does not trade; the journals of its sessions stay.

        Raises:
            Conflict: it trades, or it is one of the configuration.
        """
        one = await self.deployments.get(name)
        if one.wanted == "running" or one.state == "running":
            raise Conflict(f"deployment {name}: it trades; stop it first")
        await self.deployments.remove(name)

    async def swap(self, name: str, strategy: str | None, params: Plain, by: str) -> Left:
        """Let one go on with other parameters, or another strategy; what it holds stays.

        Raises:
            InvalidValue, UnknownName: there is no such strategy or parameter.
            Conflict: it is one of the configuration.
        """
        one = await self.deployments.get(name)
        if one.origin == "configuration":
            raise Conflict(f"deployment {name}: the configuration's file says what it trades; change it there")
        kept = dict(one.terms.params) if strategy in (None, one.terms.strategy) else {}
        terms = replace(one.terms, strategy=strategy or one.terms.strategy, params={**kept, **params})
        await self.check(one.mode, terms)
        changed = await self.deployments.change(replace(one, terms=terms, owner=by))
        if await self.has_begun(one):
            wish = {"kind": "swap", "strategy": terms.strategy, "params": dict(terms.params), "by": by}
            return Left(changed, (await self.sessions[one.mode].ask(one.session, wish),))
        return Left(changed)

    async def ask(self, name: str, *records: Plain) -> Left:
        """Leave wishes for a deployment's session, in their order: see `services.live.acts`.

        Raises:
            Absent: there is no such deployment.
            Conflict: it has not begun.
        """
        one = await self.deployments.get(name)
        if not await self.has_begun(one):
            raise Conflict(f"deployment {name}: it has not begun to trade; start it first")
        return Left(one, tuple([await self.sessions[one.mode].ask(one.session, record) for record in records]))

    async def kill(self, name: str, by: str, *, flatten: bool) -> Left:
        """Let one open nothing any more, and with `flatten` close every position.

        Raises:
            Absent: there is none.
            Conflict: it has not begun.
        """
        one = await self.deployments.get(name)
        return await self.ask(name, *kill_wishes(by, flatten=flatten, at_venue=one.terms.matched_by == "venue"))

    async def calm(self, name: str, by: str) -> Left:
        """Let one open positions again."""
        one = await self.deployments.get(name)
        return await self.ask(name, calm_wish(by, at_venue=one.terms.matched_by == "venue"))

    async def has_begun(self, one: Deployment) -> bool:
        """Whether its session has a journal."""
        return one.session in await self.sessions[one.mode].names()

    async def told(self, one: Deployment) -> Plain:
        """How its session stands, as it was told last; empty where nothing was told."""
        found = await self.facts.of(one.session)
        return {} if found is None else found.told

    async def chosen(self, mode: Mode | None = None, name: str | None = None) -> Sequence[Deployment]:
        """Deployments of a mode, or of a name; of all where neither is named.

        Raises:
            Absent: there is none of that name, or it is of another mode.
        """
        found = [one for one in await self.deployments.all() if mode in (None, one.mode) and name in (None, one.name)]
        if name is not None and not found:
            raise Absent(f"deployment {name}: there is none")
        return found

    async def _check_account(self, one: Deployment) -> None:
        # Two sessions in one account would each take the other's position for a difference.
        if one.terms.matched_by == "engine":
            return
        for other in await self.deployments.all():
            is_beside = other.name != one.name and other.mode == one.mode and other.wanted == "running"
            if not is_beside or other.terms.matched_by == "engine":
                continue
            if both := sorted(set(one.terms.instruments) & set(other.terms.instruments)):
                raise Conflict(f"{both[0]} is traded by deployment {other.name} in the same account; stop it first")

    async def _free_session(self, one: Deployment, number: int) -> str:
        # One that was never used before, so that nobody takes the new session for the old one.
        taken = set(await self.sessions[one.mode].names())
        taken |= {other.session for other in await self.deployments.all()}
        while (name := one.name if number == 1 else f"{one.name}-{number}") in taken:
            number += 1
        return name


def _number(one: Deployment) -> int:
    # Which session of its deployment it is.
    rest = one.session.removeprefix(f"{one.name}-")
    return int(rest) if rest.isdigit() and rest != one.session else 1
