// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What is asked of an order: prices, sizes, times, and how it is to be executed.

use super::super::{Echo, Fault, Field, Setting};
use super::fields::Said;
use crate::events::{RejectReason, StpMode};
use crate::exchange::market::{
    Auction, Display, Life, PegTo, PostOnly, Pricing, SelfTrade, SizeCondition, StpScope,
};
use crate::types::{Lots, SECOND_NS, Ticks, TsNs};
use crate::wire::fix::{Fault as FieldFault, Reason, parse_time, tag};

/// A tick, 0.0001, in 10^-9.
const TICK_E9: u64 = 100_000;
/// A lot, 1, in 10^-9.
const LOT_E9: u64 = 1_000_000_000;
/// Bytes of an account that are echoed: the first letters of an [`Echo`].
pub(super) const ACCOUNT_BYTES: usize = 12;
/// Place of the capacity's letter in an [`Echo`].
pub(super) const CAPACITY: usize = 12;
/// Seconds of a day.
const DAY_S: i64 = 86_400;

/// What is asked of a new order and of a replacement alike.
pub(super) struct Terms {
    pub(super) side: u8,
    pub(super) qty: Lots,
    pub(super) pricing: Pricing,
    pub(super) stop: Option<Ticks>,
    pub(super) display: Option<Display>,
    pub(super) size: Option<SizeCondition>,
    pub(super) post_only: Option<PostOnly>,
    pub(super) life: Option<Life>,
    pub(super) auction: Auction,
    pub(super) stp: Option<SelfTrade>,
    pub(super) echo: Echo,
}

/// What execution instructions say. Source: FIX field 18.
#[derive(Clone, Copy, Default)]
struct Instructions {
    peg: Option<PegTo>,
    is_all: bool,
    post_only: Option<PostOnly>,
}

pub(super) const fn invalid(field: Field) -> Fault {
    Fault { reason: RejectReason::FieldInvalid, field }
}

pub(super) const fn bad_price(field: Field) -> Fault {
    Fault { reason: RejectReason::PriceInvalid, field }
}

/// A field's value that cannot be read, or one that our market does not take.
pub(super) enum Wrong {
    Field(FieldFault),
    Value(Fault),
}

impl From<FieldFault> for Wrong {
    fn from(fault: FieldFault) -> Self {
        Self::Field(fault)
    }
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Self {
        Self::Value(fault)
    }
}

impl Terms {
    pub(super) fn read<S>(said: &Said<'_>, setting: &Setting<'_, S>) -> Result<Self, Wrong> {
        let transact = said.needed(tag::TRANSACT_TIME)?;
        let wrong = FieldFault { tag: tag::TRANSACT_TIME, reason: Reason::IncorrectFormat };
        parse_time(transact).ok_or(wrong)?;
        let side = side_of(said.needed(tag::SIDE)?).ok_or(invalid(Field::Side))?;
        said.needed(tag::ORDER_QTY)?;
        let qty = lots(said, tag::ORDER_QTY, Field::Quantity)?.unwrap_or(0);
        let instructions = instructions(said)?;
        let (pricing, stop) = pricing(said, side, instructions.peg)?;
        let (life, auction) = life(said, setting)?;
        let minimum = lots(said, tag::MIN_QTY, Field::MinimumQuantity)?;
        let condition = match (minimum, instructions.is_all) {
            (None, false) => None,
            (minimum, is_all) => Some(SizeCondition::of(qty, minimum.unwrap_or(0), is_all)),
        };
        Ok(Self {
            side,
            qty,
            pricing,
            stop,
            display: display(said)?,
            size: condition,
            post_only: instructions.post_only,
            life,
            auction,
            stp: self_trade(said, setting.stp)?,
            echo: echo(said)?,
        })
    }
}

/// Side as other wires say it.
pub(super) const fn side_of(side: &[u8]) -> Option<u8> {
    match side {
        b"1" => Some(b'B'),
        b"2" => Some(b'S'),
        b"5" => Some(b'T'),
        b"6" => Some(b'E'),
        _ => None,
    }
}

/// A quantity; what is not a whole number above or at 0 is refused.
fn lots(said: &Said<'_>, tag: u32, field: Field) -> Result<Option<Lots>, Wrong> {
    let wrong = Fault { reason: RejectReason::QtyInvalid, field };
    match said.decimal(tag, LOT_E9)? {
        None => Ok(None),
        Some(Ok(qty)) => Lots::try_from(qty).map(Some).map_err(|_| wrong.into()),
        Some(Err(())) => Err(wrong.into()),
    }
}

/// A price; one that is not a whole number of ticks is refused.
fn ticks(said: &Said<'_>, tag: u32, field: Field) -> Result<Option<Ticks>, Wrong> {
    match said.decimal(tag, TICK_E9)? {
        None => Ok(None),
        Some(Ok(price)) => Ok(Some(price)),
        Some(Err(())) => Err(bad_price(field).into()),
    }
}

/// How to execute.
fn instructions(said: &Said<'_>) -> Result<Instructions, Wrong> {
    let mut found = Instructions::default();
    for word in said.get(tag::EXEC_INST).unwrap_or_default().split(|&byte| byte == b' ') {
        let peg = match word {
            b"6" => {
                found.post_only = Some(PostOnly::Reject);
                continue;
            }
            b"G" => {
                found.is_all = true;
                continue;
            }
            b"" | b"5" => continue,
            b"R" => PegTo::Primary,
            b"P" => PegTo::Market,
            b"M" => PegTo::Midpoint,
            _ => return Err(invalid(Field::Handling).into()),
        };
        if found.peg.replace(peg).is_some() {
            return Err(invalid(Field::Peg).into());
        }
    }
    found.post_only = match said.get(tag::POST_ONLY_MODE) {
        None => found.post_only,
        Some(b"R") => Some(PostOnly::Reject),
        Some(b"S") => Some(PostOnly::Slide),
        Some(_) => return Err(invalid(Field::PostOnly).into()),
    };
    let by_type = match said.get(tag::PEG_PRICE_TYPE) {
        None => None,
        Some(b"2") => Some(PegTo::Midpoint),
        Some(b"4") => Some(PegTo::Market),
        Some(b"5") => Some(PegTo::Primary),
        Some(_) => return Err(invalid(Field::Peg).into()),
    };
    found.peg = match (found.peg, by_type) {
        (Some(by_letter), Some(by_type)) if by_letter != by_type => {
            return Err(invalid(Field::Peg).into());
        }
        (by_letter, by_type) => by_letter.or(by_type),
    };
    Ok(found)
}

/// Price and stop price.
fn pricing(
    said: &Said<'_>,
    side: u8,
    peg: Option<PegTo>,
) -> Result<(Pricing, Option<Ticks>), Wrong> {
    let price = ticks(said, tag::PRICE, Field::Price)?;
    let stop = ticks(said, tag::STOP_PX, Field::Stop)?;
    let offset = ticks(said, tag::PEG_OFFSET_VALUE, Field::Peg)?;
    let kind = said.needed(tag::ORD_TYPE)?;
    let is_peg = kind == b"P";
    if is_peg != peg.is_some() || offset.is_some() && !is_peg {
        return Err(invalid(Field::Peg).into());
    }
    let is_plain = |tag: u32| matches!(said.get(tag), None | Some(b"0"));
    if !is_plain(tag::PEG_OFFSET_TYPE) || !is_plain(tag::PEG_MOVE_TYPE) {
        return Err(invalid(Field::Peg).into());
    }
    let needs_stop = matches!(kind, b"3" | b"4");
    if needs_stop != stop.is_some() {
        return Err(invalid(Field::Stop).into());
    }
    let pricing = match (kind, peg) {
        (b"2" | b"4", _) => Pricing::Limit(price.ok_or(invalid(Field::Price))?),
        (b"1" | b"3", _) if price.is_none() => Pricing::Market,
        (b"P", Some(to)) => {
            // The standard adds the offset; ours counts towards the other side.
            let added = offset.unwrap_or(0);
            let offset = if side == b'B' { added } else { added.saturating_neg() };
            Pricing::Peg { to, offset, limit: price }
        }
        _ => return Err(invalid(Field::Price).into()),
    };
    Ok((pricing, stop))
}

/// How long it lives, and which auction it is for; nothing said is nothing changed.
fn life<S>(said: &Said<'_>, setting: &Setting<'_, S>) -> Result<(Option<Life>, Auction), Wrong> {
    let ends = match (said.get(tag::EXPIRE_TIME), said.get(tag::EXPIRE_DATE)) {
        (None, None) => None,
        (Some(text), _) => {
            let tag = tag::EXPIRE_TIME;
            let wrong = FieldFault { tag, reason: Reason::IncorrectFormat };
            Some(parse_time(text).ok_or(wrong)?)
        }
        (None, Some(date)) => {
            let tag = tag::EXPIRE_DATE;
            let wrong = FieldFault { tag, reason: Reason::IncorrectFormat };
            Some(end_of(date).ok_or(wrong)?)
        }
    };
    let code = said.letter(tag::TIME_IN_FORCE)?;
    if ends.is_some() && code != Some(b'6') {
        return Err(invalid(Field::ExpireTime).into());
    }
    let life = match code {
        None => return Ok((None, Auction::None)),
        Some(b'0') => Life::Day,
        Some(b'1') => Life::Gtc,
        Some(b'2') => return Ok((Some(Life::Day), Auction::Open)),
        Some(b'3') => Life::Ioc,
        Some(b'4') => Life::Fok,
        Some(b'6') => match ends {
            Some(ends) if ends > setting.ts_ns => Life::Until(ends),
            _ => return Err(invalid(Field::ExpireTime).into()),
        },
        Some(b'7') => return Ok((Some(Life::Day), Auction::Close)),
        Some(_) => return Err(invalid(Field::TimeInForce).into()),
    };
    Ok((Some(life), Auction::None))
}

/// The end of a day in UTC: `20260102`.
fn end_of(date: &[u8]) -> Option<TsNs> {
    let mut text = *b"00000000-00:00:00";
    text[..8].copy_from_slice(date.first_chunk::<8>().filter(|_| date.len() == 8)?);
    parse_time(&text)?.checked_add(DAY_S * SECOND_NS)
}

/// How much others see.
fn display(said: &Said<'_>) -> Result<Option<Display>, Wrong> {
    let floor = lots(said, tag::MAX_FLOOR, Field::MaxFloor)?;
    let shown = match (floor, lots(said, tag::DISPLAY_QTY, Field::MaxFloor)?) {
        (Some(_), Some(_)) => return Err(invalid(Field::MaxFloor).into()),
        (floor, shown) => floor.or(shown),
    };
    match (said.letter(tag::DISPLAY_METHOD)?, shown) {
        (None | Some(b'1'), None) => Ok(None),
        (None | Some(b'1'), Some(displayed @ 1..)) => Ok(Some(Display::Reserve { displayed })),
        (None, Some(0)) | (Some(b'4'), None | Some(0)) => Ok(Some(Display::Hidden)),
        _ => Err(invalid(Field::Display).into()),
    }
}

/// Self-trade prevention, when the message says.
fn self_trade(said: &Said<'_>, default: SelfTrade) -> Result<Option<SelfTrade>, Wrong> {
    let wrong = invalid(Field::SelfTrade);
    let scope = match said.get(tag::SELF_TRADE_SCOPE) {
        None => default.scope,
        Some(b"F") => StpScope::Firm,
        Some(b"P") => StpScope::Port,
        Some(_) => return Err(wrong.into()),
    };
    let mode = match said.get(tag::SELF_MATCH_PREVENTION_INSTRUCTION) {
        None => return Ok(None),
        Some(b"0") => StpMode::Off,
        Some(b"1") => StpMode::CancelNewest,
        Some(b"2") => StpMode::CancelOldest,
        Some(b"3") => StpMode::CancelBoth,
        Some(b"4") => StpMode::Decrement,
        Some(_) => return Err(wrong.into()),
    };
    Ok(Some(SelfTrade { mode, scope }))
}

/// What is given back in every report.
fn echo(said: &Said<'_>) -> Result<Echo, Wrong> {
    let mut echo = Echo::default();
    if let Some(account) = said.get(tag::ACCOUNT) {
        if account.len() > ACCOUNT_BYTES || !account.iter().all(u8::is_ascii_graphic) {
            return Err(invalid(Field::Firm).into());
        }
        echo.letters[..ACCOUNT_BYTES].fill(b' ');
        echo.letters[..account.len()].copy_from_slice(account);
    }
    if let Some(capacity) = said.letter(tag::ORDER_CAPACITY)? {
        if !b"AGIPRW".contains(&capacity) {
            return Err(invalid(Field::Capacity).into());
        }
        echo.letters[CAPACITY] = capacity;
    }
    Ok(echo)
}
