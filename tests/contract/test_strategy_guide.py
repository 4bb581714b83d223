"""The guide to writing a strategy is true: its first example is a strategy that works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tradewright.services.strategies import strategy_from_file
from tradewright.testing.strategies import conforming

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "writing-a-strategy.md"


def test_the_first_example_of_the_guide_is_ten_lines_and_keeps_the_contract(tmp_path: Path) -> None:
    """Copied into a file as it stands, it is found, gives signals and leaks nothing."""
    example = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[0]
    (tmp_path / "breakout.py").write_text(example)
    report = conforming(strategy_from_file(tmp_path / "breakout.py").create("breakout"))
    assert report.passport is not None
    assert report.passport.signals > 10
    assert len(example.splitlines()) <= 10


@pytest.mark.parametrize("number", [1, 2])
def test_the_other_examples_of_the_guide_work_too(tmp_path: Path, number: int) -> None:
    """Bar by bar, and with a whole bracket: in place of `signals` in the first, they give signals and leak nothing."""
    examples = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    head = examples[0].partition("    def signals")[0]
    (tmp_path / "breakout.py").write_text(head + examples[number])
    report = conforming(strategy_from_file(tmp_path / "breakout.py").create("breakout"))
    assert report.passport is not None
    assert report.passport.signals > 10
