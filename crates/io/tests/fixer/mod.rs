// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A FIX client that keeps the numbers of both sides, and asks for what it has missed.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses a part of it; a test may panic"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Instant, SystemTime};

use onetape_core::wire::fix::{
    Arrival, BUFFER_BYTES, Decoder, Message, Precision, Version, Writer, tag,
};

use super::market::PATIENCE;

/// Its name, and its password.
pub(crate) const CLIENT: &str = "FIXER";
const PASSWORD: &[u8] = b"secret";
/// Fields that differ when a message is said again.
const PASSING: [u32; 6] = [8, 9, 10, tag::SENDING_TIME, tag::POSS_DUP_FLAG, tag::ORIG_SENDING_TIME];

/// What is in a message whenever it is said.
type Fields = Vec<(u32, Vec<u8>)>;

/// The lasting fields of a message.
pub(crate) fn fields(message: &[u8]) -> Fields {
    let message = Message::parse(message).unwrap();
    let lasting = message.fields().map(Result::unwrap).filter(|at| !PASSING.contains(&at.tag));
    lasting.map(|field| (field.tag, field.value.to_vec())).collect()
}

fn text(message: &Message<'_>, field: u32) -> String {
    String::from_utf8(message.find(field).unwrap_or_default().to_vec()).unwrap()
}

fn number(message: &Message<'_>, field: u32) -> u64 {
    text(message, field).parse().unwrap()
}

/// The client.
pub(crate) struct Fixer {
    socket: TcpStream,
    decoder: Decoder,
    /// Number of its next message.
    pub(crate) next_out: u64,
    /// By number; `None` for what was the session's own and is not said again.
    pub(crate) heard: BTreeMap<u64, Option<Fields>>,
    /// Orders that were accepted or rejected.
    pub(crate) answered: BTreeSet<String>,
    /// Number of the answer to its logon.
    pub(crate) logged_on: Option<u64>,
    /// From which of its own messages on it is to say them again.
    wanted: Option<u64>,
}

impl Fixer {
    /// Logs on with message `next_out`.
    pub(crate) fn arrive(address: SocketAddr, next_out: u64, work: &mut dyn FnMut()) -> Self {
        let socket = TcpStream::connect(address).unwrap();
        socket.set_nonblocking(true).unwrap();
        socket.set_nodelay(true).unwrap();
        let mut fixer = Self {
            socket,
            decoder: Decoder::new(),
            next_out,
            heard: BTreeMap::new(),
            answered: BTreeSet::new(),
            logged_on: None,
            wanted: None,
        };
        let login = [(553, CLIENT.as_bytes()), (554, PASSWORD)];
        fixer.say(b"A", &[&[(98, b"0" as &[u8]), (108, b"30")], &login[..]].concat());
        fixer.wait(work, |fixer| fixer.logged_on.is_some());
        fixer
    }

    fn write(&mut self, number: u64, msg_type: &[u8], fields: &[(u32, &[u8])]) {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        let now_ns = i64::try_from(now.as_nanos()).unwrap();
        let mut buffer = [0; BUFFER_BYTES];
        let mut writer = Writer::new(&mut buffer, Version::Fix44);
        writer.text(35, msg_type);
        writer.text(tag::SENDER_COMP_ID, CLIENT.as_bytes());
        writer.text(tag::TARGET_COMP_ID, b"ONETAPE");
        writer.number(tag::MSG_SEQ_NUM, number);
        writer.time(tag::SENDING_TIME, now_ns, Precision::Milliseconds);
        if fields.first() == Some(&(tag::POSS_DUP_FLAG, b"Y")) {
            writer.time(tag::ORIG_SENDING_TIME, now_ns, Precision::Milliseconds);
        }
        for (field, value) in fields {
            writer.text(*field, value);
        }
        self.socket.write_all(writer.finish()).unwrap();
    }

    /// Says something under the next number.
    pub(crate) fn say(&mut self, msg_type: &[u8], fields: &[(u32, &[u8])]) {
        self.write(self.next_out, msg_type, fields);
        self.next_out += 1;
    }

    /// Enters an order.
    pub(crate) fn order(&mut self, name: &str, is_buy: bool, price: &str) {
        let side = if is_buy { b"1" } else { b"2" };
        self.say(b"D", &terms(name, side, price));
    }

    /// Asks for messages `from` to `to` again.
    pub(crate) fn ask_again(&mut self, from: u64, to: u64) {
        let (from, to) = (from.to_string(), to.to_string());
        self.say(b"2", &[(7, from.as_bytes()), (16, to.as_bytes())]);
    }

    /// Says orders again that never arrived, under the numbers that it was asked for, and fills the
    /// rest with nothing.
    pub(crate) fn say_again(&mut self, names: &[&str]) {
        let from = self.wanted.take().unwrap();
        let again = (tag::POSS_DUP_FLAG, b"Y" as &[u8]);
        for (at, name) in (from..).zip(names) {
            self.write(at, b"D", &[&[again], &terms(name, b"1", "9.90")[..]].concat());
        }
        let next = self.next_out.to_string();
        let filled = [again, (tag::GAP_FILL_FLAG, b"Y"), (tag::NEW_SEQ_NO, next.as_bytes())];
        self.write(from + names.len() as u64, b"4", &filled);
    }

    /// Whether the server wants to hear from message `from` on again.
    pub(crate) fn is_wanted(&self, from: u64) -> bool {
        self.wanted == Some(from)
    }

    /// Hears what is there.
    fn listen(&mut self) {
        let mut chunk = [0; 16 << 10];
        loop {
            let count = match self.socket.read(&mut chunk) {
                Ok(count) if count > 0 => count,
                Err(err) if err.kind() == ErrorKind::WouldBlock => return,
                other => panic!("the connection ended: {other:?}; heard {:?}", self.heard),
            };
            let mut rest = &chunk[..count];
            let mut decoder = std::mem::take(&mut self.decoder);
            while let Some(arrival) = decoder.next(&mut rest) {
                match arrival {
                    Arrival::Message(message) => self.hear(&message),
                    other @ Arrival::Garbled { .. } => panic!("{other:?}"),
                }
            }
            self.decoder = decoder;
        }
    }

    fn hear(&mut self, message: &Message<'_>) {
        let at = number(message, tag::MSG_SEQ_NUM);
        let is_again = message.find(tag::POSS_DUP_FLAG).is_some();
        match message.msg_type() {
            b"4" => {
                for filled in at..number(message, tag::NEW_SEQ_NO) {
                    self.heard.entry(filled).or_insert(None);
                }
                return;
            }
            b"A" => self.logged_on = Some(at),
            b"2" => self.wanted = Some(number(message, tag::BEGIN_SEQ_NO)),
            b"5" => panic!("sent away: {}", text(message, tag::TEXT)),
            _ => {}
        }
        let was = self.heard.insert(at, Some(fields(message.bytes())));
        assert!(is_again || was.is_none(), "message {at} came twice");
        if let Some(name) = answers(message) {
            self.answered.insert(name);
        }
    }

    /// Has `work` done until something was heard.
    pub(crate) fn wait(&mut self, work: &mut dyn FnMut(), until: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            work();
            self.listen();
            if until(self) {
                return;
            }
            assert!(Instant::now() < deadline, "heard {:?}", self.heard);
        }
    }
}

/// The terms of an order.
fn terms<'a>(name: &'a str, side: &'a [u8], price: &'a str) -> [(u32, &'a [u8]); 7] {
    [
        (tag::CL_ORD_ID, name.as_bytes()),
        (tag::SYMBOL, b"ONE"),
        (tag::SIDE, side),
        (tag::ORDER_QTY, b"30"),
        (tag::ORD_TYPE, b"2"),
        (tag::PRICE, price.as_bytes()),
        (tag::TRANSACT_TIME, b"20261120-12:00:00"),
    ]
}

/// The order that a message accepts or rejects.
pub(crate) fn answers(message: &Message<'_>) -> Option<String> {
    let is_first = matches!(message.find(tag::EXEC_TYPE), Some(b"0" | b"8"));
    (message.msg_type() == b"8" && is_first).then(|| text(message, tag::CL_ORD_ID))
}
