# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""[live.venues.NAME.feed]: how a venue's lines are listened to, and what is done about a hole."""

from __future__ import annotations

from typing import Annotated

import msgspec

from onetape.config import meta

#: How long a limit in milliseconds may be: an hour.
_MS_MAX = 3_600_000


class FeedLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a venue's lines are listened to; the defaults suit some million messages a second."""

    receive_bytes: Annotated[
        int,
        meta("Asked of the system for each line's buffer.", unit="bytes", ge=4_096, le=1 << 30),
    ] = 16 << 20
    busy_poll_us: Annotated[
        int,
        meta("How long the system polls the device in a receive.", unit="us", ge=0, le=10_000),
    ] = 0
    batch_packets: Annotated[
        int, meta("Taken in one call of the system.", unit="packets", ge=1, le=64)
    ] = 32
    packet_bytes_max: Annotated[
        int, meta("Longest packet; a longer one is refused.", unit="bytes", ge=64, le=65_507)
    ] = 2_048
    held_packets_max: Annotated[
        int,
        meta("Kept while those before them are missing.", unit="packets", ge=1, le=1 << 24),
    ] = 1 << 14
    gap_messages_max: Annotated[
        int,
        meta(
            "Missing messages above which a snapshot is asked for at once, where one can be had.",
            unit="messages",
            ge=1,
        ),
    ] = 10_000
    leap_messages_max: Annotated[
        int,
        meta(
            "A packet further ahead is refused, unless several in a row are.",
            unit="messages",
            ge=1,
        ),
    ] = 50_000_000
    skew_us: Annotated[
        int,
        meta(
            "How long the other line is waited for before a message is asked for again.",
            unit="us",
            ge=0,
            le=10_000_000,
        ),
    ] = 1_000
    request_messages_max: Annotated[
        int, meta("Asked for at once.", unit="messages", ge=1, le=65_535)
    ] = 1_000
    request_gap_us: Annotated[
        int, meta("Least time between two requests.", unit="us", ge=0, le=10_000_000)
    ] = 20
    retry_ms: Annotated[
        int,
        meta(
            "Time without an answer before a request is repeated; doubled each time.",
            unit="ms",
            ge=1,
            le=_MS_MAX,
        ),
    ] = 2
    retry_ms_max: Annotated[
        int, meta("The most that it is doubled to.", unit="ms", ge=1, le=_MS_MAX)
    ] = 250
    requests_max: Annotated[
        int,
        meta("Requests without an answer before a snapshot is asked for.", unit="requests", ge=1),
    ] = 8
    silence_ms: Annotated[
        int,
        meta(
            "Silence of all lines after which the feed is dead; of one, after which that one is.",
            unit="ms",
            ge=1,
            le=_MS_MAX,
        ),
    ] = 3_000
    session_silence_ms: Annotated[
        int,
        meta(
            "Silence of the present session after which another that is heard takes its place.",
            unit="ms",
            ge=1,
            le=_MS_MAX,
        ),
    ] = 10_000
    snapshot_silence_ms: Annotated[
        int,
        meta("How long a snapshot's server may be silent.", unit="ms", ge=1, le=_MS_MAX),
    ] = 5_000
    snapshot_retry_ms: Annotated[
        int, meta("Time between two attempts at a snapshot.", unit="ms", ge=1, le=_MS_MAX)
    ] = 500
    report_ms: Annotated[
        int,
        meta("Time between two reports of what came on each line.", unit="ms", ge=10, le=_MS_MAX),
    ] = 1_000
