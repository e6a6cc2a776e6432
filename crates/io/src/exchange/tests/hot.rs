// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! An engine that never sleeps reads from busy clients directly: the others are heard all the same.

use super::rig::{Peer, Rig, config};
use crate::exchange::scratch::Scratch;

/// One message there, the same back.
fn exchange(peer: &mut Peer, text: &str) {
    peer.say(text.as_bytes());
    assert_eq!(peer.message(), text.as_bytes());
}

#[test]
fn while_some_speak_all_the_time_others_come_speak_and_go() {
    let folder = Scratch::new("hot");
    let mut config = config(folder.path());
    config.busy_poll = true;
    let rig = Rig::start(config);
    let (mut busy, _) = rig.log_in(1, 1);
    (0..500).for_each(|number| exchange(&mut busy, &format!("A{number}")));
    // Read directly by now. Somebody else comes, and both speak in turns.
    let (mut quiet, _) = rig.log_in(2, 1);
    for number in 0..50 {
        exchange(&mut quiet, &format!("Q{number}"));
        (0..10).for_each(|again| exchange(&mut busy, &format!("B{number}.{again}")));
    }
    // The busy one goes without a word; its place, and its port, are free for the next.
    drop(busy);
    exchange(&mut quiet, "still here");
    let until = std::time::Instant::now() + super::rig::PATIENCE;
    let mut again = loop {
        let mut peer = rig.connect();
        peer.ask_in("user1", "pass1", b"", 1);
        if peer.next().is_some_and(|(kind, _)| kind == b'A') {
            break peer;
        }
        assert!(std::time::Instant::now() < until, "the port is never free again");
    };
    for number in 0..500 {
        assert_eq!(again.message(), format!("A{number}").as_bytes(), "told again");
    }
    let server = rig.stop();
    assert_eq!(server.counts().messages, 500 + 50 * 11 + 1);
    assert_eq!(server.counts().logins, 3);
}

#[test]
fn a_busy_client_waits_while_commits_do_and_loses_nothing() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    let folder = Scratch::new("hot-queue");
    let mut config = config(folder.path());
    let held = Arc::new(AtomicU64::new(u64::MAX));
    config.busy_poll = true;
    config.pending_max = 10;
    config.commit = crate::exchange::Commit::Standby(Arc::clone(&held));
    let rig = Rig::start(config);
    let (mut peer, _) = rig.log_in(1, 1);
    (0..100).for_each(|number| exchange(&mut peer, &format!("A{number}")));
    held.store(0, Ordering::SeqCst);
    (0..1_000).for_each(|number| peer.say(format!("B{number}").as_bytes()));
    std::thread::sleep(std::time::Duration::from_millis(50));
    held.store(u64::MAX, Ordering::SeqCst);
    for number in 0..1_000 {
        assert_eq!(peer.message(), format!("B{number}").as_bytes());
    }
    drop(rig.stop());
}
