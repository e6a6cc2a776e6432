// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Passwords stay at the border: a logon is journaled without them, and stored without them.

use super::{Field, Message, Writer, tag};

/// What stands where a password was.
const BLANK: &[u8] = b"*";

/// Whether a field may hold a secret. Raw data of a logon is where some put a password.
const fn is_secret(tag: u32) -> bool {
    use tag::{ENCRYPTED_NEW_PASSWORD, ENCRYPTED_PASSWORD, NEW_PASSWORD, PASSWORD, RAW_DATA};
    matches!(tag, PASSWORD | NEW_PASSWORD | RAW_DATA | ENCRYPTED_PASSWORD | ENCRYPTED_NEW_PASSWORD)
}

/// Whether a field says how long a secret is.
const fn is_secret_length(tag: u32) -> bool {
    use tag::{ENCRYPTED_NEW_PASSWORD_LEN, ENCRYPTED_PASSWORD_LEN, RAW_DATA_LENGTH};
    matches!(tag, RAW_DATA_LENGTH | ENCRYPTED_PASSWORD_LEN | ENCRYPTED_NEW_PASSWORD_LEN)
}

/// Whether a message's type is one that carries passwords: logon and user request.
fn has_secrets(message: &Message<'_>) -> bool {
    matches!(message.msg_type(), b"A" | b"BE")
}

/// The message with `*` for each password, and its length and checksum made good, in `out`
/// (of [`super::BUFFER_BYTES`] bytes); any other message as it is. What follows a field that
/// cannot be read is left out, so that no part of a password stays.
///
/// # Panics
/// If `out` is smaller than that.
#[must_use]
pub fn without_passwords<'a>(message: Message<'a>, out: &'a mut [u8]) -> Message<'a> {
    if !has_secrets(&message) {
        return message;
    }
    let mut writer = rewriting(&message, out);
    for field in message.fields().map_while(Result::ok) {
        write_kept(&mut writer, field);
    }
    Message::parse(writer.finish()).expect("a message, for it was just written")
}

/// A logon of ours with user and password put in, in `out`: what goes to the venue, and is neither
/// journaled nor stored. `out` is of [`super::BUFFER_BYTES`] bytes.
///
/// # Panics
/// If it does not fit: the two have at most 200 bytes together.
#[must_use]
pub fn with_login<'a>(
    logon: &Message<'_>,
    username: &[u8],
    password: &[u8],
    out: &'a mut [u8],
) -> Message<'a> {
    let mut written = rewriting(logon, out);
    for field in logon.fields().map_while(Result::ok) {
        written.text(field.tag, field.value);
    }
    written.text(tag::USERNAME, username);
    written.text(tag::PASSWORD, password);
    Message::parse(written.finish()).expect("a message, for it was just written")
}

/// Begins a message of the same version and type.
fn rewriting<'a>(message: &Message<'_>, out: &'a mut [u8]) -> Writer<'a> {
    let mut writer = Writer::with_begin(out, message.begin_string());
    writer.text(35, message.msg_type());
    writer
}

/// A field as it may be kept.
fn write_kept(writer: &mut Writer<'_>, field: Field<'_>) {
    match field.tag {
        tag if is_secret(tag) => writer.text(tag, BLANK),
        tag if is_secret_length(tag) => writer.number(tag, BLANK.len() as u64),
        tag => writer.text(tag, field.value),
    }
}
