// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a message asks for, whatever protocol it came by.

use crate::events::{RejectReason, Side};
use crate::exchange::market::{
    Display, Life, OrderRequest, PegTo, PostOnly, Pricing, SizeCondition,
};
use crate::types::{InstrumentId, Lots, Ticks};

/// Bytes of the longest name a client may give an order.
pub const NAME_BYTES: usize = 20;

/// A name in text, padded on the right with spaces; blank for none.
pub type NameText = [u8; NAME_BYTES];

/// How a client names an order of its port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderName {
    /// A rising number within a channel of the port (OUCH 5.0).
    UserRef {
        /// The channel, 0 by default.
        index: u8,
        /// The number, from 1.
        number: u32,
    },
    /// Text (OUCH 4.2 token, FIX `ClOrdID`).
    Text(NameText),
}

/// What a protocol wants to give back later, as it chooses. Zero means "not given".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Echo {
    /// Single characters.
    pub letters: [u8; 16],
    /// Numbers.
    pub numbers: [u32; 2],
}

impl Echo {
    /// This echo, and what it does not give from `original`: for an order that replaces another.
    #[must_use]
    pub fn or(mut self, original: &Self) -> Self {
        for (letter, old) in self.letters.iter_mut().zip(original.letters) {
            *letter = if *letter == 0 { old } else { *letter };
        }
        for (number, old) in self.numbers.iter_mut().zip(original.numbers) {
            *number = if *number == 0 { old } else { *number };
        }
        self
    }
}

/// A new order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entering {
    /// The client's name for it.
    pub name: OrderName,
    /// `ClOrdID`, to be echoed; blank in OUCH 4.2.
    pub cl_ord_id: NameText,
    /// The firm it names, padded with spaces; blank for the port's own.
    pub firm: [u8; 4],
    /// Side as the wire says it: `B` buy, `S` sell, `T` sell short, `E` sell short exempt.
    pub side: u8,
    /// Whether market data shall say whose it is.
    pub is_attributed: bool,
    /// The client's group of orders for mass cancels; 0 for none.
    pub group: u16,
    /// What the protocol wants back.
    pub echo: Echo,
    /// The order; `client` and `owner` are the node's to fill in.
    pub request: OrderRequest,
}

/// What a replacement says of the order that it makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Quantity of the whole chain, what has executed included.
    pub qty: Lots,
    /// New limit; `None`: as it is (always so for a market order).
    pub price: Option<Ticks>,
    /// Whether it asks for an order without a limit.
    pub is_market: bool,
    /// What a peg follows and its offset, if it says so.
    pub peg: Option<(PegTo, Ticks)>,
    /// New life; `None`: as it is.
    pub life: Option<Life>,
    /// New stop price; `None`: as it is.
    pub stop: Option<Ticks>,
    /// How much others see, if it says so; a reserve order keeps its slice when this says
    /// "displayed".
    pub display: Option<Display>,
    /// Size condition, if it says so.
    pub size: Option<SizeCondition>,
    /// Post-only, if it says so.
    pub post_only: Option<PostOnly>,
}

impl Change {
    /// As [`Replacing::fits`], without the names, the side and the instrument.
    ///
    /// # Errors
    /// The field that differs. The original stays as it is.
    pub fn fits(&self, original: &OrderRequest) -> Result<(), Fault> {
        let same_display = match (self.display, original.display) {
            (None, _) | (Some(Display::Displayed), Display::Reserve { .. }) => true,
            (Some(display), old) => display == old,
        };
        let same_size = self.size.is_none_or(|size| size == original.size);
        let same_price = match original.pricing {
            Pricing::Limit(_) => !self.is_market,
            Pricing::Market => self.price.is_none(),
            Pricing::Peg { .. } => true,
        };
        let same_peg = match (self.peg, original.pricing) {
            (None, _) => true,
            (Some(asked), Pricing::Peg { to, offset, .. }) => asked == (to, offset),
            (Some(_), _) => false,
        };
        let field = if !same_display {
            Field::Display
        } else if !same_size {
            Field::MinimumQuantity
        } else if self.post_only.is_some_and(|mode| mode != original.post_only) {
            Field::PostOnly
        } else if !same_price {
            Field::Price
        } else if !same_peg {
            Field::Peg
        } else if self.stop.is_some() && original.stop.is_none() {
            Field::Stop
        } else {
            return Ok(());
        };
        Err(Fault { reason: RejectReason::FieldInvalid, field })
    }
}

/// An order in place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replacing {
    /// The order to be replaced.
    pub original: OrderName,
    /// The client's name for the new one.
    pub name: OrderName,
    /// `ClOrdID` of the new one.
    pub cl_ord_id: NameText,
    /// Side where the message says one (FIX), else 0.
    pub side: u8,
    /// Instrument where the message says one (FIX).
    pub instrument: Option<InstrumentId>,
    /// Whether the original stays when the details are invalid (FIX), or is cancelled (OUCH).
    pub keeps_original: bool,
    /// What the protocol wants back; see [`Echo::or`].
    pub echo: Echo,
    /// What it changes.
    pub change: Change,
}

impl Replacing {
    /// Whether it may take the place of an order: what a replacement leaves as it is must be as it was.
    ///
    /// # Errors
    /// The field that differs. The original stays as it is.
    pub fn fits(&self, original: &OrderRequest) -> Result<(), Fault> {
        let is_buy = original.side == Side::Buy;
        let field = if self.side != 0 && (self.side == b'B') != is_buy {
            Field::Side
        } else if self.instrument.is_some_and(|instrument| instrument != original.instrument) {
            Field::Symbol
        } else {
            return self.change.fits(original);
        };
        Err(Fault { reason: RejectReason::FieldInvalid, field })
    }
}

/// Less of an order, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelling {
    /// The order.
    pub name: OrderName,
    /// Size it shall have, what has executed included; 0 for all of it to go.
    pub qty: Lots,
    /// The request's own name (FIX); else blank.
    pub request: NameText,
}

/// Another mark on a sale, and perhaps less of it (OUCH).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Modifying {
    /// The order.
    pub name: OrderName,
    /// `S`, `T` or `E`; `B` for a buy.
    pub side: u8,
    /// Size it shall have, what has executed included; never more.
    pub qty: Lots,
}

/// Many orders to be cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MassCancelling {
    /// The request's own name.
    pub name: OrderName,
    /// The firm it names, padded with spaces; blank for the port's own.
    pub firm: [u8; 4],
    /// Only of this instrument.
    pub instrument: Option<InstrumentId>,
    /// Only with this side: `B`, `S`, `T` or `E`.
    pub side: Option<u8>,
    /// Only of this group.
    pub group: Option<u16>,
    /// Only of this channel.
    pub channel: Option<u8>,
}

/// Entry to be closed for a firm, or opened again (OUCH 5.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntrySetting {
    /// The request's own name.
    pub name: OrderName,
    /// The firm it names, padded with spaces; blank for the port's own.
    pub firm: [u8; 4],
    /// Whether new orders shall be taken.
    pub enabled: bool,
}

/// What a message asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A new order.
    Enter(Entering),
    /// An order in place of another.
    Replace(Replacing),
    /// Less of an order, or none.
    Cancel(Cancelling),
    /// Another mark on a sale.
    Modify(Modifying),
    /// Many orders to be cancelled.
    MassCancel(MassCancelling),
    /// Entry to be closed or opened.
    SetEntry(EntrySetting),
    /// Which number comes next in a channel (OUCH 5.0).
    Query {
        /// The channel.
        index: u8,
    },
    /// How an order stands (FIX).
    Status {
        /// The order.
        name: OrderName,
        /// The request's own name; blank for none.
        request: NameText,
    },
    /// Nothing for the node to do.
    Nothing,
}

impl Ask {
    /// The new name that the message uses up, if it does.
    #[must_use]
    pub const fn new_name(&self) -> Option<OrderName> {
        match self {
            Self::Enter(asked) => Some(asked.name),
            Self::Replace(asked) => Some(asked.name),
            Self::MassCancel(asked) => Some(asked.name),
            Self::SetEntry(asked) => Some(asked.name),
            Self::Cancel(_)
            | Self::Modify(_)
            | Self::Query { .. }
            | Self::Status { .. }
            | Self::Nothing => None,
        }
    }
}

/// Which part of a message is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Field {
    /// None in particular.
    Any,
    /// Name of the order.
    Name,
    /// Side.
    Side,
    /// Quantity.
    Quantity,
    /// Symbol.
    Symbol,
    /// Price.
    Price,
    /// Stop price.
    Stop,
    /// Time in force.
    TimeInForce,
    /// When it expires.
    ExpireTime,
    /// What others see.
    Display,
    /// Size of a reserve order's slice.
    MaxFloor,
    /// Minimum quantity.
    MinimumQuantity,
    /// What a peg follows, or its offset.
    Peg,
    /// Post-only.
    PostOnly,
    /// Which auction.
    CrossType,
    /// Self-trade prevention.
    SelfTrade,
    /// For whom the client acts.
    Capacity,
    /// Whether it is an intermarket sweep.
    Sweep,
    /// The firm.
    Firm,
    /// Discretion.
    Discretion,
    /// Random sizes of reserve slices.
    RandomReserves,
    /// Handling instruction, customer or routing that our market does not have.
    Handling,
    /// A field that our version does not know, or twice the same.
    Unknown,
}

/// Why a message is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The reason that the journal keeps.
    pub reason: RejectReason,
    /// What is wrong.
    pub field: Field,
}

impl Fault {
    /// A refusal by the node or the market, which name no field.
    #[must_use]
    pub const fn of(reason: RejectReason) -> Self {
        Self { reason, field: Field::Any }
    }
}

/// A message that asks for nothing that can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is none of this protocol's: too short or long, or of no known type. There is no answer.
    Unreadable,
    /// It must be refused. Its name counts as used, as if it had been taken.
    Request {
        /// Its own name.
        name: OrderName,
        /// `ClOrdID`, to be echoed.
        cl_ord_id: NameText,
        /// Why.
        fault: Fault,
    },
    /// A replacement with invalid details.
    Replace {
        /// The order to be replaced.
        original: OrderName,
        /// The replacement's own name.
        name: OrderName,
        /// `ClOrdID` of the replacement.
        cl_ord_id: NameText,
        /// Whether the original stays (FIX) or is cancelled (OUCH).
        keeps_original: bool,
        /// Why.
        fault: Fault,
    },
}
