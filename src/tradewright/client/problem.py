"""A server's refusal as an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tradewright.domain.errors import TradewrightError

__all__ = ["ProblemError", "Unreachable"]


class ProblemError(TradewrightError):
    """The server understood a request, and did not do it.

    Args:
        document: problem document of RFC 9457.

    Attributes:
        code: stable, kebab-case; see `docs/reference/api.md`.
        status: of HTTP.
        field: that cannot be used; None where it is not about a field.
        allowed: what would have been right, in words.
        request_id: by which the server's log knows the request.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(str(document.get("detail") or document.get("title") or "refused"))
        self.document = document
        self.code = str(document.get("code", "error"))
        self.status = int(document.get("status", 500))
        self.field, self.allowed = document.get("field"), document.get("allowed")
        self.request_id = document.get("request_id")


class Unreachable(TradewrightError):
    """The server did not answer. What was asked may have been done: ask again with the same `Idempotency-Key`."""

    code = "unreachable"
