// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Chosen instruments come as they would among all; the others do not come.

use super::*;
use crate::events::{InstrumentDefined, MarketUpdated};
use crate::hash::mix;
use crate::wire::itch::{AddOrder, LAYOUTS};

const MIDNIGHT_NS: i64 = 1_548_824_400_000_000_000;

#[derive(Default)]
struct Kept(Vec<MarketUpdated>, Vec<[u8; 16]>);

impl MarketSink for Kept {
    fn define(&mut self, definition: &InstrumentDefined) {
        self.1.push(definition.symbol);
    }

    fn update(&mut self, update: &MarketUpdated) {
        self.0.push(*update);
    }
}

fn symbol(locate: u16) -> [u8; 8] {
    let text = format!("S{locate:<7}");
    text.as_bytes().try_into().unwrap()
}

/// Any message of any type, of a stock that has its symbol from its locate.
fn any_message(random: u64) -> Vec<u8> {
    let layout = &LAYOUTS[(random % LAYOUTS.len() as u64) as usize];
    let mut bytes: Vec<u8> = (0..layout.length as u64).map(|at| mix(random + at) as u8).collect();
    let locate = (random >> 20) as u16 % 12;
    bytes[0] = layout.message_type;
    bytes[1..3].copy_from_slice(&locate.to_be_bytes());
    bytes[5..11].copy_from_slice(&(random >> 16).to_be_bytes()[2..]);
    for field in layout.fields {
        let at = field.offset..field.offset + field.length;
        match field.name {
            "side" => bytes[field.offset] = if random & 1 == 0 { b'B' } else { b'S' },
            "stock" => bytes[at].copy_from_slice(&symbol(locate)),
            _ => {}
        }
    }
    bytes
}

#[test]
fn what_is_chosen_comes_as_it_would_among_all() {
    for seed in 0..40_u64 {
        let (mut all, mut some) = (ItchFeed::new(MIDNIGHT_NS), SelectedFeed::new(MIDNIGHT_NS));
        for locate in [3, 5, 7] {
            some.choose(symbol(locate), 100 + u32::from(locate));
        }
        let (mut from_all, mut from_some) = (Kept::default(), Kept::default());
        // A directory comes first, as it does; the third seed has none.
        for locate in 0..if seed % 3 == 0 { 0 } else { 12_u16 } {
            let mut directory = vec![0; 39];
            directory[0] = b'R';
            directory[1..3].copy_from_slice(&locate.to_be_bytes());
            directory[11..19].copy_from_slice(&symbol(locate));
            all.decode(&directory, &mut from_all).unwrap();
            some.decode(&directory, &mut from_some).unwrap();
        }
        for step in 0..2_000 {
            let bytes = any_message(mix(seed << 32 | step));
            let decoded = all.decode(&bytes, &mut from_all);
            assert_eq!(some.decode(&bytes, &mut from_some).is_ok(), decoded.is_ok());
        }
        let chosen = from_all.0.iter().filter_map(|update| {
            // Numbered by all in the order of the names; known again by them.
            let name = from_all.1.get((update.instrument_id as usize).checked_sub(1)?)?;
            let locate: u16 =
                std::str::from_utf8(&name[1..3]).unwrap().trim_matches('\0').parse().unwrap();
            let instrument_id = 100 + u32::from(locate);
            [3, 5, 7].contains(&locate).then_some(MarketUpdated { instrument_id, ..*update })
        });
        assert_eq!(from_some.0, chosen.collect::<Vec<_>>(), "seed {seed}");
        assert!(from_some.0.len() > 200 && some.skipped() > 1_000);
        assert_eq!(from_some.1.len(), 0, "they are defined elsewhere");
        assert_eq!(taken_up(&some).state_hash(), some.state_hash());
    }
}

fn taken_up(feed: &SelectedFeed) -> SelectedFeed {
    let (mut bytes, mut again) = (Vec::new(), SelectedFeed::new(0));
    feed.save(&mut bytes);
    let mut rest = &bytes[..];
    again.restore(&mut rest).unwrap();
    assert!(rest.is_empty());
    for length in [0, 9, 40, bytes.len() - 1] {
        assert!(SelectedFeed::new(0).restore(&mut &bytes[..length]).is_err());
    }
    again
}

fn add(locate: u16, stock: [u8; 8]) -> [u8; 36] {
    AddOrder {
        stock_locate: locate,
        tracking_number: 0,
        timestamp_ns: 5,
        order_ref: 1,
        side: b'B',
        shares: 100,
        stock,
        price_e4: 10_000,
    }
    .encode()
}

#[test]
fn a_locate_goes_to_whom_the_directory_gives_it() {
    let (mut feed, mut kept) = (SelectedFeed::new(0), Kept::default());
    feed.choose(symbol(1), 41);
    let mut directory = [0; 39];
    directory[0] = b'R';
    directory[1..3].copy_from_slice(&9_u16.to_be_bytes());
    directory[11..19].copy_from_slice(&symbol(2));
    feed.decode(&directory, &mut kept).unwrap();
    feed.decode(&add(9, symbol(2)), &mut kept).unwrap();
    assert_eq!((kept.0.len(), feed.skipped()), (0, 1));
    directory[11..19].copy_from_slice(&symbol(1));
    feed.decode(&directory, &mut kept).unwrap();
    feed.decode(&add(9, symbol(1)), &mut kept).unwrap();
    assert_eq!(kept.0[0].instrument_id, 41);
    // Chosen later, it is found by the next message that names it; a new day names all anew.
    feed.choose(symbol(2), 42);
    feed.decode(&add(10, symbol(2)), &mut kept).unwrap();
    assert_eq!(kept.0[1].instrument_id, 42);
    feed.begin(Some(1_000));
    feed.decode(&add(10, symbol(1)), &mut kept).unwrap();
    assert_eq!((kept.0[2].instrument_id, kept.0[2].venue_ts_ns), (41, 1_005));
}

#[test]
fn what_is_left_out_may_be_broken() {
    let (mut feed, mut kept) = (SelectedFeed::new(0), Kept::default());
    feed.choose(symbol(1), 41);
    feed.decode(&add(1, symbol(1)), &mut kept).unwrap();
    feed.decode(&add(2, symbol(2)), &mut kept).unwrap();
    for (locate, is_ok) in [(1, false), (2, true), (3, false)] {
        assert_eq!(feed.decode(&add(locate, symbol(2))[..30], &mut kept).is_ok(), is_ok);
    }
    for bytes in [&[][..], b"A", b"A\0"] {
        assert!(feed.decode(bytes, &mut kept).is_err());
    }
    assert_eq!(feed.decode(b"~\0\x03", &mut kept), Ok(Decoded::Unknown));
}
