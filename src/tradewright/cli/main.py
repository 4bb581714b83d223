"""The entry: commands put together, errors in one line, exit codes.

Exit codes: 0 done · 1 the reader of our output went away · 2 bad input · 70 our own fault · 130 interrupted.
Commands import what is heavy in their bodies, so that `--help` answers at once.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException

from tradewright.cli import (
    audit,
    backtest,
    config,
    data,
    db,
    deployments,
    desk,
    evaluate,
    exchange,
    exchanges,
    journal,
    keys,
    live,
    openapi,
    results,
    serve,
    sessions,
    strategies,
    system,
    tape,
    tokens,
    users,
)
from tradewright.cli import demo as demo_
from tradewright.cli import run as run_
from tradewright.domain.errors import InvariantBroken, TradewrightError

__all__ = ["app", "main", "run"]

_SELDOM = (100_000, 10, 10)
_BAD_INPUT, _OUR_FAULT, _PIPE_CLOSED, _INTERRUPTED = 2, 70, 1, 130

app = typer.Typer(
    name="tradewright",
    help="Backtest crypto strategies on real candles, and know how much to believe the result.",
    add_completion=False,
    rich_markup_mode="rich",
)
app.add_typer(data.app, name="data")
app.add_typer(strategies.app, name="strategies")
app.add_typer(results.app, name="results")
app.add_typer(exchanges.app, name="exchanges")
app.add_typer(sessions.app, name="sessions")
app.add_typer(journal.app, name="journal")
app.add_typer(audit.app, name="audit")
app.add_typer(db.app, name="db")
app.add_typer(config.app, name="config")
app.add_typer(live.app, name="live")
app.add_typer(deployments.app, name="deployments")
app.add_typer(keys.app, name="keys")
app.add_typer(users.app, name="users")
app.add_typer(tokens.app, name="tokens")
# A sub-app is added here in one line.
app.command("backtest")(backtest.backtest)
app.command("run")(run_.run)
app.command("demo")(demo_.demo)
app.command("evaluate")(evaluate.evaluate)
app.command("tape")(tape.tape)
app.command("collect")(system.collect)
app.command("scan")(system.scan)
app.command("manage")(system.manage)
app.command("system")(system.system)
app.command("serve")(serve.serve)
app.command("trade")(serve.trade)
app.command("openapi")(openapi.openapi)
app.command("exchange")(exchange.exchange)
desk.add_to(app)


@app.callback(invoke_without_command=True)
def _entry(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as version_of

        sys.stdout.write(f"tradewright {version_of('tradewright')}\n")
    elif context.invoked_subcommand is None:
        sys.stdout.write(context.get_help() + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give the exit code; None takes the process's arguments."""
    try:
        code = app(args=arguments, standalone_mode=False)
        sys.stdout.flush()
    except TradewrightError as error:
        return _fail(str(error), _OUR_FAULT if isinstance(error, InvariantBroken) else _BAD_INPUT)
    except TyperException as error:
        return _fail(error.format_message(), _BAD_INPUT)
    except (KeyboardInterrupt, typer.Abort):
        return _fail("interrupted", _INTERRUPTED)
    except BrokenPipeError:
        # The reader went away, as `head` does. What is still in the buffer must go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    if code == _INTERRUPTED:
        return _fail("interrupted", _INTERRUPTED)
    return code if isinstance(code, int) else 0


def run() -> None:
    """Run the command line and leave with its exit code."""
    # A start makes half a million things that stay: to go through them 700 at a time is a tenth of a first result.
    gc.set_threshold(*_SELDOM)
    sys.exit(main())


def _fail(message: str, code: int) -> int:
    sys.stderr.write(f"error: {' '.join(message.split())}\n")
    return code
