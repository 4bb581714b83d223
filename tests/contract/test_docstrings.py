"""What a caller meets is explained, and the explanation names the parameters that there are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "tradewright"
SOURCES = sorted(PACKAGE.rglob("*.py"))

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _label(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def _public(path: Path) -> Iterator[Documented]:
    tree = ast.parse(path.read_text())
    for node in tree.body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (
                    inner for inner in node.body if isinstance(inner, Function) and not inner.name.startswith("_")
                )


PROMISED = {
    node.name
    for path in (PACKAGE / "ports").glob("*.py")
    for node in _public(path)
    if isinstance(node, Function) and ast.get_docstring(node)
}


def _parameters(node: Documented) -> set[str]:
    """The parameters of a function, or of what makes an instance: `__init__` and the fields of a dataclass."""
    if isinstance(node, ast.ClassDef):
        fields = {
            item.target.id
            for item in node.body
            if isinstance(item, ast.AnnAssign)
            and isinstance(item.target, ast.Name)
            and not ast.unparse(item.annotation).startswith("ClassVar")
        }
        makers = [item for item in node.body if isinstance(item, Function) and item.name in {"__init__", "__new__"}]
        return fields.union(*map(_parameters, makers))
    given = node.args
    every = (*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg)))
    return {parameter.arg for parameter in every} - {"self", "cls"}


def _documented_args(docstring: str) -> set[str]:
    """Names before a colon in the `Args:` section, one level in; several may share a line."""
    section = re.search(r"^Args:\n((?:(?:    .*)?\n?)+)", docstring, re.MULTILINE)
    lines = re.findall(r"^    ([\w*][\w*, ]*)(?: \([^)]*\))?:", section.group(1), re.MULTILINE) if section else []
    return {name.strip().lstrip("*") for line in lines for name in line.split(",")}


def _is_explained_elsewhere(node: Documented, path: Path) -> bool:
    # A port's protocol carries the contract once; an adapter documents only where it differs. The same for overrides.
    marks = {ast.unparse(decorator).split(".")[-1] for decorator in node.decorator_list}
    return bool(marks & {"override", "overload", "setter"}) or ("adapters" in path.parts and node.name in PROMISED)


@pytest.mark.parametrize("path", SOURCES, ids=_label)
def test_module_and_what_it_offers_are_explained(path: Path) -> None:
    """Each module has a docstring, and so has each public function, class and method."""
    silent = [
        f"{node.name} (line {node.lineno})"
        for node in _public(path)
        if not ast.get_docstring(node) and not _is_explained_elsewhere(node, path)
    ]
    assert ast.get_docstring(ast.parse(path.read_text()))
    assert [] == silent


@pytest.mark.parametrize("path", SOURCES, ids=_label)
def test_documented_arguments_are_the_real_ones(path: Path) -> None:
    """Where a docstring has `Args`, it names each parameter and no other."""
    wrong = []
    for node in _public(path):
        documented = _documented_args(ast.get_docstring(node) or "")
        if documented and documented != _parameters(node):
            wrong.append(
                f"{node.name} (line {node.lineno}): documents {sorted(documented)}, takes {sorted(_parameters(node))}"
            )
    assert [] == wrong
