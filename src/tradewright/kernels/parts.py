"""How a kernel is compiled that only ever becomes part of other kernels.

numba takes every function for one that may be called by itself: it links in all that it calls, optimises the whole, and
makes machine code. For a kernel that is always inlined this is work for nothing, and done anew on each floor of the
tree of calls. Here it is left as it was lowered; the kernel that Python calls is optimised with all of its parts in
place, and is the only one that becomes machine code. That halves the time of compiling and loses no speed.

What is used of numba's inside has no public name. Where another version lacks it, parts are compiled as all else is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import codegen
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import CPUDispatcher

__all__ = ["Part", "Whole"]

_Library: Any = getattr(codegen, "JITCodeLibrary", object)
_Codegen: Any = getattr(codegen, "JITCPUCodegen", object)
_SETTINGS = ("_library_class", "set_env")
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


class Whole(CPUDispatcher):
    """A kernel that is called from Python, or is too large to be part of each of its callers."""

    def compile(self, sig: Any) -> Any:
        """Make machine code, even while a part that calls it is being made."""
        with global_compiler_lock, _settings_of(self):
            return super().compile(sig)


class Part(CPUDispatcher):
    """A kernel that is part of others. Called from Python it runs as Python."""

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Run the function as it stands in its source."""
        return self.py_func(*args, **named)

    def compile(self, sig: Any) -> Any:
        """Make the code that others link in."""
        with global_compiler_lock, _settings_of(self, _library_class=_PartLibrary, set_env=_no_address):
            return super().compile(sig)


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
