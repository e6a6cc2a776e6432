# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""LOBSTER, decoded events and DBN in files made here: what records become, what is refused."""

import datetime as dt
import gzip
import io
import struct
import zipfile
from pathlib import Path
from types import SimpleNamespace

import databento_dbn as dbn
import pytest
import zstandard

from onetape.errors import DecodeError
from onetape.events import (
    InstrumentDefined,
    MarketAction,
    MarketUpdated,
    TickRungDefined,
    TradingStatus,
)
from onetape.feed import Source, midnight_ns, open_source
from onetape.sim import run

BASE = "AMZN_2012-06-21_34200000_57600000"
MIDNIGHT_NS = midnight_ns(dt.date(2012, 6, 21))
MADE = 1 << 62


def updates(source: Source) -> list[MarketUpdated]:
    out = []
    while (item := source.native.next()) is not None:
        if item[1] == MarketUpdated.KIND:
            out.append(MarketUpdated.unpack(item[3]))
    return out


def brief(source: Source) -> list[tuple[str, int, int, int, int]]:
    """Return action, reference, side, price and quantity of each update."""
    return [
        (MarketAction(u.action).name, u.order_ref, u.side, u.price_ticks, u.qty_lots)
        for u in updates(source)
    ]


def lobster(folder: Path, messages: str, orderbook: str | None) -> Path:
    path = folder / f"{BASE}_message_1.csv"
    path.write_text(messages)
    if orderbook is not None:
        (folder / f"{BASE}_orderbook_1.csv").write_text(orderbook)
    return path


MESSAGES = """\
34200.017459617,5,0,1,2238200,-1
34200.18960767,1,11,21,2238100,1
34200.2,4,77,10,2239500,-1
34200.3,7,0,0,-1,-1
34200.4,3,11,21,2238100,1
"""
ORDERBOOK = """\
2239500,100,2231800,100
2239500,100,2238100,21
2239500,90,2238100,21
2239500,90,2238100,21
2239500,90,2231800,60
"""


def test_lobster_with_its_orderbook_is_a_book_that_is_right(tmp_path: Path):
    source = open_source(lobster(tmp_path, MESSAGES, ORDERBOOK))
    assert (source.format, source.day) == ("lobster", dt.date(2012, 6, 21))
    assert source.instruments[0].symbol == b"AMZN"
    assert brief(source) == [
        ("TRADE", 0, 2, 2238200, 1),
        ("ADD", MADE + 1, 1, 2231800, 100),
        ("ADD", MADE + 2, 2, 2239500, 100),
        ("ADD", 11, 1, 2238100, 21),
        ("EXECUTE", MADE + 2, 2, 2239500, 10),
        ("STATUS", 0, 0, 0, 0),
        ("DELETE", 11, 1, 0, 0),
        ("REDUCE", MADE + 1, 1, 0, 40),
    ]
    assert source.made_counts() == {
        "orders_seeded": 2,
        "orders_vanished": 1,
        "orders_unknown": 1,
        "orders_misfit": 0,
    }


def test_lobster_defines_its_instrument_and_keeps_times_and_halts(tmp_path: Path):
    source = open_source(lobster(tmp_path, MESSAGES, ORDERBOOK))
    first = [source.native.next() for _ in range(3)]
    kinds = [item[1] for item in first if item]
    assert kinds == [InstrumentDefined.KIND, TickRungDefined.KIND, TickRungDefined.KIND]
    found = updates(source)
    assert found[0].venue_ts_ns == MIDNIGHT_NS + 34_200_017_459_617
    assert found[3].venue_ts_ns == MIDNIGHT_NS + 34_200_189_607_670
    assert found[5].flags == TradingStatus.HALTED


def test_lobster_alone_passes_messages_as_they_are(tmp_path: Path):
    source = open_source(lobster(tmp_path, MESSAGES, None))
    assert "without an orderbook" in source.description
    assert brief(source)[1:3] == [("ADD", 11, 1, 2238100, 21), ("EXECUTE", 77, 2, 2239500, 10)]
    assert len(brief(open_source(lobster(tmp_path, MESSAGES, None)))) == 5


def test_lobster_in_a_zip_and_compressed_is_the_same(tmp_path: Path):
    plain = brief(open_source(lobster(tmp_path, MESSAGES, ORDERBOOK)))
    zipped = tmp_path / "sample.zip"
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{BASE}_orderbook_1.csv", ORDERBOOK)
        archive.writestr(f"{BASE}_message_1.csv", MESSAGES)
        archive.writestr("ReadMe.txt", "text")
    assert brief(open_source(zipped)) == plain
    other = tmp_path / "other"
    other.mkdir()
    (other / f"{BASE}_message_1.csv.gz").write_bytes(gzip.compress(MESSAGES.encode()))
    (other / f"{BASE}_orderbook_1.csv.zst").write_bytes(zstandard.compress(ORDERBOOK.encode()))
    assert brief(open_source(other / f"{BASE}_message_1.csv.gz")) == plain


def test_newer_lobster_files_have_a_seventh_column(tmp_path: Path):
    newer = "\n".join(line + ",null" for line in MESSAGES.splitlines()) + "\n"
    assert len(brief(open_source(lobster(tmp_path, newer, ORDERBOOK)))) == 8


@pytest.mark.parametrize(
    ("messages", "orderbook", "says"),
    [
        (MESSAGES * 30 + "34200.5,1,12,x,2238100,1\n", None, r"column size.*'x'"),
        (MESSAGES * 30 + "34200.5,1,12\n", None, r"[Rr]ow #151"),
        (
            MESSAGES * 30 + "34200.5,9,12,1,2238100,1\n",
            None,
            "row 151: expected a type from 1 to 7",
        ),
        (MESSAGES, ORDERBOOK[:50], "Row #3: Expected 4 columns, got 1"),
        (MESSAGES, ORDERBOOK[:47], "row 3 is missing"),
        (MESSAGES, "1,2,3\n" * 5, "expected 4 columns a level, found 3"),
    ],
)
def test_wrong_lobster_rows_are_named(tmp_path: Path, messages: str, orderbook: str, says: str):
    source = open_source(lobster(tmp_path, messages, orderbook))
    with pytest.raises(DecodeError, match=says) as err:
        source.native.drain()
    assert err.value.code in {"SRC-005", "SRC-006"}


EVENTS_HEAD = (
    "timestamp_ns,message_type,order_id,old_order_id,size,price,old_price,execution_price,"
    "direction,stock,ask_price_1,ask_size_1,bid_price_1,bid_size_1\n"
)
EVENTS = (
    EVENTS_HEAD + "34200000000001,A,5,,100,163.34,,,1,AAPL,163.38,50.0,163.34,100.0\n"
    "34200000000002,C,5,,20,163.34,,163.35,1,AAPL,163.38,50.0,163.34,80.0\n"
    "34200000000003,U,6,5.0,70,163.33,163.34,,1,AAPL,163.38,50.0,163.33,70.0\n"
    "34200000000004,X,6,,30,163.33,,,1,AAPL,163.38,50.0,163.33,40.0\n"
)


def test_decoded_events_become_updates(tmp_path: Path):
    path = tmp_path / "AAPL_20190130.csv.gz"
    path.write_bytes(gzip.compress(EVENTS.encode()))
    source = open_source(path)
    assert (source.format, source.day) == ("itch-events", dt.date(2019, 1, 30))
    found = updates(source)
    assert [
        (MarketAction(u.action).name, u.order_ref, u.other_ref, u.price_ticks, u.qty_lots)
        for u in found
    ] == [
        ("ADD", 5, 0, 1633400, 100),
        ("ADD", MADE + 1, 0, 1633800, 50),
        ("EXECUTE", 5, 0, 1633500, 20),
        ("REPLACE", 5, 6, 1633300, 70),
        ("REDUCE", 6, 0, 0, 30),
    ]
    assert found[2].flags == 1
    assert found[0].venue_ts_ns == midnight_ns(dt.date(2019, 1, 30)) + 34_200_000_000_001


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("163.35", "163.35001", "row 3, column execution_price: 163.35001 is not a whole"),
        (",X,", ",?,", r"row 5, column message_type: expected one of A F E C X D U P, found '\?'"),
        ("163.33,,,1,AAPL", "cheap,,,1,AAPL", "'cheap'"),
    ],
)
def test_wrong_events_are_named(tmp_path: Path, old: str, new: str, says: str):
    path = tmp_path / "events.csv"
    path.write_text(EVENTS.replace(old, new))
    with pytest.raises(DecodeError, match=says) as err:
        open_source(path).native.drain()
    assert err.value.code == "SRC-006"


def record(
    action: str, side: str, order_id: int, price: int, size: int, flags: int = 128, at: int = 0
) -> bytes:
    ts = 1_700_000_000_000_000_000 + at
    head = struct.pack("<BBHIQ", 14, 0xA0, 1, 5482, ts)
    body = struct.pack(
        "<QqIBBccQiI", order_id, price, size, flags, 0, action.encode(), side.encode(), ts + 9, 0, 1
    )
    return head + body


def dbn_file(
    records: list[bytes], schema: dbn.Schema = dbn.Schema.MBO, *, ts_out: bool = False
) -> bytes:
    metadata = dbn.Metadata(
        dataset="XNAS.ITCH",
        start=0,
        stype_in=dbn.SType.RAW_SYMBOL,
        stype_out=dbn.SType.INSTRUMENT_ID,
        schema=schema,
        symbols=["AAPL"],
        partial=[],
        not_found=[],
        ts_out=ts_out,
        mappings=[
            SimpleNamespace(
                raw_symbol="AAPL",
                intervals=[
                    SimpleNamespace(
                        start_date=dt.date(2023, 11, 14),
                        end_date=dt.date(2023, 11, 15),
                        symbol="5482",
                    )
                ],
            )
        ],
    )
    return metadata.encode() + b"".join(records)


DOLLAR = 1_000_000_000
RECORDS = [
    record("R", "N", 0, dbn.UNDEF_PRICE, 0, 8),
    record("A", "B", 1, 100 * DOLLAR, 10),
    record("A", "A", 2, 101 * DOLLAR, 20),
    record("M", "A", 2, 101 * DOLLAR + 10_000_000, 15),
    # An execution: what the aggressor did, what was filled, what left the book.
    record("T", "B", 0, 101 * DOLLAR + 10_000_000, 5, 0),
    record("F", "A", 2, 101 * DOLLAR + 10_000_000, 5, 0),
    record("C", "A", 2, 101 * DOLLAR + 10_000_000, 5, 128),
    # A fill that a modification follows, and a trade without a fill.
    record("F", "A", 2, 101 * DOLLAR + 10_000_000, 3, 0),
    record("M", "A", 2, 101 * DOLLAR + 10_000_000, 7, 128),
    record("T", "A", 0, 100 * DOLLAR + 5_000_000, 4),
    record("N", "N", 0, dbn.UNDEF_PRICE, 0),
    record("C", "B", 1, 100 * DOLLAR, 10),
]


@pytest.mark.parametrize("wrap", [bytes, gzip.compress, zstandard.compress])
def test_dbn_becomes_updates(tmp_path: Path, wrap):
    path = tmp_path / "data"
    path.write_bytes(wrap(dbn_file(RECORDS)))
    source = open_source(path)
    assert source.format == "dbn"
    assert (source.instruments[0].symbol, source.instruments[0].venue_code) == (b"AAPL", 5482)
    # 100.005 dollars divide by half a cent.
    assert source.instruments[0].tick_e9 == 5_000_000
    assert brief(source) == [
        ("CLEAR", 0, 0, 0, 0),
        ("ADD", 1, 1, 20_000, 10),
        ("ADD", 2, 2, 20_200, 20),
        ("SET", 2, 2, 20_202, 15),
        ("EXECUTE", 2, 2, 20_202, 5),
        ("TRADE", 0, 2, 20_202, 3),
        ("SET", 2, 2, 20_202, 7),
        ("TRADE", 0, 1, 20_001, 4),
        ("REDUCE", 1, 1, 0, 10),
    ]


def test_dbn_times_are_receive_times(tmp_path: Path):
    path = tmp_path / "data"
    path.write_bytes(
        dbn_file([record("A", "B", 1, DOLLAR, 1, at=5), record("A", "B", 2, DOLLAR, 1, at=3)])
    )
    native = open_source(path).native
    native.next()
    native.next()
    base = 1_700_000_000_000_000_000
    one, two = native.next(), native.next()
    assert one is not None
    assert two is not None
    assert (one[0], MarketUpdated.unpack(one[3]).venue_ts_ns) == (base + 14, base + 5)
    assert (two[0], MarketUpdated.unpack(two[3]).venue_ts_ns) == (base + 14, base + 3)
    assert native.counts() == {"time_backwards": 1}


def test_dbn_with_send_times_is_the_same(tmp_path: Path):
    wider = [bytes([16]) + one[1:] + struct.pack("<Q", 77) for one in RECORDS]
    (tmp_path / "wider").write_bytes(dbn_file(wider, ts_out=True))
    (tmp_path / "plain").write_bytes(dbn_file(RECORDS))
    assert brief(open_source(tmp_path / "wider")) == brief(open_source(tmp_path / "plain"))


def test_dbn_with_other_records_between_is_read(tmp_path: Path):
    other = struct.pack("<BBHIQ", 4, 0x17, 1, 5482, 0)
    mixed = [other, *[part for one in RECORDS for part in (one, other)]]
    path = tmp_path / "mixed"
    path.write_bytes(dbn_file(mixed))
    (tmp_path / "plain").write_bytes(dbn_file(RECORDS))
    assert brief(open_source(path)) == brief(open_source(tmp_path / "plain"))


def test_the_increment_comes_from_enough_prices(tmp_path: Path):
    records = [record("A", "B", i, 100 * DOLLAR + i * 250_000_000, 1) for i in range(1, 30)]
    path = tmp_path / "data"
    path.write_bytes(dbn_file(records))
    native = open_source(path).native
    native.next()
    rung = native.next()
    assert rung is not None
    assert TickRungDefined.unpack(rung[3]).increment_ticks == 25


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (dbn_file([]), "0 records of market by order"),
        (dbn_file(RECORDS, dbn.Schema.TRADES), "expected the schema mbo"),
        (b"DBN\x03\xff\xff", "header cannot be read"),
        (dbn_file(RECORDS)[:-7], "ends inside a record"),
        (dbn_file([*RECORDS, b"\x01\xa0" * 40]), "shorter than its header"),
    ],
)
def test_wrong_dbn_is_refused(tmp_path: Path, data: bytes, says: str):
    path = tmp_path / "data"
    path.write_bytes(data)
    with pytest.raises(DecodeError, match=says) as err:
        open_source(path).native.drain()
    assert err.value.code == "SRC-007"


def test_what_was_whole_in_torn_dbn_is_given(tmp_path: Path):
    path = tmp_path / "data"
    path.write_bytes(dbn_file(RECORDS)[:-7])
    native = open_source(path).native
    items = [native.next() for _ in range(10)]
    assert sum(item is not None and item[1] == MarketUpdated.KIND for item in items) == 8
    with pytest.raises(DecodeError, match="49 bytes are left over"):
        native.next()


def test_any_dbn_byte_may_be_wrong(tmp_path: Path):
    data = dbn_file(RECORDS)
    path = tmp_path / "data"
    start = len(data) - 56 * len(RECORDS)
    for at in [*range(0, 16), *range(start, start + 112)]:
        broken = bytearray(data)
        broken[at] ^= 0xFF
        path.write_bytes(broken)
        try:
            open_source(path).native.drain()
        except DecodeError as err:
            assert err.code.startswith("SRC-")  # noqa: PT017 - not all bytes matter


def test_a_file_object_is_not_a_path():
    with pytest.raises(TypeError):
        open_source(io.BytesIO())  # type: ignore[arg-type]


def test_a_run_tells_what_was_made_up(tmp_path: Path):
    path = lobster(tmp_path, MESSAGES, ORDERBOOK)
    result = run(source=path, journal=tmp_path / "journal")
    assert result.source_counts["orders_seeded"] == 2
    assert result.counters["orders_unknown"] == result.counters["messages_malformed"] == 0
    assert result.source_error == ""


def test_a_run_on_a_torn_file_uses_what_was_whole_and_says_so(tmp_path: Path):
    path = tmp_path / "torn"
    path.write_bytes(dbn_file(RECORDS)[:-7])
    result = run(source=path, journal=tmp_path / "journal")
    assert result.events["MarketUpdated"] == 8
    assert "ends inside a record" in result.source_error
