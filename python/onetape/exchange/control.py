# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""An operator's line to a running exchange: the socket and the token in its folder.

Each frame, both ways, is a 4-byte big-endian length and a JSON object. The first one gives the
token; each one after it is a request, and has one answer.
"""

from __future__ import annotations

import getpass
import json
import socket
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from onetape.errors import VenueError

SOCKET = "control.sock"
TOKEN = "token"  # noqa: S105 - the name of the file that holds it
NAMES = "names.json"
ANSWER_SECONDS = 15.0


class Control:
    """A connection to a running exchange, or live node, for operators on its machine.

    Args:
        folder: The exchange's folder, as its configuration names it (`exchange.journal`).
        path: The socket's path, where the configuration puts it elsewhere.
        user: Who asks: stands in the journal beside each command.
        what: What runs there, as its command is called.

    Raises:
        VenueError: If no exchange runs there, or it does not know the token.
    """

    def __init__(
        self, folder: Path, *, path: Path | None = None, user: str = "", what: str = "exchange"
    ) -> None:
        self._path, self._what = path or folder / SOCKET, what
        self._names: dict[str, dict[str, int]] = _read_names(folder / NAMES)
        try:
            token = (folder / TOKEN).read_text("utf-8").strip()
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.settimeout(ANSWER_SECONDS)
            self._socket.connect(str(self._path))
        except OSError as err:
            raise VenueError(
                f"{self._path}: expected a running {what}, found {err.strerror or err}",
                code="CTL-001",
                hint=f"name its folder with --folder, or start it: onetape {what} CONFIG.toml",
            ) from err
        self._ask({"token": token, "user": user or getpass.getuser()})

    def request(self, do: str, **arguments: object) -> dict[str, Any]:
        """Have the exchange do something.

        Args:
            do: What: status, continuity, halt, resume, phase, mass-cancel, kill, allow,
                break-trade, reference, end-of-day, start-day, snapshot or stop.
            arguments: What it needs; None stands for nothing.

        Returns:
            Its answer: for a command the sequence number of its input, and what followed from it.

        Raises:
            VenueError: If it refuses, or goes away.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        return self._ask({"do": do, **given})

    def id_of(self, kind: str, name: str | None) -> int | None:
        """Return the id of an instrument, a firm or a port.

        Args:
            kind: "instruments", "firms" or "ports".
            name: Its name, as the configuration has it; None gives None.

        Raises:
            VenueError: If there is none of this name.
        """
        if name is None:
            return None
        known = self._names.get(kind, {})
        if name not in known:
            raise VenueError(
                f"{kind}: expected one of {', '.join(known) or 'none'}, found {name!r}",
                code="CTL-002",
                hint=f"onetape {self._what} status lists them",
            )
        return known[name]

    def name_of(self, kind: str, at: int) -> str:
        """Return the name of an instrument, a firm or a port, or its number where it has none."""
        return next((name for name, id in self._names.get(kind, {}).items() if id == at), str(at))

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        frame = json.dumps(request).encode()
        try:
            self._socket.sendall(len(frame).to_bytes(4, "big") + frame)
            length = int.from_bytes(self._read(4), "big")
            answer: dict[str, Any] = json.loads(self._read(length))
        except (OSError, ValueError) as err:
            raise VenueError(
                f"{self._path}: the {self._what} gave no answer ({err})",
                code="CTL-003",
                hint="it may have stopped, and may have done it before: ask for its status",
            ) from err
        if answer.get("may_be_done"):
            raise VenueError(
                f"{self._path}: {answer['error']}, and may still do what was asked",
                code="CTL-005",
                hint="ask for the status, and look into the journal, before you ask again",
            )
        if not answer.get("ok"):
            raise VenueError(
                f"the {self._what} refused: {answer.get('error', 'it does not say why')}",
                code="CTL-004",
                hint="nothing was changed",
            )
        return answer

    def _read(self, count: int) -> bytes:
        read = b""
        while len(read) < count:
            part = self._socket.recv(count - len(read))
            if not part:
                raise OSError("it closed the connection")
            read += part
        return read


def write_names(folder: Path, names: dict[str, dict[str, int]]) -> None:
    """Write down what an exchange's ids are called, for its operators."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAMES).write_text(json.dumps(names, indent=1) + "\n", "utf-8")


def _read_names(path: Path) -> dict[str, dict[str, int]]:
    try:
        names: dict[str, dict[str, int]] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return names
