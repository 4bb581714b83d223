"""What is read once for many: never older than a moment, and never older than what was written here."""

from __future__ import annotations

import asyncio

from tradewright.domain.deployment import Deployment, DeploymentTerms
from tradewright.ports.happenings import SessionFacts, Telling
from tradewright.services.desk.recent import RecentDeployments, RecentFacts
from tradewright.services.moment import Moment
from tradewright.services.news import News
from tradewright.testing.memory_desk import MemoryDeployments, MemoryFacts, MemoryHappenings
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

_ONE = Deployment("a", "simulation", "a", DeploymentTerms("simple_test", ("BTC/USDT:USDT",)), "running")


def _facts(ts):
    return SessionFacts("a", "a", "simulation", ts, {"ts": ts})


def test_others_writes_are_seen_after_a_moment():
    """What another process has written meanwhile is told a tenth of a second later at the latest."""
    board, known, clock = MemoryFacts(), MemoryDeployments(_ONE), SimulatedClock()
    moment = Moment(0.1, clock.monotonic)
    facts, deployments = RecentFacts(board, moment), RecentDeployments(known, moment)

    async def act():
        await board.put([_facts(1)])
        assert (1, "stopped") == ((await facts.of("a")).ts, (await deployments.all())[0].state)
        await board.put([_facts(2)])
        await known.tell_state("a", "running")
        before = (await facts.of("a")).ts, (await deployments.all())[0].state
        assert "running" == (await deployments.get("a")).state
        await clock.sleep(0.1)
        return before, ((await facts.of("a")).ts, (await deployments.all())[0].state)

    assert ((1, "stopped"), (2, "running")) == run_simulated(act)


def test_own_writes_are_seen_at_once():
    """Who changes something reads it changed."""
    moment = Moment(0.1, SimulatedClock().monotonic)
    facts, deployments = RecentFacts(MemoryFacts(), moment), RecentDeployments(MemoryDeployments(), moment)

    async def act():
        found = [await facts.of("a"), list(await deployments.all())]
        await facts.put([_facts(1)])
        await deployments.add(_ONE)
        found += [(await facts.of("a")).ts, len(await deployments.all())]
        await facts.forget("a")
        await deployments.remove("a")
        return [*found, await facts.of("a"), list(await deployments.all())]

    assert [None, [], 1, 1, None, []] == run_simulated(act)


def test_what_was_read_while_somebody_wrote_is_not_kept():
    """A reading that began before a write, and ended after it, is for its own reader alone."""
    clock, board = SimulatedClock(), MemoryFacts()

    class _Slow(MemoryFacts):
        async def of(self, session):
            found = await board.of(session)
            await clock.sleep(0.01)
            return found

        async def put(self, facts, tellings=()):
            await board.put(facts, tellings)

    async def act():
        facts = RecentFacts(_Slow(), Moment(0.1, clock.monotonic))
        reading = asyncio.create_task(facts.of("a"))
        await asyncio.sleep(0)
        await facts.put([_facts(5)])
        return await reading, (await facts.of("a")).ts

    assert (None, 5) == run_simulated(act)


def test_who_hears_an_event_is_not_told_what_was_before_it():
    """Of another process: what it changed is read anew by whoever comes because it was told, within the moment."""
    clock, board, log = SimulatedClock(), MemoryFacts(), MemoryHappenings()
    moment = Moment(10.0, clock.monotonic)
    facts, news = RecentFacts(board, moment), News(log, clock, moment.forget)

    async def act():
        await board.put([_facts(1)])
        seen = [(await facts.of("a")).ts]
        await board.put([_facts(2)])
        seen.append((await facts.of("a")).ts)
        await log.add([Telling("order.changed", {}, 5)])
        with news.listening() as listening:
            await news.look()
            await anext(listening)
            return [*seen, (await facts.of("a")).ts]

    assert [1, 1, 2] == run_simulated(act)
