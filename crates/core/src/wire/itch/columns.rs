// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Messages as rows of a table: one type after the other, fields packed, little-endian.
//!
//! A row is the message's index in its source, in 64 bits, then its fields in order; a 48-bit
//! number takes 64 bits. For readers who want a day as columns, not for the engine.

use super::{FieldKind, FieldLayout, MessageLayout};

impl FieldLayout {
    /// Bytes of the field in a row.
    #[must_use]
    pub const fn row_bytes(&self) -> usize {
        match self.kind {
            FieldKind::U48 => 8,
            _ => self.length,
        }
    }
}

impl MessageLayout {
    /// Bytes of a row.
    #[must_use]
    pub fn row_bytes(&self) -> usize {
        8 + self.fields.iter().map(FieldLayout::row_bytes).sum::<usize>()
    }

    /// Appends a message of this type and length to `rows`.
    ///
    /// # Panics
    /// If `message` is shorter than the type.
    pub fn append_row(&self, index: u64, message: &[u8], rows: &mut Vec<u8>) {
        rows.extend_from_slice(&index.to_le_bytes());
        for field in self.fields {
            let bytes = &message[field.offset..field.offset + field.length];
            match field.kind {
                FieldKind::Char | FieldKind::Text => rows.extend_from_slice(bytes),
                FieldKind::U8
                | FieldKind::U16
                | FieldKind::U32
                | FieldKind::U64
                | FieldKind::I32 => {
                    rows.extend(bytes.iter().rev());
                }
                FieldKind::U48 => {
                    rows.extend(bytes.iter().rev());
                    rows.extend_from_slice(&[0; 2]);
                }
            }
        }
    }
}
