"""What a request says, read field by field; whatever is wrong is refused as the venue does."""

from __future__ import annotations

from collections.abc import Mapping

from tradewright.adapters.venues.practice.refusal import VenueError

__all__ = ["Params"]

_MOST = 1 << 62


class Params:
    """The parameters of a request, as texts.

    Args:
        values: by name.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def text(self, name: str, default: str = "") -> str:
        """A parameter, or the default where it is absent or empty."""
        return self.values.get(name) or default

    def has(self, name: str) -> bool:
        """Whether a parameter is there, and not empty."""
        return bool(self.values.get(name))

    def required(self, name: str) -> str:
        """A parameter that must be there."""
        if not self.values.get(name):
            raise VenueError(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")
        return self.values[name]

    def whole(self, name: str) -> int | None:
        """A whole number, or None where it is absent."""
        text = self.values.get(name)
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or int(text) > _MOST:
            legal = "^[0-9]{1,20}$"
            raise VenueError(-1100, f"Illegal characters found in parameter '{name}'; legal range is '{legal}'.")
        return int(text)

    def limit(self, default: int, most: int) -> int:
        """How many rows are wanted."""
        wanted = self.whole("limit")
        if wanted is None:
            return default
        if not 1 <= wanted <= most:
            raise VenueError(-1130, "Data sent for parameter 'limit' is not valid.")
        return wanted

    def flag(self, name: str) -> bool:
        """True or false; absent is false."""
        text = self.values.get(name) or "false"
        if text.lower() not in ("true", "false"):
            raise VenueError(-1130, f"Data sent for parameter '{name}' is not valid.")
        return text.lower() == "true"

    def span(self, longest: int | None = None) -> tuple[int | None, int | None]:
        """The times `startTime` and `endTime`, UTC ms; at most so long apart."""
        begin, end = self.whole("startTime"), self.whole("endTime")
        if begin is not None and end is not None:
            if begin > end:
                raise VenueError(-1023, "Start time is greater than end time.")
            if longest is not None and end - begin > longest:
                raise VenueError(-4165, f"Maximum time interval is {longest // 86_400_000} days.")
        return begin, end
