// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Where each limit may stand, and where it has to. Made by tools/gen.py from schema/. Do not edit: change the schema and run `make gen`.

use crate::events::{Limit, RiskScope};

/// The scopes at which a limit may stand.
pub(super) const fn scopes(limit: Limit) -> &'static [RiskScope] {
    use RiskScope::{Account, Firm, Instrument, Product, Strategy, Venue};
    match limit {
        Limit::OrderQtyMax
        | Limit::OrderValueMax
        | Limit::WorkingOrdersMax
        | Limit::WorkingQtyMax => &[Strategy, Instrument, Account, Firm],
        Limit::OrderNotionalMax
        | Limit::PriceCollarTicks
        | Limit::PriceCollarBps
        | Limit::PassiveCollarTicks
        | Limit::PassiveCollarBps
        | Limit::PeriodCollarTicks
        | Limit::PeriodCollarMs
        | Limit::ReferenceAgeMsMax
        | Limit::DayQtyMax
        | Limit::SlippageBpsMax
        | Limit::ParticipationBpsMax
        | Limit::ParticipationMs
        | Limit::OrderToTradeMax
        | Limit::OrderToTradeVolumeMax
        | Limit::VolatilityCollarE2
        | Limit::VolatilityFloorTicks
        | Limit::VolatilityMs
        | Limit::FillDriftTicks => &[Instrument],
        Limit::PositionMax => &[Strategy, Instrument, Product, Account, Firm],
        Limit::OrderRateMax
        | Limit::SelfTradeBarred
        | Limit::ChildrenMax
        | Limit::FlagsRequired
        | Limit::InputAgeUsMax
        | Limit::LimitsKeptMs => &[Firm],
        Limit::MessageRateMax | Limit::CancelRateMax => &[Strategy, Instrument, Venue],
        Limit::ExecutionsMax
        | Limit::ExecutionsMs
        | Limit::DuplicatesMax
        | Limit::DuplicatesMs
        | Limit::InstrumentsMax
        | Limit::VenuesMax
        | Limit::DayOrdersMax => &[Strategy],
        Limit::GrossExposureMax
        | Limit::NetExposureMax
        | Limit::DayValueMax
        | Limit::LossMax
        | Limit::DrawdownMax
        | Limit::LossVelocityMax
        | Limit::LossVelocityMs => &[Strategy, Account, Firm],
        Limit::Capital | Limit::CapitalBufferBps => &[Account],
        Limit::MarginPerLotE6 => &[Product],
    }
}

/// The limits that a scope has to have under `LimitProfile::Full`.
pub(super) const fn required(scope: RiskScope) -> &'static [Limit] {
    match scope {
        RiskScope::Strategy => &[
            Limit::OrderQtyMax,
            Limit::PositionMax,
            Limit::MessageRateMax,
            Limit::WorkingOrdersMax,
            Limit::LossMax,
            Limit::InstrumentsMax,
            Limit::VenuesMax,
            Limit::DayOrdersMax,
        ],
        RiskScope::Instrument => &[Limit::ReferenceAgeMsMax],
        RiskScope::Venue => &[Limit::MessageRateMax],
        RiskScope::Account => &[Limit::PositionMax, Limit::OrderValueMax, Limit::GrossExposureMax],
        RiskScope::Firm => &[Limit::GrossExposureMax, Limit::LossMax, Limit::InputAgeUsMax],
        RiskScope::Product => &[],
    }
}

/// Whether a person's order may pass a limit by an override.
pub(super) const fn is_soft(limit: Limit) -> bool {
    matches!(
        limit,
        Limit::OrderQtyMax
            | Limit::OrderNotionalMax
            | Limit::PriceCollarTicks
            | Limit::OrderValueMax
            | Limit::PassiveCollarTicks
            | Limit::PeriodCollarTicks
            | Limit::DuplicatesMax
            | Limit::WorkingOrdersMax
            | Limit::WorkingQtyMax
            | Limit::DayValueMax
            | Limit::DayQtyMax
            | Limit::SlippageBpsMax
            | Limit::ParticipationBpsMax
    )
}
