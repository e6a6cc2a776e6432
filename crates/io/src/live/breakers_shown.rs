// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The circuit breakers, for operators.

use std::fmt::Debug;

use onetape_core::live::Node;
use serde_json::{Value, json};

/// A name of the schema as it stands in a configuration.
pub(super) fn snake(name: impl Debug) -> String {
    let mut text = String::new();
    for letter in format!("{name:?}").chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// How the breakers are set and what they do.
pub(super) fn breakers(node: &Node) -> Value {
    let rows = node.breakers().map(|view| {
        let mut row = json!({
            "breaker": snake(view.breaker),
            "bound": view.bound,
            "action": snake(view.action),
        });
        if let Some((scope, action, value)) = view.standing {
            row["stands"] = json!(snake(action));
            row["scope"] = json!(snake(scope.kind));
            row["id"] = json!(scope.id);
            row["value"] = json!(value);
        }
        row
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use onetape_core::events::Breaker;

    #[test]
    fn names_are_those_of_the_configuration() {
        assert_eq!(snake(Breaker::RejectRate), "reject_rate");
        assert_eq!(snake(Breaker::Clock), "clock");
    }
}
