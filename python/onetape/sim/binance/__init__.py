# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A stand-in of Binance spot: its API on loopback, on our own matching.

The venue's own client libraries use it unchanged, and so does our adapter.
"""

from onetape.sim.binance.config import AccountConfig, StandInConfig, SymbolConfig
from onetape.sim.binance.faults import Faults
from onetape.sim.binance.market import StandInMarket
from onetape.sim.binance.server import StandIn

__all__ = [
    "AccountConfig",
    "Faults",
    "StandIn",
    "StandInConfig",
    "StandInMarket",
    "SymbolConfig",
]
