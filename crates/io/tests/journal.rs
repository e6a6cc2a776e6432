// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The journal on disk, seen from outside: append, read, roll, close, open again, follow.

mod folder;

use folder::{TestFolder, append_numbered, bodies, small};
use onetape_core::journal::SinkError;
use onetape_core::journal::index::Index;
use onetape_core::journal::snapshot::SnapshotHeader;
use onetape_io::journal_file::{
    Durability, JournalFileError, JournalReader, JournalWriter, Options, SegmentState, TailState,
    info, newest_snapshot, verify, write_snapshot,
};

#[test]
fn what_was_appended_is_read_over_many_segments() {
    let folder = TestFolder::new("roll");
    let mut writer = JournalWriter::open(folder.path(), &small()).unwrap();
    append_numbered(&mut writer, 1, 2000);
    assert_eq!(writer.last_seq(), 2000);
    writer.close().unwrap();
    assert_eq!(bodies(folder.path()), (1..=2000).collect::<Vec<u64>>());
    let segments = info(folder.path()).unwrap();
    assert!(segments.len() > 10);
    assert!(segments.iter().all(|segment| segment.state == SegmentState::Sealed));
    let report = verify(folder.path(), None).unwrap();
    assert_eq!((report.findings, report.entries), (vec![], 2000));
    assert_eq!(report.tail, TailState::Sealed);
}

#[test]
fn opened_again_it_goes_on_in_a_new_segment() {
    let folder = TestFolder::new("again");
    for round in 0..3_u64 {
        let mut writer = JournalWriter::open(folder.path(), &small()).unwrap();
        assert_eq!(writer.recovery(), None);
        assert_eq!(writer.last_seq(), round * 10);
        append_numbered(&mut writer, round * 10 + 1, 10);
        writer.close().unwrap();
    }
    assert_eq!(bodies(folder.path()), (1..=30).collect::<Vec<u64>>());
    assert_eq!(info(folder.path()).unwrap().len(), 3);
}

#[test]
fn an_empty_journal_can_be_closed_and_read() {
    let folder = TestFolder::new("empty");
    JournalWriter::open(folder.path(), &small()).unwrap().close().unwrap();
    JournalWriter::open(folder.path(), &small()).unwrap().close().unwrap();
    assert_eq!(bodies(folder.path()), Vec::<u64>::new());
    assert_eq!(verify(folder.path(), None).unwrap().findings, vec![]);
}

#[test]
fn a_reader_follows_the_writer_over_rolls_and_reopenings() {
    let folder = TestFolder::new("follow");
    let mut writer = JournalWriter::open(folder.path(), &small()).unwrap();
    let mut reader = JournalReader::open(folder.path()).unwrap();
    for seq in 1..=1000 {
        assert!(reader.next_entry().unwrap().is_none());
        append_numbered(&mut writer, seq, 1);
        assert_eq!(reader.next_entry().unwrap().unwrap().seq, seq);
        if seq % 300 == 0 {
            writer.close().unwrap();
            assert!(reader.next_entry().unwrap().is_none());
            writer = JournalWriter::open(folder.path(), &small()).unwrap();
        }
    }
}

#[test]
fn times_before_the_last_are_raised_and_counted() {
    let folder = TestFolder::new("times");
    let mut writer = JournalWriter::open(folder.path(), &small()).unwrap();
    for ts_ns in [-7, 5, 3, 5, 9] {
        writer.append(ts_ns, 1, 1, 0, &[], &[]).unwrap();
    }
    assert_eq!((writer.times_raised(), writer.last_ts_ns()), (1, 9));
    writer.close().unwrap();
    let mut reader = JournalReader::open(folder.path()).unwrap();
    let mut times = Vec::new();
    while let Some(entry) = reader.next_entry().unwrap() {
        times.push(entry.ts_ns);
    }
    assert_eq!(times, [-7, 5, 5, 5, 9]);
}

#[test]
fn seeking_finds_every_entry_by_number_and_by_time() {
    let folder = TestFolder::new("seek");
    let options = Options { segment_bytes: 1 << 18, ..small() };
    let mut writer = JournalWriter::open(folder.path(), &options).unwrap();
    append_numbered(&mut writer, 1, 20_000); // Entry n has time n / 10 * 100.
    let mut reader = JournalReader::open(folder.path()).unwrap();
    for seq in (1..=20_000).step_by(97) {
        reader.seek_seq(seq).unwrap();
        assert_eq!(reader.next_entry().unwrap().unwrap().seq, seq);
        let tens = seq / 10;
        reader.seek_ts((tens * 100).cast_signed()).unwrap();
        assert_eq!(reader.next_entry().unwrap().unwrap().seq, (tens * 10).max(1));
        reader.seek_ts((tens * 100).cast_signed() + 1).unwrap();
        let found = reader.next_entry().unwrap().map(|entry| entry.seq);
        assert_eq!(found, (tens * 10 + 10 <= 20_000).then_some(tens * 10 + 10));
    }
    reader.seek_seq(20_001).unwrap();
    assert!(reader.next_entry().unwrap().is_none());
    append_numbered(&mut writer, 20_001, 1);
    assert_eq!(reader.next_entry().unwrap().unwrap().seq, 20_001);
}

#[test]
fn seeking_does_without_an_index_or_with_a_wrong_one() {
    let folder = TestFolder::new("noindex");
    let mut writer = JournalWriter::open(folder.path(), &small()).unwrap();
    append_numbered(&mut writer, 1, 500);
    writer.close().unwrap();
    std::fs::remove_file(folder.path().join("00000001.idx")).unwrap();
    std::fs::write(folder.path().join("00000002.idx"), b"nonsense").unwrap();
    // A whole index of the right segment whose marks lead elsewhere.
    let third = &info(folder.path()).unwrap()[2];
    let mut index = Index::default();
    index.note(third.header.unwrap().first_seq + 5, 0, 1 << 40);
    let lying = index.encode(3, &third.seal.unwrap().content);
    std::fs::write(folder.path().join("00000003.idx"), lying).unwrap();
    let mut reader = JournalReader::open(folder.path()).unwrap();
    for seq in [3, 150, 250, third.header.unwrap().first_seq + 7, 499] {
        reader.seek_seq(seq).unwrap();
        assert_eq!(reader.next_entry().unwrap().unwrap().seq, seq);
    }
    JournalWriter::open(folder.path(), &small()).unwrap().close().unwrap();
    assert!(folder.path().join("00000001.idx").exists());
}

#[test]
fn a_second_writer_is_refused_and_told_who_writes() {
    let folder = TestFolder::new("locked");
    let writer = JournalWriter::open(folder.path(), &small()).unwrap();
    match JournalWriter::open(folder.path(), &small()) {
        Err(JournalFileError::Locked { pid, .. }) => assert_eq!(pid, std::process::id()),
        other => panic!("expected Locked, found {other:?}"),
    }
    drop(writer);
    JournalWriter::open(folder.path(), &small()).unwrap();
}

#[test]
fn an_entry_longer_than_a_segment_is_refused_and_harms_nothing() {
    let folder = TestFolder::new("long");
    let mut writer = JournalWriter::open(folder.path(), &small()).unwrap();
    append_numbered(&mut writer, 1, 1);
    let most = small().segment_bytes - 4096 - 32 - 32;
    let body = vec![7; most + 1];
    let refused = writer.append(0, 1, 1, 0, &[], &body);
    assert!(matches!(refused, Err(SinkError::TooLong { .. })));
    assert_eq!(writer.append(0, 1, 1, 0, &body[..most], &[]), Ok(2));
    append_numbered(&mut writer, 3, 1);
    writer.close().unwrap();
    let report = verify(folder.path(), None).unwrap();
    assert_eq!((report.entries, report.findings), (3, vec![]));
}

#[test]
fn fsync_commits_what_was_appended() {
    let folder = TestFolder::new("fsync");
    let options = Options { durability: Durability::Fsync, ..small() };
    let mut writer = JournalWriter::open(folder.path(), &options).unwrap();
    for round in 0..20 {
        append_numbered(&mut writer, round * 50 + 1, 50);
        assert!(writer.committed_seq() <= writer.last_seq());
        writer.wait_committed(round * 50 + 25).unwrap();
        assert!(writer.committed_seq() >= round * 50 + 25);
    }
    writer.commit().unwrap();
    assert_eq!(writer.committed_seq(), 1000);
    writer.close().unwrap();
    assert_eq!(bodies(folder.path()).len(), 1000);
}

#[test]
fn options_out_of_range_are_refused() {
    let folder = TestFolder::new("options");
    for segment_bytes in [0, 4096, 10_000, 1 << 32] {
        let options = Options { segment_bytes, ..small() };
        let refused = JournalWriter::open(folder.path(), &options);
        assert!(matches!(refused, Err(JournalFileError::Option { .. })), "{segment_bytes}");
    }
}

#[test]
fn no_journal_is_not_an_empty_one() {
    let folder = TestFolder::new("none");
    std::fs::create_dir_all(folder.path()).unwrap();
    let nowhere = folder.path().join("nowhere");
    for path in [folder.path(), nowhere.as_path()] {
        let refused = JournalReader::open(path);
        assert!(matches!(refused, Err(JournalFileError::NotFound { .. })));
    }
}

#[test]
fn the_newest_whole_snapshot_is_taken() {
    let folder = TestFolder::new("snapshots");
    let header = |seq| SnapshotHeader {
        seq,
        ts_ns: 5,
        state_hash: seq * 3,
        schema_version: 1,
        component_version: 1,
    };
    for seq in [10, 20, 30] {
        write_snapshot(folder.path(), &header(seq), format!("state {seq}").as_bytes()).unwrap();
    }
    let newest = write_snapshot(folder.path(), &header(40), b"state 40").unwrap();
    let whole = std::fs::read(&newest).unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&newest, bytes).unwrap();
        let (taken, passed_over) = newest_snapshot(folder.path(), u64::MAX).unwrap();
        assert_eq!(taken, Some((header(30), b"state 30".to_vec())), "byte {at}");
        assert_eq!(passed_over.len(), 1);
    }
    let (taken, passed_over) = newest_snapshot(folder.path(), 29).unwrap();
    assert_eq!((taken.unwrap().0.seq, passed_over.len()), (20, 0));
    assert_eq!(newest_snapshot(folder.path(), 9).unwrap().0, None);
}

#[test]
fn a_segment_created_this_moment_is_one_that_is_prepared() {
    let folder = TestFolder::new("created");
    let mut writer = JournalWriter::open(folder.path(), &small()).unwrap();
    append_numbered(&mut writer, 1, 3);
    writer.close().unwrap();
    std::fs::write(folder.path().join("00000002.seg"), []).unwrap();
    let states: Vec<_> = info(folder.path()).unwrap().iter().map(|at| at.state).collect();
    assert_eq!(states, [SegmentState::Sealed, SegmentState::Prepared]);
}
