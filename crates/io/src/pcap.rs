// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Capture files, pcap and pcapng, taken apart into captured frames. What is in a frame is not
//! looked at here. Sources: the drafts draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng.
//!
//! ```text
//! pcap:   header 24 bytes: magic, versions, zone, accuracy, snap length, link type
//!         records: seconds, fraction, captured length, original length (4 x u32), bytes
//! pcapng: blocks: type u32, length u32, body, padding, length u32
//! ```

use std::ops::Range;

use onetape_core::sim::source::{Progress, SourceError};
use onetape_core::types::TsNs;

use crate::blocks::Blocks;
use crate::stream::ByteStream;

/// A frame longer than this is not believed: four times what `libpcap` captures.
const FRAME_BYTES_MAX: u32 = 1024 * 1024;
/// A block longer than this is not believed: it would be no packet, but a file of its own.
const BLOCK_BYTES_MAX: u32 = 16 * 1024 * 1024;
/// Most interfaces of a pcapng section.
const INTERFACES_MAX: usize = 65_536;

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION: u32 = 1;
const OLD_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
const OPTION_TIME_RESOLUTION: u16 = 9;
const OPTION_TIME_OFFSET: u16 = 14;

/// Byte order of a file or section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let bytes = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        })
    }

    fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let bytes = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        })
    }
}

/// Where a pcapng section's packets come from.
#[derive(Clone, Copy, Debug)]
struct Interface {
    link_type: u16,
    /// Units of a timestamp in a second.
    units_per_second: u64,
    offset_s: i64,
}

#[derive(Debug)]
enum Container {
    Pcap { order: Order, fraction_ns: u32, link_type: u16 },
    PcapNg { order: Order, interfaces: Vec<Interface> },
}

/// A frame as it was captured; its bytes are at `span` until the next is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// When; that of the frame before where the block does not say.
    pub(crate) ts_ns: TsNs,
    pub(crate) link_type: u16,
    pub(crate) span: Range<usize>,
}

/// Reads a capture frame by frame.
pub(crate) struct FrameReader {
    blocks: Blocks,
    container: Container,
    ts_ns: TsNs,
    ended: bool,
}

impl FrameReader {
    /// Reads the header of a capture.
    ///
    /// # Errors
    /// [`SourceError`] when there is none.
    pub(crate) fn open(stream: ByteStream) -> Result<Self, SourceError> {
        let mut blocks = Blocks::new(stream);
        let not_a_capture = SourceError::Corrupt { at: 0, what: "neither pcap nor pcapng" };
        if !blocks.fill(4)? {
            return Err(not_a_capture);
        }
        let magic = Order::Little.u32(blocks.bytes(), 0);
        let (order, fraction_ns) = match magic {
            Some(SECTION_HEADER) => {
                // The order is read from the section header itself, with each section.
                let container = Container::PcapNg { order: Order::Little, interfaces: Vec::new() };
                return Ok(Self { blocks, container, ts_ns: 0, ended: false });
            }
            Some(0xa1b2_c3d4) => (Order::Little, 1_000),
            Some(0xa1b2_3c4d) => (Order::Little, 1),
            Some(0xd4c3_b2a1) => (Order::Big, 1_000),
            Some(0x4d3c_b2a1) => (Order::Big, 1),
            _ => return Err(not_a_capture),
        };
        if !blocks.fill(24)? {
            return Err(not_a_capture);
        }
        // The upper bits of the field say whether frames keep their checksum.
        let link_type = order.u32(blocks.bytes(), 20).map_or(0, |field| field as u16);
        blocks.take(24);
        let container = Container::Pcap { order, fraction_ns, link_type };
        Ok(Self { blocks, container, ts_ns: 0, ended: false })
    }

    /// The bytes of the last frame.
    pub(crate) fn at(&self, span: Range<usize>) -> &[u8] {
        self.blocks.at(span)
    }

    pub(crate) fn progress(&self) -> Progress {
        self.blocks.progress()
    }

    /// The next frame; `None` at the end. After an error there is no more.
    pub(crate) fn next(&mut self) -> Result<Option<Frame>, SourceError> {
        while !self.ended {
            let step = match self.container {
                Container::Pcap { order, fraction_ns, link_type } => {
                    self.next_record(order, fraction_ns, link_type)
                }
                Container::PcapNg { .. } => self.next_block(),
            };
            match step {
                Ok(Step::Frame(frame)) => {
                    self.ts_ns = frame.ts_ns;
                    return Ok(Some(frame));
                }
                Ok(Step::Other) => {}
                Ok(Step::End) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    return Err(error);
                }
            }
        }
        Ok(None)
    }

    fn next_record(
        &mut self,
        order: Order,
        fraction_ns: u32,
        link_type: u16,
    ) -> Result<Step, SourceError> {
        if !self.blocks.fill(16)? {
            return Ok(Step::End);
        }
        let field = |at| order.u32(self.blocks.bytes(), at).unwrap_or(0);
        let (seconds, fraction, length) = (field(0), field(4), field(8));
        if length > FRAME_BYTES_MAX {
            return Err(self.corrupt("the captured length of a packet is above 1 MiB"));
        }
        self.blocks.fill(16 + length as usize)?;
        let ts_ns =
            i64::from(seconds) * 1_000_000_000 + i64::from(fraction) * i64::from(fraction_ns);
        let record = self.blocks.take(16 + length as usize);
        Ok(Step::Frame(Frame { ts_ns, link_type, span: record.start + 16..record.end }))
    }

    fn next_block(&mut self) -> Result<Step, SourceError> {
        if !self.blocks.fill(12)? {
            return Ok(Step::End);
        }
        self.take_order()?;
        let Container::PcapNg { order, ref mut interfaces } = self.container else {
            return Ok(Step::End);
        };
        let bytes = self.blocks.bytes();
        let kind = order.u32(bytes, 0).unwrap_or(0);
        let length = order.u32(bytes, 4).unwrap_or(0);
        if !(12..=BLOCK_BYTES_MAX).contains(&length) || !length.is_multiple_of(4) {
            return Err(self.corrupt("the length of a block is below 12, above 16 MiB or odd"));
        }
        self.blocks.fill(length as usize)?;
        let block = self.blocks.take(length as usize);
        let body = block.start + 8..block.end - 4;
        let bytes = self.blocks.at(body.clone());
        if order.u32(self.blocks.at(block.clone()), block.len() - 4) != Some(length) {
            let at = self.blocks.offset() - u64::from(length);
            return Err(SourceError::Corrupt { at, what: "the two lengths of a block differ" });
        }
        match kind {
            SECTION_HEADER => interfaces.clear(),
            INTERFACE_DESCRIPTION if interfaces.len() < INTERFACES_MAX => {
                interfaces.push(interface(order, bytes));
            }
            ENHANCED_PACKET | OLD_PACKET | SIMPLE_PACKET => {
                let frame = frame_of(kind, order, bytes, interfaces, self.ts_ns);
                return Ok(frame.map_or(Step::Other, |mut frame| {
                    frame.span = body.start + frame.span.start..body.start + frame.span.end;
                    Step::Frame(frame)
                }));
            }
            _ => {}
        }
        Ok(Step::Other)
    }

    /// Reads the byte order where a section begins.
    fn take_order(&mut self) -> Result<(), SourceError> {
        let bytes = self.blocks.bytes();
        if bytes.first_chunk() != Some(&SECTION_HEADER.to_le_bytes()) {
            return Ok(());
        }
        let found = match Order::Little.u32(bytes, 8) {
            Some(0x1a2b_3c4d) => Order::Little,
            Some(0x4d3c_2b1a) => Order::Big,
            _ => return Err(self.corrupt("a section header without a byte-order mark")),
        };
        if let Container::PcapNg { order, .. } = &mut self.container {
            *order = found;
        }
        Ok(())
    }

    fn corrupt(&self, what: &'static str) -> SourceError {
        SourceError::Corrupt { at: self.blocks.offset(), what }
    }
}

enum Step {
    Frame(Frame),
    Other,
    End,
}

/// An interface from the body of its description.
fn interface(order: Order, body: &[u8]) -> Interface {
    let mut interface = Interface {
        link_type: order.u16(body, 0).unwrap_or(0),
        units_per_second: 1_000_000,
        offset_s: 0,
    };
    let mut options = body.get(8..).unwrap_or_default();
    while let (Some(code), Some(length)) = (order.u16(options, 0), order.u16(options, 2)) {
        let Some(value) = options.get(4..4 + usize::from(length)) else { break };
        match (code, value) {
            (0, _) => break,
            (OPTION_TIME_RESOLUTION, [resolution, ..]) => {
                interface.units_per_second = units_per_second(*resolution);
            }
            (OPTION_TIME_OFFSET, [_, _, _, _, _, _, _, _]) => {
                let words = (order.u32(value, 0).unwrap_or(0), order.u32(value, 4).unwrap_or(0));
                let (low, high) = if order == Order::Little { words } else { (words.1, words.0) };
                interface.offset_s = (u64::from(high) << 32 | u64::from(low)).cast_signed();
            }
            _ => {}
        }
        let next = 4 + usize::from(length).next_multiple_of(4);
        options = options.get(next..).unwrap_or_default();
    }
    interface
}

/// Units in a second of an `if_tsresol`: a power of ten, or of two when its highest bit is set.
fn units_per_second(resolution: u8) -> u64 {
    let power = u32::from(resolution & 0x7f);
    let units =
        if resolution & 0x80 == 0 { 10_u64.checked_pow(power) } else { 1_u64.checked_shl(power) };
    units.unwrap_or(u64::MAX)
}

/// A frame from the body of a packet block; its span counts from the body's start.
fn frame_of(
    kind: u32,
    order: Order,
    body: &[u8],
    interfaces: &[Interface],
    ts_before_ns: TsNs,
) -> Option<Frame> {
    if kind == SIMPLE_PACKET {
        let length = (order.u32(body, 0)? as usize).min(body.len() - 4);
        let link_type = interfaces.first()?.link_type;
        return Some(Frame { ts_ns: ts_before_ns, link_type, span: 4..4 + length });
    }
    let index = if kind == OLD_PACKET {
        usize::from(order.u16(body, 0)?)
    } else {
        order.u32(body, 0)? as usize
    };
    let interface = interfaces.get(index)?;
    let stamp = u64::from(order.u32(body, 4)?) << 32 | u64::from(order.u32(body, 8)?);
    let length = order.u32(body, 12)? as usize;
    let span = 20..20_usize.checked_add(length)?;
    body.get(span.clone())?;
    let ns = i128::from(stamp) * 1_000_000_000 / i128::from(interface.units_per_second)
        + i128::from(interface.offset_s) * 1_000_000_000;
    let ts_ns = TsNs::try_from(ns).unwrap_or(ts_before_ns);
    Some(Frame { ts_ns, link_type: interface.link_type, span })
}
