"""The application on a socket."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack, nullcontext

import uvicorn
from uvicorn.loops.auto import auto_loop_factory

from tradewright.api.app import make_app
from tradewright.api.guard.patience import PatientProtocol
from tradewright.api.guard.terms import GuardTerms
from tradewright.bootstrap.config.reading import Sources
from tradewright.bootstrap.config.typed import Configured
from tradewright.bootstrap.logs import start_logging
from tradewright.bootstrap.people import first_start
from tradewright.bootstrap.server import Server, opened_server
from tradewright.bootstrap.server_place import told_place
from tradewright.domain.errors import InvalidValue
from tradewright.services.live.lasting import settle

__all__ = ["run_alone", "serve"]


_SWITCH_S = 0.0005
_LATER_S = 5.0


def run_alone(configured: Configured, place: tuple[str, int], told: Callable[[str], None], sources: Sources) -> None:
    """Answer requests, as `serve`, in a process that does nothing else.

    SQLite answers from threads of its own, each of which waits for the interpreter for as long as a switch may take.
    """
    sys.setswitchinterval(_SWITCH_S)
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(serve(configured, place, told, sources))


async def serve(configured: Configured, place: tuple[str, int], told: Callable[[str], None], sources: Sources) -> None:
    """Answer requests until the process is asked to end.

    Args:
        configured: the configuration.
        place: address and port to listen at.
        told: is told where it listens, once it does, and the link by which the first admin is made.
        sources: of the configuration, which is read again when it is changed.

    Raises:
        InvalidValue: others could reach it, and nobody has a password yet.
        StoreError: the database cannot be used.
    """
    host, port = place
    start_logging(configured.tree.logging)
    async with opened_server(configured, sources=sources) as server:
        token = await first_start(server.people, sources)
        _check_host(host, is_open=token is not None)
        warming = asyncio.create_task(_warm(server))
        terms = configured.tree.server
        app = make_app(nullcontext(server), guard=GuardTerms.of(terms, host))
        config = uvicorn.Config(
            app, host, port, http=PatientProtocol, log_config=None, access_log=False,
            server_header=False, date_header=False, timeout_graceful_shutdown=5, ws_max_size=1_048_576,
            proxy_headers=bool(terms.proxies), forwarded_allow_ips=list(terms.proxies),
        )  # fmt: skip
        with ExitStack() as standing:

            def listens() -> None:
                standing.enter_context(told_place(server.settings, _near(host, port)))
                _tell(told, _address(host, port), token)

            try:
                await _Telling(config, listens).serve()
            finally:
                warming.cancel()


class _Telling(uvicorn.Server):
    """Says that it serves once it does: whoever follows the link at once is let in."""

    def __init__(self, config: uvicorn.Config, told: Callable[[], None]) -> None:
        super().__init__(config)
        self._told = told

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What is there now stays: whoever looks for garbage needs not go through it each time, while requests wait.
        settle()
        self._told()


def _tell(told: Callable[[str], None], address: str, token: str | None) -> None:
    told(f"serving at {address}; Ctrl-C ends it")
    if token is not None:
        told("make the first admin, within an hour, at")
        told(f"{address}/setup#token={token}")


async def _warm(server: Server) -> None:
    # The first request of its kind finds a worker that is ready, and a list that has been read.
    await server.jobs.warm()
    await asyncio.to_thread(server.research.shelf.briefs)
    # By and by, for a start has enough to do without it.
    await server.clock.sleep(_LATER_S)
    await server.research.clerk.warm()


def _check_host(host: str, *, is_open: bool) -> None:
    if is_open and not _is_this_machine(host):
        allowed = (
            "127.0.0.1 until there is a user with a password: make one there first, by the link or by "
            "TRADEWRIGHT_ADMIN_PASSWORD"
        )
        raise InvalidValue("--host", host, allowed)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _near(host: str, port: int) -> str:
    # Where this machine finds it: who listens at every address does so at this one.
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1", "[::]": "::1"}  # noqa: S104 - it is read, not listened at
    return _address(everywhere.get(host, host), port)


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
