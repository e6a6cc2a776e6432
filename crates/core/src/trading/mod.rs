// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Our orders: what strategies ask for, order states, positions and profit.

mod asked;
mod callback;
mod desk;
mod fees;
mod groups;
mod host;
mod inline;
mod live_orders;
mod memory;
mod oms;
mod parents;
mod portfolio;
mod router;
mod states;
mod view;

pub use asked::LegAsked;
pub(crate) use callback::Telling;
pub use callback::{Callback, MarketTrade};
pub use desk::{
    Alarm, Desk, DeskConfig, Due, FeeInKind, GROUP_STEPS_MAX, NewOrder, OrderKey, Reference,
    SpecialTerms, VenueCancel, VenueCommand, VenueFill, VenueStatus, submit_flags,
};
pub use fees::Fees;
pub use groups::{Group, LEGS_MAX, Leg, LegTerms};
pub use host::{Intent, QuoteSide, StrategyHost};
pub use inline::{InlineStrategy, StrategyFault, is_last_of_change};
pub use oms::{CLIENT_ID_MAX, OrderTable, OwnOrder, QUOTE_ID_FIRST};
pub use parents::Parent;
pub use portfolio::{FillFacts, Portfolio, Position};
pub use router::{Route, RouteLevel, RouteOrder, SLICES_MAX, Slice, VenueQuote, route};
pub use states::{Next, Word, next};
pub use view::{StrategyRun, StrategyView, Touch};
pub(crate) use view::{trade_of, without};
