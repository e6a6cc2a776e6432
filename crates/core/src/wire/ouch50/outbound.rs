// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! To the client: name, type, length without the appendage, appendage, tags, meaning; then each
//! field.

use super::appendage::{Appendage, AppendageRule};
use super::layout::{Appended, AppendedLayout, View, messages};
use super::writer::Writer;
use crate::wire::layout::{
    FieldKind, FieldLayout, Layout, MessageLayout, Value, kind_from, kind_layout, kind_read,
    kind_type, kind_value, kind_write, structs,
};
use crate::wire::ouch::OuchError;

messages! {
    omitted false;
    SystemEvent b'S' 10 None [] "A point in the day was reached." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        event_code: char @ 9, "S start of day, E end of day.";
    }
    OrderAccepted b'A' 62 Required [2 3 4 5 6 7 9 10 11 12 13 14 15 16 17 18 24 25 28 29 30] "A new order was taken." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        user_ref_num: u32 @ 9, "The order; day-unique and rising within its channel.";
        side: char @ 13, "B buy, S sell, T sell short, E sell short exempt.";
        quantity: u32 @ 14, "Shares.";
        symbol: text8 @ 18, "Symbol.";
        price_e4: u64 @ 26, "Price in 1/10,000.";
        time_in_force: char @ 34, "0 day, 3 immediate or cancel, 5 extended hours, 6 until expire time, E after hours.";
        display: char @ 35, "Y displayed, N hidden, A attributed, Z conformant.";
        order_ref: u64 @ 36, "Reference of the order, the same on market data.";
        capacity: char @ 44, "A agency, P principal, R riskless, O other.";
        sweep_eligibility: char @ 45, "Y intermarket sweep, N not.";
        cross_type: char @ 46, "N continuous, O opening, C closing, H halt, S supplemental, R retail, E extended life, A after hours.";
        order_state: char @ 47, "L live, D dead: the last message about it.";
        cl_ord_id: text14 @ 48, "The client's own text; echoed.";
    }
    OrderReplaced b'U' 66 Required [2 3 5 6 12 15 16 17 18 28 29 30] "An order took the place of another." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        original_user_ref_num: u32 @ 9, "The order that was replaced.";
        user_ref_num: u32 @ 13, "The new order.";
        side: char @ 17, "B buy, S sell, T sell short, E sell short exempt.";
        quantity: u32 @ 18, "Shares outstanding.";
        symbol: text8 @ 22, "Symbol.";
        price_e4: u64 @ 30, "Price in 1/10,000.";
        time_in_force: char @ 38, "0 day, 3 immediate or cancel, 5 extended hours, 6 until expire time, E after hours.";
        display: char @ 39, "Y displayed, N hidden, A attributed.";
        order_ref: u64 @ 40, "Its new reference.";
        capacity: char @ 48, "A agency, P principal, R riskless, O other.";
        sweep_eligibility: char @ 49, "Y intermarket sweep, N not.";
        cross_type: char @ 50, "N continuous, O opening, C closing, H halt, S supplemental, R retail, E extended life, A after hours.";
        order_state: char @ 51, "L live, D dead: the last message about it.";
        cl_ord_id: text14 @ 52, "The client's own text; echoed.";
    }
    OrderCanceled b'C' 18 Optional [28] "An order, or part of it, was cancelled." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        user_ref_num: u32 @ 9, "The order; day-unique and rising within its channel.";
        quantity: u32 @ 13, "Shares taken off.";
        reason: char @ 17, "D regulatory, E closed, F G post-only, H halted, I immediate-or-cancel, K collar, Q self-match, S supervisory, T timeout, U user, X open protection, Z system.";
    }
    AiqCanceled b'D' 32 Optional [28] "An order, or part of it, was cancelled so that its firm would not trade with itself." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        user_ref_num: u32 @ 9, "The order; day-unique and rising within its channel.";
        decrement_shares: u32 @ 13, "Shares taken off.";
        reason: char @ 17, "Q.";
        prevented_quantity: u32 @ 18, "Shares that would have traded.";
        execution_price_e4: u64 @ 22, "Price it would have traded at.";
        liquidity_flag: char @ 30, "How it would have traded.";
        aiq_strategy: char @ 31, "By which rule.";
    }
    OrderExecuted b'E' 34 Required [28] "An order traded." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        user_ref_num: u32 @ 9, "The order; day-unique and rising within its channel.";
        quantity: u32 @ 13, "Shares of this trade.";
        price_e4: u64 @ 17, "Price of the trade.";
        liquidity_flag: char @ 25, "How it traded.";
        match_number: u64 @ 26, "The same for both sides and on market data.";
    }
    BrokenTrade b'B' 36 Optional [28] "A trade was broken." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        user_ref_num: u32 @ 9, "The order; day-unique and rising within its channel.";
        match_number: u64 @ 13, "The same for both sides and on market data.";
        reason: char @ 21, "E erroneous, C consent, S supervisory, X external.";
        cl_ord_id: text14 @ 22, "The client's own text; echoed.";
    }
    Rejected b'J' 29 Optional [28] "A request was refused." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        user_ref_num: u32 @ 9, "The request.";
        reason: u16 @ 13, "Number of the reason.";
        cl_ord_id: text14 @ 15, "The client's own text; echoed.";
    }
    CancelPending b'P' 13 Optional [28] "A cancel waits for an auction." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        user_ref_num: u32 @ 9, "The order; day-unique and rising within its channel.";
    }
    CancelReject b'I' 13 Optional [28] "A cancel cannot be done." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        user_ref_num: u32 @ 9, "The order; day-unique and rising within its channel.";
    }
    OrderPriorityUpdate b'T' 30 Optional [28] "An order has a new reference, and with it a new priority." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        user_ref_num: u32 @ 9, "The order; day-unique and rising within its channel.";
        price_e4: u64 @ 13, "Price in 1/10,000.";
        display: char @ 21, "Y displayed, N hidden, A attributed.";
        order_ref: u64 @ 22, "Its new reference.";
    }
    OrderModified b'M' 18 Optional [25 26 28] "An order has another mark or a smaller size." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        user_ref_num: u32 @ 9, "The order; day-unique and rising within its channel.";
        side: char @ 13, "B buy, S sell, T sell short, E sell short exempt.";
        quantity: u32 @ 14, "Shares outstanding.";
    }
    OrderRestated b'R' 14 Required [1 22 23 28] "What others see of an order changed." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        user_ref_num: u32 @ 9, "The order; day-unique and rising within its channel.";
        reason: char @ 13, "R the display was refreshed, P the displayed price changed.";
    }
    MassCancelResponse b'X' 25 Required [24 27 28] "A mass cancel was taken." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        user_ref_num: u32 @ 9, "The request.";
        firm: text4 @ 13, "Firm; blank for the port's own.";
        symbol: text8 @ 17, "Only this symbol; blank for all.";
    }
    DisableOrderEntryResponse b'G' 17 Required [28] "New orders of a firm are refused." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        user_ref_num: u32 @ 9, "The request.";
        firm: text4 @ 13, "Firm; blank for the port's own.";
    }
    EnableOrderEntryResponse b'K' 17 Required [28] "New orders of a firm are taken again." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        user_ref_num: u32 @ 9, "The request.";
        firm: text4 @ 13, "Firm; blank for the port's own.";
    }
    AccountQueryResponse b'Q' 13 Optional [28] "Which number comes next." {
        timestamp_ns: u64 @ 1, "Nanoseconds since midnight.";
        next_user_ref_num: u32 @ 9, "The least number not yet used.";
    }
}
