// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Streams: any number at once, on any thread, and after a crash what the journal leads to.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Mark, Store, Verified};
use crate::exchange::error::ServerError;
use crate::exchange::scratch::Scratch;

const ROOM: usize = 1 << 20;

/// Message `number` of the tests: its length depends on its number.
fn message(number: u64) -> Vec<u8> {
    (0..number % 50 + 3).map(|at| (number * 7 + at) as u8 | 1).collect()
}

fn filled(folder: &Scratch, count: u64) -> Store {
    let mut store = Store::open(folder.path(), "port", ROOM).unwrap();
    for number in 1..=count {
        assert_eq!(store.append(&message(number)).unwrap(), number);
    }
    store
}

fn file(folder: &Scratch, ending: &str) -> PathBuf {
    folder.path().join(format!("port.{ending}"))
}

#[test]
fn a_message_can_be_read_once_it_is_released() {
    let folder = Scratch::new("store-released");
    let mut store = filled(&folder, 1_000);
    let stream = Arc::clone(store.stream());
    assert_eq!((stream.released(), stream.message(1)), (0, None));
    store.release(700);
    assert_eq!(stream.message(700), Some(message(700).as_slice()));
    assert_eq!((stream.message(701), stream.message(0)), (None, None));
    store.release(5);
    assert_eq!(stream.released(), 700);
    store.release(9_999);
    assert_eq!(stream.released(), 1_000);
    let sum: usize = (11..=20).map(|number| message(number).len()).sum();
    assert_eq!(stream.bytes_between(11, 20), sum as u64);
    assert_eq!((stream.bytes_between(0, 5), stream.bytes_between(9, 8)), (0, 0));
    for number in 1..=1_000 {
        assert_eq!(stream.message(number), Some(message(number).as_slice()));
    }
}

#[test]
fn a_reader_beside_the_writer_sees_whole_messages_only() {
    let folder = Scratch::new("store-beside");
    let mut store = Store::open(folder.path(), "port", 64 << 20).unwrap();
    let stream = Arc::clone(store.stream());
    let reader = std::thread::spawn(move || {
        let mut next = 1;
        while next <= 200_000 {
            if let Some(found) = stream.message(next) {
                assert_eq!(found, message(next), "message {next}");
                next += 1;
            } else {
                stream.grow_ahead().unwrap();
            }
        }
    });
    for number in 1..=200_000 {
        store.append(&message(number)).unwrap();
        if number % 16 == 0 {
            store.release(number);
        }
    }
    reader.join().unwrap();
}

#[test]
fn what_the_journal_leads_to_is_compared_with_what_lies_there() {
    let folder = Scratch::new("store-compared");
    let mut store = filled(&folder, 300);
    store.release(200);
    drop(store);
    let mut again = filled(&folder, 250);
    let stream = Arc::clone(again.stream());
    assert_eq!(stream.released(), 0, "nothing goes out while it is compared");
    assert_eq!(again.settle(), Verified { equal: 200, ..Verified::default() });
    assert_eq!(stream.released(), 250);
    assert_eq!(stream.message(250), Some(message(250).as_slice()));
}

#[test]
fn messages_that_the_journal_does_not_lead_to_are_cut_off() {
    let folder = Scratch::new("store-surplus");
    let mut store = filled(&folder, 300);
    store.release(300);
    drop(store);
    let mut again = filled(&folder, 120);
    assert_eq!(again.settle(), Verified { equal: 120, surplus: 180, ..Verified::default() });
    drop(again);
    let mut third = filled(&folder, 120);
    assert_eq!(third.settle(), Verified { equal: 120, ..Verified::default() });
}

#[test]
fn a_lost_page_is_rebuilt_and_a_changed_byte_is_told() {
    let place = 2_000;
    let lengths = (1..).scan(0, |end, number| {
        *end += message(number).len();
        Some((number, *end))
    });
    let (hit, _) = lengths.skip_while(|(_, end)| *end <= place).take(1).last().unwrap();
    for (byte, differs_at) in [(0, 0), (0xfe, hit)] {
        let folder = Scratch::new("store-damage");
        let mut store = filled(&folder, 300);
        store.release(300);
        drop(store);
        let mut bytes = std::fs::read(file(&folder, "msg")).unwrap();
        bytes[place] = byte;
        std::fs::write(file(&folder, "msg"), &bytes).unwrap();
        let mut again = filled(&folder, 300);
        let expected =
            Verified { equal: hit - 1, rebuilt: 300 - (hit - 1), differs_at, surplus: 0 };
        assert_eq!(again.settle(), expected, "byte {byte} at {place}");
        assert_eq!(again.stream().message(hit), Some(message(hit).as_slice()));
    }
}

#[test]
fn an_index_of_something_else_is_not_believed() {
    let folder = Scratch::new("store-index");
    let mut store = filled(&folder, 50);
    store.release(50);
    drop(store);
    let mut index = std::fs::read(file(&folder, "idx")).unwrap();
    index[..8].copy_from_slice(b"NOTOURS!");
    std::fs::write(file(&folder, "idx"), &index).unwrap();
    let mut again = filled(&folder, 50);
    assert_eq!(again.settle(), Verified::default());
    assert_eq!(again.stream().message(50), Some(message(50).as_slice()));
}

#[test]
fn a_mark_takes_a_stream_up_again_only_as_it_was() {
    let folder = Scratch::new("store-mark");
    let mut store = filled(&folder, 100);
    store.release(100);
    let mark = store.mark();
    store.append(b"more").unwrap();
    store.release(101);
    drop(store);
    let mut again = Store::open(folder.path(), "port", ROOM).unwrap();
    assert!(again.resume(&mark).unwrap());
    again.append(b"more").unwrap();
    assert_eq!(again.settle(), Verified { equal: 101, ..Verified::default() });
    drop(again);
    let mut other = Store::open(folder.path(), "port", ROOM).unwrap();
    assert!(!other.resume(&Mark { hash: [0; 32], ..mark }).unwrap());
    assert!(!other.resume(&Mark { count: 102, ..mark }).unwrap());
}

#[test]
fn the_limit_is_told_before_anything_is_written() {
    let folder = Scratch::new("store-full");
    let mut store = Store::open(folder.path(), "port", 32_768).unwrap();
    let error = loop {
        match store.append(&[1; 100]) {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert!(matches!(error, ServerError::StreamFull { bytes_max: 32_768, .. }), "{error}");
    assert_eq!(store.count(), 327);
    assert!(store.append(&[1; 100]).is_err());
    assert_eq!(store.append(&[1; 68]).unwrap(), 328);
}
