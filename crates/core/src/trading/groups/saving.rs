// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Groups in a snapshot and in a digest.

use super::{Group, Groups, LEG_ORDER_ID_FIRST, LEGS_MAX, Leg, LegTerms, Told};
use crate::component::SnapshotError;
use crate::events::{GroupKind, LegState, OrderType, StpMode, TimeInForce};
use crate::hash::StateHasher;
use crate::snapshot::{
    read_i64, read_u8, read_u32, read_u64, write_i64, write_u8, write_u32, write_u64,
};
use crate::types::Side;

const INVALID: SnapshotError = SnapshotError::Invalid { what: "groups: a group" };

/// Several yes and no in one byte, the first in the highest bit.
fn bits(flags: &[bool]) -> u8 {
    flags.iter().fold(0, |bits, &flag| bits << 1 | u8::from(flag))
}

const fn bit(bits: u8, from_right: u8) -> bool {
    bits >> from_right & 1 != 0
}

fn read_state(bytes: &mut &[u8]) -> Result<Option<LegState>, SnapshotError> {
    match read_u8(bytes)? {
        0 => Ok(None),
        raw => LegState::from_raw(raw).map(Some).ok_or(INVALID),
    }
}

fn write_state(out: &mut Vec<u8>, state: Option<LegState>) {
    write_u8(out, state.map_or(0, LegState::raw));
}

impl LegTerms {
    fn save(&self, out: &mut Vec<u8>) {
        write_i64(out, self.price);
        write_i64(out, self.stop_price);
        write_i64(out, self.trail);
        write_u64(out, self.qty);
        write_u32(out, self.instrument);
        write_u8(out, self.side.raw());
        write_u8(out, self.order_type.raw());
        write_u8(out, self.time_in_force.raw());
        write_u8(out, bits(&[self.post_only, self.hidden, self.is_held]));
    }

    fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let (price, stop_price, trail) = (read_i64(bytes)?, read_i64(bytes)?, read_i64(bytes)?);
        let (qty, instrument) = (read_u64(bytes)?, read_u32(bytes)?);
        let side = Side::from_raw(read_u8(bytes)?).ok_or(INVALID)?;
        let order_type = OrderType::from_raw(read_u8(bytes)?).ok_or(INVALID)?;
        let time_in_force = TimeInForce::from_raw(read_u8(bytes)?).ok_or(INVALID)?;
        let flags = read_u8(bytes)?;
        Ok(Self {
            price,
            stop_price,
            trail,
            qty,
            instrument,
            side,
            order_type,
            time_in_force,
            post_only: bit(flags, 2),
            hidden: bit(flags, 1),
            is_held: bit(flags, 0),
        })
    }
}

impl Told {
    fn save(&self, out: &mut Vec<u8>) {
        write_u64(out, self.qty);
        write_u64(out, self.executed);
        write_u64(out, self.over);
        write_u64(out, self.order_client_id);
        write_i64(out, self.stop_price);
        write_u8(out, u8::from(self.is_triggered));
    }

    fn restore(state: LegState, bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        Ok(Self {
            state,
            qty: read_u64(bytes)?,
            executed: read_u64(bytes)?,
            over: read_u64(bytes)?,
            order_client_id: read_u64(bytes)?,
            stop_price: read_i64(bytes)?,
            is_triggered: read_u8(bytes)? != 0,
        })
    }
}

impl Leg {
    fn flags(&self) -> u8 {
        let Self { is_triggered, is_unwanted, is_stalled, is_stuck, is_swapping, .. } = *self;
        bits(&[is_triggered, is_unwanted, is_stalled, is_stuck, is_swapping])
    }

    fn save(&self, out: &mut Vec<u8>) {
        write_u64(out, self.client_id);
        self.terms.save(out);
        write_u64(out, self.executed);
        write_i64(out, self.best);
        write_u64(out, self.order_client_id);
        write_u64(out, self.reduced.0);
        write_u64(out, self.reduced.1);
        write_u8(out, self.flags());
        write_state(out, self.end);
        write_state(out, self.told.map(|told| told.state));
        if let Some(told) = self.told {
            told.save(out);
        }
    }

    fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let leg = Self::new(read_u64(bytes)?, LegTerms::restore(bytes)?, 0);
        let (executed, best) = (read_u64(bytes)?, read_i64(bytes)?);
        let order_client_id = read_u64(bytes)?;
        let reduced = (read_u64(bytes)?, read_u64(bytes)?);
        let flags = read_u8(bytes)?;
        let end = read_state(bytes)?;
        let state = read_state(bytes)?;
        Ok(Self {
            executed,
            best,
            order_client_id,
            reduced,
            is_triggered: bit(flags, 4),
            is_unwanted: bit(flags, 3),
            is_stalled: bit(flags, 2),
            is_stuck: bit(flags, 1),
            is_swapping: bit(flags, 0),
            end,
            told: state.map(|state| Told::restore(state, bytes)).transpose()?,
            ..leg
        })
    }

    fn hash_into(&self, hasher: &mut StateHasher) {
        hasher.word(self.client_id);
        hasher.signed(self.terms.price);
        hasher.signed(self.terms.stop_price);
        hasher.word(self.executed);
        hasher.signed(self.best);
        hasher.word(self.order_client_id);
        hasher.word(self.reduced.0);
        hasher.word(self.reduced.1);
        hasher.word(u64::from(self.flags()) << 8 | self.end.map_or(0, |end| u64::from(end.raw())));
    }
}

impl Groups {
    /// Without groups it adds nothing: journals from before there were any keep their digests.
    pub(in crate::trading) fn hash_into(&self, hasher: &mut StateHasher) {
        for group in self.all() {
            hasher.word(group.id);
            hasher.word(u64::from(group.is_due));
            group.legs().for_each(|leg| leg.hash_into(hasher));
        }
        if self.last_order_id != LEG_ORDER_ID_FIRST {
            hasher.word(self.last_order_id);
        }
    }

    pub(in crate::trading) fn save(&self, out: &mut Vec<u8>) {
        write_u64(out, self.last_order_id);
        write_u32(out, self.all.len() as u32);
        for group in &self.all {
            write_u64(out, group.id);
            write_u8(out, group.kind.raw());
            write_u8(out, group.stp_mode.raw());
            write_u8(out, u8::from(group.is_due));
            write_u8(out, group.count() as u8);
            group.legs().for_each(|leg| leg.save(out));
        }
    }

    pub(in crate::trading) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.all.clear();
        self.last_order_id = read_u64(bytes)?;
        for _ in 0..read_u32(bytes)? {
            let id = read_u64(bytes)?;
            let kind = GroupKind::from_raw(read_u8(bytes)?).ok_or(INVALID)?;
            let stp_mode = StpMode::from_raw(read_u8(bytes)?).ok_or(INVALID)?;
            let is_due = read_u8(bytes)? != 0;
            let mut legs = [None; LEGS_MAX];
            let count = usize::from(read_u8(bytes)?);
            for leg in legs.get_mut(..count).ok_or(INVALID)? {
                *leg = Some(Leg::restore(bytes)?);
            }
            if !self.open(&Group { id, kind, stp_mode, legs, is_due }) {
                return Err(SnapshotError::Invalid { what: "groups: too many" });
            }
        }
        Ok(())
    }
}
