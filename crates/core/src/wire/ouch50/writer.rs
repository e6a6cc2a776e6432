// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A message written into its caller's buffer, with what is appended to it.

use super::appendage::{Appendage, AppendageRule};
use super::layout::Appended;
use super::tags::Tag;
use crate::wire::ouch::OuchError;

/// Bytes of the length before an appendage.
const HEAD: usize = 2;

/// Writes one message: its fixed part first, then its tags.
///
/// ```
/// use onetape_core::wire::ouch50::{CancelOrderRequest, Tag, Writer};
/// let mut out = [0; 64];
/// let mut writer = Writer::new(&mut out, &CancelOrderRequest { user_ref_num: 7, quantity: 0 });
/// writer.tag(Tag::UserRefIndex(3));
/// assert_eq!(writer.finish(), Ok(14));
/// assert_eq!(out[..14], *b"X\0\0\0\x07\0\0\0\0\0\x03\x02\x1c\x03");
/// ```
#[derive(Debug)]
pub struct Writer<'b> {
    out: &'b mut [u8],
    fixed: usize,
    /// Bytes of elements; counted also where there is no room for them.
    elements: usize,
    has_length: bool,
}

impl<'b> Writer<'b> {
    /// Begins with the fixed part. A length is written where the message must have one.
    #[inline]
    pub fn new<M: Appended>(out: &'b mut [u8], message: &M) -> Self {
        let bytes = message.to_bytes();
        let bytes = bytes.as_ref();
        if let Some(room) = out.get_mut(..bytes.len()) {
            room.copy_from_slice(bytes);
        }
        let has_length = M::APPENDAGE == AppendageRule::Required;
        Self { out, fixed: bytes.len(), elements: 0, has_length }
    }

    /// Appends a tag. The caller sees to it that the message may have it.
    ///
    /// # Panics
    /// If the value of an unknown tag has more than 254 bytes.
    #[inline]
    pub fn tag(&mut self, tag: Tag<'_>) -> &mut Self {
        tag.encode(|value| {
            let length = u8::try_from(1 + value.len()).expect("a value of 254 bytes at most");
            self.append(&[length, tag.number()]);
            self.append(value);
        });
        self
    }

    /// Appends a tag if there is a value to it.
    ///
    /// # Panics
    /// See [`Writer::tag`].
    #[inline]
    pub fn tag_if(&mut self, is_given: bool, tag: Tag<'_>) -> &mut Self {
        if is_given { self.tag(tag) } else { self }
    }

    /// Appends all of an appendage, or leaves even the length out where it did.
    pub fn appendage(&mut self, appendage: Appendage<'_>) -> &mut Self {
        self.has_length = !appendage.is_omitted();
        if self.has_length {
            self.append(appendage.bytes());
        }
        self
    }

    /// Whether a length is written when there are no tags: as the caller wants it, and not as the
    /// message's rule says.
    pub const fn has_length(&mut self, has_length: bool) -> &mut Self {
        self.has_length = has_length;
        self
    }

    /// Writes the length and says how many bytes of the buffer the message has.
    ///
    /// # Errors
    /// [`OuchError::NoRoom`] when the buffer is too small, or the elements are more than a length
    /// of 16 bits can say.
    #[inline]
    pub fn finish(self) -> Result<usize, OuchError> {
        let expected = self.fixed + if self.has_length { HEAD + self.elements } else { 0 };
        let found = self.out.len().min(self.fixed + HEAD + usize::from(u16::MAX));
        if expected > found {
            return Err(OuchError::NoRoom { expected, found });
        }
        if self.has_length {
            let length = (self.elements as u16).to_be_bytes();
            self.out[self.fixed..self.fixed + HEAD].copy_from_slice(&length);
        }
        Ok(expected)
    }

    /// Appends bytes of an element, where there is room.
    #[inline]
    fn append(&mut self, bytes: &[u8]) {
        self.has_length = true;
        let start = self.fixed + HEAD + self.elements;
        if let Some(room) = self.out.get_mut(start..start + bytes.len()) {
            room.copy_from_slice(bytes);
        }
        self.elements += bytes.len();
    }
}
