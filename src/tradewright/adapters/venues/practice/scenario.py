"""Scenarios: files of faults, each with the seed that decides whom they strike."""

from __future__ import annotations

from pathlib import Path

import yaml

from tradewright.adapters.venues.practice.faults import Fault, FaultBook
from tradewright.domain.errors import InvalidValue

__all__ = ["read_scenario"]


def read_scenario(path: Path) -> FaultBook:
    """Read a scenario: `seed`, a whole number, and `faults`, a list.

    Raises:
        InvalidValue: the file cannot be read, is no YAML, or asks for something that is not offered.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise InvalidValue("--scenario", str(path), f"a YAML file that can be read ({reason})") from None
    if not isinstance(data, dict) or set(data) - {"seed", "faults"}:
        raise InvalidValue("--scenario", str(path), "a file with `seed` and `faults`")
    seed, faults = data.get("seed", 1), data.get("faults", [])
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise InvalidValue("seed", seed, "a whole number")
    if not isinstance(faults, list) or not all(isinstance(one, dict) for one in faults):
        raise InvalidValue("faults", faults, "a list of faults, each with its `kind`")
    book = FaultBook(seed)
    for one in faults:
        book.add(Fault.read(one))
    return book
