"""Settings as they are seen and changed from elsewhere than this machine: checked, put into the file, kept, entered."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import yaml

from tradewright.adapters.storage.atomic import replacing
from tradewright.bootstrap.config.given import Entry, Given
from tradewright.bootstrap.config.leaves import Leaf, leaves
from tradewright.bootstrap.config.reading import Place, Sources, alone, preset_path, presets, read
from tradewright.bootstrap.config.source import FileSource, Reading
from tradewright.bootstrap.config.typed import Configured, configured
from tradewright.bootstrap.config_versions import rolled_back
from tradewright.bootstrap.outside import check_outside
from tradewright.bootstrap.wiring import now_ns
from tradewright.domain.configured import ConfigVersion
from tradewright.domain.errors import Conflict, InvalidValue, UnknownName

if TYPE_CHECKING:
    from tradewright.ports.config_history import ConfigHistory
    from tradewright.services.people.deeds import Deeds

__all__ = ["Preset", "Setting", "SettingsDesk"]

_HERE = ("storage.data_dir", "storage.strategies_dir", "storage.database_url", "logging.error_hook",
         "notifications.channels")  # fmt: skip
"""What says where files lie, and to whom secrets go: it is set at the machine."""
_SAID = "setting"
_PRESET = "preset"
_ADDRESSES = ("venue.rest_url", "venue.ws_url", "scanner.coingecko_url")
_HEAD = "# As it was set by {}; tradewright config history tells of it. The file before is kept with a ~.\n"


@dataclass(frozen=True, slots=True)
class Setting:
    """One key.

    Args:
        leaf: what is known of it.
        value: as plain data; what is secret is masked.
        origin: where it comes from, without folders.
        is_open: it may be changed from elsewhere.
    """

    leaf: Leaf
    value: Any
    origin: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Preset:
    """Values that belong together, beneath those of the file.

    Args:
        name: of it.
        meaning: what it is for.
        values: what it sets, by key.
        is_active: it counts now.
    """

    name: str
    meaning: str
    values: Mapping[str, Any]
    is_active: bool


class SettingsDesk:
    """Settings of a server.

    Args:
        sources: of the configuration.
        history: where versions are kept.
        deeds: into the audit log.
        run_id: of this process.
    """

    def __init__(self, sources: Sources, history: ConfigHistory, deeds: Deeds, run_id: str) -> None:
        self._sources, self._deeds, self._run_id = sources, deeds, run_id
        self.history = history
        self._changing = asyncio.Lock()

    async def settings(self) -> list[Setting]:
        """Every key as it stands in the sources now.

        Raises:
            InvalidValue, UnknownName: something in them cannot be used.
        """
        found, _ = await asyncio.to_thread(read, self._sources)
        return [_setting(found, leaf) for leaf in leaves().values()]

    async def presets(self) -> list[Preset]:
        """Every preset, with what it sets.

        Raises:
            InvalidValue, UnknownName: something in the sources cannot be used.
        """
        _, place = await asyncio.to_thread(read, self._sources)
        known = await asyncio.to_thread(lambda: {name: alone(str(preset_path(name))).changed for name in presets()})
        return [Preset(name, text, known[name], name == place.preset) for name, text in presets().items()]

    async def change(self, by: str, wished: Mapping[str, Any]) -> ConfigVersion:
        """Put keys into the file; null takes one out. All or none.

        Args:
            by: who does it, as `Caller.by`.
            wished: values by key; `preset` names the one that lies beneath the file.

        Raises:
            InvalidValue, UnknownName: a key or a value cannot be used.
            Conflict: another source wins over the file.
        """
        async with self._changing:
            before, place = await asyncio.to_thread(read, self._sources)
            _check(before, {path: value for path, value in wished.items() if path != _PRESET})
            if _PRESET in wished:
                _check_preset(self._sources, place, wished[_PRESET])
            await asyncio.to_thread(_write, self._sources, place, wished, by)
            after = await asyncio.to_thread(FileSource(self._sources).read)
            version = await self._keep(by, "change", after, Reading(before, place))
        await self._deeds.enter(by, "settings.changed", f"version {version.number}", keys=sorted(wished))
        return version

    async def roll_back(self, by: str, number: int) -> ConfigVersion:
        """Write the file as it was in a version.

        Raises:
            Absent: there is no such version.
            InvalidValue, UnknownName: it would not be right any more.
        """
        async with self._changing:
            version, _ = await rolled_back(self._sources, self.history, number, by)
        await self._deeds.enter(by, "settings.rolled-back", f"version {version.number}", to=number)
        return version

    async def _keep(self, by: str, note: str, after: Reading, before: Reading) -> ConfigVersion:
        made = ConfigVersion(
            0, now_ns(), by, self._run_id, note, after.preset, dict(after.values), dict(after.file),
            after.changes_from(before),
        )  # fmt: skip
        return await self.history.add(made)


def _setting(found: Configured, leaf: Leaf) -> Setting:
    origin = "default"
    if leaf.path in found.given:
        entry = found.given[leaf.path].entry
        origin = f"{entry.where.rpartition('/')[2]} {entry.name}"
    return Setting(leaf, found.shown(leaf.path), origin, _is_open(leaf))


def _is_open(leaf: Leaf) -> bool:
    return not (leaf.masked or leaf.path in _HERE or leaf.path.startswith("server."))


def _check(before: Configured, wished: Mapping[str, Any]) -> None:
    merged = dict(before.given)
    for path, value in wished.items():
        leaf = leaves().get(path)
        if leaf is None:
            raise UnknownName("setting", path[:80], leaves())
        if not _is_open(leaf):
            raise InvalidValue(path, "**********", "it at the machine: it is no setting for elsewhere")
        _check_wins(before, path)
        if value is None:
            merged.pop(path, None)
            continue
        if path in _ADDRESSES:
            check_outside(path, value)
        merged[path] = Given(value, Entry(path, value, _SAID))
    try:
        configured(merged)
    except InvalidValue as error:
        raise InvalidValue(error.field.removeprefix(f"{_SAID} "), error.value, error.allowed) from None


def _check_preset(sources: Sources, place: Place, wished: Any) -> None:
    if wished is not None and wished not in presets():
        raise UnknownName("preset", str(wished)[:80], presets())
    if place.preset != place.written.get(_PRESET):
        where = "the command line" if sources.preset else "TRADEWRIGHT_PRESET"
        raise Conflict(f"preset: {where} wins over the file; change it there")


def _check_wins(before: Configured, path: str) -> None:
    one = before.given.get(path)
    if one is None:
        return
    where = one.entry.where
    if where in ("environment", "key store", "--set") or where.partition(":")[0].endswith(".env"):
        raise Conflict(f"{path}: {where.rpartition('/')[2]} {one.entry.name} wins over the file; change it there")


def _write(sources: Sources, place: Place, wished: Mapping[str, Any], by: str) -> None:
    written = {path: value for path, value in place.written.items() if path not in wished}
    written |= {path: value for path, value in wished.items() if value is not None}
    tree: dict[str, Any] = {}
    for path, value in written.items():
        section, _, name = path.partition(".")
        if name:
            tree.setdefault(section, {})[name] = value
        else:
            tree[section] = value
    body = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True) if tree else ""
    with replacing(place.file) as draft:
        draft.write_text(_HEAD.format(by) + body, encoding="utf-8")
        read(replace(sources, file=draft))
        if place.file.exists():
            shutil.copy2(place.file, place.file.with_name(f"{place.file.name}~"))
