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
}
