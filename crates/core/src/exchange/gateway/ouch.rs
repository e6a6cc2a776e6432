// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What both versions of OUCH say by the same letters.

use super::{
    BreakReason, Change, Echo, Fault, Field, NAME_BYTES, NameText, OpenOrder, OrderName, Replacing,
    TradeRole,
};
use crate::events::{CancelReason, RejectReason, Side, StpMode};
use crate::exchange::market::{Auction, Display, Life, OrderRequest, Pricing, SizeCondition};
use crate::types::{Lots, SECOND_NS, Ticks, TsNs};

/// Places of the letters of an [`Echo`].
pub(super) mod letter {
    pub(in super::super) const TIME_IN_FORCE: usize = 0;
    pub(in super::super) const DISPLAY: usize = 1;
    pub(in super::super) const CAPACITY: usize = 2;
    pub(in super::super) const SWEEP: usize = 3;
    pub(in super::super) const CROSS: usize = 4;
    pub(in super::super) const CUSTOMER: usize = 5;
    pub(in super::super) const TRADE_NOW: usize = 6;
    pub(in super::super) const HANDLING: usize = 7;
    pub(in super::super) const LOCATED: usize = 8;
    pub(in super::super) const AIQ: usize = 9;
    pub(in super::super) const AIQ_GROUP: usize = 10;
}

/// Place of the number of an [`Echo`] that says how long an order lives.
pub(super) const LIFE: usize = 0;

/// A symbol or a name without its padding.
pub(super) fn trimmed(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|&byte| byte != b' ').map_or(0, |last| last + 1);
    &text[..end]
}

/// Text in as many bytes, padded with spaces or cut.
pub(super) fn padded<const LEN: usize>(text: &[u8]) -> [u8; LEN] {
    let mut out = [b' '; LEN];
    let length = text.len().min(LEN);
    out[..length].copy_from_slice(&text[..length]);
    out
}

/// A client's text as a name.
pub(super) fn name_text(text: &[u8]) -> NameText {
    padded::<NAME_BYTES>(text)
}

/// A quantity on the wire. The node takes none that does not fit.
pub(super) fn shares(qty: Lots) -> u32 {
    u32::try_from(qty).unwrap_or(u32::MAX)
}

/// A price on the wire; none is below 0.
pub(super) fn price_e4(price: Ticks) -> u64 {
    u64::try_from(price).unwrap_or(0)
}

/// An error in a field.
pub(super) const fn fault(reason: RejectReason, field: Field) -> Fault {
    Fault { reason, field }
}

/// An error in a field that holds no value that we take.
pub(super) const fn invalid(field: Field) -> Fault {
    fault(RejectReason::FieldInvalid, field)
}

/// Side of a letter.
pub(super) const fn side_of(letter: u8) -> Result<Side, Fault> {
    match letter {
        b'B' => Ok(Side::Buy),
        b'S' | b'T' | b'E' => Ok(Side::Sell),
        _ => Err(invalid(Field::Side)),
    }
}

/// Whether a letter is a side.
pub(super) const fn is_side(letter: u8) -> bool {
    side_of(letter).is_ok()
}

/// For whom the client acts.
pub(super) fn check_capacity(letter: u8) -> Result<(), Fault> {
    if b"APRO".contains(&letter) { Ok(()) } else { Err(invalid(Field::Capacity)) }
}

/// Life and size: the whole of an immediate order is fill-or-kill; an order for an auction alone
/// never rests after it, so that "immediate" and "day" say the same of it.
pub(super) fn sized(
    life: Life,
    minimum: Lots,
    qty: Lots,
    auction: Auction,
) -> Result<(Life, SizeCondition), Fault> {
    match minimum {
        0 if auction != Auction::None && life == Life::Ioc => Ok((Life::Day, SizeCondition::None)),
        0 => Ok((life, SizeCondition::None)),
        _ if minimum > qty => Err(invalid(Field::MinimumQuantity)),
        _ if minimum == qty && life == Life::Ioc => Ok((Life::Fok, SizeCondition::None)),
        _ => Ok((life, SizeCondition::Minimum(minimum))),
    }
}

impl Replacing {
    /// A replacement as both versions mean it: invalid details cancel the original.
    pub(super) const fn in_ouch(
        original: OrderName,
        name: OrderName,
        cl_ord_id: NameText,
        echo: Echo,
        change: Change,
    ) -> Self {
        let (side, instrument, keeps_original) = (0, None, false);
        Self { original, name, cl_ord_id, side, instrument, keeps_original, echo, change }
    }
}

/// Whether the parts of an order go together, where OUCH has a reason for the part at fault. What
/// else does not go together, the market refuses.
pub(super) fn check_parts(request: &OrderRequest) -> Result<(), Fault> {
    let is_hidden = request.display == Display::Hidden;
    let rests = !matches!(request.life, Life::Ioc | Life::Fok);
    if matches!(request.pricing, Pricing::Peg { .. }) && !is_hidden {
        return Err(invalid(Field::Display));
    }
    if request.size != SizeCondition::None && rests && !is_hidden {
        return Err(invalid(Field::MinimumQuantity));
    }
    match request.display {
        Display::Reserve { displayed } if displayed > request.qty => Err(invalid(Field::MaxFloor)),
        _ => Ok(()),
    }
}

/// When an order ends that lives so many seconds.
pub(super) fn end_of_life(ts_ns: TsNs, seconds: u32) -> TsNs {
    ts_ns.saturating_add(i64::from(seconds) * SECOND_NS)
}

/// An echo's letter, or a default where none was given.
pub(super) const fn echoed(echo: &Echo, place: usize, default: u8) -> u8 {
    match echo.letters[place] {
        0 => default,
        given => given,
    }
}

/// Letter of a cancel's reason.
pub(super) const fn cancel_letter(reason: CancelReason, after_auction: u8) -> u8 {
    match reason {
        CancelReason::User | CancelReason::Replace | CancelReason::MassCancel => b'U',
        CancelReason::Ioc | CancelReason::Fok => b'I',
        CancelReason::Auction => after_auction,
        CancelReason::SelfTrade => b'Q',
        CancelReason::Collar => b'K',
        CancelReason::Expired | CancelReason::DayEnded => b'T',
        CancelReason::Halted => b'H',
        CancelReason::Disconnected | CancelReason::Killed | CancelReason::Operator => b'S',
        CancelReason::StrategyStopped
        | CancelReason::RunEnded
        | CancelReason::Quote
        | CancelReason::Group
        | CancelReason::BookCleared => b'Z',
    }
}

/// Letter of how an order traded.
pub(super) const fn liquidity_letter(role: TradeRole) -> u8 {
    match role {
        TradeRole::Added => b'A',
        TradeRole::AddedHidden => b'J',
        TradeRole::AddedMidpoint => b'k',
        TradeRole::Removed => b'R',
        TradeRole::RemovedMidpoint => b'm',
        TradeRole::Opening => b'O',
        TradeRole::Closing => b'C',
        TradeRole::Reopening => b'H',
    }
}

/// Letter of a break's reason.
pub(super) const fn break_letter(reason: BreakReason) -> u8 {
    match reason {
        BreakReason::Erroneous => b'E',
        BreakReason::Consent => b'C',
        BreakReason::Supervisory => b'S',
        BreakReason::External => b'X',
    }
}

/// Letter of the rule that kept a firm from trading with itself; OUCH has none for "both".
pub(super) const fn aiq_letter(mode: StpMode) -> u8 {
    match mode {
        StpMode::Off => b'N',
        StpMode::CancelNewest => b'W',
        StpMode::CancelOldest => b'O',
        StpMode::CancelBoth => b'*',
        StpMode::Decrement => b'D',
    }
}

/// A trade that self-trade prevention kept from happening.
pub(super) struct Prevented {
    pub(super) qty: Lots,
    pub(super) untraded_qty: Lots,
    pub(super) price: Ticks,
    pub(super) role: TradeRole,
    pub(super) mode: StpMode,
}

/// The minimum quantity that the client gave; 0 for none.
pub(super) fn minimum_of(order: &OpenOrder) -> u32 {
    match (order.request.size, order.request.life) {
        (SizeCondition::Minimum(qty), _) => shares(qty),
        (SizeCondition::All, _) | (_, Life::Fok) => shares(order.request.qty),
        (SizeCondition::None, _) => 0,
    }
}

/// Letter of whether an order lives.
pub(super) const fn state_letter(is_dead: bool) -> u8 {
    if is_dead { b'D' } else { b'L' }
}
