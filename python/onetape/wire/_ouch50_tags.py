# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What may be appended to messages of OUCH 5.0, as classes. Made by tools/wire_classes.py from crates/core/src/wire/ouch50/. Do not edit."""

# ruff: noqa: E501

from __future__ import annotations

from typing import ClassVar

import msgspec


class Tag(msgspec.Struct, frozen=True):
    """What every tag is."""

    NUMBER: ClassVar[int] = 0


class UnknownTag(Tag, frozen=True):
    """A tag that this version does not know: its number and the bytes of its value."""

    number: int
    value: bytes


class SecondaryOrderReference(Tag, frozen=True):
    """Reference of the order on market data (u64)."""

    NUMBER: ClassVar[int] = 1

    value: int


class Firm(Tag, frozen=True):
    """Firm; blank for the port's own (4 characters)."""

    NUMBER: ClassVar[int] = 2

    value: str


class MinimumQuantity(Tag, frozen=True):
    """Least quantity that may trade; 0 for none (u32)."""

    NUMBER: ClassVar[int] = 3

    value: int


class CustomerType(Tag, frozen=True):
    """R retail, N not, blank for the port's own (char)."""

    NUMBER: ClassVar[int] = 4

    value: str


class MaxFloor(Tag, frozen=True):
    """Quantity that others see of a reserve order; 0 for all (u32)."""

    NUMBER: ClassVar[int] = 5

    value: int


class PriceType(Tag, frozen=True):
    """L limit, P market peg, M midpoint peg, R primary peg, Q market-maker peg, m midpoint (char)."""

    NUMBER: ClassVar[int] = 6

    value: str


class PegOffset(Tag, frozen=True):
    """Distance of a peg from what it follows, in 1/10,000 (i32)."""

    NUMBER: ClassVar[int] = 7

    value: int


class DiscretionPrice(Tag, frozen=True):
    """Price up to which it has discretion; 0 for none (u64)."""

    NUMBER: ClassVar[int] = 9

    value: int


class DiscretionPriceType(Tag, frozen=True):
    """What the discretion follows: L P M R (char)."""

    NUMBER: ClassVar[int] = 10

    value: str


class DiscretionPegOffset(Tag, frozen=True):
    """Distance of the discretion from what it follows, in 1/10,000 (i32)."""

    NUMBER: ClassVar[int] = 11

    value: int


class PostOnly(Tag, frozen=True):
    """P post-only, N not (char)."""

    NUMBER: ClassVar[int] = 12

    value: str


class RandomReserves(Tag, frozen=True):
    """By how much slices of a reserve order vary (u32)."""

    NUMBER: ClassVar[int] = 13

    value: int


class Route(Tag, frozen=True):
    """Where it was routed (4 characters)."""

    NUMBER: ClassVar[int] = 14

    value: str


class ExpireTime(Tag, frozen=True):
    """Seconds to live, below 86,400; with time in force 6 (u32)."""

    NUMBER: ClassVar[int] = 15

    value: int


class TradeNow(Tag, frozen=True):
    """Y, N, or blank for the port's own (char)."""

    NUMBER: ClassVar[int] = 16

    value: str


class HandlingInstruction(Tag, frozen=True):
    """I imbalance-only, O T retail order, Q retail price improvement, B extended life, D direct listing, or blank (char)."""

    NUMBER: ClassVar[int] = 17

    value: str


class BboWeight(Tag, frozen=True):
    """What the order did to the best price: 0 1 2 3 S N, or blank (char)."""

    NUMBER: ClassVar[int] = 18

    value: str


class DisplayQuantity(Tag, frozen=True):
    """Quantity that others see now (u32)."""

    NUMBER: ClassVar[int] = 22

    value: int


class DisplayPrice(Tag, frozen=True):
    """Price that others see now (u64)."""

    NUMBER: ClassVar[int] = 23

    value: int


class GroupId(Tag, frozen=True):
    """The client's group of orders; 0 for none (u16)."""

    NUMBER: ClassVar[int] = 24

    value: int


class SharesLocated(Tag, frozen=True):
    """Y shares to sell short were located, N not (char)."""

    NUMBER: ClassVar[int] = 25

    value: str


class LocateBroker(Tag, frozen=True):
    """Who located them (4 characters)."""

    NUMBER: ClassVar[int] = 26

    value: str


class Side(Tag, frozen=True):
    """Only orders of this side: B S T E (char)."""

    NUMBER: ClassVar[int] = 27

    value: str


class UserRefIndex(Tag, frozen=True):
    """Channel of order flow within the port; 0 by default (u8)."""

    NUMBER: ClassVar[int] = 28

    value: int


class AiqStrategy(Tag, frozen=True):
    """What happens when a firm would trade with itself (char)."""

    NUMBER: ClassVar[int] = 29

    value: str


class AiqGroupId(Tag, frozen=True):
    """Group within which that is looked for; ** by default (2 characters)."""

    NUMBER: ClassVar[int] = 30

    value: str


TAGS: tuple[type[Tag], ...] = (
    SecondaryOrderReference,
    Firm,
    MinimumQuantity,
    CustomerType,
    MaxFloor,
    PriceType,
    PegOffset,
    DiscretionPrice,
    DiscretionPriceType,
    DiscretionPegOffset,
    PostOnly,
    RandomReserves,
    Route,
    ExpireTime,
    TradeNow,
    HandlingInstruction,
    BboWeight,
    DisplayQuantity,
    DisplayPrice,
    GroupId,
    SharesLocated,
    LocateBroker,
    Side,
    UserRefIndex,
    AiqStrategy,
    AiqGroupId,
)
