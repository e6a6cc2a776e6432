// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The word that opens the operators' socket: in a file that only its owner can read.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use crate::exchange::config::Secret;
use crate::exchange::error::ServerError;

/// Random bytes in a new token.
const RANDOM_BYTES: usize = 32;
/// Shortest token that is taken.
const TOKEN_BYTES_MIN: usize = 16;

/// The token.
#[derive(Debug)]
pub(crate) struct Token(Secret);

impl Token {
    /// The token in a file, which is made if it is not there.
    pub(crate) fn at(path: &Path) -> Result<Self, ServerError> {
        let failed = |err| ServerError::io(path, "read", err);
        match File::open(path) {
            Ok(mut file) => {
                let mode = file.metadata().map_err(failed)?.mode();
                if mode & 0o077 != 0 {
                    let what = format!(
                        "{}: expected a file that only its owner can read, found mode {:o}",
                        path.display(),
                        mode & 0o777
                    );
                    return Err(ServerError::Config { what });
                }
                let mut text = String::new();
                file.read_to_string(&mut text).map_err(failed)?;
                let token = text.trim().as_bytes().to_vec();
                if token.len() < TOKEN_BYTES_MIN {
                    let what = format!(
                        "{}: expected a token of {TOKEN_BYTES_MIN} bytes or more, found {}",
                        path.display(),
                        token.len()
                    );
                    return Err(ServerError::Config { what });
                }
                Ok(Self(Secret::new(token)))
            }
            Err(err) if err.kind() == ErrorKind::NotFound => make(path).map_err(failed),
            Err(err) => Err(failed(err)),
        }
    }

    /// Whether `said` is the token, in a time that does not depend on where it differs.
    pub(crate) fn is(&self, said: &str) -> bool {
        self.0.is_exactly(said.as_bytes())
    }
}

/// Makes a new token and its file.
fn make(path: &Path) -> std::io::Result<Token> {
    let mut random = [0; RANDOM_BYTES];
    File::open("/dev/urandom")?.read_exact(&mut random)?;
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    let token: String =
        random.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{token}")?;
    Ok(Token(Secret::new(token)))
}
