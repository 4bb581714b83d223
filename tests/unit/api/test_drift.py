"""A session beside its backtest, over HTTP: worked out by the workers, once for each state of journal and code."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tradewright.api.app import make_app
from tradewright.api.routes import drift
from tradewright.bootstrap.config.reading import Sources, read
from tradewright.bootstrap.job_work import JobWork
from tradewright.bootstrap.server import opened_server
from tradewright.bootstrap.settings import Settings
from tradewright.domain.deployment import Deployment, DeploymentTerms
from tradewright.domain.people import Caller, Role
from tradewright.testing.paper_rig import PaperRig
from tradewright.testing.thread_workers import ThreadWorkers

_PATH = "/api/v1/deployments/trend/drift"
_TERMS = DeploymentTerms("simple_test", ("BTC/USDT:USDT",), "1m")


@pytest.fixture
def rig(tmp_path):
    """A trader on paper with a session that has played an hour, and its name."""
    own = PaperRig(tmp_path)
    name = own.begin()
    own.follow(name, 60)
    return own, name


@pytest.fixture
def client(tmp_path, rig):
    """Somebody who may look, at a server on the same folder with the session as deployment `trend`."""

    async def who(_):
        return Caller("mary", Role.VIEWER)

    configured = read(Sources({"TRADEWRIGHT_DATA_DIR": str(tmp_path)}))[0]
    opening = opened_server(configured, ThreadWorkers(JobWork(Settings(tmp_path)).do))
    with TestClient(make_app(opening, who), raise_server_exceptions=False) as own:
        deployments = own.app.state.server.desk.deployments
        own.portal.call(deployments.add, Deployment("trend", "simulation", rig[1], _TERMS))
        yield own


def _jobs(client):
    return client.get("/api/v1/jobs", params={"kind": "drift"}).json()["items"]


def test_a_job_sets_a_session_beside_its_backtest_once_for_each_bar(client, rig, tmp_path):
    """Asked twice it is done once; when the session has gone on, it is done anew; the journal's copy is not left."""
    trader, name = rig
    first = client.get(_PATH)
    assert (200, 1.0, 0.0, []) == (
        first.status_code, first.json()["score"], first.json()["equity"], first.json()["items"],
    )  # fmt: skip
    assert first.json()["executions"] == first.json()["expected"] > 0
    assert first.json() == client.get(_PATH).json()
    (job,) = _jobs(client)
    assert ("done", "mary", "trend", None) == (
        job["state"], job["owner"], job["request"]["deployment"], job["request"].get("path"),
    )  # fmt: skip
    trader.follow(name, 30)
    assert client.get(_PATH).json()["executions"] > first.json()["executions"]
    assert 2 == len(_jobs(client))
    assert [] == list((tmp_path / "uploads").iterdir())


def test_one_that_takes_longer_than_a_request_is_asked_for_again(client, monkeypatch):
    """The answer names the job, and when to come back; the second asks the same job."""
    monkeypatch.setattr(drift, "_PATIENCE_S", 0.0)
    early = client.get(_PATH)
    assert (409, "not-finished", "2") == (early.status_code, early.json()["code"], early.headers["retry-after"])
    assert _jobs(client)[0]["id"] in early.json()["detail"]
    monkeypatch.setattr(drift, "_PATIENCE_S", 30.0)
    assert 200 == client.get(_PATH).status_code
    assert 1 == len(_jobs(client))


def test_a_strategy_that_fails_is_said_so_and_tried_again(client, tmp_path, rig):
    """What a failed job says is told as it is; nothing stands for it."""
    _, name = rig
    server = client.app.state.server
    broken = dict(client.portal.call(server.desk.sessions["simulation"].read, name)[0])
    broken["spec"] = {**broken["spec"], "strategy": "gone"}

    async def read(_name):
        return [broken]

    server.desk.sessions["simulation"].read = read
    for _ in range(2):
        answer = client.get(_PATH)
        assert answer.status_code in (404, 422), answer.text
        assert "gone" in answer.json()["detail"]
    assert ["failed", "failed"] == [job["state"] for job in _jobs(client)]
    assert [] == list((tmp_path / "uploads").iterdir())
