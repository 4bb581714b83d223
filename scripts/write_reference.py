"""Write the reference pages that follow from the code. Usage: python scripts/write_reference.py [--check].

With --check nothing is written; a page that is not current is named, and the exit code is 1.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from tradewright.api.app import make_app
from tradewright.api.codes import CODES
from tradewright.api.schema import schema_text
from tradewright.bootstrap.config import reading
from tradewright.bootstrap.config.examples import env_example, yaml_example
from tradewright.bootstrap.config.leaves import Leaf, leaves, meanings
from tradewright.bootstrap.config.leaves import sections as parts_of_the_tree
from tradewright.bootstrap.config.names import CONTROLS, others
from tradewright.bootstrap.config.reading import presets
from tradewright.bootstrap.config.tree import Deployment
from tradewright.bootstrap.config.typed import configured
from tradewright.cli.main import app
from tradewright.domain import errors
from tradewright.features import ALIASES
from tradewright.features.catalog import BESIDE, CATALOG, FAMILIES
from tradewright.features.indicator import Indicator
from tradewright.features.native import NATIVE
from tradewright.features.row import Row
from tradewright.risk.refusals import REASONS, reason_name
from tradewright.services.strategies import find_strategies
from tradewright.strategy.card import StrategyCard

from write_client import files as client_files  # isort: skip

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs/reference"
FIGURES = (
    "returns",
    "tail",
    "drawdown",
    "trade_stats",
    "costs",
    "sampling",
    "excursions",
    *(f"analysis.{chapter}" for chapter in ("optimism", "cost_split", "doubt", "margin_use", "capacity")),
)
LAWS = (
    *("engine_laws", "money_laws", "metamorphic_laws", "ambiguity_laws", "order_laws", "team_laws"),
    *("market_laws", "round_trips"),
)
API_NOTE = """
`tradewright serve` answers under `/api/v1`; `tradewright openapi` writes the whole schema. Errors are problem documents
(RFC 9457, `application/problem+json`) with a stable `code`; beside the codes at the end of this page there are those of
[errors](errors.md).
"""
NOTE = "<!-- Written by `make docs` from the code; edit the code instead. -->\n"


def prose(thing: object) -> str:
    """A docstring without its examples; code marks stay."""
    text = inspect.getdoc(thing) or ""
    return text.split("\nExample:")[0].strip()


def sections(text: str) -> str:
    """Google sections as lists: `Args:` and its kind become a bold word and a list below."""
    lines: list[str] = []
    for line in text.splitlines():
        if line in {"Args:", "Attributes:", "Raises:", "Returns:"}:
            lines += ["", f"**{line.removesuffix(':')}**", ""]
        elif line.startswith("        "):
            lines[-1] += " " + line.strip()
        elif line.startswith("    "):
            name, _, meaning = line.strip().partition(": ")
            lines.append(f"- `{name}`: {meaning}" if meaning else f"- {name}")
        else:
            lines.append(line)
    return re.sub("\n{3,}", "\n\n", "\n".join(lines))


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Each command that does something, with its full name, depth first."""
    inner = getattr(command, "commands", {})
    if not inner or command.invoke_without_command:
        yield name, command
    for word, child in inner.items():
        yield from commands(child, f"{name} {word}")


def option(parameter: Any) -> str:
    """One row of a table: how it is written, whether it is needed, what it means."""
    names = ", ".join(f"`{text}`" for text in (*parameter.opts, *parameter.secondary_opts))
    if parameter.param_type_name == "argument":
        names = f"`{parameter.name.upper()}`"
    default = parameter.default
    usual = "required" if parameter.required else "" if default in (None, False, ()) else f"`{default}`"
    again = " May be given several times." if parameter.multiple else ""
    meaning = (parameter.help or "").replace("|", "/") + again
    return f"| {names} | {usual} | {meaning} |"


def cli_page() -> str:
    """Every command with every option."""
    parts = ["# Commands\n", NOTE]
    parts.append("Every command takes `--help`.\nBad input gives one line on stderr and exit code 2.\n")
    for name, command in commands(typer.main.get_command(app), "tradewright"):
        parts.append(f"## {name}\n\n{inspect.cleandoc(command.help or '')}\n")
        shown = [parameter for parameter in command.params if not parameter.hidden and parameter.name != "help"]
        if shown:
            parts.append("\n".join(("| option | default | meaning |", "|---|---|---|", *map(option, shown))) + "\n")
    return "\n".join(parts)


def errors_page() -> str:
    """The tree of errors, and each with its code."""
    _, drawing, rest = (inspect.getdoc(errors) or "").split("\n\n    ", 1)[1].partition("TradewrightError")
    tree, _, rule = rest.partition("\n\n")
    parts = ["# Errors\n", NOTE, "```text", drawing + tree.replace("\n    ", "\n"), "```\n", rule + "\n"]
    for name in errors.__all__:
        kind = getattr(errors, name)
        parts.append(f"## {name}\n\nCode: `{kind.code}`.\n\n{sections(prose(kind))}\n")
    return "\n".join(parts)


def table(title: str, columns: tuple[str, ...], rows: list[str]) -> str:
    """A chapter that is one table."""
    return "\n".join([f"## {title}\n", f"| {' | '.join(columns)} |", "|---" * len(columns) + "|", *rows, ""])


def api_page() -> str:
    """Every path of the API, by resource, and every code of a problem."""
    parts = ["# The API\n", NOTE, API_NOTE]
    found: dict[str, list[str]] = {}
    for path, methods in json.loads(schema_text(make_app()))["paths"].items():
        for method, route in methods.items():
            row = f"| `{method.upper()} {path}` | `{route['operationId']}` | {route['description'].splitlines()[0]} |"
            found.setdefault(route["tags"][0], []).append(row)
    parts += [table(tag, ("path", "operation", "what it does"), found[tag]) for tag in sorted(found)]
    codes = [f"| `{name}` | {code.status} | {code.meaning} |" for name, code in sorted(CODES.items())]
    parts.append(table("Codes of problems", ("code", "status", "meaning"), codes))
    return "\n".join(parts)


def metrics_page() -> str:
    """Every figure: its formula and source, as its function states them."""
    parts = ["# Metrics\n", NOTE]
    for word in FIGURES:
        module = importlib.import_module(f"tradewright.portfolio.{word}")
        title, _, rest = prose(module).partition("\n")
        parts.append(f"## {title.rstrip('.')}\n{rest}".rstrip() + "\n")
        figures = [(name, getattr(module, name)) for name in module.__all__ if name != "finite"]
        parts += [f"### {name}\n\n{sections(prose(it))}\n" for name, it in figures if inspect.isfunction(it)]
    return "\n".join(parts)


def law(node: ast.FunctionDef) -> str:
    """One row of a table: what is promised, and the rules of the engine that it holds."""
    calls = [call for call in node.decorator_list if isinstance(call, ast.Call)]
    marks = [call for call in calls if ast.unparse(call.func) == "pytest.mark.rule"]
    rules = ", ".join(str(given.value) for call in marks for given in call.args if isinstance(given, ast.Constant))
    name = node.name.removeprefix("test_").replace("_", " ")
    return f"| {name[0].upper()}{name[1:]} | {' '.join((ast.get_docstring(node) or '').split())} | {rules} |"


def laws_page() -> str:
    """Every law that Hypothesis tries to break, from the tests themselves."""
    parts = ["# Laws\n", NOTE]
    parts.append("What holds of any market, any wishes and any rules.")
    parts.append("Each is a test in `tests/property` that makes up markets and tries to break it.")
    parts.append("The numbers are those of [the engine's rules](engine-rules.md).\n")
    for path in (ROOT / f"tests/property/test_{name}.py" for name in LAWS):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        title = (ast.get_docstring(tree) or "").partition("\n")[0].rstrip(".")
        parts.append(f"## {title}\n\n| law | in words | rules |\n|---|---|---|")
        tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
        parts.append("\n".join(map(law, tests)) + "\n")
    return "\n".join(parts)


def indicator_row(row: Row) -> str:
    """One row of a table: the call, what it is, what comes out, in which unit, from which row on, by whose formula."""
    told = ", ".join((*row.columns, *(f"{one.name}={one.default!r}" for one in row.parameters)))
    call = repr(Indicator(row)).removeprefix("ta.") if row.name in CATALOG else f"{row.name}({told})"
    outputs = "" if len(row.results) == 1 else ", ".join(f"`{one}`" for one in row.results)
    title = f"{row.title}; {row.note}" if row.note else row.title
    cells = (f"`{call}`", title, outputs, row.unit, row.warmup, row.source)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def indicators_page() -> str:
    """Every indicator, family by family."""
    parts = ["# Indicators\n", NOTE, prose(Indicator).split("\n\nArgs:")[0].partition("\n\n")[2] + "\n"]
    parts.append(
        "Each is called as `ta.NAME(...)`; `ta.CATALOG` holds this page as data.\n"
        "`first` is the first row with a value, counted from 0, as a formula over the parameters.\n"
        "`ma(n, kind)` in it is the first row of that kind of average: n - 1 for most.\n"
        "What depends on where the data begins settles after some lengths more: feed it more bars than its warm-up.\n"
    )
    also = ", ".join(f"`{name}` (`{known}`)" for name, known in sorted(ALIASES.items()))
    parts.append(
        "One bar at a time, to the last bit the same: `stream = ta.rsi.stream(14)`, then `stream.update(close)`, or\n"
        "`stream.follow(view)` with the view of `on_bar`. What a bar costs does not grow with those before it.\n\n"
        f"Also called: {also}.\n\n"
        f"Computed by us, the same with TA-Lib and without: {', '.join(f'`{name}`' for name in sorted(NATIVE))}.\n"
        "The others need TA-Lib, and so does any kind of average but `sma` within them.\n"
    )
    beside = {"Trades, quotes and other instruments": BESIDE.values()}
    for family, rows in (FAMILIES | beside).items():
        parts.append(f"## {family}\n")
        head = ("| call | what it is | outputs | unit | first | source |", "|---|---|---|---|---|---|")
        parts.append("\n".join((*head, *map(indicator_row, rows))) + "\n")
    return "\n".join(parts)


def strategy_part(card: StrategyCard) -> str:
    """One strategy: its docstring, what it trades, what it changes of the risk rules, its parameters."""
    frames = f"Made for {card.ltf} bars" + (f", with {card.htf} bars above them" if card.htf else "")
    risk = "".join(f"; its class sets `{name}` to {value}" for name, value in card.risk.items())
    rows = [f"| `{one.name}` | `{one.default}` | {one.allowed} | {one.doc} |" for one in card.params]
    table = "\n".join(("| parameter | default | allowed | meaning |", "|---|---|---|---|", *rows))
    return f"## {card.name}\n\n{card.doc}\n\n{frames}{risk}.\n\n{table}\n"


def strategies_page() -> str:
    """Every built-in strategy, as it documents itself."""
    registry = find_strategies()
    parts = ["# Built-in strategies\n", NOTE]
    parts.append(
        "`tradewright strategies NAME` shows the same; `--set parameter=value` changes a parameter of a run.\n"
        "Tests trade them in made-up markets, after all costs: with their edge planted in it they earn, without it\n"
        "they earn nothing beyond chance. What real markets hold of that edge, your own backtest must tell.\n"
    )
    parts += [strategy_part(registry.describe(name)) for name in registry.names()]
    return "\n".join(parts)


def refusals_page() -> str:
    """Every refusal: its words, what would help, its code at Binance."""
    parts = ["# Refusals\n", NOTE]
    parts.append(
        "A signal that risk denies, or an order that the venue would not take, is an outcome and not a fault: it\n"
        "stands in the tables `refusals` and `orders` of a result, with its name and the two numbers compared.\n"
        "The last column is the code with which Binance's futures answer; rules of ours have none.\n"
    )
    parts += ["| name | in words | what would help | venue |", "|---|---|---|---|"]
    for code, reason in REASONS.items():
        words = re.sub(r"\{(\w+)[^}]*\}", r"*\1*", reason.text)
        parts.append(f"| `{reason_name(code)}` | {words} | {reason.fix} | {reason.venue_code or ''} |")
    return "\n".join(parts) + "\n"


def key_row(leaf: Leaf) -> str:
    """One row of a table: a key, its default, what it may be, its other names, whether it may change in between."""
    shown = configured({}).shown(leaf.path)
    default = "" if shown is None or leaf.secret else f"`{json.dumps(shown)}`"
    names = ", ".join(
        f"`{name}`" for name in (leaf.variable, *(one for one in others(leaf.path) if one != leaf.variable))
    )
    live = "yes" if leaf.live else ""
    cells = (f"`{leaf.path}`", default, leaf.allowed, names, live, leaf.meaning)
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def configuration_page() -> str:
    """Every key of the configuration, section by section."""
    parts = ["# Configuration\n", NOTE, inspect.cleandoc(reading.__doc__ or "") + "\n"]
    parts.append(
        "A key stands in YAML as `section.key`, in the environment and `.env` as `TRADEWRIGHT_SECTION_KEY`, on the\n"
        "command line as `--set section.key=value`; other names that mean the same stand beside it.\n"
        "Secrets are read from `.env`, the environment and the key store alone.\n"
        "The last but one column says whether a key may change while a process runs.\n"
    )
    head = ("| key | default | allowed | names | live | meaning |", "|---|---|---|---|---|---|")
    for name, kind in parts_of_the_tree().items():
        rows = [key_row(leaf) for leaf in leaves().values() if leaf.path.startswith(f"{name}.")]
        parts.append(
            f"## {name}\n\n{(inspect.getdoc(kind) or '').splitlines()[0]}\n\n" + "\n".join((*head, *rows)) + "\n"
        )
    told = [f"- `{name}`: {text}" for name, text in meanings(Deployment).items()]
    parts.append("## deployments\n\nA list; each has:\n\n" + "\n".join(told) + "\n")
    parts.append("## Presets\n\n" + "\n".join(f"- `{name}`: {text}" for name, text in presets().items()) + "\n")
    parts.append("## Variables beside\n\n" + "\n".join(f"- `{name}`: {text}" for name, text in CONTROLS.items()) + "\n")
    return "\n".join(parts)


def decisions_page() -> str:
    """The decisions, by number and title."""
    parts = ["# Decisions\n", NOTE, "One screen each; never edited once accepted, but superseded by a later one.\n"]
    for path in sorted((PAGES.parent / "adr").glob("[0-9]*.md")):
        title = path.read_text().splitlines()[0].removeprefix("# ")
        parts.append(f"- [{title}]({path.name})")
    return "\n".join(parts) + "\n"


def main() -> None:
    """Write the pages, or say which of them are not current."""
    pages = {
        "cli.md": cli_page(),
        "configuration.md": configuration_page(),
        "../../.env.example": env_example(),
        "../../examples/tradewright.yaml": yaml_example(),
        "errors.md": errors_page(),
        "api.md": api_page(),
        "../../web/openapi.json": schema_text(make_app()),
        "refusals.md": refusals_page(),
        "indicators.md": indicators_page(),
        "laws.md": laws_page(),
        "metrics.md": metrics_page(),
        "strategies.md": strategies_page(),
        "../adr/index.md": decisions_page(),
        **{str(file): text for file, text in client_files().items()},
    }
    old = [name for name, text in pages.items() if not (PAGES / name).is_file() or (PAGES / name).read_text() != text]
    if "--check" in sys.argv:
        sys.exit(f"not current: {', '.join(old)}; make docs writes them" if old else 0)
    for name in old:
        (PAGES / name).write_text(pages[name])
        print(f"written: {(PAGES / name).resolve().relative_to(PAGES.parents[1])}")


if __name__ == "__main__":
    main()
