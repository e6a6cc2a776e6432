// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A disk that fills up: appending is refused, nothing that was appended is lost or half there, and
//! it goes on once there is room. On a small filesystem of its own, so it needs root.

mod disk;
mod folder;

use std::fs;

use disk::SmallDisk;
use folder::{TestFolder, bodies, small};
use onetape_core::journal::SinkError;
use onetape_io::journal_file::{
    Durability, JournalFileError, JournalWriter, Options, TailState, verify,
};

fn append_until_full(writer: &mut JournalWriter) -> u64 {
    loop {
        let number = writer.last_seq() + 1;
        let fixed = number.to_le_bytes();
        let tail = [number as u8; 13];
        let tail = &tail[..(number % 14) as usize];
        match writer.append(0, 3, 1, 0, &fixed, tail) {
            Ok(seq) => assert_eq!(seq, number),
            Err(err) => {
                assert_eq!(err, SinkError::Full);
                return number - 1;
            }
        }
    }
}

#[test]
fn a_full_disk_refuses_and_loses_nothing() {
    for durability in [Durability::Async, Durability::Fsync] {
        let folder = TestFolder::new("full");
        let Some(disk) = SmallDisk::mount(folder.path(), 1 << 20) else { return };
        let ballast = folder.path().join("ballast");
        fs::write(&ballast, vec![1; 400 << 10]).unwrap();
        let path = folder.path().join("journal");
        let options = Options { segment_bytes: 64 << 10, durability, ..small() };
        let mut writer = JournalWriter::open(&path, &options).unwrap();
        let last = append_until_full(&mut writer);
        assert!(last > 1000);
        assert!(matches!(writer.last_error(), Some(JournalFileError::Full { .. })));
        assert!(writer.is_nearly_full());
        assert_eq!(append_until_full(&mut writer), last);
        writer.commit().unwrap();
        assert_eq!(bodies(&path), (1..=last).collect::<Vec<_>>());

        fs::remove_file(&ballast).unwrap();
        let more = append_until_full(&mut writer);
        assert!(more > last);
        writer.close().unwrap();
        assert_eq!(bodies(&path), (1..=more).collect::<Vec<_>>());
        let report = verify(&path, None).unwrap();
        assert_eq!((report.findings, report.tail), (vec![], TailState::Sealed));
        drop(disk);
    }
}

#[test]
fn no_room_for_the_first_segment_is_said_at_once() {
    let folder = TestFolder::new("full");
    let Some(_disk) = SmallDisk::mount(folder.path(), 1 << 20) else { return };
    let path = folder.path().join("journal");
    let refused = JournalWriter::open(&path, &Options::default());
    assert!(matches!(refused, Err(JournalFileError::Full { .. })), "{refused:?}");
    assert!(!path.join("00000001.seg").exists());
}
