"""What strategies say, and why: as a list, and as a stream."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request

from tradewright.api.asking import Viewer
from tradewright.api.models.asking_for import Reading, Whose
from tradewright.api.models.trading import SignalPage, SignalView
from tradewright.api.problems import problems
from tradewright.api.streaming import EventStream, event_stream

__all__ = ["router"]

router = APIRouter(prefix="/signals", tags=["signals"], responses=problems(404))
_KINDS = ("signal", "snapshot_required")


@router.get("")
async def list_signals(_: Viewer, wish: Whose, reading: Reading) -> SignalPage:
    """List signals, newest first."""
    page, after = await reading.page("signals", wish)
    return SignalPage(items=[SignalView.of(one) for one in page.entries], next=after)


@router.get("/stream", response_class=EventStream)
async def stream_signals(
    request: Request, _: Viewer, last_event_id: Annotated[int | None, Header(ge=0, le=2**62)] = None
) -> EventStream:
    """Stream signals as they come, after `Last-Event-ID` if given. Each is an event `signal` of `GET /events`."""
    return event_stream(request, last_event_id, _KINDS)
