// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A feed's lines allocate nothing per packet on the thread that takes them in, holes included.
//! Counted by the allocator itself.

#[path = "../../core/tests/counting/mod.rs"]
mod counting;
mod lines;

use counting::allocations;
use lines::{MILLISECOND, Rig, SESSION, packet};
use onetape_io::feed_lines::FeedConfig;

#[test]
fn packets_and_holes_allocate_nothing() {
    let mut rig = Rig::new(1, false, FeedConfig::default());
    rig.hear(0, 1, 5);
    // On both lines, one of eight packets late on one of them.
    let packets: Vec<_> = (0..64).map(|n| packet(SESSION, 5 + n * 10, 15 + n * 10)).collect();
    for (n, bytes) in packets.iter().enumerate().filter(|(n, _)| n % 8 != 3) {
        rig.send(n % 2, bytes);
        rig.send((n + 1) % 2, bytes);
    }
    for bytes in packets.iter().skip(3).step_by(8) {
        rig.send(0, bytes);
    }
    let (mut items, mut now_ns) = (0, rig.now_ns);
    let found = allocations(|| {
        while let Some(item) = rig.lines.next(now_ns) {
            items += 1;
            now_ns += MILLISECOND / 100;
            std::hint::black_box(item);
        }
    });
    assert_eq!(found, 0);
    assert!(items > 64, "packets, and that holes opened and closed: {items}");
    assert!(rig.lines.counts().held > 0);
}
