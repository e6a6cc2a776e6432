// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A packet capture as a market source: one `PacketReceived` for each UDP packet that holds ITCH 5.0
//! messages in `MoldUDP64`; all else in the capture is counted and left out.
//!
//! A destination counts as a feed of ITCH once a packet to it is ITCH beyond doubt: it has messages,
//! and each is of a known type with exactly its length. From then on all `MoldUDP64` to it is given
//! as it came, unknown messages included. Sessions are numbered as feeds, from 0.

use std::io;
use std::net::IpAddr;

use etherparse::{EtherType, LaxNetSlice, LaxSlicedPacket, TransportSlice};
use onetape_core::events::{PacketFormat, PacketReceived};
use onetape_core::sim::source::{MarketSource, Progress, SourceError, SourceItem, packet_header};
use onetape_core::types::TsNs;
use onetape_core::wire::itch::Message;
use onetape_core::wire::mold::{Header, Packet, Session};

use crate::pcap::{Frame, FrameReader};
use crate::stream::ByteStream;

const HOUR_NS: i64 = 3600 * 1_000_000_000;
/// Latest time of day a message may have: the day of a late session, and an hour.
const TIME_NS_MAX: u64 = 25 * 3600 * 1_000_000_000;
/// Most destinations and sessions told apart; what comes after is counted as foreign.
const FEEDS_MAX: usize = 1024;

/// What a capture held, by packet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaptureCounts {
    /// Frames of any kind.
    pub frames: u64,
    /// Given: ITCH in `MoldUDP64`, its heartbeats and ends of session.
    pub packets: u64,
    /// UDP of something else.
    pub foreign: u64,
    /// Neither UDP nor a fragment: TCP, ARP and the like, or a link type that is not known.
    pub not_udp: u64,
    /// Fragments of IP packets; they are not put together.
    pub fragments: u64,
    /// Captured before the packet that stood before them; given at that one's time.
    pub backwards: u64,
}

/// Why a capture cannot be opened as a source.
#[derive(Debug)]
#[non_exhaustive]
pub enum CaptureError {
    /// The file cannot be opened.
    Open(io::Error),
    /// It is no capture, or breaks before any ITCH was found.
    Read(SourceError),
    /// It was read to its end and holds no ITCH 5.0 in `MoldUDP64`.
    NoItch(CaptureCounts),
}

/// A destination address and port.
type Destination = (IpAddr, u16);

/// Where a UDP payload lies in its frame, and where it was sent.
struct Datagram {
    destination: Destination,
    start: usize,
    end: usize,
}

/// What a frame turned out to be.
enum Content {
    Datagram(Datagram),
    Fragment,
    Other,
}

/// A capture of ITCH 5.0 in `MoldUDP64`.
pub struct CaptureSource {
    frames: FrameReader,
    midnight_ns: TsNs,
    destinations: Vec<Destination>,
    sessions: Vec<Session>,
    ts_ns: TsNs,
    header: [u8; PacketReceived::SIZE],
    counts: CaptureCounts,
}

impl CaptureSource {
    /// Opens the capture that `stream` gives from its start each time it is called.
    ///
    /// It is read twice as far as its first ITCH message: once to find it. Without a `midnight_ns`
    /// that is the whole hour that brings the message's time of day closest to its capture time.
    ///
    /// # Errors
    /// [`CaptureError`], above all when there is no ITCH in it.
    pub fn open(
        stream: impl Fn() -> io::Result<ByteStream>,
        midnight_ns: Option<TsNs>,
    ) -> Result<Self, CaptureError> {
        let open = || {
            let frames = FrameReader::open(stream().map_err(CaptureError::Open)?);
            Ok(Self::new(frames.map_err(CaptureError::Read)?))
        };
        let mut probe = open()?;
        let found_ns = probe.find_midnight().map_err(CaptureError::Read)?;
        let found_ns = found_ns.ok_or(CaptureError::NoItch(probe.counts))?;
        let mut source = open()?;
        // Heartbeats that stand before the first message are of a feed that is known by now.
        source.destinations = probe.destinations;
        source.midnight_ns = midnight_ns.unwrap_or(found_ns);
        Ok(source)
    }

    fn new(frames: FrameReader) -> Self {
        Self {
            frames,
            midnight_ns: 0,
            destinations: Vec::new(),
            sessions: Vec::new(),
            ts_ns: TsNs::MIN,
            header: [0; PacketReceived::SIZE],
            counts: CaptureCounts::default(),
        }
    }

    /// Reads up to the first ITCH message and gives the midnight its time counts from.
    fn find_midnight(&mut self) -> Result<Option<TsNs>, SourceError> {
        while let Some((frame, datagram)) = self.next_datagram()? {
            let payload = &self.frames.at(frame.span)[datagram.start..datagram.end];
            if let Some(time_ns) = first_message_time(payload) {
                let apart_ns = frame.ts_ns.saturating_sub(time_ns.cast_signed());
                let hours = apart_ns.saturating_add(HOUR_NS / 2).div_euclid(HOUR_NS);
                return Ok(Some(hours * HOUR_NS));
            }
        }
        Ok(None)
    }

    /// The next UDP packet that belongs to a feed of ITCH.
    fn next_datagram(&mut self) -> Result<Option<(Frame, Datagram)>, SourceError> {
        while let Some(frame) = self.frames.next()? {
            self.counts.frames += 1;
            let bytes = self.frames.at(frame.span.clone());
            match content(frame.link_type, bytes) {
                Content::Datagram(datagram) => {
                    let payload = &bytes[datagram.start..datagram.end];
                    if is_of_feed(&mut self.destinations, datagram.destination, payload) {
                        self.counts.packets += 1;
                        return Ok(Some((frame, datagram)));
                    }
                    self.counts.foreign += 1;
                }
                Content::Fragment => self.counts.fragments += 1,
                Content::Other => self.counts.not_udp += 1,
            }
        }
        Ok(None)
    }

    /// The number of a session: as they first came.
    fn feed_id(&mut self, session: Session) -> u16 {
        if let Some(index) = self.sessions.iter().position(|&known| known == session) {
            return index as u16;
        }
        if self.sessions.len() < FEEDS_MAX {
            self.sessions.push(session);
        }
        (self.sessions.len() - 1) as u16
    }
}

impl MarketSource for CaptureSource {
    fn next(&mut self) -> Result<Option<SourceItem<'_>>, SourceError> {
        let Some((frame, datagram)) = self.next_datagram()? else { return Ok(None) };
        let span = frame.span.start + datagram.start..frame.span.start + datagram.end;
        if frame.ts_ns >= self.ts_ns {
            self.ts_ns = frame.ts_ns;
        } else {
            self.counts.backwards += 1;
        }
        let header = Header::decode(self.frames.at(span.clone()));
        let feed_id = header.map_or(0, |header| self.feed_id(header.session));
        self.header = packet_header(feed_id, PacketFormat::Moldudp64Itch50);
        Ok(Some(SourceItem {
            ts_ns: self.ts_ns,
            kind: PacketReceived::KIND,
            version: PacketReceived::VERSION,
            fixed: &self.header,
            tail: self.frames.at(span),
        }))
    }

    fn progress(&self) -> Progress {
        self.frames.progress()
    }

    fn midnight_ns(&self) -> Option<TsNs> {
        Some(self.midnight_ns)
    }

    fn counts(&self) -> Vec<(&'static str, u64)> {
        let counts = &self.counts;
        vec![
            ("packets_foreign", counts.foreign),
            ("packets_not_udp", counts.not_udp),
            ("packets_fragments", counts.fragments),
            ("time_backwards", counts.backwards),
        ]
    }
}

/// Whether a payload belongs to a feed of ITCH; its destination is remembered when it proves it.
fn is_of_feed(
    destinations: &mut Vec<Destination>,
    destination: Destination,
    payload: &[u8],
) -> bool {
    if destinations.contains(&destination) {
        return Header::decode(payload).is_ok();
    }
    let proved = first_message_time(payload).is_some() && destinations.len() < FEEDS_MAX;
    if proved {
        destinations.push(destination);
    }
    proved
}

/// The time of the first message of a packet that is ITCH beyond doubt: every message of a known
/// type, of its length, at a time of day, and nothing after the last.
fn first_message_time(payload: &[u8]) -> Option<u64> {
    let mut first_ns = None;
    for message in Packet::decode(payload).ok()?.messages() {
        let (_, bytes) = message.ok()?;
        if matches!(Message::decode(bytes), Err(_) | Ok(Message::Unknown(_))) {
            return None;
        }
        // The 48 bits that end where the eight bytes from the tracking number on do.
        let eight: &[u8; 8] = bytes.get(3..)?.first_chunk()?;
        let time_ns = u64::from_be_bytes(*eight) & ((1 << 48) - 1);
        if time_ns >= TIME_NS_MAX {
            return None;
        }
        first_ns.get_or_insert(time_ns);
    }
    first_ns
}

/// Finds the UDP payload of a frame.
fn content(link_type: u16, bytes: &[u8]) -> Content {
    let ether_type = |at: usize, payload: usize| {
        let kind: &[u8; 2] = bytes.get(at..)?.first_chunk()?;
        let kind = EtherType(u16::from_be_bytes(*kind));
        Some(LaxSlicedPacket::from_ether_type(kind, bytes.get(payload..)?))
    };
    let ip = |at: usize| LaxSlicedPacket::from_ip(bytes.get(at..)?).ok();
    // Source: the tcpdump group's list of link-layer types.
    let packet = match link_type {
        1 => LaxSlicedPacket::from_ethernet(bytes).ok(),
        12 | 14 | 101 | 228 | 229 => ip(0),
        0 | 108 => ip(4),
        113 => ether_type(14, 16),
        276 => ether_type(0, 20),
        _ => None,
    };
    let Some(packet) = packet else { return Content::Other };
    let address = match &packet.net {
        Some(LaxNetSlice::Ipv4(ip)) => IpAddr::V4(ip.header().destination_addr()),
        Some(LaxNetSlice::Ipv6(ip)) => IpAddr::V6(ip.header().destination_addr()),
        _ => return Content::Other,
    };
    if packet.net.as_ref().and_then(|net| net.ip_payload_ref()).is_some_and(|ip| ip.fragmented) {
        return Content::Fragment;
    }
    let Some(TransportSlice::Udp(udp)) = &packet.transport else { return Content::Other };
    let destination = (address, udp.destination_port());
    match place_of(udp.payload(), bytes) {
        Some((start, end)) => Content::Datagram(Datagram { destination, start, end }),
        None => Content::Other,
    }
}

/// Where `part` lies in `whole`, by their addresses.
fn place_of(part: &[u8], whole: &[u8]) -> Option<(usize, usize)> {
    let start = part.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
    let end = start.checked_add(part.len())?;
    (end <= whole.len()).then_some((start, end))
}

#[cfg(test)]
mod tests;
