# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Which format a file is of, whatever it is wrapped in and called; and what is said of the rest."""

import datetime as dt
import gzip
import io
import zipfile
from pathlib import Path

import pytest
import zstandard
from tests.models.itch_writer import (
    OPEN_NS,
    add,
    day,
    delete,
    directory,
    file,
    mold,
    pcap,
    system_event,
    udp,
)

from onetape._native import MarketSource
from onetape.errors import ConfigError, DecodeError
from onetape.events import PacketFormat, PacketReceived
from onetape.feed import FORMATS, midnight_ns, open_source

MIDNIGHT_NS = midnight_ns(dt.date(2019, 1, 30))
CAPTURE = pcap(
    [
        (MIDNIGHT_NS + OPEN_NS + 166_000, udp(mold(b"000010059B", 1, day()[:3]))),
        (MIDNIGHT_NS + OPEN_NS + 170_000, udp(b"something else", port=53)),
        (MIDNIGHT_NS + OPEN_NS + 180_000, udp(mold(b"000010059B", 4, day()[3:]))),
    ]
)


def items(native: MarketSource) -> list[tuple[int, int, int, bytes]]:
    out = []
    while (item := native.next()) is not None:
        out.append(item)
    return out


def zipped(data: bytes, name: str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("ReadMe.txt", "hello")
        archive.writestr(name, data)
    return out.getvalue()


WRAPPINGS = {
    "plain": lambda data: data,
    "gz": gzip.compress,
    "gz twice": lambda data: gzip.compress(data[:40]) + gzip.compress(data[40:]),
    "zst": zstandard.compress,
    "zst twice": lambda data: zstandard.compress(data[:40]) + zstandard.compress(data[40:]),
    "zip": lambda data: zipped(data, "day/data.bin"),
    "zip stored": lambda data: zipped(data, "data.bin", zipfile.ZIP_STORED),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize("prefixed", [True, False])
def test_an_itch_file_is_known_by_its_content(tmp_path: Path, wrapping: str, prefixed: bool):
    path = tmp_path / "20190130"
    path.write_bytes(WRAPPINGS[wrapping](file(day(), prefixed=prefixed)))
    source = open_source(path)
    assert (source.format, source.day, source.midnight_ns) == (
        "itch50",
        dt.date(2019, 1, 30),
        MIDNIGHT_NS,
    )
    header = PacketReceived(feed_id=0, format=PacketFormat.ITCH50, reserved=0).pack()
    expected = [
        (MIDNIGHT_NS + OPEN_NS + i, PacketReceived.KIND, PacketReceived.VERSION, header + message)
        for i, message in enumerate(day())
    ]
    assert items(source.native) == expected
    done, total = source.native.progress()
    assert done == total


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_a_capture_is_known_by_its_content(tmp_path: Path, wrapping: str):
    path = tmp_path / "whatever.itch"
    path.write_bytes(WRAPPINGS[wrapping](CAPTURE))
    source = open_source(path)
    assert (source.format, source.day, source.midnight_ns) == (
        "capture",
        dt.date(2019, 1, 30),
        MIDNIGHT_NS,
    )
    header = PacketReceived(feed_id=0, format=PacketFormat.MOLDUDP64_ITCH50, reserved=0).pack()
    found = items(source.native)
    assert [item[3][:8] for item in found] == [header, header]
    assert found[1][3][8:] == mold(b"000010059B", 4, day()[3:])
    assert found[0][0] == MIDNIGHT_NS + OPEN_NS + 166_000
    assert source.native.counts()["packets_foreign"] == 1


def test_what_cannot_be_told_apart_can_be_named(tmp_path: Path):
    path = tmp_path / "one_unknown_first"
    path.write_bytes(file([b"?unknown", *day()]))
    with pytest.raises(DecodeError, match="Found: 00 08 3f 75"):
        open_source(path)
    assert len(items(open_source(path, format="itch50").native)) == 7
    with pytest.raises(ConfigError, match="'itch'") as err:
        open_source(path, format="itch")
    assert err.value.code == "SRC-032"
    assert all(name in err.value.hint for name in FORMATS)


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_file_cut_short_gives_what_was_whole_and_says_where(tmp_path: Path, cut: int):
    data = file(day())
    path = tmp_path / "cut"
    path.write_bytes(data[:-cut])
    native = open_source(path).native
    lengths = [2 + len(m) for m in day()]
    whole = max(n for n in range(7) if sum(lengths[:n]) <= len(data) - cut)
    for _ in range(whole):
        assert native.next() is not None
    if sum(lengths[:whole]) == len(data) - cut:
        assert native.next() is None
        return
    with pytest.raises(
        DecodeError, match=f"byte {sum(lengths[:whole])}: the data ends inside"
    ) as e:
        native.next()
    assert e.value.code == "SRC-010"
    assert native.next() is None


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_damaged_compression_is_an_error_and_no_crash(tmp_path: Path, compress):
    data = compress(file(day() * 2_000))
    path = tmp_path / "damaged"
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(DecodeError) as err:
        open_source(path).native.drain()
    assert err.value.code in {"SRC-003", "SRC-011"}
    flipped = bytearray(data)
    flipped[-5] ^= 1
    path.write_bytes(flipped)
    with pytest.raises(DecodeError):
        open_source(path).native.drain()


def test_zero_lengths_end_sessions_and_broken_framing_is_said(tmp_path: Path):
    path = tmp_path / "two_sessions"
    path.write_bytes(file(day()) + b"\0\0" + file(day()) + b"\0\0")
    native = open_source(path).native
    assert native.drain()[0] == 12
    assert native.counts()["sessions_ended"] == 2
    path.write_bytes(file(day()) + b"\0\0\xff\xff" + file(day()))
    native = open_source(path).native
    with pytest.raises(DecodeError, match="a length of zero stands before") as err:
        native.drain()
    assert err.value.code == "SRC-011"


def test_time_never_runs_backwards(tmp_path: Path):
    messages = [
        system_event("O", 1_000),
        directory(1, "AAPL", 5_000),
        add(1, "B", 1, 10_000, 3_000),
        b"?",
        delete(1, (1 << 48) - 1),
        system_event("C", 6_000),
    ]
    path = tmp_path / "20190130"
    path.write_bytes(file(messages))
    native = open_source(path).native
    times = [item[0] - MIDNIGHT_NS for item in items(native)]
    assert times == [1_000, 5_000, 5_000, 5_000, 5_000, 6_000]
    assert native.counts() == {"sessions_ended": 0, "time_backwards": 1, "time_unknown": 2}


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (b"", "SRC-002", "is empty"),
        (b"<html>404</html>", "SRC-001", "3c 68 74 6d 6c"),
        (bytes(range(256)) * 300, "SRC-001", "not a format that is known"),
        (b"\0" * 100, "SRC-001", "00 00 00 00"),
        (gzip.compress(b""), "SRC-002", "is empty"),
        (gzip.compress(b"hello"), "SRC-001", "68 65 6c 6c 6f"),
        (b"\x1f\x8bnot gzip", "SRC-003", "damaged"),
        (b"\x28\xb5\x2f\xfdnot zstd", "SRC-003", "damaged"),
        (b"PK\x03\x04not a zip", "SRC-003", "damaged"),
        (zipped(b"hello", "hello.bin"), "SRC-001", "68 65 6c 6c 6f"),
        (pcap([(0, udp(b"hello"))]), "SRC-004", "no ITCH 5.0 in MoldUDP64 found in this capture"),
        (b"\xd4\xc3\xb2\xa1", "SRC-010", "ends inside a record"),
        (b"100,100,99,50,101,100,98,5\n" * 9, "SRC-001", "orderbook half"),
    ],
)
def test_what_is_no_market_data_is_refused_with_a_reason(
    tmp_path: Path, content: bytes, code: str, says: str
):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(DecodeError, match=says) as err:
        open_source(path)
    assert err.value.code == code
    assert err.value.hint


def test_places_that_cannot_be_read(tmp_path: Path):
    with pytest.raises(DecodeError, match="No such file") as err:
        open_source(tmp_path / "nothing")
    assert err.value.code == "SRC-003"
    with pytest.raises(DecodeError, match="is a folder"):
        open_source(tmp_path)
    both = io.BytesIO()
    with zipfile.ZipFile(both, "w") as archive:
        archive.writestr("a.itch", file(day()))
        archive.writestr("b.itch", file(day()))
    (tmp_path / "both.zip").write_bytes(both.getvalue())
    with pytest.raises(DecodeError, match=r"a\.itch, b\.itch"):
        open_source(tmp_path / "both.zip")


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("01302019.NASDAQ_ITCH50", dt.date(2019, 1, 30)),
        ("20190130.BX_ITCH_50", dt.date(2019, 1, 30)),
        ("S010220-v50.txt", dt.date(2020, 1, 2)),
        ("AMZN_2012-06-21_34200000_57600000", dt.date(2012, 6, 21)),
        ("ex20101224.TEST_ITCH_50", dt.date(2010, 12, 24)),
        ("sample_1000.itch", None),
        ("13322019.itch", None),
        ("order_12345678901.itch", None),
    ],
)
def test_the_day_is_read_from_the_name(tmp_path: Path, name: str, date: dt.date | None):
    path = tmp_path / name
    path.write_bytes(file(day()))
    source = open_source(path)
    assert source.day == (date or dt.date(1970, 1, 1))
    assert ("not known" in source.day_from) == (date is None)
    assert open_source(path, date="2001-02-03").day == dt.date(2001, 2, 3)
    with pytest.raises(ConfigError, match="expected a date") as err:
        open_source(path, date="yesterday")
    assert err.value.code == "SRC-031"


def test_midnight_in_new_york_follows_daylight_saving():
    zone = pytest.importorskip("zoneinfo")
    try:
        new_york = zone.ZoneInfo("America/New_York")
    except zone.ZoneInfoNotFoundError:
        pytest.skip("this machine has no time zones to compare with")
    date = dt.date(1990, 1, 1)
    while date < dt.date(2037, 1, 1):
        local = dt.datetime.combine(date, dt.time(), new_york)
        assert midnight_ns(date) == int(local.timestamp()) * 1_000_000_000, date
        date += dt.timedelta(days=1)


def test_a_source_is_taken_once():
    source = open_source(None, messages=1_000)
    with source:
        assert source.native.drain()[0] == 1_000
    with pytest.raises(DecodeError) as err:
        source.native.drain()
    assert err.value.code == "SRC-020"


def test_the_synthetic_flow_is_what_was_asked_for():
    one, two = open_source(None, seed=7, messages=5_000), open_source("", seed=7, messages=5_000)
    assert one.format == "synthetic"
    assert one.native.drain() == two.native.drain()
    other = open_source(None, seed=8, messages=5_000)
    assert other.native.drain() != open_source(None, seed=7, messages=5_000).native.drain()
    with pytest.raises(ConfigError, match="at least 22 messages, found 3"):
        open_source(None, messages=3)
    with pytest.raises(ConfigError, match="symbols, found 0"):
        open_source(None, symbols=0)


def test_records_that_python_cannot_supply_raise_its_own_error():
    def chunks():
        raise DecodeError("row 7 is wrong", code="SRC-006")
        yield

    native = MarketSource.records([], chunks())
    with pytest.raises(DecodeError, match="row 7 is wrong"):
        native.next()
    assert native.next() is None
