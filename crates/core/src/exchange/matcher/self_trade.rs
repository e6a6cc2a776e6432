// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Self-trade prevention: what happens instead of a trade. The resting order's reports come first.

use super::matching::{Incoming, drop_remainder};
use super::seat::Seat;
use super::{Canceled, Matcher, Policy, Prevented, Record, Reports, Standing};
use crate::book::OrderView;
use crate::events::{CancelReason, StpMode};
use crate::exchange::market::StpScope;

/// An order's self-trade prevention as the flags of its record.
pub(super) const fn flags_of(mode: StpMode, scope: StpScope) -> u32 {
    match (mode, scope) {
        (StpMode::Off, _) => 0,
        (StpMode::CancelNewest, StpScope::Port) => Record::STP,
        (mode, StpScope::Port) => (mode.raw() as u32) << Record::STP_SHIFT,
        (mode, StpScope::Firm) => (mode.raw() as u32) << Record::STP_SHIFT | Record::STP_FIRM,
    }
}

/// The mode that flags say.
pub(super) fn mode_of(flags: u32) -> StpMode {
    if flags & Record::STP != 0 {
        return StpMode::CancelNewest;
    }
    let raw = ((flags & Record::STP_MODES) >> Record::STP_SHIFT) as u8;
    StpMode::from_raw(raw).unwrap_or(StpMode::Off)
}

impl<P: Policy> Matcher<P> {
    /// The firm that an owner belongs to, for self-trade prevention by firm; 0 for none. False when
    /// the owner is above `owners_max`.
    pub fn set_firm(&mut self, owner: u32, firm: u32) -> bool {
        let place = self.firms.get_mut(owner as usize);
        place.map(|place| *place = firm).is_some()
    }

    /// What an incoming order does where it meets one of `owner`: off where they may trade.
    pub(super) fn stp_with(&self, incoming: &Incoming, owner: u32) -> StpMode {
        let mode = mode_of(incoming.flags);
        if mode == StpMode::Off || owner == incoming.owner {
            return mode;
        }
        let firm = |owner: u32| self.firms.get(owner as usize).copied().unwrap_or(0);
        let is_by_firm = incoming.flags & Record::STP_FIRM != 0;
        let is_own = is_by_firm && firm(owner) != 0 && firm(owner) == firm(incoming.owner);
        if is_own { mode } else { StpMode::Off }
    }

    /// Acts, where the incoming order must not trade with a resting one; false where it may.
    #[inline]
    pub(super) fn keeps_apart(
        &mut self,
        seat: Seat,
        maker: &Standing,
        incoming: &mut Incoming,
        out: &mut impl Reports,
    ) -> bool {
        let mode = self.stp_with(incoming, maker.owner);
        if mode != StpMode::Off {
            self.keep_apart(seat, maker, mode, incoming, out);
        }
        mode != StpMode::Off
    }

    fn keep_apart(
        &mut self,
        seat: Seat,
        maker: &Standing,
        mode: StpMode,
        incoming: &mut Incoming,
        out: &mut impl Reports,
    ) {
        let qty = maker.leaves.min(incoming.leaves);
        let resting = prevented_resting(maker, incoming);
        let newest = prevented_incoming(incoming, maker.price, qty, maker.order_id, maker.owner);
        match mode {
            StpMode::Off => {}
            StpMode::CancelNewest => {
                out.prevented(&newest);
                drop_remainder(incoming, CancelReason::SelfTrade, out);
            }
            StpMode::CancelOldest => {
                out.prevented(&resting);
                self.cut(seat, maker.leaves, CancelReason::SelfTrade, out);
            }
            StpMode::CancelBoth => {
                out.prevented(&resting);
                self.cut(seat, maker.leaves, CancelReason::SelfTrade, out);
                out.prevented(&newest);
                drop_remainder(incoming, CancelReason::SelfTrade, out);
            }
            StpMode::Decrement => {
                out.prevented(&resting);
                self.cut(seat, qty, CancelReason::SelfTrade, out);
                out.prevented(&newest);
                shrink_incoming(incoming, qty, out);
            }
        }
    }

    /// Cancels an incoming order before it would trade with a displayed order of its owner.
    #[cold]
    pub(super) fn prevent_newest(
        incoming: &mut Incoming,
        maker: &OrderView,
        out: &mut impl Reports,
    ) {
        let order_id = maker.order_ref & !Self::OWN_BIT;
        let qty = maker.qty.min(incoming.leaves);
        out.prevented(&prevented_incoming(incoming, maker.price, qty, order_id, maker.owner));
        drop_remainder(incoming, CancelReason::SelfTrade, out);
    }
}

fn prevented_resting(maker: &Standing, incoming: &Incoming) -> Prevented {
    Prevented {
        order_id: maker.order_id,
        client: maker.client,
        qty: maker.leaves.min(incoming.leaves),
        price: maker.price,
        by_order_id: incoming.order_id,
        by_owner: incoming.owner,
        owner: maker.owner,
        instrument: maker.instrument,
    }
}

const fn prevented_incoming(
    incoming: &Incoming,
    price: i64,
    qty: u64,
    by_order_id: u64,
    by_owner: u32,
) -> Prevented {
    Prevented {
        order_id: incoming.order_id,
        client: incoming.client,
        qty,
        price,
        by_order_id,
        by_owner,
        owner: incoming.owner,
        instrument: incoming.instrument,
    }
}

/// Takes `qty` off an order that never reached the book.
fn shrink_incoming(incoming: &mut Incoming, qty: u64, out: &mut impl Reports) {
    incoming.leaves -= qty;
    out.canceled(&Canceled {
        order_id: incoming.order_id,
        client: incoming.client,
        qty,
        leaves: incoming.leaves,
        displayed: 0,
        owner: incoming.owner,
        instrument: incoming.instrument,
        reason: CancelReason::SelfTrade,
        rested: false,
    });
}
