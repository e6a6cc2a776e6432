// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A whole exchange whose wall clock steps: FIX clients, whose own clocks are right, notice nothing.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod folder;
mod market;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use folder::TestFolder;
use market::{Operator, PATIENCE, config, make};
use onetape_core::events::{OrderFormat, PortDefined, PortKind, StpMode};
use onetape_core::wire::fix::{BUFFER_BYTES, Precision, Version, Writer, tag};
use onetape_io::exchange::{Definition, PortConfig, Secret, Server, ServerConfig, system_clock};
use serde_json::json;

const HOUR_NS: i64 = 3_600_000_000_000;
const FIX_PORT: u32 = 4;
/// How far the exchange's wall clock is from the system's.
static OFFSET_NS: AtomicI64 = AtomicI64::new(0);

fn stepped_clock() -> i64 {
    system_clock() + OFFSET_NS.load(Ordering::SeqCst)
}

fn with_fix(folder: &Path) -> ServerConfig {
    let mut config = config(folder);
    let port = PortDefined {
        order_qty_max: 1 << 30,
        order_notional_max: 1 << 60,
        open_orders_max: 1 << 10,
        orders_per_second_max: 1 << 10,
        cancels_per_second_max: 1 << 10,
        port_id: FIX_PORT,
        firm_id: 1,
        collar_bps: 0,
        kind: PortKind::OrderEntry.raw(),
        format: OrderFormat::Fix44.raw(),
        cancel_on_disconnect: 0,
        stp_mode: StpMode::Off.raw(),
        stp_by_port: 0,
        duplicates_max: 0,
        post_only_rejects: 0,
        reserved1: 0,
    };
    let body = [port.encode().as_slice(), b"CLIENT"].concat();
    config.definitions.push(Definition { kind: PortDefined::KIND, version: 1, body });
    let mut address = market::anywhere();
    address.set_ip(std::net::Ipv4Addr::new(127, 0, 0, 2).into());
    config.ports.push(PortConfig {
        id: FIX_PORT,
        username: "CLIENT".to_owned(),
        password: Secret::new("open sesame"),
        format: OrderFormat::Fix44,
        address,
    });
    ServerConfig { wall: stepped_clock, ..config }
}

/// What a client with the right time is answered: the type of the first message, and its text.
fn log_on(address: SocketAddr) -> String {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut buffer = [0; BUFFER_BYTES];
    let mut writer = Writer::new(&mut buffer, Version::Fix44);
    writer.text(35, b"A");
    writer.text(tag::SENDER_COMP_ID, b"CLIENT");
    writer.text(tag::TARGET_COMP_ID, b"ONETAPE");
    writer.number(tag::MSG_SEQ_NUM, 1);
    writer.time(tag::SENDING_TIME, system_clock(), Precision::Milliseconds);
    for (field, value) in [(98, "0"), (108, "30"), (141, "Y"), (554, "open sesame")] {
        writer.text(field, value.as_bytes());
    }
    socket.write_all(writer.finish()).unwrap();
    let (mut heard, mut chunk) = (Vec::new(), [0; 4_096]);
    while !heard.windows(4).any(|w| w == b"\x0110=") {
        let count = socket.read(&mut chunk).unwrap();
        assert!(count > 0, "{}", String::from_utf8_lossy(&heard));
        heard.extend_from_slice(&chunk[..count]);
    }
    String::from_utf8_lossy(&heard).replace('\x01', "|")
}

fn clock(operator: &mut Operator) -> serde_json::Value {
    operator.ask(&json!({"do": "status"}))["clock"].clone()
}

/// Sets the wall clock, and waits until the exchange has looked.
fn step(operator: &mut Operator, to_ns: i64, forward: u64, back: u64) {
    OFFSET_NS.store(to_ns, Ordering::SeqCst);
    let until = Instant::now() + PATIENCE;
    loop {
        let clock = clock(operator);
        if clock["steps_forward"].as_u64() >= Some(forward)
            && clock["steps_back"].as_u64() >= Some(back)
        {
            return;
        }
        assert!(Instant::now() < until, "{clock}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_clock_that_leaps_and_comes_back_is_not_believed_and_a_restart_says_what_is_wrong() {
    let folder = TestFolder::new("clock");
    let mut server = Server::start(with_fix(folder.path()), make).unwrap();
    let fix = server.addresses().unwrap()[1];
    let (stop, notices) = (server.stop(), server.notices());
    let thread = std::thread::spawn(move || server.run().unwrap());
    let mut operator = Operator::new(folder.path());
    assert!(log_on(fix).contains("|35=A|"));

    step(&mut operator, HOUR_NS, 1, 0);
    std::thread::sleep(Duration::from_millis(300));
    let ahead_ns = clock(&mut operator)["ahead_ns"].as_i64().unwrap();
    assert!((-HOUR_NS - 1_000_000_000..=-HOUR_NS + 1_000_000_000).contains(&ahead_ns));
    assert!(log_on(fix).contains("|35=A|"), "the exchange's time went on by itself");
    step(&mut operator, 0, 1, 1);
    assert!(log_on(fix).contains("|35=A|"));
    let told = notices.take();
    assert!(
        told.iter().any(|text| text.contains("forward by 3") && text.contains("stood")),
        "{told:?}"
    );
    assert!(told.iter().any(|text| text.contains("had not been followed")), "{told:?}");
    stop.stop();
    thread.join().unwrap();

    // The journal of an exchange whose clock was an hour ahead, where it is right again.
    OFFSET_NS.store(HOUR_NS, Ordering::SeqCst);
    let mut server = Server::start(with_fix(folder.path()), make).unwrap();
    for _ in 0..3 {
        server.turn().unwrap(); // Ticks.
    }
    drop(server);
    OFFSET_NS.store(0, Ordering::SeqCst);
    let mut server = Server::start(with_fix(folder.path()), make).unwrap();
    let (fix, stop) = (server.addresses().unwrap()[1], server.stop());
    let told = server.notices().take();
    assert!(told[0].contains("ahead of the wall clock"), "{told:?}");
    let thread = std::thread::spawn(move || server.run().unwrap());
    let refused = log_on(fix);
    assert!(refused.contains("SendingTime"), "the tolerance is of the exchange's time: {refused}");
    stop.stop();
    thread.join().unwrap();
}
