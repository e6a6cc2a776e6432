// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How a table of fields becomes the codecs of one direction: the `messages!` macro.

/// Makes the structs of one direction, and `Message` of all. A type may have two lengths: the
/// table then has it twice, the usual one first.
macro_rules! messages {
    ($($name:ident $code:literal $length:literal $doc:literal {
        $($field:ident: $kind:ident @ $at:literal, $field_doc:literal;)*
    })*) => {
        structs! { $($name $code $length $doc { $($field: $kind @ $at, $field_doc;)* })* }

        /// Any message of this direction, where it lies.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Message<'a> {
            $(#[doc = $doc] $name(View<'a, $name>),)*
            /// A type this decoder does not know: its bytes, at least one.
            Unknown(&'a [u8]),
        }

        impl<'a> Message<'a> {
            /// Looks at one message's type and length; reads none of its fields.
            ///
            /// # Errors
            /// [`OuchError`] when there are no bytes, or not as many as the type has.
            #[inline]
            pub fn decode(bytes: &'a [u8]) -> Result<Self, OuchError> {
                let Some(&message_type) = bytes.first() else { return Err(OuchError::Empty) };
                let found = bytes.len();
                match (message_type, found) {
                    $(($code, $length) => {
                        let bytes = bytes.first_chunk::<$length>().expect("it has this length");
                        return Ok(Self::$name(View::new(bytes)));
                    })*
                    _ => {}
                }
                match LAYOUTS.iter().find(|layout| layout.message_type == message_type) {
                    Some(&MessageLayout { length: expected, .. }) => {
                        Err(OuchError::Length { message_type, expected, found })
                    }
                    None => Ok(Self::Unknown(bytes)),
                }
            }

            /// Reads every field and shows it to `visit`; an unknown message has none.
            pub fn each_value(self, visit: &mut dyn FnMut(&'static FieldLayout, Value)) {
                match self {
                    $(Self::$name(view) => view.read().each_value(visit),)*
                    Self::Unknown(_) => {}
                }
            }

            /// Its name in code; empty for an unknown message.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)*
                    Self::Unknown(_) => "",
                }
            }
        }

        /// Every message of this direction, in the order of the specification.
        pub const LAYOUTS: &[MessageLayout] = &[$($name::LAYOUT,)*];

        /// Writes the message called `name` with these values at the start of `out`, and says how
        /// many bytes it has; `None` when no message of this direction has the name.
        ///
        /// # Errors
        /// Whatever `value` refuses with.
        ///
        /// # Panics
        /// If `out` is shorter than the message.
        pub fn encode_values<E>(
            name: &str,
            value: &mut dyn FnMut(&'static FieldLayout) -> Result<Value, E>,
            out: &mut [u8],
        ) -> Result<Option<usize>, E> {
            $(if name == stringify!($name) {
                out[..$length].copy_from_slice(&$name::from_values(value)?.encode());
                return Ok(Some($length));
            })*
            Ok(None)
        }
    };
}

pub(super) use messages;
