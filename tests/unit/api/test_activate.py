"""A strategy is activated: in the simulation, in a deployment, and never with money without its user's proof."""

from __future__ import annotations

import pytest

from tradewright.domain.deployment import Deployment, DeploymentTerms
from tradewright.domain.errors import ProofNeeded
from tradewright.domain.people import Role

_PATH = "/api/v1/strategies/activate"
_TERMS = DeploymentTerms("simple_test", ("BTC/USDT:USDT",), matched_by="venue")


@pytest.fixture
def trader(asked_as):
    """A trader's client; deployments `paper` and `money` are known, and do not trade."""
    client = asked_as(Role.TRADER)
    add = client.app.state.server.desk.deployments.add
    client.portal.call(add, Deployment("paper", "simulation", "paper", _TERMS))
    client.portal.call(add, Deployment("money", "live", "money", _TERMS))
    return client


def _deeds(client):
    found = client.portal.call(client.app.state.server.people.deeds.log.read)
    return [(one.deed.action, one.deed.subject, one.deed.details.get("strategy")) for one in found]


def test_a_deployment_trades_the_strategy_from_then_on(trader):
    """With every parameter of it, those that were not named by default; and the audit log says who did it."""
    answer = trader.post(_PATH, json={"strategy": "MA_Crossover", "params": {"fast": 7}, "deployment": "paper"})
    told = answer.json()
    assert (200, "paper", "ma_crossover", False) == (
        answer.status_code, told["deployment"], told["strategy"], told["running"]
    )  # fmt: skip
    kept = trader.get("/api/v1/deployments/paper").json()["terms"]
    assert ("ma_crossover", told["params"], 7) == (kept["strategy"], kept["params"], kept["params"]["fast"])
    assert [("strategy.activate", "paper", "ma_crossover")] == _deeds(trader)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"strategy": "ma_crosover", "deployment": "paper"}, 422),
        ({"strategy": "ma_crossover", "params": {"fats": 3}, "deployment": "paper"}, 422),
        ({"strategy": "ma_crossover", "params": {"fast": -1}, "deployment": "paper"}, 422),
        ({"strategy": "ma_crossover", "deployment": "nobody"}, 404),
    ],
)
def test_what_cannot_be_traded_is_refused_and_changes_nothing(trader, body, status):
    """A wrong name or value is told before anything is changed."""
    assert status == trader.post(_PATH, json=body).status_code
    assert "simple_test" == trader.get("/api/v1/deployments/paper").json()["terms"]["strategy"]
    assert [] == _deeds(trader)


def test_a_strategy_with_money_asks_for_proof(trader, monkeypatch):
    """Who has taken one-time codes up gives one, as for every other way to change what trades with money."""

    async def demand(*_):
        raise ProofNeeded("give a one-time code")

    with monkeypatch.context() as patch:
        patch.setattr(type(trader.app.state.server.people.proofs), "demand", demand)
        answer = trader.post(_PATH, json={"strategy": "ma_crossover", "deployment": "money"})
        assert 200 == trader.post(_PATH, json={"strategy": "ma_crossover", "deployment": "paper"}).status_code
    assert 403 == answer.status_code
    assert "simple_test" == trader.get("/api/v1/deployments/money").json()["terms"]["strategy"]
