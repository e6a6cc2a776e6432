// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Packets that came before their turn, held until what is missing before them has come.
//!
//! Room for a fixed number of packets, taken at start and touched as it is used. Nothing is
//! allocated after construction.

use std::collections::VecDeque;

use crate::types::TsNs;

/// A packet that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Number of its first message.
    pub sequence: u64,
    /// Number after its last.
    pub end: u64,
    /// When it came.
    pub ts_ns: TsNs,
    slot: u32,
    length: u32,
}

/// What became of a packet that was to be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// It is held.
    Held,
    /// Its messages are held already.
    Known,
    /// There is no room for it, or it is longer than a place.
    Full,
}

/// The packets, by number.
#[derive(Clone, Debug)]
pub struct HeldPackets {
    bytes: Vec<u8>,
    slot_bytes: usize,
    free: Vec<u32>,
    order: VecDeque<Held>,
}

impl HeldPackets {
    /// Room for `packets_max` packets of at most `packet_bytes_max` bytes.
    #[must_use]
    pub fn new(packets_max: u32, packet_bytes_max: usize) -> Self {
        Self {
            bytes: vec![0; packets_max as usize * packet_bytes_max],
            slot_bytes: packet_bytes_max,
            free: (0..packets_max).rev().collect(),
            order: VecDeque::with_capacity(packets_max as usize + 1),
        }
    }

    /// Packets that are held.
    #[must_use]
    pub fn count(&self) -> usize {
        self.order.len()
    }

    /// The one with the lowest number.
    #[inline]
    #[must_use]
    pub fn first(&self) -> Option<&Held> {
        self.order.front()
    }

    /// The one with the highest number.
    #[must_use]
    pub fn last(&self) -> Option<&Held> {
        self.order.back()
    }

    /// Holds a packet with the messages from `sequence` to before `end`.
    pub fn hold(&mut self, sequence: u64, end: u64, ts_ns: TsNs, packet: &[u8]) -> Holding {
        let at = self.order.partition_point(|held| held.sequence < sequence);
        let is_within = |held: &Held| held.sequence <= sequence && end <= held.end;
        let before = at.checked_sub(1).and_then(|before| self.order.get(before));
        if before.is_some_and(is_within) || self.order.get(at).is_some_and(is_within) {
            return Holding::Known;
        }
        if packet.len() > self.slot_bytes {
            return Holding::Full;
        }
        let Some(slot) = self.free.pop() else { return Holding::Full };
        let start = slot as usize * self.slot_bytes;
        self.bytes[start..start + packet.len()].copy_from_slice(packet);
        let length = packet.len() as u32;
        self.order.insert(at, Held { sequence, end, ts_ns, slot, length });
        Holding::Held
    }

    /// Takes out the packet that goes on at `next`, if it is held. Those wholly before it go, too.
    /// Its bytes stay until the next packet is held.
    #[inline]
    pub fn take(&mut self, next: u64) -> Option<Held> {
        while let Some(&first) = self.order.front()
            && first.sequence <= next
        {
            self.drop_first();
            if first.end > next {
                return Some(first);
            }
        }
        None
    }

    /// The bytes of a packet that was just taken out, or is held.
    #[inline]
    #[must_use]
    pub fn bytes(&self, held: &Held) -> &[u8] {
        let start = held.slot as usize * self.slot_bytes;
        &self.bytes[start..start + held.length as usize]
    }

    /// Gives up the one with the lowest number.
    pub fn drop_first(&mut self) {
        if let Some(held) = self.order.pop_front() {
            self.free.push(held.slot);
        }
    }

    /// Gives up the one with the highest number.
    pub fn drop_last(&mut self) {
        if let Some(held) = self.order.pop_back() {
            self.free.push(held.slot);
        }
    }

    /// Gives up those wholly before `next`.
    pub fn drop_before(&mut self, next: u64) {
        while self.order.front().is_some_and(|held| held.end <= next) {
            self.drop_first();
        }
    }

    /// Gives up all.
    pub fn clear(&mut self) {
        while !self.order.is_empty() {
            self.drop_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sequences(held: &HeldPackets) -> Vec<u64> {
        held.order.iter().map(|one| one.sequence).collect()
    }

    #[test]
    fn they_come_out_by_number_whatever_order_they_came_in() {
        let mut held = HeldPackets::new(4, 8);
        for sequence in [30, 10, 20] {
            let packet = sequence.to_string();
            let kept = held.hold(sequence, sequence + 10, 7, packet.as_bytes());
            assert_eq!(kept, Holding::Held);
        }
        assert_eq!(held.hold(20, 30, 7, b"20"), Holding::Known);
        assert_eq!(held.hold(22, 25, 7, b"within"), Holding::Known);
        assert_eq!(held.take(9), None);
        let first = held.take(12).unwrap();
        assert_eq!((first.sequence, held.bytes(&first)), (10, &b"10"[..]));
        assert_eq!(held.take(30).map(|one| one.sequence), Some(30));
        assert_eq!((held.count(), held.free.len()), (0, 4));
    }

    #[test]
    fn one_that_holds_more_than_another_is_held_beside_it() {
        let mut held = HeldPackets::new(4, 8);
        assert_eq!(held.hold(10, 12, 0, b"short"), Holding::Held);
        assert_eq!(held.hold(10, 20, 0, b"long"), Holding::Held);
        let first = held.take(10).unwrap();
        let next = if first.end == 20 { 20 } else { held.take(12).unwrap().end };
        assert_eq!(next, 20);
    }

    #[test]
    fn there_is_no_more_room_than_was_taken() {
        let mut held = HeldPackets::new(2, 4);
        assert_eq!(held.hold(1, 2, 0, b"12345"), Holding::Full);
        assert_eq!(held.hold(1, 2, 0, b"1"), Holding::Held);
        assert_eq!(held.hold(5, 6, 0, b"5"), Holding::Held);
        assert_eq!(held.hold(3, 4, 0, b"3"), Holding::Full);
        held.drop_last();
        assert_eq!(held.hold(3, 4, 0, b"3"), Holding::Held);
        assert_eq!(sequences(&held), [1, 3]);
        held.drop_before(3);
        assert_eq!(sequences(&held), [3]);
        held.clear();
        assert_eq!((held.count(), held.free.len()), (0, 2));
    }
}
