"""How kernels are put together: as parts of others, as wholes, or apart from those that call them.

numba takes every function for one that may be called by itself: it links in all that it calls, optimises the whole, and
makes machine code. For a kernel that is always inlined this is work for nothing, and done anew on each floor of the
tree of calls. Here it is left as it was lowered; the kernel that Python calls is optimised with all of its parts in
place, and is the only one that becomes machine code. That halves the time of compiling and loses no speed.

The other way round, what a user's strategy calls of ours may be far larger than the strategy: it is called where it
was loaded, and not compiled once more into each strategy. Such a strategy is compiled anew in each process, in
seconds: kept on disk, it would hold the name of a function that need not be there the next time.

What is used of numba's inside has no public name. Where another version lacks it, all is compiled in numba's own way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from llvmlite.binding import parse_assembly
from numba.core import codegen
from numba.core.caching import FunctionCache
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import CPUDispatcher
from numba.core.types import unliteral

__all__ = ["Apart", "Entry", "Part", "Whole", "straight"]

F = TypeVar("F", bound=Callable[..., object])

_Library: Any = getattr(codegen, "JITCodeLibrary", object)
_Codegen: Any = getattr(codegen, "JITCPUCodegen", object)
_SETTINGS = ("_library_class", "set_env")
_APART_NAMES: set[str] = set()
_IS_KNOWN = all(hasattr(_Codegen, name) for name in (*_SETTINGS, "_module_pass_manager"))


class _PartLibrary(_Library):  # type: ignore[misc]  # numba carries no types
    """Code to be linked into other code, never to be run from here."""

    def _optimize_final_module(self) -> None:
        # Inlining and little more: what is inlined from below would else come in twice, as a call and as a body.
        passes, builder = self._codegen._module_pass_manager(  # noqa: SLF001 - see the module's docstring
            loop_vectorize=False, slp_vectorize=False, opt=0, cost="cheap"
        )
        passes.run(self._final_module, builder)

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Nowhere: there is no machine code."""
        del name
        return 0


class _ClosedLibrary(_Library):  # type: ignore[misc]  # numba carries no types
    """Code that is kept and loaded as machine code only: what others would link in is four times as large."""

    def _optimize_final_module(self) -> None:
        # Once: numba does it twice, to drop references that these kernels do not count. No loop of theirs has
        # operations that could be done four at a time.
        passes, builder = self._codegen._module_pass_manager(loop_vectorize=False, slp_vectorize=False)  # noqa: SLF001
        passes.run(self._final_module, builder)

    def serialize_using_object_code(self) -> tuple[str, str, tuple[bytes, bytes]]:
        """As numba does, with the names by which functions and variables are found once loaded, and no more."""
        self._ensure_finalized()
        return (self.name, "object", (self._get_compiled_object(), _names_of(self._final_module)))

    def _get_module_for_linking(self) -> Any:
        raise RuntimeError(f"{self.name}: called from Python only, not from kernels")


class _ApartLibrary(_ClosedLibrary):
    """Code that others call, and never have a copy of."""

    def _get_module_for_linking(self) -> Any:
        return parse_assembly(str(self._codegen._create_empty_module(self.name)))  # noqa: SLF001 - as above


def _names_of(module: Any) -> bytes:
    # A module that has no more than the names of another.
    kept = ("external", "linkonce_odr", "common")
    functions, variables = (
        [one.name.replace('"', "\\22") for one in found if not one.is_declaration and one.linkage.name in kept]
        for found in (module.functions, module.global_variables)
    )
    text = [f'define void @"{name}"() {{ unreachable }}' for name in functions]
    text += [f'@"{name}" = global i8 0' for name in variables]
    return bytes(parse_assembly("\n".join(text)).as_bitcode())


class _OneOf:
    """Makes the library of one kernel of a kind, and numba's own for what is compiled on the way."""

    def __init__(self, name: str, kind: Any) -> None:
        self._name, self._kind = name, kind

    def __call__(self, code: Any, name: str, **options: Any) -> Any:
        return (self._kind if name == self._name else _Library)(code, name, **options)

    def _unserialize(self, code: Any, state: Any) -> Any:
        return (self._kind if state[0] == self._name else _Library)._unserialize(code, state)  # noqa: SLF001


class _SparingCache(FunctionCache):
    """Keeps nothing that calls a function which need not be loaded the next time."""

    def _save_overload(self, sig: Any, data: Any) -> None:
        functions = data.library._final_module.functions  # noqa: SLF001 - as above
        if not any(one.is_declaration and one.name in _APART_NAMES for one in functions):
            super()._save_overload(sig, data)  # type: ignore[no-untyped-call]  # numba carries no types


class Whole(CPUDispatcher):
    """A kernel that is called from Python, or is too large to be part of each of its callers."""

    def compile(self, sig: Any) -> Any:
        """Make machine code, even while a part that calls it is being made."""
        cache = vars(self).get("_cache")
        if type(cache) is FunctionCache:
            cache.__class__ = _SparingCache
        with global_compiler_lock, _settings_of(self, **self._library()):
            return super().compile(sig)

    def _library(self) -> dict[str, object]:
        return {}


class Entry(Whole):
    """A kernel that is called from Python only: nothing but its machine code is kept."""

    def _library(self) -> dict[str, object]:
        return {"_library_class": _OneOf(self.py_func.__qualname__, _ClosedLibrary)}


class Apart(CPUDispatcher):
    """A kernel that Python and users' strategies call, each where it was loaded."""

    def compile(self, sig: Any) -> Any:
        """Make machine code that is not copied into what calls it."""
        with global_compiler_lock, _settings_of(self, _library_class=_OneOf(self.py_func.__qualname__, _ApartLibrary)):
            entry = super().compile(sig)
        compiled: Any = self.overloads.values()
        _APART_NAMES.update(one.fndesc.llvm_func_name for one in compiled)
        return entry


class Part(CPUDispatcher):
    """A kernel that is part of others. Called from Python it runs as Python."""

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Take a constant as a number like any other: numba would compile all that is called once more for it.

        What is inlined is made for the constant all the same: LLVM sees it.
        """
        plain: Any = unliteral
        return super().get_call_template(tuple(map(plain, args)), {name: plain(kind) for name, kind in kws.items()})

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Run the function as it stands in its source."""
        return self.py_func(*args, **named)

    def compile(self, sig: Any) -> Any:
        """Make the code that others link in."""
        with global_compiler_lock, _settings_of(self, _library_class=_PartLibrary, set_env=_no_address):
            return super().compile(sig)


def straight(kernel: F) -> F:
    """The machine code of a kernel without numba's look at the types of the arguments, which takes longer than a step.

    A world, a market and the rules are fifty arrays and numbers: 5 microseconds to look at, 0.7 to hand over.

    Args:
        kernel: of one signature, for who calls it many times with arguments of the very types of an earlier call.

    Returns:
        The kernel itself before its first call, or where it is not compiled.
    """
    compiled = list(getattr(kernel, "overloads", {}).values())
    return cast("F", compiled[0].entry_point) if len(compiled) == 1 else kernel


@contextmanager
def _settings_of(kernel: Any, **settings: Any) -> Iterator[None]:
    # Kernels are compiled while those that call them are: each finds numba's own settings, or what it asks for.
    code = vars(kernel.targetctx.codegen())
    before = {name: code.pop(name) for name in _SETTINGS if name in code}
    code.update(settings if _IS_KNOWN else {})
    try:
        yield
    finally:
        for name in _SETTINGS:
            code.pop(name, None)
        code.update(before)


def _no_address(name: str, environment: object) -> None:
    # Without machine code there is no variable that could hold it.
    del name, environment
