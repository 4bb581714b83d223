"""What happens, as one stream of server-sent events."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request

from tradewright.api.asking import Viewer
from tradewright.api.models.news import AnyEvent
from tradewright.api.streaming import EventStream, event_stream

__all__ = ["router"]

router = APIRouter(tags=["events"])


@router.get(
    "/events",
    response_class=EventStream,
    responses={200: {"model": AnyEvent, "description": "a stream; `data` of each event is one of these"}},
)
async def stream_events(
    request: Request,
    _: Viewer,
    last_event_id: Annotated[int | None, Header(ge=0, le=2**62, description="Last that was heard.")] = None,
    after: Annotated[int | None, Query(ge=0, le=2**62, description="The same, where a header cannot be set.")] = None,
) -> EventStream:
    """Stream what happens, after `Last-Event-ID` if given; a comment each 15 seconds says that the server is there.

    Events that last have an `id`, also after a restart of the server. Who has missed more than is kept, or reads too
    slowly, hears `snapshot_required`.
    """
    return event_stream(request, last_event_id if last_event_id is not None else after)
