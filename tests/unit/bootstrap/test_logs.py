"""A log line is one JSON object with what was bound around it; secrets never reach it; errors reach the hook."""

from __future__ import annotations

import io
import json
import logging
import sys
from types import SimpleNamespace

import pytest
import structlog

from tradewright.bootstrap.config.tree import Logging
from tradewright.bootstrap.logs import bound, log, start_logging
from tradewright.domain.errors import InvalidValue

_GIVEN = "hunter2"


@pytest.fixture
def lines():
    """Starts logging into memory; gives what starts it and what reads it."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level

    def start(**wanted):
        start_logging(Logging(**wanted), stream)

    yield start, lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("tradewright").setLevel(logging.NOTSET)
    structlog.reset_defaults()


def test_line_is_json_with_what_is_bound(lines):
    """What was said, when, how grave, and by which request."""
    start, read = lines
    start()
    with bound(request_id="r-1", session=None):
        log.info("order sent", order=7)
    log.info("after")
    first, second = read()
    assert ("order sent", "info", 7, "r-1") == (first["event"], first["level"], first["order"], first["request_id"])
    assert first["timestamp"].endswith("Z")
    assert "session" not in first
    assert "request_id" not in second


def test_level_and_debug_decide_what_is_written(lines):
    """DEBUG_MODE writes everything, whatever the level says."""
    start, read = lines
    start(level="WARNING")
    log.info("small")
    log.warning("large")
    start(level="WARNING", debug=True)
    log.debug("smallest")
    assert ["large", "smallest"] == [line["event"] for line in read()]


def test_lines_of_libraries_have_the_same_form(lines):
    """Whoever logs by the standard library is read by the same program."""
    start, read = lines
    start()
    logging.getLogger("uvicorn.error").error("socket %s", "closed")
    assert [("socket closed", "error")] == [(line["event"], line["level"]) for line in read()]


def test_what_is_named_like_a_secret_is_masked(lines):
    """However deep it lies."""
    start, read = lines
    start()
    log.info("login", password=_GIVEN, request={"headers": {"Authorization": "Bearer abc"}, "path": "/x"})
    text = json.dumps(read())
    assert _GIVEN not in text
    assert "abc" not in text
    assert "/x" in text


def test_error_reaches_the_hook_and_a_hook_that_fails_changes_nothing(lines, monkeypatch):
    """A service that tracks errors is told of ours; its own faults are noted on the line."""
    start, read = lines
    seen = []

    def keep(error, known):
        seen.append((type(error), known["event"]))
        raise RuntimeError("the service is down")

    monkeypatch.setitem(sys.modules, "tracker", SimpleNamespace(keep=keep))
    start(error_hook="tracker:keep")
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        log.exception("failed")
    log.info("goes on")
    assert [(ZeroDivisionError, "failed")] == seen
    first, second = read()
    assert "failed: RuntimeError" == first["error_hook"]
    assert "ZeroDivisionError" == first["exception"][0]["exc_type"]
    assert "goes on" == second["event"]


def test_traceback_tells_no_values(lines):
    """A variable where it went wrong may hold a password."""
    start, read = lines
    start()

    def fail(password):
        return len(password) / 0

    try:
        fail(_GIVEN)
    except ZeroDivisionError:
        log.exception("failed")
    (line,) = read()
    assert _GIVEN not in json.dumps(line)
    assert "fail" == line["exception"][0]["frames"][-1]["name"]


def test_hook_that_is_not_there_is_refused_by_its_key(lines):
    """It is said at the start, not at the first error."""
    start, _ = lines
    with pytest.raises(InvalidValue, match=r"logging\.error_hook"):
        start(error_hook="nowhere:nothing")
