# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What a live node's configuration defines, as the first events of its journal.

Ids are places in the configuration, from 1: venues and strategies in the order in which they stand
there, instruments by venue and symbol. A symbol is the same product at every venue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

from onetape import events
from onetape.errors import ConfigError, ConversionError
from onetape.events import RiskScope
from onetape.live.config import LiveConfig, VenueConfig
from onetape.risk import RiskConfig, limits_set, scope_limits
from onetape.types import decimal_to_units

#: Worth of a tick, in 10^-9 of the currency, and size of a lot, in 10^-9 shares: what ITCH holds.
TICK_E9, LOT_E9 = 100_000, 1_000_000_000
#: What the wires have room for.
SYMBOL_MAX, USERNAME_MAX, PASSWORD_MAX = 8, 6, 10
#: Characters of a symbol, and of a currency, in the journal.
SYMBOL_ADAPTER_MAX, CURRENCY_MAX = 16, 8

Definition = tuple[int, int, bytes]


class _Event(Protocol):
    KIND: ClassVar[int]
    VERSION: ClassVar[int]

    def pack(self) -> bytes: ...


@dataclass(frozen=True)
class Listing:
    """One symbol at one venue.

    Attributes:
        instrument_id: Its id in the journal, from 1.
        venue_id: The venue's, from 1.
        product_id: Id of the first instrument of this symbol.
        symbol: The venue's symbol.
        venue: The venue's name.
        tick_e9: Worth of one tick, in 10^-9 of the currency.
        lot_e9: Size of one lot, in 10^-9.
        currency: Currency of its price.
    """

    instrument_id: int
    venue_id: int
    product_id: int
    symbol: str
    venue: str
    tick_e9: int = TICK_E9
    lot_e9: int = LOT_E9
    currency: str = "USD"


def listings(live: LiveConfig) -> list[Listing]:
    """Return every instrument of the node.

    Raises:
        ConfigError: If there is none, or a symbol is too long or named twice.
    """
    out: list[Listing] = []
    products: dict[str, int] = {}
    for venue_id, (name, venue) in enumerate(live.venues.items(), 1):
        key = f"live.venues.{name}.symbols"
        if len(set(venue.symbols)) != len(venue.symbols):
            raise ConfigError(f"{key}: a symbol stands there twice", code="LIV-001", hint="once")
        for symbol in venue.symbols:
            most = SYMBOL_MAX if venue.protocol == "ouch50" else SYMBOL_ADAPTER_MAX
            if not symbol.isascii() or not 0 < len(symbol) <= most:
                raise ConfigError(
                    f"{key}: expected symbols of 1 to {most} ASCII characters, found {symbol!r}",
                    code="LIV-001",
                    hint="write them as the venue does",
                )
            instrument_id = len(out) + 1
            product_id = products.setdefault(symbol, instrument_id)
            units = _units(f"live.venues.{name}", venue, symbol)
            out.append(Listing(instrument_id, venue_id, product_id, symbol, name, *units))
    if not out:
        raise ConfigError(
            "live.venues: expected a venue with symbols, found none",
            code="LIV-001",
            hint='add [live.venues.NAME] with symbols = ["…"]',
        )
    return out


def definitions(
    live: LiveConfig, risk: RiskConfig, strategies: Mapping[str, int]
) -> list[Definition]:
    """Return the entries that define venues, instruments, limits and circuit breakers.

    Args:
        live: The node's configuration.
        risk: Its limits.
        strategies: Ids of strategies, by name.

    Raises:
        ConfigError: If a value does not go with the others.
    """
    out: list[Definition] = []

    def define(event: _Event, tail: bytes = b"") -> None:
        out.append((event.KIND, event.VERSION, event.pack() + tail))

    for venue_id, (name, venue) in enumerate(live.venues.items(), 1):
        _check_words(name, venue.username, venue.password.reveal())
        define(
            events.VenueDefined(
                venue_id=venue_id,
                is_adapter=int(venue.protocol != "ouch50"),
                feed_id=venue_id - 1,
                reserved=0,
            ),
            name.encode(),
        )
    for listing in listings(live):
        define(
            events.InstrumentDefined(
                symbol=listing.symbol.encode().ljust(16, b"\0"),
                currency=listing.currency.encode().ljust(8, b"\0"),
                tick_e9=listing.tick_e9,
                lot_e9=listing.lot_e9,
                multiplier_e9=1_000_000_000,
                instrument_id=listing.instrument_id,
                venue_code=0,
            )
        )
        if listing.tick_e9 != TICK_E9:
            rung = events.TickRungDefined(
                instrument_id=listing.instrument_id,
                rung=0,
                from_price_ticks=0,
                increment_ticks=1,
            )
            define(rung)
        define(
            events.InstrumentListed(
                instrument_id=listing.instrument_id,
                venue_id=listing.venue_id,
                product_id=listing.product_id,
                reserved=0,
            )
        )
    for fees in _fees(live):
        define(fees)
    for rules in _reconciliations(live):
        define(rules)
    for event in _limits(live, risk, strategies):
        define(event)
    for breaker in live.breakers.events():
        define(breaker)
    return out


def _reconciliations(live: LiveConfig) -> Iterator[events.ReconciliationSet]:
    """Yield what is compared with the drop copies of venues."""
    for venue_id, (name, venue) in enumerate(live.venues.items(), 1):
        copy = venue.drop_copy
        if copy is None:
            continue
        if venue.protocol != "ouch50":
            raise ConfigError(
                f"live.venues.{name}.drop_copy: expected a venue of OUCH 5.0, found "
                f"{venue.protocol}",
                code="LIV-022",
                hint="executions are matched by numbers that only such a venue gives both",
            )
        if copy.reduce_ms < copy.warn_ms:
            raise ConfigError(
                f"live.venues.{name}.drop_copy.reduce_ms: expected at least warn_ms "
                f"({copy.warn_ms}), found {copy.reduce_ms}",
                code="LIV-022",
                hint="a difference is told before it restricts",
            )
        yield events.ReconciliationSet(
            warn_ns=copy.warn_ms * 1_000_000,
            reduce_ns=copy.reduce_ms * 1_000_000,
            sweep_ns=copy.sweep_ms * 1_000_000,
            venue_id=venue_id,
            has_drop_copy=1,
            reserved=b"",
        )


def _fees(live: LiveConfig) -> Iterator[events.FeesSet]:
    """Yield what fills cost, of instruments that have rates."""
    for name, venue in live.venues.items():
        if unknown := sorted(set(venue.fees.instruments) - set(venue.symbols)):
            raise ConfigError(
                f"live.venues.{name}.fees.instruments.{unknown[0]}: expected a symbol of the "
                f"venue, found none of this name",
                code="LIV-002",
                hint=f"it lists {', '.join(sorted(venue.symbols))}",
            )
    for listing in listings(live):
        rates = live.venues[listing.venue].fees.own_rates(listing.symbol)
        if rates is not None:
            (maker, taker, auction) = rates
            yield events.FeesSet(
                maker_lot_e9=maker[0],
                maker_bps_e3=maker[1],
                taker_lot_e9=taker[0],
                taker_bps_e3=taker[1],
                auction_lot_e9=auction[0],
                auction_bps_e3=auction[1],
                instrument_id=listing.instrument_id,
                reserved=0,
            )


def _limits(live: LiveConfig, risk: RiskConfig, strategies: Mapping[str, int]) -> Iterator[_Event]:
    """Yield the entries that set limits, those of all instruments first."""
    for limit, value in limits_set(risk):
        yield events.LimitSet(value=value, instrument_id=0, limit=limit, reserved=0)
    known = {listing.symbol for listing in listings(live)}
    for symbol, own in sorted(risk.instruments.items()):
        if symbol not in known:
            raise ConfigError(
                f"risk.instruments.{symbol}: expected a symbol of a venue, found none of this name",
                code="LIV-002",
                hint=f"the venues list {', '.join(sorted(known))}",
            )
        for listing in (listing for listing in listings(live) if listing.symbol == symbol):
            for limit, value in limits_set(own):
                instrument_id = listing.instrument_id
                yield events.LimitSet(
                    value=value, instrument_id=instrument_id, limit=limit, reserved=0
                )
    for scope, name, limit, value in scope_limits(risk):
        for scope_id in scope_ids(live, scope, name, strategies):
            yield events.ScopeLimitSet(
                value=value, id=scope_id, limit=limit, scope=scope, reserved=0
            )


def scope_ids(
    live: LiveConfig, scope: RiskScope, name: str, strategies: Mapping[str, int]
) -> list[int]:
    """Return the ids of a scope by its name; 0 for all that have none of their own.

    Raises:
        ConfigError: If there is none of this name.
    """
    if not name:
        return [0]
    if scope is RiskScope.ACCOUNT and name.isdecimal():
        return [int(name)]
    names: dict[RiskScope, list[tuple[str, int]]] = {
        RiskScope.STRATEGY: list(strategies.items()),
        RiskScope.VENUE: [(it, at) for at, it in enumerate(live.venues, 1)],
        RiskScope.PRODUCT: [(it.symbol, it.product_id) for it in listings(live)],
        RiskScope.INSTRUMENT: [(it.symbol, it.instrument_id) for it in listings(live)],
    }
    known = names.get(scope, [])
    if ids := sorted({found for word, found in known if word == name}):
        return ids
    raise ConfigError(
        f"risk: expected a {scope.name.lower()} of this node, found {name!r}",
        code="LIV-002",
        hint=f"there are {', '.join(sorted({word for word, _ in known})) or 'accounts by number'}",
    )


def _units(key: str, venue: VenueConfig, symbol: str) -> tuple[int, int, str]:
    """Return tick and lot, in 10^-9, and the currency of a symbol."""
    given = venue.instruments.get(symbol)
    if given is None:
        if venue.protocol == "ouch50":
            return TICK_E9, LOT_E9, "USD"
        raise ConfigError(
            f"{key}.instruments: expected the units of {symbol}, found none",
            code="LIV-009",
            hint=f'add [{key}.instruments.{symbol}] with tick = "0.01", lot = "0.001", currency',
        )
    numbers = []
    for what, text in (("tick", given.tick), ("lot", given.lot)):
        try:
            numbers.append(decimal_to_units(text, 1))
        except (ConversionError, ValueError):
            numbers.append(0)
        if numbers[-1] <= 0:
            raise ConfigError(
                f"{key}.instruments.{symbol}.{what}: expected a decimal above 0 with at most 9 "
                f"places, found {text!r}",
                code="LIV-009",
                hint="write the venue's own step",
            )
    if not 0 < len(given.currency) <= CURRENCY_MAX or not given.currency.isascii():
        raise ConfigError(
            f"{key}.instruments.{symbol}.currency: expected 1 to {CURRENCY_MAX} ASCII characters, "
            f"found {given.currency!r}",
            code="LIV-009",
            hint="for instance USDT",
        )
    return numbers[0], numbers[1], given.currency


def _check_words(name: str, username: str, password: str) -> None:
    for key, word, most in (
        ("username", username, USERNAME_MAX),
        ("password", password, PASSWORD_MAX),
    ):
        if len(word) > most or not word.isascii():
            raise ConfigError(
                f"live.venues.{name}.{key}: expected at most {most} ASCII characters",
                code="LIV-003",
                hint="OUCH logs in by SoupBinTCP, whose fields are no longer",
            )
