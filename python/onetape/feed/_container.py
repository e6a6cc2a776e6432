# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What a file is wrapped in: nothing, gzip, Zstandard or a zip; told by its first bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from onetape._native import ByteStream
from onetape.errors import DecodeError

if TYPE_CHECKING:
    from typing_extensions import Buffer

Codec = Literal["plain", "gzip", "zstd", "deflate"]

HEAD_BYTES = 64 * 1024
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_ZIP = b"PK\x03\x04"
_SKIPPABLE = (b"\x2a\x4d\x18", range(0x50, 0x60))
_LOCAL_HEADER_BYTES = 30
_BUFFER_BYTES = 1 << 20


@dataclass(frozen=True)
class Container:
    """Bytes of a file, or of a member of a zip, and how they are compressed.

    Attributes:
        path: The file.
        name: Name of what is inside, without the ending of its compression.
        codec: How the bytes are compressed.
        offset: First byte in the file.
        length: Bytes in the file; None for all that follow.
        member: Name in the zip, if it is one.
    """

    path: Path
    name: str
    codec: Codec
    offset: int = 0
    length: int | None = None
    member: str | None = None

    def __str__(self) -> str:
        return f"{self.path}: {self.member}" if self.member else str(self.path)

    def open(self) -> Reader:
        """Open the decompressed bytes; reading them may raise DecodeError (damage) and OSError."""
        native = ByteStream(self.path, codec=self.codec, offset=self.offset, length=self.length)
        return Reader(native)

    def head(self) -> bytes:
        """Return the first decompressed bytes, at most `HEAD_BYTES`."""
        with self.open() as reader:
            return reader.read(HEAD_BYTES)


class _Raw(io.RawIOBase):
    """A native stream as Python's libraries take it."""

    def __init__(self, native: ByteStream) -> None:
        self._native = native

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        view = memoryview(buffer).cast("B")
        part = self._native.read(len(view))
        view[: len(part)] = part
        return len(part)


class Reader(io.BufferedReader):
    """Decompressed bytes, and how far along their file they are."""

    def __init__(self, native: ByteStream) -> None:
        super().__init__(_Raw(native), _BUFFER_BYTES)
        self._native = native

    @property
    def bytes_done(self) -> int:
        """Bytes of the file that were read, compressed if it is."""
        return self._native.progress()[0]

    @property
    def bytes_total(self) -> int:
        """Bytes of the file."""
        return self._native.progress()[1]


def is_dbz(magic: bytes) -> bool:
    """Whether a file is DBZ, DBN's predecessor: its header is a skippable Zstandard frame."""
    return magic[1:4] == _SKIPPABLE[0] and magic[8:11] == b"DBZ"


def containers(path: Path) -> list[Container]:
    """Return what a file holds: itself, or the members of a zip, folders left out.

    Raises:
        DecodeError: If it is a zip and damaged or encrypted.
        OSError: If the operating system cannot read the file.
    """
    with path.open("rb") as raw:
        magic = raw.read(12)
    if magic.startswith(_ZIP):
        return list(_members(path))
    if magic.startswith(_GZIP):
        return [Container(path, path.name.removesuffix(".gz"), "gzip")]
    is_skippable = magic[1:4] == _SKIPPABLE[0] and magic[0] in _SKIPPABLE[1]
    if magic.startswith(_ZSTD) or is_skippable:
        return [Container(path, path.name.removesuffix(".zst"), "zstd")]
    return [Container(path, path.name, "plain")]


def sibling(container: Container, name: str) -> Container | None:
    """Return the file or member `name` beside one, compressed or not, if there is one."""
    if container.member is not None:
        members = {Path(m.member or "").name: m for m in _members(container.path)}
        return members.get(name)
    for ending in ("", ".gz", ".zst"):
        beside = container.path.with_name(name + ending)
        if beside.is_file():
            return replace(containers(beside)[0], name=name)
    return None


def _members(path: Path) -> Iterator[Container]:
    codecs: dict[int, Codec] = {zipfile.ZIP_STORED: "plain", zipfile.ZIP_DEFLATED: "deflate"}
    try:
        with zipfile.ZipFile(path) as zipped, path.open("rb") as raw:
            for info in zipped.infolist():
                if info.is_dir():
                    continue
                codec = codecs.get(info.compress_type)
                if codec is None or info.flag_bits & 1:
                    raise DecodeError(
                        f"{path}: {info.filename} is encrypted or not deflated",
                        code="SRC-003",
                        hint="unpack the zip and give the file in it",
                    )
                raw.seek(info.header_offset)
                header = raw.read(_LOCAL_HEADER_BYTES)
                names = int.from_bytes(header[26:28], "little") + int.from_bytes(
                    header[28:30], "little"
                )
                start = info.header_offset + _LOCAL_HEADER_BYTES + names
                name = Path(info.filename).name
                yield Container(path, name, codec, start, info.compress_size, info.filename)
    except zipfile.BadZipFile as err:
        raise DecodeError(
            f"{path}: the zip is damaged: {err}",
            code="SRC-003",
            hint="get the file again from where it came",
        ) from err
