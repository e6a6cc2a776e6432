// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A message's header, and the few fields that messages of the session have, in one pass.

use crate::types::TsNs;
use crate::wire::fix::message::number;
use crate::wire::fix::{Fault, FixError, Message, Reason, parse_time, tag};

/// What a session reads of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the protocol has as many flags")]
pub struct Header<'a> {
    /// The message.
    pub message: Message<'a>,
    /// Its number.
    pub sequence: u64,
    /// Who sent it.
    pub sender: &'a [u8],
    /// To whom.
    pub target: &'a [u8],
    /// Whether it is sent again under its number.
    pub is_possible_duplicate: bool,
    /// Whether it may have been sent before under another number.
    pub is_possible_resend: bool,
    /// When it was sent.
    pub sending_time: Option<TsNs>,
    /// When it was sent first.
    pub first_sending_time: Option<TsNs>,
    /// User; at a logon.
    pub username: Option<&'a [u8]>,
    /// Password; at a logon, at the border alone.
    pub password: Option<&'a [u8]>,
    /// Seconds between heartbeats; at a logon.
    pub heartbeat_s: Option<u64>,
    /// Whether both ends count from 1 again; at a logon.
    pub resets: bool,
    /// Number that the peer expects next; at a logon.
    pub next_expected: Option<u64>,
    pub(super) is_encrypted: bool,
    pub(super) application: Option<&'a [u8]>,
    pub(super) test_id: Option<&'a [u8]>,
    pub(super) begin_seq: Option<u64>,
    pub(super) end_seq: Option<u64>,
    pub(super) new_seq: Option<u64>,
    pub(super) fills_gap: bool,
    pub(super) rejected_seq: Option<u64>,
    pub(super) fault: Option<Fault>,
}

impl<'a> Header<'a> {
    /// Reads the one message that `bytes` are: what the border asks before it knows a session.
    ///
    /// # Errors
    /// [`FixError`] when they are no message.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, FixError> {
        Message::parse(bytes).map(Self::of)
    }

    /// Whether the message is a logon.
    #[must_use]
    pub fn is_logon(&self) -> bool {
        self.message.msg_type() == b"A"
    }

    /// Reads a message.
    #[must_use]
    pub fn of(message: Message<'a>) -> Self {
        let mut header = Self {
            message,
            sequence: 0,
            sender: b"",
            target: b"",
            is_possible_duplicate: false,
            is_possible_resend: false,
            sending_time: None,
            first_sending_time: None,
            username: None,
            password: None,
            heartbeat_s: None,
            resets: false,
            next_expected: None,
            is_encrypted: false,
            application: None,
            test_id: None,
            begin_seq: None,
            end_seq: None,
            new_seq: None,
            fills_gap: false,
            rejected_seq: None,
            fault: None,
        };
        for field in message.fields() {
            let taken = field.and_then(|field| header.take(field.tag, field.value));
            if let Err(fault) = taken {
                header.fault.get_or_insert(fault);
            }
        }
        header
    }

    /// Takes one field.
    #[inline]
    fn take(&mut self, tag: u32, value: &'a [u8]) -> Result<(), Fault> {
        let wrong = Fault { tag, reason: Reason::IncorrectFormat };
        let count = || number(value).ok_or(wrong);
        let flag = || match value {
            b"Y" => Ok(true),
            b"N" => Ok(false),
            _ => Err(wrong),
        };
        let time = || parse_time(value).ok_or(wrong);
        match tag {
            tag::SENDER_COMP_ID => self.sender = value,
            tag::TARGET_COMP_ID => self.target = value,
            tag::MSG_SEQ_NUM => self.sequence = count()?,
            tag::POSS_DUP_FLAG => self.is_possible_duplicate = flag()?,
            tag::POSS_RESEND => self.is_possible_resend = flag()?,
            tag::SENDING_TIME => self.sending_time = Some(time()?),
            tag::ORIG_SENDING_TIME => self.first_sending_time = Some(time()?),
            tag::USERNAME => self.username = Some(value),
            tag::PASSWORD => self.password = Some(value),
            tag::HEART_BT_INT => self.heartbeat_s = Some(count()?),
            tag::RESET_SEQ_NUM_FLAG => self.resets = flag()?,
            tag::NEXT_EXPECTED_MSG_SEQ_NUM => self.next_expected = Some(count()?),
            tag::ENCRYPT_METHOD => self.is_encrypted = value != b"0",
            tag::DEFAULT_APPL_VER_ID | tag::APPL_VER_ID => self.application = Some(value),
            tag::TEST_REQ_ID => self.test_id = Some(value),
            tag::BEGIN_SEQ_NO => self.begin_seq = Some(count()?),
            tag::END_SEQ_NO => self.end_seq = Some(count()?),
            tag::NEW_SEQ_NO => self.new_seq = Some(count()?),
            tag::GAP_FILL_FLAG => self.fills_gap = flag()?,
            tag::REF_SEQ_NUM => self.rejected_seq = Some(count()?),
            _ => {}
        }
        Ok(())
    }
}
