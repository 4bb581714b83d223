"""Every code of a problem that is the server's own, with its status and its meaning: the catalogue in the docs."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CODES", "Code"]


class Code(NamedTuple):
    """What a code says.

    Attributes:
        status: of HTTP.
        meaning: what happened, and what to do.
    """

    status: int
    meaning: str


CODES: dict[str, Code] = {
    "bad-request": Code(400, "The request cannot be read as HTTP or as JSON."),
    "not-logged-in": Code(401, "Nobody is logged in, or the token is none. Log in, or send `Authorization: Bearer …`."),
    "role-too-low": Code(403, "Who asks may not do this; an administrator may give a higher role."),
    "page-only": Code(403, "This is for somebody who has logged in at the page, and not for a program with a token."),
    "csrf": Code(403, "A change by cookie must bring the `csrf` of `GET /session` in the header `X-CSRF-Token`."),
    "unknown-host": Code(400, "The server is not called by this name. Name it in `server.names`."),
    "foreign-origin": Code(403, "A change or a socket was asked for by the page of another server."),
    "under-way": Code(409, "The request with this `Idempotency-Key` is being done; ask again soon."),
    "key-used": Code(409, "This `Idempotency-Key` was used for another request."),
    "key-not-kept": Code(503, "The database is away: the `Idempotency-Key` cannot be kept, and nothing was done."),
    "answer-not-kept": Code(409, "The request with this `Idempotency-Key` was done; its answer held a secret."),
    "not-known-whether-done": Code(409, "The server failed amid the request with this `Idempotency-Key`: look first."),
    "changed-meanwhile": Code(412, "What is to be changed is not as it was read. Read it again."),
    "too-slow": Code(408, "The body of the request was not whole within its time: half a minute, ten for a file."),
    "too-large": Code(413, "The body of the request is longer than `server.max_body_mb`."),
    "version-needed": Code(428, "Say in `If-Match` which version you change: the `ETag` of what you have read."),
    "too-often": Code(429, "This client asks too often; `Retry-After` says when to come back."),
    "method-not-allowed": Code(405, "The path is there, but not for this method; `Allow` lists those that are."),
    "not-finished": Code(
        409, "What is asked for is being made by a job that has not ended; `GET /jobs/{id}` tells how far."
    ),
    "not-made": Code(409, "The job that should have made it failed, or was cancelled; `GET /jobs/{id}` tells why."),
    "internal": Code(500, "Our own fault. The server's log has more under `request_id`."),
}
"""Beside these, the codes of `docs/reference/errors.md`."""
