"""The built page: files by path, each with how long it may be kept; every other address is the page's own."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path, PurePosixPath

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["PAGE", "Page", "add_page"]

PAGE = Path(__file__).parent / "dist"
_ABSENT = Path(__file__).parent / "absent.html"
_NOT_OURS = ("api", "metrics", "ws")
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_WORTH_PACKING = 1_000
# Written out, since what a machine believes of endings differs.
_KINDS = {
    ".css": "text/css", ".html": "text/html", ".ico": "image/x-icon", ".js": "text/javascript",
    ".json": "application/json", ".png": "image/png", ".svg": "image/svg+xml", ".txt": "text/plain",
    ".webmanifest": "application/manifest+json", ".woff2": "font/woff2",
}  # fmt: skip
_PACKABLE = ("text/", "application/json", "image/svg", "application/manifest")


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    packed: bytes | None
    kind: str
    tag: str


class Page:
    """Answers what no route of the API answers.

    Args:
        folder: of the built page.
        otherwise: answers what is not the page's: paths of the API, other methods than reading.
    """

    def __init__(self, folder: Path, otherwise: ASGIApp) -> None:
        self._folder, self._otherwise = folder.resolve(), otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        first = scope.get("path", "").strip("/").split("/")[0]
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or first in _NOT_OURS:
            await self._otherwise(scope, receive, send)
            return
        response = await run_in_threadpool(self._answer, Request(scope))
        await response(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        asked = PurePosixPath(request.url.path.strip("/") or "index.html")
        path = self._path_of(asked)
        is_file = asked.parts[0] == "assets" or (asked.suffix and asked.suffix != ".html")
        if path is None and is_file:
            raise HTTPException(404, "there is no such file")
        path = path or self._path_of(PurePosixPath("index.html"))
        if path is None:
            return Response(_ABSENT.read_bytes(), 503, {"Cache-Control": "no-store"}, "text/html")
        return _answered(_read(path, path.stat().st_mtime_ns), request.headers, is_lasting=asked.parts[0] == "assets")

    def _path_of(self, asked: PurePosixPath) -> Path | None:
        try:
            path = (self._folder / asked).resolve()
            return path if path.is_relative_to(self._folder) and path.is_file() else None
        except (OSError, ValueError):  # no name of a file: too long, or with a NUL in it
            return None


@lru_cache(maxsize=512)
def _read(path: Path, _: int) -> _File:
    body = path.read_bytes()
    kind = _KINDS.get(path.suffix, "application/octet-stream")
    is_packable = len(body) > _WORTH_PACKING and kind.startswith(_PACKABLE)
    packed = gzip.compress(body, 6, mtime=0) if is_packable else None
    return _File(body, packed, kind, f'"{sha256(body).hexdigest()[:20]}"')


def _answered(file: _File, asked: Headers, *, is_lasting: bool) -> Response:
    headers = {"Cache-Control": _FOR_EVER if is_lasting else _ASK_AGAIN, "ETag": file.tag, "Vary": "Accept-Encoding"}
    if file.tag in asked.get("if-none-match", ""):
        return Response(None, 304, headers)
    if file.packed is not None and "gzip" in asked.get("accept-encoding", ""):
        return Response(file.packed, 200, {**headers, "Content-Encoding": "gzip"}, file.kind)
    return Response(file.body, 200, headers, file.kind)


def add_page(app: FastAPI, folder: Path = PAGE) -> None:
    """Hand out the page wherever the API has no route."""
    app.router.default = Page(folder, app.router.default)
