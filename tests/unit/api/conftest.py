"""The application over a database of its own, asked as people of each role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from fastapi.testclient import TestClient

from tradewright.api.app import make_app
from tradewright.api.asking import Who
from tradewright.api.guard.terms import GuardTerms
from tradewright.api.who import who_asks
from tradewright.bootstrap.config.reading import Sources, read
from tradewright.bootstrap.job_work import JobWork
from tradewright.bootstrap.server import opened_server
from tradewright.bootstrap.settings import Settings
from tradewright.bootstrap.wiring import market_upkeep
from tradewright.domain.people import Caller, Role
from tradewright.domain.timeframe import Timeframe
from tradewright.market.synthetic import SyntheticMarket
from tradewright.ports.candle_store import CandleKey
from tradewright.services.market_upkeep import SynthRequest
from tradewright.testing.thread_workers import ThreadWorkers

PASSWORD = "correct horse battery"  # noqa: S105 - of people who are made here


@pytest.fixture
def asked_as(tmp_path):
    """Gives a client whose caller has a role, None for nobody; the configuration as the environment says."""
    made = []

    def client(role: Role | None, **environment: str) -> TestClient:
        async def who(_):
            return None if role is None else Caller("mary", role)

        configured = read(Sources({"TRADEWRIGHT_DATA_DIR": str(tmp_path), **environment}))[0]
        own = TestClient(make_app(opened_server(configured), who), raise_server_exceptions=False)
        own.__enter__()
        made.append(own)
        return own

    yield client
    for own in made:
        own.__exit__(None, None, None)


@pytest.fixture
def nobody(asked_as) -> Iterator[TestClient]:
    """A client that is not logged in."""
    return asked_as(None)


@pytest.fixture
def opened(tmp_path):
    """Gives a client of an application that finds out by itself who asks, unless it is told."""
    with ExitStack() as stack:

        def client(
            who: Who = who_asks,
            guard: GuardTerms | None = None,
            environment: dict[str, str] | None = None,
            **of_client: object,
        ) -> TestClient:
            sources = Sources({"TRADEWRIGHT_DATA_DIR": str(tmp_path), **(environment or {})}, folder=tmp_path)
            app = make_app(opened_server(read(sources)[0], sources=sources), who, guard)
            return stack.enter_context(TestClient(app, raise_server_exceptions=False, **of_client))

        yield client


@pytest.fixture
def somebody():
    """Gives what finds out that everybody is mary, with a role."""

    def of(role: Role) -> Who:
        async def who(_: object) -> Caller:
            return Caller("mary", role)

        return who

    return of


@pytest.fixture
def ready_admin(opened):
    """A client that has made the first admin, `ada`, and is logged in."""
    client = opened()
    client.portal.call(client.app.state.server.people.accounts.add, "tests", "ada", PASSWORD, Role.ADMIN)
    answer = client.post("/api/v1/session", json={"name": "ada", "password": PASSWORD})
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return client


@pytest.fixture
def asked(tmp_path):
    """A client of a trader, over ten days of an invented market; jobs are done in threads."""
    settings = Settings(tmp_path, tmp_path / "strategies")
    key = CandleKey("practice", "BTC/USDT:USDT", Timeframe.parse("1h"))
    market_upkeep(settings).synthesise(SynthRequest(key, 1_704_067_200_000_000_000, 10.0, 7, SyntheticMarket()))
    places = {"TRADEWRIGHT_DATA_DIR": str(tmp_path), "TRADEWRIGHT_STRATEGIES_DIR": str(settings.strategies_dir)}
    configured = read(Sources(places))[0]

    async def who(_):
        return Caller("mary", Role.TRADER)

    opening = opened_server(configured, ThreadWorkers(JobWork(settings).do))
    with TestClient(make_app(opening, who), raise_server_exceptions=False) as client:
        yield client
