// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The breakers' state, written down and taken up again.

use super::board::{BREAKERS, Breakers, Setting, Standing};
use super::measures::{OfPair, OfStrategy};
use crate::component::{Snapshot, SnapshotError};
use crate::events::{Breaker, BreakerAction, RiskScope};
use crate::hash::StateHasher;
use crate::numbers::NumberTable;
use crate::risk::Scope;
use crate::snapshot::{read_array, read_i64, read_u8, read_u32, write_i64, write_u8, write_u32};

const WRONG: SnapshotError = SnapshotError::Invalid { what: "a circuit breaker" };

impl Setting {
    fn save(&self, out: &mut Vec<u8>) {
        for value in [self.bound, self.window_ns, self.delay_ns, self.least] {
            write_i64(out, value);
        }
        out.extend_from_slice(&[self.action.raw(), self.warn_percent, self.throttle_percent]);
    }

    fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let (bound, window_ns) = (read_i64(bytes)?, read_i64(bytes)?);
        let (delay_ns, least) = (read_i64(bytes)?, read_i64(bytes)?);
        let [action, warn_percent, throttle_percent] = read_array(bytes)?;
        let action = BreakerAction::from_raw(action).ok_or(WRONG)?;
        Ok(Self { bound, window_ns, delay_ns, least, action, warn_percent, throttle_percent })
    }
}

impl Standing {
    fn save(&self, out: &mut Vec<u8>) {
        let kinds = [self.breaker.raw(), self.scope.kind.raw(), self.action.raw()];
        out.extend_from_slice(&kinds);
        write_u32(out, self.scope.id);
        write_i64(out, self.calm_since_ns);
        write_i64(out, self.value);
    }

    fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let [breaker, kind, action] = read_array(bytes)?;
        let kind = RiskScope::from_raw(kind).ok_or(WRONG)?;
        Ok(Self {
            breaker: Breaker::from_raw(breaker).ok_or(WRONG)?,
            scope: Scope::new(kind, read_u32(bytes)?),
            action: BreakerAction::from_raw(action).ok_or(WRONG)?,
            calm_since_ns: read_i64(bytes)?,
            value: read_i64(bytes)?,
        })
    }
}

impl Breakers {
    pub(in crate::live) fn hash_into(&self, hasher: &mut StateHasher) {
        let mut bytes = Vec::new();
        self.save(&mut bytes);
        hasher.bytes(&bytes);
    }
}

impl Snapshot for Breakers {
    fn save(&self, out: &mut Vec<u8>) {
        for setting in &self.settings {
            write_u8(out, u8::from(setting.is_some()));
            if let Some(setting) = setting {
                setting.save(out);
            }
        }
        self.strategies.iter().for_each(|strategy| strategy.save(out));
        write_u32(out, self.pairs.len() as u32);
        self.pairs.iter().for_each(|pair| pair.save(out));
        self.surroundings.save(out);
        write_u32(out, self.standing.len() as u32);
        self.standing.iter().for_each(|standing| standing.save(out));
        self.weights.iter().for_each(|&weight| write_i64(out, weight));
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        for at in 0..BREAKERS {
            let is_set = read_u8(bytes)? != 0;
            self.settings[at] = if is_set { Some(Setting::restore(bytes)?) } else { None };
        }
        for strategy in &mut self.strategies {
            *strategy = OfStrategy::restore(bytes)?;
        }
        self.pairs.clear();
        self.rows = NumberTable::new(self.pairs.capacity() as u32);
        for _ in 0..read_u32(bytes)? {
            let found = OfPair::restore(bytes)?;
            *self.pair(found.strategy, found.instrument).ok_or(WRONG)? = found;
        }
        self.surroundings.restore(bytes)?;
        self.standing.clear();
        for _ in 0..read_u32(bytes)? {
            self.standing.push(Standing::restore(bytes)?);
        }
        for weight in &mut self.weights {
            *weight = read_i64(bytes)?;
        }
        self.touched.clear();
        self.refusals.clear();
        self.cancels.clear();
        self.has_throttles = false;
        Ok(())
    }
}
