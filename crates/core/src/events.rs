// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What can stand in the journal. Made by tools/gen.py from schema/. Do not edit: change the schema and run `make gen`.

/// Version of the schema.
pub const SCHEMA_VERSION: u32 = 1;

/// Which side of the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Side {
    /// Buys; rests among the bids.
    Buy = 1,
    /// Sells; rests among the asks.
    Sell = 2,
}

impl Side {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Buy),
            2 => Some(Self::Sell),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// What a market-by-order message did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum MarketAction {
    /// A displayed order joined the back of its price level.
    Add = 1,
    /// A resting order traded `qty_lots`; it shrinks by that and dies at zero.
    Execute = 2,
    /// A resting order shrank by `qty_lots` and kept its place; it dies at zero.
    Reduce = 3,
    /// A resting order left the book.
    Delete = 4,
    /// `order_ref` died; `other_ref` joined at the back with the new price and quantity.
    Replace = 5,
    /// A trade that did not touch the displayed book (hidden interest).
    Trade = 6,
    /// The bulk print of an auction.
    Cross = 7,
    /// A trade was broken; the book is unchanged.
    Break = 8,
    /// The instrument's book was emptied.
    Clear = 9,
    /// The trading status changed; `flags` holds a `TradingStatus`.
    Status = 10,
    /// The order's quantity became `qty_lots` at `price_ticks`, in place when the price is unchanged and the quantity no larger.
    Set = 11,
}

impl MarketAction {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Add),
            2 => Some(Self::Execute),
            3 => Some(Self::Reduce),
            4 => Some(Self::Delete),
            5 => Some(Self::Replace),
            6 => Some(Self::Trade),
            7 => Some(Self::Cross),
            8 => Some(Self::Break),
            9 => Some(Self::Clear),
            10 => Some(Self::Status),
            11 => Some(Self::Set),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// What an instrument's market is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum TradingStatus {
    /// Nothing was said about it yet.
    Unknown = 0,
    /// Open for continuous trading.
    Trading = 1,
    /// Halted.
    Halted = 2,
    /// Paused by a volatility rule.
    Paused = 3,
    /// Quotation only: orders are taken and not matched.
    Quoting = 4,
}

impl TradingStatus {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            0 => Some(Self::Unknown),
            1 => Some(Self::Trading),
            2 => Some(Self::Halted),
            3 => Some(Self::Paused),
            4 => Some(Self::Quoting),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// How the bytes of a `PacketReceived` are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum PacketFormat {
    /// One ITCH 5.0 message, without a length prefix.
    Itch50 = 1,
    /// One `MoldUDP64` downstream packet that holds ITCH 5.0 messages.
    Moldudp64Itch50 = 2,
    /// A part of a GLIMPSE 5.0 snapshot: ITCH 5.0 messages and at last an End of Snapshot, each behind its length in two bytes, big-endian.
    Glimpse50Itch50 = 3,
}

impl PacketFormat {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Itch50),
            2 => Some(Self::Moldudp64Itch50),
            3 => Some(Self::Glimpse50Itch50),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// How an order is priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum OrderType {
    /// At its price or better.
    Limit = 1,
    /// At any price; never rests.
    Market = 2,
    /// Follows the best price of its own side; hidden.
    PegPrimary = 3,
    /// Follows the best price of the opposite side; hidden.
    PegMarket = 4,
    /// Follows the middle of the best prices; hidden.
    PegMidpoint = 5,
    /// Becomes a market order when a trade reaches its stop price.
    Stop = 6,
    /// Becomes a limit order when a trade reaches its stop price.
    StopLimit = 7,
}

impl OrderType {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Limit),
            2 => Some(Self::Market),
            3 => Some(Self::PegPrimary),
            4 => Some(Self::PegMarket),
            5 => Some(Self::PegMidpoint),
            6 => Some(Self::Stop),
            7 => Some(Self::StopLimit),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// How long an order lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum TimeInForce {
    /// Rests until filled, cancelled or the day ends.
    Day = 1,
    /// Immediate or cancel: what does not fill at once is cancelled.
    Ioc = 2,
    /// Fill or kill: fills in whole at once, or not at all.
    Fok = 3,
    /// Rests over days until cancelled.
    Gtc = 4,
    /// Rests until a given time.
    Until = 5,
    /// For the opening auction alone.
    Open = 6,
    /// For the closing auction alone.
    Close = 7,
}

impl TimeInForce {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Day),
            2 => Some(Self::Ioc),
            3 => Some(Self::Fok),
            4 => Some(Self::Gtc),
            5 => Some(Self::Until),
            6 => Some(Self::Open),
            7 => Some(Self::Close),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// Self-trade prevention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum StpMode {
    /// Orders of one owner may trade with each other.
    Off = 0,
    /// The incoming order's remainder is cancelled before it would trade with its owner's resting order.
    CancelNewest = 1,
    /// The resting order is cancelled and the incoming one goes on.
    CancelOldest = 2,
    /// Both are cancelled.
    CancelBoth = 3,
    /// Both shrink by the smaller of the two; what reaches 0 is cancelled.
    Decrement = 4,
}

impl StpMode {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            0 => Some(Self::Off),
            1 => Some(Self::CancelNewest),
            2 => Some(Self::CancelOldest),
            3 => Some(Self::CancelBoth),
            4 => Some(Self::Decrement),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// What a fill did to the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Liquidity {
    /// Our order rested and was hit (maker).
    Added = 1,
    /// Our order took from the book (taker).
    Removed = 2,
    /// Our order traded in an auction, where the venue says so.
    Auction = 3,
}

impl Liquidity {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Added),
            2 => Some(Self::Removed),
            3 => Some(Self::Auction),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// Why an order, or what was left of it, was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum CancelReason {
    /// Asked for.
    User = 1,
    /// Immediate-or-cancel remainder, or a market order that found no more.
    Ioc = 2,
    /// Fill-or-kill that could not be filled in whole.
    Fok = 3,
    /// It would have traded with its owner's own order.
    SelfTrade = 4,
    /// Its replacement was invalid (OUCH 5.0: the original is cancelled), or left nothing to do.
    Replace = 5,
    /// Its strategy stopped or failed.
    StrategyStopped = 6,
    /// The run ended.
    RunEnded = 7,
    /// The quote that owned it moved or was withdrawn.
    Quote = 8,
    /// The venue emptied the book.
    BookCleared = 9,
    /// A market order's remainder that the collar stopped.
    Collar = 10,
    /// Its time came.
    Expired = 11,
    /// The day ended.
    DayEnded = 12,
    /// Its auction left it over.
    Auction = 13,
    /// Its port was disconnected.
    Disconnected = 14,
    /// Its firm or port was stopped by an operator or a limit.
    Killed = 15,
    /// Its port or firm asked for a mass cancel.
    MassCancel = 16,
    /// The market's operator cancelled it.
    Operator = 17,
    /// Its instrument was halted.
    Halted = 18,
    /// Another order of its group traded or was triggered, or the group ended.
    Group = 19,
}

impl CancelReason {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::User),
            2 => Some(Self::Ioc),
            3 => Some(Self::Fok),
            4 => Some(Self::SelfTrade),
            5 => Some(Self::Replace),
            6 => Some(Self::StrategyStopped),
            7 => Some(Self::RunEnded),
            8 => Some(Self::Quote),
            9 => Some(Self::BookCleared),
            10 => Some(Self::Collar),
            11 => Some(Self::Expired),
            12 => Some(Self::DayEnded),
            13 => Some(Self::Auction),
            14 => Some(Self::Disconnected),
            15 => Some(Self::Killed),
            16 => Some(Self::MassCancel),
            17 => Some(Self::Operator),
            18 => Some(Self::Halted),
            19 => Some(Self::Group),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// The limits of the risk gate. A missing limit rejects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Limit {
    /// Largest quantity of one order, in lots.
    OrderQtyMax = 1,
    /// Largest price times quantity of one order, in tick-lots.
    OrderNotionalMax = 2,
    /// Largest absolute position, open orders of that side included, in lots.
    PositionMax = 3,
    /// How far through the reference price (the opposite best, else the last trade) an order may be priced, in ticks.
    PriceCollarTicks = 4,
    /// Largest number of new and replaced orders in any one second of journal time.
    OrderRateMax = 5,
    /// Largest worth of one order, in account currency; a market order is priced at the reference and its collar.
    OrderValueMax = 6,
    /// How far through the middle of the market (else the last trade) an order may be priced, in basis points of it.
    PriceCollarBps = 7,
    /// How far behind the middle of the market (else the last trade) an order may be priced, in ticks.
    PassiveCollarTicks = 8,
    /// The same in basis points.
    PassiveCollarBps = 9,
    /// How far a strategy's prices in one instrument may lie apart within `PERIOD_COLLAR_MS`, in ticks.
    PeriodCollarTicks = 10,
    /// Length of that period, in milliseconds; 60,000 unless set.
    PeriodCollarMs = 11,
    /// Greatest age of the quotes that an order is measured by, in milliseconds; the feed has to be whole, too.
    ReferenceAgeMsMax = 12,
    /// Most new and replaced orders of the scope in any one second.
    MessageRateMax = 13,
    /// Cancels of the scope in any one second from which on it is warned; no cancel is ever refused.
    CancelRateMax = 14,
    /// Most automated executions of one strategy on one side of an instrument within `EXECUTIONS_MS`, without one on the other side.
    ExecutionsMax = 15,
    /// Length of that window, in milliseconds; 60,000 unless set.
    ExecutionsMs = 16,
    /// Most orders with the same terms within `DUPLICATES_MS`, none of them done.
    DuplicatesMax = 17,
    /// Length of that window, in milliseconds; 50 unless set.
    DuplicatesMs = 18,
    /// Most live orders.
    WorkingOrdersMax = 19,
    /// Most lots in live orders, both sides together.
    WorkingQtyMax = 20,
    /// Largest sum of the worth of positions and open orders, in account currency.
    GrossExposureMax = 21,
    /// Largest worth of positions and the open orders of one side, purchases against sales, in account currency.
    NetExposureMax = 22,
    /// Most worth executed today and open on one side, in account currency.
    DayValueMax = 23,
    /// Most lots executed today and open on one side.
    DayQtyMax = 24,
    /// What an account may have bound as margin, before its loss of today, in account currency.
    Capital = 25,
    /// How much of it is kept back, in basis points; 2,000 unless set.
    CapitalBufferBps = 26,
    /// Margin for one lot of the worst-case position, in 10^-6 account currency.
    MarginPerLotE6 = 27,
    /// Largest loss since the day's start, open positions at the price they could be closed at, in account currency: 50 % warns, 80 % only reduces, 100 % halts.
    LossMax = 28,
    /// 1: an order that would meet another of its owner is refused. 0: not looked at.
    SelfTradeBarred = 29,
    /// How much worse than the middle of the market an order that takes may trade on average, by the levels shown, in basis points.
    SlippageBpsMax = 30,
    /// Largest share of own executions in the market's volume within `PARTICIPATION_MS`, in basis points.
    ParticipationBpsMax = 31,
    /// Length of that window, in milliseconds; 300,000 unless set.
    ParticipationMs = 32,
    /// Largest order-to-trade ratio of an instrument by count since the day's start, as RTS 9 weighs it.
    OrderToTradeMax = 33,
    /// The same by volume.
    OrderToTradeVolumeMax = 34,
    /// Most instruments that a strategy trades.
    InstrumentsMax = 35,
    /// Most venues that a strategy trades on.
    VenuesMax = 36,
    /// Most new and replaced orders of a strategy since the day's start.
    DayOrdersMax = 37,
    /// Most child orders of one parent; 10,000 unless set.
    ChildrenMax = 38,
    /// What an order must carry. Bits: 1 account, 2 algorithm, 4 trader, 8 generation, 16 client id.
    FlagsRequired = 39,
    /// Greatest age of the input that led to an order, at the gate, in microseconds.
    InputAgeUsMax = 40,
    /// Largest fall from the day's highest profit, in account currency; acts as `LOSS_MAX`.
    DrawdownMax = 41,
    /// Largest fall of the profit within `LOSS_VELOCITY_MS`, in account currency; halts.
    LossVelocityMax = 42,
    /// Length of that window, in milliseconds; 300,000 unless set.
    LossVelocityMs = 43,
    /// How far through the middle of the market an order may be priced, in hundredths of its standard deviation over `VOLATILITY_MS`; never tighter than `VOLATILITY_FLOOR_TICKS`, and within the other collars.
    VolatilityCollarE2 = 44,
    /// What that collar allows at least, and while nothing is known of the market's movement, in ticks; 10 unless set.
    VolatilityFloorTicks = 45,
    /// Time over which the middle's movement is measured, in milliseconds; 1,000 unless set.
    VolatilityMs = 46,
    /// How far the average price of a strategy's own fills in an instrument may be from the middle of the market when the period of `PERIOD_COLLAR_MS` began, in ticks; beyond it only what reduces passes until the period ends.
    FillDriftTicks = 47,
    /// How long a set of limits is kept in force after its end, in milliseconds, before only what reduces passes; 0 unless set.
    LimitsKeptMs = 48,
}

impl Limit {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::OrderQtyMax),
            2 => Some(Self::OrderNotionalMax),
            3 => Some(Self::PositionMax),
            4 => Some(Self::PriceCollarTicks),
            5 => Some(Self::OrderRateMax),
            6 => Some(Self::OrderValueMax),
            7 => Some(Self::PriceCollarBps),
            8 => Some(Self::PassiveCollarTicks),
            9 => Some(Self::PassiveCollarBps),
            10 => Some(Self::PeriodCollarTicks),
            11 => Some(Self::PeriodCollarMs),
            12 => Some(Self::ReferenceAgeMsMax),
            13 => Some(Self::MessageRateMax),
            14 => Some(Self::CancelRateMax),
            15 => Some(Self::ExecutionsMax),
            16 => Some(Self::ExecutionsMs),
            17 => Some(Self::DuplicatesMax),
            18 => Some(Self::DuplicatesMs),
            19 => Some(Self::WorkingOrdersMax),
            20 => Some(Self::WorkingQtyMax),
            21 => Some(Self::GrossExposureMax),
            22 => Some(Self::NetExposureMax),
            23 => Some(Self::DayValueMax),
            24 => Some(Self::DayQtyMax),
            25 => Some(Self::Capital),
            26 => Some(Self::CapitalBufferBps),
            27 => Some(Self::MarginPerLotE6),
            28 => Some(Self::LossMax),
            29 => Some(Self::SelfTradeBarred),
            30 => Some(Self::SlippageBpsMax),
            31 => Some(Self::ParticipationBpsMax),
            32 => Some(Self::ParticipationMs),
            33 => Some(Self::OrderToTradeMax),
            34 => Some(Self::OrderToTradeVolumeMax),
            35 => Some(Self::InstrumentsMax),
            36 => Some(Self::VenuesMax),
            37 => Some(Self::DayOrdersMax),
            38 => Some(Self::ChildrenMax),
            39 => Some(Self::FlagsRequired),
            40 => Some(Self::InputAgeUsMax),
            41 => Some(Self::DrawdownMax),
            42 => Some(Self::LossVelocityMax),
            43 => Some(Self::LossVelocityMs),
            44 => Some(Self::VolatilityCollarE2),
            45 => Some(Self::VolatilityFloorTicks),
            46 => Some(Self::VolatilityMs),
            47 => Some(Self::FillDriftTicks),
            48 => Some(Self::LimitsKeptMs),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// Which limits have to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum LimitProfile {
    /// The five of `LimitSet`; all others count where they are set. For backtests.
    Basic = 0,
    /// Every limit that schema/risk.toml calls required, access said for every strategy, instruments admitted; the firm is halted at start.
    Full = 1,
}

impl LimitProfile {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            0 => Some(Self::Basic),
            1 => Some(Self::Full),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// A bar on an instrument. Bits: several may stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Restriction {
    /// Nothing but cancels.
    NoTrade = 1,
    /// Only what makes the position smaller.
    NoOpen = 2,
    /// No sale that could lead to a short position.
    NoShort = 4,
    /// A short position only up to the lots that were located.
    Locate = 8,
}

impl Restriction {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::NoTrade),
            2 => Some(Self::NoOpen),
            4 => Some(Self::NoShort),
            8 => Some(Self::Locate),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// Why a strategy stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum StopReason {
    /// The source came to its end.
    RunEnded = 1,
    /// A callback raised; its orders are cancelled and the run ends non-zero.
    Exception = 2,
    /// A person stopped it.
    Operator = 3,
    /// Its process ended without a word.
    Crashed = 4,
    /// A callback took longer than it may.
    TooSlow = 5,
    /// The node was stopped, and all its strategies with it.
    NodeStopped = 6,
}

impl StopReason {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::RunEnded),
            2 => Some(Self::Exception),
            3 => Some(Self::Operator),
            4 => Some(Self::Crashed),
            5 => Some(Self::TooSlow),
            6 => Some(Self::NodeStopped),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// How the eight bytes of a strategy's parameter are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ParameterKind {
    /// A signed integer, two's complement.
    Integer = 1,
    /// An IEEE 754 double.
    Float = 2,
    /// 0 or 1.
    Boolean = 3,
}

impl ParameterKind {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Integer),
            2 => Some(Self::Float),
            3 => Some(Self::Boolean),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// How the bytes of an `OrderMessageReceived` are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum OrderFormat {
    /// One OUCH 5.0 message.
    Ouch50 = 1,
    /// One OUCH 4.2 message.
    Ouch42 = 2,
    /// One FIX 4.4 message, from `BeginString` to `CheckSum`; passwords blanked.
    Fix44 = 3,
    /// One FIXT 1.1 message of FIX 5.0 SP2, from `BeginString` to `CheckSum`; passwords blanked.
    Fix50sp2 = 4,
}

impl OrderFormat {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Ouch50),
            2 => Some(Self::Ouch42),
            3 => Some(Self::Fix44),
            4 => Some(Self::Fix50sp2),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// What a port is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum PortKind {
    /// Orders in, answers out.
    OrderEntry = 1,
    /// Copies of what happened to the firm's orders; takes no orders.
    DropCopy = 2,
}

impl PortKind {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::OrderEntry),
            2 => Some(Self::DropCopy),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// Why a session's connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum CloseReason {
    /// The client logged out.
    Logout = 1,
    /// The connection was closed or lost.
    Disconnected = 2,
    /// Nothing was heard within the timeout.
    Silent = 3,
    /// The client broke the session's rules.
    Protocol = 4,
    /// The client did not read, and its buffer was full.
    Slow = 5,
    /// An operator closed it.
    Operator = 6,
    /// The exchange stopped.
    Shutdown = 7,
    /// The exchange, or its standby, started again.
    Restarted = 8,
}

impl CloseReason {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Logout),
            2 => Some(Self::Disconnected),
            3 => Some(Self::Silent),
            4 => Some(Self::Protocol),
            5 => Some(Self::Slow),
            6 => Some(Self::Operator),
            7 => Some(Self::Shutdown),
            8 => Some(Self::Restarted),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// What an operator, or the schedule, does to the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Operation {
    /// An instrument (0: all) changes to the phase in `value`.
    SetPhase = 1,
    /// All orders of a firm are cancelled.
    CancelFirm = 2,
    /// All orders of a port are cancelled.
    CancelPort = 3,
    /// All orders of an instrument (0: all) are cancelled.
    CancelInstrument = 4,
    /// A firm's entry is blocked and its orders are cancelled.
    KillFirm = 5,
    /// A firm's entry is open again.
    AllowFirm = 6,
    /// A port's entry is blocked and its orders are cancelled.
    KillPort = 7,
    /// A port's entry is open again.
    AllowPort = 8,
    /// The match in `value` is broken.
    BreakTrade = 9,
    /// The day ends.
    EndDay = 10,
    /// An instrument's reference price becomes `value`.
    SetReference = 11,
    /// `value` 1: no instrument takes new orders; 0: they do again.
    CancelOnly = 12,
}

impl Operation {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::SetPhase),
            2 => Some(Self::CancelFirm),
            3 => Some(Self::CancelPort),
            4 => Some(Self::CancelInstrument),
            5 => Some(Self::KillFirm),
            6 => Some(Self::AllowFirm),
            7 => Some(Self::KillPort),
            8 => Some(Self::AllowPort),
            9 => Some(Self::BreakTrade),
            10 => Some(Self::EndDay),
            11 => Some(Self::SetReference),
            12 => Some(Self::CancelOnly),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// Where an instrument's day stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Phase {
    /// Nothing but cancels.
    Closed = 0,
    /// Orders rest and are not matched.
    PreOpen = 1,
    /// As before the open, with an indicative price.
    OpeningAuction = 2,
    /// Orders match.
    Continuous = 3,
    /// Trading paused; orders gather for an auction.
    VolatilityAuction = 4,
    /// Nothing but cancels.
    Halted = 5,
    /// Orders gather for the day's last auction.
    ClosingAuction = 6,
}

impl Phase {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            0 => Some(Self::Closed),
            1 => Some(Self::PreOpen),
            2 => Some(Self::OpeningAuction),
            3 => Some(Self::Continuous),
            4 => Some(Self::VolatilityAuction),
            5 => Some(Self::Halted),
            6 => Some(Self::ClosingAuction),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// Why the market gave an order a new id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum RestateReason {
    /// A reserve order showed its next slice.
    Refill = 1,
    /// A peg followed its reference.
    Peg = 2,
    /// A stop was triggered.
    Trigger = 3,
}

impl RestateReason {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Refill),
            2 => Some(Self::Peg),
            3 => Some(Self::Trigger),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// Whose entry an `EntryBlocked` concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum BlockScope {
    /// One port.
    Port = 1,
    /// One firm.
    Firm = 2,
    /// Everybody.
    Market = 3,
}

impl BlockScope {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Port),
            2 => Some(Self::Firm),
            3 => Some(Self::Market),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// What a scope may do. The strictest of all scopes that touch an order counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum TradingState {
    /// Nothing but cancels. The state at start, until reconciled.
    Halted = 1,
    /// Cancels, and orders that make the worst-case position smaller.
    Reducing = 2,
    /// Everything the limits allow.
    Active = 3,
}

impl TradingState {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Halted),
            2 => Some(Self::Reducing),
            3 => Some(Self::Active),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// Whom a trading state or a limit concerns, narrowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum RiskScope {
    /// One strategy.
    Strategy = 1,
    /// One instrument.
    Instrument = 2,
    /// One venue's sessions.
    Venue = 3,
    /// One account: the strategies booked to it.
    Account = 4,
    /// Everything.
    Firm = 5,
    /// One product over all its venues, by the id of its first instrument.
    Product = 6,
}

impl RiskScope {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Strategy),
            2 => Some(Self::Instrument),
            3 => Some(Self::Venue),
            4 => Some(Self::Account),
            5 => Some(Self::Firm),
            6 => Some(Self::Product),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// What two accounts of the same differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Difference {
    /// The venue tells of an execution that we have not booked.
    MissingHere = 1,
    /// We have booked an execution that the venue's second account does not tell of.
    MissingThere = 2,
    /// An execution's price.
    Price = 3,
    /// An execution's quantity.
    Qty = 4,
    /// What is left of an order.
    State = 5,
    /// A position.
    Position = 6,
    /// Number and quantity of all executions.
    Totals = 7,
}

impl Difference {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::MissingHere),
            2 => Some(Self::MissingThere),
            3 => Some(Self::Price),
            4 => Some(Self::Qty),
            5 => Some(Self::State),
            6 => Some(Self::Position),
            7 => Some(Self::Totals),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// What is done about a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum DifferenceStep {
    /// It is told.
    Warned = 1,
    /// From here on its account only reduces.
    Reduced = 2,
    /// Its account is halted.
    Halted = 3,
    /// Both agree again.
    Resolved = 4,
    /// Totals were compared, and agree but for what is on its way.
    Compared = 5,
}

impl DifferenceStep {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Warned),
            2 => Some(Self::Reduced),
            3 => Some(Self::Halted),
            4 => Some(Self::Resolved),
            5 => Some(Self::Compared),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// What happened in the course of a kill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum KillStep {
    /// Not confirmed in time: cancels leave again, sessions of the scope are dropped so that the venue cancels.
    Escalated = 1,
    /// The venue was asked to take no new order of the firm.
    EntryDisabled = 2,
    /// The venue was asked to take new orders of the firm again.
    EntryEnabled = 3,
    /// A person resumed the scope before all was confirmed.
    Abandoned = 4,
}

impl KillStep {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Escalated),
            2 => Some(Self::EntryDisabled),
            3 => Some(Self::EntryEnabled),
            4 => Some(Self::Abandoned),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// The circuit breakers of a live node. Each measures one thing over a window and acts when it reaches its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Breaker {
    /// KS-07: orders of a strategy that were refused for what they are, in percent of those that were answered.
    RejectRate = 1,
    /// KS-07: orders of a strategy refused one after the other for the same reason.
    RejectRun = 2,
    /// KS-08: new and replaced orders and cancels of a strategy within the window.
    MessageRate = 3,
    /// KS-08: the same, as how many usual deviations the present window lies above the strategy's own mean.
    MessageBurst = 4,
    /// KS-09: how far a strategy's position in one instrument moved within the window, in percent of its limit there.
    PositionJump = 5,
    /// KS-10: how long a feed, or an instrument's book, has not been fit to trade on, in milliseconds.
    MarketData = 6,
    /// KS-11: how far our clock may be off: offset and uncertainty together, in microseconds. Without a measurement within the window it counts as off altogether.
    Clock = 7,
    /// KS-12: how long market data waited before it was taken in, in microseconds; the greatest over the window.
    InputAge = 8,
    /// KS-13: how much worse than the middle of the market at their arrival a strategy's orders traded on average, in basis points.
    Slippage = 9,
}

impl Breaker {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::RejectRate),
            2 => Some(Self::RejectRun),
            3 => Some(Self::MessageRate),
            4 => Some(Self::MessageBurst),
            5 => Some(Self::PositionJump),
            6 => Some(Self::MarketData),
            7 => Some(Self::Clock),
            8 => Some(Self::InputAge),
            9 => Some(Self::Slippage),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// What a circuit breaker does, mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum BreakerAction {
    /// The measure has been well below its bound for a whole window: what it did is over.
    Release = 0,
    /// It says so.
    Warn = 1,
    /// Between two orders of a strategy of the scope lies at least the breaker's delay; cancels leave at once.
    Throttle = 2,
    /// Only what makes the position smaller passes.
    Reduce = 3,
    /// Nothing passes, and what is live is cancelled, until a person resumes the scope.
    Halt = 4,
}

impl BreakerAction {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            0 => Some(Self::Release),
            1 => Some(Self::Warn),
            2 => Some(Self::Throttle),
            3 => Some(Self::Reduce),
            4 => Some(Self::Halt),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// What became of a position that is being closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum FlattenStep {
    /// An order that closes it, or part of it, has left.
    Sent = 1,
    /// The gate refuses to close it: it stays.
    Refused = 2,
    /// It is flat.
    Closed = 3,
    /// Time is up: what is left of it stays.
    Left = 4,
}

impl FlattenStep {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Sent),
            2 => Some(Self::Refused),
            3 => Some(Self::Closed),
            4 => Some(Self::Left),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// What a guardian saw or did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum GuardianStep {
    /// The engine turns, and is watched.
    Armed = 1,
    /// The engine's process lives, and does not turn.
    Stalled = 2,
    /// The engine's process has ended without a word.
    Died = 3,
    /// A venue was asked to take no new order of the firm and to cancel all it has.
    Asked = 4,
    /// A venue has confirmed both.
    Confirmed = 5,
    /// The engine has ended in an orderly way.
    Ended = 6,
}

impl GuardianStep {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Armed),
            2 => Some(Self::Stalled),
            3 => Some(Self::Died),
            4 => Some(Self::Asked),
            5 => Some(Self::Confirmed),
            6 => Some(Self::Ended),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// A connection to a venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum VenueLink {
    /// Order entry, logged in.
    Orders = 1,
    /// Market data, whole and in step.
    Data = 2,
    /// The venue's copies of what happened to our orders.
    DropCopy = 3,
}

impl VenueLink {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Orders),
            2 => Some(Self::Data),
            3 => Some(Self::DropCopy),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// What a venue says of an order of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ReportKind {
    /// It took the new order.
    Accepted = 1,
    /// It refused the new order.
    Rejected = 2,
    /// The order traded `qty_lots` at `price_ticks`.
    Filled = 3,
    /// `qty_lots` of the order were cancelled; `leaves_lots` are left.
    Canceled = 4,
    /// It took the replacement `number`; the order it replaces is dead.
    Replaced = 5,
    /// It refused to cancel.
    CancelRejected = 6,
    /// It refused the replacement `number`.
    ReplaceRejected = 7,
    /// Answer to a query: the order lives, with this price, what is left and what was executed.
    Open = 8,
    /// Answer to a query: the order is dead; `executed_lots` of it traded.
    Gone = 9,
    /// Answer to a query: the venue never had it.
    NotFound = 10,
    /// Answer to a query for everything: all open orders, fills since and positions were told.
    AllTold = 11,
}

impl ReportKind {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Accepted),
            2 => Some(Self::Rejected),
            3 => Some(Self::Filled),
            4 => Some(Self::Canceled),
            5 => Some(Self::Replaced),
            6 => Some(Self::CancelRejected),
            7 => Some(Self::ReplaceRejected),
            8 => Some(Self::Open),
            9 => Some(Self::Gone),
            10 => Some(Self::NotFound),
            11 => Some(Self::AllTold),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// How whole a feed of numbered messages is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum FeedState {
    /// Nothing was heard of its session yet.
    Waiting = 1,
    /// Every message that anybody spoke of was handed on.
    Live = 2,
    /// Messages are missing; they are waited for on the other line, or asked for again.
    Gap = 3,
    /// Too much is missing: a snapshot is asked for.
    Recovering = 4,
    /// The books of the feed are empty; a snapshot follows.
    Snapshot = 5,
    /// Nothing comes, on no line.
    Dead = 6,
    /// Messages are missing for good: the books are not whole until the next session or snapshot.
    Lost = 7,
    /// The session is over, and every message of it came.
    Ended = 8,
}

impl FeedState {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Waiting),
            2 => Some(Self::Live),
            3 => Some(Self::Gap),
            4 => Some(Self::Recovering),
            5 => Some(Self::Snapshot),
            6 => Some(Self::Dead),
            7 => Some(Self::Lost),
            8 => Some(Self::Ended),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// Whether a book can be traded on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum BookState {
    /// Whole, in step, and sane by every rule.
    Live = 1,
    /// It may be old or not whole: its feed is silent or late, or a rule holds it.
    Stale = 2,
    /// Messages before the present are missing, or a snapshot is being loaded.
    Gap = 3,
    /// Crossed, or locked, for longer than the rule allows.
    Crossed = 4,
}

impl BookState {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Live),
            2 => Some(Self::Stale),
            3 => Some(Self::Gap),
            4 => Some(Self::Crossed),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// A rule of validation of market data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum FeedRule {
    /// Messages come numbered, without a hole.
    Sequence = 1,
    /// The venue's time does not run backwards.
    TimeBack = 2,
    /// The venue's time is not ahead of the receive time.
    TimeAhead = 3,
    /// The venue's time is not far behind the receive time.
    TimeOld = 4,
    /// The best bid is not above the best ask for long.
    Crossed = 5,
    /// The best bid is not at the best ask for long.
    Locked = 6,
    /// A price lies within the band around the reference.
    PriceBand = 7,
    /// A quantity is not zero.
    SizeZero = 8,
    /// A quantity is not absurd.
    SizeMax = 9,
    /// An instrument is not silent for long.
    Silence = 10,
    /// A message fits the book: it names an order that is there, or one that is not yet.
    Book = 11,
}

impl FeedRule {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Sequence),
            2 => Some(Self::TimeBack),
            3 => Some(Self::TimeAhead),
            4 => Some(Self::TimeOld),
            5 => Some(Self::Crossed),
            6 => Some(Self::Locked),
            7 => Some(Self::PriceBand),
            8 => Some(Self::SizeZero),
            9 => Some(Self::SizeMax),
            10 => Some(Self::Silence),
            11 => Some(Self::Book),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// What is done when a rule of validation is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum RuleAction {
    /// What was wrong is put right, and the message is used.
    Corrected = 1,
    /// The message does not touch the book; a state lasts until it heals.
    Quarantined = 2,
    /// The message does not touch the book, and the book is not traded on until a person says so.
    Halted = 3,
}

impl RuleAction {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Corrected),
            2 => Some(Self::Quarantined),
            3 => Some(Self::Halted),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// Where an order of ours stands, as far as we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum OrderState {
    /// It left; the venue has not answered.
    PendingNew = 1,
    /// The venue has it, untouched.
    Working = 2,
    /// The venue has it, and part of it traded.
    PartiallyFilled = 3,
    /// It lives, and its cancel left.
    PendingCancel = 4,
    /// It lives, and its replacement left.
    PendingReplace = 5,
    /// What the venue has is not known: no answer in time, no connection, or an answer that cannot be. Its exposure stays reserved.
    Unknown = 6,
    /// Dead: all of it traded.
    Filled = 7,
    /// Dead: cancelled.
    Canceled = 8,
    /// Dead: the venue refused it, or never had it.
    Rejected = 9,
    /// Dead: its time came.
    Expired = 10,
    /// Dead: another order took its place.
    Replaced = 11,
    /// Kept by us and not yet sent: it waits for a price, or for another order to trade.
    Held = 12,
}

impl OrderState {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::PendingNew),
            2 => Some(Self::Working),
            3 => Some(Self::PartiallyFilled),
            4 => Some(Self::PendingCancel),
            5 => Some(Self::PendingReplace),
            6 => Some(Self::Unknown),
            7 => Some(Self::Filled),
            8 => Some(Self::Canceled),
            9 => Some(Self::Rejected),
            10 => Some(Self::Expired),
            11 => Some(Self::Replaced),
            12 => Some(Self::Held),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// Why an order's state changed where no report of its own kind says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum StateReason {
    /// The venue did not answer in time.
    Timeout = 1,
    /// The connection to the venue went.
    LinkDown = 2,
    /// The venue said, when asked: it lives.
    ToldOpen = 3,
    /// The venue said, when asked: it is dead.
    ToldGone = 4,
    /// The venue said, when asked: it never had it.
    ToldNever = 5,
    /// It is dead at the venue, which executed more of it than was told: the rest is awaited.
    FillsMissing = 6,
    /// The venue said what cannot be so, given what it said before.
    Contradiction = 7,
    /// It is kept by us until its condition comes.
    Held = 8,
    /// Its condition came, or it is no longer wanted: it is held no more.
    Released = 9,
}

impl StateReason {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Timeout),
            2 => Some(Self::LinkDown),
            3 => Some(Self::ToldOpen),
            4 => Some(Self::ToldGone),
            5 => Some(Self::ToldNever),
            6 => Some(Self::FillsMissing),
            7 => Some(Self::Contradiction),
            8 => Some(Self::Held),
            9 => Some(Self::Released),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// What is wrong with a fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum UnexpectedFill {
    /// Its order was dead.
    AfterDeath = 1,
    /// It is larger than what was left.
    Overfill = 2,
    /// It names no order of ours that is remembered.
    OrderUnknown = 3,
    /// Its number came before for this order: nothing changes.
    Repeated = 4,
    /// Its price is worse than the order's limit.
    Price = 5,
}

impl UnexpectedFill {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::AfterDeath),
            2 => Some(Self::Overfill),
            3 => Some(Self::OrderUnknown),
            4 => Some(Self::Repeated),
            5 => Some(Self::Price),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// Where a parent order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ParentState {
    /// Children may be sent.
    Working = 1,
    /// All of it traded.
    Filled = 2,
    /// It was closed; children that live are the last.
    Closed = 3,
    /// Its children broke a rule of the ledger: no more are sent, and a person looks.
    Broken = 4,
}

impl ParentState {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Working),
            2 => Some(Self::Filled),
            3 => Some(Self::Closed),
            4 => Some(Self::Broken),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// How the orders of a group depend on each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum GroupKind {
    /// One order: a stop that is kept by us.
    Alone = 1,
    /// Two orders that share their quantity: what one trades, the other loses.
    OneCancelsOther = 2,
    /// The second order is never larger than what the first has traded.
    OneTriggersOther = 3,
    /// The second and third are never larger than what the first has traded, and share that between them.
    Bracket = 4,
}

impl GroupKind {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Alone),
            2 => Some(Self::OneCancelsOther),
            3 => Some(Self::OneTriggersOther),
            4 => Some(Self::Bracket),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// Where an order of a group stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum LegState {
    /// Not sent: it waits for another order of its group to trade, or to be gone from the venue, or for the venue to be there.
    Waiting = 1,
    /// A stop that is kept by us: no trade has reached its price.
    Watching = 2,
    /// It is at the venue, or on its way there.
    Working = 3,
    /// Over: it traded all that its group had for it.
    Filled = 4,
    /// Over: cancelled, or no longer wanted.
    Canceled = 5,
    /// Over: the risk gate or the venue refused it.
    Rejected = 6,
}

impl LegState {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Waiting),
            2 => Some(Self::Watching),
            3 => Some(Self::Working),
            4 => Some(Self::Filled),
            5 => Some(Self::Canceled),
            6 => Some(Self::Rejected),
            _ => None,
        }
    }

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self as u8
    }
}

/// Why an order was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum RejectReason {
    /// A risk limit is not set for this instrument; set it in [risk] (value: the limit's number).
    LimitMissing = 1,
    /// The order's quantity is over the limit (lots).
    OrderQty = 2,
    /// The order's price times quantity is over the limit (tick-lots).
    OrderNotional = 3,
    /// The position with all open orders of this side would be over the limit (lots).
    Position = 4,
    /// The price is too far through the reference price (ticks).
    PriceCollar = 5,
    /// Too many orders within one second.
    OrderRate = 6,
    /// There is no reference price: neither a quote nor a trade has been seen.
    ReferencePriceMissing = 7,
    /// Price times quantity, or the position, does not fit in 64 bits.
    Overflow = 8,
    /// The strategy is stopped; only cancels are taken.
    StrategyHalted = 9,
    /// No instrument has this id.
    InstrumentUnknown = 20,
    /// The quantity is too small, too large, or not above what has executed (lots: its own, the bound).
    QtyInvalid = 21,
    /// The price is not above zero, or not on the instrument's tick table (ticks).
    PriceInvalid = 22,
    /// The post-only order would have traded at once (ticks: its price, the opposite best).
    PostOnlyWouldTake = 23,
    /// There are as many orders, or orders of this kind, as the market was set up for (value: the limit).
    Capacity = 24,
    /// A field holds a value that is not defined, or that does not go with the others.
    FieldInvalid = 25,
    /// The instrument takes no such order in its phase (value: its phase or tradingstatus).
    NotTrading = 26,
    /// The port's or the firm's entry is blocked; only cancels are taken.
    PortBlocked = 27,
    /// The port may not do this: it takes no orders, or the order names another firm.
    NotEntitled = 28,
    /// The order's quantity is over the port's limit (lots).
    PortOrderQty = 29,
    /// The order's price times quantity is over the port's limit (tick-lots).
    PortOrderNotional = 30,
    /// The port has as many live orders as it may.
    PortOpenOrders = 31,
    /// The port sent more orders, or reductions and cancels of nothing, within one second than it may.
    PortThrottled = 32,
    /// The same order came more often within one second than the port may send it.
    Duplicate = 33,
    /// The price is further through the reference price than the port may go (ticks).
    ReferenceCollar = 34,
    /// The message is not as its specification says.
    MessageMalformed = 35,
    /// No match has this number, or it was broken already.
    MatchUnknown = 36,
    /// Our account and the venue's differ; see `onetape live status`, and the differencechanged of the journal.
    Difference = 16,
    /// The venue's second account, its drop copy, was not heard since the node started (value: the venue).
    NotReconciled = 17,
    /// The venue refused it, see its message in the journal.
    VenueRefused = 42,
    /// No live order has this client id.
    OrderUnknown = 40,
    /// The client's id for the order was used before, or is not above the last one used.
    ClientIdUsed = 41,
    /// The venue says that it never had the order: the connection went while it was on its way.
    VenueNeverReceived = 43,
    /// The venue is not connected, or has not yet told everything that it holds (value: the venue).
    VenueDown = 37,
    /// The scope is halted, or only takes what makes its position smaller (value: its kind of scope; bound: its state).
    TradingState = 60,
    /// The strategy may not trade this instrument, venue or side (value: the sides it may, as bits).
    AccessDenied = 61,
    /// The instrument is on the restricted list (value: its bars, as bits).
    Restricted = 62,
    /// The price is not on the tick table, or outside what the venue takes (ticks: its own; the increment or the bound).
    PriceOffTick = 63,
    /// The quantity is too small, too large, or no multiple of the step (lots: its own, the bound).
    QtyOffLot = 64,
    /// The instrument takes no orders of this type or time in force (value: type times 256 plus time in force).
    OrderKindBarred = 65,
    /// The order's worth is over the limit (account currency).
    OrderValue = 66,
    /// The price is too far behind the market (ticks: its own, the bound).
    PassiveCollar = 67,
    /// The prices of a short period would lie too far apart (ticks).
    PeriodCollar = 68,
    /// The reference price is too old, its feed is not whole, or its quotes are crossed (ms: its age, the bound).
    ReferenceStale = 69,
    /// Too many new and replaced orders of a scope within one second (count, bound).
    MessageRate = 70,
    /// Too many automated executions on one side in a row; a person has to allow the strategy again (count, bound).
    RepeatedExecutions = 71,
    /// The same order came too often within a short time (count, bound).
    DuplicateOrder = 72,
    /// The position of a strategy, instrument, product, account or the firm, with all open orders of this side, would be over its limit (lots).
    PositionTotal = 73,
    /// There are as many live orders as the limit allows (count).
    WorkingOrders = 74,
    /// There would be more lots in live orders than the limit allows (lots).
    WorkingQty = 75,
    /// Positions and open orders would be worth more than the limit allows (account currency).
    GrossExposure = 76,
    /// Positions and the open orders of one side would be worth more than the limit allows (account currency).
    NetExposure = 77,
    /// What was executed today and is open on this side would be worth more than the limit allows (account currency).
    DayValue = 78,
    /// What was executed today and is open on this side would be more than the limit allows (lots).
    DayQty = 79,
    /// The margin of positions and open orders would be more than the account has free (account currency).
    BuyingPower = 80,
    /// The loss of today reached a step of its limit (account currency).
    Loss = 81,
    /// The order would trade with another of its owner (ticks: its price, the other's).
    SelfTrade = 82,
    /// The order would trade too far from the middle of the market, or the levels shown do not cover it (basis points; lots).
    Slippage = 83,
    /// Own executions are too large a share of the market's volume (basis points).
    Participation = 84,
    /// The sale could lead to a short position that is barred or not located (lots: short, located).
    ShortSale = 85,
    /// The ratio of orders to trades is over the limit (ratio, bound).
    OrderToTrade = 86,
    /// The strategy would leave what it was deployed for: instruments, venues or orders of a day (count, bound).
    Envelope = 87,
    /// The child orders would be more than their parent, too many, or after its end (lots or count).
    ParentExceeded = 88,
    /// The set of limits is not valid now (value: its version).
    LimitsNotInForce = 89,
    /// The order does not carry what it must (value: the missing bits of its flags).
    FlagsMissing = 90,
    /// The input that led to the order is too old (microseconds).
    InputAge = 91,
    /// The fall from the day's highest profit reached a step of its limit (account currency).
    Drawdown = 92,
    /// The profit fell too far within a short time (account currency).
    LossVelocity = 93,
    /// The gate knows nothing of this instrument's units and venue; admit it first.
    NotAdmitted = 94,
    /// Many cancels within one second; none is refused (count, bound).
    CancelRate = 95,
    /// Own fills of the period are on average too far from where the market began it (ticks).
    FillDrift = 96,
    /// The order's cancel or replacement is on its way, or its state is unknown; wait for the answer (value: its orderstate).
    OrderBusy = 44,
    /// The reduce-only order is larger than the position that is left to close (lots).
    NotReducing = 45,
    /// No parent order that takes children has this id (value: the id).
    ParentUnknown = 46,
    /// The children would trade more than their parent (lots).
    ParentQty = 47,
    /// The parent has as many children as it may.
    ParentChildren = 48,
    /// The venue has no orders of this kind, see the manual of its adapter (value: the order type, time in force or flag).
    VenueLacks = 49,
    /// Too many orders are held or stand in one group (value: the limit).
    GroupFull = 50,
    /// The order that this one follows is not there (value: its client id).
    AfterUnknown = 51,
    /// A circuit breaker holds this scope; see `onetape live status` (scope, trading state).
    Breaker = 38,
    /// A circuit breaker throttles this strategy: the last order left too short a time ago (microseconds, the delay).
    Throttled = 39,
    /// The orders do not make a group of this kind (value: the place of the order that does not fit, from 1).
    GroupInvalid = 52,
    /// Its group sizes this order: move its limit or stop price and keep its quantity, or cancel it (value: its quantity).
    GroupSized = 53,
}

impl RejectReason {
    /// The value with this number, if the schema defines one.
    #[must_use]
    pub const fn from_raw(raw: u16) -> Option<Self> {
        let mut at = 0;
        while at < Self::ALL.len() {
            if Self::ALL[at].raw() == raw {
                return Some(Self::ALL[at]);
            }
            at += 1;
        }
        None
    }

    /// All values.
    pub const ALL: [Self; 82] = [
        Self::LimitMissing,
        Self::OrderQty,
        Self::OrderNotional,
        Self::Position,
        Self::PriceCollar,
        Self::OrderRate,
        Self::ReferencePriceMissing,
        Self::Overflow,
        Self::StrategyHalted,
        Self::InstrumentUnknown,
        Self::QtyInvalid,
        Self::PriceInvalid,
        Self::PostOnlyWouldTake,
        Self::Capacity,
        Self::FieldInvalid,
        Self::NotTrading,
        Self::PortBlocked,
        Self::NotEntitled,
        Self::PortOrderQty,
        Self::PortOrderNotional,
        Self::PortOpenOrders,
        Self::PortThrottled,
        Self::Duplicate,
        Self::ReferenceCollar,
        Self::MessageMalformed,
        Self::MatchUnknown,
        Self::Difference,
        Self::NotReconciled,
        Self::VenueRefused,
        Self::OrderUnknown,
        Self::ClientIdUsed,
        Self::VenueNeverReceived,
        Self::VenueDown,
        Self::TradingState,
        Self::AccessDenied,
        Self::Restricted,
        Self::PriceOffTick,
        Self::QtyOffLot,
        Self::OrderKindBarred,
        Self::OrderValue,
        Self::PassiveCollar,
        Self::PeriodCollar,
        Self::ReferenceStale,
        Self::MessageRate,
        Self::RepeatedExecutions,
        Self::DuplicateOrder,
        Self::PositionTotal,
        Self::WorkingOrders,
        Self::WorkingQty,
        Self::GrossExposure,
        Self::NetExposure,
        Self::DayValue,
        Self::DayQty,
        Self::BuyingPower,
        Self::Loss,
        Self::SelfTrade,
        Self::Slippage,
        Self::Participation,
        Self::ShortSale,
        Self::OrderToTrade,
        Self::Envelope,
        Self::ParentExceeded,
        Self::LimitsNotInForce,
        Self::FlagsMissing,
        Self::InputAge,
        Self::Drawdown,
        Self::LossVelocity,
        Self::NotAdmitted,
        Self::CancelRate,
        Self::FillDrift,
        Self::OrderBusy,
        Self::NotReducing,
        Self::ParentUnknown,
        Self::ParentQty,
        Self::ParentChildren,
        Self::VenueLacks,
        Self::GroupFull,
        Self::AfterUnknown,
        Self::Breaker,
        Self::Throttled,
        Self::GroupInvalid,
        Self::GroupSized,
    ];

    /// Its number in the journal.
    #[must_use]
    pub const fn raw(self) -> u16 {
        self as u16
    }
}

impl RejectReason {
    /// What a person reads.
    #[must_use]
    pub const fn text(self) -> &'static str {
        let mut at = 0;
        while Self::ALL[at].raw() != self.raw() {
            at += 1;
        }
        Self::TEXTS[at]
    }

    /// In the order of [`Self::ALL`].
    const TEXTS: [&'static str; 82] = [
        "a risk limit is not set for this instrument; set it in [risk] (value: the limit's number)",
        "the order's quantity is over the limit (lots)",
        "the order's price times quantity is over the limit (tick-lots)",
        "the position with all open orders of this side would be over the limit (lots)",
        "the price is too far through the reference price (ticks)",
        "too many orders within one second",
        "there is no reference price: neither a quote nor a trade has been seen",
        "price times quantity, or the position, does not fit in 64 bits",
        "the strategy is stopped; only cancels are taken",
        "no instrument has this id",
        "the quantity is too small, too large, or not above what has executed (lots: its own, the bound)",
        "the price is not above zero, or not on the instrument's tick table (ticks)",
        "the post-only order would have traded at once (ticks: its price, the opposite best)",
        "there are as many orders, or orders of this kind, as the market was set up for (value: the limit)",
        "a field holds a value that is not defined, or that does not go with the others",
        "the instrument takes no such order in its phase (value: its Phase or TradingStatus)",
        "the port's or the firm's entry is blocked; only cancels are taken",
        "the port may not do this: it takes no orders, or the order names another firm",
        "the order's quantity is over the port's limit (lots)",
        "the order's price times quantity is over the port's limit (tick-lots)",
        "the port has as many live orders as it may",
        "the port sent more orders, or reductions and cancels of nothing, within one second than it may",
        "the same order came more often within one second than the port may send it",
        "the price is further through the reference price than the port may go (ticks)",
        "the message is not as its specification says",
        "no match has this number, or it was broken already",
        "our account and the venue's differ; see `onetape live status`, and the DifferenceChanged of the journal",
        "the venue's second account, its drop copy, was not heard since the node started (value: the venue)",
        "the venue refused it, see its message in the journal",
        "no live order has this client id",
        "the client's id for the order was used before, or is not above the last one used",
        "the venue says that it never had the order: the connection went while it was on its way",
        "the venue is not connected, or has not yet told everything that it holds (value: the venue)",
        "the scope is halted, or only takes what makes its position smaller (value: its kind of scope; bound: its state)",
        "the strategy may not trade this instrument, venue or side (value: the sides it may, as bits)",
        "the instrument is on the restricted list (value: its bars, as bits)",
        "the price is not on the tick table, or outside what the venue takes (ticks: its own; the increment or the bound)",
        "the quantity is too small, too large, or no multiple of the step (lots: its own, the bound)",
        "the instrument takes no orders of this type or time in force (value: type times 256 plus time in force)",
        "the order's worth is over the limit (account currency)",
        "the price is too far behind the market (ticks: its own, the bound)",
        "the prices of a short period would lie too far apart (ticks)",
        "the reference price is too old, its feed is not whole, or its quotes are crossed (ms: its age, the bound)",
        "too many new and replaced orders of a scope within one second (count, bound)",
        "too many automated executions on one side in a row; a person has to allow the strategy again (count, bound)",
        "the same order came too often within a short time (count, bound)",
        "the position of a strategy, instrument, product, account or the firm, with all open orders of this side, would be over its limit (lots)",
        "there are as many live orders as the limit allows (count)",
        "there would be more lots in live orders than the limit allows (lots)",
        "positions and open orders would be worth more than the limit allows (account currency)",
        "positions and the open orders of one side would be worth more than the limit allows (account currency)",
        "what was executed today and is open on this side would be worth more than the limit allows (account currency)",
        "what was executed today and is open on this side would be more than the limit allows (lots)",
        "the margin of positions and open orders would be more than the account has free (account currency)",
        "the loss of today reached a step of its limit (account currency)",
        "the order would trade with another of its owner (ticks: its price, the other's)",
        "the order would trade too far from the middle of the market, or the levels shown do not cover it (basis points; lots)",
        "own executions are too large a share of the market's volume (basis points)",
        "the sale could lead to a short position that is barred or not located (lots: short, located)",
        "the ratio of orders to trades is over the limit (ratio, bound)",
        "the strategy would leave what it was deployed for: instruments, venues or orders of a day (count, bound)",
        "the child orders would be more than their parent, too many, or after its end (lots or count)",
        "the set of limits is not valid now (value: its version)",
        "the order does not carry what it must (value: the missing bits of its flags)",
        "the input that led to the order is too old (microseconds)",
        "the fall from the day's highest profit reached a step of its limit (account currency)",
        "the profit fell too far within a short time (account currency)",
        "the gate knows nothing of this instrument's units and venue; admit it first",
        "many cancels within one second; none is refused (count, bound)",
        "own fills of the period are on average too far from where the market began it (ticks)",
        "the order's cancel or replacement is on its way, or its state is unknown; wait for the answer (value: its OrderState)",
        "the reduce-only order is larger than the position that is left to close (lots)",
        "no parent order that takes children has this id (value: the id)",
        "the children would trade more than their parent (lots)",
        "the parent has as many children as it may",
        "the venue has no orders of this kind, see the manual of its adapter (value: the order type, time in force or flag)",
        "too many orders are held or stand in one group (value: the limit)",
        "the order that this one follows is not there (value: its client id)",
        "a circuit breaker holds this scope; see `onetape live status` (scope, trading state)",
        "a circuit breaker throttles this strategy: the last order left too short a time ago (microseconds, the delay)",
        "the orders do not make a group of this kind (value: the place of the order that does not fit, from 1)",
        "its group sizes this order: move its limit or stop price and keep its quantity, or cancel it (value: its quantity)",
    ];
}

/// The configuration in force: the first entry of a run, so that a replay needs no file.
///
/// Tail: JSON text of the whole configuration, UTF-8, keys sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfigLoaded {
    /// The schema this run writes. Unit: `version`.
    pub schema_version: u32,
    /// Zero.
    pub reserved: u32,
}

impl ConfigLoaded {
    /// Its number in the journal.
    pub const KIND: u16 = 1;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 8;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..4].copy_from_slice(&self.schema_version.to_le_bytes());
        out[4..8].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            schema_version: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            reserved: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
        })
    }
}

/// Market data as it came off the wire, after line arbitration. The entry's time is the receive time.
///
/// Tail: The bytes, unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PacketReceived {
    /// Which feed, from 0.
    pub feed_id: u16,
    /// How to read the bytes. Unit: `PacketFormat`.
    pub format: u16,
    /// Zero.
    pub reserved: u32,
}

impl PacketReceived {
    /// Its number in the journal.
    pub const KIND: u16 = 2;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 8;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..2].copy_from_slice(&self.feed_id.to_le_bytes());
        out[2..4].copy_from_slice(&self.format.to_le_bytes());
        out[4..8].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            feed_id: u16::from_le_bytes([b[0], b[1]]),
            format: u16::from_le_bytes([b[2], b[3]]),
            reserved: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
        })
    }
}

/// One market-by-order event of a source that has no wire format of its own (LOBSTER, CSV, DBN, synthetic).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarketUpdated {
    /// When the venue says it happened. Unit: `ns since the Unix epoch`.
    pub venue_ts_ns: i64,
    /// The venue's order reference.
    pub order_ref: u64,
    /// REPLACE: the new order reference. EXECUTE, TRADE, CROSS, BREAK: the match number. Else 0.
    pub other_ref: u64,
    /// Price; for DELETE and REDUCE 0. EXECUTE: the trade price, or 0 for the order's own. Unit: `ticks`.
    pub price_ticks: i64,
    /// Quantity, as the action defines it. Unit: `lots`.
    pub qty_lots: u64,
    /// Instrument.
    pub instrument_id: u32,
    /// What happened. Unit: `MarketAction`.
    pub action: u8,
    /// Side of the resting order; 0 where it is not said. Unit: `Side`.
    pub side: u8,
    /// STATUS: a `TradingStatus`. Else bit 0: the price is the trade's and differs from the order's; bit 1: not printable. Unit: `bits`.
    pub flags: u16,
}

impl MarketUpdated {
    /// Its number in the journal.
    pub const KIND: u16 = 3;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 48;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.venue_ts_ns.to_le_bytes());
        out[8..16].copy_from_slice(&self.order_ref.to_le_bytes());
        out[16..24].copy_from_slice(&self.other_ref.to_le_bytes());
        out[24..32].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[32..40].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[40..44].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[44] = self.action;
        out[45] = self.side;
        out[46..48].copy_from_slice(&self.flags.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            venue_ts_ns: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            order_ref: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            other_ref: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            price_ticks: i64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            qty_lots: u64::from_le_bytes([b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39]]),
            instrument_id: u32::from_le_bytes([b[40], b[41], b[42], b[43]]),
            action: b[44],
            side: b[45],
            flags: u16::from_le_bytes([b[46], b[47]]),
        })
    }
}

/// An instrument and its units. Given by the source, or made when a feed first names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstrumentDefined {
    /// The venue's symbol, padded with zero bytes.
    pub symbol: [u8; 16],
    /// ISO 4217 code or coin, padded with zero bytes.
    pub currency: [u8; 8],
    /// Worth of one tick. Unit: `10^-9 currency`.
    pub tick_e9: u64,
    /// Size of one lot. Unit: `10^-9 units`.
    pub lot_e9: u64,
    /// Contract multiplier. Unit: `10^-9`.
    pub multiplier_e9: u64,
    /// Its id in this journal, from 1.
    pub instrument_id: u32,
    /// The venue's own number for it (ITCH: stock locate); 0 if none.
    pub venue_code: u32,
}

impl InstrumentDefined {
    /// Its number in the journal.
    pub const KIND: u16 = 4;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 56;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..16].copy_from_slice(&self.symbol);
        out[16..24].copy_from_slice(&self.currency);
        out[24..32].copy_from_slice(&self.tick_e9.to_le_bytes());
        out[32..40].copy_from_slice(&self.lot_e9.to_le_bytes());
        out[40..48].copy_from_slice(&self.multiplier_e9.to_le_bytes());
        out[48..52].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[52..56].copy_from_slice(&self.venue_code.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            symbol: [
                b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12],
                b[13], b[14], b[15],
            ],
            currency: [b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]],
            tick_e9: u64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            lot_e9: u64::from_le_bytes([b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39]]),
            multiplier_e9: u64::from_le_bytes([
                b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47],
            ]),
            instrument_id: u32::from_le_bytes([b[48], b[49], b[50], b[51]]),
            venue_code: u32::from_le_bytes([b[52], b[53], b[54], b[55]]),
        })
    }
}

/// One rung of an instrument's tick table: from this price up, prices are multiples of the increment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TickRungDefined {
    /// Instrument.
    pub instrument_id: u32,
    /// Place in the table, from 0, lowest price first. Unit: `index`.
    pub rung: u32,
    /// Lowest price of the rung, inclusive. Unit: `ticks`.
    pub from_price_ticks: i64,
    /// Step between allowed prices. Unit: `ticks`.
    pub increment_ticks: i64,
}

impl TickRungDefined {
    /// Its number in the journal.
    pub const KIND: u16 = 5;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 24;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..4].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[4..8].copy_from_slice(&self.rung.to_le_bytes());
        out[8..16].copy_from_slice(&self.from_price_ticks.to_le_bytes());
        out[16..24].copy_from_slice(&self.increment_ticks.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            instrument_id: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            rung: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
            from_price_ticks: i64::from_le_bytes([
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ]),
            increment_ticks: i64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
        })
    }
}

/// A strategy's timer came due. Entry time is the due time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerFired {
    /// Whose timer.
    pub strategy_id: u32,
    /// Which, as the strategy numbered it.
    pub timer_id: u32,
    /// When it was due. Unit: `ns since the Unix epoch`.
    pub due_ts_ns: i64,
}

impl TimerFired {
    /// Its number in the journal.
    pub const KIND: u16 = 6;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..4].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[4..8].copy_from_slice(&self.timer_id.to_le_bytes());
        out[8..16].copy_from_slice(&self.due_ts_ns.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            strategy_id: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            timer_id: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
            due_ts_ns: i64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
        })
    }
}

/// The source came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceEnded {
    /// How many entries of market data it gave. Unit: `count`.
    pub entries: u64,
}

impl SourceEnded {
    /// Its number in the journal.
    pub const KIND: u16 = 7;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 8;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.entries.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self { entries: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]) })
    }
}

/// A strategy began to run.
///
/// Tail: Its name, UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrategyStarted {
    /// Its id in this run, from 1.
    pub strategy_id: u32,
    /// Zero.
    pub reserved: u32,
    /// First 8 bytes of the `BLAKE2b` of its source text, little-endian. Unit: `hash`.
    pub code_hash: u64,
}

impl StrategyStarted {
    /// Its number in the journal.
    pub const KIND: u16 = 8;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..4].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[4..8].copy_from_slice(&self.reserved.to_le_bytes());
        out[8..16].copy_from_slice(&self.code_hash.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            strategy_id: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            reserved: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
            code_hash: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
        })
    }
}

/// A strategy stopped; its live orders are cancelled by this entry.
///
/// Tail: What a person should read: the exception's last line, UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrategyStopped {
    /// Which.
    pub strategy_id: u32,
    /// Why. Unit: `StopReason`.
    pub reason: u16,
    /// Zero.
    pub reserved: u16,
}

impl StrategyStopped {
    /// Its number in the journal.
    pub const KIND: u16 = 9;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 8;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..4].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[4..6].copy_from_slice(&self.reason.to_le_bytes());
        out[6..8].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            strategy_id: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            reason: u16::from_le_bytes([b[4], b[5]]),
            reserved: u16::from_le_bytes([b[6], b[7]]),
        })
    }
}

/// A member of the exchange, as configured.
///
/// Tail: Its full name, UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirmDefined {
    /// Its four-letter name, padded with zero bytes.
    pub mpid: [u8; 8],
    /// Its id, from 1.
    pub firm_id: u32,
    /// Zero.
    pub reserved: u32,
}

impl FirmDefined {
    /// Its number in the journal.
    pub const KIND: u16 = 10;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.mpid);
        out[8..12].copy_from_slice(&self.firm_id.to_le_bytes());
        out[12..16].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            mpid: [b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]],
            firm_id: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            reserved: u32::from_le_bytes([b[12], b[13], b[14], b[15]]),
        })
    }
}

/// An order-entry or drop-copy port of a firm, with its entitlements and limits. Repeated when they change.
///
/// Tail: Username, UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortDefined {
    /// Largest quantity of one order; 0 refuses all. Unit: `lots`.
    pub order_qty_max: u64,
    /// Largest price times quantity of one order; 0 refuses all. Unit: `tick-lots`.
    pub order_notional_max: u64,
    /// Most live orders. Unit: `count`.
    pub open_orders_max: u32,
    /// Most new and replaced orders in any one second of journal time. Unit: `count`.
    pub orders_per_second_max: u32,
    /// Most reductions, and cancels that name no live order, in any one second; the whole cancel of a live order is never refused. Unit: `count`.
    pub cancels_per_second_max: u32,
    /// Its id, from 1.
    pub port_id: u32,
    /// Whose.
    pub firm_id: u32,
    /// How far through the reference price an order may be priced; 0 for no such check. Unit: `basis points`.
    pub collar_bps: u32,
    /// What it is for. Unit: `PortKind`.
    pub kind: u8,
    /// What it speaks. Unit: `OrderFormat`.
    pub format: u8,
    /// 1: its orders are cancelled when its connection ends. Unit: `0 or 1`.
    pub cancel_on_disconnect: u8,
    /// Self-trade prevention for orders that do not say. Unit: `StpMode`.
    pub stp_mode: u8,
    /// 1: between orders of the port; 0: of the firm. Unit: `0 or 1`.
    pub stp_by_port: u8,
    /// Most identical new orders within one second; 0 for no such check. Unit: `count`.
    pub duplicates_max: u8,
    /// 1: a post-only order that would take is refused, where its protocol does not say; 0: it is priced behind. Unit: `0 or 1`.
    pub post_only_rejects: u8,
    /// Zero.
    pub reserved1: u8,
}

impl PortDefined {
    /// Its number in the journal.
    pub const KIND: u16 = 11;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 48;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.order_qty_max.to_le_bytes());
        out[8..16].copy_from_slice(&self.order_notional_max.to_le_bytes());
        out[16..20].copy_from_slice(&self.open_orders_max.to_le_bytes());
        out[20..24].copy_from_slice(&self.orders_per_second_max.to_le_bytes());
        out[24..28].copy_from_slice(&self.cancels_per_second_max.to_le_bytes());
        out[28..32].copy_from_slice(&self.port_id.to_le_bytes());
        out[32..36].copy_from_slice(&self.firm_id.to_le_bytes());
        out[36..40].copy_from_slice(&self.collar_bps.to_le_bytes());
        out[40] = self.kind;
        out[41] = self.format;
        out[42] = self.cancel_on_disconnect;
        out[43] = self.stp_mode;
        out[44] = self.stp_by_port;
        out[45] = self.duplicates_max;
        out[46] = self.post_only_rejects;
        out[47] = self.reserved1;
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            order_qty_max: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            order_notional_max: u64::from_le_bytes([
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ]),
            open_orders_max: u32::from_le_bytes([b[16], b[17], b[18], b[19]]),
            orders_per_second_max: u32::from_le_bytes([b[20], b[21], b[22], b[23]]),
            cancels_per_second_max: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            port_id: u32::from_le_bytes([b[28], b[29], b[30], b[31]]),
            firm_id: u32::from_le_bytes([b[32], b[33], b[34], b[35]]),
            collar_bps: u32::from_le_bytes([b[36], b[37], b[38], b[39]]),
            kind: b[40],
            format: b[41],
            cancel_on_disconnect: b[42],
            stp_mode: b[43],
            stp_by_port: b[44],
            duplicates_max: b[45],
            post_only_rejects: b[46],
            reserved1: b[47],
        })
    }
}

/// The market rules of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstrumentRuled {
    /// Reference price until something trades; 0 for none. Unit: `ticks`.
    pub reference_ticks: i64,
    /// How far a market order may trade through the best price; 0 for no collar. Unit: `ticks`.
    pub collar_ticks: i64,
    /// Instrument.
    pub instrument_id: u32,
    /// Width of the price bands; 0 for none. Unit: `basis points`.
    pub band_bps: u32,
    /// Length of a volatility auction. Unit: `ms`.
    pub pause_ms: u32,
    /// How far from the reference a volatility auction may end; 0 for no limit. Unit: `basis points`.
    pub auction_collar_bps: u32,
    /// 1: each price is shared by size; 0: by time. Unit: `0 or 1`.
    pub pro_rata: u8,
    /// Zero.
    pub reserved1: u8,
    /// Zero.
    pub reserved2: u16,
    /// Zero.
    pub reserved3: u32,
}

impl InstrumentRuled {
    /// Its number in the journal.
    pub const KIND: u16 = 12;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 40;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.reference_ticks.to_le_bytes());
        out[8..16].copy_from_slice(&self.collar_ticks.to_le_bytes());
        out[16..20].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[20..24].copy_from_slice(&self.band_bps.to_le_bytes());
        out[24..28].copy_from_slice(&self.pause_ms.to_le_bytes());
        out[28..32].copy_from_slice(&self.auction_collar_bps.to_le_bytes());
        out[32] = self.pro_rata;
        out[33] = self.reserved1;
        out[34..36].copy_from_slice(&self.reserved2.to_le_bytes());
        out[36..40].copy_from_slice(&self.reserved3.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            reference_ticks: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            collar_ticks: i64::from_le_bytes([
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ]),
            instrument_id: u32::from_le_bytes([b[16], b[17], b[18], b[19]]),
            band_bps: u32::from_le_bytes([b[20], b[21], b[22], b[23]]),
            pause_ms: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            auction_collar_bps: u32::from_le_bytes([b[28], b[29], b[30], b[31]]),
            pro_rata: b[32],
            reserved1: b[33],
            reserved2: u16::from_le_bytes([b[34], b[35]]),
            reserved3: u32::from_le_bytes([b[36], b[37], b[38], b[39]]),
        })
    }
}

/// A client logged in; its password was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionOpened {
    /// Which port.
    pub port_id: u32,
    /// Heartbeat interval asked for; 0: the protocol's. Unit: `ms`.
    pub heartbeat_ms: u32,
    /// Number of the next message wanted; 0 if the protocol asks otherwise. Unit: `count`.
    pub next_sequence: u64,
}

impl SessionOpened {
    /// Its number in the journal.
    pub const KIND: u16 = 13;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..4].copy_from_slice(&self.port_id.to_le_bytes());
        out[4..8].copy_from_slice(&self.heartbeat_ms.to_le_bytes());
        out[8..16].copy_from_slice(&self.next_sequence.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            port_id: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            heartbeat_ms: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
            next_sequence: u64::from_le_bytes([
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ]),
        })
    }
}

/// A client's connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionClosed {
    /// Which port.
    pub port_id: u32,
    /// Why. Unit: `CloseReason`.
    pub reason: u16,
    /// Zero.
    pub reserved: u16,
}

impl SessionClosed {
    /// Its number in the journal.
    pub const KIND: u16 = 14;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 8;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..4].copy_from_slice(&self.port_id.to_le_bytes());
        out[4..6].copy_from_slice(&self.reason.to_le_bytes());
        out[6..8].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            port_id: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            reason: u16::from_le_bytes([b[4], b[5]]),
            reserved: u16::from_le_bytes([b[6], b[7]]),
        })
    }
}

/// A message from a client, as it came.
///
/// Tail: The bytes, without the session's framing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderMessageReceived {
    /// From which port.
    pub port_id: u32,
    /// How to read the bytes. Unit: `OrderFormat`.
    pub format: u16,
    /// Zero.
    pub reserved: u16,
}

impl OrderMessageReceived {
    /// Its number in the journal.
    pub const KIND: u16 = 15;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 8;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..4].copy_from_slice(&self.port_id.to_le_bytes());
        out[4..6].copy_from_slice(&self.format.to_le_bytes());
        out[6..8].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            port_id: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            format: u16::from_le_bytes([b[4], b[5]]),
            reserved: u16::from_le_bytes([b[6], b[7]]),
        })
    }
}

/// Time has come this far: timers, expiry, heartbeats and schedules go by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockTicked {
    /// Number of the tick, from 1. Unit: `count`.
    pub tick: u64,
}

impl ClockTicked {
    /// Its number in the journal.
    pub const KIND: u16 = 16;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 8;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.tick.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self { tick: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]) })
    }
}

/// An operator, or the configured schedule, acts on the market.
///
/// Tail: Who, UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperatorCommanded {
    /// Argument. Unit: `as the operation defines`.
    pub value: i64,
    /// What is done. Unit: `Operation`.
    pub operation: u16,
    /// Zero.
    pub reserved1: u16,
    /// Instrument; 0 for all.
    pub instrument_id: u32,
    /// Firm; 0 if none is meant.
    pub firm_id: u32,
    /// Port; 0 if none is meant.
    pub port_id: u32,
}

impl OperatorCommanded {
    /// Its number in the journal.
    pub const KIND: u16 = 17;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 24;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.value.to_le_bytes());
        out[8..10].copy_from_slice(&self.operation.to_le_bytes());
        out[10..12].copy_from_slice(&self.reserved1.to_le_bytes());
        out[12..16].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[16..20].copy_from_slice(&self.firm_id.to_le_bytes());
        out[20..24].copy_from_slice(&self.port_id.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            value: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            operation: u16::from_le_bytes([b[8], b[9]]),
            reserved1: u16::from_le_bytes([b[10], b[11]]),
            instrument_id: u32::from_le_bytes([b[12], b[13], b[14], b[15]]),
            firm_id: u32::from_le_bytes([b[16], b[17], b[18], b[19]]),
            port_id: u32::from_le_bytes([b[20], b[21], b[22], b[23]]),
        })
    }
}

/// A trading day of the exchange begins; sequence numbers of all streams start again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayStarted {
    /// The exchange's local midnight, from which wire times count. Unit: `ns since the Unix epoch`.
    pub midnight_ts_ns: i64,
    /// The day. Unit: `yyyymmdd`.
    pub date: u32,
    /// Zero.
    pub reserved: u32,
    /// Name of the day's sessions on every wire, at most 10 characters, padded with zero bytes.
    pub session: [u8; 16],
}

impl DayStarted {
    /// Its number in the journal.
    pub const KIND: u16 = 18;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 32;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.midnight_ts_ns.to_le_bytes());
        out[8..12].copy_from_slice(&self.date.to_le_bytes());
        out[12..16].copy_from_slice(&self.reserved.to_le_bytes());
        out[16..32].copy_from_slice(&self.session);
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            midnight_ts_ns: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            date: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            reserved: u32::from_le_bytes([b[12], b[13], b[14], b[15]]),
            session: [
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23], b[24], b[25], b[26], b[27],
                b[28], b[29], b[30], b[31],
            ],
        })
    }
}

/// A message from a venue that we trade on, as it came: an answer to an order of ours.
///
/// Tail: The bytes, without the session's framing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VenueMessageReceived {
    /// Which venue, from 1.
    pub venue_id: u32,
    /// How to read the bytes. Unit: `OrderFormat`.
    pub format: u16,
    /// Zero.
    pub reserved: u16,
}

impl VenueMessageReceived {
    /// Its number in the journal.
    pub const KIND: u16 = 19;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 8;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..4].copy_from_slice(&self.venue_id.to_le_bytes());
        out[4..6].copy_from_slice(&self.format.to_le_bytes());
        out[6..8].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            venue_id: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            format: u16::from_le_bytes([b[4], b[5]]),
            reserved: u16::from_le_bytes([b[6], b[7]]),
        })
    }
}

/// A strategy asks for a new order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnterOrder {
    /// The strategy's own number for it, rising from 1 per strategy.
    pub client_id: u64,
    /// Limit price; 0 for a market order. Unit: `ticks`.
    pub price_ticks: i64,
    /// Quantity, at least 1. Unit: `lots`.
    pub qty_lots: u64,
    /// Who asks.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// Side. Unit: `Side`.
    pub side: u8,
    /// Type. Unit: `OrderType`.
    pub order_type: u8,
    /// Life. Unit: `TimeInForce`.
    pub time_in_force: u8,
    /// 1: reject rather than take. Unit: `0 or 1`.
    pub post_only: u8,
    /// Self-trade prevention. Unit: `StpMode`.
    pub stp_mode: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

impl EnterOrder {
    /// Its number in the journal.
    pub const KIND: u16 = 20;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 40;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.client_id.to_le_bytes());
        out[8..16].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[16..24].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[24..28].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[28..32].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[32] = self.side;
        out[33] = self.order_type;
        out[34] = self.time_in_force;
        out[35] = self.post_only;
        out[36] = self.stp_mode;
        out[37..40].copy_from_slice(&self.reserved);
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            client_id: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            price_ticks: i64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            qty_lots: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            strategy_id: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            instrument_id: u32::from_le_bytes([b[28], b[29], b[30], b[31]]),
            side: b[32],
            order_type: b[33],
            time_in_force: b[34],
            post_only: b[35],
            stp_mode: b[36],
            reserved: [b[37], b[38], b[39]],
        })
    }
}

/// A strategy asks to cancel an order, or to shrink it to a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CancelOrder {
    /// The order's client id.
    pub client_id: u64,
    /// New intended size, executed part included; 0 cancels all (OUCH 5.0, Cancel Order). Unit: `lots`.
    pub qty_lots: u64,
    /// Who asks.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
}

impl CancelOrder {
    /// Its number in the journal.
    pub const KIND: u16 = 21;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 24;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.client_id.to_le_bytes());
        out[8..16].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[16..20].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[20..24].copy_from_slice(&self.instrument_id.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            client_id: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            qty_lots: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            strategy_id: u32::from_le_bytes([b[16], b[17], b[18], b[19]]),
            instrument_id: u32::from_le_bytes([b[20], b[21], b[22], b[23]]),
        })
    }
}

/// A strategy asks to replace an order's price and quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplaceOrder {
    /// The order to replace.
    pub client_id: u64,
    /// The replacement's client id.
    pub new_client_id: u64,
    /// New limit price. Unit: `ticks`.
    pub price_ticks: i64,
    /// New total over the chain, executed part included (OUCH 5.0, Replace Order). Unit: `lots`.
    pub qty_lots: u64,
    /// Who asks.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
}

impl ReplaceOrder {
    /// Its number in the journal.
    pub const KIND: u16 = 22;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 40;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.client_id.to_le_bytes());
        out[8..16].copy_from_slice(&self.new_client_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[24..32].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[32..36].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[36..40].copy_from_slice(&self.instrument_id.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            client_id: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            new_client_id: u64::from_le_bytes([
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ]),
            price_ticks: i64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            qty_lots: u64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            strategy_id: u32::from_le_bytes([b[32], b[33], b[34], b[35]]),
            instrument_id: u32::from_le_bytes([b[36], b[37], b[38], b[39]]),
        })
    }
}

/// A strategy states the two-sided quote it wants; order management makes, moves and pulls the orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetQuote {
    /// Bid price; ignored when `bid_qty_lots` is 0. Unit: `ticks`.
    pub bid_price_ticks: i64,
    /// Ask price; ignored when `ask_qty_lots` is 0. Unit: `ticks`.
    pub ask_price_ticks: i64,
    /// Bid quantity; 0 withdraws the bid. Unit: `lots`.
    pub bid_qty_lots: u64,
    /// Ask quantity; 0 withdraws the ask. Unit: `lots`.
    pub ask_qty_lots: u64,
    /// Who asks.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
}

impl SetQuote {
    /// Its number in the journal.
    pub const KIND: u16 = 23;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 40;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.bid_price_ticks.to_le_bytes());
        out[8..16].copy_from_slice(&self.ask_price_ticks.to_le_bytes());
        out[16..24].copy_from_slice(&self.bid_qty_lots.to_le_bytes());
        out[24..32].copy_from_slice(&self.ask_qty_lots.to_le_bytes());
        out[32..36].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[36..40].copy_from_slice(&self.instrument_id.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            bid_price_ticks: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            ask_price_ticks: i64::from_le_bytes([
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ]),
            bid_qty_lots: u64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            ask_qty_lots: u64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            strategy_id: u32::from_le_bytes([b[32], b[33], b[34], b[35]]),
            instrument_id: u32::from_le_bytes([b[36], b[37], b[38], b[39]]),
        })
    }
}

/// Cancel all live orders of a strategy, in one instrument or in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CancelAll {
    /// Whose orders.
    pub strategy_id: u32,
    /// Instrument; 0 for all.
    pub instrument_id: u32,
}

impl CancelAll {
    /// Its number in the journal.
    pub const KIND: u16 = 24;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 8;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..4].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[4..8].copy_from_slice(&self.instrument_id.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            strategy_id: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            instrument_id: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
        })
    }
}

/// A risk limit came into force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitSet {
    /// The limit's value; negative withdraws it. Unit: `as the limit defines`.
    pub value: i64,
    /// Instrument; 0 for all that have none of their own.
    pub instrument_id: u32,
    /// Which limit. Unit: `Limit`.
    pub limit: u16,
    /// Zero.
    pub reserved: u16,
}

impl LimitSet {
    /// Its number in the journal.
    pub const KIND: u16 = 25;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.value.to_le_bytes());
        out[8..12].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[12..14].copy_from_slice(&self.limit.to_le_bytes());
        out[14..16].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            value: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            instrument_id: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            limit: u16::from_le_bytes([b[12], b[13]]),
            reserved: u16::from_le_bytes([b[14], b[15]]),
        })
    }
}

/// A risk limit of a scope came into force. `LimitSet` is the older form: each strategy, in one instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScopeLimitSet {
    /// The limit's value; negative withdraws it. Unit: `as the limit defines`.
    pub value: i64,
    /// Strategy, instrument, venue, account or product; 0 for FIRM, or for all that have none of their own.
    pub id: u32,
    /// Which limit. Unit: `Limit`.
    pub limit: u16,
    /// Whom it concerns. Unit: `RiskScope`.
    pub scope: u8,
    /// Zero.
    pub reserved: u8,
}

impl ScopeLimitSet {
    /// Its number in the journal.
    pub const KIND: u16 = 34;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.value.to_le_bytes());
        out[8..12].copy_from_slice(&self.id.to_le_bytes());
        out[12..14].copy_from_slice(&self.limit.to_le_bytes());
        out[14] = self.scope;
        out[15] = self.reserved;
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            value: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            id: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            limit: u16::from_le_bytes([b[12], b[13]]),
            scope: b[14],
            reserved: b[15],
        })
    }
}

/// On whose behalf a strategy trades, and what its orders are flagged with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrategyBooked {
    /// Digest of its code, configuration and limits; 0 for none. Unit: `hash`.
    pub generation: u64,
    /// Strategy.
    pub strategy_id: u32,
    /// Account, from 1.
    pub account_id: u32,
    /// Beneficial owner, from 1: orders of one owner must not trade with each other.
    pub owner_id: u32,
    /// Algorithm, for the flags of its orders; 0 for none.
    pub algo_id: u32,
    /// Trader or approver; 0 for none.
    pub trader_id: u32,
    /// Zero.
    pub reserved: u32,
}

impl StrategyBooked {
    /// Its number in the journal.
    pub const KIND: u16 = 35;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 32;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.generation.to_le_bytes());
        out[8..12].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[12..16].copy_from_slice(&self.account_id.to_le_bytes());
        out[16..20].copy_from_slice(&self.owner_id.to_le_bytes());
        out[20..24].copy_from_slice(&self.algo_id.to_le_bytes());
        out[24..28].copy_from_slice(&self.trader_id.to_le_bytes());
        out[28..32].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            generation: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            strategy_id: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            account_id: u32::from_le_bytes([b[12], b[13], b[14], b[15]]),
            owner_id: u32::from_le_bytes([b[16], b[17], b[18], b[19]]),
            algo_id: u32::from_le_bytes([b[20], b[21], b[22], b[23]]),
            trader_id: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            reserved: u32::from_le_bytes([b[28], b[29], b[30], b[31]]),
        })
    }
}

/// What the gate must know of an instrument beside its ticks: where it belongs, what it is worth, which orders it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstrumentAdmitted {
    /// Worth of one tick-lot: tick times lot times multiplier times exchange rate. Unit: `10^-12 account currency`.
    pub ticklot_e12: i64,
    /// Smallest quantity of an order. Unit: `lots`.
    pub qty_min_lots: u64,
    /// Largest quantity the venue takes. Unit: `lots`.
    pub qty_max_lots: u64,
    /// Quantities are multiples of this. Unit: `lots`.
    pub qty_step_lots: u64,
    /// Lowest price the venue takes today. Unit: `ticks`.
    pub price_min_ticks: i64,
    /// Highest price the venue takes today. Unit: `ticks`.
    pub price_max_ticks: i64,
    /// Instrument.
    pub instrument_id: u32,
    /// Its product; 0 for itself.
    pub product_id: u32,
    /// Its venue; 0 where there is only one.
    pub venue_id: u32,
    /// Bit n: the `OrderType` n is allowed. Unit: `bits`.
    pub order_types: u16,
    /// Bit n: the `TimeInForce` n is allowed. Unit: `bits`.
    pub times_in_force: u16,
}

impl InstrumentAdmitted {
    /// Its number in the journal.
    pub const KIND: u16 = 36;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 64;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.ticklot_e12.to_le_bytes());
        out[8..16].copy_from_slice(&self.qty_min_lots.to_le_bytes());
        out[16..24].copy_from_slice(&self.qty_max_lots.to_le_bytes());
        out[24..32].copy_from_slice(&self.qty_step_lots.to_le_bytes());
        out[32..40].copy_from_slice(&self.price_min_ticks.to_le_bytes());
        out[40..48].copy_from_slice(&self.price_max_ticks.to_le_bytes());
        out[48..52].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[52..56].copy_from_slice(&self.product_id.to_le_bytes());
        out[56..60].copy_from_slice(&self.venue_id.to_le_bytes());
        out[60..62].copy_from_slice(&self.order_types.to_le_bytes());
        out[62..64].copy_from_slice(&self.times_in_force.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            ticklot_e12: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            qty_min_lots: u64::from_le_bytes([
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ]),
            qty_max_lots: u64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            qty_step_lots: u64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            price_min_ticks: i64::from_le_bytes([
                b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39],
            ]),
            price_max_ticks: i64::from_le_bytes([
                b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47],
            ]),
            instrument_id: u32::from_le_bytes([b[48], b[49], b[50], b[51]]),
            product_id: u32::from_le_bytes([b[52], b[53], b[54], b[55]]),
            venue_id: u32::from_le_bytes([b[56], b[57], b[58], b[59]]),
            order_types: u16::from_le_bytes([b[60], b[61]]),
            times_in_force: u16::from_le_bytes([b[62], b[63]]),
        })
    }
}

/// What a strategy may trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessSet {
    /// Strategy.
    pub strategy_id: u32,
    /// Instrument; 0 for all.
    pub instrument_id: u32,
    /// Venue; 0 for all.
    pub venue_id: u32,
    /// 1: may buy; 2: may sell; 0 takes the right away. Unit: `bits`.
    pub sides: u32,
}

impl AccessSet {
    /// Its number in the journal.
    pub const KIND: u16 = 37;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..4].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[4..8].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[8..12].copy_from_slice(&self.venue_id.to_le_bytes());
        out[12..16].copy_from_slice(&self.sides.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            strategy_id: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            instrument_id: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
            venue_id: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            sides: u32::from_le_bytes([b[12], b[13], b[14], b[15]]),
        })
    }
}

/// An entry of the restricted list; replaces what stood there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RestrictionSet {
    /// Lots located for short sales. Unit: `lots`.
    pub located_lots: u64,
    /// Instrument.
    pub instrument_id: u32,
    /// Account; 0 for all.
    pub account_id: u32,
    /// Sum of Restriction values; 0 lifts all. Unit: `bits`.
    pub bars: u32,
    /// Zero.
    pub reserved: u32,
}

impl RestrictionSet {
    /// Its number in the journal.
    pub const KIND: u16 = 38;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 24;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.located_lots.to_le_bytes());
        out[8..12].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[12..16].copy_from_slice(&self.account_id.to_le_bytes());
        out[16..20].copy_from_slice(&self.bars.to_le_bytes());
        out[20..24].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            located_lots: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            instrument_id: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            account_id: u32::from_le_bytes([b[12], b[13], b[14], b[15]]),
            bars: u32::from_le_bytes([b[16], b[17], b[18], b[19]]),
            reserved: u32::from_le_bytes([b[20], b[21], b[22], b[23]]),
        })
    }
}

/// A set of limits came into force as a whole; the events that set them follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitsLoaded {
    /// Version of the set; never falls. Unit: `version`.
    pub version: u64,
    /// First 8 bytes of the SHA-256 of the signed text, little-endian. Unit: `hash`.
    pub hash: u64,
    /// Not before. Unit: `ns since the Unix epoch`.
    pub valid_from_ns: i64,
    /// From then on only reducing orders pass; 0 for no end. Unit: `ns since the Unix epoch`.
    pub valid_to_ns: i64,
    /// Which limits have to be there. Unit: `LimitProfile`.
    pub profile: u8,
    /// Zero.
    pub reserved1: u8,
    /// Zero.
    pub reserved2: u16,
    /// Zero.
    pub reserved3: u32,
}

impl LimitsLoaded {
    /// Its number in the journal.
    pub const KIND: u16 = 39;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 40;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.version.to_le_bytes());
        out[8..16].copy_from_slice(&self.hash.to_le_bytes());
        out[16..24].copy_from_slice(&self.valid_from_ns.to_le_bytes());
        out[24..32].copy_from_slice(&self.valid_to_ns.to_le_bytes());
        out[32] = self.profile;
        out[33] = self.reserved1;
        out[34..36].copy_from_slice(&self.reserved2.to_le_bytes());
        out[36..40].copy_from_slice(&self.reserved3.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            version: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            hash: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            valid_from_ns: i64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            valid_to_ns: i64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            profile: b[32],
            reserved1: b[33],
            reserved2: u16::from_le_bytes([b[34], b[35]]),
            reserved3: u32::from_le_bytes([b[36], b[37], b[38], b[39]]),
        })
    }
}

/// A strategy asks for a new order, with every term an order can have. `EnterOrder` is the same for a simple one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubmitOrder {
    /// The strategy's own number for it, rising from 1 per strategy.
    pub client_id: u64,
    /// Limit price; 0 for a market order. A peg: the price it never goes beyond, 0 for none. Unit: `ticks`.
    pub price_ticks: i64,
    /// Quantity, at least 1. Unit: `lots`.
    pub qty_lots: u64,
    /// Quantity shown at a time (iceberg); 0 shows all. Unit: `lots`.
    pub display_lots: u64,
    /// Least quantity of an execution; 0 for any. Unit: `lots`.
    pub min_qty_lots: u64,
    /// Trigger of a stop; 0 for none. Unit: `ticks`.
    pub stop_price_ticks: i64,
    /// A peg: how far from its reference, away from the market. Unit: `ticks`.
    pub peg_offset_ticks: i64,
    /// End of an order of time in force UNTIL; 0 for none. Unit: `ns since the Unix epoch`.
    pub expire_ts_ns: i64,
    /// The parent order it is a child of; 0 for none.
    pub parent_id: u64,
    /// Held until the order of this client id trades, and never larger than what that traded; 0: at once.
    pub after_id: u64,
    /// Orders of one group share their quantity: what one trades, the others lose; 0 for none.
    pub group_id: u64,
    /// Who asks.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// Side. Unit: `Side`.
    pub side: u8,
    /// Type. Unit: `OrderType`.
    pub order_type: u8,
    /// Life. Unit: `TimeInForce`.
    pub time_in_force: u8,
    /// Self-trade prevention. Unit: `StpMode`.
    pub stp_mode: u8,
    /// Bit 0: post-only. Bit 1: hidden. Bit 2: reduce-only, it may only make the position smaller. Bit 3: a stop that is kept by us, and not by the venue. Unit: `bits`.
    pub flags: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

impl SubmitOrder {
    /// Its number in the journal.
    pub const KIND: u16 = 26;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 104;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.client_id.to_le_bytes());
        out[8..16].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[16..24].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[24..32].copy_from_slice(&self.display_lots.to_le_bytes());
        out[32..40].copy_from_slice(&self.min_qty_lots.to_le_bytes());
        out[40..48].copy_from_slice(&self.stop_price_ticks.to_le_bytes());
        out[48..56].copy_from_slice(&self.peg_offset_ticks.to_le_bytes());
        out[56..64].copy_from_slice(&self.expire_ts_ns.to_le_bytes());
        out[64..72].copy_from_slice(&self.parent_id.to_le_bytes());
        out[72..80].copy_from_slice(&self.after_id.to_le_bytes());
        out[80..88].copy_from_slice(&self.group_id.to_le_bytes());
        out[88..92].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[92..96].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[96] = self.side;
        out[97] = self.order_type;
        out[98] = self.time_in_force;
        out[99] = self.stp_mode;
        out[100] = self.flags;
        out[101..104].copy_from_slice(&self.reserved);
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            client_id: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            price_ticks: i64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            qty_lots: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            display_lots: u64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            min_qty_lots: u64::from_le_bytes([
                b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39],
            ]),
            stop_price_ticks: i64::from_le_bytes([
                b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47],
            ]),
            peg_offset_ticks: i64::from_le_bytes([
                b[48], b[49], b[50], b[51], b[52], b[53], b[54], b[55],
            ]),
            expire_ts_ns: i64::from_le_bytes([
                b[56], b[57], b[58], b[59], b[60], b[61], b[62], b[63],
            ]),
            parent_id: u64::from_le_bytes([b[64], b[65], b[66], b[67], b[68], b[69], b[70], b[71]]),
            after_id: u64::from_le_bytes([b[72], b[73], b[74], b[75], b[76], b[77], b[78], b[79]]),
            group_id: u64::from_le_bytes([b[80], b[81], b[82], b[83], b[84], b[85], b[86], b[87]]),
            strategy_id: u32::from_le_bytes([b[88], b[89], b[90], b[91]]),
            instrument_id: u32::from_le_bytes([b[92], b[93], b[94], b[95]]),
            side: b[96],
            order_type: b[97],
            time_in_force: b[98],
            stp_mode: b[99],
            flags: b[100],
            reserved: [b[101], b[102], b[103]],
        })
    }
}

/// A strategy begins a parent order, which it will work by children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenParent {
    /// The strategy's own number for it, rising; parents and orders share one row of numbers.
    pub parent_id: u64,
    /// Quantity, at least 1: its children never trade more. Unit: `lots`.
    pub qty_lots: u64,
    /// Who asks.
    pub strategy_id: u32,
    /// Instrument; where the node routes, of the product's listings the first.
    pub instrument_id: u32,
    /// Most children over its life. Unit: `count`.
    pub children_max: u32,
    /// Side of all its children. Unit: `Side`.
    pub side: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

impl OpenParent {
    /// Its number in the journal.
    pub const KIND: u16 = 27;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 32;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.parent_id.to_le_bytes());
        out[8..16].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[16..20].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[20..24].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[24..28].copy_from_slice(&self.children_max.to_le_bytes());
        out[28] = self.side;
        out[29..32].copy_from_slice(&self.reserved);
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            parent_id: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            qty_lots: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            strategy_id: u32::from_le_bytes([b[16], b[17], b[18], b[19]]),
            instrument_id: u32::from_le_bytes([b[20], b[21], b[22], b[23]]),
            children_max: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            side: b[28],
            reserved: [b[29], b[30], b[31]],
        })
    }
}

/// A strategy ends a parent order: no child follows. Those that live are not touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseParent {
    /// Which.
    pub parent_id: u64,
    /// Who asks.
    pub strategy_id: u32,
    /// Zero.
    pub reserved: u32,
}

impl CloseParent {
    /// Its number in the journal.
    pub const KIND: u16 = 28;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.parent_id.to_le_bytes());
        out[8..12].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[12..16].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            parent_id: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            strategy_id: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            reserved: u32::from_le_bytes([b[12], b[13], b[14], b[15]]),
        })
    }
}

/// A strategy asks for orders that depend on each other: all are taken, or none. A field of an order that the kind does not have is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubmitGroup {
    /// The strategy's own number for it, in one row with its orders'; the orders have those that follow.
    pub group_id: u64,
    /// First order: limit price; 0 for a market order. Unit: `ticks`.
    pub leg1_price_ticks: i64,
    /// First order: trigger of a stop; 0 for none. Unit: `ticks`.
    pub leg1_stop_price_ticks: i64,
    /// First order: how far its trigger follows the best trade since it was armed; 0: it stays. Unit: `ticks`.
    pub leg1_trail_ticks: i64,
    /// First order: quantity, at least 1. Unit: `lots`.
    pub leg1_qty_lots: u64,
    /// First order: instrument.
    pub leg1_instrument_id: u32,
    /// First order: side. Unit: `Side`.
    pub leg1_side: u8,
    /// First order: type. Unit: `OrderType`.
    pub leg1_order_type: u8,
    /// First order: life. Unit: `TimeInForce`.
    pub leg1_time_in_force: u8,
    /// First order: as `SubmitOrder`.flags, without bit 2. Unit: `bits`.
    pub leg1_flags: u8,
    /// Second order: limit price; 0 for a market order. Unit: `ticks`.
    pub leg2_price_ticks: i64,
    /// Second order: trigger of a stop; 0 for none. Unit: `ticks`.
    pub leg2_stop_price_ticks: i64,
    /// Second order: how far its trigger follows the best trade since it was armed; 0: it stays. Unit: `ticks`.
    pub leg2_trail_ticks: i64,
    /// Second order: quantity; two that share it have the same. Unit: `lots`.
    pub leg2_qty_lots: u64,
    /// Second order: instrument.
    pub leg2_instrument_id: u32,
    /// Second order: side. Unit: `Side`.
    pub leg2_side: u8,
    /// Second order: type. Unit: `OrderType`.
    pub leg2_order_type: u8,
    /// Second order: life. Unit: `TimeInForce`.
    pub leg2_time_in_force: u8,
    /// Second order: as `SubmitOrder`.flags, without bit 2. Unit: `bits`.
    pub leg2_flags: u8,
    /// Third order: limit price; 0 for a market order. Unit: `ticks`.
    pub leg3_price_ticks: i64,
    /// Third order: trigger of a stop; 0 for none. Unit: `ticks`.
    pub leg3_stop_price_ticks: i64,
    /// Third order: how far its trigger follows the best trade since it was armed; 0: it stays. Unit: `ticks`.
    pub leg3_trail_ticks: i64,
    /// Third order: quantity; two that share it have the same. Unit: `lots`.
    pub leg3_qty_lots: u64,
    /// Third order: instrument.
    pub leg3_instrument_id: u32,
    /// Third order: side. Unit: `Side`.
    pub leg3_side: u8,
    /// Third order: type. Unit: `OrderType`.
    pub leg3_order_type: u8,
    /// Third order: life. Unit: `TimeInForce`.
    pub leg3_time_in_force: u8,
    /// Third order: as `SubmitOrder`.flags, without bit 2. Unit: `bits`.
    pub leg3_flags: u8,
    /// Who asks.
    pub strategy_id: u32,
    /// How they depend on each other. Unit: `GroupKind`.
    pub kind: u8,
    /// Self-trade prevention of all of them. Unit: `StpMode`.
    pub stp_mode: u8,
    /// Zero.
    pub reserved: u16,
}

impl SubmitGroup {
    /// Its number in the journal.
    pub const KIND: u16 = 29;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 136;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.group_id.to_le_bytes());
        out[8..16].copy_from_slice(&self.leg1_price_ticks.to_le_bytes());
        out[16..24].copy_from_slice(&self.leg1_stop_price_ticks.to_le_bytes());
        out[24..32].copy_from_slice(&self.leg1_trail_ticks.to_le_bytes());
        out[32..40].copy_from_slice(&self.leg1_qty_lots.to_le_bytes());
        out[40..44].copy_from_slice(&self.leg1_instrument_id.to_le_bytes());
        out[44] = self.leg1_side;
        out[45] = self.leg1_order_type;
        out[46] = self.leg1_time_in_force;
        out[47] = self.leg1_flags;
        out[48..56].copy_from_slice(&self.leg2_price_ticks.to_le_bytes());
        out[56..64].copy_from_slice(&self.leg2_stop_price_ticks.to_le_bytes());
        out[64..72].copy_from_slice(&self.leg2_trail_ticks.to_le_bytes());
        out[72..80].copy_from_slice(&self.leg2_qty_lots.to_le_bytes());
        out[80..84].copy_from_slice(&self.leg2_instrument_id.to_le_bytes());
        out[84] = self.leg2_side;
        out[85] = self.leg2_order_type;
        out[86] = self.leg2_time_in_force;
        out[87] = self.leg2_flags;
        out[88..96].copy_from_slice(&self.leg3_price_ticks.to_le_bytes());
        out[96..104].copy_from_slice(&self.leg3_stop_price_ticks.to_le_bytes());
        out[104..112].copy_from_slice(&self.leg3_trail_ticks.to_le_bytes());
        out[112..120].copy_from_slice(&self.leg3_qty_lots.to_le_bytes());
        out[120..124].copy_from_slice(&self.leg3_instrument_id.to_le_bytes());
        out[124] = self.leg3_side;
        out[125] = self.leg3_order_type;
        out[126] = self.leg3_time_in_force;
        out[127] = self.leg3_flags;
        out[128..132].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[132] = self.kind;
        out[133] = self.stp_mode;
        out[134..136].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            group_id: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            leg1_price_ticks: i64::from_le_bytes([
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ]),
            leg1_stop_price_ticks: i64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            leg1_trail_ticks: i64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            leg1_qty_lots: u64::from_le_bytes([
                b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39],
            ]),
            leg1_instrument_id: u32::from_le_bytes([b[40], b[41], b[42], b[43]]),
            leg1_side: b[44],
            leg1_order_type: b[45],
            leg1_time_in_force: b[46],
            leg1_flags: b[47],
            leg2_price_ticks: i64::from_le_bytes([
                b[48], b[49], b[50], b[51], b[52], b[53], b[54], b[55],
            ]),
            leg2_stop_price_ticks: i64::from_le_bytes([
                b[56], b[57], b[58], b[59], b[60], b[61], b[62], b[63],
            ]),
            leg2_trail_ticks: i64::from_le_bytes([
                b[64], b[65], b[66], b[67], b[68], b[69], b[70], b[71],
            ]),
            leg2_qty_lots: u64::from_le_bytes([
                b[72], b[73], b[74], b[75], b[76], b[77], b[78], b[79],
            ]),
            leg2_instrument_id: u32::from_le_bytes([b[80], b[81], b[82], b[83]]),
            leg2_side: b[84],
            leg2_order_type: b[85],
            leg2_time_in_force: b[86],
            leg2_flags: b[87],
            leg3_price_ticks: i64::from_le_bytes([
                b[88], b[89], b[90], b[91], b[92], b[93], b[94], b[95],
            ]),
            leg3_stop_price_ticks: i64::from_le_bytes([
                b[96], b[97], b[98], b[99], b[100], b[101], b[102], b[103],
            ]),
            leg3_trail_ticks: i64::from_le_bytes([
                b[104], b[105], b[106], b[107], b[108], b[109], b[110], b[111],
            ]),
            leg3_qty_lots: u64::from_le_bytes([
                b[112], b[113], b[114], b[115], b[116], b[117], b[118], b[119],
            ]),
            leg3_instrument_id: u32::from_le_bytes([b[120], b[121], b[122], b[123]]),
            leg3_side: b[124],
            leg3_order_type: b[125],
            leg3_time_in_force: b[126],
            leg3_flags: b[127],
            strategy_id: u32::from_le_bytes([b[128], b[129], b[130], b[131]]),
            kind: b[132],
            stp_mode: b[133],
            reserved: u16::from_le_bytes([b[134], b[135]]),
        })
    }
}

/// An order passed risk and was taken by the venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderAccepted {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The venue's order id, rising from 1.
    pub order_id: u64,
    /// The strategy's number for it.
    pub client_id: u64,
    /// Limit price; 0 for a market order. Unit: `ticks`.
    pub price_ticks: i64,
    /// Quantity still to do when it was taken. Unit: `lots`.
    pub qty_lots: u64,
    /// Whose.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// Side. Unit: `Side`.
    pub side: u8,
    /// Type. Unit: `OrderType`.
    pub order_type: u8,
    /// Life. Unit: `TimeInForce`.
    pub time_in_force: u8,
    /// Post-only flag. Unit: `0 or 1`.
    pub post_only: u8,
    /// Zero.
    pub reserved: u32,
}

impl OrderAccepted {
    /// Its number in the journal.
    pub const KIND: u16 = 40;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 56;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.order_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.client_id.to_le_bytes());
        out[24..32].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[32..40].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[40..44].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[44..48].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[48] = self.side;
        out[49] = self.order_type;
        out[50] = self.time_in_force;
        out[51] = self.post_only;
        out[52..56].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            order_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            client_id: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            price_ticks: i64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            qty_lots: u64::from_le_bytes([b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39]]),
            strategy_id: u32::from_le_bytes([b[40], b[41], b[42], b[43]]),
            instrument_id: u32::from_le_bytes([b[44], b[45], b[46], b[47]]),
            side: b[48],
            order_type: b[49],
            time_in_force: b[50],
            post_only: b[51],
            reserved: u32::from_le_bytes([b[52], b[53], b[54], b[55]]),
        })
    }
}

/// An order, cancel or replace was refused; nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderRejected {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The strategy's number for it.
    pub client_id: u64,
    /// What was found. Unit: `as the reason defines`.
    pub value: i64,
    /// What was allowed. Unit: `as the reason defines`.
    pub bound: i64,
    /// Whose.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// Why, see reasons.toml. Unit: `RejectReason`.
    pub reason: u16,
    /// Which command was refused: 20, 21, 22 or 23. Unit: `event id`.
    pub command: u16,
    /// Zero.
    pub reserved: u32,
}

impl OrderRejected {
    /// Its number in the journal.
    pub const KIND: u16 = 41;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 48;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.client_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.value.to_le_bytes());
        out[24..32].copy_from_slice(&self.bound.to_le_bytes());
        out[32..36].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[36..40].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[40..42].copy_from_slice(&self.reason.to_le_bytes());
        out[42..44].copy_from_slice(&self.command.to_le_bytes());
        out[44..48].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            client_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            value: i64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            bound: i64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            strategy_id: u32::from_le_bytes([b[32], b[33], b[34], b[35]]),
            instrument_id: u32::from_le_bytes([b[36], b[37], b[38], b[39]]),
            reason: u16::from_le_bytes([b[40], b[41]]),
            command: u16::from_le_bytes([b[42], b[43]]),
            reserved: u32::from_le_bytes([b[44], b[45], b[46], b[47]]),
        })
    }
}

/// A replacement took the place of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderReplaced {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The order that ended.
    pub old_order_id: u64,
    /// The order that lives on.
    pub order_id: u64,
    /// The replacement's client id.
    pub client_id: u64,
    /// New limit price. Unit: `ticks`.
    pub price_ticks: i64,
    /// Quantity still to do after it. Unit: `lots`.
    pub qty_lots: u64,
    /// Whose.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
}

impl OrderReplaced {
    /// Its number in the journal.
    pub const KIND: u16 = 42;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 56;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.old_order_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.order_id.to_le_bytes());
        out[24..32].copy_from_slice(&self.client_id.to_le_bytes());
        out[32..40].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[40..48].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[48..52].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[52..56].copy_from_slice(&self.instrument_id.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            old_order_id: u64::from_le_bytes([
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ]),
            order_id: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            client_id: u64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            price_ticks: i64::from_le_bytes([
                b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39],
            ]),
            qty_lots: u64::from_le_bytes([b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47]]),
            strategy_id: u32::from_le_bytes([b[48], b[49], b[50], b[51]]),
            instrument_id: u32::from_le_bytes([b[52], b[53], b[54], b[55]]),
        })
    }
}

/// An order, or part of it, was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderCanceled {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The order.
    pub order_id: u64,
    /// The strategy's number for it.
    pub client_id: u64,
    /// How much was taken off. Unit: `lots`.
    pub qty_lots: u64,
    /// How much is left; 0: the order is dead. Unit: `lots`.
    pub leaves_lots: u64,
    /// Whose.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// Why. Unit: `CancelReason`.
    pub reason: u16,
    /// Zero.
    pub reserved1: u16,
    /// Zero.
    pub reserved2: u32,
}

impl OrderCanceled {
    /// Its number in the journal.
    pub const KIND: u16 = 43;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 56;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.order_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.client_id.to_le_bytes());
        out[24..32].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[32..40].copy_from_slice(&self.leaves_lots.to_le_bytes());
        out[40..44].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[44..48].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[48..50].copy_from_slice(&self.reason.to_le_bytes());
        out[50..52].copy_from_slice(&self.reserved1.to_le_bytes());
        out[52..56].copy_from_slice(&self.reserved2.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            order_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            client_id: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            qty_lots: u64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            leaves_lots: u64::from_le_bytes([
                b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39],
            ]),
            strategy_id: u32::from_le_bytes([b[40], b[41], b[42], b[43]]),
            instrument_id: u32::from_le_bytes([b[44], b[45], b[46], b[47]]),
            reason: u16::from_le_bytes([b[48], b[49]]),
            reserved1: u16::from_le_bytes([b[50], b[51]]),
            reserved2: u32::from_le_bytes([b[52], b[53], b[54], b[55]]),
        })
    }
}

/// Our order traded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderFilled {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// Our order.
    pub order_id: u64,
    /// The strategy's number for it.
    pub client_id: u64,
    /// Match number, rising from 1; the same on both sides.
    pub match_id: u64,
    /// Trade price. Unit: `ticks`.
    pub price_ticks: i64,
    /// Traded quantity. Unit: `lots`.
    pub qty_lots: u64,
    /// What is left of the order; 0: it is dead. Unit: `lots`.
    pub leaves_lots: u64,
    /// Best bid plus best ask when the order arrived, for slippage; 0 if the book had no two sides. Unit: `half ticks`.
    pub arrival_mid2_ticks: i64,
    /// Whose.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// Our side. Unit: `Side`.
    pub side: u8,
    /// Maker or taker. Unit: `Liquidity`.
    pub liquidity: u8,
    /// Zero.
    pub reserved1: u16,
    /// Zero.
    pub reserved2: u32,
}

impl OrderFilled {
    /// Its number in the journal.
    pub const KIND: u16 = 44;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 80;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.order_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.client_id.to_le_bytes());
        out[24..32].copy_from_slice(&self.match_id.to_le_bytes());
        out[32..40].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[40..48].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[48..56].copy_from_slice(&self.leaves_lots.to_le_bytes());
        out[56..64].copy_from_slice(&self.arrival_mid2_ticks.to_le_bytes());
        out[64..68].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[68..72].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[72] = self.side;
        out[73] = self.liquidity;
        out[74..76].copy_from_slice(&self.reserved1.to_le_bytes());
        out[76..80].copy_from_slice(&self.reserved2.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            order_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            client_id: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            match_id: u64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            price_ticks: i64::from_le_bytes([
                b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39],
            ]),
            qty_lots: u64::from_le_bytes([b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47]]),
            leaves_lots: u64::from_le_bytes([
                b[48], b[49], b[50], b[51], b[52], b[53], b[54], b[55],
            ]),
            arrival_mid2_ticks: i64::from_le_bytes([
                b[56], b[57], b[58], b[59], b[60], b[61], b[62], b[63],
            ]),
            strategy_id: u32::from_le_bytes([b[64], b[65], b[66], b[67]]),
            instrument_id: u32::from_le_bytes([b[68], b[69], b[70], b[71]]),
            side: b[72],
            liquidity: b[73],
            reserved1: u16::from_le_bytes([b[74], b[75]]),
            reserved2: u32::from_le_bytes([b[76], b[77], b[78], b[79]]),
        })
    }
}

/// A strategy's position in an instrument after a fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositionChanged {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// Signed position; positive is long. Unit: `lots`.
    pub position_lots: i64,
    /// Sum of sales less purchases, price times quantity; the nearest i64 if it does not fit. Unit: `tick-lots`.
    pub cash_ticklots: i64,
    /// Whose.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
}

impl PositionChanged {
    /// Its number in the journal.
    pub const KIND: u16 = 45;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 32;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.position_lots.to_le_bytes());
        out[16..24].copy_from_slice(&self.cash_ticklots.to_le_bytes());
        out[24..28].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[28..32].copy_from_slice(&self.instrument_id.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            position_lots: i64::from_le_bytes([
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ]),
            cash_ticklots: i64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            strategy_id: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            instrument_id: u32::from_le_bytes([b[28], b[29], b[30], b[31]]),
        })
    }
}

/// Two orders traded on our exchange. `OrderFilled` says the same to each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TradeExecuted {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// Match number, rising by one.
    pub match_id: u64,
    /// Trade price. Unit: `ticks`.
    pub price_ticks: i64,
    /// Traded quantity. Unit: `lots`.
    pub qty_lots: u64,
    /// The buyer's order.
    pub buy_order_id: u64,
    /// The seller's order.
    pub sell_order_id: u64,
    /// The buyer's port.
    pub buy_port_id: u32,
    /// The seller's port.
    pub sell_port_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// Side of the order that rested; 0 in an auction. Unit: `Side`.
    pub maker_side: u8,
    /// 1: the resting order was not displayed. Unit: `0 or 1`.
    pub hidden: u8,
    /// The phase it traded in. Unit: `Phase`.
    pub phase: u8,
    /// Zero.
    pub reserved: u8,
}

impl TradeExecuted {
    /// Its number in the journal.
    pub const KIND: u16 = 46;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 64;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.match_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[24..32].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[32..40].copy_from_slice(&self.buy_order_id.to_le_bytes());
        out[40..48].copy_from_slice(&self.sell_order_id.to_le_bytes());
        out[48..52].copy_from_slice(&self.buy_port_id.to_le_bytes());
        out[52..56].copy_from_slice(&self.sell_port_id.to_le_bytes());
        out[56..60].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[60] = self.maker_side;
        out[61] = self.hidden;
        out[62] = self.phase;
        out[63] = self.reserved;
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            match_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            price_ticks: i64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            qty_lots: u64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            buy_order_id: u64::from_le_bytes([
                b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39],
            ]),
            sell_order_id: u64::from_le_bytes([
                b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47],
            ]),
            buy_port_id: u32::from_le_bytes([b[48], b[49], b[50], b[51]]),
            sell_port_id: u32::from_le_bytes([b[52], b[53], b[54], b[55]]),
            instrument_id: u32::from_le_bytes([b[56], b[57], b[58], b[59]]),
            maker_side: b[60],
            hidden: b[61],
            phase: b[62],
            reserved: b[63],
        })
    }
}

/// An instrument's phase changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhaseChanged {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// Instrument.
    pub instrument_id: u32,
    /// The new phase. Unit: `Phase`.
    pub phase: u8,
    /// The phase before. Unit: `Phase`.
    pub was: u8,
    /// Zero.
    pub reserved: u16,
}

impl PhaseChanged {
    /// Its number in the journal.
    pub const KIND: u16 = 47;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..12].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[12] = self.phase;
        out[13] = self.was;
        out[14..16].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            instrument_id: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            phase: b[12],
            was: b[13],
            reserved: u16::from_le_bytes([b[14], b[15]]),
        })
    }
}

/// Where an auction would end if it ended now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndicativeChanged {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// Indicative price; 0 when nothing would trade. Unit: `ticks`.
    pub price_ticks: i64,
    /// Quantity that would trade. Unit: `lots`.
    pub paired_lots: u64,
    /// What would be left at that price. Unit: `lots`.
    pub imbalance_lots: u64,
    /// Instrument.
    pub instrument_id: u32,
    /// Of which side; 0 for none. Unit: `Side`.
    pub imbalance_side: u8,
    /// Which auction. Unit: `Phase`.
    pub phase: u8,
    /// Zero.
    pub reserved: u16,
}

impl IndicativeChanged {
    /// Its number in the journal.
    pub const KIND: u16 = 48;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 40;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[16..24].copy_from_slice(&self.paired_lots.to_le_bytes());
        out[24..32].copy_from_slice(&self.imbalance_lots.to_le_bytes());
        out[32..36].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[36] = self.imbalance_side;
        out[37] = self.phase;
        out[38..40].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            price_ticks: i64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            paired_lots: u64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            imbalance_lots: u64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            instrument_id: u32::from_le_bytes([b[32], b[33], b[34], b[35]]),
            imbalance_side: b[36],
            phase: b[37],
            reserved: u16::from_le_bytes([b[38], b[39]]),
        })
    }
}

/// An instrument's price bands, or where its market stands in them, changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BandsChanged {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// Reference price. Unit: `ticks`.
    pub reference_ticks: i64,
    /// Nothing trades below. Unit: `ticks`.
    pub lower_ticks: i64,
    /// Nothing trades above. Unit: `ticks`.
    pub upper_ticks: i64,
    /// Instrument.
    pub instrument_id: u32,
    /// The side whose best price stands at its band (limit state); 0 for none. Unit: `Side`.
    pub limit_side: u8,
    /// Zero.
    pub reserved1: u8,
    /// Zero.
    pub reserved2: u16,
}

impl BandsChanged {
    /// Its number in the journal.
    pub const KIND: u16 = 49;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 40;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.reference_ticks.to_le_bytes());
        out[16..24].copy_from_slice(&self.lower_ticks.to_le_bytes());
        out[24..32].copy_from_slice(&self.upper_ticks.to_le_bytes());
        out[32..36].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[36] = self.limit_side;
        out[37] = self.reserved1;
        out[38..40].copy_from_slice(&self.reserved2.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            reference_ticks: i64::from_le_bytes([
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ]),
            lower_ticks: i64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            upper_ticks: i64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            instrument_id: u32::from_le_bytes([b[32], b[33], b[34], b[35]]),
            limit_side: b[36],
            reserved1: b[37],
            reserved2: u16::from_le_bytes([b[38], b[39]]),
        })
    }
}

/// A trade was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TradeBroken {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// Match number.
    pub match_id: u64,
    /// Its price. Unit: `ticks`.
    pub price_ticks: i64,
    /// Its quantity. Unit: `lots`.
    pub qty_lots: u64,
    /// The buyer's port.
    pub buy_port_id: u32,
    /// The seller's port.
    pub sell_port_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// Zero.
    pub reserved: u32,
}

impl TradeBroken {
    /// Its number in the journal.
    pub const KIND: u16 = 50;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 48;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.match_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[24..32].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[32..36].copy_from_slice(&self.buy_port_id.to_le_bytes());
        out[36..40].copy_from_slice(&self.sell_port_id.to_le_bytes());
        out[40..44].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[44..48].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            match_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            price_ticks: i64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            qty_lots: u64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            buy_port_id: u32::from_le_bytes([b[32], b[33], b[34], b[35]]),
            sell_port_id: u32::from_le_bytes([b[36], b[37], b[38], b[39]]),
            instrument_id: u32::from_le_bytes([b[40], b[41], b[42], b[43]]),
            reserved: u32::from_le_bytes([b[44], b[45], b[46], b[47]]),
        })
    }
}

/// The market gave an order a new id, and with it a new place in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderRestated {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The id it had.
    pub old_order_id: u64,
    /// The id it has.
    pub order_id: u64,
    /// The client's number for it.
    pub client_id: u64,
    /// Price it has now; 0 for none. Unit: `ticks`.
    pub price_ticks: i64,
    /// Quantity still to do. Unit: `lots`.
    pub qty_lots: u64,
    /// How much of it is displayed. Unit: `lots`.
    pub displayed_lots: u64,
    /// Whose: the port.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// Side. Unit: `Side`.
    pub side: u8,
    /// Why. Unit: `RestateReason`.
    pub reason: u8,
    /// Zero.
    pub reserved1: u16,
    /// Zero.
    pub reserved2: u32,
}

impl OrderRestated {
    /// Its number in the journal.
    pub const KIND: u16 = 51;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 72;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.old_order_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.order_id.to_le_bytes());
        out[24..32].copy_from_slice(&self.client_id.to_le_bytes());
        out[32..40].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[40..48].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[48..56].copy_from_slice(&self.displayed_lots.to_le_bytes());
        out[56..60].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[60..64].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[64] = self.side;
        out[65] = self.reason;
        out[66..68].copy_from_slice(&self.reserved1.to_le_bytes());
        out[68..72].copy_from_slice(&self.reserved2.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            old_order_id: u64::from_le_bytes([
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ]),
            order_id: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            client_id: u64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            price_ticks: i64::from_le_bytes([
                b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39],
            ]),
            qty_lots: u64::from_le_bytes([b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47]]),
            displayed_lots: u64::from_le_bytes([
                b[48], b[49], b[50], b[51], b[52], b[53], b[54], b[55],
            ]),
            strategy_id: u32::from_le_bytes([b[56], b[57], b[58], b[59]]),
            instrument_id: u32::from_le_bytes([b[60], b[61], b[62], b[63]]),
            side: b[64],
            reason: b[65],
            reserved1: u16::from_le_bytes([b[66], b[67]]),
            reserved2: u32::from_le_bytes([b[68], b[69], b[70], b[71]]),
        })
    }
}

/// New orders of a port, of a firm or of all are refused from here on, or no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryBlocked {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The port or firm; 0 for the market.
    pub id: u32,
    /// Whose. Unit: `BlockScope`.
    pub scope: u8,
    /// 1: refused; 0: taken again. Unit: `0 or 1`.
    pub blocked: u8,
    /// Zero.
    pub reserved: u16,
}

impl EntryBlocked {
    /// Its number in the journal.
    pub const KIND: u16 = 52;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..12].copy_from_slice(&self.id.to_le_bytes());
        out[12] = self.scope;
        out[13] = self.blocked;
        out[14..16].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            id: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            scope: b[12],
            blocked: b[13],
            reserved: u16::from_le_bytes([b[14], b[15]]),
        })
    }
}

/// A message to a venue that we trade on: it passed risk, and leaves after this entry.
///
/// Tail: The bytes, without the session's framing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VenueMessageSent {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// Which venue, from 1.
    pub venue_id: u32,
    /// How to read the bytes. Unit: `OrderFormat`.
    pub format: u16,
    /// Zero.
    pub reserved: u16,
}

impl VenueMessageSent {
    /// Its number in the journal.
    pub const KIND: u16 = 53;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..12].copy_from_slice(&self.venue_id.to_le_bytes());
        out[12..14].copy_from_slice(&self.format.to_le_bytes());
        out[14..16].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            venue_id: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            format: u16::from_le_bytes([b[12], b[13]]),
            reserved: u16::from_le_bytes([b[14], b[15]]),
        })
    }
}

/// An order's state changed, and none of `OrderAccepted` to `OrderFilled` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderStateChanged {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The venue's order id; 0 if it has not said.
    pub order_id: u64,
    /// The strategy's number for it.
    pub client_id: u64,
    /// What is left of it, as far as we know. Unit: `lots`.
    pub leaves_lots: u64,
    /// What traded, over the chain of replacements. Unit: `lots`.
    pub executed_lots: u64,
    /// Whose.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// The state before. Unit: `OrderState`.
    pub was: u8,
    /// The new state. Unit: `OrderState`.
    pub state: u8,
    /// Why. Unit: `StateReason`.
    pub reason: u8,
    /// 1: this must not happen; the account is to be halted until a person looked. Unit: `0 or 1`.
    pub is_flagged: u8,
    /// Zero.
    pub reserved: u32,
}

impl OrderStateChanged {
    /// Its number in the journal.
    pub const KIND: u16 = 54;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 56;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.order_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.client_id.to_le_bytes());
        out[24..32].copy_from_slice(&self.leaves_lots.to_le_bytes());
        out[32..40].copy_from_slice(&self.executed_lots.to_le_bytes());
        out[40..44].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[44..48].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[48] = self.was;
        out[49] = self.state;
        out[50] = self.reason;
        out[51] = self.is_flagged;
        out[52..56].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            order_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            client_id: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            leaves_lots: u64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            executed_lots: u64::from_le_bytes([
                b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39],
            ]),
            strategy_id: u32::from_le_bytes([b[40], b[41], b[42], b[43]]),
            instrument_id: u32::from_le_bytes([b[44], b[45], b[46], b[47]]),
            was: b[48],
            state: b[49],
            reason: b[50],
            is_flagged: b[51],
            reserved: u32::from_le_bytes([b[52], b[53], b[54], b[55]]),
        })
    }
}

/// The venue speaks of an order that we do not know, or no longer. Always flagged: the account is to be halted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderUnknown {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The venue's order id; 0 if it has not said.
    pub order_id: u64,
    /// The strategy's number for it; 0 if there is none.
    pub client_id: u64,
    /// Whose; 0 if nobody's.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// What the venue said. Unit: `ReportKind`.
    pub report: u8,
    /// Zero.
    pub reserved1: u8,
    /// Zero.
    pub reserved2: u16,
    /// Zero.
    pub reserved3: u32,
}

impl OrderUnknown {
    /// Its number in the journal.
    pub const KIND: u16 = 55;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 40;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.order_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.client_id.to_le_bytes());
        out[24..28].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[28..32].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[32] = self.report;
        out[33] = self.reserved1;
        out[34..36].copy_from_slice(&self.reserved2.to_le_bytes());
        out[36..40].copy_from_slice(&self.reserved3.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            order_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            client_id: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            strategy_id: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            instrument_id: u32::from_le_bytes([b[28], b[29], b[30], b[31]]),
            report: b[32],
            reserved1: b[33],
            reserved2: u16::from_le_bytes([b[34], b[35]]),
            reserved3: u32::from_le_bytes([b[36], b[37], b[38], b[39]]),
        })
    }
}

/// A fill that should not be. Unless it is a repetition it counts: `OrderFilled` and `PositionChanged` say so as well, and the account is to be halted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FillUnexpected {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The venue's order id; 0 if it has not said.
    pub order_id: u64,
    /// The strategy's number for it; 0 if there is none.
    pub client_id: u64,
    /// The venue's number of the fill.
    pub match_id: u64,
    /// Trade price. Unit: `ticks`.
    pub price_ticks: i64,
    /// Traded quantity. Unit: `lots`.
    pub qty_lots: u64,
    /// How much of it should not be. Unit: `lots`.
    pub excess_lots: u64,
    /// Whose; 0 if nobody's: then the position is kept under 0.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// Our side; 0 where it is not said. Unit: `Side`.
    pub side: u8,
    /// What is wrong with it. Unit: `UnexpectedFill`.
    pub what: u8,
    /// Zero.
    pub reserved1: u16,
    /// Zero.
    pub reserved2: u32,
}

impl FillUnexpected {
    /// Its number in the journal.
    pub const KIND: u16 = 56;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 72;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.order_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.client_id.to_le_bytes());
        out[24..32].copy_from_slice(&self.match_id.to_le_bytes());
        out[32..40].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[40..48].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[48..56].copy_from_slice(&self.excess_lots.to_le_bytes());
        out[56..60].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[60..64].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[64] = self.side;
        out[65] = self.what;
        out[66..68].copy_from_slice(&self.reserved1.to_le_bytes());
        out[68..72].copy_from_slice(&self.reserved2.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            order_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            client_id: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            match_id: u64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            price_ticks: i64::from_le_bytes([
                b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39],
            ]),
            qty_lots: u64::from_le_bytes([b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47]]),
            excess_lots: u64::from_le_bytes([
                b[48], b[49], b[50], b[51], b[52], b[53], b[54], b[55],
            ]),
            strategy_id: u32::from_le_bytes([b[56], b[57], b[58], b[59]]),
            instrument_id: u32::from_le_bytes([b[60], b[61], b[62], b[63]]),
            side: b[64],
            what: b[65],
            reserved1: u16::from_le_bytes([b[66], b[67]]),
            reserved2: u32::from_le_bytes([b[68], b[69], b[70], b[71]]),
        })
    }
}

/// A parent order was opened, traded, or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParentChanged {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The strategy's number for it.
    pub parent_id: u64,
    /// Its quantity. Unit: `lots`.
    pub qty_lots: u64,
    /// What its children traded. Unit: `lots`.
    pub executed_lots: u64,
    /// What its children have open, or on their way. Unit: `lots`.
    pub open_lots: u64,
    /// Whose.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// Children sent so far. Unit: `count`.
    pub children: u32,
    /// Side. Unit: `Side`.
    pub side: u8,
    /// The state now. Unit: `ParentState`.
    pub state: u8,
    /// Zero.
    pub reserved: u16,
}

impl ParentChanged {
    /// Its number in the journal.
    pub const KIND: u16 = 57;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 56;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.parent_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[24..32].copy_from_slice(&self.executed_lots.to_le_bytes());
        out[32..40].copy_from_slice(&self.open_lots.to_le_bytes());
        out[40..44].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[44..48].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[48..52].copy_from_slice(&self.children.to_le_bytes());
        out[52] = self.side;
        out[53] = self.state;
        out[54..56].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            parent_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            qty_lots: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            executed_lots: u64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            open_lots: u64::from_le_bytes([b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39]]),
            strategy_id: u32::from_le_bytes([b[40], b[41], b[42], b[43]]),
            instrument_id: u32::from_le_bytes([b[44], b[45], b[46], b[47]]),
            children: u32::from_le_bytes([b[48], b[49], b[50], b[51]]),
            side: b[52],
            state: b[53],
            reserved: u16::from_le_bytes([b[54], b[55]]),
        })
    }
}

/// An order of a group changed: what it waits for, how much it may trade, what it traded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegChanged {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The group.
    pub group_id: u64,
    /// The order, as it was numbered when the group was asked for.
    pub client_id: u64,
    /// The order at the venue that stands for it now, or did last; 0 before it was sent.
    pub order_client_id: u64,
    /// What it may trade in all, as things stand. Unit: `lots`.
    pub qty_lots: u64,
    /// What it traded. Unit: `lots`.
    pub executed_lots: u64,
    /// What the orders that share a quantity traded beyond it, because more than one was at the venue. Unit: `lots`.
    pub over_lots: u64,
    /// Price that triggers it, of a stop that is kept by us; 0 for none. Unit: `ticks`.
    pub stop_price_ticks: i64,
    /// Whose.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// Of the group. Unit: `GroupKind`.
    pub kind: u8,
    /// Where it stands. Unit: `LegState`.
    pub state: u8,
    /// Side. Unit: `Side`.
    pub side: u8,
    /// 1: a stop that is kept by us, whose price was reached. Unit: `0 or 1`.
    pub is_triggered: u8,
    /// Zero.
    pub reserved: u32,
}

impl LegChanged {
    /// Its number in the journal.
    pub const KIND: u16 = 58;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 80;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.group_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.client_id.to_le_bytes());
        out[24..32].copy_from_slice(&self.order_client_id.to_le_bytes());
        out[32..40].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[40..48].copy_from_slice(&self.executed_lots.to_le_bytes());
        out[48..56].copy_from_slice(&self.over_lots.to_le_bytes());
        out[56..64].copy_from_slice(&self.stop_price_ticks.to_le_bytes());
        out[64..68].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[68..72].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[72] = self.kind;
        out[73] = self.state;
        out[74] = self.side;
        out[75] = self.is_triggered;
        out[76..80].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            group_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            client_id: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            order_client_id: u64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            qty_lots: u64::from_le_bytes([b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39]]),
            executed_lots: u64::from_le_bytes([
                b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47],
            ]),
            over_lots: u64::from_le_bytes([b[48], b[49], b[50], b[51], b[52], b[53], b[54], b[55]]),
            stop_price_ticks: i64::from_le_bytes([
                b[56], b[57], b[58], b[59], b[60], b[61], b[62], b[63],
            ]),
            strategy_id: u32::from_le_bytes([b[64], b[65], b[66], b[67]]),
            instrument_id: u32::from_le_bytes([b[68], b[69], b[70], b[71]]),
            kind: b[72],
            state: b[73],
            side: b[74],
            is_triggered: b[75],
            reserved: u32::from_le_bytes([b[76], b[77], b[78], b[79]]),
        })
    }
}

/// Digest of the whole state after the entry before this one; a replay must agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateHashed {
    /// Digest. Unit: `hash`.
    pub state_hash: u64,
}

impl StateHashed {
    /// Its number in the journal.
    pub const KIND: u16 = 60;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 8;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.state_hash.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            state_hash: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
        })
    }
}

/// A snapshot of the state up to this entry was written beside the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotTaken {
    /// Digest of the state in it. Unit: `hash`.
    pub state_hash: u64,
}

impl SnapshotTaken {
    /// Its number in the journal.
    pub const KIND: u16 = 61;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 8;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.state_hash.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            state_hash: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
        })
    }
}

/// A venue that the node trades on.
///
/// Tail: Its name, UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VenueDefined {
    /// Its id in this journal, from 1.
    pub venue_id: u32,
    /// 1: an adapter in a process of its own speaks with it; 0: the engine does. Unit: `0 or 1`.
    pub is_adapter: u8,
    /// The feed id of its packets.
    pub feed_id: u8,
    /// Zero.
    pub reserved: u16,
}

impl VenueDefined {
    /// Its number in the journal.
    pub const KIND: u16 = 80;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 8;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..4].copy_from_slice(&self.venue_id.to_le_bytes());
        out[4] = self.is_adapter;
        out[5] = self.feed_id;
        out[6..8].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            venue_id: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            is_adapter: b[4],
            feed_id: b[5],
            reserved: u16::from_le_bytes([b[6], b[7]]),
        })
    }
}

/// Where an instrument trades, and of which product it is a listing. Follows its `InstrumentDefined`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstrumentListed {
    /// Instrument: one symbol at one venue.
    pub instrument_id: u32,
    /// Venue.
    pub venue_id: u32,
    /// What is the same thing at several venues: the id of its first instrument.
    pub product_id: u32,
    /// Zero.
    pub reserved: u32,
}

impl InstrumentListed {
    /// Its number in the journal.
    pub const KIND: u16 = 81;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..4].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[4..8].copy_from_slice(&self.venue_id.to_le_bytes());
        out[8..12].copy_from_slice(&self.product_id.to_le_bytes());
        out[12..16].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            instrument_id: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            venue_id: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
            product_id: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            reserved: u32::from_le_bytes([b[12], b[13], b[14], b[15]]),
        })
    }
}

/// A connection to a venue came up or went down.
///
/// Tail: Why, for people, UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VenueLinkChanged {
    /// ORDERS, up: number of the next message of the venue's session, to go on from after a restart; 0 where they have none. Unit: `sequence number`.
    pub next_message: u64,
    /// ORDERS, up: name of the venue's session, padded with zero bytes; empty where it has none.
    pub session: [u8; 16],
    /// Venue.
    pub venue_id: u32,
    /// Which connection. Unit: `VenueLink`.
    pub link: u8,
    /// 1: usable; 0: not. Unit: `0 or 1`.
    pub is_up: u8,
    /// Zero.
    pub reserved: u16,
}

impl VenueLinkChanged {
    /// Its number in the journal.
    pub const KIND: u16 = 82;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 32;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.next_message.to_le_bytes());
        out[8..24].copy_from_slice(&self.session);
        out[24..28].copy_from_slice(&self.venue_id.to_le_bytes());
        out[28] = self.link;
        out[29] = self.is_up;
        out[30..32].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            next_message: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            session: [
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15], b[16], b[17], b[18], b[19],
                b[20], b[21], b[22], b[23],
            ],
            venue_id: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            link: b[28],
            is_up: b[29],
            reserved: u16::from_le_bytes([b[30], b[31]]),
        })
    }
}

/// What a venue said of an order of ours, in the words common to all venues. Handed in by its adapter.
///
/// Tail: The venue's own words and ids, UTF-8; may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VenueReported {
    /// Our number for the order at this venue; 0 for one that is not ours.
    pub number: u64,
    /// The venue's number for the order; 0 where it is text or unknown.
    pub order_id: u64,
    /// The venue's number of the trade; never twice for one venue. 0 for none.
    pub exec_id: u64,
    /// FILLED: the trade price; else the order's. Unit: `ticks`.
    pub price_ticks: i64,
    /// Quantity, as the report defines it; else the order's. Unit: `lots`.
    pub qty_lots: u64,
    /// What is left of the order. Unit: `lots`.
    pub leaves_lots: u64,
    /// What was executed of the order so far. Unit: `lots`.
    pub executed_lots: u64,
    /// FILLED: the fee; negative for a rebate. Unit: `10^-9 currency`.
    pub fee_e9: i64,
    /// When the venue says it happened; 0 where it does not say. Unit: `ns since the Unix epoch`.
    pub venue_ts_ns: i64,
    /// Venue.
    pub venue_id: u32,
    /// Instrument; 0 for `ALL_TOLD`.
    pub instrument_id: u32,
    /// What it says. Unit: `ReportKind`.
    pub report: u8,
    /// The order's side; 0 where it is not said. Unit: `Side`.
    pub side: u8,
    /// FILLED: maker or taker; else 0. Unit: `Liquidity`.
    pub liquidity: u8,
    /// CANCELED: why; else 0. Unit: `CancelReason`.
    pub cancel_reason: u8,
    /// 1: from the venue's drop copy; compared with what is known, never applied twice. Unit: `0 or 1`.
    pub is_drop_copy: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

impl VenueReported {
    /// Its number in the journal.
    pub const KIND: u16 = 83;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 88;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.number.to_le_bytes());
        out[8..16].copy_from_slice(&self.order_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.exec_id.to_le_bytes());
        out[24..32].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[32..40].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[40..48].copy_from_slice(&self.leaves_lots.to_le_bytes());
        out[48..56].copy_from_slice(&self.executed_lots.to_le_bytes());
        out[56..64].copy_from_slice(&self.fee_e9.to_le_bytes());
        out[64..72].copy_from_slice(&self.venue_ts_ns.to_le_bytes());
        out[72..76].copy_from_slice(&self.venue_id.to_le_bytes());
        out[76..80].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[80] = self.report;
        out[81] = self.side;
        out[82] = self.liquidity;
        out[83] = self.cancel_reason;
        out[84] = self.is_drop_copy;
        out[85..88].copy_from_slice(&self.reserved);
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            number: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            order_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            exec_id: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            price_ticks: i64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            qty_lots: u64::from_le_bytes([b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39]]),
            leaves_lots: u64::from_le_bytes([
                b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47],
            ]),
            executed_lots: u64::from_le_bytes([
                b[48], b[49], b[50], b[51], b[52], b[53], b[54], b[55],
            ]),
            fee_e9: i64::from_le_bytes([b[56], b[57], b[58], b[59], b[60], b[61], b[62], b[63]]),
            venue_ts_ns: i64::from_le_bytes([
                b[64], b[65], b[66], b[67], b[68], b[69], b[70], b[71],
            ]),
            venue_id: u32::from_le_bytes([b[72], b[73], b[74], b[75]]),
            instrument_id: u32::from_le_bytes([b[76], b[77], b[78], b[79]]),
            report: b[80],
            side: b[81],
            liquidity: b[82],
            cancel_reason: b[83],
            is_drop_copy: b[84],
            reserved: [b[85], b[86], b[87]],
        })
    }
}

/// What a venue says we hold; for reconciliation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositionReported {
    /// Signed position. Unit: `lots`.
    pub position_lots: i64,
    /// Venue.
    pub venue_id: u32,
    /// Instrument.
    pub instrument_id: u32,
}

impl PositionReported {
    /// Its number in the journal.
    pub const KIND: u16 = 84;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.position_lots.to_le_bytes());
        out[8..12].copy_from_slice(&self.venue_id.to_le_bytes());
        out[12..16].copy_from_slice(&self.instrument_id.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            position_lots: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            venue_id: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            instrument_id: u32::from_le_bytes([b[12], b[13], b[14], b[15]]),
        })
    }
}

/// A person, a breaker or the node itself sets what a scope may do.
///
/// Tail: Who and why, UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TradingStateSet {
    /// Strategy, instrument, venue or account; 0 for FIRM.
    pub id: u32,
    /// Whom it concerns. Unit: `RiskScope`.
    pub scope: u8,
    /// The new state. Unit: `TradingState`.
    pub state: u8,
    /// 1: all live orders of the scope are cancelled as well. Unit: `0 or 1`.
    pub cancels: u8,
    /// 1: by a person; only a person loosens a state. Unit: `0 or 1`.
    pub is_manual: u8,
}

impl TradingStateSet {
    /// Its number in the journal.
    pub const KIND: u16 = 85;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 8;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..4].copy_from_slice(&self.id.to_le_bytes());
        out[4] = self.scope;
        out[5] = self.state;
        out[6] = self.cancels;
        out[7] = self.is_manual;
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            id: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            scope: b[4],
            state: b[5],
            cancels: b[6],
            is_manual: b[7],
        })
    }
}

/// What fills cost: each its rate by the lot plus its rate by value. Below zero is a rebate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeesSet {
    /// A fill that added. Unit: `10^-9 currency a lot`.
    pub maker_lot_e9: i64,
    /// The same, by value. Unit: `thousandths of a basis point`.
    pub maker_bps_e3: i64,
    /// A fill that removed. Unit: `10^-9 currency a lot`.
    pub taker_lot_e9: i64,
    /// The same, by value. Unit: `thousandths of a basis point`.
    pub taker_bps_e3: i64,
    /// A fill in an auction. Unit: `10^-9 currency a lot`.
    pub auction_lot_e9: i64,
    /// The same, by value. Unit: `thousandths of a basis point`.
    pub auction_bps_e3: i64,
    /// Instrument; 0: all that have no rates of their own.
    pub instrument_id: u32,
    /// Zero.
    pub reserved: u32,
}

impl FeesSet {
    /// Its number in the journal.
    pub const KIND: u16 = 88;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 56;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.maker_lot_e9.to_le_bytes());
        out[8..16].copy_from_slice(&self.maker_bps_e3.to_le_bytes());
        out[16..24].copy_from_slice(&self.taker_lot_e9.to_le_bytes());
        out[24..32].copy_from_slice(&self.taker_bps_e3.to_le_bytes());
        out[32..40].copy_from_slice(&self.auction_lot_e9.to_le_bytes());
        out[40..48].copy_from_slice(&self.auction_bps_e3.to_le_bytes());
        out[48..52].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[52..56].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            maker_lot_e9: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            maker_bps_e3: i64::from_le_bytes([
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ]),
            taker_lot_e9: i64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            taker_bps_e3: i64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            auction_lot_e9: i64::from_le_bytes([
                b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39],
            ]),
            auction_bps_e3: i64::from_le_bytes([
                b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47],
            ]),
            instrument_id: u32::from_le_bytes([b[48], b[49], b[50], b[51]]),
            reserved: u32::from_le_bytes([b[52], b[53], b[54], b[55]]),
        })
    }
}

/// What a fill cost. Follows its `OrderFilled`, where rates are set or the venue says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FillCharged {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The strategy's number for the order.
    pub client_id: u64,
    /// The venue's number of the fill.
    pub match_id: u64,
    /// The fee; negative for a rebate. Unit: `10^-9 currency`.
    pub fee_e9: i64,
    /// All fees of the strategy in the instrument so far. Unit: `10^-9 currency`.
    pub fees_e9: i64,
    /// Whose.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// 1: by the venue; 0: by the rates that are set. Unit: `0 or 1`.
    pub is_said: u8,
    /// Zero.
    pub reserved: [u8; 7],
}

impl FillCharged {
    /// Its number in the journal.
    pub const KIND: u16 = 89;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 56;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.client_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.match_id.to_le_bytes());
        out[24..32].copy_from_slice(&self.fee_e9.to_le_bytes());
        out[32..40].copy_from_slice(&self.fees_e9.to_le_bytes());
        out[40..44].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[44..48].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[48] = self.is_said;
        out[49..56].copy_from_slice(&self.reserved);
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            client_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            match_id: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            fee_e9: i64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            fees_e9: i64::from_le_bytes([b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39]]),
            strategy_id: u32::from_le_bytes([b[40], b[41], b[42], b[43]]),
            instrument_id: u32::from_le_bytes([b[44], b[45], b[46], b[47]]),
            is_said: b[48],
            reserved: [b[49], b[50], b[51], b[52], b[53], b[54], b[55]],
        })
    }
}

/// What is compared with a venue's own account, and how long it may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReconciliationSet {
    /// A difference that is older is told. Unit: `ns`.
    pub warn_ns: i64,
    /// One that is older than this has its account only reduce. Unit: `ns`.
    pub reduce_ns: i64,
    /// Time between two comparisons of the totals. Unit: `ns`.
    pub sweep_ns: i64,
    /// Venue.
    pub venue_id: u32,
    /// 1: the venue tells everything a second time, on a connection of its own. Unit: `0 or 1`.
    pub has_drop_copy: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

impl ReconciliationSet {
    /// Its number in the journal.
    pub const KIND: u16 = 92;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 32;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.warn_ns.to_le_bytes());
        out[8..16].copy_from_slice(&self.reduce_ns.to_le_bytes());
        out[16..24].copy_from_slice(&self.sweep_ns.to_le_bytes());
        out[24..28].copy_from_slice(&self.venue_id.to_le_bytes());
        out[28] = self.has_drop_copy;
        out[29..32].copy_from_slice(&self.reserved);
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            warn_ns: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            reduce_ns: i64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            sweep_ns: i64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            venue_id: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            has_drop_copy: b[28],
            reserved: [b[29], b[30], b[31]],
        })
    }
}

/// Our account and the venue's differ, differ still, or agree again; or their totals were compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DifferenceChanged {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The venue's number of the order; 0 where it is about none.
    pub order_id: u64,
    /// The venue's number of the trade; 0 where it is about none.
    pub exec_id: u64,
    /// Our account; 0 where it is missing. Unit: `lots, for PRICE ticks`.
    pub ours: i64,
    /// The venue's account; 0 where it is missing. Unit: `lots, for PRICE ticks`.
    pub theirs: i64,
    /// How long they have differed. Unit: `ns`.
    pub age_ns: i64,
    /// TOTALS: executions by our account; else 0. Unit: `count`.
    pub count_here: u64,
    /// TOTALS: executions by the venue's; else 0. Unit: `count`.
    pub count_there: u64,
    /// Venue.
    pub venue_id: u32,
    /// Instrument; 0 for TOTALS.
    pub instrument_id: u32,
    /// Whose, as far as we know; 0 if nobody's.
    pub strategy_id: u32,
    /// What differs. Unit: `Difference`.
    pub what: u8,
    /// What is done about it. Unit: `DifferenceStep`.
    pub step: u8,
    /// Zero.
    pub reserved: u16,
}

impl DifferenceChanged {
    /// Its number in the journal.
    pub const KIND: u16 = 93;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 80;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.order_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.exec_id.to_le_bytes());
        out[24..32].copy_from_slice(&self.ours.to_le_bytes());
        out[32..40].copy_from_slice(&self.theirs.to_le_bytes());
        out[40..48].copy_from_slice(&self.age_ns.to_le_bytes());
        out[48..56].copy_from_slice(&self.count_here.to_le_bytes());
        out[56..64].copy_from_slice(&self.count_there.to_le_bytes());
        out[64..68].copy_from_slice(&self.venue_id.to_le_bytes());
        out[68..72].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[72..76].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[76] = self.what;
        out[77] = self.step;
        out[78..80].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            order_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            exec_id: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            ours: i64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            theirs: i64::from_le_bytes([b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39]]),
            age_ns: i64::from_le_bytes([b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47]]),
            count_here: u64::from_le_bytes([
                b[48], b[49], b[50], b[51], b[52], b[53], b[54], b[55],
            ]),
            count_there: u64::from_le_bytes([
                b[56], b[57], b[58], b[59], b[60], b[61], b[62], b[63],
            ]),
            venue_id: u32::from_le_bytes([b[64], b[65], b[66], b[67]]),
            instrument_id: u32::from_le_bytes([b[68], b[69], b[70], b[71]]),
            strategy_id: u32::from_le_bytes([b[72], b[73], b[74], b[75]]),
            what: b[76],
            step: b[77],
            reserved: u16::from_le_bytes([b[78], b[79]]),
        })
    }
}

/// The lines of a feed, or what recovers them, came to another state.
///
/// Tail: Why, for people, UTF-8; may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedStateChanged {
    /// Number of the next message to be handed on. Unit: `count`.
    pub next_number: u64,
    /// Messages known to be missing from there on. Unit: `messages`.
    pub missing: u64,
    /// Midnight that the session's times count from. Unit: `ns since the Unix epoch`.
    pub midnight_ts_ns: i64,
    /// The session, padded with spaces; zero bytes before one is known.
    pub session: [u8; 10],
    /// Which feed, from 0.
    pub feed_id: u16,
    /// The state now. Unit: `FeedState`.
    pub state: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

impl FeedStateChanged {
    /// Its number in the journal.
    pub const KIND: u16 = 90;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 40;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.next_number.to_le_bytes());
        out[8..16].copy_from_slice(&self.missing.to_le_bytes());
        out[16..24].copy_from_slice(&self.midnight_ts_ns.to_le_bytes());
        out[24..34].copy_from_slice(&self.session);
        out[34..36].copy_from_slice(&self.feed_id.to_le_bytes());
        out[36] = self.state;
        out[37..40].copy_from_slice(&self.reserved);
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            next_number: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            missing: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            midnight_ts_ns: i64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            session: [b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31], b[32], b[33]],
            feed_id: u16::from_le_bytes([b[34], b[35]]),
            state: b[36],
            reserved: [b[37], b[38], b[39]],
        })
    }
}

/// What came on one line of a feed so far, or from one server of re-requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineReported {
    /// Packets that came. Unit: `packets`.
    pub packets: u64,
    /// Their bytes. Unit: `bytes`.
    pub packet_bytes: u64,
    /// Packets with messages that no other line had brought: its wins. Unit: `packets`.
    pub firsts: u64,
    /// Packets whose messages had all come before. Unit: `packets`.
    pub duplicates: u64,
    /// Packets that broke the format, leapt too far, or were of another session. Unit: `packets`.
    pub refused: u64,
    /// Packets that the kernel dropped because the receive buffer was full. Unit: `packets`.
    pub kernel_drops: u64,
    /// By how much its duplicates came after the first copy, in sum. Unit: `ns`.
    pub lag_ns_sum: u64,
    /// The most by which one did. Unit: `ns`.
    pub lag_ns_max: u64,
    /// Duplicates measured so. Unit: `packets`.
    pub lag_count: u64,
    /// Which feed, from 0.
    pub feed_id: u16,
    /// Which line, from 0; servers of re-requests follow the lines. Unit: `index`.
    pub line: u16,
    /// 1: something came within the limit of silence. Unit: `0 or 1`.
    pub is_alive: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

impl LineReported {
    /// Its number in the journal.
    pub const KIND: u16 = 91;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 80;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.packets.to_le_bytes());
        out[8..16].copy_from_slice(&self.packet_bytes.to_le_bytes());
        out[16..24].copy_from_slice(&self.firsts.to_le_bytes());
        out[24..32].copy_from_slice(&self.duplicates.to_le_bytes());
        out[32..40].copy_from_slice(&self.refused.to_le_bytes());
        out[40..48].copy_from_slice(&self.kernel_drops.to_le_bytes());
        out[48..56].copy_from_slice(&self.lag_ns_sum.to_le_bytes());
        out[56..64].copy_from_slice(&self.lag_ns_max.to_le_bytes());
        out[64..72].copy_from_slice(&self.lag_count.to_le_bytes());
        out[72..74].copy_from_slice(&self.feed_id.to_le_bytes());
        out[74..76].copy_from_slice(&self.line.to_le_bytes());
        out[76] = self.is_alive;
        out[77..80].copy_from_slice(&self.reserved);
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            packets: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            packet_bytes: u64::from_le_bytes([
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ]),
            firsts: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            duplicates: u64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            refused: u64::from_le_bytes([b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39]]),
            kernel_drops: u64::from_le_bytes([
                b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47],
            ]),
            lag_ns_sum: u64::from_le_bytes([
                b[48], b[49], b[50], b[51], b[52], b[53], b[54], b[55],
            ]),
            lag_ns_max: u64::from_le_bytes([
                b[56], b[57], b[58], b[59], b[60], b[61], b[62], b[63],
            ]),
            lag_count: u64::from_le_bytes([b[64], b[65], b[66], b[67], b[68], b[69], b[70], b[71]]),
            feed_id: u16::from_le_bytes([b[72], b[73]]),
            line: u16::from_le_bytes([b[74], b[75]]),
            is_alive: b[76],
            reserved: [b[77], b[78], b[79]],
        })
    }
}

/// A venue took a fee out of what is held, not out of money: a position shrinks by it. Handed in by its adapter, just before the fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeTakenInKind {
    /// Our number for the order that traded.
    pub number: u64,
    /// The venue's number of the trade.
    pub exec_id: u64,
    /// What was taken. Unit: `10^-9 of the asset`.
    pub amount_e9: i64,
    /// What it is worth in the instrument's price: that of the trade, or 0 where the asset is not what was traded. Unit: `ticks`.
    pub price_ticks: i64,
    /// By how much the position shrinks: whole lots of this and of what earlier fees left over. Unit: `lots`.
    pub qty_lots: u64,
    /// Venue.
    pub venue_id: u32,
    /// Instrument whose position shrinks.
    pub instrument_id: u32,
}

impl FeeTakenInKind {
    /// Its number in the journal.
    pub const KIND: u16 = 94;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 48;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.number.to_le_bytes());
        out[8..16].copy_from_slice(&self.exec_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.amount_e9.to_le_bytes());
        out[24..32].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[32..40].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[40..44].copy_from_slice(&self.venue_id.to_le_bytes());
        out[44..48].copy_from_slice(&self.instrument_id.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            number: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            exec_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            amount_e9: i64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            price_ticks: i64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            qty_lots: u64::from_le_bytes([b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39]]),
            venue_id: u32::from_le_bytes([b[40], b[41], b[42], b[43]]),
            instrument_id: u32::from_le_bytes([b[44], b[45], b[46], b[47]]),
        })
    }
}

/// A new order for the adapter of a venue: it passed risk, and leaves after this entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderSent {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// Our number for it at this venue, rising by one; the client order id is made from it.
    pub number: u64,
    /// Limit price; 0 for a market order. Unit: `ticks`.
    pub price_ticks: i64,
    /// Quantity. Unit: `lots`.
    pub qty_lots: u64,
    /// Quantity shown at a time; 0 shows all. Unit: `lots`.
    pub display_lots: u64,
    /// Least quantity of the first execution; 0 for any. Unit: `lots`.
    pub min_qty_lots: u64,
    /// Trigger of a stop; 0 for none. Unit: `ticks`.
    pub stop_price_ticks: i64,
    /// End of an order of time in force UNTIL; 0 for none. Unit: `ns since the Unix epoch`.
    pub expire_ts_ns: i64,
    /// Venue.
    pub venue_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// Whose.
    pub strategy_id: u32,
    /// Side. Unit: `Side`.
    pub side: u8,
    /// Type. Unit: `OrderType`.
    pub order_type: u8,
    /// Life. Unit: `TimeInForce`.
    pub time_in_force: u8,
    /// 1: reject rather than take. Unit: `0 or 1`.
    pub post_only: u8,
}

impl OrderSent {
    /// Its number in the journal.
    pub const KIND: u16 = 100;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 80;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.number.to_le_bytes());
        out[16..24].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[24..32].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[32..40].copy_from_slice(&self.display_lots.to_le_bytes());
        out[40..48].copy_from_slice(&self.min_qty_lots.to_le_bytes());
        out[48..56].copy_from_slice(&self.stop_price_ticks.to_le_bytes());
        out[56..64].copy_from_slice(&self.expire_ts_ns.to_le_bytes());
        out[64..68].copy_from_slice(&self.venue_id.to_le_bytes());
        out[68..72].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[72..76].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[76] = self.side;
        out[77] = self.order_type;
        out[78] = self.time_in_force;
        out[79] = self.post_only;
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            number: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            price_ticks: i64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            qty_lots: u64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            display_lots: u64::from_le_bytes([
                b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39],
            ]),
            min_qty_lots: u64::from_le_bytes([
                b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47],
            ]),
            stop_price_ticks: i64::from_le_bytes([
                b[48], b[49], b[50], b[51], b[52], b[53], b[54], b[55],
            ]),
            expire_ts_ns: i64::from_le_bytes([
                b[56], b[57], b[58], b[59], b[60], b[61], b[62], b[63],
            ]),
            venue_id: u32::from_le_bytes([b[64], b[65], b[66], b[67]]),
            instrument_id: u32::from_le_bytes([b[68], b[69], b[70], b[71]]),
            strategy_id: u32::from_le_bytes([b[72], b[73], b[74], b[75]]),
            side: b[76],
            order_type: b[77],
            time_in_force: b[78],
            post_only: b[79],
        })
    }
}

/// A cancel for the adapter of a venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CancelSent {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// Our number for the order.
    pub number: u64,
    /// The venue's number for it; 0 if it has not said.
    pub order_id: u64,
    /// New intended size, executed part included; 0 cancels all. Unit: `lots`.
    pub qty_lots: u64,
    /// Venue.
    pub venue_id: u32,
    /// Instrument.
    pub instrument_id: u32,
}

impl CancelSent {
    /// Its number in the journal.
    pub const KIND: u16 = 101;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 40;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.number.to_le_bytes());
        out[16..24].copy_from_slice(&self.order_id.to_le_bytes());
        out[24..32].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[32..36].copy_from_slice(&self.venue_id.to_le_bytes());
        out[36..40].copy_from_slice(&self.instrument_id.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            number: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            order_id: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            qty_lots: u64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            venue_id: u32::from_le_bytes([b[32], b[33], b[34], b[35]]),
            instrument_id: u32::from_le_bytes([b[36], b[37], b[38], b[39]]),
        })
    }
}

/// A replacement for the adapter of a venue: it passed risk, and leaves after this entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplaceSent {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// Our number for the order to replace.
    pub number: u64,
    /// Our number for the replacement.
    pub new_number: u64,
    /// The venue's number for the order; 0 if it has not said.
    pub order_id: u64,
    /// New limit price. Unit: `ticks`.
    pub price_ticks: i64,
    /// New total over the chain, executed part included. Unit: `lots`.
    pub qty_lots: u64,
    /// Venue.
    pub venue_id: u32,
    /// Instrument.
    pub instrument_id: u32,
}

impl ReplaceSent {
    /// Its number in the journal.
    pub const KIND: u16 = 102;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 56;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.number.to_le_bytes());
        out[16..24].copy_from_slice(&self.new_number.to_le_bytes());
        out[24..32].copy_from_slice(&self.order_id.to_le_bytes());
        out[32..40].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[40..48].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[48..52].copy_from_slice(&self.venue_id.to_le_bytes());
        out[52..56].copy_from_slice(&self.instrument_id.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            number: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            new_number: u64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            order_id: u64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            price_ticks: i64::from_le_bytes([
                b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39],
            ]),
            qty_lots: u64::from_le_bytes([b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47]]),
            venue_id: u32::from_le_bytes([b[48], b[49], b[50], b[51]]),
            instrument_id: u32::from_le_bytes([b[52], b[53], b[54], b[55]]),
        })
    }
}

/// The venue's own mass cancel, for its adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MassCancelSent {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// Venue.
    pub venue_id: u32,
    /// Instrument; 0 for all.
    pub instrument_id: u32,
}

impl MassCancelSent {
    /// Its number in the journal.
    pub const KIND: u16 = 103;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..12].copy_from_slice(&self.venue_id.to_le_bytes());
        out[12..16].copy_from_slice(&self.instrument_id.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            venue_id: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            instrument_id: u32::from_le_bytes([b[12], b[13], b[14], b[15]]),
        })
    }
}

/// A question for the adapter of a venue: what became of an order, or of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuerySent {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// Our number for the order; 0 asks for all open orders, what traded since, and positions.
    pub number: u64,
    /// Venue.
    pub venue_id: u32,
    /// Instrument; 0 for all.
    pub instrument_id: u32,
}

impl QuerySent {
    /// Its number in the journal.
    pub const KIND: u16 = 104;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 24;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.number.to_le_bytes());
        out[16..20].copy_from_slice(&self.venue_id.to_le_bytes());
        out[20..24].copy_from_slice(&self.instrument_id.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            number: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            venue_id: u32::from_le_bytes([b[16], b[17], b[18], b[19]]),
            instrument_id: u32::from_le_bytes([b[20], b[21], b[22], b[23]]),
        })
    }
}

/// What a scope may do has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TradingStateChanged {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// Strategy, instrument, venue or account; 0 for FIRM.
    pub id: u32,
    /// Whom it concerns. Unit: `RiskScope`.
    pub scope: u8,
    /// The state now. Unit: `TradingState`.
    pub state: u8,
    /// The reason code of the control that did it; 0 for a person. Unit: `code`.
    pub reason: u16,
}

impl TradingStateChanged {
    /// Its number in the journal.
    pub const KIND: u16 = 105;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..12].copy_from_slice(&self.id.to_le_bytes());
        out[12] = self.scope;
        out[13] = self.state;
        out[14..16].copy_from_slice(&self.reason.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            id: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            scope: b[12],
            state: b[13],
            reason: u16::from_le_bytes([b[14], b[15]]),
        })
    }
}

/// A scope is halted and its live orders are being cancelled: first by the venues' own mass cancel, then one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KillStarted {
    /// Sequence number of the input that caused it; the kill is named by it.
    pub cause_seq: u64,
    /// Live orders of the scope, those on their way included. Unit: `orders`.
    pub orders: u32,
    /// Strategy, instrument, venue, account or product; 0 for FIRM.
    pub id: u32,
    /// Venues that were asked for their own mass cancel. Unit: `count`.
    pub mass_cancels: u16,
    /// Whom it concerns. Unit: `RiskScope`.
    pub scope: u8,
    /// Zero.
    pub reserved: u8,
    /// Zero.
    pub reserved2: u32,
}

impl KillStarted {
    /// Its number in the journal.
    pub const KIND: u16 = 106;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 24;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..12].copy_from_slice(&self.orders.to_le_bytes());
        out[12..16].copy_from_slice(&self.id.to_le_bytes());
        out[16..18].copy_from_slice(&self.mass_cancels.to_le_bytes());
        out[18] = self.scope;
        out[19] = self.reserved;
        out[20..24].copy_from_slice(&self.reserved2.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            orders: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            id: u32::from_le_bytes([b[12], b[13], b[14], b[15]]),
            mass_cancels: u16::from_le_bytes([b[16], b[17]]),
            scope: b[18],
            reserved: b[19],
            reserved2: u32::from_le_bytes([b[20], b[21], b[22], b[23]]),
        })
    }
}

/// A kill needed more than its cancels, or what it did at a venue was done or undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KillProgressed {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The input that began the kill; 0 where it is no longer known. Unit: `sequence number`.
    pub kill_seq: u64,
    /// Time since then. Unit: `ns`.
    pub elapsed_ns: i64,
    /// Orders whose end is not confirmed: of the scope, or at the venue. Unit: `orders`.
    pub orders_left: u32,
    /// Strategy, instrument, venue, account or product; 0 for FIRM.
    pub id: u32,
    /// Venue; 0 where it is not one venue's.
    pub venue_id: u32,
    /// How often it was not confirmed in time. Unit: `count`.
    pub escalations: u16,
    /// Whom it concerns. Unit: `RiskScope`.
    pub scope: u8,
    /// What happened. Unit: `KillStep`.
    pub step: u8,
}

impl KillProgressed {
    /// Its number in the journal.
    pub const KIND: u16 = 107;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 40;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.kill_seq.to_le_bytes());
        out[16..24].copy_from_slice(&self.elapsed_ns.to_le_bytes());
        out[24..28].copy_from_slice(&self.orders_left.to_le_bytes());
        out[28..32].copy_from_slice(&self.id.to_le_bytes());
        out[32..36].copy_from_slice(&self.venue_id.to_le_bytes());
        out[36..38].copy_from_slice(&self.escalations.to_le_bytes());
        out[38] = self.scope;
        out[39] = self.step;
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            kill_seq: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            elapsed_ns: i64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            orders_left: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            id: u32::from_le_bytes([b[28], b[29], b[30], b[31]]),
            venue_id: u32::from_le_bytes([b[32], b[33], b[34], b[35]]),
            escalations: u16::from_le_bytes([b[36], b[37]]),
            scope: b[38],
            step: b[39],
        })
    }
}

/// A kill is confirmed: the venues have said of every order of the scope that it is dead. The scope stays halted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KillDone {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The input that began the kill. Unit: `sequence number`.
    pub kill_seq: u64,
    /// Time since then. Unit: `ns`.
    pub elapsed_ns: i64,
    /// Live orders of the scope at its start. Unit: `orders`.
    pub orders: u32,
    /// Strategy, instrument, venue, account or product; 0 for FIRM.
    pub id: u32,
    /// How often it was not confirmed in time. Unit: `count`.
    pub escalations: u16,
    /// Whom it concerned. Unit: `RiskScope`.
    pub scope: u8,
    /// Zero.
    pub reserved: u8,
    /// Zero.
    pub reserved2: u32,
}

impl KillDone {
    /// Its number in the journal.
    pub const KIND: u16 = 108;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 40;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.kill_seq.to_le_bytes());
        out[16..24].copy_from_slice(&self.elapsed_ns.to_le_bytes());
        out[24..28].copy_from_slice(&self.orders.to_le_bytes());
        out[28..32].copy_from_slice(&self.id.to_le_bytes());
        out[32..34].copy_from_slice(&self.escalations.to_le_bytes());
        out[34] = self.scope;
        out[35] = self.reserved;
        out[36..40].copy_from_slice(&self.reserved2.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            kill_seq: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            elapsed_ns: i64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            orders: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            id: u32::from_le_bytes([b[28], b[29], b[30], b[31]]),
            escalations: u16::from_le_bytes([b[32], b[33]]),
            scope: b[34],
            reserved: b[35],
            reserved2: u32::from_le_bytes([b[36], b[37], b[38], b[39]]),
        })
    }
}

/// What a guardian saw or did; in the guardian's own journal.
///
/// Tail: The venue's name or why, for people, UTF-8; may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuardianActed {
    /// Last entry of the engine's journal when it last turned. Unit: `sequence number`.
    pub engine_seq: u64,
    /// STALLED, DIED: time since the last turn that was seen. ASKED, CONFIRMED: time since the guardian knew. Unit: `ns`.
    pub elapsed_ns: i64,
    /// The engine's process.
    pub process: u32,
    /// Venue; 0 where it is not one venue's.
    pub venue_id: u32,
    /// What. Unit: `GuardianStep`.
    pub step: u8,
    /// Zero.
    pub reserved: [u8; 7],
}

impl GuardianActed {
    /// Its number in the journal.
    pub const KIND: u16 = 109;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 32;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.engine_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.elapsed_ns.to_le_bytes());
        out[16..20].copy_from_slice(&self.process.to_le_bytes());
        out[20..24].copy_from_slice(&self.venue_id.to_le_bytes());
        out[24] = self.step;
        out[25..32].copy_from_slice(&self.reserved);
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            engine_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            elapsed_ns: i64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            process: u32::from_le_bytes([b[16], b[17], b[18], b[19]]),
            venue_id: u32::from_le_bytes([b[20], b[21], b[22], b[23]]),
            step: b[24],
            reserved: [b[25], b[26], b[27], b[28], b[29], b[30], b[31]],
        })
    }
}

/// Input: a person wants the positions of a scope closed. Its strategies were stopped and its orders are being cancelled.
///
/// Tail: Who and why, UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlattenRequested {
    /// Strategy, instrument, venue, account or product; 0 for FIRM.
    pub id: u32,
    /// Whose positions. Unit: `RiskScope`.
    pub scope: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

impl FlattenRequested {
    /// Its number in the journal.
    pub const KIND: u16 = 110;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 8;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..4].copy_from_slice(&self.id.to_le_bytes());
        out[4] = self.scope;
        out[5..8].copy_from_slice(&self.reserved);
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            id: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            scope: b[4],
            reserved: [b[5], b[6], b[7]],
        })
    }
}

/// What became of one position that is being closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlattenProgressed {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// SENT: the order; else 0.
    pub client_id: u64,
    /// The position now. Unit: `lots`.
    pub position_lots: i64,
    /// SENT: limit price; else 0. Unit: `ticks`.
    pub price_ticks: i64,
    /// SENT: quantity; else 0. Unit: `lots`.
    pub qty_lots: u64,
    /// Who holds it.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// REFUSED: why; else 0. Unit: `RejectReason`.
    pub reason: u16,
    /// What. Unit: `FlattenStep`.
    pub step: u8,
    /// Zero.
    pub reserved: [u8; 5],
}

impl FlattenProgressed {
    /// Its number in the journal.
    pub const KIND: u16 = 111;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 56;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.client_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.position_lots.to_le_bytes());
        out[24..32].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[32..40].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[40..44].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[44..48].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[48..50].copy_from_slice(&self.reason.to_le_bytes());
        out[50] = self.step;
        out[51..56].copy_from_slice(&self.reserved);
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            client_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            position_lots: i64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            price_ticks: i64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            qty_lots: u64::from_le_bytes([b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39]]),
            strategy_id: u32::from_le_bytes([b[40], b[41], b[42], b[43]]),
            instrument_id: u32::from_le_bytes([b[44], b[45], b[46], b[47]]),
            reason: u16::from_le_bytes([b[48], b[49]]),
            step: b[50],
            reserved: [b[51], b[52], b[53], b[54], b[55]],
        })
    }
}

/// Nothing more is closed; the scope is halted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlattenDone {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The input that asked for it. Unit: `sequence number`.
    pub flatten_seq: u64,
    /// Time since then. Unit: `ns`.
    pub elapsed_ns: i64,
    /// Positions of the scope that stay open. Unit: `positions`.
    pub positions_left: u32,
    /// Strategy, instrument, venue, account or product; 0 for FIRM.
    pub id: u32,
    /// Whose positions. Unit: `RiskScope`.
    pub scope: u8,
    /// Zero.
    pub reserved: [u8; 7],
}

impl FlattenDone {
    /// Its number in the journal.
    pub const KIND: u16 = 112;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 40;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.flatten_seq.to_le_bytes());
        out[16..24].copy_from_slice(&self.elapsed_ns.to_le_bytes());
        out[24..28].copy_from_slice(&self.positions_left.to_le_bytes());
        out[28..32].copy_from_slice(&self.id.to_le_bytes());
        out[32] = self.scope;
        out[33..40].copy_from_slice(&self.reserved);
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            flatten_seq: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            elapsed_ns: i64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            positions_left: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            id: u32::from_le_bytes([b[28], b[29], b[30], b[31]]),
            scope: b[32],
            reserved: [b[33], b[34], b[35], b[36], b[37], b[38], b[39]],
        })
    }
}

/// By its own messages, an instrument's book came to another state. Its feed's state counts as well: the worse of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookStateChanged {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// When what the rule forbids began. Unit: `ns since the Unix epoch`.
    pub since_ts_ns: i64,
    /// Instrument; 0 for all of the feed.
    pub instrument_id: u32,
    /// Which feed, from 0.
    pub feed_id: u16,
    /// The state now. Unit: `BookState`.
    pub state: u8,
    /// The rule that was broken; 0 when none is. Unit: `FeedRule`.
    pub rule: u8,
}

impl BookStateChanged {
    /// Its number in the journal.
    pub const KIND: u16 = 140;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 24;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.since_ts_ns.to_le_bytes());
        out[16..20].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[20..22].copy_from_slice(&self.feed_id.to_le_bytes());
        out[22] = self.state;
        out[23] = self.rule;
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            since_ts_ns: i64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            instrument_id: u32::from_le_bytes([b[16], b[17], b[18], b[19]]),
            feed_id: u16::from_le_bytes([b[20], b[21]]),
            state: b[22],
            rule: b[23],
        })
    }
}

/// A message of a feed broke a rule of validation. The message itself stands in the journal as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedRuleBroken {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// When the venue says it happened. Unit: `ns since the Unix epoch`.
    pub venue_ts_ns: i64,
    /// The venue's order reference.
    pub order_ref: u64,
    /// Its price. Unit: `ticks`.
    pub price_ticks: i64,
    /// Its quantity. Unit: `lots`.
    pub qty_lots: u64,
    /// The limit of the rule: ns, ticks or lots; for a band the reference. Unit: `as the rule`.
    pub limit: i64,
    /// Instrument.
    pub instrument_id: u32,
    /// Which feed, from 0.
    pub feed_id: u16,
    /// The rule. Unit: `FeedRule`.
    pub rule: u8,
    /// What was done. Unit: `RuleAction`.
    pub action: u8,
    /// What the message said had happened. Unit: `MarketAction`.
    pub market_action: u8,
    /// Side; 0 where it is not said. Unit: `Side`.
    pub side: u8,
    /// Zero.
    pub reserved: [u8; 6],
}

impl FeedRuleBroken {
    /// Its number in the journal.
    pub const KIND: u16 = 141;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 64;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.venue_ts_ns.to_le_bytes());
        out[16..24].copy_from_slice(&self.order_ref.to_le_bytes());
        out[24..32].copy_from_slice(&self.price_ticks.to_le_bytes());
        out[32..40].copy_from_slice(&self.qty_lots.to_le_bytes());
        out[40..48].copy_from_slice(&self.limit.to_le_bytes());
        out[48..52].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[52..54].copy_from_slice(&self.feed_id.to_le_bytes());
        out[54] = self.rule;
        out[55] = self.action;
        out[56] = self.market_action;
        out[57] = self.side;
        out[58..64].copy_from_slice(&self.reserved);
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            venue_ts_ns: i64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            order_ref: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            price_ticks: i64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            qty_lots: u64::from_le_bytes([b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39]]),
            limit: i64::from_le_bytes([b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47]]),
            instrument_id: u32::from_le_bytes([b[48], b[49], b[50], b[51]]),
            feed_id: u16::from_le_bytes([b[52], b[53]]),
            rule: b[54],
            action: b[55],
            market_action: b[56],
            side: b[57],
            reserved: [b[58], b[59], b[60], b[61], b[62], b[63]],
        })
    }
}

/// Input: a circuit breaker came into force, in place of what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerSet {
    /// Where it acts; 0 takes it away. Unit: `as the breaker`.
    pub bound: i64,
    /// Length of what it measures over, and of the calm after which it releases. Unit: `ns`.
    pub window_ns: i64,
    /// Time between two orders of a strategy that it throttles. Unit: `ns`.
    pub delay_ns: i64,
    /// Fewer answers, fills or windows than these are not judged. Unit: `count`.
    pub least: u32,
    /// Which. Unit: `Breaker`.
    pub breaker: u8,
    /// What it does at its bound. Unit: `BreakerAction`.
    pub action: u8,
    /// Where it warns; 0 for nowhere. Unit: `percent of the bound`.
    pub warn_percent: u8,
    /// Where one that halts throttles; 0 for nowhere. Unit: `percent of the bound`.
    pub throttle_percent: u8,
}

impl BreakerSet {
    /// Its number in the journal.
    pub const KIND: u16 = 113;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 32;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.bound.to_le_bytes());
        out[8..16].copy_from_slice(&self.window_ns.to_le_bytes());
        out[16..24].copy_from_slice(&self.delay_ns.to_le_bytes());
        out[24..28].copy_from_slice(&self.least.to_le_bytes());
        out[28] = self.breaker;
        out[29] = self.action;
        out[30] = self.warn_percent;
        out[31] = self.throttle_percent;
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            bound: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            window_ns: i64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            delay_ns: i64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            least: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            breaker: b[28],
            action: b[29],
            warn_percent: b[30],
            throttle_percent: b[31],
        })
    }
}

/// Input: how far the machine's clock is from true time, as whoever disciplines it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockMeasured {
    /// Our clock less true time, as far as it is known. Unit: `ns`.
    pub offset_ns: i64,
    /// How wrong that may be. Unit: `ns`.
    pub uncertainty_ns: i64,
    /// 0: nobody disciplines the clock; nothing is known of it. Unit: `0 or 1`.
    pub is_synchronised: u32,
    /// Zero.
    pub reserved: u32,
}

impl ClockMeasured {
    /// Its number in the journal.
    pub const KIND: u16 = 114;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 24;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.offset_ns.to_le_bytes());
        out[8..16].copy_from_slice(&self.uncertainty_ns.to_le_bytes());
        out[16..20].copy_from_slice(&self.is_synchronised.to_le_bytes());
        out[20..24].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            offset_ns: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            uncertainty_ns: i64::from_le_bytes([
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ]),
            is_synchronised: u32::from_le_bytes([b[16], b[17], b[18], b[19]]),
            reserved: u32::from_le_bytes([b[20], b[21], b[22], b[23]]),
        })
    }
}

/// A circuit breaker reached a step of its ladder at a scope, or released it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerMoved {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// What was measured. Unit: `as the breaker`.
    pub value: i64,
    /// Its bound. Unit: `as the breaker`.
    pub bound: i64,
    /// Strategy, instrument or venue; 0 for FIRM.
    pub id: u32,
    /// Which. Unit: `Breaker`.
    pub breaker: u8,
    /// What stands now. Unit: `BreakerAction`.
    pub action: u8,
    /// Whom it concerns. Unit: `RiskScope`.
    pub scope: u8,
    /// Zero.
    pub reserved: u8,
}

impl BreakerMoved {
    /// Its number in the journal.
    pub const KIND: u16 = 115;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 32;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.value.to_le_bytes());
        out[16..24].copy_from_slice(&self.bound.to_le_bytes());
        out[24..28].copy_from_slice(&self.id.to_le_bytes());
        out[28] = self.breaker;
        out[29] = self.action;
        out[30] = self.scope;
        out[31] = self.reserved;
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            value: i64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            bound: i64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            id: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            breaker: b[28],
            action: b[29],
            scope: b[30],
            reserved: b[31],
        })
    }
}

/// Input: a signed set of limits came into force as a whole, in place of the signed set before it. Limits that no set speaks of stay.
///
/// Tail: `entries` times the fixed part of a `ScopeLimitSet`, a negative value where a limit of the set before is withdrawn; then the signed file, JSON as UTF-8, and at last who handed it in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitsTaken {
    /// Version of the set; never falls. Unit: `version`.
    pub version: u64,
    /// First 8 bytes of the SHA-256 of the signed text, little-endian. Unit: `hash`.
    pub hash: u64,
    /// Not before. Unit: `ns since the Unix epoch`.
    pub valid_from_ns: i64,
    /// From then on only reducing orders pass; 0 for no end. Unit: `ns since the Unix epoch`.
    pub valid_to_ns: i64,
    /// Limits that change. Unit: `count`.
    pub entries: u32,
    /// Length of the signed file. Unit: `bytes`.
    pub file_bytes: u32,
    /// Which limits have to be there. Unit: `LimitProfile`.
    pub profile: u8,
    /// Persons whose signatures were verified. Unit: `count`.
    pub signers: u8,
    /// Zero.
    pub reserved1: u16,
    /// Zero.
    pub reserved2: u32,
}

impl LimitsTaken {
    /// Its number in the journal.
    pub const KIND: u16 = 116;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 48;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.version.to_le_bytes());
        out[8..16].copy_from_slice(&self.hash.to_le_bytes());
        out[16..24].copy_from_slice(&self.valid_from_ns.to_le_bytes());
        out[24..32].copy_from_slice(&self.valid_to_ns.to_le_bytes());
        out[32..36].copy_from_slice(&self.entries.to_le_bytes());
        out[36..40].copy_from_slice(&self.file_bytes.to_le_bytes());
        out[40] = self.profile;
        out[41] = self.signers;
        out[42..44].copy_from_slice(&self.reserved1.to_le_bytes());
        out[44..48].copy_from_slice(&self.reserved2.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            version: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            hash: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            valid_from_ns: i64::from_le_bytes([
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23],
            ]),
            valid_to_ns: i64::from_le_bytes([
                b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31],
            ]),
            entries: u32::from_le_bytes([b[32], b[33], b[34], b[35]]),
            file_bytes: u32::from_le_bytes([b[36], b[37], b[38], b[39]]),
            profile: b[40],
            signers: b[41],
            reserved1: u16::from_le_bytes([b[42], b[43]]),
            reserved2: u32::from_le_bytes([b[44], b[45], b[46], b[47]]),
        })
    }
}

/// Input: market data is taken in later than it was received, or no longer; put in before the message that waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedDelayed {
    /// How long the next message had waited in the machine; 0: it is taken in at once again. Unit: `ns`.
    pub delay_ns: i64,
    /// Which feed, from 0.
    pub feed_id: u16,
    /// Zero.
    pub reserved1: u16,
    /// Zero.
    pub reserved2: u32,
}

impl FeedDelayed {
    /// Its number in the journal.
    pub const KIND: u16 = 117;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.delay_ns.to_le_bytes());
        out[8..10].copy_from_slice(&self.feed_id.to_le_bytes());
        out[10..12].copy_from_slice(&self.reserved1.to_le_bytes());
        out[12..16].copy_from_slice(&self.reserved2.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            delay_ns: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            feed_id: u16::from_le_bytes([b[8], b[9]]),
            reserved1: u16::from_le_bytes([b[10], b[11]]),
            reserved2: u32::from_le_bytes([b[12], b[13], b[14], b[15]]),
        })
    }
}

/// Input: a person gave a running strategy's parameter another value. The parameters of one change come one behind the other, and are in force together, with the last of them.
///
/// Tail: Who, UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrategyParameterSet {
    /// The value's eight bytes. Unit: `as the kind`.
    pub value: u64,
    /// Whose.
    pub strategy_id: u32,
    /// How the value is to be read. Unit: `ParameterKind`.
    pub kind: u8,
    /// Which of the change's parameters, from 0. Unit: `count`.
    pub place: u8,
    /// How many parameters the change has. Unit: `count`.
    pub count: u8,
    /// Zero.
    pub reserved: [u8; 1],
    /// Its name, padded with zero bytes.
    pub name: [u8; 32],
}

impl StrategyParameterSet {
    /// Its number in the journal.
    pub const KIND: u16 = 142;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 48;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.value.to_le_bytes());
        out[8..12].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[12] = self.kind;
        out[13] = self.place;
        out[14] = self.count;
        out[15..16].copy_from_slice(&self.reserved);
        out[16..48].copy_from_slice(&self.name);
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            value: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            strategy_id: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            kind: b[12],
            place: b[13],
            count: b[14],
            reserved: [b[15]],
            name: [
                b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23], b[24], b[25], b[26], b[27],
                b[28], b[29], b[30], b[31], b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39],
                b[40], b[41], b[42], b[43], b[44], b[45], b[46], b[47],
            ],
        })
    }
}

/// Input: a strategy that begins says what may be set while it runs. The value that was set before stays in force where the declaration is the same as before, else `initial` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrategyParameterDeclared {
    /// What it begins with: the configuration's value, or the class's. Unit: `as the kind`.
    pub initial: u64,
    /// Least value that it may be given. Unit: `as the kind`.
    pub low: u64,
    /// Greatest value that it may be given. Unit: `as the kind`.
    pub high: u64,
    /// Whose.
    pub strategy_id: u32,
    /// How its values are to be read. Unit: `ParameterKind`.
    pub kind: u8,
    /// Zero.
    pub reserved: [u8; 3],
    /// Its name, padded with zero bytes.
    pub name: [u8; 32],
}

impl StrategyParameterDeclared {
    /// Its number in the journal.
    pub const KIND: u16 = 143;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 64;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.initial.to_le_bytes());
        out[8..16].copy_from_slice(&self.low.to_le_bytes());
        out[16..24].copy_from_slice(&self.high.to_le_bytes());
        out[24..28].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[28] = self.kind;
        out[29..32].copy_from_slice(&self.reserved);
        out[32..64].copy_from_slice(&self.name);
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            initial: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            low: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            high: u64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            strategy_id: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            kind: b[28],
            reserved: [b[29], b[30], b[31]],
            name: [
                b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39], b[40], b[41], b[42], b[43],
                b[44], b[45], b[46], b[47], b[48], b[49], b[50], b[51], b[52], b[53], b[54], b[55],
                b[56], b[57], b[58], b[59], b[60], b[61], b[62], b[63],
            ],
        })
    }
}

/// Input: another text of a strategy is about to run, instead of the one that the configuration's record holds.
///
/// Tail: Its source text, UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrategyLoaded {
    /// First 8 bytes of the `BLAKE2b` of the text, little-endian. Unit: `hash`.
    pub code_hash: u64,
    /// Which.
    pub strategy_id: u32,
    /// Zero.
    pub reserved: u32,
}

impl StrategyLoaded {
    /// Its number in the journal.
    pub const KIND: u16 = 144;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 16;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.code_hash.to_le_bytes());
        out[8..12].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[12..16].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            code_hash: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            strategy_id: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            reserved: u32::from_le_bytes([b[12], b[13], b[14], b[15]]),
        })
    }
}

/// Input: what a live node goes by from here on, beside limits; behind each `ConfigLoaded` of a node.
///
/// Tail: Its rules of market data, 16 bytes each: limit i64, `FeedRule` u8, `RuleAction` u8, zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeConfigured {
    /// Midnight that times of feeds count from where a session has none of its own. Unit: `ns since the Unix epoch`.
    pub midnight_ts_ns: i64,
}

impl NodeConfigured {
    /// Its number in the journal.
    pub const KIND: u16 = 145;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 8;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.midnight_ts_ns.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            midnight_ts_ns: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
        })
    }
}

/// Input: two principals let a few manual orders pass one soft limit, for a short time.
///
/// Tail: Who and why, UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverrideGranted {
    /// The bound instead of the limit's. Unit: `as the limit defines`.
    pub ceiling: i64,
    /// At most 15 minutes from the entry's time. Unit: `ns since the Unix epoch`.
    pub expires_ts_ns: i64,
    /// Whose orders.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// Who asked for it.
    pub first_principal: u32,
    /// Who agreed: another person.
    pub second_principal: u32,
    /// Which limit. Unit: `Limit`.
    pub limit: u16,
    /// How many orders. Unit: `count`.
    pub orders: u16,
    /// Zero.
    pub reserved: u32,
}

impl OverrideGranted {
    /// Its number in the journal.
    pub const KIND: u16 = 130;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 40;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.ceiling.to_le_bytes());
        out[8..16].copy_from_slice(&self.expires_ts_ns.to_le_bytes());
        out[16..20].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[20..24].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[24..28].copy_from_slice(&self.first_principal.to_le_bytes());
        out[28..32].copy_from_slice(&self.second_principal.to_le_bytes());
        out[32..34].copy_from_slice(&self.limit.to_le_bytes());
        out[34..36].copy_from_slice(&self.orders.to_le_bytes());
        out[36..40].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            ceiling: i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            expires_ts_ns: i64::from_le_bytes([
                b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
            ]),
            strategy_id: u32::from_le_bytes([b[16], b[17], b[18], b[19]]),
            instrument_id: u32::from_le_bytes([b[20], b[21], b[22], b[23]]),
            first_principal: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            second_principal: u32::from_le_bytes([b[28], b[29], b[30], b[31]]),
            limit: u16::from_le_bytes([b[32], b[33]]),
            orders: u16::from_le_bytes([b[34], b[35]]),
            reserved: u32::from_le_bytes([b[36], b[37], b[38], b[39]]),
        })
    }
}

/// Input: a trading day begins for the gate: losses, accumulated values and counts start from nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskDayStarted {
    /// Which day. Unit: `days since 1970-01-01`.
    pub day: u64,
}

impl RiskDayStarted {
    /// Its number in the journal.
    pub const KIND: u16 = 131;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 8;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.day.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self { day: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]) })
    }
}

/// A limit in force has another value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitChanged {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The value now; -1 for none. Unit: `as the limit defines`.
    pub value: i64,
    /// The value before; -1 for none. Unit: `as the limit defines`.
    pub before: i64,
    /// Version of the set of limits in force; 0 for none. Unit: `version`.
    pub version: u64,
    /// Hash of the set of limits in force; 0 for none. Unit: `hash`.
    pub hash: u64,
    /// Strategy, instrument, venue, account or product; 0 for FIRM or for all others.
    pub id: u32,
    /// Which limit. Unit: `Limit`.
    pub limit: u16,
    /// Whom it concerns. Unit: `RiskScope`.
    pub scope: u8,
    /// Zero.
    pub reserved: u8,
}

impl LimitChanged {
    /// Its number in the journal.
    pub const KIND: u16 = 132;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 48;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.value.to_le_bytes());
        out[16..24].copy_from_slice(&self.before.to_le_bytes());
        out[24..32].copy_from_slice(&self.version.to_le_bytes());
        out[32..40].copy_from_slice(&self.hash.to_le_bytes());
        out[40..44].copy_from_slice(&self.id.to_le_bytes());
        out[44..46].copy_from_slice(&self.limit.to_le_bytes());
        out[46] = self.scope;
        out[47] = self.reserved;
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            value: i64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            before: i64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            version: u64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            hash: u64::from_le_bytes([b[32], b[33], b[34], b[35], b[36], b[37], b[38], b[39]]),
            id: u32::from_le_bytes([b[40], b[41], b[42], b[43]]),
            limit: u16::from_le_bytes([b[44], b[45]]),
            scope: b[46],
            reserved: b[47],
        })
    }
}

/// A measure came near its limit; nothing is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskWarned {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// What was found. Unit: `as the limit defines`.
    pub value: i64,
    /// The limit. Unit: `as the limit defines`.
    pub bound: i64,
    /// Strategy, instrument, venue, account or product; 0 for FIRM.
    pub id: u32,
    /// The control. Unit: `RejectReason`.
    pub reason: u16,
    /// Whom it concerns. Unit: `RiskScope`.
    pub scope: u8,
    /// Which step of the ladder. Unit: `percent of the limit`.
    pub percent: u8,
}

impl RiskWarned {
    /// Its number in the journal.
    pub const KIND: u16 = 133;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 32;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.value.to_le_bytes());
        out[16..24].copy_from_slice(&self.bound.to_le_bytes());
        out[24..28].copy_from_slice(&self.id.to_le_bytes());
        out[28..30].copy_from_slice(&self.reason.to_le_bytes());
        out[30] = self.scope;
        out[31] = self.percent;
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            value: i64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            bound: i64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            id: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            reason: u16::from_le_bytes([b[28], b[29]]),
            scope: b[30],
            percent: b[31],
        })
    }
}

/// A measure reached a step of its limit's ladder at which the scope's trading state changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitBreached {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// What was found. Unit: `as the limit defines`.
    pub value: i64,
    /// The limit. Unit: `as the limit defines`.
    pub bound: i64,
    /// Strategy, instrument, venue, account or product; 0 for FIRM.
    pub id: u32,
    /// The control. Unit: `RejectReason`.
    pub reason: u16,
    /// Whom it concerns. Unit: `RiskScope`.
    pub scope: u8,
    /// The state it asks for. Unit: `TradingState`.
    pub state: u8,
}

impl LimitBreached {
    /// Its number in the journal.
    pub const KIND: u16 = 134;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 32;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.value.to_le_bytes());
        out[16..24].copy_from_slice(&self.bound.to_le_bytes());
        out[24..28].copy_from_slice(&self.id.to_le_bytes());
        out[28..30].copy_from_slice(&self.reason.to_le_bytes());
        out[30] = self.scope;
        out[31] = self.state;
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            value: i64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            bound: i64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            id: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            reason: u16::from_le_bytes([b[28], b[29]]),
            scope: b[30],
            state: b[31],
        })
    }
}

/// An order passed a soft limit by an override.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverrideUsed {
    /// Sequence number of the input that caused it.
    pub cause_seq: u64,
    /// The strategy's number for the order.
    pub client_id: u64,
    /// What was found. Unit: `as the limit defines`.
    pub value: i64,
    /// The limit. Unit: `as the limit defines`.
    pub bound: i64,
    /// Whose.
    pub strategy_id: u32,
    /// Instrument.
    pub instrument_id: u32,
    /// Which limit. Unit: `Limit`.
    pub limit: u16,
    /// How many more orders may use it. Unit: `count`.
    pub orders_left: u16,
    /// Zero.
    pub reserved: u32,
}

impl OverrideUsed {
    /// Its number in the journal.
    pub const KIND: u16 = 135;
    /// Version of its layout.
    pub const VERSION: u8 = 1;
    /// Bytes of its fixed part.
    pub const SIZE: usize = 48;

    /// Its fixed part as it stands in the journal.
    #[inline]
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[0..8].copy_from_slice(&self.cause_seq.to_le_bytes());
        out[8..16].copy_from_slice(&self.client_id.to_le_bytes());
        out[16..24].copy_from_slice(&self.value.to_le_bytes());
        out[24..32].copy_from_slice(&self.bound.to_le_bytes());
        out[32..36].copy_from_slice(&self.strategy_id.to_le_bytes());
        out[36..40].copy_from_slice(&self.instrument_id.to_le_bytes());
        out[40..42].copy_from_slice(&self.limit.to_le_bytes());
        out[42..44].copy_from_slice(&self.orders_left.to_le_bytes());
        out[44..48].copy_from_slice(&self.reserved.to_le_bytes());
        out
    }

    /// Reads the fixed part from the front of `body`; `None` when it is too short.
    #[inline]
    #[must_use]
    pub fn decode(body: &[u8]) -> Option<Self> {
        let b: &[u8; Self::SIZE] = body.first_chunk()?;
        Some(Self {
            cause_seq: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            client_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            value: i64::from_le_bytes([b[16], b[17], b[18], b[19], b[20], b[21], b[22], b[23]]),
            bound: i64::from_le_bytes([b[24], b[25], b[26], b[27], b[28], b[29], b[30], b[31]]),
            strategy_id: u32::from_le_bytes([b[32], b[33], b[34], b[35]]),
            instrument_id: u32::from_le_bytes([b[36], b[37], b[38], b[39]]),
            limit: u16::from_le_bytes([b[40], b[41]]),
            orders_left: u16::from_le_bytes([b[42], b[43]]),
            reserved: u32::from_le_bytes([b[44], b[45], b[46], b[47]]),
        })
    }
}

/// Name of an event by its kind, for people.
#[must_use]
pub const fn kind_name(kind: u16) -> Option<&'static str> {
    let mut at = 0;
    while at < KINDS.len() {
        if KINDS[at].0 == kind {
            return Some(KINDS[at].1);
        }
        at += 1;
    }
    None
}

const KINDS: [(u16, &str); 99] = [
    (1, "ConfigLoaded"),
    (2, "PacketReceived"),
    (3, "MarketUpdated"),
    (4, "InstrumentDefined"),
    (5, "TickRungDefined"),
    (6, "TimerFired"),
    (7, "SourceEnded"),
    (8, "StrategyStarted"),
    (9, "StrategyStopped"),
    (10, "FirmDefined"),
    (11, "PortDefined"),
    (12, "InstrumentRuled"),
    (13, "SessionOpened"),
    (14, "SessionClosed"),
    (15, "OrderMessageReceived"),
    (16, "ClockTicked"),
    (17, "OperatorCommanded"),
    (18, "DayStarted"),
    (19, "VenueMessageReceived"),
    (20, "EnterOrder"),
    (21, "CancelOrder"),
    (22, "ReplaceOrder"),
    (23, "SetQuote"),
    (24, "CancelAll"),
    (25, "LimitSet"),
    (34, "ScopeLimitSet"),
    (35, "StrategyBooked"),
    (36, "InstrumentAdmitted"),
    (37, "AccessSet"),
    (38, "RestrictionSet"),
    (39, "LimitsLoaded"),
    (26, "SubmitOrder"),
    (27, "OpenParent"),
    (28, "CloseParent"),
    (29, "SubmitGroup"),
    (40, "OrderAccepted"),
    (41, "OrderRejected"),
    (42, "OrderReplaced"),
    (43, "OrderCanceled"),
    (44, "OrderFilled"),
    (45, "PositionChanged"),
    (46, "TradeExecuted"),
    (47, "PhaseChanged"),
    (48, "IndicativeChanged"),
    (49, "BandsChanged"),
    (50, "TradeBroken"),
    (51, "OrderRestated"),
    (52, "EntryBlocked"),
    (53, "VenueMessageSent"),
    (54, "OrderStateChanged"),
    (55, "OrderUnknown"),
    (56, "FillUnexpected"),
    (57, "ParentChanged"),
    (58, "LegChanged"),
    (60, "StateHashed"),
    (61, "SnapshotTaken"),
    (80, "VenueDefined"),
    (81, "InstrumentListed"),
    (82, "VenueLinkChanged"),
    (83, "VenueReported"),
    (84, "PositionReported"),
    (85, "TradingStateSet"),
    (88, "FeesSet"),
    (89, "FillCharged"),
    (92, "ReconciliationSet"),
    (93, "DifferenceChanged"),
    (90, "FeedStateChanged"),
    (91, "LineReported"),
    (94, "FeeTakenInKind"),
    (100, "OrderSent"),
    (101, "CancelSent"),
    (102, "ReplaceSent"),
    (103, "MassCancelSent"),
    (104, "QuerySent"),
    (105, "TradingStateChanged"),
    (106, "KillStarted"),
    (107, "KillProgressed"),
    (108, "KillDone"),
    (109, "GuardianActed"),
    (110, "FlattenRequested"),
    (111, "FlattenProgressed"),
    (112, "FlattenDone"),
    (140, "BookStateChanged"),
    (141, "FeedRuleBroken"),
    (113, "BreakerSet"),
    (114, "ClockMeasured"),
    (115, "BreakerMoved"),
    (116, "LimitsTaken"),
    (117, "FeedDelayed"),
    (142, "StrategyParameterSet"),
    (143, "StrategyParameterDeclared"),
    (144, "StrategyLoaded"),
    (145, "NodeConfigured"),
    (130, "OverrideGranted"),
    (131, "RiskDayStarted"),
    (132, "LimitChanged"),
    (133, "RiskWarned"),
    (134, "LimitBreached"),
    (135, "OverrideUsed"),
];

/// What a run counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Entries of market data taken from the source.
    pub packets: u64,
    /// Market-data messages decoded.
    pub messages: u64,
    /// Messages of a type the decoder does not know: kept in the journal, skipped.
    pub messages_unknown: u64,
    /// Messages shorter or longer than their type allows, or with a value out of range: kept, skipped.
    pub messages_malformed: u64,
    /// Executions, cancels, deletes and replaces of an order that is not in the book.
    pub orders_unknown: u64,
    /// Adds whose order reference is already in the book: the message was repeated.
    pub orders_duplicate: u64,
    /// Executions and reductions for more than the order had left: cut to what it had.
    pub orders_overfilled: u64,
    /// Times a book's best bid came to stand at or above its best ask.
    pub books_crossed: u64,
    /// Missing messages by packet sequence number.
    pub gaps: u64,
    /// Messages dropped because their sequence number was already processed.
    pub packets_duplicate: u64,
    /// Entries whose time was before the entry before it: raised to that one's.
    pub times_reversed: u64,
    /// Market orders that did not fit in the book: raise `orders_max`.
    pub capacity_rejects: u64,
    /// Changes of the best bid or ask, price or quantity.
    pub bbo_changes: u64,
    /// Packets of another feed than the first: journaled, not applied. A run follows one feed.
    pub packets_other_feed: u64,
    /// Executions and reductions that found less than history says, because ours had traded first.
    pub orders_displaced: u64,
}

impl Counters {
    /// Names, in the order of [`Self::values`].
    pub const NAMES: [&'static str; 15] = [
        "packets",
        "messages",
        "messages_unknown",
        "messages_malformed",
        "orders_unknown",
        "orders_duplicate",
        "orders_overfilled",
        "books_crossed",
        "gaps",
        "packets_duplicate",
        "times_reversed",
        "capacity_rejects",
        "bbo_changes",
        "packets_other_feed",
        "orders_displaced",
    ];

    /// Values, in the order of [`Self::NAMES`].
    #[must_use]
    pub const fn values(&self) -> [u64; 15] {
        [
            self.packets,
            self.messages,
            self.messages_unknown,
            self.messages_malformed,
            self.orders_unknown,
            self.orders_duplicate,
            self.orders_overfilled,
            self.books_crossed,
            self.gaps,
            self.packets_duplicate,
            self.times_reversed,
            self.capacity_rejects,
            self.bbo_changes,
            self.packets_other_feed,
            self.orders_displaced,
        ]
    }

    /// The counters whose [`Self::values`] these are.
    #[must_use]
    pub const fn from_values(values: [u64; 15]) -> Self {
        Self {
            packets: values[0],
            messages: values[1],
            messages_unknown: values[2],
            messages_malformed: values[3],
            orders_unknown: values[4],
            orders_duplicate: values[5],
            orders_overfilled: values[6],
            books_crossed: values[7],
            gaps: values[8],
            packets_duplicate: values[9],
            times_reversed: values[10],
            capacity_rejects: values[11],
            bbo_changes: values[12],
            packets_other_feed: values[13],
            orders_displaced: values[14],
        }
    }
}
