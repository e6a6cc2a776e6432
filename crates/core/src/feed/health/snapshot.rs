// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Health, written down and taken up again. Its rules are the configuration's, and stay.

use super::{
    BookState, CROSSED, FEEDS_MAX, Feed, FeedRule, FeedState, Health, LOCKED, SILENT, Watched,
};
use crate::component::{Snapshot, SnapshotError};
use crate::snapshot::{
    read_array, read_i64, read_u8, read_u32, read_u64, write_i64, write_u32, write_u64,
};

impl Watched {
    fn save(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.feed.to_le_bytes());
        let states = [self.status, self.told.raw(), self.told_rule, self.halted_by, self.torn_by];
        out.extend_from_slice(&states);
        out.extend(self.is_over.map(u8::from));
        let times = [self.since_ns[CROSSED], self.since_ns[LOCKED], self.heard_ns];
        times.into_iter().chain([self.reference]).for_each(|value| write_i64(out, value));
    }

    fn restore(bytes: &mut &[u8], band_bps: Option<i64>) -> Result<Self, SnapshotError> {
        let feed = u16::from_le_bytes(read_array(bytes)?);
        let [status, told, told_rule, halted_by, torn_by] = read_array(bytes)?;
        let [crossed, locked, silent] = read_array(bytes)?;
        let told = BookState::from_raw(told).filter(|_| usize::from(feed) <= FEEDS_MAX);
        let told = told.ok_or(SnapshotError::Invalid { what: "the state of a book" })?;
        let mut book = Self { feed, status, told, told_rule, halted_by, torn_by, ..Self::NEW };
        book.is_over[CROSSED] = crossed != 0;
        book.is_over[LOCKED] = locked != 0;
        book.is_over[SILENT] = silent != 0;
        book.since_ns = [read_i64(bytes)?, read_i64(bytes)?];
        book.heard_ns = read_i64(bytes)?;
        let reference = read_i64(bytes)?;
        if let Some(band_bps) = band_bps.filter(|_| reference > 0) {
            book.set_reference(reference, band_bps);
        }
        Ok(book)
    }
}

impl Snapshot for Health {
    fn save(&self, out: &mut Vec<u8>) {
        for feed in &self.feeds {
            out.extend_from_slice(&[feed.state.raw(), feed.is_late.into(), feed.is_halted.into()]);
            write_i64(out, feed.venue_ts_ns);
        }
        write_u32(out, self.books.len() as u32);
        self.books.iter().for_each(|book| book.save(out));
        write_i64(out, self.deadline_ns);
        self.counts.iter().flatten().for_each(|&count| write_u64(out, count));
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        for feed in &mut self.feeds {
            let state = FeedState::from_raw(read_u8(bytes)?);
            let state = state.ok_or(SnapshotError::Invalid { what: "the state of a feed" })?;
            let [is_late, is_halted] = read_array(bytes)?.map(|byte: u8| byte != 0);
            *feed = Feed { state, is_late, is_halted, venue_ts_ns: read_i64(bytes)? };
        }
        if read_u32(bytes)? as usize != self.books.len() {
            return Err(SnapshotError::Invalid { what: "the count of instruments" });
        }
        let band_bps = self.rules.get(FeedRule::PriceBand).map(|rule| rule.limit);
        for book in &mut self.books {
            *book = Watched::restore(bytes, band_bps)?;
        }
        self.deadline_ns = read_i64(bytes)?;
        for count in self.counts.iter_mut().flatten() {
            *count = read_u64(bytes)?;
        }
        Ok(())
    }
}
