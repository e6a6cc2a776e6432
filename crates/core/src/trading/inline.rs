// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A strategy that is called without an interpreter: by the driver of a backtest, on the live
//! engine's thread, or in a process of its own.

use super::callback::Callback;
use super::host::StrategyHost;
use super::view::StrategyView;
use crate::events::{StrategyParameterDeclared, StrategyParameterSet};

/// A strategy's callback failed: the strategy is to be stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StrategyFault {
    /// It raised; what, stands at this address, for whoever compiled it.
    Raised {
        /// Where.
        error: u64,
    },
    /// It asked for something that there is no such kind of.
    UnknownIntent {
        /// The kind.
        kind: u32,
    },
    /// It numbered an order otherwise than the host does.
    WrongClientId {
        /// The number it gave.
        client_id: u64,
    },
}

/// Whether a parameter is the last of its change: from here on the change may be told.
#[must_use]
pub const fn is_last_of_change(change: &StrategyParameterSet) -> bool {
    change.place == change.count.wrapping_sub(1)
}

/// A strategy that is called directly. What it asks for in a callback goes to the host when the
/// callback returns; of a callback that failed, nothing does.
pub trait InlineStrategy {
    /// What of it may be set while it runs.
    fn parameters(&self) -> Vec<StrategyParameterDeclared> {
        Vec::new()
    }

    /// The run begins.
    ///
    /// # Errors
    /// [`StrategyFault`] when the callback failed.
    fn start(
        &mut self,
        view: &dyn StrategyView,
        host: &mut StrategyHost,
    ) -> Result<(), StrategyFault>;

    /// Tells it one thing, if it wants to hear it.
    ///
    /// # Errors
    /// [`StrategyFault`] when the callback failed.
    fn call(
        &mut self,
        callback: &Callback,
        view: &dyn StrategyView,
        host: &mut StrategyHost,
    ) -> Result<(), StrategyFault>;

    /// The run ends.
    ///
    /// # Errors
    /// [`StrategyFault`] when the callback failed.
    fn stop(
        &mut self,
        view: &dyn StrategyView,
        host: &mut StrategyHost,
    ) -> Result<(), StrategyFault>;
}
