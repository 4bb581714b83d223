"""Trading at a venue as a use case: begin a session, follow the venue, go on after a break."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from typing import Any

from tradewright.domain.errors import InvalidValue
from tradewright.domain.result_id import result_id
from tradewright.domain.run import RunSpec
from tradewright.domain.times import iso
from tradewright.engine.venue_session import VenueSession
from tradewright.portfolio.warnings import warning_of
from tradewright.services.backtests import BacktestRequest, Backtests, Kept
from tradewright.services.live.driver import Driver
from tradewright.services.live.fold import live_session_of
from tradewright.services.live.session import LiveSession
from tradewright.services.live.terms import TradingPlace, Watcher
from tradewright.services.paper.records import Beginning, beginning_record
from tradewright.services.paper.sessions import PaperSession
from tradewright.services.paper.venue_steps import VenueSteps
from tradewright.services.pending import Confirming

__all__ = ["LiveTrading"]


@dataclass(frozen=True, slots=True)
class LiveTrading:
    """Sessions whose orders lie at a venue.

    Args:
        backtests: describes runs and keeps results.
    """

    backtests: Backtests

    async def begin(
        self,
        request: BacktestRequest,
        context: int,
        place: TradingPlace[Any],
        confirming: Confirming,
        *,
        name: str | None = None,
    ) -> str:
        """Begin a session with the last bars of the venue as its context; gives its name.

        Args:
            request: strategy, instruments and rules; its range and venue are not used.
            context: bars that the strategy is shown before the first that is traded; more where it warms up longer.
            place: where it trades.
            confirming: how orders that open a position are confirmed.
            name: of the session; None gives it one.

        Raises:
            TradewrightError: whatever is wrong with the request, by field, or with the venue; nothing is written then.
        """
        strategy = self.backtests.strategies.create(request.strategy, request.params)
        asked = replace(request, venue=place.history.venue, start=None, end=None)
        spec = self.backtests.describe(asked, strategy)
        _check_reach(spec, place)
        feeds = await VenueSteps(place.history, spec, place.clock).beginning(max(context, strategy.warmup))
        code = self.backtests.code_fingerprint(self.backtests.strategies.source(spec.strategy))
        draft = PaperSession.new(Beginning(spec, feeds, code), self.backtests.strategies, VenueSession)
        begun = Beginning(replace(spec, start=draft.last_close), feeds, code)
        name = name or result_id(self.backtests.now(), self.backtests.salt())
        async with place.sessions.begin(name) as journal:
            await journal.append({**beginning_record(begun), "confirming": asdict(confirming)})
        return name

    async def follow(
        self, name: str, place: TradingPlace[Any], told: Watcher, begun: Callable[[Driver], None]
    ) -> LiveSession:
        """Make a session again from its journal, and trade until its driver is told to stop.

        Args:
            name: of the session.
            place: where it trades.
            told: what goes on.
            begun: is given the driver before it runs.

        Raises:
            StoreError: the journal is not there, damaged, or cannot be written.
            InvalidValue: the session is one of another venue, or the account cannot be set up for it.
            VenueError: the venue cannot be asked at the start.
        """
        async with place.sessions.open(name) as journal:
            live = live_session_of(name, journal.records, self.backtests.strategies)
            if place.history.venue != live.spec.venue:
                raise InvalidValue("--exchange", place.history.venue, f"{live.spec.venue}, where {name} trades")
            symbols, account = live.spec.instruments, place.account
            async with place.sessions.alone_with(account, symbols) if account else nullcontext():
                driver = Driver(live, journal, place, told)
                begun(driver)
                await driver.run()
        return live

    def restored(self, name: str, records: Any) -> LiveSession:
        """A session as its records tell of it; it may be at work in another process."""
        return live_session_of(name, records, self.backtests.strategies)

    def keep(self, live: LiveSession) -> Kept:
        """Judge what came of a session, and keep it as a result beside those of backtests.

        Raises:
            DataError: it has not played a step.
        """
        own = live.own
        strategy = self.backtests.strategies.create(own.spec.strategy, dict(own.spec.params))
        since = iso(own.steps.opens[0]) if own.steps else "-"
        warning = warning_of("venue-session", venue=own.spec.venue, bars=len(own.steps), since=since)
        run = own.session.run
        return self.backtests.keep(run, self.backtests.passport(run, strategy), warnings=(warning, *own.warnings))


def _check_reach(spec: RunSpec, place: TradingPlace[Any]) -> None:
    if spec.risk.price_protect > 0.0 and (refusal := place.venue.abilities.lacks("price_protect")) is not None:
        raise InvalidValue("price_protect", spec.risk.price_protect, f"0: {refusal.text}")
    if spec.team:
        raise InvalidValue("team", len(spec.team), "of a session at a venue: one strategy; begin one for each")
    if spec.risk.position_mode == "hedge":
        raise InvalidValue("position_mode", "hedge", "of a session at a venue: one_way")
