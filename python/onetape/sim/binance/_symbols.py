# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A symbol of the stand-in: its rules, its book as streams tell it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from onetape.events import Side
from onetape.sim.binance._orders import ZERO, text_of
from onetape.sim.binance._trouble import ApiError, broken_filter

if TYPE_CHECKING:
    from onetape.exchange import Market
    from onetape.sim.binance.config import SymbolConfig

LOT = Decimal("0.00000001")
"""A lot of the market below: the precision of every asset."""
_PRICE_MAX, _QTY_MAX = Decimal(1_000_000), Decimal(9_000)
_SIDES = (Side.BUY, Side.SELL)


@dataclass
class Depth:
    """What changed since it was last told, for streams of one speed."""

    first_id: int = 0
    changes: dict[tuple[Side, int], int] = field(default_factory=dict)


class Symbol:
    """One symbol.

    Args:
        instrument_id: Its id in the market below.
        config: What it is.
        market: The market below.

    Attributes:
        update_id: Rises by one with each level that changes.
        trade_id: Number of the last trade.
    """

    def __init__(self, instrument_id: int, config: SymbolConfig, market: Market) -> None:
        self.instrument_id = instrument_id
        self.name = config.name
        self.base = config.base
        self.quote = config.quote
        self.tick = Decimal(config.tick)
        self.step = Decimal(config.step)
        self.min_notional = Decimal(config.min_notional)
        self.update_id = 1_000
        self.trade_id = 0
        self.depths = {100: Depth(), 1_000: Depth()}
        self._market = market
        self._levels: dict[Side, dict[int, int]] = {side: {} for side in _SIDES}

    def price_ticks(self, price: Decimal) -> int:
        """Return a price in ticks; refuses one between them."""
        ticks = price / self.tick
        if ticks != int(ticks) or not self.tick <= price <= _PRICE_MAX:
            raise broken_filter("PRICE_FILTER")
        return int(ticks)

    def qty_lots(self, qty: Decimal) -> int:
        """Return a quantity in lots; refuses one between the steps."""
        if qty % self.step != 0 or not self.step <= qty <= _QTY_MAX:
            raise broken_filter("LOT_SIZE")
        return int(qty / LOT)

    def check_worth(self, price: Decimal, qty: Decimal) -> None:
        """Refuse an order that is worth too little."""
        if price * qty < self.min_notional:
            raise broken_filter("NOTIONAL")

    def refresh(self) -> dict[str, Any] | None:
        """Take over the market's levels; return a book ticker when the best ones changed."""
        was = self._best()
        for side in _SIDES:
            levels = self._market.levels(self.instrument_id, side)
            now = {level.price_ticks: level.qty_lots for level in levels}
            old = self._levels[side]
            for price in old.keys() | now.keys():
                if old.get(price, 0) != now.get(price, 0):
                    self.update_id += 1
                    for depth in self.depths.values():
                        depth.first_id = depth.first_id or self.update_id
                        depth.changes[side, price] = now.get(price, 0)
            self._levels[side] = now
        best = self._best()
        if best == was:
            return None
        return {"u": self.update_id, "s": self.name, **best}

    def diff(self, speed_ms: int, now_ms: int) -> dict[str, Any] | None:
        """Return what changed since the last call of this speed; None when nothing did."""
        depth = self.depths[speed_ms]
        if not depth.changes:
            return None
        rows: dict[Side, list[list[str]]] = {side: [] for side in _SIDES}
        for (side, price), qty in depth.changes.items():
            rows[side].append(self._row(price, qty))
        first_id = depth.first_id
        self.depths[speed_ms] = Depth()
        return {
            "e": "depthUpdate",
            "E": now_ms,
            "s": self.name,
            "U": first_id,
            "u": self.update_id,
            "b": rows[Side.BUY],
            "a": rows[Side.SELL],
        }

    def snapshot(self, limit: int) -> dict[str, Any]:
        """Return the book as it stands."""
        bids = sorted(self._levels[Side.BUY].items(), reverse=True)[:limit]
        asks = sorted(self._levels[Side.SELL].items())[:limit]
        return {
            "lastUpdateId": self.update_id,
            "bids": [self._row(*level) for level in bids],
            "asks": [self._row(*level) for level in asks],
        }

    def best_price(self, side: Side) -> Decimal | None:
        """Return the best price of a side; None when it is empty."""
        levels = self._levels[side]
        if not levels:
            return None
        return (max(levels) if side == Side.BUY else min(levels)) * self.tick

    def ticker(self) -> dict[str, str]:
        """Return the best prices as REST gives them."""
        best = self._best()
        return {
            "symbol": self.name,
            "bidPrice": best["b"],
            "bidQty": best["B"],
            "askPrice": best["a"],
            "askQty": best["A"],
        }

    def info(self) -> dict[str, Any]:
        """Return what the venue says of the symbol."""
        return {
            "symbol": self.name,
            "status": "TRADING",
            "baseAsset": self.base,
            "baseAssetPrecision": 8,
            "quoteAsset": self.quote,
            "quotePrecision": 8,
            "quoteAssetPrecision": 8,
            "baseCommissionPrecision": 8,
            "quoteCommissionPrecision": 8,
            "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT"],
            "icebergAllowed": True,
            "ocoAllowed": False,
            "otoAllowed": False,
            "quoteOrderQtyMarketAllowed": False,
            "allowTrailingStop": False,
            "cancelReplaceAllowed": True,
            "amendAllowed": True,
            "isSpotTradingAllowed": True,
            "isMarginTradingAllowed": False,
            "filters": self._filters(),
            "permissions": [],
            "permissionSets": [["SPOT"]],
            "defaultSelfTradePreventionMode": "EXPIRE_MAKER",
            "allowedSelfTradePreventionModes": ["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER"],
        }

    def _filters(self) -> list[dict[str, Any]]:
        return [
            {
                "filterType": "PRICE_FILTER",
                "minPrice": text_of(self.tick),
                "maxPrice": text_of(_PRICE_MAX),
                "tickSize": text_of(self.tick),
            },
            {
                "filterType": "LOT_SIZE",
                "minQty": text_of(self.step),
                "maxQty": text_of(_QTY_MAX),
                "stepSize": text_of(self.step),
            },
            {
                "filterType": "NOTIONAL",
                "minNotional": text_of(self.min_notional),
                "applyMinToMarket": True,
                "maxNotional": "9000000.00000000",
                "applyMaxToMarket": False,
                "avgPriceMins": 5,
            },
        ]

    def _best(self) -> dict[str, str]:
        best = {"b": text_of(ZERO), "B": text_of(ZERO), "a": text_of(ZERO), "A": text_of(ZERO)}
        for side, price_key, qty_key in ((Side.BUY, "b", "B"), (Side.SELL, "a", "A")):
            levels = self._levels[side]
            if levels:
                price = max(levels) if side == Side.BUY else min(levels)
                best[price_key], best[qty_key] = self._row(price, levels[price])
        return best

    def _row(self, price_ticks: int, qty_lots: int) -> list[str]:
        return [text_of(price_ticks * self.tick), text_of(qty_lots * LOT)]


def decimal_of(parameters: dict[str, str], name: str) -> Decimal:
    """Return a parameter as an amount; 0 where it is not there.

    Raises:
        ApiError: If it is no number, or has more places than the venue takes.
    """
    text = parameters.get(name, "0")
    whole, _, places = text.partition(".")
    if not whole.isdecimal() or (places and not places.isdecimal()):
        raise ApiError(-1100, f"Illegal characters found in parameter '{name}'.")
    if len(places.rstrip("0")) > 8:  # noqa: PLR2004 - the precision of every asset
        raise ApiError(-1111, f"Parameter '{name}' has too much precision.")
    return Decimal(text)
