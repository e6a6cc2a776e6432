// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! GLIMPSE 5.0: a snapshot is ITCH messages in `SoupBinTCP`, and this at its end.
//! Source: Nasdaq GLIMPSE 5.0.

/// Type of the message that ends a snapshot.
pub const END_TYPE: u8 = b'G';
/// Its length in bytes: the type, and a number of twenty digits.
pub const END_BYTES: usize = 21;

/// Number of the first message of the stream that is not in the snapshot, if `message` ends one.
/// The number may be padded with spaces on either side.
#[must_use]
pub fn end_of_snapshot(message: &[u8]) -> Option<u64> {
    let [END_TYPE, padded @ ..] = message else { return None };
    let digits = padded.trim_ascii();
    if message.len() != END_BYTES || digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, &digit| {
        let worth = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        number.checked_mul(10)?.checked_add(worth)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_padded_on_either_side() {
        for padded in ["                  42", "42                  ", "00000000000000000042"] {
            assert_eq!(end_of_snapshot(format!("G{padded}").as_bytes()), Some(42));
        }
        assert_eq!(end_of_snapshot(b"G18446744073709551615"), Some(u64::MAX));
    }

    #[test]
    fn everything_else_is_no_end() {
        let bad: [&[u8]; 6] = [
            b"",
            b"G",
            b"G                    ",
            b"G                 4 2",
            b"G18446744073709551616",
            b"A                  42",
        ];
        for message in bad {
            assert_eq!(end_of_snapshot(message), None);
        }
    }
}
