// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Addresses that a standby will need: looked at while it stands by, waited for when it takes over.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, Socket, Type};

use super::config::ServerConfig;
use crate::replica::Control;

/// How long a take-over waits for addresses that somebody else has: a dead primary's on the same
/// machine, or one that moves to this machine.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(10);

/// Whether an address cannot be had at present.
fn is_taken(address: SocketAddr, kind: Type, protocol: Protocol) -> bool {
    let attempt = || {
        let socket = Socket::new(Domain::for_address(address), kind, Some(protocol))?;
        socket.set_reuse_address(kind == Type::STREAM)?;
        socket.bind(&address.into())
    };
    let unavailable = [ErrorKind::AddrInUse, ErrorKind::AddrNotAvailable];
    attempt().is_err_and(|error| unavailable.contains(&error.kind()))
}

/// The first of an exchange's addresses that cannot be had at present.
fn taken(config: &ServerConfig) -> Option<SocketAddr> {
    let mut streams: Vec<_> = config.ports.iter().map(|port| port.address).collect();
    streams.extend(config.glimpse.iter().map(|glimpse| glimpse.address));
    streams.sort_unstable();
    streams.dedup();
    let stream = streams.into_iter().find(|at| is_taken(*at, Type::STREAM, Protocol::TCP));
    stream.or(config.rerequest.filter(|at| is_taken(*at, Type::DGRAM, Protocol::UDP)))
}

/// Says which address a take-over would lack now.
pub(super) fn look(config: &ServerConfig, control: &Control) {
    if let Some(address) = taken(config) {
        control.notice(format!("{address} is somebody else's now: a take-over needs it"));
    }
}

/// Waits until all addresses are free, or for some time.
pub(super) fn wait(config: &ServerConfig, control: &Control) {
    let until = Instant::now() + PATIENCE;
    while let Some(address) = taken(config) {
        if Instant::now() >= until {
            return;
        }
        control.notice(format!("took over, and waits for {address}, which somebody else has"));
        std::thread::sleep(LOOK);
    }
}
