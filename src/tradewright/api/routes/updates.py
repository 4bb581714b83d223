"""What happens, over a WebSocket: the events of `GET /api/v1/events`, for programs that speak it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Annotated, Any

from anyio import CancelScope, create_task_group
from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect

from tradewright.api.streaming import MOST_WAITING, batches, who_listens
from tradewright.bootstrap.server import Server
from tradewright.services.news import Listening

__all__ = ["router"]

router = APIRouter()
_NOT_LET_IN, _TOO_SLOW, _SLOWEST_S = 4401, 4408, 30.0


@router.websocket("/ws/updates")
async def stream_updates(websocket: WebSocket, after: Annotated[int | None, Query(ge=0, le=2**62)] = None) -> None:
    """Send each event as JSON: `id`, `type`, `ts`, `data`; a `heartbeat` where nothing happens for 15 seconds.

    `after` is the `id` of the last event that was heard. Who is not logged in is closed with 4401; who does not read
    for half a minute, with 4408.
    """
    await websocket.accept()
    if await who_listens(websocket) is None:
        await websocket.close(_NOT_LET_IN, "log in, or send a token: Authorization: Bearer …")
        return
    server: Server = websocket.app.state.server
    with server.news.listening(after, MOST_WAITING) as heard:
        async with create_task_group() as group:
            group.start_soon(_until_gone, websocket, group.cancel_scope)
            await _send(websocket, server, heard)
            group.cancel_scope.cancel()


async def _send(websocket: WebSocket, server: Server, heard: Listening) -> None:
    try:
        async for events in batches(heard, websocket):
            for one in events:
                await _put(websocket, {"id": one.number, "type": one.type, "ts": one.ts, "data": dict(one.data)})
            if not events:
                await _put(websocket, {"type": "heartbeat", "ts": server.clock.now_ns()})
        await websocket.close(_NOT_LET_IN)
    except TimeoutError:
        with suppress(RuntimeError, TimeoutError):
            async with asyncio.timeout(1.0):
                await websocket.close(_TOO_SLOW)


async def _put(websocket: WebSocket, data: dict[str, Any]) -> None:
    # It waits while the other end does not read: what happens meanwhile waits in the listener, which is bounded.
    async with asyncio.timeout(_SLOWEST_S):
        await websocket.send_json(data)


async def _until_gone(websocket: WebSocket, scope: CancelScope) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        while (await websocket.receive())["type"] != "websocket.disconnect":
            continue  # nothing is taken from the other end
    scope.cancel()
