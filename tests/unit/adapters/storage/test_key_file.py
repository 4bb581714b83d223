"""Secrets in an encrypted file: what opens it, and what its damage looks like."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tradewright.adapters.storage import key_file
from tradewright.adapters.storage.key_file import KeyFile
from tradewright.domain.errors import InvalidValue, StoreError

SECRETS = {"venue.api_key": "canary-key", "venue.api_secret": "canary-ü"}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyFile:
    """A store with two secrets; Argon2id takes a megabyte in place of 64."""
    monkeypatch.setattr(key_file, "_MEMORY_KIB", 1_024)
    made = KeyFile(tmp_path / "data" / "keys.enc")
    assert not made.is_there()
    made.write("open sesame", SECRETS)
    return made


def _changed(store: KeyFile, change: dict[str, Any]) -> None:
    content = json.loads(store.path.read_text())
    for place, value in change.items():
        part, _, name = place.partition(".")
        if name:
            content[part][name] = value
        else:
            content[part] = value
    store.path.write_text(json.dumps(content))


def test_what_was_sealed_comes_out_again(store: KeyFile) -> None:
    """By its passphrase; nobody else may read the file, and no secret stands in it."""
    assert SECRETS == store.read("open sesame")
    assert 0o600 == store.path.stat().st_mode & 0o777
    assert "canary" not in store.path.read_text()


def test_each_writing_has_its_own_salt_and_nonce(store: KeyFile) -> None:
    """The same secrets under the same passphrase never look the same."""
    before = json.loads(store.path.read_text())
    store.write("open sesame", SECRETS)
    after = json.loads(store.path.read_text())
    assert before["header"]["salt"] != after["header"]["salt"]
    assert before["nonce"] != after["nonce"]
    assert before["sealed"] != after["sealed"]


def test_a_wrong_passphrase_is_told_from_damage(store: KeyFile) -> None:
    """The one is bad input without the passphrase in its words, the other a damaged file."""
    with pytest.raises(InvalidValue, match="the passphrase of") as caught:
        store.read("canary")
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"header.salt": "no base64!"},
        {"header.memory_kib": 10**9},
        {"header.iterations": True},
        {"header.lanes": 0},
        {"header.kdf": "scrypt"},
        {"header.note": "added"},
        {"sealed": "AAAA"},
        {"nonce": "AAAA"},
        {"nonce": 5},
        {"header": []},
    ],
)
def test_a_changed_file_is_damaged(store: KeyFile, change: dict[str, Any]) -> None:
    """Whatever was changed in it, header included, nothing comes out, and the words say what to do."""
    _changed(store, change)
    with pytest.raises(StoreError, match="is damaged; restore it"):
        store.read("open sesame")


def test_no_json_a_later_version_and_no_file_are_named(store: KeyFile) -> None:
    """Each by its path."""
    _changed(store, {"header.version": 2})
    with pytest.raises(StoreError, match="is of version 2"):
        store.read("open sesame")
    store.path.write_text("{")
    with pytest.raises(StoreError, match="is damaged"):
        store.read("open sesame")
    store.path.unlink()
    with pytest.raises(StoreError, match="cannot be read"):
        store.read("open sesame")
