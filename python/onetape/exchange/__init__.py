# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Our market: the matching engine, the whole market above it, and a backtest's simulated venue.

All are the same deterministic engine of the core. Commands go in, events come out; nothing here
reads a clock or keeps a rule of the market.
"""

from onetape.exchange._market import Auction, Market, OrderRequest, PostOnly, QueuedOrder, Report
from onetape.exchange._matcher import COMMAND, Event, Level, Matcher, Op, Outputs, RestingOrder
from onetape.exchange._venue import MarketCounters, Venue

__all__ = [
    "COMMAND",
    "Auction",
    "Event",
    "Level",
    "Market",
    "MarketCounters",
    "Matcher",
    "Op",
    "OrderRequest",
    "Outputs",
    "PostOnly",
    "QueuedOrder",
    "Report",
    "RestingOrder",
    "Venue",
]
