# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Execution quality: what orders cost, and why, from the journal of any run.

`ExecutionQuality` reads a journal, live or whole, and measures it: shortfall, slippage, markouts,
spreads, fill, reject and cancel ratios, order-to-trade ratio, queues, latencies, fees. What each
figure is, `FIGURES` says.
"""

from onetape.pipeline.tca._definitions import FIGURES, Figure
from onetape.pipeline.tca._facts import HORIZONS_NS, Facts
from onetape.pipeline.tca._gap import Gap, gap_between
from onetape.pipeline.tca._metrics import Group
from onetape.pipeline.tca._names import DIMENSIONS
from onetape.pipeline.tca._report import Latency, Refusals, Report
from onetape.pipeline.tca._shown import HEADLINE_FIGURES, heading, shown
from onetape.pipeline.tca.quality import ExecutionQuality

__all__ = [
    "DIMENSIONS",
    "FIGURES",
    "HEADLINE_FIGURES",
    "HORIZONS_NS",
    "ExecutionQuality",
    "Facts",
    "Figure",
    "Gap",
    "Group",
    "Latency",
    "Refusals",
    "Report",
    "gap_between",
    "heading",
    "shown",
]
