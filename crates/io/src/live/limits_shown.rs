// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The limits in force, what is used of them and what remains, for operators.

use std::collections::BTreeSet;

use onetape_core::events::RiskScope;
use onetape_core::live::Node;
use onetape_core::risk::Scope;
use onetape_core::types::Instrument;
use serde_json::{Value, json};

use super::breakers_shown::snake;

/// Limits in one answer; the rest is counted.
const ROWS_MAX: usize = 5_000;

/// Every scope of a node that may have limits: of so many strategies and venues.
fn scopes(node: &Node, strategies: u32, venues: u32) -> Vec<Scope> {
    let risk = node.desk().risk();
    let instruments = node.instruments().map(Instrument::id);
    let instruments = instruments.collect::<BTreeSet<_>>();
    let products = instruments.iter().map(|&id| node.product_of(id)).collect::<BTreeSet<_>>();
    let accounts = (1..=strategies).map(|id| risk.account_of(id)).collect::<BTreeSet<_>>();
    let of = |kind| move |id| Scope::new(kind, id);
    let mut all = vec![Scope::FIRM];
    all.extend(accounts.into_iter().filter(|&id| id != 0).map(of(RiskScope::Account)));
    all.extend((1..=strategies).map(of(RiskScope::Strategy)));
    all.extend((1..=venues).map(of(RiskScope::Venue)));
    all.extend(products.into_iter().filter(|&id| id != 0).map(of(RiskScope::Product)));
    all.extend(instruments.into_iter().map(of(RiskScope::Instrument)));
    all
}

/// The answer to an operator.
pub(super) fn limits(node: &Node, strategies: u32, venues: u32) -> Value {
    let all = scopes(node, strategies, venues);
    let views = all.into_iter().flat_map(|scope| node.limits_at(scope));
    let mut rows: Vec<Value> = views
        .map(|view| {
            json!({
                "limit": snake(view.limit),
                "scope": snake(view.scope.kind),
                "id": view.scope.id,
                "value": view.value,
                "used": view.used,
                "remaining": view.used.map(|used| view.value.saturating_sub(used)),
                "own": view.is_own,
                "each": view.is_each,
            })
        })
        .collect();
    let count = rows.len();
    rows.truncate(ROWS_MAX);
    let risk = node.desk().risk();
    let in_force = risk.in_force();
    json!({
        "ok": true,
        "version": in_force.version,
        "hash": format!("{:016x}", in_force.hash),
        "valid_from_ns": in_force.valid_from_ns,
        "valid_to_ns": in_force.valid_to_ns,
        "profile": snake(risk.profile()),
        "limits_refused": risk.limits_refused(),
        "limits": rows,
        "count": count,
    })
}
