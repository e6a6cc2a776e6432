// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! When missing messages are asked for again, whom, and when that is given up.
//!
//! A hole is asked for once the other lines had their time. Every answer that brings it forward has
//! the next request leave at once; without one the request is repeated, each time after twice the
//! time and to the next server. It holds no socket, and time is passed in.

use super::FeedConfig;

/// What is to be done about a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing yet.
    Wait,
    /// Ask this server.
    Ask(usize),
    /// Asking does not help.
    GiveUp,
}

/// The asking of one feed.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    servers: usize,
    skew_ns: i64,
    gap_ns: i64,
    retry_ns: i64,
    retry_ns_max: i64,
    requests_max: u32,
    /// The hole as it was last looked at: its first number, and the number after its last.
    hole: Option<(u64, u64)>,
    /// When it was found.
    found_ns: i64,
    /// Answers have brought it forward: there is nothing to wait for.
    is_going_on: bool,
    /// Requests since something of it came.
    requests: u32,
    server: usize,
    asked_ns: i64,
}

impl Asking {
    pub(super) fn new(config: &FeedConfig) -> Self {
        Self {
            servers: config.rerequest.len(),
            skew_ns: config.skew_ns,
            gap_ns: config.request_gap_ns,
            retry_ns: config.retry_ns.max(1),
            retry_ns_max: config.retry_ns_max,
            requests_max: config.requests_max,
            hole: None,
            found_ns: 0,
            is_going_on: false,
            requests: 0,
            server: 0,
            asked_ns: i64::MIN / 2,
        }
    }

    /// Nothing is missing.
    pub(super) const fn rest(&mut self) {
        self.hole = None;
        self.requests = 0;
    }

    /// What to do about the hole from `from` to before `until`. `have_all_passed`: every line has
    /// spoken of what comes after it.
    pub(super) fn look(
        &mut self,
        (from, until): (u64, u64),
        have_all_passed: bool,
        now_ns: i64,
    ) -> Step {
        match self.hole {
            Some((known, _)) if known == from => {}
            Some((_, end)) if from < end && (self.requests > 0 || self.is_going_on) => {
                self.is_going_on = true;
                self.requests = 0;
            }
            _ => {
                self.found_ns = now_ns;
                self.is_going_on = false;
                self.requests = 0;
            }
        }
        self.hole = Some((from, until));
        let is_due = have_all_passed || self.is_going_on || now_ns - self.found_ns >= self.skew_ns;
        if !is_due || now_ns - self.asked_ns < self.gap_ns {
            return Step::Wait;
        }
        if self.requests == 0 {
            return self.ask(now_ns);
        }
        let doublings = (self.requests - 1).min(30);
        let wait_ns = self.retry_ns.saturating_mul(1 << doublings).min(self.retry_ns_max);
        if now_ns - self.asked_ns < wait_ns {
            return Step::Wait;
        }
        if self.requests >= self.requests_max {
            return Step::GiveUp;
        }
        self.server = (self.server + 1) % self.servers.max(1);
        self.ask(now_ns)
    }

    /// Goes on asking after all.
    pub(super) fn persist(&mut self, now_ns: i64) -> Step {
        self.server = (self.server + 1) % self.servers.max(1);
        self.ask(now_ns)
    }

    fn ask(&mut self, now_ns: i64) -> Step {
        if self.servers == 0 {
            return Step::GiveUp;
        }
        self.asked_ns = now_ns;
        self.requests = self.requests.saturating_add(1);
        Step::Ask(self.server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, SocketAddr};

    const MILLISECOND: i64 = 1_000_000;

    fn asking(servers: u16) -> Asking {
        let server = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Asking::new(&FeedConfig {
            rerequest: (1..=servers).map(server).collect(),
            skew_ns: MILLISECOND,
            request_gap_ns: 10,
            retry_ns: 2 * MILLISECOND,
            retry_ns_max: 5 * MILLISECOND,
            requests_max: 4,
            ..FeedConfig::default()
        })
    }

    #[test]
    fn the_other_line_has_its_time_first() {
        let mut asking = asking(1);
        assert_eq!(asking.look((5, 9), false, 0), Step::Wait);
        assert_eq!(asking.look((5, 12), false, MILLISECOND - 1), Step::Wait);
        assert_eq!(asking.look((5, 12), false, MILLISECOND), Step::Ask(0));
        // Nobody will bring it: no reason to wait.
        asking.rest();
        assert_eq!(asking.look((20, 21), true, 2 * MILLISECOND), Step::Ask(0));
    }

    #[test]
    fn without_an_answer_it_asks_more_seldom_and_in_turn_and_then_no_more() {
        let mut asking = asking(2);
        let (mut asked, mut now_ns) = (Vec::new(), 0);
        let given_up = loop {
            match asking.look((5, 9), true, now_ns) {
                Step::Ask(server) => asked.push((now_ns / MILLISECOND, server)),
                Step::Wait => {}
                Step::GiveUp => break now_ns / MILLISECOND,
            }
            now_ns += MILLISECOND / 2;
        };
        assert_eq!(asked, [(0, 0), (2, 1), (6, 0), (11, 1)]);
        assert_eq!(given_up, 16);
        assert_eq!(asking.persist(now_ns), Step::Ask(0));
    }

    #[test]
    fn an_answer_has_the_next_request_leave_at_once() {
        let mut asking = asking(1);
        assert_eq!(asking.look((5, 500), true, 0), Step::Ask(0));
        assert_eq!(asking.look((45, 500), false, 5), Step::Wait, "not that fast");
        assert_eq!(asking.look((45, 500), false, 20), Step::Ask(0));
        assert_eq!(asking.look((85, 700), false, 40), Step::Ask(0));
    }

    #[test]
    fn with_nobody_to_ask_it_gives_up() {
        let mut asking = asking(0);
        assert_eq!(asking.look((5, 9), false, 0), Step::Wait);
        assert_eq!(asking.look((5, 9), false, MILLISECOND), Step::GiveUp);
    }
}
