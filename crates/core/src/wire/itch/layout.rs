// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How a table of fields becomes the codecs of ITCH: the `messages!` macro.
//!
//! The table itself is in `messages.rs`; the kinds of fields are in `wire/layout.rs`.

/// Makes a struct, a reader, a writer and a description of each message, and [`Message`] of all.
macro_rules! messages {
    ($($name:ident $code:literal $length:literal $doc:literal {
        $($field:ident: $kind:ident @ $at:literal, $field_doc:literal;)*
    })*) => {
        $(
            #[doc = $doc]
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub struct $name {
                /// The day's number of the stock; 0 when the message is not about one.
                pub stock_locate: u16,
                /// Nasdaq's own; opaque.
                pub tracking_number: u16,
                /// Nanoseconds since midnight, New York; 48 bits.
                pub timestamp_ns: u64,
                $(#[doc = $field_doc] pub $field: kind_type!($kind),)*
            }

            impl $name {
                /// Its type byte.
                pub const TYPE: u8 = $code;
                /// Its length in bytes.
                pub const LENGTH: usize = $length;

                /// Reads every field. The type byte is not looked at.
                #[inline]
                #[must_use]
                pub const fn decode(bytes: &[u8; $length]) -> Self {
                    Self {
                        stock_locate: get_u16(bytes, 1),
                        tracking_number: get_u16(bytes, 3),
                        timestamp_ns: get_u48(bytes, 5),
                        $($field: kind_read!($kind, bytes, $at),)*
                    }
                }

                /// The message as it stands on the wire.
                ///
                /// # Panics
                /// If `timestamp_ns` has more than 48 bits.
                #[inline]
                #[must_use]
                pub fn encode(&self) -> [u8; $length] {
                    assert!(self.timestamp_ns < 1 << 48, "timestamp_ns has more than 48 bits");
                    let mut out = [0; $length];
                    let bytes = &mut out;
                    bytes[0] = $code;
                    put(bytes, 1, self.stock_locate.to_be_bytes());
                    put(bytes, 3, self.tracking_number.to_be_bytes());
                    put_u48(bytes, 5, self.timestamp_ns);
                    $(kind_write!($kind, bytes, $at, self.$field);)*
                    out
                }
            }

            impl Layout for $name {
                type Bytes = [u8; $length];

                const LAYOUT: MessageLayout = MessageLayout {
                    message_type: $code,
                    name: stringify!($name),
                    doc: $doc,
                    length: $length,
                    fields: &[
                        STOCK_LOCATE,
                        TRACKING_NUMBER,
                        TIMESTAMP_NS,
                        $(FieldLayout {
                            name: stringify!($field),
                            offset: $at,
                            length: kind_layout!($kind).0,
                            kind: kind_layout!($kind).1,
                            doc: $field_doc,
                        },)*
                    ],
                };

                #[inline]
                fn from_bytes(bytes: &Self::Bytes) -> Self {
                    Self::decode(bytes)
                }

                #[inline]
                fn to_bytes(&self) -> Self::Bytes {
                    self.encode()
                }

                fn each_value(&self, visit: &mut dyn FnMut(&'static FieldLayout, Value)) {
                    let values = [
                        Value::Number(u64::from(self.stock_locate)),
                        Value::Number(u64::from(self.tracking_number)),
                        Value::Number(self.timestamp_ns),
                        $(kind_value!($kind, self.$field),)*
                    ];
                    for (field, value) in Self::LAYOUT.fields.iter().zip(values) {
                        visit(field, value);
                    }
                }

                fn from_values<E>(
                    value: &mut dyn FnMut(&'static FieldLayout) -> Result<Value, E>,
                ) -> Result<Self, E> {
                    let mut fields = Self::LAYOUT.fields.iter();
                    let mut next = || value(fields.next().expect("one call a field"));
                    Ok(Self {
                        stock_locate: next()?.number() as u16,
                        tracking_number: next()?.number() as u16,
                        timestamp_ns: next()?.number(),
                        $($field: kind_from!($kind, next()?),)*
                    })
                }
            }
        )*

        /// Any message, where it lies.
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
            /// [`ItchError`] when there are no bytes, or not as many as the type has.
            #[inline]
            pub fn decode(bytes: &'a [u8]) -> Result<Self, ItchError> {
                let Some(&code) = bytes.first() else { return Err(ItchError::Empty) };
                match code {
                    $($code => match <&[u8; $length]>::try_from(bytes) {
                        Ok(bytes) => Ok(Self::$name(View::new(bytes))),
                        Err(_) => Err(ItchError::Length {
                            message_type: code,
                            expected: $length,
                            found: bytes.len(),
                        }),
                    },)*
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
        }

        /// Every message, in the order of the specification.
        pub const LAYOUTS: &[MessageLayout] = &[$($name::LAYOUT,)*];

        /// Appends the message of type `code` with these values to `out`.
        ///
        /// # Errors
        /// Whatever `value` refuses with.
        ///
        /// # Panics
        /// If `value` gives a `timestamp_ns` of more than 48 bits.
        pub fn encode_values<E>(
            code: u8,
            value: &mut dyn FnMut(&'static FieldLayout) -> Result<Value, E>,
            out: &mut Vec<u8>,
        ) -> Result<bool, E> {
            match code {
                $($code => out.extend_from_slice(&$name::from_values(value)?.encode()),)*
                _ => return Ok(false),
            }
            Ok(true)
        }
    };
}

pub(super) use messages;
