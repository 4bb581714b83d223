"""Several strategies in one account: from a request to a stored result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tradewright.domain.errors import InvalidValue
from tradewright.domain.run import RunSpec
from tradewright.domain.team import Member, instruments_of, seats_of
from tradewright.engine.ambiguity import ambiguity_spread
from tradewright.engine.backtest import Progress, Run, no_progress, run_backtest
from tradewright.engine.feed import Feed
from tradewright.risk.policy import team_rows
from tradewright.services.backtests import BacktestRequest, Backtests, Kept
from tradewright.services.team_files import MemberRequest
from tradewright.strategy.strategy import Strategy

__all__ = ["TeamBacktests", "TeamRequest"]

_NAME = "team"


@dataclass(frozen=True, slots=True)
class TeamRequest:
    """What a user asks for.

    Args:
        members: at least one.
        account: all that is the account's; `risk` is what members trade by where they do not say otherwise. Its
            strategy, instruments, parameters and higher timeframe are not read: each member has its own.
    """

    members: tuple[MemberRequest, ...]
    account: BacktestRequest


@dataclass(frozen=True, slots=True)
class TeamBacktests:
    """Runs teams and keeps their results.

    Args:
        backtests: by which single strategies are run; data, strategies and results are theirs.
    """

    backtests: Backtests

    def run(self, request: TeamRequest, progress: Progress = no_progress) -> Kept:
        """Run a team, judge what came out, and keep it.

        Raises:
            TradewrightError: whatever is wrong with the request, by field; nothing is written then.
        """
        spec, cast, feeds = self.prepare(request)
        run = run_backtest(spec, cast, feeds, request.account.path, progress)
        return self.backtests.keep(run, self._passport(run, cast), spread=ambiguity_spread(run, cast))

    def prepare(self, request: TeamRequest) -> tuple[RunSpec, tuple[Strategy, ...], tuple[Feed, ...]]:
        """Check a request as a whole and load its data: description, a strategy for each member, a feed for each seat.

        Raises:
            TradewrightError: whatever is wrong, by field.
        """
        cast = tuple(self._strategy(member) for member in request.members)
        team = tuple(self._member(*pair, request.account) for pair in zip(request.members, cast, strict=True))
        account = replace(
            request.account,
            strategy=_NAME,
            instruments=instruments_of(team),
            timeframe=request.account.timeframe or _common_timeframe(cast),
            htf=None,
        )
        spec = replace(self.backtests.describe(account, _Stated()), team=team)
        team_rows(spec)
        return spec, cast, self._feeds(spec)

    def _strategy(self, member: MemberRequest) -> Strategy:
        try:
            return self.backtests.strategies.create(member.strategy, member.params)
        except InvalidValue as error:
            raise InvalidValue(
                f"{member.name}.params.{error.field.rpartition('.')[2]}", error.value, error.allowed
            ) from None

    @staticmethod
    def _member(asked: MemberRequest, strategy: Strategy, account: BacktestRequest) -> Member:
        # What a strategy states of itself gives way to what the user says of the account, and both to the member.
        stated = {name: value for name, value in strategy.risk.items() if name not in account.risk}
        return Member(
            name=asked.name,
            strategy=strategy.name,
            version=strategy.version,
            params=strategy.params,
            instruments=asked.instruments,
            share=asked.share,
            htf=asked.htf or strategy.htf,
            risk=tuple(sorted({**stated, **asked.risk}.items())),
            limits=tuple(sorted(asked.limits.items())),
        )

    def _feeds(self, spec: RunSpec) -> tuple[Feed, ...]:
        # Members on one instrument with the same context share what was loaded.
        loaded: dict[tuple[str, str | None], Feed] = {}
        feeds = []
        for who, symbol in seats_of(spec):
            htf = spec.team[who - 1].htf
            if (symbol, htf) not in loaded:
                loaded[symbol, htf] = self.backtests.feed(spec, symbol, htf)
            feeds.append(loaded[symbol, htf])
        return tuple(feeds)

    def _passport(self, run: Run, cast: Sequence[Strategy]) -> dict[str, Any]:
        # Each member on its own first instrument; at the head stands one that failed, if any did.
        first: dict[int, Feed] = {}
        for (who, _), feed in zip(seats_of(run.spec), run.seat_feeds, strict=True):
            first.setdefault(who - 1, feed)
        passports = {
            member.name: self.backtests.passport_on(first[place], cast[place], run.spec.seed)
            for place, member in enumerate(run.spec.team)
        }
        head = next((own for own in passports.values() if not own["passed"]), next(iter(passports.values())))
        return {**head, "members": passports}


@dataclass(frozen=True, slots=True)
class _Stated:
    # What the account as such takes from a strategy: nothing.
    name: str = _NAME
    version: str = ""
    ltf: str = ""
    htf: str | None = None
    params: tuple[tuple[str, Any], ...] = ()
    risk: Mapping[str, Any] = field(default_factory=dict)


def _common_timeframe(cast: Sequence[Strategy]) -> str:
    wanted = sorted({strategy.ltf for strategy in cast})
    if len(wanted) > 1:
        raise InvalidValue("--timeframe", None, f"one for all: the strategies are made for {', '.join(wanted)}")
    return wanted[0]
