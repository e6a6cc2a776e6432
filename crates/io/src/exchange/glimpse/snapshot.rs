// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The messages of one snapshot, in order.

/// Bytes of the message that ends a snapshot: its type and a number of 20 places.
const END_BYTES: usize = 21;

/// A snapshot, ready to be sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Snapshot {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Snapshot {
    /// Adds a message.
    pub(super) fn push(&mut self, message: &[u8]) {
        self.bytes.extend_from_slice(message);
        self.ends.push(self.bytes.len());
    }

    /// Ends it: `next` is the first number that is not in it.
    pub(super) fn end(&mut self, next: u64) {
        let text = format!("{next:>20}");
        let mut end = [b'G'; END_BYTES];
        end[1..].copy_from_slice(text.as_bytes());
        self.push(&end);
    }

    /// Message `number`, from 1.
    pub(super) fn message(&self, number: u64) -> Option<&[u8]> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        let end = *self.ends.get(at)?;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        Some(&self.bytes[start..end])
    }
}

#[cfg(test)]
mod tests {
    use super::Snapshot;

    #[test]
    fn a_snapshot_ends_with_the_next_number() {
        let mut snapshot = Snapshot::default();
        snapshot.push(b"ab");
        snapshot.push(b"");
        snapshot.end(42);
        let mut end = vec![b'G'];
        end.extend_from_slice(&[b' '; 18]);
        end.extend_from_slice(b"42");
        assert_eq!(snapshot.message(1), Some(b"ab".as_slice()));
        assert_eq!(snapshot.message(2), Some(b"".as_slice()));
        assert_eq!(snapshot.message(3), Some(end.as_slice()));
        assert_eq!((snapshot.message(0), snapshot.message(4)), (None, None));
    }
}
