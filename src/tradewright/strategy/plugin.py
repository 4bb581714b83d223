"""Loading a plug-in so that whatever is wrong with it becomes words with a file and a line."""

from __future__ import annotations

import hashlib
import importlib
import importlib.abc
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from tradewright.strategy.param import PluginFault
from tradewright.strategy.strategy import Strategy

__all__ = ["BrokenPlugin", "Plugin", "executed", "load_file", "load_module", "load_object"]


@dataclass(frozen=True, slots=True)
class BrokenPlugin:
    """A plug-in that cannot be used.

    Args:
        name: the file's stem, or the entry point's or strategy's name.
        file: where it stands.
        line: where in the file, 1 for the file as a whole.
        reason: one line.
    """

    name: str
    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Plugin:
    """A strategy class that can be used.

    Args:
        strategy: the class.
        file: where its code stands.
        line: where in the file.
        source: of its file, as it was loaded; empty where nobody can say.
    """

    strategy: type[Strategy]
    file: str
    line: int
    source: str


class _FromSource(importlib.abc.ExecutionLoader):
    # Python's own loader would write and trust byte code beside the user's file.
    def __init__(self, path: Path) -> None:
        self._path = path
        self._text: str | None = None

    def get_filename(self, fullname: str) -> str:  # noqa: ARG002 - the import system's signature
        return str(self._path)

    def get_source(self, fullname: str) -> str:  # noqa: ARG002 - the import system's signature
        # Read once: what is told of it later is what has run, whatever stands in the file by then.
        if self._text is None:
            self._text = self._path.read_bytes().decode("utf-8")
        return self._text


def load_file(path: Path) -> list[Plugin | BrokenPlugin]:
    """Load every strategy of a Python file, under a private module name.

    Whatever goes wrong is answered, never raised.
    """
    path = path.resolve()
    module_name = f"_tradewright_plugin_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}_{path.stem}"
    return _guarded(path.stem, str(path), lambda: executed(module_name, path))


def load_module(name: str, file: str) -> list[Plugin | BrokenPlugin]:
    """Load every strategy of an installed module, whose code stands in `file`."""
    return _guarded(name.rpartition(".")[2], file, lambda: importlib.import_module(name))


def load_object(name: str, origin: str, load: Callable[[], object]) -> list[Plugin | BrokenPlugin]:
    """Load what an entry point names: a strategy class, or a module of them.

    Args:
        name: the entry point's.
        origin: said as the file where none is known (`package:attribute`).
        load: gives the object.
    """
    return _guarded(name, origin, load)


def executed(module_name: str, path: Path) -> ModuleType:
    """A Python file, run as a module of that name; whatever it raises goes on."""
    spec = importlib.util.spec_from_file_location(module_name, path, loader=_FromSource(path))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # inspect and dataclasses look there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[module_name]
        raise
    return module


def _guarded(name: str, file: str, load: Callable[[], object]) -> list[Plugin | BrokenPlugin]:
    try:
        found = load()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plug-in may raise anything, and must not stop the others
        return [_broken(name, file, error)]
    classes = [found] if isinstance(found, type) else _classes_of(found)
    if not classes:
        return [BrokenPlugin(name, file, 1, "no class here extends tradewright.Strategy")]
    source = _source_of(found)
    return [_checked(item, file, source) for item in classes]


def _classes_of(module: object) -> list[type]:
    home = getattr(module, "__name__", None)
    return (
        [
            item
            for item in vars(module).values()
            if isinstance(item, type)
            and issubclass(item, Strategy)
            and item.__module__ == home
            and not item.__name__.startswith("_")
        ]
        if isinstance(module, ModuleType)
        else []
    )


def _source_of(found: object) -> str:
    module = found if isinstance(found, ModuleType) else sys.modules.get(getattr(found, "__module__", ""))
    loader = getattr(module, "__loader__", None)
    given = loader.get_source(module.__name__) if module and isinstance(loader, importlib.abc.InspectLoader) else None
    return given or ""


def _checked(item: type, file: str, source: str) -> Plugin | BrokenPlugin:
    file = inspect.getsourcefile(item) or file
    line = _line_of(item)
    if not issubclass(item, Strategy):
        return BrokenPlugin(item.__name__, file, line, f"{item.__name__} does not extend tradewright.Strategy")
    reason = _missing(item)
    return BrokenPlugin(item.name, file, line, reason) if reason else Plugin(item, file, line, source)


def _missing(item: type[Strategy]) -> str | None:
    doc = vars(item).get("__doc__")
    if not (isinstance(doc, str) and doc.strip()):
        return f"{item.__name__} has no docstring; say in one line what it does"
    version: object = item.version
    if not isinstance(version, str):
        return f"{item.__name__}.version is {version!r}; write it as text, '{version}'"
    if not version.strip():
        return f"{item.__name__} has no version; add a line such as `version = '1.0.0'`"
    if not (item.has_signals or item.has_on_bar):
        return f"{item.__name__} offers neither signals(self, bars) nor on_bar(self, view)"
    try:
        item()
    except Exception as error:  # noqa: BLE001 - the plug-in's own checks may raise anything
        return f"{item.__name__} cannot be made with its own defaults: {_words(error)}"
    return None


def _line_of(item: type) -> int:
    try:
        return inspect.getsourcelines(item)[1]
    except (OSError, TypeError):
        return 1


def _broken(name: str, file: str, error: BaseException) -> BrokenPlugin:
    if isinstance(error, SyntaxError) and error.filename == file:
        return BrokenPlugin(name, file, error.lineno or 1, f"SyntaxError: {error.msg}")
    lines = [frame.lineno or 1 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    line = (lines or [1])[-1]
    if isinstance(error, PluginFault) and error.line is not None:
        line = error.line
    return BrokenPlugin(name, file, line, _words(error))


def _words(error: BaseException) -> str:
    text = " ".join(str(error).split())
    if isinstance(error, PluginFault):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
