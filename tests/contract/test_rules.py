"""The page of the engine's rules says of each whether it is held; the tests that carry its number are the proof."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "engine-rules.md"
SCENARIOS = ROOT / "tests" / "golden" / "scenarios.json"
COUNTS = {"T": 5, "L": 7, "S": 12, "A": 5, "R": 7, "C": 4, "F": 7, "P": 3, "M": 11}
RULES = {f"{letter}-{number}" for letter, count in COUNTS.items() for number in range(1, count + 1)}
RULES |= {"4.0", "4.11", "4.12"}
HELD, IN_PART, NOT_YET = "held", "in part", "not yet"


def stated() -> list[tuple[str, str, str]]:
    """Each rule of the page: its number, what is said of it, and the words about it."""
    found = re.findall(r"^\*\*([\w.-]+)\*\* · ([a-z ]+?)(?: ·.*?)?\.\n(.+)$", PAGE.read_text(), re.MULTILINE)
    return [(rule, status, text) for rule, status, text in found]


def is_mark(node: ast.AST) -> bool:
    """Whether a piece of code is `pytest.mark.rule(…)`."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule"


def marked_in(source: str) -> Iterator[str]:
    """Numbers that the marks of a file give; a mark whose number is computed gives none."""
    for node in ast.walk(ast.parse(source)):
        if is_mark(node) and isinstance(node, ast.Call):
            yield from (str(given.value) for given in node.args if isinstance(given, ast.Constant))


def marked() -> set[str]:
    """Every number that a test or a scenario carries."""
    files = {rule for path in sorted((ROOT / "tests").rglob("test_*.py")) for rule in marked_in(path.read_text())}
    return files | {row["rule"] for row in json.loads(SCENARIOS.read_text(encoding="utf-8"))}


def test_marks_are_found_in_every_form() -> None:
    """Several numbers in one mark, on a module, on a class or a parameter: all count."""
    source = """
pytestmark = pytest.mark.rule("L-1", "L-2")
@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.rule("S-2"))])
@pytest.mark.other("S-3")
def test_x(x): ...
"""
    assert ["L-1", "L-2", "S-2"] == sorted(marked_in(source))


def test_page_states_every_rule_once() -> None:
    """No rule is forgotten, invented or stated twice."""
    assert sorted(RULES) == sorted(rule for rule, _, _ in stated())
    assert {status for _, status, _ in stated()} <= {HELD, IN_PART, NOT_YET}


def test_marks_name_rules_that_exist() -> None:
    """A mistyped number proves nothing."""
    assert set() == marked() - RULES


def test_rule_said_to_be_held_has_a_test() -> None:
    """A promise without a test is a hope."""
    promised = {rule for rule, status, _ in stated() if status != NOT_YET}
    assert set() == promised - marked()


def test_rule_that_a_test_holds_is_said_to_be() -> None:
    """The page does not lag behind the code."""
    assert set() == {rule for rule, status, _ in stated() if status == NOT_YET} & marked()


def test_rule_held_in_part_says_what_is_missing_and_no_other_does() -> None:
    """Whoever relies on a rule knows what it does not cover."""
    assert [] == [rule for rule, status, text in stated() if (status == IN_PART) != ("*Missing*" in text)]
