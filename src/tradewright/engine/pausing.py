"""What a strategy may still do while it is paused: leave, reduce, cancel."""

from __future__ import annotations

from tradewright.domain.enums import SignalKind
from tradewright.domain.intents import Ask, Cancel, CancelAll, OrderIntent
from tradewright.engine.desk import Desk
from tradewright.strategy.answer import Answer

__all__ = ["reducing"]

_KIND = 2  # its place in a SIGNAL record


def reducing(desk: Desk, answer: Answer) -> Answer | None:
    """What of an answer opens nothing, or None where nothing is left of it.

    A change may make an order larger and a parent's next child may open a position: neither is heard. Parents stay at
    work, and go on when the pause is over.

    Args:
        desk: that gave it.
        answer: to the last close.
    """
    if desk.blotter is not None:
        desk.is_idle = not desk.blotter.works
    row = desk.row(answer, 0, 0)
    asks = tuple(ask for ask in answer.asks if _reduces(ask))
    if row is not None and row[_KIND] == SignalKind.EXIT:
        return answer._replace(asks=asks)
    return Answer(None, asks) if asks else None


def _reduces(ask: Ask) -> bool:
    if isinstance(ask, OrderIntent):
        return ask.closes
    return isinstance(ask, Cancel | CancelAll)
