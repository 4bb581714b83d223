"""`tradewright deployments`: the strategies that a configuration names, run together in one process."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tradewright.cli.configured import configuration

if TYPE_CHECKING:
    from tradewright.services.live.terms import Watcher
    from tradewright.services.paper.trading import Listener

__all__ = ["app"]

app = typer.Typer(help="List and run the deployments of the configuration.", no_args_is_help=True)
_Config = Annotated[str | None, typer.Option("--config", help="YAML file of the configuration.")]


@app.command("list")
def list_(config: _Config = None, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List them, with what each trades."""
    from tradewright.bootstrap.deployments import request_of
    from tradewright.cli.output import number, print_json, print_table, say

    configured = configuration(config, None, None)[0]
    columns = ("name", "strategy", "instruments", "timeframe", "capital", "mode")
    rows = [
        (one.name, one.strategy, ", ".join(one.instruments), one.timeframe or "the strategy's",
         number(request_of(configured, one).balance, 2), one.mode)
        for one in configured.tree.deployments
    ]  # fmt: skip
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif rows:
        print_table(columns, rows)
    else:
        say("the configuration names no deployment; see: tradewright config example")


@app.command("run")
def run(
    names: Annotated[list[str] | None, typer.Argument(help="Of deployments; all.")] = None, config: _Config = None
) -> None:
    """Run them in this process until Ctrl-C; each goes on where it ended. One that fails does not stop the others."""
    import asyncio

    from tradewright.bootstrap.deployments import run_deployments

    asyncio.run(run_deployments(configuration(config, None, None)[0], names or (), _Lines()))


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
