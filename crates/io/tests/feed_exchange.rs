// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A feed's lines from our own exchange, behind lines that lose, double and reorder packets, while
//! orders fly: whenever the feed says that it is whole, its books are those of whoever heard every
//! message; and its journal gives them again.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod folder;
mod lossy;
mod market;

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use folder::TestFolder;
use lossy::{Proxy, free};
use market::listening::{Book, Queues, keep_trading, own};
use market::{Operator, Running, SYMBOLS, anywhere, config};
use onetape_core::book::{Books, BooksConfig};
use onetape_core::component::{Entry, Outbox};
use onetape_core::events::{
    BookState, FeedState, FeedStateChanged, InstrumentDefined, MarketUpdated, PacketFormat,
    PacketReceived, Side,
};
use onetape_core::feed::{FeedReader, Health, MarketSink, Rules, Verdict};
use onetape_core::hash::StateHasher;
use onetape_io::exchange::{LineConfig, PUBLIC, Secret, system_clock};
use onetape_io::feed_lines::{FeedConfig, FeedLines, Item, SnapshotConfig};
use serde_json::json;

const FEED: u16 = 5;

/// An entry of the journal: time, kind, fixed part and tail.
type Kept = (i64, u16, Vec<u8>, Vec<u8>);

#[derive(Default)]
struct Nothing;

impl Outbox for Nothing {
    fn emit(&mut self, _kind: u16, _version: u8, _body: &[u8]) {}
}

/// What keeps books from the entries: as a node does.
struct Keeper {
    reader: FeedReader,
    core: Core,
}

struct Core {
    books: Books,
    health: Health,
    entry: (u64, i64),
    refused: u64,
}

impl Core {
    const fn now(&self) -> Entry<'static> {
        let (seq, ts_ns) = self.entry;
        Entry { seq, ts_ns, kind: PacketReceived::KIND, version: 1, source: 1, body: &[] }
    }
}

impl MarketSink for Core {
    fn define(&mut self, _definition: &InstrumentDefined) {}

    fn update(&mut self, update: &MarketUpdated) {
        let (now, id) = (self.now(), update.instrument_id);
        let verdict = self.health.judge(FEED, update, &now, &mut Nothing);
        let update = match verdict {
            Verdict::Apply => *update,
            Verdict::Instead(instead) => instead,
            Verdict::Drop => panic!("the exchange's own data is sane: {update:?}"),
        };
        if self.books.apply_market(&update).is_err() {
            self.refused += 1;
        }
        let best = self.books.bbo(id);
        let prices = (best.bid.map(|level| level.price), best.ask.map(|level| level.price));
        self.health.on_best(id, prices, &now, &mut Nothing);
    }
}

impl Keeper {
    fn new(midnight_ns: i64, chosen: &[u32]) -> Self {
        let config = BooksConfig { orders_max: 1 << 14, instruments_max: 4, window_levels: 256 };
        let mut reader = FeedReader::new(midnight_ns);
        let mut books = Books::new(config);
        let mut health = Health::new(4, Rules::usual());
        for &id in chosen {
            reader.choose(SYMBOLS[id as usize - 1], id);
            books.define(id, 100).unwrap();
            health.list(id, FEED);
        }
        Self { reader, core: Core { books, health, entry: (0, 0), refused: 0 } }
    }

    fn apply(&mut self, (ts_ns, kind, fixed, tail): &Kept) {
        let Self { reader, core } = self;
        core.entry = (core.entry.0 + 1, *ts_ns);
        let now = core.now();
        core.health.on_time(&now, &mut Nothing);
        if let Some(header) =
            PacketReceived::decode(fixed).filter(|_| *kind == PacketReceived::KIND)
        {
            assert_eq!(header.feed_id, FEED);
            reader.read(PacketFormat::from_raw(header.format as u8), tail, core);
        } else if *kind == FeedStateChanged::KIND {
            let change = FeedStateChanged::decode(fixed).unwrap();
            let state = FeedState::from_raw(change.state).unwrap();
            core.health.on_feed(FEED, state, &now, &mut Nothing);
            reader.changed(&change, core);
        }
    }

    fn queues(&self) -> Queues {
        let sides = (1..=2).flat_map(|id| [(id, Side::Buy), (id, Side::Sell)]);
        let mut all = Vec::new();
        for (id, side) in sides {
            for level in self.core.books.levels(id, side) {
                let orders = self.core.books.orders(id, side, level.price);
                all.extend(orders.map(|order| (id, side, order.order_ref, order.price, order.qty)));
            }
        }
        all
    }

    fn state_hash(&self) -> u64 {
        let mut hasher = StateHasher::new();
        self.reader.hash_into(&mut hasher);
        self.core.health.hash_into(&mut hasher);
        hasher.word(self.core.books.state_hash());
        hasher.finish()
    }
}

/// A listener with its journal, and books as they were now and then.
struct Listener {
    lines: FeedLines,
    keeper: Keeper,
    journal: Vec<Kept>,
    started: Instant,
    /// The next message, and the books before it: only while they are whole.
    samples: Vec<(u64, Queues)>,
    states: Vec<FeedState>,
}

impl Listener {
    fn new(config: FeedConfig, keeper: Keeper) -> Self {
        let lines = FeedLines::open(config, 0).unwrap();
        let (journal, samples, states) = (Vec::new(), Vec::new(), Vec::new());
        Self { lines, keeper, journal, started: Instant::now(), samples, states }
    }

    /// Takes what is there; whether anything was.
    fn listen(&mut self) -> bool {
        let now_ns = i64::try_from(self.started.elapsed().as_nanos()).unwrap();
        let mut any = false;
        while let Some(item) = self.lines.next(now_ns) {
            any |= !matches!(item, Item::Report { .. });
            let ts_ns = item.ts_ns();
            let kept = item.entry(FEED, |kind, _version, fixed, tail| {
                (ts_ns, kind, fixed.to_vec(), tail.to_vec())
            });
            self.keeper.apply(&kept);
            self.journal.push(kept);
            let is_live = self.lines.state() == FeedState::Live;
            if self.states.last() != Some(&self.lines.state()) {
                self.states.push(self.lines.state());
            }
            let told = self.keeper.core.health.state(2);
            if is_live && told == BookState::Live && self.journal.len().is_multiple_of(7) {
                let next = self.keeper.reader.position().unwrap().1;
                self.samples.push((next, self.keeper.queues()));
            }
        }
        if !any {
            self.lines.wait(Duration::from_millis(1));
        }
        any
    }

    /// Listens until it has heard everything that was said before `quiet`, and nothing came since;
    /// whether that came true in time.
    fn listen_until(&mut self, quiet: &AtomicBool) -> bool {
        let mut silent_since = Instant::now();
        let patience = Instant::now();
        while silent_since.elapsed() < Duration::from_millis(1_500)
            || self.lines.state() != FeedState::Live
        {
            if self.listen() || !quiet.load(Ordering::Acquire) {
                silent_since = Instant::now();
            }
            if patience.elapsed() > market::PATIENCE {
                return false;
            }
        }
        true
    }

    /// Its books against those of whoever heard every message, and its journal lived again.
    fn check(&self, tape: &dyn Fn(u64) -> Vec<u8>, chosen: &[u32]) {
        let (mut followed, mut heard) = (Book::new(), 1);
        for (next, queues) in &self.samples {
            for number in heard..*next {
                followed.hear(&tape(number));
            }
            heard = heard.max(*next);
            if heard == *next {
                let mut expected = followed.queues();
                expected.retain(|order| chosen.contains(&order.0));
                assert_eq!(*queues, expected, "before message {next}");
            }
        }
        assert_eq!(self.keeper.core.refused, 0, "a message that did not fit its book");
        assert_eq!(self.keeper.reader.counts().missing, 0);
        assert_eq!(self.keeper.reader.counts().malformed, 0);
        let mut again = Keeper::new(midnight_ns(), chosen);
        self.journal.iter().for_each(|kept| again.apply(kept));
        assert_eq!(again.state_hash(), self.keeper.state_hash());
    }
}

/// Midnight of today, UTC: the exchange's clock is this machine's, and messages are judged by it.
fn midnight_ns() -> i64 {
    const DAY_NS: i64 = 86_400 * 1_000_000_000;
    system_clock() / DAY_NS * DAY_NS
}

/// An exchange whose two lines pass through proxies to `ours`.
fn exchange(folder: &TestFolder, proxies: &[Proxy; 2]) -> Running {
    let mut config = config(folder.path());
    config.rerequest = Some(anywhere());
    config.day.midnight_ts_ns = midnight_ns();
    let interface = Ipv4Addr::LOCALHOST;
    let line = |to| LineConfig { to, interface, ttl: 0, loopback: true };
    config.lines = proxies.iter().map(|p| line(p.from.local_addr().unwrap())).collect();
    let running = Running::start(config);
    let mut operator = Operator::new(folder.path());
    operator.ask(&json!({"do": "phase", "phase": "continuous"}));
    running
}

#[test]
fn from_the_first_message_on_every_hole_is_filled() {
    let folder = TestFolder::new("feed-lines");
    let ours = [free(), free()];
    let proxies = [21, 22].map(|seed| Proxy::new(ours[seed as usize - 21].into(), seed));
    let running = exchange(&folder, &proxies);
    let midnight_ns = midnight_ns();
    let config = FeedConfig {
        lines: ours.to_vec(),
        rerequest: vec![running.rerequest.unwrap()],
        midnights_ns: vec![midnight_ns],
        ..FeedConfig::default()
    };
    let mut listener = Listener::new(config, Keeper::new(midnight_ns, &[1, 2]));
    let (quiet, over) = (AtomicBool::new(false), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let carried = proxies.map(|proxy| scope.spawn(|| proxy.run(&over)));
        let trading = keep_trading(scope, &running, &quiet, 31);
        scope.spawn(|| {
            std::thread::sleep(Duration::from_secs(2));
            quiet.store(true, Ordering::Release);
        });
        let is_whole = listener.listen_until(&quiet);
        over.store(true, Ordering::Release);
        assert!(is_whole, "{:?} {:?}", listener.states, listener.lines.counts());
        assert!(trading.join().unwrap() > 50);
        for fate in carried.map(|line| line.join().unwrap()) {
            assert!(fate.lost > 1 && fate.late > 4 && fate.doubled > 1, "{fate:?}");
        }
    });
    let server = running.stop();
    let tape = server.engine().streams().stream(PUBLIC).unwrap();
    assert_eq!(listener.lines.position().unwrap().1, tape.released() + 1);
    listener.check(&|number| tape.message(number).unwrap().to_vec(), &[1, 2]);
    assert_eq!(listener.keeper.queues(), own(server.engine().core()));
    assert!(listener.samples.len() > 20, "{}", listener.samples.len());
    let counts = listener.lines.counts();
    assert!(counts.gaps > 2 && counts.held > 2 && counts.requests > 0, "{counts:?}");
    assert_eq!((counts.lost, counts.snapshots), (0, 0));
    let firsts = |line| listener.lines.report(line).firsts;
    assert!(firsts(0) > 5 && firsts(1) > 5 && firsts(2) > 0, "each line wins some");
}

#[test]
fn whoever_comes_late_or_loses_much_loads_a_snapshot_and_goes_on() {
    let folder = TestFolder::new("feed-snapshots");
    let ours = [free(), free()];
    let proxies = [23, 24].map(|seed| Proxy::new(ours[seed as usize - 23].into(), seed));
    let running = exchange(&folder, &proxies);
    let midnight_ns = midnight_ns();
    let config = FeedConfig {
        lines: ours.to_vec(),
        rerequest: vec![running.rerequest.unwrap()],
        snapshot: Some(SnapshotConfig {
            address: running.glimpse.unwrap(),
            username: "viewer".to_owned(),
            password: Secret::new("secret"),
        }),
        gap_messages_max: 100,
        held_packets_max: 256,
        midnights_ns: vec![midnight_ns],
        ..FeedConfig::default()
    };
    let (quiet, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let is_out = AtomicBool::new(false);
    let listener = std::thread::scope(|scope| {
        let carried = proxies.map(|proxy| scope.spawn(|| proxy.run_with(&over, &is_out)));
        let trading = keep_trading(scope, &running, &quiet, 32);
        scope.spawn(|| {
            for _ in 0..3 {
                std::thread::sleep(Duration::from_millis(700));
                is_out.store(true, Ordering::Release);
                std::thread::sleep(Duration::from_millis(300));
                is_out.store(false, Ordering::Release);
            }
            std::thread::sleep(Duration::from_millis(300));
            quiet.store(true, Ordering::Release);
        });
        std::thread::sleep(Duration::from_millis(400));
        // Only one of the two instruments is wanted.
        let mut listener = Listener::new(config, Keeper::new(midnight_ns, &[2]));
        let is_whole = listener.listen_until(&quiet);
        over.store(true, Ordering::Release);
        assert!(is_whole, "{:?} {:?}", listener.states, listener.lines.counts());
        assert!(trading.join().unwrap() > 100);
        let fates = carried.map(|line| line.join().unwrap());
        assert!(fates.iter().all(|fate| fate.lost > 5), "{fates:?}");
        listener
    });
    let server = running.stop();
    let tape = server.engine().streams().stream(PUBLIC).unwrap();
    assert_eq!(listener.lines.position().unwrap().1, tape.released() + 1);
    let mut engine = own(server.engine().core());
    engine.retain(|order| order.0 == 2);
    assert_eq!(listener.keeper.queues(), engine);
    let counts = listener.lines.counts();
    assert!(counts.snapshots >= 2, "{counts:?}");
    assert!(listener.keeper.reader.skipped() > 100);
    assert!(listener.states.contains(&FeedState::Snapshot));
    assert!(listener.samples.len() > 20, "{}", listener.samples.len());
    listener.check(&|number| tape.message(number).unwrap().to_vec(), &[2]);
}
