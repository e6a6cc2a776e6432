// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! From the client: name, type, length without the appendage, appendage, tags, meaning; then each
//! field. A number that must rise is used once: a message that repeats one is not acted on.

use super::appendage::{Appendage, AppendageRule};
use super::layout::{Appended, AppendedLayout, View, messages};
use super::writer::Writer;
use crate::wire::layout::{
    FieldKind, FieldLayout, Layout, MessageLayout, Value, kind_from, kind_layout, kind_read,
    kind_type, kind_value, kind_write, structs,
};
use crate::wire::ouch::OuchError;

messages! {
    omitted true;
    EnterOrderRequest b'O' 45 Required [2 3 4 5 6 7 9 10 11 12 13 15 16 17 24 25 26 28 29 30] "A new order." {
        user_ref_num: u32 @ 1, "The order; above the last number of its channel.";
        side: char @ 5, "B buy, S sell, T sell short, E sell short exempt.";
        quantity: u32 @ 6, "Shares.";
        symbol: text8 @ 10, "Symbol.";
        price_e4: u64 @ 18, "Limit price in 1/10,000; 2,147,483,647 and 2,000,000,000 mean market.";
        time_in_force: char @ 26, "0 day, 3 immediate or cancel, 5 extended hours, 6 until expire time, E after hours.";
        display: char @ 27, "Y displayed, N hidden, A attributed.";
        capacity: char @ 28, "A agency, P principal, R riskless, O other.";
        sweep_eligibility: char @ 29, "Y intermarket sweep, N not.";
        cross_type: char @ 30, "N continuous, O opening, C closing, H halt, S supplemental, R retail, E extended life, A after hours.";
        cl_ord_id: text14 @ 31, "The client's own text; echoed.";
    }
    ReplaceOrderRequest b'U' 38 Required [3 5 6 7 9 10 11 12 13 15 16 17 25 26 27 28 29 30] "An order in place of another." {
        original_user_ref_num: u32 @ 1, "The order to be replaced.";
        user_ref_num: u32 @ 5, "The new order; above the last number of its channel.";
        quantity: u32 @ 9, "Shares of the whole chain, executed ones included.";
        price_e4: u64 @ 13, "New limit price in 1/10,000.";
        time_in_force: char @ 21, "0 day, 3 immediate or cancel, 5 extended hours, 6 until expire time, E after hours.";
        display: char @ 22, "Y displayed, N hidden, A attributed.";
        sweep_eligibility: char @ 23, "Y intermarket sweep, N not.";
        cl_ord_id: text14 @ 24, "The client's own text; echoed.";
    }
    CancelOrderRequest b'X' 9 Optional [28] "Less of an order, or none." {
        user_ref_num: u32 @ 1, "The order.";
        quantity: u32 @ 5, "Size it shall have, executed shares included; 0 for none.";
    }
    ModifyOrderRequest b'M' 10 Optional [25 26 28] "Another mark on a sale, and perhaps less of it." {
        user_ref_num: u32 @ 1, "The order.";
        side: char @ 5, "Its mark: S, T or E.";
        quantity: u32 @ 6, "Size it shall have; never more.";
    }
    MassCancelRequest b'C' 17 Required [24 27 28] "All orders of a firm to be cancelled." {
        user_ref_num: u32 @ 1, "The request; above the last number of its channel.";
        firm: text4 @ 5, "Firm; blank for the port's own.";
        symbol: text8 @ 9, "Only this symbol; blank for all.";
    }
    DisableOrderEntryRequest b'D' 9 Required [28] "New orders of a firm to be refused." {
        user_ref_num: u32 @ 1, "The request; above the last number of its channel.";
        firm: text4 @ 5, "Firm; blank for the port's own.";
    }
    EnableOrderEntryRequest b'E' 9 Required [28] "New orders of a firm to be taken again." {
        user_ref_num: u32 @ 1, "The request; above the last number of its channel.";
        firm: text4 @ 5, "Firm; blank for the port's own.";
    }
    AccountQueryRequest b'Q' 1 Optional [28] "Which number comes next." {
    }
}
