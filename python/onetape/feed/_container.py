# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What a file is wrapped in: nothing, gzip, Zstandard or a zip; told by its first bytes."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Literal, cast

import zstandard

from onetape.errors import DecodeError

Codec = Literal["plain", "gzip", "zstd", "deflate"]

HEAD_BYTES = 64 * 1024
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_ZIP = b"PK\x03\x04"
_SKIPPABLE = (b"\x2a\x4d\x18", range(0x50, 0x60))
_LOCAL_HEADER_BYTES = 30
_DAMAGED = (
    zlib.error,
    zstandard.ZstdError,
    EOFError,
    gzip.BadGzipFile,
    zipfile.BadZipFile,
)


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

    @contextmanager
    def open(self) -> Iterator[Reader]:
        """Open the decompressed bytes.

        Raises:
            DecodeError: If the compression is damaged, also later, while they are read.
            OSError: If the operating system cannot read the file.
        """
        try:
            with self.path.open("rb") as raw:
                if self.member is not None:
                    with zipfile.ZipFile(raw) as zipped:
                        total = zipped.getinfo(self.member).file_size
                        with zipped.open(self.member) as stream:
                            yield Reader(stream, stream, total)
                    return
                total = self.path.stat().st_size
                if self.codec == "gzip":
                    yield Reader(_unzipped(raw), raw, total)
                elif self.codec == "zstd":
                    decompressor = zstandard.ZstdDecompressor()
                    stream = decompressor.stream_reader(raw, read_across_frames=True)
                    yield Reader(stream, raw, total)
                else:
                    yield Reader(raw, raw, total)
        except (
            zlib.error,
            zstandard.ZstdError,
            EOFError,
            gzip.BadGzipFile,
            zipfile.BadZipFile,
        ) as e:
            raise self._damaged(e) from e

    def head(self) -> bytes:
        """Return the first decompressed bytes, at most `HEAD_BYTES`."""
        with self.open() as reader:
            parts = []
            left = HEAD_BYTES
            while left and (part := reader.stream.read(left)):
                parts.append(part)
                left -= len(part)
            return b"".join(parts)

    def _damaged(self, err: Exception) -> DecodeError:
        return DecodeError(
            f"{self}: the {self.codec} compression is damaged: {err}",
            code="SRC-003",
            hint="get the file again from where it came",
        )


@dataclass(frozen=True)
class Reader:
    """A stream of bytes, and how far along its file it is."""

    stream: IO[bytes]
    counted: IO[bytes]
    bytes_total: int

    @property
    def bytes_done(self) -> int:
        """Bytes done: of the file, or of the member once decompressed."""
        return self.counted.tell()


def _unzipped(raw: IO[bytes]) -> IO[bytes]:
    return cast("IO[bytes]", gzip.GzipFile(fileobj=raw))


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
