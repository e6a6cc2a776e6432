// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The market written down: its instruments, the orders that are more than plain, the matcher. Equal
//! states give equal bytes, whatever happened before.

use super::listing::{Bands, Listing};
use super::recent::Recent;
use super::rules::InstrumentRules;
use super::special::{Place, Special};
use super::{
    Auction, Display, Life, Market, OrderRequest, PegTo, PostOnly, Pricing, SelfTrade,
    SizeCondition, StpScope,
};
use crate::component::{Snapshot, SnapshotError};
use crate::events::{Phase, Side, StpMode};
use crate::hash::StateHasher;
use crate::snapshot::{
    read_i64, read_u8, read_u32, read_u64, write_i64, write_u8, write_u32, write_u64,
};
use crate::types::{Rung, TickTable};

impl Market {
    /// Digest of the whole state: equal on every replica and in every replay.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        let mut hasher = StateHasher::new();
        hasher.word(self.matcher.state_hash());
        for instrument in self.defined() {
            if let Some(listing) = self.listing(instrument) {
                hasher.word(u64::from(instrument));
                listing.hash(&mut hasher);
            }
        }
        // They stand in no order that means anything: the sum of their digests does not depend on it.
        let specials = self.specials.iter().fold(0_u64, |sum, special| {
            let mut hasher = StateHasher::new();
            for word in special.words() {
                hasher.word(word);
            }
            sum.wrapping_add(hasher.finish())
        });
        hasher.word(specials);
        for (owner, &firm) in self.firms.iter().enumerate().filter(|&(_, &firm)| firm != 0) {
            hasher.word(owner as u64);
            hasher.word(u64::from(firm));
        }
        hasher.finish()
    }
}

const fn signed(value: i64) -> u64 {
    value.cast_unsigned()
}

fn optional(value: Option<i64>) -> [u64; 2] {
    [u64::from(value.is_some()), signed(value.unwrap_or(0))]
}

impl Listing {
    const WORDS: usize = 25;

    fn words(&self) -> [u64; Self::WORDS] {
        let InstrumentRules {
            reference: named,
            collar,
            band_bps,
            pause_ms,
            auction_collar_bps,
            pro_rata,
        } = self.rules;
        let (low, high) = self.span.map_or((None, None), |(low, high)| (Some(low), Some(high)));
        let [has_low, low] = optional(low);
        let [bid, ask] = self.best_seen.map(optional);
        let (limit_side, limit_since) =
            self.bands.limit.map_or((0, 0), |(side, since_ns)| (side.raw(), since_ns));
        [
            signed(named),
            signed(collar),
            u64::from(band_bps),
            u64::from(pause_ms),
            u64::from(auction_collar_bps),
            u64::from(pro_rata),
            u64::from(self.phase.raw()),
            signed(self.last_price),
            signed(self.first_price),
            has_low,
            low,
            signed(high.unwrap_or(0)),
            u64::from(self.has_rested),
            bid[0],
            bid[1],
            ask[0],
            ask[1],
            signed(self.bands.reference),
            signed(self.bands.lower),
            signed(self.bands.upper),
            signed(self.bands.updated_ns),
            u64::from(limit_side),
            signed(limit_since),
            signed(self.pause_ends_ns),
            signed(self.reference),
        ]
    }

    fn hash(&self, hasher: &mut StateHasher) {
        for word in self.words() {
            hasher.word(word);
        }
        for rung in self.tick_table.rungs() {
            hasher.signed(rung.from);
            hasher.signed(rung.increment);
        }
        for word in self.recent.iter().flat_map(|recent| recent.words()).flatten() {
            hasher.word(word);
        }
    }

    fn save(&self, out: &mut Vec<u8>) {
        for word in self.words() {
            write_u64(out, word);
        }
        let rungs = self.tick_table.rungs();
        write_u32(out, rungs.len() as u32);
        for rung in rungs {
            write_i64(out, rung.from);
            write_i64(out, rung.increment);
        }
        let count = self.recent.as_ref().map_or(0, |recent| recent.words().count());
        write_u32(out, count as u32);
        for word in self.recent.iter().flat_map(|recent| recent.words()).flatten() {
            write_u64(out, word);
        }
    }

    fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let invalid = SnapshotError::Invalid { what: "instrument of a market" };
        let mut words = [0; Self::WORDS];
        for word in &mut words {
            *word = read_u64(bytes)?;
        }
        let small = |word: u64| u32::try_from(word).map_err(|_| invalid);
        let byte = |word: u64| u8::try_from(word).map_err(|_| invalid);
        let price = |at: usize| words[at].cast_signed();
        let best = |at: usize| (words[at] != 0).then(|| price(at + 1));
        let band_bps = small(words[2])?;
        let rules = InstrumentRules {
            reference: price(0),
            collar: price(1),
            band_bps,
            pause_ms: small(words[3])?,
            auction_collar_bps: small(words[4])?,
            pro_rata: words[5] != 0,
        };
        let limit = match byte(words[21])? {
            0 => None,
            raw => Some((Side::from_raw(raw).ok_or(invalid)?, price(22))),
        };
        let mut listing = Self {
            rules,
            is_defined: true,
            phase: Phase::from_raw(byte(words[6])?).ok_or(invalid)?,
            last_price: price(7),
            first_price: price(8),
            span: (words[9] != 0).then(|| (price(10), price(11))),
            has_rested: words[12] != 0,
            best_seen: [best(13), best(15)],
            bands: Bands {
                reference: price(17),
                lower: price(18),
                upper: price(19),
                updated_ns: price(20),
                limit,
            },
            pause_ends_ns: price(23),
            reference: price(24),
            recent: (band_bps != 0).then(|| Box::new(Recent::new())),
            ..Self::UNDEFINED
        };
        listing.restore_lists(bytes)?;
        Ok(listing)
    }

    fn restore_lists(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let invalid = SnapshotError::Invalid { what: "instrument of a market" };
        let mut rungs = [Rung::default(); TickTable::RUNGS_MAX];
        let rungs = rungs.get_mut(..read_u32(bytes)? as usize).ok_or(invalid)?;
        for rung in rungs.iter_mut() {
            *rung = Rung { from: read_i64(bytes)?, increment: read_i64(bytes)? };
        }
        self.tick_table = TickTable::from_rungs(rungs).map_err(|_| invalid)?;
        for _ in 0..read_u32(bytes)? {
            let mut words = [0; 5];
            for word in &mut words {
                *word = read_u64(bytes)?;
            }
            let is_set = self.recent.as_mut().is_some_and(|recent| recent.set(words));
            if !is_set {
                return Err(invalid);
            }
        }
        Ok(())
    }
}

impl Special {
    const WORDS: usize = 23;

    fn words(&self) -> [u64; Self::WORDS] {
        let request = &self.request;
        let (pricing, price, limit) = match request.pricing {
            Pricing::Limit(price) => (1, price, None),
            Pricing::Market => (2, 0, None),
            Pricing::Peg { to: PegTo::Primary, offset, limit } => (3, offset, limit),
            Pricing::Peg { to: PegTo::Market, offset, limit } => (4, offset, limit),
            Pricing::Peg { to: PegTo::Midpoint, offset, limit } => (5, offset, limit),
        };
        let (display, displayed) = match request.display {
            Display::Displayed => (0, 0),
            Display::Hidden => (1, 0),
            Display::Reserve { displayed } => (2, displayed),
        };
        let (size, least) = match request.size {
            SizeCondition::None => (0, 0),
            SizeCondition::Minimum(least) => (1, least),
            SizeCondition::All => (2, 0),
        };
        let (life, until) = match request.life {
            Life::Day => (0, 0),
            Life::Ioc => (1, 0),
            Life::Fok => (2, 0),
            Life::Gtc => (3, 0),
            Life::Until(end) => (4, end),
        };
        let [has_limit, limit] = optional(limit);
        let [has_stop, stop] = optional(request.stop);
        [
            self.order_id,
            self.executed,
            u64::from(self.place.raw()),
            request.client,
            u64::from(request.owner),
            u64::from(request.instrument),
            u64::from(request.side.raw()),
            request.qty,
            pricing,
            signed(price),
            has_limit,
            limit,
            has_stop,
            stop,
            display,
            displayed,
            size,
            least,
            request.post_only as u64,
            life,
            signed(until),
            request.auction as u64,
            u64::from(request.stp.mode.raw()) << 1 | u64::from(request.stp.scope == StpScope::Firm),
        ]
    }

    fn from_words(words: &[u64; Self::WORDS]) -> Option<Self> {
        let limit = (words[10] != 0).then(|| words[11].cast_signed());
        let price = words[9].cast_signed();
        let peg = |to: PegTo| Pricing::Peg { to, offset: price, limit };
        let mode = StpMode::from_raw(u8::try_from(words[22] >> 1).ok()?)?;
        let scope = if words[22] & 1 != 0 { StpScope::Firm } else { StpScope::Port };
        let request = OrderRequest {
            client: words[3],
            owner: u32::try_from(words[4]).ok()?,
            instrument: u32::try_from(words[5]).ok()?,
            side: Side::from_raw(u8::try_from(words[6]).ok()?)?,
            qty: words[7],
            pricing: match words[8] {
                1 => Pricing::Limit(price),
                2 => Pricing::Market,
                3 => peg(PegTo::Primary),
                4 => peg(PegTo::Market),
                5 => peg(PegTo::Midpoint),
                _ => return None,
            },
            stop: (words[12] != 0).then(|| words[13].cast_signed()),
            display: match words[14] {
                0 => Display::Displayed,
                1 => Display::Hidden,
                2 => Display::Reserve { displayed: words[15] },
                _ => return None,
            },
            size: match words[16] {
                0 => SizeCondition::None,
                1 => SizeCondition::Minimum(words[17]),
                2 => SizeCondition::All,
                _ => return None,
            },
            post_only: [PostOnly::Off, PostOnly::Reject, PostOnly::Slide]
                .into_iter()
                .find(|&each| each as u64 == words[18])?,
            life: match words[19] {
                0 => Life::Day,
                1 => Life::Ioc,
                2 => Life::Fok,
                3 => Life::Gtc,
                4 => Life::Until(words[20].cast_signed()),
                _ => return None,
            },
            auction: [Auction::None, Auction::Open, Auction::Close]
                .into_iter()
                .find(|&each| each as u64 == words[21])?,
            stp: SelfTrade { mode, scope },
        };
        let place = Place::from_raw(u8::try_from(words[2]).ok()?)?;
        Some(Self { order_id: words[0], executed: words[1], place, request })
    }
}

impl Snapshot for Market {
    fn save(&self, out: &mut Vec<u8>) {
        for instrument in self.defined() {
            if let Some(listing) = self.listing(instrument) {
                write_u32(out, instrument);
                listing.save(out);
            }
        }
        write_u32(out, 0);
        let mut specials: Vec<&Special> = self.specials.iter().collect();
        specials.sort_unstable_by_key(|special| special.order_id);
        write_u32(out, specials.len() as u32);
        for special in specials {
            for word in special.words() {
                write_u64(out, word);
            }
        }
        for (owner, &firm) in self.firms.iter().enumerate().filter(|&(_, &firm)| firm != 0) {
            write_u32(out, owner as u32);
            write_u32(out, firm);
        }
        write_u32(out, 0);
        write_u8(out, b'm');
        self.matcher.save(out);
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let invalid = SnapshotError::Invalid { what: "market" };
        self.listings.iter_mut().for_each(|listing| *listing = Listing::UNDEFINED);
        self.instrument_last = 0;
        self.specials.clear();
        self.firms.fill(0);
        loop {
            let instrument = read_u32(bytes)?;
            if instrument == 0 {
                break;
            }
            let place = self.listings.get_mut(instrument as usize).ok_or(invalid)?;
            *place = Listing::restore(bytes)?;
            self.instrument_last = self.instrument_last.max(instrument);
        }
        for _ in 0..read_u32(bytes)? {
            let mut words = [0; Special::WORDS];
            for word in &mut words {
                *word = read_u64(bytes)?;
            }
            let special = Special::from_words(&words).ok_or(invalid)?;
            let is_known = self.listing(special.request.instrument).is_some();
            if !is_known || self.specials.is_full() || self.specials.get(words[0]).is_some() {
                return Err(invalid);
            }
            self.specials.insert(special);
        }
        loop {
            let owner = read_u32(bytes)?;
            if owner == 0 {
                break;
            }
            let firm = read_u32(bytes)?;
            *self.firms.get_mut(owner as usize).ok_or(invalid)? = firm;
        }
        if read_u8(bytes)? != b'm' {
            return Err(invalid);
        }
        self.matcher.restore(bytes)
    }
}
