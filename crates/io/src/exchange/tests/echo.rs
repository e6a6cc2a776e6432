// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A core that answers each message with its bytes and keeps a book of what it was told to show.
//!
//! `A` adds an order, `D` deletes the oldest, `G` asks to be disconnected; whatever a message is, it is echoed to its port.

use onetape_core::component::{Entry, Outbox, Snapshot, SnapshotError};
use onetape_core::events::{
    DayStarted, Operation, OperatorCommanded, OrderMessageReceived, PhaseChanged, SessionClosed,
    SessionOpened,
};
use onetape_core::exchange::Wires;
use onetape_core::snapshot::{read_u64, write_u64};
use onetape_core::wire::fix::{
    BUFFER_BYTES, CompId, Effects, Incoming, Role, Session, SessionConfig, Version,
};
use onetape_core::wire::itch::{AddOrder, OrderDelete, SystemEvent};

use crate::exchange::component::Core;

/// The core.
#[derive(Debug, Default)]
pub(super) struct Echo {
    inputs: u64,
    added: u64,
    deleted: u64,
    hash: u64,
    fix: Option<Session>,
}

/// The port that speaks FIX.
pub(super) const FIX_PORT: u32 = 9;

/// What a session wants, put on the wires.
struct Out<'a, W>(&'a mut W);

impl<W: Wires> Effects for Out<'_, W> {
    fn send(&mut self, message: &[u8]) {
        self.0.send(FIX_PORT, message);
    }

    fn resend(&mut self, from: u64, to: u64) {
        self.0.resend(FIX_PORT, from, to);
    }

    fn disconnect(&mut self) {
        self.0.disconnect(FIX_PORT);
    }
}

/// An end of the FIX session.
pub(super) fn fix_session(role: Role) -> Session {
    let (ours, theirs) = (CompId::new(b"ONETAPE").unwrap(), CompId::new(b"CLIENT").unwrap());
    let (sender, target) = if role == Role::Acceptor { (ours, theirs) } else { (theirs, ours) };
    Session::new(SessionConfig {
        version: Version::Fix44,
        role,
        sender,
        target,
        heartbeat_s: 30,
        resets: false,
        next_expected: false,
        sending_time_ns_max: 0,
    })
}

const STOCK: [u8; 8] = *b"ONETAPE ";

impl Echo {
    /// A message on the FIX port: the session's, and an order's echo is an execution report.
    fn fix_message(&mut self, entry: &Entry<'_>, wires: &mut impl Wires) {
        let session = self.fix.get_or_insert_with(|| fix_session(Role::Acceptor));
        let out = &mut Out(wires);
        let bytes = &entry.body[OrderMessageReceived::SIZE..];
        if let Incoming::Application(header) = session.receive(entry.ts_ns, bytes, out) {
            let name = header.message.find(11).unwrap_or(b"none");
            let mut buffer = [0; BUFFER_BYTES];
            let mut report = session.begin(entry.ts_ns, b"8", &mut buffer);
            report.text(11, name);
            session.commit(entry.ts_ns, report, out);
        }
    }

    fn message(&mut self, entry: &Entry<'_>, out: &mut dyn Outbox, wires: &mut impl Wires) {
        let Some(event) = OrderMessageReceived::decode(entry.body) else { return };
        if event.port_id == FIX_PORT {
            return self.fix_message(entry, wires);
        }
        let bytes = &entry.body[OrderMessageReceived::SIZE..];
        let timestamp_ns = (entry.seq * 1_000) & 0xffff_ffff;
        match bytes.first() {
            Some(b'A') => {
                self.added += 1;
                let add = AddOrder {
                    stock_locate: 1,
                    tracking_number: 0,
                    timestamp_ns,
                    order_ref: self.added,
                    side: if self.added.is_multiple_of(2) { b'B' } else { b'S' },
                    shares: 1 + (self.added % 7) as u32,
                    stock: STOCK,
                    price_e4: 10_000 + 100 * (self.added % 13) as u32,
                };
                wires.publish(&add.encode());
            }
            Some(b'D') if self.deleted < self.added => {
                self.deleted += 1;
                let delete = OrderDelete {
                    stock_locate: 1,
                    tracking_number: 0,
                    timestamp_ns,
                    order_ref: self.deleted,
                };
                wires.publish(&delete.encode());
            }
            _ => {}
        }
        out.emit(40, 1, &entry.seq.to_le_bytes());
        wires.send(event.port_id, bytes);
        if bytes.first() == Some(&b'G') {
            wires.disconnect(event.port_id);
        }
    }
}

impl Core for Echo {
    const SNAPSHOT_VERSION: u32 = 1;

    fn apply(&mut self, entry: Entry<'_>, out: &mut dyn Outbox, wires: &mut impl Wires) {
        self.inputs += 1;
        self.hash = self.hash.rotate_left(7) ^ entry.seq ^ u64::from(entry.kind) << 32;
        match entry.kind {
            DayStarted::KIND => {
                let start = SystemEvent {
                    stock_locate: 0,
                    tracking_number: 0,
                    timestamp_ns: 1_000,
                    event_code: b'O',
                };
                wires.publish(&start.encode());
                let mut directory = [b' '; 39];
                directory[0] = b'R';
                directory[1..3].copy_from_slice(&1_u16.to_be_bytes());
                directory[3..11].fill(0);
                directory[11..19].copy_from_slice(&STOCK);
                wires.publish(&directory);
            }
            OrderMessageReceived::KIND => self.message(&entry, out, wires),
            SessionOpened::KIND | SessionClosed::KIND
                if entry.body[..4] == FIX_PORT.to_le_bytes() =>
            {
                let session = self.fix.get_or_insert_with(|| fix_session(Role::Acceptor));
                if entry.kind == SessionOpened::KIND {
                    session.opened(entry.ts_ns, &mut Out(wires));
                } else {
                    session.closed();
                }
            }
            OperatorCommanded::KIND => {
                let command = OperatorCommanded::decode(entry.body).unwrap();
                if command.operation == u16::from(Operation::SetPhase.raw()) {
                    let event = PhaseChanged {
                        cause_seq: entry.seq,
                        instrument_id: command.instrument_id,
                        phase: u8::try_from(command.value).unwrap(),
                        was: 0,
                        reserved: 0,
                    };
                    out.emit(PhaseChanged::KIND, PhaseChanged::VERSION, &event.encode());
                }
            }
            _ => {}
        }
    }

    fn state_hash(&self) -> u64 {
        self.hash ^ self.inputs << 1 ^ self.added << 20 ^ self.deleted << 40
    }
}

impl Snapshot for Echo {
    fn save(&self, out: &mut Vec<u8>) {
        for word in [self.inputs, self.added, self.deleted, self.hash] {
            write_u64(out, word);
        }
        self.fix.as_ref().unwrap_or(&fix_session(Role::Acceptor)).save(out);
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.inputs = read_u64(bytes)?;
        self.added = read_u64(bytes)?;
        self.deleted = read_u64(bytes)?;
        self.hash = read_u64(bytes)?;
        self.fix.insert(fix_session(Role::Acceptor)).restore(bytes)?;
        Ok(())
    }
}
