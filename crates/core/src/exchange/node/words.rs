// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! An order as 64-bit words, for snapshots.

use crate::component::SnapshotError;
use crate::events::{Side, StpMode};
use crate::exchange::gateway::{Echo, OpenOrder, OrderName};
use crate::exchange::market::{
    Auction, Display, Life, OrderRequest, PegTo, PostOnly, Pricing, SelfTrade, SizeCondition,
    StpScope,
};
use crate::snapshot::{read_array, read_i64, read_u8, read_u32, read_u64, write_i64, write_u8};
use crate::snapshot::{write_u32, write_u64};

const INVALID: SnapshotError = SnapshotError::Invalid { what: "order" };

pub(super) fn put_name(out: &mut Vec<u8>, name: OrderName) {
    match name {
        OrderName::UserRef { index, number } => {
            write_u8(out, 1);
            write_u8(out, index);
            write_u32(out, number);
        }
        OrderName::Text(text) => {
            write_u8(out, 2);
            out.extend_from_slice(&text);
        }
    }
}

pub(super) fn take_name(bytes: &mut &[u8]) -> Result<OrderName, SnapshotError> {
    Ok(match read_u8(bytes)? {
        1 => OrderName::UserRef { index: read_u8(bytes)?, number: read_u32(bytes)? },
        2 => OrderName::Text(read_array(bytes)?),
        _ => return Err(INVALID),
    })
}

/// A choice and the number that goes with it, 0 where none does.
fn put_choice(out: &mut Vec<u8>, choice: u8, number: i64) {
    write_u8(out, choice);
    write_i64(out, number);
}

fn take_choice(bytes: &mut &[u8]) -> Result<(u8, i64), SnapshotError> {
    Ok((read_u8(bytes)?, read_i64(bytes)?))
}

fn put_option(out: &mut Vec<u8>, value: Option<i64>) {
    put_choice(out, u8::from(value.is_some()), value.unwrap_or(0));
}

fn take_option(bytes: &mut &[u8]) -> Result<Option<i64>, SnapshotError> {
    let (choice, value) = take_choice(bytes)?;
    Ok((choice != 0).then_some(value))
}

fn put_request(out: &mut Vec<u8>, request: &OrderRequest) {
    write_u64(out, request.client);
    write_u32(out, request.owner);
    write_u32(out, request.instrument);
    write_u8(out, request.side.raw());
    write_u64(out, request.qty);
    match request.pricing {
        Pricing::Limit(price) => put_choice(out, 1, price),
        Pricing::Market => put_choice(out, 2, 0),
        Pricing::Peg { to, offset, limit } => {
            let to = match to {
                PegTo::Primary => 3,
                PegTo::Market => 4,
                PegTo::Midpoint => 5,
            };
            put_choice(out, to, offset);
            put_option(out, limit);
        }
    }
    put_option(out, request.stop);
    match request.display {
        Display::Displayed => put_choice(out, 1, 0),
        Display::Hidden => put_choice(out, 2, 0),
        Display::Reserve { displayed } => put_choice(out, 3, displayed.cast_signed()),
    }
    match request.size {
        SizeCondition::None => put_choice(out, 1, 0),
        SizeCondition::Minimum(qty) => put_choice(out, 2, qty.cast_signed()),
        SizeCondition::All => put_choice(out, 3, 0),
    }
    let post_only = match request.post_only {
        PostOnly::Off => 1,
        PostOnly::Reject => 2,
        PostOnly::Slide => 3,
    };
    write_u8(out, post_only);
    match request.life {
        Life::Day => put_choice(out, 1, 0),
        Life::Ioc => put_choice(out, 2, 0),
        Life::Fok => put_choice(out, 3, 0),
        Life::Gtc => put_choice(out, 4, 0),
        Life::Until(ts_ns) => put_choice(out, 5, ts_ns),
    }
    let auction = match request.auction {
        Auction::None => 1,
        Auction::Open => 2,
        Auction::Close => 3,
    };
    write_u8(out, auction);
    write_u8(out, request.stp.mode.raw());
    write_u8(out, u8::from(request.stp.scope == StpScope::Port));
}

fn take_pricing(bytes: &mut &[u8]) -> Result<Pricing, SnapshotError> {
    let (choice, number) = take_choice(bytes)?;
    let to = match choice {
        1 => return Ok(Pricing::Limit(number)),
        2 => return Ok(Pricing::Market),
        3 => PegTo::Primary,
        4 => PegTo::Market,
        5 => PegTo::Midpoint,
        _ => return Err(INVALID),
    };
    Ok(Pricing::Peg { to, offset: number, limit: take_option(bytes)? })
}

fn take_request(bytes: &mut &[u8]) -> Result<OrderRequest, SnapshotError> {
    let client = read_u64(bytes)?;
    let (owner, instrument) = (read_u32(bytes)?, read_u32(bytes)?);
    let side = Side::from_raw(read_u8(bytes)?).ok_or(INVALID)?;
    let qty = read_u64(bytes)?;
    let pricing = take_pricing(bytes)?;
    let stop = take_option(bytes)?;
    let display = match take_choice(bytes)? {
        (1, _) => Display::Displayed,
        (2, _) => Display::Hidden,
        (3, displayed) => Display::Reserve { displayed: displayed.cast_unsigned() },
        _ => return Err(INVALID),
    };
    let condition = match take_choice(bytes)? {
        (1, _) => SizeCondition::None,
        (2, qty) => SizeCondition::Minimum(qty.cast_unsigned()),
        (3, _) => SizeCondition::All,
        _ => return Err(INVALID),
    };
    let post_only = match read_u8(bytes)? {
        1 => PostOnly::Off,
        2 => PostOnly::Reject,
        3 => PostOnly::Slide,
        _ => return Err(INVALID),
    };
    let life = match take_choice(bytes)? {
        (1, _) => Life::Day,
        (2, _) => Life::Ioc,
        (3, _) => Life::Fok,
        (4, _) => Life::Gtc,
        (5, ts_ns) => Life::Until(ts_ns),
        _ => return Err(INVALID),
    };
    let auction = match read_u8(bytes)? {
        1 => Auction::None,
        2 => Auction::Open,
        3 => Auction::Close,
        _ => return Err(INVALID),
    };
    let mode = StpMode::from_raw(read_u8(bytes)?).ok_or(INVALID)?;
    let scope = if read_u8(bytes)? == 0 { StpScope::Firm } else { StpScope::Port };
    Ok(OrderRequest {
        client,
        owner,
        instrument,
        side,
        qty,
        pricing,
        stop,
        display,
        size: condition,
        post_only,
        life,
        auction,
        stp: SelfTrade { mode, scope },
    })
}

/// Appends an order.
pub(super) fn put_order(out: &mut Vec<u8>, order: &OpenOrder) {
    write_u64(out, order.order_id);
    put_name(out, order.name);
    out.extend_from_slice(&order.cl_ord_id);
    out.extend_from_slice(&order.firm);
    write_u8(out, order.side);
    write_u8(out, u8::from(order.is_attributed));
    write_u32(out, u32::from(order.group));
    out.extend_from_slice(&order.echo.letters);
    order.echo.numbers.iter().for_each(|&number| write_u32(out, number));
    put_request(out, &order.request);
    write_i64(out, order.price);
    write_u64(out, order.leaves);
    write_u64(out, order.executed);
    write_u64(out, order.executed_notional);
}

/// Takes an order that [`put_order`] wrote.
pub(super) fn take_order(bytes: &mut &[u8]) -> Result<OpenOrder, SnapshotError> {
    Ok(OpenOrder {
        order_id: read_u64(bytes)?,
        name: take_name(bytes)?,
        cl_ord_id: read_array(bytes)?,
        firm: read_array(bytes)?,
        side: read_u8(bytes)?,
        is_attributed: read_u8(bytes)? != 0,
        group: read_u32(bytes)? as u16,
        echo: Echo { letters: read_array(bytes)?, numbers: [read_u32(bytes)?, read_u32(bytes)?] },
        request: take_request(bytes)?,
        price: read_i64(bytes)?,
        leaves: read_u64(bytes)?,
        executed: read_u64(bytes)?,
        executed_notional: read_u64(bytes)?,
    })
}
