"""A quick list of results: each head is read once, and again only when it has changed."""

from __future__ import annotations

from tradewright.adapters.storage.json_results import JsonResults
from tradewright.services.result_shelf import ResultShelf
from tradewright.testing.results import a_result


class _Counted(JsonResults):
    reads = 0

    def load(self, result_id):
        self.reads += 1
        return super().load(result_id)

    def rows(self):
        self.reads += 1
        return super().rows()


def _named(number):
    return f"20261121-101530-{number:04x}"


def _keep(store, *numbers):
    for number in numbers:
        whole = a_result(_named(number))
        store.save(whole.result, whole.tables, "<p>")


def test_heads_are_read_once_and_a_changed_one_again(tmp_path):
    """A second list reads nothing; a new result, one that goes and one that is damaged are seen at once."""
    store = _Counted(tmp_path)
    _keep(store, 1, 2)
    shelf = ResultShelf(store)
    assert [_named(2), _named(1)] == [one.id for one in shelf.briefs()]
    assert [_named(2), _named(1)] == [one.id for one in shelf.briefs()]
    assert 2 == store.reads
    _keep(store, 3)
    store.discard(_named(2))
    next(tmp_path.glob(f"backtests/*/*{_named(1)}.json")).write_text("no JSON")
    found = shelf.briefs()
    assert [(_named(3), ""), (_named(1), True)] == [(one.id, one.damage and True) for one in found]
    store.restore(_named(2))
    assert [_named(3), _named(2), _named(1)] == [one.id for one in shelf.briefs()]


def test_many_new_heads_are_read_together(tmp_path):
    """The first list of a long shelf looks the folder through once, and not once for each."""
    store = _Counted(tmp_path)
    _keep(store, *range(30))
    shelf = ResultShelf(store)
    assert (30, 1) == (len(shelf.briefs()), store.reads)


def test_what_was_put_away_is_purged_after_its_time(tmp_path):
    """Before it, it can be brought back; afterwards nothing of it is left."""
    store = JsonResults(tmp_path)
    _keep(store, 1)
    store.discard(_named(1))
    assert 0 == store.purge(0)
    store.restore(_named(1))
    store.discard(_named(1))
    assert 1 == store.purge(2**62)
    assert [] == list(tmp_path.rglob("*.json"))
    assert not (tmp_path / "artifacts" / _named(1)).exists()
