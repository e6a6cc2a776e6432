// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the shell itself keeps of the journal: which day it is, who is logged in, where the phases
//! stand. A function of the entries, so that a restart and a standby know it too.

use std::collections::{BTreeMap, BTreeSet};

use onetape_core::component::{Entry, Snapshot, SnapshotError};
use onetape_core::events::{
    ClockTicked, ConfigLoaded, DayStarted, EntryBlocked, FirmDefined, InstrumentDefined,
    InstrumentRuled, Operation, OperatorCommanded, PhaseChanged, PortDefined, SessionClosed,
    SessionOpened, TickRungDefined,
};
use onetape_core::snapshot::{read_array, read_i64, read_u8, read_u32, read_u64};
use onetape_core::snapshot::{write_i64, write_u8, write_u32, write_u64};

use super::config::{Day, Definition};

/// Kinds are counted up to here.
const KINDS: usize = 64;
/// Most that a snapshot may say of anything.
const COUNT_MAX: u32 = 1 << 20;

/// The shell's own state.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// The day, once one has begun.
    pub day: Option<Day>,
    /// Whether it has ended.
    pub ended: bool,
    /// Number of the last tick of the clock.
    pub ticks: u64,
    /// Whether the market takes no new orders.
    pub cancel_only: bool,
    /// Ports whose session is open.
    pub open: BTreeSet<u32>,
    /// Phase of each instrument that was in one.
    pub phases: BTreeMap<u32, u8>,
    /// Whose entry is blocked: scope and id.
    pub blocked: BTreeSet<(u8, u32)>,
    /// Entries of each kind.
    counts: [u64; KINDS],
    /// Digest of the definitions in force.
    definitions: [u8; 32],
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            day: None,
            ended: false,
            ticks: 0,
            cancel_only: false,
            open: BTreeSet::new(),
            phases: BTreeMap::new(),
            blocked: BTreeSet::new(),
            counts: [0; KINDS],
            definitions: [0; 32],
        }
    }
}

/// The digest of definitions after one more. `ConfigLoaded` begins anew.
fn digest(before: &[u8; 32], kind: u16, version: u8, body: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    if kind != ConfigLoaded::KIND {
        hasher.update(before);
    }
    hasher.update(&kind.to_le_bytes()).update(&[version]).update(body);
    *hasher.finalize().as_bytes()
}

impl Ledger {
    /// How many entries of a kind there were.
    #[must_use]
    pub fn count(&self, kind: u16) -> u64 {
        self.counts.get(usize::from(kind)).copied().unwrap_or(0)
    }

    /// Whether these definitions are the ones in force.
    #[must_use]
    pub fn has_defined(&self, definitions: &[Definition]) -> bool {
        let one = |before: [u8; 32], definition: &Definition| {
            digest(&before, definition.kind, definition.version, &definition.body)
        };
        definitions.iter().fold([0; 32], one) == self.definitions
    }

    /// Takes an input in. Of a new day it says so: then the streams begin again.
    pub(crate) fn note_input(&mut self, entry: &Entry<'_>) -> Option<Day> {
        self.note_kind(entry.kind);
        match entry.kind {
            ConfigLoaded::KIND
            | FirmDefined::KIND
            | PortDefined::KIND
            | InstrumentDefined::KIND
            | TickRungDefined::KIND
            | InstrumentRuled::KIND => {
                self.definitions = digest(&self.definitions, entry.kind, entry.version, entry.body);
            }
            ClockTicked::KIND => self.ticks = ClockTicked::decode(entry.body)?.tick,
            SessionOpened::KIND => {
                self.open.insert(SessionOpened::decode(entry.body)?.port_id);
            }
            SessionClosed::KIND => {
                self.open.remove(&SessionClosed::decode(entry.body)?.port_id);
            }
            OperatorCommanded::KIND => {
                let command = OperatorCommanded::decode(entry.body)?;
                if command.operation == u16::from(Operation::EndDay.raw()) {
                    self.ended = true;
                } else if command.operation == u16::from(Operation::CancelOnly.raw()) {
                    self.cancel_only = command.value != 0;
                }
            }
            DayStarted::KIND => {
                let DayStarted { midnight_ts_ns, date, session, .. } =
                    DayStarted::decode(entry.body)?;
                self.day = Some(Day { date, midnight_ts_ns, session });
                self.ended = false;
                return self.day;
            }
            _ => {}
        }
        None
    }

    /// Takes an output in.
    #[inline]
    pub(crate) fn note_output(&mut self, kind: u16, body: &[u8]) {
        self.note_kind(kind);
        if kind == PhaseChanged::KIND
            && let Some(changed) = PhaseChanged::decode(body)
        {
            self.phases.insert(changed.instrument_id, changed.phase);
        } else if kind == EntryBlocked::KIND
            && let Some(EntryBlocked { id, scope, blocked, .. }) = EntryBlocked::decode(body)
        {
            if blocked == 0 {
                self.blocked.remove(&(scope, id));
            } else {
                self.blocked.insert((scope, id));
            }
        }
    }

    #[inline]
    fn note_kind(&mut self, kind: u16) {
        if let Some(count) = self.counts.get_mut(usize::from(kind)) {
            *count += 1;
        }
    }
}

fn read_count(bytes: &mut &[u8]) -> Result<u32, SnapshotError> {
    match read_u32(bytes)? {
        count if count <= COUNT_MAX => Ok(count),
        _ => Err(SnapshotError::Invalid { what: "a count of the shell's is out of range" }),
    }
}

impl Snapshot for Ledger {
    fn save(&self, out: &mut Vec<u8>) {
        let none = Day { date: 0, midnight_ts_ns: 0, session: [0; 16] };
        let day = self.day.unwrap_or(none);
        write_u8(out, u8::from(self.day.is_some()));
        write_u32(out, day.date);
        write_i64(out, day.midnight_ts_ns);
        out.extend_from_slice(&day.session);
        write_u8(out, u8::from(self.ended));
        write_u8(out, u8::from(self.cancel_only));
        write_u64(out, self.ticks);
        out.extend_from_slice(&self.definitions);
        self.counts.iter().for_each(|&count| write_u64(out, count));
        write_u32(out, self.open.len() as u32);
        self.open.iter().for_each(|&port| write_u32(out, port));
        write_u32(out, self.phases.len() as u32);
        for (&instrument, &phase) in &self.phases {
            write_u32(out, instrument);
            write_u8(out, phase);
        }
        write_u32(out, self.blocked.len() as u32);
        for &(scope, id) in &self.blocked {
            write_u8(out, scope);
            write_u32(out, id);
        }
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let has_day = read_u8(bytes)? != 0;
        let (date, midnight_ts_ns) = (read_u32(bytes)?, read_i64(bytes)?);
        let day = Day { date, midnight_ts_ns, session: read_array(bytes)? };
        let mut read =
            Self { day: has_day.then_some(day), ended: read_u8(bytes)? != 0, ..Self::default() };
        read.cancel_only = read_u8(bytes)? != 0;
        read.ticks = read_u64(bytes)?;
        read.definitions = read_array(bytes)?;
        for count in &mut read.counts {
            *count = read_u64(bytes)?;
        }
        for _ in 0..read_count(bytes)? {
            read.open.insert(read_u32(bytes)?);
        }
        for _ in 0..read_count(bytes)? {
            let instrument = read_u32(bytes)?;
            read.phases.insert(instrument, read_u8(bytes)?);
        }
        for _ in 0..read_count(bytes)? {
            let scope = read_u8(bytes)?;
            read.blocked.insert((scope, read_u32(bytes)?));
        }
        *self = read;
        Ok(())
    }
}
