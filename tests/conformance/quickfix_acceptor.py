# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A FIX 4.4 venue made of QuickFIX, to be run as a process of its own.

It takes orders and keeps them: a sell below 100 trades at once. Its engine checks what it gets
against the dictionary of FIX 4.4. It takes a folder with its settings, and commands, one a line:
`fill NAME QTY` trades a resting order. It says one line an event: `logon`, `logout`, `in MESSAGE`,
`out MESSAGE`, with `|` for SOH.
"""

import os
import sys
import threading
from pathlib import Path

import quickfix


def field(message, tag: int) -> str:
    return message.getField(tag) if message.isSetField(tag) else ""


class Venue(quickfix.Application):
    """Keeps orders by name: side, price, quantity, executed."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.RLock()
        self.orders: dict[str, dict[str, str]] = {}
        self.count = 0
        self.session = None

    def _say(self, *words: str) -> None:
        sys.stdout.write(" ".join(words).replace("\x01", "|") + "\n")
        sys.stdout.flush()

    def onCreate(self, session):  # noqa: N802
        self.session = quickfix.SessionID("FIX.4.4", "VENUE", "CLIENT")

    def onLogon(self, session):  # noqa: N802
        self._say("logon")

    def onLogout(self, session):  # noqa: N802
        self._say("logout")

    def toAdmin(self, message, session):  # noqa: N802
        self._say("out", message.toString())

    def fromAdmin(self, message, session):  # noqa: N802
        self._say("in", message.toString())

    def toApp(self, message, session):  # noqa: N802
        self._say("out", message.toString())

    def fromApp(self, message, session):  # noqa: N802
        self._say("in", message.toString())
        kind = message.getHeader().getField(35)
        with self._lock:
            does = {"D": self.enter, "F": self.cancel, "G": self.replace, "H": self.status}
            {**does, "AF": self.mass_status, "q": self.mass_cancel}[kind](message)

    def enter(self, message) -> None:
        name = field(message, 11)
        self.count += 1
        self.orders[name] = {
            "id": f"V{self.count}", "side": field(message, 54), "symbol": field(message, 55),
            "price": field(message, 44), "qty": field(message, 38), "done": "0", "live": "1",
        }  # fmt: skip
        self.report(name, "0")
        if field(message, 54) == "2" and float(field(message, 44)) < 100:
            self.fill(name, field(message, 38))

    def cancel(self, message) -> None:
        old = self.orders.get(field(message, 41))
        if old is None or old["live"] == "0":
            self.refuse(message, "1")
            return
        old["live"] = "0"
        self.report(field(message, 41), "4", name=field(message, 11))

    def replace(self, message) -> None:
        old = self.orders.get(field(message, 41))
        if old is None or old["live"] == "0":
            self.refuse(message, "2")
            return
        old["live"] = "0"
        name = field(message, 11)
        self.orders[name] = {**old, "price": field(message, 44), "qty": field(message, 38)}
        self.orders[name]["live"] = "1"
        self.report(name, "5", original=field(message, 41))

    def status(self, message) -> None:
        name = field(message, 11)
        if name in self.orders:
            self.report(name, "I")
            return
        self.orders[name] = {
            "id": "NONE", "side": field(message, 54), "symbol": field(message, 55), "price": "",
            "qty": "0", "done": "0", "live": "8",
        }  # fmt: skip
        self.report(name, "I")
        del self.orders[name]

    def mass_status(self, message) -> None:
        live = [name for name, order in self.orders.items() if order["live"] == "1"]
        asked = {584: field(message, 584), 911: str(len(live))}
        for name in live:
            last = {912: "Y" if name == live[-1] else "N"}
            self.report(name, "I", more={**asked, **last})
        if not live:
            self.count += 1
            nothing = {37: "NONE", 17: f"E{self.count}", 150: "I", 39: "8", 55: "[N/A]", 54: "1"}
            self.send("8", {**nothing, 151: "0", 14: "0", 6: "0", **asked, 912: "Y"})

    def mass_cancel(self, message) -> None:
        live = [name for name, order in self.orders.items() if order["live"] == "1"]
        for name in live:
            self.orders[name]["live"] = "0"
            self.report(name, "4")
        self.count += 1
        said = {11: field(message, 11), 37: f"M{self.count}", 530: "7", 531: "7"}
        self.send("r", {**said, 533: str(len(live))})

    def fill(self, name: str, qty: str) -> None:
        order = self.orders[name]
        order["done"] = str(int(order["done"]) + int(qty))
        if order["done"] == order["qty"]:
            order["live"] = "0"
        self.report(name, "F", traded=qty)

    def refuse(self, message, answers: str) -> None:
        said = {37: "NONE", 11: field(message, 11), 41: field(message, 41), 39: "8", 434: answers}
        self.send("9", {**said, 102: "1", 58: "no such order"})

    def report(self, at: str, kind: str, *, name="", original="", traded="", more=None) -> None:
        order = self.orders[at]
        self.count += 1
        left = int(order["qty"]) - int(order["done"]) if order["live"] == "1" else 0
        state = "8" if order["live"] == "8" else "4"
        if order["live"] == "1":
            state = "1" if int(order["done"]) else "0"
        elif order["done"] == order["qty"] != "0":
            state = "2"
        said = {
            37: order["id"], 17: f"E{self.count}", 150: kind, 39: state, 11: name or at,
            55: order["symbol"], 54: order["side"], 38: order["qty"], 151: str(left),
            14: order["done"], 6: "0",
        }  # fmt: skip
        if original or name:
            said[41] = original or at
        if order["price"]:
            said[44] = order["price"]
        if traded:
            said |= {32: traded, 31: order["price"]}
        self.send("8", said | (more or {}))

    def send(self, kind: str, fields: dict[int, str]) -> None:
        message = quickfix.Message()
        message.getHeader().setField(quickfix.MsgType(kind))
        for tag, value in fields.items():
            message.setField(quickfix.StringField(tag, value))
        quickfix.Session.sendToTarget(message, self.session)


def main(folder: Path) -> None:
    settings = quickfix.SessionSettings(str(folder / "settings.ini"))
    venue = Venue()
    store, log = quickfix.FileStoreFactory(settings), quickfix.FileLogFactory(settings)
    acceptor = quickfix.SocketAcceptor(venue, store, settings, log)
    acceptor.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        word, *rest = line.split()
        if word == "fill":
            with venue._lock:
                venue.fill(*rest)
    acceptor.stop()
    # The engine's threads would keep the process from ending.
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
