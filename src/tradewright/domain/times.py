"""UTC nanoseconds inside, ISO 8601 at the doors."""

from __future__ import annotations

from datetime import UTC, datetime

from tradewright.domain.errors import InvalidValue

__all__ = ["iso", "parse_time"]

_NS = 1_000_000_000


def iso(ts: int) -> str:
    """Write UTC nanoseconds as ISO 8601, to the second, or to the nanosecond where there is a fraction.

    Example:
        >>> iso(1_640_991_660_000_000_000)
        '2021-12-31T23:01:00Z'
    """
    seconds, fraction = divmod(int(ts), _NS)
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{fraction:09d}Z" if fraction else f"{text}Z"


def parse_time(text: str, field: str = "time") -> int:
    """Read an ISO 8601 date or time into UTC nanoseconds; without an offset it is UTC.

    Raises:
        InvalidValue: the text is no such time.

    Example:
        >>> parse_time("2022-01-01") == parse_time("2022-01-01T01:00:00+01:00")
        True
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidValue(field, text, "an ISO time such as 2022-01-01 or 2022-01-01T12:30:00Z") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * _NS + delta.microseconds * 1_000
