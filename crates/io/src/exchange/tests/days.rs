// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Days follow one another, also where nobody ended one.

use onetape_core::events::{DayStarted, Operation, OperatorCommanded};

use super::rig::{Rig, config};
use crate::exchange::Day;
use crate::exchange::scratch::Scratch;
use crate::journal_file::JournalReader;

#[test]
fn a_day_that_was_left_open_ends_before_a_later_one_begins() {
    let folder = Scratch::new("left-open");
    let mut later = config(folder.path());
    later.day = Day { date: 20_261_123, session: *b"DAY2\0\0\0\0\0\0\0\0\0\0\0\0", ..later.day };
    drop(Rig::start(config(folder.path())).stop());
    drop(Rig::start(later.clone()).stop());
    drop(Rig::start(later).stop());
    let mut reader = JournalReader::open(folder.path().join("journal")).unwrap();
    let mut days = Vec::new();
    while let Some(entry) = reader.next_entry().unwrap() {
        match entry.kind {
            DayStarted::KIND => days.push(DayStarted::decode(entry.body).unwrap().date),
            OperatorCommanded::KIND => {
                let command = OperatorCommanded::decode(entry.body).unwrap();
                assert_eq!(command.operation, u16::from(Operation::EndDay.raw()));
                days.push(0);
            }
            _ => {}
        }
    }
    assert_eq!(days, [20_261_120, 0, 20_261_123]);
}
