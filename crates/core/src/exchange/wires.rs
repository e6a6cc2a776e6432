// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Where the exchange puts what goes out: numbered messages, a stream for each port and one for all.

/// The streams of numbered messages that an exchange writes.
///
/// Each stream begins at number 1 with the day, and is a function of the journal: what is put here
/// goes out once the input that caused it is committed, and never again with another number.
pub trait Wires {
    /// Puts the next message of a port's stream.
    fn send(&mut self, port: u32, message: &[u8]);

    /// Puts the next message of the public stream, an ITCH message.
    fn publish(&mut self, message: &[u8]);

    /// Says messages `from` to `to` of a port's stream again, for protocols whose session does not
    /// do that by itself (FIX). Takes no number.
    fn resend(&mut self, port: u32, from: u64, to: u64) {
        let _ = (port, from, to);
    }

    /// Ends a port's connection, after what was put before it.
    fn disconnect(&mut self, port: u32) {
        let _ = port;
    }
}

/// Puts everything nowhere: for a replay that compares events alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoWires;

impl Wires for NoWires {
    fn send(&mut self, _port: u32, _message: &[u8]) {}

    fn publish(&mut self, _message: &[u8]) {}
}
