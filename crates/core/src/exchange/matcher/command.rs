// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the matcher can be asked. Orders are named by the id the matcher gave them.

use crate::events::{CancelReason, OrderType, Side, StpMode, TimeInForce, TradingStatus};
use crate::types::{InstrumentId, Lots, Ticks};

/// A new order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// The client's own number for it, echoed in every report.
    pub client: u64,
    /// Limit price; 0 for a market order.
    pub price: Ticks,
    /// Quantity, at least 1.
    pub qty: Lots,
    /// Immediate-or-cancel only: less than this at once, and nothing trades; 0 for none.
    pub min_qty: Lots,
    /// Whose, from 1.
    pub owner: u32,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side.
    pub side: Side,
    /// Type.
    pub order_type: OrderType,
    /// Life.
    pub time_in_force: TimeInForce,
    /// Refuse rather than take.
    pub post_only: bool,
    /// Self-trade prevention, while this order is the taker.
    pub stp: StpMode,
}

impl NewOrder {
    /// A plain limit order for the day.
    #[must_use]
    pub const fn limit(
        instrument: InstrumentId,
        owner: u32,
        side: Side,
        price: Ticks,
        qty: Lots,
    ) -> Self {
        Self {
            client: 0,
            price,
            qty,
            min_qty: 0,
            owner,
            instrument,
            side,
            order_type: OrderType::Limit,
            time_in_force: TimeInForce::Day,
            post_only: false,
            stp: StpMode::Off,
        }
    }
}

/// One command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// A new order.
    Enter(NewOrder),
    /// Cancel what is left of an order.
    Cancel {
        /// The order.
        order_id: u64,
        /// What the report will say.
        reason: CancelReason,
    },
    /// Shrink an order in place (OUCH 5.0, Cancel Order); ignored where it would not shrink.
    Reduce {
        /// The order.
        order_id: u64,
        /// New intended size, the executed part included; 0 cancels all.
        qty: Lots,
    },
    /// Replace an order (OUCH 5.0, Replace Order); priority is always lost.
    Replace {
        /// The order to replace.
        order_id: u64,
        /// The replacement's own client number.
        client: u64,
        /// New limit price.
        price: Ticks,
        /// New total over the chain, the executed part included.
        qty: Lots,
    },
    /// Cancel all orders of an owner.
    CancelOwner {
        /// Whose.
        owner: u32,
        /// In which instrument; 0 for all.
        instrument: InstrumentId,
        /// What the reports will say.
        reason: CancelReason,
    },
    /// The trading status of an instrument changed.
    SetStatus {
        /// Instrument.
        instrument: InstrumentId,
        /// Its status.
        status: TradingStatus,
    },
}

/// Why bytes are not a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CommandError {
    /// A record has [`Command::SIZE`] bytes.
    Size {
        /// What was found.
        found: usize,
    },
    /// A field holds a value that is not defined.
    Field {
        /// Which.
        field: &'static str,
        /// What it holds.
        value: u64,
    },
}

/// The fields of a record, as they stand.
struct Fields<'a>(&'a [u8; Command::SIZE]);

impl Fields<'_> {
    fn number(&self, at: usize) -> u64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.0[at..at + 8]);
        u64::from_le_bytes(bytes)
    }

    fn id(&self, at: usize) -> u32 {
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&self.0[at..at + 4]);
        u32::from_le_bytes(bytes)
    }

    fn read<T>(
        &self,
        field: &'static str,
        at: usize,
        from_raw: impl Fn(u8) -> Option<T>,
    ) -> Result<T, CommandError> {
        let raw = self.0[at];
        from_raw(raw).ok_or(CommandError::Field { field, value: u64::from(raw) })
    }
}

impl Command {
    /// Bytes of a record. Fixed layout, little-endian:
    ///
    /// ```text
    ///  0 op u8 (1 enter, 2 cancel, 3 reduce, 4 replace, 5 cancel owner, 6 set status)
    ///  1 side u8          2 order_type u8    3 time_in_force u8   4 post_only u8 (0, 1)
    ///  5 stp_mode u8      6 reason u8        7 status u8
    ///  8 order_id u64    16 client_id u64   24 price_ticks i64
    /// 32 qty_lots u64    40 min_qty_lots u64
    /// 48 instrument_id u32                  52 owner u32
    /// ```
    pub const SIZE: usize = 56;

    /// Reads a record. Fields that an operation does not use may hold anything.
    ///
    /// # Errors
    /// [`CommandError`] when the size is wrong or a field that is used is not defined.
    pub fn decode(record: &[u8]) -> Result<Self, CommandError> {
        let found = record.len();
        let fields = Fields(record.try_into().map_err(|_| CommandError::Size { found })?);
        let (order_id, client, qty) = (fields.number(8), fields.number(16), fields.number(32));
        let price = fields.number(24).cast_signed();
        let (instrument, owner) = (fields.id(48), fields.id(52));
        let reason = || fields.read("reason", 6, CancelReason::from_raw);
        Ok(match record[0] {
            1 => Self::Enter(NewOrder::decode(&fields)?),
            2 => Self::Cancel { order_id, reason: reason()? },
            3 => Self::Reduce { order_id, qty },
            4 => Self::Replace { order_id, client, price, qty },
            5 => Self::CancelOwner { owner, instrument, reason: reason()? },
            6 => {
                let status = fields.read("status", 7, TradingStatus::from_raw)?;
                Self::SetStatus { instrument, status }
            }
            op => return Err(CommandError::Field { field: "op", value: u64::from(op) }),
        })
    }
}

impl NewOrder {
    fn decode(fields: &Fields<'_>) -> Result<Self, CommandError> {
        let post_only = |raw| matches!(raw, 0 | 1).then_some(raw == 1);
        Ok(Self {
            client: fields.number(16),
            price: fields.number(24).cast_signed(),
            qty: fields.number(32),
            min_qty: fields.number(40),
            owner: fields.id(52),
            instrument: fields.id(48),
            side: fields.read("side", 1, Side::from_raw)?,
            order_type: fields.read("order_type", 2, OrderType::from_raw)?,
            time_in_force: fields.read("time_in_force", 3, TimeInForce::from_raw)?,
            post_only: fields.read("post_only", 4, post_only)?,
            stp: fields.read("stp_mode", 5, StpMode::from_raw)?,
        })
    }
}
