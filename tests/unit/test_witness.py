# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape witness`: it listens, remembers, and refuses what cannot be right."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from onetape._native import Witness
from onetape.errors import ClusterError, ConfigError, JournalLockedError

NODES = ("alpha", "beta")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_bytes(b"sixteen bytes at least\n")
    return path


def start(folder: Path, secret: Path, listen: str = "127.0.0.1:0", name: str = "market") -> Witness:
    return Witness(folder, listen, name, NODES, secret, 50, 0)


def test_it_listens_and_has_given_out_nothing(tmp_path: Path, secret: Path):
    voting = start(tmp_path / "w", secret)
    assert voting.address.startswith("127.0.0.1:")
    assert voting.ballot() == (0, "nobody", False)
    assert not voting.is_broken()
    with pytest.raises(JournalLockedError):
        start(tmp_path / "w", secret)
    voting.close()
    voting.close()
    start(tmp_path / "w", secret).close()


def test_what_cannot_be_is_refused(tmp_path: Path, secret: Path):
    short = tmp_path / "short"
    short.write_bytes(b"too short")
    with pytest.raises(ConfigError, match="16 to 4096 bytes, found 9"):
        start(tmp_path / "a", short)
    with pytest.raises(ClusterError, match="read the secret"):
        start(tmp_path / "a", tmp_path / "nowhere")
    with pytest.raises(ConfigError, match="expected an address"):
        start(tmp_path / "a", secret, listen="here")
    with pytest.raises(ConfigError, match="1 to 16 visible"):
        start(tmp_path / "a", secret, name="a market with a long name")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "ballot").write_bytes(b"\0" * 80)
    with pytest.raises(ClusterError, match="hash"):
        start(tmp_path / "b", secret)


def test_the_command_says_where_it_listens_and_ends_on_an_interrupt(tmp_path: Path, secret: Path):
    command = [sys.executable, "-m", "onetape", "witness", str(tmp_path / "w")]
    options = ["--nodes", "alpha,beta", "--secret", str(secret), "--listen", "127.0.0.1:0"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "listens at 127.0.0.1:" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
    options[1] = "alpha"
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "CLI-010" in done.stderr
