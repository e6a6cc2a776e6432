# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Watching an exchange: its market as the journal tells it, and a live view in the terminal.

Terminal("exchange-data/journal", Wanted(ports=["ALFA1"])).run(seconds=60)
"""

from onetape.monitor.market import Ladder, Market
from onetape.monitor.screen import Look, render
from onetape.monitor.terminal import Terminal, Wanted

__all__ = ["Ladder", "Look", "Market", "Terminal", "Wanted", "render"]
