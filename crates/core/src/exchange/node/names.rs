// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! From a client's own name of an order to the order. A number is forgotten with its order (its port
//! refuses old numbers by their size); a text stays used for the day.
//!
//! Texts: open addressing with linear probing and a fixed seed, at most half full.

use crate::hash::mix;

pub(super) use crate::numbers::NO_SLOT;

/// A text name: at most 20 characters, padded with zero bytes or spaces as its protocol does.
pub(super) type Text = [u8; 20];

/// The key of a number: the port, its channel and the number.
pub(super) fn number_key(port: u32, channel: u8, number: u32) -> u64 {
    u64::from(port) << 40 | u64::from(channel) << 32 | u64::from(number)
}

/// What is known of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextName {
    /// Nobody used it today.
    Fresh,
    /// It was used; its order is gone.
    Gone,
    /// It names the live order in this slot.
    Live(u32),
}

/// All texts used in a day, by port.
#[derive(Clone, Debug)]
pub(super) struct TextNames {
    places: Vec<(Text, u32, u32)>,
    mask: usize,
    used: usize,
}

impl TextNames {
    /// Room for `names_max` names a day.
    pub(super) fn new(names_max: u32) -> Self {
        let size = (names_max as usize * 2).next_power_of_two().max(16);
        Self { places: vec![([0; 20], 0, NO_SLOT); size], mask: size - 1, used: 0 }
    }

    /// Where a text of a port stands, or would. Ports count from 1: 0 is a free place.
    fn place(&self, port: u32, text: &Text) -> usize {
        let word = |at: usize| {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&text[at..at + 8]);
            u64::from_le_bytes(bytes)
        };
        let hash = mix(mix(mix(u64::from(port)) ^ word(0)) ^ word(8)) ^ mix(word(12));
        let mut at = hash as usize & self.mask;
        while self.places[at].1 != 0 && (self.places[at].1 != port || self.places[at].0 != *text) {
            at = (at + 1) & self.mask;
        }
        at
    }

    /// What is known of a text.
    pub(super) fn find(&self, port: u32, text: &Text) -> TextName {
        match self.places[self.place(port, text)] {
            (_, 0, _) => TextName::Fresh,
            (_, _, NO_SLOT) => TextName::Gone,
            (_, _, slot) => TextName::Live(slot),
        }
    }

    /// Says what a text names; false when the table is full.
    pub(super) fn set(&mut self, port: u32, text: &Text, slot: u32) -> bool {
        let at = self.place(port, text);
        if self.places[at].1 == 0 {
            if self.used > self.mask / 2 {
                return false;
            }
            self.used += 1;
        }
        self.places[at] = (*text, port, slot);
        true
    }

    /// Every text used, in the order of its bytes: equal states give equal bytes.
    pub(super) fn sorted(&self) -> Vec<(Text, u32, u32)> {
        let mut all: Vec<_> = self.places.iter().copied().filter(|place| place.1 != 0).collect();
        all.sort_unstable();
        all
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.places.fill(([0; 20], 0, NO_SLOT));
        self.used = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_used_when_its_order_is_gone() {
        let mut names = TextNames::new(2);
        let text = |name: &[u8]| {
            let mut out = [0; 20];
            out[..name.len()].copy_from_slice(name);
            out
        };
        assert_eq!(names.find(1, &text(b"A")), TextName::Fresh);
        assert!(names.set(1, &text(b"A"), 5));
        assert_eq!(names.find(1, &text(b"A")), TextName::Live(5));
        assert_eq!(names.find(2, &text(b"A")), TextName::Fresh);
        assert!(names.set(1, &text(b"A"), NO_SLOT));
        assert_eq!(names.find(1, &text(b"A")), TextName::Gone);
        for name in 0..7 {
            assert!(names.set(3, &text(&[name]), 1));
        }
        assert!(!names.set(4, &text(b"one too many"), 1));
        assert_eq!(names.find(4, &text(b"one too many")), TextName::Fresh);
    }
}
