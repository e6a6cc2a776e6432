// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Compiled strategies, with callbacks written in Rust over the C ABI: what they see, what becomes of
//! what they ask for, and that nothing is allocated on the way.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "../../core/tests/counting/mod.rs"]
mod counting;

use counting::allocations;
use onetape_core::book::{LevelView, QueuePosition};
use onetape_core::events::{CancelAll, CancelOrder, EnterOrder, ReplaceOrder, SetQuote};
use onetape_core::trading::{
    Callback, InlineStrategy, Intent, MarketTrade, OrderTable, OwnOrder, StrategyFault,
    StrategyHost, StrategyView, Touch,
};
use onetape_core::types::{Instrument, InstrumentId, Side, StrategyId, Ticks, TsNs};
use onetape_io::compiled::{
    CALLBACKS, CompiledConfig, CompiledStrategy, Context, Function, IntentRecord, LevelRecord,
    MarketRecord, OrderRecord, Slot, TradeRecord, kinds,
};

/// A market that stands still: instrument 1 at 100 to 104, with one live order of ours.
struct Still {
    orders: OrderTable,
}

impl Still {
    fn new() -> Self {
        let mut orders = OrderTable::new(8, 4);
        orders.insert(OwnOrder {
            order_id: 70,
            executed: 2,
            is_accepted: true,
            ..OwnOrder::leaving(7, 1, Side::Buy, 99, 5)
        });
        Self { orders }
    }
}

impl StrategyView for Still {
    fn now(&self) -> TsNs {
        1_000
    }

    fn instrument(&self, _id: InstrumentId) -> Option<&Instrument> {
        None
    }

    fn find(&self, _symbol: &[u8]) -> Option<InstrumentId> {
        None
    }

    fn touch(&self, id: InstrumentId) -> Touch {
        let ask = if id == 1 { 104 } else { 0 };
        Touch { bid: 100, bid_qty: 10, ask, ask_qty: u64::from(ask != 0) }
    }

    fn each_level(&self, _id: InstrumentId, side: Side, see: &mut dyn FnMut(LevelView) -> bool) {
        let (price, step) = if side == Side::Buy { (100, -1) } else { (104, 1) };
        for n in 0..5 {
            if !see(LevelView { price: price + step * n, qty: 10 + n.cast_unsigned(), orders: 2 }) {
                return;
            }
        }
    }

    fn last_trade(&self, _id: InstrumentId) -> Option<Ticks> {
        Some(101)
    }

    fn position(&self, strategy: StrategyId, _id: InstrumentId) -> i64 {
        -i64::from(strategy)
    }

    fn orders(&self, _strategy: StrategyId) -> Option<&OrderTable> {
        Some(&self.orders)
    }

    fn queue_position(
        &self,
        _strategy: StrategyId,
        _id: InstrumentId,
        _client_id: u64,
    ) -> Option<QueuePosition> {
        Some(QueuePosition { orders_ahead: 3, qty_ahead: 33 })
    }
}

fn strategy(slot: Slot, function: Function) -> CompiledStrategy {
    let mut functions = [None; CALLBACKS];
    functions[slot as usize] = Some(function);
    let config = CompiledConfig {
        functions,
        state: vec![0; 64],
        parameters: Vec::new(),
        watched: vec![],
        market_offsets: vec![],
        levels: 3,
        looks_at_orders: true,
        looks_at_queues: true,
        any_book: false,
        strategy: 9,
        instruments_max: 4,
        orders_max: 8,
    };
    // SAFETY: the functions of this file keep to their context.
    unsafe { CompiledStrategy::new(config) }
}

/// The record at an address of a context.
///
/// # Safety
/// The address names a whole record of that kind, which nobody else uses meanwhile.
unsafe fn at<'a, T>(address: u64, index: u32) -> &'a mut T {
    let first = std::ptr::with_exposed_provenance_mut::<T>(address as usize);
    // SAFETY: as the caller promises.
    unsafe { &mut *first.add(index as usize) }
}

/// Writes what it sees into the state: eight words.
unsafe extern "C" fn sees(context: *mut Context) -> i32 {
    // SAFETY: the engine gives a whole context, and the counts that stand in it are true.
    unsafe {
        let context = &mut *context;
        let market: &mut MarketRecord = at(context.markets, context.instrument_id);
        let level: &mut LevelRecord = at(market.bids, 2);
        let order: &mut OrderRecord = at(context.orders, 0);
        let state: &mut [i64; 8] = at(context.state, 0);
        *state = [
            context.now_ns,
            market.bid_ticks * 1_000 + market.ask_ticks,
            market.position_lots,
            i64::from(market.bids_count) * 10 + i64::from(market.asks_count),
            level.price_ticks,
            order.client_id.cast_signed() * 100 + order.lots_ahead.cast_signed(),
            i64::from(context.orders_count),
            market.last_trade_ticks,
        ];
    }
    0
}

/// Asks for one of everything.
unsafe extern "C" fn asks(context: *mut Context) -> i32 {
    let rows = [
        IntentRecord {
            kind: kinds::QUOTE,
            instrument_id: 1,
            price_ticks: 99,
            qty_lots: 5,
            other_price_ticks: 105,
            other_qty_lots: 6,
            ..IntentRecord::default()
        },
        IntentRecord {
            kind: kinds::SEND,
            instrument_id: 2,
            client_id: 1,
            price_ticks: 98,
            qty_lots: 4,
            side: 2,
            order_type: 1,
            time_in_force: 3,
            post_only: 1,
            stp_mode: 2,
            ..IntentRecord::default()
        },
        IntentRecord {
            kind: kinds::REPLACE,
            client_id: 7,
            new_client_id: 2,
            price_ticks: 97,
            qty_lots: 3,
            ..IntentRecord::default()
        },
        IntentRecord { kind: kinds::CANCEL, client_id: 1, qty_lots: 2, ..IntentRecord::default() },
        IntentRecord { kind: kinds::CANCEL_ALL, instrument_id: 3, ..IntentRecord::default() },
        IntentRecord { kind: kinds::SET_TIMER, time_ns: 50, timer_id: 8, ..Default::default() },
    ];
    // SAFETY: as in `sees`; there is room for more than six.
    unsafe {
        let context = &mut *context;
        for (n, row) in rows.iter().enumerate() {
            *at(context.intents, n as u32) = *row;
        }
        context.intents_count = rows.len() as u32;
    }
    0
}

/// Keeps what it is told of a trade.
unsafe extern "C" fn hears(context: *mut Context) -> i32 {
    // SAFETY: as in `sees`.
    unsafe {
        let context = &mut *context;
        let trade: &mut TradeRecord = at(context.event, 0);
        let state: &mut [i64; 4] = at(context.state, 0);
        let who = i64::from(trade.instrument_id) * 10 + i64::from(trade.aggressor);
        *state = [trade.price_ticks, trade.qty_lots.cast_signed(), who, 0];
    }
    0
}

unsafe extern "C" fn raises(context: *mut Context) -> i32 {
    // SAFETY: as in `sees`.
    unsafe { (*context).error = 4_242 };
    1
}

unsafe extern "C" fn asks_for_nonsense(context: *mut Context) -> i32 {
    // SAFETY: as in `sees`.
    unsafe {
        let context = &mut *context;
        let first: &mut IntentRecord = at(context.intents, 0);
        first.kind = 77;
        context.intents_count = 1;
    }
    0
}

unsafe extern "C" fn numbers_wrongly(context: *mut Context) -> i32 {
    // SAFETY: as in `sees`.
    unsafe {
        let context = &mut *context;
        let first: &mut IntentRecord = at(context.intents, 0);
        *first = IntentRecord { kind: kinds::SEND, client_id: 12, ..IntentRecord::default() };
        context.intents_count = 1;
    }
    0
}

fn words(strategy: &CompiledStrategy) -> Vec<i64> {
    let bytes = strategy.state();
    bytes.chunks(8).map(|word| i64::from_le_bytes(word.try_into().unwrap())).collect()
}

#[test]
fn a_callback_sees_the_market_the_orders_and_the_time() {
    let (view, mut host) = (Still::new(), StrategyHost::new(9, 4));
    let mut strategy = strategy(Slot::Book, sees);
    strategy.call(&Callback::Book(1), &view, &mut host).unwrap();
    assert_eq!(words(&strategy), [1_000, 100_104, -9, 33, 98, 733, 1, 101]);
}

#[test]
fn a_one_sided_book_is_not_told_of() {
    let (view, mut host) = (Still::new(), StrategyHost::new(9, 4));
    let mut strategy = strategy(Slot::Book, sees);
    strategy.call(&Callback::Book(2), &view, &mut host).unwrap();
    assert_eq!(words(&strategy), [0; 8]);
}

#[test]
fn a_trade_is_told_whole() {
    let (view, mut host) = (Still::new(), StrategyHost::new(9, 4));
    let mut strategy = strategy(Slot::Trade, hears);
    let trade = MarketTrade { instrument: 3, price: 55, qty: 6, aggressor: Some(Side::Sell) };
    strategy.call(&Callback::Trade(trade), &view, &mut host).unwrap();
    assert_eq!(words(&strategy)[..3], [55, 6, 32]);
}

#[test]
fn what_is_asked_for_goes_to_the_host_in_order() {
    let (view, mut host) = (Still::new(), StrategyHost::new(9, 4));
    strategy(Slot::Timer, asks).call(&Callback::Timer(3), &view, &mut host).unwrap();
    let strategy_id = 9;
    let quote = SetQuote {
        bid_price_ticks: 99,
        ask_price_ticks: 105,
        bid_qty_lots: 5,
        ask_qty_lots: 6,
        strategy_id,
        instrument_id: 1,
    };
    let enter = EnterOrder {
        client_id: 1,
        price_ticks: 98,
        qty_lots: 4,
        strategy_id,
        instrument_id: 2,
        side: 2,
        order_type: 1,
        time_in_force: 3,
        post_only: 1,
        stp_mode: 2,
        reserved: [0; 3],
    };
    let replace = ReplaceOrder {
        client_id: 7,
        new_client_id: 2,
        price_ticks: 97,
        qty_lots: 3,
        strategy_id,
        instrument_id: 1,
    };
    let cancel = CancelOrder { client_id: 1, qty_lots: 2, strategy_id, instrument_id: 2 };
    let all = CancelAll { strategy_id, instrument_id: 3 };
    let asked: Vec<Intent> = std::iter::from_fn(|| host.take_intent()).collect();
    assert_eq!(
        asked,
        [
            Intent::Quote(quote),
            Intent::Enter(enter),
            Intent::Replace(replace),
            Intent::Cancel(cancel),
            Intent::CancelAll(all)
        ]
    );
    assert_eq!(host.take_timer(1_049), None);
    assert_eq!(host.take_timer(1_050), Some((1_050, 8)));
}

#[test]
fn a_callback_that_fails_says_how_and_asks_for_nothing() {
    let cases: [(Function, StrategyFault); 3] = [
        (raises, StrategyFault::Raised { error: 4_242 }),
        (asks_for_nonsense, StrategyFault::UnknownIntent { kind: 77 }),
        (numbers_wrongly, StrategyFault::WrongClientId { client_id: 12 }),
    ];
    for (function, fault) in cases {
        let (view, mut host) = (Still::new(), StrategyHost::new(9, 4));
        let done = strategy(Slot::Start, function).start(&view, &mut host);
        assert_eq!(done, Err(fault));
    }
}

#[test]
fn calling_allocates_nothing() {
    let (view, mut host) = (Still::new(), StrategyHost::new(9, 4));
    let (mut seeing, mut asking) = (strategy(Slot::Book, sees), strategy(Slot::Timer, asks));
    let mut asked = 0;
    let found = allocations(|| {
        for _ in 0..10_000 {
            seeing.call(&Callback::Book(1), &view, &mut host).unwrap();
        }
        asking.call(&Callback::Timer(3), &view, &mut host).unwrap();
        while host.take_intent().is_some() {
            asked += 1;
        }
    });
    assert_eq!((found, asked), (0, 5));
}

#[test]
fn a_strategy_may_go_to_another_thread() {
    let mut strategy = strategy(Slot::Book, sees);
    let seen = std::thread::spawn(move || {
        let (view, mut host) = (Still::new(), StrategyHost::new(9, 4));
        strategy.call(&Callback::Book(1), &view, &mut host).unwrap();
        words(&strategy)
    });
    assert_eq!(seen.join().unwrap()[0], 1_000);
}
