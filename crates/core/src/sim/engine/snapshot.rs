// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The engine's state, written down and taken up again.

use super::{Engine, Market, STREAMS_MAX};
use crate::component::{Snapshot, SnapshotError};
use crate::events::{Counters, InstrumentDefined};
use crate::snapshot::{read_array, read_i64, read_u32, read_u64, write_i64, write_u32, write_u64};
use crate::trading::Touch;
use crate::types::{Instrument, Rung, TickTable};
use crate::wire::mold::SequenceTracker;

impl Snapshot for Engine {
    fn save(&self, out: &mut Vec<u8>) {
        self.feed.save(out);
        write_u32(out, self.streams.len() as u32);
        for stream in &self.streams {
            out.extend_from_slice(&stream.session().unwrap_or_default());
            write_u64(out, stream.next().unwrap_or(0));
        }
        self.core.venue.save(out);
        self.core.desk.save(out);
        for value in self.core.counters.values() {
            write_u64(out, value);
        }
        write_u32(out, self.instruments().count() as u32);
        for market in self.core.markets.iter().filter(|market| market.instrument.is_some()) {
            market.save(out);
        }
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.feed.restore(bytes)?;
        self.streams.clear();
        for _ in 0..read_u32(bytes)?.min(STREAMS_MAX as u32) {
            let (session, next) = (read_array(bytes)?, read_u64(bytes)?);
            self.streams.push(SequenceTracker::from_sequence(session, next));
        }
        self.core.venue.restore(bytes)?;
        self.core.desk.restore(bytes)?;
        let mut values = [0; Counters::NAMES.len()];
        for value in &mut values {
            *value = read_u64(bytes)?;
        }
        self.core.counters = Counters::from_values(values);
        self.core.callbacks.clear();
        self.core.markets.fill(Market::default());
        for _ in 0..read_u32(bytes)? {
            let market = Market::restore(bytes)?;
            let id = market.instrument.map_or(0, |instrument| instrument.id());
            let slot = self.core.markets.get_mut(id as usize);
            *slot.ok_or(SnapshotError::Invalid { what: "engine: instruments_max is lower" })? =
                market;
        }
        Ok(())
    }
}

impl Market {
    fn save(&self, out: &mut Vec<u8>) {
        let Some(instrument) = self.instrument else { return };
        out.extend_from_slice(&instrument.definition.encode());
        let rungs = instrument.tick_table.rungs();
        write_u32(out, rungs.len() as u32);
        for rung in rungs {
            write_i64(out, rung.from);
            write_i64(out, rung.increment);
        }
        write_u32(out, u32::from(self.in_book) | u32::from(self.crossed) << 1);
        write_i64(out, self.last_trade.unwrap_or(-1));
        let Touch { bid, bid_qty, ask, ask_qty } = self.touch;
        write_i64(out, bid);
        write_u64(out, bid_qty);
        write_i64(out, ask);
        write_u64(out, ask_qty);
    }

    fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let body: [u8; InstrumentDefined::SIZE] = read_array(bytes)?;
        let invalid = SnapshotError::Invalid { what: "engine: an instrument" };
        let definition = InstrumentDefined::decode(&body).ok_or(invalid)?;
        let mut rungs = [Rung::default(); TickTable::RUNGS_MAX];
        let rungs_count = read_u32(bytes)? as usize;
        for rung in rungs.get_mut(..rungs_count).ok_or(invalid)? {
            *rung = Rung { from: read_i64(bytes)?, increment: read_i64(bytes)? };
        }
        let tick_table = TickTable::from_rungs(&rungs[..rungs_count]).map_err(|_| invalid)?;
        let bits = read_u32(bytes)?;
        let last_trade = read_i64(bytes)?;
        Ok(Self {
            instrument: Some(Instrument { definition, tick_table }),
            in_book: bits & 1 != 0,
            crossed: bits & 2 != 0,
            last_trade: (last_trade >= 0).then_some(last_trade),
            touch: Touch {
                bid: read_i64(bytes)?,
                bid_qty: read_u64(bytes)?,
                ask: read_i64(bytes)?,
                ask_qty: read_u64(bytes)?,
            },
            best: Touch::default(),
            is_covered: true,
        })
    }
}
