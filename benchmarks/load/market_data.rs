// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A listener of one line of market data: when each order was first shown.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};
use std::time::Instant;

use onetape_core::wire::mold::Packet;

/// A joined multicast group.
pub(crate) struct MarketData {
    socket: UdpSocket,
    arrivals: HashMap<u64, Instant>,
    messages: u64,
    gaps: u64,
    next: Option<u64>,
}

impl MarketData {
    /// Joins `group:port` on the loopback interface.
    pub(crate) fn join(group: &str) -> Self {
        let address: SocketAddrV4 = group.parse().unwrap();
        let socket = socket2::Socket::new(
            socket2::Domain::IPV4,
            socket2::Type::DGRAM,
            Some(socket2::Protocol::UDP),
        )
        .unwrap();
        socket.set_reuse_address(true).unwrap();
        socket.set_recv_buffer_size(16 << 20).unwrap();
        socket.bind(&address.into()).unwrap();
        socket.join_multicast_v4(address.ip(), &Ipv4Addr::LOCALHOST).unwrap();
        socket.set_nonblocking(true).unwrap();
        Self { socket: socket.into(), arrivals: HashMap::new(), messages: 0, gaps: 0, next: None }
    }

    /// Takes in what came.
    pub(crate) fn poll(&mut self) {
        let mut buffer = [0; 2_048];
        loop {
            let length = match self.socket.recv(&mut buffer) {
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) => panic!("recv: {error}"),
            };
            let now = Instant::now();
            let packet = Packet::decode(&buffer[..length]).unwrap();
            let first = packet.header.sequence;
            self.gaps += first.saturating_sub(self.next.unwrap_or(first));
            for message in packet.messages() {
                let (number, bytes) = message.unwrap();
                self.messages += 1;
                self.next = Some(number + 1);
                if let [b'A', ..] = bytes {
                    let order_ref = u64::from_be_bytes(*bytes[11..].first_chunk().unwrap());
                    self.arrivals.insert(order_ref, now);
                }
            }
        }
    }

    /// When an order was shown.
    pub(crate) fn arrival(&self, order_ref: u64) -> Option<Instant> {
        self.arrivals.get(&order_ref).copied()
    }

    /// Messages heard.
    pub(crate) const fn messages(&self) -> u64 {
        self.messages
    }

    /// Messages lost.
    pub(crate) const fn gaps(&self) -> u64 {
        self.gaps
    }
}
