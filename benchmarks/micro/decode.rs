// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Measures the decoding of ITCH 5.0 from memory: a length-prefixed file of a day's mix, every
//! field of every message read and folded into a sum. Prints JSON. See benchmarks/README.md.
#![expect(clippy::print_stdout, reason = "its result is what it prints")]

use onetape_core::events::{InstrumentDefined, MarketUpdated};
use onetape_core::feed::{ItchFeed, MarketSink};
use onetape_core::hash::mix;
use onetape_core::wire::itch::{FileFrames, Frame, LAYOUTS, Message};
use onetape_io::huge_pages::HugePages;
use std::hint::black_box;
use std::time::Instant;

#[global_allocator]
static MEMORY: HugePages = HugePages;

const MESSAGES: usize = 5_000_000;
const ROUNDS: usize = 9;
const STOCKS: u64 = 500;

/// Types and how many in 10,000: 45 % add, 43 % delete, 6 % replace, 4.5 % execute and cancel, rest.
const MIX: [(u8, u64); 16] = [
    (b'A', 4_400),
    (b'F', 100),
    (b'D', 4_300),
    (b'U', 600),
    (b'E', 300),
    (b'C', 20),
    (b'X', 130),
    (b'P', 110),
    (b'I', 20),
    (b'L', 8),
    (b'Q', 2),
    (b'R', 4),
    (b'H', 2),
    (b'Y', 2),
    (b'B', 1),
    (b'S', 1),
];

/// A seeded stream of numbers.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(1);
        mix(self.0)
    }
}

/// A file with the day's mix, and how many messages of each type it has.
fn workload(messages: usize) -> Vec<u8> {
    let mut random = Random(20_260_101);
    let mut file = Vec::with_capacity(messages * 34);
    for index in 0..messages {
        let mut draw = random.next() % 10_000;
        let pick = |&&(_, share): &&(u8, u64)| {
            let hit = draw < share;
            draw = draw.wrapping_sub(share);
            hit
        };
        let code = MIX.iter().find(pick).expect("the shares add up").0;
        let layout = LAYOUTS.iter().find(|l| l.message_type == code).expect("a known type");
        let start = file.len();
        file.extend_from_slice(&(layout.length as u16).to_be_bytes());
        file.extend((0..layout.length).map(|_| random.next() as u8));
        let message = &mut file[start + 2..];
        message[0] = code;
        let locate = (1 + random.next() % STOCKS) as u16;
        message[1..3].copy_from_slice(&locate.to_be_bytes());
        let timestamp_ns = 34_200_000_000_000 + index as u64 * 4_000;
        message[5..11].copy_from_slice(&timestamp_ns.to_be_bytes()[2..]);
        for field in layout.fields {
            match field.name {
                "side" => message[field.offset] = if random.next() & 1 == 0 { b'B' } else { b'S' },
                "stock" => {
                    let text = format!("S{locate:<7}");
                    message[field.offset..field.offset + 8].copy_from_slice(text.as_bytes());
                }
                _ => {}
            }
        }
    }
    file
}

/// Any field as a number.
trait Word {
    fn word(self) -> u64;
}

macro_rules! words {
    ($($type:ty => $value:ident $word:expr;)*) => {
        $(impl Word for $type {
            #[inline]
            fn word(self) -> u64 {
                let $value = self;
                $word
            }
        })*
    };
}

words! {
    u8 => value u64::from(value);
    u16 => value u64::from(value);
    u32 => value u64::from(value);
    u64 => value value;
    [u8; 2] => value u64::from(u16::from_le_bytes(value));
    [u8; 4] => value u64::from(u32::from_le_bytes(value));
    [u8; 8] => value u64::from_le_bytes(value);
}

/// Makes `fold_message`: reads every field of a message into the sum.
macro_rules! fold_message {
    ($($name:ident => $($field:ident)*;)*) => {
        #[inline]
        fn fold_message(sum: u64, message: Message<'_>) -> u64 {
            match message {
                $(Message::$name(view) => {
                    let message = view.read();
                    sum.wrapping_add(message.stock_locate.word())
                        .wrapping_add(message.tracking_number.word())
                        .wrapping_add(message.timestamp_ns)
                        $(.wrapping_add(message.$field.word()))*
                })*
                _ => sum,
            }
        }
    };
}

fold_message! {
    SystemEvent => event_code;
    StockDirectory => stock market_category financial_status round_lot_size round_lots_only issue_classification issue_sub_type authenticity short_sale_threshold ipo_flag luld_reference_price_tier etp_flag etp_leverage_factor inverse_indicator;
    StockTradingAction => stock trading_state reserved reason;
    RegShoRestriction => stock reg_sho_action;
    MarketParticipantPosition => mpid stock primary_market_maker market_maker_mode market_participant_state;
    MwcbDeclineLevel => level_1_e8 level_2_e8 level_3_e8;
    MwcbStatus => breached_level;
    IpoQuotingPeriodUpdate => stock release_time_s release_qualifier ipo_price_e4;
    LuldAuctionCollar => stock reference_price_e4 upper_price_e4 lower_price_e4 extension_count;
    OperationalHalt => stock market_code halt_action;
    AddOrder => order_ref side shares stock price_e4;
    AddOrderMpid => order_ref side shares stock price_e4 attribution;
    OrderExecuted => order_ref executed_shares match_number;
    OrderExecutedWithPrice => order_ref executed_shares match_number printable execution_price_e4;
    OrderCancel => order_ref canceled_shares;
    OrderDelete => order_ref;
    OrderReplace => order_ref new_order_ref shares price_e4;
    Trade => order_ref side shares stock price_e4 match_number;
    CrossTrade => shares stock cross_price_e4 match_number cross_type;
    BrokenTrade => match_number;
    NetOrderImbalance => paired_shares imbalance_shares imbalance_direction stock far_price_e4 near_price_e4 reference_price_e4 cross_type price_variation;
    RetailInterest => stock interest_flag;
    DirectListing => stock open_eligibility minimum_price_e4 maximum_price_e4 near_execution_price_e4 near_execution_time lower_collar_e4 upper_collar_e4;
}

/// Decodes the file; the sum of every field.
fn decode(file: &[u8]) -> u64 {
    let mut sum = 0_u64;
    for frame in FileFrames::last_block(file, 0) {
        if let Ok(Frame::Message(bytes)) = frame
            && let Ok(message) = Message::decode(bytes)
        {
            sum = fold_message(sum, message);
        }
    }
    sum
}

/// Folds every field of every update.
struct Sum(u64);

impl MarketSink for Sum {
    fn define(&mut self, definition: &InstrumentDefined) {
        self.0 = self.0.wrapping_add(u64::from(definition.instrument_id));
    }

    #[inline]
    fn update(&mut self, u: &MarketUpdated) {
        self.0 = self
            .0
            .wrapping_add(u.venue_ts_ns.cast_unsigned())
            .wrapping_add(u.order_ref)
            .wrapping_add(u.other_ref)
            .wrapping_add(u.price_ticks.cast_unsigned())
            .wrapping_add(u.qty_lots)
            .wrapping_add(u64::from(u.instrument_id))
            .wrapping_add(u64::from(u.action))
            .wrapping_add(u64::from(u.side))
            .wrapping_add(u64::from(u.flags));
    }
}

/// Decodes the file into market updates; the sum of their fields.
fn feed(file: &[u8], feed: &mut ItchFeed) -> u64 {
    let mut sum = Sum(0);
    for frame in FileFrames::last_block(file, 0) {
        if let Ok(Frame::Message(bytes)) = frame {
            let _ = feed.decode(bytes, &mut sum);
        }
    }
    sum.0
}

/// Takes a file apart; the number of messages.
fn frames(file: &[u8]) -> u64 {
    let is_message = |frame: &Result<Frame<'_>, _>| matches!(frame, Ok(Frame::Message(_)));
    FileFrames::last_block(file, 0).filter(is_message).count() as u64
}

/// Times rounds of `work`: hundredths of a nanosecond a message, best and median.
fn measure(messages: usize, mut work: impl FnMut() -> u64) -> (u128, u128, u64) {
    let mut sum = 0;
    let mut rounds: Vec<u128> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            sum = black_box(work());
            start.elapsed().as_nanos() * 100 / messages as u128
        })
        .collect();
    rounds.sort_unstable();
    (rounds[0], rounds[ROUNDS / 2], sum)
}

fn main() {
    let messages = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(MESSAGES);
    let file = workload(messages);
    let mut itch_feed = ItchFeed::new(1_548_824_400_000_000_000);
    let results = [
        ("frames", measure(messages, || frames(black_box(&file)))),
        ("decode_every_field", measure(messages, || decode(black_box(&file)))),
        ("feed_every_field", measure(messages, || feed(black_box(&file), &mut itch_feed))),
    ];
    println!(
        "{{\n  \"messages\": {messages},\n  \"file_bytes\": {},\n  \"rounds\": {ROUNDS},",
        file.len()
    );
    println!("  \"ns_per_message\": {{");
    for (index, (name, (best, median, sum))) in results.iter().enumerate() {
        let comma = if index + 1 == results.len() { "" } else { "," };
        let number = |value: u128| format!("{}.{:02}", value / 100, value % 100);
        println!(
            "    \"{name}\": {{ \"best\": {}, \"median\": {}, \"sum\": {sum} }}{comma}",
            number(*best),
            number(*median)
        );
    }
    println!("  }}\n}}");
}
