# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A FIX client made of QuickFIX, to be run as a process of its own.

It takes a folder with its settings, and one command a line: `send TYPE TAG=VALUE|…`, `skip COUNT`
(of its own sequence numbers), `logout`, `logon`. It says one line an event: `logon`, `logout`,
`in MESSAGE`, `out MESSAGE`, with `|` for SOH.
"""

import os
import sys
import threading
from pathlib import Path

import quickfix

HEADER = (8, 9, 34, 35, 49, 52, 56)


class Client(quickfix.Application):
    """Says everything that happens."""

    def __init__(self, username: str, password: str) -> None:
        super().__init__()
        self._login = {553: username, 554: password}
        self._lock = threading.Lock()
        self.session: quickfix.SessionID | None = None

    def _say(self, *words: str) -> None:
        with self._lock:
            sys.stdout.write(" ".join(words).replace("\x01", "|") + "\n")
            sys.stdout.flush()

    def onCreate(self, session):  # noqa: N802
        parts = session.getBeginString(), session.getSenderCompID(), session.getTargetCompID()
        self.session = quickfix.SessionID(
            *(getattr(part, "getString", part.__str__)() for part in parts)
        )

    def onLogon(self, session):  # noqa: N802
        self._say("logon")

    def onLogout(self, session):  # noqa: N802
        self._say("logout")

    def toAdmin(self, message, session):  # noqa: N802
        if message.getHeader().getField(35) == "A":
            for tag, value in self._login.items():
                message.setField(quickfix.StringField(tag, value))
        self._say("out", message.toString())

    def fromAdmin(self, message, session):  # noqa: N802
        self._say("in", message.toString())

    def toApp(self, message, session):  # noqa: N802
        self._say("out", message.toString())

    def fromApp(self, message, session):  # noqa: N802
        self._say("in", message.toString())

    def do(self, command: str) -> None:
        """Do what a line asks for."""
        word, _, rest = command.partition(" ")
        session = quickfix.Session.lookupSession(self.session)
        if word == "send":
            msg_type, _, fields = rest.partition(" ")
            message = quickfix.Message()
            message.getHeader().setField(quickfix.MsgType(msg_type))
            for field in fields.split("|"):
                tag, _, value = field.partition("=")
                message.setField(quickfix.StringField(int(tag), value))
            quickfix.Session.sendToTarget(message, self.session)
        elif word == "skip":
            session.setNextSenderMsgSeqNum(session.getExpectedSenderNum() + int(rest))
        elif word == "logout":
            session.logout()
        elif word == "logon":
            session.logon()


def main(folder: Path, username: str, password: str) -> None:
    settings = quickfix.SessionSettings(str(folder / "settings.ini"))
    client = Client(username, password)
    store, log = quickfix.FileStoreFactory(settings), quickfix.FileLogFactory(settings)
    initiator = quickfix.SocketInitiator(client, store, settings, log)
    initiator.start()
    for line in sys.stdin:
        client.do(line.strip())
    initiator.stop()
    # The engine's threads would keep the process from ending.
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
