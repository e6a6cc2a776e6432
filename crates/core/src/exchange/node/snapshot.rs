// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The exchange written down: market, names, ports and their live orders, oldest first, the day's
//! trades. Equal states give equal bytes, whatever happened before.

use super::names::NO_SLOT;
use super::orders::Slot;
use super::ports::{Firm, Port};
use super::trades::{TradeRecord, TradeSide};
use super::words::{put_name, put_order, take_name, take_order};
use super::{Exchange, ExchangeCounters};
use crate::component::{Snapshot, SnapshotError};
use crate::events::Phase;
use crate::hash::StateHasher;
use crate::snapshot::{read_array, read_i64, read_u8, read_u32, read_u64, write_i64, write_u32};
use crate::snapshot::{write_u8, write_u64};
use crate::types::InstrumentId;

impl Exchange {
    /// Digest of the whole state.
    pub(super) fn hash(&self) -> u64 {
        let mut desk = Vec::new();
        self.save_desk(&mut desk);
        self.hash_with(&desk)
    }

    /// Digest of the whole state, of which all but the market is written down already.
    fn hash_with(&self, desk: &[u8]) -> u64 {
        let mut hasher = StateHasher::new();
        hasher.word(self.market.state_hash());
        hasher.bytes(desk);
        hasher.finish()
    }

    /// Appends the state, as a snapshot has it, and gives its digest: in less time than one after the
    /// other.
    pub fn save_hashed(&self, out: &mut Vec<u8>) -> u64 {
        let start = out.len();
        self.save_desk(out);
        let hash = self.hash_with(&out[start..]);
        self.market.save(out);
        hash
    }

    fn save_desk(&self, out: &mut Vec<u8>) {
        let desk = &self.desk;
        write_i64(out, desk.publisher.midnight_ns());
        write_u8(out, u8::from(desk.cancel_only) | u8::from(desk.has_day_ended) << 1);
        let ExchangeCounters {
            messages,
            messages_malformed,
            messages_ignored,
            rejects,
            inputs_unknown,
        } = desk.counters;
        for count in [messages, messages_malformed, messages_ignored, rejects, inputs_unknown] {
            write_u64(out, count);
        }
        self.save_listings(out);
        // Only those that there are: a market made for one firm more takes the same state up.
        let firms = desk.firms.iter().enumerate().filter(|(_, firm)| firm.defined);
        write_u32(out, firms.clone().count() as u32);
        for (id, firm) in firms {
            write_u32(out, id as u32);
            out.extend_from_slice(&firm.mpid);
            write_u8(out, u8::from(firm.blocked) | u8::from(firm.closed) << 1);
        }
        let ports: Vec<&Port> = desk.ports.iter().flatten().collect();
        write_u32(out, ports.len() as u32);
        for port in ports {
            port.save(out);
        }
        write_u32(out, desk.orders.live() as u32);
        for (at, slot) in desk.orders.all() {
            write_u32(out, at);
            save_slot(slot, out);
        }
        write_u32(out, desk.orders.free().len() as u32);
        desk.orders.free().iter().for_each(|&slot| write_u32(out, slot));
        let gone: Vec<_> = desk.orders.texts().into_iter().filter(|e| e.2 == NO_SLOT).collect();
        write_u32(out, gone.len() as u32);
        for (text, port, _) in gone {
            out.extend_from_slice(&text);
            write_u32(out, port);
        }
        write_u32(out, desk.trades.records().len() as u32);
        for record in desk.trades.records() {
            save_trade(record, out);
        }
    }

    fn save_listings(&self, out: &mut Vec<u8>) {
        let listings = self.desk.listings.iter().enumerate();
        let defined: Vec<_> = listings.filter(|(_, listing)| listing.defined).collect();
        write_u32(out, defined.len() as u32);
        for (id, listing) in defined {
            write_u32(out, id as u32);
            write_u8(out, listing.phase.raw());
            write_i64(out, listing.reference);
            write_u32(out, listing.rungs_count);
            for rung in &listing.rungs {
                write_i64(out, rung.from);
                write_i64(out, rung.increment);
            }
            out.extend_from_slice(&self.desk.publisher.symbol(id as InstrumentId));
        }
    }

    fn restore_listings(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let invalid = SnapshotError::Invalid { what: "listing" };
        for _ in 0..read_u32(bytes)? {
            let id = read_u32(bytes)?;
            let phase = Phase::from_raw(read_u8(bytes)?).ok_or(invalid)?;
            let reference = read_i64(bytes)?;
            let place = self.desk.listings.get_mut(id as usize).ok_or(invalid)?;
            (place.phase, place.reference, place.defined) = (phase, reference, true);
            place.rungs_count = read_u32(bytes)?;
            for rung in &mut place.rungs {
                (rung.from, rung.increment) = (read_i64(bytes)?, read_i64(bytes)?);
            }
            let symbol: [u8; 8] = read_array(bytes)?;
            self.desk.publisher.name(id, &symbol);
        }
        Ok(())
    }

    fn restore_desk(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let invalid = |what| SnapshotError::Invalid { what };
        let desk = &mut self.desk;
        desk.publisher.set_midnight(read_i64(bytes)?);
        let flags = read_u8(bytes)?;
        (desk.cancel_only, desk.has_day_ended) = (flags & 1 != 0, flags & 2 != 0);
        desk.counters = ExchangeCounters {
            messages: read_u64(bytes)?,
            messages_malformed: read_u64(bytes)?,
            messages_ignored: read_u64(bytes)?,
            rejects: read_u64(bytes)?,
            inputs_unknown: read_u64(bytes)?,
        };
        self.restore_listings(bytes)?;
        let desk = &mut self.desk;
        for _ in 0..read_u32(bytes)? {
            let id = read_u32(bytes)? as usize;
            let mpid = read_array(bytes)?;
            let flags = read_u8(bytes)?;
            let [blocked, closed] = [1, 2].map(|flag| flags & flag != 0);
            let place = desk.firms.get_mut(id).ok_or(invalid("firm"))?;
            *place = Firm { mpid, blocked, closed, defined: true };
        }
        for _ in 0..read_u32(bytes)? {
            let port = Port::restore(bytes)?;
            let id = port.definition.port_id as usize;
            *desk.ports.get_mut(id).ok_or(invalid("port"))? = Some(port);
        }
        desk.list_copies();
        for _ in 0..read_u32(bytes)? {
            let at = read_u32(bytes)?;
            let (port, number, shown) = (read_u32(bytes)?, read_u64(bytes)?, read_u64(bytes)?);
            let open = take_order(bytes)?;
            if !desk.orders.restore(at, port, number, shown, open) {
                return Err(invalid("order"));
            }
        }
        for _ in 0..read_u32(bytes)? {
            desk.orders.restore_free(read_u32(bytes)?);
        }
        for _ in 0..read_u32(bytes)? {
            let text = read_array(bytes)?;
            let port = read_u32(bytes)?;
            desk.orders.use_text(port, &text);
        }
        for _ in 0..read_u32(bytes)? {
            desk.trades.push(read_trade(bytes)?);
        }
        Ok(())
    }
}

impl Snapshot for Exchange {
    fn save(&self, out: &mut Vec<u8>) {
        self.save_desk(out);
        self.market.save(out);
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        *self = Self::new(self.config);
        self.restore_desk(bytes)?;
        self.market.restore(bytes)
    }
}

fn save_slot(slot: &Slot, out: &mut Vec<u8>) {
    write_u32(out, slot.port);
    write_u64(out, slot.number);
    write_u64(out, slot.shown);
    put_order(out, &slot.open);
}

fn save_trade(record: &TradeRecord, out: &mut Vec<u8>) {
    write_u64(out, record.match_id);
    write_i64(out, record.price);
    write_u64(out, record.qty);
    write_u32(out, record.instrument);
    write_u8(out, u8::from(record.broken));
    for side in [record.buy, record.sell] {
        write_u32(out, side.port);
        write_u64(out, side.order_id);
        put_name(out, side.name);
        out.extend_from_slice(&side.cl_ord_id);
    }
}

fn read_trade(bytes: &mut &[u8]) -> Result<TradeRecord, SnapshotError> {
    let match_id = read_u64(bytes)?;
    let price = read_i64(bytes)?;
    let qty = read_u64(bytes)?;
    let instrument = read_u32(bytes)?;
    let broken = read_u8(bytes)? != 0;
    let mut side = || -> Result<TradeSide, SnapshotError> {
        let (port, order_id) = (read_u32(bytes)?, read_u64(bytes)?);
        Ok(TradeSide { port, name: take_name(bytes)?, cl_ord_id: read_array(bytes)?, order_id })
    };
    let (buy, sell) = (side()?, side()?);
    Ok(TradeRecord { match_id, price, qty, instrument, buy, sell, broken })
}
