"""A user's function that trades a tape, found in its file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tradewright.domain.errors import InvalidValue
from tradewright.domain.user_file import speaking
from tradewright.strategy.plugin import executed

__all__ = ["TapeFunction", "load_function"]


@dataclass(frozen=True, slots=True)
class TapeFunction:
    """A strategy on ticks and books.

    Args:
        path: its file.
        name: of the function there.
        function: takes a `Replay`.
    """

    path: Path
    name: str
    function: Callable[..., object]

    def speaking(self) -> AbstractContextManager[None]:
        """Let it speak: see `user_file.speaking`."""
        return speaking(self.path)


def load_function(target: str) -> TapeFunction:
    """Find `FILE.py:FUNCTION`.

    Raises:
        InvalidValue: it is not written so, or there is no such file or function.
        StrategyError: the file fails.
    """
    file, _, name = target.rpartition(":")
    path = Path(file).resolve()
    if not file.endswith(".py") or not name.isidentifier():
        raise InvalidValue("strategy", target, "FILE.py:FUNCTION")
    if not path.is_file():
        raise InvalidValue("strategy", target, f"a file that exists; there is no {path}")
    with speaking(path):
        module = executed(f"_tradewright_tape_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}", path)
    found = getattr(module, name, None)
    if not callable(found):
        names = sorted(key for key, item in vars(module).items() if _is_own(item, module.__name__))
        raise InvalidValue("strategy", target, f"a function of {path.name}: {', '.join(names) or 'it has none'}")
    return TapeFunction(path, name, found)


def _is_own(item: object, module: str) -> bool:
    return callable(item) and getattr(item, "__module__", None) == module
