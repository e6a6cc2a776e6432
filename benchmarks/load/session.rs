// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! An OUCH 5.0 session over `SoupBinTCP`, no more than the benchmark needs, written from the layouts.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::flow::Order;

/// What came back.
pub(crate) enum Answer {
    /// An order was taken.
    Accepted {
        /// The client's number for it.
        number: u32,
        /// The exchange's.
        order_ref: u64,
    },
    /// An order was refused.
    Rejected,
    /// An order traded.
    Executed,
    /// Anything else.
    Other,
}

/// A session that is logged in.
pub(crate) struct Session {
    stream: TcpStream,
    out: Vec<u8>,
    input: Vec<u8>,
    heard: Instant,
    buffer: Vec<u8>,
}

impl Session {
    /// Logs in to the present session, from its next message on.
    pub(crate) fn log_in(stream: TcpStream, user: &str, password: &str) -> Self {
        let mut out = vec![0, 47, b'L'];
        out.extend_from_slice(format!("{user:<6}{password:<10}{:10}{:>20}", "", 0).as_bytes());
        let mut session = Self {
            stream,
            out,
            input: Vec::new(),
            heard: Instant::now(),
            buffer: vec![0; 1 << 16],
        };
        session.flush();
        let until = Instant::now() + Duration::from_secs(5);
        while session.input.len() < 33 {
            assert!(Instant::now() < until, "no answer to the login");
            session.read();
        }
        assert_eq!(session.input[2], b'A', "the login was refused");
        session.input.drain(..33);
        session
    }

    /// Puts an Enter Order into the next write.
    pub(crate) fn enter(&mut self, order: &Order, number: u32) {
        let out = &mut self.out;
        out.extend_from_slice(&[0, 48, b'U', b'O']);
        out.extend_from_slice(&number.to_be_bytes());
        out.push(order.side);
        out.extend_from_slice(&order.shares.to_be_bytes());
        out.extend_from_slice(&order.symbol);
        out.extend_from_slice(&order.price_e4.to_be_bytes());
        out.extend_from_slice(b"0YPNN");
        out.extend_from_slice(b"              ");
        out.extend_from_slice(&[0, 0]);
    }

    /// Writes what was put, and a heartbeat when a second passed.
    pub(crate) fn flush(&mut self) {
        if self.out.is_empty() && self.heard.elapsed() > Duration::from_millis(500) {
            self.out.extend_from_slice(&[0, 1, b'R']);
        }
        if self.out.is_empty() {
            return;
        }
        match self.stream.write(&self.out) {
            Ok(written) => {
                self.out.drain(..written);
                self.heard = Instant::now();
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => panic!("write: {error}"),
        }
    }

    fn read(&mut self) {
        match self.stream.read(&mut self.buffer) {
            Ok(0) => panic!("the exchange closed the connection"),
            Ok(length) => self.input.extend_from_slice(&self.buffer[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => panic!("read: {error}"),
        }
    }

    /// Takes in what came.
    pub(crate) fn poll(&mut self, mut on_answer: impl FnMut(Answer)) {
        self.read();
        let mut at = 0;
        while let Some(&[high, low]) = self.input.get(at..).and_then(|rest| rest.first_chunk()) {
            let length = usize::from(u16::from_be_bytes([high, low]));
            let Some(packet) = self.input.get(at + 2..at + 2 + length) else { break };
            if let [b'S', message @ ..] = packet {
                on_answer(answer(message));
            }
            at += 2 + length;
        }
        self.input.drain(..at);
    }
}

fn answer(message: &[u8]) -> Answer {
    let number = |at: usize| u32::from_be_bytes(*message[at..].first_chunk().unwrap());
    match message[0] {
        b'A' => Answer::Accepted {
            number: number(9),
            order_ref: u64::from_be_bytes(*message[36..].first_chunk().unwrap()),
        },
        b'J' => Answer::Rejected,
        b'E' => Answer::Executed,
        _ => Answer::Other,
    }
}
