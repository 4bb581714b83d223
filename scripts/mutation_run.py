"""Change the engine's kernels one place at a time, and see whether the tests notice: `python scripts/mutation_run.py`.

Each mutant is one small change: a comparison that takes or leaves its border, a sign, a constant one greater, `and` for
`or`, a line left out. It runs interpreted in a process of its own, which begins as a copy of this one. The quick tests
come first, then the laws and the twin with as many examples as they have for compiled kernels.
What survives is either equal to the original, or not tested: ADR 0041 says which.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import json
import os
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
KERNELS = ROOT / "src/tradewright/kernels"
ENTRIES = ("loop", "drilling", "replaying", "door")
NO_RULES = ("compiling", "parts", "records", "params", "replay_records")
QUICK = ("tests/unit/kernels", "tests/golden", "tests/parity/test_engine_twin.py", "tests/parity/test_tape_twin.py")
THOROUGH = ("tests/property", "tests/parity/test_two_paths.py", *QUICK[2:])
TIME_OUT = 120
SEEN = ("nobody", "quick", "thorough", "usage")
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


class Mutant(NamedTuple):
    """One change: of which function, where, and what."""

    module: str
    function: str
    line: int
    change: str
    number: int


def engine_modules() -> list[str]:
    """The modules of kernels that the engine is made of, by what its entries import."""
    seen: set[str] = set()
    wanted = list(ENTRIES)
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        tree = ast.walk(ast.parse((KERNELS / f"{name}.py").read_text()))
        origins = [node.module or "" for node in tree if isinstance(node, ast.ImportFrom)]
        wanted += [one.rpartition(".")[2] for one in origins if one.startswith("tradewright.kernels.")]
    return sorted(seen - set(NO_RULES))


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What can be put in place of a node, each with a word for it."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in SWAPPED:
        other = copy.deepcopy(node)
        other.ops = [SWAPPED[type(node.ops[0])]()]  # type: ignore[list-item]
        yield f"{ast.unparse(node)} -> {ast.unparse(other)}", other
    if isinstance(node, (ast.BinOp, ast.BoolOp, ast.AugAssign)) and type(node.op) in SWAPPED:
        changed: Any = copy.deepcopy(node)
        changed.op = SWAPPED[type(node.op)]()
        yield f"{ast.unparse(node)} -> {ast.unparse(changed)}", changed
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield f"{ast.unparse(node)} -> {ast.unparse(node.operand)}", node.operand
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
        value = not node.value if isinstance(node.value, bool) else node.value + 1
        yield f"{node.value} -> {value}", ast.Constant(value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("min", "max"):
        called = copy.deepcopy(node)
        called.func = ast.Name("max" if node.func.id == "min" else "min", ast.Load())
        yield f"{ast.unparse(node)} -> {ast.unparse(called)}", called
    place = (
        node.target if isinstance(node, ast.AugAssign) else node.targets[0] if isinstance(node, ast.Assign) else None
    )
    if isinstance(place, ast.Subscript) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        yield f"{ast.unparse(node)} -> left out", ast.Pass()


class _Changer(ast.NodeTransformer):
    """Makes the change of one number, counted in the order of the tree; with -1 counts and makes none."""

    def __init__(self, number: int) -> None:
        self.number, self.seen, self.words = number, 0, list[tuple[int, str]]()

    def visit(self, node: ast.AST) -> ast.AST:
        for word, other in changes(node):
            self.words.append((getattr(node, "lineno", 0), word))
            self.seen += 1
            if self.seen - 1 == self.number:
                return ast.copy_location(other, node)
        return self.generic_visit(node)


def bodies(module: str) -> Iterator[ast.FunctionDef]:
    """The functions of a module, without docstrings and decorators."""
    for node in ast.parse((KERNELS / f"{module}.py").read_text()).body:
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = []
            node.body = node.body[1:] if ast.get_docstring(node) else node.body
            node.args.defaults, node.returns = [], None
            for argument in node.args.args:
                argument.annotation = None
            yield node


def mutants() -> list[Mutant]:
    """Every mutant of every module, in order."""
    found = []
    for module in engine_modules():
        for body in bodies(module):
            changer = _Changer(-1)
            changer.visit(copy.deepcopy(body))
            found += [Mutant(module, body.name, *words, n) for n, words in enumerate(changer.words)]
    return found


def code_of(mutant: Mutant) -> CodeType:
    """The changed function, compiled."""
    body = next(one for one in bodies(mutant.module) if one.name == mutant.function)
    tree = ast.Module([_Changer(mutant.number).visit(body)], [])  # type: ignore[list-item]
    ast.fix_missing_locations(tree)
    whole = compile(tree, str(KERNELS / f"{mutant.module}.py"), "exec")
    return next(one for one in whole.co_consts if isinstance(one, CodeType) and one.co_name == mutant.function)


def tried(mutant: Mutant | None) -> str:
    """Run the tests on a mutant, or on the original; who noticed: `quick`, `thorough`, `time`, or `nobody`."""
    child = os.fork()
    if child == 0:
        os._exit(_judge(mutant))
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return "time" if os.WTERMSIG(status) == signal.SIGALRM else "crash"
    return SEEN[os.WEXITSTATUS(status)]


def _judge(mutant: Mutant | None) -> int:
    markets = importlib.import_module("tradewright.testing.markets")
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    if mutant is not None:
        module = importlib.import_module(f"tradewright.kernels.{mutant.module}")
        getattr(module, mutant.function).__code__ = code_of(mutant)
    for stage, folders in enumerate((QUICK, THOROUGH), start=1):
        signal.alarm(TIME_OUT * stage * (1 if mutant else 100))
        markets.UNCOMPILED = stage == 1
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not compiled and not real_data"]
        options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # what is imported before the fork
        code = int(pytest.main([*options, *folders]))
        if code == pytest.ExitCode.TESTS_FAILED or (mutant and code == pytest.ExitCode.INTERRUPTED):
            return stage
        if code != pytest.ExitCode.OK:
            return len(SEEN) - 1
    return 0


def main() -> int:
    """Try a sample of mutants; one line of JSON for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="mutants to try, drawn by the seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=engine_modules(), metavar="MODULE", help="of these kernels alone")
    parser.add_argument("--out", type=Path, default=ROOT / "build/mutants.jsonl")
    asked = parser.parse_args()
    os.chdir(ROOT)
    for module in engine_modules():
        importlib.import_module(f"tradewright.kernels.{module}")
    if (seen := tried(None)) != "nobody":
        print(f"the tests fail without any change ({seen})")
        return 1
    everything = [one for one in mutants() if one.module in (asked.only or [one.module])]
    drawn = random.Random(asked.seed).sample(everything, min(asked.count, len(everything)))  # noqa: S311 - a sample
    asked.out.parent.mkdir(exist_ok=True)
    with asked.out.open("w") as out:
        for mutant in drawn:
            out.write(json.dumps(mutant._asdict() | {"noticed": tried(mutant)}) + "\n")
            out.flush()
    print(f"{len(drawn)} of {len(everything)} mutants: {asked.out}")
    return 0


if __name__ == "__main__":
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    sys.exit(main())
