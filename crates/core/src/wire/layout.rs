// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Fields at fixed places: what tables of messages are made of, whatever the protocol.
//!
//! A protocol's table says each message once (`itch/messages.rs`, `ouch50/inbound.rs`); from it come
//! the struct, the reader, the writer, and the description that Python, the tests and the docs are
//! made from. The macros here know the kinds of fields; [`structs`] makes messages without a common
//! beginning.

/// How a field stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One ASCII character.
    Char,
    /// ASCII text, padded on the right with spaces.
    Text,
    /// Unsigned, 8 bits.
    U8,
    /// Unsigned, 16 bits.
    U16,
    /// Unsigned, 32 bits.
    U32,
    /// Unsigned, 48 bits.
    U48,
    /// Unsigned, 64 bits.
    U64,
    /// Signed, 32 bits.
    I32,
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

/// Bytes of the longest text of any message.
pub const TEXT_BYTES_MAX: usize = 16;

/// The value of any field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number.
    Number(u64),
    /// A number that may be below zero.
    Signed(i64),
    /// Text with its padding: so many of the bytes.
    Text([u8; TEXT_BYTES_MAX], usize),
}

impl Value {
    /// Text of at most [`TEXT_BYTES_MAX`] bytes.
    pub(crate) fn text<const LEN: usize>(value: [u8; LEN]) -> Self {
        let mut out = [0; TEXT_BYTES_MAX];
        out[..LEN].copy_from_slice(&value);
        Self::Text(out, LEN)
    }

    /// The number, to be cut to what the caller's type holds; 0 for text.
    pub(crate) const fn number(self) -> u64 {
        match self {
            Self::Number(value) => value,
            Self::Signed(value) => value.cast_unsigned(),
            Self::Text(..) => 0,
        }
    }

    /// The text, padded with spaces; blank for a number.
    pub(crate) fn to_text<const LEN: usize>(self) -> [u8; LEN] {
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
    type Bytes: 'static + Copy + AsRef<[u8]>;
    /// Its description.
    const LAYOUT: MessageLayout;

    /// Reads every field.
    fn from_bytes(bytes: &Self::Bytes) -> Self;

    /// The message as it stands on the wire.
    fn to_bytes(&self) -> Self::Bytes;

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
    pub(crate) const fn new(bytes: &'a M::Bytes) -> Self {
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
    (text14) => {
        [u8; 14]
    };
    (u8) => {
        u8
    };
    (u16) => {
        u16
    };
    (u32) => {
        u32
    };
    (u64) => {
        u64
    };
    (i32) => {
        i32
    };
}

/// Reads a kind of field.
macro_rules! kind_read {
    (char, $bytes:expr, $at:literal) => {
        $bytes[$at]
    };
    (text2, $bytes:expr, $at:literal) => {
        crate::wire::bytes::text($bytes, $at)
    };
    (text4, $bytes:expr, $at:literal) => {
        crate::wire::bytes::text($bytes, $at)
    };
    (text8, $bytes:expr, $at:literal) => {
        crate::wire::bytes::text($bytes, $at)
    };
    (text14, $bytes:expr, $at:literal) => {
        crate::wire::bytes::text($bytes, $at)
    };
    (u8, $bytes:expr, $at:literal) => {
        $bytes[$at]
    };
    (u16, $bytes:expr, $at:literal) => {
        crate::wire::bytes::get_u16($bytes, $at)
    };
    (u32, $bytes:expr, $at:literal) => {
        crate::wire::bytes::get_u32($bytes, $at)
    };
    (u64, $bytes:expr, $at:literal) => {
        crate::wire::bytes::get_u64($bytes, $at)
    };
    (i32, $bytes:expr, $at:literal) => {
        crate::wire::bytes::get_u32($bytes, $at).cast_signed()
    };
}

/// Writes a kind of field.
macro_rules! kind_write {
    (char, $bytes:expr, $at:literal, $value:expr) => {
        $bytes[$at] = $value
    };
    (text2, $bytes:expr, $at:literal, $value:expr) => {
        crate::wire::bytes::put($bytes, $at, $value)
    };
    (text4, $bytes:expr, $at:literal, $value:expr) => {
        crate::wire::bytes::put($bytes, $at, $value)
    };
    (text8, $bytes:expr, $at:literal, $value:expr) => {
        crate::wire::bytes::put($bytes, $at, $value)
    };
    (text14, $bytes:expr, $at:literal, $value:expr) => {
        crate::wire::bytes::put($bytes, $at, $value)
    };
    (u8, $bytes:expr, $at:literal, $value:expr) => {
        crate::wire::bytes::put($bytes, $at, $value.to_be_bytes())
    };
    (u16, $bytes:expr, $at:literal, $value:expr) => {
        crate::wire::bytes::put($bytes, $at, $value.to_be_bytes())
    };
    (u32, $bytes:expr, $at:literal, $value:expr) => {
        crate::wire::bytes::put($bytes, $at, $value.to_be_bytes())
    };
    (u64, $bytes:expr, $at:literal, $value:expr) => {
        crate::wire::bytes::put($bytes, $at, $value.to_be_bytes())
    };
    (i32, $bytes:expr, $at:literal, $value:expr) => {
        crate::wire::bytes::put($bytes, $at, $value.to_be_bytes())
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
    (text14, $value:expr) => {
        Value::text($value)
    };
    (u8, $value:expr) => {
        Value::Number(u64::from($value))
    };
    (u16, $value:expr) => {
        Value::Number(u64::from($value))
    };
    (u32, $value:expr) => {
        Value::Number(u64::from($value))
    };
    (u64, $value:expr) => {
        Value::Number($value)
    };
    (i32, $value:expr) => {
        Value::Signed(i64::from($value))
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
    (text14, $value:expr) => {
        $value.to_text()
    };
    (u8, $value:expr) => {
        $value.number() as u8
    };
    (u16, $value:expr) => {
        $value.number() as u16
    };
    (u32, $value:expr) => {
        $value.number() as u32
    };
    (u64, $value:expr) => {
        $value.number()
    };
    (i32, $value:expr) => {
        $value.number() as i32
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
    (text14) => {
        (14, FieldKind::Text)
    };
    (u8) => {
        (1, FieldKind::U8)
    };
    (u16) => {
        (2, FieldKind::U16)
    };
    (u32) => {
        (4, FieldKind::U32)
    };
    (u64) => {
        (8, FieldKind::U64)
    };
    (i32) => {
        (4, FieldKind::I32)
    };
}

/// Makes a struct, a reader, a writer and a description of each message.
macro_rules! structs {
    ($($name:ident $code:literal $length:literal $doc:literal {
        $($field:ident: $kind:ident @ $at:literal, $field_doc:literal;)*
    })*) => {
        $(
            #[doc = $doc]
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub struct $name {
                $(#[doc = $field_doc] pub $field: kind_type!($kind),)*
            }

            impl $name {
                /// Its type byte.
                pub const TYPE: u8 = $code;
                /// Its length in bytes, from the type byte.
                pub const LENGTH: usize = $length;

                /// Reads every field. The type byte is not looked at.
                #[inline]
                #[must_use]
                pub const fn decode(bytes: &[u8; $length]) -> Self {
                    let _ = bytes;
                    Self { $($field: kind_read!($kind, bytes, $at),)* }
                }

                /// The message as it stands on the wire.
                #[inline]
                #[must_use]
                pub fn encode(&self) -> [u8; $length] {
                    let mut out = [0; $length];
                    let bytes = &mut out;
                    bytes[0] = $code;
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
                    let values: &[Value] = &[$(kind_value!($kind, self.$field),)*];
                    for (field, value) in Self::LAYOUT.fields.iter().zip(values) {
                        visit(field, *value);
                    }
                }

                fn from_values<E>(
                    value: &mut dyn FnMut(&'static FieldLayout) -> Result<Value, E>,
                ) -> Result<Self, E> {
                    let mut fields = Self::LAYOUT.fields.iter();
                    let mut next = || value(fields.next().expect("one call a field"));
                    let _ = &mut next;
                    Ok(Self { $($field: kind_from!($kind, next()?),)* })
                }
            }
        )*
    };
}

pub(super) use {kind_from, kind_layout, kind_read, kind_type, kind_value, kind_write, structs};
