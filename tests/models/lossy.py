# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Wires that lose: datagrams lost, late and doubled; connections cut."""

from __future__ import annotations

import contextlib
import random
import select
import socket
import threading
from dataclasses import dataclass


@dataclass
class Fate:
    """What became of the packets that came."""

    passed: int = 0
    lost: int = 0
    late: int = 0
    doubled: int = 0


class Lossy:
    """A way for datagrams: of a hundred five are lost, fifteen come late and ten twice."""

    def __init__(self, send, dice: random.Random) -> None:
        self.send, self.dice = send, dice
        self.held: list[bytes] = []
        self.fate = Fate()

    def carry(self, data: bytes) -> None:
        """Let a datagram pass, or not."""
        draw = self.dice.random()
        if draw < 0.05:
            self.fate.lost += 1
        elif draw < 0.20:
            self.fate.late += 1
            self.held.append(data)
        else:
            self.fate.passed += 1
            self.send(data)
            if self.dice.random() < 0.10:
                self.fate.doubled += 1
                self.send(data)
            while self.held and self.dice.random() < 0.5:
                self.send(self.held.pop())


class Proxy:
    """Two lines and the re-request server's address, between an exchange and one listener.

    The crowd, which moves the market, gets the first line as it is.
    """

    def __init__(self, to: list[int], server: int, crowd: int, seed: int) -> None:
        self.lines = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in to]
        self.asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for sock in (*self.lines, self.asked):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            sock.bind(("127.0.0.1", 0))
        self.asking.connect(("127.0.0.1", server))
        dice = random.Random(seed)
        out = self.asked  # Any socket serves to send from; this one is bound.
        self.ways = {
            sock: Lossy(lambda data, port=port: out.sendto(data, ("127.0.0.1", port)), dice)
            for sock, port in zip(self.lines, to, strict=True)
        }
        self.crowd = ("127.0.0.1", crowd)
        self.client: tuple[str, int] | None = None
        self.ways[self.asked] = Lossy(self.asking.send, dice)
        self.ways[self.asking] = Lossy(self._answer, dice)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    @property
    def ports(self) -> list[int]:
        """Where the exchange sends its lines, then where the listener asks."""
        return [sock.getsockname()[1] for sock in (*self.lines, self.asked)]

    def _answer(self, data: bytes) -> None:
        if self.client:
            self.asked.sendto(data, self.client)

    def _run(self) -> None:
        while not self._over.is_set():
            for sock in select.select(list(self.ways), [], [], 0.05)[0]:
                with contextlib.suppress(OSError):
                    data, sender = sock.recvfrom(65_536)
                    if sock is self.asked:
                        self.client = sender
                    if sock is self.lines[0]:
                        self.asked.sendto(data, self.crowd)
                    self.ways[sock].carry(data)

    def stop(self) -> None:
        self._over.set()
        self._thread.join()
        for sock in self.ways:
            sock.close()


class Cut:
    """A TCP address before another one, whose connections can be cut at will."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self.cuts = 0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.is_set():
            with self._lock:
                known = list(self._pairs)
            try:
                ready = select.select([self._listener, *known], [], [], 0.02)[0]
            except (OSError, ValueError):
                continue  # One of them was cut meanwhile.
            for sock in ready:
                self._accept() if sock is self._listener else self._carry(sock)

    def _accept(self) -> None:
        near, _ = self._listener.accept()
        try:
            far = socket.create_connection(("127.0.0.1", self._to), 1)
        except OSError:
            near.close()
            return
        for sock in (near, far):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._pairs[near], self._pairs[far] = far, near

    def _carry(self, sock: socket.socket) -> None:
        with self._lock:
            other = self._pairs.get(sock)
        if other is None:
            return
        try:
            data = sock.recv(65_536)
            other.sendall(data)
        except OSError:
            data = b""
        if not data:
            self._drop(sock)

    def _drop(self, sock: socket.socket) -> None:
        with self._lock:
            other = self._pairs.pop(sock, None)
            if other is not None:
                self._pairs.pop(other, None)
        for end in (sock, other):
            if end is not None:
                end.close()

    def cut(self) -> None:
        """Cut every connection; what was on its way is lost."""
        self.cuts += 1
        with self._lock:
            known = list(self._pairs)
        for sock in known:
            self._drop(sock)

    def stop(self) -> None:
        self._over.set()
        self._thread.join()
        self.cut()
        self._listener.close()
