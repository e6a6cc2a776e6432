# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A symbol's rules for new orders, in our units, checked before anything leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from onetape.errors import ConfigError, ConversionError
from onetape.events import OrderType
from onetape.types import Instrument, decimal_to_units

if TYPE_CHECKING:
    from onetape.live.adapters.binance._messages import Filter, SymbolInfo

_E9 = 1_000_000_000


@dataclass(frozen=True)
class SymbolRules:
    """What a symbol's new orders must be.

    Attributes:
        symbol: The venue's symbol.
        base_asset: What is traded.
        quote_asset: What is paid.
        price_step_ticks: Prices are multiples of this; 0 for any.
        price_min_ticks: Lowest price; 0 for none.
        price_max_ticks: Highest price; 0 for none.
        qty_step_lots: Quantities are multiples of this; 0 for any.
        qty_min_lots: Smallest quantity.
        qty_max_lots: Largest quantity; 0 for none.
        notional_min_e9: Least worth, in 10^-9 of the quote asset.
        notional_max_e9: Most worth; 0 for none.
        can_amend: An order may shrink in place.
    """

    symbol: str
    base_asset: str
    quote_asset: str
    price_step_ticks: int = 0
    price_min_ticks: int = 0
    price_max_ticks: int = 0
    qty_step_lots: int = 0
    qty_min_lots: int = 0
    qty_max_lots: int = 0
    notional_min_e9: int = 0
    notional_max_e9: int = 0
    can_amend: bool = False

    def refusal(
        self, instrument: Instrument, order_type: int, price_ticks: int, qty_lots: int
    ) -> str:
        """Return the name of the filter that an order breaks and why; empty when it breaks none."""
        has_price = order_type in {OrderType.LIMIT, OrderType.STOP_LIMIT}
        refusal = self._price_refusal(price_ticks) if has_price else ""
        return (
            refusal
            or self._qty_refusal(qty_lots)
            or (self._worth_refusal(instrument, price_ticks, qty_lots) if has_price else "")
        )

    def _price_refusal(self, price_ticks: int) -> str:
        if price_ticks < max(1, self.price_min_ticks):
            return f"PRICE_FILTER: {price_ticks} ticks is below {max(1, self.price_min_ticks)}"
        if 0 < self.price_max_ticks < price_ticks:
            return f"PRICE_FILTER: {price_ticks} ticks is above {self.price_max_ticks}"
        if self.price_step_ticks and price_ticks % self.price_step_ticks:
            return f"PRICE_FILTER: {price_ticks} ticks, step {self.price_step_ticks}"
        return ""

    def _qty_refusal(self, qty_lots: int) -> str:
        if qty_lots < max(1, self.qty_min_lots):
            return f"LOT_SIZE: {qty_lots} lots is below {max(1, self.qty_min_lots)}"
        if 0 < self.qty_max_lots < qty_lots:
            return f"LOT_SIZE: {qty_lots} lots is above {self.qty_max_lots}"
        if self.qty_step_lots and qty_lots % self.qty_step_lots:
            return f"LOT_SIZE: {qty_lots} lots, step {self.qty_step_lots}"
        return ""

    def _worth_refusal(self, instrument: Instrument, price_ticks: int, qty_lots: int) -> str:
        # Compared as products of 10^-18, so that nothing is rounded.
        worth_e18 = price_ticks * instrument.tick_e9 * qty_lots * instrument.lot_e9
        if worth_e18 < self.notional_min_e9 * _E9:
            return f"NOTIONAL: below {self.notional_min_e9} x 10^-9 {self.quote_asset}"
        if 0 < self.notional_max_e9 * _E9 < worth_e18:
            return f"NOTIONAL: above {self.notional_max_e9} x 10^-9 {self.quote_asset}"
        return ""


class Listing(NamedTuple):
    """An instrument as the venue has it."""

    instrument: Instrument
    rules: SymbolRules


def rules_of(info: SymbolInfo, instrument: Instrument) -> SymbolRules:
    """Return a symbol's rules in an instrument's units.

    Raises:
        ConfigError: ADP-001, the units cannot hold the symbol's steps.
    """
    found = {rule.filter_type: rule for rule in info.filters}
    try:
        return _rules(info, found, instrument)
    except ConversionError as err:
        raise ConfigError(
            f"instrument {instrument.symbol}: tick {instrument.tick_e9} x 10^-9 and lot "
            f"{instrument.lot_e9} x 10^-9 cannot hold the venue's steps: {err.message}",
            code="ADP-001",
            hint="take the units that `instrument_of` gives for the symbol",
        ) from err


def _rules(info: SymbolInfo, found: dict[str, Filter], instrument: Instrument) -> SymbolRules:
    values: dict[str, int] = {}
    if price := found.get("PRICE_FILTER"):
        values["price_step_ticks"] = instrument.price_ticks(price.tick_size)
        values["price_min_ticks"] = instrument.price_ticks(price.min_price)
        values["price_max_ticks"] = instrument.price_ticks(price.max_price)
    if lot := found.get("LOT_SIZE"):
        values["qty_step_lots"] = instrument.qty_lots(lot.step_size)
        values["qty_min_lots"] = instrument.qty_lots(lot.min_qty)
        values["qty_max_lots"] = instrument.qty_lots(lot.max_qty)
    if worth := found.get("NOTIONAL") or found.get("MIN_NOTIONAL"):
        values["notional_min_e9"] = decimal_to_units(worth.min_notional, 1)
        values["notional_max_e9"] = decimal_to_units(worth.max_notional, 1)
    return SymbolRules(
        info.symbol, info.base_asset, info.quote_asset, can_amend=info.amend_allowed, **values
    )


def instrument_of(info: SymbolInfo, instrument_id: int) -> Instrument:
    """Return a symbol as an instrument: its tick, and lots of the asset's own precision.

    Raises:
        ConfigError: ADP-002, the symbol has no price filter.
    """
    ticks = [rule.tick_size for rule in info.filters if rule.filter_type == "PRICE_FILTER"]
    tick_e9 = decimal_to_units(ticks[0], 1) if ticks else 0
    if tick_e9 == 0:
        raise ConfigError(
            f"Binance gives {info.symbol} no tick size",
            code="ADP-002",
            hint="say its tick and lot yourself",
        )
    return Instrument(
        id=instrument_id,
        symbol=info.symbol,
        tick_e9=tick_e9,
        lot_e9=10 ** (9 - info.base_asset_precision),
        currency=info.quote_asset,
    )
