"""Requests made out of the schema, sound and unsound: no fault of ours, each answer is one that is documented.

`make fuzz` plays many more of them: API_CASES is the number for each operation.
"""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.transport import Response

from tradewright.api.app import make_app
from tradewright.bootstrap.config.reading import Sources, read
from tradewright.bootstrap.server import opened_server
from tradewright.domain.people import Caller, Role

CASES = int(os.environ.get("API_CASES", "6"))
SCHEMA = schemathesis.openapi.from_dict(make_app().openapi())
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def _has_an_end(operation):
    # A stream has none: its tests are those of events.
    good = operation.definition.raw["responses"].get("200", {})
    return "text/event-stream" not in good.get("content", {})


OPERATIONS = [
    pytest.param(found.ok(), id=found.ok().label) for found in SCHEMA.get_all_operations() if _has_an_end(found.ok())
]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """Somebody who may do everything, at a server of their own."""

    async def who(_):
        return Caller("fuzz", Role.ADMIN)

    folder: Path = tmp_path_factory.mktemp("api")
    configured = read(Sources({"TRADEWRIGHT_DATA_DIR": str(folder)}))[0]
    with TestClient(make_app(opened_server(configured), who), raise_server_exceptions=False) as own:
        accounts = own.app.state.server.people.accounts
        own.portal.call(accounts.add, "fuzz", "fuzz", "a long enough word", Role.ADMIN)
        yield own


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_a_documented_one(operation, mode, client):
    """Whatever is sent: no fault of ours, no status and no body that the schema does not tell."""

    @settings(
        max_examples=CASES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck),
        phases=[hypothesis.Phase.generate],
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def play(case):
        told = case.as_transport_kwargs(base_url="http://testserver")
        kept = {
            name: told[name] for name in ("params", "headers", "json", "data", "files") if told.get(name) is not None
        }
        # As they go over the wire: the client of the tests sends no text but ASCII.
        kept["headers"] = {name: value.encode("latin-1") for name, value in kept.get("headers", {}).items()}
        if isinstance(kept.get("data"), bytes | str):
            kept["content"] = kept.pop("data")
        answer = client.request(told["method"], told["url"], cookies=None, **kept)
        case.validate_response(Response.from_any(answer), checks=CHECKS)

    try:
        play()
    except hypothesis.errors.Unsatisfiable:
        # It takes nothing, so that nothing of it can be unsound.
        assert mode is GenerationMode.NEGATIVE
