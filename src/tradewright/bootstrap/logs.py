"""Log lines: one JSON object each, with the ids by which a request or a market event is followed through everything."""

from __future__ import annotations

import importlib
import json
import logging
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

import structlog
from structlog.typing import FilteringBoundLogger

from tradewright.domain.errors import InvalidValue

if TYPE_CHECKING:
    from tradewright.bootstrap.config.tree import Logging

__all__ = ["Hook", "bound", "log", "start_logging"]

Hook = Callable[[BaseException, Mapping[str, Any]], None]
"""Is given an error of our own, and what was known of the work: for a service that tracks errors."""

_SECRET = ("password", "secret", "token", "api_key", "authorization", "cookie", "totp")
_MASK = "**********"
# Without the values of variables: a password may be one.
_TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False, use_rich=False)
)

_OURS = "tradewright"
_JSON = json.JSONEncoder(default=str)

log: FilteringBoundLogger = structlog.get_logger(_OURS)
"""Say something: `log.info("order sent", order="tw-1")`. What is bound by `structlog.contextvars` comes with it."""


def start_logging(wanted: Logging, stream: TextIO | None = None) -> None:
    """Write log lines, those of libraries too, to a stream from now on; None takes the standard error.

    Raises:
        InvalidValue: the error hook that is configured cannot be found.
    """
    level = logging.DEBUG if wanted.debug else logging.getLevelNamesMapping()[wanted.level]
    stream = stream or sys.stderr
    first: list[Any] = [structlog.contextvars.merge_contextvars, structlog.processors.add_log_level]
    last: list[Any] = [
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _masked,
        *([_Hooked(_hook_of(wanted.error_hook))] if wanted.error_hook else []),
        _TRACEBACKS,
    ]
    # Ours go straight to the stream: a line of each request by way of the standard library took twice as long.
    structlog.configure(
        processors=[*first, _named, *last, _rendered],
        logger_factory=structlog.WriteLoggerFactory(stream),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*first, structlog.stdlib.add_logger_name, *last],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _rendered],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


@contextmanager
def bound(**known: Any) -> Iterator[None]:
    """What is known within, on every line: ids of a request, a session, an order."""
    with structlog.contextvars.bound_contextvars(**{name: value for name, value in known.items() if value is not None}):
        yield


def _named(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    line["logger"] = _OURS
    return line


def _rendered(_: Any, __: str, line: MutableMapping[str, Any]) -> str:
    return _JSON.encode(line)


def _masked(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    # What is named like a secret is none of a log's business, however deep it lies.
    for name in list(line):
        line[name] = _plain(name, line[name])
    return line


def _plain(name: str, value: Any) -> Any:
    if any(word in name.lower() for word in _SECRET):
        return _MASK
    if isinstance(value, Mapping):
        return {key: _plain(str(key), own) for key, own in value.items()}
    return value


def _hook_of(name: str) -> Hook:
    module, _, function = name.partition(":")
    try:
        hook = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError):
        hook = None
    if not callable(hook):
        raise InvalidValue("logging.error_hook", name, "module:function of something that is installed")
    found: Hook = hook
    return found


class _Hooked:
    # Tells the hook of each error that is logged with its exception. A hook that fails changes nothing.
    def __init__(self, hook: Hook) -> None:
        self._hook = hook

    def __call__(self, _: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        error = line.get("exc_info")
        error = sys.exc_info()[1] if error is True else error
        error = error[1] if isinstance(error, tuple) else error
        if isinstance(error, BaseException):
            try:
                self._hook(error, {name: value for name, value in line.items() if name != "exc_info"})
            except Exception as fault:  # noqa: BLE001 - it is a stranger's, and must not stop trading
                line["error_hook"] = f"failed: {type(fault).__name__}"
        return line
