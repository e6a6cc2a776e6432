// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a message asks for.

use super::super::ouch::{
    LIFE, check_capacity, check_parts, end_of_life, fault, invalid, is_side, letter, name_text,
    side_of, sized, trimmed,
};
use super::super::{
    Ask, Cancelling, Change, Echo, Entering, EntrySetting, Fault, Field, MassCancelling, Modifying,
    NAME_BYTES, OrderName, Refusal, Replacing, Setting, Symbols,
};
use crate::events::{RejectReason, StpMode};
use crate::exchange::market::{
    Auction, Display, Life, OrderRequest, PegTo, PostOnly, Pricing, SelfTrade, SizeCondition,
    StpScope,
};
use crate::types::{Lots, Ticks, TsNs};
use crate::wire::ouch50::inbound::Message;
use crate::wire::ouch50::{
    Appendage, Appended, EXPIRE_TIME_S_END, EnterOrderRequest, MARKET_PRICE_ALSO_E4,
    MARKET_PRICE_E4, MassCancelRequest, PRICE_E4_MAX, QUANTITY_MAX, ReplaceOrderRequest, Tag, View,
};

/// What a message asks for.
///
/// # Errors
/// [`Refusal`]: how to refuse it, if at all.
pub fn read<S: Symbols>(message: &[u8], setting: &Setting<'_, S>) -> Result<Ask, Refusal> {
    match Message::decode(message).map_err(|_| Refusal::Unreadable)? {
        Message::EnterOrderRequest(view) => enter(view, setting),
        Message::ReplaceOrderRequest(view) => replace(view, setting),
        Message::CancelOrderRequest(view) => {
            let (asked, channel) = (view.read(), channel_of(view));
            let name = named(channel, asked.user_ref_num);
            let qty = Lots::from(asked.quantity);
            Ok(Ask::Cancel(Cancelling { name, qty, request: [b' '; NAME_BYTES] }))
        }
        Message::ModifyOrderRequest(view) => {
            let (asked, channel) = (view.read(), channel_of(view));
            let name = named(channel, asked.user_ref_num);
            if !is_side(asked.side) {
                return Ok(Ask::Nothing);
            }
            let qty = Lots::from(asked.quantity);
            Ok(Ask::Modify(Modifying { name, side: asked.side, qty }))
        }
        Message::MassCancelRequest(view) => mass_cancel(view, setting),
        Message::DisableOrderEntryRequest(view) => {
            let (asked, channel) = (view.read(), channel_of(view));
            let name = named(channel, asked.user_ref_num);
            Ok(Ask::SetEntry(EntrySetting { name, firm: asked.firm, enabled: false }))
        }
        Message::EnableOrderEntryRequest(view) => {
            let (asked, channel) = (view.read(), channel_of(view));
            let name = named(channel, asked.user_ref_num);
            Ok(Ask::SetEntry(EntrySetting { name, firm: asked.firm, enabled: true }))
        }
        Message::AccountQueryRequest(view) => Ok(Ask::Query { index: channel_of(view) }),
        Message::Unknown(_) => Err(Refusal::Unreadable),
    }
}

/// A name on a channel.
const fn named(index: u8, number: u32) -> OrderName {
    OrderName::UserRef { index, number }
}

/// The channel of a message of which nothing else that is appended matters.
fn channel_of<M: Appended>(view: View<'_, M>) -> u8 {
    view.appendage().user_ref_index().unwrap_or(0)
}

/// What may be appended to an order, as it was.
#[derive(Clone, Copy, Default)]
struct Terms {
    channel: u8,
    firm: Option<[u8; 4]>,
    minimum: Option<Lots>,
    max_floor: Option<Lots>,
    price_type: Option<u8>,
    peg_offset: Option<Ticks>,
    post_only: Option<u8>,
    expire_time_s: Option<u32>,
    group: u16,
    aiq: Option<u8>,
    echo: Echo,
    fault: Option<Fault>,
}

impl Terms {
    /// Reads the tags. What our market does not have is a fault, kept until the names are known.
    fn read(appendage: Appendage<'_>, allowed: &[u8]) -> Self {
        let mut terms = Self::default();
        let mut seen = 0_u32;
        for tag in appendage.tags() {
            let bit = 1_u32.checked_shl(u32::from(tag.number())).unwrap_or(0);
            if !allowed.contains(&tag.number()) || seen & bit != 0 {
                terms.complain(invalid(Field::Unknown));
            }
            seen |= bit;
            terms.take(tag);
        }
        terms
    }

    /// Keeps the first fault.
    fn complain(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    fn take(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Firm(firm) => self.firm = Some(firm),
            Tag::MinimumQuantity(qty) => self.minimum = Some(Lots::from(qty)),
            Tag::MaxFloor(qty) => self.max_floor = Some(Lots::from(qty)),
            Tag::PriceType(kind) => self.price_type = Some(kind),
            Tag::PegOffset(offset) => self.peg_offset = Some(Ticks::from(offset)),
            Tag::PostOnly(mode) => self.post_only = Some(mode),
            Tag::ExpireTime(seconds) => self.expire_time_s = Some(seconds),
            Tag::GroupId(group) => self.group = group,
            Tag::UserRefIndex(index) => self.channel = index,
            Tag::AiqStrategy(mode) => {
                self.echo.letters[letter::AIQ] = mode;
                self.aiq = Some(mode);
            }
            Tag::AiqGroupId(group) => {
                if group != *b"**" && group != *b"  " {
                    self.complain(invalid(Field::SelfTrade));
                }
                self.echo.letters[letter::AIQ_GROUP..][..2].copy_from_slice(&group);
            }
            Tag::CustomerType(mode) => self.echo.letters[letter::CUSTOMER] = mode,
            Tag::TradeNow(mode) => self.echo.letters[letter::TRADE_NOW] = mode,
            Tag::SharesLocated(mode) => self.echo.letters[letter::LOCATED] = mode,
            Tag::HandlingInstruction(b' ') => self.echo.letters[letter::HANDLING] = b' ',
            Tag::HandlingInstruction(_) => self.complain(invalid(Field::Handling)),
            Tag::DiscretionPrice(1..) | Tag::DiscretionPegOffset(1.. | ..=-1) => {
                self.complain(invalid(Field::Discretion));
            }
            Tag::RandomReserves(1..) => self.complain(invalid(Field::RandomReserves)),
            _ => {}
        }
    }

    /// Self-trade prevention.
    fn stp(&self, default: SelfTrade) -> Result<SelfTrade, Fault> {
        let (scope, mode) = match self.aiq {
            None | Some(b'*' | b'R' | b'5') => return Ok(default),
            Some(b'N') => (default.scope, StpMode::Off),
            Some(b'Y' | b'D') => (StpScope::Firm, StpMode::Decrement),
            Some(b'O') => (StpScope::Firm, StpMode::CancelOldest),
            Some(b'W') => (StpScope::Firm, StpMode::CancelNewest),
            Some(b'0' | b'1') => (StpScope::Port, StpMode::Decrement),
            Some(b'2') => (StpScope::Port, StpMode::CancelOldest),
            Some(b'4') => (StpScope::Port, StpMode::CancelNewest),
            Some(_) => return Err(invalid(Field::SelfTrade)),
        };
        Ok(SelfTrade { mode, scope })
    }

    /// What a peg follows, and its offset.
    fn peg(&self) -> Result<Option<(PegTo, Ticks)>, Fault> {
        let to = match self.price_type {
            None | Some(b'L') if self.peg_offset.unwrap_or(0) == 0 => return Ok(None),
            Some(b'P') => PegTo::Market,
            Some(b'R') => PegTo::Primary,
            Some(b'M' | b'm') => PegTo::Midpoint,
            _ => return Err(invalid(Field::Peg)),
        };
        Ok(Some((to, self.peg_offset.unwrap_or(0))))
    }

    fn post_only(&self, usual: PostOnly) -> Result<Option<PostOnly>, Fault> {
        match self.post_only {
            None => Ok(None),
            Some(b'P') => Ok(Some(usual)),
            Some(b'N') => Ok(Some(PostOnly::Off)),
            Some(_) => Err(invalid(Field::PostOnly)),
        }
    }

    /// How long it lives.
    fn life(&mut self, code: u8, ts_ns: TsNs) -> Result<Life, Fault> {
        let life = match (code, self.expire_time_s) {
            (b'6', Some(seconds @ 1..EXPIRE_TIME_S_END)) => {
                self.echo.numbers[LIFE] = seconds;
                return Ok(Life::Until(end_of_life(ts_ns, seconds)));
            }
            (b'6', _) | (_, Some(1..)) => return Err(invalid(Field::ExpireTime)),
            (b'0' | b'5', _) => Life::Day,
            (b'3', _) => Life::Ioc,
            _ => return Err(invalid(Field::TimeInForce)),
        };
        Ok(life)
    }

    /// What others see, and whether they see whose it is.
    fn display(&self, code: u8) -> Result<Display, Fault> {
        match (code, self.max_floor) {
            (b'Y' | b'A', None | Some(0)) => Ok(Display::Displayed),
            (b'Y' | b'A', Some(displayed)) => Ok(Display::Reserve { displayed }),
            (b'N', None | Some(0)) => Ok(Display::Hidden),
            (b'N', Some(_)) => Err(invalid(Field::MaxFloor)),
            _ => Err(invalid(Field::Display)),
        }
    }
}

/// A limit, or none for a price that means "market".
fn limit_of(price_e4: u64) -> Result<Option<Ticks>, Fault> {
    match price_e4 {
        MARKET_PRICE_E4 | MARKET_PRICE_ALSO_E4 => Ok(None),
        1..=PRICE_E4_MAX => Ok(Some(price_e4.cast_signed())),
        _ => Err(fault(RejectReason::PriceInvalid, Field::Price)),
    }
}

fn check_quantity(quantity: u32) -> Result<Lots, Fault> {
    match quantity {
        1..=QUANTITY_MAX => Ok(Lots::from(quantity)),
        _ => Err(fault(RejectReason::QtyInvalid, Field::Quantity)),
    }
}

fn check_sweep(letter: u8) -> Result<(), Fault> {
    if matches!(letter, b'Y' | b'N') { Ok(()) } else { Err(invalid(Field::Sweep)) }
}

/// A new order.
fn enter<S: Symbols>(
    view: View<'_, EnterOrderRequest>,
    setting: &Setting<'_, S>,
) -> Result<Ask, Refusal> {
    let asked = view.read();
    let mut terms = Terms::read(view.appendage(), EnterOrderRequest::TAGS);
    let name = named(terms.channel, asked.user_ref_num);
    let cl_ord_id = name_text(&asked.cl_ord_id);
    let request = request_of(&asked, &mut terms, setting).map_err(|fault| Refusal::Request {
        name,
        cl_ord_id,
        fault,
    })?;
    let letters = &mut terms.echo.letters;
    letters[letter::TIME_IN_FORCE] = asked.time_in_force;
    letters[letter::DISPLAY] = asked.display;
    letters[letter::CAPACITY] = asked.capacity;
    letters[letter::SWEEP] = asked.sweep_eligibility;
    letters[letter::CROSS] = asked.cross_type;
    Ok(Ask::Enter(Entering {
        name,
        cl_ord_id,
        firm: terms.firm.unwrap_or(*b"    "),
        side: asked.side,
        is_attributed: asked.display == b'A',
        group: terms.group,
        echo: terms.echo,
        request,
    }))
}

/// The order of a new order.
fn request_of<S: Symbols>(
    asked: &EnterOrderRequest,
    terms: &mut Terms,
    setting: &Setting<'_, S>,
) -> Result<OrderRequest, Fault> {
    let side = side_of(asked.side)?;
    let qty = check_quantity(asked.quantity)?;
    let instrument = setting.symbols.find(trimmed(&asked.symbol));
    let instrument = instrument.ok_or(fault(RejectReason::InstrumentUnknown, Field::Symbol))?;
    check_capacity(asked.capacity)?;
    check_sweep(asked.sweep_eligibility)?;
    if let Some(fault) = terms.fault {
        return Err(fault);
    }
    let auction = match asked.cross_type {
        b'N' => Auction::None,
        b'O' => Auction::Open,
        b'C' => Auction::Close,
        _ => return Err(invalid(Field::CrossType)),
    };
    let peg = terms.peg()?;
    let pricing = match (peg, asked.price_e4) {
        (Some((to, offset)), 0) => Pricing::Peg { to, offset, limit: None },
        (Some((to, offset)), price) => Pricing::Peg { to, offset, limit: limit_of(price)? },
        (None, price) => limit_of(price)?.map_or(Pricing::Market, Pricing::Limit),
    };
    let life = terms.life(asked.time_in_force, setting.ts_ns)?;
    let (life, condition) = sized(life, terms.minimum.unwrap_or(0), qty, auction)?;
    let request = OrderRequest {
        client: 0,
        owner: 0,
        instrument,
        side,
        qty,
        pricing,
        stop: None,
        display: terms.display(asked.display)?,
        size: condition,
        post_only: terms.post_only(setting.post_only)?.unwrap_or(PostOnly::Off),
        life,
        auction,
        stp: terms.stp(setting.stp)?,
    };
    check_parts(&request)?;
    Ok(request)
}

/// An order in place of another.
fn replace<S: Symbols>(
    view: View<'_, ReplaceOrderRequest>,
    setting: &Setting<'_, S>,
) -> Result<Ask, Refusal> {
    let asked = view.read();
    let mut terms = Terms::read(view.appendage(), ReplaceOrderRequest::TAGS);
    let original = named(terms.channel, asked.original_user_ref_num);
    let name = named(terms.channel, asked.user_ref_num);
    let cl_ord_id = name_text(&asked.cl_ord_id);
    let change = change_of(&asked, &mut terms, setting).map_err(|fault| Refusal::Replace {
        original,
        name,
        cl_ord_id,
        keeps_original: false,
        fault,
    })?;
    let letters = &mut terms.echo.letters;
    letters[letter::TIME_IN_FORCE] = asked.time_in_force;
    letters[letter::DISPLAY] = asked.display;
    letters[letter::SWEEP] = asked.sweep_eligibility;
    let echo = terms.echo;
    Ok(Ask::Replace(Replacing::in_ouch(original, name, cl_ord_id, echo, change)))
}

/// What a replacement changes.
fn change_of<S>(
    asked: &ReplaceOrderRequest,
    terms: &mut Terms,
    setting: &Setting<'_, S>,
) -> Result<Change, Fault> {
    let qty = check_quantity(asked.quantity)?;
    check_sweep(asked.sweep_eligibility)?;
    if let Some(fault) = terms.fault {
        return Err(fault);
    }
    let peg = terms.peg()?;
    let price = match (peg, asked.price_e4) {
        (Some(_), 0) => None,
        (_, price) => limit_of(price)?,
    };
    let life = terms.life(asked.time_in_force, setting.ts_ns)?;
    Ok(Change {
        qty,
        price,
        is_market: price.is_none(),
        peg,
        life: Some(life),
        stop: None,
        display: Some(terms.display(asked.display)?),
        size: terms.minimum.map(|minimum| SizeCondition::of(qty, minimum, false)),
        post_only: terms.post_only(setting.post_only)?,
    })
}

/// Many orders to be cancelled.
fn mass_cancel<S: Symbols>(
    view: View<'_, MassCancelRequest>,
    setting: &Setting<'_, S>,
) -> Result<Ask, Refusal> {
    let (asked, appendage) = (view.read(), view.appendage());
    let channel = appendage.user_ref_index();
    let name = named(channel.unwrap_or(0), asked.user_ref_num);
    let refused = |fault| Refusal::Request { name, cl_ord_id: [b' '; NAME_BYTES], fault };
    let instrument = match trimmed(&asked.symbol) {
        [] => None,
        symbol => Some(
            setting
                .symbols
                .find(symbol)
                .ok_or_else(|| refused(fault(RejectReason::InstrumentUnknown, Field::Symbol)))?,
        ),
    };
    let side = appendage.side();
    if side.is_some_and(|letter| !is_side(letter)) {
        return Err(refused(invalid(Field::Side)));
    }
    let group = appendage.group_id().filter(|&group| group != 0);
    Ok(Ask::MassCancel(MassCancelling { name, firm: asked.firm, instrument, side, group, channel }))
}
