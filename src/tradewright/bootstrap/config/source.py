"""The configuration, read again while a process runs, and written back as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

from tradewright.bootstrap.config.comparing import changes
from tradewright.bootstrap.config.kinds import MASK
from tradewright.bootstrap.config.leaves import adapter, leaves
from tradewright.bootstrap.config.reading import Place, Sources, file_of, read
from tradewright.bootstrap.config.tree import Configuration
from tradewright.bootstrap.config.typed import Configured, plain
from tradewright.domain.configured import ConfigChange, ConfigVersion
from tradewright.domain.errors import InvalidValue

__all__ = ["FileSource", "Reading", "file_text"]


@dataclass(frozen=True, slots=True)
class Reading:
    """See `ports.config_source.ConfigReading`.

    Args:
        configured: what was read.
        place: where.
    """

    configured: Configured
    place: Place

    @property
    def tree(self) -> Configuration:
        """Its values."""
        return self.configured.tree

    @property
    def preset(self) -> str | None:
        """That lies beneath."""
        return self.place.preset

    @property
    def values(self) -> Mapping[str, Any]:
        """Every key that has not its default, masked."""
        return self.configured.changed

    @property
    def file(self) -> Mapping[str, Any]:
        """What the YAML file gives, masked."""
        return {path: _masked(path, value) for path, value in self.place.written.items()}

    def changes_from(self, other: Self) -> tuple[ConfigChange, ...]:
        """Every key that differs."""
        return changes(other.configured, self.configured)

    def is_live(self, path: str) -> bool:
        """Whether a key may change while a process runs."""
        return leaves()[path].live


class FileSource:
    """See `ports.config_source.ConfigSource`.

    Args:
        sources: read each time anew.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources, self._file = sources, file_of(sources)

    def stamp(self) -> object:
        """When and how the files were last written."""
        return tuple(_stamp(one) for one in (self._file, self._sources.folder / ".env"))

    def read(self) -> Reading:
        """Read and check everything."""
        return Reading(*read(self._sources))


def _stamp(path: Path) -> object:
    try:
        state = path.stat()
    except OSError:
        return None
    return (state.st_mtime_ns, state.st_size, state.st_ino)


def _masked(path: str, value: object) -> object:
    return value if path == "preset" else plain(adapter(path).validate_python(value))


def file_text(version: ConfigVersion, present: Mapping[str, object]) -> str:
    """The YAML file of a version, as text.

    Args:
        version: to go back to.
        present: what the file gives now: secrets are taken from it, for no version holds them.

    Raises:
        InvalidValue: the version had a secret in its file, and the present file has none.
    """
    tree: dict[str, Any] = {}
    for path, value in version.file.items():
        section, _, name = path.partition(".")
        if isinstance(value, str) and MASK in value:
            if path not in present:
                raise InvalidValue(path, value, "it in the present file or a variable: no version holds secrets")
            value = present[path]  # noqa: PLW2901 - the one that is hidden
        if name:
            tree.setdefault(section, {})[name] = value
        else:
            tree[section] = value
    head = f"# As it was in version {version.number}; tradewright config history tells of it.\n"
    return head + (yaml.safe_dump(tree, sort_keys=False, allow_unicode=True) if tree else "")
