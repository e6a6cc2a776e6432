# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A plain reader of captures, for tests: the UDP and TCP payloads of a pcap file of Ethernet."""

import struct
from pathlib import Path

UDP, TCP = 17, 6
MAGICS = {0xA1B2C3D4, 0xA1B23C4D}  # times in microseconds, in nanoseconds


def payloads(path: Path) -> list[tuple[int, bytes]]:
    """Return (protocol, payload) of each packet of a classic pcap file, in order."""
    data = path.read_bytes()
    order = next(o for o in "<>" if struct.unpack(o + "I", data[:4])[0] in MAGICS)
    assert struct.unpack_from(order + "I", data, 20)[0] == 1, "not Ethernet"
    found, at = [], 24
    while at < len(data):
        length = struct.unpack_from(order + "I", data, at + 8)[0]
        found.append(_transport(data[at + 16 : at + 16 + length]))
        at += 16 + length
    return found


def _transport(packet: bytes) -> tuple[int, bytes]:
    """Return the payload of an Ethernet packet that carries IPv4."""
    at = 14
    while packet[at - 2 : at] == b"\x81\x00":
        at += 4
    assert packet[at - 2 : at] == b"\x08\x00", "not IPv4"
    protocol = packet[at + 9]
    end = at + struct.unpack_from(">H", packet, at + 2)[0]
    at += 4 * (packet[at] & 15)
    assert protocol in {UDP, TCP}
    head = 8 if protocol == UDP else 4 * (packet[at + 12] >> 4)
    return protocol, packet[at + head : end]
