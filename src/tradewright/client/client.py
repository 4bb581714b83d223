"""Requests to the API server: sent again safely where no answer came, refusals as errors."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import httpx2

from tradewright.client.problem import ProblemError, Unreachable
from tradewright.client.resources import Resources

__all__ = ["Client"]

_TRIES = 3
_READS = ("GET", "HEAD")


class Client(Resources):
    """A client with one method for each operation, by resource: `client.backtests.create_backtest({…})`.

    A request that changes something carries a key by which the server knows it again: where no answer comes it is sent
    again, and done once.

    Args:
        address: of the server.
        token: of the caller; see `tradewright tokens`.
        timeout: seconds to wait for an answer.
        transport: instead of the network.

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
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx2.Client(base_url=address, headers=headers, timeout=timeout, transport=transport)
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
        wanted = {name: value for name, value in (query or {}).items() if value is not None}
        for last in range(_TRIES):
            try:
                answer = self._http.request(method, path, params=wanted, json=body, headers=own)
            except httpx2.TransportError as error:
                if last == _TRIES - 1:
                    raise Unreachable(f"{self._http.base_url}: no answer ({type(error).__name__})") from None
            else:
                return _content(answer)
        raise AssertionError("never reached")

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


def _content(answer: httpx2.Response) -> Any:
    kind = answer.headers.get("content-type", "")
    if answer.is_error:
        try:
            document = answer.json()
        except ValueError:
            document = None
        known = document if isinstance(document, dict) else {}
        raise ProblemError({"status": answer.status_code, "title": f"status {answer.status_code}", **known})
    if not answer.content:
        return None
    return answer.json() if "json" in kind else answer.content
