"""What happens at the server, event by event, through breaks of the connection."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from tradewright.client.problem import Unreachable

__all__ = ["ServerEvent", "events"]

_FIRST_WAIT_S, _MOST_WAIT_S = 0.5, 30.0


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """Something that happened.

    Args:
        type: what, as `job.changed`; `snapshot_required` where more was missed than the server keeps.
        data: of the event.
        ts: UTC ns.
        id: by which the stream goes on after it; empty for what is not kept.
    """

    type: str
    data: dict[str, Any]
    ts: int
    id: str = ""


class _Streams(Protocol):
    def stream(self, path: str, headers: dict[str, str]) -> Any: ...


def events(
    client: _Streams, after: str = "", *, is_endless: bool = True, sleep: Callable[[float], None] = time.sleep
) -> Iterator[ServerEvent]:
    """Events as they happen; after a break the stream goes on where it was.

    Args:
        client: a `Client`.
        after: id of the last event that was heard; empty begins now.
        is_endless: go on after a break; else the break ends it.
        sleep: waits before the next try.

    Raises:
        ProblemError: the server does not open the stream.
        Unreachable: the connection broke, and it was not to go on.
    """
    wait = _FIRST_WAIT_S
    while True:
        try:
            with client.stream("/api/v1/events", {"Last-Event-ID": after} if after else {}) as lines:
                for event in _parsed(lines):
                    wait, after = _FIRST_WAIT_S, event.id or after
                    yield event
        except Unreachable:
            if not is_endless:
                raise
        if not is_endless:
            return
        sleep(wait)
        wait = min(2 * wait, _MOST_WAIT_S)


def _parsed(lines: Iterable[str]) -> Iterator[ServerEvent]:
    # An event is lines of `name: value` up to an empty one; a line that begins with a colon keeps the connection alive.
    own = ""
    data: list[str] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "" and data:
            told = json.loads("\n".join(data))
            yield ServerEvent(told["type"], told["data"], told["ts"], own)
            own, data = "", []
        elif name == "data":
            data.append(value.removeprefix(" "))
        elif name == "id":
            own = value.strip()
