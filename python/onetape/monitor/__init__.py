# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Watching an exchange, or a live node: its state as the journal tells it, and a live view of that.

Terminal("exchange-data/journal", Wanted(ports=["ALFA1"])).run(seconds=60)
NodeTerminal("live-data/journal").run(seconds=60)
"""

from onetape.monitor.market import Ladder, Market
from onetape.monitor.node import NodeState
from onetape.monitor.node_screen import render_node
from onetape.monitor.node_terminal import NodeTerminal, is_node
from onetape.monitor.screen import Look, render
from onetape.monitor.terminal import Terminal, Wanted

__all__ = [
    "Ladder",
    "Look",
    "Market",
    "NodeState",
    "NodeTerminal",
    "Terminal",
    "Wanted",
    "is_node",
    "render",
    "render_node",
]
