// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! From the client: name, type, length, meaning; then each field.

use super::layout::messages;
use crate::wire::layout::{
    FieldKind, FieldLayout, Layout, MessageLayout, Value, View, kind_from, kind_layout, kind_read,
    kind_type, kind_value, kind_write, structs,
};
use crate::wire::ouch::OuchError;

messages! {
    EnterOrder b'O' 49 "A new order." {
        order_token: text14 @ 1, "The client's name for the order; day-unique.";
        side: char @ 15, "B buy, S sell, T sell short, E sell short exempt.";
        shares: u32 @ 16, "Shares.";
        stock: text8 @ 20, "Symbol.";
        price_e4: u32 @ 28, "Limit price in 1/10,000; 2,147,483,647 means market, in an auction.";
        time_in_force: u32 @ 32, "Seconds to live; 0 immediate or cancel, 99996 extended close, 99998 market hours, 99999 system hours.";
        firm: text4 @ 36, "Firm; blank for the port's own.";
        display: char @ 40, "A attributed, Y displayed, N hidden, P post-only, I imbalance-only, M midpoint peg, W the same post-only, L post-only attributed, O T Q retail, m n with trade-now.";
        capacity: char @ 41, "A agency, P principal, R riskless, O other.";
        sweep_eligibility: char @ 42, "Y intermarket sweep, y trade-at sweep, N not.";
        minimum_quantity: u32 @ 43, "Least quantity that may trade; 0 for none.";
        cross_type: char @ 47, "N continuous, O opening, C closing, H halt, S supplemental, R retail, E extended life, A after hours.";
        customer_type: char @ 48, "R retail, N not, blank for the port's own.";
    }
    ReplaceOrder b'U' 47 "An order in place of another." {
        existing_order_token: text14 @ 1, "The order to be replaced.";
        replacement_order_token: text14 @ 15, "The new order's name.";
        shares: u32 @ 29, "Shares of the whole chain, executed ones included.";
        price_e4: u32 @ 33, "New limit price in 1/10,000.";
        time_in_force: u32 @ 37, "Seconds to live; 0 immediate or cancel, 99996 extended close, 99998 market hours, 99999 system hours.";
        display: char @ 41, "A attributed, Y displayed, N hidden, P post-only, I imbalance-only, M midpoint peg, W the same post-only, L post-only attributed, O T Q retail, m n with trade-now.";
        sweep_eligibility: char @ 42, "Y intermarket sweep, y trade-at sweep, N not.";
        minimum_quantity: u32 @ 43, "Least quantity that may trade; 0 for none.";
    }
    CancelOrder b'X' 19 "Less of an order, or none." {
        order_token: text14 @ 1, "The order.";
        shares: u32 @ 15, "Size it shall have, executed shares included; 0 for none.";
    }
    ModifyOrder b'M' 20 "Another mark on a sale, and perhaps less of it." {
        order_token: text14 @ 1, "The order.";
        side: char @ 15, "Its mark: S, T or E.";
        shares: u32 @ 16, "Size it shall have; never more.";
    }
}
