"""Example files of the configuration, written from the tree: every key with its meaning, each line a comment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from inspect import getdoc

from tradewright.bootstrap.config.kinds import MASK
from tradewright.bootstrap.config.leaves import Leaf, leaves, sections
from tradewright.bootstrap.config.names import CONTROLS, other_variables
from tradewright.bootstrap.config.typed import configured

__all__ = ["env_example", "yaml_example"]

_NOTES = """\
# Tradewright's configuration. Every line is a comment with the default: take away the # of what you want to change,
# and of the section above it. tradewright config check says whether it is right.
# Secrets belong in .env, the environment or `tradewright keys`, never here.

#preset: balanced  # see: tradewright config presets
"""
_VARIABLES = """\
# Variables that Tradewright reads, here or from the environment, which wins. Every line is a comment: take away the #
# of what you want to set. Each key of the configuration has a variable besides, TRADEWRIGHT_SECTION_KEY.
# Keep the real file to yourself: chmod 600 .env

"""
_SHOWN = {"TRADING_MODE": "simulation", "EXCHANGE": "binance_futures", "WS_URL": "wss://fstream.binance.com",
          "REST_URL": "https://fapi.binance.com", "DB_PATH": "/data/app.db", "DATA_DIR": "/data",
          "SIMULATION_COMMISSION": "0.001", "SIMULATION_SLIPPAGE": "0.0001", "PAPER_TRADING": "true",
          "DATABASE_URL": "sqlite:///./trading.db", "MAX_POSITION_SIZE": "1000", "RISK_PER_TRADE": "0.02",
          "TRADEWRIGHT_DATABASE_URL": "postgresql://user:password@localhost/tradewright"}  # fmt: skip


def yaml_example() -> str:
    """The text of an example `tradewright.yaml`."""
    return _NOTES + "".join(_yaml_section(name) for name in (*sections(), "deployments"))


def _yaml_section(name: str) -> str:
    if name == "deployments":
        return (
            "\n# Strategies to be run.\n#deployments:\n#  - name: trend\n#    strategy: smc\n"
            "#    instruments: [BTC/USDT:USDT]\n#    timeframe: 15m\n#    params: {}\n#    capital: 2000\n"
            "#    risk: {size: 0.005}\n#    limits: {max_day_loss: 0.02}\n#    mode: simulation\n"
        )
    title = (getdoc(sections()[name]) or "").partition("\n")[0]
    own = [leaf for leaf in leaves().values() if leaf.path.startswith(f"{name}.") and not leaf.secret]
    return "\n".join(("", f"# {title}", f"#{name}:", *(line for leaf in own for line in _yaml_key(leaf)), ""))


def _yaml_key(leaf: Leaf) -> Iterator[str]:
    value = configured({}).shown(leaf.path)
    yield f"  # {leaf.meaning} ({leaf.allowed})".replace("  #", "#  #", 1)
    yield f"#  {leaf.path.partition('.')[2]}: {json.dumps(value)}"


def env_example() -> str:
    """The text of an example `.env`."""
    lines = [line for name, path in other_variables().items() for line in _variable(name, leaves()[path])]
    lines += [line for name, meaning in CONTROLS.items() for line in (f"# {meaning}", f"#{name}=", "")]
    return _VARIABLES + "\n".join(lines[:-1]) + "\n"


def _variable(name: str, leaf: Leaf) -> Iterator[str]:
    value = configured({}).shown(leaf.path)
    text = json.dumps(value) if isinstance(value, bool | int | float) else str(value or "")
    yield f"# {leaf.meaning} ({leaf.path})"
    yield f"#{name}={_SHOWN.get(name, '' if text == MASK else text)}"
    yield ""
