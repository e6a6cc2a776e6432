# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The messages of OUCH 5.0 as classes, fields in the order of the wire. Made by tools/wire_classes.py from crates/core/src/wire/ouch50/. Do not edit.

Text is without its padding. Prices end in `_e4` (1/10,000 dollar).
"""

# ruff: noqa: E501

from __future__ import annotations

from typing import ClassVar

import msgspec

from onetape.wire._ouch50_tags import Tag


class Message(msgspec.Struct, frozen=True):
    """What every message is."""

    TYPE: ClassVar[str] = ""
    IS_INBOUND: ClassVar[bool] = False


class Unknown(Message, frozen=True):
    """A message of a type this decoder does not know: all its bytes."""

    data: bytes


class EnterOrderRequest(Message, frozen=True):
    """A new order.

    Attributes:
        user_ref_num: The order; above the last number of its channel. (u32)
        side: B buy, S sell, T sell short, E sell short exempt. (char)
        quantity: Shares. (u32)
        symbol: Symbol. (8 characters)
        price_e4: Limit price in 1/10,000; 2,147,483,647 and 2,000,000,000 mean market.
            (u64)
        time_in_force: 0 day, 3 immediate or cancel, 5 extended hours, 6 until expire time,
            E after hours. (char)
        display: Y displayed, N hidden, A attributed. (char)
        capacity: A agency, P principal, R riskless, O other. (char)
        sweep_eligibility: Y intermarket sweep, N not. (char)
        cross_type: N continuous, O opening, C closing, H halt, S supplemental, R retail, E
            extended life, A after hours. (char)
        cl_ord_id: The client's own text; echoed. (14 characters)
        tags: Firm, MinimumQuantity, CustomerType, MaxFloor, PriceType, PegOffset,
            DiscretionPrice, DiscretionPriceType, DiscretionPegOffset, PostOnly,
            RandomReserves, ExpireTime, TradeNow, HandlingInstruction, GroupId,
            SharesLocated, LocateBroker, UserRefIndex, AiqStrategy, AiqGroupId; never None
            from a client.
    """

    TYPE: ClassVar[str] = "O"
    IS_INBOUND: ClassVar[bool] = True

    user_ref_num: int
    side: str
    quantity: int
    symbol: str
    price_e4: int
    time_in_force: str
    display: str
    capacity: str
    sweep_eligibility: str
    cross_type: str
    cl_ord_id: str
    tags: tuple[Tag, ...] | None = ()


class ReplaceOrderRequest(Message, frozen=True):
    """An order in place of another.

    Attributes:
        original_user_ref_num: The order to be replaced. (u32)
        user_ref_num: The new order; above the last number of its channel. (u32)
        quantity: Shares of the whole chain, executed ones included. (u32)
        price_e4: New limit price in 1/10,000. (u64)
        time_in_force: 0 day, 3 immediate or cancel, 5 extended hours, 6 until expire time,
            E after hours. (char)
        display: Y displayed, N hidden, A attributed. (char)
        sweep_eligibility: Y intermarket sweep, N not. (char)
        cl_ord_id: The client's own text; echoed. (14 characters)
        tags: MinimumQuantity, MaxFloor, PriceType, PegOffset, DiscretionPrice,
            DiscretionPriceType, DiscretionPegOffset, PostOnly, RandomReserves, ExpireTime,
            TradeNow, HandlingInstruction, SharesLocated, LocateBroker, Side, UserRefIndex,
            AiqStrategy, AiqGroupId; never None from a client.
    """

    TYPE: ClassVar[str] = "U"
    IS_INBOUND: ClassVar[bool] = True

    original_user_ref_num: int
    user_ref_num: int
    quantity: int
    price_e4: int
    time_in_force: str
    display: str
    sweep_eligibility: str
    cl_ord_id: str
    tags: tuple[Tag, ...] | None = ()


class CancelOrderRequest(Message, frozen=True):
    """Less of an order, or none.

    Attributes:
        user_ref_num: The order. (u32)
        quantity: Size it shall have, executed shares included; 0 for none. (u32)
        tags: UserRefIndex; None leaves even their length out.
    """

    TYPE: ClassVar[str] = "X"
    IS_INBOUND: ClassVar[bool] = True

    user_ref_num: int
    quantity: int
    tags: tuple[Tag, ...] | None = None


class ModifyOrderRequest(Message, frozen=True):
    """Another mark on a sale, and perhaps less of it.

    Attributes:
        user_ref_num: The order. (u32)
        side: Its mark: S, T or E. (char)
        quantity: Size it shall have; never more. (u32)
        tags: SharesLocated, LocateBroker, UserRefIndex; None leaves even their length out.
    """

    TYPE: ClassVar[str] = "M"
    IS_INBOUND: ClassVar[bool] = True

    user_ref_num: int
    side: str
    quantity: int
    tags: tuple[Tag, ...] | None = None


class MassCancelRequest(Message, frozen=True):
    """All orders of a firm to be cancelled.

    Attributes:
        user_ref_num: The request; above the last number of its channel. (u32)
        firm: Firm; blank for the port's own. (4 characters)
        symbol: Only this symbol; blank for all. (8 characters)
        tags: GroupId, Side, UserRefIndex; never None from a client.
    """

    TYPE: ClassVar[str] = "C"
    IS_INBOUND: ClassVar[bool] = True

    user_ref_num: int
    firm: str
    symbol: str
    tags: tuple[Tag, ...] | None = ()


class DisableOrderEntryRequest(Message, frozen=True):
    """New orders of a firm to be refused.

    Attributes:
        user_ref_num: The request; above the last number of its channel. (u32)
        firm: Firm; blank for the port's own. (4 characters)
        tags: UserRefIndex; never None from a client.
    """

    TYPE: ClassVar[str] = "D"
    IS_INBOUND: ClassVar[bool] = True

    user_ref_num: int
    firm: str
    tags: tuple[Tag, ...] | None = ()


class EnableOrderEntryRequest(Message, frozen=True):
    """New orders of a firm to be taken again.

    Attributes:
        user_ref_num: The request; above the last number of its channel. (u32)
        firm: Firm; blank for the port's own. (4 characters)
        tags: UserRefIndex; never None from a client.
    """

    TYPE: ClassVar[str] = "E"
    IS_INBOUND: ClassVar[bool] = True

    user_ref_num: int
    firm: str
    tags: tuple[Tag, ...] | None = ()


class AccountQueryRequest(Message, frozen=True):
    """Which number comes next.

    Attributes:
        tags: UserRefIndex; None leaves even their length out.
    """

    TYPE: ClassVar[str] = "Q"
    IS_INBOUND: ClassVar[bool] = True

    tags: tuple[Tag, ...] | None = None


class SystemEvent(Message, frozen=True):
    """A point in the day was reached.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        event_code: S start of day, E end of day. (char)
    """

    TYPE: ClassVar[str] = "S"

    timestamp_ns: int
    event_code: str


class OrderAccepted(Message, frozen=True):
    """A new order was taken.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        user_ref_num: The order; day-unique and rising within its channel. (u32)
        side: B buy, S sell, T sell short, E sell short exempt. (char)
        quantity: Shares. (u32)
        symbol: Symbol. (8 characters)
        price_e4: Price in 1/10,000. (u64)
        time_in_force: 0 day, 3 immediate or cancel, 5 extended hours, 6 until expire time,
            E after hours. (char)
        display: Y displayed, N hidden, A attributed, Z conformant. (char)
        order_ref: Reference of the order, the same on market data. (u64)
        capacity: A agency, P principal, R riskless, O other. (char)
        sweep_eligibility: Y intermarket sweep, N not. (char)
        cross_type: N continuous, O opening, C closing, H halt, S supplemental, R retail, E
            extended life, A after hours. (char)
        order_state: L live, D dead: the last message about it. (char)
        cl_ord_id: The client's own text; echoed. (14 characters)
        tags: Firm, MinimumQuantity, CustomerType, MaxFloor, PriceType, PegOffset,
            DiscretionPrice, DiscretionPriceType, DiscretionPegOffset, PostOnly,
            RandomReserves, Route, ExpireTime, TradeNow, HandlingInstruction, BboWeight,
            GroupId, SharesLocated, UserRefIndex, AiqStrategy, AiqGroupId; never None from a
            client.
    """

    TYPE: ClassVar[str] = "A"

    timestamp_ns: int
    user_ref_num: int
    side: str
    quantity: int
    symbol: str
    price_e4: int
    time_in_force: str
    display: str
    order_ref: int
    capacity: str
    sweep_eligibility: str
    cross_type: str
    order_state: str
    cl_ord_id: str
    tags: tuple[Tag, ...] | None = ()


class OrderReplaced(Message, frozen=True):
    """An order took the place of another.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        original_user_ref_num: The order that was replaced. (u32)
        user_ref_num: The new order. (u32)
        side: B buy, S sell, T sell short, E sell short exempt. (char)
        quantity: Shares outstanding. (u32)
        symbol: Symbol. (8 characters)
        price_e4: Price in 1/10,000. (u64)
        time_in_force: 0 day, 3 immediate or cancel, 5 extended hours, 6 until expire time,
            E after hours. (char)
        display: Y displayed, N hidden, A attributed. (char)
        order_ref: Its new reference. (u64)
        capacity: A agency, P principal, R riskless, O other. (char)
        sweep_eligibility: Y intermarket sweep, N not. (char)
        cross_type: N continuous, O opening, C closing, H halt, S supplemental, R retail, E
            extended life, A after hours. (char)
        order_state: L live, D dead: the last message about it. (char)
        cl_ord_id: The client's own text; echoed. (14 characters)
        tags: Firm, MinimumQuantity, MaxFloor, PriceType, PostOnly, ExpireTime, TradeNow,
            HandlingInstruction, BboWeight, UserRefIndex, AiqStrategy, AiqGroupId; never
            None from a client.
    """

    TYPE: ClassVar[str] = "U"

    timestamp_ns: int
    original_user_ref_num: int
    user_ref_num: int
    side: str
    quantity: int
    symbol: str
    price_e4: int
    time_in_force: str
    display: str
    order_ref: int
    capacity: str
    sweep_eligibility: str
    cross_type: str
    order_state: str
    cl_ord_id: str
    tags: tuple[Tag, ...] | None = ()


class OrderCanceled(Message, frozen=True):
    """An order, or part of it, was cancelled.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        user_ref_num: The order; day-unique and rising within its channel. (u32)
        quantity: Shares taken off. (u32)
        reason: D regulatory, E closed, F G post-only, H halted, I immediate-or-cancel, K
            collar, Q self-match, S supervisory, T timeout, U user, X open protection, Z
            system. (char)
        tags: UserRefIndex; None leaves even their length out.
    """

    TYPE: ClassVar[str] = "C"

    timestamp_ns: int
    user_ref_num: int
    quantity: int
    reason: str
    tags: tuple[Tag, ...] | None = None


class AiqCanceled(Message, frozen=True):
    """An order, or part of it, was cancelled so that its firm would not trade with itself.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        user_ref_num: The order; day-unique and rising within its channel. (u32)
        decrement_shares: Shares taken off. (u32)
        reason: Q. (char)
        prevented_quantity: Shares that would have traded. (u32)
        execution_price_e4: Price it would have traded at. (u64)
        liquidity_flag: How it would have traded. (char)
        aiq_strategy: By which rule. (char)
        tags: UserRefIndex; None leaves even their length out.
    """

    TYPE: ClassVar[str] = "D"

    timestamp_ns: int
    user_ref_num: int
    decrement_shares: int
    reason: str
    prevented_quantity: int
    execution_price_e4: int
    liquidity_flag: str
    aiq_strategy: str
    tags: tuple[Tag, ...] | None = None


class OrderExecuted(Message, frozen=True):
    """An order traded.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        user_ref_num: The order; day-unique and rising within its channel. (u32)
        quantity: Shares of this trade. (u32)
        price_e4: Price of the trade. (u64)
        liquidity_flag: How it traded. (char)
        match_number: The same for both sides and on market data. (u64)
        tags: UserRefIndex; never None from a client.
    """

    TYPE: ClassVar[str] = "E"

    timestamp_ns: int
    user_ref_num: int
    quantity: int
    price_e4: int
    liquidity_flag: str
    match_number: int
    tags: tuple[Tag, ...] | None = ()


class BrokenTrade(Message, frozen=True):
    """A trade was broken.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        user_ref_num: The order; day-unique and rising within its channel. (u32)
        match_number: The same for both sides and on market data. (u64)
        reason: E erroneous, C consent, S supervisory, X external. (char)
        cl_ord_id: The client's own text; echoed. (14 characters)
        tags: UserRefIndex; None leaves even their length out.
    """

    TYPE: ClassVar[str] = "B"

    timestamp_ns: int
    user_ref_num: int
    match_number: int
    reason: str
    cl_ord_id: str
    tags: tuple[Tag, ...] | None = None


class Rejected(Message, frozen=True):
    """A request was refused.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        user_ref_num: The request. (u32)
        reason: Number of the reason. (u16)
        cl_ord_id: The client's own text; echoed. (14 characters)
        tags: UserRefIndex; None leaves even their length out.
    """

    TYPE: ClassVar[str] = "J"

    timestamp_ns: int
    user_ref_num: int
    reason: int
    cl_ord_id: str
    tags: tuple[Tag, ...] | None = None


class CancelPending(Message, frozen=True):
    """A cancel waits for an auction.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        user_ref_num: The order; day-unique and rising within its channel. (u32)
        tags: UserRefIndex; None leaves even their length out.
    """

    TYPE: ClassVar[str] = "P"

    timestamp_ns: int
    user_ref_num: int
    tags: tuple[Tag, ...] | None = None


class CancelReject(Message, frozen=True):
    """A cancel cannot be done.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        user_ref_num: The order; day-unique and rising within its channel. (u32)
        tags: UserRefIndex; None leaves even their length out.
    """

    TYPE: ClassVar[str] = "I"

    timestamp_ns: int
    user_ref_num: int
    tags: tuple[Tag, ...] | None = None


class OrderPriorityUpdate(Message, frozen=True):
    """An order has a new reference, and with it a new priority.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        user_ref_num: The order; day-unique and rising within its channel. (u32)
        price_e4: Price in 1/10,000. (u64)
        display: Y displayed, N hidden, A attributed. (char)
        order_ref: Its new reference. (u64)
        tags: UserRefIndex; None leaves even their length out.
    """

    TYPE: ClassVar[str] = "T"

    timestamp_ns: int
    user_ref_num: int
    price_e4: int
    display: str
    order_ref: int
    tags: tuple[Tag, ...] | None = None


class OrderModified(Message, frozen=True):
    """An order has another mark or a smaller size.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        user_ref_num: The order; day-unique and rising within its channel. (u32)
        side: B buy, S sell, T sell short, E sell short exempt. (char)
        quantity: Shares outstanding. (u32)
        tags: SharesLocated, LocateBroker, UserRefIndex; None leaves even their length out.
    """

    TYPE: ClassVar[str] = "M"

    timestamp_ns: int
    user_ref_num: int
    side: str
    quantity: int
    tags: tuple[Tag, ...] | None = None


class OrderRestated(Message, frozen=True):
    """What others see of an order changed.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        user_ref_num: The order; day-unique and rising within its channel. (u32)
        reason: R the display was refreshed, P the displayed price changed. (char)
        tags: SecondaryOrderReference, DisplayQuantity, DisplayPrice, UserRefIndex; never
            None from a client.
    """

    TYPE: ClassVar[str] = "R"

    timestamp_ns: int
    user_ref_num: int
    reason: str
    tags: tuple[Tag, ...] | None = ()


class MassCancelResponse(Message, frozen=True):
    """A mass cancel was taken.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        user_ref_num: The request. (u32)
        firm: Firm; blank for the port's own. (4 characters)
        symbol: Only this symbol; blank for all. (8 characters)
        tags: GroupId, Side, UserRefIndex; never None from a client.
    """

    TYPE: ClassVar[str] = "X"

    timestamp_ns: int
    user_ref_num: int
    firm: str
    symbol: str
    tags: tuple[Tag, ...] | None = ()


class DisableOrderEntryResponse(Message, frozen=True):
    """New orders of a firm are refused.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        user_ref_num: The request. (u32)
        firm: Firm; blank for the port's own. (4 characters)
        tags: UserRefIndex; never None from a client.
    """

    TYPE: ClassVar[str] = "G"

    timestamp_ns: int
    user_ref_num: int
    firm: str
    tags: tuple[Tag, ...] | None = ()


class EnableOrderEntryResponse(Message, frozen=True):
    """New orders of a firm are taken again.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        user_ref_num: The request. (u32)
        firm: Firm; blank for the port's own. (4 characters)
        tags: UserRefIndex; never None from a client.
    """

    TYPE: ClassVar[str] = "K"

    timestamp_ns: int
    user_ref_num: int
    firm: str
    tags: tuple[Tag, ...] | None = ()


class AccountQueryResponse(Message, frozen=True):
    """Which number comes next.

    Attributes:
        timestamp_ns: Nanoseconds since midnight. (u64)
        next_user_ref_num: The least number not yet used. (u32)
        tags: UserRefIndex; None leaves even their length out.
    """

    TYPE: ClassVar[str] = "Q"

    timestamp_ns: int
    next_user_ref_num: int
    tags: tuple[Tag, ...] | None = None


INBOUND: tuple[type[Message], ...] = (
    EnterOrderRequest,
    ReplaceOrderRequest,
    CancelOrderRequest,
    ModifyOrderRequest,
    MassCancelRequest,
    DisableOrderEntryRequest,
    EnableOrderEntryRequest,
    AccountQueryRequest,
)


OUTBOUND: tuple[type[Message], ...] = (
    SystemEvent,
    OrderAccepted,
    OrderReplaced,
    OrderCanceled,
    AiqCanceled,
    OrderExecuted,
    BrokenTrade,
    Rejected,
    CancelPending,
    CancelReject,
    OrderPriorityUpdate,
    OrderModified,
    OrderRestated,
    MassCancelResponse,
    DisableOrderEntryResponse,
    EnableOrderEntryResponse,
    AccountQueryResponse,
)
