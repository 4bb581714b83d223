"""Settings over the API: read masked, changed by version, kept and entered; what is the machine's own stays so."""

from __future__ import annotations

import pytest

from tradewright.domain.people import Role

SETTINGS = "/api/v1/settings"
SECRET = "s3cr3t-of-the-exchange"  # noqa: S105 - of nobody


@pytest.fixture
def admin(opened, somebody):
    """A client that may change settings; a secret is given by a variable."""
    return opened(
        somebody(Role.ADMIN), environment={"EXCHANGE_API_SECRET": SECRET, "SIMULATION_INITIAL_CAPITAL": "5000"}
    )


def _change(client, values, version=None):
    version = version or client.get(SETTINGS).headers["etag"]
    return client.patch(SETTINGS, json={"values": values}, headers={"If-Match": version})


def test_each_setting_says_what_it_is_and_where_it_comes_from(admin):
    """Secrets are masked; folders of the machine are not told."""
    answer = admin.get(SETTINGS)
    by_key = {one["key"]: one for one in answer.json()["items"]}
    assert SECRET not in answer.text
    assert ("**********", True, False) == tuple(
        by_key["venue.api_secret"][name] for name in ("value", "secret", "changeable")
    )
    assert "environment EXCHANGE_API_SECRET" == by_key["venue.api_secret"]["origin"]
    assert ("default", True) == (by_key["scanner.interval_s"]["origin"], by_key["scanner.interval_s"]["live"])
    assert "seconds" in by_key["scanner.interval_s"]["meaning"]
    assert "from 1" in by_key["scanner.interval_s"]["allowed"]
    assert by_key["scanner.interval_s"] == admin.get(f"{SETTINGS}/scanner.interval_s").json()
    assert 404 == admin.get(f"{SETTINGS}/scanner.nothing").status_code


def test_a_change_is_written_kept_and_entered(admin, tmp_path):
    """The file holds it, the history and the audit log name who did it; the version is another one."""
    before = admin.get(SETTINGS).headers["etag"]
    made = _change(admin, {"scanner.interval_s": 30, "risk.max_positions": 4})
    assert (200, "mary", "change") == (made.status_code, made.json()["author"], made.json()["note"])
    assert before != made.headers["etag"]
    assert "interval_s: 30" in (tmp_path / "tradewright.yaml").read_text()
    assert 30 == admin.get(f"{SETTINGS}/scanner.interval_s").json()["value"]
    assert "tradewright.yaml:3 scanner.interval_s" == admin.get(f"{SETTINGS}/scanner.interval_s").json()["origin"]
    line = admin.get("/api/v1/audit", params={"action": "settings."}).json()["items"][0]
    assert ("mary", "settings.changed") == (line["actor"], line["action"])
    assert made.json() == admin.get(f"{SETTINGS}/history").json()["items"][0]


def test_null_takes_a_setting_out(admin):
    """What lies beneath counts again."""
    _change(admin, {"scanner.interval_s": 30})
    assert 200 == _change(admin, {"scanner.interval_s": None}).status_code
    assert "default" == admin.get(f"{SETTINGS}/scanner.interval_s").json()["origin"]


def test_who_changes_says_which_version(admin):
    """Of two who read the same, the second does not overwrite the first."""
    version = admin.get(SETTINGS).headers["etag"]
    assert 428 == admin.patch(SETTINGS, json={"values": {"scanner.interval_s": 30}}).status_code
    assert 200 == _change(admin, {"scanner.interval_s": 30}, version).status_code
    late = _change(admin, {"scanner.interval_s": 40}, version)
    assert (412, "changed-meanwhile") == (late.status_code, late.json()["code"])
    assert 30 == admin.get(f"{SETTINGS}/scanner.interval_s").json()["value"]


def test_each_setting_says_how_a_form_asks_for_it(admin):
    """Switches, choices with their words, numbers and lists are told apart; what may be empty says so."""
    by_key = {one["key"]: one for one in admin.get(SETTINGS).json()["items"]}
    shapes = {
        "trading.enabled": "flag", "risk.sizing": "choice", "risk.max_positions": "integer", "risk.size": "number",
        "scanner.instruments": "list", "venue.exchange": "text",
    }  # fmt: skip
    assert shapes == {key: by_key[key]["shape"] for key in shapes}
    assert ["last", "mark"] == by_key["risk.trigger_by"]["choices"]
    assert (True, False) == (by_key["filtering.min_market_cap"]["optional"], by_key["risk.size"]["optional"])


def test_a_preset_is_chosen_and_left(admin):
    """Its values count beneath those of the file and say where they come from; null chooses none."""
    listed = {one["name"]: one for one in admin.get(f"{SETTINGS}/presets").json()["items"]}
    assert (0.02, False) == (listed["aggressive"]["values"]["risk.size"], listed["aggressive"]["is_active"])
    assert 200 == _change(admin, {"preset": "aggressive", "risk.leverage": 2}).status_code
    assert (0.02, "preset aggressive: risk.size") == tuple(
        admin.get(f"{SETTINGS}/risk.size").json()[name] for name in ("value", "origin")
    )
    assert 2 == admin.get(f"{SETTINGS}/risk.leverage").json()["value"]
    assert ["aggressive"] == [
        one["name"] for one in admin.get(f"{SETTINGS}/presets").json()["items"] if one["is_active"]
    ]
    assert 422 == _change(admin, {"preset": "reckless"}).status_code
    assert 200 == _change(admin, {"preset": None}).status_code
    assert "default" == admin.get(f"{SETTINGS}/risk.size").json()["origin"]


def test_what_is_wrong_changes_nothing(admin, tmp_path):
    """All or none: one wrong value leaves the file as it was, and is named as it was sent."""
    wrong = _change(admin, {"scanner.interval_s": 30, "risk.size": "much"})
    assert (422, "risk.size") == (wrong.status_code, wrong.json()["field"])
    assert str(tmp_path) not in wrong.text
    assert 422 == _change(admin, {"risk.sise": 1}).status_code
    assert not (tmp_path / "tradewright.yaml").exists()


def test_what_wins_over_the_file_is_changed_where_it_is(admin):
    """A change that would have no effect is not taken."""
    refused = _change(admin, {"simulation.initial_capital": 1_000})
    assert (409, "conflict") == (refused.status_code, refused.json()["code"])
    assert "SIMULATION_INITIAL_CAPITAL" in refused.json()["detail"]


@pytest.mark.parametrize(
    "key",
    ["venue.api_key", "storage.data_dir", "storage.strategies_dir", "storage.database_url", "server.host",
     "logging.error_hook", "notifications.channels", "server.names"],
)  # fmt: skip
def test_some_settings_are_of_the_machine(admin, key):
    """Where code and data lie, who is let in, and where secrets go is not changed from elsewhere."""
    assert 422 == _change(admin, {key: "x"}).status_code


def test_back_to_an_earlier_version(admin):
    """What was in effect is again; that is a version of its own."""
    first = _change(admin, {"scanner.interval_s": 30}).json()["number"]
    _change(admin, {"scanner.interval_s": 40})
    back = admin.post(f"{SETTINGS}/history/{first}/rollback")
    assert (200, f"rollback to {first}") == (back.status_code, back.json()["note"])
    assert 30 == admin.get(f"{SETTINGS}/scanner.interval_s").json()["value"]
    assert 404 == admin.post(f"{SETTINGS}/history/999/rollback").status_code


def test_the_history_comes_in_pages(admin):
    """The last first; the cursor leads to those before."""
    for seconds in (30, 40, 50):
        _change(admin, {"scanner.interval_s": seconds})
    page = admin.get(f"{SETTINGS}/history", params={"limit": 2}).json()
    rest = admin.get(f"{SETTINGS}/history", params={"limit": 2, "cursor": page["next"]}).json()
    assert [3, 2, 1] == [one["number"] for one in (*page["items"], *rest["items"])]
    assert rest["next"] is None
