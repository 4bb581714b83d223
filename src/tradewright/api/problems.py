"""Errors as problem documents (RFC 9457): a stable code, the field, the value, what is allowed."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from tradewright.api.forms import FORMS
from tradewright.api.paths import PREFIX
from tradewright.api.policy import SECURITY_HEADERS
from tradewright.domain.errors import (
    Absent,
    AccessError,
    Conflict,
    DataError,
    InvalidValue,
    InvariantBroken,
    LoginRefused,
    MissingData,
    OutcomeUnknown,
    StoreError,
    StrategyError,
    TooManyAttempts,
    TradewrightError,
    UnknownName,
    VenueError,
    VenueRefusal,
    VenueUnavailable,
)
from tradewright.services.live.permit import NotPermitted

__all__ = ["PROBLEMS", "PROBLEM_JSON", "Problem", "Refused", "add_handlers", "problems"]

PROBLEM_JSON = "application/problem+json"
_STATUS: tuple[tuple[type[TradewrightError], int], ...] = (
    (InvalidValue, 422),
    (UnknownName, 404),
    (Absent, 404),
    (StrategyError, 422),
    (NotPermitted, 409),
    (DataError, 409),
    (Conflict, 409),
    (StoreError, 503),
    (LoginRefused, 401),
    (TooManyAttempts, 429),
    (AccessError, 403),
    (OutcomeUnknown, 504),
    (VenueRefusal, 422),
    (VenueUnavailable, 503),
    (VenueError, 502),
    (InvariantBroken, 500),
)
_SECRET = ("password", "token", "secret", "key", "code")
_LONGEST = 200


class Fault(BaseModel):
    """One field that cannot be used."""

    field: str = Field(description="As the request names it.", examples=["initial_balance"])
    value: Any = Field(None, description="What was given; left out where it may be a secret.", examples=[-5])
    allowed: str = Field(description="What would have been right, in words.", examples=["a number above 0"])


class Remedy(BaseModel):
    """A request that would mend it."""

    title: str = Field(examples=["Download the candles"])
    method: str = Field(examples=["POST"])
    path: str = Field(examples=["/api/v1/data/downloads"])
    body: dict[str, Any]


class Missing(BaseModel):
    """Candles that are not stored."""

    venue: str = Field(examples=["binance"])
    symbol: str = Field(examples=["BTC/USDT:USDT"])
    timeframe: str = Field(examples=["1h"])
    start: str | None = Field(None, examples=["2024-01-01T00:00:00Z"])
    end: str | None = Field(None, examples=["2024-01-07T00:00:00Z"])


class Problem(BaseModel):
    """Why a request was not done. Nothing has been changed then, unless the code is `outcome-unknown`."""

    type: str = Field(description="The code as a URI.", examples=["urn:tradewright:problem:invalid-value"])
    title: str = Field(examples=["a value is not allowed"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["initial_balance: -5 is not allowed; give a number above 0"])
    code: str = Field(description="Stable; a page translates it.", examples=["invalid-value"])
    field: str | None = Field(None, examples=["initial_balance"])
    value: Any = Field(None, examples=[-5])
    allowed: str | None = Field(None, examples=["a number above 0"])
    faults: list[Fault] | None = Field(None, description="Every field that cannot be used, where several cannot.")
    missing: Missing | None = Field(None, description="Which candles are missing, where that is the reason.")
    remedies: list[Remedy] | None = Field(None, description="Requests that would mend it; any of them.")
    request_id: str | None = Field(None, description="By which the server's log knows the request.")


class Refused(TradewrightError):
    """A request is not done, for a reason that is the server's own.

    Args:
        status: of HTTP.
        code: stable, kebab-case.
        detail: in words.
        headers: of the answer.
    """

    def __init__(self, status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.headers = status, code, headers


def _response(number: int) -> dict[str, Any]:
    return {"model": Problem, "description": _TITLES[number]}


_TITLES = {
    400: "the request cannot be read", 401: "nobody is logged in", 403: "this needs a higher role",
    404: "there is none", 405: "this cannot be done here", 408: "it took too long to come",
    409: "as things stand, this cannot be done",
    412: "it has been changed in between", 413: "too large", 415: "of another kind", 422: "a value is not allowed",
    428: "say which version you change", 429: "too many requests", 500: "our own fault", 502: "the venue failed",
    503: "not available now", 504: "the outcome is not known",
}  # fmt: skip


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Problem answers that a route may give, for its `responses`."""
    return {number: _response(number) for number in statuses}


PROBLEMS = problems(400, 401, 403, 408, 413, 422, 429, 503)
"""Answers that every route may give. A route adds its own: 404, 409, 412 …"""


_FOLDERS = re.compile(r"(?<![\w:/.])(?:/[\w.@+~-]+)+/(?=[\w.@+~-])")


def _without_folders(text: str) -> str:
    """Words without where files lie: of `/srv/data/app.db` there stays `app.db`; paths of the API stay as they are.

    Example:
        >>> _without_folders("/srv/data/app.db: no room; see /api/v1/data")
        'app.db: no room; see /api/v1/data'
    """
    return _FOLDERS.sub(lambda found: found[0] if found[0].startswith(PREFIX) else "", text)


def problem(request: Request, status: int, code: str, detail: str, **more: Any) -> Response:
    """A problem document."""
    headers = more.pop("headers", None)
    found = Problem(
        type=f"urn:tradewright:problem:{code}", title=_TITLES.get(status, "not done"), status=status,
        detail=_without_folders(detail),
        code=code, request_id=getattr(request.state, "request_id", None), **more,
    )  # fmt: skip
    # Half a character, which a client may have sent, is no UTF-8: as an escape it goes back as it came.
    body = json.dumps(found.model_dump(exclude_none=True), separators=(",", ":"), default=str)
    return Response(body, status, headers=headers, media_type=PROBLEM_JSON)


def add_handlers(app: FastAPI) -> None:
    """Answer every error with a problem document; none shows a path of this machine, or the inside of the program."""
    app.add_exception_handler(TradewrightError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unknown)


async def _known(request: Request, error: Exception) -> Response:
    if isinstance(error, Refused):
        return problem(request, error.status, error.code, str(error), headers=error.headers)
    assert isinstance(error, TradewrightError)
    status = next(number for kind, number in _STATUS if isinstance(error, kind))
    if isinstance(error, UnknownName) and error.name not in request.path_params.values():
        status = 422  # the path is right: it is what was sent that names something unknown
    more: dict[str, Any] = {}
    if isinstance(error, TooManyAttempts):
        more = {"headers": {"Retry-After": str(error.wait_s)}}
    if isinstance(error, InvalidValue):
        allowed = _without_folders(error.allowed)
        more = {"field": error.field.removeprefix("--"), "allowed": allowed, **_shown(error.field, error.value)}
    if isinstance(error, MissingData):
        missing = Missing(**{name: getattr(error, name) for name in Missing.model_fields})
        more = {"missing": missing, "remedies": _remedies(error)}
    return problem(request, status, error.code, str(error), **more)


def _remedies(error: MissingData) -> list[Remedy]:
    place = {"symbol": error.symbol, "timeframe": error.timeframe}
    span = {name: value for name, value in (("start_date", error.start), ("end_date", error.end)) if value}
    made_up = {**place, **span, "venue": "synthetic"}
    return [
        Remedy(title="Download the candles", method="POST", path=f"{PREFIX}/data/downloads",
               body={"exchange": error.venue, "symbols": [error.symbol], "timeframes": [error.timeframe], **span}),
        Remedy(title="Make up a market", method="POST", path=f"{PREFIX}/data/synthetic", body=made_up),
    ]  # fmt: skip


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [_fault(one) for one in error.errors()]
    first = faults[0]
    detail = "; ".join(f"{one.field}: {'give ' * (one.allowed in FORMS.values())}{one.allowed}" for one in faults)
    more = {"value": first.value} if first.value is not None else {}
    return problem(
        request, 422, "invalid-value", detail, field=first.field, allowed=first.allowed, faults=faults, **more
    )


def _fault(one: dict[str, Any]) -> Fault:
    field = ".".join(str(part) for part in one["loc"] if part not in ("body", "query", "path", "header"))
    allowed = FORMS.get(one.get("ctx", {}).get("pattern", ""), str(one["msg"]))
    return Fault(field=field or "body", allowed=allowed, **_shown(field, one.get("input")))


def _shown(field: str, value: object) -> dict[str, Any]:
    if any(word in field.lower() for word in _SECRET) or not isinstance(value, str | int | float | bool):
        return {}
    if isinstance(value, float) and not math.isfinite(value):
        return {"value": str(value)}
    return {"value": value[:_LONGEST] if isinstance(value, str) else value}


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    codes = {404: "absent", 405: "method-not-allowed", 408: "too-slow", 413: "too-large"}
    code = codes.get(error.status_code, "bad-request")
    headers = dict(error.headers) if error.headers else None
    return problem(request, error.status_code, code, str(error.detail), headers=headers)


async def _unknown(request: Request, _: Exception) -> Response:
    # It is answered outside of everything that sets headers.
    words = "our own fault; the server's log has more under the request's id"
    return problem(request, 500, "internal", words, headers=SECURITY_HEADERS)
