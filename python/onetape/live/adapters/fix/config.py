# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`[live.venues.NAME.fix]`: a venue that speaks FIX 4.4, to which we log on."""

from __future__ import annotations

from typing import Annotated

import msgspec

from onetape.config import Secret, meta


class FixCopyConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The session of a drop copy: the venue tells there again what happened to our orders."""

    sender: Annotated[str, meta("Our CompID (49) on it.")]
    username: Annotated[str, meta("Username (553); empty: none is sent.")] = ""
    password: Annotated[Secret, meta("Password (554).")] = Secret("")
    state: Annotated[str, meta("File that keeps its counts over restarts.")]
    address: Annotated[
        str, meta("Where the venue listens for it, as host:port. Empty: as for orders.")
    ] = ""
    target: Annotated[str, meta("The venue's CompID (56) on it. Empty: as for orders.")] = ""


class FixConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One session of FIX 4.4 for order entry."""

    address: Annotated[str, meta("Where the venue listens, as host:port.")]
    sender: Annotated[str, meta("Our CompID (49).")]
    target: Annotated[str, meta("The venue's CompID (56).")]
    prefix: Annotated[
        str, meta("Begins each ClOrdID: letters, digits and _, unlike any other's here.")
    ]
    username: Annotated[str, meta("Username (553); empty: none is sent.")] = ""
    password: Annotated[Secret, meta("Password (554).")] = Secret("")
    state: Annotated[str, meta("File that keeps the session's counts over restarts.")]
    account: Annotated[str, meta("Account (1); empty: none is sent.")] = ""
    heartbeat_s: Annotated[int, meta("Between heartbeats (108).", unit="s", ge=1, le=60)] = 10
    resets: Annotated[
        bool, meta("Both ends count from 1 at each logon (141): what was missed is lost.")
    ] = False
    mass_status: Annotated[
        bool,
        meta(
            "After a logon all orders are asked for at once (AF); a venue that does not take that "
            "is asked for each."
        ),
    ] = True
    drop_copy: Annotated[
        FixCopyConfig | None,
        meta("The venue's drop copy, to compare with. None: there is none."),
    ] = None
    answer_timeout_ms: Annotated[
        int, meta("No answer to a question after this: the link is given up.", unit="ms", ge=1)
    ] = 5_000
    order_age_max_ms: Annotated[
        int, meta("An order that waited longer for this adapter is refused.", unit="ms", ge=1)
    ] = 2_000
    orders_max: Annotated[
        int, meta("Orders to remember, dead ones included.", unit="orders", ge=16)
    ] = 100_000
    retry_first_s: Annotated[float, meta("First wait before trying again.", unit="s")] = 0.2
    retry_most_s: Annotated[float, meta("Longest wait before trying again.", unit="s")] = 30.0
