# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape journal`: what is printed, what is let through, and the exit codes."""

import json
import shutil
import signal
import subprocess
import sys
import time
import tomllib

import pytest

from onetape.cli import main
from onetape.cli._border import ExitCode
from onetape.cli._entry_text import _REASONS, enum_of, fields_of
from onetape.events import (
    EVENTS,
    CancelReason,
    ConfigLoaded,
    InstrumentDefined,
    MarketUpdated,
    OrderCanceled,
    PacketFormat,
    PacketReceived,
    StateHashed,
)
from onetape.journal import JournalWriter, open_journal

SECOND = 1_000_000_000


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main([str(a) for a in arguments])
    return int(caught.value.code or 0)


def itch(locate: int) -> bytes:
    return b"S" + locate.to_bytes(2, "big") + bytes(9)


def instrument(number: int, symbol: bytes, locate: int) -> InstrumentDefined:
    return InstrumentDefined(
        symbol=symbol, currency=b"USD", tick_e9=1, lot_e9=1, multiplier_e9=1,
        instrument_id=number, venue_code=locate,
    )  # fmt: skip


def market(number: int) -> MarketUpdated:
    return MarketUpdated(
        venue_ts_ns=0, order_ref=1, other_ref=0, price_ticks=100, qty_lots=5,
        instrument_id=number, action=1, side=2, flags=0,
    )  # fmt: skip


@pytest.fixture
def journal(tmp_path):
    """Return a small journal of two instruments; entry n has time n seconds."""
    mold = bytes(20) + b"".join(len(m).to_bytes(2, "big") + m for m in (itch(7), itch(8)))
    events = [
        ConfigLoaded(schema_version=1, tail=b'{"a":1}'),
        PacketReceived(feed_id=0, format=PacketFormat.ITCH50, tail=itch(7)),
        instrument(1, b"AAPL", 7),
        instrument(2, b"MSFT", 8),
        market(1),
        market(2),
        PacketReceived(feed_id=0, format=PacketFormat.ITCH50, tail=itch(8)),
        PacketReceived(feed_id=0, format=PacketFormat.MOLDUDP64_ITCH50, tail=mold),
    ]
    path = tmp_path / "journal"
    with JournalWriter(path, segment_bytes=8192) as writer:
        for n, event in enumerate(events, 1):
            writer.append(event, ts_ns=n * SECOND)
    return path


def cat(capsys, *arguments: object) -> list[dict[str, object]]:
    assert run("journal", "cat", "--json", *arguments) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_cat_prints_a_line_an_entry(journal, capsys):
    assert run("journal", "cat", journal) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8
    assert "\033" not in "".join(lines)
    assert lines[4].split()[:3] == ["5", "1970-01-01T00:00:05.000000000Z", "MarketUpdated"]
    assert "action=ADD side=SELL" in lines[4]
    assert "reserved" not in "".join(lines)


def test_cat_json(journal, capsys):
    entries = cat(capsys, journal)
    assert [e["seq"] for e in entries] == list(range(1, 9))
    assert entries[0]["tail"] == '{"a":1}'
    assert entries[1]["tail_hex"] == itch(7).hex()
    assert (entries[4]["name"], entries[4]["price_ticks"]) == ("MarketUpdated", 100)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--kind", "PacketReceived"], [2, 7, 8]),
        (["-k", "marketupdated", "-k", "1"], [1, 5, 6]),
        (["--instrument", "AAPL"], [2, 3, 5, 8]),
        (["--instrument", "MSFT"], [4, 6, 7, 8]),
        (["--instrument", "2", "--kind", "MarketUpdated"], [6]),
        (["--instrument", "NONE"], []),
        (["--start", "3", "--end", "5"], [3, 4]),
        (["--from", "1970-01-01T00:00:06Z"], [6, 7, 8]),
        (["--from", "1970-01-01T00:00:06Z", "--to", "1970-01-01T00:00:07Z"], [6]),
        (["--limit", "2"], [1, 2]),
    ],
)
def test_cat_filters(journal, capsys, arguments, expected):
    assert [e["seq"] for e in cat(capsys, journal, *arguments)] == expected


@pytest.mark.parametrize("wrong", [["--kind", "Nothing"], ["--from", "yesterday"]])
def test_a_wrong_filter_is_a_usage_error(journal, capsys, wrong):
    assert run("journal", "cat", journal, *wrong) == ExitCode.USAGE
    assert "Invalid value" in capsys.readouterr().err


def test_info_and_its_json(journal, capsys):
    assert run("journal", "info", journal) == 0
    text = capsys.readouterr().out
    head = open_journal(journal).info().head
    assert head in text
    assert "1970-01-01T00:00:08.000000000Z" in text
    assert run("journal", "info", "--json", journal) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["info"]["head"] == head
    assert told["entries_by_kind"]["PacketReceived"] == 3


def test_verify_says_what_it_found_by_its_exit_code(journal, capsys):
    head = open_journal(journal).info().head
    assert run("journal", "verify", journal) == 0
    assert head in capsys.readouterr().out
    assert run("journal", "verify", journal, "--head", head) == 0
    assert "segment 1" in capsys.readouterr().out
    assert run("journal", "verify", journal, "--head", "00" * 32) == ExitCode.JOURNAL_DAMAGED
    segment = journal / "00000001.seg"
    data = bytearray(segment.read_bytes())
    data[4096 + 90] ^= 64
    segment.write_bytes(data)
    capsys.readouterr()
    assert run("journal", "verify", journal) == ExitCode.JOURNAL_DAMAGED
    assert f"{segment}, byte {4096 + 90}" in capsys.readouterr().out
    assert run("journal", "verify", "--json", journal) == ExitCode.JOURNAL_DAMAGED
    assert json.loads(capsys.readouterr().out)["findings"][0]["offset"] == 4096 + 90
    assert run("journal", "cat", journal) == ExitCode.JOURNAL_DAMAGED
    assert "JRN-002" in capsys.readouterr().err


def test_verify_of_a_torn_and_of_a_living_journal(tmp_path, capsys):
    living, torn = tmp_path / "living", tmp_path / "torn"
    with JournalWriter(living, segment_bytes=8192) as writer:
        for n in range(20):
            writer.append(StateHashed(state_hash=n + 1), ts_ns=n)
        assert run("journal", "verify", living) == 0
        assert "writer is at work" in capsys.readouterr().out
        shutil.copytree(living, torn)
    assert run("journal", "verify", torn) == ExitCode.JOURNAL_TORN
    segment = torn / "00000001.seg"
    data = bytearray(segment.read_bytes())
    data[4096 + 20 * 40 - 20 :] = bytes(len(data) - (4096 + 20 * 40 - 20))
    segment.write_bytes(data)
    capsys.readouterr()
    assert run("journal", "verify", torn) == ExitCode.JOURNAL_TORN
    assert "cuts 17 bytes" in capsys.readouterr().out


def test_export(journal, tmp_path, capsys):
    target = tmp_path / "out"
    assert run("journal", "export", journal, target, "--format", "arrow", "--json") == 0
    files = json.loads(capsys.readouterr().out)
    assert {f.rsplit("/")[-1] for f in files} >= {"PacketReceived.arrow", "ConfigLoaded.arrow"}
    assert run("journal", "export", journal, target, "-k", "MarketUpdated") == 0
    assert [p.name for p in target.glob("*.parquet")] == ["MarketUpdated.parquet"]


def test_no_journal(tmp_path, capsys):
    for command in ("info", "cat", "verify"):
        assert run("journal", command, tmp_path) == ExitCode.FAILED
        assert "JRN-001" in capsys.readouterr().err


def onetape(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "onetape", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_cat_into_a_pipe_that_closes_is_quiet(tmp_path):
    with JournalWriter(tmp_path / "j") as writer:
        for n in range(20_000):
            writer.append(StateHashed(state_hash=n), ts_ns=n)
    process = onetape("journal", "cat", tmp_path / "j")
    assert process.stdout
    assert process.stderr
    assert "StateHashed" in process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=30) == ExitCode.PIPE_CLOSED
    assert process.stderr.read() == ""
    process.stderr.close()


def test_cat_follows_another_process_until_it_is_interrupted(tmp_path):
    with JournalWriter(tmp_path / "j", segment_bytes=8192) as writer:
        writer.append(StateHashed(state_hash=1), ts_ns=1)
        process = onetape("journal", "cat", "--follow", "--json", tmp_path / "j")
        assert process.stdout
        assert process.stderr
        assert json.loads(process.stdout.readline())["seq"] == 1
        for n in range(2, 400):
            writer.append(StateHashed(state_hash=n), ts_ns=n)
            if n % 100 == 0:
                time.sleep(0.02)
        assert [json.loads(process.stdout.readline())["seq"] for _ in range(2, 400)] == list(
            range(2, 400)
        )
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == ExitCode.INTERRUPTED
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
        process.stderr.close()


def test_numbers_have_the_names_that_the_schema_gives_them(root):
    schema = tomllib.loads((root / "schema" / "events.toml").read_text("utf-8"))
    kinds = {kind.__name__: kind for kind in EVENTS.values()}
    for event in schema["event"]:
        for field in event["fields"]:
            found = enum_of(kinds[event["name"]], field["name"])
            if field["name"] != "reason":
                found_name = found.__name__ if found else None
                assert found_name == field.get("enum"), (event["name"], field["name"])


def test_reasons_have_names_wherever_an_event_has_a_reason():
    assert {k for k in EVENTS.values() if "reason" in k.__struct_fields__} == set(_REASONS)
    canceled = OrderCanceled(
        cause_seq=1, order_id=1, client_id=1, qty_lots=1, leaves_lots=0, strategy_id=1,
        instrument_id=1, reason=CancelReason.FOK,
    )  # fmt: skip
    assert fields_of(canceled)["reason"] == "FOK"
