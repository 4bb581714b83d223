"""A practice exchange on a port of loopback, beside the test that uses it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tradewright.adapters.venues.practice.server import Server, serve

__all__ = ["served"]


@contextmanager
def served(server: Server) -> Iterator[str]:
    """Serve an exchange from a thread of its own; gives its address, `http://127.0.0.1:PORT`."""
    ready, ports, running = threading.Event(), list[int](), list[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]]()

    def told(taken: list[int]) -> None:
        ports.extend(taken)
        ready.set()

    async def run() -> None:
        task = asyncio.ensure_future(serve(server, 0, told))
        running.append((asyncio.get_running_loop(), task))
        with suppress(asyncio.CancelledError):
            await task

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield f"http://127.0.0.1:{ports[0]}"
    finally:
        loop, task = running[0]
        loop.call_soon_threadsafe(task.cancel)
        thread.join()
