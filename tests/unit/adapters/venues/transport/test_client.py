"""Asking a venue, in simulated time and with scripted answers."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest

from tradewright.adapters.venues.transport.budget import Budget
from tradewright.adapters.venues.transport.calls import Call, NoAnswer, NotSent, Reply, Wire, unsigned
from tradewright.adapters.venues.transport.client import Client, Patience
from tradewright.adapters.venues.transport.door import Address, Door
from tradewright.domain.errors import OutcomeUnknown, VenueError, VenueRefusal, VenueUnavailable
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

READ, ORDER, CANCEL = (
    Call("GET", "/time"),
    Call("POST", "/order", {"a": 1}, orders=1),
    Call("DELETE", "/order", {"a": 1}),
)
Step = Exception | tuple[int, Any] | tuple[int, Any, dict[str, str]]


class Script:
    """Gives one answer after the other, the last one for ever; keeps what was sent, and when."""

    def __init__(self, *steps: Step) -> None:
        self.steps, self.sent, self.times = list(steps), list[Wire](), list[float]()
        self.clock = SimulatedClock()

    async def send(self, wire: Wire) -> Reply:
        self.sent.append(wire)
        self.times.append(self.clock.monotonic())
        await self.clock.sleep(0.01)
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if isinstance(step, Exception):
            raise step
        return Reply(step[0], step[1], step[2] if len(step) > 2 else {}, 0, 0)


def _client(script: Script, door: Door | None = None, **changes: Any) -> Client:
    return Client("binance", script, door or Door(Address()), script.clock, chance=random.Random(1), **changes)


def _ask(script: Script, *calls: Call, **changes: Any) -> list[Any]:
    async def act() -> list[Any]:
        client = _client(script, **changes)
        return list(await asyncio.gather(*(client.ask(call) for call in calls), return_exceptions=True))

    return run_simulated(act)


@pytest.mark.parametrize("step", [NotSent("refused"), NoAnswer("lost"), (503, "busy"), (500, ""), (408, "")])
def test_a_read_is_asked_again(step: Step) -> None:
    """Whatever went wrong on the way, asking for data again is harmless."""
    script = Script(step, step, (200, {"ok": 1}))
    (reply,) = _ask(script, READ)
    assert ({"ok": 1}, 3) == (reply.body, len(script.sent))


@pytest.mark.parametrize("call", [ORDER, CANCEL], ids=["POST", "DELETE"])
@pytest.mark.parametrize("step", [NoAnswer("no answer within 10 s"), (503, "Unknown error"), (408, "")])
def test_a_write_without_an_answer_is_never_sent_again(call: Call, step: Step) -> None:
    """Trap 6.1 and the venue's 503: it may have been done, and the caller is told just that."""
    script = Script(step, (200, {}))
    (error,) = _ask(script, call)
    assert isinstance(error, OutcomeUnknown)
    assert 1 == len(script.sent)
    assert "may have been done" in str(error)


def test_a_write_that_found_no_connection_was_surely_not_done() -> None:
    """It is not sent again either, but the error says that nothing was changed."""
    script = Script(NotSent("connection refused"), (200, {}))
    (error,) = _ask(script, ORDER)
    assert isinstance(error, VenueUnavailable)
    assert 1 == len(script.sent)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 451])
def test_a_refusal_is_final_and_carries_the_venues_number(status: int) -> None:
    """403 and 451 look like trouble on the way and are none: asking again would give the same."""
    script = Script((status, {"code": -1121, "msg": "Invalid symbol."}))
    (error,) = _ask(script, READ)
    assert isinstance(error, VenueRefusal)
    assert (status, -1121, 1) == (error.status, error.number, len(script.sent))
    assert "binance: GET /time: status" in str(error)
    assert "Invalid symbol." in str(error)


def test_a_read_gives_up_when_its_patience_ends() -> None:
    """A venue that stays away is reported after the stated time, with what went wrong last."""
    script = Script(NotSent("connection refused"))
    (error,) = _ask(script, READ, patience=Patience(reads_s=20.0))
    assert isinstance(error, VenueUnavailable)
    assert 20.0 >= script.times[-1]


@pytest.mark.parametrize("retries", [0, 1, 4])
def test_a_read_is_sent_again_so_often_as_is_said(retries: int) -> None:
    """However much time is left; each wait is up to three times that before it."""
    script = Script(NoAnswer("no answer within 1 s"))
    (error,) = _ask(
        script, READ, patience=Patience(reads_s=9_000.0, first_s=1.0, most_s=900.0, factor=3.0, retries=retries)
    )
    assert isinstance(error, VenueUnavailable)
    assert f"({retries + 1} times)" in str(error)
    assert retries + 1 == len(script.sent)
    for n, (a, b) in enumerate(pairwise(script.times)):
        assert 0.5 * 3.0**n <= b - a - 0.01 <= 3.0**n + 0.001


@pytest.mark.parametrize("call", [ORDER, CANCEL], ids=["POST", "DELETE"])
def test_retries_that_are_asked_for_are_none_for_a_write(call: Call) -> None:
    """An order whose answer did not come is unknown after one sending, whatever the configuration says of retries."""
    script = Script(NoAnswer("no answer within 1 s"), (200, {}))
    (error,) = _ask(script, call, patience=Patience(retries=20))
    assert isinstance(error, OutcomeUnknown)
    assert 1 == len(script.sent)


def _limited(seconds: str | None) -> Step:
    return 429, {"code": -1003, "msg": "Too many requests"}, {"retry-after": seconds} if seconds else {}


@pytest.mark.parametrize(("seconds", "quiet"), [("7", 7.0), (None, 60.0)])
def test_all_users_of_an_address_keep_the_quiet_that_one_was_asked_for(seconds: str | None, quiet: float) -> None:
    """After 429 nobody of that address asks before the time that the venue named, or else for a minute."""
    script = Script(_limited(seconds), (200, 1))
    address = Address((Budget(2_400, 60.0),))

    async def act() -> None:
        one = _client(script, Door(address), patience=Patience(reads_s=100.0))
        other = _client(script, Door(address), patience=Patience(reads_s=100.0))
        first = asyncio.create_task(one.ask(READ))
        await asyncio.sleep(0.5)
        await other.ask(READ)
        await first

    run_simulated(act)
    assert 3 == len(script.times)
    assert all(ts >= quiet for ts in script.times[1:])


def test_a_ban_longer_than_our_patience_is_told_and_nothing_is_sent_into_it() -> None:
    """418 with two minutes: reads with 30 s of patience fail at once and say when to come back."""
    script = Script((418, {"code": -1003, "msg": "banned"}, {"retry-after": "120"}), (200, 1))
    door = Door(Address((Budget(2_400, 60.0),)))

    async def act() -> list[VenueError]:
        client, errors = _client(script, door), []
        for call in (READ, READ, ORDER):
            with pytest.raises(VenueUnavailable) as error:
                await client.ask(call)
            errors.append(error.value)
        return errors

    errors = run_simulated(act)
    assert 1 == len(script.sent)
    assert "may be asked again in 1" in str(errors[1])


def test_a_write_that_was_limited_was_not_done_and_the_caller_decides() -> None:
    """429 on an order is no unknown outcome."""
    script = Script(_limited("1"), (200, 1))
    (error,) = _ask(script, ORDER)
    assert isinstance(error, VenueUnavailable)
    assert 1 == len(script.sent)


def test_the_count_of_the_venue_slows_us_before_it_must_refuse() -> None:
    """A header that tells 2,390 of 2,400 makes the next heavy read wait for a new minute."""
    script = Script((200, 1, {"x-mbx-used-weight-1m": "2390"}), (200, 1))
    door = Door(Address((Budget(2_400, 60.0, "X-MBX-USED-WEIGHT-1M"),)))
    heavy = Call("GET", "/klines", weight=20)

    async def act() -> None:
        client = _client(script, door, patience=Patience(reads_s=100.0))
        await client.ask(heavy)
        await client.ask(heavy)

    run_simulated(act)
    assert 0.0 == script.times[0]
    assert 60.0 <= script.times[1] < 61.0


def test_many_downloads_side_by_side_stay_within_the_budget_and_let_an_order_pass() -> None:
    """400 bulk reads of weight 10 use three quarters of each minute at most; an order among them does not wait."""
    script = Script((200, 1))
    door = Door(Address((Budget(2_400, 60.0),)))
    bulk = Call("GET", "/klines", weight=10, bulk=True)

    async def act() -> float:
        client = _client(script, door, patience=Patience(bulk_s=1_000.0))
        reads = [asyncio.create_task(client.ask(bulk)) for _ in range(400)]
        await asyncio.sleep(5.0)
        begun = script.clock.monotonic()
        await client.ask(ORDER)
        waited = script.clock.monotonic() - begun
        await asyncio.gather(*reads)
        return waited

    assert 0.02 > run_simulated(act)
    for begin in range(0, 150, 5):
        assert 181 >= sum(begin <= ts < begin + 60.0 for ts in script.times)
    assert 130.0 > script.times[-1]


def test_a_cancel_does_not_wait_for_the_budget_that_reads_have_used_up() -> None:
    """Reads leave a tenth of what the address may ask; beyond that they wait, a write does not."""
    script = Script((200, 1))
    door = Door(Address((Budget(100, 60.0),)))
    read, cancel = Call("GET", "/account", weight=5), Call("DELETE", "/order", weight=1)

    async def act() -> tuple[int, float]:
        client = _client(script, door, patience=Patience(reads_s=100.0))
        reads = [asyncio.create_task(client.ask(read)) for _ in range(20)]
        await asyncio.sleep(5.0)
        begun = script.clock.monotonic()
        await client.ask(cancel)
        waited = script.clock.monotonic() - begun
        gone = sum(one.done() for one in reads)
        await asyncio.gather(*reads)
        return gone, waited

    gone, waited = run_simulated(act)
    assert 18 == gone
    assert 0.02 > waited


def test_a_venue_that_fails_is_left_alone_and_tried_with_a_single_request() -> None:
    """With the breaker open ten waiting reads send one probe, and all go once it is answered."""
    script = Script(*[NotSent("refused")] * 10, (200, 1))
    replies = _ask(script, *([READ] * 10), patience=Patience(reads_s=60.0))
    assert 10 == sum(isinstance(reply, Reply) for reply in replies)
    probe = script.times[10]
    assert [0.0] * 10 == script.times[:10]
    assert probe >= 1.0
    assert all(probe < ts <= probe + 0.2 for ts in script.times[11:])


def test_a_signed_call_is_signed_anew_for_each_attempt_with_the_venues_time() -> None:
    """A second attempt must not carry the first one's time stamp, and the stamp is the venue's time, not ours."""
    script = Script((503, ""), (200, 1))
    door = Door(Address())
    signed = Call("GET", "/account", signed=True)
    stamps: list[int] = []

    def signer(call: Call, venue_ms: int) -> Wire:
        stamps.append(venue_ms)
        return unsigned(call)._replace(headers={"X-MBX-APIKEY": "key"})

    async def act() -> None:
        now = script.clock.now_ns()
        door.address.offset.observe(now, now + 5_000_000_000, now)
        await _client(script, door, signer=signer).ask(signed)

    run_simulated(act)
    start = script.clock.start_ns // 1_000_000
    assert start + 5_000 == stamps[0]
    assert stamps[0] < stamps[1]
    assert "key" == script.sent[0].headers["X-MBX-APIKEY"]


def test_a_signed_call_without_an_account_is_refused_here() -> None:
    """Nothing is sent, and the error says what is missing."""
    script = Script((200, 1))
    (error,) = _ask(script, Call("GET", "/account", signed=True))
    assert isinstance(error, VenueUnavailable)
    assert [] == script.sent
    assert "needs an account" in str(error)


def _many(make: Callable[[random.Random], Step], chance: random.Random) -> Sequence[Step]:
    return [make(chance) for _ in range(chance.randint(1, 6))]


def test_whatever_a_venue_answers_a_write_leaves_the_house_at_most_once() -> None:
    """200 random scripts of lost, late, limited and broken answers: one write, one sending."""
    steps: list[Step] = [NotSent("x"), NoAnswer("x"), (503, ""), (500, ""), _limited("1"), (400, {}), (200, 1)]
    for seed in range(200):
        script = Script(*_many(lambda chance: chance.choice(steps), random.Random(seed)))
        _ask(script, random.Random(seed).choice((ORDER, CANCEL)))
        assert 1 >= len(script.sent)
