// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Packets off the wire: their messages, told apart from those that came before, to the market.

use super::{Core, STREAMS_MAX};
use crate::component::Outbox;
use crate::events::{InstrumentDefined, MarketUpdated};
use crate::feed::{Decoded, ItchFeed, MarketSink};
use crate::types::TickTable;
use crate::wire::mold::{self, Arrival, SequenceTracker};

/// One ITCH message: counted, decoded, applied.
#[inline]
pub(super) fn decode(feed: &mut ItchFeed, message: &[u8], sink: &mut Sink<'_>) {
    sink.core.counters.messages += 1;
    match feed.decode(message, sink) {
        Ok(Decoded::Update | Decoded::Nothing) => {}
        Ok(Decoded::Unknown) => sink.core.counters.messages_unknown += 1,
        Err(_) => sink.core.counters.messages_malformed += 1,
    }
}

/// One `MoldUDP64` packet: those of its messages that are new.
pub(super) fn mold_packet(
    feed: &mut ItchFeed,
    streams: &mut Vec<SequenceTracker>,
    bytes: &[u8],
    sink: &mut Sink<'_>,
) {
    let Ok(packet) = mold::Packet::decode(bytes) else {
        sink.core.counters.messages_malformed += 1;
        return;
    };
    let skip = match stream_of(streams, &packet.header) {
        Some(stream) => sink.core.arrival(stream, &packet.header),
        None => Some(0),
    };
    let Some(skip) = skip else { return };
    for message in packet.messages().skip(usize::from(skip)) {
        match message {
            Ok((_, message)) => decode(feed, message, sink),
            Err(_) => sink.core.counters.messages_malformed += 1,
        }
    }
}

/// The tracker of a packet's session; `None` when there are too many sessions to keep.
fn stream_of<'a>(
    streams: &'a mut Vec<SequenceTracker>,
    header: &mold::Header,
) -> Option<&'a mut SequenceTracker> {
    let at = streams.iter().position(|stream| stream.session() == Some(header.session));
    let at = at.unwrap_or(streams.len());
    if at == STREAMS_MAX {
        return None;
    }
    if at == streams.len() {
        streams.push(SequenceTracker::joining());
    }
    Some(&mut streams[at])
}

/// Where the feed puts what it decodes.
pub(super) struct Sink<'a> {
    pub(super) core: &'a mut Core,
    pub(super) out: &'a mut dyn Outbox,
    pub(super) cause: u64,
}

impl MarketSink for Sink<'_> {
    fn define(&mut self, definition: &InstrumentDefined) {
        self.core.define(definition, TickTable::us_equity_price4());
        self.out.emit(InstrumentDefined::KIND, InstrumentDefined::VERSION, &definition.encode());
    }

    #[inline]
    fn update(&mut self, update: &MarketUpdated) {
        self.core.update(update, self.cause, self.out);
    }
}

impl Core {
    /// What a packet's number says: how many of its messages came before, or `None` for all.
    pub(super) fn arrival(
        &mut self,
        stream: &mut SequenceTracker,
        header: &mold::Header,
    ) -> Option<u16> {
        let mut arrival = stream.observe(header);
        if let Arrival::Gap { missing, .. } = arrival {
            // A capture cannot ask again: the loss is counted and the stream goes on.
            self.counters.gaps = self.counters.gaps.saturating_add(missing);
            stream.accept_gap(header.sequence);
            arrival = stream.observe(header);
        }
        match arrival {
            Arrival::Deliver { skip, .. } => {
                self.counters.packets_duplicate += u64::from(skip);
                Some(skip)
            }
            Arrival::Nothing { duplicates } => {
                self.counters.packets_duplicate += u64::from(duplicates);
                None
            }
            Arrival::Gap { .. } | Arrival::OtherSession | Arrival::Ended => None,
        }
    }
}
