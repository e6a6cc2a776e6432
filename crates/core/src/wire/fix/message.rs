// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A message read where it lies: its frame, its type, its fields in order.

use super::writer::{TRAILER_BYTES, checksum, trailer};
use super::{MESSAGE_BYTES_MAX, SOH};

/// Longest begin string with its tag and SOH that is looked for.
const BEGIN_BYTES_MAX: usize = 16;
/// Most digits of a body length.
const LENGTH_DIGITS_MAX: usize = 9;

/// Why bytes are not a whole message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FixError {
    /// They do not begin with `8=FIX…`.
    BeginString,
    /// The second field is not a body length, or more than a message may have.
    BodyLength,
    /// No trailer stands where the body length says, or not at the end.
    Trailer,
    /// The checksum is another.
    CheckSum {
        /// What the bytes add up to.
        expected: u8,
    },
    /// The third field is not the message's type.
    MsgType,
}

/// Why a message is rejected: the session's codes. Source: FIX field 373.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Reason {
    /// A tag is not a number above 0.
    InvalidTag = 0,
    /// A field is missing.
    RequiredTagMissing = 1,
    /// A field has no value.
    TagWithoutValue = 4,
    /// A value is out of its range.
    ValueIncorrect = 5,
    /// A value is not of its type.
    IncorrectFormat = 6,
    /// Sender or target is another.
    CompIdProblem = 9,
    /// The sending time is too far off.
    SendingTimeProblem = 10,
    /// The type of message is not one of the protocol's.
    InvalidMsgType = 11,
    /// A field comes twice.
    TagAppearsTwice = 13,
    /// A group has not as many entries as it says.
    IncorrectGroupCount = 16,
    /// The application's version is not the session's.
    UnsupportedVersion = 18,
    /// Anything else.
    Other = 99,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its tag; 0 when it has none.
    pub tag: u32,
    /// Why.
    pub reason: Reason,
}

/// A field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// Its tag.
    pub tag: u32,
    /// Its value, never empty.
    pub value: &'a [u8],
}

/// A whole message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    bytes: &'a [u8],
    frame: Frame,
}

/// Where the parts of a message lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    begin_end: usize,
    body: usize,
    type_end: usize,
}

impl<'a> Message<'a> {
    /// How long the message at the front of `bytes` is; `None` when too little is there to say.
    ///
    /// # Errors
    /// [`FixError`] when no message begins here.
    pub fn length_of(bytes: &[u8]) -> Result<Option<usize>, FixError> {
        Ok(head_of(bytes)?.map(|(_, body, length)| body + length + TRAILER_BYTES))
    }

    /// Takes `bytes` as one message.
    ///
    /// # Errors
    /// [`FixError`] when they are not exactly that.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, FixError> {
        Self::frame(bytes).map(|frame| Self { bytes, frame })
    }

    /// The message in these bytes, whose frame was found before.
    pub(super) const fn framed(bytes: &'a [u8], frame: Frame) -> Self {
        Self { bytes, frame }
    }

    /// Finds the frame of the one message that `bytes` are.
    #[inline]
    pub(super) fn frame(bytes: &[u8]) -> Result<Frame, FixError> {
        let (begin_end, body, length) = head_of(bytes)?.ok_or(FixError::Trailer)?;
        let end = body + length;
        if bytes.len() != end + TRAILER_BYTES || bytes[end - 1] != SOH {
            return Err(FixError::Trailer);
        }
        let expected = checksum(&bytes[..end]);
        if bytes[end..] != trailer(expected) {
            let is_trailer = bytes[end..].starts_with(b"10=") && bytes.ends_with(&[SOH]);
            let wrong = FixError::CheckSum { expected };
            return Err(if is_trailer { wrong } else { FixError::Trailer });
        }
        let rest = bytes[body..end].strip_prefix(b"35=").ok_or(FixError::MsgType)?;
        match rest.iter().position(|&byte| byte == SOH) {
            None | Some(0) => Err(FixError::MsgType),
            Some(type_length) => Ok(Frame { begin_end, body, type_end: body + 3 + type_length }),
        }
    }

    /// All of it.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// What it begins with: `FIX.4.4`.
    #[must_use]
    pub fn begin_string(&self) -> &'a [u8] {
        &self.bytes[2..self.frame.begin_end]
    }

    /// Its type: `D`.
    #[must_use]
    pub fn msg_type(&self) -> &'a [u8] {
        &self.bytes[self.frame.body + 3..self.frame.type_end]
    }

    /// Its fields in order, from the one after the type up to the checksum.
    #[must_use]
    pub fn fields(&self) -> Fields<'a> {
        let end = self.bytes.len() - TRAILER_BYTES;
        Fields { rest: &self.bytes[self.frame.type_end + 1..end], data_bytes: None }
    }

    /// The value of the first field with this tag.
    #[must_use]
    pub fn find(&self, tag: u32) -> Option<&'a [u8]> {
        self.fields().map_while(Result::ok).find(|field| field.tag == tag).map(|field| field.value)
    }
}

/// The fields of a message, in order. After a fault there are no more.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    rest: &'a [u8],
    data_bytes: Option<(u32, usize)>,
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, Fault>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.split();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    /// The field at the front, which it takes off.
    #[inline]
    fn split(&mut self) -> Result<Field<'a>, Fault> {
        let (tag, value_at) = tag_of(self.rest)?;
        let after = &self.rest[value_at..];
        let length = match self.data_bytes.take() {
            Some((data, length)) if data == tag => {
                // The length field says where data ends, for it may hold any byte.
                if after.get(length) != Some(&SOH) {
                    return Err(Fault { tag, reason: Reason::IncorrectFormat });
                }
                length
            }
            // Every body ends with SOH: the frame was checked.
            _ => after.iter().position(|&byte| byte == SOH).unwrap_or(after.len()),
        };
        let value = &after[..length];
        self.rest = after.get(length + 1..).unwrap_or(&[]);
        if value.is_empty() {
            return Err(Fault { tag, reason: Reason::TagWithoutValue });
        }
        if let Some(data) = super::tag::data_of(tag) {
            let length = number(value).ok_or(Fault { tag, reason: Reason::IncorrectFormat })?;
            self.data_bytes = Some((data, length as usize));
        }
        Ok(Field { tag, value })
    }
}

/// The tag at the front of `bytes`, and where its value begins.
#[inline]
fn tag_of(bytes: &[u8]) -> Result<(u32, usize), Fault> {
    let mut tag = 0_u32;
    for (at, &byte) in bytes.iter().enumerate().take(10) {
        match byte {
            b'0' if tag == 0 => break,
            b'0'..=b'9' if at < 9 => tag = tag * 10 + u32::from(byte - b'0'),
            b'=' if tag > 0 => return Ok((tag, at + 1)),
            _ => break,
        }
    }
    Err(Fault { tag: 0, reason: Reason::InvalidTag })
}

/// Digits that fit in 64 bits.
#[inline]
pub(crate) fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u64, |value, &byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        value.checked_mul(10)?.checked_add(digit)
    })
}

/// Where the begin string ends, where the body begins, and its length; `None` when too little is there.
fn head_of(bytes: &[u8]) -> Result<Option<(usize, usize, usize)>, FixError> {
    let start = b"8=FIX";
    if !bytes.starts_with(&start[..start.len().min(bytes.len())]) {
        return Err(FixError::BeginString);
    }
    let is_end = |byte: &u8| *byte == SOH;
    let Some(begin_end) = bytes.iter().take(BEGIN_BYTES_MAX).position(is_end) else {
        let is_short = bytes.len() < BEGIN_BYTES_MAX;
        return if is_short { Ok(None) } else { Err(FixError::BeginString) };
    };
    let rest = &bytes[begin_end + 1..];
    if !rest.starts_with(&b"9="[..rest.len().min(2)]) {
        return Err(FixError::BodyLength);
    }
    let digits = rest.get(2..).unwrap_or(&[]);
    let Some(length_end) = digits.iter().take(LENGTH_DIGITS_MAX + 1).position(is_end) else {
        let is_number = digits.len() <= LENGTH_DIGITS_MAX && digits.iter().all(u8::is_ascii_digit);
        return if is_number { Ok(None) } else { Err(FixError::BodyLength) };
    };
    let length = number(&digits[..length_end]).ok_or(FixError::BodyLength)? as usize;
    let body = begin_end + 1 + 2 + length_end + 1;
    if length == 0 || body + length + TRAILER_BYTES > MESSAGE_BYTES_MAX {
        return Err(FixError::BodyLength);
    }
    Ok(Some((begin_end, body, length)))
}
