# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Our orders: the strategy API."""

from onetape._native import LiveOrder, Market, Trade
from onetape.trading.machine_code import compiled
from onetape.trading.parameters import Between
from onetape.trading.strategy import OrderEvent, Strategy

__all__ = ["Between", "LiveOrder", "Market", "OrderEvent", "Strategy", "Trade", "compiled"]
