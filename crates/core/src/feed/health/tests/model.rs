// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A plain model: the state of a book is found anew from everything that ever happened.

use super::*;

/// One thing that happened to feed 3, whose books are 1 and 2.
#[derive(Clone, Copy, Debug)]
enum Event {
    Feed(FeedState),
    /// A message of this age, or of this much of the future, and whether it is absurdly large.
    Message {
        instrument: u32,
        age_ns: i64,
        is_large: bool,
        is_needed: bool,
    },
    Status {
        instrument: u32,
        is_trading: bool,
    },
    Best {
        instrument: u32,
        spread: i64,
    },
    Resume(u32),
    Nothing,
}

const CROSSED_NS: i64 = 50;
const LOCKED_NS: i64 = 80;
const SILENCE_NS: i64 = 400;
const OLD_NS: i64 = 100;

fn rules() -> Rules {
    Rules::none()
        .with(R::Crossed, CROSSED_NS, Quarantined)
        .with(R::Locked, LOCKED_NS, Halted)
        .with(R::Silence, SILENCE_NS, Quarantined)
        .with(R::TimeOld, OLD_NS, Quarantined)
        .with(R::SizeMax, 1_000, Quarantined)
}

/// Since when the prices of a book have been so, and whether that was ever too long.
fn standing(
    history: &[(i64, Event)],
    book: u32,
    limit_ns: i64,
    is_so: fn(i64) -> bool,
) -> (bool, bool) {
    let (mut trading, mut since, mut ever, mut now) = (true, None::<i64>, false, false);
    for &(ts_ns, event) in history {
        // Time passes before anything else happens. It becomes too long once, until it is over.
        if !now && since.is_some_and(|since| ts_ns > since + limit_ns) {
            (now, ever) = (true, true);
        }
        match event {
            Event::Status { instrument, is_trading } if instrument == book => trading = is_trading,
            Event::Best { instrument, spread } if instrument == book => {
                if !is_so(spread) || !trading {
                    since = None;
                } else {
                    since = since.or(Some(ts_ns));
                }
            }
            Event::Feed(FeedState::Snapshot | FeedState::Waiting) => since = None,
            Event::Resume(instrument) if instrument == book => ever = false,
            _ => {}
        }
        now &= since.is_some();
    }
    (now, ever)
}

/// The state of a book, by its history alone.
fn state(history: &[(i64, Event)], book: u32) -> BookState {
    let now_ns = history.last().map_or(0, |last| last.0);
    let (mut feed, mut is_late, mut heard, mut torn) = (FeedState::Waiting, false, None, false);
    let (mut silent, mut trading) = (false, true);
    for &(ts_ns, event) in history {
        silent |= trading && heard.is_some_and(|heard: i64| ts_ns > heard + SILENCE_NS);
        match event {
            Event::Feed(next) => {
                feed = next;
                if matches!(next, FeedState::Waiting | FeedState::Snapshot) {
                    (is_late, torn, silent, heard) = (false, false, false, Some(ts_ns));
                }
            }
            Event::Message { instrument, age_ns, is_large, is_needed } => {
                if feed != FeedState::Snapshot {
                    is_late = age_ns > OLD_NS || (is_late && age_ns > OLD_NS / 2);
                }
                if instrument == book {
                    (heard, silent) = (Some(ts_ns), false);
                    torn |= is_large && is_needed;
                }
            }
            Event::Status { instrument, is_trading } => {
                // It comes without delay.
                is_late &= feed == FeedState::Snapshot;
                if instrument == book {
                    (heard, silent, trading) = (Some(ts_ns), false, is_trading);
                }
            }
            Event::Resume(instrument) if instrument == book => torn = false,
            _ => {}
        }
    }
    assert!(now_ns >= 0);
    let (is_crossed, _) = standing(history, book, CROSSED_NS, |spread| spread < 0);
    let (is_locked, was_locked) = standing(history, book, LOCKED_NS, |spread| spread == 0);
    match feed {
        FeedState::Gap | FeedState::Recovering | FeedState::Snapshot => BookState::Gap,
        FeedState::Live if !is_late => {
            match (was_locked || torn, is_crossed || is_locked, silent) {
                (true, ..) => BookState::Stale,
                (_, true, _) => BookState::Crossed,
                (_, _, true) => BookState::Stale,
                _ => BookState::Live,
            }
        }
        _ => BookState::Stale,
    }
}

/// Applies an event as a node does.
fn apply(health: &mut Health, ts_ns: i64, event: Event, out: &mut Said) {
    let entry = at(ts_ns);
    health.on_time(&entry, out);
    match event {
        Event::Feed(state) => health.on_feed(3, state, &entry, out),
        Event::Message { instrument, age_ns, is_large, is_needed } => {
            let message = MarketUpdated {
                instrument_id: instrument,
                qty_lots: if is_large { 1_001 } else { 1_000 },
                ..update(if is_needed { Reduce } else { Add }, ts_ns - age_ns)
            };
            let verdict = health.judge(3, &message, &entry, out);
            assert_eq!(verdict == Verdict::Drop, is_large);
        }
        Event::Status { instrument, is_trading } => {
            let flags = if is_trading { 1 } else { 2 };
            let message =
                MarketUpdated { instrument_id: instrument, flags, ..update(Status, ts_ns) };
            health.judge(3, &message, &entry, out);
        }
        Event::Best { instrument, spread } => {
            health.on_best(instrument, (Some(1_000), Some(1_000 + spread)), &entry, out);
        }
        Event::Resume(instrument) => health.resume(instrument, &entry, out),
        Event::Nothing => {}
    }
}

fn any_event(random: u64) -> Event {
    use FeedState::{Dead, Ended, Gap, Live, Lost, Recovering, Snapshot, Waiting};
    let instrument = 1 + (random >> 8) as u32 % 2;
    match random % 24 {
        0 => Event::Feed(
            [Waiting, Gap, Recovering, Snapshot, Dead, Lost, Ended][(random >> 16) as usize % 7],
        ),
        1..4 => Event::Feed(Live),
        4..12 => Event::Message {
            instrument,
            age_ns: (random >> 16).cast_signed() % 130,
            is_large: (random >> 30).is_multiple_of(8),
            is_needed: (random >> 33).is_multiple_of(4),
        },
        12 => Event::Status { instrument, is_trading: random >> 16 & 3 != 0 },
        13..19 => Event::Best { instrument, spread: (random >> 16 & 3).cast_signed() - 1 },
        19 => Event::Resume(instrument),
        _ => Event::Nothing,
    }
}

#[test]
fn any_history_gives_the_state_that_the_model_finds_in_it() {
    let mut seen = [0_u32; 5];
    for seed in 0..300_u64 {
        let (mut health, mut out) = (Health::new(2, rules()), Said::default());
        health.list(1, 3);
        health.list(2, 3);
        let (mut history, mut ts_ns) = (Vec::new(), 1_000);
        for step in 0..120 {
            let random = mix(seed << 16 | step);
            ts_ns += (random >> 40).cast_signed() % 60;
            let event = any_event(random);
            history.push((ts_ns, event));
            apply(&mut health, ts_ns, event, &mut out);
            for book in [1, 2] {
                let expected = state(&history, book);
                assert_eq!(health.state(book), expected, "seed {seed} step {step}: {history:?}");
                seen[usize::from(expected.raw())] += 1;
            }
            if step == 60 {
                health = taken_up(&health);
            }
        }
    }
    assert!(seen[1..].iter().all(|&count| count > 300), "every state was met: {seen:?}");
}

/// The same health, written down and read again.
fn taken_up(health: &Health) -> Health {
    let hash = |health: &Health| {
        let mut hasher = StateHasher::new();
        health.hash_into(&mut hasher);
        hasher.finish()
    };
    let mut bytes = Vec::new();
    health.save(&mut bytes);
    let mut again = Health::new(2, rules());
    assert_ne!(hash(&again), hash(health));
    let mut rest = &bytes[..];
    again.restore(&mut rest).unwrap();
    assert!(rest.is_empty());
    assert_eq!(hash(&again), hash(health));
    for length in [0, 3, 2_900, bytes.len() - 1] {
        assert!(Health::new(2, rules()).restore(&mut &bytes[..length]).is_err());
    }
    assert!(Health::new(3, rules()).restore(&mut &bytes[..]).is_err(), "other instruments");
    again
}
