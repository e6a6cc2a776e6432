# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A market on the other end of a wire, as the source of a run."""

from __future__ import annotations

import datetime as dt

from onetape import _native
from onetape.feed import Source
from onetape.sim.config import VenueConfig


def open_venue(venue: VenueConfig) -> Source:
    """Connect to a venue and log in.

    Raises:
        VenueError: If it is not there, or refuses the login.
    """
    # A run on a live market begins with the clock; from there on time is the entries'.
    day = dt.datetime.now(dt.UTC).date()  # noqa: TID251
    midnight_ns = int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()) * 1_000_000_000
    native = _native.MarketSource.wire(
        {
            "order_entry": venue.order_entry,
            "username": venue.username,
            "password": venue.password.reveal(),
            "lines": venue.lines,
            "interface": venue.interface,
            "rerequest": venue.rerequest,
            "seconds": venue.seconds,
            "midnight_ns": midnight_ns,
        }
    )
    lines = " and ".join(venue.lines)
    return Source(
        native=native,
        format="wire",
        description=f"{venue.order_entry} as {venue.username}, market data on {lines}",
        day=day,
        day_from="the clock",
        midnight_ns=midnight_ns,
    )
