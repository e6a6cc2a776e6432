// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Where an event's time goes. The core has no clock: whoever runs it passes one in.

/// A stage of an event's way through a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading it from the source.
    Source,
    /// Appending it to the journal.
    Journal,
    /// Decoding it and applying it to the book.
    Book,
    /// The strategy's callback.
    Strategy,
    /// Risk, order management and matching of an intent, outputs journaled.
    Order,
}

impl Stage {
    /// All stages, in an event's order.
    pub const ALL: [Self; 5] =
        [Self::Source, Self::Journal, Self::Book, Self::Strategy, Self::Order];

    /// Its name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Journal => "journal",
            Self::Book => "decode and book",
            Self::Strategy => "strategy",
            Self::Order => "risk and matching",
        }
    }
}

/// A stopwatch. Calls cost something, so an implementation may look at one event in many.
pub trait Probe {
    /// A stage begins.
    fn start(&mut self);

    /// The stage that began with the last [`Self::start`] or `stop` is over.
    fn stop(&mut self, stage: Stage);
}

/// Measures nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProbe;

impl Probe for NoProbe {
    #[inline]
    fn start(&mut self) {}

    #[inline]
    fn stop(&mut self, _stage: Stage) {}
}
