# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Members of an exchange over plain sockets: no state but a number, no answer understood."""

from __future__ import annotations

import re
import socket
import time
from types import TracebackType
from typing import Self

from onetape.wire import fix, ouch42, ouch50, soup

PATIENCE_S = 20.0


class Member:
    """A connection; `heard` is every byte that came."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self.socket = socket.create_connection((host, int(port)), timeout=PATIENCE_S)
        self.heard = b""

    def wait_for(self, pattern: bytes) -> re.Match[bytes]:
        """Wait until something was heard, and forget what was heard up to there."""
        until = time.monotonic() + PATIENCE_S
        while (found := re.search(pattern, self.heard, re.DOTALL)) is None:
            assert time.monotonic() < until, (pattern, self.heard)
            part = self.socket.recv(1 << 16)
            assert part, (pattern, self.heard)
            self.heard += part
        self.heard = self.heard[found.end() :]
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.socket.close()


class SoupMember(Member):
    """Speaks OUCH over SoupBinTCP."""

    def __init__(self, address: str, username: str, password: str, sequence: int = 1) -> None:
        super().__init__(address)
        login = soup.LoginRequest(username, password, sequence=sequence)
        self.socket.sendall(soup.encode(login))
        self.wait_for(rb"A.{30}")

    def say(self, message: bytes) -> None:
        self.socket.sendall(soup.encode(soup.Unsequenced(message)))


def order50(number: int, side: str, quantity: int, price_e4: int, symbol: str = "ONE") -> bytes:
    """Return an OUCH 5.0 order, displayed, for the day."""
    return ouch50.encode(
        ouch50.EnterOrderRequest(
            user_ref_num=number, side=side, quantity=quantity, symbol=symbol, price_e4=price_e4,
            time_in_force="0", display="Y", capacity="P", sweep_eligibility="N", cross_type="N",
            cl_ord_id="", tags=(),
        )
    )  # fmt: skip


def order42(token: str, side: str, quantity: int, price_e4: int, symbol: str = "ONE") -> bytes:
    """Return an OUCH 4.2 order, displayed, for the day."""
    return ouch42.encode(
        ouch42.EnterOrder(
            order_token=token, side=side, shares=quantity, stock=symbol, price_e4=price_e4,
            time_in_force=99998, firm="", display="Y", capacity="P", sweep_eligibility="N",
            minimum_quantity=0, cross_type="N", customer_type="N",
        )
    )  # fmt: skip


class FixMember(Member):
    """Speaks FIX."""

    def __init__(self, address: str, version: str, username: str, password: str) -> None:
        super().__init__(address)
        self._version, self._username, self._number = version, username, 0
        extra = [(1137, b"9")] if version == fix.FIX50SP2 else []
        self.say(b"A", [(98, b"0"), (108, b"30"), (141, b"Y"), (554, password.encode()), *extra])
        self.wait_for(rb"\x0135=A\x01")

    def say(self, msg_type: bytes, fields: list[tuple[int, bytes]]) -> None:
        self._number += 1
        now = time.strftime("%Y%m%d-%H:%M:%S", time.gmtime()).encode()
        head = [
            (49, self._username.encode()), (56, b"ONETAPE"), (34, b"%d" % self._number), (52, now),
        ]  # fmt: skip
        self.socket.sendall(fix.encode(msg_type, [*head, *fields], version=self._version))

    def order(self, name: str, side: str, quantity: int, price: str) -> None:
        """Send a limit order in ONE, for the day."""
        now = time.strftime("%Y%m%d-%H:%M:%S", time.gmtime()).encode()
        self.say(
            b"D",
            [
                (11, name.encode()), (55, b"ONE"), (54, b"1" if side == "B" else b"2"), (60, now),
                (38, b"%d" % quantity), (40, b"2"), (44, price.encode()),
            ],
        )  # fmt: skip
