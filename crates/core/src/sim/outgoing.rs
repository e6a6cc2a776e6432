// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A run at a remote venue: what leaves, and the venue's last words.

use super::backtest::{Backtest, RunError};
use super::entries::take_item;
use super::probe::Probe;
use crate::journal::Sink;

impl<S: Sink> Backtest<S> {
    /// What is journaled as sent leaves.
    pub(super) fn send_outgoing(&mut self) {
        while let Some(message) = self.engine.next_outgoing() {
            self.source.send(message.bytes());
        }
    }

    /// After [`Self::stop_strategy`], at a remote venue: takes in what it still says, until no order
    /// of ours is left or the source has no more.
    ///
    /// # Errors
    /// When the journal takes no more.
    pub fn drain<P: Probe>(&mut self, probe: &mut P) -> Result<(), RunError> {
        self.send_outgoing();
        while !self.engine.is_flat() {
            let Ok(Some(item)) = self.source.next() else { break };
            take_item(&mut self.engine, &mut self.sink, &item, probe)?;
            self.engine.forget_callbacks();
            self.send_outgoing();
        }
        Ok(())
    }
}
