"""`tradewright deployments`: the strategies that a configuration names, run together in one process."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tradewright.cli.configured import configuration

if TYPE_CHECKING:
    from tradewright.bootstrap.config.typed import Configured
    from tradewright.services.live.terms import Watcher
    from tradewright.services.paper.trading import Listener

__all__ = ["app"]

app = typer.Typer(help="List and run the deployments of the configuration.", no_args_is_help=True)
_Config = Annotated[str | None, typer.Option("--config", help="YAML file of the configuration.")]


@app.command("list")
def list_(config: _Config = None, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List them, with what each trades; those of the server where one is named and no file is."""
    from tradewright.cli.output import print_json, print_table, say

    columns = ("name", "strategy", "instruments", "timeframe", "capital", "mode")
    rows = None if config else _of_server()
    rows = _of_configuration(config) if rows is None else rows
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif rows:
        print_table(columns, rows)
    else:
        say("the configuration names no deployment; see: tradewright config example")


def _of_server() -> list[tuple[str, ...]] | None:
    from tradewright.bootstrap.server_place import server_place
    from tradewright.cli.at_server import at_server
    from tradewright.cli.output import number

    if (place := server_place()) is None:
        return None
    with at_server(place) as server:
        return [
            (one["name"], one["terms"]["strategy"], ", ".join(one["terms"]["instruments"]),
             one["terms"]["timeframe"] or "the strategy's", number(float(one["terms"]["capital"]), 2), one["mode"])
            for one in server.deployments()
        ]  # fmt: skip


def _of_configuration(config: str | None) -> list[tuple[str, ...]]:
    from tradewright.bootstrap.deployments import request_of
    from tradewright.cli.output import number

    configured = configuration(config, None, None)[0]
    return [
        (one.name, one.strategy, ", ".join(one.instruments), one.timeframe or "the strategy's",
         number(request_of(configured, one).balance, 2), one.mode)
        for one in configured.tree.deployments
    ]  # fmt: skip


@app.command("run")
def run(
    names: Annotated[list[str] | None, typer.Argument(help="Of deployments; all.")] = None, config: _Config = None
) -> None:
    """Run them in this process until Ctrl-C; each goes on where it ended. One that fails does not stop the others."""
    import asyncio

    from tradewright.bootstrap.deployments import run_deployments

    configured = configuration(config, None, None)[0]
    _say_where(configured)
    asyncio.run(run_deployments(configured, names or (), _Lines()))


def _say_where(configured: Configured) -> None:
    from tradewright.bootstrap.permits import led_words, orders_led

    if any(one.mode == "live" for one in configured.tree.deployments) and (led := orders_led(configured)):
        sys.stderr.write(f"{led_words(led)}\n")


class _Lines:
    """See `bootstrap.deployments.DeploymentView`: lines, each with its deployment's name."""

    def paper(self, name: str) -> Listener:
        from tradewright.cli.run_view import RunView

        return RunView(as_json=False, prefix=f"{name:16} ")

    def venue(self, name: str) -> Watcher:
        from tradewright.cli.live_view import LiveView

        return LiveView(name, as_json=False, prefix=f"{name:16} ")

    def failed(self, name: str, error: str, seconds: float) -> None:
        sys.stderr.write(f"{name:16} failed, is begun again in {seconds:g} s: {error}\n")
