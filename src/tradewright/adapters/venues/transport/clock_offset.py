"""How far a venue's clock is ahead of ours, and how sure that is (the clock filter of NTP, RFC 5905, in short)."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

__all__ = ["ClockOffset", "Sample"]

_DRIFT = 50e-6
"""How far two clocks may part, as a share of the time that passes: more than quartz does in a warm machine."""


class Sample(NamedTuple):
    """One look at the venue's clock; all in ns."""

    sent: int
    server: int
    received: int

    @property
    def offset(self) -> int:
        """Venue less ours, if both ways took the same time."""
        return self.server - (self.sent + self.received) // 2

    def doubt(self, now: int) -> int:
        """By how much the offset may be wrong: half of the round trip, and what the clocks parted since."""
        return (self.received - self.sent) // 2 + int(max(now - self.received, 0) * _DRIFT)


class ClockOffset:
    """The best of the last looks.

    Args:
        keep: so many looks are remembered.
    """

    def __init__(self, keep: int = 8) -> None:
        self._samples: deque[Sample] = deque(maxlen=keep)

    def observe(self, sent_ns: int, server_ns: int, received_ns: int) -> None:
        """The venue told its time in an answer; a look during which our own clock was set back is left out.

        Earlier looks that it contradicts are dropped: one of the clocks was set, or the venue's passes faster.
        """
        if received_ns < sent_ns:
            return
        sample = Sample(sent_ns, server_ns, received_ns)
        while self._samples and not _agree(self._samples[0], sample):
            self._samples.popleft()
        self._samples.append(sample)

    def forget(self) -> None:
        """The venue says that our time is wrong: what was seen before is no longer to be trusted."""
        self._samples.clear()

    @property
    def is_known(self) -> bool:
        """Whether the venue's clock has been looked at."""
        return bool(self._samples)

    def offset_ns(self, now_ns: int) -> int:
        """Venue's time less ours; 0 before the first look."""
        return self._best(now_ns).offset if self._samples else 0

    def doubt_ns(self, now_ns: int) -> int | None:
        """By how much that may be wrong; None before the first look."""
        return self._best(now_ns).doubt(now_ns) if self._samples else None

    def venue_ms(self, now_ns: int) -> int:
        """The time at the venue, UTC ms."""
        return (now_ns + self.offset_ns(now_ns)) // 1_000_000

    def _best(self, now_ns: int) -> Sample:
        return min(self._samples, key=lambda sample: sample.doubt(now_ns))


def _agree(earlier: Sample, later: Sample) -> bool:
    apart = abs(earlier.offset - later.offset)
    return apart <= earlier.doubt(later.received) + later.doubt(later.received)
