// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Long random runs over two instruments, the second shared by size, in and out of auctions.

use crate::place::Place;
use crate::shadow::{Shadow, firm};
use onetape_core::component::Snapshot;
use onetape_core::events::{CancelReason, OrderType, Side, StpMode, TimeInForce};
use onetape_core::exchange::market::{Display, SizeCondition, StpScope};
use onetape_core::exchange::{Aside, Extras, Matcher, NewOrder, Report, Standing};
use onetape_core::hash::mix;

struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 += 1;
        mix(self.0) % bound
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    fn side(&mut self) -> Side {
        self.pick(&[Side::Buy, Side::Sell])
    }

    /// Ten prices about 1,000, steps of 1 below and of 10 above.
    fn price(&mut self) -> i64 {
        self.pick(&[996, 997, 998, 999, 1_000, 1_010, 1_020, 1_030, 1_040, 1_050])
    }
}

/// One of every kind; all but one in `plain` are plain.
fn order(draws: &mut Draws, client: u64, plain: u64) -> (NewOrder, Extras) {
    let (instrument, owner) = (1 + draws.below(2) as u32, 1 + draws.below(5) as u32);
    let qty = 1 + draws.below(30);
    let mut order = NewOrder::limit(instrument, owner, draws.side(), draws.price(), qty);
    order.client = client;
    let modes = [
        StpMode::Off,
        StpMode::Off,
        StpMode::CancelNewest,
        StpMode::CancelOldest,
        StpMode::CancelBoth,
        StpMode::Decrement,
    ];
    if draws.below(plain) != 0 {
        order.stp = draws.pick(&[StpMode::Off, StpMode::CancelNewest]);
        return (order, Extras::PLAIN);
    }
    order.stp = draws.pick(&modes);
    let stp_scope = draws.pick(&[StpScope::Port, StpScope::Firm]);
    let mut extras = Extras { stp_scope, ..Extras::PLAIN };
    match draws.below(16) {
        0 | 1 => extras.display = Display::Hidden,
        2 | 3 => extras.display = Display::Reserve { displayed: 1 + draws.below(qty) },
        4 | 5 => extras.size = SizeCondition::Minimum(1 + draws.below(qty)),
        6 => extras.size = SizeCondition::All,
        7 => order.post_only = true,
        8 => extras.slide = true,
        9 => order.time_in_force = TimeInForce::Fok,
        10 => order.time_in_force = TimeInForce::Ioc,
        11 => {
            order.time_in_force = TimeInForce::Ioc;
            extras.size = SizeCondition::Minimum(1 + draws.below(qty));
        }
        12 => {
            (order.order_type, order.price) = (OrderType::Market, 0);
            order.time_in_force = TimeInForce::Ioc;
        }
        13 => order.order_type = OrderType::PegMidpoint,
        _ => {}
    }
    (order, extras)
}

/// Somebody who rests, most often.
fn somebody(draws: &mut Draws, matcher: &Matcher) -> u64 {
    let (instrument, side) = (1 + draws.below(2) as u32, draws.side());
    let place = draws.below(12) as usize;
    matcher.standings(instrument, side).nth(place).map_or(0, |order| order.order_id)
}

/// The price at which most would trade, with orders aside; `None` where nothing would.
fn auction_price(matcher: &Matcher, instrument: u32, asides: &[Vec<Aside>; 2]) -> Option<i64> {
    let total = |side: Side, price: i64| -> u64 {
        let book = matcher.auction_levels(instrument, side);
        let book = book.filter(|&(limit, _)| side.reaches(limit, price));
        let beside = asides[side.index()].iter();
        let beside =
            beside.filter(|order| order.limit.is_none_or(|limit| side.reaches(limit, price)));
        book.map(|(_, qty)| qty).sum::<u64>() + beside.map(|order| order.leaves).sum::<u64>()
    };
    let volume = |price: i64| total(Side::Buy, price).min(total(Side::Sell, price));
    (990..1_060).filter(|&price| volume(price) > 0).max_by_key(|&price| volume(price))
}

/// Orders that stand aside, in the order in which they trade.
fn asides(draws: &mut Draws, matcher: &mut Matcher, side: Side) -> Vec<Aside> {
    let mut all = Vec::new();
    for _ in 0..draws.below(4) {
        let limit = if draws.below(3) == 0 { None } else { Some(draws.price()) };
        let (order_id, leaves) = (matcher.next_order_id(), 1 + draws.below(30));
        all.push(Aside { order_id, client: 0, limit, leaves, arrival_mid2: 0, owner: 6 });
    }
    let rank = |limit: i64| if side == Side::Buy { -limit } else { limit };
    all.sort_by_key(|order| (order.limit.map_or(i64::MIN, rank), order.order_id));
    all
}

fn step(place: &mut Place, shadow: &mut Shadow, draws: &mut Draws, number: u64) {
    // Now and then hardly anything is special, and plain commands go the short way.
    let plain = if (number / 2_000).is_multiple_of(2) { 1 } else { 40 };
    place.said.clear();
    let mut asked = None;
    let who = somebody(draws, &place.matcher);
    let (price, qty) = (draws.price(), 1 + draws.below(40));
    match draws.below(100) {
        0..60 => {
            let (order, extras) = order(draws, number, plain);
            if extras == Extras::PLAIN {
                place.matcher.enter(&order, &mut place.said);
            } else {
                place.matcher.enter_with(&order, &extras, &mut place.said);
            }
            asked = Some((order, extras));
        }
        60..66 => _ = place.matcher.cancel(who, CancelReason::User, &mut place.said),
        66..74 => place.matcher.reduce(who, qty, &mut place.said),
        74..90 => _ = place.matcher.replace(who, number, price, qty, &mut place.said),
        90..96 => _ = place.matcher.reprice(who, price, &mut place.said),
        96 => {
            let owner = 1 + draws.below(40) as u32;
            place.matcher.cancel_owner(owner, 0, CancelReason::MassCancel, &mut place.said);
        }
        _ => toggle(place, shadow, draws),
    }
    shadow.hear(&place.said, asked);
    for instrument in [1, 2] {
        place.said.clear();
        place.matcher.wake(instrument, &mut place.said);
        shadow.hear(&place.said, None);
    }
}

/// An auction begins, or ends with an uncross.
fn toggle(place: &mut Place, shadow: &mut Shadow, draws: &mut Draws) {
    let instrument = 1 + draws.below(2) as u32;
    let market = instrument as usize - 1;
    if shadow.is_matching[market] {
        if draws.below(3) == 0 {
            place.matcher.set_matching(instrument, false);
            shadow.is_matching[market] = false;
        }
        return;
    }
    let mut aside = [Side::Buy, Side::Sell].map(|side| asides(draws, &mut place.matcher, side));
    if let Some(price) = auction_price(&place.matcher, instrument, &aside) {
        let [buys, sells] = &mut aside;
        let before: u64 = buys.iter().chain(&*sells).map(|order| order.leaves).sum();
        let traded = place.matcher.uncross(instrument, price, buys, sells, &mut place.said);
        let after: u64 = buys.iter().chain(&*sells).map(|order| order.leaves).sum();
        let crossed = place.said.iter().map(|report| match report {
            Report::Crossed(said) => (said.qty, [said.buy.owner, said.sell.owner]),
            _ => (0, [0, 0]),
        });
        let (qty, beside) = crossed.fold((0, 0), |(qty, beside), (each, owners)| {
            let aside = owners.iter().filter(|&&owner| owner == 6).count() as u64;
            (qty + each, beside + each * aside)
        });
        assert_eq!((qty, beside), (traded, before - after));
    }
    place.matcher.set_matching(instrument, true);
    shadow.is_matching[market] = true;
    shadow.hear(&place.said, None);
    place.said.clear();
    // Pegs stood by, and come in again.
    let sides = [Side::Buy, Side::Sell];
    let orders = sides.iter().flat_map(|&side| place.matcher.standings(instrument, side));
    let mut pegs: Vec<_> = orders.filter(Standing::is_peg).collect();
    pegs.sort_by_key(|order| order.order_id);
    for peg in pegs {
        if place.matcher.standing(peg.order_id).is_some() {
            place.matcher.reprice(peg.order_id, peg.price, &mut place.said);
        }
    }
}

fn start() -> (Place, Shadow) {
    let mut place = Place::new();
    for owner in 1..=5 {
        place.matcher.set_firm(owner, firm(owner));
    }
    place.matcher.set_pro_rata(2, true);
    (place, Shadow::new([false, true]))
}

#[test]
fn who_hears_the_reports_knows_the_market() {
    let (mut place, mut shadow) = start();
    let mut draws = Draws(0);
    for number in 0..150_000 {
        step(&mut place, &mut shadow, &mut draws, number);
        shadow.check_uncrossed(&place.matcher);
        if number % 16 == 0 {
            shadow.compare(&place.matcher);
        }
        for instrument in [1, 2] {
            place.said.clear();
            assert!(!place.matcher.wake(instrument, &mut place.said), "all had their turn");
        }
    }
    let Shadow { fills, crosses, refills, prevented, conditions, .. } = shadow;
    let counts = [fills, crosses, refills, prevented, conditions[0], conditions[1]];
    assert!(counts.iter().all(|&count| count > 1_000), "{counts:?}");
}

#[test]
fn a_restored_market_goes_on_as_the_original_does() {
    let (mut place, mut shadow) = start();
    let mut draws = Draws(1 << 40);
    for round in 0..20 {
        for number in 0..400 {
            step(&mut place, &mut shadow, &mut draws, number);
        }
        place.check_snapshot();
        let mut saved = Vec::new();
        place.matcher.save(&mut saved);
        let (mut again, mut shadow_of_other) = start();
        let mut shadow_again = shadow.clone();
        let mut other = Draws(round);
        for number in 0..300 {
            step(&mut again, &mut shadow_of_other, &mut other, number);
        }
        again.matcher.restore(&mut saved.as_slice()).unwrap();
        let mut draws_again = Draws(draws.0);
        for number in 0..400 {
            step(&mut place, &mut shadow, &mut draws, number);
            step(&mut again, &mut shadow_again, &mut draws_again, number);
            assert_eq!(place.said, again.said);
        }
        assert_eq!(place.matcher.state_hash(), again.matcher.state_hash());
        let mut cut = &saved[..saved.len() - 1];
        assert!(Place::new().matcher.restore(&mut cut).is_err());
    }
}

/// Bytes that are not a snapshot are refused, or are another one; nothing else.
#[test]
fn a_damaged_snapshot_is_refused_or_another_state() {
    let (mut place, mut shadow) = start();
    let mut draws = Draws(1 << 41);
    for number in 0..2_000 {
        step(&mut place, &mut shadow, &mut draws, number);
    }
    let mut saved = Vec::new();
    place.matcher.save(&mut saved);
    let mut refused = 0;
    for _ in 0..3_000 {
        let mut damaged = saved.clone();
        let place_of = draws.below(damaged.len() as u64) as usize;
        damaged[place_of] ^= 1 << draws.below(8);
        let mut again = Place::new();
        match again.matcher.restore(&mut damaged.as_slice()) {
            Ok(()) => assert_ne!(again.matcher.state_hash(), 0),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 100, "{refused}");
}
