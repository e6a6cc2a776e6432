// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The tags that may be appended to a message, as a table: number, name, kind, meaning.

use super::appendage::Appendage;
use crate::wire::layout::{
    FieldKind, Value, kind_from, kind_layout, kind_read, kind_type, kind_value, kind_write,
};

/// One tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TagLayout {
    /// Its number.
    pub number: u8,
    /// Its name in code.
    pub name: &'static str,
    /// How its value stands on the wire.
    pub kind: FieldKind,
    /// Length of its value in bytes.
    pub length: usize,
    /// What it means.
    pub doc: &'static str,
}

/// Makes [`Tag`], the description of all, and a getter of each.
macro_rules! tags {
    ($($number:literal $name:ident $getter:ident $kind:ident $doc:literal;)*) => {
        /// A tag and its value.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Tag<'a> {
            $(#[doc = $doc] $name(kind_type!($kind)),)*
            /// A tag that this decoder does not know.
            Unknown {
                /// Its number.
                number: u8,
                /// Its value.
                value: &'a [u8],
            },
        }

        /// Every tag, by number.
        pub const TAGS: &[TagLayout] = &[$(TagLayout {
            number: $number,
            name: stringify!($name),
            kind: kind_layout!($kind).1,
            length: kind_layout!($kind).0,
            doc: $doc,
        },)*];

        impl<'a> Tag<'a> {
            /// Reads a value; `Err` with the length it must have when it has another.
            #[inline]
            pub(super) fn decode(number: u8, value: &'a [u8]) -> Result<Self, usize> {
                match number {
                    $($number => {
                        match <&[u8; kind_layout!($kind).0]>::try_from(value) {
                            Ok(bytes) => Ok(Self::$name(kind_read!($kind, bytes, 0))),
                            Err(_) => Err(kind_layout!($kind).0),
                        }
                    })*
                    _ => Ok(Self::Unknown { number, value }),
                }
            }

            /// Its number.
            #[must_use]
            pub const fn number(&self) -> u8 {
                match self {
                    $(Self::$name(_) => $number,)*
                    Self::Unknown { number, .. } => *number,
                }
            }

            /// Shows the bytes of its value.
            #[inline]
            pub(super) fn encode<R>(&self, take: impl FnOnce(&[u8]) -> R) -> R {
                match *self {
                    $(Self::$name(value) => {
                        let mut out = [0; kind_layout!($kind).0];
                        let bytes = &mut out;
                        kind_write!($kind, bytes, 0, value);
                        take(&out)
                    })*
                    Self::Unknown { value, .. } => take(value),
                }
            }

            /// Its value; `None` for a tag this decoder does not know.
            #[must_use]
            pub fn value(&self) -> Option<Value> {
                match *self {
                    $(Self::$name(value) => Some(kind_value!($kind, value)),)*
                    Self::Unknown { .. } => None,
                }
            }

            /// The tag of this number with this value; `None` when no such tag is known.
            #[must_use]
            pub fn from_value(number: u8, value: Value) -> Option<Self> {
                match number {
                    $($number => Some(Self::$name(kind_from!($kind, value))),)*
                    _ => None,
                }
            }
        }

        impl<'a> Appendage<'a> {
            $(
                #[doc = $doc]
                ///
                /// The first of its tag; `None` when there is none.
                #[must_use]
                pub fn $getter(self) -> Option<kind_type!($kind)> {
                    self.tags().find_map(|tag| match tag {
                        Tag::$name(value) => Some(value),
                        _ => None,
                    })
                }
            )*
        }
    };
}

tags! {
    1 SecondaryOrderReference secondary_order_reference u64 "Reference of the order on market data.";
    2 Firm firm text4 "Firm; blank for the port's own.";
    3 MinimumQuantity minimum_quantity u32 "Least quantity that may trade; 0 for none.";
    4 CustomerType customer_type char "R retail, N not, blank for the port's own.";
    5 MaxFloor max_floor u32 "Quantity that others see of a reserve order; 0 for all.";
    6 PriceType price_type char "L limit, P market peg, M midpoint peg, R primary peg, Q market-maker peg, m midpoint.";
    7 PegOffset peg_offset_e4 i32 "Distance of a peg from what it follows, in 1/10,000.";
    9 DiscretionPrice discretion_price_e4 u64 "Price up to which it has discretion; 0 for none.";
    10 DiscretionPriceType discretion_price_type char "What the discretion follows: L P M R.";
    11 DiscretionPegOffset discretion_peg_offset_e4 i32 "Distance of the discretion from what it follows, in 1/10,000.";
    12 PostOnly post_only char "P post-only, N not.";
    13 RandomReserves random_reserves u32 "By how much slices of a reserve order vary.";
    14 Route route text4 "Where it was routed.";
    15 ExpireTime expire_time_s u32 "Seconds to live, below 86,400; with time in force 6.";
    16 TradeNow trade_now char "Y, N, or blank for the port's own.";
    17 HandlingInstruction handling_instruction char "I imbalance-only, O T retail order, Q retail price improvement, B extended life, D direct listing, or blank.";
    18 BboWeight bbo_weight char "What the order did to the best price: 0 1 2 3 S N, or blank.";
    22 DisplayQuantity display_quantity u32 "Quantity that others see now.";
    23 DisplayPrice display_price_e4 u64 "Price that others see now.";
    24 GroupId group_id u16 "The client's group of orders; 0 for none.";
    25 SharesLocated shares_located char "Y shares to sell short were located, N not.";
    26 LocateBroker locate_broker text4 "Who located them.";
    27 Side side char "Only orders of this side: B S T E.";
    28 UserRefIndex user_ref_index u8 "Channel of order flow within the port; 0 by default.";
    29 AiqStrategy aiq_strategy char "What happens when a firm would trade with itself.";
    30 AiqGroupId aiq_group_id text2 "Group within which that is looked for; ** by default.";
}
