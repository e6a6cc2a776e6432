# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The messages of ITCH 5.0 as classes, fields in the order of the wire. Made by tools/wire_classes.py from crates/core/src/wire/itch/messages.rs. Do not edit.

Text is without its padding. Prices end in `_e4` (1/10,000 dollar) or `_e8` (1/100,000,000).
"""

# ruff: noqa: E501

from __future__ import annotations

from typing import ClassVar

import msgspec


class Message(msgspec.Struct, frozen=True):
    """What every message is."""

    TYPE: ClassVar[str] = ""


class Unknown(Message, frozen=True):
    """A message of a type this decoder does not know: all its bytes."""

    data: bytes


class SystemEvent(Message, frozen=True):
    """A point in the day was reached.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        event_code: O start of messages, S of system hours, Q of market hours; M end of
            market hours, E of system hours, C of messages. (char)
    """

    TYPE: ClassVar[str] = "S"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    event_code: str


class StockDirectory(Message, frozen=True):
    """A stock of the day, and its locate.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        stock: Symbol. (8 characters)
        market_category: Listing market: Q G S Nasdaq, N NYSE, A American, P Arca, Z Cboe, V
            IEX, M Texas, or blank. (char)
        financial_status: N normal, D deficient, E delinquent, Q bankrupt, S suspended, G H
            J K their mixtures, C, or blank. (char)
        round_lot_size: Shares of a round lot. (u32)
        round_lots_only: Y only round lots are taken, N any. (char)
        issue_classification: Kind of security. (char)
        issue_sub_type: Kind of security, finer. (2 characters)
        authenticity: P live, T test. (char)
        short_sale_threshold: Y or N: restricted under SEC Rule 203(b)(3); blank unknown.
            (char)
        ipo_flag: Y new issue, N not, Z new listing, blank not known. (char)
        luld_reference_price_tier: 1 or 2, or blank. (char)
        etp_flag: Y exchange-traded product, N not, or blank. (char)
        etp_leverage_factor: Whole-number leverage; 1 when not leveraged. (u32)
        inverse_indicator: Y inverse product, N not. (char)
    """

    TYPE: ClassVar[str] = "R"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    stock: str
    market_category: str
    financial_status: str
    round_lot_size: int
    round_lots_only: str
    issue_classification: str
    issue_sub_type: str
    authenticity: str
    short_sale_threshold: str
    ipo_flag: str
    luld_reference_price_tier: str
    etp_flag: str
    etp_leverage_factor: int
    inverse_indicator: str


class StockTradingAction(Message, frozen=True):
    """The trading state of a stock.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        stock: Symbol. (8 characters)
        trading_state: H halted, P paused, Q quotation only, T trading. (char)
        reserved: Kept as it came. (char)
        reason: Why. (4 characters)
    """

    TYPE: ClassVar[str] = "H"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    stock: str
    trading_state: str
    reserved: str
    reason: str


class RegShoRestriction(Message, frozen=True):
    """The short-sale price test of a stock.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        stock: Symbol. (8 characters)
        reg_sho_action: 0 no test, 1 in force by a fall today, 2 still in force. (char)
    """

    TYPE: ClassVar[str] = "Y"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    stock: str
    reg_sho_action: str


class MarketParticipantPosition(Message, frozen=True):
    """The state of a market maker in a stock.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        mpid: Market participant. (4 characters)
        stock: Symbol. (8 characters)
        primary_market_maker: Y or N. (char)
        market_maker_mode: N normal, P passive, S syndicate, R pre-syndicate, L penalty.
            (char)
        market_participant_state: A active, E excused, W withdrawn, S suspended, D deleted.
            (char)
    """

    TYPE: ClassVar[str] = "L"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    mpid: str
    stock: str
    primary_market_maker: str
    market_maker_mode: str
    market_participant_state: str


class MwcbDeclineLevel(Message, frozen=True):
    """The market-wide circuit breaker's levels for the day.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        level_1_e8: First level, in 10^-8 points. (u64)
        level_2_e8: Second level, in 10^-8 points. (u64)
        level_3_e8: Third level, in 10^-8 points. (u64)
    """

    TYPE: ClassVar[str] = "V"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    level_1_e8: int
    level_2_e8: int
    level_3_e8: int


class MwcbStatus(Message, frozen=True):
    """A level of the market-wide circuit breaker was breached.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        breached_level: 1, 2 or 3. (char)
    """

    TYPE: ClassVar[str] = "W"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    breached_level: str


class IpoQuotingPeriodUpdate(Message, frozen=True):
    """When the quoting of a new issue begins.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        stock: Symbol. (8 characters)
        release_time_s: Seconds since midnight; 0 when cancelled. (u32)
        release_qualifier: A anticipated, C cancelled or postponed. (char)
        ipo_price_e4: Price of the issue; 0 when cancelled. (u32)
    """

    TYPE: ClassVar[str] = "K"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    stock: str
    release_time_s: int
    release_qualifier: str
    ipo_price_e4: int


class LuldAuctionCollar(Message, frozen=True):
    """The price collar of a reopening auction.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        stock: Symbol. (8 characters)
        reference_price_e4: Reference price. (u32)
        upper_price_e4: Upper collar. (u32)
        lower_price_e4: Lower collar. (u32)
        extension_count: How often the auction was extended. (u32)
    """

    TYPE: ClassVar[str] = "J"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    stock: str
    reference_price_e4: int
    upper_price_e4: int
    lower_price_e4: int
    extension_count: int


class OperationalHalt(Message, frozen=True):
    """One market centre halted a stock, or resumed it.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        stock: Symbol. (8 characters)
        market_code: Q Nasdaq, B BX, X PSX. (char)
        halt_action: H halted, T resumed. (char)
    """

    TYPE: ClassVar[str] = "h"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    stock: str
    market_code: str
    halt_action: str


class AddOrder(Message, frozen=True):
    """A displayed order joined the book.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        order_ref: Day-unique reference. (u64)
        side: B or S. (char)
        shares: Displayed shares. (u32)
        stock: Symbol. (8 characters)
        price_e4: Price. (u32)
    """

    TYPE: ClassVar[str] = "A"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    order_ref: int
    side: str
    shares: int
    stock: str
    price_e4: int


class AddOrderMpid(Message, frozen=True):
    """A displayed order joined the book, and says whose it is.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        order_ref: Day-unique reference. (u64)
        side: B or S. (char)
        shares: Displayed shares. (u32)
        stock: Symbol. (8 characters)
        price_e4: Price. (u32)
        attribution: Market participant. (4 characters)
    """

    TYPE: ClassVar[str] = "F"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    order_ref: int
    side: str
    shares: int
    stock: str
    price_e4: int
    attribution: str


class OrderExecuted(Message, frozen=True):
    """An order traded at its own price.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        order_ref: The order. (u64)
        executed_shares: Taken from what it had left. (u32)
        match_number: Day-unique number of the trade. (u64)
    """

    TYPE: ClassVar[str] = "E"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    order_ref: int
    executed_shares: int
    match_number: int


class OrderExecutedWithPrice(Message, frozen=True):
    """An order traded at another price than its own.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        order_ref: The order. (u64)
        executed_shares: Taken from what it had left. (u32)
        match_number: Day-unique number of the trade. (u64)
        printable: Y counts as volume, N is counted in a later cross. (char)
        execution_price_e4: Price of the trade. (u32)
    """

    TYPE: ClassVar[str] = "C"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    order_ref: int
    executed_shares: int
    match_number: int
    printable: str
    execution_price_e4: int


class OrderCancel(Message, frozen=True):
    """An order shrank.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        order_ref: The order. (u64)
        canceled_shares: Taken from what it had left. (u32)
    """

    TYPE: ClassVar[str] = "X"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    order_ref: int
    canceled_shares: int


class OrderDelete(Message, frozen=True):
    """An order left the book.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        order_ref: The order. (u64)
    """

    TYPE: ClassVar[str] = "D"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    order_ref: int


class OrderReplace(Message, frozen=True):
    """An order was replaced; side, stock and owner stay.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        order_ref: The order that left. (u64)
        new_order_ref: The order that joined, at the back. (u64)
        shares: Its displayed shares. (u32)
        price_e4: Its price. (u32)
    """

    TYPE: ClassVar[str] = "U"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    order_ref: int
    new_order_ref: int
    shares: int
    price_e4: int


class Trade(Message, frozen=True):
    """Hidden interest traded; the displayed book is unchanged.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        order_ref: 0 since 2010-12-06. (u64)
        side: B since 2014-07-14, whatever the side. (char)
        shares: Shares. (u32)
        stock: Symbol. (8 characters)
        price_e4: Price. (u32)
        match_number: Day-unique number of the trade. (u64)
    """

    TYPE: ClassVar[str] = "P"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    order_ref: int
    side: str
    shares: int
    stock: str
    price_e4: int
    match_number: int


class CrossTrade(Message, frozen=True):
    """The bulk print of an auction.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        shares: Shares; may be 0. (u64)
        stock: Symbol. (8 characters)
        cross_price_e4: Price. (u32)
        match_number: Day-unique number of the trade. (u64)
        cross_type: O opening, C closing, H halt or new issue, I intraday (past). (char)
    """

    TYPE: ClassVar[str] = "Q"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    shares: int
    stock: str
    cross_price_e4: int
    match_number: int
    cross_type: str


class BrokenTrade(Message, frozen=True):
    """A trade was broken; the book is unchanged.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        match_number: The trade. (u64)
    """

    TYPE: ClassVar[str] = "B"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    match_number: int


class NetOrderImbalance(Message, frozen=True):
    """What an auction would do now.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        paired_shares: Shares that match at the reference price. (u64)
        imbalance_shares: Shares that do not. (u64)
        imbalance_direction: B, S, N none, O too few orders, P paused. (char)
        stock: Symbol. (8 characters)
        far_price_e4: Clearing price of cross orders alone. (u32)
        near_price_e4: Clearing price of cross and continuous orders. (u32)
        reference_price_e4: Price the imbalance is counted at. (u32)
        cross_type: O opening, C closing, H halt or new issue, A extended close. (char)
        price_variation: Distance from near to reference: L below 1 %, 1 to 9, A 10 %, B 20
            %, C 30 %, or blank. (char)
    """

    TYPE: ClassVar[str] = "I"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    paired_shares: int
    imbalance_shares: int
    imbalance_direction: str
    stock: str
    far_price_e4: int
    near_price_e4: int
    reference_price_e4: int
    cross_type: str
    price_variation: str


class RetailInterest(Message, frozen=True):
    """Retail price-improvement interest.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        stock: Symbol. (8 characters)
        interest_flag: B, S, A both, N none. (char)
    """

    TYPE: ClassVar[str] = "N"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    stock: str
    interest_flag: str


class DirectListing(Message, frozen=True):
    """Price discovery of a direct listing with a capital raise.

    Attributes:
        stock_locate: The day's number of the stock; 0 when the message is not about one.
            (u16)
        tracking_number: Nasdaq's own; opaque. (u16)
        timestamp_ns: Nanoseconds since midnight, New York. (u48)
        stock: Symbol. (8 characters)
        open_eligibility: Y may open, N not. (char)
        minimum_price_e4: Lowest price allowed. (u32)
        maximum_price_e4: Highest price allowed. (u32)
        near_execution_price_e4: Price it would open at. (u32)
        near_execution_time: When it would; the specification names no unit. (u64)
        lower_collar_e4: Lower price collar. (u32)
        upper_collar_e4: Upper price collar. (u32)
    """

    TYPE: ClassVar[str] = "O"

    stock_locate: int
    tracking_number: int
    timestamp_ns: int
    stock: str
    open_eligibility: str
    minimum_price_e4: int
    maximum_price_e4: int
    near_execution_price_e4: int
    near_execution_time: int
    lower_collar_e4: int
    upper_collar_e4: int


MESSAGES: tuple[type[Message], ...] = (
    SystemEvent,
    StockDirectory,
    StockTradingAction,
    RegShoRestriction,
    MarketParticipantPosition,
    MwcbDeclineLevel,
    MwcbStatus,
    IpoQuotingPeriodUpdate,
    LuldAuctionCollar,
    OperationalHalt,
    AddOrder,
    AddOrderMpid,
    OrderExecuted,
    OrderExecutedWithPrice,
    OrderCancel,
    OrderDelete,
    OrderReplace,
    Trade,
    CrossTrade,
    BrokenTrade,
    NetOrderImbalance,
    RetailInterest,
    DirectListing,
)
