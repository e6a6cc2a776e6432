// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a strategy's `bracket`, `oco`, `oto` and `stop_order` were given, made into the intent that
//! asks for it.

use onetape_core::events::{GroupKind, StpMode};
use onetape_core::trading::{LegAsked, StrategyHost};
use onetape_core::types::{InstrumentId, Lots, Side, Ticks};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// One order of a group. A stop, or one that trails, is kept by us.
#[derive(Clone, Copy)]
pub(crate) struct LegAt {
    pub(crate) instrument: InstrumentId,
    pub(crate) side: u8,
    pub(crate) qty: Lots,
    pub(crate) price: Option<Ticks>,
    pub(crate) stop: Option<Ticks>,
    pub(crate) trail: Ticks,
    pub(crate) post_only: bool,
}

impl LegAt {
    /// Asks for a group of such orders and gives its id.
    pub(crate) fn ask(
        legs: &[Self],
        kind: GroupKind,
        stp_mode: u8,
        host: &mut StrategyHost,
    ) -> PyResult<u64> {
        let known = StpMode::from_raw(stp_mode).is_some()
            && legs.iter().all(|leg| Side::from_raw(leg.side).is_some());
        if !known {
            let what = "a side takes values of onetape.Side, stp_mode of onetape.StpMode";
            return Err(PyValueError::new_err(what));
        }
        let mut asked = [LegAsked::default(); onetape_core::trading::LEGS_MAX];
        for (to, leg) in asked.iter_mut().zip(legs) {
            let Self { instrument, side, qty, trail, post_only, .. } = *leg;
            let (price, stop_price) = (leg.price.unwrap_or(0), leg.stop.unwrap_or(0));
            *to = LegAsked::kept(instrument, side, qty, (price, stop_price, trail), post_only);
        }
        Ok(host.ask_group(kind, stp_mode, &asked[..legs.len()]))
    }
}
