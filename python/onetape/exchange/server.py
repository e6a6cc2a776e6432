# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""An exchange that listens: configuration in, sockets out. The engine runs no Python.

What Python does here: turn the configuration into definitions, put instruments into the phases that
the schedule names, and wait.
"""

from __future__ import annotations

import logging
import os
import threading
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from onetape import _native
from onetape.errors import ConfigError, OnetapeError, VenueError
from onetape.exchange.config import (
    ContinuityConfig,
    ExchangeConfig,
    FeedConfig,
    GatewayConfig,
    MarketConfig,
    MembersConfig,
    PhaseName,
)
from onetape.exchange.control import SOCKET, TOKEN, Control, write_names
from onetape.exchange.definitions import definitions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from onetape.config import Loaded

log = logging.getLogger("onetape.exchange")

#: How often a standby is looked at.
LOOK_S = 0.2
#: How long it may take to end.
LEAVE_S = 10.0
PROTOCOLS = ("ouch50", "ouch42", "fix44", "fix50sp2")


class _Engine(threading.Thread):
    """Runs the engine, and keeps what it raised."""

    def __init__(self, serve: Callable[[], None], core: int) -> None:
        super().__init__(name="engine")
        self._serve, self._core = serve, core
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            if self._core >= 0:
                os.sched_setaffinity(0, {self._core})  # Of this thread alone.
            self._serve()
        except (OnetapeError, OSError) as err:
            self.error = err


@contextmanager
def _off_core(core: int) -> Iterator[None]:
    """Keep off a core, with every thread that is started meanwhile: it is the engine's alone."""
    before = os.sched_getaffinity(0)
    others = before - {core}
    os.sched_setaffinity(0, others or before)  # Of this thread; those it starts have the same.
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Exchange:
    """A running exchange.

    Args:
        loaded: Its configuration, of the sections in `onetape.exchange.config`.
        follow: Says of the standby whether to go on following, whenever something happened or a
            while has passed. With it, the node starts as standby and this returns when it is the
            primary. Without it, a node of a cluster starts as its primary.
        force: Take a term of the witness though entries may be lost.

    Raises:
        ConfigError: If a value is wrong, or an address cannot be had.
        JournalError: If its journal is damaged, or another process writes it.
        ClusterError: If the cluster has no place for this node as it is.
    """

    def __init__(
        self,
        loaded: Loaded,
        *,
        follow: Callable[[_native.ExchangeStandby], bool] | None = None,
        force: bool = False,
    ) -> None:
        self._config = loaded.section(ExchangeConfig)
        self._folder = Path(self._config.journal)
        members, market = loaded.section(MembersConfig), loaded.section(MarketConfig)
        self._day = _day(self._config)
        self._zone = _zone(self._config.timezone)
        plain, defined = self._plain(loaded), definitions(members, market)
        cluster = _cluster(loaded, force=force)
        with _off_core(self._config.core):
            if follow is None:
                self._server = _native.ExchangeServer(plain, defined, cluster)
            else:
                self._server = _followed(plain, defined, cluster, follow)
        write_names(
            self._folder,
            {
                kind: {name: at for at, name in enumerate(names, start=1)}
                for kind, names in (
                    ("instruments", market.instruments),
                    ("firms", members.firms),
                    ("ports", members.ports),
                )
            },
        )

    def addresses(self) -> dict[str, str]:
        """Return where it listens: what, and where."""
        return dict(self._server.addresses())

    def run(
        self, *, seconds: float | None = None, on_ready: Callable[[], None] | None = None
    ) -> None:
        """Serve until `stop`, Ctrl-C or, if given, for so many seconds.

        Args:
            seconds: How long; None: until it is stopped.
            on_ready: Called once, on another thread, when instruments are in the day's first phase.

        Raises:
            JournalError: If the journal cannot be written any more; it stopped then.
        """
        ending = threading.Event()
        keeper = threading.Thread(target=self._keep_schedule, args=(ending, on_ready), daemon=True)
        engine = _Engine(self._server.run, self._config.core)
        engine.start()
        keeper.start()
        try:
            # The engine has a thread of its own: signals are Python's, and are taken here.
            engine.join(seconds)
        finally:
            ending.set()
            self.stop()
            engine.join()
            keeper.join()
        if engine.error is not None:
            raise engine.error

    def stop(self) -> None:
        """Have `run` return: sessions are told, the journal is closed."""
        self._server.stop()

    def close(self) -> None:
        """Give back sockets and files."""
        self._server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _plain(self, loaded: Loaded) -> dict[str, Any]:
        """Return what the engine is told, as JSON can say it."""
        gateway, feed = loaded.section(GatewayConfig), loaded.section(FeedConfig)
        members, market = loaded.section(MembersConfig), loaded.section(MarketConfig)
        addresses = {protocol: getattr(gateway, protocol) for protocol in PROTOCOLS}
        ports = []
        for at, (username, port) in enumerate(members.ports.items(), start=1):
            if not addresses[port.protocol]:
                raise ConfigError(
                    f"members.ports.{username}: it speaks {port.protocol}, which is not served",
                    code="CFG-007",
                    hint=f"give [gateway] an address for it: {port.protocol} = '127.0.0.1:0'",
                )
            ports.append(
                {
                    "id": at,
                    "username": username,
                    "password": port.password.reveal(),
                    "protocol": port.protocol,
                    "address": addresses[port.protocol],
                }
            )
        midnight = datetime.combine(self._day, time(), _zone(self._config.timezone))
        return {
            "folder": str(self._folder),
            "control": self._config.control or str(self._folder / SOCKET),
            "token": str(self._folder / TOKEN),
            "commit": self._config.commit,
            "segment_bytes": self._config.segment_bytes,
            "tick_ms": self._config.tick_ms,
            "snapshot_minutes": self._config.snapshot_minutes,
            "busy_poll": self._config.busy_poll,
            "touch_memory": self._config.touch_memory,
            "date": int(self._day.strftime("%Y%m%d")),
            "midnight_ts_ns": int(midnight.timestamp()) * 1_000_000_000,
            "session": f"OT{self._day:%Y%m%d}",
            "ports": ports,
            "connections_max": gateway.connections_max,
            "output_bytes_max": gateway.output_bytes_max,
            "stalled_ms": gateway.stalled_ms,
            "lines": feed.lines,
            "interface": feed.interface,
            "ttl": feed.ttl,
            "rerequest": feed.rerequest,
            "glimpse": feed.glimpse,
            "glimpse_users": [(name, word.reveal()) for name, word in feed.glimpse_users.items()],
            "orders_max": market.orders_max,
            "hidden_orders_max": market.hidden_orders_max,
            "specials_max": market.specials_max,
            "names_max": market.names_max,
            "trades_max": market.trades_max,
            "instruments_max": max(len(market.instruments), 1),
            "ports_max": max(len(members.ports), 1),
            "firms_max": max(len(members.firms), 1),
        }

    def _keep_schedule(self, ending: threading.Event, on_ready: Callable[[], None] | None) -> None:
        """Put all instruments into the day's first phase, then into those of the schedule."""
        try:
            with Control(self._folder, path=self._control_path(), user="schedule") as control:
                if self._server.is_new_day():
                    _set_phase(control, self._config.phase)
                if on_ready is not None:
                    on_ready()
                for moment, phase in self._schedule():
                    if ending.wait(max(0.0, (moment - self._now()).total_seconds())):
                        return
                    _set_phase(control, phase)
                    log.info("phase changed", extra={"phase": phase})
        except VenueError:
            if not ending.is_set():
                log.exception("the schedule was given up")

    def _now(self) -> datetime:
        return _now(self._zone)

    def _control_path(self) -> Path | None:
        return Path(self._config.control) if self._config.control else None

    def _schedule(self) -> list[tuple[datetime, PhaseName]]:
        """Return what is still to come today, in order."""
        midnight = datetime.combine(self._day, time(), self._zone)
        moments = sorted(
            (midnight + _time_of_day(text), phase) for text, phase in self._config.schedule.items()
        )
        now = self._now()
        return [(moment, phase) for moment, phase in moments if moment >= now]


def _cluster(loaded: Loaded, *, force: bool) -> dict[str, Any] | None:
    """Return the node's place in its cluster; None for an exchange of one node."""
    continuity = loaded.section(ContinuityConfig)
    if continuity.node:
        plain = msgspec.structs.asdict(continuity)
        return {**plain, "secret": continuity.key_file, "force": force}
    if loaded.section(ExchangeConfig).commit == "standby":
        raise ConfigError(
            "exchange.commit: standby waits for a second node, and continuity.node is empty",
            code="CFG-007",
            hint="fill in [continuity] on both nodes, or commit in the mode fsync or async",
        )
    return None


def _followed(
    plain: dict[str, Any],
    defined: list[tuple[int, int, bytes]],
    cluster: dict[str, Any] | None,
    follow: Callable[[_native.ExchangeStandby], bool],
) -> _native.ExchangeServer:
    """Follow the primary until this node is the primary."""
    if cluster is None:
        raise ConfigError(
            "continuity.node: a standby has a name, found none",
            code="CFG-007",
            hint="fill in [continuity]: node, peer, witness and key_file",
        )
    standby = _native.ExchangeStandby(plain, defined, cluster)
    try:
        while not standby.wait(LOOK_S):
            if not follow(standby):
                break
    finally:
        standby.stop()
        standby.wait(LEAVE_S)  # Its journal is closed then.
    server = standby.server()
    follow(standby)
    if server is None:
        raise KeyboardInterrupt
    return server


def _set_phase(control: Control, phase: PhaseName) -> None:
    control.request("phase", phase=phase.replace("_", "-"))


def _now(zone: ZoneInfo) -> datetime:
    """Read the clock: this is the shell's side of the border, where inputs begin."""
    return datetime.now(zone)  # noqa: TID251


def _day(config: ExchangeConfig) -> date:
    if not config.date:
        return _now(_zone(config.timezone)).date()
    try:
        return date.fromisoformat(config.date)
    except ValueError as err:
        raise ConfigError(
            f"exchange.date: expected YYYY-MM-DD, found {config.date!r}", code="CFG-007"
        ) from err


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as err:
        raise ConfigError(
            f"exchange.timezone: expected a name as UTC or America/New_York, found {name!r}",
            code="CFG-007",
        ) from err


def _time_of_day(text: str) -> timedelta:
    try:
        at = time.fromisoformat(text)
    except ValueError as err:
        raise ConfigError(
            f"exchange.schedule: expected a time as 09:30 or 09:30:00, found {text!r}",
            code="CFG-007",
        ) from err
    return timedelta(
        hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond
    )
