"""What happens, as one stream of server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from tradewright.api.asking import Serving, Viewer
from tradewright.api.models.news import AnyEvent
from tradewright.api.streaming import MOST_WAITING, still_let_in

__all__ = ["router"]

router = APIRouter(tags=["events"])


@router.get(
    "/events",
    response_class=EventSourceResponse,
    responses={200: {"model": AnyEvent, "description": "a stream; `data` of each event is one of these"}},
)
async def stream_events(
    server: Serving,
    request: Request,
    _: Viewer,
    last_event_id: Annotated[int | None, Header(ge=0, le=2**62, description="Last that was heard.")] = None,
    after: Annotated[int | None, Query(ge=0, le=2**62, description="The same, where a header cannot be set.")] = None,
) -> AsyncIterable[ServerSentEvent]:
    """Stream what happens, after `Last-Event-ID` if given; a comment each 15 seconds says that the server is there.

    Events that last have an `id`, also after a restart of the server. Who has missed more than is kept, or reads too
    slowly, hears `snapshot_required`.
    """
    since = last_event_id if last_event_id is not None else after
    with server.news.listening(since, MOST_WAITING) as heard:
        async for event in still_let_in(heard, request):
            number = None if event.number is None else str(event.number)
            data = {"type": event.type, "ts": event.ts, "data": dict(event.data)}
            yield ServerSentEvent(data=data, event=event.type, id=number)
