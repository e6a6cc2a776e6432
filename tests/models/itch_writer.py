# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A few ITCH 5.0 messages, written field by field from the tables of the specification."""

import struct

OPEN_NS = 34_200_000_000_000


def head(kind: str, locate: int, time_ns: int) -> bytes:
    return kind.encode() + struct.pack(">HH", locate, 0) + time_ns.to_bytes(6, "big")


def system_event(code: str = "O", time_ns: int = OPEN_NS) -> bytes:
    return head("S", 0, time_ns) + code.encode()


def directory(locate: int, stock: str, time_ns: int = OPEN_NS) -> bytes:
    body = stock.ljust(8).encode() + b"QN" + struct.pack(">I", 100) + b"NCZ PNN1N"
    return head("R", locate, time_ns) + body + struct.pack(">I", 0) + b"N"


def add(ref: int, side: str, qty: int, price_e4: int, time_ns: int = OPEN_NS) -> bytes:
    body = struct.pack(">QcI8sI", ref, side.encode(), qty, b"AAPL    ", price_e4)
    return head("A", 1, time_ns) + body


def delete(ref: int, time_ns: int = OPEN_NS) -> bytes:
    return head("D", 1, time_ns) + struct.pack(">Q", ref)


def day() -> list[bytes]:
    """Return a very short day."""
    return [
        system_event("O"),
        directory(1, "AAPL", OPEN_NS + 1),
        add(1, "B", 100, 1_633_400, OPEN_NS + 2),
        add(2, "S", 200, 1_633_500, OPEN_NS + 3),
        delete(1, OPEN_NS + 4),
        system_event("C", OPEN_NS + 5),
    ]


def file(messages: list[bytes], *, prefixed: bool = True) -> bytes:
    """Return messages as a file: each after its length, or after zero."""
    return b"".join(struct.pack(">H", len(m) if prefixed else 0) + m for m in messages)


def mold(session: bytes, sequence: int, messages: list[bytes]) -> bytes:
    """Return a MoldUDP64 packet."""
    return session + struct.pack(">QH", sequence, len(messages)) + file(messages)


def pcap(frames: list[tuple[int, bytes]], magic: int = 0xA1B23C4D, link: int = 101) -> bytes:
    """Return a capture with nanoseconds of raw IP frames at times."""
    out = struct.pack("<IHHiIII", magic, 2, 4, 0, 0, 65535, link)
    for ts_ns, frame in frames:
        seconds, fraction = divmod(ts_ns, 1_000_000_000)
        out += struct.pack("<IIII", seconds, fraction, len(frame), len(frame)) + frame
    return out


def udp(payload: bytes, port: int = 26477) -> bytes:
    """Return an IPv4 packet with a UDP datagram."""
    datagram = struct.pack(">HHHH", 1000, port, 8 + len(payload), 0) + payload
    address = bytes([10, 0, 0, 1, 233, 54, 12, 111])
    return (
        struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(datagram), 0, 0, 20, 17, 0) + address + datagram
    )
