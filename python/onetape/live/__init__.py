# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node: real venues on real sockets, strategies in processes of their own."""

from onetape.live.config import SECTIONS, LiveConfig, StrategyConfig, VenueConfig
from onetape.live.supervisor import live

__all__ = ["SECTIONS", "LiveConfig", "StrategyConfig", "VenueConfig", "live"]
