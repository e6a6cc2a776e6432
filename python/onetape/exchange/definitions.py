# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What an exchange's configuration defines, as the first events of its journal.

Ids are places in the configuration, from 1: firms, ports and instruments in the order in which they
stand there. One tick is 0.0001 of the currency, one lot is one share: what the wires hold.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NoReturn

from onetape import events
from onetape.errors import ConfigError

if TYPE_CHECKING:
    from onetape.exchange.config import (
        FirmConfig,
        InstrumentConfig,
        MarketConfig,
        MembersConfig,
        PortConfig,
    )

#: Worth of one tick, in 10^-9 of the currency.
TICK_E9 = 100_000
#: Size of one lot, in 10^-9 shares.
LOT_E9 = 1_000_000_000
#: What the wires have room for: characters of a symbol, a firm, a user name, a password.
SYMBOL_MAX, MPID_MAX, USERNAME_MAX, PASSWORD_MAX = 8, 4, 6, 10
#: Characters of a FIX user name, which is its CompID.
COMP_ID_MAX = 20
#: Steps of a tick table.
RUNGS_MAX = 8
#: Highest price on the wires, in ticks.
PRICE_TICKS_MAX = 2_000_000_000

FORMATS = {
    "ouch50": events.OrderFormat.OUCH50,
    "ouch42": events.OrderFormat.OUCH42,
    "fix44": events.OrderFormat.FIX44,
    "fix50sp2": events.OrderFormat.FIX50SP2,
}
STP_MODES = {mode.name.lower(): mode for mode in events.StpMode}


Definition = tuple[int, int, bytes]


def limits(members: MembersConfig, market: MarketConfig) -> dict[str, int]:
    """Return how much the market holds."""
    return {
        "orders_max": market.orders_max,
        "hidden_orders_max": market.hidden_orders_max,
        "specials_max": market.specials_max,
        "names_max": market.names_max,
        "trades_max": market.trades_max,
        "instruments_max": max(len(market.instruments), 1),
        "ports_max": max(len(members.ports), 1),
        "firms_max": max(len(members.firms), 1),
    }


def configuration(members: MembersConfig, market: MarketConfig) -> Definition:
    """Return the event that opens the definitions: it says how much the market holds."""
    text = json.dumps({"exchange": limits(members, market)}, sort_keys=True).encode()
    event = events.ConfigLoaded(schema_version=events.SCHEMA_VERSION, tail=text)
    return event.KIND, event.VERSION, event.pack()


def definitions(members: MembersConfig, market: MarketConfig) -> list[Definition]:
    """Return the events that define instruments, firms and ports.

    Returns:
        Kind, version and body of each, in the order in which they are journaled.

    Raises:
        ConfigError: If a name is too long, a price is not on the grid, or a port names a firm that
            is not there.
    """
    firm_ids = {name: at for at, name in enumerate(members.firms, start=1)}
    defined: list[events.Event] = []
    for at, (symbol, instrument) in enumerate(market.instruments.items(), start=1):
        defined += _instrument(at, symbol, instrument)
    for name, firm in members.firms.items():
        defined.append(_firm(firm_ids[name], name, firm))
    for at, (username, port) in enumerate(members.ports.items(), start=1):
        defined.append(_port(at, username, port, firm_ids))
    return [(event.KIND, event.VERSION, event.pack()) for event in defined]


def _instrument(at: int, symbol: str, config: InstrumentConfig) -> list[events.Event]:
    where = f"market.instruments.{symbol}"
    if not (symbol.isascii() and symbol.isprintable() and 1 <= len(symbol) <= SYMBOL_MAX):
        _wrong(where, "a symbol of 1 to 8 ASCII characters", symbol)
    rungs = sorted(
        (ticks(f"{where}.tick_table", start), ticks(f"{where}.tick_table", step))
        for start, step in config.tick_table.items()
    )
    if not 1 <= len(rungs) <= RUNGS_MAX:
        _wrong(f"{where}.tick_table", "1 to 8 steps", f"{len(rungs)}")
    reference = ticks(f"{where}.reference", config.reference) if config.reference else 0
    return [
        events.InstrumentDefined(
            symbol=symbol.encode(),
            currency=config.currency.encode(),
            tick_e9=TICK_E9,
            lot_e9=LOT_E9,
            multiplier_e9=LOT_E9,
            instrument_id=at,
            venue_code=at,
        ),
        *(
            events.TickRungDefined(
                instrument_id=at, rung=rung, from_price_ticks=start, increment_ticks=step
            )
            for rung, (start, step) in enumerate(rungs)
        ),
        events.InstrumentRuled(
            reference_ticks=reference,
            collar_ticks=config.collar_ticks,
            instrument_id=at,
            band_bps=config.band_bps,
            pause_ms=config.pause_ms,
            auction_collar_bps=config.auction_collar_bps,
            pro_rata=int(config.allocation == "pro_rata"),
        ),
    ]


def _firm(at: int, name: str, config: FirmConfig) -> events.FirmDefined:
    if not (name.isascii() and name.isalnum() and 1 <= len(name) <= MPID_MAX):
        _wrong(f"members.firms.{name}", "a name of 1 to 4 letters and digits", name)
    return events.FirmDefined(mpid=name.encode(), firm_id=at, tail=config.name.encode())


def _port(
    at: int, username: str, config: PortConfig, firm_ids: dict[str, int]
) -> events.PortDefined:
    where = f"members.ports.{username}"
    length_max = COMP_ID_MAX if config.protocol.startswith("fix") else USERNAME_MAX
    if not (username.isascii() and username.isalnum() and 1 <= len(username) <= length_max):
        _wrong(where, f"a user name of 1 to {length_max} letters and digits", username)
    if config.firm not in firm_ids:
        known = ", ".join(firm_ids) or "none"
        _wrong(f"{where}.firm", f"a firm of [members.firms] ({known})", config.firm)
    length = len(config.password.reveal())
    if not 1 <= length <= PASSWORD_MAX and not config.protocol.startswith("fix"):
        raise ConfigError(
            f"{where}.password: expected 1 to {PASSWORD_MAX} characters, found {length}",
            code="CFG-007",
            hint="choose one that fits into a SoupBinTCP login",
        )
    if config.kind == "drop_copy" and not config.protocol.startswith("fix"):
        _wrong(f"{where}.protocol", "fix44 or fix50sp2 for a drop copy", config.protocol)
    return events.PortDefined(
        order_qty_max=config.order_qty_max,
        order_notional_max=config.order_notional_max,
        open_orders_max=config.open_orders_max,
        orders_per_second_max=config.orders_per_second_max,
        cancels_per_second_max=config.cancels_per_second_max,
        port_id=at,
        firm_id=firm_ids[config.firm],
        collar_bps=config.collar_bps,
        kind=events.PortKind[config.kind.upper()],
        format=FORMATS[config.protocol],
        cancel_on_disconnect=int(config.cancel_on_disconnect),
        stp_mode=STP_MODES[config.stp],
        stp_by_port=int(config.stp_scope == "port"),
        duplicates_max=config.duplicates_max,
        post_only_rejects=int(config.post_only == "reject"),
        tail=username.encode(),
    )


def ticks(where: str, text: str) -> int:
    """Return a price in ticks of 0.0001.

    Args:
        where: The key that it stands at, for the error.
        text: A decimal number.

    Raises:
        ConfigError: If it is not a number above 0, has more than four decimals, or is too high.

    Examples:
        >>> ticks("market.instruments.ABC.reference", "12.34")
        123400
    """
    try:
        scaled = Decimal(text) * 10_000
    except InvalidOperation:
        _wrong(where, "a decimal number", text)
    if scaled != scaled.to_integral_value() or not 0 < scaled <= PRICE_TICKS_MAX:
        _wrong(where, "a price from 0.0001 to 200000 with at most four decimals", text)
    return int(scaled)


def _wrong(where: str, expected: str, found: str) -> NoReturn:
    raise ConfigError(
        f"{where}: expected {expected}, found {found!r}",
        code="CFG-007",
        hint="`onetape config explain --of exchange` lists every key with its meaning.",
    )
