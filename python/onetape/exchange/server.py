# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""An exchange that listens: configuration in, sockets out. The engine runs no Python.

What Python does here: turn the configuration into definitions, put instruments into the phases that
the schedule names, and wait.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from onetape import _native
from onetape.errors import ConfigError, OnetapeError
from onetape.exchange._schedule import ScheduleKeeper, time_of_day
from onetape.exchange.config import (
    ContinuityConfig,
    ExchangeConfig,
    FeedConfig,
    GatewayConfig,
    MarketConfig,
    MembersConfig,
)
from onetape.exchange.control import SOCKET, TOKEN, write_names
from onetape.exchange.definitions import configuration, definitions, limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from onetape.config import Loaded

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
        self.begun = threading.Event()

    def run(self) -> None:
        try:
            if self._core >= 0:
                os.sched_setaffinity(0, {self._core})  # Of this thread alone.
            self.begun.set()
            self._serve()
        except (OnetapeError, OSError) as err:
            self.error = err
        finally:
            self.begun.set()


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
        for text in self._config.schedule:
            time_of_day(text)  # Raises now what it would raise later, when nobody looks.
        plain = self._plain(loaded)
        defined = [configuration(members, market), *definitions(members, market)]
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
            on_ready: Called once, when it serves.

        Raises:
            JournalError: If the journal cannot be written any more; it stopped then.
        """
        keeper = ScheduleKeeper(
            self._config,
            self._zone,
            day=self._server.day,
            notices=self._server.notices,
            now=_now,
        )
        engine = _Engine(self._server.run, self._config.core)
        engine.start()
        keeper.start()
        try:
            engine.begun.wait()
            if on_ready is not None:
                on_ready()
            # The engine has a thread of its own: signals are Python's, and are taken here.
            engine.join(seconds)
        finally:
            keeper.end()
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
            "phase": self._config.phase.replace("_", "-"),
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
            "limits": limits(members, market),
        }


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
