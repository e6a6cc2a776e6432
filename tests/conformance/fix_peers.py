# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What the FIX tests talk to: QuickFIX in a process, and an exchange in another."""

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

CLIENT = Path(__file__).with_name("quickfix_client.py")
DICTIONARIES = Path(sys.prefix) / "share" / "quickfix"
WAIT_S = 15.0

SETTINGS = """[DEFAULT]
ConnectionType=initiator
ReconnectInterval=1
StartTime=00:00:00
EndTime=00:00:00
HeartBtInt={heartbeat_s}
ResetOnLogon={resets}
FileStorePath={folder}/store
FileLogPath={folder}/log
SocketConnectHost=127.0.0.1
SocketConnectPort={port}
UseDataDictionary=Y
ValidateUserDefinedFields=Y
[SESSION]
BeginString={begin}
SenderCompID={name}
TargetCompID=ONETAPE
{version}
"""
VERSIONS = {
    "FIX.4.4": "DataDictionary={0}/FIX44.xml",
    "FIXT.1.1": "DefaultApplVerID=FIX.5.0SP2\nTransportDataDictionary={0}/FIXT11.xml\n"
    "AppDataDictionary={0}/FIX50SP2.xml",
}


def fields_of(message: str) -> dict[int, str]:
    """Return a message's fields; of a tag that comes twice, the first."""
    found: dict[int, str] = {}
    for field in message.strip("|").split("|"):
        tag, _, value = field.partition("=")
        found.setdefault(int(tag), value)
    return found


class QuickFix:
    """A QuickFIX initiator in a process of its own; its folder outlives it."""

    def __init__(
        self,
        folder: Path,
        begin: str,
        port: int,
        name: str,
        *,
        password: str = "secret",
        heartbeat_s: int = 30,
        resets: bool = False,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        text = SETTINGS.format(
            heartbeat_s=heartbeat_s,
            resets="Y" if resets else "N",
            folder=folder,
            port=port,
            begin=begin,
            name=name,
            version=VERSIONS[begin].format(DICTIONARIES),
        )
        (folder / "settings.ini").write_text(text, "ascii")
        command = [sys.executable, str(CLIENT), str(folder), name, password]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self.seen: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout:
            self._lines.put(line.strip())

    def do(self, command: str) -> None:
        """Give it a command."""
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()

    def send(self, msg_type: str, fields: str) -> None:
        """Send a message; its time is put in."""
        now = time.strftime("%Y%m%d-%H:%M:%S", time.gmtime())
        self.do(f"send {msg_type} {fields}|60={now}")

    def wait(self, pattern: str, *, seconds: float = WAIT_S) -> str:
        """Return the next line that matches; what comes before it is kept in `seen`."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self._lines.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {pattern!r} came, but {self.seen[-8:]}") from None
            self.seen.append(line)
            if re.search(pattern, line):
                return line

    def answer(self, pattern: str, *, seconds: float = WAIT_S) -> dict[int, str]:
        """Return the fields of the next received message that matches."""
        return fields_of(self.wait(rf"^in .*{pattern}", seconds=seconds).removeprefix("in "))

    def quiet(self, seconds: float) -> None:
        """Let time pass, keeping what comes."""
        time.sleep(seconds)
        with contextlib.suppress(queue.Empty):
            while True:
                self.seen.append(self._lines.get_nowait())

    def kill(self) -> None:
        """Break it off, as a crash would."""
        self._process.kill()
        self._end()

    def close(self) -> None:
        """Log out and end."""
        if self._process.poll() is None:
            self._process.stdin.close()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._end()

    def _end(self) -> None:
        self._process.wait(10)
        self._reader.join(10)
        with contextlib.suppress(BrokenPipeError, OSError):
            self._process.stdin.close()
        self._process.stdout.close()
        self.quiet(0)

    def __enter__(self) -> "QuickFix":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class ExchangeProcess:
    """`onetape exchange start` with a configuration; killed, it may be started again."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        command = [sys.executable, "-m", "onetape", "exchange", "start", str(self._config)]
        env = dict(os.environ, NO_COLOR="1", COLUMNS="200")
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env
        )
        said = []
        for line in self._process.stdout:
            said.append(line)
            if line.startswith("ready"):
                break
        else:
            self._process.wait(10)
            self._process.stdout.close()
            raise AssertionError(f"the exchange ended before it listened: {said}")
        self._drain = threading.Thread(target=self._process.stdout.read, daemon=True)
        self._drain.start()

    def stop(self, number: int = signal.SIGINT) -> None:
        """Stop it: cleanly, or with another signal."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(20)
            self._drain.join(10)
            self._process.stdout.close()
            self._process = None
