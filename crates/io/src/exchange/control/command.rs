// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What operators can ask for, read from JSON field by field: a wrong request is told what was
//! expected, and does nothing.

use onetape_core::events::{Operation, OperatorCommanded, Phase};
use serde_json::{Map, Value};

/// What is wanted of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// How it stands.
    Status {
        /// With a digest of the whole state, for which the engine stops as long as that takes.
        hash: bool,
    },
    /// How its cluster stands, and no more: a live view asks often.
    Continuity,
    /// An input.
    Operate(OperatorCommanded),
    /// The next day begins.
    StartDay {
        /// The day, as yyyymmdd.
        date: u32,
        /// Name of its sessions.
        session: [u8; 16],
    },
    /// The state is written down.
    Snapshot,
    /// The exchange ends.
    Stop,
}

/// Every phase and its name.
const PHASES: [(Phase, &str); 7] = [
    (Phase::Closed, "closed"),
    (Phase::PreOpen, "pre-open"),
    (Phase::OpeningAuction, "opening-auction"),
    (Phase::Continuous, "continuous"),
    (Phase::VolatilityAuction, "volatility-auction"),
    (Phase::Halted, "halted"),
    (Phase::ClosingAuction, "closing-auction"),
];

/// A phase as operators call it.
pub(crate) fn phase_name(phase: Phase) -> &'static str {
    PHASES.iter().find(|(known, _)| *known == phase).map_or("unknown", |(_, name)| name)
}

/// The phase that operators call so.
#[must_use]
pub fn phase_named(name: &str) -> Option<Phase> {
    PHASES.iter().find(|(_, known)| *known == name).map(|(phase, _)| *phase)
}

/// What an input to the whole market looks like.
const fn of_market(operation: Operation) -> OperatorCommanded {
    OperatorCommanded {
        value: 0,
        operation: operation.raw() as u16,
        reserved1: 0,
        instrument_id: 0,
        firm_id: 0,
        port_id: 0,
    }
}

/// A request's fields.
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    /// The fields of a JSON object.
    pub(crate) fn read(frame: &[u8]) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(frame)
            .map_err(|err| format!("expected a JSON object, found something else: {err}"))?;
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err("expected a JSON object".to_owned()),
        }
    }

    /// A whole number of the field's range; `None` when it is not there.
    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, String> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let wrong = || format!("{name}: expected a whole number, found {value}");
                value.as_u64().map(Some).ok_or_else(wrong)
            }
        }
    }

    /// An id from 1; 0 when it is not there.
    pub(crate) fn id(&self, name: &str) -> Result<u32, String> {
        let Some(number) = self.number(name)? else { return Ok(0) };
        match u32::try_from(number) {
            Ok(id) if id > 0 => Ok(id),
            _ => Err(format!("{name}: expected 1 to {}, found {number}", u32::MAX)),
        }
    }

    /// Yes or no; no when it is not there.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, String> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(false),
            Some(value) => value
                .as_bool()
                .ok_or_else(|| format!("{name}: expected true or false, found {value}")),
        }
    }

    pub(crate) fn text(&self, name: &str) -> Result<&str, String> {
        match self.0.get(name) {
            Some(Value::String(text)) => Ok(text),
            found => {
                let found = found.map_or("nothing".to_owned(), ToString::to_string);
                Err(format!("{name}: expected text, found {found}"))
            }
        }
    }

    /// An object of texts: its names and values, in the order of their names.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<(String, String)>, String> {
        let wrong = |found: &str| format!("{name}: expected an object of texts, found {found}");
        let Some(Value::Object(all)) = self.0.get(name) else {
            return Err(wrong("something else"));
        };
        let one = |(key, value): (&String, &Value)| match value {
            Value::String(text) => Ok((key.clone(), text.clone())),
            other => Err(wrong(&other.to_string())),
        };
        all.iter().map(one).collect()
    }

    pub(crate) fn needed(&self, name: &str) -> Result<u64, String> {
        self.number(name)?.ok_or_else(|| format!("{name}: expected a whole number, found nothing"))
    }

    /// Refuses what a request has no field for: a misspelt one must not mean "all".
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), String> {
        match self.0.keys().find(|key| *key != "do" && !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => Err(format!("{key}: expected none but {}", known.join(", "))),
        }
    }
}

impl Command {
    /// Reads a request; the error is for the operator.
    pub(crate) fn read(frame: &[u8]) -> Result<Self, String> {
        let fields = Fields::read(frame)?;
        match fields.text("do")? {
            "status" => {
                fields.only(&["hash"])?;
                Ok(Self::Status { hash: fields.flag("hash")? })
            }
            "continuity" => fields.only(&[]).map(|()| Self::Continuity),
            "snapshot" => fields.only(&[]).map(|()| Self::Snapshot),
            "stop" => fields.only(&[]).map(|()| Self::Stop),
            "start-day" => start_day(&fields),
            "halt" => phase(&fields, Some(Phase::Halted)),
            "resume" => phase(&fields, Some(Phase::VolatilityAuction)),
            "phase" => phase(&fields, None),
            "mass-cancel" => mass_cancel(&fields),
            "kill" => entry(&fields, Operation::KillFirm, Operation::KillPort),
            "allow" => entry(&fields, Operation::AllowFirm, Operation::AllowPort),
            "break-trade" => {
                fields.only(&["match"])?;
                let number = fields.needed("match")?;
                let value = i64::try_from(number).map_err(|_| "match: out of range".to_owned())?;
                Ok(Self::Operate(OperatorCommanded { value, ..of_market(Operation::BreakTrade) }))
            }
            "reference" => reference(&fields),
            "end-of-day" => {
                fields.only(&[])?;
                Ok(Self::Operate(of_market(Operation::EndDay)))
            }
            other => Err(format!(
                "do: expected status, continuity, halt, resume, phase, mass-cancel, kill, allow, break-trade, \
                 reference, end-of-day, start-day, snapshot or stop, found {other:?}"
            )),
        }
    }
}

fn phase(fields: &Fields, given: Option<Phase>) -> Result<Command, String> {
    let phase = if let Some(phase) = given {
        fields.only(&["instrument"])?;
        phase
    } else {
        fields.only(&["instrument", "phase"])?;
        let wanted = fields.text("phase")?;
        let found = PHASES.iter().find(|(_, name)| *name == wanted);
        let names = || PHASES.map(|(_, name)| name).join(", ");
        found.ok_or_else(|| format!("phase: expected one of {}, found {wanted:?}", names()))?.0
    };
    Ok(Command::Operate(OperatorCommanded {
        value: i64::from(phase.raw()),
        instrument_id: fields.id("instrument")?,
        ..of_market(Operation::SetPhase)
    }))
}

fn mass_cancel(fields: &Fields) -> Result<Command, String> {
    fields.only(&["firm", "port", "instrument"])?;
    let (firm_id, port_id) = (fields.id("firm")?, fields.id("port")?);
    let instrument_id = fields.id("instrument")?;
    let operation = match (firm_id, port_id, instrument_id) {
        (0, 0, 0) => return Err("expected a firm, a port or an instrument".to_owned()),
        (_, 0, 0) => Operation::CancelFirm,
        (0, _, 0) => Operation::CancelPort,
        (0, 0, _) => Operation::CancelInstrument,
        _ => return Err("expected one of firm, port and instrument, found more".to_owned()),
    };
    let command = of_market(operation);
    Ok(Command::Operate(OperatorCommanded { firm_id, port_id, instrument_id, ..command }))
}

fn entry(fields: &Fields, firm: Operation, port: Operation) -> Result<Command, String> {
    fields.only(&["firm", "port"])?;
    let (firm_id, port_id) = (fields.id("firm")?, fields.id("port")?);
    let operation = match (firm_id, port_id) {
        (0, 0) => return Err("expected a firm or a port".to_owned()),
        (_, 0) => firm,
        (0, _) => port,
        _ => return Err("expected a firm or a port, found both".to_owned()),
    };
    Ok(Command::Operate(OperatorCommanded { firm_id, port_id, ..of_market(operation) }))
}

fn reference(fields: &Fields) -> Result<Command, String> {
    fields.only(&["instrument", "price_ticks"])?;
    let instrument_id = fields.id("instrument")?;
    if instrument_id == 0 {
        return Err("instrument: expected an id, found nothing".to_owned());
    }
    let ticks = fields.needed("price_ticks")?;
    let value = i64::try_from(ticks).map_err(|_| "price_ticks: out of range".to_owned())?;
    let command = of_market(Operation::SetReference);
    Ok(Command::Operate(OperatorCommanded { value, instrument_id, ..command }))
}

fn start_day(fields: &Fields) -> Result<Command, String> {
    fields.only(&["date", "session"])?;
    let date = fields.needed("date")?;
    let date = u32::try_from(date).map_err(|_| format!("date: expected yyyymmdd, found {date}"))?;
    let name = fields.text("session")?;
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if name.is_empty() || name.len() > 10 || !is_plain {
        return Err(format!("session: expected 1 to 10 letters and digits, found {name:?}"));
    }
    let mut session = [0; 16];
    session[..name.len()].copy_from_slice(name.as_bytes());
    Ok(Command::StartDay { date, session })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operate(text: &str) -> OperatorCommanded {
        match Command::read(text.as_bytes()) {
            Ok(Command::Operate(command)) => command,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn each_request_becomes_its_operation() {
        let halt = operate(r#"{"do": "halt", "instrument": 7}"#);
        assert_eq!((halt.operation, halt.value, halt.instrument_id), (1, 5, 7));
        let phase = operate(r#"{"do": "phase", "phase": "pre-open"}"#);
        assert_eq!((phase.operation, phase.value, phase.instrument_id), (1, 1, 0));
        assert_eq!(operate(r#"{"do": "mass-cancel", "firm": 2}"#).operation, 2);
        assert_eq!(operate(r#"{"do": "mass-cancel", "port": 2}"#).port_id, 2);
        assert_eq!(operate(r#"{"do": "mass-cancel", "instrument": 9}"#).operation, 4);
        assert_eq!(operate(r#"{"do": "kill", "firm": 3}"#).operation, 5);
        assert_eq!(operate(r#"{"do": "kill", "port": 3}"#).operation, 7);
        assert_eq!(operate(r#"{"do": "allow", "firm": 3}"#).operation, 6);
        assert_eq!(operate(r#"{"do": "break-trade", "match": 12}"#).value, 12);
        assert_eq!(operate(r#"{"do": "end-of-day"}"#).operation, 10);
        let hashed = br#"{"do": "status", "hash": true}"#;
        assert_eq!(Command::read(hashed), Ok(Command::Status { hash: true }));
        let plain = Command::read(br#"{"do": "status"}"#);
        assert_eq!(plain, Ok(Command::Status { hash: false }));
    }

    #[test]
    fn a_wrong_request_does_nothing_and_says_why() {
        for (text, why) in [
            ("", "JSON"),
            ("[1]", "JSON object"),
            ("{}", "do: expected text"),
            (r#"{"do": "explode"}"#, "found \"explode\""),
            (r#"{"do": "kill"}"#, "a firm or a port"),
            (r#"{"do": "kill", "firm": 1, "port": 2}"#, "found both"),
            (r#"{"do": "mass-cancel"}"#, "a firm, a port or an instrument"),
            (r#"{"do": "halt", "instrumnet": 7}"#, "instrumnet"),
            (r#"{"do": "halt", "instrument": -1}"#, "whole number"),
            (r#"{"do": "halt", "instrument": 0}"#, "expected 1 to"),
            (r#"{"do": "phase", "phase": "open"}"#, "pre-open"),
            (r#"{"do": "break-trade"}"#, "match"),
            (r#"{"do": "status", "hash": 1}"#, "hash: expected true or false"),
            (r#"{"do": "continuity", "hash": true}"#, "expected none"),
            (r#"{"do": "start-day", "date": 20260101, "session": "far too long"}"#, "1 to 10"),
        ] {
            let error = Command::read(text.as_bytes()).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
