// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How a node comes to life: its journal's inputs are applied again, and each output is compared with
//! the one that stands there. What a crash kept from being written is written then.

use onetape_core::component::Component;
use onetape_core::component::{Entry, Outbox, sources};
use onetape_core::events::{
    ConfigLoaded, SCHEMA_VERSION, VenueLink, VenueLinkChanged, VenueMessageReceived,
};
use onetape_core::journal::Sink;
use onetape_core::live::Node;
use onetape_core::types::TsNs;
use onetape_core::wire::soup::Session;

use super::config::LiveConfig;
use super::engine::{Input, Path};
use crate::exchange::ServerError;
use crate::exchange::engine::journal_error;
use crate::journal_file::{JournalReader, JournalWriter};

/// How far a venue's session was heard.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard {
    pub(super) session: Session,
    pub(super) next_message: u64,
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
pub(super) fn open(config: &LiveConfig) -> Result<(JournalWriter, Node, Vec<Heard>), ServerError> {
    let fresh = Heard { session: Session::default(), next_message: 1 };
    let mut heard = vec![fresh; config.venues.len()];
    let mut journal = JournalWriter::open(&config.journal, &config.journal_options)
        .map_err(ServerError::Journal)?;
    let mut node = Node::new(config.node);
    if Sink::last_seq(&journal) == 0 {
        return Ok((journal, node, heard));
    }
    let mut reader = JournalReader::open(&config.journal).map_err(ServerError::Journal)?;
    let mut expected = Expected::default();
    while let Some(entry) = reader.next_entry().map_err(ServerError::Journal)? {
        if entry.kind == ConfigLoaded::KIND {
            check_config(&entry, config)?;
        }
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
        follow(&entry, &mut heard);
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
    Ok((journal, node, heard))
}

/// A journal goes on only with the configuration that it began with.
fn check_config(entry: &Entry<'_>, config: &LiveConfig) -> Result<(), ServerError> {
    let text = entry.body.get(ConfigLoaded::SIZE..).unwrap_or(&[]);
    if text == config.config_json.as_bytes() {
        return Ok(());
    }
    Err(ServerError::Config {
        what: format!(
            "{}: expected the journal of this configuration, found one that began with another",
            config.journal.display()
        ),
    })
}

/// Keeps how far each venue was heard.
fn follow(entry: &Entry<'_>, heard: &mut [Heard]) {
    match entry.kind {
        VenueLinkChanged::KIND => {
            let fixed = entry.body.get(..VenueLinkChanged::SIZE);
            let Some(event) = fixed.and_then(VenueLinkChanged::decode) else { return };
            let is_up = event.link == VenueLink::Orders.raw() && event.is_up != 0;
            let place = heard.get_mut((event.venue_id as usize).wrapping_sub(1));
            if let Some(place) = place.filter(|_| is_up) {
                let length = place.session.len();
                place.session.copy_from_slice(&event.session[..length]);
                place.next_message = event.next_message;
            }
        }
        VenueMessageReceived::KIND => {
            let fixed = entry.body.get(..VenueMessageReceived::SIZE);
            let Some(event) = fixed.and_then(VenueMessageReceived::decode) else { return };
            if let Some(place) = heard.get_mut((event.venue_id as usize).wrapping_sub(1)) {
                place.next_message += 1;
            }
        }
        _ => {}
    }
}

/// The first entries of a journal: the configuration and what it defines.
pub(super) fn define(path: &mut Path, config: &LiveConfig, ts_ns: TsNs) -> Result<(), ServerError> {
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
    for definition in &config.definitions {
        let (kind, version) = (definition.kind, definition.version);
        let fixed = definition.body.len().min(Node::fixed_bytes(kind));
        let (fixed, tail) = definition.body.split_at(fixed);
        path.input(ts_ns, &Input { kind, version, source, fixed, tail })?;
    }
    Ok(())
}
