// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The lines of a feed on real sockets, step by step: what is given, and when the feed says that it
//! is whole.
mod lines;

use std::time::Duration;

use lines::Told::{Packet, Snapshot, State};
use lines::{MILLISECOND, Rig, SESSION, header, here, packet};
use onetape_core::events::FeedState::{
    Dead, Ended, Gap, Live, Lost, Recovering, Snapshot as Loading, Waiting,
};
use onetape_core::wire::mold::COUNT_END;
use onetape_io::exchange::Secret;
use onetape_io::feed_lines::{FeedConfig, FeedLines, SnapshotConfig};

fn rig(servers: usize, has_snapshots: bool) -> Rig {
    Rig::new(servers, has_snapshots, FeedConfig::default())
}

#[test]
fn the_first_copy_wins_and_a_hole_is_open_exactly_while_it_is() {
    let mut rig = rig(1, false);
    assert_eq!(rig.hear(0, 1, 5), [State(Waiting, 0), Packet(1, 5), State(Live, 0)]);
    assert_eq!(rig.hear(1, 1, 5), []);
    assert_eq!(rig.hear(1, 5, 9), [Packet(5, 9)]);
    assert_eq!(rig.hear(0, 5, 9), []);
    // Lost on one line: a hole until the other brings it, and nobody is asked.
    assert_eq!(rig.hear(0, 12, 15), [State(Gap, 6)]);
    assert_eq!(rig.hear(0, 15, 18), []);
    assert_eq!(rig.hear(1, 9, 12), [Packet(9, 12), Packet(12, 15), Packet(15, 18), State(Live, 0)]);
    assert_eq!(rig.hear(1, 12, 15), []);
    assert!(rig.is_unasked(0));
    // A heartbeat that speaks of what did not come opens one as well.
    rig.send(1, &header(SESSION, 20, 0));
    assert_eq!(rig.told(), [State(Gap, 2)]);
    assert_eq!(rig.hear(0, 18, 20), [Packet(18, 20), State(Live, 0)]);
    let (first, second) = (rig.lines.report(0), rig.lines.report(1));
    assert_eq!((first.packets, first.firsts, first.duplicates), (5, 4, 1));
    assert_eq!((second.packets, second.firsts, second.duplicates), (5, 2, 2));
    assert_eq!((second.lag_count, first.lag_count), (2, 1));
    assert!(second.lag_ns_max > 0 && second.is_alive == 1);
}

#[test]
fn what_no_line_brings_is_asked_for_in_parts() {
    let mut rig = rig(1, false);
    rig.hear(0, 1, 5);
    rig.hear(1, 1, 5);
    assert_eq!(rig.hear(0, 95, 100), [State(Gap, 95)]);
    // The other line has its time, unless it has passed the hole as well.
    assert_eq!(rig.after(MILLISECOND / 2), []);
    assert!(rig.is_unasked(0));
    assert_eq!(rig.hear(1, 95, 100), []);
    assert_eq!(rig.after(MILLISECOND / 10), []);
    assert_eq!(rig.answer(0, 40), (5, 90));
    assert_eq!(rig.told(), [Packet(5, 45)]);
    assert_eq!(rig.after(MILLISECOND / 10), []);
    assert_eq!(rig.answer(0, 40), (45, 50));
    assert_eq!(rig.told(), [Packet(45, 85)]);
    assert_eq!(rig.after(MILLISECOND / 10), []);
    assert_eq!(rig.answer(0, 40), (85, 10));
    assert_eq!(rig.told(), [Packet(85, 95), Packet(95, 100), State(Live, 0)]);
    assert_eq!(rig.lines.counts().requests, 3);
    assert_eq!(rig.lines.report(2).firsts, 3, "the server's wins are counted, too");
}

#[test]
fn another_server_is_asked_when_the_first_is_silent_and_then_a_snapshot_is_wanted() {
    let config = FeedConfig { requests_max: 3, retry_ns: 2 * MILLISECOND, ..FeedConfig::default() };
    let mut rig = Rig::new(2, true, config);
    rig.hear(0, 1, 5);
    rig.hear(0, 9, 10);
    assert_eq!(rig.after(2 * MILLISECOND), []);
    assert_eq!(rig.asked(0).0, 5);
    assert_eq!(rig.after(MILLISECOND), []);
    assert!(rig.is_unasked(1));
    assert_eq!(rig.after(MILLISECOND), []);
    assert_eq!(rig.asked(1).0, 5);
    assert_eq!(rig.after(4 * MILLISECOND), []);
    assert_eq!(rig.asked(0).0, 5);
    assert_eq!(rig.after(8 * MILLISECOND), [State(Recovering, 5)]);
    assert!(rig.why.contains("nobody answers"), "{}", rig.why);
    // What is missing may still come before the books are emptied.
    assert_eq!(rig.hear(1, 5, 9), [Packet(5, 9), Packet(9, 10)]);
    assert_eq!(rig.after(MILLISECOND), [State(Live, 0)]);
    assert_eq!(rig.lines.counts().snapshots, 0);
}

#[test]
fn a_late_listener_splices_the_lines_onto_a_snapshot() {
    let mut rig = rig(1, true);
    let missing = 50_009;
    let told = rig.hear(0, 50_000, 50_010);
    assert_eq!(told, [State(Waiting, 0), State(Gap, missing), State(Recovering, missing)]);
    assert!(rig.why.contains("more messages are missing"), "{}", rig.why);
    rig.hear(0, 50_010, 50_020);
    rig.admit(SESSION);
    assert_eq!(rig.told(), [State(Loading, 0)]);
    rig.snap(&[b"one", b"three"]);
    // What comes meanwhile is held, even where it would go on.
    assert_eq!(rig.told(), [Snapshot(2 + 3 + 2 + 5)]);
    assert_eq!(rig.hear(1, 50_020, 50_030), []);
    assert_eq!(rig.hear(1, 50_040, 50_050), []);
    rig.snap(&[&Rig::end(50_015), b"nobody wants this"]);
    let spliced = [Packet(50_010, 50_020), Packet(50_020, 50_030)];
    assert_eq!(rig.told(), [&[Snapshot(23), State(Gap, 35)], &spliced[..]].concat());
    assert_eq!(
        rig.hear(0, 50_030, 50_040),
        [Packet(50_030, 50_040), Packet(50_040, 50_050), State(Live, 0)]
    );
    assert!(rig.is_unasked(0));
    assert_eq!(rig.lines.counts().snapshots, 1);
}

#[test]
fn a_snapshot_that_fails_is_tried_again() {
    let mut rig = rig(0, true);
    rig.hear(0, 50_000, 50_010);
    rig.admit(*b"TUESDAY   ");
    assert_eq!(rig.told(), [State(Recovering, 50_009)]);
    assert!(rig.why.contains("another session"), "{}", rig.why);
    assert_eq!(rig.after(400 * MILLISECOND), []);
    assert_eq!(rig.after(100 * MILLISECOND), []);
    rig.admit(SESSION);
    rig.snap(&[b"one"]);
    assert_eq!(rig.told(), [State(Loading, 0), Snapshot(5)]);
    rig.hang_up();
    assert_eq!(rig.told(), [State(Recovering, 0)]);
    assert!(rig.why.contains("broke"), "{}", rig.why);
    // The books are empty: nothing may go on, whatever comes.
    assert_eq!(rig.hear(0, 1, 40), []);
    assert_eq!(rig.after(500 * MILLISECOND), []);
    rig.admit(SESSION);
    rig.snap(&[b"one", &Rig::end(50_010)]);
    assert_eq!(rig.told(), [State(Loading, 0), Snapshot(28), State(Live, 0)]);
    assert_eq!(rig.lines.counts().snapshots_failed, 2);
    assert_eq!(rig.hear(0, 50_010, 50_011), [Packet(50_010, 50_011)]);
}

#[test]
fn where_there_is_no_more_room_a_snapshot_is_loaded() {
    let config = FeedConfig { held_packets_max: 8, ..FeedConfig::default() };
    let mut rig = Rig::new(0, true, config);
    rig.hear(0, 1, 5);
    for n in 0..20 {
        rig.hear(0, 10 + n * 10, 20 + n * 10);
    }
    assert_eq!(rig.lines.state(), Recovering);
    let counts = rig.lines.counts();
    assert_eq!((counts.held_most, counts.held_dropped), (8, 12));
    rig.after(MILLISECOND);
    rig.admit(SESSION);
    rig.snap(&[&Rig::end(195)]);
    let told = rig.told();
    assert_eq!(told[told.len() - 3..], [Packet(190, 200), Packet(200, 210), State(Live, 0)]);
}

#[test]
fn without_snapshots_the_newest_make_room_and_are_asked_for() {
    let config = FeedConfig { held_packets_max: 4, ..FeedConfig::default() };
    let mut rig = Rig::new(1, false, config);
    rig.hear(0, 1, 5);
    for n in 0..10 {
        rig.hear(0, 10 + n * 10, 20 + n * 10);
    }
    rig.after(2 * MILLISECOND);
    let mut told = Vec::new();
    while rig.lines.state() != Live {
        rig.answer_pending(0, 7);
        told.extend(rig.after(2 * MILLISECOND));
    }
    assert_eq!(told.first(), Some(&Packet(5, 10)));
    assert_eq!(told.last(), Some(&State(Live, 0)));
    let counts = rig.lines.counts();
    assert_eq!((counts.held_most, counts.held_dropped, counts.lost), (4, 6, 0));
}

#[test]
fn with_nothing_to_recover_with_a_loss_is_said_and_stays_said() {
    let mut rig = rig(0, false);
    rig.hear(0, 1, 5);
    rig.hear(0, 9, 10);
    assert_eq!(rig.after(2 * MILLISECOND), [State(Lost, 1), Packet(9, 10)]);
    assert_eq!(rig.hear(0, 10, 11), [Packet(10, 11)]);
    assert_eq!((rig.lines.state(), rig.lines.counts().lost), (Lost, 4));
}

#[test]
fn silence_on_every_line_is_death_until_something_comes() {
    let mut rig = rig(0, false);
    let silence = FeedConfig::default().silence_ns;
    rig.hear(0, 1, 5);
    assert_eq!(rig.after(silence - MILLISECOND), []);
    rig.send(1, &header(SESSION, 5, 0));
    assert_eq!(rig.told(), []);
    // One line is silent; the other is not.
    assert_eq!(rig.after(silence - MILLISECOND), []);
    assert_eq!((rig.lines.report(0).is_alive, rig.lines.report(1).is_alive), (0, 1));
    assert_eq!(rig.after(MILLISECOND), [State(Dead, 0)]);
    rig.send(0, &header(SESSION, 5, 0));
    assert_eq!(rig.told(), [State(Live, 0)]);
    assert_eq!(rig.after(silence), [State(Dead, 0)]);
    assert_eq!(rig.hear(1, 7, 9), [State(Gap, 4)]);
}

#[test]
fn a_feed_that_never_spoke_is_dead_after_its_time() {
    let mut rig = rig(0, false);
    assert_eq!(rig.told(), []);
    assert_eq!(rig.after(FeedConfig::default().silence_ns), [State(Dead, 0)]);
    assert_eq!(rig.hear(0, 1, 2), [State(Waiting, 0), Packet(1, 2), State(Live, 0)]);
}

#[test]
fn the_next_days_session_takes_over_when_the_days_is_over() {
    let today = 1_790_000_000_000_000_000;
    let config = FeedConfig { midnights_ns: vec![1, 2, today * 2], ..FeedConfig::default() };
    let mut rig = Rig::new(0, false, config);
    let next = *b"TUESDAY   ";
    rig.hear(0, 1, 5);
    rig.send(1, &packet(next, 1, 3));
    assert_eq!(rig.told(), [], "the day is not over");
    rig.send(0, &header(SESSION, 5, COUNT_END));
    assert_eq!(rig.told(), [State(Ended, 0)]);
    // Long silence is no death then.
    assert_eq!(rig.after(60_000 * MILLISECOND), []);
    rig.send(0, &packet(next, 1, 3));
    assert_eq!(rig.told(), [State(Waiting, 0), Packet(1, 3), State(Live, 0)]);
    assert_eq!(rig.lines.position(), Some((next, 3)));
    rig.send(1, &packet(SESSION, 5, 9));
    assert_eq!(rig.told(), [], "yesterday's stragglers");
}

#[test]
fn another_session_takes_the_place_of_one_that_is_silent_for_long() {
    let mut rig = rig(0, false);
    let other = *b"TUESDAY   ";
    rig.hear(0, 1, 5);
    rig.after(2_000 * MILLISECOND);
    for _ in 0..9 {
        rig.send(0, &packet(other, 1, 3));
    }
    assert_eq!(rig.told(), []);
    rig.after(9_000 * MILLISECOND);
    rig.send(0, &packet(other, 1, 3));
    assert_eq!(rig.told(), [State(Waiting, 0), Packet(1, 3), State(Live, 0)]);
}

#[test]
fn it_resumes_where_it_stopped() {
    let config = FeedConfig { resume: Some((SESSION, 41)), ..FeedConfig::default() };
    let mut rig = Rig::new(1, false, config);
    assert_eq!(rig.lines.position(), Some((SESSION, 41)));
    let told = rig.hear(0, 30, 45);
    assert_eq!(told, [State(Waiting, 0), Packet(30, 45), State(Live, 0)]);
    assert_eq!(rig.hear(1, 45, 46), [Packet(45, 46)]);
}

#[test]
fn a_session_that_was_over_before_we_came_is_given_up_at_once() {
    let config = FeedConfig { resume: Some((SESSION, 41)), ..FeedConfig::default() };
    let mut rig = Rig::new(1, false, config);
    let other = *b"TUESDAY   ";
    for _ in 0..2 {
        rig.send(0, &packet(other, 1, 3));
        assert_eq!(rig.told(), []);
    }
    rig.send(1, &packet(other, 1, 3));
    assert_eq!(rig.told(), [State(Waiting, 0), Packet(1, 3), State(Live, 0)]);
}

#[test]
fn hostile_packets_change_nothing() {
    let mut rig = rig(1, true);
    rig.hear(0, 1, 5);
    let good = packet(SESSION, 5, 9);
    let mut random = 7_u64;
    for n in 0..2_000_usize {
        random = onetape_core::hash::mix(random);
        let mut bytes = good.clone();
        match n % 4 {
            0 => bytes.truncate(random as usize % good.len()),
            1 => bytes[18..20].copy_from_slice(&(random as u16 | 8).to_be_bytes()),
            2 => bytes[20..22].copy_from_slice(&(random as u16 | 16).to_be_bytes()),
            _ => bytes.extend(std::iter::repeat_n(0, 1 + random as usize % 3_000)),
        }
        // One whole packet in so many, cut to less than the session's name, is nobody's either.
        rig.send(n % 2, &bytes);
        assert_eq!(rig.told(), [], "{bytes:?}");
    }
    assert_eq!(rig.lines.report(0).refused + rig.lines.report(1).refused, 2_000);
    assert_eq!(rig.hear(1, 5, 9), [Packet(5, 9)]);
}

#[test]
fn what_the_kernel_drops_is_counted() {
    let config = FeedConfig { receive_bytes: 1, ..FeedConfig::default() };
    let mut rig = Rig::new(0, false, FeedConfig { report_ns: MILLISECOND, ..config });
    let granted = rig.lines.granted().next().unwrap();
    assert!(granted.has_timestamps && granted.has_drop_count);
    assert!(granted.receive_bytes < 10_000, "{granted:?}");
    for n in 0..500 {
        rig.send(0, &packet(SESSION, 1 + n * 100, 101 + n * 100));
    }
    let came = rig.told().len() as u64;
    assert!(came < 100, "{came}");
    // Nothing comes after it: the kernel is asked.
    rig.now_ns += i64::MAX / 3;
    rig.told();
    let report = rig.lines.report(0);
    assert_eq!(report.packets + report.kernel_drops, 500, "{report:?}");
}

#[test]
fn each_line_is_reported_every_so_often() {
    let mut rig = rig(1, false);
    rig.hear(0, 1, 5);
    assert_eq!(rig.reports, []);
    rig.after(i64::MAX / 3);
    assert_eq!(rig.reports, [(0, 1), (1, 0), (2, 0)]);
}

#[test]
fn waiting_ends_when_something_comes() {
    let rig = rig(0, true);
    let started = std::time::Instant::now();
    rig.lines.wait(Duration::from_millis(20));
    assert!(started.elapsed() >= Duration::from_millis(20));
    rig.send(1, &packet(SESSION, 1, 2));
    rig.lines.wait(Duration::from_secs(50));
    assert!(started.elapsed() < Duration::from_secs(40));
}

#[test]
fn what_cannot_be_had_is_refused() {
    let one = || FeedConfig { lines: vec![here()], ..FeedConfig::default() };
    let long = |username: &str, password: &str| SnapshotConfig {
        address: here().into(),
        username: username.to_owned(),
        password: Secret::new(password),
    };
    for (config, word) in [
        (FeedConfig::default(), "line"),
        (FeedConfig { lines: vec![here(); 33], ..one() }, "32"),
        (FeedConfig { batch_packets: 65, ..one() }, "batch"),
        (FeedConfig { packet_bytes_max: 20, ..one() }, "packet"),
        (FeedConfig { held_packets_max: 0, ..one() }, "hold"),
        (FeedConfig { snapshot: Some(long("sevench", "x")), ..one() }, "username"),
        (FeedConfig { snapshot: Some(long("x", "elevenchars")), ..one() }, "username"),
    ] {
        let refused = FeedLines::open(config, 0).unwrap_err().to_string();
        assert!(refused.contains(word), "{refused}");
    }
}
