// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A node: its journal, and what it does as primary, standby and candidate.

use onetape_core::continuity::{Holder, NodeName, Promise, Standing, Verdict};

use super::world::{Fault, Mail, WITNESS, World};

pub(crate) fn node_name(number: usize) -> NodeName {
    NodeName::new(["alpha", "beta"][number]).unwrap()
}

enum Part {
    Down,
    /// It has a term, or asks for one. `entries` are its journal, so is a standby's.
    Primary(Primary),
    Standby(Standby),
}

struct Primary {
    holder: Holder,
    link: u64,
    acked: usize,
    released: usize,
    next_beat_ns: i64,
    stopping: bool,
}

struct Standby {
    promise: Promise,
    link: u64,
    heard_ns: i64,
    /// The term that it follows, and the last entry it must have to be up to date.
    following: Option<(u64, usize)>,
    followed_term: u64,
    candidate: Option<(Holder, i64)>,
}

/// One of the two.
pub(crate) struct Node {
    number: usize,
    part: Part,
    /// Its journal: it survives a crash.
    entries: Vec<u64>,
}

impl Node {
    pub(crate) fn new(number: usize) -> Self {
        Self { number, part: Part::Down, entries: Vec::new() }
    }

    pub(crate) fn crash(&mut self) {
        self.part = Part::Down;
    }

    pub(crate) fn start(&mut self, world: &mut World, now_ns: i64) {
        let as_primary = if world.is_calm() { self.number == 0 } else { world.dice.one_in(2) };
        let promise = Promise::new(&world.times, now_ns);
        if as_primary {
            let alone = world.dice.one_in(2);
            self.seek(world, 0, alone, now_ns + world.times.lease_ns);
        } else {
            self.follow(promise, now_ns);
        }
    }

    fn seek(&mut self, world: &mut World, followed_term: u64, alone: bool, not_before_ns: i64) {
        let holder = self.holder(world, followed_term, alone, not_before_ns);
        self.part = Part::Primary(Primary::new(holder));
    }

    fn holder(&self, world: &mut World, followed: u64, alone: bool, not_before_ns: i64) -> Holder {
        let nonce = world.dice.below(1 << 48);
        Holder::new(node_name(self.number), nonce, world.times, followed, alone, not_before_ns)
    }

    fn follow(&mut self, promise: Promise, now_ns: i64) {
        self.part = Part::Standby(Standby {
            promise,
            link: 0,
            heard_ns: now_ns,
            following: None,
            followed_term: 0,
            candidate: None,
        });
    }

    pub(crate) fn may_release(&self, now_ns: i64) -> bool {
        matches!(&self.part, Part::Primary(primary) if primary.holder.until_ns() > now_ns)
    }

    pub(crate) fn tick(&mut self, world: &mut World, now_ns: i64) -> Result<(), String> {
        match &mut self.part {
            Part::Down => Ok(()),
            Part::Primary(_) => self.tick_primary(world, now_ns),
            Part::Standby(_) => {
                self.tick_standby(world, now_ns);
                Ok(())
            }
        }
    }

    fn tick_primary(&mut self, world: &mut World, now_ns: i64) -> Result<(), String> {
        let Part::Primary(primary) = &mut self.part else { return Ok(()) };
        let (me, other) = (self.number, 1 - self.number);
        if let Some(ask) = primary.holder.poll(now_ns) {
            world.send(me, WITNESS, &Mail::Ask(ask));
        }
        match primary.holder.standing() {
            Standing::Seeking => return Ok(()),
            Standing::Holding => {}
            standing => {
                world.ran.refused_alone += u64::from(standing == Standing::Refused(Verdict::Alone));
                let promise = Promise::new(&world.times, now_ns);
                self.follow(promise, now_ns);
                return Ok(());
            }
        }
        if !primary.stopping {
            let entry = world.dice.below(1 << 60);
            self.entries.push(entry);
        }
        primary.serve(world, now_ns, me, &self.entries);
        primary.let_out(world, now_ns, me, &self.entries)?;
        primary.change_company(world, now_ns, self.entries.len());
        if !world.is_calm() && world.dice.one_in(300) {
            primary.stopping = true;
        }
        if primary.stopping && primary.link != 0 && primary.acked == self.entries.len() {
            let (link, term) = (primary.link, primary.holder.term());
            if let Some(ask) = primary.holder.give_up(now_ns) {
                world.send(me, WITNESS, &Mail::Ask(ask));
            }
            let last_seq = self.entries.len();
            world.send(me, other, &Mail::HandOver { link, term, last_seq });
            let promise = Promise::new(&world.times, now_ns);
            self.follow(promise, now_ns);
        }
        Ok(())
    }

    fn tick_standby(&mut self, world: &mut World, now_ns: i64) {
        let Part::Standby(standby) = &mut self.part else { return };
        let me = self.number;
        let Some((holder, since_ns)) = &mut standby.candidate else {
            if now_ns - standby.heard_ns > 30_000_000 {
                let mut not_before_ns = standby.promise.close();
                if world.fault == Fault::PromiseIgnored {
                    not_before_ns = now_ns;
                }
                let followed = standby.followed_term;
                let holder = self.holder(world, followed, true, not_before_ns);
                let Part::Standby(standby) = &mut self.part else { return };
                (standby.link, standby.following) = (0, None);
                standby.candidate = Some((holder, now_ns));
            } else if standby.link == 0 || standby.following.is_none() {
                standby.link = world.dice.below(1 << 48) + 1;
                let hello = Mail::Hello { link: standby.link, entries: self.entries.clone() };
                world.send(me, 1 - me, &hello);
            }
            return;
        };
        if let Some(ask) = holder.poll(now_ns) {
            world.send(me, WITNESS, &Mail::Ask(ask));
        }
        match holder.standing() {
            Standing::Holding => {
                let primary = Primary::new(holder.clone());
                world.ran.take_overs += 1;
                self.part = Part::Primary(primary);
            }
            Standing::Seeking if now_ns - *since_ns < 200_000_000 => {}
            standing => {
                world.ran.refused_alone += u64::from(standing == Standing::Refused(Verdict::Alone));
                if let Some(ask) = holder.give_up(now_ns) {
                    world.send(me, WITNESS, &Mail::Ask(ask));
                }
                standby.candidate = None;
                standby.promise.reopen();
                standby.heard_ns = now_ns;
            }
        }
    }

    pub(crate) fn receive(&mut self, world: &mut World, now_ns: i64, mail: &Mail) {
        match &mut self.part {
            Part::Down => {}
            Part::Primary(primary) => {
                primary.receive(world, now_ns, self.number, &self.entries, mail);
            }
            Part::Standby(standby) => {
                standby.receive(world, now_ns, self.number, &mut self.entries, mail);
            }
        }
    }
}

impl Primary {
    const fn new(holder: Holder) -> Self {
        Self { holder, link: 0, acked: 0, released: 0, next_beat_ns: 0, stopping: false }
    }

    fn serve(&mut self, world: &mut World, now_ns: i64, me: usize, entries: &[u64]) {
        if self.link == 0 {
            return;
        }
        let (link, from) = (self.link, self.acked);
        let some = entries[from..entries.len().min(from + 200)].to_vec();
        world.send(me, 1 - me, &Mail::Entries { link, from, entries: some });
        if now_ns >= self.next_beat_ns {
            self.next_beat_ns = now_ns + world.times.renew_ns;
            let beat = Mail::Beat { link, term: self.holder.term(), asked_ns: now_ns };
            world.send(me, 1 - me, &beat);
        }
    }

    fn let_out(
        &mut self,
        world: &mut World,
        now_ns: i64,
        me: usize,
        entries: &[u64],
    ) -> Result<(), String> {
        if self.holder.until_ns() <= now_ns {
            return Ok(());
        }
        let alone = self.holder.is_alone()
            || self.wants_alone() && world.fault == Fault::AloneBeforeTheWitnessKnows;
        let limit = if alone { entries.len() } else { self.acked };
        while self.released < limit {
            world.release(me, self.released, entries[self.released])?;
            self.released += 1;
        }
        Ok(())
    }

    fn wants_alone(&self) -> bool {
        let mut same = self.holder.clone();
        same.want_alone(true, 0);
        same.next_ask_ns() == self.holder.next_ask_ns()
    }

    /// Goes on without its standby at times, and with it again when it has everything.
    fn change_company(&mut self, world: &mut World, now_ns: i64, last_seq: usize) {
        if self.link != 0 && self.acked == last_seq {
            self.holder.want_alone(false, now_ns);
        } else if world.dice.one_in(60) {
            self.holder.want_alone(true, now_ns);
        }
    }

    fn receive(&mut self, world: &mut World, now_ns: i64, me: usize, entries: &[u64], mail: &Mail) {
        match mail {
            Mail::Answer(answer) => {
                let mut answer = *answer;
                if world.fault == Fault::CountsFromTheAnswer {
                    answer.asked_ns = now_ns;
                }
                self.holder.answered(now_ns, &answer);
            }
            Mail::Hello { link, entries: theirs }
                if self.holder.until_ns() > now_ns
                    || world.fault == Fault::WelcomesWithoutLease
                        && self.holder.standing() == Standing::Holding =>
            {
                if !entries.starts_with(theirs) {
                    return world.send(me, 1 - me, &Mail::Diverged { link: *link });
                }
                (self.link, self.acked) = (*link, theirs.len());
                let (term, last_seq) = (self.holder.term(), entries.len());
                world.send(me, 1 - me, &Mail::Welcome { link: *link, term, last_seq });
            }
            Mail::Ack { link, received } if *link == self.link => {
                self.acked = self.acked.max(*received);
            }
            Mail::Vouch { link, term, asked_ns } if *link == self.link => {
                let before_ns = self.holder.until_ns();
                self.holder.vouched(*term, *asked_ns);
                world.ran.vouched += u64::from(self.holder.until_ns() > before_ns);
            }
            _ => {}
        }
    }
}

impl Standby {
    fn receive(
        &mut self,
        world: &mut World,
        now_ns: i64,
        me: usize,
        entries: &mut Vec<u64>,
        mail: &Mail,
    ) {
        if let Some((holder, _)) = &mut self.candidate {
            if let Mail::Answer(answer) = mail {
                holder.answered(now_ns, answer);
            }
            return;
        }
        match mail {
            Mail::Welcome { link, term, last_seq } if *link == self.link => {
                self.heard_ns = now_ns;
                self.following = Some((*term, *last_seq));
            }
            Mail::Diverged { link } if *link == self.link => {
                entries.clear();
                (self.link, self.followed_term) = (0, 0);
                world.ran.wiped += 1;
            }
            Mail::Entries { link, from, entries: more } if *link == self.link => {
                self.heard_ns = now_ns;
                if *from <= entries.len() && entries.len() - from <= more.len() {
                    let known = entries.len() - from;
                    entries.extend_from_slice(&more[known..]);
                }
                world.send(me, 1 - me, &Mail::Ack { link: *link, received: entries.len() });
            }
            Mail::Beat { link, term, asked_ns } if *link == self.link => {
                self.heard_ns = now_ns;
                if self.promise.give(now_ns) {
                    let vouch = Mail::Vouch { link: *link, term: *term, asked_ns: *asked_ns };
                    world.send(me, 1 - me, &vouch);
                }
            }
            Mail::HandOver { link, term, last_seq }
                if *link == self.link
                    && self.followed_term == *term
                    && *last_seq == entries.len() =>
            {
                self.promise.absolve(now_ns);
                self.heard_ns = i64::MIN / 2;
                world.ran.handed_over += 1;
            }
            _ => {}
        }
        if let Some((term, last_seq)) = self.following
            && entries.len() >= last_seq
        {
            self.followed_term = term;
        }
    }
}
