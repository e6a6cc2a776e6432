// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The whole exchange behind real sockets: orders in, answers and market data out, crashes survived.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod disk;
mod folder;
mod market;

use std::path::Path;
use std::time::{Duration, Instant};

use disk::SmallDisk;
use folder::{TestFolder, copy};
use market::{Client, Operator, PATIENCE, Running, SYMBOLS, cancel, config, enter, make};
use onetape_core::component::{Component, Snapshot};
use onetape_core::wire::itch::Message;
use onetape_io::exchange::{Engine, PUBLIC, ServerConfig};
use serde_json::json;

/// Opens continuous trading.
fn open(folder: &Path) -> Operator {
    let mut operator = Operator::new(folder);
    operator.ask(&json!({"do": "phase", "phase": "continuous"}));
    operator
}

#[test]
fn two_clients_trade_and_the_public_is_told() {
    let folder = TestFolder::new("trade");
    let running = Running::start(config(folder.path()));
    let _operator = open(folder.path());
    let (mut seller, mut buyer) = (running.client(1, 1), running.client(2, 1));
    seller.say(&enter(1, b'S', 100, SYMBOLS[0], 100_000));
    assert_eq!(seller.letters(2), "SA");
    buyer.say(&enter(1, b'B', 40, SYMBOLS[0], 100_000));
    assert_eq!(buyer.letters(3), "SAE");
    assert_eq!(seller.letters(1), "E");
    seller.say(&cancel(1));
    assert_eq!(seller.letters(1), "C");
    let server = running.stop();
    let stream = server.engine().streams().stream(PUBLIC).unwrap();
    let letters: String = (1..=stream.released())
        .map(|number| char::from(stream.message(number).unwrap()[0]))
        .filter(|letter| "AEDUX".contains(*letter))
        .collect();
    assert_eq!(letters, "AED");
}

/// Numbers that look like chance, the same in every run.
fn chance(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// Has three clients trade at random; each has heard all of its answers at the end.
fn trade_at_random(running: &Running, rounds: u32, first: u32, sequences: [u64; 3]) -> [u64; 3] {
    let mut clients = [1, 2, 3].map(|id| running.client(id, sequences[id as usize - 1]));
    let mut state = u64::from(first) << 20 | 0x9e37;
    for round in first..first + rounds {
        for client in &mut clients {
            let dice = chance(&mut state);
            let price = 100_000 + 100 * (dice >> 20 & 15);
            let side = if dice & 1 == 0 { b'B' } else { b'S' };
            let message = match dice >> 8 & 7 {
                0 => cancel(1 + (dice >> 40) as u32 % round),
                1 => vec![0xee; (dice >> 40) as usize % 30],
                _ => enter(
                    round,
                    side,
                    1 + (dice >> 30 & 63) as u32,
                    SYMBOLS[(dice >> 50 & 1) as usize],
                    price,
                ),
            };
            client.say(&message);
        }
    }
    // A last order that cannot trade: its acceptance is the last thing a client hears.
    let mut heard = sequences.map(|sequence| sequence - 1);
    for (client, heard) in clients.iter_mut().zip(&mut heard) {
        client.say(&enter(first + rounds, b'B', 7_777, SYMBOLS[0], 100));
        loop {
            let message = client.hear();
            *heard += 1;
            if message[0] == b'A' && message[13..].windows(4).any(|w| w == 7_777_u32.to_be_bytes())
            {
                break;
            }
        }
    }
    heard
}

/// Messages of a snapshot, without the last, and the number to go on with.
fn snapshot(running: &Running) -> (Vec<Vec<u8>>, u64) {
    let mut viewer = Client::log_in(running.glimpse.unwrap(), "viewer", 1);
    let mut messages = Vec::new();
    loop {
        let message = viewer.hear();
        if message[0] == b'G' {
            let next = String::from_utf8(message[1..].to_vec()).unwrap();
            return (messages, next.trim().parse().unwrap());
        }
        messages.push(message);
    }
}

#[test]
fn a_crash_in_the_middle_of_trading_leaves_nothing_behind_and_loses_nothing() {
    let (folder, left) = (TestFolder::new("crash"), TestFolder::new("left"));
    let running = Running::start(config(folder.path()));
    let _operator = open(folder.path());
    let heard = trade_at_random(&running, 1_500, 1, [1; 3]);
    copy(folder.path(), left.path());
    let server = running.stop();
    let streams = server.engine().streams();
    for (id, heard) in (1..).zip(heard) {
        assert!(streams.stream(id).unwrap().released() >= heard);
    }

    let again = Running::start(config(left.path()));
    for (id, heard) in (1..).zip(heard) {
        let mut client = again.client(id, 1);
        let stream = streams.stream(id).unwrap();
        for number in 1..=heard {
            assert_eq!(client.hear(), stream.message(number).unwrap(), "port {id}, {number}");
        }
    }
    let (orders, next) = snapshot(&again);
    assert!(next > 1_000 && orders.len() > 100);
    std::thread::sleep(Duration::from_millis(50));
    let heard = trade_at_random(&again, 500, 1_600, heard.map(|heard| heard + 1));
    let server = again.stop();
    let recovered = server.recovered();
    assert!(recovered.streams.iter().all(|(_, found)| found.differs_at == 0 && found.rebuilt == 0));
    assert!(heard.iter().all(|count| *count > 1_000), "{heard:?}");

    // The journal alone leads to the same state, and to the same bytes.
    let hash = server.engine().core().state_hash();
    let mut saved = Vec::new();
    server.engine().core().save(&mut saved);
    drop(server);
    std::fs::remove_dir_all(left.path().join("journal").join("snapshots")).unwrap();
    let (engine, recovered) = Engine::open(&config(left.path()), &make).unwrap();
    assert_eq!(recovered.snapshot_seq, 0);
    assert_eq!(engine.core().state_hash(), hash);
    let mut replayed = Vec::new();
    engine.core().save(&mut replayed);
    assert!(saved == replayed, "the states differ");
    assert!(recovered.streams.iter().all(|(_, found)| found.differs_at == 0 && found.rebuilt == 0));
}

#[test]
fn a_snapshot_shows_the_engines_own_queues() {
    let folder = TestFolder::new("queues");
    let running = Running::start(config(folder.path()));
    let _operator = open(folder.path());
    trade_at_random(&running, 1_000, 1, [1; 3]);
    let (messages, next) = snapshot(&running);
    let server = running.stop();
    assert_eq!(next, server.engine().streams().stream(PUBLIC).unwrap().released() + 1);
    let mut shown = Vec::new();
    for message in &messages {
        if let Message::AddOrder(view) = Message::decode(message).unwrap() {
            let add = view.read();
            shown.push((add.stock_locate, add.side, add.order_ref, add.price_e4, add.shares));
        }
    }
    let matcher = server.engine().core().market().matcher();
    let mut own = Vec::new();
    for instrument in 1..=2_u16 {
        for (side, letter) in
            [(onetape_core::types::Side::Buy, b'B'), (onetape_core::types::Side::Sell, b'S')]
        {
            for order in matcher.orders(u32::from(instrument), side) {
                let price = u32::try_from(order.price).unwrap();
                let qty = u32::try_from(order.qty).unwrap();
                own.push((instrument, letter, order.order_ref, price, qty));
            }
        }
    }
    assert!(own.len() > 100, "{}", own.len());
    assert_eq!(shown, own);
}

/// On a small disk that holds the journal, or the streams, or both: cancels only, until there is
/// room again.
fn fill_up(name: &str, ballast_bytes: usize, place: impl Fn(&mut ServerConfig, &Path)) {
    let (folder, mount) = (TestFolder::new(name), TestFolder::new("mount"));
    let Some(_disk) = SmallDisk::mount(mount.path(), 4 << 20) else { return };
    let ballast = mount.path().join("ballast");
    std::fs::write(&ballast, vec![1; ballast_bytes]).unwrap();
    let mut config = config(folder.path());
    config.tick_ms = 20;
    place(&mut config, mount.path());
    let running = Running::start(config);
    let mut operator = open(folder.path());
    let mut client = running.client(1, 1);
    client.say(&enter(1, b'S', 100, SYMBOLS[0], 100_000));
    assert_eq!(client.letters(2), "SA");
    let mut number = 1;
    let mut until = Instant::now() + PATIENCE;
    while operator.ask(&json!({"do": "status"}))["cancel_only"] == json!(false) {
        assert!(Instant::now() < until, "{name}: it never becomes nearly full");
        for _ in 0..200 {
            number += 1;
            client.say(&enter(number, b'S', 1, SYMBOLS[0], 100_100));
        }
        client.letters(200);
        // Segments are small here: whoever prepares the next one is to have its turn.
        std::thread::sleep(Duration::from_millis(10));
    }
    let status = operator.ask(&json!({"do": "status"}));
    assert_eq!(status["journal"]["nearly_full"], true);
    client.say(&enter(number + 1, b'S', 1, SYMBOLS[0], 100_100));
    assert_eq!(client.letters(1), "J", "{name}: no new orders");
    client.say(&cancel(1));
    assert_eq!(client.letters(1), "C", "{name}: cancels work");
    std::fs::remove_file(&ballast).unwrap();
    until = Instant::now() + PATIENCE;
    while operator.ask(&json!({"do": "status"}))["cancel_only"] == json!(true) {
        assert!(Instant::now() < until, "{name}: it is never lifted");
        std::thread::sleep(Duration::from_millis(20));
    }
    client.say(&enter(number + 2, b'S', 1, SYMBOLS[0], 100_100));
    assert_eq!(client.letters(1), "A", "{name}");
    drop(running.stop());
}

#[test]
fn a_nearly_full_disk_takes_cancels_only_until_there_is_room() {
    // Of the journal one segment is in use and one prepared; the third does not fit.
    fill_up("journal", 2_300 << 10, |config, disk| {
        config.journal = disk.join("journal");
        config.options.segment_bytes = 768 << 10;
    });
    // Four streams take 128 KiB and 16 KiB each at first.
    fill_up("streams", 3_300 << 10, |config, disk| {
        config.streams = disk.join("streams");
        config.port_bytes_max = 1 << 20;
        config.itch_bytes_max = 1 << 20;
    });
}

#[test]
fn changed_definitions_are_journaled_again_and_the_same_ones_are_not() {
    let folder = TestFolder::new("definitions");
    let first = Running::start(config(folder.path())).stop();
    let count = |server: &onetape_io::exchange::Server<_>| {
        let ledger = server.engine().ledger();
        (ledger.count(11), ledger.count(18))
    };
    assert_eq!(count(&first), (3, 1));
    drop(first);
    let second = Running::start(config(folder.path())).stop();
    assert_eq!(count(&second), (3, 1));
    drop(second);
    let mut changed = config(folder.path());
    changed.definitions[3].body[0] = 7;
    let third = Running::start(changed).stop();
    assert_eq!(count(&third), (6, 1));
}
