# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A plain OUCH writer: it knows the tables of the specifications and nothing of ours."""

import json
import struct
from pathlib import Path
from typing import Any

FORMATS = {"u8": ">B", "u16": ">H", "u32": ">I", "u64": ">Q", "price4": ">I", "price4/u64": ">Q"}
FORMATS |= {"i32": ">i", "i32 price4": ">i"}
Value = int | str


def layouts(shared: Path, version: str) -> dict[str, Any]:
    """Return the tables of `ouch42` or `ouch50`."""
    return json.loads((shared / "protocols" / "layouts.json").read_text("utf-8"))[version]


def field(kind: str, length: int, value: Value) -> bytes:
    """Return a field's bytes."""
    if isinstance(value, str):
        return value.ljust(length).encode("latin-1")
    data = struct.pack(FORMATS[kind], value)
    assert len(data) == length
    return data


def fixed(layout: dict[str, Any], code: str, values: list[Value]) -> bytes:
    """Return the fixed part of a message, without the length of an appendage."""
    fields = [f for f in layout["fields"][1:] if f["name"] != "Appendage Length"]
    data = code.encode()
    for each, value in zip(fields, values, strict=True):
        assert each["offset"] == len(data)
        data += field(each["type"], each["len"], value)
    return data


def appendage(elements: list[tuple[int, bytes]]) -> bytes:
    """Return a length and the elements."""
    data = b"".join(bytes([1 + len(value), tag]) + value for tag, value in elements)
    return struct.pack(">H", len(data)) + data
