# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A writer killed with SIGKILL at any moment: nothing it had acknowledged is lost."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from onetape.events import StateHashed
from onetape.journal import JournalWriter, open_journal, verify

# Entry n is a StateHashed of n * n; the writer says on a pipe what is committed.
WRITER = """
import os, sys
from onetape.events import StateHashed
from onetape.journal import JournalWriter
writer = JournalWriter(sys.argv[1], segment_bytes=8192, durability=sys.argv[2])
while True:
    for _ in range(7):
        n = writer.last_seq + 1
        writer.append(StateHashed(state_hash=n * n), ts_ns=n)
    if sys.argv[2] == "fsync":
        writer.commit()
    os.write(1, writer.committed_seq.to_bytes(8, "little"))
"""


def acknowledged_until_killed(path: Path, durability: str, run_ms: float) -> int:
    """Return what a writer said to be committed before it was killed."""
    command = [sys.executable, "-c", WRITER, str(path), durability]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        first = process.stdout.read(8)
        assert first, "the writer did not start"
        deadline = time.monotonic() + run_ms / 1000
        said = first
        os.set_blocking(process.stdout.fileno(), False)
        while time.monotonic() < deadline:
            said += process.stdout.read(1 << 16) or b""
        process.send_signal(signal.SIGKILL)
        process.wait()
        said += process.stdout.read() or b""
    whole = len(said) // 8 * 8
    return int.from_bytes(said[whole - 8 : whole], "little")


@pytest.mark.parametrize("durability", ["async", "fsync"])
def test_killed_at_any_moment_nothing_acknowledged_is_lost(tmp_path, durability):
    moments = random.Random(20_260_101)
    for _ in range(5):
        acknowledged = acknowledged_until_killed(tmp_path, durability, moments.uniform(0, 60))
        report = verify(tmp_path)
        assert report.findings == []
        assert report.last_seq >= acknowledged > 0
        with JournalWriter(tmp_path, segment_bytes=8192) as writer:
            assert writer.last_seq == report.last_seq
            assert writer.recovery
            n = writer.last_seq + 1
            writer.append(StateHashed(state_hash=n * n), ts_ns=n)
        rows = open_journal(tmp_path).read(StateHashed)
        assert rows["state_hash"].tolist() == [n * n for n in range(1, len(rows) + 1)]
        assert verify(tmp_path).tail == "sealed"


READER = """
import sys
from onetape.journal import open_journal
for entry in open_journal(sys.argv[1]).entries(follow=True):
    print(entry.seq, entry.event.state_hash, flush=True)
    if entry.seq == 5_000:
        break
"""


def test_a_reader_in_another_process_sees_every_entry_in_order(tmp_path):
    with JournalWriter(tmp_path, segment_bytes=8192) as writer:
        command = [sys.executable, "-c", READER, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
            for n in range(1, 5_001):
                writer.append(StateHashed(state_hash=n * n), ts_ns=n)
                if n % 500 == 0:
                    time.sleep(0.01)
            out, _ = reader.communicate(timeout=50)
    assert out.splitlines() == [f"{n} {n * n}" for n in range(1, 5_001)]


def test_the_lock_of_a_dead_writer_is_free(tmp_path):
    acknowledged_until_killed(tmp_path, "async", 0)
    assert (tmp_path / "writer.lock").exists()
    with JournalWriter(tmp_path) as writer:
        assert writer.recovery
