// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Our orders: what strategies ask for, order states, positions and profit.

mod desk;
mod oms;
mod portfolio;

pub use desk::{Desk, DeskConfig, NewOrder, OrderKey, Reference, VenueCommand, VenueFill};
pub use oms::{OrderTable, OwnOrder, QUOTE_ID_FIRST};
pub use portfolio::{FillFacts, Portfolio, Position};
