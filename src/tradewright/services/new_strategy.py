"""Begin a strategy: a commented file in the user's folder that passes its check as it stands."""

from __future__ import annotations

import keyword
import os
import re
import string
from importlib.resources import files
from pathlib import Path

from tradewright.domain.errors import InvalidValue
from tradewright.strategy.registry import Registry

__all__ = ["begin_strategy"]

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def begin_strategy(name: str, folder: Path, registry: Registry) -> Path:
    """Write the file of a new strategy.

    Args:
        name: of the strategy: lower case, words joined by underscores.
        folder: the user's plug-ins; made where it is missing.
        registry: of the names that are taken.

    Returns:
        The file.

    Raises:
        InvalidValue: the name cannot be one, or is taken; nothing is written then.
    """
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise InvalidValue("name", name, "lower-case words joined by underscores, as in 'my_breakout'")
    if name in registry.names():
        raise InvalidValue("name", name, "a name that no strategy has yet")
    path = folder / f"{name}.py"
    folder.mkdir(parents=True, exist_ok=True)
    template = files(__package__).joinpath("strategy_template.txt").read_text(encoding="utf-8")
    text = string.Template(template).substitute(name=name, class_name=name.title().replace("_", ""))
    _write_new(path, text)
    return path


def _write_new(path: Path, text: str) -> None:
    # Written beside and then linked: a file that is there is never touched, and none is left half written.
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        beside.write_text(text, encoding="utf-8")
        os.link(beside, path)
    except FileExistsError:
        raise InvalidValue("name", path.stem, f"another name: {path} is there already") from None
    finally:
        beside.unlink(missing_ok=True)
