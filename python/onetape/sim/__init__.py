# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Runs on data with virtual time: a backtest, and its replay from the journal."""

from onetape.sim._replay import ReplayResult, replay
from onetape.sim.backtest import Progress, run
from onetape.sim.result import PositionResult, RunResult

__all__ = ["PositionResult", "Progress", "ReplayResult", "RunResult", "replay", "run"]
