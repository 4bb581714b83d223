"""`tradewright config`: what is configured, where it comes from, whether it is right, and what it was before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradewright.cli.configured import configuration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.bootstrap.config.typed import Configured
    from tradewright.domain.configured import ConfigVersion

__all__ = ["app"]

app = typer.Typer(help="Show, check and compare the configuration; go back to an earlier one.", no_args_is_help=True)

File = Annotated[str | None, typer.Option("--config", help="YAML file, in place of tradewright.yaml.")]
Preset = Annotated[str | None, typer.Option(help="See: tradewright config presets.")]
Items = Annotated[list[str] | None, typer.Option("--set", help="section.key=value; repeat.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("show")
def show(
    only: Annotated[str | None, typer.Argument(help="Section or key, such as risk; without it, all.")] = None,
    origin: Annotated[bool, typer.Option("--origin", help="Say where each value comes from.")] = False,
    config: File = None,
    preset: Preset = None,
    set_: Items = None,
    as_json: AsJson = False,
) -> None:
    """Print every key with the value that counts. Secrets are masked."""
    from tradewright.cli.output import print_json, print_table

    found, _ = configuration(config, preset, set_)
    paths = _paths(only)
    if as_json:
        rows = {path: {"value": found.shown(path), "origin": found.origin(path)} for path in paths}
        print_json(rows if origin else {path: row["value"] for path, row in rows.items()})
        return
    lines = [(path, _text(found.shown(path)), *((found.origin(path),) if origin else ())) for path in paths]
    print_table(("key", "value", *(("origin",) if origin else ())), lines)


@app.command("check")
def check(
    file: Annotated[str | None, typer.Argument(help="YAML file; without it, the one that counts.")] = None,
    preset: Preset = None,
    set_: Items = None,
    as_json: AsJson = False,
) -> None:
    """Read everything and say whether it is right. Wrong ones end with code 2."""
    from tradewright.bootstrap.config.uses import missing_for_live
    from tradewright.bootstrap.permits import orders_led
    from tradewright.cli.output import print_json, say

    found, place = configuration(file, preset, set_)
    lacking = missing_for_live(found) if found.tree.trading.mode == "live" else ()
    source = str(place.file) if place.file.exists() else None
    if as_json:
        told = {"file": source, "preset": place.preset, "given": len(found.given), "missing_for_live": lacking}
        print_json(told)
        return
    say(f"the configuration is right: {len(found.given)} keys are given ({source or 'no YAML file'}"
        f"{f', preset {place.preset}' if place.preset else ''})")  # fmt: skip
    if led := orders_led(found):
        say(f"{found.tree.venue.exchange} is not asked at its own addresses: requests and streams at {', '.join(led)}")
    if lacking:
        say(f"live trading needs beside: {', '.join(lacking)}")


@app.command("diff")
def diff(
    a: Annotated[str | None, typer.Argument(help="YAML file or preset; without it, the defaults.")] = None,
    b: Annotated[str | None, typer.Argument(help="YAML file or preset; without it, what counts now.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print the keys in which two configurations differ. Secrets are masked."""
    from tradewright.bootstrap.config.comparing import changes
    from tradewright.bootstrap.config.reading import alone
    from tradewright.bootstrap.config.typed import configured
    from tradewright.cli.output import print_json, print_table, say

    before = alone(a) if a else configured({})
    found = changes(before, alone(b) if b else configuration(None, None, None)[0])
    if as_json:
        print_json([{"key": one.path, "before": one.before, "after": one.after} for one in found])
    elif found:
        print_table(
            (a or "defaults", "", b or "now"), [(one.path, _text(one.before), _text(one.after)) for one in found]
        )
    else:
        say("they are the same")


@app.command("history")
def history(
    number: Annotated[int | None, typer.Argument(help="Of one version, to see what it changed.")] = None,
    most: Annotated[int, typer.Option(help="So many of the last.", min=1)] = 20,
    config: File = None,
    as_json: AsJson = False,
) -> None:
    """List the versions that were in effect: when, who, by which run, what changed. Secrets are masked."""
    import asyncio
    from dataclasses import asdict

    from tradewright.cli.output import print_json, print_table, say
    from tradewright.domain.times import iso

    found = asyncio.run(_versions(configuration(config, None, None)[0], number, most))
    if as_json:
        print_json([asdict(one) for one in found])
    elif number is not None:
        print_table(
            ("key", "before", "after"), [(one.path, _text(one.before), _text(one.after)) for one in found[0].changes]
        )
    elif found:
        rows = [(one.number, iso(one.at), one.author, one.run_id, one.note, len(one.changes)) for one in found]
        print_table(("version", "time", "author", "run", "note", "changes"), rows)
    else:
        say("no version has been in effect yet")


async def _versions(configured: Configured, number: int | None, most: int) -> Sequence[ConfigVersion]:
    from tradewright.bootstrap.config_versions import config_history

    async with config_history(configured) as kept:
        return await kept.versions(most) if number is None else [await kept.version(number)]


@app.command("rollback")
def rollback(
    number: Annotated[int, typer.Argument(help="Of the version; see: tradewright config history.")],
    config: File = None,
) -> None:
    """Write the YAML file as it was in a version. The file before is kept with a ~; what runs takes it up by itself."""
    import asyncio
    from pathlib import Path

    from tradewright.bootstrap.config.reading import Sources
    from tradewright.bootstrap.config_versions import roll_back
    from tradewright.cli.output import say

    sources = Sources(file=Path(config).expanduser() if config else None)
    version, file = asyncio.run(roll_back(sources, number))
    what = f"version {version.number}, with {len(version.changes)} changes"
    say(f"{file} is as it was in version {number}; that is {what}")


@app.command("presets")
def presets_(
    name: Annotated[str | None, typer.Argument(help="Of the one to be shown; without it, all are listed.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the presets, or print what one sets."""
    from tradewright.bootstrap.config.reading import alone, preset_path, presets
    from tradewright.cli.output import print_json, print_table

    if name is None:
        listed = presets()
        print_json(listed) if as_json else print_table(("preset", "for"), list(listed.items()))
        return
    found = alone(str(preset_path(name)))
    if as_json:
        print_json(found.changed)
    else:
        print_table(("key", "value"), [(path, _text(value)) for path, value in found.changed.items()])


@app.command("example")
def example(
    env: Annotated[bool, typer.Option("--env", help="An example .env in place of the YAML file.")] = False,
) -> None:
    """Print an example file with every key, its meaning and its default; each line is a comment."""
    import sys

    from tradewright.bootstrap.config.examples import env_example, yaml_example

    sys.stdout.write(env_example() if env else yaml_example())


def _paths(only: str | None) -> list[str]:
    from tradewright.bootstrap.config.leaves import leaves, sections
    from tradewright.domain.errors import UnknownName

    found = [path for path in leaves() if only is None or path == only or path.startswith(f"{only}.")]
    if not found:
        raise UnknownName("section or key", str(only), (*sections(), *leaves()))
    return found


def _text(value: Any) -> str:
    import json

    return value if isinstance(value, str) else "-" if value is None else json.dumps(value)
