// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a message asks for.

use super::super::ouch::{
    LIFE, check_capacity, check_parts, end_of_life, fault, invalid, is_side, letter, name_text,
    side_of, sized, trimmed,
};
use super::super::{
    Ask, Cancelling, Change, Echo, Entering, Fault, Field, Modifying, NAME_BYTES, OrderName,
    Refusal, Replacing, Setting, Symbols,
};
use crate::events::RejectReason;
use crate::exchange::market::{
    Auction, Display, Life, OrderRequest, PegTo, PostOnly, Pricing, SizeCondition,
};
use crate::types::{Lots, Ticks, TsNs};
use crate::wire::ouch42::inbound::{EnterOrder, Message, ReplaceOrder};
use crate::wire::ouch42::{
    MARKET_PRICE_E4, PRICE_E4_MAX, SHARES_MAX, TIME_MARKET_HOURS, TIME_SYSTEM_HOURS,
};

const BLANK: [u8; NAME_BYTES] = [b' '; NAME_BYTES];
/// Least seconds that an order cannot live.
const SECONDS_END: u32 = 86_400;

/// What a message asks for.
///
/// # Errors
/// [`Refusal`]: how to refuse it, if at all.
pub fn read<S: Symbols>(message: &[u8], setting: &Setting<'_, S>) -> Result<Ask, Refusal> {
    match Message::decode(message).map_err(|_| Refusal::Unreadable)? {
        Message::EnterOrder(view) => enter(&view.read(), setting),
        Message::ReplaceOrder(view) => replace(&view.read(), setting),
        Message::CancelOrder(view) => {
            let asked = view.read();
            let (name, qty) = (named(&asked.order_token), Lots::from(asked.shares));
            Ok(Ask::Cancel(Cancelling { name, qty, request: BLANK }))
        }
        Message::ModifyOrder(view) => {
            let asked = view.read();
            let (name, qty) = (named(&asked.order_token), Lots::from(asked.shares));
            if !is_side(asked.side) {
                return Ok(Ask::Nothing);
            }
            Ok(Ask::Modify(Modifying { name, side: asked.side, qty }))
        }
        Message::Unknown(_) => Err(Refusal::Unreadable),
    }
}

/// A token as a name.
fn named(token: &[u8; 14]) -> OrderName {
    OrderName::Text(name_text(token))
}

/// What a letter of display says.
#[derive(Clone, Copy)]
struct Shown {
    display: Display,
    post_only: PostOnly,
    is_midpoint: bool,
}

fn shown_by(code: u8, post_only: PostOnly) -> Result<Shown, Fault> {
    let shown = Shown { display: Display::Displayed, post_only: PostOnly::Off, is_midpoint: false };
    match code {
        b'A' | b'Y' => Ok(shown),
        b'P' | b'L' => Ok(Shown { post_only, ..shown }),
        b'N' | b'n' => Ok(Shown { display: Display::Hidden, ..shown }),
        b'M' | b'm' => Ok(Shown { display: Display::Hidden, is_midpoint: true, ..shown }),
        _ => Err(invalid(Field::Display)),
    }
}

/// How long an order lives.
fn life_of(seconds: u32, ts_ns: TsNs) -> Result<Life, Fault> {
    match seconds {
        0 => Ok(Life::Ioc),
        1..SECONDS_END => Ok(Life::Until(end_of_life(ts_ns, seconds))),
        TIME_MARKET_HOURS | TIME_SYSTEM_HOURS => Ok(Life::Day),
        _ => Err(invalid(Field::TimeInForce)),
    }
}

fn check_shares(shares: u32) -> Result<Lots, Fault> {
    match shares {
        1..=SHARES_MAX => Ok(Lots::from(shares)),
        _ => Err(fault(RejectReason::QtyInvalid, Field::Quantity)),
    }
}

fn limit_of(price_e4: u32) -> Result<Ticks, Fault> {
    match price_e4 {
        1..=PRICE_E4_MAX => Ok(Ticks::from(price_e4)),
        _ => Err(fault(RejectReason::PriceInvalid, Field::Price)),
    }
}

fn check_sweep(code: u8) -> Result<(), Fault> {
    if matches!(code, b'Y' | b'N' | b'y') { Ok(()) } else { Err(invalid(Field::Sweep)) }
}

/// What is given back of a life: never 0, which would mean "not given".
const fn kept(time_in_force: u32) -> u32 {
    time_in_force.saturating_add(1)
}

/// A new order.
fn enter<S: Symbols>(asked: &EnterOrder, setting: &Setting<'_, S>) -> Result<Ask, Refusal> {
    let name = named(&asked.order_token);
    let request = request_of(asked, setting).map_err(|fault| Refusal::Request {
        name,
        cl_ord_id: BLANK,
        fault,
    })?;
    let mut echo = Echo::default();
    echo.letters[letter::DISPLAY] = asked.display;
    echo.letters[letter::CAPACITY] = asked.capacity;
    echo.letters[letter::SWEEP] = asked.sweep_eligibility;
    echo.letters[letter::CROSS] = asked.cross_type;
    echo.letters[letter::CUSTOMER] = asked.customer_type;
    echo.numbers[LIFE] = kept(asked.time_in_force);
    Ok(Ask::Enter(Entering {
        name,
        cl_ord_id: BLANK,
        firm: asked.firm,
        side: asked.side,
        is_attributed: matches!(asked.display, b'A' | b'L'),
        group: 0,
        echo,
        request,
    }))
}

/// The order of a new order.
fn request_of<S: Symbols>(
    asked: &EnterOrder,
    setting: &Setting<'_, S>,
) -> Result<OrderRequest, Fault> {
    let side = side_of(asked.side)?;
    let qty = check_shares(asked.shares)?;
    let instrument = setting.symbols.find(trimmed(&asked.stock));
    let instrument = instrument.ok_or(fault(RejectReason::InstrumentUnknown, Field::Symbol))?;
    check_capacity(asked.capacity)?;
    check_sweep(asked.sweep_eligibility)?;
    let auction = match asked.cross_type {
        b'N' => Auction::None,
        b'O' => Auction::Open,
        b'C' => Auction::Close,
        _ => return Err(invalid(Field::CrossType)),
    };
    let shown = shown_by(asked.display, setting.post_only)?;
    let pricing = match (shown.is_midpoint, asked.price_e4) {
        (false, MARKET_PRICE_E4) if auction != Auction::None => Pricing::Market,
        (false, price) => Pricing::Limit(limit_of(price)?),
        (true, price) => {
            Pricing::Peg { to: PegTo::Midpoint, offset: 0, limit: Some(limit_of(price)?) }
        }
    };
    let life = life_of(asked.time_in_force, setting.ts_ns)?;
    let (life, condition) = sized(life, Lots::from(asked.minimum_quantity), qty, auction)?;
    let request = OrderRequest {
        client: 0,
        owner: 0,
        instrument,
        side,
        qty,
        pricing,
        stop: None,
        display: shown.display,
        size: condition,
        post_only: shown.post_only,
        life,
        auction,
        stp: setting.stp,
    };
    check_parts(&request)?;
    Ok(request)
}

/// An order in place of another.
fn replace<S>(asked: &ReplaceOrder, setting: &Setting<'_, S>) -> Result<Ask, Refusal> {
    let original = named(&asked.existing_order_token);
    let name = named(&asked.replacement_order_token);
    let change = change_of(asked, setting).map_err(|fault| Refusal::Replace {
        original,
        name,
        cl_ord_id: BLANK,
        keeps_original: false,
        fault,
    })?;
    let mut echo = Echo::default();
    echo.letters[letter::DISPLAY] = asked.display;
    echo.letters[letter::SWEEP] = asked.sweep_eligibility;
    echo.numbers[LIFE] = kept(asked.time_in_force);
    Ok(Ask::Replace(Replacing::in_ouch(original, name, BLANK, echo, change)))
}

/// What a replacement changes.
fn change_of<S>(asked: &ReplaceOrder, setting: &Setting<'_, S>) -> Result<Change, Fault> {
    let qty = check_shares(asked.shares)?;
    check_sweep(asked.sweep_eligibility)?;
    let shown = shown_by(asked.display, setting.post_only)?;
    let price = match asked.price_e4 {
        MARKET_PRICE_E4 => None,
        price => Some(limit_of(price)?),
    };
    Ok(Change {
        qty,
        price,
        is_market: price.is_none(),
        peg: shown.is_midpoint.then_some((PegTo::Midpoint, 0)),
        life: Some(life_of(asked.time_in_force, setting.ts_ns)?),
        stop: None,
        display: Some(shown.display),
        size: Some(SizeCondition::of(qty, Lots::from(asked.minimum_quantity), false)),
        post_only: Some(shown.post_only),
    })
}
