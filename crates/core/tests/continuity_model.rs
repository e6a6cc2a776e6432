// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Two nodes and a witness in a made-up world of lost, late, repeated and overtaking messages,
//! crashes, cut links and clocks that drift: never two that may release at one time, and what was
//! released once is never released otherwise.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "continuity/node.rs"]
mod node;
#[path = "continuity/world.rs"]
mod world;

use world::{Fault, Ran, World};

/// Simulated time of a run.
const RUN_NS: i64 = 2_000_000_000;

fn run(seed: u64, fault: Fault) -> Result<Ran, String> {
    let mut world = World::new(seed, fault);
    world.run(RUN_NS).map(|()| world.ran).map_err(|what| format!("seed {seed}: {what}"))
}

#[test]
fn there_are_never_two_primaries_and_nothing_released_is_lost() {
    let mut all = Ran::default();
    for seed in 0..4000 {
        let ran = run(seed, Fault::None).unwrap_or_else(|what| panic!("{what}"));
        all.add(&ran);
    }
    // The world is wild enough for this to mean something.
    assert!(all.released > 1_000_000, "{all:?}");
    assert!(all.terms > 8000 && all.take_overs > 4000 && all.handed_over > 1000, "{all:?}");
    assert!(all.vouched > 10_000 && all.refused_alone > 1000 && all.wiped > 10, "{all:?}");
}

#[test]
fn the_world_finds_what_is_done_wrong() {
    for fault in [
        Fault::WitnessForgets,
        Fault::WitnessDoesNotWait,
        Fault::PromiseIgnored,
        Fault::CountsFromTheAnswer,
        Fault::AloneBeforeTheWitnessKnows,
        Fault::WelcomesWithoutLease,
    ] {
        let found = (0..40_000).find(|&seed| run(seed, fault).is_err());
        assert!(found.is_some(), "{fault:?} goes unnoticed");
    }
}

#[test]
fn left_alone_a_cluster_has_one_primary_that_releases_everything() {
    for seed in 0..50 {
        let mut world = World::calm(seed);
        world.run(RUN_NS).unwrap();
        assert_eq!(world.ran.terms, 1, "seed {seed}");
        assert!(world.ran.released > 300, "seed {seed}: {:?}", world.ran);
    }
}
