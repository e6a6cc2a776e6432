// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Parameters of strategies, set while they run: what an operator wrote is read, judged by what the
//! strategy declared, and journaled; nothing of a change that is wrong in one place is.

use onetape_core::component::sources;
use onetape_core::events::{ParameterKind, StrategyParameterDeclared, StrategyParameterSet};
use onetape_core::journal::Sink;
use onetape_core::live::{CHANGES_MAX, Parameter};
use serde_json::{Map, Value, json};

use super::engine::{Engine, Input};
use crate::exchange::ServerError;
use crate::exchange::server::refusal;

/// One parameter of a change, as an operator wrote it: its name and its value.
pub(super) type Wanted = (String, String);

/// The parameter of a change that holds this value; `place` and `count` as in the journal.
pub(super) const fn change_of(
    declared: &StrategyParameterDeclared,
    value: u64,
    place: u8,
    count: u8,
) -> StrategyParameterSet {
    let StrategyParameterDeclared { strategy_id, kind, name, .. } = *declared;
    StrategyParameterSet { value, strategy_id, kind, place, count, reserved: [0], name }
}

/// A value as its kind reads it, for people and programs.
fn shown(kind: u8, bits: u64) -> Value {
    match ParameterKind::from_raw(kind) {
        Some(ParameterKind::Float) => json!(f64::from_bits(bits)),
        Some(ParameterKind::Boolean) => json!(bits != 0),
        Some(ParameterKind::Integer) => json!(bits.cast_signed()),
        None => Value::Null,
    }
}

/// The eight bytes of what an operator wrote; the error says what was expected.
fn read(declared: &StrategyParameterDeclared, text: &str) -> Result<u64, String> {
    let StrategyParameterDeclared { kind, low, high, .. } = *declared;
    let range = format!("{} to {}", shown(kind, low), shown(kind, high));
    match ParameterKind::from_raw(kind) {
        Some(ParameterKind::Integer) => {
            let digits = text.replace('_', "");
            let value: i64 = (digits.parse()).map_err(|_| format!("a whole number, {range}"))?;
            let is_within = (low.cast_signed()..=high.cast_signed()).contains(&value);
            is_within.then_some(value.cast_unsigned()).ok_or(range)
        }
        Some(ParameterKind::Float) => {
            let value: f64 = text.parse().map_err(|_| format!("a number, {range}"))?;
            let is_within = (f64::from_bits(low)..=f64::from_bits(high)).contains(&value);
            (value.is_finite() && is_within).then(|| value.to_bits()).ok_or(range)
        }
        Some(ParameterKind::Boolean) => match text {
            "true" | "True" => Ok(1),
            "false" | "False" => Ok(0),
            _ => Err("true or false".to_owned()),
        },
        None => Err("a parameter of a kind that this version knows".to_owned()),
    }
}

/// A whole change, or why it cannot be.
fn judged(
    known: &[Parameter],
    strategy: &str,
    wanted: &[Wanted],
) -> Result<Vec<StrategyParameterSet>, String> {
    if wanted.is_empty() || wanted.len() > CHANGES_MAX {
        let found = wanted.len();
        return Err(format!("values: expected 1 to {CHANGES_MAX} parameters, found {found}"));
    }
    let mut changes: Vec<StrategyParameterSet> = Vec::with_capacity(wanted.len());
    let count = wanted.len() as u8;
    for (name, text) in wanted {
        let Some(found) = known.iter().find(|it| it.is_current && it.name() == name) else {
            let names: Vec<_> =
                known.iter().filter(|it| it.is_current).map(Parameter::name).collect();
            if names.is_empty() {
                return Err(format!(
                    "{strategy} has declared no parameter: it has not started since the node did, \
                     or has no attribute that is a number"
                ));
            }
            let names = names.join(", ");
            return Err(format!("{name}: expected a parameter of {strategy} ({names})"));
        };
        let value = read(&found.declared, text)
            .map_err(|expected| format!("{name}: expected {expected}, found {text:?}"))?;
        if changes.iter().any(|change| change.name == found.declared.name) {
            return Err(format!("{name}: expected one value, found two"));
        }
        changes.push(change_of(&found.declared, value, changes.len() as u8, count));
    }
    Ok(changes)
}

impl Engine {
    /// A person gives parameters of a strategy other values: all of them, or none.
    pub(super) fn set_parameters(
        &mut self,
        user: &str,
        id: u32,
        wanted: &[Wanted],
    ) -> Result<Value, ServerError> {
        let Some(strategy) = self.config.strategies.iter().find(|known| known.id == id) else {
            let known = self.config.strategies.len();
            return Ok(refusal(&format!("id: expected 1 to {known}, found {id}")));
        };
        let known: Vec<_> = self.path.node.parameters(id).copied().collect();
        let changes = match judged(&known, &strategy.name, wanted) {
            Ok(changes) => changes,
            Err(why) => return Ok(refusal(&why)),
        };
        let ts_ns = self.now();
        for change in changes {
            let input = Input {
                kind: StrategyParameterSet::KIND,
                version: StrategyParameterSet::VERSION,
                source: sources::OPERATOR,
                fixed: &change.encode(),
                tail: user.as_bytes(),
            };
            self.path.input(ts_ns, &input)?;
        }
        Ok(json!({"ok": true, "seq": Sink::last_seq(&self.path.journal)}))
    }

    /// What may be set of a strategy, and to what it is set.
    pub(super) fn parameters(&self, id: u32) -> Value {
        let current = self.path.node.parameters(id).filter(|known| known.is_current);
        let row = |known: &Parameter| {
            let StrategyParameterDeclared { kind, initial, low, high, .. } = known.declared;
            let row = json!({
                "value": shown(kind, known.value),
                "configured": shown(kind, initial),
                "low": shown(kind, low),
                "high": shown(kind, high),
            });
            (known.name().to_owned(), row)
        };
        Value::Object(current.map(row).collect::<Map<_, _>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(text: &str, kind: ParameterKind, low: u64, high: u64) -> Parameter {
        let mut name = [0; 32];
        name[..text.len()].copy_from_slice(text.as_bytes());
        let declared = StrategyParameterDeclared {
            initial: low,
            low,
            high,
            strategy_id: 7,
            kind: kind.raw(),
            reserved: [0; 3],
            name,
        };
        Parameter { declared, value: low, is_current: true }
    }

    fn known() -> Vec<Parameter> {
        let (low, high) = (0.5_f64.to_bits(), 2.5_f64.to_bits());
        vec![
            parameter("qty", ParameterKind::Integer, (-5_i64).cast_unsigned(), 1_000),
            parameter("width", ParameterKind::Float, low, high),
            parameter("leans", ParameterKind::Boolean, 0, 1),
        ]
    }

    fn asked(words: &[(&str, &str)]) -> Result<Vec<StrategyParameterSet>, String> {
        let wanted: Vec<_> =
            words.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        judged(&known(), "maker", &wanted)
    }

    #[test]
    fn what_is_written_is_read_as_it_was_declared() {
        let changes = asked(&[("qty", "1_000"), ("width", "1.25"), ("leans", "true")]);
        let changes = changes.expect("all are right");
        let values: Vec<_> = changes.iter().map(|c| (c.value, c.place, c.count)).collect();
        assert_eq!(values, [(1_000, 0, 3), (1.25_f64.to_bits(), 1, 3), (1, 2, 3)]);
        let low = asked(&[("qty", "-5")]).expect("the least");
        assert_eq!(low[0].value.cast_signed(), -5);
    }

    #[test]
    fn what_is_wrong_is_refused_with_what_was_expected() {
        let refusals = [
            (&[("qyt", "1")][..], "qyt: expected a parameter of maker (qty, width, leans)"),
            (&[("qty", "ten")], "qty: expected a whole number, -5 to 1000, found \"ten\""),
            (&[("qty", "1.5")], "qty: expected a whole number, -5 to 1000, found \"1.5\""),
            (&[("qty", "1001")], "qty: expected -5 to 1000, found \"1001\""),
            (&[("width", "0.49")], "width: expected 0.5 to 2.5, found \"0.49\""),
            (&[("width", "nan")], "width: expected 0.5 to 2.5, found \"nan\""),
            (&[("width", "inf")], "width: expected 0.5 to 2.5, found \"inf\""),
            (&[("leans", "1")], "leans: expected true or false, found \"1\""),
            (&[("qty", "1"), ("qty", "2")], "qty: expected one value, found two"),
            (&[], "values: expected 1 to 64 parameters, found 0"),
        ];
        for (words, expected) in refusals {
            assert_eq!(asked(words), Err(expected.to_owned()));
        }
        let gone: Vec<_> =
            known().into_iter().map(|p| Parameter { is_current: false, ..p }).collect();
        let refused = judged(&gone, "maker", &[("qty".to_owned(), "1".to_owned())]);
        assert!(refused.is_err_and(|why| why.starts_with("maker has declared no parameter")));
    }
}
