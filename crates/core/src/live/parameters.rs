// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What may be set of a strategy while it runs, and to what it was set.
//!
//! A value is eight bytes here: what they mean, the strategy's own side says. A value that a person
//! set outlives the strategy's process, and the engine's, as long as the strategy declares the
//! parameter as it did then; who changes the configured value wins over what was set before.

use super::Node;
use super::kept::{keep_all, kept, take_all};
use crate::component::SnapshotError;
use crate::events::{StrategyParameterDeclared, StrategyParameterSet};
use crate::hash::StateHasher;
use crate::trading::Callback;
use crate::types::StrategyId;

/// Parameters of one strategy that may be set while it runs.
pub const PARAMETERS_MAX: usize = 128;
/// Parameters in one change.
pub const CHANGES_MAX: usize = 64;

/// A parameter: as it was declared, and as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// How the strategy declared it, when it last began.
    pub declared: StrategyParameterDeclared,
    /// Its value now, eight bytes as its kind reads them.
    pub value: u64,
    /// Declared since the strategy last began: it may be set.
    pub is_current: bool,
}

impl Parameter {
    /// Its name, as far as it is text.
    #[must_use]
    pub fn name(&self) -> &str {
        name_of(&self.declared.name)
    }
}

kept!(Parameter { declared, value, is_current });

/// A padded name, as far as it is text.
fn name_of(padded: &[u8; 32]) -> &str {
    let length = padded.iter().position(|&byte| byte == 0).unwrap_or(padded.len());
    core::str::from_utf8(&padded[..length]).unwrap_or("?")
}

/// The parameters of all strategies.
#[derive(Debug)]
pub(super) struct Parameters {
    all: Vec<Parameter>,
    all_max: usize,
    /// The beginning of a change whose last parameter has not come.
    pending: Vec<StrategyParameterSet>,
}

impl Parameters {
    pub(super) fn new(strategies_max: u32) -> Self {
        // Parameters are few where strategies are real: room is taken as they are declared, at the
        // start of a strategy, and never in between.
        let all_max = strategies_max as usize * PARAMETERS_MAX;
        Self { all: Vec::new(), all_max, pending: Vec::with_capacity(CHANGES_MAX) }
    }

    fn of(&self, strategy: StrategyId, name: &[u8; 32]) -> Option<usize> {
        let is_it = |known: &Parameter| {
            known.declared.strategy_id == strategy && known.declared.name == *name
        };
        self.all.iter().position(is_it)
    }

    /// A strategy begins: it has yet to declare what may be set.
    pub(super) fn began(&mut self, strategy: StrategyId) {
        let mine = self.all.iter_mut().filter(|known| known.declared.strategy_id == strategy);
        mine.for_each(|known| known.is_current = false);
    }

    /// Whether there was room for it.
    pub(super) fn declare(&mut self, declared: &StrategyParameterDeclared) -> bool {
        let (strategy, is_current) = (declared.strategy_id, true);
        let fresh = Parameter { declared: *declared, value: declared.initial, is_current };
        match self.of(strategy, &declared.name) {
            Some(at) if self.all[at].declared == *declared => self.all[at].is_current = true,
            Some(at) => self.all[at] = fresh,
            None if self.all.len() < self.all_max => self.all.push(fresh),
            None => return false,
        }
        true
    }

    /// One parameter of a change; whether it was the last, and the change is in force.
    ///
    /// A change that was never journaled whole is never in force: the next one begins at place 0.
    fn set(&mut self, change: &StrategyParameterSet) -> bool {
        if change.place == 0 {
            self.pending.clear();
        }
        let follows = self.pending.len() == usize::from(change.place)
            && self.pending.first().is_none_or(|first| {
                (first.strategy_id, first.count) == (change.strategy_id, change.count)
            });
        if !follows || self.pending.len() == CHANGES_MAX {
            self.pending.clear();
            return false;
        }
        self.pending.push(*change);
        if self.pending.len() != usize::from(change.count) {
            return false;
        }
        for at in 0..self.pending.len() {
            let StrategyParameterSet { strategy_id, name, value, .. } = self.pending[at];
            if let Some(at) = self.of(strategy_id, &name) {
                self.all[at].value = value;
            }
        }
        true
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        let Self { all, all_max: _, pending } = self;
        keep_all(all, out);
        keep_all(pending, out);
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let Self { all, all_max, pending } = self;
        take_all(all, *all_max, bytes)?;
        take_all(pending, CHANGES_MAX, bytes)
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        for known in &self.all {
            hasher.bytes(&known.declared.encode());
            hasher.word(known.value);
            hasher.word(u64::from(known.is_current));
        }
        for change in &self.pending {
            hasher.bytes(&change.encode());
        }
    }
}

impl Node {
    /// What may be set of a strategy, and to what it is set.
    pub fn parameters(&self, strategy: StrategyId) -> impl Iterator<Item = &Parameter> {
        let all = self.parameters.all.iter();
        all.filter(move |known| known.declared.strategy_id == strategy)
    }

    /// The value that stands for a parameter, where a person set it, and it is declared as it was.
    #[must_use]
    pub fn standing(&self, declared: &StrategyParameterDeclared) -> Option<u64> {
        let at = self.parameters.of(declared.strategy_id, &declared.name)?;
        let known = &self.parameters.all[at];
        let stands = known.declared == *declared && known.value != declared.initial;
        stands.then_some(known.value)
    }

    pub(super) fn set_parameter(&mut self, change: &StrategyParameterSet) {
        if self.parameters.set(change) {
            let told = self.parameters.pending.drain(..).map(Callback::Parameter);
            self.core.callbacks.extend(told);
        }
    }

    pub(super) fn declare_parameter(&mut self, declared: &StrategyParameterDeclared) {
        if !self.parameters.declare(declared) {
            self.core.counters.capacity_rejects += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::ParameterKind;

    fn name(text: &str) -> [u8; 32] {
        let mut padded = [0; 32];
        padded[..text.len()].copy_from_slice(text.as_bytes());
        padded
    }

    fn declared(text: &str, initial: u64) -> StrategyParameterDeclared {
        StrategyParameterDeclared {
            initial,
            low: 0,
            high: 1_000,
            strategy_id: 1,
            kind: ParameterKind::Integer.raw(),
            reserved: [0; 3],
            name: name(text),
        }
    }

    fn change(text: &str, value: u64, place: u8, count: u8) -> StrategyParameterSet {
        let (kind, reserved) = (ParameterKind::Integer.raw(), [0]);
        let name = name(text);
        StrategyParameterSet { value, strategy_id: 1, kind, place, count, reserved, name }
    }

    fn values(parameters: &Parameters) -> Vec<(&str, u64, bool)> {
        parameters.all.iter().map(|p| (p.name(), p.value, p.is_current)).collect()
    }

    #[test]
    fn a_change_is_in_force_when_it_is_whole_and_never_in_part() {
        let mut parameters = Parameters::new(1);
        assert!(parameters.declare(&declared("qty", 10)));
        assert!(parameters.declare(&declared("width", 2)));
        assert!(!parameters.set(&change("qty", 20, 0, 2)));
        assert_eq!(values(&parameters), [("qty", 10, true), ("width", 2, true)]);
        // The engine died here: what comes next begins anew.
        assert!(!parameters.set(&change("qty", 30, 0, 2)));
        assert!(parameters.set(&change("width", 5, 1, 2)));
        assert_eq!(values(&parameters), [("qty", 30, true), ("width", 5, true)]);
        parameters.pending.clear();
        // A second half without a first one is nothing.
        assert!(!parameters.set(&change("width", 9, 1, 2)));
        assert_eq!(values(&parameters)[1], ("width", 5, true));
    }

    #[test]
    fn what_was_set_outlives_the_strategy_until_it_is_declared_otherwise() {
        let mut parameters = Parameters::new(1);
        parameters.declare(&declared("qty", 10));
        assert!(parameters.set(&change("qty", 20, 0, 1)));
        parameters.began(1);
        assert_eq!(values(&parameters), [("qty", 20, false)]);
        parameters.declare(&declared("qty", 10));
        assert_eq!(values(&parameters), [("qty", 20, true)]);
        // Somebody changed what is configured: that is the later word.
        parameters.began(1);
        parameters.declare(&declared("qty", 15));
        assert_eq!(values(&parameters), [("qty", 15, true)]);
    }

    #[test]
    fn there_is_a_most() {
        let mut parameters = Parameters::new(1);
        for at in 0..PARAMETERS_MAX {
            assert!(parameters.declare(&declared(&format!("p{at}"), 0)));
        }
        assert!(!parameters.declare(&declared("one_more", 0)));
    }
}
