// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A session's rules, said as what comes in and what goes out.

use super::*;
use crate::component::Snapshot;
use crate::types::SECOND_NS;
use crate::wire::fix::Message;
use crate::wire::fix::tests::{message, shown};

/// 2026-01-02 03:04:05.
const NOW: TsNs = 1_767_323_045_000_000_000;

#[derive(Default)]
struct Seen(Vec<String>);

impl Effects for Seen {
    fn send(&mut self, bytes: &[u8]) {
        let message = Message::parse(bytes).expect("a whole message");
        assert_eq!(message.find(tag::SENDER_COMP_ID), Some(&b"EXCHANGE"[..]));
        assert_eq!(message.find(tag::TARGET_COMP_ID), Some(&b"CLIENT"[..]));
        let header = [tag::SENDER_COMP_ID, tag::TARGET_COMP_ID, tag::SENDING_TIME];
        let rest: Vec<String> = message
            .fields()
            .map(|field| field.expect("a field"))
            .filter(|field| !header.contains(&field.tag))
            .map(|field| format!("|{}={}", field.tag, shown(field.value)))
            .collect();
        self.0.push(format!("{}{}", shown(message.msg_type()), rest.concat()));
    }

    fn resend(&mut self, from: u64, to: u64) {
        self.0.push(format!("resend {from}-{to}"));
    }

    fn disconnect(&mut self) {
        self.0.push("disconnect".into());
    }
}

fn config(role: Role, version: Version) -> SessionConfig {
    SessionConfig {
        version,
        role,
        sender: CompId::new(b"EXCHANGE").unwrap(),
        target: CompId::new(b"CLIENT").unwrap(),
        heartbeat_s: 30,
        resets: false,
        next_expected: false,
        sending_time_ns_max: 0,
    }
}

/// The peer's message: header, then what follows.
fn peer(version: Version, msg_type: &str, sequence: u64, rest: &str) -> Vec<u8> {
    let begin = String::from_utf8_lossy(version.begin_string()).into_owned();
    let head = format!("35={msg_type}|49=CLIENT|56=EXCHANGE|34={sequence}|52=20260102-03:04:05|");
    message(&begin, &format!("{head}{rest}"))
}

struct Bench {
    session: Session,
    seen: Seen,
    now: TsNs,
}

impl Bench {
    fn new(role: Role, version: Version) -> Self {
        let mut bench =
            Self { session: Session::new(config(role, version)), seen: Seen::default(), now: NOW };
        bench.session.opened(NOW, &mut bench.seen);
        bench
    }

    /// An acceptor of FIX 4.4 with its client logged on.
    fn active() -> Self {
        let mut bench = Self::new(Role::Acceptor, Version::Fix44);
        assert_eq!(bench.take("A", 1, "98=0|108=30|"), ["A|34=1|98=0|108=30"]);
        bench
    }

    fn take(&mut self, msg_type: &str, sequence: u64, rest: &str) -> Vec<String> {
        let version = self.session.config().version;
        self.take_bytes(&peer(version, msg_type, sequence, rest))
    }

    fn take_bytes(&mut self, bytes: &[u8]) -> Vec<String> {
        let incoming = match self.session.receive(self.now, bytes, &mut self.seen) {
            Incoming::Nothing | Incoming::LoggedOn => None,
            Incoming::LoggedOut => Some("logged out".to_owned()),
            Incoming::Application(header) => Some(format!("application {}", header.sequence)),
            Incoming::Rejected { sequence } => Some(format!("rejected {sequence}")),
        };
        self.seen.0.extend(incoming);
        self.drain()
    }

    fn tick(&mut self, seconds: i64) -> Vec<String> {
        self.now += seconds * SECOND_NS;
        self.session.tick(self.now, &mut self.seen);
        self.drain()
    }

    fn drain(&mut self) -> Vec<String> {
        std::mem::take(&mut self.seen.0)
    }
}

#[test]
fn a_client_logs_on_trades_and_leaves() {
    let mut bench = Bench::active();
    assert_eq!(bench.take("D", 2, "11=a|"), ["application 2"]);
    let mut buffer = [0; 512];
    let mut writer = bench.session.begin(NOW, b"8", &mut buffer);
    writer.text(tag::CL_ORD_ID, b"a");
    bench.session.commit(NOW, writer, &mut bench.seen);
    assert_eq!(bench.drain(), ["8|34=2|11=a"]);
    assert_eq!(bench.take("5", 3, ""), ["5|34=3", "disconnect", "logged out"]);
    assert_eq!(bench.session.state(), SessionState::Closed);
    assert_eq!((bench.session.next_in(), bench.session.next_out()), (4, 4));
    assert!(bench.take("D", 4, "").is_empty());
}

#[test]
fn numbers_go_on_over_links_and_what_was_missed_is_asked_for() {
    let mut bench = Bench::active();
    bench.session.closed();
    let mut buffer = [0; 512];
    let writer = bench.session.begin(NOW, b"8", &mut buffer);
    bench.session.commit(NOW, writer, &mut bench.seen);
    assert_eq!(bench.drain(), ["8|34=2"], "stored for later");
    bench.session.opened(NOW, &mut bench.seen);
    assert_eq!(bench.take("A", 5, "98=0|108=10|"), ["A|34=3|98=0|108=10", "2|34=4|7=2|16=0"]);
    assert!(bench.take("D", 6, "").is_empty(), "it will come again");
    assert_eq!(
        bench.take("2", 7, "7=2|16=0|"),
        ["resend 2-4"],
        "answered before the hole is filled"
    );
    assert_eq!(bench.take("4", 2, "43=Y|123=Y|36=6|"), Vec::<String>::new());
    assert_eq!(bench.take("D", 6, "43=Y|122=20260102-03:04:05|"), ["application 6"]);
    assert!(bench.take("2", 7, "43=Y|122=20260102-03:04:05|7=2|16=0|").len() == 1);
    assert_eq!(bench.take("D", 8, ""), ["application 8"]);
}

#[test]
fn a_hole_is_asked_for_once_and_again_when_that_brought_nothing() {
    let mut bench = Bench::active();
    assert_eq!(bench.take("D", 4, ""), ["2|34=2|7=2|16=0"]);
    assert!(bench.take("D", 5, "").is_empty());
    assert_eq!(bench.take("D", 2, "43=Y|122=20260102-03:04:05|"), ["application 2"]);
    let lost = bench.take("D", 4, "43=Y|122=20260102-03:04:05|");
    assert_eq!(lost, ["2|34=3|7=3|16=0"], "number 3 was garbled on its way");
    bench.now += 40 * SECOND_NS;
    assert_eq!(bench.take("0", 6, ""), ["2|34=4|7=3|16=0"], "nothing came for too long");
}

#[test]
fn a_number_too_low_ends_the_session_unless_it_is_a_repetition() {
    let mut bench = Bench::active();
    assert!(bench.take("D", 1, "43=Y|122=20260102-03:04:04|").is_empty());
    assert_eq!(bench.take("D", 1, "43=Y|"), ["3|34=2|45=1|371=122|372=D|373=1"]);
    let late = bench.take("D", 1, "43=Y|122=20260102-03:04:06|");
    assert_eq!(late, ["3|34=3|45=1|371=122|372=D|373=10"]);
    assert_eq!(
        bench.take("D", 1, ""),
        ["5|34=4|58=MsgSeqNum too low, expecting 2 but received 1", "disconnect"]
    );
}

#[test]
fn a_logon_that_is_not_right_is_refused() {
    let refusal = |rest: &str| {
        let mut bench = Bench::new(Role::Acceptor, Version::Fix50Sp2);
        bench.take("A", 1, rest)
    };
    let logout = |why: &str| vec![format!("5|34=1|58={why}"), "disconnect".to_owned()];
    assert_eq!(refusal("98=0|1137=9|"), logout("HeartBtInt is missing"));
    assert_eq!(refusal("98=0|108=31|1137=9|"), logout("HeartBtInt is above the limit"));
    assert_eq!(refusal("98=1|108=30|1137=9|"), logout("EncryptMethod must be 0"));
    assert_eq!(refusal("98=0|108=-1|1137=9|"), logout("Logon cannot be read"));
    let version = "DefaultApplVerID must be 9 (FIX 5.0 SP2)";
    assert_eq!(refusal("98=0|108=30|1137=7|"), logout(version));
    assert_eq!(refusal("98=0|108=30|"), logout(version));
    let expected = "NextExpectedMsgSeqNum too high, expecting at most 1 but received 2";
    assert_eq!(refusal("98=0|108=30|1137=9|789=2|"), logout(expected));
    assert_eq!(refusal("98=0|108=0|1137=9|"), ["A|34=1|98=0|108=0|1137=9"]);
    let mut bench = Bench::new(Role::Acceptor, Version::Fix44);
    assert_eq!(bench.take("0", 1, ""), ["disconnect"], "a logon comes first");
}

#[test]
fn others_names_and_versions_are_turned_away() {
    let stranger = message("FIX.4.4", "35=0|49=OTHER|56=EXCHANGE|34=2|52=20260102-03:04:05|");
    let mut bench = Bench::active();
    let seen = bench.take_bytes(&stranger);
    assert_eq!(seen[0], "3|34=2|45=2|372=0|373=9");
    assert_eq!(seen[2], "disconnect");
    let mut bench = Bench::new(Role::Acceptor, Version::Fix44);
    assert_eq!(bench.take_bytes(&stranger), ["disconnect"]);
    let mut bench = Bench::active();
    let seen = bench.take_bytes(&peer(Version::Fix50Sp2, "0", 2, ""));
    assert_eq!(seen, ["5|34=2|58=BeginString is another", "disconnect"]);
    let mut bench = Bench::active();
    let bytes = message("FIX.4.4", "35=0|49=CLIENT|56=EXCHANGE|52=20260102-03:04:05|");
    let seen = bench.take_bytes(&bytes);
    assert_eq!(seen, ["5|34=2|58=MsgSeqNum is missing or out of range", "disconnect"]);
}

#[test]
fn time_is_watched_when_it_should_be() {
    let mut bench = Bench::active();
    bench.session.config.sending_time_ns_max = 120 * SECOND_NS;
    bench.now += 121 * SECOND_NS;
    let seen = bench.take("0", 2, "");
    assert_eq!(seen[0], "3|34=2|45=2|371=52|372=0|373=10");
    assert_eq!(seen[2], "disconnect");
}

#[test]
fn both_ends_show_that_they_are_alive() {
    let mut bench = Bench::active();
    assert!(bench.tick(29).is_empty());
    assert_eq!(bench.tick(1), ["0|34=2"]);
    assert_eq!(bench.session.deadline_ns(), NOW + 36 * SECOND_NS);
    assert_eq!(bench.tick(6), ["1|34=3|112=TEST3"]);
    assert_eq!(bench.take("0", 2, "112=TEST3|"), Vec::<String>::new());
    assert_eq!(bench.take("1", 3, "112=ping|"), ["0|34=4|112=ping"]);
    assert_eq!(bench.take("1", 4, ""), ["3|34=5|45=4|371=112|372=1|373=1"]);
    assert_eq!(bench.tick(36), ["1|34=6|112=TEST6"]);
    assert_eq!(bench.tick(30), ["0|34=7"]);
    assert_eq!(bench.tick(6), ["disconnect"]);
    assert_eq!(bench.session.state(), SessionState::Closed);
    assert_eq!(bench.session.deadline_ns(), TsNs::MAX);
}

#[test]
fn who_says_nothing_is_given_up() {
    let mut bench = Bench::new(Role::Acceptor, Version::Fix44);
    assert!(bench.tick(9).is_empty());
    assert_eq!(bench.tick(1), ["disconnect"]);
    let mut bench = Bench::active();
    bench.session.logout(NOW, b"end of day", &mut bench.seen);
    assert_eq!(bench.drain(), ["5|34=2|58=end of day"]);
    assert_eq!(bench.take("D", 2, ""), ["application 2"], "what was on its way counts");
    assert_eq!(bench.tick(10), ["disconnect"]);
    let mut bench = Bench::active();
    bench.session.logout(NOW, b"", &mut bench.seen);
    assert_eq!(bench.take("5", 2, "").len(), 3, "our logout, disconnect, logged out");
}

#[test]
fn counts_are_reset_as_the_peer_asks() {
    let mut bench = Bench::active();
    assert!(bench.take("4", 99, "123=N|36=10|").is_empty());
    assert_eq!(bench.session.next_in(), 10);
    assert_eq!(bench.take("4", 10, "36=5|"), ["3|34=2|45=10|371=36|372=4|373=5"]);
    assert_eq!(bench.take("4", 10, "123=Y|36=10|"), ["3|34=3|45=10|371=36|372=4|373=5"]);
    assert_eq!(bench.session.next_in(), 11);
    let huge = u64::MAX.to_string();
    assert_eq!(bench.take("4", 1, &format!("36={huge}|")).len(), 1);
    assert_eq!(bench.take("A", 1, "98=0|108=30|141=Y|"), ["A|34=1|98=0|108=30|141=Y"]);
    assert_eq!((bench.session.next_in(), bench.session.next_out()), (2, 2));
    assert_eq!(bench.session.stored_count(), 5, "the store goes on");
    assert_eq!(bench.take("2", 2, "7=1|16=1|"), ["resend 5-5"]);
    assert_eq!(bench.take("2", 3, "7=2|16=0|"), ["3|34=2|45=3|371=7|372=2|373=5"]);
    assert_eq!(bench.take("2", 4, "16=0|"), ["3|34=3|45=4|371=7|372=2|373=1"]);
    let mut other = bench.session.clone();
    other.day_started(&mut bench.seen);
    assert_eq!(bench.drain(), ["disconnect"]);
    assert_eq!((other.next_in(), other.next_out(), other.stored_count()), (1, 1, 0));
    let seen = bench.take("A", 3, "98=0|108=30|141=Y|");
    assert_eq!(seen, ["5|34=4|58=ResetSeqNumFlag needs MsgSeqNum 1", "disconnect"]);
}

#[test]
fn next_expected_saves_the_resend_requests() {
    let mut bench = Bench::active();
    assert_eq!(bench.take("1", 2, "112=x|"), ["0|34=2|112=x"]);
    bench.session.closed();
    bench.session.opened(NOW, &mut bench.seen);
    let seen = bench.take("A", 9, "98=0|108=30|789=2|");
    assert_eq!(seen, ["A|34=3|98=0|108=30|789=3", "resend 2-2"], "and no resend request");
}

#[test]
fn a_message_that_cannot_be_read_is_rejected_and_counted() {
    let mut bench = Bench::active();
    assert_eq!(bench.take("D", 2, "11=|"), ["3|34=2|45=2|371=11|372=D|373=4"]);
    assert_eq!(bench.take("D", 3, "x=1|"), ["3|34=3|45=3|372=D|373=0"]);
    assert_eq!(bench.take("D", 4, "43=X|"), ["3|34=4|45=4|371=43|372=D|373=6"]);
    assert_eq!(bench.take("3", 5, "45=2|"), ["rejected 2"]);
    assert_eq!(bench.take("A", 6, "98=0|108=30|"), ["3|34=5|45=6|371=141|372=A|373=5"]);
    assert_eq!(bench.take("D", 7, ""), ["application 7"]);
    assert!(bench.take_bytes(b"8=FIX.4.4").is_empty(), "garbled: nothing");
}

#[test]
fn an_initiator_logs_on_and_takes_the_answer() {
    let mut bench = Bench::new(Role::Initiator, Version::Fix50Sp2);
    assert_eq!(bench.drain(), ["A|34=1|98=0|108=30|1137=9"]);
    assert_eq!(bench.session.state(), SessionState::LogonSent);
    assert!(bench.take("A", 1, "98=0|108=30|1137=9|").is_empty());
    assert_eq!(bench.session.state(), SessionState::Active);
    assert_eq!(bench.take("8", 2, ""), ["application 2"]);
    bench.session.closed();
    bench.session.config.next_expected = true;
    bench.session.opened(NOW, &mut bench.seen);
    assert_eq!(bench.drain(), ["A|34=2|98=0|108=30|789=3|1137=9"]);
    assert_eq!(bench.take("A", 5, "98=0|108=30|1137=9|789=1|"), ["resend 1-2"]);
    bench.session.closed();
    bench.session.config.resets = true;
    bench.session.opened(NOW, &mut bench.seen);
    assert_eq!(bench.drain(), ["A|34=1|98=0|108=30|141=Y|789=1|1137=9"]);
    assert!(bench.take("A", 1, "98=0|108=30|141=Y|1137=9|789=2|").is_empty());
    assert_eq!((bench.session.next_in(), bench.session.next_out()), (2, 2));
    bench.session.closed();
    bench.session.opened(NOW, &mut bench.seen);
    bench.drain();
    assert_eq!(bench.take("5", 1, "58=no|"), ["disconnect", "logged out"]);
}

#[test]
fn a_restored_session_goes_on_as_the_first_would() {
    let mut bench = Bench::active();
    bench.take("D", 5, "");
    bench.tick(36);
    let mut saved = Vec::new();
    bench.session.save(&mut saved);
    let mut other = Bench::new(Role::Acceptor, Version::Fix44);
    other.now = bench.now;
    assert_ne!(other.session.state_hash(), bench.session.state_hash());
    other.session.restore(&mut &saved[..]).unwrap();
    assert_eq!(other.session.state_hash(), bench.session.state_hash());
    for seconds in [1, 30, 36, 36] {
        assert_eq!(other.tick(seconds), bench.tick(seconds));
    }
    for cut in 0..saved.len() {
        assert!(other.session.restore(&mut &saved[..cut]).is_err());
    }
    saved[0] = 9;
    assert!(other.session.restore(&mut &saved[..]).is_err());
}
