// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How a node comes to life: its newest snapshot is taken up, the journal's inputs behind it are applied
//! again, and each output is compared with the one that stands there. What a crash kept from being
//! written is written then.

use onetape_core::component::Component;
use onetape_core::component::{Entry, Outbox, sources};
use onetape_core::events::{
    ConfigLoaded, NodeConfigured, SCHEMA_VERSION, VenueLink, VenueLinkChanged, VenueMessageReceived,
};
use onetape_core::journal::Sink;
use onetape_core::live::Node;
use onetape_core::types::TsNs;
use onetape_core::wire::soup::Session;

use super::config::LiveConfig;
use super::engine::{Input, Path};
use super::snapshots;
use crate::exchange::engine::journal_error;
use crate::exchange::{Definition, ServerError};
use crate::journal_file::{JournalReader, JournalWriter};

/// How far a venue's session was heard.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard {
    pub(super) session: Session,
    pub(super) next_message: u64,
}

impl Heard {
    /// Nothing was.
    pub(super) fn fresh() -> Self {
        Self { session: Session::default(), next_message: 1 }
    }
}

/// What a journal says beside the node's own state.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The configuration in force, as text; empty in a new journal.
    pub(super) configuration: Vec<u8>,
    /// By venue.
    pub(super) heard: Vec<Heard>,
}

/// A node that came to life.
pub(super) struct Recovered {
    pub(super) journal: JournalWriter,
    pub(super) node: Node,
    pub(super) told: Told,
    /// Last entry of the snapshot that it began with; 0 for the whole journal.
    pub(super) snapshot_seq: u64,
    /// What a person should know.
    pub(super) notices: Vec<String>,
}

/// Outputs that the last input led to, to be compared with those that follow it in the journal.
#[derive(Debug, Default)]
struct Expected {
    outputs: Vec<(u16, u8, Vec<u8>)>,
    at: usize,
}

impl Outbox for Expected {
    fn emit(&mut self, kind: u16, version: u8, body: &[u8]) {
        self.outputs.push((kind, version, body.to_vec()));
    }
}

impl Expected {
    /// Whether this is the next output.
    fn takes(&mut self, entry: &Entry<'_>) -> bool {
        let found = self.outputs.get(self.at);
        self.at += 1;
        found.is_some_and(|(kind, version, body)| {
            (*kind, *version, &body[..]) == (entry.kind, entry.version, entry.body)
        })
    }
}

/// Opens the journal, and brings the node to where it stands there.
pub(super) fn open(config: &LiveConfig) -> Result<Recovered, ServerError> {
    let mut journal = JournalWriter::open(&config.journal, &config.journal_options)
        .map_err(ServerError::Journal)?;
    let last_seq = Sink::last_seq(&journal);
    let mut notices = Vec::new();
    let found = snapshots::newest(&config.journal, last_seq, config.node, &mut notices);
    let (snapshot_seq, mut node, mut told) =
        found.unwrap_or_else(|| (0, Node::new(config.node), Told::default()));
    told.heard.resize(config.venues.len(), Heard::fresh());
    if last_seq == 0 {
        return Ok(Recovered { journal, node, told, snapshot_seq, notices });
    }
    let mut reader = JournalReader::open(&config.journal).map_err(ServerError::Journal)?;
    reader.seek_seq(snapshot_seq + 1).map_err(ServerError::Journal)?;
    let mut expected = Expected::default();
    while let Some(entry) = reader.next_entry().map_err(ServerError::Journal)? {
        if entry.source == sources::ENGINE {
            if !expected.takes(&entry) {
                return Err(ServerError::ReplayDiffers { seq: entry.seq });
            }
            continue;
        }
        if expected.at < expected.outputs.len() {
            return Err(ServerError::ReplayDiffers { seq: entry.seq });
        }
        (expected.at, expected.outputs) = (0, Vec::new());
        told.follow(&entry);
        node.apply(entry, &mut expected);
        node.take_outgoing(|_, _| {});
        node.take_drops(|_| {});
    }
    let ts_ns = Sink::last_ts_ns(&journal);
    for (kind, version, body) in &expected.outputs[expected.at.min(expected.outputs.len())..] {
        let done = Sink::append(&mut journal, ts_ns, *kind, *version, sources::ENGINE, body, &[]);
        if let Err(error) = done {
            return Err(journal_error(&journal, error));
        }
    }
    Ok(Recovered { journal, node, told, snapshot_seq, notices })
}

impl Told {
    /// Keeps what an input says beside the node's own state.
    fn follow(&mut self, entry: &Entry<'_>) {
        match entry.kind {
            ConfigLoaded::KIND => {
                self.configuration.clear();
                let text = entry.body.get(ConfigLoaded::SIZE..).unwrap_or(&[]);
                self.configuration.extend_from_slice(text);
            }
            VenueLinkChanged::KIND => {
                let fixed = entry.body.get(..VenueLinkChanged::SIZE);
                let Some(event) = fixed.and_then(VenueLinkChanged::decode) else { return };
                let is_up = event.link == VenueLink::Orders.raw() && event.is_up != 0;
                let place = self.heard.get_mut((event.venue_id as usize).wrapping_sub(1));
                if let Some(place) = place.filter(|_| is_up) {
                    let length = place.session.len();
                    place.session.copy_from_slice(&event.session[..length]);
                    place.next_message = event.next_message;
                }
            }
            VenueMessageReceived::KIND => {
                let fixed = entry.body.get(..VenueMessageReceived::SIZE);
                let Some(event) = fixed.and_then(VenueMessageReceived::decode) else { return };
                if entry.source > sources::DROP_COPY {
                    return; // A drop copy counts its messages itself.
                }
                let place = self.heard.get_mut((event.venue_id as usize).wrapping_sub(1));
                if let Some(place) = place {
                    place.next_message += 1;
                }
            }
            _ => {}
        }
    }
}

/// A configuration comes into force: its text, what the node goes by, and what it defines.
pub(super) fn define(
    path: &mut Path,
    config: &LiveConfig,
    definitions: &[Definition],
    ts_ns: TsNs,
) -> Result<(), ServerError> {
    let header = ConfigLoaded { schema_version: SCHEMA_VERSION, reserved: 0 };
    let source = sources::CONFIG;
    let input = Input {
        kind: ConfigLoaded::KIND,
        version: ConfigLoaded::VERSION,
        source,
        fixed: &header.encode(),
        tail: config.config_json.as_bytes(),
    };
    path.input(ts_ns, &input)?;
    let configured = NodeConfigured { midnight_ts_ns: config.node.midnight_ns };
    let input = Input {
        kind: NodeConfigured::KIND,
        version: NodeConfigured::VERSION,
        source,
        fixed: &configured.encode(),
        tail: &config.node.rules.encode(),
    };
    path.input(ts_ns, &input)?;
    for definition in definitions {
        let (kind, version) = (definition.kind, definition.version);
        let fixed = definition.body.len().min(Node::fixed_bytes(kind));
        let (fixed, tail) = definition.body.split_at(fixed);
        path.input(ts_ns, &Input { kind, version, source, fixed, tail })?;
    }
    Ok(())
}
