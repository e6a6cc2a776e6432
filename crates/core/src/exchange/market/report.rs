// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the market says beyond what its matcher does.

use crate::events::Phase;
use crate::exchange::{
    Accepted, Canceled, Crossed, Fill, Prevented, Rejected, Replaced, Report, Reports, Restated,
    Rested,
};
use crate::types::{InstrumentId, Lots, Side, Ticks};

/// An instrument changed its phase. After the cross of the auction that the change ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhaseReport {
    /// Instrument.
    pub instrument: InstrumentId,
    /// The phase it is in.
    pub phase: Phase,
    /// The phase it was in.
    pub was: Phase,
}

/// What an auction would come to now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indicative {
    /// Instrument.
    pub instrument: InstrumentId,
    /// Its phase.
    pub phase: Phase,
    /// The auction's price, in ticks; 0: nothing would trade.
    pub price: Ticks,
    /// Its price if only the orders for this auction alone took part, in ticks; 0: none would trade.
    pub far: Ticks,
    /// Quantity that would trade, in lots.
    pub paired: Lots,
    /// What would be left at that price, in lots; without a price the market orders that are over.
    pub imbalance: Lots,
    /// Which side would have it left; `None` without an imbalance.
    pub imbalance_side: Option<Side>,
    /// Last trade price, else the reference of the configuration, in ticks; 0: none.
    pub reference: Ticks,
}

/// The bands of an instrument changed, or whether it stands at one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BandsReport {
    /// Instrument.
    pub instrument: InstrumentId,
    /// Reference price, in ticks; 0: there are no bands now.
    pub reference: Ticks,
    /// Nothing trades below, in ticks.
    pub lower: Ticks,
    /// Nothing trades above, in ticks.
    pub upper: Ticks,
    /// The side whose best price stands at its band (limit state).
    pub limit_side: Option<Side>,
}

/// An auction ended, with its price. After each of its matches, before the phase changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cross {
    /// Instrument.
    pub instrument: InstrumentId,
    /// The phase that ended: which auction it was.
    pub phase: Phase,
    /// Its price, in ticks; 0: nothing traded.
    pub price: Ticks,
    /// What traded, in lots.
    pub qty: Lots,
    /// Number of the first of its matches; 0: nothing traded.
    pub match_id: u64,
}

/// Who hears what the market did.
pub trait MarketReports: Reports {
    /// An instrument changed its phase.
    fn phase_changed(&mut self, _report: &PhaseReport) {}
    /// What an auction would come to now.
    fn indicative(&mut self, _report: &Indicative) {}
    /// Bands changed.
    fn bands(&mut self, _report: &BandsReport) {}
    /// An auction ended.
    fn cross(&mut self, _report: &Cross) {}
}

/// Any report, as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarketReport {
    /// Of an order.
    Order(Report),
    /// An instrument changed its phase.
    Phase(PhaseReport),
    /// What an auction would come to now.
    Indicative(Indicative),
    /// Bands changed.
    Bands(BandsReport),
    /// An auction ended.
    Cross(Cross),
}

/// Keeps the reports of orders alone.
impl MarketReports for Vec<Report> {}

/// Keeps every report; the owner sees to its capacity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportList(pub Vec<MarketReport>);

impl Reports for ReportList {
    fn accepted(&mut self, report: &Accepted) {
        self.0.push(MarketReport::Order(Report::Accepted(*report)));
    }

    fn rested(&mut self, report: &Rested) {
        self.0.push(MarketReport::Order(Report::Rested(*report)));
    }

    fn filled(&mut self, report: &Fill) {
        self.0.push(MarketReport::Order(Report::Filled(*report)));
    }

    fn canceled(&mut self, report: &Canceled) {
        self.0.push(MarketReport::Order(Report::Canceled(*report)));
    }

    fn replaced(&mut self, report: &Replaced) {
        self.0.push(MarketReport::Order(Report::Replaced(*report)));
    }

    fn rejected(&mut self, report: &Rejected) {
        self.0.push(MarketReport::Order(Report::Rejected(*report)));
    }

    fn restated(&mut self, report: &Restated) {
        self.0.push(MarketReport::Order(Report::Restated(*report)));
    }

    fn prevented(&mut self, report: &Prevented) {
        self.0.push(MarketReport::Order(Report::Prevented(*report)));
    }

    fn crossed(&mut self, report: &Crossed) {
        self.0.push(MarketReport::Order(Report::Crossed(*report)));
    }
}

impl MarketReports for ReportList {
    fn phase_changed(&mut self, report: &PhaseReport) {
        self.0.push(MarketReport::Phase(*report));
    }

    fn indicative(&mut self, report: &Indicative) {
        self.0.push(MarketReport::Indicative(*report));
    }

    fn bands(&mut self, report: &BandsReport) {
        self.0.push(MarketReport::Bands(*report));
    }

    fn cross(&mut self, report: &Cross) {
        self.0.push(MarketReport::Cross(*report));
    }
}
