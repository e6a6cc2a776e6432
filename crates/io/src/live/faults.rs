// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What failed in strategies on the engine's thread, for who can read it: the text of what compiled
//! code raises is Python's, and the engine's thread never enters the interpreter.

use std::sync::{Arc, Mutex, PoisonError};

use onetape_core::trading::StrategyFault;
use onetape_core::types::StrategyId;

/// Faults that nobody has asked for yet; one for each strategy at most, as a fault stops it.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Vec<(StrategyId, StrategyFault)>>>);

impl Faults {
    /// Keeps a fault. Only where a strategy has failed: it is called no more.
    #[cold]
    pub(super) fn put(&self, strategy: StrategyId, fault: StrategyFault) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((strategy, fault));
    }

    /// The faults since the last call: whose, and what.
    #[must_use]
    pub fn take(&self) -> Vec<(StrategyId, StrategyFault)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
