"""What wins over what: defaults < preset < YAML < key store < `.env` < environment < command line."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path

from tradewright.bootstrap.config.given import Entry, Layer
from tradewright.bootstrap.config.names import CONTROLS
from tradewright.bootstrap.config.sources import command_layer, dotenv, environment_layer, yaml_layer
from tradewright.bootstrap.config.typed import Configured, configured
from tradewright.domain.errors import InvalidValue, UnknownName

__all__ = ["FILE", "Place", "Sources", "alone", "control", "file_of", "preset_path", "presets", "read"]

FILE = Path("tradewright.yaml")
_DOTENV = Path(".env")
_ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Sources:
    """What a configuration is read from beside the working folder.

    Args:
        environment: variables.
        file: YAML; None takes what TRADEWRIGHT_CONFIG names, or `tradewright.yaml` if it is there.
        preset: its name; None takes what TRADEWRIGHT_PRESET or the YAML file names.
        items: of `--set`.
        keys: secrets by path, out of the key store.
        folder: where `.env` and `tradewright.yaml` are looked for.
    """

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    file: Path | None = None
    preset: str | None = None
    items: Sequence[str] = ()
    keys: Layer = field(default_factory=dict)
    folder: Path = Path()


@dataclass(frozen=True, slots=True)
class Place:
    """Which files a configuration was read from.

    Args:
        file: YAML; it need not be there.
        preset: its name, or None.
        written: what the YAML file gives by key; `preset`, where it names one, among it. Its values are as written.
    """

    file: Path
    preset: str | None
    written: Mapping[str, object] = field(repr=False)


def read(sources: Sources) -> tuple[Configured, Place]:
    """Read everything, check it, and say where it was found.

    Raises:
        InvalidValue, UnknownName: something in a source cannot be used; the message names it as it is written there.
    """
    lines, variables, said = _variables(sources)
    path = _file(sources, said.get("TRADEWRIGHT_CONFIG"))
    given, named = yaml_layer(path) if path.exists() else ({}, None)
    preset = _preset(sources, said.get("TRADEWRIGHT_PRESET"), named)
    beneath = {} if preset is None else _preset_layer(preset)
    every = (beneath, given, sources.keys, environment_layer(lines), environment_layer(variables))
    merged = {path: one for layer in (*every, command_layer(sources.items)) for path, one in layer.items()}
    written = {"preset": named} if named else {}
    return configured(merged), Place(path, preset, {**written, **{key: one.value for key, one in given.items()}})


def alone(name: str) -> Configured:
    """What a YAML file, with its preset, or a preset gives by itself: neither `.env` nor the environment is asked.

    Raises:
        InvalidValue, UnknownName: there is neither, or something in it cannot be used.
    """
    if name in presets() or not Path(name).is_file():
        return configured(_preset_layer(name))
    given, preset = yaml_layer(Path(name))
    return configured({**(_preset_layer(preset) if preset else {}), **given})


def file_of(sources: Sources) -> Path:
    """Where the YAML file is, or would be.

    Raises:
        InvalidValue: one is named that is not there.
    """
    return _file(sources, _variables(sources)[2].get("TRADEWRIGHT_CONFIG"))


def control(sources: Sources, name: str) -> str | None:
    """What a variable says that is no key of the configuration."""
    said = _variables(sources)[2].get(name)
    return str(said.value) if said is not None and said.value else None


def _variables(sources: Sources) -> tuple[Sequence[Entry], Sequence[Entry], Mapping[str, Entry]]:
    # Those of .env, those of the environment, and of both those that say how to read.
    variables = [Entry(name, value, _ENVIRONMENT) for name, value in sources.environment.items()]
    lines = dotenv(sources.folder / _DOTENV)
    return lines, variables, {entry.name: entry for entry in (*lines, *variables) if entry.name in CONTROLS}


def _file(sources: Sources, said: Entry | None) -> Path:
    if sources.file is None and said is None:
        return sources.folder / FILE
    path = sources.file or Path(str(said.value if said else "")).expanduser()
    if not path.is_file():
        raise InvalidValue("--config" if sources.file else "TRADEWRIGHT_CONFIG", str(path), "a YAML file that is there")
    return path


def _preset(sources: Sources, said: Entry | None, named: str | None) -> str | None:
    return sources.preset or (str(said.value).strip() if said else None) or named


def presets() -> dict[str, str]:
    """Every preset with the first line of its file, which says what it is for."""
    folder = files("tradewright.bootstrap.config") / "presets"
    found = {}
    for item in sorted(folder.iterdir(), key=lambda one: one.name):
        if item.name.endswith(".yaml"):
            first = item.read_text(encoding="utf-8").partition("\n")[0]
            found[item.name.removesuffix(".yaml")] = first.removeprefix("# ")
    return found


def preset_path(name: str) -> Path:
    """The file of a preset.

    Raises:
        UnknownName: there is none of that name.
    """
    if name not in (known := presets()):
        raise UnknownName("preset", name, known)
    return Path(str(files("tradewright.bootstrap.config") / "presets" / f"{name}.yaml"))


def _preset_layer(name: str) -> Layer:
    given, _ = yaml_layer(preset_path(name))
    where = f"preset {name}:"
    return {path: replace(one, entry=replace(one.entry, where=where)) for path, one in given.items()}
