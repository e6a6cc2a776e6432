# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The journal from Python: what was appended is read, as entries, as arrays and as tables."""

import logging
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onetape.errors import (
    ConfigError,
    JournalCorruptError,
    JournalError,
    JournalGapError,
    JournalLockedError,
)
from onetape.events import (
    EVENTS,
    CancelAll,
    ConfigLoaded,
    InstrumentDefined,
    OrderFilled,
    PacketReceived,
    StateHashed,
)
from onetape.journal import JournalWriter, Snapshot, Tail, open_journal, verify
from onetape.journal._reader import ROW_FIELDS, row_dtype

SMALL = 8192


def written(path, count=300):
    """Write `count` entries: a packet each, and after every third a CancelAll."""
    with JournalWriter(path, segment_bytes=SMALL) as writer:
        for n in range(count):
            packet = PacketReceived(feed_id=n % 7, format=1, tail=bytes([n % 256]) * (n % 19))
            writer.append(packet, ts_ns=n * 100, source=1)
            if n % 3 == 2:
                writer.append(CancelAll(strategy_id=n, instrument_id=n + 1), ts_ns=n * 100)
    return open_journal(path)


def test_entries_come_back_with_their_events(tmp_path):
    entries = list(written(tmp_path))
    assert [e.seq for e in entries] == list(range(1, 401))
    assert entries[2].event == PacketReceived(feed_id=2, format=1, tail=b"\2\2")
    assert (entries[2].ts_ns, entries[2].source, entries[2].name) == (200, 1, "PacketReceived")
    assert entries[3].event == CancelAll(strategy_id=2, instrument_id=3)


def test_a_tail_reads_on_where_it_left_off(tmp_path):
    tail = None
    with JournalWriter(tmp_path, segment_bytes=SMALL) as writer:
        seen = []
        for n in range(40):
            for _ in range(20):
                writer.append(CancelAll(strategy_id=n, instrument_id=1), ts_ns=n)
            writer.commit()
            tail = tail or Tail(tmp_path, start=5)
            seen += tail.take(7)
            assert not tail.is_at_end
        while not tail.is_at_end:
            seen += tail.take(50)
        assert tail.take() == []
        writer.append(CancelAll(strategy_id=99, instrument_id=1), ts_ns=99)
        writer.commit()
        assert [entry.seq for entry in tail.take()] == [801]
    assert [entry.seq for entry in seen] == list(range(5, 801))
    with pytest.raises(JournalError):
        Tail(tmp_path / "none")


def test_an_entry_the_schema_does_not_know_is_kept(tmp_path):
    with JournalWriter(tmp_path) as writer:
        writer.append_raw(9999, b"abc", ts_ns=1)
        writer.append_raw(CancelAll.KIND, b"x" * 8, ts_ns=1, version=77)
        writer.append_raw(CancelAll.KIND, b"short", ts_ns=1)
    entries = list(open_journal(tmp_path))
    assert [(e.name, e.event) for e in entries] == [
        ("kind 9999", None),
        ("CancelAll", None),
        ("CancelAll", None),
    ]
    assert entries[0].body == b"abc"


def test_read_gives_all_events_of_a_kind_as_one_array(tmp_path):
    rows = written(tmp_path).read(PacketReceived)
    assert rows.shape == (300,)
    assert rows.dtype == row_dtype(PacketReceived)
    n = np.arange(300)
    np.testing.assert_array_equal(rows["ts_ns"], n * 100)
    np.testing.assert_array_equal(rows["feed_id"], n % 7)
    np.testing.assert_array_equal(rows["tail_bytes"], n % 19)
    np.testing.assert_array_equal(rows["seq"], n + n // 3 + 1)
    assert set(rows["source"]) == {1}


def test_batches_are_as_long_as_asked_and_carry_the_tails(tmp_path):
    batches = list(written(tmp_path).batches(PacketReceived, rows_max=128, tails=True))
    assert [len(rows) for rows, _ in batches] == [128, 128, 44]
    tails = b"".join(tail for _, tail in batches)
    assert tails == b"".join(bytes([n % 256]) * (n % 19) for n in range(300))


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        ({}, 1, 400),
        ({"start": 50}, 50, 400),
        ({"start": 50, "end": 60}, 50, 59),
        ({"start_ts_ns": 29_900}, 399, 400),
        ({"start_ts_ns": 10_001, "end_ts_ns": 10_101}, 135, 136),
        ({"start": 100, "start_ts_ns": 0, "end_ts_ns": 7_501}, 100, 101),
    ],
)
def test_spans(tmp_path, span, first, last):
    journal = written(tmp_path)
    expected = [e.seq for e in journal if first <= e.seq <= last]
    assert [e.seq for e in journal.entries(**span)] == expected
    kinds = {PacketReceived.KIND}
    packets = [e.seq for e in journal.entries(**span, kinds=kinds)]
    assert packets == journal.read(PacketReceived, **span)["seq"].tolist()
    assert journal.counts(**span).get(PacketReceived.KIND, 0) == len(packets)


def test_a_span_with_nothing_in_it_is_empty(tmp_path):
    journal = written(tmp_path)
    assert list(journal.entries(start=401)) == []
    assert list(journal.entries(start=10, end=10)) == []
    assert len(journal.read(OrderFilled)) == 0
    assert journal.read(OrderFilled).dtype == row_dtype(OrderFilled)


def test_another_version_of_a_layout_is_not_read_as_this_one(tmp_path):
    with JournalWriter(tmp_path) as writer:
        writer.append_raw(CancelAll.KIND, b"x" * 8, ts_ns=1, version=2)
    with pytest.raises(JournalError, match="version 2, expected 1") as caught:
        open_journal(tmp_path).read(CancelAll)
    assert caught.value.code == "JRN-009"


def test_no_event_has_a_field_named_as_a_field_of_the_entry():
    names = {name for name, _ in ROW_FIELDS}
    for kind in EVENTS.values():
        assert not names & set(kind.DTYPE.names or ()), kind


def test_info(tmp_path):
    info = written(tmp_path).info()
    assert (info.last_seq, info.first_ts_ns, info.last_ts_ns) == (400, 0, 29_900)
    assert len(info.segments) > 3
    assert {s.state for s in info.segments} == {"sealed"}
    assert info.head == info.segments[-1].chain == verify(tmp_path).head
    assert info.bytes == sum(p.stat().st_size for p in tmp_path.glob("*.seg"))


def test_info_of_a_journal_that_is_being_written(tmp_path):
    with JournalWriter(tmp_path, segment_bytes=SMALL) as writer:
        info = open_journal(tmp_path).info()
        assert (info.last_seq, info.last_ts_ns, info.head) == (0, None, None)
        for n in range(200):
            writer.append(StateHashed(state_hash=n), ts_ns=n)
        info = open_journal(tmp_path).info()
        assert (info.last_seq, info.last_ts_ns) == (200, 199)
        assert verify(tmp_path).tail == "open"


def test_there_is_no_journal(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(JournalError, match="no journal") as caught:
            open_journal(path)
        assert caught.value.code == "JRN-001"
        assert caught.value.hint


def test_a_damaged_entry_names_its_place(tmp_path):
    journal = written(tmp_path)
    segment = tmp_path / "00000002.seg"
    data = bytearray(segment.read_bytes())
    data[4096 + 20] ^= 1
    segment.write_bytes(data)
    with pytest.raises(JournalCorruptError, match=r"00000002.seg, byte 4096") as caught:
        list(journal)
    assert caught.value.code == "JRN-002"
    report = verify(tmp_path)
    assert (report.findings[0].segment, report.findings[0].offset) == (2, 4096 + 20)
    with pytest.raises(JournalCorruptError, match=r"byte 4116"):
        report.raise_if_damaged()


def test_a_missing_segment(tmp_path):
    journal = written(tmp_path)
    (tmp_path / "00000002.seg").unlink()
    with pytest.raises(JournalGapError, match="segment 2 is missing"):
        list(journal)
    assert not verify(tmp_path).is_good


def test_a_second_writer_is_refused_in_another_process_too(tmp_path):
    with JournalWriter(tmp_path):
        code = "import sys; from onetape.journal import JournalWriter; JournalWriter(sys.argv[1])"
        done = subprocess.run(
            [sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=False
        )
        with pytest.raises(JournalLockedError, match="process") as caught:
            JournalWriter(tmp_path)
    assert done.returncode == 1
    assert "JournalLockedError" in done.stderr
    assert "JRN-005" in done.stderr
    assert caught.value.code == "JRN-005"


@pytest.mark.parametrize("segment_bytes", [0, 4096, 10_000, 2**32])
def test_a_segment_size_out_of_range_is_refused(tmp_path, segment_bytes):
    with pytest.raises(ConfigError, match="multiple of 4096") as caught:
        JournalWriter(tmp_path, segment_bytes=segment_bytes)
    assert caught.value.code == "JRN-008"


def test_an_entry_too_long_is_refused(tmp_path):
    with JournalWriter(tmp_path, segment_bytes=SMALL) as writer:
        with pytest.raises(JournalError, match="a segment holds") as caught:
            writer.append_raw(1, bytes(5000), ts_ns=0)
        assert caught.value.code == "JRN-007"
        assert writer.append_raw(1, b"", ts_ns=0) == 1


def test_a_closed_writer_says_so(tmp_path):
    writer = JournalWriter(tmp_path)
    writer.close()
    writer.close()
    with pytest.raises(JournalError, match="closed"):
        writer.append_raw(1, b"", ts_ns=0)


def test_fsync_commits(tmp_path):
    with JournalWriter(tmp_path, durability="fsync", segment_bytes=SMALL) as writer:
        for n in range(500):
            writer.append(StateHashed(state_hash=n), ts_ns=n)
        writer.commit()
        assert writer.committed_seq == writer.last_seq == 500


def test_times_are_raised_and_counted(tmp_path):
    with JournalWriter(tmp_path) as writer:
        for ts_ns in (5, 3, 9):
            writer.append_raw(1, b"", ts_ns=ts_ns)
        assert writer.times_raised == 1
    assert [e.ts_ns for e in open_journal(tmp_path)] == [5, 5, 9]


def test_export_gives_what_read_gives(tmp_path):
    journal = written(tmp_path / "journal")
    parquet = journal.export(tmp_path / "out")
    arrow = journal.export(tmp_path / "out", format="arrow")
    assert [p.name for p in parquet] == ["PacketReceived.parquet", "CancelAll.parquet"]
    table = pq.read_table(parquet[0])
    rows = journal.read(PacketReceived)
    assert table.column_names == ["seq", "ts_ns", "source", "feed_id", "format", "tail"]
    for name in ("seq", "ts_ns", "source", "feed_id", "format"):
        np.testing.assert_array_equal(table[name].to_numpy(), rows[name])
    tails = [bytes([n % 256]) * (n % 19) for n in range(300)]
    assert table["tail"].to_pylist() == tails
    assert table.schema.metadata[b"onetape.kind"] == b"2"
    with pa.ipc.open_file(str(arrow[0])) as file:
        assert file.read_all().equals(table.replace_schema_metadata(file.schema.metadata))


def test_export_of_text_and_of_chosen_kinds(tmp_path):
    with JournalWriter(tmp_path / "journal") as writer:
        defined = InstrumentDefined(
            symbol=b"AAPL", currency=b"USD", tick_e9=1, lot_e9=1, multiplier_e9=1,
            instrument_id=1, venue_code=13,
        )  # fmt: skip
        writer.append(defined, ts_ns=1)
        writer.append(ConfigLoaded(schema_version=1, tail=b"{}"), ts_ns=1)
    journal = open_journal(tmp_path / "journal")
    [path] = journal.export(tmp_path, kinds=[InstrumentDefined])
    [row] = pq.read_table(path).to_pylist()
    assert (row["symbol"], row["currency"], row["venue_code"]) == ("AAPL", "USD", 13)
    with pytest.raises(JournalError, match="format"):
        journal.export(tmp_path, format="csv")


def test_export_of_a_damaged_journal_leaves_no_half_file(tmp_path):
    journal = written(tmp_path / "journal")
    segment = tmp_path / "journal" / "00000003.seg"
    segment.write_bytes(segment.read_bytes()[:-40])
    with pytest.raises(JournalCorruptError):
        journal.export(tmp_path / "out", kinds=[PacketReceived])
    assert list((tmp_path / "out").iterdir()) == []


def snapshot(seq):
    return Snapshot(
        seq=seq, ts_ns=seq * 5, state_hash=2**64 - seq, schema_version=1, component_version=3,
        body=b"state" * seq,
    )  # fmt: skip


def test_the_newest_whole_snapshot_is_taken_with_a_warning(tmp_path, caplog):
    journal = written(tmp_path)
    assert journal.newest_snapshot() is None
    paths = [journal.write_snapshot(snapshot(seq)) for seq in (10, 20, 300)]
    assert journal.newest_snapshot() == snapshot(300)
    assert journal.newest_snapshot(299) == snapshot(20)
    assert [(s.seq, s.path) for s in journal.snapshots()] == list(
        zip((10, 20, 300), paths, strict=True)
    )
    paths[2].write_bytes(paths[2].read_bytes()[:-1])
    with caplog.at_level(logging.WARNING, "onetape.journal"):
        assert journal.newest_snapshot() == snapshot(20)
    assert "passed over" in caplog.text
    assert journal.info().snapshots == [10, 20, 300]


def test_a_head_kept_elsewhere_is_found_or_not(tmp_path):
    journal = written(tmp_path)
    chains = [s.chain for s in journal.info().segments]
    assert [verify(tmp_path, head=chain).head_found for chain in chains] == list(
        range(1, len(chains) + 1)
    )
    report = verify(tmp_path, head="ab" * 32)
    assert "rewritten or cut" in report.findings[0].what
    with pytest.raises(JournalError, match="64 hex digits"):
        verify(tmp_path, head="xyz")


def test_the_last_segment_removed_is_found_by_the_head_only(tmp_path):
    journal = written(tmp_path)
    head = journal.info().head
    max(tmp_path.glob("*.seg")).unlink()
    assert verify(tmp_path).is_good
    assert not verify(tmp_path, head=head).is_good
