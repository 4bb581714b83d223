"""Whom faults strike, and files of faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewright.adapters.venues.practice.faults import KINDS, Fault, FaultBook
from tradewright.adapters.venues.practice.scenario import read_scenario
from tradewright.domain.errors import InvalidValue


def _struck(book: FaultBook, number: int, path: str = "/fapi/v1/order") -> list[int]:
    return [n for n in range(number) if book.for_request("POST", path, float(n)) is not None]


def test_fault_strikes_those_it_means() -> None:
    """Method, path, how many it lets pass, how often it strikes, and when."""
    book = FaultBook(1)
    book.add(Fault("drop", method="POST", path="/fapi/v1/order", after=2, count=2))
    assert [] == [n for n in range(9) if book.for_request("GET", "/fapi/v1/order", 0.0)]
    assert [2, 3] == _struck(book, 9)
    book = FaultBook(1)
    book.add(Fault("drop", begin=3.0, end=6.0, count=0))
    assert [3, 4, 5] == _struck(book, 9)


def test_same_seed_strikes_the_same() -> None:
    """Chance is drawn from the seed and from nothing else."""

    def struck(seed: int) -> list[int]:
        book = FaultBook(seed)
        book.add(Fault("drop", chance=0.3, count=0))
        return _struck(book, 100)

    assert struck(1) == struck(1)
    assert struck(1) != struck(2)
    assert 15 < len(struck(1)) < 45


def test_faults_are_told_and_forgotten() -> None:
    """What waits has a number; one that has struck for the last time has nothing left."""
    book = FaultBook(1)
    number = book.add(Fault("user_lost"))
    assert book.now("user_lost", 0.0)
    assert not book.now("user_lost", 0.0)
    assert [(number, 0)] == [(one["id"], one["left"]) for one in book.told()]
    book.remove(number)
    assert [] == book.told()


def test_scenario_is_read(tmp_path: Path) -> None:
    """A file has a seed and faults."""
    path = tmp_path / "faults.yaml"
    path.write_text("seed: 7\nfaults:\n  - {kind: delay, delay: 2, path: /fapi}\n")
    assert [("delay", 2.0, "/fapi")] == [(one["kind"], one["delay"], one["path"]) for one in read_scenario(path).told()]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("faults: {", "YAML"),
        ("- 1", "seed"),
        ("noise: 1", "seed"),
        ("seed: one", "whole number"),
        ("faults: 1", "list"),
        ("faults: [{kind: fire}]", "drop"),
        ("faults: [{path: /}]", "kind"),
        ("faults: [{kind: drop, count: often}]", "whole number"),
        ("faults: [{kind: drop, status: 99}]", "200"),
        ("faults: [{kind: drop, after: -1}]", "0 or more"),
    ],
)
def test_scenario_that_is_wrong_is_refused_in_words(tmp_path: Path, text: str, word: str) -> None:
    """What is wrong is named, with what is allowed."""
    path = tmp_path / "faults.yaml"
    path.write_text(text)
    with pytest.raises(InvalidValue, match=word):
        read_scenario(path)


def test_scenario_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A missing file is bad input."""
    with pytest.raises(InvalidValue, match="--scenario"):
        read_scenario(tmp_path / "none.yaml")


def test_page_of_faults_names_every_kind() -> None:
    """The reference tells of each kind what the program tells."""
    page = (Path(__file__).parents[5] / "docs/reference/practice-exchange.md").read_text(encoding="utf-8")
    assert [] == [kind for kind, words in KINDS.items() if f"| `{kind}` | {words} |" not in page]
