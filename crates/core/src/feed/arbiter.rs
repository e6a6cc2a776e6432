// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Several lines that carry one numbered stream: the first copy of each message wins.
//!
//! An arbiter says of each packet whether it goes on where the last one ended, comes too early, or
//! was known. It keeps no packets and knows no time limits: `HeldPackets` and the shell do. A packet
//! is believed only when its blocks are as its header says, so that a broken copy on one line never
//! takes the place of the good one on the other. Nothing is allocated after construction.

use crate::types::TsNs;
use crate::wire::mold::{Arrival, Header, PacketKind, SequenceTracker, Session, blocks_fit};

/// Packets in a row that leap too far before the leap is believed.
const LEAPS_BELIEVED: u32 = 8;
/// Packets whose first copy's time is remembered, to measure by how much a line lags.
const RECENT: usize = 1 << 12;

/// What a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// It goes on where the last one ended: hand it on. The arbiter has moved past it.
    Next,
    /// It comes after messages that are missing: hold it.
    Ahead {
        /// Number of its first message.
        sequence: u64,
        /// Number after its last.
        end: u64,
    },
    /// Nothing in it is new: a copy, or a sign of life.
    Known,
    /// The session is over, and every message of it came.
    Ended,
    /// It is of another session.
    OtherSession(Session),
    /// Its bytes are no packet, or its number is too far ahead to be believed.
    Refused,
}

/// What came on one line, since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineCounts {
    /// Packets.
    pub packets: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Packets with messages that no other line had brought.
    pub firsts: u64,
    /// Packets whose messages had all come before.
    pub duplicates: u64,
    /// Packets that were not believed.
    pub refused: u64,
    /// By how much copies came after the first, in sum, in nanoseconds.
    pub lag_ns_sum: u64,
    /// The most by which one did, in nanoseconds.
    pub lag_ns_max: u64,
    /// Copies measured so.
    pub lag_count: u64,
}

/// One line.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    /// The number after the last that it spoke of.
    next: u64,
    counts: LineCounts,
}

/// The arbiter of one feed's lines.
#[derive(Clone, Debug)]
pub struct Arbiter {
    tracker: SequenceTracker,
    /// The number after the last that anybody spoke of.
    known_next: u64,
    has_ended: bool,
    lines: Vec<Line>,
    leap_max: u64,
    leaps: u32,
    /// First number and time of the packets that came last, by number.
    recent: Box<[(u64, TsNs)]>,
}

impl Arbiter {
    /// An arbiter of so many lines (servers of re-requests count as such). A packet more than
    /// `leap_max` messages ahead is refused, unless several in a row are.
    #[must_use]
    pub fn new(lines: usize, leap_max: u64) -> Self {
        Self {
            tracker: SequenceTracker::joining(),
            known_next: 1,
            has_ended: false,
            lines: vec![Line::default(); lines],
            leap_max,
            leaps: 0,
            recent: vec![(0, 0); RECENT].into_boxed_slice(),
        }
    }

    /// The session, once known.
    #[must_use]
    pub const fn session(&self) -> Option<Session> {
        self.tracker.session()
    }

    /// Number of the next message to hand on.
    #[inline]
    #[must_use]
    pub fn next(&self) -> u64 {
        self.tracker.next().unwrap_or(1)
    }

    /// The number after the last that anybody spoke of.
    #[inline]
    #[must_use]
    pub const fn known_next(&self) -> u64 {
        self.known_next
    }

    /// Messages that anybody spoke of and that were not handed on; 0 while it is suspended.
    #[inline]
    #[must_use]
    pub fn missing(&self) -> u64 {
        match self.next() {
            0 => 0,
            next => self.known_next.saturating_sub(next),
        }
    }

    /// Whether [`Self::suspend`] was the last word.
    #[inline]
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        self.next() == 0
    }

    /// Whether the session was said to be over.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// What came on a line.
    #[must_use]
    pub fn counts(&self, line: usize) -> LineCounts {
        self.lines.get(line).map(|line| line.counts).unwrap_or_default()
    }

    /// Whether each of the first `lines` lines has spoken of a number after `sequence`: where lines
    /// keep their order, none of them will bring it any more.
    #[must_use]
    pub fn have_all_passed(&self, lines: usize, sequence: u64) -> bool {
        self.lines.iter().take(lines).all(|line| line.next > sequence)
    }

    /// The request for what is missing before `until`, at most `count_max` messages of it.
    #[must_use]
    pub fn request(&self, until: u64, count_max: u16) -> Option<Header> {
        let missing = until.saturating_sub(self.next());
        self.tracker.request(missing, count_max).filter(|request| request.count > 0)
    }

    /// Begins a session at message `next`, or goes on in the present one from there: what anybody
    /// spoke of before is forgotten.
    pub fn begin(&mut self, session: Session, next: u64) {
        if self.tracker.session() != Some(session) {
            self.lines.iter_mut().for_each(|line| line.next = 0);
            self.recent.fill((0, 0));
            self.has_ended = false;
        }
        self.tracker = SequenceTracker::from_sequence(session, next);
        self.known_next = next;
        self.leaps = 0;
    }

    /// Goes nowhere until [`Self::begin`]: every packet comes too early.
    pub fn suspend(&mut self) {
        if let Some(session) = self.tracker.session() {
            // No message has number 0, and none is asked for.
            self.tracker = SequenceTracker::from_sequence(session, 0);
        }
    }

    /// Takes note that somebody spoke of all numbers before `end`.
    pub fn know_of(&mut self, end: u64) {
        self.known_next = self.known_next.max(end);
    }

    /// Moves past a packet that was held and goes on where the last one ended.
    #[inline]
    pub fn pass(&mut self, end: u64) {
        self.tracker.accept_gap(end);
        self.known_next = self.known_next.max(end);
    }

    /// Takes a packet in that came on `line` at `ts_ns`.
    #[inline]
    pub fn observe(&mut self, line: usize, ts_ns: TsNs, bytes: &[u8]) -> Arrived {
        let counts = &mut self.lines[line].counts;
        counts.packets += 1;
        counts.bytes += bytes.len() as u64;
        let Ok(header) = Header::decode(bytes) else { return self.refuse(line) };
        if self.tracker.session().is_none() {
            self.tracker = SequenceTracker::from_sequence(header.session, 1);
        }
        if self.tracker.session() != Some(header.session) {
            self.lines[line].counts.refused += 1;
            return Arrived::OtherSession(header.session);
        }
        let next = self.next();
        let end = header.sequence + u64::from(header.messages_count());
        if header.sequence == 0 {
            // Numbers begin at 1.
            return self.refuse(line);
        }
        if end <= next {
            return self.known(line, ts_ns, &header, end);
        }
        if header.sequence > self.known_next.max(next).saturating_add(self.leap_max) {
            self.leaps += 1;
            // At the start any number is as good as another.
            if self.known_next > 1 && self.leaps < LEAPS_BELIEVED {
                return self.refuse(line);
            }
        }
        if !blocks_fit(bytes, header.messages_count()) {
            return self.refuse(line);
        }
        self.leaps = 0;
        self.take(line, ts_ns, &header, end)
    }

    /// A packet with news.
    #[inline]
    fn take(&mut self, line: usize, ts_ns: TsNs, header: &Header, end: u64) -> Arrived {
        self.lines[line].next = self.lines[line].next.max(end);
        let is_first = end > self.known_next;
        self.known_next = self.known_next.max(end);
        if header.kind() != PacketKind::Messages {
            // A sign of life that speaks of messages which did not come.
            self.has_ended |= header.kind() == PacketKind::EndOfSession;
            return Arrived::Known;
        }
        if is_first {
            // Whoever said that the session is over was wrong.
            self.has_ended = false;
            self.recent[slot_of(header.sequence)] = (header.sequence, ts_ns);
        }
        if header.sequence > self.next() {
            return Arrived::Ahead { sequence: header.sequence, end };
        }
        let arrival = self.tracker.observe(header);
        debug_assert!(matches!(arrival, Arrival::Deliver { .. }), "a packet with news");
        self.lines[line].counts.firsts += 1;
        Arrived::Next
    }

    /// A packet that ends where we are, or before.
    #[inline]
    fn known(&mut self, line: usize, ts_ns: TsNs, header: &Header, end: u64) -> Arrived {
        self.lines[line].next = self.lines[line].next.max(end);
        self.leaps = 0;
        match header.kind() {
            PacketKind::Messages => {
                self.count_copy(line, ts_ns, header.sequence);
                Arrived::Known
            }
            PacketKind::Heartbeat => Arrived::Known,
            PacketKind::EndOfSession => {
                self.has_ended = true;
                if self.missing() == 0 { Arrived::Ended } else { Arrived::Known }
            }
        }
    }

    /// Counts a packet that was held after all: it was the first with its messages.
    pub fn count_first(&mut self, line: usize) {
        self.lines[line].counts.firsts += 1;
    }

    /// Counts a copy, and by how much it came after the first.
    #[inline]
    pub fn count_copy(&mut self, line: usize, ts_ns: TsNs, sequence: u64) {
        let counts = &mut self.lines[line].counts;
        counts.duplicates += 1;
        let (known, first_ns) = self.recent[slot_of(sequence)];
        if known == sequence && first_ns != 0 && ts_ns >= first_ns {
            let lag_ns = (ts_ns - first_ns).unsigned_abs();
            counts.lag_ns_sum = counts.lag_ns_sum.saturating_add(lag_ns);
            counts.lag_ns_max = counts.lag_ns_max.max(lag_ns);
            counts.lag_count += 1;
        }
    }

    #[cold]
    fn refuse(&mut self, line: usize) -> Arrived {
        self.lines[line].counts.refused += 1;
        Arrived::Refused
    }
}

/// Where a packet's time is remembered: neighbours lie apart whatever a packet holds.
#[inline]
const fn slot_of(sequence: u64) -> usize {
    (sequence.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52) as usize % RECENT
}

#[cfg(test)]
mod tests;
