"""The system that runs, as its data folder tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradewright.bootstrap.settings import Settings
    from tradewright.cli.running import Asked, Fact
    from tradewright.ports.session_store import SessionStore
    from tradewright.services.paper.trading import PaperTrading, SessionHead
    from tradewright.services.wish_answers import WishAnswer

__all__ = ["AtFolder", "user"]

Row = dict[str, Any]


def user() -> str:
    """Who asks at this machine: the name under which this process runs."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


class AtFolder:
    """See `cli.running.Running`: journals in the data folder, and wishes that are left there.

    Args:
        settings: that say where it is.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def look(self, fact: Fact, name: str | None) -> tuple[str, Row | list[Row]]:
        """See `Running`."""
        from tradewright.bootstrap.any_session import on_session
        from tradewright.bootstrap.wiring import strategies
        from tradewright.services import session_facts

        async def read(own: str, sessions: SessionStore[Any]) -> tuple[str, Row | list[Row]]:
            known = session_facts.session_of(own, await sessions.read(own), strategies(self._settings))
            if fact == "status":
                return own, session_facts.status(own, known)
            found: Row | list[Row] = getattr(session_facts, fact)(known)
            return own, found

        return on_session(self._settings, name, read)

    def ask(self, name: str | None, record: Mapping[str, Any]) -> Asked:
        """See `Running`."""
        from tradewright.bootstrap.any_session import on_session
        from tradewright.bootstrap.clock import WallClock
        from tradewright.services.kill_switch import calm_wish, is_at_venue, kill_wishes
        from tradewright.services.wish_answers import ask_and_hear

        by = {"by": user()} if record["kind"] in ("confirm", "reject") else {}

        async def leave(own: str, sessions: SessionStore[Any]) -> tuple[str, WishAnswer, str]:
            wishes: Sequence[Mapping[str, Any]] = ({**record, **by},)
            if record["kind"] in ("kill", "calm"):
                records = await sessions.read(own)
                at_venue = bool(records) and is_at_venue(records[0])
                calm = (calm_wish(user(), at_venue=at_venue),)
                is_calm = record["kind"] == "calm"
                wishes = calm if is_calm else kill_wishes(user(), flatten=bool(record["flatten"]), at_venue=at_venue)
            told = await ask_and_hear(sessions, own, wishes, WallClock())
            is_confirmed = told.state == "done" and record["kind"] == "confirm"
            return own, told, await self._shown_anew(own, sessions, record) if is_confirmed else ""

        return _asked(str(record["kind"]), *on_session(self._settings, name, leave))

    async def _shown_anew(self, own: str, sessions: SessionStore[Any], record: Mapping[str, Any]) -> str:
        # Where price has moved against it, an order that was confirmed waits on.
        from tradewright.bootstrap.wiring import strategies
        from tradewright.services import session_facts

        known = session_facts.session_of(own, await sessions.read(own), strategies(self._settings))
        for row in session_facts.pending(known):
            if row["order"] == int(record["order_id"]):
                return (
                    f"order {row['order']} is shown anew at {row['price']:g}: price has moved against it; decide again"
                )
        return ""

    def runs(self, name: str) -> bool:
        """See `Running`."""
        from tradewright.bootstrap.any_session import on_session

        async def at_work(own: str, sessions: SessionStore[Any]) -> bool:
            return await sessions.is_at_work(own)

        return on_session(self._settings, name, at_work)

    def sessions(self) -> list[Row]:
        """See `Running`."""
        from tradewright.bootstrap.paper import on_paper
        from tradewright.domain.times import iso

        async def heads(trading: PaperTrading) -> list[tuple[str, SessionHead]]:
            return [(name, await trading.head(name)) for name in await trading.sessions.names()]

        return [
            {"session": name, "strategy": head.strategy, "instruments": ", ".join(head.instruments),
             "timeframe": head.timeframe, "venue": head.venue, "bars": head.steps, "last close": iso(head.last_close)}
            for name, head in on_paper(self._settings, heads)
        ]  # fmt: skip


def _asked(kind: str, own: str, told: WishAnswer, shown_anew: str) -> Asked:
    from tradewright.cli.running import Asked, asked_of

    return Asked("refused", shown_anew) if shown_anew else asked_of(f"session {own}", own, kind, told)
