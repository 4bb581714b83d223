"""Where raw messages of streams are kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

__all__ = ["StreamSink", "WrittenStream"]


@dataclass(frozen=True, slots=True)
class WrittenStream:
    """A file of messages of one instrument.

    Args:
        path: where it is.
        symbol: ours.
        messages: in it.
    """

    path: Path
    symbol: str
    messages: int


class StreamSink(Protocol):
    """Takes messages as they come, an instrument to a file, so that each file can be played by itself."""

    def add(self, ts_ns: int, symbol: str, text: str) -> None:
        """Take a message, and our time when it came, UTC ns."""
        ...

    def flush(self) -> tuple[str, ...]:
        """Write what was taken; after it, ending the process loses nothing.

        Returns:
            Symbols for which a new file has begun because the one before was full: a book must be told anew there.

        Raises:
            StoreError: it cannot be written; what had been written is whole.
        """
        ...

    def pack(self) -> None:
        """Pack the files that are full; it takes its time, and may run beside all else.

        Raises:
            StoreError: they cannot be packed; they are left as they are.
        """
        ...

    def close(self) -> tuple[WrittenStream, ...]:
        """Write the rest and pack everything; names all files."""
        ...
