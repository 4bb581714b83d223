"""Parts of kernels: linked into what is called, never finished by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numba import typeof

from tradewright.kernels.compiling import apart_kernel, cache_folder, entry_kernel, kernel, lean_kernel
from tradewright.kernels.loop import run_steps
from tradewright.kernels.money import round_cash
from tradewright.kernels.parts import Part, Whole, straight

pytestmark = pytest.mark.compiled


@kernel
def doubled(numbers: np.ndarray) -> float:
    """Called by a part, and from Python too."""
    total = 0.0
    for number in numbers:
        total += 2.0 * number
    return total


@lean_kernel
def larger(numbers: np.ndarray) -> float:
    """A part that calls a whole kernel."""
    return doubled(numbers) + 1.0


@lean_kernel
def shifted(number: int, by: int) -> int:
    """A part that is called with a constant, and without."""
    return number + by


@entry_kernel
def shifted_twice(number: int) -> int:
    """What Python calls."""
    return shifted(shifted(number, 3), number)


@entry_kernel
def outermost(numbers: np.ndarray) -> float:
    """What Python calls."""
    return larger(numbers)


@apart_kernel
def tripled(number: int) -> int:
    """Called where it is loaded."""
    return 3 * number


class Pair(NamedTuple):
    """As a world: arrays of records."""

    first: np.ndarray
    second: np.ndarray


@entry_kernel
def first_of(pair: Pair) -> float:
    """What Python calls with one."""
    return pair.first[0]["a"]


@kernel
def around(numbers: np.ndarray) -> float:
    """It calls what is there for Python alone."""
    return outermost(numbers)


@kernel
def one_more(number: int) -> int:
    """As a user's strategy: it calls what is apart."""
    return tripled(number) + 1


def test_kernel_apart_is_called_and_what_calls_it_is_not_kept_on_disk() -> None:
    """The caller holds the name of a function, which another process need not have loaded."""
    assert (one_more(2), tripled(2)) == (7, 6)

    kept = {path.name.split(".")[1].split("-")[0] for path in cache_folder(Path(__file__).parent).rglob("*.nbi")}
    assert "tripled" in kept
    assert "one_more" not in kept


def test_whole_kernel_that_is_first_compiled_for_a_part_has_machine_code_of_its_own() -> None:
    """It is compiled in the middle of its caller, and can be called by itself all the same."""
    numbers = np.array([1.0, 2.0])

    assert outermost(numbers) == 7.0
    assert doubled(numbers) == 6.0


def test_part_has_no_machine_code_and_runs_as_python_where_python_calls_it() -> None:
    """A part can be compiled, but there is nothing that could be called."""
    larger.compile((typeof(np.array([1.0])),))  # type: ignore[attr-defined]  # numba carries no types
    (compiled,) = larger.overloads.values()  # type: ignore[attr-defined]

    assert (isinstance(run_steps, Whole), isinstance(round_cash, Part)) == (True, True)
    assert compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name) == 0
    assert larger(np.array([3.0])) == 7.0


def test_straight_door_is_open_after_the_first_call_and_gives_the_same() -> None:
    """Before it there is no machine code; then numbers come out that the kernel itself gives."""

    @entry_kernel
    def half(number: float) -> float:
        return number / 2.0

    assert straight(half) is half
    assert 1.5 == half(3.0)
    assert straight(half) is not half
    assert 2.5 == straight(half)(5.0)


def test_kernel_of_two_signatures_has_no_straight_door() -> None:
    """Which of them an argument needs only numba's own door can tell."""

    @entry_kernel
    def same(number: float) -> float:
        return number

    assert (1, 1.5) == (same(1), same(1.5))
    assert straight(same) is same


def test_named_tuples_are_short_in_names_and_keep_functions_apart() -> None:
    """Two that differ in the type of one field have two functions, and neither name grows with the fields."""
    fields = [(name, np.float64) for name in "abcdefghijklmnop"]
    whole, real = np.ones(1, [*fields, ("q", np.int64)]), np.full(1, 2.5, [*fields, ("q", np.float64)])

    assert (1.0, 2.5) == (first_of(Pair(whole, real)), first_of(Pair(real, whole)))
    names = {one.fndesc.mangled_name for one in first_of.overloads.values()}  # type: ignore[attr-defined]  # as above
    assert 2 == len(names)
    assert max(map(len, names)) < 250


def test_kernel_that_only_python_calls_is_not_linked_into_another() -> None:
    """What is kept of it is machine code and names: a kernel that called it would call nothing."""
    with pytest.raises(Exception, match="called from Python only"):
        around(np.array([1.0]))


def test_part_is_made_once_for_constants_and_for_numbers() -> None:
    """A constant in a call is no type of its own: a part, and all that it calls, would be compiled once more for it."""
    assert 9 == shifted_twice(3)
    shifted_twice.recompile()  # type: ignore[attr-defined]  # else an earlier run's, kept on disk, is all there is
    assert 1 == len(shifted.overloads)  # type: ignore[attr-defined]  # a dispatcher


ORDERLY = np.dtype([("id", np.int32), ("price", np.float64), ("kind", np.int8)], align=True)
LOOSE = np.dtype([("id", np.int32), ("price", np.float64), ("kind", np.int8)])


@lean_kernel
def moved(rows: np.ndarray, line: np.ndarray) -> None:
    """Records put where a number says, counted from the end, in two dimensions, and in every place at once."""
    line[0] = line[1]
    line[-1] = line[2]
    rows[1, np.uint8(2)] = line[0]
    rows[-1, -1] = rows[1, 2]
    rows[0] = line[0]


@entry_kernel
def all_moved(rows: np.ndarray, line: np.ndarray) -> None:
    """What Python calls."""
    moved(rows, line)


@pytest.mark.parametrize("kind", [ORDERLY, LOOSE])
def test_records_are_copied_whole(kind):
    """Compiled as in Python, whatever says the place, with gaps in the record or without."""
    line = np.array([(n, n / 7, n) for n in range(1, 6)], kind)
    rows, same_rows, same_line = np.zeros((3, 3), kind), np.zeros((3, 3), kind), line.copy()
    all_moved(rows, line)
    moved(same_rows, same_line)
    assert (same_rows.tolist(), same_line.tolist()) == (rows.tolist(), line.tolist())
    assert [2, 2, 3, 4, 3] == line["id"].tolist()
