# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""On whose behalf strategies trade, what they may trade, and what instruments are to the gate.

As soon as one strategy of a configuration says one of it, or a signed set of limits is configured,
the journal begins with all of it: the full profile of limits refuses what was not said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import msgspec

from onetape import events
from onetape.config import meta
from onetape.errors import ConfigError, ConversionError
from onetape.events import OrderType, TimeInForce
from onetape.types import decimal_to_units

if TYPE_CHECKING:
    from onetape.live.config import LiveConfig
    from onetape.live.definitions import Listing

#: Accounts of a node (`RiskConfig::new` in the core).
ACCOUNTS_MAX = 16
#: Sides of a right, as AccessSet has them.
SIDES = {"": 3, "buy": 1, "sell": 2}
#: Largest quantity and price: no bound of the venue's is known.
MOST = (1 << 63) - 1
#: 10^-9 of the account's currency in one of it.
ONE_E9 = 1_000_000_000


class BookingConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[live.strategies.NAME.booking]: on whose behalf it trades, and what its orders carry."""

    account: Annotated[int, meta("Account.", ge=1, le=ACCOUNTS_MAX)] = 1
    owner: Annotated[
        int, meta("Beneficial owner: orders of one must not trade with each other.", ge=1)
    ] = 1
    algo: Annotated[int, meta("Algorithm; 0: none.", ge=0, le=0xFFFF_FFFF)] = 0
    trader: Annotated[int, meta("Trader or approver; 0: none.", ge=0, le=0xFFFF_FFFF)] = 0


def is_booked(live: LiveConfig) -> bool:
    """Return whether the configuration says anything of bookings."""
    of_strategies = any(it.booking is not None or it.access for it in live.strategies.values())
    return of_strategies or bool(live.limits_file)


def bookings(
    live: LiveConfig,
    known: list[Listing],
    sources: Mapping[str, str],
    ids: Mapping[str, int],
) -> Iterator[events.StrategyBooked | events.AccessSet | events.InstrumentAdmitted]:
    """Yield the events that book strategies, admit instruments and give rights.

    Args:
        live: The node's configuration.
        known: Its instruments.
        sources: Source texts of all strategies by name, also of those that run elsewhere.
        ids: Their ids, by name.

    Raises:
        ConfigError: If a right names what is not there, or a currency has no rate.
    """
    if not is_booked(live):
        return
    for listing in known:
        yield _admitted(live, listing)
    for name, text in sources.items():
        strategy_id = ids[name]
        config = live.strategies.get(name)
        booking = config.booking if config is not None else None
        booking = booking or BookingConfig()
        params = config.params if config is not None else {}
        generation = text.encode() + msgspec.json.encode(params, order="sorted")
        digest = hashlib.blake2b(generation, digest_size=8).digest()
        yield events.StrategyBooked(
            generation=int.from_bytes(digest, "little") or 1,
            strategy_id=strategy_id,
            account_id=booking.account,
            owner_id=booking.owner,
            algo_id=booking.algo,
            trader_id=booking.trader,
            reserved=0,
        )
        for right in config.access if config is not None else []:
            yield from _rights(live, known, (name, strategy_id), right)


def _admitted(live: LiveConfig, listing: Listing) -> events.InstrumentAdmitted:
    """Return what the gate must know of an instrument."""
    rate_e9 = _rate_e9(live, listing)
    # Rounded up: an exposure is never counted too low.
    ticklot_e12 = -(-listing.tick_e9 * listing.lot_e9 * rate_e9 // 10**15)
    types = 0
    for kind in OrderType:
        if kind is not OrderType.MARKET or live.venues[listing.venue].market_orders:
            types |= 1 << kind
    return events.InstrumentAdmitted(
        ticklot_e12=ticklot_e12,
        qty_min_lots=1,
        qty_max_lots=MOST,
        qty_step_lots=1,
        price_min_ticks=0,
        price_max_ticks=MOST,
        instrument_id=listing.instrument_id,
        product_id=listing.product_id,
        venue_id=listing.venue_id,
        order_types=types,
        times_in_force=sum(1 << life for life in TimeInForce),
    )


def _rate_e9(live: LiveConfig, listing: Listing) -> int:
    """Return what one of an instrument's currency is worth in the account's, in 10^-9."""
    if listing.currency == live.account_currency:
        return ONE_E9
    text = live.rates.get(listing.currency, "")
    try:
        rate = decimal_to_units(text, 1)
    except (ConversionError, ValueError):
        rate = 0
    if rate <= 0:
        raise ConfigError(
            f"live.rates.{listing.currency}: expected what one {listing.currency} is worth in "
            f"{live.account_currency}, as a decimal above 0, found {text!r}",
            code="LIV-030",
            hint=f'{listing.symbol} is traded in it: add {listing.currency} = "…" to [live.rates]',
        )
    return rate


def _rights(
    live: LiveConfig, known: list[Listing], strategy: tuple[str, int], right: str
) -> Iterator[events.AccessSet]:
    """Yield the rights that one entry gives: "SYMBOL@VENUE", either of them *, then ":buy"."""
    name, strategy_id = strategy
    what, _, side = right.partition(":")
    symbol, _, venue = what.partition("@")
    symbol, venue = symbol or "*", venue or "*"
    ids = [
        listing.instrument_id
        for listing in known
        if symbol in {"*", listing.symbol} and venue in {"*", listing.venue}
    ]
    if not ids or side not in SIDES:
        raise ConfigError(
            f"live.strategies.{name}.access: expected SYMBOL@VENUE of this node, * for all, and "
            f":buy or :sell behind it for one side, found {right!r}",
            code="LIV-030",
            hint=f"there are {', '.join(f'{it.symbol}@{it.venue}' for it in known)}",
        )
    venues = {venue_id: at for at, venue_id in enumerate(live.venues, 1)}
    for instrument_id in [0] if symbol == "*" else ids:
        yield events.AccessSet(
            strategy_id=strategy_id,
            instrument_id=instrument_id,
            venue_id=venues.get(venue, 0) if symbol == "*" else 0,
            sides=SIDES[side],
        )
