"""`tradewright serve`: the server, all of its processes; and `tradewright trade`, the one of them that trades."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

__all__ = ["serve", "trade"]

_Config = Annotated[str | None, typer.Option("--config", help="YAML file of the configuration.")]
_Preset = Annotated[str | None, typer.Option(help="See: tradewright config presets.")]
_Items = Annotated[list[str] | None, typer.Option("--set", help="Key of the configuration, section.key=value; repeat.")]


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen at, in place of server.host.")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen at, in place of server.port.", min=1, max=65535)
    ] = None,
    config: _Config = None,
    preset: _Preset = None,
    set_: _Items = None,
    speed: Annotated[
        float, typer.Option(help="Of the time of the practice exchange that it brings, 1 to 1000 times real.")
    ] = 1.0,
    alone: Annotated[
        bool, typer.Option("--alone", help="Only answer requests: what trades and works is run elsewhere.")
    ] = False,
) -> None:
    """Serve the API until Ctrl-C: with the process that trades, and with a practice exchange where none is named.

    Each is a process of its own; what dies or hangs is started again, and goes on where it was.
    """
    from tradewright.cli.configured import configuration, sources

    configured = configuration(config, preset, set_)[0]
    place = host or configured.tree.server.host, port or configured.tree.server.port
    if alone:
        from tradewright.api.serving import run_alone

        run_alone(configured, place, _line, sources(config, preset, set_))
        return
    from tradewright.bootstrap.group import GroupWish, run_group

    given = [*(("--config", config) if config else ()), *(("--preset", preset) if preset else ())]
    given += [word for item in set_ or () for word in ("--set", item)]
    run_group(configured, GroupWish(*place, tuple(given), speed), lambda name, words: _line(f"{name}: {words}"))


def trade(config: _Config = None, preset: _Preset = None, set_: _Items = None) -> None:
    """Trade for every deployment that is wanted, those of the configuration among them, until Ctrl-C.

    What is wanted stands in the database, where the API writes it; sessions go on where they ended. `tradewright
    serve` runs this by itself.
    """
    from tradewright.bootstrap.trading import run_trading
    from tradewright.cli.configured import configuration

    run_trading(configuration(config, preset, set_)[0], _line)


def _line(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
