"""Names say what a thing is: no bins for left-overs, and each `__all__` is the truth."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "tradewright"
SOURCES = sorted(PACKAGE.rglob("*.py"))
LEFT_OVERS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "core", "types"}


def _module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def _isort_key(name: str) -> tuple[int, str]:
    # Constants, then classes, then functions: the order that the linter keeps as well.
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    return kind, name


@pytest.mark.parametrize("path", SOURCES, ids=_module_name)
def test_module_name_says_what_is_inside(path: Path) -> None:
    """No module or package is named for being a bin of left-overs."""
    assert set() == LEFT_OVERS & set(_module_name(path).split("."))


@pytest.mark.parametrize("path", SOURCES, ids=_module_name)
def test_all_names_what_there_is(path: Path) -> None:
    """`__all__` is sorted, holds no name twice and names only what exists."""
    module = importlib.import_module(_module_name(path))
    listed = list(getattr(module, "__all__", []))
    assert sorted(set(listed), key=_isort_key) == listed
    assert [] == [name for name in listed if not hasattr(module, name)]
