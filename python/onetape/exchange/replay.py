# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Runs an exchange's journal again, and compares all that came of it with what is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from onetape import _native
from onetape.errors import ReplayMismatchError
from onetape.events import ConfigLoaded, FirmDefined, InstrumentDefined
from onetape.exchange.config import MarketConfig, MembersConfig
from onetape.exchange.definitions import limits
from onetape.journal import open_journal
from onetape.journal.mismatch import entry_mismatch

#: Bytes of a message that are shown where it differs.
_SHOWN_BYTES = 64
_HINT = "the folder was made by another version, or was changed, or this is a bug: keep it"


class StreamReplay(msgspec.Struct, frozen=True, kw_only=True):
    """A day's stream of numbered messages.

    Attributes:
        date: The day, as yyyymmdd.
        wire: Protocol and user name, or ITCH.
        messages: Messages that the journal leads to.
        equal: Messages on disk that were compared, byte for byte.
        stored: Messages that had been released, on disk; None when the stream is not there.
    """

    date: int
    wire: str
    messages: int
    equal: int
    stored: int | None


class ExchangeReplay(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay of an exchange found; nothing differs.

    Attributes:
        journal: Folder of the journal.
        entries: Entries taken in: up to the journal's present end.
        inputs: Inputs among them.
        outputs: Outputs among them; each was compared.
        outputs_missing: Outputs of the last input that the journal does not hold yet.
        state_hash: Digest of the final state, 16 hexadecimal digits.
        snapshots: Entries of the snapshots whose state hash was compared.
        streams: What was compared of the wires.
    """

    journal: str
    entries: int
    inputs: int
    outputs: int
    outputs_missing: int
    state_hash: str
    snapshots: list[int]
    streams: list[StreamReplay]


def is_exchange(journal: str | Path) -> bool:
    """Return whether a journal is an exchange's, by what it begins with."""
    first = next(iter(open_journal(journal)), None)
    if first is None:
        return False
    if first.kind == ConfigLoaded.KIND:
        return "exchange" in _config(_native.read_config(Path(journal)))
    # An exchange's of before it said how large it is.
    return first.kind in (InstrumentDefined.KIND, FirmDefined.KIND)


def replay_exchange(
    journal: str | Path,
    *,
    streams: str | Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> ExchangeReplay:
    """Run an exchange's journal again from its first entry, without a snapshot.

    Only reads: the exchange may run meanwhile, and is compared up to its journal's present end.

    Args:
        journal: Folder of the journal.
        streams: Folder of the streams; None: `streams` beside the journal.
        progress: Called now and then with the entries done.

    Raises:
        JournalError: If the journal or a stream cannot be read.
        ReplayMismatchError: If an output, a state hash or a message differs; it names the first.
    """
    folder = Path(journal)
    beside = folder.parent / "streams" if streams is None else Path(streams)
    native = _native.replay_exchange(folder, beside, _limits_of, progress)
    found = native.pop("mismatch")
    if found is not None:
        raise _mismatch(folder, *found)
    rows = native.pop("streams")
    return ExchangeReplay(
        journal=str(folder),
        streams=[
            StreamReplay(
                date=date, wire=wire, messages=made, equal=equal,
                stored=stored if is_stored else None,
            )
            for date, wire, made, equal, stored, is_stored in rows
        ],
        **native,
    )  # fmt: skip


def _config(text: str | bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _limits_of(texts: list[bytes]) -> dict[str, int]:
    """Return how much the market held at most, as its configurations say; else the defaults."""
    defaults = limits(MembersConfig(), MarketConfig())
    known = [found for text in texts if (found := _config(text).get("exchange"))]
    if not known:
        many = 1 << 16
        return {**defaults, "instruments_max": many, "ports_max": many, "firms_max": many}
    return {
        name: max(int(found.get(name, least)) for found in known)
        for name, least in defaults.items()
    }


def _mismatch(folder: Path, kind: str, what: tuple[Any, ...]) -> ReplayMismatchError:
    """Say what differs first, and where."""
    if kind == "entry":
        return entry_mismatch(folder, *what)
    if kind == "hash":
        seq, made, stands = what
        text = f"the state after entry {seq} has the hash {made}, its snapshot says {stands}"
    else:
        date, wire, number, seq, made, stored = what
        where = f"day {date}, {wire}, message {number}"
        if seq:
            text = f"{where}: entry {seq} leads to {_bytes(made)}, on disk is {_bytes(stored)}"
        else:
            text = f"{where}: it is on disk, and the journal leads to no such message"
    return ReplayMismatchError(f"{folder}: {text}", code="RPL-005", hint=_HINT)


def _bytes(message: bytes) -> str:
    """Return a message for people: as text with its length, the middle left out."""
    shown = repr(bytes(message[:_SHOWN_BYTES]))[1:]
    more = "…" if len(message) > _SHOWN_BYTES else ""
    return f"{shown}{more} ({len(message)} bytes)"
