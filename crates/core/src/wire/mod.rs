// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Other people's protocols, sans I/O: bytes in, messages out, and back.
//!
//! Nothing here owns a socket, reads a clock or allocates per message. A decoder never panics,
//! whatever the bytes; an error says what was expected, what was found, and where.

mod bytes;
pub mod fix;
pub mod glimpse;
pub mod itch;
pub mod layout;
pub mod mold;
pub mod ouch;
pub mod ouch42;
pub mod ouch50;
pub mod soup;
