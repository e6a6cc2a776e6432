// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! An ITCH feed of chosen instruments: the others' messages are left out before they are decoded.
//!
//! What is wanted is said by symbol, with the id that its updates are to carry. A message's locate
//! says whose it is; whose a locate is, the first message says that names a symbol. Nothing is
//! allocated once everything is chosen.

use super::itch::{ItchFeed, symbol_of};
use super::{Decoded, MarketSink};
use crate::component::{Snapshot, SnapshotError};
use crate::hash::StateHasher;
use crate::snapshot::{read_array, read_i64, read_u32, write_i64, write_u32};
use crate::types::{InstrumentId, TsNs};
use crate::wire::itch::{ItchError, Message, StockDirectory};

/// Locates there can be.
const LOCATES: usize = 1 << 16;

/// What is known of a locate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Place {
    /// Nobody has named it.
    Unknown,
    /// It is nobody's that is wanted.
    Other,
    /// It is wanted.
    Chosen,
}

/// A feed of chosen instruments.
#[derive(Clone, Debug)]
pub struct SelectedFeed {
    feed: ItchFeed,
    /// Symbols and their ids, by symbol.
    chosen: Vec<([u8; 8], InstrumentId)>,
    places: Box<[Place; LOCATES]>,
    skipped: u64,
}

impl SelectedFeed {
    /// Most instruments that can be chosen.
    pub const CHOSEN_MAX: usize = LOCATES;

    /// A feed of nothing yet, of the day that began at `midnight_ns`.
    ///
    /// # Panics
    /// If `midnight_ns` is above [`ItchFeed::MIDNIGHT_NS_MAX`].
    #[must_use]
    pub fn new(midnight_ns: TsNs) -> Self {
        let places = vec![Place::Unknown; LOCATES].into_boxed_slice().try_into();
        Self {
            feed: ItchFeed::numbered_elsewhere(midnight_ns),
            chosen: Vec::new(),
            places: places.expect("made with this length"),
            skipped: 0,
        }
    }

    /// Has the messages of `symbol`, padded with spaces, come with this id. A symbol that was chosen
    /// already gets the new id. Nothing more is chosen than [`Self::CHOSEN_MAX`].
    pub fn choose(&mut self, symbol: [u8; 8], id: InstrumentId) {
        match self.chosen.binary_search_by_key(&symbol, |&(known, _)| known) {
            Ok(at) => self.chosen[at].1 = id,
            Err(at) if self.chosen.len() < Self::CHOSEN_MAX => self.chosen.insert(at, (symbol, id)),
            Err(_) => return,
        }
        // Locates that were nobody's may be its.
        self.forget_places();
    }

    /// The ids of what is chosen.
    pub fn chosen(&self) -> impl Iterator<Item = InstrumentId> {
        self.chosen.iter().map(|&(_, id)| id)
    }

    /// Messages left out.
    #[must_use]
    pub const fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Begins a day: its locates are others, and its times count from another midnight if it is
    /// known.
    pub fn begin(&mut self, midnight_ns: Option<TsNs>) {
        if let Some(midnight_ns) = midnight_ns {
            self.feed.set_midnight(midnight_ns.min(ItchFeed::MIDNIGHT_NS_MAX));
        }
        self.forget_places();
    }

    fn forget_places(&mut self) {
        self.places.fill(Place::Unknown);
    }

    /// Takes one message in. `sink` gets an update if the message is of a chosen instrument and says
    /// anything about a book, a trade or a status.
    ///
    /// # Errors
    /// [`ItchError`] when a message of a chosen instrument, or of one that is met for the first time,
    /// breaks its layout.
    #[inline]
    pub fn decode<S: MarketSink>(
        &mut self,
        bytes: &[u8],
        sink: &mut S,
    ) -> Result<Decoded, ItchError> {
        let &[message_type, high, low, ..] = bytes else { return self.meet(bytes, sink) };
        let place = self.places[usize::from(u16::from_be_bytes([high, low]))];
        if message_type == StockDirectory::TYPE {
            return self.meet(bytes, sink);
        }
        match place {
            Place::Chosen => self.feed.decode(bytes, sink),
            Place::Other => {
                self.skipped += 1;
                Ok(Decoded::Nothing)
            }
            Place::Unknown => self.meet(bytes, sink),
        }
    }

    /// A message of a locate that nobody has named, or that names one anew.
    #[cold]
    fn meet<S: MarketSink>(&mut self, bytes: &[u8], sink: &mut S) -> Result<Decoded, ItchError> {
        let message = Message::decode(bytes)?;
        let Some((locate, symbol)) = symbol_of(message) else {
            return Ok(match message {
                Message::Unknown(_) => Decoded::Unknown,
                _ => Decoded::Nothing,
            });
        };
        let found = self.chosen.binary_search_by_key(&symbol, |&(known, _)| known);
        let id = found.map_or(0, |at| self.chosen[at].1);
        self.feed.place(locate, id);
        self.places[usize::from(locate)] = if id == 0 { Place::Other } else { Place::Chosen };
        match message {
            Message::StockDirectory(_) => Ok(Decoded::Nothing),
            _ if id == 0 => {
                self.skipped += 1;
                Ok(Decoded::Nothing)
            }
            _ => self.feed.decode(bytes, sink),
        }
    }

    /// Locates that somebody has named.
    fn named(&self) -> impl Iterator<Item = (u32, Place)> {
        let all = self.places.iter().copied().enumerate();
        all.filter(|&(_, place)| place != Place::Unknown).map(|(at, place)| (at as u32, place))
    }

    /// Digest of the state.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        let mut hasher = StateHasher::new();
        hasher.word(self.feed.state_hash());
        for &(symbol, id) in &self.chosen {
            hasher.word(u64::from_be_bytes(symbol));
            hasher.word(u64::from(id));
        }
        for (locate, place) in self.named() {
            hasher.word(u64::from(locate) << 8 | u64::from(place == Place::Chosen));
        }
        hasher.word(self.skipped);
        hasher.finish()
    }
}

impl Snapshot for SelectedFeed {
    fn save(&self, out: &mut Vec<u8>) {
        write_i64(out, self.feed.midnight_ns());
        out.extend_from_slice(&self.skipped.to_le_bytes());
        write_u32(out, self.chosen.len() as u32);
        for (symbol, id) in &self.chosen {
            out.extend_from_slice(symbol);
            write_u32(out, *id);
        }
        write_u32(out, self.named().count() as u32);
        for (locate, place) in self.named() {
            write_u32(out, locate << 1 | u32::from(place == Place::Chosen));
            write_u32(out, self.feed.instrument_at(locate as u16));
        }
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let midnight_ns = read_i64(bytes)?;
        if midnight_ns > ItchFeed::MIDNIGHT_NS_MAX {
            return Err(SnapshotError::Invalid { what: "the feed's midnight" });
        }
        *self = Self::new(midnight_ns);
        self.skipped = u64::from_le_bytes(read_array(bytes)?);
        let chosen = read_u32(bytes)? as usize;
        if chosen > Self::CHOSEN_MAX {
            return Err(SnapshotError::Invalid { what: "the count of chosen instruments" });
        }
        for _ in 0..chosen {
            let symbol = read_array(bytes)?;
            self.choose(symbol, read_u32(bytes)?);
        }
        for _ in 0..read_u32(bytes)? {
            let (word, id) = (read_u32(bytes)?, read_u32(bytes)?);
            let locate = (word >> 1) as usize;
            let Some(place) = self.places.get_mut(locate) else {
                return Err(SnapshotError::Invalid { what: "the feed's table of locates" });
            };
            *place = if word & 1 == 1 { Place::Chosen } else { Place::Other };
            self.feed.place(locate as u16, id);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
