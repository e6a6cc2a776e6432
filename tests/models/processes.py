# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Commands of onetape as processes, and what each has said."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

PATIENCE_S = 60.0


def free_ports(count: int) -> list[int]:
    """Return TCP ports of the loopback that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()


class Processes:
    """Processes by name; standard output and error of each go into one file of the folder.

    A name that is started again begins its file anew, or goes on with it where `KEEPS` is set.
    """

    KEEPS = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *words: str) -> None:
        with (self.folder / f"{name}.out").open("ab" if self.KEEPS else "wb") as out:
            command = [sys.executable, "-m", "onetape", *words]
            self.running[name] = subprocess.Popen(command, stdout=out, stderr=out)

    def said(self, name: str) -> str:
        path = self.folder / f"{name}.out"
        return path.read_text("utf-8") if path.exists() else ""

    def wait_said(self, name: str, words: str) -> None:
        until = time.monotonic() + PATIENCE_S
        while words not in self.said(name):
            assert self.running[name].poll() is None, f"{name} ended: {self.said(name)}"
            assert time.monotonic() < until, f"{name} never said {words!r}: {self.said(name)}"
            time.sleep(0.01)

    def end(self, name: str, by: int) -> int:
        """Send a signal; return the exit code."""
        process = self.running.pop(name)
        process.send_signal(by)
        return process.wait(PATIENCE_S)

    def end_all(self) -> None:
        for process in self.running.values():
            process.send_signal(signal.SIGINT)
        for process in self.running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def onetape(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "onetape", *words],
        capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
