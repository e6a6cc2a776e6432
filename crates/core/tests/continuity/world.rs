// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The world: time, links, crashes, and the two things that must always hold.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use onetape_core::continuity::{Answer, Ask, Ballot, LeaseTimes, Witness};
use onetape_core::hash::mix;

use super::node::{Node, node_name};

/// What is done wrong on purpose, to see that the world would notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    WitnessForgets,
    WitnessDoesNotWait,
    PromiseIgnored,
    CountsFromTheAnswer,
    AloneBeforeTheWitnessKnows,
    WelcomesWithoutLease,
}

/// What came to pass in a run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ran {
    pub(crate) released: u64,
    pub(crate) terms: u64,
    pub(crate) take_overs: u64,
    pub(crate) handed_over: u64,
    pub(crate) vouched: u64,
    pub(crate) refused_alone: u64,
    pub(crate) wiped: u64,
}

impl Ran {
    pub(crate) fn add(&mut self, other: &Self) {
        self.released += other.released;
        self.terms += other.terms;
        self.take_overs += other.take_overs;
        self.handed_over += other.handed_over;
        self.vouched += other.vouched;
        self.refused_alone += other.refused_alone;
        self.wiped += other.wiped;
    }
}

/// What goes over a link. `link` is a connection between the two nodes.
#[derive(Clone, Debug)]
pub(crate) enum Mail {
    Ask(Ask),
    Answer(Answer),
    Hello { link: u64, entries: Vec<u64> },
    Welcome { link: u64, term: u64, last_seq: usize },
    Diverged { link: u64 },
    Entries { link: u64, from: usize, entries: Vec<u64> },
    Ack { link: u64, received: usize },
    Beat { link: u64, term: u64, asked_ns: i64 },
    Vouch { link: u64, term: u64, asked_ns: i64 },
    HandOver { link: u64, term: u64, last_seq: usize },
}

/// The witness's place among the nodes 0 and 1.
pub(crate) const WITNESS: usize = 2;

#[derive(Clone, Debug)]
enum Happening {
    Deliver { from: usize, to: usize, mail: Mail },
    Tick { node: usize, life: u64 },
    Start { who: usize },
}

struct Due(i64, u64, Happening);

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        (self.0, self.1) == (other.0, other.1)
    }
}

impl Eq for Due {}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0, self.1).cmp(&(other.0, other.1))
    }
}

/// A steady clock that starts anywhere and runs up to two percent too fast or too slow.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    offset_ns: i64,
    drift_ppm: i64,
}

impl Clock {
    pub(crate) const fn read(self, now_ns: i64) -> i64 {
        self.offset_ns + now_ns + now_ns / 1_000_000 * self.drift_ppm
    }
}

/// A stream of numbers that its seed determines.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        (mix(self.0) >> 16) % bound
    }

    pub(crate) fn one_in(&mut self, bound: u64) -> bool {
        self.below(bound) == 0
    }

    fn up_to_ns(&mut self, bound_ns: u64) -> i64 {
        self.below(bound_ns).cast_signed()
    }
}

/// All there is.
pub(crate) struct World {
    pub(crate) now_ns: i64,
    pub(crate) dice: Dice,
    pub(crate) times: LeaseTimes,
    pub(crate) fault: Fault,
    pub(crate) ran: Ran,
    calm: bool,
    nodes: [Node; 2],
    clocks: [Clock; 3],
    lives: [u64; 2],
    witness: Option<Witness>,
    disk: Ballot,
    /// Which pairs cannot hear one another: 0-1, 0-witness, 1-witness.
    cut: [bool; 3],
    queue: BinaryHeap<Reverse<Due>>,
    count: u64,
    /// All that any primary ever released, by its place.
    released: Vec<u64>,
}

impl World {
    pub(crate) fn new(seed: u64, fault: Fault) -> Self {
        let mut world = Self {
            now_ns: 0,
            dice: Dice(mix(seed)),
            times: LeaseTimes { patience_ns: 600_000_000, ..LeaseTimes::default() },
            fault,
            ran: Ran::default(),
            calm: false,
            nodes: [Node::new(0), Node::new(1)],
            clocks: [Clock::default(); 3],
            lives: [0; 2],
            witness: None,
            disk: Ballot::default(),
            cut: [false; 3],
            queue: BinaryHeap::new(),
            count: 0,
            released: Vec::new(),
        };
        for (delay_ns, who) in [(0, WITNESS), (1, 0), (60_000_000, 1)] {
            world.later(delay_ns, Happening::Start { who });
        }
        world
    }

    /// A world where nothing goes wrong.
    pub(crate) fn calm(seed: u64) -> Self {
        Self { calm: true, ..Self::new(seed, Fault::None) }
    }

    pub(crate) const fn is_calm(&self) -> bool {
        self.calm
    }

    fn later(&mut self, delay_ns: i64, what: Happening) {
        self.count += 1;
        self.queue.push(Reverse(Due(self.now_ns + delay_ns, self.count, what)));
    }

    pub(crate) fn run(&mut self, until_ns: i64) -> Result<(), String> {
        while let Some(Reverse(Due(at_ns, _, what))) = self.queue.pop() {
            if at_ns > until_ns {
                break;
            }
            self.now_ns = at_ns;
            self.happen(what)?;
            self.check_one_primary()?;
        }
        Ok(())
    }

    fn happen(&mut self, what: Happening) -> Result<(), String> {
        match what {
            Happening::Start { who: WITNESS } => self.start_witness(),
            Happening::Start { who } => {
                self.clocks[who] = self.new_clock();
                self.lives[who] += 1;
                self.with_node(who, |node, world, now_ns| {
                    node.start(world, now_ns);
                    Ok(())
                })?;
                self.later(1, Happening::Tick { node: who, life: self.lives[who] });
            }
            Happening::Tick { node, life } if self.lives[node] == life => self.tick(node, life)?,
            Happening::Tick { .. } => {}
            Happening::Deliver { from, to: WITNESS, mail } => self.ask_witness(from, &mail),
            Happening::Deliver { to, mail, .. } => {
                self.with_node(to, |node, world, now_ns| {
                    node.receive(world, now_ns, &mail);
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    fn new_clock(&mut self) -> Clock {
        let offset_ns = self.dice.up_to_ns(1_000_000_000_000);
        Clock { offset_ns, drift_ppm: self.dice.up_to_ns(40_001) - 20_000 }
    }

    /// Takes a node out, so that it can act on the world.
    fn with_node(
        &mut self,
        who: usize,
        act: impl FnOnce(&mut Node, &mut Self, i64) -> Result<(), String>,
    ) -> Result<(), String> {
        let now_ns = self.clocks[who].read(self.now_ns);
        let mut node = std::mem::replace(&mut self.nodes[who], Node::new(who));
        let done = act(&mut node, self, now_ns);
        self.nodes[who] = node;
        done
    }

    fn tick(&mut self, node: usize, life: u64) -> Result<(), String> {
        if !self.calm && self.dice.one_in(400) {
            let pair = self.dice.below(3) as usize;
            self.cut[pair] = !self.cut[pair] && self.dice.one_in(2);
        }
        if !self.calm && self.dice.one_in(400) {
            self.nodes[node].crash();
            self.lives[node] += 1;
            let delay_ns = self.dice.up_to_ns(120_000_000);
            self.later(delay_ns, Happening::Start { who: node });
            return Ok(());
        }
        self.with_node(node, Node::tick)?;
        let delay_ns = 500_000 + self.dice.up_to_ns(3_000_000);
        self.later(delay_ns, Happening::Tick { node, life });
        Ok(())
    }

    fn start_witness(&mut self) {
        self.clocks[WITNESS] = self.new_clock();
        let mut now_ns = self.clocks[WITNESS].read(self.now_ns);
        if self.fault == Fault::WitnessDoesNotWait {
            now_ns -= self.times.lease_ns;
        }
        let nodes = [node_name(0), node_name(1)];
        self.witness = Some(Witness::new(self.disk, nodes, &self.times, now_ns));
    }

    fn stop_witness(&mut self) {
        self.witness = None;
        let delay_ns = self.dice.up_to_ns(100_000_000);
        self.later(delay_ns, Happening::Start { who: WITNESS });
    }

    fn ask_witness(&mut self, from: usize, mail: &Mail) {
        let Mail::Ask(ask) = mail else { return };
        let now_ns = self.clocks[WITNESS].read(self.now_ns);
        let Some(witness) = &mut self.witness else { return };
        let considered = witness.consider(now_ns, ask);
        if !self.calm && self.dice.one_in(300) {
            return self.stop_witness(); // Before anything was on disk.
        }
        if considered.must_keep && self.fault != Fault::WitnessForgets {
            self.disk = *witness.ballot();
        }
        if !self.calm && self.dice.one_in(if considered.must_keep { 10 } else { 300 }) {
            return self.stop_witness(); // After that, and before it spoke.
        }
        let answer = witness.answer(now_ns, considered);
        self.ran.terms = self.ran.terms.max(self.disk.term);
        self.send(WITNESS, from, &Mail::Answer(answer));
        if !self.calm && self.dice.one_in(300) {
            self.stop_witness();
        }
    }

    /// Puts a message on its way: it may be lost, late, doubled, or overtake another.
    pub(crate) fn send(&mut self, from: usize, to: usize, mail: &Mail) {
        if self.cut[from + to - 1] || !self.calm && self.dice.one_in(25) {
            return;
        }
        let copies = if !self.calm && self.dice.one_in(15) { 2 } else { 1 };
        for _ in 0..copies {
            let slow = !self.calm && self.dice.one_in(10);
            let bound_ns = if slow { 80_000_000 } else { 800_000 };
            let delay_ns = 10_000 + self.dice.up_to_ns(bound_ns);
            self.later(delay_ns, Happening::Deliver { from, to, mail: mail.clone() });
        }
    }

    /// A primary lets entry `place` out.
    pub(crate) fn release(&mut self, who: usize, place: usize, entry: u64) -> Result<(), String> {
        match self.released.get(place) {
            Some(&before) if before == entry => Ok(()),
            Some(&before) => Err(format!(
                "at {}: node {who} releases {entry} as number {place}, it was {before}",
                self.now_ns
            )),
            None if place == self.released.len() => {
                self.released.push(entry);
                self.ran.released += 1;
                Ok(())
            }
            None => Err(format!("node {who} left out {}", self.released.len())),
        }
    }

    fn check_one_primary(&self) -> Result<(), String> {
        let holds = |who: usize| self.nodes[who].may_release(self.clocks[who].read(self.now_ns));
        if holds(0) && holds(1) {
            return Err(format!("at {}: two primaries", self.now_ns));
        }
        Ok(())
    }
}
