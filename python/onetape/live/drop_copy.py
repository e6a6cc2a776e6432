# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Hears one venue's drop copy, and hands what it says into the engine, as it came off the wire.

It decides nothing: the node compares. The venue's numbers stand in the messages, and so in the
journal: after a crash of any of the processes what the journal does not hold is asked for again,
and what it holds twice counts once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from onetape import _native
from onetape.errors import ConfigError, DecodeError
from onetape.events import OrderFormat, VenueLink, VenueLinkChanged, VenueMessageReceived
from onetape.journal import Entry
from onetape.live.adapters import Backoff
from onetape.live.adapters.fix._counts import Counts
from onetape.wire import fix

if TYPE_CHECKING:
    from onetape.live.config import DropCopyConfig
    from onetape.live.node import Node

log = logging.getLogger("onetape.live")

_READ_BYTES = 1 << 16
_LOOK_S = 0.05
_FULL_WAIT_S = 0.001
_CONNECT_S = 5.0
_ALIVE_S = 0.1
_BATCH_ENTRIES = 256
_SEQ_END = 2**64 - 1
_EXECUTION_REPORT, _MSG_SEQ_NUM = b"8", 34


class CopyInlet(Protocol):
    """The way into the engine."""

    def put(self, kind: int, version: int, body: bytes) -> bool:
        """Hand an entry in; False where there is no room."""


class DropCopy:
    """One venue's drop copy.

    Args:
        venue_id: Venue.
        inlet: Where its words go.
        config: Where it is to be had.
        counts: File that keeps the session's counts over restarts.
        heard: The number of the last message of it that the journal holds; 0 for none.
    """

    def __init__(
        self, venue_id: int, inlet: CopyInlet, config: DropCopyConfig, counts: Path, heard: int
    ) -> None:
        self.venue_id, self.config = venue_id, config
        self._inlet, self._heard = inlet, heard
        self._session = fix.Session(
            fix.SessionConfig(
                sender=config.username.encode(),
                target=config.target.encode(),
                initiator=True,
                heartbeat_s=config.heartbeat_s,
            )
        )
        self._counts = Counts(counts)
        self._sent = 0
        kept = self._counts.load()
        if kept is not None:
            self._session.restore(kept[0])
            self._sent = kept[1]
            self._session.closed()
        self._writer: asyncio.StreamWriter | None = None
        self._is_up = False

    async def run(self) -> None:
        """Hear it until cancelled; what breaks is made again."""
        backoff = Backoff(random.Random(), first_s=0.1, most_s=5.0)  # noqa: S311 - jitter
        try:
            while True:
                began, why = time.monotonic(), "ended"
                try:
                    why = await self._hear()
                except (OSError, TimeoutError) as err:
                    why = f"no connection: {type(err).__name__}"
                finally:
                    self._session.closed()
                    self._writer = None
                    if self._is_up:
                        self._is_up = False
                        await self._say_link(is_up=False, why=why)
                await asyncio.sleep(backoff.after(time.monotonic() - began))
        finally:
            self._counts.close()

    async def _hear(self) -> str:
        """Be connected, and return why that ended."""
        host, _, port = self.config.address.rpartition(":")
        async with asyncio.timeout(_CONNECT_S):
            reader, self._writer = await asyncio.open_connection(host, int(port))
        decoder = fix.Decoder()
        try:
            self._do(self._session.opened(time.time_ns()))
            while not self._writer.is_closing():
                data = None
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._wait_s()):
                        data = await reader.read(_READ_BYTES)
                if data == b"":
                    return "the venue closed the connection"
                for message in decoder.feed(data or b""):
                    if isinstance(message, bytes):
                        await self._take(message)
                self._do(self._session.tick(time.time_ns()))
            return "the session ended"
        finally:
            if self._writer is not None:
                self._writer.close()

    def _wait_s(self) -> float:
        return max(0.001, min(_LOOK_S, (self._session.deadline_ns - time.time_ns()) / 1e9))

    async def _take(self, raw: bytes) -> None:
        # What it says is handed in before the count that says it came is kept. What comes a second
        # time is handed in as well: the node knows what it has heard.
        if sequence_of(raw):
            event = VenueMessageReceived(
                venue_id=self.venue_id, format=OrderFormat.FIX44, reserved=0, tail=raw
            )
            await self._hand_in(event.KIND, event.VERSION, event.pack())
        outcome = self._session.receive(time.time_ns(), raw)
        self._do(outcome.effects)
        self._keep()
        if outcome.kind == "logged on" and not self._is_up:
            self._is_up = True
            await self._say_link(is_up=True, why="logged on")
            self._ask_again()

    def _ask_again(self) -> None:
        """Ask for what was heard and never came into the journal."""
        if self._heard + 1 < self._session.next_in:
            fields = [(7, str(self._heard + 1).encode()), (16, b"0")]
            self._do(self._session.send(time.time_ns(), b"2", fields))
            self._heard = self._session.next_in

    def _do(self, effects: Sequence[fix.Effect]) -> None:
        """Do what the session wants; its counts are kept before anything leaves."""
        for effect in effects:
            if effect.kind == "send":
                self._sent += 1
                self._keep()
                self._write(self._with_login(effect.message))
            elif effect.kind == "resend":
                self._fill_gap(effect.first, effect.last)
            elif self._writer is not None:
                self._writer.close()

    def _fill_gap(self, first: int, last: int) -> None:
        """Say that nothing of ours comes again: there was nothing in it."""
        before = self._sent - (self._session.next_out - 1)
        now = time.strftime("%Y%m%d-%H:%M:%S", time.gmtime()).encode()
        fields = [
            (_MSG_SEQ_NUM, str(first - before).encode()),
            (49, self.config.username.encode()),
            (56, self.config.target.encode()),
            (43, b"Y"),
            (52, now),
            (122, now),
            (123, b"Y"),
            (36, str(last - before + 1).encode()),
        ]
        self._write(fix.encode(b"4", fields))

    def _with_login(self, message: bytes) -> bytes:
        if fix.decode(message).msg_type != b"A":
            return message
        password = self.config.password.reveal().encode()
        return fix.with_login(message, self.config.username.encode(), password)

    def _write(self, data: bytes) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(data)

    def _keep(self) -> None:
        self._counts.save(self._session.save(), self._sent)

    async def _say_link(self, *, is_up: bool, why: str) -> None:
        event = VenueLinkChanged(
            next_message=0,
            session=b"",
            venue_id=self.venue_id,
            link=VenueLink.DROP_COPY,
            is_up=int(is_up),
            reserved=0,
            tail=why.encode(),
        )
        await self._hand_in(event.KIND, event.VERSION, event.pack())

    async def _hand_in(self, kind: int, version: int, body: bytes) -> None:
        while not self._inlet.put(kind, version, body):
            await asyncio.sleep(_FULL_WAIT_S)


def sequence_of(raw: bytes) -> int:
    """Return the number of an execution report; 0 for any other message."""
    try:
        message = fix.decode(raw)
    except DecodeError:
        return 0
    if message.msg_type != _EXECUTION_REPORT:
        return 0
    return int(message.find(_MSG_SEQ_NUM) or b"0")


def heard_before(entries: Iterable[Entry], venue_id: int) -> int:
    """Return the number of the last report of a venue's drop copy among entries of a journal.

    A drop copy that began to count anew, with a new day of the venue, is at its last number.
    """
    last = 0
    for entry in entries:
        event = entry.event
        if (
            isinstance(event, VenueMessageReceived)
            and event.venue_id == venue_id
            and event.format == OrderFormat.FIX44
        ):
            last = sequence_of(event.tail) or last
    return last


def run_drop_copy(node: Node, venue: str) -> None:
    """Hear a venue's drop copy until the process is ended.

    Raises:
        ConfigError: If the venue has none.
    """
    config = node.config.venues[venue].drop_copy
    if config is None:
        raise ConfigError(
            f"live.venues.{venue}: expected a drop copy, found none",
            code="LIV-023",
            hint=f"write [live.venues.{venue}.drop_copy] with address, username and password",
        )
    native = _native.Inlet(node.copy_inlet(venue))
    venue_id = node.venue_id(venue)
    heard = heard_before(_entries(node.journal), venue_id)
    copy = DropCopy(venue_id, native, config, node.folder / f"{venue}.drop-copy", heard)

    async def run() -> None:
        alive = asyncio.create_task(_stay_alive(native))
        try:
            await copy.run()
        finally:
            alive.cancel()

    asyncio.run(run())


def _entries(journal: Path) -> Iterable[Entry]:
    """Yield the messages of venues that a journal holds now."""
    reader = _native.JournalReader(journal)
    at_end = False
    while not at_end:
        found, at_end, _ = reader.take(
            _BATCH_ENTRIES, [VenueMessageReceived.KIND], (_SEQ_END, None)
        )
        yield from (Entry(*fields) for fields in found)


async def _stay_alive(native: _native.Inlet) -> None:
    while True:
        native.live(0)
        await asyncio.sleep(_ALIVE_S)
