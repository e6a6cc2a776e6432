# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The messages of OUCH 4.2 as classes, fields in the order of the wire. Made by tools/wire_classes.py from crates/core/src/wire/ouch42/. Do not edit.

Text is without its padding. Prices end in `_e4` (1/10,000 dollar).
"""

# ruff: noqa: E501

from __future__ import annotations

from typing import ClassVar

import msgspec


class Message(msgspec.Struct, frozen=True):
    """What every message is."""

    TYPE: ClassVar[str] = ""
    IS_INBOUND: ClassVar[bool] = False


class Unknown(Message, frozen=True):
    """A message of a type this decoder does not know: all its bytes."""

    data: bytes


class EnterOrder(Message, frozen=True):
    """A new order.

    Attributes:
        order_token: The client's name for the order; day-unique. (14 characters)
        side: B buy, S sell, T sell short, E sell short exempt. (char)
        shares: Shares. (u32)
        stock: Symbol. (8 characters)
        price_e4: Limit price in 1/10,000; 2,147,483,647 means market, in an auction. (u32)
        time_in_force: Seconds to live; 0 immediate or cancel, 99996 extended close, 99998
            market hours, 99999 system hours. (u32)
        firm: Firm; blank for the port's own. (4 characters)
        display: A attributed, Y displayed, N hidden, P post-only, I imbalance-only, M
            midpoint peg, W the same post-only, L post-only attributed, O T Q retail, m n
            with trade-now. (char)
        capacity: A agency, P principal, R riskless, O other. (char)
        sweep_eligibility: Y intermarket sweep, y trade-at sweep, N not. (char)
        minimum_quantity: Least quantity that may trade; 0 for none. (u32)
        cross_type: N continuous, O opening, C closing, H halt, S supplemental, R retail, E
            extended life, A after hours. (char)
        customer_type: R retail, N not, blank for the port's own. (char)
    """

    TYPE: ClassVar[str] = "O"
    IS_INBOUND: ClassVar[bool] = True

    order_token: str
    side: str
    shares: int
    stock: str
    price_e4: int
    time_in_force: int
    firm: str
    display: str
    capacity: str
    sweep_eligibility: str
    minimum_quantity: int
    cross_type: str
    customer_type: str


class ReplaceOrder(Message, frozen=True):
    """An order in place of another.

    Attributes:
        existing_order_token: The order to be replaced. (14 characters)
        replacement_order_token: The new order's name. (14 characters)
        shares: Shares of the whole chain, executed ones included. (u32)
        price_e4: New limit price in 1/10,000. (u32)
        time_in_force: Seconds to live; 0 immediate or cancel, 99996 extended close, 99998
            market hours, 99999 system hours. (u32)
        display: A attributed, Y displayed, N hidden, P post-only, I imbalance-only, M
            midpoint peg, W the same post-only, L post-only attributed, O T Q retail, m n
            with trade-now. (char)
        sweep_eligibility: Y intermarket sweep, y trade-at sweep, N not. (char)
        minimum_quantity: Least quantity that may trade; 0 for none. (u32)
    """

    TYPE: ClassVar[str] = "U"
    IS_INBOUND: ClassVar[bool] = True

    existing_order_token: str
    replacement_order_token: str
    shares: int
    price_e4: int
    time_in_force: int
    display: str
    sweep_eligibility: str
    minimum_quantity: int


class CancelOrder(Message, frozen=True):
    """Less of an order, or none.

    Attributes:
        order_token: The order. (14 characters)
        shares: Size it shall have, executed shares included; 0 for none. (u32)
    """

    TYPE: ClassVar[str] = "X"
    IS_INBOUND: ClassVar[bool] = True

    order_token: str
    shares: int


class ModifyOrder(Message, frozen=True):
    """Another mark on a sale, and perhaps less of it.

    Attributes:
        order_token: The order. (14 characters)
        side: Its mark: S, T or E. (char)
        shares: Size it shall have; never more. (u32)
    """

    TYPE: ClassVar[str] = "M"
    IS_INBOUND: ClassVar[bool] = True

    order_token: str
    side: str
    shares: int


class SystemEvent(Message, frozen=True):
    """A point in the day was reached.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        event_code: S start of day, E end of day. (char)
    """

    TYPE: ClassVar[str] = "S"

    timestamp_ns: int
    event_code: str


class Accepted(Message, frozen=True):
    """A new order was taken.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        order_token: The client's name for the order; day-unique. (14 characters)
        side: B buy, S sell, T sell short, E sell short exempt. (char)
        shares: Shares. (u32)
        stock: Symbol. (8 characters)
        price_e4: Price in 1/10,000. (u32)
        time_in_force: Seconds to live; 0 immediate or cancel, 99996 extended close, 99998
            market hours, 99999 system hours. (u32)
        firm: Firm; blank for the port's own. (4 characters)
        display: A attributed, Y displayed, N hidden, P post-only, I imbalance-only, M
            midpoint peg, W the same post-only, L post-only attributed, O T Q retail, m n
            with trade-now. (char)
        order_ref: Reference of the order, the same on market data. (u64)
        capacity: A agency, P principal, R riskless, O other. (char)
        sweep_eligibility: Y intermarket sweep, N not. (char)
        minimum_quantity: Least quantity that may trade; 0 for none. (u32)
        cross_type: N continuous, O opening, C closing, H halt, S supplemental, R retail, E
            extended life, A after hours. (char)
        order_state: L live, D dead: the last message about it. (char)
        bbo_weight: What it did to the best price: 0 1 2 3 S N, or blank. (char)
    """

    TYPE: ClassVar[str] = "A"

    timestamp_ns: int
    order_token: str
    side: str
    shares: int
    stock: str
    price_e4: int
    time_in_force: int
    firm: str
    display: str
    order_ref: int
    capacity: str
    sweep_eligibility: str
    minimum_quantity: int
    cross_type: str
    order_state: str
    bbo_weight: str


class Replaced(Message, frozen=True):
    """An order took the place of another.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        replacement_order_token: The new order's name. (14 characters)
        side: B buy, S sell, T sell short, E sell short exempt. (char)
        shares: Shares outstanding. (u32)
        stock: Symbol. (8 characters)
        price_e4: Price in 1/10,000. (u32)
        time_in_force: Seconds to live; 0 immediate or cancel, 99996 extended close, 99998
            market hours, 99999 system hours. (u32)
        firm: Firm; blank for the port's own. (4 characters)
        display: A attributed, Y displayed, N hidden, P post-only, I imbalance-only, M
            midpoint peg, W the same post-only, L post-only attributed, O T Q retail, m n
            with trade-now. (char)
        order_ref: Its new reference. (u64)
        capacity: A agency, P principal, R riskless, O other. (char)
        sweep_eligibility: Y intermarket sweep, N not. (char)
        minimum_quantity: Least quantity that may trade; 0 for none. (u32)
        cross_type: N continuous, O opening, C closing, H halt, S supplemental, R retail, E
            extended life, A after hours. (char)
        order_state: L live, D dead: the last message about it. (char)
        previous_order_token: The order that was replaced. (14 characters)
        bbo_weight: What it did to the best price: 0 1 2 3 S N, or blank. (char)
    """

    TYPE: ClassVar[str] = "U"

    timestamp_ns: int
    replacement_order_token: str
    side: str
    shares: int
    stock: str
    price_e4: int
    time_in_force: int
    firm: str
    display: str
    order_ref: int
    capacity: str
    sweep_eligibility: str
    minimum_quantity: int
    cross_type: str
    order_state: str
    previous_order_token: str
    bbo_weight: str


class Canceled(Message, frozen=True):
    """An order, or part of it, was cancelled.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        order_token: The client's name for the order; day-unique. (14 characters)
        decrement_shares: Shares taken off. (u32)
        reason: D regulatory, E closed, F G post-only, H halted, I immediate-or-cancel, K
            collar, Q self-match, S supervisory, T timeout, U user, X open protection, Z
            system, C cross cancelled. (char)
    """

    TYPE: ClassVar[str] = "C"

    timestamp_ns: int
    order_token: str
    decrement_shares: int
    reason: str


class AiqCanceled(Message, frozen=True):
    """An order, or part of it, was cancelled so that its firm would not trade with itself.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        order_token: The client's name for the order; day-unique. (14 characters)
        decrement_shares: Shares taken off. (u32)
        reason: Q. (char)
        prevented_quantity: Shares that would have traded. (u32)
        execution_price_e4: Price it would have traded at. (u32)
        liquidity_flag: How it would have traded. (char)
        aiq_strategy: By which rule. (char)
    """

    TYPE: ClassVar[str] = "D"

    timestamp_ns: int
    order_token: str
    decrement_shares: int
    reason: str
    prevented_quantity: int
    execution_price_e4: int
    liquidity_flag: str
    aiq_strategy: str


class AiqCanceledBefore2025(Message, frozen=True):
    """An order, or part of it, was cancelled so that its firm would not trade with itself; without the rule, as until 2025.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        order_token: The client's name for the order; day-unique. (14 characters)
        decrement_shares: Shares taken off. (u32)
        reason: Q. (char)
        prevented_quantity: Shares that would have traded. (u32)
        execution_price_e4: Price it would have traded at. (u32)
        liquidity_flag: How it would have traded. (char)
    """

    TYPE: ClassVar[str] = "D"

    timestamp_ns: int
    order_token: str
    decrement_shares: int
    reason: str
    prevented_quantity: int
    execution_price_e4: int
    liquidity_flag: str


class Executed(Message, frozen=True):
    """An order traded.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        order_token: The client's name for the order; day-unique. (14 characters)
        executed_shares: Shares of this trade. (u32)
        execution_price_e4: Price of the trade. (u32)
        liquidity_flag: How it traded. (char)
        match_number: The same for both sides and on market data. (u64)
    """

    TYPE: ClassVar[str] = "E"

    timestamp_ns: int
    order_token: str
    executed_shares: int
    execution_price_e4: int
    liquidity_flag: str
    match_number: int


class BrokenTrade(Message, frozen=True):
    """A trade was broken.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        order_token: The client's name for the order; day-unique. (14 characters)
        match_number: The same for both sides and on market data. (u64)
        reason: E erroneous, C consent, S supervisory, X external. (char)
    """

    TYPE: ClassVar[str] = "B"

    timestamp_ns: int
    order_token: str
    match_number: int
    reason: str


class ExecutedWithReferencePrice(Message, frozen=True):
    """An order traded at a price that follows another.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        order_token: The client's name for the order; day-unique. (14 characters)
        executed_shares: Shares of this trade. (u32)
        execution_price_e4: Price of the trade. (u32)
        liquidity_flag: How it traded. (char)
        match_number: The same for both sides and on market data. (u64)
        reference_price_e4: Price that it followed. (u32)
        reference_price_type: What it followed. (char)
    """

    TYPE: ClassVar[str] = "G"

    timestamp_ns: int
    order_token: str
    executed_shares: int
    execution_price_e4: int
    liquidity_flag: str
    match_number: int
    reference_price_e4: int
    reference_price_type: str


class Rejected(Message, frozen=True):
    """A new order was refused.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        order_token: The client's name for the order; day-unique. (14 characters)
        reason: Letter of the reason. (char)
    """

    TYPE: ClassVar[str] = "J"

    timestamp_ns: int
    order_token: str
    reason: str


class CancelPending(Message, frozen=True):
    """A cancel waits for an auction.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        order_token: The client's name for the order; day-unique. (14 characters)
    """

    TYPE: ClassVar[str] = "P"

    timestamp_ns: int
    order_token: str


class CancelReject(Message, frozen=True):
    """A cancel cannot be done.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        order_token: The client's name for the order; day-unique. (14 characters)
    """

    TYPE: ClassVar[str] = "I"

    timestamp_ns: int
    order_token: str


class OrderPriorityUpdate(Message, frozen=True):
    """An order has a new reference, and with it a new priority.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        order_token: The client's name for the order; day-unique. (14 characters)
        price_e4: Price in 1/10,000. (u32)
        display: As in the order. (char)
        order_ref: Its new reference. (u64)
    """

    TYPE: ClassVar[str] = "T"

    timestamp_ns: int
    order_token: str
    price_e4: int
    display: str
    order_ref: int


class OrderModified(Message, frozen=True):
    """An order has another mark or a smaller size.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        order_token: The client's name for the order; day-unique. (14 characters)
        side: B buy, S sell, T sell short, E sell short exempt. (char)
        shares: Shares outstanding. (u32)
    """

    TYPE: ClassVar[str] = "M"

    timestamp_ns: int
    order_token: str
    side: str
    shares: int


INBOUND: tuple[type[Message], ...] = (
    EnterOrder,
    ReplaceOrder,
    CancelOrder,
    ModifyOrder,
)


OUTBOUND: tuple[type[Message], ...] = (
    SystemEvent,
    Accepted,
    Replaced,
    Canceled,
    AiqCanceled,
    AiqCanceledBefore2025,
    Executed,
    BrokenTrade,
    ExecutedWithReferencePrice,
    Rejected,
    CancelPending,
    CancelReject,
    OrderPriorityUpdate,
    OrderModified,
)
