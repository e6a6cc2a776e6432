// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Decimal text and venue units to ticks and lots, and back: exact, or refused.

/// A decimal number as text says it: `mantissa` times ten to the `-scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// Signed digits.
    pub mantissa: i64,
    /// Digits behind the point, 0 to 18.
    pub scale: u8,
}

/// Why a number was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecimalError {
    /// Not a plain decimal number: the byte at `at` does not belong.
    Syntax {
        /// Index of the byte.
        at: usize,
    },
    /// More digits than 64 bits or 18 places hold.
    TooLarge,
    /// The number is not a whole multiple of the unit.
    Inexact {
        /// The number's mantissa.
        mantissa: i64,
        /// The number's scale.
        scale: u8,
        /// The unit, in 10^-9.
        unit_e9: u64,
    },
}

impl Decimal {
    /// Most digits behind the point.
    pub const SCALE_MAX: u8 = 18;

    /// Reads plain decimal text: sign, digits, point, digits. No exponent, no spaces.
    ///
    /// # Errors
    /// [`DecimalError::Syntax`] and [`DecimalError::TooLarge`].
    pub fn parse(text: &[u8]) -> Result<Self, DecimalError> {
        let (negative, start) = match text.first() {
            Some(b'-') => (true, 1),
            Some(b'+') => (false, 1),
            _ => (false, 0),
        };
        let (mut mantissa, mut scale, mut point, mut digits) = (0_i64, 0_u8, false, 0_usize);
        for (at, &byte) in text.iter().enumerate().skip(start) {
            match byte {
                b'0'..=b'9' => {
                    let digit = i64::from(byte - b'0');
                    let signed = if negative { -digit } else { digit };
                    mantissa = mantissa
                        .checked_mul(10)
                        .and_then(|m| m.checked_add(signed))
                        .ok_or(DecimalError::TooLarge)?;
                    digits += 1;
                    scale += u8::from(point);
                    if scale > Self::SCALE_MAX {
                        return Err(DecimalError::TooLarge);
                    }
                }
                b'.' if !point => point = true,
                _ => return Err(DecimalError::Syntax { at }),
            }
        }
        if digits == 0 {
            return Err(DecimalError::Syntax { at: text.len() });
        }
        Ok(Self { mantissa, scale })
    }

    /// How many whole units of `unit_e9` (in 10^-9) this is.
    ///
    /// # Errors
    /// [`DecimalError::Inexact`] when it is not a whole number of units, or the unit is zero;
    /// [`DecimalError::TooLarge`] when the count does not fit.
    pub fn in_units(self, unit_e9: u64) -> Result<i64, DecimalError> {
        let inexact = DecimalError::Inexact { mantissa: self.mantissa, scale: self.scale, unit_e9 };
        // count = mantissa * 10^9 / (10^scale * unit_e9), in 128 bits: |mantissa| < 2^63, so no overflow.
        let numerator = i128::from(self.mantissa) * 1_000_000_000;
        let denominator = 10_i128.pow(u32::from(self.scale)) * i128::from(unit_e9);
        if denominator == 0 || numerator % denominator != 0 {
            return Err(inexact);
        }
        i64::try_from(numerator / denominator).map_err(|_| DecimalError::TooLarge)
    }

    /// `count` units of `unit_e9` as a decimal with 9 places, or `None` when it does not fit.
    #[must_use]
    pub fn from_units(count: i64, unit_e9: u64) -> Option<Self> {
        let mantissa = i128::from(count) * i128::from(unit_e9);
        Some(Self { mantissa: i64::try_from(mantissa).ok()?, scale: 9 })
    }
}

impl core::fmt::Display for Decimal {
    /// Plain text without needless zeros behind the point.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let unit = 10_u64.pow(u32::from(self.scale.min(Self::SCALE_MAX)));
        let (whole, part) =
            (self.mantissa.unsigned_abs() / unit, self.mantissa.unsigned_abs() % unit);
        let sign = if self.mantissa < 0 { "-" } else { "" };
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let places = format!("{part:0width$}", width = usize::from(self.scale));
        write!(f, "{sign}{whole}.{}", places.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_to_ticks_is_exact_or_refused() {
        let cent = 10_000_000;
        let parse = |text: &str| Decimal::parse(text.as_bytes());
        assert_eq!(parse("101.25").unwrap().in_units(cent), Ok(10_125));
        assert_eq!(parse("-0.01").unwrap().in_units(cent), Ok(-1));
        assert_eq!(parse("100").unwrap().in_units(cent), Ok(10_000));
        assert_eq!(parse("163.340000").unwrap().in_units(cent), Ok(16_334));
        assert!(matches!(
            parse("0.015").unwrap().in_units(cent),
            Err(DecimalError::Inexact { mantissa: 15, scale: 3, .. })
        ));
        assert_eq!(parse("1e5"), Err(DecimalError::Syntax { at: 1 }));
        assert_eq!(parse("1.2.3"), Err(DecimalError::Syntax { at: 3 }));
        assert_eq!(parse("-"), Err(DecimalError::Syntax { at: 1 }));
        assert_eq!(parse("99999999999999999999"), Err(DecimalError::TooLarge));
        assert_eq!(parse("9223372036854775807").unwrap().mantissa, i64::MAX);
        assert_eq!(parse("-9223372036854775808").unwrap().mantissa, i64::MIN);
        assert!(parse("1").unwrap().in_units(0).is_err());
    }

    #[test]
    fn units_and_back() {
        let value = Decimal::from_units(10_125, 10_000_000).unwrap();
        assert_eq!(value.in_units(10_000_000), Ok(10_125));
        assert_eq!(Decimal::from_units(i64::MAX, 1_000_000_000), None);
        assert_eq!(value.to_string(), "101.25");
        assert_eq!(Decimal::from_units(-1, 100_000).unwrap().to_string(), "-0.0001");
        assert_eq!(Decimal { mantissa: 500, scale: 0 }.to_string(), "500");
    }
}
