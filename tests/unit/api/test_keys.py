"""Keys over the API: names are told, secrets only taken."""

from __future__ import annotations

import pytest

from tradewright.adapters.storage.key_file import KeyFile
from tradewright.domain.people import Role

KEYS = "/api/v1/keys"
OPEN = {"X-Passphrase": "of the store"}
SECRET = {"secret": "s3cr3t-of-the-exchange"}


@pytest.fixture
def admin(opened, somebody):
    """A client that may set keys."""
    return opened(somebody(Role.ADMIN))


def test_a_secret_is_kept_and_never_told(admin, tmp_path):
    """Its name is listed, its value is in no answer and in no file as it was sent; the audit log has the deed."""
    assert (False, []) == (admin.get(KEYS).json()["is_there"], admin.get(KEYS).json()["kept"])
    made = admin.put(f"{KEYS}/EXCHANGE_API_SECRET", json=SECRET, headers=OPEN)
    assert (200, {"name": "venue.api_secret"}) == (made.status_code, made.json())
    listed = admin.get(KEYS, headers=OPEN)
    assert ["venue.api_secret"] == listed.json()["kept"]
    audit = admin.get("/api/v1/audit", params={"action": "key."})
    assert ["key.set"] == [one["action"] for one in audit.json()["items"]]
    everything = listed.text + audit.text + (tmp_path / "keys.enc").read_text()
    assert SECRET["secret"] not in everything


def test_the_store_opens_with_its_passphrase_only(admin):
    """Without one, nothing is told; a wrong one is refused, and neither it nor a folder is in the answer."""
    admin.put(f"{KEYS}/venue.api_key", json=SECRET, headers=OPEN)
    assert [] == admin.get(KEYS).json()["kept"]
    wrong = admin.get(KEYS, headers={"X-Passphrase": "guessed"})
    assert (422, "passphrase") == (wrong.status_code, wrong.json()["field"])
    assert "guessed" not in wrong.text
    assert "/" not in wrong.json()["detail"]
    assert 422 == admin.put(f"{KEYS}/venue.api_key", json=SECRET).status_code


@pytest.mark.parametrize("passphrase", ["відчинись, сезаме", "ouvre-toi, sésame"])
def test_a_passphrase_may_be_of_any_alphabet(admin, tmp_path, passphrase):
    """It comes in UTF-8, and is the same as on the command line; another is refused."""
    header = {"X-Passphrase": passphrase.encode()}
    assert 200 == admin.put(f"{KEYS}/venue.api_key", json=SECRET, headers=header).status_code
    assert ["venue.api_key"] == admin.get(KEYS, headers=header).json()["kept"]
    assert {"venue.api_key": SECRET["secret"]} == KeyFile(tmp_path / "keys.enc").read(passphrase)
    assert 422 == admin.get(KEYS, headers={"X-Passphrase": passphrase.upper().encode()}).status_code


def test_a_secret_is_taken_out(admin):
    """Once; after that there is none, and other names are none."""
    admin.put(f"{KEYS}/venue.api_key", json=SECRET, headers=OPEN)
    assert [204, 404] == [admin.delete(f"{KEYS}/venue.api_key", headers=OPEN).status_code for _ in range(2)]
    assert 404 == admin.put(f"{KEYS}/risk.size", json=SECRET, headers=OPEN).status_code


def test_a_variable_opens_the_store(opened, somebody):
    """Where the server's own environment holds the passphrase no request brings it."""
    client = opened(somebody(Role.ADMIN), environment={"TRADEWRIGHT_KEYS_PASSPHRASE": "of the store"})
    assert 200 == client.put(f"{KEYS}/venue.api_key", json=SECRET).status_code
    assert (True, ["venue.api_key"]) == (client.get(KEYS).json()["opens_by_itself"], client.get(KEYS).json()["kept"])
