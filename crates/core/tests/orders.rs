// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Order management: its table of states, and its desk against a modelled venue that is slow, loses
//! what is under way when the connection goes, and says things twice.

#![expect(clippy::unwrap_used, reason = "a test: a panic is its way to fail")]

mod asks;
#[path = "orders/cases.rs"]
mod cases;
#[path = "orders/groups.rs"]
mod groups;
#[path = "orders/groups_random.rs"]
mod groups_random;
#[path = "orders/node.rs"]
mod node;
#[path = "orders/parents.rs"]
mod parents;
#[path = "orders/random.rs"]
mod random;
#[path = "orders/table.rs"]
mod table;
#[path = "orders/venue.rs"]
mod venue;
