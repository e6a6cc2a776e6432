// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The golden journal of format version 1: it is read for ever, and written the same to the byte.
//!
//! Made by `cargo test -p onetape-io --test golden -- --ignored` when the format got its number. A
//! new format gets a new folder; this one never changes. tests/replay reads it from Python.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod folder;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use folder::TestFolder;
use onetape_core::journal::snapshot::SnapshotHeader;
use onetape_io::journal_file::{
    JournalReader, JournalWriter, Options, newest_snapshot, verify, write_snapshot,
};

const ENTRIES: u64 = 90;
const HEAD: &str = "afb5e91130a91ad0c563d4a3c844d090950d13c73156149b3ec31afb11872890";

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/journal_v1")
}

/// Kind, version, source, time and body of entry `n`, from 1.
fn entry(n: u64) -> (u16, u8, u32, i64, Vec<u8>) {
    let body = (0..n % 90).map(|at| (n * 31 + at * 7) as u8).collect();
    let ts_ns = 1_548_858_600_000_000_000 + (n * 1000).cast_signed();
    ((n % 61) as u16, (n % 3 + 1) as u8, (n * 7) as u32, ts_ns, body)
}

fn write(folder: &Path) {
    let options = Options {
        segment_bytes: 8192,
        run_id: *b"golden journal 1",
        schema_version: 1,
        ..Options::default()
    };
    // Closed once in between, so that there is a segment of each way to end but a crash.
    for range in [1..=70, 71..=ENTRIES] {
        let mut writer = JournalWriter::open(folder, &options).unwrap();
        for n in range {
            let (kind, version, source, ts_ns, body) = entry(n);
            writer.append(ts_ns, kind, version, source, &body, &[]).unwrap();
        }
        writer.close().unwrap();
    }
    let header = SnapshotHeader {
        seq: 50,
        ts_ns: entry(50).3,
        state_hash: 0x0123_4567_89ab_cdef,
        schema_version: 1,
        component_version: 2,
    };
    write_snapshot(folder, &header, b"the state after entry 50").unwrap();
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for place in [folder.to_owned(), folder.join("snapshots")] {
        for file in fs::read_dir(place).unwrap() {
            let path = file.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            if path.is_file() && name != "writer.lock" {
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

#[test]
#[ignore = "makes the golden journal; done once"]
fn make() {
    fs::create_dir_all(golden()).unwrap();
    write(&golden());
    fs::remove_file(golden().join("writer.lock")).unwrap();
}

#[test]
fn it_is_read_and_verified() {
    let mut reader = JournalReader::open(golden()).unwrap();
    for n in 1..=ENTRIES {
        let found = reader.next_entry().unwrap().unwrap();
        let (kind, version, source, ts_ns, body) = entry(n);
        assert_eq!((found.seq, found.kind, found.version), (n, kind, version));
        assert_eq!((found.source, found.ts_ns, found.body), (source, ts_ns, &body[..]));
    }
    assert!(reader.next_entry().unwrap().is_none());
    let report = verify(&golden(), None).unwrap();
    assert_eq!((report.findings, report.entries), (vec![], ENTRIES));
    let head = report.head.map(|byte| format!("{byte:02x}")).concat();
    assert_eq!(head, HEAD);
    let (taken, passed_over) = newest_snapshot(&golden(), u64::MAX).unwrap();
    let (header, body) = taken.unwrap();
    assert_eq!((header.seq, header.state_hash), (50, 0x0123_4567_89ab_cdef));
    assert_eq!((&body[..], passed_over.len()), (&b"the state after entry 50"[..], 0));
}

#[test]
fn it_is_written_the_same_to_the_byte() {
    let folder = TestFolder::new("golden");
    write(folder.path());
    let (now, then) = (files(folder.path()), files(&golden()));
    assert_eq!(now.keys().collect::<Vec<_>>(), then.keys().collect::<Vec<_>>());
    for (name, bytes) in then {
        assert!(now[&name] == bytes, "{name} is written differently today");
    }
}
