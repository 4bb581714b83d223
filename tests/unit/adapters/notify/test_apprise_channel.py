"""A channel through Apprise, against a receiver on this machine."""

from __future__ import annotations

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tradewright.adapters.notify.apprise_channel import AppriseChannel
from tradewright.domain.errors import InvalidValue, VenueUnavailable


@pytest.fixture
def receiver():
    """Takes what is posted; its status can be set."""
    taken = []

    class Handler(BaseHTTPRequestHandler):
        status = 200

        def do_POST(self):
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(type(self).status)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/hook", taken, Handler
    server.shutdown()
    server.server_close()
    thread.join()


def test_message_arrives(receiver):
    """Title and text, as they were given."""
    url, taken, _ = receiver
    asyncio.run(AppriseChannel("hook", url, "en").send("Filled: buy", "0.5 <b> & more"))
    assert [("Filled: buy", "0.5 <b> & more")] == [(one["title"], one["message"]) for one in taken]


def test_refusal_is_an_error_without_the_address(receiver):
    """The address may hold a secret."""
    url, _, handler = receiver
    handler.status = 500
    with pytest.raises(VenueUnavailable) as caught:
        asyncio.run(AppriseChannel("hook", url, "en").send("a", "b"))
    assert "127.0.0.1" not in str(caught.value)


def test_unknown_address_is_refused_by_its_key_and_not_shown():
    """At the start, not at the first message."""
    with pytest.raises(InvalidValue, match=r"notifications\.channels\.hook\.url") as caught:
        AppriseChannel("hook", "nonsense://canary-Zx9", "en")
    assert "canary" not in str(caught.value)
