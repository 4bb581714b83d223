"""A recorded market over the wire: every message comes again, as it was, and its book can be followed."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from tradewright.adapters.venues.binance.streams import BinanceStreams, decode
from tradewright.adapters.venues.practice.listing import listing_of
from tradewright.adapters.venues.practice.reels import read_reel
from tradewright.market.book_sync import synchronise
from tradewright.market.tape import make_tape
from tradewright.testing.practice import a_server

pytestmark = pytest.mark.real_data
FILE = "streams/binance-usdm-btcusdt-20240808.jsonl.gz"
STREAMS = "btcusdt@bookTicker/btcusdt@trade/btcusdt@depth@100ms"
LINES = 12_000


def _cut(folder: Path, real_data: Path) -> Path:
    path = folder / "cut.jsonl"
    with gzip.open(real_data / FILE, "rt") as file:
        path.write_text("".join(itertools.islice(file, LINES)))
    return path


def _recorded(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The snapshot, and what came after it with the diffs that reach beyond it in front."""
    lines = [json.loads(line.partition(" ")[2]) for line in path.read_text().splitlines()]
    place = next(n for n, one in enumerate(lines) if "lastUpdateId" in one)
    seen = lines[place]["lastUpdateId"]
    early = [one["data"] for one in lines[:place] if one["data"]["e"] == "depthUpdate" and one["data"]["u"] >= seen]
    return lines[place], early + [one["data"] for one in lines[place + 1 :]]


async def _listen(path: Path, speed: float) -> tuple[dict[str, Any], list[dict[str, Any]], list[int]]:
    """The snapshot that a client is answered, the messages that it is sent, and when, UTC ns."""
    reel = read_reel(path, listing_of)
    server = a_server(time.monotonic_ns, listings=list(reel.listings), source=reel)
    told, times = [], []
    async with TestServer(server.app) as wire, ClientSession() as session:
        socket = await session.ws_connect(wire.make_url(f"/public/stream?streams={STREAMS}&stamped=true"))
        async with session.get(wire.make_url("/fapi/v1/depth?symbol=BTCUSDT&limit=1000")) as answer:
            snapshot = await answer.json()
        await session.post(wire.make_url("/_emu/clock"), json={"speed": speed})
        while len(told) < len(reel.messages):
            said = await socket.receive_json()
            told.append(said["data"])
            times.append(said["ts"])
        assert [message.ts for message in reel.messages] == times
    return snapshot, told, times


def test_every_message_of_a_recording_comes_again_in_its_order(tmp_path: Path, real_data: Path) -> None:
    """At a thousand times real time a client gets the recorded snapshot, and then each message byte for byte."""
    path = _cut(tmp_path, real_data)
    snapshot, told, times = asyncio.run(asyncio.wait_for(_listen(path, 1_000.0), 60))
    wanted, messages = _recorded(path)
    assert messages == told
    assert wanted["lastUpdateId"] == snapshot["lastUpdateId"]
    same = [[[float(p), float(q)] for p, q in one["bids"] + one["asks"]] for one in (wanted, snapshot)]
    assert same[0] == same[1]
    # Each comes when a receiver knew it whose clock is not behind the venue's.
    assert all(now >= one["T"] * 1_000_000 for now, one in zip(times, told, strict=True))


def test_what_a_client_hears_is_what_a_backtest_reads(tmp_path: Path, real_data: Path) -> None:
    """Messages of the wire, put together with their snapshot, are the tape of the recording, row by row."""
    path = _cut(tmp_path, real_data)
    snapshot, told, times = asyncio.run(asyncio.wait_for(_listen(path, 1_000.0), 60))
    heard = [(times[0], snapshot), *zip(times, ({"stream": "btcusdt@", "data": one} for one in told), strict=True)]
    lines = [f"{ts} {json.dumps(message, separators=(',', ':'))}".encode() for ts, message in heard]
    instrument = listing_of("BTCUSDT").instrument
    tapes = [
        make_tape(synchronise(recording).events)
        for recording in (decode(lines, instrument), BinanceStreams().read(path, instrument))
    ]
    np.testing.assert_array_equal(tapes[0].events, tapes[1].events)
    np.testing.assert_array_equal(tapes[0].by_exchange, tapes[1].by_exchange)
