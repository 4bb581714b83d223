"""Optimistic locking: an answer says its version (`ETag`), a change says which one it means (`If-Match`)."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any

from fastapi import Header

from tradewright.api.problems import Refused

__all__ = ["IfMatch", "check_version", "etag_of"]

IfMatch = Annotated[
    str | None, Header(max_length=200, description="The `ETag` of what is to be changed.", examples=['"1f0c9a2b"'])
]


def etag_of(data: Any) -> str:
    """The version of plain data.

    Example:
        >>> etag_of({"a": 1}) == etag_of({"a": 1}), etag_of({"a": 1}) == etag_of({"a": 2})
        (True, False)
    """
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), default=str)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def check_version(given: str | None, present: str) -> None:
    """See that a change means the version that there is.

    Args:
        given: `If-Match`.
        present: `ETag` of what there is.

    Raises:
        Refused: 428, it says none; 412, it has been changed in between.
    """
    if given is None:
        raise Refused(428, "version-needed", "say in If-Match which version you change: the ETag of what you have read")
    if given.strip() != "*" and present not in [one.strip() for one in given.split(",")]:
        raise Refused(412, "changed-meanwhile", "it has been changed in between; read it again", {"ETag": present})
