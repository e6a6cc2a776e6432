// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The live orders of one strategy, by client id, and the quantity they hold open.
//!
//! Client ids rise, so the table is a sorted array that new orders join at its end. A quote's orders
//! are numbered by order management itself, from [`QUOTE_ID_FIRST`] up, and stand in slots of their
//! own, one a side and instrument.

use super::desk::OrderKey;
use super::live_orders::LiveOrders;
use crate::component::SnapshotError;
use crate::events::OrderState;
use crate::hash::StateHasher;
use crate::snapshot::{
    read_i64, read_u8, read_u32, read_u64, write_i64, write_u8, write_u32, write_u64,
};
use crate::types::{InstrumentId, Lots, Side, StrategyId, Ticks};

/// Client ids from here up belong to quotes; a strategy's own stay below.
pub const QUOTE_ID_FIRST: u64 = 1 << 63;
/// Highest client id of a strategy's own; those between are order management's.
pub const CLIENT_ID_MAX: u64 = (1 << 62) - 1;

/// An order of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "facts that come in any combination")]
pub struct OwnOrder {
    /// The strategy's number for it, or one from [`QUOTE_ID_FIRST`] up.
    pub client_id: u64,
    /// The venue's number; 0 until the venue took it.
    pub order_id: u64,
    /// Limit price; 0 for a market order.
    pub price: Ticks,
    /// Quantity still open.
    pub leaves: Lots,
    /// Quantity traded so far, over the whole chain of replacements.
    pub executed: Lots,
    /// Best bid plus best ask when it arrived; 0 when there were no two sides.
    pub arrival_mid2: i64,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side.
    pub side: Side,
    /// Where it stands, as far as we know.
    pub state: OrderState,
    /// The venue said that it took it.
    pub is_accepted: bool,
    /// It is to be cancelled: its strategy, or we, said so.
    pub wants_cancel: bool,
    /// A cancel of all of it has left, and was not refused.
    pub cancel_sent: bool,
    /// Its replacement has left, and was not refused.
    pub is_replacing: bool,
    /// It is dead at the venue; fills of it that were not told are awaited.
    pub is_gone: bool,
    /// Client id of the order whose place it is to take; 0 for none.
    pub replaces: u64,
    /// The parent that it is a child of; 0 for none.
    pub parent_id: u64,
    /// The leg of a group that it stands for; 0 for none.
    pub leg_id: u64,
}

impl OwnOrder {
    /// An order that leaves now.
    #[must_use]
    pub const fn leaving(
        client_id: u64,
        instrument: InstrumentId,
        side: Side,
        price: Ticks,
        leaves: Lots,
    ) -> Self {
        Self {
            client_id,
            order_id: 0,
            price,
            leaves,
            executed: 0,
            arrival_mid2: 0,
            instrument,
            side,
            state: OrderState::PendingNew,
            is_accepted: false,
            wants_cancel: false,
            cancel_sent: false,
            is_replacing: false,
            is_gone: false,
            replaces: 0,
            parent_id: 0,
            leg_id: 0,
        }
    }

    /// The state of an order that lives: what has left for it counts, then what it did.
    #[must_use]
    pub const fn live_state(&self) -> OrderState {
        if self.cancel_sent {
            OrderState::PendingCancel
        } else if self.is_replacing {
            OrderState::PendingReplace
        } else if self.executed > 0 {
            OrderState::PartiallyFilled
        } else {
            OrderState::Working
        }
    }

    /// How it is named, to a venue too.
    #[must_use]
    pub const fn key(&self, strategy: StrategyId) -> OrderKey {
        let Self { instrument, client_id, order_id, .. } = *self;
        OrderKey { strategy, instrument, client_id, order_id }
    }

    fn hash_into(&self, hasher: &mut StateHasher) {
        hasher.word(self.client_id);
        hasher.word(self.order_id);
        hasher.signed(self.price);
        hasher.word(self.leaves);
        hasher.word(self.executed);
        hasher.signed(self.arrival_mid2);
        hasher.word(u64::from(self.instrument) << 8 | self.side as u64);
        // What journals of version 1 did not know counts only where it is not as it was then.
        let marks = self.marks();
        if marks != 0 || self.replaces | self.parent_id != 0 {
            let words = [u64::from(marks), self.replaces, self.parent_id];
            for word in words {
                hasher.word(word);
            }
        }
        if self.leg_id != 0 {
            hasher.word(self.leg_id);
        }
    }

    /// State and flags in one number; 0 for an order that plainly works.
    fn marks(&self) -> u16 {
        let state = if self.state.is_settled() { 0 } else { u16::from(self.state.raw()) };
        let is_odd = self.is_accepted != (self.order_id != 0);
        let flags = [is_odd, self.wants_cancel, self.cancel_sent, self.is_replacing, self.is_gone];
        flags.into_iter().fold(state, |marks, flag| marks << 1 | u16::from(flag))
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        write_u64(out, self.client_id);
        write_u64(out, self.order_id);
        write_i64(out, self.price);
        write_u64(out, self.leaves);
        write_u64(out, self.executed);
        write_i64(out, self.arrival_mid2);
        write_u32(out, self.instrument);
        write_u8(out, self.side.raw());
        write_u8(out, self.state.raw());
        let Self { is_accepted, wants_cancel, cancel_sent, is_replacing, is_gone, .. } = *self;
        for flag in [is_accepted, wants_cancel, cancel_sent, is_replacing, is_gone] {
            write_u8(out, u8::from(flag));
        }
        write_u64(out, self.replaces);
        write_u64(out, self.parent_id);
        write_u64(out, self.leg_id);
    }

    pub(super) fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        Ok(Self {
            client_id: read_u64(bytes)?,
            order_id: read_u64(bytes)?,
            price: read_i64(bytes)?,
            leaves: read_u64(bytes)?,
            executed: read_u64(bytes)?,
            arrival_mid2: read_i64(bytes)?,
            instrument: read_u32(bytes)?,
            side: Side::from_raw(read_u8(bytes)?)
                .ok_or(SnapshotError::Invalid { what: "own order: side" })?,
            state: OrderState::from_raw(read_u8(bytes)?)
                .ok_or(SnapshotError::Invalid { what: "own order: state" })?,
            is_accepted: read_u8(bytes)? != 0,
            wants_cancel: read_u8(bytes)? != 0,
            cancel_sent: read_u8(bytes)? != 0,
            is_replacing: read_u8(bytes)? != 0,
            is_gone: read_u8(bytes)? != 0,
            replaces: read_u64(bytes)?,
            parent_id: read_u64(bytes)?,
            leg_id: read_u64(bytes)?,
        })
    }
}

/// What a strategy has open in one instrument.
#[derive(Clone, Copy, Debug, Default)]
struct InstrumentOrders {
    /// Open quantity, by side.
    open: [Lots; 2],
    /// The quote's orders, by side: one, or two while a replacement is on its way.
    quote: [[Option<OwnOrder>; 2]; 2],
}

/// The live orders of one strategy.
#[derive(Clone, Debug)]
pub struct OrderTable {
    orders: LiveOrders,
    instruments: Vec<InstrumentOrders>,
    last_client_id: u64,
    last_quote_id: u64,
}

impl OrderTable {
    /// An empty table.
    #[must_use]
    pub fn new(orders_max: u32, instruments_max: u32) -> Self {
        Self {
            orders: LiveOrders::new(orders_max, instruments_max),
            instruments: vec![InstrumentOrders::default(); instruments_max as usize + 1],
            last_client_id: 0,
            last_quote_id: QUOTE_ID_FIRST,
        }
    }

    /// Highest client id the strategy has used.
    #[must_use]
    pub const fn last_client_id(&self) -> u64 {
        self.last_client_id
    }

    /// Marks a client id as used, whatever becomes of the order.
    pub fn use_client_id(&mut self, client_id: u64) {
        self.last_client_id = client_id;
    }

    /// The client id for the next order of a quote.
    pub fn next_quote_id(&mut self) -> u64 {
        self.last_quote_id += 1;
        self.last_quote_id
    }

    /// Whether another order fits.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.orders.has_room()
    }

    /// Quantity open on a side of an instrument, in lots.
    #[inline]
    #[must_use]
    pub fn open(&self, instrument: InstrumentId, side: Side) -> Lots {
        self.instruments.get(instrument as usize).map_or(0, |i| i.open[side.index()])
    }

    /// The quote's order on a side, if it lives; the newer of two.
    #[inline]
    #[must_use]
    pub fn quote(&self, instrument: InstrumentId, side: Side) -> Option<&OwnOrder> {
        let slots = &self.instruments.get(instrument as usize)?.quote[side.index()];
        slots.iter().flatten().max_by_key(|order| order.client_id)
    }

    /// The quote's orders on a side: none, one, or two while a replacement is on its way.
    pub fn quotes(&self, instrument: InstrumentId, side: Side) -> impl Iterator<Item = &OwnOrder> {
        let row = self.instruments.get(instrument as usize);
        row.into_iter().flat_map(move |row| row.quote[side.index()].iter().flatten())
    }

    /// A live order.
    #[inline]
    #[must_use]
    pub fn get(&self, instrument: InstrumentId, client_id: u64) -> Option<&OwnOrder> {
        if client_id >= QUOTE_ID_FIRST {
            let quotes = &self.instruments.get(instrument as usize)?.quote;
            return quotes.iter().flatten().flatten().find(|order| order.client_id == client_id);
        }
        self.orders.get(client_id)
    }

    /// The client id of the live order that the venue numbered `order_id`.
    #[must_use]
    pub fn client_id_of(&self, instrument: InstrumentId, order_id: u64) -> Option<u64> {
        let quotes = self.instruments.get(instrument as usize)?.quote.iter().flatten().flatten();
        let mut all = quotes.chain(self.orders.iter());
        all.find(|order| order.order_id == order_id).map(|order| order.client_id)
    }

    /// The replacement that is on its way for an order.
    #[must_use]
    pub fn replacement_of(&self, order: &OwnOrder) -> Option<&OwnOrder> {
        if !order.is_replacing {
            return None;
        }
        self.live().find(|o| o.replaces == order.client_id && o.instrument == order.instrument)
    }

    /// Live orders with a client id above `client_id`.
    pub fn live_after(&self, client_id: u64) -> impl Iterator<Item = &OwnOrder> {
        let quotes = self.instruments.iter().flat_map(|row| row.quote.iter().flatten().flatten());
        let quotes = quotes.filter(move |order| order.client_id > client_id);
        self.orders.after(client_id).chain(quotes)
    }

    /// Takes in a new live order. Its instrument is known and there is room: the caller checked.
    ///
    /// # Panics
    /// When a quote's side has two orders already, one of its client id lives, or the instrument is
    /// beyond the maximum.
    pub fn insert(&mut self, order: OwnOrder) {
        let row = &mut self.instruments[order.instrument as usize];
        row.open[order.side.index()] += order.leaves;
        if order.client_id >= QUOTE_ID_FIRST {
            let [first, second] = &mut row.quote[order.side.index()];
            let slot = if first.is_none() { first } else { second };
            assert!(slot.is_none(), "a quote has at most one replacement on its way");
            *slot = Some(order);
            return;
        }
        self.orders.insert(order);
    }

    /// Whether an order of this name and side could be taken in.
    #[must_use]
    pub fn has_place(&self, order: &OwnOrder) -> bool {
        let Some(row) = self.instruments.get(order.instrument as usize) else { return false };
        let is_quote = order.client_id >= QUOTE_ID_FIRST;
        if is_quote {
            return row.quote[order.side.index()].contains(&None);
        }
        self.has_room() && self.orders.get(order.client_id).is_none()
    }

    /// Changes an order; one that dies by it is gone. Gives it as it was and as it is; `None` when
    /// there is no such order.
    pub fn update(
        &mut self,
        instrument: InstrumentId,
        client_id: u64,
        change: impl FnOnce(&mut OwnOrder),
    ) -> Option<(OwnOrder, OwnOrder)> {
        let InstrumentOrders { open, quote } = self.instruments.get_mut(instrument as usize)?;
        let (before, after);
        if client_id >= QUOTE_ID_FIRST {
            let is_it =
                |slot: &&mut Option<OwnOrder>| slot.is_some_and(|o| o.client_id == client_id);
            let slot = quote.iter_mut().flatten().find(is_it)?;
            let order = slot.as_mut()?;
            before = *order;
            change(order);
            after = *order;
            if after.state.is_dead() {
                *slot = None;
            }
        } else {
            let order = self.orders.get_mut(client_id)?;
            before = *order;
            change(order);
            after = *order;
            if after.state.is_dead() {
                self.orders.remove(client_id);
            }
        }
        let open = &mut open[before.side.index()];
        *open -= before.leaves;
        if !after.state.is_dead() {
            *open += after.leaves;
        }
        Some((before, after))
    }

    /// Quantity and number of live orders at a price of one side of an instrument.
    #[must_use]
    pub fn at(&self, instrument: InstrumentId, side: Side, price: Ticks) -> (Lots, u32) {
        if self.open(instrument, side) == 0 {
            return (0, 0);
        }
        let quotes = self.instruments.get(instrument as usize).map(|row| &row.quote[side.index()]);
        let quotes = quotes.into_iter().flatten().flatten();
        let here = quotes
            .chain(self.orders.on(instrument, side))
            .filter(|order| order.price == price && order.is_accepted);
        here.fold((0, 0), |(qty, count), order| (qty + order.leaves, count + 1))
    }

    /// All live orders: the strategy's own by client id, then quotes by instrument and side.
    pub fn live(&self) -> impl Iterator<Item = &OwnOrder> {
        self.orders
            .iter()
            .chain(self.instruments.iter().flat_map(|row| row.quote.iter().flatten().flatten()))
    }

    /// Mixes the whole state into a digest.
    pub fn hash_into(&self, hasher: &mut StateHasher) {
        hasher.word(self.last_client_id);
        hasher.word(self.last_quote_id);
        for order in self.live() {
            order.hash_into(hasher);
        }
    }

    /// Appends the whole state.
    pub fn save(&self, out: &mut Vec<u8>) {
        write_u64(out, self.last_client_id);
        write_u64(out, self.last_quote_id);
        write_u32(out, self.live().count() as u32);
        for order in self.live() {
            order.save(out);
        }
    }

    /// Takes up what [`Self::save`] wrote.
    ///
    /// # Errors
    /// When the bytes are not such a table, or it does not fit this one's limits.
    pub fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.orders.clear();
        self.instruments.fill(InstrumentOrders::default());
        self.last_client_id = read_u64(bytes)?;
        self.last_quote_id = read_u64(bytes)?;
        for _ in 0..read_u32(bytes)? {
            let order = OwnOrder::restore(bytes)?;
            if order.instrument as usize >= self.instruments.len() || !self.has_room() {
                return Err(SnapshotError::Invalid { what: "own orders: beyond the limits" });
            }
            self.insert(order);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(client_id: u64, side: Side) -> OwnOrder {
        let state = OrderState::Working;
        OwnOrder {
            order_id: client_id + 100,
            state,
            is_accepted: true,
            ..OwnOrder::leaving(client_id, 1, side, 10, 5)
        }
    }

    fn trade(table: &mut OrderTable, client_id: u64, qty: Lots) -> Option<OwnOrder> {
        let changed = table.update(1, client_id, |order| {
            order.leaves -= qty;
            order.executed += qty;
            if order.leaves == 0 {
                order.state = OrderState::Filled;
            }
        });
        changed.map(|(before, _)| before)
    }

    #[test]
    fn open_quantity_follows_every_change() {
        let mut table = OrderTable::new(2, 1);
        table.insert(order(2, Side::Buy));
        table.insert(order(1, Side::Buy));
        table.insert(order(QUOTE_ID_FIRST + 1, Side::Sell));
        assert!(!table.has_room());
        assert_eq!((table.open(1, Side::Buy), table.open(1, Side::Sell)), (10, 5));
        assert_eq!(trade(&mut table, 2, 2).unwrap().leaves, 5);
        assert_eq!(table.get(1, 2).unwrap().executed, 2);
        assert_eq!(trade(&mut table, 2, 3).unwrap().executed, 2);
        assert_eq!(table.get(1, 2), None);
        assert_eq!(trade(&mut table, 2, 3), None);
        assert_eq!(trade(&mut table, QUOTE_ID_FIRST + 1, 5).unwrap().leaves, 5);
        assert_eq!((table.open(1, Side::Buy), table.open(1, Side::Sell)), (5, 0));
        assert!(table.quote(1, Side::Sell).is_none());
    }

    #[test]
    fn a_snapshot_brings_it_back() {
        let mut table = OrderTable::new(4, 2);
        table.insert(order(7, Side::Buy));
        table.insert(order(QUOTE_ID_FIRST + 3, Side::Sell));
        let mut bytes = Vec::new();
        table.save(&mut bytes);
        let mut copy = OrderTable::new(4, 2);
        copy.restore(&mut bytes.as_slice()).unwrap();
        assert!(copy.live().eq(table.live()));
        assert_eq!(copy.open(1, Side::Sell), 5);
        assert!(OrderTable::new(0, 2).restore(&mut bytes.as_slice()).is_err());
    }
}
