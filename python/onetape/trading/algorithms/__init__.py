# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Execution algorithms: strategies that work one order over time.

Each is a short file to read and to copy; `Algorithm` keeps what they share. Run one by its module:
`strategy = "onetape.trading.algorithms.twap:Twap"`.
"""

from onetape.trading.algorithms.algorithm import Algorithm
from onetape.trading.algorithms.iceberg import Iceberg
from onetape.trading.algorithms.participation import Participation
from onetape.trading.algorithms.report import ExecutionReport
from onetape.trading.algorithms.scheduled import Scheduled
from onetape.trading.algorithms.shortfall import Shortfall
from onetape.trading.algorithms.sniper import Sniper
from onetape.trading.algorithms.twap import Twap
from onetape.trading.algorithms.vwap import Vwap

__all__ = [
    "Algorithm",
    "ExecutionReport",
    "Iceberg",
    "Participation",
    "Scheduled",
    "Shortfall",
    "Sniper",
    "Twap",
    "Vwap",
]
