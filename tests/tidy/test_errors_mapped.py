# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Every variant of every Rust error has its Python class: the walk over the enums."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Errors that stay in Rust, with why. Nothing that a person could meet belongs here.
INTERNAL = {
    "FrameError": "as SegmentError",
    "MessageError": "crates/io says it in words, as ReplicaError::Protocol",
    "VoteError": "likewise",
    "SegmentError": "crates/io says it in words, with file and byte, as JournalFileError::Corrupt",
    "SnapshotFileError": "likewise",
}


def error_enums() -> dict[str, list[str]]:
    """Return the variants of each public enum called …Error in core and io."""
    found: dict[str, list[str]] = {}
    for crate in ("core", "io"):
        for path in (ROOT / "crates" / crate / "src").rglob("*.rs"):
            for name, body in re.findall(
                r"(?ms)^pub enum (\w+Error) \{\n(.*?)^\}", path.read_text("utf-8")
            ):
                found[name] = re.findall(r"(?m)^    ([A-Z]\w*)", body)
    return found


def test_every_variant_is_mapped():
    bindings = "\n".join(p.read_text("utf-8") for p in (ROOT / "crates/py/src").rglob("*.rs"))
    missing = [
        f"{enum}::{variant}"
        for enum, variants in sorted(error_enums().items())
        for variant in variants
        if enum not in INTERNAL and f"{enum}::{variant}" not in bindings
    ]
    assert not missing, f"crates/py/src/errors.rs says nothing of {missing}"


def test_the_walk_sees_the_enums():
    assert error_enums()["DecimalError"] == ["Syntax", "TooLarge", "Inexact"]


def test_every_class_named_in_rust_exists():
    from onetape import errors

    for path in (ROOT / "crates/py/src").rglob("*.rs"):
        for name in re.findall(r'"(\w+Error)"', path.read_text("utf-8")):
            assert issubclass(getattr(errors, name), errors.OnetapeError), name
