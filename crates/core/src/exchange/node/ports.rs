// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Firms and ports: who may do what, how often, and whether they may still do it.
//!
//! The controls are those a venue must have (Commission Delegated Regulation (EU) 2017/584, article
//! 18 to 20): order size and value, price collar, rate, repeated orders, kill by port, firm, market.

use super::connections::Awaited;
use super::fix;
use crate::component::{Snapshot, SnapshotError};
use crate::events::{FirmDefined, OrderFormat, PortDefined, PortKind, RejectReason, Side, StpMode};
use crate::exchange::gateway::fix::FixPort;
use crate::exchange::market::{PostOnly, SelfTrade, StpScope};
use crate::hash::mix;
use crate::risk::{RateWindow, Refusal};
use crate::snapshot::{read_array, read_i64, read_u8, read_u32, read_u64, write_i64, write_u8};
use crate::snapshot::{write_u32, write_u64};
use crate::types::{InstrumentId, Lots, SECOND_NS, Ticks, TsNs, notional};

/// A member of the exchange.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Firm {
    pub(super) mpid: [u8; 4],
    /// By an operator.
    pub(super) blocked: bool,
    /// By the firm itself.
    pub(super) closed: bool,
    pub(super) defined: bool,
}

/// How many orders back a repeated order is noticed.
const RECENT: usize = 16;
/// Channels of a port that number their orders apart (OUCH 5.0, `UserRefIdx`).
const CHANNELS: usize = 256;

/// A port: one client connection's rights and limits, and what they have used.
#[derive(Clone, Debug)]
pub(super) struct Port {
    pub(super) definition: PortDefined,
    /// As its definition says; `None` for a protocol that there is not.
    pub(super) manner: Option<Manner>,
    pub(super) username: Vec<u8>,
    pub(super) mpid: [u8; 4],
    pub(super) connected: bool,
    pub(super) blocked: bool,
    /// Whether its client is waited for.
    pub(super) awaited: Awaited,
    /// Live orders.
    pub(super) live: u32,
    /// The last number a client gave, by channel.
    pub(super) numbers: Vec<u32>,
    /// How many text names it has used: the numbers its orders have in the journal.
    pub(super) texts: u64,
    /// Its session, if it speaks FIX.
    pub(super) fix: Option<FixPort>,
    orders: RateWindow,
    cancels: RateWindow,
    recent: [(u64, TsNs); RECENT],
    recent_next: usize,
}

/// How a port speaks, and what its orders mean where they do not say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    pub(super) format: OrderFormat,
    pub(super) stp: SelfTrade,
    /// What becomes of post-only orders that would take.
    pub(super) post_only: PostOnly,
}

impl Manner {
    fn of(port: &PortDefined) -> Option<Self> {
        let scope = if port.stp_by_port != 0 { StpScope::Port } else { StpScope::Firm };
        let mode = StpMode::from_raw(port.stp_mode).unwrap_or(StpMode::Off);
        let rejects = port.post_only_rejects != 0;
        Some(Self {
            format: OrderFormat::from_raw(port.format)?,
            stp: SelfTrade { mode, scope },
            post_only: if rejects { PostOnly::Reject } else { PostOnly::Slide },
        })
    }

    pub(super) const fn is_fix(self) -> bool {
        matches!(self.format, OrderFormat::Fix44 | OrderFormat::Fix50sp2)
    }
}

/// A new order or a replacement, as the controls see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Proposed {
    pub(super) instrument: InstrumentId,
    pub(super) side: Side,
    /// `None` for a market order or a peg without a limit.
    pub(super) price: Option<Ticks>,
    pub(super) qty: Lots,
    /// Last trade, else the configured reference.
    pub(super) reference: Option<Ticks>,
    /// Best opposite price, of an order without a limit.
    pub(super) opposite: Option<Ticks>,
    /// Stop price, of an order without a limit that has one.
    pub(super) stop: Option<Ticks>,
    /// Whether it is a market order that would trade at once.
    pub(super) takes: bool,
    /// Whether it takes the place of a live order.
    pub(super) replaces: bool,
}

const fn refusal(reason: RejectReason, value: i64, bound: i64) -> Refusal {
    Refusal { reason, value, bound }
}

impl Proposed {
    /// The price that its value is measured at: its limit; without one the best opposite price, else
    /// the reference, and its stop price where that is worth more.
    fn measured(&self) -> Option<Ticks> {
        self.price.or_else(|| self.opposite.or(self.reference).max(self.stop))
    }

    /// The price that the collar holds: its limit, or where a market order would begin to trade.
    fn held(&self) -> Option<Ticks> {
        self.price.or(self.opposite.filter(|_| self.takes))
    }
}

impl Port {
    pub(super) fn new(definition: PortDefined, username: &[u8], mpid: [u8; 4]) -> Self {
        let mut port = Self {
            definition,
            manner: Manner::of(&definition),
            username: username.to_vec(),
            mpid,
            connected: false,
            blocked: false,
            awaited: Awaited::No,
            live: 0,
            numbers: vec![0; CHANNELS],
            texts: 0,
            fix: fix::session(&definition, username),
            orders: RateWindow::new(),
            cancels: RateWindow::new(),
            recent: [(0, TsNs::MIN / 2); RECENT],
            recent_next: 0,
        };
        port.orders.resize(i64::from(definition.orders_per_second_max));
        port.cancels.resize(i64::from(definition.cancels_per_second_max));
        port
    }

    /// Takes up changed rights and limits; what was used stays used.
    pub(super) fn redefine(&mut self, definition: PortDefined) {
        (self.definition, self.manner) = (definition, Manner::of(&definition));
        self.orders.resize(i64::from(definition.orders_per_second_max));
        self.cancels.resize(i64::from(definition.cancels_per_second_max));
    }

    /// Whether it may enter orders at all.
    pub(super) fn enters(&self) -> bool {
        self.definition.kind == PortKind::OrderEntry.raw()
    }

    /// Whether a number is new on its channel; then it is the last. An old one is a message sent
    /// again, and is to be ignored. Source: OUCH 5.0, `UserRefNum`.
    pub(super) fn takes_number(&mut self, channel: u8, number: u32) -> bool {
        let last = &mut self.numbers[usize::from(channel)];
        let is_new = number > *last;
        if is_new {
            *last = number;
        }
        is_new
    }

    /// Checks an order and counts it.
    ///
    /// # Errors
    /// The first limit it breaks.
    pub(super) fn admit(&mut self, order: &Proposed, now: TsNs) -> Result<(), Refusal> {
        let limits = self.definition;
        if order.qty > limits.order_qty_max {
            let (found, bound) = (clip(order.qty), clip(limits.order_qty_max));
            return Err(refusal(RejectReason::PortOrderQty, found, bound));
        }
        self.check_worth(order)?;
        self.check_collar(order)?;
        if !order.replaces && self.live >= limits.open_orders_max {
            let bound = i64::from(limits.open_orders_max);
            return Err(refusal(RejectReason::PortOpenOrders, i64::from(self.live), bound));
        }
        self.check_repeats(order, now)?;
        if !self.orders.admit(now) {
            let bound = i64::from(limits.orders_per_second_max);
            return Err(refusal(RejectReason::PortThrottled, bound + 1, bound));
        }
        Ok(())
    }

    /// Refuses an order that is worth more than it may be, or whose worth nobody can tell.
    fn check_worth(&self, order: &Proposed) -> Result<(), Refusal> {
        let bound = clip(self.definition.order_notional_max);
        match order.measured() {
            Some(price) => {
                let worth = notional(price, order.qty).unwrap_or(i64::MAX);
                if worth > bound {
                    return Err(refusal(RejectReason::PortOrderNotional, worth, bound));
                }
                Ok(())
            }
            None if bound == i64::MAX => Ok(()),
            None => Err(refusal(RejectReason::ReferencePriceMissing, 0, 0)),
        }
    }

    /// Refuses an order that is priced too far through the reference price, or without one to tell.
    fn check_collar(&self, order: &Proposed) -> Result<(), Refusal> {
        let bps = self.definition.collar_bps;
        if bps == 0 {
            return Ok(());
        }
        let Some(reference) = order.reference else {
            return Err(refusal(RejectReason::ReferencePriceMissing, 0, 0));
        };
        let Some(price) = order.held() else { return Ok(()) };
        let through = match order.side {
            Side::Buy => price - reference,
            Side::Sell => reference - price,
        };
        let bound = i128::from(reference) * i128::from(bps) / 10_000;
        if i128::from(through) > bound {
            let bound = i64::try_from(bound).unwrap_or(i64::MAX);
            return Err(refusal(RejectReason::ReferenceCollar, through, bound));
        }
        Ok(())
    }

    /// Refuses an order that came as often within a second as it may. Replacements do not count.
    fn check_repeats(&mut self, order: &Proposed, now: TsNs) -> Result<(), Refusal> {
        let bound = usize::from(self.definition.duplicates_max);
        if bound == 0 || order.replaces {
            return Ok(());
        }
        let price = order.price.unwrap_or(Ticks::MIN).cast_unsigned();
        let place = u64::from(order.instrument) << 8 | u64::from(order.side.raw());
        let key = mix(mix(mix(place) ^ price) ^ order.qty);
        let same = |&&(known, at): &&(u64, TsNs)| known == key && now - at < SECOND_NS;
        let count = self.recent.iter().filter(same).count();
        if count >= bound {
            let (found, bound) = (count as u64 + 1, bound as u64);
            return Err(refusal(RejectReason::Duplicate, clip(found), clip(bound)));
        }
        self.recent[self.recent_next] = (key, now);
        self.recent_next = (self.recent_next + 1) % RECENT;
        Ok(())
    }

    /// Checks a reduction, or a request that names no live order, against the allowance for cancels.
    /// The whole cancel of a live order never asks.
    ///
    /// # Errors
    /// That it is used up.
    pub(super) fn admit_cancel(&mut self, now: TsNs) -> Result<(), Refusal> {
        if self.cancels.admit(now) {
            return Ok(());
        }
        let bound = i64::from(self.definition.cancels_per_second_max);
        Err(refusal(RejectReason::PortThrottled, bound + 1, bound))
    }

    /// A day began: numbers and names start again.
    pub(super) fn start_day(&mut self) {
        self.numbers.fill(0);
        self.texts = 0;
    }

    /// Appends the port.
    pub(super) fn save(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.definition.encode());
        write_u32(out, self.username.len() as u32);
        out.extend_from_slice(&self.username);
        out.extend_from_slice(&self.mpid);
        write_u8(out, u8::from(self.connected) | u8::from(self.blocked) << 1);
        self.awaited.save(out);
        write_u32(out, self.live);
        write_u64(out, self.texts);
        self.numbers.iter().for_each(|&number| write_u32(out, number));
        if let Some(session) = &self.fix {
            session.save(out);
        }
        self.orders.save_recent(out);
        self.cancels.save_recent(out);
        for (key, at) in self.recent {
            write_u64(out, key);
            write_i64(out, at);
        }
        write_u32(out, self.recent_next as u32);
    }

    /// Takes up a port that [`Self::save`] wrote.
    pub(super) fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let invalid = SnapshotError::Invalid { what: "port" };
        let definition: [u8; PortDefined::SIZE] = read_array(bytes)?;
        let definition = PortDefined::decode(&definition).ok_or(invalid)?;
        let length = read_u32(bytes)? as usize;
        let (username, rest) = bytes.split_at_checked(length).ok_or(invalid)?;
        *bytes = rest;
        let mut port = Self::new(definition, username, read_array(bytes)?);
        let flags = read_u8(bytes)?;
        (port.connected, port.blocked) = (flags & 1 != 0, flags & 2 != 0);
        port.awaited = Awaited::restore(bytes)?;
        port.live = read_u32(bytes)?;
        port.texts = read_u64(bytes)?;
        for number in &mut port.numbers {
            *number = read_u32(bytes)?;
        }
        if let Some(session) = &mut port.fix {
            session.restore(bytes)?;
        }
        port.orders.restore_recent(bytes)?;
        port.cancels.restore_recent(bytes)?;
        for place in &mut port.recent {
            *place = (read_u64(bytes)?, read_i64(bytes)?);
        }
        port.recent_next = read_u32(bytes)? as usize % RECENT;
        Ok(port)
    }
}

impl Firm {
    pub(super) fn new(definition: &FirmDefined) -> Self {
        let mut mpid = [b' '; 4];
        for (to, from) in mpid.iter_mut().zip(definition.mpid) {
            *to = if from == 0 { b' ' } else { from };
        }
        Self { mpid, blocked: false, closed: false, defined: true }
    }
}

fn clip(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
