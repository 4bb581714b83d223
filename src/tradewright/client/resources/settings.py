"""Operations on settings, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

from tradewright.client.sender import Sender

__all__ = ["Settings"]


JsonValue = Any


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class PresetAnswer(TypedDict):
    """Values that belong together; they lie beneath those of the file."""

    is_active: bool
    meaning: str
    name: str
    values: dict[str, Any]


class PresetsAnswer(TypedDict):
    """Every preset. One is chosen by changing the setting `preset`; null chooses none."""

    items: list[PresetAnswer]


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class SettingAnswer(TypedDict):
    """One key."""

    allowed: str
    changeable: bool
    choices: list[str]
    default: Any
    key: str
    live: bool
    meaning: str
    optional: bool
    origin: str
    secret: bool
    shape: Literal["flag", "integer", "number", "choice", "list", "text"]
    value: Any


class SettingChanged(TypedDict):
    """One key whose value is another one; secrets are masked."""

    after: Any
    before: Any
    key: str


class SettingsAnswer(TypedDict):
    """Every key. The `ETag` of the answer is the version that a change must name."""

    items: list[SettingAnswer]


class SettingsChange(TypedDict):
    """What is to change."""

    values: dict[str, JsonValue]


class SettingsVersion(TypedDict):
    """A configuration that was put into effect."""

    author: str
    changes: list[SettingChanged]
    note: str
    number: int
    run_id: str
    time: str


class SettingsVersions(TypedDict):
    """Versions, the last first."""

    items: list[SettingsVersion]
    next: NotRequired[str | None]


class Settings:
    """Operations on settings."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def read_settings(self) -> SettingsAnswer:
        """Tell every setting: its value, where it comes from, what it means and may be. Secrets are masked."""
        found: SettingsAnswer = self._sender.send("GET", "/api/v1/settings")
        return found

    def change_settings(self, body: SettingsChange, *, if_match: str | None = None) -> SettingsVersion:
        """Change settings, all or none, in the YAML file: by `If-Match`, so that nobody overwrites another's change."""
        found: SettingsVersion = self._sender.send(
            "PATCH", "/api/v1/settings", body=body, headers={"If-Match": if_match} if if_match else None
        )
        return found

    def list_settings_versions(self, *, limit: int | None = None, cursor: str | None = None) -> SettingsVersions:
        """List the versions that were in effect, the last first, with what each changed."""
        found: SettingsVersions = self._sender.send(
            "GET", "/api/v1/settings/history", query={"limit": limit, "cursor": cursor}
        )
        return found

    def roll_settings_back(self, number: int) -> SettingsVersion:
        """Write the file as it was in a version; what runs takes it up by itself."""
        found: SettingsVersion = self._sender.send(
            "POST", f"/api/v1/settings/history/{quote(str(number), safe='')}/rollback"
        )
        return found

    def list_presets(self) -> PresetsAnswer:
        """List presets, with what each sets, and which one counts."""
        found: PresetsAnswer = self._sender.send("GET", "/api/v1/settings/presets")
        return found

    def read_setting(self, key: str) -> SettingAnswer:
        """Tell one setting."""
        found: SettingAnswer = self._sender.send("GET", f"/api/v1/settings/{quote(str(key), safe='')}")
        return found
