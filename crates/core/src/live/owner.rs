// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Who may hand in what: a strategy its own intents, an adapter what its own venue says.

use crate::component::sources;
use crate::events::{
    CancelAll, CancelOrder, CloseParent, EnterOrder, FeeTakenInKind, MarketUpdated, OpenParent,
    OrderFormat, PositionReported, ReplaceOrder, SetQuote, StrategyParameterDeclared,
    StrategyStopped, SubmitGroup, SubmitOrder, TimerFired, VenueLink, VenueLinkChanged,
    VenueMessageReceived, VenueReported,
};

/// The source that an entry may come from, by its kind and body; `None` where no inlet may hand it in,
/// or its body is too short. Market data of an adapter names no venue: it is taken from any, and the
/// node looks where its instrument trades.
#[must_use]
pub fn owner(kind: u16, body: &[u8], source: u32) -> Option<u32> {
    let strategy = |id: u32| sources::STRATEGY + id;
    // What hears a drop copy speaks of nothing else, and nothing that it says is applied.
    let is_copy = source > sources::DROP_COPY;
    let venue = |id: u32| sources::VENUE + id;
    let copy = |id: u32| sources::DROP_COPY + id;
    Some(match kind {
        SetQuote::KIND => strategy(SetQuote::decode(body)?.strategy_id),
        EnterOrder::KIND => strategy(EnterOrder::decode(body)?.strategy_id),
        SubmitOrder::KIND => strategy(SubmitOrder::decode(body)?.strategy_id),
        SubmitGroup::KIND => strategy(SubmitGroup::decode(body)?.strategy_id),
        OpenParent::KIND => strategy(OpenParent::decode(body)?.strategy_id),
        CloseParent::KIND => strategy(CloseParent::decode(body)?.strategy_id),
        CancelOrder::KIND => strategy(CancelOrder::decode(body)?.strategy_id),
        ReplaceOrder::KIND => strategy(ReplaceOrder::decode(body)?.strategy_id),
        CancelAll::KIND => strategy(CancelAll::decode(body)?.strategy_id),
        TimerFired::KIND => strategy(TimerFired::decode(body)?.strategy_id),
        StrategyParameterDeclared::KIND => {
            strategy(StrategyParameterDeclared::decode(body)?.strategy_id)
        }
        StrategyStopped::KIND => strategy(StrategyStopped::decode(prefix(body)?)?.strategy_id),
        VenueLinkChanged::KIND => {
            let fixed = body.get(..VenueLinkChanged::SIZE)?;
            let event = VenueLinkChanged::decode(fixed)?;
            let is_of_copy = event.link == VenueLink::DropCopy.raw();
            if is_copy && is_of_copy { copy(event.venue_id) } else { venue(event.venue_id) }
        }
        VenueMessageReceived::KIND if is_copy => {
            let fixed = body.get(..VenueMessageReceived::SIZE)?;
            let event = VenueMessageReceived::decode(fixed)?;
            let is_fix = event.format == u16::from(OrderFormat::Fix44.raw());
            return is_fix.then(|| copy(event.venue_id));
        }
        VenueReported::KIND => {
            venue(VenueReported::decode(body.get(..VenueReported::SIZE)?)?.venue_id)
        }
        FeeTakenInKind::KIND => venue(FeeTakenInKind::decode(body)?.venue_id),
        PositionReported::KIND => venue(PositionReported::decode(body)?.venue_id),
        MarketUpdated::KIND if source > sources::VENUE && !is_copy => {
            MarketUpdated::decode(body)?;
            source
        }
        _ => return None,
    })
}

/// The fixed part of a strategy's last words.
fn prefix(body: &[u8]) -> Option<&[u8]> {
    body.get(..StrategyStopped::SIZE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::LimitSet;

    #[test]
    fn nobody_speaks_for_another_and_nobody_sets_a_limit() {
        let all = CancelAll { strategy_id: 3, instrument_id: 0 };
        assert_eq!(owner(CancelAll::KIND, &all.encode(), 0), Some(sources::STRATEGY + 3));
        let (number, exec_id, amount_e9) = (1, 2, 3);
        let fee = FeeTakenInKind {
            number,
            exec_id,
            amount_e9,
            price_ticks: 4,
            qty_lots: 5,
            venue_id: 2,
            instrument_id: 1,
        };
        assert_eq!(owner(FeeTakenInKind::KIND, &fee.encode(), 0), Some(sources::VENUE + 2));
        let position = PositionReported { position_lots: 1, venue_id: 2, instrument_id: 1 };
        let source = owner(PositionReported::KIND, &position.encode(), 0);
        assert_eq!(source, Some(sources::VENUE + 2));
        let limit = LimitSet { value: 1, instrument_id: 0, limit: 1, reserved: 0 };
        assert_eq!(owner(LimitSet::KIND, &limit.encode(), sources::STRATEGY + 3), None);
        assert_eq!(owner(CancelAll::KIND, &[1, 2, 3], 0), None);
        assert_eq!(owner(MarketUpdated::KIND, &[0; 48], sources::STRATEGY + 1), None);
    }

    #[test]
    fn a_drop_copy_hands_in_its_venues_words_and_nothing_that_is_applied() {
        let source = sources::DROP_COPY + 2;
        let message = |format: OrderFormat| {
            let (venue_id, format) = (2, u16::from(format.raw()));
            VenueMessageReceived { venue_id, format, reserved: 0 }.encode()
        };
        let kind = VenueMessageReceived::KIND;
        assert_eq!(owner(kind, &message(OrderFormat::Fix44), source), Some(source));
        assert_eq!(owner(kind, &message(OrderFormat::Ouch50), source), None);
        assert_eq!(owner(kind, &message(OrderFormat::Fix44), sources::VENUE + 2), None);
        let link = |link: VenueLink| {
            let (venue_id, link, is_up, reserved) = (2, link.raw(), 1, 0);
            let (next_message, session) = (0, [0; 16]);
            VenueLinkChanged { next_message, session, venue_id, link, is_up, reserved }.encode()
        };
        let kind = VenueLinkChanged::KIND;
        assert_eq!(owner(kind, &link(VenueLink::DropCopy), source), Some(source));
        assert_ne!(owner(kind, &link(VenueLink::Orders), source), Some(source));
        assert_ne!(owner(MarketUpdated::KIND, &[0; 48], source), Some(source));
    }
}
