// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The 23 messages of ITCH 5.0, as a table: name, type, length, meaning; then each field's name,
//! kind, place and meaning. The first 11 bytes are the same in all: type, locate, tracking, time.
//!
//! `_e4` and `_e8` are prices in 1/10,000 and 1/100,000,000 dollar.

use super::ItchError;
use super::layout::messages;
use crate::wire::bytes::{get_u16, get_u48, put, put_u48};
use crate::wire::layout::{
    FieldKind, FieldLayout, Layout, MessageLayout, Value, View, kind_from, kind_layout, kind_read,
    kind_type, kind_value, kind_write,
};

const STOCK_LOCATE: FieldLayout = FieldLayout {
    name: "stock_locate",
    offset: 1,
    length: 2,
    kind: FieldKind::U16,
    doc: "The day's number of the stock; 0 when the message is not about one.",
};
const TRACKING_NUMBER: FieldLayout = FieldLayout {
    name: "tracking_number",
    offset: 3,
    length: 2,
    kind: FieldKind::U16,
    doc: "Nasdaq's own; opaque.",
};
const TIMESTAMP_NS: FieldLayout = FieldLayout {
    name: "timestamp_ns",
    offset: 5,
    length: 6,
    kind: FieldKind::U48,
    doc: "Nanoseconds since midnight, New York.",
};

messages! {
    SystemEvent b'S' 12 "A point in the day was reached." {
        event_code: char @ 11, "O start of messages, S of system hours, Q of market hours; M end of market hours, E of system hours, C of messages.";
    }
    StockDirectory b'R' 39 "A stock of the day, and its locate." {
        stock: text8 @ 11, "Symbol.";
        market_category: char @ 19, "Listing market: Q G S Nasdaq, N NYSE, A American, P Arca, Z Cboe, V IEX, M Texas, or blank.";
        financial_status: char @ 20, "N normal, D deficient, E delinquent, Q bankrupt, S suspended, G H J K their mixtures, C, or blank.";
        round_lot_size: u32 @ 21, "Shares of a round lot.";
        round_lots_only: char @ 25, "Y only round lots are taken, N any.";
        issue_classification: char @ 26, "Kind of security.";
        issue_sub_type: text2 @ 27, "Kind of security, finer.";
        authenticity: char @ 29, "P live, T test.";
        short_sale_threshold: char @ 30, "Y or N: restricted under SEC Rule 203(b)(3); blank unknown.";
        ipo_flag: char @ 31, "Y new issue, N not, Z new listing, blank not known.";
        luld_reference_price_tier: char @ 32, "1 or 2, or blank.";
        etp_flag: char @ 33, "Y exchange-traded product, N not, or blank.";
        etp_leverage_factor: u32 @ 34, "Whole-number leverage; 1 when not leveraged.";
        inverse_indicator: char @ 38, "Y inverse product, N not.";
    }
    StockTradingAction b'H' 25 "The trading state of a stock." {
        stock: text8 @ 11, "Symbol.";
        trading_state: char @ 19, "H halted, P paused, Q quotation only, T trading.";
        reserved: char @ 20, "Kept as it came.";
        reason: text4 @ 21, "Why.";
    }
    RegShoRestriction b'Y' 20 "The short-sale price test of a stock." {
        stock: text8 @ 11, "Symbol.";
        reg_sho_action: char @ 19, "0 no test, 1 in force by a fall today, 2 still in force.";
    }
    MarketParticipantPosition b'L' 26 "The state of a market maker in a stock." {
        mpid: text4 @ 11, "Market participant.";
        stock: text8 @ 15, "Symbol.";
        primary_market_maker: char @ 23, "Y or N.";
        market_maker_mode: char @ 24, "N normal, P passive, S syndicate, R pre-syndicate, L penalty.";
        market_participant_state: char @ 25, "A active, E excused, W withdrawn, S suspended, D deleted.";
    }
    MwcbDeclineLevel b'V' 35 "The market-wide circuit breaker's levels for the day." {
        level_1_e8: u64 @ 11, "First level, in 10^-8 points.";
        level_2_e8: u64 @ 19, "Second level, in 10^-8 points.";
        level_3_e8: u64 @ 27, "Third level, in 10^-8 points.";
    }
    MwcbStatus b'W' 12 "A level of the market-wide circuit breaker was breached." {
        breached_level: char @ 11, "1, 2 or 3.";
    }
    IpoQuotingPeriodUpdate b'K' 28 "When the quoting of a new issue begins." {
        stock: text8 @ 11, "Symbol.";
        release_time_s: u32 @ 19, "Seconds since midnight; 0 when cancelled.";
        release_qualifier: char @ 23, "A anticipated, C cancelled or postponed.";
        ipo_price_e4: u32 @ 24, "Price of the issue; 0 when cancelled.";
    }
    LuldAuctionCollar b'J' 35 "The price collar of a reopening auction." {
        stock: text8 @ 11, "Symbol.";
        reference_price_e4: u32 @ 19, "Reference price.";
        upper_price_e4: u32 @ 23, "Upper collar.";
        lower_price_e4: u32 @ 27, "Lower collar.";
        extension_count: u32 @ 31, "How often the auction was extended.";
    }
    OperationalHalt b'h' 21 "One market centre halted a stock, or resumed it." {
        stock: text8 @ 11, "Symbol.";
        market_code: char @ 19, "Q Nasdaq, B BX, X PSX.";
        halt_action: char @ 20, "H halted, T resumed.";
    }
    AddOrder b'A' 36 "A displayed order joined the book." {
        order_ref: u64 @ 11, "Day-unique reference.";
        side: char @ 19, "B or S.";
        shares: u32 @ 20, "Displayed shares.";
        stock: text8 @ 24, "Symbol.";
        price_e4: u32 @ 32, "Price.";
    }
    AddOrderMpid b'F' 40 "A displayed order joined the book, and says whose it is." {
        order_ref: u64 @ 11, "Day-unique reference.";
        side: char @ 19, "B or S.";
        shares: u32 @ 20, "Displayed shares.";
        stock: text8 @ 24, "Symbol.";
        price_e4: u32 @ 32, "Price.";
        attribution: text4 @ 36, "Market participant.";
    }
    OrderExecuted b'E' 31 "An order traded at its own price." {
        order_ref: u64 @ 11, "The order.";
        executed_shares: u32 @ 19, "Taken from what it had left.";
        match_number: u64 @ 23, "Day-unique number of the trade.";
    }
    OrderExecutedWithPrice b'C' 36 "An order traded at another price than its own." {
        order_ref: u64 @ 11, "The order.";
        executed_shares: u32 @ 19, "Taken from what it had left.";
        match_number: u64 @ 23, "Day-unique number of the trade.";
        printable: char @ 31, "Y counts as volume, N is counted in a later cross.";
        execution_price_e4: u32 @ 32, "Price of the trade.";
    }
    OrderCancel b'X' 23 "An order shrank." {
        order_ref: u64 @ 11, "The order.";
        canceled_shares: u32 @ 19, "Taken from what it had left.";
    }
    OrderDelete b'D' 19 "An order left the book." {
        order_ref: u64 @ 11, "The order.";
    }
    OrderReplace b'U' 35 "An order was replaced; side, stock and owner stay." {
        order_ref: u64 @ 11, "The order that left.";
        new_order_ref: u64 @ 19, "The order that joined, at the back.";
        shares: u32 @ 27, "Its displayed shares.";
        price_e4: u32 @ 31, "Its price.";
    }
    Trade b'P' 44 "Hidden interest traded; the displayed book is unchanged." {
        order_ref: u64 @ 11, "0 since 2010-12-06.";
        side: char @ 19, "B since 2014-07-14, whatever the side.";
        shares: u32 @ 20, "Shares.";
        stock: text8 @ 24, "Symbol.";
        price_e4: u32 @ 32, "Price.";
        match_number: u64 @ 36, "Day-unique number of the trade.";
    }
    CrossTrade b'Q' 40 "The bulk print of an auction." {
        shares: u64 @ 11, "Shares; may be 0.";
        stock: text8 @ 19, "Symbol.";
        cross_price_e4: u32 @ 27, "Price.";
        match_number: u64 @ 31, "Day-unique number of the trade.";
        cross_type: char @ 39, "O opening, C closing, H halt or new issue, I intraday (past).";
    }
    BrokenTrade b'B' 19 "A trade was broken; the book is unchanged." {
        match_number: u64 @ 11, "The trade.";
    }
    NetOrderImbalance b'I' 50 "What an auction would do now." {
        paired_shares: u64 @ 11, "Shares that match at the reference price.";
        imbalance_shares: u64 @ 19, "Shares that do not.";
        imbalance_direction: char @ 27, "B, S, N none, O too few orders, P paused.";
        stock: text8 @ 28, "Symbol.";
        far_price_e4: u32 @ 36, "Clearing price of cross orders alone.";
        near_price_e4: u32 @ 40, "Clearing price of cross and continuous orders.";
        reference_price_e4: u32 @ 44, "Price the imbalance is counted at.";
        cross_type: char @ 48, "O opening, C closing, H halt or new issue, A extended close.";
        price_variation: char @ 49, "Distance from near to reference: L below 1 %, 1 to 9, A 10 %, B 20 %, C 30 %, or blank.";
    }
    RetailInterest b'N' 20 "Retail price-improvement interest." {
        stock: text8 @ 11, "Symbol.";
        interest_flag: char @ 19, "B, S, A both, N none.";
    }
    DirectListing b'O' 48 "Price discovery of a direct listing with a capital raise." {
        stock: text8 @ 11, "Symbol.";
        open_eligibility: char @ 19, "Y may open, N not.";
        minimum_price_e4: u32 @ 20, "Lowest price allowed.";
        maximum_price_e4: u32 @ 24, "Highest price allowed.";
        near_execution_price_e4: u32 @ 28, "Price it would open at.";
        near_execution_time: u64 @ 32, "When it would; the specification names no unit.";
        lower_collar_e4: u32 @ 40, "Lower price collar.";
        upper_collar_e4: u32 @ 44, "Upper price collar.";
    }
}

/// Length of a message of each type; 0 where there is no such type.
const LENGTHS: [u8; 256] = {
    let mut lengths = [0; 256];
    let mut index = 0;
    while index < LAYOUTS.len() {
        lengths[LAYOUTS[index].message_type as usize] = LAYOUTS[index].length as u8;
        index += 1;
    }
    lengths
};

/// Length of a message of type `code`, if there is such a type.
#[inline]
#[must_use]
pub const fn length_of(code: u8) -> Option<usize> {
    match LENGTHS[code as usize] {
        0 => None,
        length => Some(length as usize),
    }
}
