// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What damage does: every flip is found and placed, forgeries are found by the hashes, torn tails
//! are cut at the last whole entry, and nothing else is ever cut.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod folder;

use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use folder::{TestFolder, append_numbered, bodies, small};
use onetape_core::journal::crc32c::checksum;
use onetape_core::journal::segment::{DATA_START, SEAL_START, Seal, chain_input};
use onetape_io::journal_file::{
    Finding, JournalFileError, JournalReader, JournalWriter, Options, Report, TailState, verify,
};

/// Entries 1 to `count` in sealed segments of 8 KiB.
fn closed(name: &str, count: u64) -> TestFolder {
    let folder = TestFolder::new(name);
    let mut writer = JournalWriter::open(folder.path(), &small()).unwrap();
    append_numbered(&mut writer, 1, count);
    writer.close().unwrap();
    folder
}

/// As a machine would find it after the writer was killed: entries 1 to `count`, nothing closed.
fn killed(name: &str, count: u64) -> TestFolder {
    let living = TestFolder::new(name);
    let mut writer = JournalWriter::open(living.path(), &small()).unwrap();
    append_numbered(&mut writer, 1, count);
    let folder = TestFolder::new(name);
    fs::create_dir_all(folder.path()).unwrap();
    for file in fs::read_dir(living.path()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    writer.close().unwrap();
    folder
}

fn segment(folder: &TestFolder, number: u64) -> PathBuf {
    folder.path().join(format!("{number:08}.seg"))
}

fn check(folder: &TestFolder) -> Report {
    verify(folder.path(), None).unwrap()
}

fn findings(folder: &TestFolder) -> Vec<Finding> {
    check(folder).findings
}

#[test]
fn every_flipped_bit_is_found_and_its_byte_named() {
    let folder = closed("flip", 150);
    for (number, step) in [(1, 1), (2, 11)] {
        let path = segment(&folder, number);
        let good = fs::read(&path).unwrap();
        let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        for at in (0..good.len()).step_by(step) {
            file.write_all_at(&[good[at] ^ 1 << (at * 5 % 8)], at as u64).unwrap();
            let found = findings(&folder);
            let first = found.first().unwrap_or_else(|| panic!("byte {at} of {number} not found"));
            assert_eq!((&first.path, first.offset), (&path, at as u64), "{}", first.what);
            file.write_all_at(&good[at..=at], at as u64).unwrap();
        }
    }
    assert_eq!(findings(&folder), vec![]);
}

#[test]
fn a_flip_stops_a_reader_with_the_place() {
    let folder = closed("readflip", 100);
    let path = segment(&folder, 1);
    let mut bytes = fs::read(&path).unwrap();
    bytes[DATA_START + 40] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let mut reader = JournalReader::open(folder.path()).unwrap();
    match reader.next_entry() {
        Err(JournalFileError::Corrupt { path: where_, offset, .. }) => {
            assert_eq!((where_, offset), (path, DATA_START as u64));
        }
        other => panic!("expected Corrupt, found {other:?}"),
    }
}

/// Changes a body byte of the first entry of segment 2 and makes its checksum good again.
fn forge_entry(folder: &TestFolder) -> Vec<u8> {
    let path = segment(folder, 2);
    let mut bytes = fs::read(&path).unwrap();
    bytes[DATA_START + 35] ^= 1;
    let length = u32::from_le_bytes(*bytes[DATA_START..].first_chunk().unwrap()) as usize;
    let crc = checksum(&bytes[DATA_START + 8..DATA_START + length]);
    bytes[DATA_START + 4..DATA_START + 8].copy_from_slice(&crc.to_le_bytes());
    fs::write(&path, &bytes).unwrap();
    bytes
}

fn forge_seal(folder: &TestFolder, number: u64, previous: [u8; 32]) -> [u8; 32] {
    let path = segment(folder, number);
    let mut bytes = fs::read(&path).unwrap();
    let mut seal = Seal::decode(&bytes).unwrap().unwrap();
    seal.previous_chain = previous;
    seal.content = *blake3::hash(&bytes[DATA_START..]).as_bytes();
    let input = chain_input(&previous, bytes.first_chunk().unwrap(), &seal.content);
    seal.chain = *blake3::hash(&input).as_bytes();
    bytes[SEAL_START..SEAL_START + 256].copy_from_slice(&seal.encode());
    fs::write(&path, &bytes).unwrap();
    seal.chain
}

#[test]
fn an_edit_with_good_checksums_is_found_by_the_hashes() {
    let folder = closed("forge", 500);
    let head = check(&folder).head;
    let first = Seal::decode(&fs::read(segment(&folder, 1)).unwrap()).unwrap().unwrap();
    forge_entry(&folder);
    let found = findings(&folder);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].segment, found[0].offset), (2, DATA_START as u64));

    let mut chain = forge_seal(&folder, 2, first.chain);
    let found = findings(&folder);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].segment, found[0].offset), (3, SEAL_START as u64 + 40));

    let mut number = 3;
    while segment(&folder, number).exists() {
        chain = forge_seal(&folder, number, chain);
        number += 1;
    }
    assert_eq!(findings(&folder), vec![]);
    assert_eq!(verify(folder.path(), Some(&head)).unwrap().findings.len(), 1);
    let kept = verify(folder.path(), Some(&first.chain)).unwrap();
    assert_eq!((kept.findings, kept.head_found), (vec![], Some(1)));
}

#[test]
fn missing_exchanged_and_cut_segments_are_found() {
    let folder = closed("missing", 1000);
    let (second, third) = (segment(&folder, 2), segment(&folder, 3));
    let (two, three) = (fs::read(&second).unwrap(), fs::read(&third).unwrap());
    let first_what = || findings(&folder).first().map(|found| (found.segment, found.what.clone()));

    fs::remove_file(&second).unwrap();
    assert!(first_what().unwrap().1.contains("segment 2 is missing"));
    let mut reader = JournalReader::open(folder.path()).unwrap();
    let failed = loop {
        match reader.next_entry() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the missing segment was passed over"),
            Err(err) => break err,
        }
    };
    assert!(matches!(failed, JournalFileError::Gap { .. }), "{failed}");
    let refused = JournalWriter::open(folder.path(), &small());
    assert!(matches!(refused, Err(JournalFileError::Gap { .. })));

    fs::write(&second, &three).unwrap();
    fs::write(&third, &two).unwrap();
    assert_eq!(first_what().unwrap().0, 2);

    fs::write(&second, &two).unwrap();
    fs::write(&third, &three[..three.len() - 1]).unwrap();
    assert!(first_what().unwrap().1.contains("the file ends here"));
    fs::write(&third, &three[..100]).unwrap();
    assert_eq!(first_what().unwrap().0, 3);
    let mut longer = three.clone();
    longer.extend_from_slice(&[0, 0, 1]);
    fs::write(&third, &longer).unwrap();
    assert_eq!(findings(&folder)[0].offset, three.len() as u64 + 2);
    fs::write(&third, &three).unwrap();
    assert_eq!(first_what(), None);

    fs::remove_file(segment(&folder, 1)).unwrap();
    assert!(first_what().unwrap().1.contains("segment 1 is missing"));
}

#[test]
fn after_a_kill_nothing_is_lost_and_every_segment_gets_its_seal() {
    for count in [0, 1, 50, 500] {
        let folder = killed("killed", count);
        assert_eq!(check(&folder).tail, TailState::Unsealed);
        assert_eq!(findings(&folder), vec![]);
        let mut writer = JournalWriter::open(folder.path(), &small()).unwrap();
        let recovery = writer.recovery().unwrap().clone();
        assert_eq!((recovery.last_seq, recovery.cut_bytes, recovery.kept), (count, 0, None));
        append_numbered(&mut writer, count + 1, 10);
        writer.close().unwrap();
        assert_eq!(bodies(folder.path()), (1..=count + 10).collect::<Vec<_>>());
        let report = check(&folder);
        assert_eq!((report.findings, report.tail), (vec![], TailState::Sealed));
    }
}

/// Number of the last segment that has begun, its bytes, and where its entries end.
fn last_begun(folder: &TestFolder) -> (u64, Vec<u8>, usize) {
    let begun = |number: &u64| {
        fs::read(segment(folder, *number)).is_ok_and(|bytes| bytes.first().is_some_and(|&b| b != 0))
    };
    let number = (1..1000).take_while(begun).last().unwrap();
    let bytes = fs::read(segment(folder, number)).unwrap();
    let end = bytes.iter().rposition(|&byte| byte != 0).unwrap() + 1;
    (number, bytes, end)
}

fn copy(from: &Path, name: &str) -> TestFolder {
    let folder = TestFolder::new(name);
    fs::create_dir_all(folder.path()).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    folder
}

#[test]
fn a_torn_tail_is_cut_at_the_last_whole_entry_and_reported() {
    let whole = killed("torn", 150);
    let (number, bytes, end) = last_begun(&whole);
    let first_kept = u64::from_le_bytes(*bytes[24..].first_chunk().unwrap());
    for cut in end - 150..end {
        let folder = copy(whole.path(), "torncut");
        let mut torn = bytes.clone();
        torn[cut..].fill(0);
        fs::write(segment(&folder, number), &torn).unwrap();
        let report = check(&folder);
        assert_eq!(report.findings, vec![], "cut at {cut}");
        let mut writer = JournalWriter::open(folder.path(), &small()).unwrap();
        let recovery = writer.recovery().unwrap().clone();
        assert_eq!(report.last_seq, recovery.last_seq);
        assert!((first_kept..=150).contains(&(recovery.last_seq + 1)));
        match report.tail {
            TailState::Torn { segment, offset, bytes } => {
                let expected = (recovery.segment, recovery.offset, recovery.cut_bytes);
                assert_eq!((segment, offset, bytes), expected);
                assert_eq!(recovery.cut_seq, Some(recovery.last_seq + 1));
                let kept = fs::read(recovery.kept.unwrap()).unwrap();
                assert_eq!(kept, torn[offset as usize..][..bytes as usize]);
            }
            tail => {
                assert_eq!((tail, recovery.cut_bytes), (TailState::Unsealed, 0), "cut at {cut}");
            }
        }
        append_numbered(&mut writer, recovery.last_seq + 1, 3);
        writer.close().unwrap();
        assert_eq!(bodies(folder.path()), (1..=recovery.last_seq + 3).collect::<Vec<_>>());
        assert_eq!(findings(&folder), vec![]);
    }
}

#[test]
fn damage_that_no_crash_leaves_is_refused_not_cut() {
    let folder = killed("refuse", 150);
    let (number, mut bytes, end) = last_begun(&folder);
    let at = DATA_START + 40;
    assert!(at + 200 < end);
    bytes[at] ^= 1;
    fs::write(segment(&folder, number), &bytes).unwrap();
    assert_eq!(findings(&folder)[0].offset, at as u64);
    let refused = JournalWriter::open(folder.path(), &small());
    assert!(matches!(refused, Err(JournalFileError::Corrupt { .. })), "{refused:?}");
    let options = Options { cut_damaged: true, ..small() };
    let writer = JournalWriter::open(folder.path(), &options).unwrap();
    let recovery = writer.recovery().unwrap();
    assert_eq!(recovery.offset, DATA_START as u64);
    assert_eq!(recovery.cut_bytes, (end - DATA_START) as u64);
    drop(writer);
    assert_eq!(findings(&folder), vec![]);
}

#[test]
fn a_crash_between_the_next_header_and_the_marker_is_mended() {
    let folder = killed("between", 150);
    let (number, mut bytes, _) = last_begun(&folder);
    // As if segment `number` had been entered only: the one before it lost its marker and seal.
    let before = segment(&folder, number - 1);
    let mut ended = fs::read(&before).unwrap();
    let marker = ended.len() - 32;
    ended[marker..].fill(0);
    ended[SEAL_START..SEAL_START + 256].fill(0);
    ended.resize(8192, 0);
    fs::write(&before, &ended).unwrap();
    let last_before = u64::from_le_bytes(*bytes[24..].first_chunk().unwrap()) - 1;
    bytes[DATA_START..].fill(0);
    fs::write(segment(&folder, number), &bytes).unwrap();
    let mut writer = JournalWriter::open(folder.path(), &small()).unwrap();
    assert_eq!(writer.last_seq(), last_before);
    append_numbered(&mut writer, last_before + 1, 5);
    writer.close().unwrap();
    assert_eq!(bodies(folder.path()), (1..=last_before + 5).collect::<Vec<_>>());
    assert_eq!(findings(&folder), vec![]);
}
