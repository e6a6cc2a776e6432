# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Our orders: the strategy API."""

from onetape._native import Market, Trade
from onetape.trading.strategy import OrderEvent, Strategy

__all__ = ["Market", "OrderEvent", "Strategy", "Trade"]
