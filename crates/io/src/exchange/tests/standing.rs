// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What operators of a cluster's primary are told: before a standby comes, with one, without it
//! again, and after a take-over.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::operators::Operator;
use super::take_over::Pair;

/// What a node says once it says what is waited for.
fn standing(pair: &Pair, node: usize, wanted: impl Fn(&Value) -> bool) -> Value {
    let mut operator = Operator::new(&pair.folder(node));
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let found = operator.must(&json!({"do": "continuity"}))["continuity"].take();
        if wanted(&found) {
            return found;
        }
        assert!(Instant::now() < until, "{found}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_primary_says_how_its_cluster_stands() {
    let pair = Pair::new("standing");
    let primary = pair.primary(0);
    let lonely = standing(&pair, 0, |found| found["standby"]["waited_for"] == false);
    assert_eq!((&lonely["role"], &lonely["node"]), (&json!("primary"), &json!("alpha")));
    assert_eq!(lonely["standby"]["node"], Value::Null);
    assert_eq!(lonely["standby"]["behind"], Value::Null);
    assert_eq!(lonely["taken_over"], Value::Null);
    assert!(lonely["lease"]["held"] == true && lonely["lease"]["left_ns"].as_u64() > Some(0));
    assert!(lonely["lease"]["witness_seen_ns"].as_u64().is_some(), "{lonely}");
    let standby = pair.standby(1);
    standby.wait_in_step();
    primary.wait_covered();
    let paired = standing(&pair, 0, |found| found["standby"]["behind"] == 0);
    assert_eq!(paired["standby"]["node"], "beta");
    assert!(paired["standby"]["address"].as_str().is_some_and(|text| text.contains("127.0.0.1:")));
    assert_eq!(paired["standby"]["connected"], true);
    assert_eq!((&paired["standby"]["waited_for"], &paired["term"]), (&json!(true), &json!(1)));
    assert_eq!(paired["standby"]["may_take_over"], true);
    assert!(standby.control.status().heard_ns > 0);
    primary.kill();
    let promoted = standby.promoted();
    let over = standing(&pair, 1, |found| found["standby"]["waited_for"] == false);
    assert_eq!((&over["node"], &over["term"]), (&json!("beta"), &json!(2)));
    assert!(over["taken_over"]["took_ns"].as_u64() > Some(0), "{over}");
    let third = pair.standby(0);
    third.wait_in_step();
    third.control.stop();
    let gone = standing(&pair, 1, |found| found["standby"]["connected"] == false);
    assert_eq!(gone["standby"]["node"], "alpha");
    assert!(gone["standby"]["changed_ns"].as_u64().is_some(), "{gone}");
    promoted.kill();
}
