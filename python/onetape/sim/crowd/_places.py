# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Where a crowd trades, and what: out of its configuration."""

from __future__ import annotations

from onetape.errors import ConfigError
from onetape.sim.crowd._ouch_port import PortPlace
from onetape.sim.crowd._prices import Instrument
from onetape.sim.crowd.config import CrowdConfig
from onetape.types import decimal_to_units

#: Worth of one tick of OUCH 5.0 and ITCH 5.0, in 10^-9 of the currency.
TICK_E9 = 100_000
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


def ports_of(config: CrowdConfig) -> list[PortPlace]:
    """Return the ports of [crowd.ports] that are to be used.

    Raises:
        ConfigError: If an address is none, or `use_ports` names a port there is not.
    """
    places = [
        PortPlace(name, *address_of(port.address, f"crowd.ports.{name}.address"), port.password)
        for name, port in config.ports.items()
    ]
    return chosen(config, places)


def chosen(config: CrowdConfig, places: list[PortPlace]) -> list[PortPlace]:
    """Return the ports that `use_ports` names, in its order; all when it names none.

    Raises:
        ConfigError: If it names one there is not.
    """
    there = {place.username: place for place in places}
    if lost := [name for name in config.use_ports if name not in there]:
        raise ConfigError(
            f"crowd.use_ports: there is no OUCH 5.0 order-entry port {lost[0]}",
            code="CRD-007",
            hint=f"there are: {', '.join(there) or 'none'}",
        )
    return [there[name] for name in config.use_ports] or places


def instruments_of(config: CrowdConfig) -> list[Instrument]:
    """Return the instruments of [crowd.instruments].

    Raises:
        ConversionError: If a price is no number, or not a whole number of ticks.
    """
    return [
        Instrument(
            symbol,
            decimal_to_units(given.price, TICK_E9),
            decimal_to_units(given.increment, TICK_E9),
        )
        for symbol, given in config.instruments.items()
    ]
