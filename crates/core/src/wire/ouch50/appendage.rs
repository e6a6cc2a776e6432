// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What may follow a message: a length in two bytes, then elements of a length, a tag and a value.

use super::tags::Tag;
use crate::wire::ouch::OuchError;

/// Whether a message has an appendage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendageRule {
    /// Never.
    None,
    /// Its length always stands there, if only as zero.
    Required,
    /// Its length may be left out when there are no elements.
    Optional,
}

/// The elements behind a message, where they lie; looked at, so that reading cannot fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Appendage<'a> {
    /// `None` where even the length was left out.
    elements: Option<&'a [u8]>,
}

impl<'a> Appendage<'a> {
    /// Looks at the bytes behind the fixed part of a message.
    #[inline]
    pub(super) fn decode(
        message_type: u8,
        fixed: usize,
        rule: AppendageRule,
        rest: &'a [u8],
    ) -> Result<Self, OuchError> {
        if rest.is_empty() && rule != AppendageRule::Required {
            return Ok(Self { elements: None });
        }
        let head = if rule == AppendageRule::None { None } else { rest.split_first_chunk::<2>() };
        let Some((&length, elements)) = head else {
            let room = if rule == AppendageRule::Required { 2 } else { 0 };
            let found = fixed + rest.len();
            return Err(OuchError::Length { message_type, expected: fixed + room, found });
        };
        let (expected, found) = (usize::from(u16::from_be_bytes(length)), elements.len());
        if expected != found {
            let offset = fixed;
            return Err(OuchError::AppendageLength { message_type, offset, expected, found });
        }
        check(message_type, fixed + 2, elements)?;
        Ok(Self { elements: Some(elements) })
    }

    /// Whether even the length was left out.
    #[must_use]
    pub const fn is_omitted(self) -> bool {
        self.elements.is_none()
    }

    /// The bytes of the elements, without the length before them.
    #[must_use]
    pub fn bytes(self) -> &'a [u8] {
        self.elements.unwrap_or(&[])
    }

    /// The tags, in their order.
    #[inline]
    #[must_use]
    pub fn tags(self) -> Tags<'a> {
        Tags { rest: self.bytes() }
    }
}

/// Whether every element ends within the appendage and has the length of its tag.
#[inline]
fn check(message_type: u8, mut offset: usize, mut rest: &[u8]) -> Result<(), OuchError> {
    while let Some((&length, behind)) = rest.split_first() {
        let expected = usize::from(length);
        let element = behind.get(..expected).and_then(<[u8]>::split_first);
        let Some((&tag, value)) = element else {
            let found = behind.len();
            return Err(OuchError::Element { message_type, offset, expected, found });
        };
        if let Err(expected) = Tag::decode(tag, value) {
            let found = value.len();
            return Err(OuchError::TagLength { message_type, offset, tag, expected, found });
        }
        rest = &behind[expected..];
        offset += 1 + expected;
    }
    Ok(())
}

/// The tags of an appendage, one after the other.
#[derive(Clone, Debug)]
pub struct Tags<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    #[inline]
    fn next(&mut self) -> Option<Tag<'a>> {
        let (&length, behind) = self.rest.split_first()?;
        let (element, rest) = behind.split_at_checked(usize::from(length))?;
        self.rest = rest;
        let (&tag, value) = element.split_first()?;
        Tag::decode(tag, value).ok()
    }
}
