"""A user's function that trades a tape, found in its file."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tradewright.domain.errors import InvalidValue, StrategyError, TradewrightError
from tradewright.strategy.plugin import executed

__all__ = ["TapeFunction", "load_function"]


_LONGEST = 600  # a compiler's complaint can fill pages


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

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Let it speak; whatever it raises becomes one line with its file and line.

        Raises:
            StrategyError: it raised something.
        """
        with _speaking(self.path):
            yield


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
    with _speaking(path):
        module = executed(f"_tradewright_tape_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}", path)
    found = getattr(module, name, None)
    if not callable(found):
        names = sorted(key for key, item in vars(module).items() if _is_own(item, module.__name__))
        raise InvalidValue("strategy", target, f"a function of {path.name}: {', '.join(names) or 'it has none'}")
    return TapeFunction(path, name, found)


def _is_own(item: object, module: str) -> bool:
    return callable(item) and getattr(item, "__module__", None) == module


@contextmanager
def _speaking(path: Path) -> Iterator[None]:
    try:
        yield
    except TradewrightError:
        raise
    except (Exception, SystemExit) as error:
        line = error.lineno if isinstance(error, SyntaxError) and error.filename == str(path) else None
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line = line or (frames[-1].lineno if frames else None) or 1
        text = " ".join(str(error).split())
        text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
        raise StrategyError(f"{path}:{line}: {type(error).__name__}: {text}") from error
