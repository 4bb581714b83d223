"""A strategy's failure in words: which file, which line, what happened."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from tradewright.domain.errors import StrategyError, TradewrightError
from tradewright.engine.feed import Feed
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy

__all__ = ["checked_signals", "speaking", "spoken"]


@contextmanager
def speaking(*cast: Strategy) -> Iterator[None]:
    """Let strategies speak; whatever one raises ends the run as an error that names its file and line.

    Raises:
        StrategyError: a strategy raised something.
    """
    try:
        yield
    except TradewrightError:
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = [(frame, strategy) for frame in frames for strategy in cast if frame.filename in _files(strategy)]
        who = own[-1][1] if own else cast[0]
        place = f"{own[-1][0].filename}:{own[-1][0].lineno}" if own else who.name
        raise StrategyError(f"{place}: {who.name} failed: {type(error).__name__}: {error}") from error


def _files(strategy: Strategy) -> set[str]:
    return {item.__code__.co_filename for item in vars(type(strategy)).values() if hasattr(item, "__code__")}


def checked_signals(strategy: Strategy, given: object, bars: int) -> Signals:
    """What `signals` gave, if the engine can work with it.

    Raises:
        StrategyError: it is not Signals, or its rows are not ascending rows of the bars.
    """
    if not isinstance(given, Signals):
        raise StrategyError(f"{strategy.name}: signals gave {type(given).__name__}; it must give Signals")
    rows = given.bar
    if rows.size and (rows[0] < 0 or rows[-1] >= bars or (rows[1:] <= rows[:-1]).any()):
        raise StrategyError(f"{strategy.name}: signals gave rows that do not ascend within the {bars} bars")
    return given


def spoken(strategy: Strategy, feed: Feed) -> Signals:
    """What a strategy says by columns of the bars that are traded; what it says of their context is not heard.

    Raises:
        StrategyError: see `checked_signals`.
    """
    closed = feed.closed
    given = checked_signals(strategy, strategy.signals(closed), len(closed))
    if feed.before == 0:
        return given
    heard = given.take(given.bar >= feed.before)
    return heard._replace(bar=heard.bar - feed.before)
