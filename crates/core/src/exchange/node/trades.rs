// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The day's trades, kept so that one can be broken: who must then be told, and under which name.

use crate::exchange::gateway::{NameText, OrderName};
use crate::types::{InstrumentId, Lots, Ticks};

/// One side of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TradeSide {
    pub(super) port: u32,
    pub(super) name: OrderName,
    pub(super) cl_ord_id: NameText,
    pub(super) order_id: u64,
}

/// A trade of today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TradeRecord {
    pub(super) match_id: u64,
    pub(super) price: Ticks,
    pub(super) qty: Lots,
    pub(super) instrument: InstrumentId,
    pub(super) buy: TradeSide,
    pub(super) sell: TradeSide,
    pub(super) broken: bool,
}

/// The day's trades, by match number. Beyond `trades_max` a trade is not kept and cannot be broken.
#[derive(Clone, Debug)]
pub(super) struct Trades {
    records: Vec<TradeRecord>,
    trades_max: usize,
}

impl Trades {
    pub(super) fn new(trades_max: u32) -> Self {
        let trades_max = trades_max as usize;
        Self { records: Vec::with_capacity(trades_max), trades_max }
    }

    /// Keeps a trade; match numbers rise.
    #[inline]
    pub(super) fn push(&mut self, record: TradeRecord) {
        if self.records.len() < self.trades_max {
            self.records.push(record);
        }
    }

    /// Marks a trade as broken and gives it; `None` when it is not known, or was broken before.
    pub(super) fn take_for_break(&mut self, match_id: u64) -> Option<TradeRecord> {
        let at = self.records.binary_search_by_key(&match_id, |record| record.match_id).ok()?;
        let record = &mut self.records[at];
        if record.broken {
            return None;
        }
        record.broken = true;
        Some(*record)
    }

    pub(super) fn records(&self) -> &[TradeRecord] {
        &self.records
    }

    pub(super) fn clear(&mut self) {
        self.records.clear();
    }
}
