// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Lines between a market and its listeners that lose, double and delay packets, by a seed.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses a part of it; a test may panic"
)]

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::net::{SocketAddr, SocketAddrV4, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use onetape_core::hash::mix;

use super::market::anywhere;

/// What became of the packets on a line.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fate {
    pub(crate) passed: u64,
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
    pub(crate) late: u64,
}

/// A line that loses a packet of twenty, and has three of twenty come late and one of ten twice.
pub(crate) struct Proxy {
    pub(crate) from: UdpSocket,
    to: SocketAddr,
    random: u64,
    held: VecDeque<Vec<u8>>,
    fate: Fate,
}

impl Proxy {
    pub(crate) fn new(to: SocketAddr, seed: u64) -> Self {
        let from = UdpSocket::bind(anywhere()).unwrap();
        from.set_read_timeout(Some(Duration::from_millis(5))).unwrap();
        Self { from, to, random: seed, held: VecDeque::new(), fate: Fate::default() }
    }

    fn percent(&mut self) -> u64 {
        self.random = mix(self.random + 1);
        self.random % 100
    }

    fn pass(&self, packet: &[u8]) {
        let _nobody_may_listen_any_more = self.from.send_to(packet, self.to);
    }

    fn carry(&mut self, packet: &[u8]) {
        match self.percent() {
            0..5 => self.fate.lost += 1,
            5..20 => {
                self.fate.late += 1;
                self.held.push_back(packet.to_vec());
            }
            _ => {
                self.fate.passed += 1;
                self.pass(packet);
                if self.percent() < 10 {
                    self.fate.doubled += 1;
                    self.pass(packet);
                }
                while !self.held.is_empty() && self.percent() < 50 {
                    let late = self.held.pop_back().unwrap();
                    self.pass(&late);
                }
            }
        }
    }

    pub(crate) fn run(self, done: &AtomicBool) -> Fate {
        self.run_with(done, &AtomicBool::new(false))
    }

    /// As [`Self::run`], but nothing passes while `is_out`.
    pub(crate) fn run_with(mut self, done: &AtomicBool, is_out: &AtomicBool) -> Fate {
        let mut bytes = [0; 2_000];
        while !done.load(Ordering::Acquire) {
            match self.from.recv(&mut bytes) {
                Ok(_) if is_out.load(Ordering::Acquire) => self.fate.lost += 1,
                Ok(length) => self.carry(&bytes[..length]),
                Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
            }
        }
        self.fate
    }
}

/// An address that nobody has.
pub(crate) fn free() -> SocketAddrV4 {
    let SocketAddr::V4(address) = UdpSocket::bind(anywhere()).unwrap().local_addr().unwrap() else {
        panic!("an address of version 4 was asked for");
    };
    address
}
