// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How a table of fields becomes the codecs of one direction: the `messages!` macro.

use super::appendage::{Appendage, AppendageRule};
use crate::wire::layout::{Layout, MessageLayout};

/// One type of message, with what may be appended to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppendedLayout {
    /// Its fixed part.
    pub message: MessageLayout,
    /// Whether it has an appendage.
    pub appendage: AppendageRule,
    /// Numbers of the tags it may have.
    pub tags: &'static [u8],
}

/// A message that may have an appendage.
pub trait Appended: Layout {
    /// Whether it has.
    const APPENDAGE: AppendageRule;
    /// Numbers of the tags it may have.
    const TAGS: &'static [u8];
}

/// A message of a known type where it lies: nothing is copied until it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View<'a, M: Appended> {
    bytes: &'a M::Bytes,
    appendage: Appendage<'a>,
}

impl<'a, M: Appended> View<'a, M> {
    /// Views a message whose type and appendage the caller has looked at.
    #[inline]
    pub(super) const fn new(bytes: &'a M::Bytes, appendage: Appendage<'a>) -> Self {
        Self { bytes, appendage }
    }

    /// Reads its fields. Those the caller does not use cost nothing.
    #[inline]
    #[must_use]
    pub fn read(self) -> M {
        M::from_bytes(self.bytes)
    }

    /// What is appended to it.
    #[inline]
    #[must_use]
    pub const fn appendage(self) -> Appendage<'a> {
        self.appendage
    }
}

/// Makes the structs of one direction, and `Message` of all.
macro_rules! messages {
    (omitted $is_strict:literal;
     $($name:ident $code:literal $length:literal $rule:ident [$($tag:literal)*] $doc:literal {
        $($field:ident: $kind:ident @ $at:literal, $field_doc:literal;)*
    })*) => {
        structs! { $($name $code $length $doc { $($field: $kind @ $at, $field_doc;)* })* }

        $(
            impl Appended for $name {
                const APPENDAGE: AppendageRule = AppendageRule::$rule;
                const TAGS: &'static [u8] = &[$($tag),*];
            }
        )*

        /// Any message of this direction, where it lies.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Message<'a> {
            $(#[doc = $doc] $name(View<'a, $name>),)*
            /// A type this decoder does not know: its bytes, at least one.
            Unknown(&'a [u8]),
        }

        impl<'a> Message<'a> {
            /// Looks at one message's type, length and appendage; reads none of its fields.
            ///
            /// # Errors
            /// [`OuchError`] when there are no bytes, not as many as the type has, or the
            /// appendage is not made of whole elements.
            #[inline]
            pub fn decode(bytes: &'a [u8]) -> Result<Self, OuchError> {
                let Some(&code) = bytes.first() else { return Err(OuchError::Empty) };
                match code {
                    $($code => {
                        let Some((fixed, rest)) = bytes.split_first_chunk::<$length>() else {
                            let room = match AppendageRule::$rule {
                                AppendageRule::Required => 2 * usize::from($is_strict),
                                AppendageRule::None | AppendageRule::Optional => 0,
                            };
                            return Err(OuchError::Length {
                                message_type: code,
                                expected: $length + room,
                                found: bytes.len(),
                            });
                        };
                        let rule = match AppendageRule::$rule {
                            AppendageRule::Required if !$is_strict => AppendageRule::Optional,
                            rule => rule,
                        };
                        let appendage = Appendage::decode(code, $length, rule, rest)?;
                        Ok(Self::$name(View::new(fixed, appendage)))
                    })*
                    _ => Ok(Self::Unknown(bytes)),
                }
            }

            /// Reads every field and shows it to `visit`; an unknown message has none.
            pub fn each_value(self, visit: &mut dyn FnMut(&'static FieldLayout, Value)) {
                match self {
                    $(Self::$name(view) => view.read().each_value(visit),)*
                    Self::Unknown(_) => {}
                }
            }

            /// What is appended to it; nothing to an unknown message.
            #[must_use]
            pub fn appendage(self) -> Appendage<'a> {
                match self {
                    $(Self::$name(view) => view.appendage(),)*
                    Self::Unknown(_) => Appendage::default(),
                }
            }
        }

        /// Every message of this direction, in the order of the specification.
        pub const LAYOUTS: &[AppendedLayout] = &[$(AppendedLayout {
            message: $name::LAYOUT,
            appendage: AppendageRule::$rule,
            tags: &[$($tag),*],
        },)*];

        /// Begins the message of type `code` with these values in `out`; `None` when no message
        /// of this direction has the type.
        ///
        /// # Errors
        /// Whatever `value` refuses with.
        pub fn begin_values<'b, E>(
            code: u8,
            value: &mut dyn FnMut(&'static FieldLayout) -> Result<Value, E>,
            out: &'b mut [u8],
        ) -> Result<Option<Writer<'b>>, E> {
            Ok(Some(match code {
                $($code => Writer::new(out, &$name::from_values(value)?),)*
                _ => return Ok(None),
            }))
        }
    };
}

pub(super) use messages;
