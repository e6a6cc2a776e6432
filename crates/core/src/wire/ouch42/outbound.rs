// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! To the client: name, type, length, meaning; then each field.

use super::layout::messages;
use crate::wire::layout::{
    FieldKind, FieldLayout, Layout, MessageLayout, Value, View, kind_from, kind_layout, kind_read,
    kind_type, kind_value, kind_write, structs,
};
use crate::wire::ouch::OuchError;

messages! {
    SystemEvent b'S' 10 "A point in the day was reached." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        event_code: char @ 9, "S start of day, E end of day.";
    }
    Accepted b'A' 66 "A new order was taken." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        order_token: text14 @ 9, "The client's name for the order; day-unique.";
        side: char @ 23, "B buy, S sell, T sell short, E sell short exempt.";
        shares: u32 @ 24, "Shares.";
        stock: text8 @ 28, "Symbol.";
        price_e4: u32 @ 36, "Price in 1/10,000.";
        time_in_force: u32 @ 40, "Seconds to live; 0 immediate or cancel, 99996 extended close, 99998 market hours, 99999 system hours.";
        firm: text4 @ 44, "Firm; blank for the port's own.";
        display: char @ 48, "A attributed, Y displayed, N hidden, P post-only, I imbalance-only, M midpoint peg, W the same post-only, L post-only attributed, O T Q retail, m n with trade-now.";
        order_ref: u64 @ 49, "Reference of the order, the same on market data.";
        capacity: char @ 57, "A agency, P principal, R riskless, O other.";
        sweep_eligibility: char @ 58, "Y intermarket sweep, N not.";
        minimum_quantity: u32 @ 59, "Least quantity that may trade; 0 for none.";
        cross_type: char @ 63, "N continuous, O opening, C closing, H halt, S supplemental, R retail, E extended life, A after hours.";
        order_state: char @ 64, "L live, D dead: the last message about it.";
        bbo_weight: char @ 65, "What it did to the best price: 0 1 2 3 S N, or blank.";
    }
    Replaced b'U' 80 "An order took the place of another." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        replacement_order_token: text14 @ 9, "The new order's name.";
        side: char @ 23, "B buy, S sell, T sell short, E sell short exempt.";
        shares: u32 @ 24, "Shares outstanding.";
        stock: text8 @ 28, "Symbol.";
        price_e4: u32 @ 36, "Price in 1/10,000.";
        time_in_force: u32 @ 40, "Seconds to live; 0 immediate or cancel, 99996 extended close, 99998 market hours, 99999 system hours.";
        firm: text4 @ 44, "Firm; blank for the port's own.";
        display: char @ 48, "A attributed, Y displayed, N hidden, P post-only, I imbalance-only, M midpoint peg, W the same post-only, L post-only attributed, O T Q retail, m n with trade-now.";
        order_ref: u64 @ 49, "Its new reference.";
        capacity: char @ 57, "A agency, P principal, R riskless, O other.";
        sweep_eligibility: char @ 58, "Y intermarket sweep, N not.";
        minimum_quantity: u32 @ 59, "Least quantity that may trade; 0 for none.";
        cross_type: char @ 63, "N continuous, O opening, C closing, H halt, S supplemental, R retail, E extended life, A after hours.";
        order_state: char @ 64, "L live, D dead: the last message about it.";
        previous_order_token: text14 @ 65, "The order that was replaced.";
        bbo_weight: char @ 79, "What it did to the best price: 0 1 2 3 S N, or blank.";
    }
    Canceled b'C' 28 "An order, or part of it, was cancelled." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        order_token: text14 @ 9, "The client's name for the order; day-unique.";
        decrement_shares: u32 @ 23, "Shares taken off.";
        reason: char @ 27, "D regulatory, E closed, F G post-only, H halted, I immediate-or-cancel, K collar, Q self-match, S supervisory, T timeout, U user, X open protection, Z system, C cross cancelled.";
    }
    AiqCanceled b'D' 38 "An order, or part of it, was cancelled so that its firm would not trade with itself." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        order_token: text14 @ 9, "The client's name for the order; day-unique.";
        decrement_shares: u32 @ 23, "Shares taken off.";
        reason: char @ 27, "Q.";
        prevented_quantity: u32 @ 28, "Shares that would have traded.";
        execution_price_e4: u32 @ 32, "Price it would have traded at.";
        liquidity_flag: char @ 36, "How it would have traded.";
        aiq_strategy: char @ 37, "By which rule.";
    }
    AiqCanceledBefore2025 b'D' 37 "An order, or part of it, was cancelled so that its firm would not trade with itself; without the rule, as until 2025." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        order_token: text14 @ 9, "The client's name for the order; day-unique.";
        decrement_shares: u32 @ 23, "Shares taken off.";
        reason: char @ 27, "Q.";
        prevented_quantity: u32 @ 28, "Shares that would have traded.";
        execution_price_e4: u32 @ 32, "Price it would have traded at.";
        liquidity_flag: char @ 36, "How it would have traded.";
    }
    Executed b'E' 40 "An order traded." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        order_token: text14 @ 9, "The client's name for the order; day-unique.";
        executed_shares: u32 @ 23, "Shares of this trade.";
        execution_price_e4: u32 @ 27, "Price of the trade.";
        liquidity_flag: char @ 31, "How it traded.";
        match_number: u64 @ 32, "The same for both sides and on market data.";
    }
    BrokenTrade b'B' 32 "A trade was broken." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        order_token: text14 @ 9, "The client's name for the order; day-unique.";
        match_number: u64 @ 23, "The same for both sides and on market data.";
        reason: char @ 31, "E erroneous, C consent, S supervisory, X external.";
    }
    ExecutedWithReferencePrice b'G' 45 "An order traded at a price that follows another." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        order_token: text14 @ 9, "The client's name for the order; day-unique.";
        executed_shares: u32 @ 23, "Shares of this trade.";
        execution_price_e4: u32 @ 27, "Price of the trade.";
        liquidity_flag: char @ 31, "How it traded.";
        match_number: u64 @ 32, "The same for both sides and on market data.";
        reference_price_e4: u32 @ 40, "Price that it followed.";
        reference_price_type: char @ 44, "What it followed.";
    }
    Rejected b'J' 24 "A new order was refused." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        order_token: text14 @ 9, "The client's name for the order; day-unique.";
        reason: char @ 23, "Letter of the reason.";
    }
    CancelPending b'P' 23 "A cancel waits for an auction." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        order_token: text14 @ 9, "The client's name for the order; day-unique.";
    }
    CancelReject b'I' 23 "A cancel cannot be done." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        order_token: text14 @ 9, "The client's name for the order; day-unique.";
    }
    OrderPriorityUpdate b'T' 36 "An order has a new reference, and with it a new priority." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        order_token: text14 @ 9, "The client's name for the order; day-unique.";
        price_e4: u32 @ 23, "Price in 1/10,000.";
        display: char @ 27, "As in the order.";
        order_ref: u64 @ 28, "Its new reference.";
    }
    OrderModified b'M' 28 "An order has another mark or a smaller size." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        order_token: text14 @ 9, "The client's name for the order; day-unique.";
        side: char @ 23, "B buy, S sell, T sell short, E sell short exempt.";
        shares: u32 @ 24, "Shares outstanding.";
    }
}
