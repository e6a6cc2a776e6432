# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Fixed-point numbers, time and instruments, at the border between text and the journal.

Prices are whole ticks, quantities whole lots, times whole nanoseconds. A conversion is exact or
refused, and done by the core: no float is ever used, and no rule stands here a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onetape._native import (
    decimal_to_units,
    format_ts_ns,
    notional,
    parse_ts_ns,
    price_allowed,
    units_to_decimal,
)

__all__ = [
    "Instrument",
    "Rung",
    "decimal_to_units",
    "format_ts_ns",
    "notional",
    "parse_ts_ns",
    "units_to_decimal",
]


@dataclass(frozen=True)
class Rung:
    """One rung of a tick table: from here up, prices are multiples of the increment.

    Attributes:
        from_ticks: Lowest price, inclusive, in ticks.
        increment_ticks: Step between allowed prices, in ticks, at least 1.
    """

    from_ticks: int
    increment_ticks: int


@dataclass(frozen=True)
class Instrument:
    """An instrument and its units, as `InstrumentDefined` and `TickRungDefined` give them.

    Attributes:
        id: Its id in this journal, from 1.
        symbol: The venue's symbol.
        tick_e9: Worth of one tick, in 10^-9 of the currency.
        lot_e9: Size of one lot, in 10^-9 units.
        currency: ISO 4217 code or coin.
        multiplier_e9: Contract multiplier, in 10^-9.
        rungs: Tick table, lowest rung first; empty: every price above zero.

    Examples:
        >>> apple = Instrument(id=1, symbol="AAPL", tick_e9=100_000, rungs=(Rung(0, 100),))
        >>> apple.price_ticks("163.34"), apple.price_text(1_633_400)
        (1633400, '163.34')
        >>> apple.allows(1_633_400), apple.allows(1_633_401)
        (True, False)
    """

    id: int
    symbol: str
    tick_e9: int = 10_000_000
    lot_e9: int = 1_000_000_000
    currency: str = "USD"
    multiplier_e9: int = 1_000_000_000
    rungs: Sequence[Rung] = ()

    def price_ticks(self, text: str) -> int:
        """Return a price given as decimal text, in ticks.

        Raises:
            ConversionError: If it is no number, or not a whole number of ticks.
        """
        return decimal_to_units(text, self.tick_e9)

    def price_text(self, price_ticks: int) -> str:
        """Return a price in ticks as decimal text in the currency."""
        return units_to_decimal(price_ticks, self.tick_e9)

    def qty_lots(self, text: str) -> int:
        """Return a quantity given as decimal text, in lots.

        Raises:
            ConversionError: If it is no number, or not a whole number of lots.
        """
        return decimal_to_units(text, self.lot_e9)

    def qty_text(self, qty_lots: int) -> str:
        """Return a quantity in lots as decimal text in units."""
        return units_to_decimal(qty_lots, self.lot_e9)

    def allows(self, price_ticks: int) -> bool:
        """Return whether an order may have this price."""
        rungs = [(r.from_ticks, r.increment_ticks) for r in self.rungs]
        return price_allowed(rungs, price_ticks)
