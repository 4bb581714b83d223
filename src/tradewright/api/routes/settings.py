"""Settings: read, changed, their history, and back to an earlier one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field, JsonValue

from tradewright.api.asking import Admin, Serving, Viewer
from tradewright.api.models.people import Given
from tradewright.api.paging import Cursor, Limit, Page, place_of, written
from tradewright.api.problems import problems
from tradewright.api.versions import IfMatch, check_version, etag_of
from tradewright.bootstrap.config.leaves import Shape
from tradewright.bootstrap.config.typed import plain
from tradewright.bootstrap.settings_desk import Setting
from tradewright.domain.configured import ConfigVersion
from tradewright.domain.errors import Absent
from tradewright.domain.times import iso

__all__ = ["router"]

router = APIRouter(prefix="/settings", tags=["settings"])

Number = Annotated[int, Path(ge=1, le=2**53, examples=[3])]


class SettingAnswer(BaseModel):
    """One key."""

    key: str = Field(examples=["risk.max_positions"])
    value: Any = Field(description="What counts; secrets are masked.", examples=[5])
    default: Any = Field(description="Where nothing is given; null for secrets.", examples=[5])
    origin: str = Field(description="Where the value comes from.", examples=["tradewright.yaml:3 risk.max_positions"])
    meaning: str = Field(examples=["positions that may be open at once"])
    allowed: str = Field(examples=["a whole number from 1 to 50"])
    shape: Shape = Field(description="How a form asks for it.")
    choices: list[str] = Field(description="The words that it may be, where it is one of some.")
    optional: bool = Field(description="It may be without a value.")
    live: bool = Field(description="A change takes effect while things run; else when they start again.")
    secret: bool = Field(description="It is kept in the key store; see /keys.")
    changeable: bool = Field(description="It may be changed here; else only at the machine.")


class SettingsAnswer(BaseModel):
    """Every key. The `ETag` of the answer is the version that a change must name."""

    items: list[SettingAnswer]


class SettingsChange(Given):
    """What is to change."""

    values: dict[Annotated[str, Field(max_length=80)], JsonValue] = Field(
        min_length=1, max_length=200, examples=[{"risk.max_positions": 3}], description="By key; null takes it out."
    )


class PresetAnswer(BaseModel):
    """Values that belong together; they lie beneath those of the file."""

    name: str = Field(examples=["conservative"])
    meaning: str
    values: dict[str, Any] = Field(description="By key.", examples=[{"risk.size": 0.005}])
    is_active: bool


class PresetsAnswer(BaseModel):
    """Every preset. One is chosen by changing the setting `preset`; null chooses none."""

    items: list[PresetAnswer]


class SettingChanged(BaseModel):
    """One key whose value is another one; secrets are masked."""

    key: str = Field(examples=["risk.max_positions"])
    before: Any = Field(examples=[5])
    after: Any = Field(examples=[3])


class SettingsVersion(BaseModel):
    """A configuration that was put into effect."""

    number: int = Field(examples=[3])
    time: str = Field(examples=["2026-11-22T08:00:00Z"])
    author: str = Field(examples=["mary"])
    run_id: str = Field(examples=["20261122-080000-1f0c9a"])
    note: str = Field(examples=["change"])
    changes: list[SettingChanged]


class SettingsVersions(Page[SettingsVersion]):
    """Versions, the last first."""


@router.get("")
async def read_settings(response: Response, server: Serving, _: Viewer) -> SettingsAnswer:
    """Tell every setting: its value, where it comes from, what it means and may be. Secrets are masked."""
    found = await server.settings_desk.settings()
    response.headers["ETag"] = _version(found)
    return SettingsAnswer(items=[_told(one) for one in found])


@router.patch("", responses=problems(404, 409, 412, 428))
async def change_settings(
    body: SettingsChange, response: Response, server: Serving, caller: Admin, if_match: IfMatch = None
) -> SettingsVersion:
    """Change settings, all or none, in the YAML file: by `If-Match`, so that nobody overwrites another's change."""
    check_version(if_match, _version(await server.settings_desk.settings()))
    version = await server.settings_desk.change(caller.by, body.values)
    await _tell(server, response, version)
    return _version_told(version)


@router.get("/presets")
async def list_presets(server: Serving, _: Viewer) -> PresetsAnswer:
    """List presets, with what each sets, and which one counts."""
    found = await server.settings_desk.presets()
    return PresetsAnswer(
        items=[
            PresetAnswer(name=one.name, meaning=one.meaning, values=dict(one.values), is_active=one.is_active)
            for one in found
        ]
    )


@router.get("/history")
async def list_settings_versions(
    server: Serving, _: Viewer, limit: Limit = 50, cursor: Cursor = None
) -> SettingsVersions:
    """List the versions that were in effect, the last first, with what each changed."""
    place = place_of(cursor, int)
    every = [one for one in await server.settings_desk.history.versions() if place is None or one.number < place[0]]
    shown = every[::-1][:limit]
    following = written(shown[-1].number) if len(every) > len(shown) else None
    return SettingsVersions(items=[_version_told(one) for one in shown], next=following)


@router.post("/history/{number}/rollback", responses=problems(404, 409))
async def roll_settings_back(number: Number, response: Response, server: Serving, caller: Admin) -> SettingsVersion:
    """Write the file as it was in a version; what runs takes it up by itself."""
    version = await server.settings_desk.roll_back(caller.by, number)
    await _tell(server, response, version)
    return _version_told(version)


@router.get("/{key}", responses=problems(404))
async def read_setting(
    key: Annotated[str, Path(max_length=80, pattern=r"^[a-z0-9_.]+$", examples=["risk.max_positions"])],
    server: Serving,
    _: Viewer,
) -> SettingAnswer:
    """Tell one setting."""
    for one in await server.settings_desk.settings():
        if one.leaf.path == key:
            return _told(one)
    raise Absent(f"setting {key!r}: there is none")


async def _tell(server: Serving, response: Response, version: ConfigVersion) -> None:
    response.headers["ETag"] = _version(await server.settings_desk.settings())
    server.news.tell("settings.changed", {"version": version.number, "keys": [one.path for one in version.changes]})


def _told(one: Setting) -> SettingAnswer:
    leaf = one.leaf
    default = None if leaf.masked else plain(leaf.default)
    return SettingAnswer(
        key=leaf.path, value=one.value, default=default, origin=one.origin, meaning=leaf.meaning,
        allowed=leaf.allowed, shape=leaf.shape, choices=list(leaf.choices), optional=leaf.optional,
        live=leaf.live, secret=leaf.secret, changeable=one.is_open,
    )  # fmt: skip


def _version(found: list[Setting]) -> str:
    return etag_of([(one.leaf.path, one.value, one.origin) for one in found])


def _version_told(version: ConfigVersion) -> SettingsVersion:
    changes = [SettingChanged(key=one.path, before=one.before, after=one.after) for one in version.changes]
    return SettingsVersion(
        number=version.number, time=iso(version.at), author=version.author, run_id=version.run_id, note=version.note,
        changes=changes,
    )  # fmt: skip
