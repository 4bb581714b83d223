"""A user's file with a Backtrader strategy is read, or what is wrong with it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewright.adapters.backtrader.strategy_file import read_strategy
from tradewright.domain.errors import InvalidValue, StrategyError, UnknownName

TWO = """
import backtrader as bt


class FirstIdea(bt.Strategy):
    version = "2.1"
    params = dict(length=20, share=0.5, eager=False, label="a", anything=None)


class Second(bt.Strategy):
    pass
"""


def a_file(folder: Path, text: str = TWO) -> Path:
    """The text as a file."""
    path = folder / "ideas.py"
    path.write_text(text)
    return path


def test_values_take_the_type_of_their_defaults(tmp_path: Path) -> None:
    """Text from a command line becomes a number or a flag; what is not given keeps its default."""
    given = {"length": "7", "share": "0.25", "eager": "yes", "anything": "x"}
    found = read_strategy(a_file(tmp_path), "FirstIdea", given)
    wanted = {"anything": "x", "eager": True, "label": "a", "length": 7, "share": 0.25}
    assert ("first_idea", "2.1", wanted) == (found.name, found.version, dict(found.params))
    assert sorted(wanted) == [name for name, _ in found.params]
    assert str(tmp_path / "ideas.py") == found.file


def test_a_strategy_without_a_version_has_version_nought(tmp_path: Path) -> None:
    """A result always says which version it came from."""
    assert "0" == read_strategy(a_file(tmp_path), "Second", {}).version


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (TWO, "ideas.py:1: say which, as ideas.py:Name, of FirstIdea, Second"),
        ("x = 1\n", "ideas.py:1: no class here extends backtrader.Strategy"),
        ("import backtrader\n\nx = 1 / 0\n", "ideas.py:3: ZeroDivisionError: division by zero"),
        ("def broken(:\n", "ideas.py:1: SyntaxError"),
        ("raise SystemExit('bye')\n", "ideas.py:1: SystemExit: bye"),
    ],
    ids=["two", "none", "fails", "no Python", "leaves"],
)
def test_a_file_that_cannot_be_used_is_named_with_its_line(tmp_path: Path, text: str, error: str) -> None:
    """One line says where and what."""
    with pytest.raises(StrategyError) as caught:
        read_strategy(a_file(tmp_path, text), None, {})
    assert error in str(caught.value)
    assert 1 == len(str(caught.value).splitlines())


def test_unknown_names_and_values_of_a_wrong_type_are_refused(tmp_path: Path) -> None:
    """Class, parameter and value are each named."""
    path = a_file(tmp_path)
    with pytest.raises(UnknownName, match=r"class of ideas\.py 'Secund' is unknown; did you mean 'Second'"):
        read_strategy(path, "Secund", {})
    with pytest.raises(UnknownName, match="parameter of FirstIdea 'lenght' is unknown; did you mean 'length'"):
        read_strategy(path, "FirstIdea", {"lenght": "7"})
    for name, value in (("length", "many"), ("eager", "perhaps")):
        with pytest.raises(InvalidValue, match=f"FirstIdea.{name}: '{value}' is not allowed"):
            read_strategy(path, "FirstIdea", {name: value})
    with pytest.raises(StrategyError, match="there is no such file"):
        read_strategy(tmp_path / "none.py", None, {})
