// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Writes a message into a buffer of the caller's. The head (begin string and body length) is put
//! before the body when the length is known, so nothing is moved.

use super::time::time_text;
use super::{MESSAGE_BYTES_MAX, Precision, SOH, Version};
use crate::types::{Ticks, TsNs};

/// Room before the body: `8=FIXT.1.1|9=8192|` and something to spare.
const HEAD_BYTES_MAX: usize = 24;
/// `10=123|`.
pub(super) const TRAILER_BYTES: usize = 7;

/// A piece of a text value.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// Bytes as they are.
    Text(&'a [u8]),
    /// A number in digits.
    Number(u64),
}

/// A message being written.
#[derive(Debug)]
pub struct Writer<'a> {
    buffer: &'a mut [u8],
    at: usize,
    begin: Begin,
}

/// A begin string of any length that has room in the head.
#[derive(Clone, Copy, Debug)]
struct Begin([u8; 16], usize);

impl<'a> Writer<'a> {
    /// Begins a message. [`super::BUFFER_BYTES`] bytes of `buffer` are enough for any.
    ///
    /// # Panics
    /// If the buffer has no room for a head and a trailer.
    #[must_use]
    pub fn new(buffer: &'a mut [u8], version: Version) -> Self {
        Self::with_begin(buffer, version.begin_string())
    }

    /// Begins a message with the begin string of another.
    pub(super) fn with_begin(buffer: &'a mut [u8], begin_string: &[u8]) -> Self {
        assert!(buffer.len() >= HEAD_BYTES_MAX + TRAILER_BYTES, "a buffer with room for a message");
        let mut begin = Begin([0; 16], begin_string.len());
        begin.0[..begin.1].copy_from_slice(begin_string);
        Self { buffer, at: HEAD_BYTES_MAX, begin }
    }

    /// Bytes that fields may still take.
    #[must_use]
    pub fn room(&self) -> usize {
        self.buffer.len() - TRAILER_BYTES - self.at
    }

    /// Bytes as they are.
    ///
    /// # Panics
    /// If the buffer is full: what is echoed has been checked for its length before.
    fn raw(&mut self, bytes: &[u8]) {
        let end = self.at + bytes.len();
        assert!(end + TRAILER_BYTES <= self.buffer.len(), "a message that fits its buffer");
        self.buffer[self.at..end].copy_from_slice(bytes);
        self.at = end;
    }

    /// A number in digits.
    fn digits(&mut self, mut value: u64) {
        let mut text = [0; 20];
        let mut start = text.len();
        loop {
            start -= 1;
            text[start] = b'0' + (value % 10) as u8;
            value /= 10;
            if value == 0 {
                break;
            }
        }
        self.raw(&text[start..]);
    }

    /// `tag=`.
    fn tag(&mut self, tag: u32) {
        self.digits(u64::from(tag));
        self.raw(b"=");
    }

    /// A text; the caller has seen to it that it is not empty and holds no SOH.
    ///
    /// # Panics
    /// If the buffer is full; so do the others.
    pub fn text(&mut self, tag: u32, value: &[u8]) {
        self.tag(tag);
        self.raw(value);
        self.raw(&[SOH]);
    }

    /// A text made of pieces.
    pub fn parts(&mut self, tag: u32, parts: &[Part<'_>]) {
        self.tag(tag);
        for part in parts {
            match *part {
                Part::Text(text) => self.raw(text),
                Part::Number(number) => self.digits(number),
            }
        }
        self.raw(&[SOH]);
    }

    /// A text without the padding behind it (zero bytes or spaces); nothing when there is no more.
    pub fn padded(&mut self, tag: u32, value: &[u8]) {
        let value = match value.iter().rposition(|byte| !matches!(byte, 0 | b' ')) {
            Some(last) => &value[..=last],
            None => return,
        };
        self.text(tag, value);
    }

    /// One character.
    pub fn character(&mut self, tag: u32, value: u8) {
        self.text(tag, &[value]);
    }

    /// `Y` or `N`.
    pub fn flag(&mut self, tag: u32, value: bool) {
        self.character(tag, if value { b'Y' } else { b'N' });
    }

    /// A number.
    pub fn number(&mut self, tag: u32, value: u64) {
        self.tag(tag);
        self.digits(value);
        self.raw(&[SOH]);
    }

    /// A price in ticks of 0.0001, without needless zeros.
    pub fn price(&mut self, tag: u32, value: Ticks) {
        self.decimal(tag, value, 4);
    }

    /// A number of units of 10^-`places`, without needless zeros; at most 18 places.
    pub fn decimal(&mut self, tag: u32, value: i64, places: usize) {
        self.tag(tag);
        if value < 0 {
            self.raw(b"-");
        }
        let unit = 10_u64.pow(places as u32);
        let (whole, mut part) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
        self.digits(whole);
        if part != 0 {
            let mut text = [b'.'; 19];
            let text = &mut text[..=places];
            for place in text[1..].iter_mut().rev() {
                *place = b'0' + (part % 10) as u8;
                part /= 10;
            }
            let last = text.iter().rposition(|&byte| byte != b'0').unwrap_or(0);
            self.raw(&text[..=last]);
        }
        self.raw(&[SOH]);
    }

    /// A time.
    pub fn time(&mut self, tag: u32, ts_ns: TsNs, precision: Precision) {
        let (text, length) = time_text(ts_ns, precision);
        self.text(tag, &text[..length]);
    }

    /// Closes the message: its head, length and checksum. The whole of it, where it lies.
    ///
    /// # Panics
    /// If the message is longer than [`MESSAGE_BYTES_MAX`].
    #[must_use]
    pub fn finish(self) -> &'a [u8] {
        let Self { buffer, at, begin: Begin(begin, begin_length) } = self;
        let length = at - HEAD_BYTES_MAX;
        let mut head = Writer { buffer: &mut [0; 64], at: 0, begin: Begin([0; 16], 0) };
        head.text(8, &begin[..begin_length]);
        head.number(9, length as u64);
        let start = HEAD_BYTES_MAX - head.at;
        buffer[start..HEAD_BYTES_MAX].copy_from_slice(&head.buffer[..head.at]);
        let sum = checksum(&buffer[start..at]);
        buffer[at..at + TRAILER_BYTES].copy_from_slice(&trailer(sum));
        assert!(
            at + TRAILER_BYTES - start <= MESSAGE_BYTES_MAX,
            "a message of 8,192 bytes at most"
        );
        &buffer[start..at + TRAILER_BYTES]
    }
}

/// All bytes added up, modulo 256.
#[inline]
pub(super) fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, &byte| sum.wrapping_add(byte))
}

/// `10=123|`.
pub(super) const fn trailer(sum: u8) -> [u8; TRAILER_BYTES] {
    [b'1', b'0', b'=', b'0' + sum / 100, b'0' + sum / 10 % 10, b'0' + sum % 10, SOH]
}
