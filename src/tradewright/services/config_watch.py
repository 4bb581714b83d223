"""The configuration while a process runs: changes are put into effect all or nothing, and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tradewright.domain.configured import ConfigChange, ConfigVersion
from tradewright.domain.errors import TradewrightError
from tradewright.ports.clock import Clock
from tradewright.ports.config_history import ConfigHistory
from tradewright.ports.config_source import ConfigReading, ConfigSource

__all__ = ["Applier", "ConfigOutcome", "ConfigWatch", "Whose"]

Applier = Callable[[ConfigReading, Sequence[ConfigChange]], Callable[[], None]]
"""Checks changes of its section against what it runs, and gives what puts them into effect; that may not fail.

It is called with the whole configuration and the changes, and raises a TradewrightError where these cannot be.
"""


@dataclass(frozen=True, slots=True)
class Whose:
    """To whom a version is put down.

    Args:
        author: who changed the file.
        run_id: of this process.
    """

    author: str
    run_id: str


@dataclass(frozen=True, slots=True)
class ConfigOutcome:
    """What came of a change.

    Args:
        version: that is in effect now; None where nothing changed.
        refused: why nothing changed; empty where it did.
        unheard: keys that changed, and that nobody in this process goes by.
    """

    version: ConfigVersion | None
    refused: str = ""
    unheard: tuple[str, ...] = ()


class ConfigWatch:
    """Looks for changes of the configuration and puts them into effect.

    A file is read once it has stayed the same from one look to the next: half of one that is being written may be right
    by itself. What is wrong changes nothing, and is told once.

    Args:
        source: read again.
        history: where versions are kept.
        clock: that times them, and the looks.
        whose: to whom they are put down.
    """

    def __init__(self, source: ConfigSource, history: ConfigHistory, clock: Clock, whose: Whose) -> None:
        self._source, self._history, self._clock, self._whose = source, history, clock, whose
        self._appliers: list[tuple[str, Applier]] = []
        self._seen = self._done = source.stamp()
        self._now = source.read()

    @property
    def tree(self) -> Any:
        """What is in effect."""
        return self._now.tree

    @property
    def reading(self) -> ConfigReading:
        """What is in effect, with where it comes from."""
        return self._now

    def on(self, section: str, applier: Applier) -> None:
        """Let something go by a section."""
        self._appliers.append((f"{section}.", applier))

    async def begin(self) -> ConfigVersion:
        """Keep what is in effect at the start, unless it is the last version; gives its version.

        Raises:
            StoreError: it cannot be kept.
        """
        last = await self._history.versions(1)
        if last and (dict(last[0].values), last[0].preset) == (dict(self._now.values), self._now.preset):
            return last[0]
        changes = _between(last[0].values if last else {}, self._now.values)
        return await self._history.add(self._version(self._now, "start", changes))

    async def look(self) -> ConfigOutcome | None:
        """Look once; gives what came of a change, or None where there was none."""
        stamp = self._source.stamp()
        if stamp != self._seen:
            self._seen = stamp
            return None
        if stamp == self._done:
            return None
        self._done = stamp
        try:
            return await self._apply(self._source.read())
        except TradewrightError as error:
            return ConfigOutcome(None, str(error))

    async def run(self, every_s: float, told: Callable[[ConfigOutcome], None]) -> None:
        """Look again and again, until it is cancelled.

        Args:
            every_s: seconds from one look to the next.
            told: what came of each change.
        """
        while True:
            await self._clock.sleep(every_s)
            if (outcome := await self.look()) is not None:
                told(outcome)

    async def _apply(self, reading: ConfigReading) -> ConfigOutcome | None:
        changes = reading.changes_from(self._now)
        if not changes:
            return None
        if fixed := [one.path for one in changes if not reading.is_live(one.path)]:
            words = f"{', '.join(fixed)} cannot change while this runs: put it back, or start again; nothing changed"
            return ConfigOutcome(None, words)
        commits, heard = [], set()
        for prefix, applier in self._appliers:
            if own := [one for one in changes if one.path.startswith(prefix)]:
                commits.append(applier(reading, own))
                heard |= {one.path for one in own}
        version = await self._history.add(self._version(reading, "change", changes))
        for commit in commits:
            commit()
        self._now = reading
        return ConfigOutcome(version, unheard=tuple(one.path for one in changes if one.path not in heard))

    def _version(self, reading: ConfigReading, note: str, changes: Sequence[ConfigChange]) -> ConfigVersion:
        return ConfigVersion(
            0, self._clock.now_ns(), self._whose.author, self._whose.run_id, note, reading.preset,
            dict(reading.values), dict(reading.file), tuple(changes),
        )  # fmt: skip


def _between(before: Any, after: Any) -> tuple[ConfigChange, ...]:
    paths = [*before, *(path for path in after if path not in before)]
    return tuple(
        ConfigChange(path, before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)
    )
