# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The sections of a live node's configuration. Defaults stand here and nowhere else."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from onetape.config import Secret, meta
from onetape.exchange.clearing.config import OwnFeesConfig
from onetape.journal.config import JournalConfig
from onetape.live.adapters.binance.config import BinanceConfig
from onetape.live.adapters.fix.config import FixConfig
from onetape.live.bookings import BookingConfig
from onetape.live.breakers import BreakersConfig
from onetape.live.feed_limits import FeedLimits
from onetape.live.market_data import MarketDataConfig
from onetape.risk import RiskConfig


class InstrumentConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Units of an instrument at a venue; its key is the symbol."""

    tick: Annotated[str, meta("Smallest step of its price, in its currency, as a decimal.")]
    lot: Annotated[str, meta("Smallest step of its quantity, as a decimal.")]
    currency: Annotated[str, meta("Currency or coin of its price, at most 8 characters.")]


class GuardianConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The guardian's own way into a venue: of the same firm or account, used by nobody else.

    A port where the protocol is ouch50, a session where it is fix44, an API key for binance.
    """

    username: Annotated[
        str, meta("The port's or the session's user name; a port's has at most 6 characters.")
    ] = ""
    password: Annotated[Secret, meta("Its password; a port's has at most 10 characters.")] = Secret(
        ""
    )
    sender: Annotated[str, meta("fix44: our CompID (49) on it. Empty: the user name.")] = ""
    key: Annotated[str, meta("binance: API key, with the permission to trade.")] = ""
    secret: Annotated[
        Secret, meta("binance: its secret, or its private key as PEM; never printed.")
    ] = Secret("")
    key_type: Annotated[
        Literal["hmac", "ed25519"], meta("binance: how requests are signed, as the key was made.")
    ] = "hmac"


class DropCopyConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The venue's second account of all our firm does: its drop copy, in FIX 4.4."""

    address: Annotated[str, meta("Where it is to be had, as host:port.")]
    username: Annotated[str, meta("Username (553), and our CompID (49).")]
    password: Annotated[Secret, meta("Password (554).")] = Secret("")
    target: Annotated[str, meta("The venue's CompID (56).")] = "ONETAPE"
    heartbeat_s: Annotated[int, meta("Between heartbeats (108).", unit="s", ge=1, le=60)] = 10
    warn_ms: Annotated[
        int, meta("A difference that is older is told.", unit="ms", ge=100, le=3_600_000)
    ] = 5_000
    reduce_ms: Annotated[
        int,
        meta(
            "One that is older than this has its account only reduce.",
            unit="ms",
            ge=100,
            le=3_600_000,
        ),
    ] = 30_000
    sweep_ms: Annotated[
        int, meta("Time between two comparisons of the totals.", unit="ms", ge=100, le=3_600_000)
    ] = 60_000


class VenueConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A venue; its key is its name."""

    protocol: Annotated[
        Literal["ouch50", "binance", "fix44"],
        meta(
            "How it is spoken with: ouch50 is OUCH 5.0 over SoupBinTCP, with ITCH 5.0 data, by the "
            "engine itself; binance is Binance spot, fix44 is FIX 4.4 with market data of ITCH 5.0 "
            "or none, by an adapter in a process of its own."
        ),
    ] = "ouch50"
    binance: Annotated[
        BinanceConfig | None, meta("The account, where the protocol is binance.")
    ] = None
    fix: Annotated[FixConfig | None, meta("The session, where the protocol is fix44.")] = None
    instruments: Annotated[
        dict[str, InstrumentConfig],
        meta("Units of symbols; those of ouch50 are 0.0001 USD and one share without."),
    ] = msgspec.field(default_factory=dict)
    symbols: Annotated[
        list[str], meta("What is traded there; other instruments of its feed are not kept.")
    ]
    order_entry: Annotated[str, meta("Where orders are entered, as host:port.")] = ""
    username: Annotated[str, meta("The port's user name, at most 6 characters.")] = ""
    password: Annotated[Secret, meta("The port's password, at most 10 characters.")] = Secret("")
    lines: Annotated[
        list[str], meta("ITCH 5.0 over MoldUDP64: the groups of its lines, as group:port.")
    ] = msgspec.field(default_factory=list)
    interface: Annotated[str, meta("Address of the interface that market data comes in by.")] = (
        "127.0.0.1"
    )
    rerequest: Annotated[str, meta("Where lost market data is asked for, as host:port.")] = ""
    glimpse: Annotated[
        str, meta("Where snapshots of the book are had (GLIMPSE 5.0), as host:port.")
    ] = ""
    glimpse_username: Annotated[str, meta("Who asks for a snapshot, at most 6 characters.")] = ""
    glimpse_password: Annotated[Secret, meta("With what, at most 10 characters.")] = Secret("")
    fees: Annotated[
        OwnFeesConfig, meta("What our fills cost there, where the venue does not say it with each.")
    ] = OwnFeesConfig()
    feed: Annotated[
        FeedLimits, meta("How its lines are listened to, and when a hole is asked for.")
    ] = FeedLimits()
    drop_copy: Annotated[
        DropCopyConfig | None,
        meta("Its second account of what we do, compared with ours. None: nothing is compared."),
    ] = None
    guardian: Annotated[
        GuardianConfig | None, meta("The guardian's own way in there. None: it is not guarded.")
    ] = None
    market_orders: Annotated[
        bool, meta("Whether market orders may leave, where bookings are said.")
    ] = False
    contact: Annotated[
        str, meta("Whom to call when nothing here works: desk, telephone, what they ask for.")
    ] = ""


class StrategyConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A strategy; its key is its name."""

    file: Annotated[
        str,
        meta(
            'The class, as "file.py:Class", relative to the configuration, or as '
            '"package.module:Class".'
        ),
    ]
    params: Annotated[
        dict[str, Any], meta("Parameters, set as attributes of the strategy before it starts.")
    ] = msgspec.field(default_factory=dict)
    symbols: Annotated[
        list[str], meta("Only these symbols reach the strategy. Empty: all of them.")
    ] = msgspec.field(default_factory=list)
    place: Annotated[
        Literal["process", "inline"],
        meta(
            "Where it runs: in a process of its own, or, where it is compiled, inline on the "
            "engine's thread."
        ),
    ] = "process"
    silence_ms_max: Annotated[
        int,
        meta(
            "Longest that a callback may take: then the strategy is stopped, its orders cancelled.",
            unit="ms",
            ge=20,
        ),
    ] = 1_000
    booking: Annotated[
        BookingConfig | None, meta("On whose behalf it trades; None: account and owner 1.")
    ] = None
    access: Annotated[
        list[str],
        meta(
            'What it may trade: "SYMBOL@VENUE", * for all, with :buy or :sell behind it one side '
            "alone. Empty: everything, until a strategy says something, or under the full profile."
        ),
    ] = msgspec.field(default_factory=list)


class LiveConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[live]: the node, its venues ([live.venues.NAME]) and strategies ([live.strategies.NAME])."""

    folder: Annotated[str, meta("Folder of the journal and the operators' socket.")] = "live-data"
    timezone: Annotated[
        str, meta("Where the midnight is that venues' times count from, as IANA names it.")
    ] = "UTC"
    date: Annotated[str, meta("The trading day, as YYYY-MM-DD. Empty: today.")] = ""
    busy_poll: Annotated[
        bool, meta("Look at the sockets without ever sleeping: the engine needs a core for itself.")
    ] = False
    core: Annotated[
        int,
        meta("Processor core that the engine is bound to; -1: none.", ge=-1, le=1_023),
    ] = -1
    restart: Annotated[bool, meta("Start the engine again when its process has died.")] = True
    kill_file: Annotated[
        str, meta("When a file comes to be there, everything is killed. Empty: not looked for.")
    ] = ""
    operator_silence_ms_max: Annotated[
        int,
        meta(
            "Longest silence of the operator's side before everything is killed; 0: any.",
            unit="ms",
            ge=0,
        ),
    ] = 0
    guardian_ms: Annotated[
        int,
        meta(
            "Time without a turn after which the guardian acts; 0: 30 where the engine never "
            "sleeps, else 100.",
            unit="ms",
            ge=0,
        ),
    ] = 0
    inlet_bytes: Annotated[
        int,
        meta("Memory by which a process hands in entries; a power of two.", unit="bytes", ge=16384),
    ] = 1 << 20
    snapshot_entries: Annotated[
        int,
        meta(
            "Entries of the journal from one snapshot of the node to the next: a start, or a "
            "strategy that comes late, reads from there.",
            unit="entries",
            ge=1_000,
        ),
    ] = 5_000_000
    orders_max: Annotated[
        int, meta("Most live orders in the books of one venue.", unit="orders", ge=1, le=1 << 30)
    ] = 1 << 18
    own_orders_max: Annotated[
        int, meta("Most live orders of ours at one venue.", unit="orders", ge=1, le=1 << 20)
    ] = 4_096
    account_currency: Annotated[
        str, meta("Currency of limits in money, where bookings are said.")
    ] = "USD"
    rates: Annotated[
        dict[str, str],
        meta("What one of another currency is worth in it, as a decimal, by currency."),
    ] = msgspec.field(default_factory=dict)
    limits_file: Annotated[
        str,
        meta("Signed set of limits that a journal begins with, relative to the configuration."),
    ] = ""
    limits_keys: Annotated[
        str, meta("TOML file with the public keys of those who may sign limits, table [people].")
    ] = ""
    venues: Annotated[dict[str, VenueConfig], meta("Where we trade, by name.")] = msgspec.field(
        default_factory=dict
    )
    strategies: Annotated[dict[str, StrategyConfig], meta("What trades, by name.")] = msgspec.field(
        default_factory=dict
    )
    market_data: Annotated[
        MarketDataConfig, meta("What market data must keep to before it touches a book.")
    ] = MarketDataConfig()
    breakers: Annotated[
        BreakersConfig, meta("What stops strategies when they, or their surroundings, go wrong.")
    ] = BreakersConfig()

    @property
    def guarded(self) -> dict[str, VenueConfig]:
        """Venues where the guardian has a port, by name."""
        return {name: venue for name, venue in self.venues.items() if venue.guardian is not None}

    @property
    def guardian_stall_ms(self) -> int:
        """Time without a turn after which the guardian acts, in ms."""
        return self.guardian_ms or (30 if self.busy_poll else 100)


#: Sections of a live node, by their name in the file.
SECTIONS: dict[str, type[msgspec.Struct]] = {
    "live": LiveConfig,
    "journal": JournalConfig,
    "risk": RiskConfig,
}
