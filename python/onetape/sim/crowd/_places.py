# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Where a crowd trades, and what: out of its configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onetape.errors import ConfigError
from onetape.exchange.definitions import ticks
from onetape.sim.crowd._listener import FeedPlace
from onetape.sim.crowd._ouch_port import PortPlace
from onetape.sim.crowd._prices import Instrument

if TYPE_CHECKING:
    from onetape.exchange.config import FeedConfig, GatewayConfig, MarketConfig, MembersConfig
    from onetape.sim.crowd.config import CrowdConfig

_PORT_MAX = 65_535


def address_of(text: str, key: str) -> tuple[str, int]:
    """Return host and port of `host:port`.

    Args:
        text: The address.
        key: The configuration's key that holds it, for the error's text.

    Raises:
        ConfigError: If it is none.

    Examples:
        >>> address_of("127.0.0.1:9150", "crowd.ports.ALFA1.address")
        ('127.0.0.1', 9150)
    """
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= _PORT_MAX:
        raise ConfigError(
            f"{key}: expected host:port, found {text!r}",
            code="CRD-006",
            hint="write for instance 127.0.0.1:9150",
        )
    return host, int(port)


def ports_of(
    config: CrowdConfig, gateway: GatewayConfig | None = None, members: MembersConfig | None = None
) -> list[PortPlace]:
    """Return the ports to trade through: those of [crowd.ports], else the exchange's own.

    Args:
        config: The crowd's configuration; its `use_ports` chooses among them.
        gateway: Where the exchange listens, if its configuration is known.
        members: Its ports.

    Raises:
        ConfigError: If an address is none, or `use_ports` names a port there is not.
    """
    places = [
        PortPlace(name, *address_of(port.address, f"crowd.ports.{name}.address"), port.password)
        for name, port in config.ports.items()
    ]
    if not places and gateway and members and gateway.ouch50:
        where = address_of(gateway.ouch50, "gateway.ouch50")
        places = [
            PortPlace(name, *where, port.password)
            for name, port in members.ports.items()
            if port.protocol == "ouch50" and port.kind == "order_entry"
        ]
    there = {place.username: place for place in places}
    if lost := [name for name in config.use_ports if name not in there]:
        raise ConfigError(
            f"crowd.use_ports: there is no OUCH 5.0 order-entry port {lost[0]}",
            code="CRD-007",
            hint=f"there are: {', '.join(there) or 'none'}",
        )
    return [there[name] for name in config.use_ports] or places


def instruments_of(config: CrowdConfig, market: MarketConfig | None = None) -> list[Instrument]:
    """Return the instruments to trade: those of [crowd.instruments], else the exchange's own.

    One of the exchange's without a reference price is left out: nobody knows what it is worth.

    Raises:
        ConfigError: If a price is no number, or not a whole number of ticks.
    """
    found = [
        Instrument(
            symbol,
            ticks(f"crowd.instruments.{symbol}.price", given.price),
            ticks(f"crowd.instruments.{symbol}.increment", given.increment),
        )
        for symbol, given in config.instruments.items()
    ]
    if found or market is None:
        return found
    for symbol, rules in market.instruments.items():
        if rules.reference:
            where = f"market.instruments.{symbol}"
            price = ticks(f"{where}.reference", rules.reference)
            steps = {
                ticks(f"{where}.tick_table", start): ticks(f"{where}.tick_table", step)
                for start, step in rules.tick_table.items()
            }
            below = [start for start in steps if start <= price]
            found.append(Instrument(symbol, price, steps[max(below)] if below else 1))
    return found


def feed_of(config: CrowdConfig, feed: FeedConfig | None = None) -> FeedPlace | None:
    """Return where prices are seen; None where they are not, or are not to be.

    Raises:
        ConfigError: If an address is none.
    """
    if feed is None or not config.listen or not feed.lines:
        return None
    return FeedPlace(
        lines=[address_of(line, "feed.lines") for line in feed.lines],
        interface=feed.interface,
        rerequest=address_of(feed.rerequest, "feed.rerequest") if feed.rerequest else None,
    )
