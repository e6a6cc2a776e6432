// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What an order of ours becomes when something is said of it: one table, on one screen.
//!
//! A state is never guessed. No answer is not a refusal, and a venue that contradicts itself leaves
//! the order unknown: its exposure stays reserved until the venue is asked and says what is so.

use crate::events::OrderState;
use crate::events::OrderState::{
    Canceled, Expired, Filled, PendingCancel, PendingReplace, Rejected, Replaced, Unknown,
};

/// What is said of an order by its venue, or done to it by us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Its cancel leaves.
    CancelSent,
    /// Its replacement leaves.
    ReplaceSent,
    /// The venue took it; the first time that it says so.
    Accepted,
    /// The venue refused it.
    Rejected,
    /// The venue refused it, having taken it before.
    RejectedLate,
    /// Part of it traded.
    FilledPart,
    /// All that was left of it traded.
    FilledWhole,
    /// Part of it was cancelled.
    Reduced,
    /// All that was left of it was cancelled.
    Canceled,
    /// Its time came.
    Expired,
    /// Its replacement took its place.
    Replaced,
    /// Its cancel was refused.
    CancelRejected,
    /// Its replacement was refused.
    ReplaceRejected,
    /// Asked, the venue says: it lives.
    ToldOpen,
    /// Asked, the venue says: it is dead, and traded what we know.
    ToldGone,
    /// Asked, the venue says: it is dead, and traded more than we know.
    ToldOwing,
    /// Asked, the venue says: it is dead, and traded less than we know.
    ToldLess,
    /// Asked, the venue says that it never had it; and it never said that it took it.
    ToldNever,
    /// Asked, the venue says that it never had it, having taken it before.
    ToldNeverLate,
    /// The connection to its venue went.
    LinkDown,
    /// No answer came in time.
    Timeout,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The state stays: it is known already, or says nothing new.
    Stay,
    /// It lives: pending cancel when a cancel of it has left, else partially filled or working.
    Live,
    /// It goes to this state.
    To(OrderState),
    /// The state stays, and this must not happen: a person is to look.
    StayFlagged,
    /// As [`Self::To`], and this must not happen. A dead order is taken up again.
    ToFlagged(OrderState),
}

impl Next {
    /// Whether a person is to look.
    #[must_use]
    pub const fn is_flagged(self) -> bool {
        matches!(self, Self::StayFlagged | Self::ToFlagged(_))
    }
}

const S: Next = Next::Stay;
const L: Next = Next::Live;
const R: Next = Next::To(PendingReplace);
const C: Next = Next::To(PendingCancel);
const U: Next = Next::To(Unknown);
const F: Next = Next::To(Filled);
const X: Next = Next::To(Canceled);
const J: Next = Next::To(Rejected);
const E: Next = Next::To(Expired);
const M: Next = Next::To(Replaced);
/// Flagged.
const Q: Next = Next::StayFlagged;
/// Flagged, and unknown.
const V: Next = Next::ToFlagged(Unknown);
/// Flagged, and dead.
const D: Next = Next::ToFlagged(Canceled);

/// The table. Columns: pending new, working, partially filled, pending cancel, pending replace,
/// unknown; then the dead: filled, cancelled, rejected, expired, replaced.
#[rustfmt::skip]
const TABLE: [[Next; 11]; 21] = [
    //                    new wrk prt can rep unk   fil can rej exp rpl
    /* CancelSent      */ [S,  C,  C,  S,  S,  S,    S,  S,  S,  S,  S],
    /* ReplaceSent     */ [S,  R,  R,  S,  S,  S,    S,  S,  S,  S,  S],
    /* Accepted        */ [L,  S,  S,  S,  S,  L,    S,  S,  V,  S,  S],
    /* Rejected        */ [J,  V,  V,  V,  V,  J,    Q,  S,  S,  S,  Q],
    /* RejectedLate    */ [V,  V,  V,  V,  V,  Q,    Q,  Q,  Q,  Q,  Q],
    /* FilledPart      */ [L,  L,  L,  S,  S,  S,    Q,  Q,  Q,  Q,  Q],
    /* FilledWhole     */ [F,  F,  F,  F,  F,  F,    Q,  Q,  Q,  Q,  Q],
    /* Reduced         */ [L,  S,  S,  S,  S,  S,    V,  V,  V,  V,  V],
    /* Canceled        */ [X,  X,  X,  X,  X,  X,    S,  S,  S,  S,  S],
    /* Expired         */ [E,  E,  E,  E,  E,  E,    S,  S,  S,  S,  S],
    /* Replaced        */ [M,  M,  M,  M,  M,  M,    S,  S,  S,  S,  S],
    /* CancelRejected  */ [S,  S,  S,  L,  S,  S,    S,  S,  S,  S,  S],
    /* ReplaceRejected */ [S,  S,  S,  S,  L,  S,    S,  S,  S,  S,  S],
    /* ToldOpen        */ [L,  S,  S,  S,  S,  L,    V,  V,  V,  V,  V],
    /* ToldGone        */ [X,  X,  X,  X,  X,  X,    S,  S,  S,  S,  S],
    /* ToldOwing       */ [U,  U,  U,  U,  U,  U,    V,  V,  V,  V,  S],
    /* ToldLess        */ [D,  D,  D,  D,  D,  D,    Q,  Q,  Q,  Q,  S],
    /* ToldNever       */ [S,  V,  V,  V,  V,  J,    S,  S,  S,  S,  S],
    /* ToldNeverLate   */ [V,  V,  V,  V,  V,  Q,    S,  S,  S,  S,  S],
    /* LinkDown        */ [U,  U,  U,  U,  U,  S,    S,  S,  S,  S,  S],
    /* Timeout         */ [U,  S,  S,  U,  U,  S,    S,  S,  S,  S,  S],
];

/// What becomes of an order in `state` of which `word` is said. An order that is held is not at a
/// venue; nothing that a venue says can concern it, and so it stays.
#[inline]
#[must_use]
pub const fn next(state: OrderState, word: Word) -> Next {
    match column(state) {
        Some(column) => TABLE[word as usize][column],
        None => Next::StayFlagged,
    }
}

const fn column(state: OrderState) -> Option<usize> {
    match state {
        OrderState::PendingNew => Some(0),
        OrderState::Working => Some(1),
        OrderState::PartiallyFilled => Some(2),
        PendingCancel => Some(3),
        PendingReplace => Some(4),
        Unknown => Some(5),
        Filled => Some(6),
        Canceled => Some(7),
        Rejected => Some(8),
        Expired => Some(9),
        Replaced => Some(10),
        OrderState::Held => None,
    }
}

impl OrderState {
    /// Whether the venue can do nothing more with the order, as far as we know.
    #[inline]
    #[must_use]
    pub const fn is_dead(self) -> bool {
        matches!(self, Filled | Canceled | Rejected | Expired | Replaced)
    }

    /// Whether the venue has it and owes no answer: it can be replaced.
    #[inline]
    #[must_use]
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Working | Self::PartiallyFilled)
    }
}
