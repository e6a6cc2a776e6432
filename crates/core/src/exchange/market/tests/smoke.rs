// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A plain day.

use super::*;

#[test]
fn orders_gather_cross_and_trade() {
    let mut stage = Stage::closed(InstrumentRules::default());
    assert_eq!(stage.enter(buy(100, 5)), None);
    assert_eq!(stage.said(), ["rejected NotTrading"]);
    stage.phase(Phase::PreOpen);
    stage.taken(buy(101, 10));
    stage.taken(sell(99, 4));
    stage.out.0.clear();
    stage.market.set_phase(2, 1, Phase::OpeningAuction, &mut stage.out);
    stage.market.tick(3, &mut stage.out);
    stage.market.set_phase(4, 1, Phase::Continuous, &mut stage.out);
    assert_eq!(
        stage.said(),
        [
            "OpeningAuction after PreOpen",
            "indicative 4@101 left 6 Some(Buy)",
            "crossed 1 with 2 4@101",
            "cross 4@101",
            "Continuous after OpeningAuction",
        ]
    );
    stage.taken(sell(101, 7));
    assert_eq!(stage.said(), ["accepted 3 7@101", "filled 1 by 3 6@101", "rested 3 1@101"]);
}

#[test]
fn a_stop_waits_for_its_trade() {
    let mut stage = Stage::open();
    let stop = OrderRequest { stop: Some(102), ..buy(105, 3) };
    stage.taken(stop);
    stage.taken(sell(102, 1));
    stage.taken(sell(104, 2));
    assert_eq!(stage.market.live_orders(), 3);
    stage.out.0.clear();
    stage.taken(buy(102, 1));
    assert_eq!(
        stage.said(),
        [
            "accepted 4 1@102",
            "filled 2 by 4 1@102",
            "restated 1 as 5 3@105 Trigger",
            "filled 3 by 5 2@104",
            "rested 5 1@105",
        ]
    );
}
