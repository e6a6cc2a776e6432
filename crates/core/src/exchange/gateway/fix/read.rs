// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a message asks for.

use super::super::{
    Ask, Cancelling, Change, Entering, Fault, Field, MassCancelling, NAME_BYTES, OrderName,
    Refusal, Replacing, Setting, Symbols,
};
use super::fields::Said;
use super::terms::{Terms, Wrong, bad_price, invalid, side_of};
use crate::events::{RejectReason, Side};
use crate::exchange::market::{
    Auction, Display, Life, OrderRequest, PostOnly, Pricing, SizeCondition,
};
use crate::types::InstrumentId;
use crate::wire::fix::{Fault as FieldFault, Message, tag};

/// Why a message asks for nothing that can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It cannot be read: the session rejects it.
    Session(FieldFault),
    /// Its type is not one of ours: the application refuses it.
    Type,
    /// It is refused as an order, a cancel or a replacement is.
    Refused(Refusal),
}

impl From<FieldFault> for Problem {
    fn from(fault: FieldFault) -> Self {
        Self::Session(fault)
    }
}

/// What a message asks for. `message` came in order, and is the application's.
///
/// # Errors
/// [`Problem`]: how to refuse it.
pub fn read<S: Symbols>(message: &Message<'_>, setting: &Setting<'_, S>) -> Result<Ask, Problem> {
    let said = match message.msg_type() {
        b"D" | b"F" | b"G" | b"H" | b"q" => Said::of(message)?,
        _ => return Err(Problem::Type),
    };
    match message.msg_type() {
        b"D" => enter(&said, setting),
        b"G" => replace(&said, setting),
        b"F" => {
            let (name, request) = (said.name(tag::ORIG_CL_ORD_ID)?, said.name(tag::CL_ORD_ID)?);
            Ok(Ask::Cancel(Cancelling { name: OrderName::Text(name), qty: 0, request }))
        }
        b"H" => {
            let name = OrderName::Text(said.name(tag::CL_ORD_ID)?);
            let request = match said.get(tag::ORD_STATUS_REQ_ID) {
                Some(_) => said.name(tag::ORD_STATUS_REQ_ID)?,
                None => [b' '; NAME_BYTES],
            };
            Ok(Ask::Status { name, request })
        }
        _ => mass_cancel(&said, setting),
    }
}

/// The instrument that a message names.
fn instrument<S: Symbols>(
    said: &Said<'_>,
    setting: &Setting<'_, S>,
) -> Result<InstrumentId, Wrong> {
    let symbol = said.needed(tag::SYMBOL)?;
    let unknown = Fault { reason: RejectReason::InstrumentUnknown, field: Field::Symbol };
    setting.symbols.find(symbol).ok_or(Wrong::Value(unknown))
}

/// Reads a new order.
fn enter<S: Symbols>(said: &Said<'_>, setting: &Setting<'_, S>) -> Result<Ask, Problem> {
    let cl_ord_id = said.name(tag::CL_ORD_ID)?;
    let name = OrderName::Text(cl_ord_id);
    let refused = |wrong| match wrong {
        Wrong::Field(fault) => Problem::Session(fault),
        Wrong::Value(fault) => Problem::Refused(Refusal::Request { name, cl_ord_id, fault }),
    };
    let instrument = instrument(said, setting).map_err(refused)?;
    let terms = Terms::read(said, setting).map_err(refused)?;
    let size = terms.size.unwrap_or(SizeCondition::None);
    if matches!(size, SizeCondition::Minimum(minimum) if minimum > terms.qty) {
        return Err(refused(invalid(Field::MinimumQuantity).into()));
    }
    // A peg is hidden in our market, and so is what waits for a size: what a message leaves open.
    let waits = size != SizeCondition::None && !matches!(terms.life, Some(Life::Ioc | Life::Fok));
    let is_peg = matches!(terms.pricing, Pricing::Peg { .. });
    let usual = if is_peg || waits { Display::Hidden } else { Display::Displayed };
    Ok(Ask::Enter(Entering {
        name,
        cl_ord_id,
        firm: [b' '; 4],
        side: terms.side,
        is_attributed: false,
        group: 0,
        echo: terms.echo,
        request: OrderRequest {
            client: 0,
            owner: 0,
            instrument,
            side: if terms.side == b'B' { Side::Buy } else { Side::Sell },
            qty: terms.qty,
            pricing: terms.pricing,
            stop: terms.stop,
            display: terms.display.unwrap_or(usual),
            size,
            post_only: terms.post_only.unwrap_or(PostOnly::Off),
            life: terms.life.unwrap_or(Life::Day),
            auction: terms.auction,
            stp: terms.stp.unwrap_or(setting.stp),
        },
    }))
}

/// Reads a replacement. Refused, the original stays: the answer is about it.
fn replace<S: Symbols>(said: &Said<'_>, setting: &Setting<'_, S>) -> Result<Ask, Problem> {
    let original = OrderName::Text(said.name(tag::ORIG_CL_ORD_ID)?);
    let cl_ord_id = said.name(tag::CL_ORD_ID)?;
    let (name, keeps_original) = (OrderName::Text(cl_ord_id), true);
    let refused = |wrong| match wrong {
        Wrong::Field(fault) => Problem::Session(fault),
        Wrong::Value(fault) => {
            Problem::Refused(Refusal::Replace { original, name, cl_ord_id, keeps_original, fault })
        }
    };
    let instrument = instrument(said, setting).map_err(refused)?;
    let terms = Terms::read(said, setting).map_err(refused)?;
    if terms.auction != Auction::None {
        return Err(refused(invalid(Field::CrossType).into()));
    }
    let (price, peg) = match terms.pricing {
        Pricing::Limit(price) if price <= 0 => {
            return Err(refused(bad_price(Field::Price).into()));
        }
        Pricing::Limit(price) => (Some(price), None),
        Pricing::Market => (None, None),
        Pricing::Peg { to, offset, limit } => (limit, Some((to, offset))),
    };
    Ok(Ask::Replace(Replacing {
        original,
        name,
        cl_ord_id,
        side: terms.side,
        instrument: Some(instrument),
        keeps_original,
        echo: terms.echo,
        change: Change {
            qty: terms.qty,
            price,
            is_market: terms.pricing == Pricing::Market,
            peg,
            life: terms.life,
            stop: terms.stop,
            display: terms.display,
            size: terms.size,
            post_only: terms.post_only,
        },
    }))
}

/// Reads a mass cancel.
fn mass_cancel<S: Symbols>(said: &Said<'_>, setting: &Setting<'_, S>) -> Result<Ask, Problem> {
    let cl_ord_id = said.name(tag::CL_ORD_ID)?;
    let name = OrderName::Text(cl_ord_id);
    let refused = |wrong| match wrong {
        Wrong::Field(fault) => Problem::Session(fault),
        Wrong::Value(fault) => Problem::Refused(Refusal::Request { name, cl_ord_id, fault }),
    };
    let instrument = match said.needed(tag::MASS_CANCEL_REQUEST_TYPE)? {
        b"1" => Some(instrument(said, setting).map_err(refused)?),
        b"7" => None,
        _ => return Err(refused(invalid(Field::Any).into())),
    };
    let side = match said.get(tag::SIDE) {
        None => None,
        Some(side) => {
            Some(side_of(side).ok_or(Wrong::Value(invalid(Field::Side))).map_err(refused)?)
        }
    };
    let (firm, group, channel) = ([b' '; 4], None, None);
    Ok(Ask::MassCancel(MassCancelling { name, firm, instrument, side, group, channel }))
}
