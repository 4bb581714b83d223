"""Commands about what runs: the same of the data folder and of a server."""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager

import httpx2
import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from tradewright.api.app import make_app
from tradewright.api.problems import Refused
from tradewright.bootstrap.config.reading import Sources, read
from tradewright.bootstrap.server import opened_server
from tradewright.cli import at_server
from tradewright.cli.main import main
from tradewright.client import Client
from tradewright.domain.deployment import Deployment, DeploymentTerms
from tradewright.domain.errors import ProofNeeded
from tradewright.domain.people import Caller, Role
from tradewright.ports.happenings import SessionFacts
from tradewright.services import session_facts
from tradewright.services.desk.telling import facts_of
from tradewright.services.pending import Confirming
from tradewright.testing.paper_rig import PaperRig

_TERMS = DeploymentTerms("simple_test", ("BTC/USDT:USDT",), "1m", confirm_orders=True)


class _Floor:
    """A session in a data folder, the server on it, and a switch that says which of them commands ask."""

    def __init__(self, folder, monkeypatch) -> None:
        rig = PaperRig(folder)
        rig.confirming = Confirming(True, 600.0)
        self.name = rig.begin(params={"every": 4})
        rig.follow(self.name, 5)
        rig.ask(self.name, {"kind": "confirm", "order_id": 1, "by": "ann"})
        self.own = rig.follow(self.name, 4)
        self.role, self.patch = Role.TRADER, monkeypatch
        monkeypatch.setenv("TRADEWRIGHT_DATA_DIR", str(folder))
        monkeypatch.setenv("COLUMNS", "200")
        app = make_app(opened_server(read(Sources())[0]), self._who)
        self.web = TestClient(app, raise_server_exceptions=False)

    async def _who(self, request):
        if request.headers.get("authorization") != "Bearer t0ken":
            raise Refused(401, "not-logged-in", "log in, or send a token")
        return Caller("mary", self.role)

    async def put(self):
        """What the process that trades puts down of the session, as deployment `trend`."""
        server = self.web.app.state.server
        told = facts_of(self.name, self.own) | {"performance": session_facts.performance(self.own)}
        await server.desk.deployments.add(Deployment("trend", "simulation", self.name, _TERMS, "running"))
        await server.desk.deployments.tell_state("trend", "running")
        await server.desk.facts.put([SessionFacts(self.name, "trend", "simulation", server.clock.now_ns(), told)])

    def name_server(self, token="t0ken"):  # noqa: S107 - of a server that is made here
        """From now on commands ask the server."""
        self.patch.setenv("TRADEWRIGHT_SERVER", "http://127.0.0.1:1")
        self.patch.setenv("TRADEWRIGHT_TOKEN", token)
        transport = self.web._transport
        made = lambda address, token: Client(address, token, transport=transport)  # noqa: E731 - as its type is called
        self.patch.setattr(at_server, "Client", made)

    def asked(self):
        """What was asked of the session, oldest first."""
        sessions = self.web.app.state.server.desk.sessions["simulation"]
        return [record for _, record in self.web.portal.call(sessions.asked, self.name)]


@pytest.fixture
def floor(tmp_path, monkeypatch):
    """See `_Floor`."""
    own = _Floor(tmp_path, monkeypatch)
    with own.web, capture_logs():  # what the server logs is no part of what commands print
        own.web.portal.call(own.put)
        yield own


FACTS = ("status", "orders", "positions", "portfolio", "performance", "pending")


def test_a_server_tells_what_the_folder_tells(floor, capsys):
    """Each fact, for people and as JSON, is the same to the last character, by the session's name."""

    def told():
        found = []
        for command in (*([fact] for fact in FACTS), ["sessions", "list"]):
            for how in ([], ["--json"]):
                name = [] if command[0] == "sessions" else [floor.name]
                assert 0 == main([*command, *name, *how]), command
                found.append(capsys.readouterr().out)
        return found

    here = told()
    assert all('"instrument"' in here[2 * FACTS.index(fact) + 1] for fact in ("orders", "positions", "pending"))
    floor.name_server()
    for mine, other in zip(here, told(), strict=True):
        assert mine == other


def test_wishes_go_to_the_server_under_the_callers_name(floor, capsys):
    """By the session's name, its deployment's, or none where there is one alone; the server says what they mean."""
    floor.name_server()
    for command in (["sessions", "pause", floor.name], ["sessions", "resume", "trend"], ["flatten"], ["kill", "trend"],
                    ["calm"], ["sessions", "swap", "trend", "--set", "every=5"]):  # fmt: skip
        assert 0 == main(command), capsys.readouterr().err
    assert "asked of deployment trend: kill" in (said := capsys.readouterr().out)
    assert "asked of deployment trend: calm" in said
    asked = floor.asked()
    assert ["pause", "resume", "flatten", "pause", "withdraw", "resume", "swap"] == [record["kind"] for record in asked]
    assert {"mary"} == {record["by"] for record in asked}
    assert 0 == main(["stop"])
    capsys.readouterr()
    assert 0 == main(["deployments", "list", "--json"])
    (row,) = json.loads(capsys.readouterr().out)
    assert ("trend", "simple_test", "10,000.00") == (row["name"], row["strategy"], row["capital"])
    one = floor.web.portal.call(floor.web.app.state.server.desk.deployments.get, "trend")
    assert "stopped" == one.wanted


@contextmanager
def _answering(floor, **refusals):
    # A process that runs the session, and says to every wish, by its kind, why it is not done; without: it is.
    sessions = floor.web.app.state.server.desk.sessions["simulation"]

    async def work(*, task_status):
        async with sessions.open(floor.name):
            task_status.started()
            while True:
                for number, record in await sessions.asked(floor.name):
                    await sessions.answered(floor.name, number, refusals.get(record["kind"], ""))
                await asyncio.sleep(0.02)

    doing, _ = floor.web.portal.start_task(work)
    try:
        yield
    finally:
        doing.cancel()


def test_what_the_session_answers_is_waited_for(floor, capsys):
    """Done, or refused with its reason and exit code 2; nobody runs it: said so, at once; the same as by the folder."""
    floor.name_server()
    assert 0 == main(["flatten", "trend"])
    assert "asked of deployment trend: flatten; no process runs it" in capsys.readouterr().out
    with _answering(floor, swap="it has 3 of its own", withdraw="no bar yet"):
        assert 0 == main(["flatten", "trend", "--json"])
        told = json.loads(capsys.readouterr().out)
        assert ("done", "deployment trend: flatten is done") == (told["state"], told["answer"])
        assert 2 == main(["sessions", "swap", "trend", "--set", "every=5"])
        assert "deployment trend refuses swap: it has 3 of its own" in capsys.readouterr().err
        assert 2 == main(["kill", "trend"])
        said = capsys.readouterr().err
        assert "deployment trend refuses kill: wish " in said
        assert ": done; wish " in said
        assert said.rstrip().endswith(": no bar yet")


def test_a_wish_by_hand_has_a_number_by_which_its_answer_is_found(floor):
    """Over the API: waiting, then done or refused; a deployment that has not begun has nothing to answer."""
    headers = {"Authorization": "Bearer t0ken"}
    place = {"deployment": "trend", "instrument": "BTC/USDT:USDT", "side": "sell", "quantity": "1", "reduce_only": True}
    left = floor.web.post("/api/v1/orders", json=place, headers=headers).json()
    (number,) = left["wishes"]
    find = f"/api/v1/deployments/trend/answer?wish={number}"
    assert {"state": "idle", "text": ""} == floor.web.get(find, headers=headers).json()
    with _answering(floor, place="nothing to reduce"):
        told = floor.web.get(f"{find}&wait_s=2", headers=headers).json()
    assert {"state": "refused", "text": "nothing to reduce"} == told
    assert {"state": "refused", "text": "nothing to reduce"} == floor.web.get(find, headers=headers).json()
    assert 422 == floor.web.get("/api/v1/deployments/trend/answer", headers=headers).status_code
    assert 404 == floor.web.get(find.replace("trend", "tend"), headers=headers).status_code


def test_refusals_are_said_in_one_line(floor, capsys):
    """Of the server, of a token that it does not know, of a name that is none: exit code 2, and what would be right."""
    floor.name_server()
    assert 2 == main(["status", "tend"])
    assert "trend" in capsys.readouterr().err
    assert 2 == main(["reject", "99", "trend"])
    assert "order 99 of trend" in capsys.readouterr().err
    floor.role = Role.VIEWER
    assert 2 == main(["kill", "trend"])
    assert "role" in capsys.readouterr().err
    floor.name_server("other")
    assert 2 == main(["status"])
    said = capsys.readouterr().err
    assert "TRADEWRIGHT_TOKEN" in said
    assert "other" not in said


def test_it_never_guesses_between_two(floor, capsys):
    """Where several trade, they are named."""
    server = floor.web.app.state.server
    floor.web.portal.call(
        server.desk.deployments.add, Deployment("other", "simulation", "other", _TERMS, "running")
    )  # fmt: skip
    floor.name_server()
    assert 2 == main(["kill", "--flatten"])
    assert "other, trend" in capsys.readouterr().err
    assert [] == floor.asked()
    assert 2 == main(["status", "other"])
    assert "has not begun" in capsys.readouterr().err


def test_what_moves_money_asks_for_a_code_where_its_user_wants_that(floor, capsys, monkeypatch):
    """The request comes again with the code, once; the code is sent with nothing else."""
    proofs, codes = type(floor.web.app.state.server.people.proofs), []

    async def demand(_self, _caller, code, _address):
        codes.append(code)
        if not code:
            raise ProofNeeded("give a one-time code")

    server = floor.web.app.state.server
    one = floor.web.portal.call(server.desk.deployments.get, "trend")
    floor.web.portal.call(server.desk.deployments.remove, "trend")
    money = Deployment("trend", "live", one.session, _TERMS, "stopped")
    floor.web.portal.call(server.desk.deployments.add, money)
    monkeypatch.setattr(proofs, "demand", demand)
    monkeypatch.setattr("tradewright.cli.asked.asked", lambda _: "123456")
    floor.name_server()
    assert 2 == main(["sessions", "resume", "trend"])
    assert "has not begun to trade" in capsys.readouterr().err
    assert ["", "123456"] == codes


def test_a_server_that_is_away_is_said_so(monkeypatch, capsys):
    """With its address; the data folder is not asked in its place."""

    def away(_):
        raise httpx2.ConnectError("refused")

    monkeypatch.setenv("TRADEWRIGHT_SERVER", "http://127.0.0.1:1")
    monkeypatch.setenv("TRADEWRIGHT_TOKEN", "t0ken")
    made = lambda address, token: Client(address, token, transport=httpx2.MockTransport(away))  # noqa: E731 - as above
    monkeypatch.setattr(at_server, "Client", made)
    assert 2 == main(["status"])
    assert "http://127.0.0.1:1" in capsys.readouterr().err
