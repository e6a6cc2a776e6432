// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Market data out: the public stream in `MoldUDP64` packets, the same on every line.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use onetape_core::types::{SECOND_NS, TsNs};
use onetape_core::wire::mold::{PAYLOAD_BYTES_MAX, PacketBuilder};
use socket2::{Domain, Protocol, Socket, Type};

use super::config::LineConfig;
use super::error::ServerError;
use super::store::Stream;
use super::streams::Today;

/// Silence after which a line says that it is alive.
const HEARTBEAT_NS: i64 = SECOND_NS;
/// Packets for one turn of the engine, so that a long catch-up does not hold orders up.
const PACKETS_MAX: usize = 64;

/// One line.
#[derive(Debug)]
struct Line {
    socket: UdpSocket,
    to: SocketAddr,
}

/// All lines.
#[derive(Debug)]
pub struct Lines {
    all: Vec<Line>,
    /// Begun with the day.
    packets: Option<PacketBuilder>,
    session: [u8; 10],
    /// Number of the next message to send.
    next: u64,
    sent_ns: TsNs,
    /// Packets that the system did not take, all lines together.
    failed: u64,
    /// Packets that left, all lines together.
    packets_sent: u64,
}

impl Lines {
    /// Opens the lines.
    ///
    /// # Errors
    /// [`ServerError::Socket`] when one cannot be had.
    pub fn open(configs: &[LineConfig]) -> Result<Self, ServerError> {
        let all = configs.iter().map(open_line).collect::<Result<_, _>>()?;
        Ok(Self {
            all,
            packets: None,
            session: [b' '; 10],
            next: 1,
            sent_ns: 0,
            failed: 0,
            packets_sent: 0,
        })
    }

    /// Begins a day's session, at message `next`.
    pub(crate) fn begin(&mut self, today: &Today, next: u64) {
        self.next = next.max(1);
        self.session = today.session;
        self.packets = Some(PacketBuilder::new(today.session, self.next, PAYLOAD_BYTES_MAX));
        self.sent_ns = TsNs::MIN;
    }

    /// Number of the last message that left.
    #[must_use]
    pub const fn sent(&self) -> u64 {
        self.next - 1
    }

    /// Sends what was released of the public stream; whether there is more.
    pub(crate) fn publish(&mut self, now_ns: TsNs, stream: &Stream) -> bool {
        let Some(mut packets) = self.packets.take() else { return false };
        let mut sent = 0;
        while let Some(message) = stream.message(self.next) {
            if packets.push(message).is_ok() {
                self.next += 1;
                continue;
            }
            if packets.messages_count() == 0 {
                // Longer than any packet, as no ITCH message is: its number is left out.
                self.next += 1;
                packets = PacketBuilder::new(self.session, self.next, PAYLOAD_BYTES_MAX);
                continue;
            }
            self.send(now_ns, packets.packet());
            packets.advance();
            sent += 1;
            if sent == PACKETS_MAX {
                break;
            }
        }
        if packets.messages_count() > 0 {
            self.send(now_ns, packets.packet());
            packets.advance();
        }
        self.packets = Some(packets);
        sent == PACKETS_MAX
    }

    /// Says that the lines are alive, or that the session is over, when nothing was said for a while.
    pub(crate) fn keep_alive(&mut self, now_ns: TsNs, ended: bool) {
        if now_ns.saturating_sub(self.sent_ns) < HEARTBEAT_NS {
            return;
        }
        let Some(mut packets) = self.packets.take() else { return };
        if ended {
            self.send(now_ns, &packets.end_of_session());
        } else {
            self.send(now_ns, packets.packet());
        }
        self.packets = Some(packets);
    }

    fn send(&mut self, now_ns: TsNs, packet: &[u8]) {
        for line in &self.all {
            match line.socket.send_to(packet, line.to) {
                Ok(_) => self.packets_sent += 1,
                // Lost like any datagram: the other line, or a re-request, has it.
                Err(_) => self.failed += 1,
            }
        }
        self.sent_ns = now_ns;
    }

    /// Packets that left, all lines together.
    #[must_use]
    pub const fn packets_sent(&self) -> u64 {
        self.packets_sent
    }

    /// Packets that the system did not take.
    #[must_use]
    pub const fn failed(&self) -> u64 {
        self.failed
    }
}

fn open_line(config: &LineConfig) -> Result<Line, ServerError> {
    let failed =
        |source| ServerError::Socket { doing: "send market data to", address: config.to, source };
    let domain = if config.to.is_ipv4() { Domain::IPV4 } else { Domain::IPV6 };
    let socket = Socket::new(domain, Type::DGRAM, Some(Protocol::UDP)).map_err(failed)?;
    socket.set_nonblocking(true).map_err(failed)?;
    if let SocketAddr::V4(to) = config.to {
        if to.ip().is_multicast() {
            socket.set_multicast_ttl_v4(config.ttl).map_err(failed)?;
            socket.set_multicast_loop_v4(config.loopback).map_err(failed)?;
            if config.interface != Ipv4Addr::UNSPECIFIED {
                socket.set_multicast_if_v4(&config.interface).map_err(failed)?;
            }
        }
        let from = SocketAddr::from((config.interface, 0));
        socket.bind(&from.into()).map_err(failed)?;
    } else {
        socket.set_multicast_hops_v6(config.ttl).map_err(failed)?;
        socket.set_multicast_loop_v6(config.loopback).map_err(failed)?;
    }
    Ok(Line { socket: socket.into(), to: config.to })
}
