// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The limits in force, by scope. A scope's own value stands instead of the default of its kind.

use super::terms::Scope;
use super::{RiskConfig, table};
use crate::component::SnapshotError;
use crate::events::{Limit, RiskScope};
use crate::hash::StateHasher;
use crate::snapshot::{read_i64, read_u32, read_u64, write_i64, write_u32, write_u64};

/// Number of kinds of limit; the schema's values run from 1 to this.
pub(super) const LIMITS: usize = 48;
/// Those that every state names; of the others only the ones that were set are in it.
const ALWAYS_SAVED: usize = 43;
/// Stands for a limit that is not set; limits are never negative.
pub(super) const MISSING: i64 = -1;

const fn bit(limit: Limit) -> u64 {
    1 << (limit.raw() - 1)
}

/// The limits of one scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Bit n: the limit n + 1 is in force here.
    set: u64,
    /// Bit n: it is the scope's own, not the default of its kind.
    own: u64,
    values: [i64; LIMITS],
}

impl Default for Row {
    fn default() -> Self {
        Self { set: 0, own: 0, values: [MISSING; LIMITS] }
    }
}

impl Row {
    /// A limit in force.
    #[inline]
    pub(super) const fn get(&self, limit: Limit) -> Option<i64> {
        if self.set & bit(limit) == 0 {
            return None;
        }
        Some(self.values[limit.raw() as usize - 1])
    }

    /// A limit, or what stands for one that is not set.
    #[inline]
    pub(super) fn or(&self, limit: Limit, value: i64) -> i64 {
        self.get(limit).unwrap_or(value)
    }

    /// Whether a limit is the scope's own, and not the default of its kind.
    pub(super) const fn is_own(&self, limit: Limit) -> bool {
        self.own & bit(limit) != 0
    }

    /// Whether any of these limits is in force.
    #[inline]
    pub(super) const fn any(&self, mask: u64) -> bool {
        self.set & mask != 0
    }

    /// Whether a limit in force has just this value.
    pub(super) fn has(&self, value: i64) -> bool {
        self.values.contains(&value)
    }

    /// The first of these limits that is not in force.
    #[inline]
    pub(super) const fn first_missing(&self, mask: u64) -> Option<u8> {
        let missing = mask & !self.set;
        if missing == 0 { None } else { Some(missing.trailing_zeros() as u8 + 1) }
    }

    fn set(&mut self, limit: Limit, value: i64) {
        self.values[limit.raw() as usize - 1] = value.max(MISSING);
        self.set &= !bit(limit);
        if value >= 0 {
            self.set |= bit(limit);
        }
    }
}

/// The bits of some limits.
pub(super) const fn mask(limits: &[Limit]) -> u64 {
    let (mut found, mut at) = (0, 0);
    while at < limits.len() {
        found |= bit(limits[at]);
        at += 1;
    }
    found
}

/// The values of a row that are in its state.
fn saved<T>(used: u64) -> impl Fn((usize, T)) -> Option<T> {
    move |(at, value)| (at < ALWAYS_SAVED || used >> at & 1 == 1).then_some(value)
}

/// The limits of one kind of scope. Row 0 is the default of all.
#[derive(Clone, Debug)]
struct Table {
    index: Vec<u32>,
    rows: Vec<Row>,
}

impl Table {
    fn new(ids_max: u32) -> Self {
        Self { index: vec![0; ids_max as usize + 1], rows: vec![Row::default()] }
    }

    #[inline]
    fn get(&self, id: u32) -> &Row {
        let row = self.index.get(id as usize).copied().unwrap_or(0);
        &self.rows[row as usize]
    }

    /// Gives the value before; `None` when there is no such id.
    fn set(&mut self, id: u32, limit: Limit, value: i64) -> Option<i64> {
        let cell = self.index.get_mut(id as usize)?;
        if id == 0 {
            let before = self.rows[0].get(limit).unwrap_or(MISSING);
            let inherits = |row: &&mut Row| row.own & bit(limit) == 0;
            self.rows.iter_mut().filter(inherits).for_each(|row| row.set(limit, value));
            return Some(before);
        }
        if *cell == 0 {
            let default = self.rows[0];
            self.rows.push(Row { own: 0, ..default });
            *cell = self.rows.len() as u32 - 1;
        }
        let default = self.rows[0].get(limit).unwrap_or(MISSING);
        let row = &mut self.rows[*cell as usize];
        let before = row.get(limit).unwrap_or(MISSING);
        row.own |= bit(limit);
        row.set(limit, value);
        if value < 0 {
            row.own &= !bit(limit);
            row.set(limit, default);
        }
        Some(before)
    }
}

/// All limits by scope.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    /// By the number of the [`RiskScope`], less one.
    tables: [Table; 6],
}

/// The limits that a scope has to have under `LimitProfile::Full`, as bits.
pub(super) const fn required(scope: RiskScope) -> u64 {
    mask(table::required(scope))
}

/// Whether a limit has to be there under `LimitProfile::Full`.
#[must_use]
pub fn is_required(limit: Limit, scope: RiskScope) -> bool {
    required(scope) & bit(limit) != 0
}

/// Whether a limit may stand at a scope.
#[must_use]
pub fn may_stand(limit: Limit, scope: RiskScope) -> bool {
    table::scopes(limit).contains(&scope)
}

impl Limits {
    pub(super) fn new(config: &RiskConfig) -> Self {
        let (instruments, strategies) = (config.instruments_max, config.strategies_max);
        let (venues, accounts) = (config.venues_max, config.accounts_max);
        let sizes = [strategies, instruments, venues, accounts, 0, instruments];
        Self { tables: sizes.map(Table::new) }
    }

    /// The limits of a scope; the default of its kind where it has none of its own.
    #[inline]
    pub(super) fn row(&self, kind: RiskScope, id: u32) -> &Row {
        self.tables[kind.raw() as usize - 1].get(id)
    }

    /// Sets a limit and gives its value before; a negative one withdraws it. `None`, with nothing
    /// changed, when it may not stand there or there is no such id.
    pub(super) fn set(&mut self, limit: Limit, scope: Scope, value: i64) -> Option<i64> {
        if !may_stand(limit, scope.kind) {
            return None;
        }
        self.tables[scope.kind.raw() as usize - 1].set(scope.id, limit, value)
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        let mut bytes = Vec::new();
        self.save(&mut bytes);
        hasher.bytes(&bytes);
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        for table in &self.tables {
            let used = table.index.iter().enumerate().filter(|&(id, &row)| id == 0 || row != 0);
            write_u32(out, used.clone().count() as u32);
            for (id, &row) in used {
                write_u32(out, id as u32);
                let Row { set, own, values } = table.rows[row as usize];
                write_u64(out, set);
                write_u64(out, own);
                for value in values.into_iter().enumerate().filter_map(saved(set | own)) {
                    write_i64(out, value);
                }
            }
        }
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let wrong = SnapshotError::Invalid { what: "risk: a limit's scope" };
        for table in &mut self.tables {
            table.index.fill(0);
            table.rows.clear();
            for row in 0..read_u32(bytes)? {
                let id = read_u32(bytes)?;
                *table.index.get_mut(id as usize).ok_or(wrong)? = row;
                let (set, own) = (read_u64(bytes)?, read_u64(bytes)?);
                let mut values = [MISSING; LIMITS];
                for value in values.iter_mut().enumerate().filter_map(saved(set | own)) {
                    *value = read_i64(bytes)?;
                }
                table.rows.push(Row { set, own, values });
            }
            if table.rows.is_empty() {
                return Err(wrong);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_keeps_its_own_value_and_takes_the_default_of_its_kind_else() {
        let mut limits = Limits::new(&RiskConfig::new(4, 4, 16));
        let strategy = |id| Scope::new(RiskScope::Strategy, id);
        let value = |limits: &Limits, id| limits.row(RiskScope::Strategy, id).get(Limit::LossMax);
        assert_eq!(limits.set(Limit::LossMax, strategy(2), 7), Some(MISSING));
        assert_eq!(limits.set(Limit::LossMax, strategy(0), 100), Some(MISSING));
        assert_eq!([1, 2].map(|id| value(&limits, id)), [Some(100), Some(7)]);
        assert_eq!(limits.set(Limit::LossMax, strategy(0), 90), Some(100));
        assert_eq!([1, 2].map(|id| value(&limits, id)), [Some(90), Some(7)]);
        assert_eq!(limits.set(Limit::LossMax, strategy(2), -3), Some(7));
        assert_eq!(value(&limits, 2), Some(90), "its own is withdrawn: the default again");
        assert_eq!(limits.set(Limit::LossMax, strategy(5), 1), None, "there is no fifth");
        assert_eq!(limits.set(Limit::Capital, strategy(1), 1), None, "an account's");
    }

    #[test]
    fn a_snapshot_brings_them_back() {
        let mut limits = Limits::new(&RiskConfig::new(4, 4, 16));
        limits.set(Limit::LossMax, Scope::new(RiskScope::Strategy, 2), 7);
        limits.set(Limit::SelfTradeBarred, Scope::FIRM, 1);
        let mut bytes = Vec::new();
        limits.save(&mut bytes);
        let mut copy = Limits::new(&RiskConfig::new(4, 4, 16));
        copy.restore(&mut bytes.as_slice()).unwrap();
        let mut again = Vec::new();
        copy.save(&mut again);
        assert_eq!(bytes, again);
        assert_eq!(copy.row(RiskScope::Strategy, 2).get(Limit::LossMax), Some(7));
        assert!(copy.restore(&mut &bytes[..9]).is_err());
    }
}
