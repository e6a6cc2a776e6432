# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The sections of an exchange's configuration. Defaults stand here and nowhere else."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from onetape.config import Secret, meta

Protocol = Literal["ouch50", "ouch42", "fix44", "fix50sp2"]
PhaseName = Literal[
    "closed", "pre_open", "opening_auction", "continuous", "volatility_auction", "halted",
    "closing_auction",
]  # fmt: skip


class ExchangeConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[exchange]: its journal, its day and how it is run."""

    journal: Annotated[str, meta("Folder of the journal, the streams and the control socket.")] = (
        "exchange-data"
    )
    commit: Annotated[
        Literal["async", "fsync", "standby"],
        meta(
            "When an answer may leave: async at once, fsync when its input is on disk, standby "
            "when the standby holds it."
        ),
    ] = "async"
    segment_bytes: Annotated[
        int, meta("Size of one segment file.", unit="bytes", ge=1 << 16, le=1 << 32)
    ] = 64 << 20
    date: Annotated[str, meta("The trading day, as YYYY-MM-DD. Empty: today.")] = ""
    timezone: Annotated[str, meta("Where the day's midnight is, as IANA names it.")] = "UTC"
    phase: Annotated[PhaseName, meta("The phase every instrument begins the day in.")] = (
        "continuous"
    )
    schedule: Annotated[
        dict[str, PhaseName],
        meta('Changes of phase of all instruments, by local time: "09:30" = "opening_auction".'),
    ] = msgspec.field(default_factory=dict)
    tick_ms: Annotated[
        int, meta("Time between two ticks of the exchange's clock.", unit="ms", ge=1, le=10_000)
    ] = 100
    busy_poll: Annotated[
        bool, meta("Look at the sockets without ever sleeping: the engine needs a core for itself.")
    ] = False
    touch_memory: Annotated[
        bool,
        meta(
            "Take all memory that the limits of [market] allow at the start: no page is fetched "
            "while the market runs."
        ),
    ] = False
    core: Annotated[
        int,
        meta(
            "Processor core that the engine's thread is bound to, and that all others keep off; "
            "-1: none.",
            ge=-1,
            le=1_023,
        ),
    ] = -1
    control: Annotated[
        str, meta("Path of the operators' socket. Empty: control.sock in the journal's folder.")
    ] = ""
    snapshot_minutes: Annotated[
        int,
        meta(
            "Time between two snapshots; 0 takes none but at the end. A primary whose standby is "
            "connected leaves them to it.",
            unit="minutes",
            ge=0,
            le=1_440,
        ),
    ] = 10


class GatewayConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[gateway]: where orders come in. A protocol without an address is not served."""

    ouch50: Annotated[str, meta("OUCH 5.0 over SoupBinTCP, as host:port; port 0 takes any.")] = ""
    ouch42: Annotated[str, meta("OUCH 4.2 over SoupBinTCP.")] = ""
    fix44: Annotated[str, meta("FIX 4.4.")] = ""
    fix50sp2: Annotated[str, meta("FIX 5.0 SP2 over FIXT 1.1.")] = ""
    connections_max: Annotated[
        int, meta("Most connections at one time.", unit="count", ge=1, le=65_536)
    ] = 256
    output_bytes_max: Annotated[
        int,
        meta(
            "What may wait for a client before it is disconnected as slow.", unit="bytes", ge=1024
        ),
    ] = 4 << 20
    stalled_ms: Annotated[
        int, meta("How long a client may take nothing at all.", unit="ms", ge=10)
    ] = 5_000


class FeedConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[feed]: market data out, ITCH 5.0 over MoldUDP64 on two equal lines."""

    lines: Annotated[
        list[str], meta("Where each line goes, as group:port or host:port: A, then B.")
    ] = msgspec.field(default_factory=list)
    interface: Annotated[str, meta("Address of the interface that packets leave by.")] = "127.0.0.1"
    ttl: Annotated[int, meta("How many networks they may cross.", unit="hops", ge=0, le=255)] = 1
    rerequest: Annotated[str, meta("Where lost packets are asked for; empty: nowhere.")] = ""
    glimpse: Annotated[str, meta("Where snapshots are had (GLIMPSE 5.0); empty: nowhere.")] = ""
    glimpse_users: Annotated[
        dict[str, Secret], meta("Who may take a snapshot, and with which password.")
    ] = msgspec.field(default_factory=dict)


class FirmConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member firm; its key is its four-letter name."""

    name: Annotated[str, meta("Its full name.")] = ""


class PortConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member's port; its key is the user name, at most 6 characters (FIX: its CompID)."""

    firm: Annotated[str, meta("Which firm's it is.")]
    password: Annotated[Secret, meta("What it logs in with, at most 10 characters.")]
    protocol: Annotated[Protocol, meta("What it speaks.")] = "ouch50"
    kind: Annotated[
        Literal["order_entry", "drop_copy"], meta("Orders, or copies of the firm's orders.")
    ] = "order_entry"
    cancel_on_disconnect: Annotated[
        bool, meta("Whether its orders are cancelled when its connection ends.")
    ] = True
    stp: Annotated[
        Literal["off", "cancel_newest", "cancel_oldest", "cancel_both", "decrement"],
        meta("Self-trade prevention of orders that do not say."),
    ] = "cancel_newest"
    stp_scope: Annotated[Literal["firm", "port"], meta("Between whose orders.")] = "firm"
    post_only: Annotated[
        Literal["slide", "reject"],
        meta("What becomes of OUCH's post-only orders that would take; FIX orders say it."),
    ] = "slide"
    order_qty_max: Annotated[
        int, meta("Largest quantity of one order.", unit="lots", ge=0, le=(1 << 32) - 1)
    ] = 999_999
    order_notional_max: Annotated[
        int, meta("Largest price times quantity of one order.", unit="tick-lots", ge=0)
    ] = 1_000_000_000_000_000
    open_orders_max: Annotated[int, meta("Most live orders.", unit="count", ge=0)] = 100_000
    orders_per_second_max: Annotated[
        int, meta("Most new and replaced orders in any second.", unit="count", ge=0, le=1 << 20)
    ] = 1 << 20
    cancels_per_second_max: Annotated[
        int,
        meta(
            "Most reductions and cancels of nothing in any second; whole cancels of live orders "
            "are never refused.",
            unit="count",
            ge=0,
            le=1 << 20,
        ),
    ] = 1 << 20
    collar_bps: Annotated[
        int,
        meta(
            "How far through the reference price an order may be priced; 0: any distance.",
            unit="basis points",
            ge=0,
        ),
    ] = 0
    duplicates_max: Annotated[
        int,
        meta("Most equal new orders within a second; 0: any number.", unit="count", ge=0, le=16),
    ] = 0


class MembersConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[members]: who trades. [members.firms.ALFA], [members.ports.ALFA01]."""

    firms: Annotated[dict[str, FirmConfig], meta("Member firms, by their four-letter names.")] = (
        msgspec.field(default_factory=dict)
    )
    ports: Annotated[dict[str, PortConfig], meta("Their ports, by user name.")] = msgspec.field(
        default_factory=dict
    )


class InstrumentConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An instrument; its key is its symbol, at most 8 characters."""

    tick_table: Annotated[
        dict[str, str],
        meta('Price steps: from which price up, which step. {"0.0001": "0.0001", "1": "0.01"}'),
    ] = msgspec.field(default_factory=lambda: {"0.0001": "0.0001", "1": "0.01"})
    currency: Annotated[str, meta("Currency, as ISO 4217.")] = "USD"
    reference: Annotated[str, meta("Reference price until something trades. Empty: none.")] = ""
    collar_ticks: Annotated[
        int,
        meta(
            "How far a market order may trade through the best price; 0: any distance.",
            unit="ticks of 0.0001",
            ge=0,
        ),
    ] = 0
    band_bps: Annotated[
        int, meta("Width of the price bands to either side; 0: none.", unit="basis points", ge=0)
    ] = 0
    pause_ms: Annotated[int, meta("Length of a volatility auction.", unit="ms", ge=0)] = 300_000
    auction_collar_bps: Annotated[
        int,
        meta(
            "How far from the reference a volatility auction may end; 0: any distance.",
            unit="basis points",
            ge=0,
        ),
    ] = 0
    allocation: Annotated[
        Literal["time", "pro_rata"], meta("How orders of one price share an incoming order.")
    ] = "time"


class MarketConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[market]: what is traded, and how much the books hold."""

    instruments: Annotated[
        dict[str, InstrumentConfig], meta("What is traded, by symbol: [market.instruments.ABC].")
    ] = msgspec.field(default_factory=dict)
    orders_max: Annotated[
        int, meta("Most orders in the displayed books.", unit="orders", ge=1, le=1 << 28)
    ] = 1 << 20
    hidden_orders_max: Annotated[
        int, meta("Most hidden orders.", unit="orders", ge=1, le=1 << 24)
    ] = 1 << 17
    specials_max: Annotated[
        int,
        meta(
            "Most stops, pegs, auction orders and orders that outlive the day.",
            unit="orders",
            ge=1,
            le=1 << 24,
        ),
    ] = 1 << 16
    names_max: Annotated[
        int,
        meta("Most text names (OUCH 4.2, FIX) used in a day.", unit="names", ge=1, le=1 << 26),
    ] = 1 << 20
    trades_max: Annotated[
        int,
        meta("Most trades of a day that can still be broken.", unit="trades", ge=0, le=1 << 26),
    ] = 1 << 20


class ContinuityConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[continuity]: a second node that takes over, and the witness of both."""

    node: Annotated[
        str, meta("This node's name, 1 to 16 characters. Empty: there is one node only.")
    ] = ""
    cluster: Annotated[str, meta("The cluster's name, the same everywhere.")] = "onetape"
    key_file: Annotated[
        str, meta("File with the cluster's secret, 16 bytes or more, the same everywhere.")
    ] = "cluster.key"
    listen: Annotated[str, meta("Where this node serves its journal while it is primary.")] = (
        "127.0.0.1:7401"
    )
    peer: Annotated[str, meta("Where the other node does.")] = "127.0.0.1:7402"
    witness: Annotated[
        str, meta("Where the witness is (`onetape witness`). Empty: nobody takes over.")
    ] = "127.0.0.1:7400"
    lease_ms: Annotated[
        int, meta("Length of a lease, the same everywhere.", unit="ms", ge=10, le=60_000)
    ] = 50
    alone_after_ms: Annotated[
        int,
        meta(
            "How long commit = standby waits for a standby that is missing before it goes on "
            "without; -1: for ever.",
            unit="ms",
            ge=-1,
        ),
    ] = 1_000
    automatic: Annotated[
        bool, meta("Whether the standby takes over by itself when the primary is gone.")
    ] = True
    silence_ms: Annotated[
        int, meta("A primary that says nothing for so long is gone.", unit="ms", ge=20)
    ] = 200
    snapshot_entries: Annotated[
        int,
        meta("Entries between two snapshots of the standby; 0: none.", unit="entries", ge=0),
    ] = 2_000_000
    snapshot_seconds: Annotated[
        int, meta("Least time between two snapshots of the standby.", unit="s", ge=0)
    ] = 30


#: Sections of an exchange's configuration, by their name in the file.
SECTIONS: dict[str, type[msgspec.Struct]] = {
    "exchange": ExchangeConfig,
    "gateway": GatewayConfig,
    "feed": FeedConfig,
    "members": MembersConfig,
    "market": MarketConfig,
    "continuity": ContinuityConfig,
}
