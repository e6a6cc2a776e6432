// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Nanoseconds since the Unix epoch, for people.

use super::TsNs;

/// One second.
pub const SECOND_NS: TsNs = 1_000_000_000;
/// One millisecond.
pub const MILLISECOND_NS: TsNs = 1_000_000;

/// Year, month and day of a count of days since 1970-01-01.
///
/// Source: H. Hinnant, "chrono-compatible low-level date algorithms" (`civil_from_days`).
#[must_use]
pub const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

/// `2019-01-30T09:30:00.000245396Z`: ISO 8601 with all nine digits.
#[must_use]
pub fn format_ts_ns(ts: TsNs) -> String {
    let seconds = ts.div_euclid(SECOND_NS);
    let nanos = ts.rem_euclid(SECOND_NS);
    let (year, month, day) = civil_from_days(seconds.div_euclid(86_400));
    let second_of_day = seconds.rem_euclid(86_400);
    let (hour, minute, second) =
        (second_of_day / 3_600, second_of_day / 60 % 60, second_of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{nanos:09}Z")
}

/// Why text is not a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeError {
    /// Not `YYYY-MM-DDThh:mm:ss` with up to nine digits and an optional `Z`: see the byte at `at`.
    Syntax {
        /// Index of the byte.
        at: usize,
    },
    /// A day, hour, minute or second that no calendar or clock has, or a year 64 bits do not reach.
    Range,
}

/// Days since 1970-01-01 of a date of the Gregorian calendar. The inverse of [`civil_from_days`].
#[must_use]
pub const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_index = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * month_index + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Reads `2019-01-30`, or that with `T09:30:00`, up to nine digits behind the second and a `Z`; UTC.
///
/// # Errors
/// [`TimeError`] when it is not such text, or no such time.
pub fn parse_ts_ns(text: &[u8]) -> Result<TsNs, TimeError> {
    let (year, month, day) = (digits(text, 0, 4)?, after(text, 4, b'-')?, after(text, 7, b'-')?);
    let days = days_from_civil(year, month, day);
    if civil_from_days(days) != (year, month, day) {
        return Err(TimeError::Range);
    }
    let (mut second_of_day, mut nanos) = (0, 0);
    if text.len() > 10 {
        expect_byte(text, 10, b'T')?;
        let (hour, minute, second) =
            (digits(text, 11, 2)?, after(text, 13, b':')?, after(text, 16, b':')?);
        if hour > 23 || minute > 59 || second > 59 {
            return Err(TimeError::Range);
        }
        second_of_day = hour * 3_600 + minute * 60 + second;
        let end = if text.last() == Some(&b'Z') { text.len() - 1 } else { text.len() };
        if end > 19 {
            expect_byte(text, 19, b'.')?;
            let places = end - 20;
            if places == 0 || places > 9 {
                return Err(TimeError::Syntax { at: 20 + places.min(9) });
            }
            nanos = digits(text, 20, places)? * 10_i64.pow(9 - places as u32);
        }
    }
    // In 128 bits: near the ends of the range the whole seconds alone may not fit.
    let ts = i128::from(days * 86_400 + second_of_day) * i128::from(SECOND_NS) + i128::from(nanos);
    TsNs::try_from(ts).map_err(|_| TimeError::Range)
}

fn expect_byte(text: &[u8], at: usize, wanted: u8) -> Result<(), TimeError> {
    if text.get(at) == Some(&wanted) { Ok(()) } else { Err(TimeError::Syntax { at }) }
}

/// Two digits behind a separator at `at`.
fn after(text: &[u8], at: usize, separator: u8) -> Result<i64, TimeError> {
    expect_byte(text, at, separator)?;
    digits(text, at + 1, 2)
}

fn digits(text: &[u8], from: usize, count: usize) -> Result<i64, TimeError> {
    let mut value = 0;
    for at in from..from + count {
        match text.get(at) {
            Some(byte @ b'0'..=b'9') => value = value * 10 + i64::from(byte - b'0'),
            _ => return Err(TimeError::Syntax { at }),
        }
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_8601() {
        assert_eq!(format_ts_ns(0), "1970-01-01T00:00:00.000000000Z");
        assert_eq!(format_ts_ns(1_548_840_600_000_245_396), "2019-01-30T09:30:00.000245396Z");
        assert_eq!(format_ts_ns(951_782_400 * SECOND_NS), "2000-02-29T00:00:00.000000000Z");
        assert_eq!(format_ts_ns(-1), "1969-12-31T23:59:59.999999999Z");
    }
    #[test]
    fn text_and_back() {
        for ts in [0, -1, 1_548_840_600_000_245_396, i64::MIN, i64::MAX] {
            assert_eq!(parse_ts_ns(format_ts_ns(ts).as_bytes()), Ok(ts));
        }
        assert_eq!(parse_ts_ns(b"1970-01-02"), Ok(86_400 * SECOND_NS));
        assert_eq!(parse_ts_ns(b"1970-01-01T00:00:01.5Z"), Ok(1_500_000_000));
        assert_eq!(parse_ts_ns(b"1970-01-01T00:00:01"), Ok(SECOND_NS));
    }

    #[test]
    fn bad_times_are_refused() {
        let syntax = |text: &str, at| {
            assert_eq!(parse_ts_ns(text.as_bytes()), Err(TimeError::Syntax { at }), "{text}");
        };
        syntax("", 0);
        syntax("2019-1-30", 6);
        syntax("2019-01-30 09:30:00", 10);
        syntax("2019-01-30T09:30", 16);
        syntax("2019-01-30T09:30:00.", 20);
        syntax("2019-01-30T09:30:00.1234567890", 29);
        syntax("2019-01-30T09:30:00+01:00", 19);
        for text in ["2019-02-29", "2019-13-01", "2019-01-00", "2019-01-30T24:00:00", "2300-01-01"]
        {
            assert_eq!(parse_ts_ns(text.as_bytes()), Err(TimeError::Range), "{text}");
        }
    }
}
