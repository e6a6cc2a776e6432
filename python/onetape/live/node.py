# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What a node is made of: its configuration as plain values, its folder, its engine.

The engine runs no Python: what is done here is done before it starts.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from onetape import _native
from onetape.errors import ConfigError
from onetape.events import LimitsTaken
from onetape.exchange.control import SOCKET, TOKEN, write_names
from onetape.journal.config import JournalConfig
from onetape.live.bookings import bookings
from onetape.live.config import LiveConfig
from onetape.live.definitions import Definition, definitions, listings
from onetape.live.generations import changed_definitions
from onetape.live.limits import LimitReader
from onetape.live.numbers import given_before, numbered
from onetape.risk import RiskConfig
from onetape.trading.loading import code_hash, is_installed, load_strategy, source_text
from onetape.types import Instrument

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onetape.config import Loaded
    from onetape.trading import Strategy

#: Where processes share memory, if the system has it.
MEMORY = Path("/dev/shm")  # noqa: S108 - the node makes a folder of its own there
#: Days whose midnights are known from the start: a node is started again before they are over.
DAYS = 400
#: First id of a strategy as a source of entries (`sources` in the core).
STRATEGY_SOURCE = 0x100
#: First id of a venue as a source of entries.
VENUE_SOURCE = 0x1_0000
#: First id of what hears a venue's drop copy.
COPY_SOURCE = 0x2_0000


@dataclass(frozen=True)
class Source:
    """Where a strategy is written. The engine reads its text and never imports it.

    Attributes:
        place: "file.py:Class", or "package.module:Class".
        base: Folder that a relative file counts from; None for the working directory.
    """

    place: str
    base: Path | None

    def text(self) -> str:
        """Return its file's text.

        Raises:
            ConfigError: If there is no such file.
        """
        if is_installed(self.place):
            return source_text(self.load())
        path = (self.base or Path()) / self.place.rpartition(":")[0]
        try:
            return path.read_text("utf-8")
        except OSError as err:
            raise ConfigError(
                f"live.strategies: expected a Python file, found none at {path}",
                code="LIV-008",
                hint='write file = "file.py:Class", the file relative to the configuration',
            ) from err

    def load(self) -> type[Strategy]:
        """Import it."""
        return load_strategy(self.place, self.base)


class Node:
    """A node's configuration, worked out: the same in the engine's process and in every other.

    Args:
        loaded: Its configuration, of the sections in `onetape.live.config`.
        base: Folder that strategies' files are relative to.
        own: Where strategies beside those of the configuration are written, by name.

    Raises:
        ConfigError: If a value is wrong; nothing was started.
    """

    def __init__(
        self, loaded: Loaded, base: Path | None, own: Mapping[str, str] | None = None
    ) -> None:
        self.loaded, self.config = loaded, loaded.section(LiveConfig)
        self.folder = Path(self.config.folder)
        self.journal = self.folder / "journal"
        self.shared = _shared(self.folder)
        named = {name: Source(it.file, base) for name, it in self.config.strategies.items()}
        self.strategies = named | {name: Source(it, None) for name, it in (own or {}).items()}
        #: What the guardian leaves when it has acted, for the engine and for people.
        self.guardian_file = self.folder / "guardian.acted"
        #: While it is there adapters send no new order; in memory, so that no disk is waited for.
        self.bar = self.shared / "guardian.bar"
        self.listings = listings(self.config)
        self._midnights_ns = _midnights_ns(self.config)
        self.limit_reader = LimitReader(self.config, self.folder, base, self.strategy_ids())

    def limits(self) -> dict[str, Any]:
        """Return the core's limits; every process has the same."""
        return {
            "orders_max": self.config.orders_max,
            "instruments_max": len(self.listings),
            "venues_max": len(self.config.venues),
            "strategies_max": max(self.strategy_ids().values(), default=1),
            "own_orders_max": self.config.own_orders_max,
            "midnight_ns": self._midnights_ns[0],
            "rules": self.config.market_data.rules(),
        }

    def inlet(self, name: str) -> Path:
        """Return where a strategy hands in what it asks for."""
        return self.shared / f"{STRATEGY_SOURCE + self.strategy_id(name):x}.inlet"

    def adapter_inlet(self, venue: str) -> Path:
        """Return where a venue's adapter hands in what the venue says."""
        return self.shared / f"{VENUE_SOURCE + self.venue_id(venue):x}.inlet"

    def copy_inlet(self, venue: str) -> Path:
        """Return where what a venue's drop copy says is handed in."""
        return self.shared / f"{COPY_SOURCE + self.venue_id(venue):x}.inlet"

    def copies(self) -> list[str]:
        """Return the venues that have a drop copy."""
        return [name for name, venue in self.config.venues.items() if venue.drop_copy is not None]

    def venue_id(self, name: str) -> int:
        """Return a venue's id.

        Raises:
            ConfigError: If there is none of this name.
        """
        return _place_of(name, list(self.config.venues), "venues")

    def adapters(self) -> list[str]:
        """Return the venues that adapters speak with."""
        venues = self.config.venues.items()
        return [name for name, venue in venues if venue.protocol != "ouch50"]

    def instruments(self, venue: str) -> list[Instrument]:
        """Return what is traded at a venue."""
        return [
            Instrument(
                id=listing.instrument_id,
                symbol=listing.symbol,
                currency=listing.currency,
                tick_e9=listing.tick_e9,
                lot_e9=listing.lot_e9,
            )
            for listing in self.listings
            if listing.venue == venue
        ]

    def inlines(self) -> list[str]:
        """Return the strategies that run on the engine's thread."""
        known = self.config.strategies.items()
        return [name for name, strategy in known if strategy.place == "inline"]

    def strategy_id(self, name: str) -> int:
        """Return a strategy's id.

        Raises:
            ConfigError: If there is none of this name.
        """
        _place_of(name, list(self.strategies), "strategies")
        return self.strategy_ids()[name]

    def strategy_ids(self) -> dict[str, int]:
        """Return every strategy's id, also of those that the configuration had once."""
        before = given_before(self.folder, self.journal, "strategies")
        return numbered(self.strategies, before)

    def engine(self) -> _native.LiveEngine:
        """Bring the engine to life.

        Raises:
            ConfigError: If a value is wrong, or an address cannot be had.
            JournalError: If its journal is damaged, or another process writes it.
        """
        config = self.config
        self.folder.mkdir(parents=True, exist_ok=True)
        if not config.guarded:
            self.bar.unlink(missing_ok=True)  # Of a guardian that there is no more.
        numbers = self._numbers()
        journal = self.loaded.section(JournalConfig)
        plain: dict[str, Any] = {
            "journal": self.journal,
            "fsync": journal.mode == "fsync",
            "segment_bytes": journal.segment_bytes,
            "shared": self.shared,
            "inlet_bytes": config.inlet_bytes,
            "config_json": self._record().decode(),
            "limits": self.limits(),
            "midnights_ns": self._midnights_ns,
            "snapshot_entries": config.snapshot_entries,
            "venues": self._venues(),
            "strategies": self._sources(),
            "control": self.folder / SOCKET,
            "token": self.folder / TOKEN,
            "kill_file": Path(config.kill_file) if config.kill_file else None,
            "guardian_file": self.guardian_file if config.guarded else None,
            "operator_silence_ms_max": config.operator_silence_ms_max,
            "busy_poll": config.busy_poll,
        }
        made, record = self._definitions(), plain["config_json"].encode()
        engine = _native.LiveEngine(
            plain, made, lambda before: changed_definitions(before, record, made)
        )
        # Only now: a configuration that was refused must not number anything.
        write_names(self.folder, numbers)
        return engine

    def _definitions(self) -> list[Definition]:
        """Return what a new journal begins with, behind its configuration."""
        ids = self.strategy_ids()
        out = definitions(self.config, self.loaded.section(RiskConfig), ids)
        texts = {name: source.text() for name, source in self.strategies.items()}
        booked = bookings(self.config, self.listings, texts, ids)
        out += [(event.KIND, event.VERSION, event.pack()) for event in booked]
        is_new = not self.journal.exists() or not any(self.journal.iterdir())
        if is_new and (taken := self.limit_reader.first()) is not None:
            out.append((LimitsTaken.KIND, LimitsTaken.VERSION, taken))
        return out

    def _record(self) -> bytes:
        """Return what the journal begins with."""
        record = {
            "config": msgspec.json.decode(self.loaded.canonical_json()),
            "limits": self.limits(),
            "strategies": {name: source.text() for name, source in self.strategies.items()},
            "numbers": self._numbers(),
        }
        return msgspec.json.encode(record, order="sorted")

    def _numbers(self) -> dict[str, dict[str, int]]:
        """Return the number that each name has in the journal."""
        listed = {f"{it.symbol}@{it.venue}": it.instrument_id for it in self.listings}
        return {
            "strategies": self.strategy_ids(),
            "venues": {name: at for at, name in enumerate(self.config.venues, 1)},
            "instruments": listed,
        }

    def _venues(self) -> list[dict[str, Any]]:
        return [
            {
                "id": at,
                "name": name,
                "order_entry": venue.order_entry,
                "username": venue.username,
                "password": venue.password.reveal(),
                "lines": venue.lines,
                "interface": venue.interface,
                "rerequest": venue.rerequest,
                "glimpse": venue.glimpse,
                "glimpse_username": venue.glimpse_username,
                "glimpse_password": venue.glimpse_password.reveal(),
                "feed": msgspec.structs.asdict(venue.feed),
                "has_drop_copy": venue.drop_copy is not None,
            }
            for at, (name, venue) in enumerate(self.config.venues.items(), 1)
        ]

    def _sources(self) -> list[dict[str, Any]]:
        known, ids = self.config.strategies, self.strategy_ids()
        return [
            {
                "id": ids[name],
                "name": name,
                "code_hash": code_hash(source.text()),
                "silence_ms_max": known[name].silence_ms_max if name in known else 1_000,
                "symbols": known[name].symbols if name in known else [],
                "is_inline": name in self.inlines(),
            }
            for name, source in self.strategies.items()
        ]


def _place_of(name: str, names: list[str], kind: str) -> int:
    if name not in names:
        raise ConfigError(
            f"live.{kind}: expected one of {', '.join(names) or 'none'}, found {name!r}",
            code="LIV-004",
            hint="name one of the configuration",
        )
    return names.index(name) + 1


def _shared(folder: Path) -> Path:
    """Return where the processes of this node share memory: the same for all of them."""
    digest = hashlib.blake2b(str(folder.resolve()).encode(), digest_size=6).hexdigest()
    memory = MEMORY if os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    return memory / f"onetape-{os.getuid()}-{digest}"


def _midnights_ns(config: LiveConfig) -> list[int]:
    """Return the midnights of the trading day and of those that may follow it."""
    try:
        zone = ZoneInfo(config.timezone)
    except (ZoneInfoNotFoundError, ValueError) as err:
        raise ConfigError(
            f"live.timezone: expected a name of the IANA time zones, found {config.timezone!r}",
            code="LIV-005",
            hint="for instance UTC, America/New_York or Europe/Stockholm",
        ) from err
    try:
        day = date.fromisoformat(config.date) if config.date else datetime.now(zone).date()
    except ValueError as err:
        raise ConfigError(
            f"live.date: expected a day as YYYY-MM-DD, found {config.date!r}",
            code="LIV-005",
            hint="leave it empty for today",
        ) from err
    days = (day + timedelta(days=at) for at in range(DAYS))
    return [int(datetime.combine(it, time(), zone).timestamp()) * 1_000_000_000 for it in days]
