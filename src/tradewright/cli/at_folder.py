"""The system that runs, as its data folder tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradewright.bootstrap.settings import Settings
    from tradewright.cli.running import Fact
    from tradewright.ports.session_store import SessionStore
    from tradewright.services.paper.trading import PaperTrading, SessionHead

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

    def ask(self, name: str | None, record: Mapping[str, Any]) -> str:
        """See `Running`."""
        from tradewright.bootstrap.any_session import on_session
        from tradewright.services.kill_switch import is_at_venue, kill_wishes

        by = {"by": user()} if record["kind"] in ("confirm", "reject") else {}

        async def leave(own: str, sessions: SessionStore[Any]) -> str:
            wishes: Sequence[Mapping[str, Any]] = ({**record, **by},)
            if record["kind"] == "kill":
                records = await sessions.read(own)
                at_venue = bool(records) and is_at_venue(records[0])
                wishes = kill_wishes(user(), flatten=bool(record["flatten"]), at_venue=at_venue)
            for wish in wishes:
                await sessions.ask(own, wish)
            return own

        own = on_session(self._settings, name, leave)
        return f"asked of session {own}: {record['kind']}; it is done at once where it runs, else when it goes on"

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
