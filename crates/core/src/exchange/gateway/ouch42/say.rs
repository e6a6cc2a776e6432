// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How it is answered.

use super::super::ouch::{
    LIFE, Prevented, aiq_letter, break_letter, cancel_letter, echoed, letter, liquidity_letter,
    minimum_of, padded, shares, state_letter,
};
use super::super::{Answer, Buffer, Fault, Field, OpenOrder, OrderName, Setting, Symbols};
use crate::events::{CancelReason, RejectReason};
use crate::exchange::market::Pricing;
use crate::types::{Lots, Ticks};
use crate::wire::ouch42::outbound::{
    Accepted, AiqCanceled, BrokenTrade, CancelReject, Canceled, Executed, OrderModified,
    OrderPriorityUpdate, Rejected, Replaced, SystemEvent,
};
use crate::wire::ouch42::{MARKET_PRICE_E4, TIME_MARKET_HOURS};

/// Says `answer` in `out`, behind what is there; false when OUCH 4.2 has no word for it.
pub fn say<S: Symbols>(out: &mut Buffer, setting: &Setting<'_, S>, answer: &Answer<'_>) -> bool {
    let timestamp_ns = setting.since_midnight_ns();
    match *answer {
        Answer::Accepted { order, is_dead } => {
            out.push(&accepted(setting, order, is_dead).encode());
        }
        Answer::Replaced { order, original, is_dead } => {
            out.push(&replaced(setting, order, original, is_dead).encode());
        }
        Answer::Canceled { order, qty, reason, .. } => {
            out.push(&canceled(timestamp_ns, order, qty, reason).encode());
        }
        Answer::Prevented { order, qty, prevented_qty: untraded_qty, price, role, mode } => {
            let prevented = Prevented { qty, untraded_qty, price, role, mode };
            out.push(&aiq_canceled(timestamp_ns, order, &prevented).encode());
        }
        Answer::Executed { order, qty, price, match_id, role } => {
            let message = Executed {
                timestamp_ns,
                order_token: token(order.name),
                executed_shares: shares(qty),
                execution_price_e4: price_e4(price),
                liquidity_flag: liquidity_letter(role),
                match_number: match_id,
            };
            out.push(&message.encode());
        }
        Answer::Broken { name, match_id, reason, .. } => {
            let (order_token, reason) = (token(name), break_letter(reason));
            let message = BrokenTrade { timestamp_ns, order_token, match_number: match_id, reason };
            out.push(&message.encode());
        }
        Answer::Rejected { name, fault, .. } => {
            let (order_token, reason) = (token(name), reject_letter(fault));
            out.push(&Rejected { timestamp_ns, order_token, reason }.encode());
        }
        Answer::CancelRejected { name, .. } => {
            out.push(&CancelReject { timestamp_ns, order_token: token(name) }.encode());
        }
        Answer::Restated { order, .. } => {
            let message = OrderPriorityUpdate {
                timestamp_ns,
                order_token: token(order.name),
                price_e4: stated_price_e4(order),
                display: echoed(&order.echo, letter::DISPLAY, b'Y'),
                order_ref: order.order_id,
            };
            out.push(&message.encode());
        }
        Answer::Modified { order } => {
            let (side, shares) = (order.side, shares(order.leaves));
            let order_token = token(order.name);
            out.push(&OrderModified { timestamp_ns, order_token, side, shares }.encode());
        }
        Answer::DayStarted => out.push(&SystemEvent { timestamp_ns, event_code: b'S' }.encode()),
        Answer::DayEnded => out.push(&SystemEvent { timestamp_ns, event_code: b'E' }.encode()),
        Answer::MassCanceled { .. }
        | Answer::EntrySet { .. }
        | Answer::Queried { .. }
        | Answer::Status { .. } => return false,
    }
    true
}

/// The token of a name; numbered names are of 5.0.
fn token(name: OrderName) -> [u8; 14] {
    match name {
        OrderName::Text(text) => padded(&text),
        OrderName::UserRef { .. } => [b' '; 14],
    }
}

fn price_e4(price: Ticks) -> u32 {
    u32::try_from(price.max(0)).unwrap_or(u32::MAX)
}

/// The price of an order as it stands.
fn stated_price_e4(order: &OpenOrder) -> u32 {
    match order.request.pricing {
        Pricing::Market => MARKET_PRICE_E4,
        Pricing::Limit(_) | Pricing::Peg { .. } => price_e4(order.price),
    }
}

/// The time in force that the client gave.
const fn time_in_force_of(order: &OpenOrder) -> u32 {
    match order.echo.numbers[LIFE] {
        0 => TIME_MARKET_HOURS,
        kept => kept - 1,
    }
}

fn accepted<S: Symbols>(setting: &Setting<'_, S>, order: &OpenOrder, is_dead: bool) -> Accepted {
    Accepted {
        timestamp_ns: setting.since_midnight_ns(),
        order_token: token(order.name),
        side: order.side,
        shares: shares(order.leaves),
        stock: padded(setting.symbols.symbol(order.request.instrument)),
        price_e4: stated_price_e4(order),
        time_in_force: time_in_force_of(order),
        firm: order.firm,
        display: echoed(&order.echo, letter::DISPLAY, b'Y'),
        order_ref: order.order_id,
        capacity: echoed(&order.echo, letter::CAPACITY, b'O'),
        sweep_eligibility: echoed(&order.echo, letter::SWEEP, b'N'),
        minimum_quantity: minimum_of(order),
        cross_type: echoed(&order.echo, letter::CROSS, b'N'),
        order_state: state_letter(is_dead),
        bbo_weight: b' ',
    }
}

fn replaced<S: Symbols>(
    setting: &Setting<'_, S>,
    order: &OpenOrder,
    original: OrderName,
    is_dead: bool,
) -> Replaced {
    Replaced {
        timestamp_ns: setting.since_midnight_ns(),
        replacement_order_token: token(order.name),
        side: order.side,
        shares: shares(order.leaves),
        stock: padded(setting.symbols.symbol(order.request.instrument)),
        price_e4: stated_price_e4(order),
        time_in_force: time_in_force_of(order),
        firm: order.firm,
        display: echoed(&order.echo, letter::DISPLAY, b'Y'),
        order_ref: order.order_id,
        capacity: echoed(&order.echo, letter::CAPACITY, b'O'),
        sweep_eligibility: echoed(&order.echo, letter::SWEEP, b'N'),
        minimum_quantity: minimum_of(order),
        cross_type: echoed(&order.echo, letter::CROSS, b'N'),
        order_state: state_letter(is_dead),
        previous_order_token: token(original),
        bbo_weight: b' ',
    }
}

fn canceled(timestamp_ns: u64, order: &OpenOrder, qty: Lots, reason: CancelReason) -> Canceled {
    Canceled {
        timestamp_ns,
        order_token: token(order.name),
        decrement_shares: shares(qty),
        reason: cancel_letter(reason, b'C'),
    }
}

fn aiq_canceled(timestamp_ns: u64, order: &OpenOrder, prevented: &Prevented) -> AiqCanceled {
    AiqCanceled {
        timestamp_ns,
        order_token: token(order.name),
        decrement_shares: shares(prevented.qty),
        reason: b'Q',
        prevented_quantity: shares(prevented.untraded_qty),
        execution_price_e4: price_e4(prevented.price),
        liquidity_flag: liquidity_letter(prevented.role),
        aiq_strategy: aiq_letter(prevented.mode),
    }
}

/// Letter of a fault: its field says more than its reason where both say something.
const fn reject_letter(fault: Fault) -> u8 {
    match fault.field {
        Field::Quantity => b'Z',
        Field::Symbol => b'S',
        Field::Price => b'X',
        Field::Display | Field::MaxFloor | Field::Peg => b'D',
        Field::MinimumQuantity => b'N',
        Field::CrossType => b'R',
        Field::Firm => b'L',
        Field::Sweep => b'd',
        Field::Any => reason_letter(fault.reason),
        _ => b'O',
    }
}

/// Letter of a reason without a field: the node's or the market's.
const fn reason_letter(reason: RejectReason) -> u8 {
    match reason {
        RejectReason::InstrumentUnknown => b'S',
        RejectReason::QtyInvalid | RejectReason::OrderQty => b'Z',
        RejectReason::PriceInvalid | RejectReason::PriceCollar | RejectReason::ReferenceCollar => {
            b'X'
        }
        RejectReason::NotTrading => b'H',
        RejectReason::StrategyHalted => b'C',
        RejectReason::NotEntitled => b'L',
        RejectReason::PortBlocked => b'a',
        RejectReason::PortOrderQty => b'm',
        RejectReason::PortOrderNotional | RejectReason::OrderNotional => b'n',
        // The others have no letter of their own, or are never a market's.
        _ => b'O',
    }
}
