# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Any journal: it reads back, any flip in it is found, any cut of it keeps every whole entry."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from onetape.errors import JournalError
from onetape.journal import Entry, JournalWriter, open_journal, verify

U64, I64 = 2**64 - 1, 2**63 - 1
DATA_START, MARKER_BYTES = 4096, 32

appended = st.tuples(
    st.integers(0, 65_535),
    st.integers(0, 255),
    st.integers(0, 2**32 - 1),
    st.integers(-I64, I64),
    st.binary(max_size=300),
)
journals = st.lists(appended, max_size=60)
segment_sizes = st.sampled_from([8192, 12_288, 1 << 20])


@contextmanager
def folder() -> Iterator[Path]:
    """Yield a folder that goes away, for each example a new one."""
    with tempfile.TemporaryDirectory(prefix="onetape-") as name:
        yield Path(name)


def append_all(writer: JournalWriter, events: list[tuple[int, int, int, int, bytes]]) -> None:
    for kind, version, source, ts_ns, body in events:
        writer.append_raw(kind, body, ts_ns=ts_ns, version=version, source=source)


def expected(events: list[tuple[int, int, int, int, bytes]]) -> list[Entry]:
    """Return the entries by the plain rule: numbers rise by one, times never fall."""
    entries = []
    last_ts_ns = -(2**63)
    for seq, (kind, version, source, ts_ns, body) in enumerate(events, 1):
        last_ts_ns = max(last_ts_ns, ts_ns)
        entries.append(Entry(seq, last_ts_ns, kind, version, source, body))
    return entries


@given(st.lists(journals, min_size=1, max_size=3), segment_sizes)
@settings(max_examples=60)
def test_what_was_appended_is_read_whatever_it_was(sessions, segment_bytes):
    with folder() as path:
        for events in sessions:
            with JournalWriter(path, segment_bytes=segment_bytes) as writer:
                assert writer.recovery is None
                append_all(writer, events)
        everything = [event for events in sessions for event in events]
        entries = expected(everything)
        journal = open_journal(path)
        assert list(journal) == entries
        report = verify(path)
        assert (report.findings, report.entries, report.tail) == ([], len(entries), "sealed")
        for seq in range(1, len(entries) + 2, 7):
            assert list(journal.entries(start=seq)) == entries[seq - 1 :]
        for ts_ns in {entry.ts_ns for entry in entries[::5]}:
            later = [entry for entry in entries if entry.ts_ns >= ts_ns]
            assert list(journal.entries(start_ts_ns=ts_ns)) == later


@given(journals.filter(bool), segment_sizes, st.data())
@settings(max_examples=60)
def test_any_flipped_bit_of_any_segment_is_found_and_placed(events, segment_bytes, data):
    with folder() as path:
        with JournalWriter(path, segment_bytes=segment_bytes) as writer:
            append_all(writer, events)
        segments = sorted(path.glob("*.seg"))
        for _ in range(10):
            segment = data.draw(st.sampled_from(segments))
            good = segment.read_bytes()
            at = data.draw(st.integers(0, len(good) - 1))
            bad = good[at] ^ (1 << data.draw(st.integers(0, 7)))
            with segment.open("r+b", buffering=0) as file:
                file.seek(at)
                file.write(bytes([bad]))
                found = verify(path).findings
                file.seek(at)
                file.write(good[at : at + 1])
            assert (found[0].path, found[0].offset) == (str(segment), at)


@given(journals.filter(bool), st.data())
@settings(max_examples=60)
def test_a_journal_cut_anywhere_keeps_every_whole_entry(events, data):
    with folder() as path, folder() as torn:
        with JournalWriter(path, segment_bytes=1 << 20) as writer:
            append_all(writer, events)
            shutil.copytree(path, torn, dirs_exist_ok=True)
        entries = expected(events)
        ends = [DATA_START]
        for entry in entries:
            ends.append(ends[-1] + (32 + len(entry.body) + 7) // 8 * 8)
        cut = data.draw(st.integers(DATA_START, ends[-1]))
        segment = torn / "00000001.seg"
        image = bytearray(segment.read_bytes())
        image[cut:] = bytes(len(image) - cut)
        segment.write_bytes(image)
        # Zeros at an entry's end may be its own: then it is whole although it was cut.
        whole = sum(not any(full) for full in _lost(path, ends, cut))
        report = verify(torn)
        assert (report.findings, report.last_seq) == ([], whole)
        with JournalWriter(torn, segment_bytes=8192) as writer:
            assert writer.recovery
            assert writer.recovery.last_seq == whole
            assert writer.recovery.cut_bytes == report.torn_bytes
            assert (report.tail == "torn") == (writer.recovery.cut_bytes > 0)
            writer.append_raw(1, b"after", ts_ns=I64)
        assert list(open_journal(torn))[:-1] == entries[:whole]
        assert verify(torn).findings == []


def _lost(path: Path, ends: list[int], cut: int) -> Iterator[bytes]:
    """Yield, entry by entry, the bytes that the cut took; it stops at the first real loss."""
    image = (path / "00000001.seg").read_bytes()
    for start, end in pairwise(ends):
        lost = image[max(start, cut) : end]
        yield lost
        if any(lost):
            return


@given(st.binary(max_size=600), st.sampled_from([0, 100, 512, 4096, 4120]), st.booleans())
@settings(max_examples=150)
def test_any_bytes_in_a_segment_end_in_a_journal_error_at_worst(noise, place, keep):
    with folder() as path:
        with JournalWriter(path, segment_bytes=8192) as writer:
            append_all(writer, [(1, 1, 0, n, b"body") for n in range(5)])
        segment = path / "00000001.seg"
        image = segment.read_bytes()
        end = image[place + len(noise) :] if keep else b""
        segment.write_bytes(image[:place] + noise + end)
        if segment.read_bytes() == image:
            return
        report = verify(path)
        assert report.findings or report.tail in {"torn", "unsealed"} or report.segments == 0
        for reads in (lambda: list(open_journal(path)), lambda: open_journal(path).info()):
            with suppress(JournalError):
                reads()


@given(st.binary(max_size=200))
def test_any_bytes_as_an_index_do_no_harm(noise):
    with folder() as path:
        with JournalWriter(path, segment_bytes=8192) as writer:
            append_all(writer, [(1, 1, 0, n, b"body") for n in range(50)])
        (path / "00000001.idx").write_bytes(noise)
        assert [entry.seq for entry in open_journal(path).entries(start=20)] == [*range(20, 51)]


@given(st.binary(max_size=200))
def test_any_bytes_as_a_snapshot_are_passed_over(noise):
    with folder() as path:
        with JournalWriter(path, segment_bytes=8192):
            pass
        (path / "snapshots").mkdir()
        (path / "snapshots" / "00000000000000000007.snap").write_bytes(noise)
        assert open_journal(path).newest_snapshot() is None
