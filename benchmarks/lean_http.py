"""An HTTP client that costs next to nothing, so that a bench measures who answers and not who asks."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import Any

__all__ = ["Answer", "Lines"]

_PATIENCE_S = 30.0


class Answer:
    """What came back.

    Args:
        status: of HTTP.
        body: its bytes.
    """

    __slots__ = ("body", "status")

    def __init__(self, status: int, body: bytes) -> None:
        self.status, self.body = status, body

    def json(self) -> Any:
        """What the body says."""
        return json.loads(self.body)


class Lines:
    """Connections to one server that are used again.

    Args:
        port: of this machine.
        head: header lines of each request.
    """

    def __init__(self, port: int, head: dict[str, str]) -> None:
        self._port, self._free = port, deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]]()
        self._head = "".join(f"{name}: {value}\r\n" for name, value in ({"Host": f"127.0.0.1:{port}"} | head).items())

    async def ask(self, method: str, path: str, body: Any = None, **more: str) -> Answer:
        """Send a request, and wait for its answer.

        Raises:
            OSError: the connection was cut.
            TimeoutError: none came.
        """
        async with asyncio.timeout(_PATIENCE_S):
            reader, writer = await self._line()
            writer.write(self._written(method, path, body, more))
            answer = await _read(reader)
        self._free.append((reader, writer))
        return answer

    async def listen(self, path: str, heard: list[int]) -> None:
        """Count the lines of data of a stream, until cancelled."""
        reader, writer = await self._opened()
        writer.write(self._written("GET", path, None, {"Accept": "text/event-stream"}))
        try:
            while line := await reader.readline():
                heard[0] += line.startswith(b"data:")
        finally:
            writer.close()

    def close(self) -> None:
        """Let go of all."""
        for _, writer in self._free:
            writer.close()

    async def _line(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._free:
            reader, writer = self._free.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()
        return await self._opened()

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._port)

    def _written(self, method: str, path: str, body: Any, more: dict[str, str]) -> bytes:
        sent = b"" if body is None else json.dumps(body).encode()
        own = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in more.items())
        about = f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n" if sent else ""
        return f"{method} {path} HTTP/1.1\r\n{self._head}{own}{about}\r\n".encode() + sent


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status, at = int(head[9:12]), head.find(b"content-length:")
    if at < 0:
        raise OSError(f"an answer without a length: {head[:80]!r}")
    return Answer(status, await reader.readexactly(int(head[at + 15 : head.index(b"\r\n", at)])))
