# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Our market: the matching engine, and the simulated venue that a backtest trades on.

Both are the same deterministic engine of the core. Commands go in, events come out; nothing here
reads a clock or keeps a rule of the market.
"""

from onetape.exchange._matcher import COMMAND, Event, Level, Matcher, Op, Outputs, RestingOrder
from onetape.exchange._venue import MarketCounters, Venue

__all__ = [
    "COMMAND",
    "Event",
    "Level",
    "MarketCounters",
    "Matcher",
    "Op",
    "Outputs",
    "RestingOrder",
    "Venue",
]
