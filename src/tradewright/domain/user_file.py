"""A user's file that is not one of our strategies: whatever it raises becomes words with a file and a line."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tradewright.domain.errors import StrategyError, TradewrightError

__all__ = ["speaking"]

_LONGEST = 600  # a compiler's complaint can fill pages


@contextmanager
def speaking(path: Path) -> Iterator[None]:
    """Let a user's file speak; whatever it raises becomes one line with its file and line.

    Raises:
        StrategyError: it raised something.
    """
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
