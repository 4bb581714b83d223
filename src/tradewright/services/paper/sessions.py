"""A paper session's life: begun from a venue's history, played step by step, made again from its journal, kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tradewright.domain.errors import DataError, InvalidValue
from tradewright.domain.run import ResultWarning, RunSpec
from tradewright.engine.session import Heard, Session
from tradewright.market.steps import Step
from tradewright.portfolio.warnings import warning_of
from tradewright.ports.session_store import SimJournal
from tradewright.services.paper.by_hand import HAND_ACTS, hand_asks, new_asks, opens
from tradewright.services.paper.records import Beginning, beginning_of, step_of, step_record
from tradewright.services.paper.step_log import StepLog
from tradewright.services.paper.waiting import Waiting, check_waits, confirming_of
from tradewright.services.pending import Confirming
from tradewright.strategy.registry import Registry
from tradewright.strategy.strategy import Strategy

__all__ = ["ACTS", "PaperSession", "admitted_symbols"]

ACTS = ("pause", "resume", "flatten", "swap", "admit", *HAND_ACTS)
"""What may be asked of a session between two steps; `swap` comes with `params`, `strategy` or both, `admit` with the
`symbols` in which positions may be opened or enlarged from now on; for those of a hand see `by_hand`."""
_DECISIONS = ("confirm", "reject")
_OWN_ACTS = ("withdraw", *_DECISIONS)
"""What a session at a venue does in its own way. `withdraw` cancels what may open a position, and nothing else."""


@dataclass
class PaperSession:
    """A session and what has happened to it.

    Args:
        begun: with what it began.
        strategies: those that it may be swapped for.
        strategy: that trades now.
        session: as it stands.
        last_close: of its last step; before the first, of what was known at the beginning. UTC ns.
        steps: that it has played.
        missed_closes: of those that it heard of too late to decide on, UTC ns.
        acts: (step, what was asked of it in between).
        waiting: orders that wait to be confirmed; at a venue, the session there has them.
    """

    begun: Beginning
    strategies: Registry
    strategy: Strategy
    session: Session
    last_close: int
    steps: StepLog = field(default_factory=StepLog)
    missed_closes: list[int] = field(default_factory=list)
    acts: list[tuple[int, str]] = field(default_factory=list)
    waiting: Waiting = field(default_factory=lambda: Waiting(Confirming()))

    def __post_init__(self) -> None:
        # Between a record's writing and its playing nothing else may be written or played.
        self._turn = asyncio.Lock()

    @classmethod
    def of(cls, records: Iterable[Mapping[str, Any]], strategies: Registry) -> PaperSession:
        """Make a session again from its records.

        Raises:
            DataError: they are not those of a session.
            UnknownName: its strategy is not there any more.
            StrategyError: its strategy fails.
        """
        rest = iter(records)
        first = next(rest, None)
        if first is None:
            raise DataError("the session has no records: it ended before it began")
        begun = beginning_of(first)
        own = cls.new(begun, strategies)
        own.waiting = Waiting(confirming_of(first))
        for record in rest:
            own.play(record)
        return own

    @classmethod
    def new(cls, begun: Beginning, strategies: Registry, kind: type[Session] = Session) -> PaperSession:
        """A session that has not played a step; who matches its orders is the kind's affair."""
        strategy = strategies.create(begun.spec.strategy, dict(begun.spec.params))
        contexts = [feed.context for feed in begun.feeds if feed.context is not None]
        last = max(int(bars.ts_close[-1]) for bars in contexts)
        return cls(begun, strategies, strategy, kind(begun.spec, strategy, begun.feeds), last)

    @property
    def spec(self) -> RunSpec:
        """Of its run."""
        return self.begun.spec

    async def hear(self, steps: Sequence[Step], journal: SimJournal) -> list[tuple[Step, Heard]]:
        """Play steps that the venue has closed; each is in the journal before it is played.

        On all but the last, nothing new is decided: nobody could have acted at a close that he heard of after the next.
        What waits at the venue fills all the same, and exits pass.

        Raises:
            DataError: a step is none; it is not in the journal then.
            InvalidValue: a price rounds to no tick above zero; as above.
            StoreError: the journal cannot be written; what was not written was not played.
            StrategyError: the strategy fails.
        """
        told = []
        for number, step in enumerate(steps, start=1):
            async with self._turn:
                self.session.check(step)
                record = step_record(step, is_missed=number < len(steps))
                await journal.append(record)
                told.append((step, self.step(record)))
        return told

    async def act(self, record: Mapping[str, Any], journal: SimJournal, *, answers: int | None = None) -> None:
        """Do what is asked in between two steps: see `ACTS`.

        Args:
            record: what is asked.
            journal: of the session.
            answers: number of the wish that it does.

        Raises:
            DataError: there is no such act.
            InvalidValue: it cannot be done; it is not in the journal then.
            UnknownName: there is no such strategy or parameter.
            StoreError: the journal cannot be written; then it was not done.
        """
        if record.get("kind") not in (*ACTS, *_OWN_ACTS):
            raise DataError(f"act: {record.get('kind')!r}; one of {', '.join((*ACTS, *_OWN_ACTS))}")
        async with self._turn:
            self.check_hand(record)
            if record["kind"] == "swap":
                self._swap(record)
                await journal.append(record, answers=answers)
                self.acts.append((self.session.steps, _words(record)))
            elif record["kind"] == "flatten" and not self.steps:
                raise InvalidValue("flatten", self.session.steps, "a session that has played a bar")
            else:
                if record["kind"] == "admit":
                    admitted_symbols(record)
                await journal.append(record, answers=answers)
                self.play(record)

    def check_hand(self, record: Mapping[str, Any]) -> None:
        """Hold what a person asks to what can be done now.

        Raises:
            InvalidValue: it cannot.
        """
        kind = record["kind"]
        if kind in HAND_ACTS and opens(new_asks(self.session, record)) and self.session.is_paused:
            raise InvalidValue("order", kind, "what closes or reduces: the session is paused")
        if kind in _DECISIONS:
            check_waits(self.waiting, record)
            if kind == "confirm" and self.session.is_paused:
                raise InvalidValue("order", record.get("order_id"), "a session that is not paused")

    def _swap(self, record: Mapping[str, Any]) -> None:
        # Parameters that are not named stay as they are, where the strategy stays the same.
        name, params = record.get("strategy", self.strategy.name), record.get("params", {})
        if not isinstance(name, str) or not isinstance(params, Mapping):
            raise InvalidValue("swap", dict(record), "a strategy's name, and params by name")
        kept = dict(self.strategy.params) if name == self.strategy.name else {}
        strategy = self.strategies.create(name, {**kept, **params})
        self.session.swap(strategy)
        self.strategy = strategy

    def play(self, record: Mapping[str, Any]) -> None:
        """Do what a record says.

        Raises:
            DataError: it is none of a session.
            StrategyError: the strategy fails.
        """
        if record.get("kind") == "step":
            self.step(record)
        elif record.get("kind") in _DECISIONS:
            self.waiting.decide(self.session, record, self.last_close)
        elif record.get("kind") == "withdraw":
            self.acts.append((self.session.steps, _words(record)))
            self.waiting.withdraw(self.session, str(record.get("by", "somebody")))
        elif (kind := str(record.get("kind"))) in ACTS:
            self.acts.append((self.session.steps, _words(record)))
            if kind == "flatten":
                self.session.flatten()
            elif kind == "swap":
                self._swap(record)
            elif kind == "admit":
                self.session.admitted = admitted_symbols(record)
            elif kind in HAND_ACTS:
                for ask in hand_asks(self.session, record):
                    self.session.ask_by_hand(str(record["symbol"]), ask)
            else:
                self.session.is_paused = kind == "pause"
        else:
            raise DataError(f"kind: {kind!r}; a record of a session is a step, or one of {', '.join(ACTS)}")

    def step(self, record: Mapping[str, Any]) -> Heard:
        """Play the step of a record; what it brought.

        Raises:
            DataError: it is none.
            StrategyError: the strategy fails.
        """
        step, is_missed = step_of(record), bool(record.get("is_missed"))
        was_paused = self.session.is_paused
        self.session.is_paused = was_paused or is_missed
        self.waiting.before(self.session, step.ts_close)
        try:
            heard = self.session.close(step)
        finally:
            # A step has been played even where the strategy fails at its close.
            self.session.is_paused = was_paused
            self.steps.append(step)
            self.last_close = step.ts_close
            self.waiting.after(self.session, step.ts_close)
        if is_missed:
            self.missed_closes.append(step.ts_close)
        return heard

    @property
    def missed(self) -> int:
        """How many steps it heard of too late to decide on."""
        return len(self.missed_closes)

    @property
    def warnings(self) -> tuple[ResultWarning, ...]:
        """What of the session a backtest over the same bars would not know."""
        found = []
        if self.missed:
            found.append(warning_of("bars-missed", missed=self.missed, bars=len(self.steps)))
        if self.acts:
            found.append(warning_of("session-steered", times=len(self.acts)))
        return tuple(found)


def admitted_symbols(record: Mapping[str, Any]) -> frozenset[str]:
    """The symbols that an act `admit` names.

    Raises:
        InvalidValue: they are none.
    """
    symbols = record.get("symbols")
    if not isinstance(symbols, list) or not all(isinstance(symbol, str) for symbol in symbols):
        raise InvalidValue("admit", symbols, "a list of symbols")
    return frozenset(symbols)


def _words(record: Mapping[str, Any]) -> str:
    if record["kind"] == "admit":
        return f"admit {', '.join(sorted(record['symbols'])) or 'none'}"
    if record["kind"] != "swap":
        return str(record["kind"])
    params = ", ".join(f"{name}={value}" for name, value in sorted(record.get("params", {}).items()))
    return f"swap to {record.get('strategy', 'other parameters')}({params})"
