# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The file that keeps a session's counts, so that a restarted adapter goes on where it was."""

from __future__ import annotations

import os
from pathlib import Path
from struct import Struct
from zlib import crc32

_HEAD = Struct("<4sIQI")
_MAGIC = b"OTF1"


class Counts:
    """Keeps what the session said of itself; one write a change, whole or not believed.

    Args:
        path: The file; made if need be.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def load(self) -> tuple[bytes, int] | None:
        """Return the session's state and how many messages it sent; None where there is none."""
        data = os.pread(self._file, 1 << 16, 0)
        if len(data) < _HEAD.size:
            return None
        magic, size, sent, checksum = _HEAD.unpack_from(data)
        state = data[_HEAD.size : _HEAD.size + size]
        is_whole = magic == _MAGIC and len(state) == size and crc32(state) == checksum
        return (state, sent) if is_whole else None

    def save(self, state: bytes, sent: int) -> None:
        """Keep the session's state."""
        head = _HEAD.pack(_MAGIC, len(state), sent, crc32(state))
        os.pwrite(self._file, head + state, 0)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)
