# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Binance spot: market data by WebSocket, orders by WebSocket API or REST, reports by stream.

What a decision needs is pure (`_orders`, `_limits`, `_rules`, `_requests`, `_signing`, and
`onetape.feed.binance`); `_calls`, `_market_data`, `_reports` and `adapter` hold the sockets.
"""

from onetape.live.adapters.binance._messages import SymbolInfo
from onetape.live.adapters.binance._rules import instrument_of
from onetape.live.adapters.binance.adapter import BinanceAdapter
from onetape.live.adapters.binance.config import BinanceConfig

__all__ = ["BinanceAdapter", "BinanceConfig", "SymbolInfo", "instrument_of"]
