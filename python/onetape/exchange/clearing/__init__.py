# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Clearing: what each firm bought, sold, holds and owes, out of the exchange's journal.

    clearing = clear(open_journal("runs/exchange"))
    clearing.days[0].firms[0].net_cash
    clearing.write("cleared")

Exact throughout: positions in lots, money in whole 10^-9 (or 10^-18) of the currency. Over all
firms positions and cash are zero; what is missing is the fees, which the exchange has.
"""

from onetape.exchange.clearing._day import ClearedDay, Clearing, FirmTotal, clear
from onetape.exchange.clearing._positions import Position
from onetape.exchange.clearing._records import Role
from onetape.exchange.clearing.config import FeesConfig, RatesConfig

__all__ = [
    "ClearedDay",
    "Clearing",
    "FeesConfig",
    "FirmTotal",
    "Position",
    "RatesConfig",
    "Role",
    "clear",
]
