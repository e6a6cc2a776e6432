// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Kills of a live node on the exchange of this repository, both in memory: what leaves, in which order,
//! what is left, and what the journal says of it.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[expect(dead_code, reason = "the rig of the exchange's own tests has more than is needed here")]
mod exchange;
#[expect(dead_code, reason = "the rig has more than is needed here")]
mod kill;

use kill::{Rig, SECOND_NS};
use onetape_core::component::Component;
use onetape_core::events::{
    FlattenDone, FlattenProgressed, FlattenStep, KillDone, KillProgressed, KillStarted, KillStep,
    OrderFilled, OrderRejected, RiskScope, TradingState, TradingStateChanged, VenueMessageSent,
};

const FIRM: (RiskScope, u32) = (RiskScope::Firm, 0);

#[test]
fn a_kill_of_the_firm_blocks_first_then_cancels_by_the_venue_and_one_by_one() {
    let mut rig = Rig::new();
    rig.enter(1, 1);
    rig.enter(2, 2);
    rig.carry_all();
    rig.enter(1, 1); // On its way when the kill comes.
    let from = rig.outputs.len();
    rig.set(FIRM, TradingState::Halted);
    let kinds: Vec<u16> = rig.outputs[from..].iter().map(|(kind, _)| *kind).collect();
    let sent = [VenueMessageSent::KIND; 4];
    assert_eq!(kinds[..2], [TradingStateChanged::KIND, KillStarted::KIND]);
    assert_eq!(kinds[2..], sent, "a mass cancel and three cancels");
    assert_eq!(rig.letters_sent(from), "CXXX");
    let started = KillStarted::decode(&rig.outputs[from + 1].1).unwrap();
    assert_eq!((started.orders, started.mass_cancels), (3, 1));

    rig.enter(2, 1);
    let refused = OrderRejected::decode(&rig.last(OrderRejected::KIND).unwrap()).unwrap();
    assert_eq!(refused.strategy_id, 2);
    rig.wait(5_000_000);
    rig.carry_all();
    let done = KillDone::decode(&rig.last(KillDone::KIND).unwrap()).unwrap();
    assert_eq!((done.orders, done.escalations), (3, 0));
    assert!((5_000_000..100_000_000).contains(&done.elapsed_ns), "{}", done.elapsed_ns);
    assert_eq!((rig.node.live_orders(1), rig.exchange_orders()), (0, 0));
    assert_eq!(rig.node.kills_running(), 0);
    // Confirmed: the venue is to take nothing of the firm any more.
    assert!(rig.letters_sent(from).ends_with('D'));
    assert_eq!(rig.steps(), [KillStep::EntryDisabled]);
}

#[test]
fn a_second_kill_does_no_harm_and_a_resume_opens_the_venue_again() {
    let mut rig = Rig::new();
    rig.enter(1, 1);
    rig.set(FIRM, TradingState::Halted);
    rig.set(FIRM, TradingState::Halted);
    rig.carry_all();
    rig.set(FIRM, TradingState::Halted);
    rig.carry_all();
    let count = |kind| rig.outputs.iter().filter(|(found, _)| *found == kind).count();
    assert_eq!((count(KillStarted::KIND), count(KillDone::KIND)), (2, 2), "one was under way");
    rig.set(FIRM, TradingState::Active);
    rig.carry_all();
    assert_eq!(rig.steps().last(), Some(&KillStep::EntryEnabled));
    rig.enter(1, 1);
    rig.carry_all();
    assert_eq!((rig.node.live_orders(1), rig.exchange_orders()), (1, 1));
}

#[test]
fn a_narrower_kill_leaves_the_others_their_orders() {
    for (scope, killed) in [
        ((RiskScope::Strategy, 1), 2),
        ((RiskScope::Instrument, 2), 2),
        ((RiskScope::Product, 2), 2),
        ((RiskScope::Venue, 1), 4),
        ((RiskScope::Venue, 2), 0),
    ] {
        let mut rig = Rig::new();
        for (strategy, instrument) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
            rig.enter(strategy, instrument);
        }
        rig.carry_all();
        let from = rig.outputs.len();
        rig.set(scope, TradingState::Halted);
        rig.carry_all();
        assert_eq!(rig.node.live_orders(1), 4 - killed, "{scope:?}");
        assert_eq!(rig.exchange_orders(), 4 - killed, "{scope:?}");
        let whole = scope == (RiskScope::Venue, 1);
        assert_eq!(rig.letters_sent(from).contains('C'), whole, "{scope:?}: a mass cancel");
        let done = KillDone::decode(&rig.last(KillDone::KIND).unwrap()).unwrap();
        assert_eq!(done.orders as usize, killed, "{scope:?}");
        // Whoever is not meant goes on, whoever is does not.
        let before = rig.node.live_orders(1);
        rig.enter(2, 1);
        rig.carry_all();
        assert_eq!(rig.node.live_orders(1), before + usize::from(!whole), "{scope:?}");
        rig.enter(1, 2);
        rig.carry_all();
        let goes_on = scope == (RiskScope::Venue, 2);
        assert_eq!(
            rig.node.live_orders(1),
            before + usize::from(!whole) + usize::from(goes_on),
            "{scope:?}"
        );
    }
}

#[test]
fn what_is_not_confirmed_in_two_seconds_is_escalated() {
    let mut rig = Rig::new();
    rig.enter(1, 1);
    rig.carry_all();
    let from = rig.outputs.len();
    rig.set(FIRM, TradingState::Halted);
    rig.sent.clear(); // The venue hears nothing of it.
    rig.wait(2 * SECOND_NS - 1_000_000);
    rig.tick();
    assert!(rig.steps().is_empty());
    rig.wait(1_000_000);
    rig.tick();
    assert_eq!(rig.steps(), [KillStep::Escalated, KillStep::EntryDisabled]);
    assert_eq!(rig.dropped, [1], "the session goes, so that the venue cancels");
    // The second C asks what became of the cancel, which was not answered in time.
    assert_eq!(rig.letters_sent(from), "CXCXD", "the cancel left again");
    let event = rig.outputs.iter().find(|(kind, _)| *kind == KillProgressed::KIND).unwrap();
    let event = KillProgressed::decode(&event.1).unwrap();
    assert_eq!((event.orders_left, event.escalations), (1, 1));
    rig.wait(2 * SECOND_NS);
    rig.tick();
    assert_eq!((rig.dropped.len(), rig.steps().len()), (1, 4), "dropped once, asked for again");
    rig.carry_all();
    assert_eq!(rig.exchange_orders(), 0);
    let done = KillDone::decode(&rig.last(KillDone::KIND).unwrap()).unwrap();
    assert_eq!(done.escalations, 2);

    let mut narrow = Rig::new();
    narrow.enter(1, 1);
    narrow.carry_all();
    narrow.set((RiskScope::Strategy, 1), TradingState::Halted);
    narrow.sent.clear();
    narrow.wait(3 * SECOND_NS);
    narrow.tick();
    assert_eq!(narrow.steps(), [KillStep::Escalated]);
    assert!(narrow.dropped.is_empty(), "others trade on this session");
}

#[test]
fn a_kill_without_a_connection_ends_when_there_is_one_again() {
    let mut rig = Rig::new();
    rig.enter(1, 1);
    rig.carry_all();
    rig.connect(false);
    rig.set(FIRM, TradingState::Halted);
    assert_eq!(KillStarted::decode(&rig.last(KillStarted::KIND).unwrap()).unwrap().mass_cancels, 0);
    rig.wait(SECOND_NS);
    rig.tick();
    assert_eq!(rig.node.orders_killing(), 1);
    rig.connect(true);
    rig.carry_all();
    assert_eq!((rig.node.orders_killing(), rig.exchange_orders()), (0, 0));
    assert!(rig.last(KillDone::KIND).is_some());
    assert_eq!(rig.steps(), [KillStep::EntryDisabled]);
}

#[test]
fn a_resume_gives_up_what_is_not_confirmed() {
    let mut rig = Rig::new();
    rig.enter(1, 1);
    rig.carry_all();
    rig.set(FIRM, TradingState::Halted);
    rig.sent.clear();
    rig.set(FIRM, TradingState::Active);
    assert_eq!(rig.steps(), [KillStep::Abandoned, KillStep::EntryEnabled]);
    assert_eq!(rig.node.kills_running(), 0);
}

#[test]
fn only_a_person_resumes() {
    let mut rig = Rig::new();
    rig.set(FIRM, TradingState::Halted);
    rig.set_by(FIRM, TradingState::Active, false);
    rig.enter(1, 1);
    rig.carry_all();
    assert_eq!(rig.node.live_orders(1), 0);
    assert!(!rig.steps().contains(&KillStep::EntryEnabled));
}

#[test]
fn a_node_that_starts_again_in_the_middle_goes_on_with_the_kill() {
    let mut rig = Rig::new();
    rig.enter(1, 1);
    rig.carry_all();
    rig.set(FIRM, TradingState::Halted);
    let (again, outputs) = rig.replay();
    assert_eq!(again.state_hash(), rig.node.state_hash());
    assert_eq!(outputs, rig.outputs);
    assert_eq!(again.orders_killing(), 1);
    rig.node = again;
    rig.carry_all();
    assert_eq!((rig.node.orders_killing(), rig.exchange_orders()), (0, 0));
    rig.enter(1, 1);
    rig.carry_all();
    assert_eq!(rig.node.live_orders(1), 0, "halted over the restart");
}

#[test]
fn what_is_held_is_closed_at_the_best_price_as_far_as_there_is_one() {
    let mut rig = Rig::new();
    rig.order(1, 1, 110_000, 1); // Takes the only offer.
    rig.order(2, 2, 110_000, 1);
    rig.enter(2, 3);
    rig.carry_all();
    rig.give_prices();
    assert_eq!((rig.position(1, 1), rig.position(2, 2)), (1, 1));
    rig.flatten(FIRM);
    rig.enter(2, 3); // It only reduces now.
    rig.carry_all();
    rig.give_prices();
    rig.tick();
    rig.carry_all();
    assert_eq!((rig.position(1, 1), rig.position(2, 2)), (0, 0));
    let done = FlattenDone::decode(&rig.last(FlattenDone::KIND).unwrap()).unwrap();
    assert_eq!(done.positions_left, 0);
    assert_eq!((rig.node.live_orders(1), rig.exchange_orders()), (0, 0));
    assert!(!rig.node.is_flattening());
    let fill = OrderFilled::decode(&rig.last(OrderFilled::KIND).unwrap()).unwrap();
    assert!(fill.client_id > 1 << 63, "not one of the strategy's own numbers");
    assert_eq!(fill.price_ticks, 90_000);
    rig.enter(1, 1);
    rig.carry_all();
    assert_eq!(rig.node.live_orders(1), 0, "halted in the end");
    let (again, outputs) = rig.replay();
    assert_eq!((again.state_hash(), outputs), (rig.node.state_hash(), rig.outputs));
}

#[test]
fn what_nobody_takes_stays_and_is_said() {
    let mut rig = Rig::new();
    rig.order(1, 1, 110_000, 1);
    rig.carry_all();
    rig.other_sells(50, 1, 90_000, 1); // The only bid is gone: nobody is left to sell to.
    rig.flatten((RiskScope::Strategy, 1));
    rig.carry_all();
    rig.tick();
    assert!(rig.node.is_flattening());
    rig.wait(30 * SECOND_NS);
    rig.tick();
    rig.carry_all();
    let done = FlattenDone::decode(&rig.last(FlattenDone::KIND).unwrap()).unwrap();
    assert_eq!((done.positions_left, rig.position(1, 1)), (1, 1));
    let said = FlattenProgressed::decode(&rig.last(FlattenProgressed::KIND).unwrap()).unwrap();
    assert_eq!(FlattenStep::from_raw(said.step), Some(FlattenStep::Left));
}
