"""Requests to the API server: sent again safely where no answer came, refusals as errors."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

import httpx2

from tradewright.client.problem import ProblemError, Unreachable
from tradewright.client.resources import Resources

__all__ = ["Client"]

_TRIES = 3
_READS = ("GET", "HEAD")
_NOT_YET = ("under-way", "key-not-kept")
_USUAL_WAIT_S = 1.0


class Client(Resources):
    """A client with one method for each operation, by resource: `client.backtests.create_backtest({…})`.

    A request that changes something carries a key by which the server knows it again: where no answer comes it is sent
    again, and done once. Where the one that was sent before is still being done, its answer is waited for.

    Args:
        address: of the server.
        token: of the caller; see `tradewright tokens`.
        timeout: seconds to wait for an answer.
        transport: instead of the network.
        sleep: waits, seconds.

    Example:
        >>> with Client("http://127.0.0.1:8000", token="…") as client:  # doctest: +SKIP
        ...     client.status.read_health()
    """

    def __init__(
        self,
        address: str = "http://127.0.0.1:8000",
        token: str = "",
        *,
        timeout: float = 30.0,
        transport: httpx2.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx2.Client(base_url=address, headers=headers, timeout=timeout, transport=transport)
        self._patience_s, self._sleep = timeout, sleep
        super().__init__(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def login(self, name: str, password: str, code: str = "") -> None:
        """Come in as somebody at the page does, by a session that ends with `close`.

        Args:
            name: of the user.
            password: of the user.
            code: one-time code, where the user has set that up.

        Raises:
            ProblemError: the name, the password or the code is none.
        """
        told = self.send("POST", "/api/v1/session", body={"name": name, "password": password, "code": code})
        self._http.headers["X-CSRF-Token"] = told["csrf"]

    @contextmanager
    def proving(self, code: str) -> Iterator[None]:
        """Send a one-time code with each request of the block: what moves money asks for it, where its user wants that.

        Args:
            code: of the user's authenticator.
        """
        self._http.headers["X-TOTP"] = code
        try:
            yield
        finally:
            del self._http.headers["X-TOTP"]

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Send a request; gives the answer's JSON, its bytes where it is of another kind, None where it is empty.

        Raises:
            ProblemError: the server did not do it.
            Unreachable: no answer came, however often it was asked.
        """
        own = dict(headers or {})
        if method not in _READS:
            own.setdefault("Idempotency-Key", uuid.uuid4().hex)
        coded = {name.encode(): value.encode() for name, value in own.items()}  # a passphrase may be of any alphabet
        wanted = {name: value for name, value in (query or {}).items() if value is not None}
        left = self._patience_s
        while True:
            answer = self._answered(method, path, params=wanted, json=body, headers=coded)
            wait = _wait_s(answer)
            if wait is None or wait > left:
                return _content(answer)
            self._sleep(wait)
            left -= wait

    def _answered(self, method: str, path: str, **given: Any) -> httpx2.Response:
        for _ in range(_TRIES - 1):
            with suppress(httpx2.TransportError):
                return self._http.request(method, path, **given)
        try:
            return self._http.request(method, path, **given)
        except httpx2.TransportError as error:
            raise Unreachable(f"{self._http.base_url}: no answer ({type(error).__name__})") from None

    @contextmanager
    def stream(self, path: str, headers: Mapping[str, str]) -> Iterator[Iterator[str]]:
        """Open a stream of lines.

        Raises:
            ProblemError: the server does not open it.
            Unreachable: the server cannot be reached.
        """
        try:
            with self._http.stream("GET", path, headers=dict(headers), timeout=None) as answer:
                if answer.is_error:
                    answer.read()
                    _content(answer)
                yield answer.iter_lines()
        except httpx2.TransportError as error:
            raise Unreachable(f"{self._http.base_url}: no answer ({type(error).__name__})") from None


def _wait_s(answer: httpx2.Response) -> float | None:
    # Nothing was refused: the same request, with the same key, is to come again in so many seconds.
    if not answer.is_error or _document(answer).get("code") not in _NOT_YET:
        return None
    try:
        return min(max(float(answer.headers.get("retry-after", _USUAL_WAIT_S)), 0.1), 3_600.0)
    except ValueError:
        return _USUAL_WAIT_S


def _document(answer: httpx2.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _content(answer: httpx2.Response) -> Any:
    kind = answer.headers.get("content-type", "")
    if answer.is_error:
        known = _document(answer)
        raise ProblemError({"status": answer.status_code, "title": f"status {answer.status_code}", **known})
    if not answer.content:
        return None
    return answer.json() if "json" in kind else answer.content
