# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""ITCH 5.0 from the table of layouts beside the repository: no code of ours has a part in it."""

import json
from pathlib import Path
from typing import Any

SIZES = {"u16": 2, "u32": 4, "price4": 4, "u48": 6, "u64": 8, "price8": 8}


def layouts(shared: Path) -> dict[str, Any]:
    """Return each message's layout by type."""
    text = (shared / "protocols" / "layouts.json").read_text("utf-8")
    table: dict[str, Any] = json.loads(text)["itch50"]
    return table


def build(layout: dict[str, Any], code: str, values: list[int | str]) -> bytes:
    """Return a message's bytes; `values` are those after the type, in order."""
    out = bytearray(layout["length"])
    out[0] = ord(code)
    for field, value in zip(layout["fields"][1:], values, strict=True):
        start, end = field["offset"], field["offset"] + field["len"]
        if isinstance(value, int):
            assert SIZES[field["type"]] == field["len"]
            out[start:end] = value.to_bytes(field["len"], "big")
        else:
            out[start:end] = value.ljust(field["len"]).encode("latin-1")
    return bytes(out)
