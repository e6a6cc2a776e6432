// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a run sets of its configuration: limits, and what fills cost.

use super::{Backtest, RunError};
use crate::component::sources;
use crate::events::{FeesSet, Limit, LimitSet};
use crate::journal::Sink;
use crate::trading::StrategyView;
use crate::types::InstrumentId;

impl<S: Sink> Backtest<S> {
    /// An instrument was defined: what is set of it alone follows.
    pub(super) fn defined(&mut self, id: InstrumentId) -> Result<(), RunError> {
        let Some(instrument) = self.engine.instrument(id) else { return Ok(()) };
        let symbol = instrument.symbol().to_vec();
        let names = |text: &String| text.as_bytes() == symbol;
        let wanted = self.config.symbols.is_empty() || self.config.symbols.iter().any(names);
        if let Some(slot) = self.subscribed.get_mut(id as usize) {
            *slot = wanted;
        }
        let own = self.config.symbol_limits.iter().filter(|(text, ..)| names(text));
        let own: Vec<_> = own.map(|&(_, limit, value)| (limit, value)).collect();
        own.into_iter().try_for_each(|(limit, value)| self.set_limit(limit, id, value))?;
        self.set_fees(&symbol, id)
    }

    /// Sets what fills of an instrument cost, where its symbol has rates; "" and 0 for all.
    pub(super) fn set_fees(&mut self, symbol: &[u8], id: InstrumentId) -> Result<(), RunError> {
        let mut all = self.config.fees.iter();
        let Some((_, rates)) = all.find(|(text, _)| text.as_bytes() == symbol) else {
            return Ok(());
        };
        let fees = FeesSet { instrument_id: id, ..*rates };
        let (kind, version) = (FeesSet::KIND, FeesSet::VERSION);
        self.input(sources::CONFIG, kind, version, &fees.encode(), &[])
    }

    pub(super) fn set_limit(
        &mut self,
        limit: Limit,
        instrument: u32,
        value: i64,
    ) -> Result<(), RunError> {
        let limit = u16::from(limit.raw());
        let event = LimitSet { value, instrument_id: instrument, limit, reserved: 0 };
        let (kind, version) = (LimitSet::KIND, LimitSet::VERSION);
        self.input(sources::CONFIG, kind, version, &event.encode(), &[])
    }
}
