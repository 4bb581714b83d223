"""Recorded streams of Binance as events."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.adapters.venues.binance.streams import BinanceStreams, decode
from tradewright.adapters.venues.binance.wire import Other, _careful, read_line
from tradewright.domain.enums import EventKind
from tradewright.domain.errors import DataError
from tradewright.domain.instrument import Instrument
from tradewright.market.events import align_clocks, exchange_order, feed_latency

BTC = Instrument("BTC/USDT:USDT", "binance", tick_size="0.1", lot_size="0.001")
STREAM = "streams/binance-usdm-btcusdt-20240808.jsonl.gz"

QUOTE = (
    b'1723161255088169167 {"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":90,"s":"BTCUSDT",'
    b'"b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256314}}'
)
TRADE = (
    b'1723161255088176367 {"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256321,'
    b'"s":"BTCUSDT","t":77,"p":"61800.30","q":"0.006","X":"MARKET","m":false}}'
)
DIFF = (
    b'1723161255030314667 {"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,'
    b'"s":"BTCUSDT","U":80,"u":95,"pu":79,"b":[["61800.20","2.507"],["61700.00","0.000"]],"a":[["61800.30","3.330"]]}}'
)
SNAPSHOT = (
    b'1723161255329703467 {"lastUpdateId":90,"E":1723161256501,"T":1723161256493,'
    b'"bids":[["61800.20","2.909"]],"asks":[["61800.30","1.000"],["61800.40","2.000"]]}'
)


def swapped(line: bytes) -> bytes:
    """The same message with its fields in another order and white space between them: only the careful way reads it."""
    stamp, _, text = line.partition(b" ")
    message = json.loads(text)
    data = message.get("data", message)
    turned = dict(reversed(data.items()))
    return stamp + b" " + json.dumps({"data": turned} if "data" in message else turned).encode()


def replaced(line: bytes, name: str, value: object) -> bytes:
    """The message with one field changed."""
    stamp, _, text = line.partition(b" ")
    message = json.loads(text)
    message.get("data", message)[name] = value
    return stamp + b" " + json.dumps(message).encode()


def test_quote_becomes_a_row_for_each_side() -> None:
    """Prices are ticks, sizes lots, times nanoseconds of two clocks."""
    rows = decode([QUOTE], BTC).events

    assert [618_002, 618_003] == rows["ticks"].tolist()
    assert [2_507, 2_510] == rows["lots"].tolist()
    assert [1, -1] == rows["side"].tolist()
    assert [False, True] == rows["last"].tolist()
    assert {1_723_161_256_313_000_000} == set(rows["ts_exchange"].tolist())
    assert {1_723_161_255_088_169_167} == set(rows["ts_local"].tolist())


@pytest.mark.parametrize(("maker", "side"), [(b"false", 1), (b"true", -1)])
def test_trade_has_the_side_of_its_taker(maker: bytes, side: int) -> None:
    """Where the buyer rested, the taker sold."""
    rows = decode([TRADE.replace(b"false", maker)], BTC).events

    assert [(618_003, 6, side, 77)] == rows[["ticks", "lots", "side", "sequence"]].tolist()


def test_depth_message_knows_its_rows_and_ids() -> None:
    """Bids before asks, the last row ends the message; a snapshot has no previous update."""
    recording = decode([QUOTE, DIFF, b"", SNAPSHOT], BTC)

    assert [(2, 5, 80, 95, 79, False, 2), (5, 8, 90, 90, 0, True, 4)] == recording.depth.tolist()
    assert [False, False, True, False, False, True] == recording.events["last"][2:].tolist()
    assert [1, 1, -1] == recording.events["side"][2:5].tolist()
    assert 3 == recording.messages


def test_diff_without_levels_keeps_its_ids() -> None:
    """It carries the chain of updates on, though it changes nothing."""
    line = replaced(replaced(DIFF, "b", []), "a", [])
    recording = decode([line, TRADE], BTC)

    assert [(0, 0, 80, 95, 79)] == recording.depth[["start", "stop", "first_id", "last_id", "previous_id"]].tolist()
    assert [EventKind.TRADE] == recording.events["kind"].tolist()


@pytest.mark.parametrize("line", [QUOTE, TRADE, DIFF, SNAPSHOT])
def test_careful_way_reads_what_the_quick_one_reads(line: bytes) -> None:
    """The order of a message's fields and its white space do not matter."""
    assert read_line(line, 1) == _careful(line, 1) == read_line(swapped(line), 1)


@given(st.data())
def test_no_line_is_lost(data: st.DataObject) -> None:
    """Whatever lines come: each is events, a message without rows, or counted as left out."""
    other = b'1 {"stream":"x","data":{"e":"markPriceUpdate","s":"BTCUSDT"}}'
    lines = data.draw(st.lists(st.sampled_from([QUOTE, TRADE, DIFF, SNAPSHOT, other])))
    recording = decode(lines, BTC)

    assert len(lines) == recording.messages + sum(recording.ignored.values())
    assert recording.messages == int(recording.events["last"].sum())


def test_trade_that_was_told_twice_happened_once() -> None:
    """The first telling counts; how many were told again is said."""
    other = replaced(TRADE, "t", 78)
    recording = decode([TRADE, other, TRADE, QUOTE], BTC)
    trades = recording.events[recording.events["kind"] == EventKind.TRADE]
    assert [77, 78] == trades["sequence"].tolist()
    assert ({"trade told twice": 1}, 3) == (recording.ignored, recording.messages)


def test_forced_trade_is_left_out_and_counted() -> None:
    """What an insurance fund took over never met the book."""
    assert Other("trade INSURANCE_FUND") == read_line(replaced(TRADE, "X", "INSURANCE_FUND"), 1)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"hello", "line 2: begins with b'hello'; expected the time of receipt in ns"),
        (b'12 {"stream":', "line 2: is no JSON"),
        (b"12 [1]", "line 2: 'data' is no object"),
        (replaced(QUOTE, "b", 61800.2), "line 2: field 'b' is 61800.2; expected a decimal number as text"),
        (replaced(QUOTE, "u", -1), "line 2: field 'u' is -1; expected a whole number"),
        (replaced(QUOTE, "s", "ETHUSDT"), "line 2: field 's' is 'ETHUSDT'; expected 'BTCUSDT'"),
        (replaced(QUOTE, "s", None), "line 2: field 's' is None; expected a symbol"),
        (replaced(TRADE, "m", "false"), "line 2: field 'm' is 'false'; expected true or false"),
        (replaced(TRADE, "p", "61800.35"), "line 2: '61800.35' is not a price that is a multiple of the tick 0.1"),
        (replaced(TRADE, "q", "0.0005"), "line 2: '0.0005' is not a quantity that is a multiple of the lot 0.001"),
        (replaced(TRADE, "p", "0.00"), "line 2: price '0.00'; expected at least a tick"),
        (TRADE.replace(b"61800.30", b"6.18.3"), "line 2: field 'p' is '6.18.3'"),
        (replaced(DIFF, "a", [["1.0"]]), "line 2: field 'a' has ['1.0']; expected [price, quantity] as text"),
        (replaced(DIFF, "a", None), "line 2: field 'a' is None; expected a list of [price, quantity]"),
        (DIFF.replace(b'"3.330"', b'"3..330"'), "line 2: field 'a' has ['61800.30', '3..330']"),
        (DIFF.replace(b'"61700.00"', b'"6.1.0"'), "line 2: field 'b'"),
    ],
)
def test_bad_line_is_named_with_its_field(line: bytes, words: str) -> None:
    """The reader learns which line, which field, what it holds and what was expected."""
    with pytest.raises(DataError) as error:
        decode([QUOTE, line], BTC)

    assert words in str(error.value)


def test_bad_file_is_named(tmp_path: Path) -> None:
    """Absent, not packed as its name says, or with a bad line: the path stands in the error."""
    torn, bad = tmp_path / "torn.jsonl.gz", tmp_path / "bad.jsonl.gz"
    torn.write_bytes(b"no gzip")
    bad.write_bytes(gzip.compress(b"\n".join([QUOTE, b"?"])))

    for path, words in ((tmp_path / "none", "there is no such file"), (torn, "cannot be unpacked"), (bad, "line 2")):
        with pytest.raises(DataError, match=words) as error:
            BinanceStreams().read(path, BTC)
        assert str(path) in str(error.value)


def test_exchange_order_puts_a_trade_before_what_it_did_to_the_book() -> None:
    """At one time: trades, then book updates by their ids; a message's rows stay together."""
    late = replaced(QUOTE, "u", 96)
    lines = [line.replace(b"6298", b"6313").replace(b"6321", b"6313") for line in (late, DIFF, TRADE)]
    events = decode(lines, BTC).events

    kinds = events["kind"][exchange_order(events)].tolist()
    assert [EventKind.TRADE] + [EventKind.DEPTH] * 3 + [EventKind.QUOTE] * 2 == kinds


def test_align_clocks_makes_the_fastest_message_as_fast_as_told() -> None:
    """Only the difference between the clocks is removed: latencies differ as before."""
    events = decode([QUOTE, TRADE, DIFF], BTC).events
    moved, shift = align_clocks(events, 1_000_000)

    assert 1_000_000 == feed_latency(moved).min()
    assert {shift} == set((feed_latency(moved) - feed_latency(events)).tolist())
    assert 0 == align_clocks(events[:0], 5)[1]


@pytest.mark.real_data
def test_real_stream_is_read_whole(real_data: Path) -> None:
    """Every message of the recording becomes events: 66,089 quotes, 21,313 trades, 6,551 diffs, one snapshot."""
    recording = BinanceStreams().read(real_data / STREAM, BTC)
    counts = np.bincount(recording.events["kind"][recording.events["last"]], minlength=3)

    assert [21_313, 6_552, 66_089] == counts.tolist()
    assert (93_954, {}) == (recording.messages, recording.ignored)
    assert 1 == recording.depth["is_snapshot"].sum()
