// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Trading states by scope, PT-01: the strictest of all that touch an order counts.

use super::RiskConfig;
use super::terms::Scope;
use crate::component::SnapshotError;
use crate::events::{RejectReason, RiskScope, TradingState};
use crate::hash::StateHasher;
use crate::snapshot::{read_array, read_u32, write_u32};

/// A state and the control that set it; reason 0 is a person, or nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) state: TradingState,
    pub(super) reason: u16,
}

const ACTIVE: State = State { state: TradingState::Active, reason: 0 };

/// The states of all scopes.
#[derive(Clone, Debug)]
pub(super) struct States {
    /// By the number of the [`RiskScope`], less one.
    tables: [Vec<State>; 6],
    /// How many scopes are not active: with none, nothing has to be looked at.
    restricted: u32,
}

impl States {
    pub(super) fn new(config: &RiskConfig) -> Self {
        let (instruments, strategies) = (config.instruments_max, config.strategies_max);
        let (venues, accounts) = (config.venues_max, config.accounts_max);
        let sizes = [strategies, instruments, venues, accounts, 0, instruments];
        Self { tables: sizes.map(|ids_max| vec![ACTIVE; ids_max as usize + 1]), restricted: 0 }
    }

    /// Whether every scope is active.
    #[inline]
    pub(super) const fn is_open(&self) -> bool {
        self.restricted == 0
    }

    /// The state of a scope; halted when there is no such scope.
    #[inline]
    pub(super) fn get(&self, scope: Scope) -> State {
        let halted =
            State { state: TradingState::Halted, reason: RejectReason::TradingState.raw() };
        let found = self.tables[scope.kind.raw() as usize - 1].get(scope.id as usize);
        found.copied().unwrap_or(halted)
    }

    /// The first scope that one of these controls keeps from trading freely.
    pub(super) fn first_by(&self, reasons: [u16; 2]) -> Option<Scope> {
        (1..).map_while(RiskScope::from_raw).zip(&self.tables).find_map(|(kind, table)| {
            let is_one = |place: &State| {
                place.state == TradingState::Reducing && reasons.contains(&place.reason)
            };
            table.iter().position(is_one).map(|id| Scope::new(kind, id as u32))
        })
    }

    /// Sets the state of a scope; false when there is no such scope.
    pub(super) fn set(&mut self, scope: Scope, state: TradingState, reason: u16) -> bool {
        let id = if scope.kind == RiskScope::Firm { 0 } else { scope.id };
        let Some(place) = self.tables[scope.kind.raw() as usize - 1].get_mut(id as usize) else {
            return false;
        };
        self.restricted -= u32::from(place.state != TradingState::Active);
        self.restricted += u32::from(state != TradingState::Active);
        *place = if state == TradingState::Active { ACTIVE } else { State { state, reason } };
        true
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        for (kind, table) in self.tables.iter().enumerate() {
            for (id, place) in table.iter().enumerate().filter(|(_, place)| **place != ACTIVE) {
                hasher.word((kind as u64) << 32 | id as u64);
                hasher.word(u64::from(place.state.raw()) << 16 | u64::from(place.reason));
            }
        }
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        for table in &self.tables {
            let used = table.iter().enumerate().filter(|(_, place)| **place != ACTIVE);
            write_u32(out, used.clone().count() as u32);
            for (id, place) in used {
                write_u32(out, id as u32);
                out.push(place.state.raw());
                out.extend_from_slice(&place.reason.to_le_bytes());
            }
        }
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let wrong = SnapshotError::Invalid { what: "risk: a trading state" };
        self.restricted = 0;
        for table in &mut self.tables {
            table.fill(ACTIVE);
            for _ in 0..read_u32(bytes)? {
                let place = table.get_mut(read_u32(bytes)? as usize).ok_or(wrong)?;
                let [state] = read_array(bytes)?;
                let state = TradingState::from_raw(state).ok_or(wrong)?;
                *place = State { state, reason: u16::from_le_bytes(read_array(bytes)?) };
                self.restricted += 1;
            }
        }
        Ok(())
    }
}
