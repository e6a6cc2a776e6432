// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A live engine's turn takes no memory once it is warm: market data in, a strategy on its thread asked,
//! the gate passed, orders out, answers back. Counted by the allocator itself; sockets and feeds have
//! tests of their own.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "../../core/tests/counting/mod.rs"]
mod counting;
mod folder;

use counting::allocations;
use folder::{TestFolder, small};
use onetape_core::book::BooksConfig;
use onetape_core::component::sources;
use onetape_core::events::{
    CancelReason, CancelSent, InstrumentDefined, InstrumentListed, Limit, LimitSet, MarketAction,
    MarketUpdated, OrderSent, ReplaceSent, ReportKind, Side, VenueDefined, VenueLink,
    VenueLinkChanged, VenueReported,
};
use onetape_core::feed::Rules;
use onetape_core::live::NodeConfig;
use onetape_core::trading::{
    Callback, InlineStrategy, QuoteSide, StrategyFault, StrategyHost, StrategyView,
};
use onetape_io::exchange::{ControlConfig, Definition};
use onetape_io::inlet::InletWriter;
use onetape_io::journal_file::{JournalReader, Options};
use onetape_io::live::{Engine, LiveConfig, StrategyConfig, TriggerConfig, VenueWire};

/// Quotes one tick behind the best prices of others.
struct Maker;

impl InlineStrategy for Maker {
    fn start(&mut self, _: &dyn StrategyView, _: &mut StrategyHost) -> Result<(), StrategyFault> {
        Ok(())
    }

    fn call(
        &mut self,
        callback: &Callback,
        view: &dyn StrategyView,
        host: &mut StrategyHost,
    ) -> Result<(), StrategyFault> {
        if let Callback::Book(id) = callback {
            let touch = view.touch(*id);
            if touch.is_orderly() {
                let side = |price| QuoteSide { price, qty: 10 };
                host.quote(*id, side(touch.bid - 100), side(touch.ask + 100));
            }
        }
        Ok(())
    }

    fn stop(&mut self, _: &dyn StrategyView, _: &mut StrategyHost) -> Result<(), StrategyFault> {
        Ok(())
    }
}

fn definition(kind: u16, body: &[u8]) -> Definition {
    Definition { kind, version: 1, body: body.to_vec() }
}

fn definitions() -> Vec<Definition> {
    let venue = VenueDefined { venue_id: 1, is_adapter: 1, feed_id: 0, reserved: 0 };
    let instrument = InstrumentDefined {
        symbol: *b"ONE\0\0\0\0\0\0\0\0\0\0\0\0\0",
        currency: *b"USD\0\0\0\0\0",
        tick_e9: 100_000,
        lot_e9: 1_000_000_000,
        multiplier_e9: 1_000_000_000,
        instrument_id: 1,
        venue_code: 0,
    };
    let listed = InstrumentListed { instrument_id: 1, venue_id: 1, product_id: 1, reserved: 0 };
    let mut all = vec![
        definition(VenueDefined::KIND, &venue.encode()),
        definition(InstrumentDefined::KIND, &instrument.encode()),
        definition(InstrumentListed::KIND, &listed.encode()),
    ];
    for (limit, value) in [
        (Limit::OrderQtyMax, 1_000),
        (Limit::OrderNotionalMax, 1 << 50),
        (Limit::PositionMax, 2_000),
        (Limit::PriceCollarTicks, 100_000),
        (Limit::OrderRateMax, 1_000_000),
    ] {
        let limit = u16::from(limit.raw());
        let event = LimitSet { value, instrument_id: 0, limit, reserved: 0 };
        all.push(definition(LimitSet::KIND, &event.encode()));
    }
    all
}

fn config(folder: &std::path::Path) -> LiveConfig {
    LiveConfig {
        journal: folder.join("journal"),
        journal_options: Options { segment_bytes: 1 << 26, ..small() },
        shared: folder.join("shared"),
        inlet_bytes: 1 << 16,
        config_json: "{}".to_owned(),
        definitions: definitions(),
        midnights_ns: vec![0],
        snapshot_entries: 1 << 40,
        node: NodeConfig {
            books: BooksConfig { orders_max: 64, instruments_max: 1, window_levels: 1_024 },
            rules: Rules::usual(),
            venues_max: 1,
            strategies_max: 1,
            own_orders_max: 64,
            midnight_ns: 0,
        },
        venues: vec![VenueWire {
            id: 1,
            name: "HOME".to_owned(),
            orders: None,
            feed: None,
            has_drop_copy: false,
        }],
        strategies: vec![StrategyConfig {
            id: 1,
            name: "maker".to_owned(),
            code_hash: 0,
            symbols: Vec::new(),
            is_inline: true,
            silence_ns_max: 1 << 40,
        }],
        control: ControlConfig {
            path: folder.join("socket"),
            token_path: folder.join("token"),
            clients_max: 1,
        },
        triggers: TriggerConfig {
            kill_file: None,
            guardian_file: None,
            operator_silence_ns_max: 0,
        },
        busy_poll: true,
    }
}

/// A venue, its adapter and its market data: all that is outside of the engine.
struct Outside {
    journal: JournalReader,
    inlet: InletWriter,
    orders_sent: u64,
    replaced: u64,
    order_ref: u64,
}

impl Outside {
    fn put(&mut self, kind: u16, body: &[u8]) {
        self.inlet.put(kind, 1, 0, body, &[]).unwrap();
    }

    fn report(&mut self, report: ReportKind, number: u64, leaves_lots: u64) {
        let canceled = CancelReason::User.raw() * u8::from(report == ReportKind::Canceled);
        let event = VenueReported {
            number,
            order_id: 1_000_000 + number,
            exec_id: 0,
            price_ticks: 0,
            qty_lots: 10,
            leaves_lots,
            executed_lots: 0,
            fee_e9: 0,
            venue_ts_ns: 0,
            venue_id: 1,
            instrument_id: u32::from(report != ReportKind::AllTold),
            report: report.raw(),
            side: 0,
            liquidity: 0,
            cancel_reason: canceled,
            is_drop_copy: 0,
            reserved: [0; 3],
        };
        self.put(VenueReported::KIND, &event.encode());
    }

    fn link(&mut self, link: VenueLink) {
        let (next_message, session, reserved) = (0, [0; 16], 0);
        let (venue_id, link, is_up) = (1, link.raw(), 1);
        let event = VenueLinkChanged { next_message, session, venue_id, link, is_up, reserved };
        self.put(VenueLinkChanged::KIND, &event.encode());
    }

    /// Somebody's order comes to be the best, and the one before it goes.
    fn market(&mut self, side: Side, price_ticks: i64) {
        self.order_ref += 1;
        let add = MarketUpdated {
            venue_ts_ns: 0,
            order_ref: self.order_ref,
            other_ref: 0,
            price_ticks,
            qty_lots: 5,
            instrument_id: 1,
            action: MarketAction::Add.raw(),
            side: side.raw(),
            flags: 0,
        };
        self.put(MarketUpdated::KIND, &add.encode());
        if let Some(order_ref) = self.order_ref.checked_sub(2).filter(|&old| old != 0) {
            let gone = MarketUpdated { order_ref, action: MarketAction::Delete.raw(), ..add };
            self.put(MarketUpdated::KIND, &gone.encode());
        }
    }

    /// The venue answers what left since the last time.
    fn answer(&mut self) {
        let mut answers = Vec::new();
        while let Some(entry) = self.journal.next_entry().unwrap() {
            match entry.kind {
                OrderSent::KIND => {
                    let sent = OrderSent::decode(entry.body).unwrap();
                    self.orders_sent += 1;
                    answers.push((ReportKind::Accepted, sent.number, sent.qty_lots));
                }
                ReplaceSent::KIND => {
                    let sent = ReplaceSent::decode(entry.body).unwrap();
                    self.replaced += 1;
                    answers.push((ReportKind::Replaced, sent.new_number, sent.qty_lots));
                }
                CancelSent::KIND => {
                    let sent = CancelSent::decode(entry.body).unwrap();
                    answers.push((ReportKind::Canceled, sent.number, 0));
                }
                _ => {}
            }
        }
        for (report, number, leaves) in answers {
            self.report(report, number, leaves);
        }
    }
}

/// Some turns of the engine, between which the world outside goes on; how often they took memory.
fn rounds(engine: &mut Engine, outside: &mut Outside, count: i64) -> u64 {
    let mut found = 0;
    for at in 0..count {
        let step = 100 * (at % 7);
        outside.market(Side::Buy, 1_000_000 - step);
        outside.market(Side::Sell, 1_010_000 + step);
        found += allocations(|| {
            engine.turn().unwrap();
        });
        outside.answer();
        found += allocations(|| {
            engine.turn().unwrap();
        });
    }
    found
}

#[test]
fn a_warm_engine_takes_no_memory() {
    let folder = TestFolder::new("engine-allocation");
    let mut engine =
        Engine::start(config(folder.path()), &mut |_| unreachable!("a new journal")).unwrap();
    engine.place_inline(1, Box::new(Maker));
    engine.open().unwrap();
    let source = sources::VENUE + 1;
    let inlet = folder.path().join("shared").join(format!("{source:x}.inlet"));
    let mut inlet = InletWriter::open(&inlet).unwrap();
    inlet.live(0);
    let journal = JournalReader::open(folder.path().join("journal")).unwrap();
    let mut outside = Outside { journal, inlet, orders_sent: 0, replaced: 0, order_ref: 0 };
    // Until a tick of the clock the engine does not know that anybody came.
    std::thread::sleep(std::time::Duration::from_millis(30));
    engine.turn().unwrap();
    outside.link(VenueLink::Orders);
    outside.link(VenueLink::Data);
    outside.report(ReportKind::AllTold, 0, 0);
    rounds(&mut engine, &mut outside, 500);
    let before = outside.replaced;
    let found = rounds(&mut engine, &mut outside, 5_000);
    let worked = outside.replaced - before;
    assert!(worked > 4_000, "the strategy had its quotes moved: {worked}");
    assert_eq!(found, 0, "while {worked} orders were replaced");
}
