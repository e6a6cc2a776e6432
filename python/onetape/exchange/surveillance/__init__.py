# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Surveillance: patterns of market abuse in an exchange's journal, and the entries that prove them.

    for alert in surveil(open_journal("runs/exchange")):
        print(alert.rule, alert.firm, alert.what, alert.seqs)

An alert is a reason to look, not a verdict. The thresholds stand in `[surveillance]`.
"""

from onetape.exchange.surveillance._alert import Alert
from onetape.exchange.surveillance._rules import RULES, surveil
from onetape.exchange.surveillance.config import (
    CloseConfig,
    OrderToTradeConfig,
    PulledConfig,
    SurveillanceConfig,
    WashConfig,
)

__all__ = [
    "RULES",
    "Alert",
    "CloseConfig",
    "OrderToTradeConfig",
    "PulledConfig",
    "SurveillanceConfig",
    "WashConfig",
    "surveil",
]
