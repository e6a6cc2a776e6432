# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A simulated crowd: seeded clients that make a lively market on an exchange's real ports.

Zero intelligence, market makers, momentum, institutions, and news. `Crowd` decides and knows no
socket and no clock: with the same seed and the same answers it sends the same orders. `trade` puts
it on OUCH 5.0 ports.
"""

from onetape.sim.crowd._agents import (
    Agent,
    Follower,
    Institution,
    Maker,
    ZeroIntelligence,
)
from onetape.sim.crowd._crowd import Crowd, CrowdResult, KindResult
from onetape.sim.crowd._desk import (
    Accepted,
    Answer,
    Canceled,
    Desk,
    Entering,
    Filled,
    OwnOrder,
    Port,
    Rejected,
    Replaced,
    Tally,
)
from onetape.sim.crowd._listener import Feed, FeedPlace, Listener
from onetape.sim.crowd._ouch_port import OuchPort, PortPlace, answer_of
from onetape.sim.crowd._places import feed_of, instruments_of, ports_of
from onetape.sim.crowd._prices import Best, Instrument, News, Prices
from onetape.sim.crowd._session import trade
from onetape.sim.crowd.config import CrowdConfig

__all__ = [
    "Accepted",
    "Agent",
    "Answer",
    "Best",
    "Canceled",
    "Crowd",
    "CrowdConfig",
    "CrowdResult",
    "Desk",
    "Entering",
    "Feed",
    "FeedPlace",
    "Filled",
    "Follower",
    "Institution",
    "Instrument",
    "KindResult",
    "Listener",
    "Maker",
    "News",
    "OuchPort",
    "OwnOrder",
    "Port",
    "PortPlace",
    "Prices",
    "Rejected",
    "Replaced",
    "Tally",
    "ZeroIntelligence",
    "answer_of",
    "feed_of",
    "instruments_of",
    "ports_of",
    "trade",
]
