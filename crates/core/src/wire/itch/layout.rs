// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How a table of fields becomes codecs: the `messages!` macro and what describes its result.
//!
//! The table itself is in `messages.rs`. A line there is said once; from it come the struct, the
//! reader, the writer, and the description that Python, the tests and the docs are made from.

/// How a field stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One ASCII character.
    Char,
    /// ASCII text, padded on the right with spaces.
    Text,
    /// Unsigned, 16 bits.
    U16,
    /// Unsigned, 32 bits.
    U32,
    /// Unsigned, 48 bits.
    U48,
    /// Unsigned, 64 bits.
    U64,
}

/// One field of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldLayout {
    /// Its name.
    pub name: &'static str,
    /// Where it starts, from the type byte.
    pub offset: usize,
    /// Its length in bytes.
    pub length: usize,
    /// How it stands there.
    pub kind: FieldKind,
    /// What it means.
    pub doc: &'static str,
}

/// One type of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageLayout {
    /// Its type byte.
    pub message_type: u8,
    /// Its name in code.
    pub name: &'static str,
    /// What it says.
    pub doc: &'static str,
    /// Its length in bytes.
    pub length: usize,
    /// Its fields after the type byte, in order.
    pub fields: &'static [FieldLayout],
}

/// The value of any field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number.
    Number(u64),
    /// Text with its padding: so many of the bytes.
    Text([u8; 8], usize),
}

impl Value {
    /// Text of at most 8 bytes.
    pub(super) fn text<const LEN: usize>(value: [u8; LEN]) -> Self {
        let mut out = [0; 8];
        out[..LEN].copy_from_slice(&value);
        Self::Text(out, LEN)
    }

    /// The number, cut to what the caller's type holds; 0 for text.
    pub(super) const fn number(self) -> u64 {
        match self {
            Self::Number(value) => value,
            Self::Text(..) => 0,
        }
    }

    /// The text, padded with spaces; blank for a number.
    pub(super) fn to_text<const LEN: usize>(self) -> [u8; LEN] {
        let mut out = [b' '; LEN];
        if let Self::Text(text, length) = self {
            let length = length.min(LEN).min(text.len());
            out[..length].copy_from_slice(&text[..length]);
        }
        out
    }
}

/// A message with a fixed layout.
pub trait Layout: Copy {
    /// Its bytes: an array of its length.
    type Bytes: 'static + Copy;
    /// Its description.
    const LAYOUT: MessageLayout;

    /// Reads every field.
    fn from_bytes(bytes: &Self::Bytes) -> Self;

    /// Its fields' values after the type byte, in the order of [`Self::LAYOUT`].
    fn each_value(&self, visit: &mut dyn FnMut(&'static FieldLayout, Value));

    /// A message with these values; `value` is asked for each field in order.
    ///
    /// # Errors
    /// Whatever `value` refuses with.
    fn from_values<E>(
        value: &mut dyn FnMut(&'static FieldLayout) -> Result<Value, E>,
    ) -> Result<Self, E>;
}

/// A message of a known type where it lies: nothing is copied until it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View<'a, M: Layout> {
    bytes: &'a M::Bytes,
}

impl<'a, M: Layout> View<'a, M> {
    /// Views `bytes`, whose type byte the caller has looked at.
    #[inline]
    pub(super) const fn new(bytes: &'a M::Bytes) -> Self {
        Self { bytes }
    }

    /// Reads its fields. Those the caller does not use cost nothing.
    #[inline]
    #[must_use]
    pub fn read(self) -> M {
        M::from_bytes(self.bytes)
    }

    /// Its bytes.
    #[inline]
    #[must_use]
    pub const fn bytes(self) -> &'a M::Bytes {
        self.bytes
    }
}

/// The Rust type of a kind of field.
macro_rules! kind_type {
    (char) => {
        u8
    };
    (text2) => {
        [u8; 2]
    };
    (text4) => {
        [u8; 4]
    };
    (text8) => {
        [u8; 8]
    };
    (u32) => {
        u32
    };
    (u64) => {
        u64
    };
}

/// Reads a kind of field.
macro_rules! kind_read {
    (char, $bytes:expr, $at:literal) => {
        $bytes[$at]
    };
    (text2, $bytes:expr, $at:literal) => {
        text($bytes, $at)
    };
    (text4, $bytes:expr, $at:literal) => {
        text($bytes, $at)
    };
    (text8, $bytes:expr, $at:literal) => {
        text($bytes, $at)
    };
    (u32, $bytes:expr, $at:literal) => {
        get_u32($bytes, $at)
    };
    (u64, $bytes:expr, $at:literal) => {
        get_u64($bytes, $at)
    };
}

/// Writes a kind of field.
macro_rules! kind_write {
    (char, $bytes:expr, $at:literal, $value:expr) => {
        $bytes[$at] = $value
    };
    (text2, $bytes:expr, $at:literal, $value:expr) => {
        put($bytes, $at, $value)
    };
    (text4, $bytes:expr, $at:literal, $value:expr) => {
        put($bytes, $at, $value)
    };
    (text8, $bytes:expr, $at:literal, $value:expr) => {
        put($bytes, $at, $value)
    };
    (u32, $bytes:expr, $at:literal, $value:expr) => {
        put($bytes, $at, $value.to_be_bytes())
    };
    (u64, $bytes:expr, $at:literal, $value:expr) => {
        put($bytes, $at, $value.to_be_bytes())
    };
}

/// A field's value, of any kind.
macro_rules! kind_value {
    (char, $value:expr) => {
        Value::text([$value])
    };
    (text2, $value:expr) => {
        Value::text($value)
    };
    (text4, $value:expr) => {
        Value::text($value)
    };
    (text8, $value:expr) => {
        Value::text($value)
    };
    (u32, $value:expr) => {
        Value::Number(u64::from($value))
    };
    (u64, $value:expr) => {
        Value::Number($value)
    };
}

/// A field from a value of any kind.
macro_rules! kind_from {
    (char, $value:expr) => {
        $value.to_text::<1>()[0]
    };
    (text2, $value:expr) => {
        $value.to_text()
    };
    (text4, $value:expr) => {
        $value.to_text()
    };
    (text8, $value:expr) => {
        $value.to_text()
    };
    (u32, $value:expr) => {
        $value.number() as u32
    };
    (u64, $value:expr) => {
        $value.number()
    };
}

/// A kind's length and description.
macro_rules! kind_layout {
    (char) => {
        (1, FieldKind::Char)
    };
    (text2) => {
        (2, FieldKind::Text)
    };
    (text4) => {
        (4, FieldKind::Text)
    };
    (text8) => {
        (8, FieldKind::Text)
    };
    (u32) => {
        (4, FieldKind::U32)
    };
    (u64) => {
        (8, FieldKind::U64)
    };
}

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

pub(super) use {kind_from, kind_layout, kind_read, kind_type, kind_value, kind_write, messages};
