// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The orders that are more than a day order in the book: those that wait outside of it, and those
//! in it that follow the best prices or live on after the day.

use super::request::{Life, OrderRequest};
use super::sorted::{Key, Sorted};
use crate::hash::mix;
use crate::types::{InstrumentId, Side, Ticks, TsNs};

/// Where such an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the book.
    Book,
    /// A stop that waits for a trade.
    Waiting,
    /// A stop that a trade has reached.
    Reached,
    /// A peg without a price.
    Parked,
    /// For an auction, aside of the book.
    Aside,
}

impl Place {
    pub(super) const fn raw(self) -> u8 {
        match self {
            Self::Book => 0,
            Self::Waiting => 1,
            Self::Reached => 2,
            Self::Parked => 3,
            Self::Aside => 4,
        }
    }

    pub(super) const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            0 => Some(Self::Book),
            1 => Some(Self::Waiting),
            2 => Some(Self::Reached),
            3 => Some(Self::Parked),
            4 => Some(Self::Aside),
            _ => None,
        }
    }
}

/// One such order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Special {
    pub(super) order_id: u64,
    /// As asked; `qty` is what is left of it while it is outside of the book.
    pub(super) request: OrderRequest,
    /// Executed over the chain of replacements when it last came here.
    pub(super) executed: u64,
    pub(super) place: Place,
}

/// How many there are in an instrument.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) all: u32,
    pub(super) outside: u32,
    pub(super) waiting: u32,
    pub(super) reached: u32,
    pub(super) pegs: u32,
    pub(super) aside: u32,
    /// Parked pegs with a size condition.
    pub(super) conditioned: u32,
}

/// A list of orders in [`Sorted`].
#[derive(Clone, Copy, Debug)]
pub(super) enum List {
    /// Stops of an instrument and side, first to be reached first.
    Stops(InstrumentId, Side),
    /// Stops of an instrument that a trade reached, lowest id first.
    Reached(InstrumentId),
    /// Pegs of an instrument, lowest id first.
    Pegs(InstrumentId),
    /// Orders of an instrument aside of the book, lowest id first.
    Aside(InstrumentId),
    /// Orders that live until a time, first to expire first.
    Until,
}

impl List {
    pub(super) const fn word(self) -> u64 {
        match self {
            Self::Stops(instrument, side) => {
                1 << 40 | (instrument as u64) << 1 | side.index() as u64
            }
            Self::Reached(instrument) => 2 << 40 | instrument as u64,
            Self::Pegs(instrument) => 3 << 40 | instrument as u64,
            Self::Aside(instrument) => 4 << 40 | instrument as u64,
            Self::Until => 5 << 40,
        }
    }
}

/// A signed number as a word that sorts alike.
const fn sortable(value: i64) -> u64 {
    value.cast_unsigned() ^ (1 << 63)
}

/// The word of a stop price that sorts by what is reached first.
const fn reach_order(side: Side, stop: Ticks) -> u64 {
    match side {
        Side::Buy => sortable(stop),
        Side::Sell => !sortable(stop),
    }
}

const NONE: u32 = u32::MAX;

/// All of them, by id and in their lists.
#[derive(Debug)]
pub(super) struct Specials {
    slots: Vec<Option<Special>>,
    free: Vec<u32>,
    /// Open addressing by id, at most half full: the number of a slot or [`NONE`].
    table: Vec<u32>,
    lists: Sorted,
    counts: Vec<Counts>,
    /// Outside of the book, in all instruments.
    outside: u32,
    /// Of these, pegs.
    parked: u32,
    slots_max: u32,
}

impl Specials {
    pub(super) fn new(specials_max: u32, instruments_max: u32) -> Self {
        let size = (specials_max as usize * 2).next_power_of_two().max(2);
        Self {
            slots: Vec::with_capacity(specials_max as usize),
            free: Vec::with_capacity(specials_max as usize),
            table: vec![NONE; size],
            lists: Sorted::new(specials_max.saturating_mul(2)),
            counts: vec![Counts::default(); instruments_max as usize + 1],
            outside: 0,
            parked: 0,
            slots_max: specials_max,
        }
    }

    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.free.clear();
        self.table.fill(NONE);
        self.lists.clear();
        self.counts.fill(Counts::default());
        (self.outside, self.parked) = (0, 0);
    }

    pub(super) const fn is_full(&self) -> bool {
        self.slots.len() - self.free.len() >= self.slots_max as usize
    }

    pub(super) const fn specials_max(&self) -> u32 {
        self.slots_max
    }

    pub(super) const fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// How many are outside of the book.
    pub(super) const fn outside(&self) -> u32 {
        self.outside
    }

    /// How many pegs are parked.
    pub(super) const fn parked(&self) -> u32 {
        self.parked
    }

    #[inline]
    pub(super) fn counts(&self, instrument: InstrumentId) -> Counts {
        self.counts[instrument as usize]
    }

    /// All of them, in no order that means anything.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Special> {
        self.slots.iter().flatten()
    }

    pub(super) fn get(&self, order_id: u64) -> Option<&Special> {
        let slot = self.table[self.find(order_id)?];
        self.slots[slot as usize].as_ref()
    }

    /// The id of the first order of a list that is not below these words.
    pub(super) fn next_in(&self, list: List, from: [u64; 2]) -> Option<u64> {
        self.lists.next_in(list.word(), from).map(|key| key[2])
    }

    /// The first waiting stop of a side that a trade at this price reaches.
    pub(super) fn first_reached(
        &self,
        instrument: InstrumentId,
        side: Side,
        price: Ticks,
    ) -> Option<u64> {
        let [_, by, order_id] = self.lists.next_in(List::Stops(instrument, side).word(), [0, 0])?;
        (by <= reach_order(side, price)).then_some(order_id)
    }

    /// Whether an order expires by this time.
    pub(super) fn has_expired(&self, now_ns: TsNs) -> bool {
        self.next_expired([0, 0], now_ns).is_some()
    }

    /// The first order from this place of the list on that expires by this time, with its place.
    pub(super) fn next_expired(&self, from: [u64; 2], now_ns: TsNs) -> Option<[u64; 2]> {
        let [_, by, order_id] = self.lists.next_in(List::Until.word(), from)?;
        (by <= sortable(now_ns)).then_some([by, order_id])
    }

    /// Takes an order in; the owner sees to the limit.
    pub(super) fn insert(&mut self, special: Special) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() as u32 - 1
        });
        let mask = self.table.len() - 1;
        let mut index = mix(special.order_id) as usize & mask;
        while self.table[index] != NONE {
            index = (index + 1) & mask;
        }
        self.table[index] = slot;
        self.slots[slot as usize] = Some(special);
        self.list(&special);
    }

    /// Takes an order out.
    pub(super) fn remove(&mut self, order_id: u64) -> Option<Special> {
        let index = self.find(order_id)?;
        let slot = self.table[index];
        let special = self.slots[slot as usize].take()?;
        self.vacate(index);
        self.free.push(slot);
        self.unlist(&special);
        Some(special)
    }

    /// Changes an order, its id and its lists included; nothing when there is none.
    pub(super) fn change(&mut self, order_id: u64, with: impl FnOnce(&mut Special)) {
        if let Some(mut special) = self.remove(order_id) {
            with(&mut special);
            self.insert(special);
        }
    }

    fn find(&self, order_id: u64) -> Option<usize> {
        let mask = self.table.len() - 1;
        let mut index = mix(order_id) as usize & mask;
        loop {
            let slot = self.table[index];
            if slot == NONE {
                return None;
            }
            if self.id_at(slot) == order_id {
                return Some(index);
            }
            index = (index + 1) & mask;
        }
    }

    fn id_at(&self, slot: u32) -> u64 {
        self.slots[slot as usize].as_ref().map_or(0, |special| special.order_id)
    }

    /// Empties a place of the table, and moves up what stands behind it only for want of a place.
    fn vacate(&mut self, mut empty: usize) {
        let mask = self.table.len() - 1;
        let mut index = empty;
        loop {
            index = (index + 1) & mask;
            let slot = self.table[index];
            if slot == NONE {
                break;
            }
            let home = mix(self.id_at(slot)) as usize & mask;
            if index.wrapping_sub(home) & mask >= index.wrapping_sub(empty) & mask {
                self.table[empty] = slot;
                empty = index;
            }
        }
        self.table[empty] = NONE;
    }

    fn keys(special: &Special) -> [Option<Key>; 2] {
        let Special { order_id, request, place, .. } = special;
        let OrderRequest { instrument, side, .. } = *request;
        let key = |list: List, by: u64| Some([list.word(), by, *order_id]);
        let first = match (place, request.stop) {
            (Place::Waiting, Some(stop)) => {
                key(List::Stops(instrument, side), reach_order(side, stop))
            }
            (Place::Reached, _) => key(List::Reached(instrument), 0),
            (Place::Aside, _) => key(List::Aside(instrument), 0),
            _ if request.is_peg() => key(List::Pegs(instrument), 0),
            _ => None,
        };
        let second = match request.life {
            Life::Until(end) => key(List::Until, sortable(end)),
            _ => None,
        };
        [first, second]
    }

    fn list(&mut self, special: &Special) {
        for key in Self::keys(special).into_iter().flatten() {
            self.lists.insert(key);
        }
        self.count(special, 1);
    }

    fn unlist(&mut self, special: &Special) {
        for key in Self::keys(special).into_iter().flatten() {
            self.lists.remove(key);
        }
        self.count(special, -1);
    }

    fn count(&mut self, special: &Special, by: i32) {
        let counts = &mut self.counts[special.request.instrument as usize];
        let add = |count: &mut u32, is_one: bool| {
            if is_one {
                *count = count.wrapping_add_signed(by);
            }
        };
        add(&mut counts.all, true);
        add(&mut counts.outside, special.place != Place::Book);
        add(&mut counts.waiting, special.place == Place::Waiting);
        add(&mut counts.reached, special.place == Place::Reached);
        add(&mut counts.pegs, special.request.is_peg());
        add(&mut counts.aside, special.place == Place::Aside);
        let is_conditioned = special.request.has_size_condition();
        add(&mut counts.conditioned, is_conditioned && special.place == Place::Parked);
        add(&mut self.outside, special.place != Place::Book);
        add(&mut self.parked, special.place == Place::Parked);
    }
}
