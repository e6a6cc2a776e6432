// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The table of states, every cell of it, against rules said in words.

use onetape_core::events::OrderState;
use onetape_core::trading::{Next, Word, next};

const LIVE: [OrderState; 6] = [
    OrderState::PendingNew,
    OrderState::Working,
    OrderState::PartiallyFilled,
    OrderState::PendingCancel,
    OrderState::PendingReplace,
    OrderState::Unknown,
];
const DEAD: [OrderState; 5] = [
    OrderState::Filled,
    OrderState::Canceled,
    OrderState::Rejected,
    OrderState::Expired,
    OrderState::Replaced,
];
const WORDS: [Word; 21] = [
    Word::CancelSent,
    Word::ReplaceSent,
    Word::Accepted,
    Word::Rejected,
    Word::RejectedLate,
    Word::FilledPart,
    Word::FilledWhole,
    Word::Reduced,
    Word::Canceled,
    Word::Expired,
    Word::Replaced,
    Word::CancelRejected,
    Word::ReplaceRejected,
    Word::ToldOpen,
    Word::ToldGone,
    Word::ToldOwing,
    Word::ToldLess,
    Word::ToldNever,
    Word::ToldNeverLate,
    Word::LinkDown,
    Word::Timeout,
];

/// What an order is after a word; `None` for the live state that its executions and cancel give.
fn after(state: OrderState, word: Word) -> Option<OrderState> {
    match next(state, word) {
        Next::Stay | Next::StayFlagged => Some(state),
        Next::To(to) | Next::ToFlagged(to) => Some(to),
        Next::Live => None,
    }
}

#[test]
fn the_table_has_a_row_for_every_word_in_its_order() {
    for (row, word) in WORDS.into_iter().enumerate() {
        assert_eq!(word as usize, row);
    }
}

#[test]
fn a_word_that_ends_an_order_ends_every_live_one() {
    let ends = [
        (Word::FilledWhole, OrderState::Filled),
        (Word::Canceled, OrderState::Canceled),
        (Word::Expired, OrderState::Expired),
        (Word::Replaced, OrderState::Replaced),
        (Word::ToldGone, OrderState::Canceled),
        (Word::ToldLess, OrderState::Canceled),
    ];
    for state in LIVE {
        for word in WORDS {
            let end = ends.iter().find(|(ends, _)| *ends == word).map(|(_, end)| *end);
            let refused = match (state, word) {
                (OrderState::PendingNew | OrderState::Unknown, Word::Rejected)
                | (OrderState::Unknown, Word::ToldNever) => Some(OrderState::Rejected),
                _ => None,
            };
            let dead = after(state, word).filter(|state| state.is_dead());
            assert_eq!(dead, end.or(refused), "{state:?} {word:?}");
        }
    }
}

#[test]
fn a_dead_order_comes_back_only_flagged_and_unknown() {
    let alive = [Word::Reduced, Word::ToldOpen];
    for state in DEAD {
        for word in WORDS {
            let next = next(state, word);
            match next {
                Next::Stay | Next::StayFlagged | Next::ToFlagged(OrderState::Unknown) => {}
                _ => panic!("{state:?} {word:?}: {next:?}"),
            }
            if alive.contains(&word) {
                assert_eq!(next, Next::ToFlagged(OrderState::Unknown), "{state:?} {word:?}");
            }
            if matches!(word, Word::FilledPart | Word::FilledWhole) {
                assert_eq!(next, Next::StayFlagged, "a fill after death: {state:?}");
            }
            // What crosses on its way to us, and what we do, says nothing of the dead.
            let silent = [Word::CancelSent, Word::ReplaceSent, Word::CancelRejected];
            let silent = silent.into_iter().chain([Word::ReplaceRejected, Word::Canceled]);
            if silent.chain([Word::LinkDown, Word::Timeout]).any(|quiet| quiet == word) {
                assert_eq!(next, Next::Stay, "{state:?} {word:?}");
            }
        }
    }
}

#[test]
fn silence_makes_unknown_and_only_the_venue_makes_known() {
    for state in LIVE {
        assert_eq!(after(state, Word::LinkDown), Some(OrderState::Unknown), "{state:?}");
        let waits = !state.is_settled();
        let wanted = if waits { OrderState::Unknown } else { state };
        assert_eq!(after(state, Word::Timeout), Some(wanted), "{state:?}");
    }
    for word in [Word::CancelSent, Word::ReplaceSent, Word::LinkDown, Word::Timeout] {
        assert_eq!(next(OrderState::Unknown, word), Next::Stay, "{word:?}");
    }
    assert_eq!(next(OrderState::Unknown, Word::ToldOpen), Next::Live);
    assert_eq!(next(OrderState::Unknown, Word::Accepted), Next::Live);
    // A fill, a part of a cancel: it lived then; whether it lives now was not said.
    for word in [Word::FilledPart, Word::Reduced, Word::CancelRejected, Word::ReplaceRejected] {
        assert_eq!(next(OrderState::Unknown, word), Next::Stay, "{word:?}");
    }
}

#[test]
fn a_refusal_of_what_was_taken_is_a_contradiction() {
    let taken = [OrderState::Working, OrderState::PartiallyFilled];
    let taken = taken.into_iter().chain([OrderState::PendingCancel, OrderState::PendingReplace]);
    for state in taken {
        for word in [Word::Rejected, Word::RejectedLate, Word::ToldNever, Word::ToldNeverLate] {
            assert_eq!(
                next(state, word),
                Next::ToFlagged(OrderState::Unknown),
                "{state:?} {word:?}"
            );
        }
    }
    for word in WORDS {
        assert!(next(OrderState::Held, word).is_flagged(), "a held order is at no venue: {word:?}");
    }
}

#[test]
fn a_refused_cancel_or_replacement_gives_the_order_back() {
    assert_eq!(next(OrderState::PendingCancel, Word::CancelRejected), Next::Live);
    assert_eq!(next(OrderState::PendingReplace, Word::ReplaceRejected), Next::Live);
    for state in LIVE {
        for word in [Word::CancelRejected, Word::ReplaceRejected] {
            let next = next(state, word);
            assert!(matches!(next, Next::Stay | Next::Live), "{state:?} {word:?}");
        }
    }
}
