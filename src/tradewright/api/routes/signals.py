"""What strategies say, and why: as a list, and as a stream."""

from __future__ import annotations

from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from tradewright.api.asking import Serving, Viewer
from tradewright.api.models.asking_for import Reading, Whose
from tradewright.api.models.trading import SignalPage, SignalView
from tradewright.api.problems import problems
from tradewright.api.streaming import MOST_WAITING, still_let_in

__all__ = ["router"]

router = APIRouter(prefix="/signals", tags=["signals"], responses=problems(404))
_KINDS = ("signal", "snapshot_required")


@router.get("")
async def list_signals(_: Viewer, wish: Whose, reading: Reading) -> SignalPage:
    """List signals, newest first."""
    page, after = await reading.page("signals", wish)
    return SignalPage(items=[SignalView.of(one) for one in page.entries], next=after)


@router.get("/stream", response_class=EventSourceResponse)
async def stream_signals(
    server: Serving, request: Request, _: Viewer, last_event_id: Annotated[int | None, Header(ge=0, le=2**62)] = None
) -> AsyncIterable[ServerSentEvent]:
    """Stream signals as they come, after `Last-Event-ID` if given. Each is an event `signal` of `GET /events`."""
    with server.news.listening(last_event_id, MOST_WAITING) as heard:
        async for event in still_let_in(heard, request):
            if event.type in _KINDS:
                number = None if event.number is None else str(event.number)
                data = {"type": event.type, "ts": event.ts, "data": dict(event.data)}
                yield ServerSentEvent(data=data, event=event.type, id=number)
