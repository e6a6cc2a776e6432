# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""How the nodes of a cluster stand: what primary and standby say of themselves, on this machine.

A primary says it on its operators' socket. A standby has a socket of its own, `standby.sock`, which
says it to whoever connects, in one JSON object, and hangs up.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from onetape.errors import OnetapeError
from onetape.exchange.control import Control

SOCKET = "standby.sock"
ANSWER_SECONDS = 5.0


def of_standby(folder: Path) -> dict[str, Any] | None:
    """Return how the standby in a folder stands; None when none is at work there.

    Args:
        folder: The standby's folder (`exchange.journal`).
    """
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(ANSWER_SECONDS)
            line.connect(str(folder / SOCKET))
            said = b""
            while part := line.recv(1 << 16):
                said += part
        answer: dict[str, Any] = json.loads(said)
    except (OSError, ValueError):
        return None
    return answer


def of_node(folder: Path) -> dict[str, Any] | None:
    """Return how the node in a folder stands, as primary, standby or alone; None: it does not run.

    Args:
        folder: The node's folder (`exchange.journal`).
    """
    if (standby := of_standby(folder)) is not None:
        return standby
    try:
        with Control(folder) as control:
            answer = control.request("continuity")
    except OnetapeError:
        return None
    return {**answer["continuity"], "commit": answer["commit"]}


class StandbyDesk:
    """Says how a standby stands, to its owner on this machine, until it is closed.

    Args:
        folder: The standby's folder.
        standing: Called on another thread, for each who asks.

    Raises:
        OSError: If the socket cannot be had.
    """

    def __init__(self, folder: Path, standing: Callable[[], dict[str, Any]]) -> None:
        self._path, self._standing = folder / SOCKET, standing
        self._path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(self._path))
        self._path.chmod(0o600)
        self._inode = self._path.stat().st_ino
        self._socket.listen(8)
        threading.Thread(target=self._serve, name="standby-desk", daemon=True).start()

    def close(self) -> None:
        """Hang up for good; a socket that another put in its place stays."""
        with suppress(OSError):
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()
        try:
            self._socket.shutdown(socket.SHUT_RDWR)  # Wakes the thread.
        finally:
            self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return  # Closed.
            with line:
                line.settimeout(ANSWER_SECONDS)
                try:
                    line.sendall(json.dumps(self._standing()).encode())
                except OSError:
                    continue  # Whoever asked is gone.
