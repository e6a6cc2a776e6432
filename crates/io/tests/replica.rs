// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Primary, standby and witness over real sockets: the same journal on both sides, take-over,
//! hand-over, refusals.

mod cluster;
mod folder;

use std::time::{Duration, Instant};

use cluster::{Cluster, Echo, entries, segments};
use folder::TestFolder;
use onetape_io::journal_file::verify;
use onetape_io::replica::{
    CommitMode, Company, Outcome, ReplicaError, Secret, SnapshotPolicy, WitnessOptions,
    WitnessServer, recover,
};

#[test]
fn a_standby_has_the_same_bytes_and_catches_up_after_each_loss() {
    let mut cluster = Cluster::new("same");
    let mut primary = cluster.primary(CommitMode::Standby, Company::Optional(Duration::ZERO));
    primary.inputs(3000); // Before anybody follows: alone.
    primary.wait_released();
    let standby = cluster.follow();
    standby.wait_for(primary.last_seq());
    primary.wait_covered(); // From here on nothing leaves without it.
    for _ in 0..20 {
        primary.inputs(100);
        primary.wait_released();
    }
    assert!(standby.control.status().received >= primary.released());
    standby.wait_for(primary.last_seq());
    let status = standby.control.status();
    assert!(status.in_step && status.connected, "{status:?}");
    assert_eq!(status.applied, primary.last_seq());
    assert!(matches!(standby.stop().unwrap(), Outcome::Stopped));
    primary.inputs(5000);
    let standby = cluster.follow();
    standby.wait_for(primary.last_seq());
    standby.stop().unwrap();
    primary.stop();
    assert_eq!(entries(&cluster.folder(0)), entries(&cluster.folder(1)));
    for node in 0..2 {
        assert_eq!(verify(&cluster.folder(node), None).unwrap().findings, vec![]);
    }
}

#[test]
fn a_standby_that_follows_from_the_start_writes_the_same_segments() {
    let mut cluster = Cluster::new("segments");
    let mut primary = cluster.primary(CommitMode::Standby, Company::Required);
    let standby = cluster.follow();
    primary.inputs(20_000);
    primary.wait_released();
    standby.wait_for(primary.last_seq());
    standby.stop().unwrap();
    primary.stop();
    let ours = segments(&cluster.folder(0));
    assert!(ours.len() > 10);
    assert_eq!(ours, segments(&cluster.folder(1)));
}

#[test]
fn the_standby_takes_over_when_the_primary_dies() {
    let mut cluster = Cluster::new("dies");
    let mut primary = cluster.primary(CommitMode::Standby, Company::Required);
    let standby = cluster.follow();
    primary.inputs(500);
    primary.wait_covered();
    let (term, released) = (primary.term(), primary.released());
    let before = Instant::now();
    primary.die();
    let Outcome::Promoted(mut promoted) = standby.join().unwrap() else { panic!("stopped") };
    let took = before.elapsed();
    assert_eq!(promoted.term, term + 1);
    assert!(promoted.journal.last_seq() >= released);
    assert!(promoted.keeper.lease().is_alone());
    assert!(took < Duration::from_secs(2), "{took:?}");
    let seq = promoted.journal.append(9_999_999, 100, 1, 5, b"next", &[]).unwrap();
    assert_eq!(seq, promoted.journal.last_seq());
    // The old one comes back: it is not the last holder, so it gets no term.
    let refused = cluster.keeper(0, 0).wait_held(Duration::from_secs(1)).unwrap_err();
    assert!(matches!(refused, ReplicaError::NotGranted { .. }), "{refused}");
    assert!(refused.to_string().contains("beta"), "{refused}");
}

#[test]
fn without_a_witness_nobody_takes_over() {
    let mut cluster = Cluster::new("alone");
    let mut primary = cluster.primary(CommitMode::Standby, Company::Required);
    let standby = cluster.follow();
    primary.inputs(50);
    primary.wait_covered();
    cluster.stop_witness();
    primary.inputs(50);
    // The standby's promise carries the lease.
    std::thread::sleep(Duration::from_millis(200));
    primary.inputs(50);
    primary.wait_released();
    primary.die();
    std::thread::sleep(Duration::from_millis(600));
    let notices = standby.control.notices();
    assert!(notices.iter().any(|text| text.starts_with("no take-over")), "{notices:?}");
    // It comes back, with its ballot.
    cluster.start_witness();
    assert!(matches!(standby.join().unwrap(), Outcome::Promoted(_)));
}

#[test]
fn a_primary_cut_off_from_both_stops_releasing() {
    let mut cluster = Cluster::new("cut");
    let mut primary = cluster.primary(CommitMode::Async, Company::Optional(Duration::ZERO));
    primary.inputs(10);
    primary.wait_released();
    cluster.stop_witness();
    let until = Instant::now() + Duration::from_secs(5);
    while primary.is_held() {
        assert!(Instant::now() < until, "it still holds the lease");
        std::thread::sleep(Duration::from_millis(1));
    }
    let before = primary.released();
    primary.inputs(10);
    assert_eq!(primary.released(), before);
    cluster.start_witness();
    primary.wait_released();
    assert_eq!(primary.released(), primary.last_seq());
}

#[test]
fn on_command_a_primary_hands_over() {
    let mut cluster = Cluster::new("hands");
    let mut primary = cluster.primary(CommitMode::Standby, Company::Required);
    let standby = cluster.follow();
    primary.inputs(100);
    primary.wait_released();
    standby.control.take_over();
    let until = Instant::now() + Duration::from_secs(5);
    while !primary.was_asked_to_hand_over() {
        assert!(Instant::now() < until, "nothing was asked");
        std::thread::sleep(Duration::from_millis(1));
    }
    let last_seq = primary.last_seq();
    assert!(primary.hand_over());
    let Outcome::Promoted(promoted) = standby.join().unwrap() else { panic!("stopped") };
    assert_eq!(promoted.journal.last_seq(), last_seq);
    assert!(!primary.is_held());
}

#[test]
fn another_journal_and_another_secret_are_refused() {
    let mut cluster = Cluster::new("refused");
    let mut primary = cluster.primary(CommitMode::Async, Company::Optional(Duration::ZERO));
    primary.inputs(100);
    cluster.write_own(1, 30, 7);
    let refused = cluster.follow().join().unwrap_err();
    assert!(matches!(&refused, ReplicaError::Refused { text, .. } if text.contains("parted")));
    std::fs::remove_dir_all(cluster.folder(1)).unwrap();
    cluster.write_own(1, 300, 1);
    let refused = cluster.follow().join().unwrap_err();
    assert!(matches!(&refused, ReplicaError::Refused { text, .. } if text.contains("released")));
    cluster.change_secret(b"another secret of the cluster");
    let refused = cluster.follow().join().unwrap_err();
    assert!(matches!(refused, ReplicaError::Secret { .. }), "{refused}");
    assert!(!format!("{refused:?} {refused}").contains("another secret"));
}

#[test]
fn a_standby_that_computes_otherwise_stops_at_the_first_difference() {
    let mut cluster = Cluster::new("differs");
    let mut primary = cluster.primary(CommitMode::Async, Company::Optional(Duration::ZERO));
    primary.inputs(100);
    let standby = cluster.follow_with(|| Echo { wrong_at: 77, ..Echo::default() });
    match standby.join().unwrap_err() {
        ReplicaError::Differs { mismatch } => assert_eq!(mismatch.made.unwrap().0, 101),
        other => panic!("{other}"),
    }
}

#[test]
fn a_standby_takes_snapshots_and_comes_up_from_them() {
    let mut cluster = Cluster::new("snapshots");
    let mut primary = cluster.primary(CommitMode::Async, Company::Optional(Duration::ZERO));
    cluster.snapshots = SnapshotPolicy {
        entries: 500,
        pause: Duration::ZERO,
        kept: 2,
        ..SnapshotPolicy::default()
    };
    let standby = cluster.follow();
    for _ in 0..10 {
        primary.inputs(300);
        standby.wait_for(primary.last_seq());
    }
    standby.stop().unwrap();
    primary.stop();
    let policy = cluster.snapshots;
    let options = cluster.journal_options();
    let up = recover(&cluster.folder(1), &options, &policy, Echo::default).unwrap();
    assert!(up.replayed.snapshot_seq > 1000, "{:?}", up.replayed);
    let whole = recover(&cluster.folder(0), &options, &policy, Echo::default).unwrap();
    assert_eq!((whole.replayed.snapshot_seq, whole.component), (0, up.component));
    let left = std::fs::read_dir(cluster.folder(1).join("snapshots")).unwrap().count();
    assert!(left <= 2, "{left}");
}

#[test]
fn a_witness_remembers_its_terms_and_says_when_its_ballot_is_damaged() {
    let folder = TestFolder::new("ballot");
    let mut cluster = Cluster::new("ballots");
    let first = cluster.keeper(0, 0);
    assert_eq!(first.wait_held(Duration::from_secs(2)).unwrap(), 1);
    cluster.stop_witness();
    drop(first);
    cluster.start_witness();
    let second = cluster.keeper(0, 0);
    assert_eq!(second.wait_held(Duration::from_secs(2)).unwrap(), 2);
    std::fs::create_dir_all(folder.path()).unwrap();
    std::fs::write(folder.path().join("ballot"), [0; 80]).unwrap();
    let options = WitnessOptions {
        folder: folder.path().to_owned(),
        secret: Secret::new(b"0123456789abcdef").unwrap(),
        ..cluster.witness_options()
    };
    let refused = WitnessServer::start(options).unwrap_err();
    assert!(matches!(refused, ReplicaError::Ballot { .. }), "{refused}");
}
