// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The measuring venue: one instrument, one client, `SoupBinTCP` without the parts that nobody needs
//! here.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use crate::Plan;

/// Bytes of an Enter Order in a packet of `SoupBinTCP`, its type among them, without appendage.
pub(crate) const ORDER_BYTES: usize = 1 + 45 + 2;
/// Where the price of an order stands behind the packet's length.
pub(crate) const PRICE_AT: usize = 2 + 1 + 18;
/// Bytes of the price at the end of an Order Replace.
pub(crate) const PRICE_BYTES: usize = 4;
/// Prices that triggers take in turn: an order says by its price which one it answers to.
const PRICES: usize = 64;
const FIRST_PRICE: u32 = 1_000_000;
const SESSION: &[u8; 10] = b"BENCH00001";

struct Venue {
    client: TcpStream,
    line: UdpSocket,
    to: String,
    unread: Vec<u8>,
    number: u64,
    message: u64,
    order_ref: u64,
    sent: [Option<Instant>; PRICES],
    took: Histogram<u64>,
    orders: u64,
    loss_percent: u64,
    dice: u64,
    kept: Vec<Vec<u8>>,
}

pub(crate) fn run(plan: &Plan) {
    let listener = TcpListener::bind(plan.text("tcp")).unwrap();
    println_ready();
    let (client, _) = listener.accept().unwrap();
    client.set_nodelay(true).unwrap();
    client.set_nonblocking(true).unwrap();
    let mut venue = Venue {
        client,
        line: UdpSocket::bind("127.0.0.1:0").unwrap(),
        to: plan.text("udp").to_owned(),
        unread: Vec::new(),
        number: 1,
        message: 1,
        order_ref: 1,
        sent: [None; PRICES],
        took: Histogram::new_with_bounds(1, 60_000_000_000, 3).unwrap(),
        orders: 0,
        loss_percent: plan.number("loss", 0),
        dice: 7,
        kept: Vec::new(),
    };
    let rerequest = UdpSocket::bind(match plan.text("rerequest") {
        "" => "127.0.0.1:0",
        address => address,
    });
    let rerequest = rerequest.unwrap();
    rerequest.set_nonblocking(true).unwrap();
    venue.open();
    let (rate, seconds) = (plan.number("rate", 2_000), plan.number("seconds", 5));
    let warm = plan.number("warm", rate);
    venue.listen_for(Duration::from_millis(plan.number("settle_ms", 1_500)));
    let (started, every) = (Instant::now(), Duration::from_nanos(1_000_000_000 / rate));
    let sleeps = plan.number("sleeps", 0) != 0;
    for trigger in 0..warm + rate * seconds {
        let due = started + every * u32::try_from(trigger).unwrap();
        while Instant::now() < due {
            venue.hear();
            venue.answer(&rerequest);
            if sleeps {
                std::thread::sleep(Duration::from_micros(50));
            }
        }
        if trigger == warm {
            venue.took.reset();
            venue.orders = 0;
        }
        venue.trigger(trigger);
    }
    venue.listen_for(Duration::from_millis(300));
    venue.report(rate, seconds);
}

fn println_ready() {
    eprintln!("ready");
}

impl Venue {
    /// The day's first messages: one instrument, open, with two sides.
    fn open(&mut self) {
        let mut directory = vec![0; 39];
        directory[0] = b'R';
        directory[1..3].copy_from_slice(&1_u16.to_be_bytes());
        directory[11..19].copy_from_slice(b"ONE     ");
        self.publish(&directory, true);
        let mut action = vec![0; 25];
        action[0] = b'H';
        action[1..3].copy_from_slice(&1_u16.to_be_bytes());
        action[11..19].copy_from_slice(b"ONE     ");
        action[19] = b'T';
        self.publish(&action, true);
        self.add(1, b'B', FIRST_PRICE);
        self.add(2, b'S', FIRST_PRICE + 100_000);
        self.order_ref = 3;
    }

    fn add(&mut self, order_ref: u64, side: u8, price: u32) {
        let mut add = vec![0; 36];
        add[0] = b'A';
        add[1..3].copy_from_slice(&1_u16.to_be_bytes());
        stamp(&mut add);
        add[11..19].copy_from_slice(&order_ref.to_be_bytes());
        add[19] = side;
        add[20..24].copy_from_slice(&100_u32.to_be_bytes());
        add[24..32].copy_from_slice(b"ONE     ");
        add[32..36].copy_from_slice(&price.to_be_bytes());
        self.publish(&add, true);
    }

    /// The best bid moves: somebody is to answer.
    fn trigger(&mut self, trigger: u64) {
        let place = (trigger as usize) % PRICES;
        let price = FIRST_PRICE + 100 * (1 + place as u32);
        let old = if self.order_ref == 3 { 1 } else { self.order_ref - 1 };
        let mut replace = [0; 35];
        replace[0] = b'U';
        replace[1..3].copy_from_slice(&1_u16.to_be_bytes());
        stamp(&mut replace);
        replace[11..19].copy_from_slice(&old.to_be_bytes());
        replace[19..27].copy_from_slice(&self.order_ref.to_be_bytes());
        replace[27..31].copy_from_slice(&100_u32.to_be_bytes());
        replace[31..35].copy_from_slice(&price.to_be_bytes());
        self.order_ref += 1;
        self.sent[place] = Some(Instant::now());
        self.publish(&replace, false);
    }

    fn publish(&mut self, message: &[u8], surely: bool) {
        let mut packet = SESSION.to_vec();
        packet.extend_from_slice(&self.message.to_be_bytes());
        packet.extend_from_slice(&1_u16.to_be_bytes());
        packet.extend_from_slice(&(message.len() as u16).to_be_bytes());
        packet.extend_from_slice(message);
        self.message += 1;
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        if surely || (self.dice >> 33) % 100 >= self.loss_percent {
            self.line.send_to(&packet, &self.to).unwrap();
        }
        if self.loss_percent > 0 {
            self.kept.push(packet);
        }
    }

    /// Sends again what was asked for.
    fn answer(&mut self, rerequest: &UdpSocket) {
        let mut request = [0; 64];
        let Ok((20, from)) = rerequest.recv_from(&mut request) else { return };
        let first = u64::from_be_bytes(request[10..18].try_into().unwrap());
        let count = u64::from(u16::from_be_bytes(request[18..20].try_into().unwrap()));
        for number in first..first + count.min(64) {
            if let Some(packet) = self.kept.get(number as usize - 1) {
                rerequest.send_to(packet, from).unwrap();
            }
        }
    }

    fn listen_for(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while Instant::now() < until {
            self.hear();
        }
    }

    /// Takes in what the client sent.
    fn hear(&mut self) {
        let mut buffer = [0; 4_096];
        match self.client.read(&mut buffer) {
            Ok(0) => panic!("the client has gone"),
            Ok(length) => self.unread.extend_from_slice(&buffer[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return,
            Err(error) => panic!("{error}"),
        }
        let now = Instant::now();
        let mut at = 0;
        while let Some(length) = self.unread.get(at..at + 2) {
            let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
            let Some(packet) = self.unread.get(at + 2..at + 2 + length) else { break };
            let packet = packet.to_vec();
            at += 2 + length;
            self.packet(&packet, now);
        }
        self.unread.drain(..at);
    }

    fn packet(&mut self, packet: &[u8], now: Instant) {
        match (packet[0], packet.get(1)) {
            (b'L', _) => {
                let mut accepted = SESSION.to_vec();
                accepted.extend_from_slice(format!("{:>20}", self.number).as_bytes());
                self.say(b'A', &accepted);
            }
            (b'U', Some(b'Q')) => {
                let mut answer = vec![b'Q'];
                answer.extend_from_slice(&[0; 8]);
                answer.extend_from_slice(&1_u32.to_be_bytes());
                self.sequenced(&answer);
            }
            (b'U', Some(b'O')) => self.order(&packet[1..], now),
            _ => {}
        }
    }

    /// An order: measured, taken, and cancelled at once, as an immediate one that found nothing is.
    fn order(&mut self, order: &[u8], now: Instant) {
        let price = u32::from_be_bytes(order[22..26].try_into().unwrap());
        let place = (price.wrapping_sub(FIRST_PRICE) / 100).wrapping_sub(1) as usize;
        if let Some(sent) = self.sent.get_mut(place).and_then(Option::take) {
            self.took.saturating_record((now - sent).as_nanos() as u64);
            self.orders += 1;
        }
        if order[1..5] == [0; 4] {
            return; // The bare program's: it hears no answers.
        }
        let mut accepted = vec![0; 62 + 2];
        accepted[0] = b'A';
        accepted[9..13].copy_from_slice(&order[1..5]);
        accepted[13] = order[5];
        accepted[14..18].copy_from_slice(&order[6..10]);
        accepted[18..26].copy_from_slice(&order[10..18]);
        accepted[26..34].copy_from_slice(&order[18..26]);
        accepted[36..44].copy_from_slice(&(1_000_000_000 + self.number).to_be_bytes());
        accepted[47] = b'L';
        self.sequenced(&accepted);
        let mut canceled = vec![0; 18];
        canceled[0] = b'C';
        canceled[9..13].copy_from_slice(&order[1..5]);
        canceled[13..17].copy_from_slice(&order[6..10]);
        canceled[17] = b'I';
        self.sequenced(&canceled);
    }

    fn sequenced(&mut self, message: &[u8]) {
        self.number += 1;
        self.say(b'S', message);
    }

    fn say(&mut self, kind: u8, body: &[u8]) {
        let mut packet = (body.len() as u16 + 1).to_be_bytes().to_vec();
        packet.push(kind);
        packet.extend_from_slice(body);
        self.client.write_all(&packet).unwrap();
    }

    fn report(&self, rate: u64, seconds: u64) {
        let at = |quantile| self.took.value_at_quantile(quantile) as f64 / 1_000.0;
        println!(
            "{{\"rate\": {rate}, \"seconds\": {seconds}, \"orders\": {}, \"p50_us\": {:.2}, \
             \"p99_us\": {:.2}, \"p99_9_us\": {:.2}, \"max_us\": {:.1}}}",
            self.orders,
            at(0.5),
            at(0.99),
            at(0.999),
            self.took.max() as f64 / 1_000.0,
        );
    }
}

/// The time of day, as ITCH has it.
fn stamp(message: &mut [u8]) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let of_day = now.as_nanos() % 86_400_000_000_000;
    message[5..11].copy_from_slice(&(of_day as u64).to_be_bytes()[2..]);
}
