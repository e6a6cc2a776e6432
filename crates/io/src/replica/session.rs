// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! One follower of a primary: a thread that sends, and one that hears.

use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use onetape_core::continuity::message::{ENTRIES_KIND, LENGTH_BYTES, Message, Role};

use super::clock::steady_ns;
use super::error::ReplicaError;
use super::link::{Caller, Link, get_to_know};
use super::primary::Shared;
use super::tail::difference;
use crate::journal_file::JournalReader;

/// Entries are sent in batches up to about this many bytes.
const BATCH_BYTES: usize = 256 << 10;
/// The longest nap of a sender with nothing to send.
const NAP: Duration = Duration::from_micros(200);
/// How often the hearing side looks whether it is to end.
const LOOK: Duration = Duration::from_millis(20);

/// Serves one connection until it ends.
pub(crate) fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    shared: &Shared,
    stop: &AtomicBool,
) -> Result<(), ReplicaError> {
    let mut link = Link::new(stream, peer.to_string())?;
    let caller = get_to_know(&mut link, &shared.identity)?;
    let (reader, last_seq) = admit(&mut link, &caller, shared)?;
    let standby = (caller.role == Role::Standby).then(|| enrol(shared, &caller, peer, last_seq));
    let session = Session { shared, stop, standby, over: AtomicBool::new(false) };
    let sender = link.sender()?;
    let done = thread::scope(|scope| {
        let sending = thread::Builder::new().name("replica-send".to_owned());
        let sent = sending.spawn_scoped(scope, || {
            let done = session.send(sender, reader);
            session.over.store(true, Ordering::Release);
            done
        });
        let heard = session.hear(&mut link);
        session.over.store(true, Ordering::Release);
        link.shut();
        let sent = sent.map_err(|err| ReplicaError::io("start a follower's thread", err))?;
        sent.join().unwrap_or(Ok(())).and(heard)
    });
    if session.is_current() {
        shared.standby.connected.store(false, Ordering::Release);
        shared.standby.attendance.left(steady_ns());
    }
    done
}

/// Lets a follower in: its journal must be the beginning of ours, and our lease must hold, for one
/// who is no longer primary must not send anybody's entries away.
fn admit(
    link: &mut Link,
    caller: &Caller,
    shared: &Shared,
) -> Result<(JournalReader, u64), ReplicaError> {
    let options = &shared.options;
    if caller.role == Role::Voter {
        return Err(link.refuse(false, "this is a node; the witness is elsewhere"));
    }
    if caller.node == options.node {
        let text = format!("{} is my own name: give each node its own", options.node);
        return Err(link.refuse(false, &text));
    }
    let mut reader = JournalReader::open(&options.folder)?;
    reader.seek_seq(u64::MAX)?;
    let last_seq = reader.next_seq() - 1;
    let wrong = difference(&options.folder, last_seq, &caller.tail)?;
    if !shared.lease.is_held(steady_ns()) {
        return Err(link.refuse(true, "I do not hold the lease now"));
    }
    if let Some(wrong) = wrong {
        return Err(link.refuse(false, &wrong));
    }
    reader.seek_seq(caller.tail.last_seq + 1)?;
    link.send(&Message::Welcome {
        term: shared.lease.term(),
        last_seq,
        segment_bytes: options.segment_bytes as u64,
        schema_version: options.schema_version,
        run_id: options.run_id,
    })?;
    Ok((reader, last_seq))
}

/// Makes the caller the standby. The one before it, if its connection still stands, is let go.
fn enrol(shared: &Shared, caller: &Caller, peer: SocketAddr, last_seq: u64) -> u64 {
    let standby = &shared.standby;
    let session = shared.session.fetch_add(1, Ordering::AcqRel) + 1;
    standby.received.store(caller.tail.last_seq, Ordering::Release);
    standby.sent.store(last_seq, Ordering::Release);
    standby.attendance.came(caller.node, peer, steady_ns());
    standby.connected.store(true, Ordering::Release);
    session
}

struct Session<'a> {
    shared: &'a Shared,
    stop: &'a AtomicBool,
    /// Which of the standby's sessions this is; `None` for a copy.
    standby: Option<u64>,
    over: AtomicBool,
}

impl Session<'_> {
    fn is_current(&self) -> bool {
        self.standby == Some(self.shared.session.load(Ordering::Acquire))
    }

    fn goes_on(&self) -> bool {
        !self.over.load(Ordering::Acquire)
            && !self.stop.load(Ordering::Acquire)
            && (self.standby.is_none() || self.is_current())
    }

    fn send(&self, mut link: Link, mut reader: JournalReader) -> Result<(), ReplicaError> {
        let mut batch = Vec::with_capacity(BATCH_BYTES * 2);
        let mut next_beat = Instant::now();
        let pace = &self.shared.pace;
        if self.standby.is_some() {
            pace.enter();
        }
        let mut said_good_bye = false;
        while self.goes_on() {
            gather(&mut reader, &mut batch)?;
            let last_seq = reader.next_seq() - 1;
            if !batch.is_empty() {
                if self.is_current() {
                    self.shared.standby.attendance.sent(last_seq, steady_ns());
                }
                link.send_bytes(&batch)?;
            }
            if self.standby.is_some() {
                self.shared.standby.sent.store(last_seq, Ordering::Release);
                if !said_good_bye && self.shared.hand_over.load(Ordering::Acquire) == last_seq {
                    let term = self.shared.hand_over_term.load(Ordering::Acquire);
                    link.send(&Message::HandOver { term, last_seq })?;
                    said_good_bye = true;
                }
            }
            if Instant::now() >= next_beat && !said_good_bye {
                next_beat = Instant::now() + self.shared.options.beat;
                let (term, asked_ns) = (self.shared.lease.term(), steady_ns());
                link.send(&Message::Beat { term, asked_ns, last_seq })?;
            }
            if batch.is_empty() {
                if self.standby.is_some() {
                    pace.wait(NAP, || reader.has_next())?;
                } else {
                    thread::sleep(NAP * 5);
                }
            }
        }
        link.shut(); // Whoever hears on it need not wait for nothing.
        Ok(())
    }

    fn hear(&self, link: &mut Link) -> Result<(), ReplicaError> {
        let standby = &self.shared.standby;
        let mut heard = Instant::now();
        while self.goes_on() {
            let message = link.receive(LOOK)?;
            match message {
                None if heard.elapsed() > self.shared.options.silence => {
                    return Err(ReplicaError::Lost {
                        peer: link.peer().to_owned(),
                        what: "it is silent".to_owned(),
                    });
                }
                None => continue,
                Some(Message::Ack { received, durable, applied }) if self.is_current() => {
                    standby.received.store(received, Ordering::Release);
                    standby.attendance.confirmed(received);
                    standby.durable.store(durable, Ordering::Release);
                    standby.applied.store(applied, Ordering::Release);
                }
                Some(Message::Vouch { term, asked_ns }) if self.is_current() => {
                    self.shared.lease.vouched(term, asked_ns);
                }
                Some(Message::AskHandOver) if self.is_current() => {
                    self.shared.hand_over_asked.store(true, Ordering::Release);
                }
                Some(Message::Ack { .. }) => {}
                Some(_) => return Err(link.protocol("a follower does not say that")),
            }
            heard = Instant::now();
        }
        Ok(())
    }
}

/// Puts what the journal has into one message, up to about [`BATCH_BYTES`]; empties it when there is
/// nothing.
fn gather(reader: &mut JournalReader, batch: &mut Vec<u8>) -> Result<(), ReplicaError> {
    batch.clear();
    batch.extend_from_slice(&[0; LENGTH_BYTES]);
    batch.push(ENTRIES_KIND);
    while batch.len() < BATCH_BYTES {
        let Some(framed) = reader.next_frame()? else { break };
        batch.extend_from_slice(framed.bytes);
    }
    let length = batch.len() - LENGTH_BYTES;
    if length == 1 {
        batch.clear();
        return Ok(());
    }
    batch[..LENGTH_BYTES].copy_from_slice(&(length as u32).to_le_bytes());
    Ok(())
}
