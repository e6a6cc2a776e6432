// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a feed does about what is missing: asks again, loads a snapshot, begins another session.

use onetape_core::events::{FeedState, FeedStateChanged};
use onetape_core::feed::Holding;
use onetape_core::types::TsNs;
use onetape_core::wire::mold::{Header, Session, blocks_fit};

use super::asking::Step;
use super::snapshot::{Look, SnapshotClient};
use super::{FeedLines, Other, Phase};

/// Packets of another session before it takes the place of a silent one.
const OTHERS_BELIEVED: u32 = 3;

impl FeedLines {
    /// Says so if the feed came to another state.
    #[inline]
    pub(super) fn settle(&mut self, why: &'static str) {
        if self.state == FeedState::Live
            && self.phase == Phase::Stream
            && !self.is_dead
            && !self.arbiter.has_ended()
            && self.arbiter.missing() == 0
        {
            return;
        }
        let state = self.find_state();
        if state != self.state {
            self.say(state, why);
        }
    }

    fn find_state(&self) -> FeedState {
        let is_whole = self.arbiter.missing() == 0;
        match self.phase {
            Phase::Loading if self.snapshot.as_ref().is_some_and(SnapshotClient::is_begun) => {
                FeedState::Snapshot
            }
            Phase::Wanting | Phase::Loading => FeedState::Recovering,
            Phase::Stream if !self.is_heard && !self.is_dead => FeedState::Waiting,
            Phase::Stream if is_whole && self.arbiter.has_ended() => FeedState::Ended,
            Phase::Stream if self.is_dead => FeedState::Dead,
            Phase::Stream if !is_whole => FeedState::Gap,
            Phase::Stream if self.is_lossy => FeedState::Lost,
            Phase::Stream => FeedState::Live,
        }
    }

    #[cold]
    pub(super) fn say(&mut self, state: FeedState, why: &'static str) {
        if state == FeedState::Gap {
            self.counts.gaps += 1;
            // Its time counts from now.
            self.due_ns = self.now_ns;
        }
        if matches!(state, FeedState::Live | FeedState::Ended | FeedState::Lost) {
            self.asking.rest();
        }
        self.state = state;
        let change = FeedStateChanged {
            next_number: self.arbiter.next(),
            missing: self.arbiter.missing(),
            midnight_ts_ns: self.midnight_ns,
            session: self.arbiter.session().unwrap_or_default(),
            feed_id: self.config.feed_id,
            state: state.raw(),
            reserved: [0; 3],
        };
        self.changes.push_back((change, why));
    }

    /// Does what the time asks for.
    pub(super) fn do_what_is_due(&mut self) {
        let lines = self.config.lines.len();
        let heard_ns = self.heard_ns[..lines].iter().copied().max().unwrap_or(0);
        if !self.is_dead && self.now_ns - heard_ns >= self.config.silence_ns {
            self.is_dead = true;
            self.settle("no line has been heard for the limit of silence");
        }
        if !self.arbiter.is_suspended() && self.arbiter.missing() > 0 {
            self.look_at_hole();
        } else if self.phase != Phase::Stream && !self.arbiter.is_suspended() {
            // The other line, or a late answer, brought it after all.
            if let Some(client) = &mut self.snapshot {
                client.stop();
            }
            self.phase = Phase::Stream;
            self.settle("");
        }
        if self.phase == Phase::Wanting && self.now_ns >= self.snapshot_from_ns {
            self.start_snapshot();
        }
        if self.now_ns - self.report_from_ns >= self.config.report_ns {
            self.report_from_ns = self.now_ns;
            self.sockets.iter_mut().for_each(super::LineSocket::count_drops);
            self.report_at = 0;
        }
    }

    /// The first hole is waited for, asked for, or given up.
    fn look_at_hole(&mut self) {
        let next = self.arbiter.next();
        let held = self.held.first().map(|held| held.sequence).filter(|&first| first > next);
        let until = held.unwrap_or(self.arbiter.known_next());
        if self.phase == Phase::Stream
            && self.snapshot.is_some()
            && until - next > self.config.gap_messages_max
        {
            self.want_snapshot("more messages are missing than may be asked for");
            return;
        }
        if self.phase == Phase::Loading {
            return;
        }
        let have_all_passed = self.arbiter.have_all_passed(self.config.lines.len(), next);
        match self.asking.look((next, until), have_all_passed, self.now_ns) {
            Step::Wait => {}
            Step::Ask(server) => self.ask(server, until),
            Step::GiveUp if self.snapshot.is_some() => {
                self.want_snapshot("nobody answers a request for what is missing");
            }
            Step::GiveUp if self.config.rerequest.is_empty() => self.accept_loss(until),
            Step::GiveUp => {
                if let Step::Ask(server) = self.asking.persist(self.now_ns) {
                    self.ask(server, until);
                }
            }
        }
    }

    fn ask(&mut self, server: usize, until: u64) {
        let count_max = self.config.request_messages_max;
        if let Some(request) = self.arbiter.request(until, count_max) {
            self.counts.requests += 1;
            let socket = &self.sockets[self.config.lines.len() + server];
            // Lost like any datagram: it is repeated.
            let _taken = socket.send(&request.encode());
        }
    }

    /// Goes on without what nobody can bring.
    fn accept_loss(&mut self, until: u64) {
        self.counts.lost += until - self.arbiter.next();
        self.is_lossy = true;
        self.arbiter.pass(until);
        // Before the packets that come after the hole are given.
        self.say(FeedState::Lost, "nothing is set up to recover what is missing");
    }

    fn want_snapshot(&mut self, why: &'static str) {
        if self.phase == Phase::Stream {
            self.phase = Phase::Wanting;
            self.settle(why);
        }
    }

    fn start_snapshot(&mut self) {
        let retry_ns = self.config.snapshot_retry_ns;
        self.snapshot_from_ns = self.now_ns + retry_ns;
        let Some(client) = &mut self.snapshot else { return };
        if client.start(self.now_ns) {
            self.phase = Phase::Loading;
            self.settle("");
        } else {
            self.counts.snapshots_failed += 1;
        }
    }

    /// Takes in what came of a snapshot; whether there is a part to give.
    pub(super) fn load(&mut self) -> bool {
        let Some(client) = &mut self.snapshot else { return false };
        if client.lend() {
            return true;
        }
        match client.look(self.now_ns) {
            Look::Nothing => false,
            Look::Begun(session) => {
                self.begin_snapshot(session);
                false
            }
            Look::Part => client.lend(),
            Look::Whole(next) => {
                let is_left = client.lend();
                if !is_left {
                    self.splice(next);
                }
                is_left
            }
            Look::Failed(why) => {
                self.fail_snapshot(why);
                false
            }
        }
    }

    fn begin_snapshot(&mut self, session: Session) {
        let ours = self.arbiter.session().unwrap_or(session);
        if name(&ours) != name(&session) {
            self.fail_snapshot("its server is in another session than the lines");
            return;
        }
        self.counts.snapshots += 1;
        self.arbiter.suspend();
        // Said at each beginning: whatever came of the last one goes.
        self.say(FeedState::Snapshot, "");
    }

    fn fail_snapshot(&mut self, why: &'static str) {
        self.counts.snapshots_failed += 1;
        self.snapshot_from_ns = self.now_ns + self.config.snapshot_retry_ns;
        if let Some(client) = &mut self.snapshot {
            client.stop();
        }
        self.phase = Phase::Wanting;
        if self.state == FeedState::Snapshot {
            self.settle(why);
        } else {
            self.say(FeedState::Recovering, why);
        }
    }

    /// Goes on after a snapshot, at `next`, with the packets that were held.
    fn splice(&mut self, next: u64) {
        if let Some(client) = &mut self.snapshot {
            client.stop();
        }
        let session = self.arbiter.session().unwrap_or_default();
        self.arbiter.begin(session, next);
        self.held.drop_before(next);
        if let Some(last) = self.held.last() {
            self.arbiter.know_of(last.end);
        }
        self.asking.rest();
        self.phase = Phase::Stream;
        self.is_lossy = false;
        self.settle("the snapshot is whole");
    }

    /// Has another packet make room for one of the batch: while a snapshot is wanted the oldest, for
    /// it will be in it; else the newest, for it can be asked for.
    pub(super) fn make_room(&mut self, at: usize, sequence: u64, end: u64, ts_ns: TsNs) -> Holding {
        if self.snapshot.is_some() {
            self.want_snapshot("there is no more room to hold packets");
            self.counts.held_dropped += 1;
            self.held.drop_first();
        } else if self.held.last().is_some_and(|last| last.sequence > sequence) {
            self.counts.held_dropped += 1;
            self.held.drop_last();
        }
        self.held.hold(sequence, end, ts_ns, self.batch.packet(at))
    }

    /// Whether a packet of the batch is the first that is heard of the session.
    pub(super) fn is_first(&mut self, at: usize) -> bool {
        let bytes = self.batch.packet(at);
        let Ok(header) = Header::decode(bytes) else { return false };
        let is_ours = self.arbiter.session().is_none_or(|session| session == header.session);
        if !is_ours || header.sequence == 0 || !blocks_fit(bytes, header.messages_count()) {
            return false;
        }
        if self.arbiter.session().is_none() {
            self.arbiter.begin(header.session, 1);
        }
        (self.is_heard, self.is_dead) = (true, false);
        self.midnight_ns = self.config.midnight_ns(self.stamp(at));
        self.say(FeedState::Waiting, "the session is heard");
        true
    }

    /// Whether another session begins that was heard: the present one is over, or silent for long.
    pub(super) fn changes_to(&mut self, session: Session, ts_ns: TsNs) -> bool {
        if self.other.session != session {
            self.other = Other { session, packets: 0 };
        }
        self.other.packets += 1;
        let heard_ns = self.heard_ns.iter().copied().max().unwrap_or(0);
        let is_over = self.arbiter.has_ended() && self.arbiter.missing() == 0;
        // One that we only remember may have been over before we came.
        let is_silent = !self.is_heard || self.now_ns - heard_ns >= self.config.session_silence_ns;
        let is_believed = is_silent && self.other.packets >= OTHERS_BELIEVED;
        if !is_over && !is_believed {
            return false;
        }
        self.other = Other::default();
        if let Some(client) = &mut self.snapshot {
            SnapshotClient::stop(client);
        }
        self.held.clear();
        self.asking.rest();
        self.arbiter.begin(session, 1);
        self.phase = Phase::Stream;
        (self.is_lossy, self.is_dead) = (false, false);
        self.midnight_ns = self.config.midnight_ns(ts_ns);
        self.is_heard = true;
        self.say(FeedState::Waiting, "another session begins");
        true
    }
}

/// A session's name without its padding, on whichever side a protocol puts it.
fn name(session: &Session) -> &[u8] {
    let end = session.iter().rposition(|&letter| letter != 0).map_or(0, |at| at + 1);
    session[..end].trim_ascii()
}
