"""Where a server listens, told to its own user, and believed only while it does."""

from __future__ import annotations

import pytest

from tradewright.adapters.storage.listening import listening, listens_at
from tradewright.domain.errors import StoreError

_HERE = "http://127.0.0.1:8000"


def test_it_is_told_while_the_server_listens(tmp_path):
    """To the owner alone; a second server on the folder does not speak over the first; afterwards nothing is left."""
    assert listens_at(tmp_path) is None
    with listening(tmp_path, _HERE):
        assert _HERE == listens_at(tmp_path)
        assert 0o600 == (tmp_path / "server.json").stat().st_mode & 0o777
        with listening(tmp_path, "http://127.0.0.1:9000"):
            assert _HERE == listens_at(tmp_path)
        assert _HERE == listens_at(tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_what_a_dead_server_left_is_not_believed(tmp_path):
    """Nobody holds the file: whoever listens there now is somebody else. The next server takes the file over."""
    (tmp_path / "server.json").write_text(f'{{"address": "{_HERE}", "pid": 1, "more": "than the next one writes"}}')
    (tmp_path / "server.json").chmod(0o600)
    assert listens_at(tmp_path) is None
    with listening(tmp_path, _HERE):
        assert _HERE == listens_at(tmp_path)


@pytest.mark.parametrize("spoil", [lambda path: path.chmod(0o644), lambda path: path.write_text("nonsense")])
def test_what_others_may_have_written_is_not_believed(tmp_path, spoil):
    """A file that others can read is none of ours; nonsense is no address."""
    with listening(tmp_path, _HERE):
        spoil(tmp_path / "server.json")
        assert listens_at(tmp_path) is None


def test_a_link_is_not_followed(tmp_path):
    """Somebody else's file under our name is neither read nor written."""
    (tmp_path / "other").mkdir()
    with listening(tmp_path / "other", _HERE):
        (tmp_path / "server.json").symlink_to(tmp_path / "other" / "server.json")
        assert listens_at(tmp_path) is None
        with pytest.raises(StoreError, match=r"server\.json"), listening(tmp_path, _HERE):
            pass
