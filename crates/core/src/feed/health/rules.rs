// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The rules of validation, and what is done when one is broken.

use super::{Health, Quick};
use crate::events::{FeedRule, MarketAction, MarketUpdated, RuleAction};
use crate::types::Ticks;

/// Rules there can be, and one: they are numbered from 1.
pub(super) const RULES: usize = 12;

/// One rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its limit: nanoseconds; for a band basis points, for a size lots; unused for the others.
    pub limit: i64,
    /// What is done when it is broken.
    pub action: RuleAction,
}

/// The rules of a node. One that is not set is not looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    all: [Option<Rule>; RULES],
}

impl Rules {
    /// No rule.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// What suits an exchange of stocks: times that run back are put right; messages a second ahead,
    /// of no quantity or of more than a billion lots do not touch the book; a book that is crossed or
    /// locked for a second, or whose messages are five seconds old, is not traded on.
    #[must_use]
    pub fn usual() -> Self {
        use RuleAction::{Corrected, Quarantined};
        const SECOND: i64 = crate::types::SECOND_NS;
        Self::none()
            .with(FeedRule::Sequence, 0, Quarantined)
            .with(FeedRule::TimeBack, 0, Corrected)
            .with(FeedRule::TimeAhead, SECOND, Corrected)
            .with(FeedRule::TimeOld, 5 * SECOND, Quarantined)
            .with(FeedRule::Crossed, SECOND, Quarantined)
            .with(FeedRule::Locked, SECOND, Quarantined)
            .with(FeedRule::SizeZero, 0, Corrected)
            .with(FeedRule::SizeMax, 1_000_000_000, Quarantined)
            .with(FeedRule::Book, 0, Quarantined)
    }

    /// With this rule as well, or instead of what it was.
    #[must_use]
    pub fn with(mut self, rule: FeedRule, limit: i64, action: RuleAction) -> Self {
        self.all[usize::from(rule.raw())] = Some(Rule { limit, action });
        self
    }

    /// Without this rule.
    #[must_use]
    pub fn without(mut self, rule: FeedRule) -> Self {
        self.all[usize::from(rule.raw())] = None;
        self
    }

    /// The rules as they stand in a journal: 16 bytes each, limit, rule, action and zeros.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for (at, rule) in self.all.iter().enumerate() {
            let Some(Rule { limit, action }) = rule else { continue };
            out.extend_from_slice(&limit.to_le_bytes());
            out.extend_from_slice(&[at as u8, action.raw(), 0, 0, 0, 0, 0, 0]);
        }
        out
    }

    /// The rules that [`Self::encode`] wrote; `None` for anything else, and for rules that cannot be
    /// kept.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (all, rest) = bytes.as_chunks::<16>();
        let mut rules = Self::none();
        for one in all {
            let (limit, words) = one.split_first_chunk()?;
            let rule = FeedRule::from_raw(words[0])?;
            let action = RuleAction::from_raw(words[1])?;
            rules = rules.with(rule, i64::from_le_bytes(*limit), action);
        }
        (rest.is_empty() && rules.unsound().is_none()).then_some(rules)
    }

    /// A rule, if it is set.
    #[inline]
    #[must_use]
    pub const fn get(&self, rule: FeedRule) -> Option<Rule> {
        self.all[rule.raw() as usize]
    }

    /// The first rule that cannot be kept as it is set: a limit below zero, or `CORRECTED` where
    /// nobody knows what would be right. Only times and a quantity of zero can be corrected.
    #[must_use]
    pub fn unsound(&self) -> Option<FeedRule> {
        let numbered = self.all.iter().enumerate();
        let mut set =
            numbered.filter_map(|(at, rule)| Some((FeedRule::from_raw(at as u8)?, (*rule)?)));
        let is_unsound = |rule: FeedRule, set: Rule| {
            let is_correctable =
                matches!(rule, FeedRule::TimeBack | FeedRule::TimeAhead | FeedRule::SizeZero);
            set.limit < 0 || (set.action == RuleAction::Corrected && !is_correctable)
        };
        set.find(|&(rule, set)| is_unsound(rule, set)).map(|(rule, _)| rule)
    }
}

impl Health {
    /// Other rules from here on; what was found by the old ones stands until it is looked at again.
    pub fn set_rules(&mut self, rules: Rules) {
        (self.quick, self.rules) = (Quick::new(&rules), rules);
        let band_bps = rules.get(FeedRule::PriceBand).map(|rule| rule.limit);
        for book in &mut self.books {
            match band_bps {
                Some(band_bps) if book.reference > 0 => {
                    book.set_reference(book.reference, band_bps);
                }
                _ => book.band = (Ticks::MIN, Ticks::MAX),
            }
        }
    }
}

/// What is to be done with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Apply it.
    Apply,
    /// Apply this in its place.
    Instead(MarketUpdated),
    /// Leave it alone.
    Drop,
}

/// Whether a message says something of an order that is in the book: without it the book has what
/// the venue has not.
pub(super) const fn is_needed(action: u8) -> bool {
    matches!(
        MarketAction::from_raw(action),
        Some(
            MarketAction::Execute
                | MarketAction::Reduce
                | MarketAction::Delete
                | MarketAction::Replace
                | MarketAction::Set
                | MarketAction::Clear
        )
    )
}

/// What a message of no quantity comes to: a replacement that leaves nothing, or nothing at all.
pub(super) fn without_quantity(update: &MarketUpdated) -> Verdict {
    match MarketAction::from_raw(update.action) {
        Some(MarketAction::Replace) => Verdict::Instead(MarketUpdated {
            action: MarketAction::Delete.raw(),
            other_ref: 0,
            price_ticks: 0,
            ..*update
        }),
        _ => Verdict::Drop,
    }
}

/// An execution without its price, which is not believed: the order shrinks, and no trade is told.
pub(super) fn without_price(update: &MarketUpdated) -> MarketUpdated {
    MarketUpdated {
        action: MarketAction::Reduce.raw(),
        other_ref: 0,
        price_ticks: 0,
        flags: 0,
        ..*update
    }
}
