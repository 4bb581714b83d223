"""`tradewright collect`, `scan`, `manage`: processes that share a database, and `system`, which keeps them at work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tradewright.bootstrap.config.reading import Sources

__all__ = ["collect", "manage", "scan", "system"]

File = Annotated[str | None, typer.Option("--config", help="YAML file of the configuration.")]
Preset = Annotated[str | None, typer.Option(help="See: tradewright config presets.")]
Items = Annotated[list[str] | None, typer.Option("--set", help="Key of the configuration, section.key=value; repeat.")]


def scan(config: File = None, preset: Preset = None, set_: Items = None) -> None:
    """Look for instruments that pass the filters, and for signals in them, every `scanner.interval_s` seconds.

    What is found stands in the database; the position manager opens positions only where a scan has let it.
    """
    from tradewright.bootstrap.system import scan as work

    work(_sources(config, preset, set_), _line)


def manage(config: File = None, preset: Preset = None, set_: Items = None) -> None:
    """Hold positions on paper: the engine plays them, bar by bar, with partial exits and trailing stops.

    Goes on with its session after any break. No order leaves this machine.
    """
    from tradewright.bootstrap.system import manage as work
    from tradewright.cli.run_view import RunView

    work(_sources(config, preset, set_), _line, RunView(as_json=False))


def collect(config: File = None, preset: Preset = None, set_: Items = None) -> None:
    """Store the candles of every instrument that passes the filters, as they close."""
    from tradewright.bootstrap.system import collect as work

    work(_sources(config, preset, set_), _line)


def system(
    config: File = None,
    preset: Preset = None,
    set_: Items = None,
    status: Annotated[bool, typer.Option("--status", help="Print how the processes stand, and leave.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --status: print JSON.")] = False,
) -> None:
    """Run collector, scanner and position manager, each in a process of its own; what dies or hangs is started again.

    Ctrl-C ends all of them in order.
    """
    from tradewright.bootstrap.system import supervise

    sources = _sources(config, preset, set_)
    if status:
        _status(sources, as_json=as_json)
        return
    given = [*(("--config", config) if config else ()), *(("--preset", preset) if preset else ())]
    given += [word for item in set_ or () for word in ("--set", item)]
    supervise(sources, given, lambda name, words: _line(f"{name}: {words}"))


def _sources(config: str | None, preset: str | None, items: list[str] | None) -> Sources:
    from pathlib import Path

    from tradewright.bootstrap.config.reading import Sources

    return Sources(file=Path(config).expanduser() if config else None, preset=preset, items=items or ())


def _line(text: str) -> None:
    import sys

    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _status(sources: Sources, *, as_json: bool) -> None:
    from dataclasses import asdict

    from tradewright.bootstrap.system import state
    from tradewright.cli.output import print_json, print_table

    found = state(sources)
    beats, verdicts, now = found["processes"].values(), found["verdicts"], found["now"]
    if as_json:
        print_json({"processes": [asdict(one) for one in beats], "instruments": [asdict(one) for one in verdicts],
                    "metrics": found["metrics"]})  # fmt: skip
        return
    rows = [(one.name, one.pid, round((now - one.at) / 1e9, 1), one.every_s, one.run_id) for one in beats]
    print_table(("process", "pid", "seconds ago", "every", "run"), rows)
    lines = [(one.symbol, "yes" if one.is_admitted else "no", one.signal, "; ".join(one.reasons)) for one in verdicts]
    print_table(("instrument", "passes", "signal", "why not"), lines)
    if found["metrics"]:
        shown = ("equity", "trades", "win_rate", "profit_factor", "max_drawdown", "sharpe")
        print_table(("metric", "value"), [(name, found["metrics"].get(name)) for name in shown])
