// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Listeners that join by GLIMPSE while orders fly: the book that each was given, and goes on with,
//! is the one that a listener from the first message has, and the engine's own.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod folder;
mod market;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use folder::TestFolder;
use market::listening::{Book, keep_trading, own, relive};
use market::{Client, Operator, Running, config};
use onetape_io::exchange::PUBLIC;
use serde_json::json;

/// How often somebody joins.
const JOINS: usize = 40;

/// Somebody who joined.
struct Joined {
    book: Book,
    /// The message that it goes on with.
    next: u64,
    orders: usize,
}

fn join(running: &Running) -> Joined {
    let mut viewer = Client::log_in(running.glimpse.unwrap(), "viewer", 1);
    let (mut book, mut orders) = (Book::new(), 0);
    loop {
        let message = viewer.hear();
        if message[0] == b'G' {
            let next = String::from_utf8(message[1..].to_vec()).unwrap().trim().parse().unwrap();
            return Joined { book, next, orders };
        }
        orders += usize::from(message[0] == b'A' || message[0] == b'F');
        book.hear(&message);
    }
}

#[test]
fn whoever_joins_while_orders_fly_has_the_engines_book() {
    let folder = TestFolder::new("joining");
    let running = Running::start(config(folder.path()));
    let mut operator = Operator::new(folder.path());
    operator.ask(&json!({"do": "phase", "phase": "continuous"}));
    let done = AtomicBool::new(false);
    let mut joined = std::thread::scope(|scope| {
        let trading = keep_trading(scope, &running, &done, 9);
        let mut joined = Vec::new();
        for at in 0..JOINS {
            joined.push(join(&running));
            if at == JOINS / 2 {
                operator.ask(&json!({"do": "halt", "instrument": 1}));
            } else if at == JOINS / 2 + 4 {
                operator.ask(&json!({"do": "phase", "phase": "continuous", "instrument": 1}));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        done.store(true, Ordering::Release);
        assert!(trading.join().unwrap() > 200);
        joined
    });
    let server = running.stop();
    let tape = server.engine().streams().stream(PUBLIC).unwrap();
    let last = tape.released();
    let told = |number: u64| tape.message(number).unwrap();

    // Each, led to the end of the input that it joined in, against who heard everything, and against
    // the engine as it was then.
    let (mut followed, mut heard, mut compared) = (Book::new(), 0, 0);
    relive(&folder.path().join("journal"), |engine, published| {
        for number in heard + 1..=published {
            followed.hear(told(number));
        }
        for who in joined.iter_mut().filter(|who| (heard + 1..=published).contains(&(who.next - 1)))
        {
            for number in who.next..=published {
                who.book.hear(told(number));
            }
            assert_eq!(who.book.queues(), own(engine), "joined at {}", who.next);
            assert_eq!(followed.queues(), own(engine), "followed to {published}");
            who.next = published + 1;
            compared += 1;
        }
        heard = published;
    });
    assert_eq!((heard, compared), (last, JOINS));

    // And to the end of the day's trading.
    let engine = own(server.engine().core());
    assert_eq!(followed.queues(), engine);
    let (first, latest) = (joined[0].next, joined[JOINS - 1].next);
    assert!(latest > first + 500, "the book moved: {first}, {latest}");
    assert!(joined.iter().filter(|who| who.orders > 50).count() > JOINS / 2);
    for who in &mut joined {
        for number in who.next..=last {
            who.book.hear(told(number));
        }
        assert_eq!(who.book.queues(), engine);
    }
}
