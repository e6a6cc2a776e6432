# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Wireshark as an oracle: capture files of what was said, and what it reads in them."""

import shutil
import struct
import subprocess
from pathlib import Path

import pytest

#: What a test with Wireshark is marked with.
MARKS = [
    pytest.mark.slow,
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        shutil.which("tshark") is None, reason="tshark is not installed: apt-get install tshark"
    ),
]
LOCAL = bytes((127, 0, 0, 1))
#: Ethernet would come first; this link type begins with IP.
LINK_RAW = 101


def frame(place: int, protocol: int, payload: bytes) -> bytes:
    """Return a record of a capture file: IP and what is in it."""
    total = 20 + len(payload)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, total, place, 0, 64, protocol, 0, LOCAL, LOCAL)
    return struct.pack("<IIII", place, 0, total, total) + ip + payload


def capture(frames: list[bytes]) -> bytes:
    """Return a capture file. Source: libpcap's file format."""
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, LINK_RAW)
    return head + b"".join(frames)


def tcp(said: list[tuple[bool, bytes]], port: int) -> list[bytes]:
    """Return the frames of one connection, a packet a frame; True: the client's."""
    numbers = {True: 1, False: 1}
    frames = []
    for place, (is_client, payload) in enumerate(said):
        ports = (40_000, port) if is_client else (port, 40_000)
        head = struct.pack(
            ">HHIIBBHHH",
            *ports, numbers[is_client], numbers[not is_client], 0x50, 0x18, 65_535, 0, 0,
        )  # fmt: skip
        numbers[is_client] += len(payload)
        frames.append(frame(place, 6, head + payload))
    return frames


def udp(datagrams: list[bytes], port: int) -> list[bytes]:
    """Return the frames of datagrams to a port."""
    head = [struct.pack(">HHHH", 40_000, port, 8 + len(data), 0) for data in datagrams]
    return [frame(at, 17, head[at] + data) for at, data in enumerate(datagrams)]


def dissected(file: Path, decode_as: str, *fields: str) -> list[list[str]]:
    """Return what tshark says of each packet."""
    command = ["tshark", "-n", "-r", str(file), "-d", decode_as, "-T", "fields"]
    for field in fields:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return [line.split("\t") for line in done.stdout.splitlines()]
