"""Downloads through the queue of jobs, from an exchange that answers over HTTP: progress, cancelling, going on."""

from __future__ import annotations

import threading

import pytest
from fastapi.testclient import TestClient

from tradewright.adapters.venues.practice.listing import listing_of
from tradewright.adapters.venues.practice.sources import Synthetic
from tradewright.api.app import make_app
from tradewright.bootstrap.config.reading import Sources, read
from tradewright.bootstrap.job_work import JobWork
from tradewright.bootstrap.reach import Reach
from tradewright.bootstrap.server import opened_server
from tradewright.bootstrap.settings import Settings
from tradewright.domain.people import Caller, Role
from tradewright.domain.times import iso
from tradewright.testing.asking_jobs import done
from tradewright.testing.practice import START, a_server
from tradewright.testing.served import served
from tradewright.testing.thread_workers import ThreadWorkers

_API = "/api/v1"
_BARS, _PATIENCE_S = 4_000, 30.0


class _Gate:
    """Does jobs; holds one up at its first page until it is opened."""

    def __init__(self, work: JobWork) -> None:
        self._work = work
        self.reached, self.opened = threading.Event(), threading.Event()

    def do(self, job, tell):
        """See `testing.thread_workers.Do`."""

        def held(fraction, step):
            tell(fraction, step)
            if 0.0 < fraction < 1.0:
                self.reached.set()
                assert self.opened.wait(_PATIENCE_S)

        return self._work.do(job, held)


@pytest.fixture
def house(tmp_path):
    """A client of a trader, the gate before his jobs, and the exchange that they ask."""

    async def who(_):
        return Caller("mary", Role.TRADER)

    listings = [listing_of("BTCUSDT")]
    source = Synthetic(listings, START, 1, _BARS + 10)
    with served(a_server(listings=listings, source=source, start=START + 5_000_000_000)) as address:
        environment = {"TRADEWRIGHT_DATA_DIR": str(tmp_path), "EXCHANGE": "practice", "REST_URL": address}
        gate = _Gate(JobWork(Settings(tmp_path, reach=Reach("practice", address))))
        opening = opened_server(read(Sources(environment))[0], ThreadWorkers(gate.do))
        with TestClient(make_app(opening, who), raise_server_exceptions=False) as client:
            yield client, gate


def test_a_download_tells_how_far_it_is_is_cancelled_and_gone_on_with(house):
    """Cancelled between two pages it keeps what had come; asked for again, only what is missing is fetched."""
    client, gate = house
    wish = {"exchange": "practice", "symbols": ["BTCUSDT"], "timeframes": ["1m"],
            "start_date": iso(START - _BARS * 60_000_000_000), "end_date": iso(START)}  # fmt: skip
    job = client.post(f"{_API}/data/downloads", json=wish).json()
    assert gate.reached.wait(_PATIENCE_S)
    now = client.get(f"{_API}/jobs/{job['id']}").json()
    assert ("running", "downloading", True) == (now["state"], now["step"], 0.0 < now["fraction"] < 1.0)
    assert "url" not in now["request"]
    client.delete(f"{_API}/jobs/{job['id']}")
    gate.opened.set()
    ended = client.portal.call(client.app.state.server.jobs.ended, job["id"], _PATIENCE_S)
    assert ("cancelled", None) == (ended.state, ended.error)

    again = done(client, client.post(f"{_API}/data/downloads", json=wish))
    (series,) = again["result"]["series"]
    assert (_BARS, []) == (series["added"] + series["known"], series["missing"])
    assert 0 < series["known"] < _BARS
    (stored,) = [row for row in client.get(f"{_API}/data").json()["items"] if row["kind"] == "candles"]
    assert (_BARS, 0) == (stored["rows"], stored["missing"])
