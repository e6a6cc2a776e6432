// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! `UTCTimestamp`: `20260102-03:04:05`, with as many digits behind the second as both ends like.

use crate::types::{SECOND_NS, TsNs, civil_from_days, days_from_civil};

/// Digits behind the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Three.
    Milliseconds,
    /// Six.
    Microseconds,
    /// Nine.
    Nanoseconds,
}

impl Precision {
    /// How many digits.
    const fn digits(self) -> usize {
        match self {
            Self::Milliseconds => 3,
            Self::Microseconds => 6,
            Self::Nanoseconds => 9,
        }
    }
}

/// Places of the digits before the point, and what stands between them.
const WHOLE: usize = 17;
/// Longest text of a time.
pub(super) const TIME_BYTES_MAX: usize = WHOLE + 1 + 9;

/// The text of a time and its length. Years before 0 or after 9999 count as those.
pub(super) fn time_text(ts_ns: TsNs, precision: Precision) -> ([u8; TIME_BYTES_MAX], usize) {
    let seconds = ts_ns.div_euclid(SECOND_NS);
    let (year, month, day) = civil_from_days(seconds.div_euclid(86_400));
    let second_of_day = seconds.rem_euclid(86_400);
    let mut text = *b"00000000-00:00:00.000000000";
    put(&mut text[0..4], year.clamp(0, 9_999));
    put(&mut text[4..6], month);
    put(&mut text[6..8], day);
    put(&mut text[9..11], second_of_day / 3_600);
    put(&mut text[12..14], second_of_day / 60 % 60);
    put(&mut text[15..17], second_of_day % 60);
    put(&mut text[18..27], ts_ns.rem_euclid(SECOND_NS));
    (text, WHOLE + 1 + precision.digits())
}

/// Writes a number in digits, with zeros before it.
fn put(places: &mut [u8], mut value: i64) {
    for place in places.iter_mut().rev() {
        *place = b'0' + value.rem_euclid(10).unsigned_abs() as u8;
        value /= 10;
    }
}

/// Reads a time; digits beyond nanoseconds are cut. A leap second counts as the second before it.
#[must_use]
pub fn parse_time(text: &[u8]) -> Option<TsNs> {
    let (whole, fraction) = text.split_first_chunk::<WHOLE>()?;
    if (whole[8], whole[11], whole[14]) != (b'-', b':', b':') {
        return None;
    }
    let (year, month, day) = (digits(&whole[0..4])?, digits(&whole[4..6])?, digits(&whole[6..8])?);
    let (hour, minute, second) =
        (digits(&whole[9..11])?, digits(&whole[12..14])?, digits(&whole[15..17])?);
    let days = days_from_civil(year, month, day);
    if civil_from_days(days) != (year, month, day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let nanos = match fraction {
        [] => 0,
        [b'.', places @ ..] if (1..=12).contains(&places.len()) => {
            let kept = &places[..places.len().min(9)];
            digits(&places[kept.len()..])?;
            digits(kept)? * 10_i64.pow(9 - kept.len() as u32)
        }
        _ => return None,
    };
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second.min(59);
    seconds.checked_mul(SECOND_NS)?.checked_add(nanos)
}

/// Digits alone, at most nine; nothing is 0.
fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0_i64, |value, &byte| {
        byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0'))
    })
}
