// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a drop copy says: execution reports of FIX, as they came off the wire.

use crate::types::{Decimal, Instrument, Lots, Side, Ticks};
use crate::wire::fix::{Message, tag};

/// An execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CopiedTrade {
    pub(super) exec_id: u64,
    pub(super) side: Side,
    pub(super) price: Ticks,
    pub(super) qty: Lots,
}

/// What is said of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Copied<'a> {
    /// Its number in the session.
    pub(super) sequence: u64,
    /// It may have come before.
    pub(super) is_repeated: bool,
    pub(super) symbol: &'a [u8],
    pub(super) order_id: u64,
    /// Our number for the order; 0 where its name is none of ours.
    pub(super) number: u64,
    /// Our number for the order that it takes the place of; 0 for none.
    pub(super) replaced: u64,
    pub(super) left: Lots,
    trade: Option<(u64, Side, &'a [u8], Lots)>,
}

impl<'a> Copied<'a> {
    /// Reads a message; `None` where it says nothing of an order that lives or lived.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let message = Message::parse(bytes).ok()?;
        let found = |tag| message.find(tag);
        // A refused order never lived, an answer to a question is no news, and a broken trade is
        // neither applied nor taken back by the account that it is compared with.
        let is_news = message.msg_type() == b"8"
            && !matches!(found(tag::EXEC_TYPE)?, b"8" | b"I" | b"G" | b"H");
        if !is_news {
            return None;
        }
        let is_replaced = found(tag::EXEC_TYPE)? == b"5";
        let original = found(tag::ORIG_CL_ORD_ID);
        // A cancel that was asked for is named by its request, a replacement by the new order.
        let name = found(tag::CL_ORD_ID)?;
        let name = if is_replaced { name } else { original.unwrap_or(name) };
        let trade = if found(tag::EXEC_TYPE)? == b"F" {
            let side = if found(tag::SIDE)? == b"1" { Side::Buy } else { Side::Sell };
            let exec_id = digits(found(tag::SECONDARY_EXEC_ID)?)?;
            Some((exec_id, side, found(tag::LAST_PX)?, digits(found(tag::LAST_QTY)?)?))
        } else {
            None
        };
        Some(Self {
            sequence: digits(found(tag::MSG_SEQ_NUM)?)?,
            is_repeated: found(tag::POSS_DUP_FLAG) == Some(b"Y"),
            symbol: found(tag::SYMBOL)?,
            order_id: digits(found(tag::ORDER_ID)?)?,
            number: number_of(name),
            replaced: original.filter(|_| is_replaced).map_or(0, number_of),
            left: digits(found(tag::LEAVES_QTY)?)?,
            trade,
        })
    }

    /// The execution, if it is one, in the units of its instrument.
    pub(super) fn trade(&self, instrument: &Instrument) -> Option<CopiedTrade> {
        let (exec_id, side, price, qty) = self.trade?;
        let price = Decimal::parse(price).ok()?.in_units(instrument.definition.tick_e9).ok()?;
        Some(CopiedTrade { exec_id, side, price, qty })
    }
}

/// Our number for an order, from its name; 0 where it has another form: our orders are all of the
/// first channel.
fn number_of(name: &[u8]) -> u64 {
    name.strip_prefix(b"000-").and_then(digits).unwrap_or(0)
}

fn digits(text: &[u8]) -> Option<u64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}
