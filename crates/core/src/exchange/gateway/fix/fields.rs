// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The fields of a message that are read, where they lie.

use super::super::{NAME_BYTES, NameText};
use crate::types::Decimal;
use crate::wire::fix::{Fault as FieldFault, Message, Reason, tag};

/// How many tags are read.
const TAGS: usize = 28;

/// Place of a tag among those that are read.
const fn place_of(tag: u32) -> Option<usize> {
    Some(match tag {
        tag::ACCOUNT => 0,
        tag::CL_ORD_ID => 1,
        tag::EXEC_INST => 2,
        tag::ORDER_QTY => 3,
        tag::ORD_TYPE => 4,
        tag::ORIG_CL_ORD_ID => 5,
        tag::PRICE => 6,
        tag::SIDE => 7,
        tag::SYMBOL => 8,
        tag::TIME_IN_FORCE => 9,
        tag::TRANSACT_TIME => 10,
        tag::STOP_PX => 11,
        tag::MIN_QTY => 12,
        tag::MAX_FLOOR => 13,
        tag::EXPIRE_TIME => 14,
        tag::PEG_OFFSET_VALUE => 15,
        tag::EXPIRE_DATE => 16,
        tag::ORDER_CAPACITY => 17,
        tag::MASS_CANCEL_REQUEST_TYPE => 18,
        tag::ORD_STATUS_REQ_ID => 19,
        tag::PEG_MOVE_TYPE => 20,
        tag::PEG_OFFSET_TYPE => 21,
        tag::DISPLAY_METHOD => 22,
        tag::PEG_PRICE_TYPE => 23,
        tag::DISPLAY_QTY => 24,
        tag::SELF_MATCH_PREVENTION_INSTRUCTION => 25,
        tag::SELF_TRADE_SCOPE => 26,
        tag::POST_ONLY_MODE => 27,
        _ => return None,
    })
}

/// The fields of a message that are read, where they lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'a> {
    values: [Option<&'a [u8]>; TAGS],
}

impl<'a> Said<'a> {
    /// Reads a message's fields; a field that comes twice is a fault.
    pub(super) fn of(message: &Message<'a>) -> Result<Self, FieldFault> {
        let mut said = Self { values: [None; TAGS] };
        for field in message.fields() {
            let field = field?;
            if let Some(place) = place_of(field.tag)
                && said.values[place].replace(field.value).is_some()
            {
                return Err(FieldFault { tag: field.tag, reason: Reason::TagAppearsTwice });
            }
        }
        Ok(said)
    }

    pub(super) fn get(&self, tag: u32) -> Option<&'a [u8]> {
        self.values[place_of(tag)?]
    }

    pub(super) fn needed(&self, tag: u32) -> Result<&'a [u8], FieldFault> {
        self.get(tag).ok_or(FieldFault { tag, reason: Reason::RequiredTagMissing })
    }

    /// One character.
    pub(super) fn letter(&self, tag: u32) -> Result<Option<u8>, FieldFault> {
        match self.get(tag) {
            None => Ok(None),
            Some(&[letter]) => Ok(Some(letter)),
            Some(_) => Err(FieldFault { tag, reason: Reason::IncorrectFormat }),
        }
    }

    /// A client's name.
    pub(super) fn name(&self, tag: u32) -> Result<NameText, FieldFault> {
        let text = self.needed(tag)?;
        name_text(text).ok_or(FieldFault { tag, reason: Reason::ValueIncorrect })
    }

    /// A decimal number, in units of which there must be a whole number.
    pub(super) fn decimal(
        &self,
        tag: u32,
        unit_e9: u64,
    ) -> Result<Option<Result<i64, ()>>, FieldFault> {
        let Some(text) = self.get(tag) else { return Ok(None) };
        match Decimal::parse(text) {
            Ok(decimal) => Ok(Some(decimal.in_units(unit_e9).map_err(|_| ()))),
            Err(_) => Err(FieldFault { tag, reason: Reason::IncorrectFormat }),
        }
    }
}

/// A client's text as a name: 1 to 20 characters that can be printed.
pub(super) fn name_text(text: &[u8]) -> Option<NameText> {
    let is_plain = text.iter().all(|byte| (b' '..=b'~').contains(byte));
    if !is_plain || text.len() > NAME_BYTES || !text.first().is_some_and(u8::is_ascii_graphic) {
        return None;
    }
    let mut name = [b' '; NAME_BYTES];
    name[..text.len()].copy_from_slice(text);
    Some(name)
}
