// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The secret that the nodes of a cluster share, and how each proves that it knows it without
//! saying it. Compared in constant time; never printed.

use std::fmt;
use std::fs;
use std::path::Path;

use onetape_core::continuity::message::TailMark;

use super::error::ReplicaError;

const SECRET_BYTES_MIN: usize = 16;
const SECRET_BYTES_MAX: usize = 4096;

/// The key made of a cluster's secret.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// From the secret's bytes; blanks around them do not count.
    ///
    /// # Errors
    /// [`ReplicaError::Option`] when they are too few to be one.
    pub fn new(bytes: &[u8]) -> Result<Self, ReplicaError> {
        let bytes = bytes.trim_ascii();
        if !(SECRET_BYTES_MIN..=SECRET_BYTES_MAX).contains(&bytes.len()) {
            let what = format!(
                "the cluster's secret: expected {SECRET_BYTES_MIN} to {SECRET_BYTES_MAX} bytes, \
                 found {}",
                bytes.len()
            );
            return Err(ReplicaError::Option { what });
        }
        Ok(Self(blake3::derive_key("onetape 2026 replica link", bytes)))
    }

    /// From a file that holds it.
    ///
    /// # Errors
    /// [`ReplicaError::Io`] when it cannot be read, [`ReplicaError::Option`] when it is too short.
    pub fn from_file(path: &Path) -> Result<Self, ReplicaError> {
        let bytes = fs::read(path).map_err(|err| {
            ReplicaError::io(format!("read the secret in {}", path.display()), err)
        })?;
        Self::new(&bytes)
    }

    /// What the called side says: it knows the secret, and has heard this caller.
    pub(crate) fn of_called(&self, hello: &[u8], challenge: &[u8]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(b"called").update(hello).update(challenge).finalize()
    }

    /// What the caller says: the same, and where its journal ends.
    pub(crate) fn of_caller(
        &self,
        hello: &[u8],
        challenge: &[u8],
        term: u64,
        tail: &TailMark,
    ) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(b"caller").update(hello).update(challenge);
        for number in [term, tail.last_seq, tail.entries] {
            hasher.update(&number.to_le_bytes());
        }
        hasher.update(&tail.hash).finalize()
    }
}

/// Bytes that nobody can guess.
pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N], ReplicaError> {
    let mut bytes = [0_u8; N];
    // SAFETY: the buffer is as long as said. Up to 256 bytes come at once.
    let got = unsafe { libc::getrandom(bytes.as_mut_ptr().cast(), N, 0) };
    if got.cast_unsigned() == N {
        return Ok(bytes);
    }
    Err(ReplicaError::io("get random bytes", std::io::Error::last_os_error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_long_enough_and_is_not_printed() {
        assert!(matches!(Secret::new(b"short"), Err(ReplicaError::Option { .. })));
        assert!(matches!(Secret::new(&[b' '; 99]), Err(ReplicaError::Option { .. })));
        let secret = Secret::new(b"0123456789abcdef\n").unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        let other = Secret::new(b"0123456789abcdeg").unwrap();
        assert_ne!(secret.of_called(b"a", b"b"), other.of_called(b"a", b"b"));
        let tail = TailMark::default();
        assert_ne!(secret.of_called(b"a", b"b"), secret.of_caller(b"a", b"b", 0, &tail));
    }

    #[test]
    fn random_bytes_differ() {
        assert_ne!(random_bytes::<16>().unwrap(), random_bytes::<16>().unwrap());
    }
}
