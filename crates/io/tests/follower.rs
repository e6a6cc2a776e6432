// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A strategy's process follows a journal: nothing is told before it began, then the present state,
//! then what changes; what it asks for comes out of its inlet.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::Path;

use onetape_core::book::BooksConfig;
use onetape_core::component::sources;
use onetape_core::events::{
    FeedState, FeedStateChanged, InstrumentDefined, InstrumentListed, MarketAction, MarketUpdated,
    ParameterKind, SetQuote, Side, StrategyParameterDeclared, StrategyParameterSet,
    StrategyStarted, VenueDefined,
};
use onetape_core::feed::Rules;
use onetape_core::journal::Sink;
use onetape_core::live::NodeConfig;
use onetape_core::trading::{Callback, QuoteSide, StrategyRun};
use onetape_io::inlet::{InletReader, Welcome};
use onetape_io::journal_file::{JournalWriter, Options};
use onetape_io::live::{Followed, Follower};

const VENUE: u32 = sources::VENUE + 1;

struct Journal(JournalWriter, i64);

impl Journal {
    fn put(&mut self, kind: u16, source: u32, body: &[u8]) {
        self.1 += 1_000;
        Sink::append(&mut self.0, self.1, kind, 1, source, body, &[]).unwrap();
    }

    fn define(&mut self) {
        let venue = VenueDefined { venue_id: 1, is_adapter: 1, feed_id: 0, reserved: 0 };
        self.put(VenueDefined::KIND, sources::CONFIG, &venue.encode());
        self.list(1, *b"ONE\0\0\0\0\0\0\0\0\0\0\0\0\0");
        self.list(2, *b"TWO\0\0\0\0\0\0\0\0\0\0\0\0\0");
        let live = FeedStateChanged {
            next_number: 1,
            missing: 0,
            midnight_ts_ns: 0,
            session: [0; 10],
            feed_id: 0,
            state: FeedState::Live.raw(),
            reserved: [0; 3],
        };
        self.put(FeedStateChanged::KIND, sources::FEED, &live.encode());
    }

    fn list(&mut self, id: u32, symbol: [u8; 16]) {
        let instrument = InstrumentDefined {
            symbol,
            currency: *b"USD\0\0\0\0\0",
            tick_e9: 100_000,
            lot_e9: 1_000_000_000,
            multiplier_e9: 1_000_000_000,
            instrument_id: id,
            venue_code: 0,
        };
        self.put(InstrumentDefined::KIND, sources::CONFIG, &instrument.encode());
        let listed =
            InstrumentListed { instrument_id: id, venue_id: 1, product_id: id, reserved: 0 };
        self.put(InstrumentListed::KIND, sources::CONFIG, &listed.encode());
    }

    fn order(&mut self, order_ref: u64, side: Side, price_ticks: i64) {
        self.order_in(1, order_ref, side, price_ticks);
    }

    fn order_in(&mut self, instrument_id: u32, order_ref: u64, side: Side, price_ticks: i64) {
        let update = MarketUpdated {
            venue_ts_ns: 0,
            order_ref,
            other_ref: 0,
            price_ticks,
            qty_lots: 10,
            instrument_id,
            action: MarketAction::Add.raw(),
            side: side.raw(),
            flags: 0,
        };
        self.put(MarketUpdated::KIND, VENUE, &update.encode());
    }
}

fn config() -> NodeConfig {
    NodeConfig {
        books: BooksConfig { orders_max: 64, instruments_max: 2, window_levels: 256 },
        rules: Rules::usual(),
        venues_max: 1,
        strategies_max: 1,
        own_orders_max: 8,
        midnight_ns: 0,
    }
}

fn calls(follower: &mut Follower) -> Vec<Followed> {
    let mut found = Vec::new();
    loop {
        match follower.step().unwrap() {
            Followed::Idle => return found,
            other => found.push(other),
        }
    }
}

fn open(folder: &Path) -> Journal {
    Journal(JournalWriter::open(folder.join("journal"), &Options::default()).unwrap(), 1_000)
}

#[test]
fn a_strategy_hears_nothing_before_it_began_then_how_things_are_then_what_changes() {
    let folder = std::env::temp_dir().join(format!("onetape-follower-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (mut journal, inlet) = (open(&folder), folder.join("inlet"));
    journal.define();
    journal.order(1, Side::Buy, 10_000);
    let mut engine = InletReader::create(&inlet, 1 << 14, sources::STRATEGY + 1).unwrap();
    let mut follower = Follower::open(&folder.join("journal"), config(), 1, Vec::new()).unwrap();
    assert_eq!(follower.catch_up().unwrap(), 7);
    assert!(follower.join(&inlet, false).unwrap());
    assert_eq!(engine.process(), std::process::id());

    journal.order(2, Side::Sell, 10_100);
    assert_eq!(calls(&mut follower), []);

    let started = StrategyStarted { strategy_id: 1, reserved: 0, code_hash: 0 };
    journal.put(StrategyStarted::KIND, sources::CONFIG, &started.encode());
    let book = Followed::Call(Callback::Book(1));
    assert_eq!(calls(&mut follower), [Followed::Started, book]);

    // Two changes that are there at once are told once.
    journal.order(3, Side::Buy, 10_010);
    journal.order(4, Side::Buy, 10_020);
    assert_eq!(calls(&mut follower), [book]);
    assert_eq!((follower.view().touch(1).bid, follower.conflated()), (10_020, 1));

    let side = |price| QuoteSide { price, qty: 5 };
    follower.parts().1.quote(1, side(10_020), side(10_100));
    follower.hand_in().unwrap();
    let record = engine.take().unwrap().unwrap();
    assert_eq!((record.kind, record.cause_seq), (SetQuote::KIND, follower.last_seq()));
    assert_eq!(SetQuote::decode(record.body).unwrap().bid_price_ticks, 10_020);
    drop(journal); // Its thread makes segments ahead.
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn who_is_held_comes_only_when_a_person_asks_and_to_a_place_that_is_free() {
    let folder = std::env::temp_dir().join(format!("onetape-held-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (mut journal, inlet) = (open(&folder), folder.join("inlet"));
    journal.define();
    let come = || Follower::open(&folder.join("journal"), config(), 1, Vec::new()).unwrap();
    let engine = InletReader::create(&inlet, 1 << 14, sources::STRATEGY + 1).unwrap();
    engine.welcome(Welcome::Nobody);
    assert!(!come().join(&inlet, false).unwrap());
    assert_eq!(engine.process(), 0);
    assert!(come().join(&inlet, true).unwrap());

    let engine = InletReader::create(&inlet, 1 << 14, sources::STRATEGY + 1).unwrap();
    engine.welcome(Welcome::AskedFor);
    assert!(come().join(&inlet, false).unwrap());
    assert_eq!(engine.process(), std::process::id());
    drop(journal); // Its thread makes segments ahead.
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_comes_while_changes_are_told_is_told_after_them() {
    let folder = std::env::temp_dir().join(format!("onetape-behind-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (mut journal, inlet) = (open(&folder), folder.join("inlet"));
    journal.define();
    let _engine = InletReader::create(&inlet, 1 << 14, sources::STRATEGY + 1).unwrap();
    let mut follower = Follower::open(&folder.join("journal"), config(), 1, Vec::new()).unwrap();
    follower.catch_up().unwrap();
    assert!(follower.join(&inlet, false).unwrap());
    let started = StrategyStarted { strategy_id: 1, reserved: 0, code_hash: 0 };
    journal.put(StrategyStarted::KIND, sources::CONFIG, &started.encode());
    assert_eq!(calls(&mut follower), [Followed::Started]);

    journal.order_in(1, 1, Side::Buy, 10_000);
    journal.order_in(2, 2, Side::Buy, 20_000);
    let first = follower.step().unwrap();
    journal.order_in(1, 3, Side::Sell, 10_100);
    journal.order_in(2, 4, Side::Sell, 20_100);
    let mut told = calls(&mut follower);
    told.insert(0, first);
    for id in [1, 2] {
        assert!(told.contains(&Followed::Call(Callback::Book(id))), "{told:?}");
        assert!(follower.view().touch(id).ask != 0);
    }
    drop(journal); // Its thread makes segments ahead.
    std::fs::remove_dir_all(folder).unwrap();
}

fn declared(name: u8) -> StrategyParameterDeclared {
    let mut padded = [0; 32];
    padded[0] = name;
    let (strategy_id, kind, reserved) = (1, ParameterKind::Integer.raw(), [0; 3]);
    StrategyParameterDeclared {
        initial: 10,
        low: 0,
        high: 99,
        strategy_id,
        kind,
        reserved,
        name: padded,
    }
}

fn set(name: u8, value: u64, place: u8) -> StrategyParameterSet {
    let StrategyParameterDeclared { strategy_id, kind, name, .. } = declared(name);
    StrategyParameterSet { value, strategy_id, kind, place, count: 2, reserved: [0], name }
}

/// A follower of a journal that a strategy has begun in, and what it hands in.
fn begun(folder: &Path, name: &str) -> (Journal, InletReader, Follower) {
    let (mut journal, inlet) = (open(folder), folder.join(name));
    journal.1 += Sink::last_ts_ns(&journal.0);
    if Sink::last_seq(&journal.0) == 0 {
        journal.define();
    }
    let engine = InletReader::create(&inlet, 1 << 14, sources::STRATEGY + 1).unwrap();
    let mut follower = Follower::open(&folder.join("journal"), config(), 1, Vec::new()).unwrap();
    follower.catch_up().unwrap();
    assert!(follower.join(&inlet, false).unwrap());
    let started = StrategyStarted { strategy_id: 1, reserved: 0, code_hash: 0 };
    journal.put(StrategyStarted::KIND, sources::CONFIG, &started.encode());
    assert_eq!(follower.step().unwrap(), Followed::Started);
    (journal, engine, follower)
}

#[test]
fn a_change_of_parameters_is_told_whole_and_stands_for_who_comes_later() {
    let folder = std::env::temp_dir().join(format!("onetape-parameters-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (mut journal, mut engine, mut follower) = begun(&folder, "first");
    assert_eq!(follower.declare(&[declared(b'a'), declared(b'b')]).unwrap(), []);
    for name in [b'a', b'b'] {
        let record = engine.take().unwrap().unwrap();
        assert_eq!(StrategyParameterDeclared::decode(record.body).unwrap(), declared(name));
        let (kind, source) = (StrategyParameterDeclared::KIND, sources::STRATEGY + 1);
        journal.put(kind, source, &declared(name).encode());
    }
    let (kind, source) = (StrategyParameterSet::KIND, sources::OPERATOR);
    journal.put(kind, source, &set(b'a', 20, 0).encode());
    // Half of a change is nothing, whatever else happens meanwhile.
    journal.order(1, Side::Buy, 10_000);
    assert_eq!(calls(&mut follower), [Followed::Call(Callback::Book(1))]);
    journal.put(kind, source, &set(b'b', 30, 1).encode());
    let told = |change| Followed::Call(Callback::Parameter(change));
    assert_eq!(calls(&mut follower), [told(set(b'a', 20, 0)), told(set(b'b', 30, 1))]);
    drop((follower, engine, journal));

    // The next process of this strategy begins with what was set.
    let (journal, engine, mut next) = begun(&folder, "second");
    let unchanged = StrategyParameterDeclared { initial: 11, ..declared(b'b') };
    let standing = next.declare(&[declared(b'a'), unchanged]).unwrap();
    let expected = StrategyParameterSet { count: 0, ..set(b'a', 20, 0) };
    assert_eq!(standing, [Callback::Parameter(expected)], "what is configured anew counts");
    drop((next, engine, journal));
    std::fs::remove_dir_all(folder).unwrap();
}
