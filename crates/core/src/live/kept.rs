// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Values as they stand in a snapshot of a node.
//!
//! `kept!` writes a struct down field by field, and takes it apart to do so: who adds a field and says
//! nothing here is told by the compiler, not by a node that forgot it.

use crate::component::SnapshotError;
use crate::events::{
    CancelReason, DifferenceStep, InstrumentDefined, OrderType, ReconciliationSet, RiskScope,
    SetQuote, Side, StpMode, StrategyParameterDeclared, StrategyParameterSet, TimeInForce,
};
use crate::snapshot::{read_array, read_i64, read_u8, read_u32, read_u64};
use crate::types::{Instrument, Rung, TickTable};

/// A value that stands in a snapshot.
pub(super) trait Kept: Sized {
    /// Appends it.
    fn keep(&self, out: &mut Vec<u8>);

    /// Takes it from the front.
    fn take(bytes: &mut &[u8]) -> Result<Self, SnapshotError>;
}

/// Writes a struct down as all of its fields.
macro_rules! kept {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        impl $crate::live::kept::Kept for $name {
            fn keep(&self, out: &mut Vec<u8>) {
                let Self { $($field),+ } = self;
                $($field.keep(out);)+
            }

            fn take(bytes: &mut &[u8]) -> Result<Self, $crate::component::SnapshotError> {
                $(let $field = $crate::live::kept::Kept::take(bytes)?;)+
                Ok(Self { $($field),+ })
            }
        }
    };
}
pub(super) use kept;

macro_rules! numbers {
    ($($kind:ty),+) => {$(
        impl Kept for $kind {
            fn keep(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn take(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
                read_array(bytes).map(Self::from_le_bytes)
            }
        }
    )+};
}
numbers!(u8, u16, u32, u64, i64, u128);

macro_rules! words {
    ($($kind:ident),+) => {$(
        impl Kept for $kind {
            fn keep(&self, out: &mut Vec<u8>) {
                out.push(self.raw());
            }

            fn take(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
                let known = Self::from_raw(read_u8(bytes)?);
                known.ok_or(SnapshotError::Invalid { what: stringify!($kind) })
            }
        }
    )+};
}
words!(CancelReason, DifferenceStep, OrderType, RiskScope, Side, StpMode, TimeInForce);

macro_rules! events {
    ($($kind:ident),+) => {$(
        impl Kept for $kind {
            fn keep(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.encode());
            }

            fn take(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
                let body: [u8; Self::SIZE] = read_array(bytes)?;
                Self::decode(&body).ok_or(SnapshotError::Invalid { what: stringify!($kind) })
            }
        }
    )+};
}
events!(
    InstrumentDefined,
    ReconciliationSet,
    SetQuote,
    StrategyParameterDeclared,
    StrategyParameterSet
);

impl Kept for bool {
    fn keep(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn take(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        match read_u8(bytes)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(SnapshotError::Invalid { what: "a truth value" }),
        }
    }
}

impl<T: Kept> Kept for Option<T> {
    fn keep(&self, out: &mut Vec<u8>) {
        self.is_some().keep(out);
        if let Some(value) = self {
            value.keep(out);
        }
    }

    fn take(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        if bool::take(bytes)? { T::take(bytes).map(Some) } else { Ok(None) }
    }
}

impl Kept for Instrument {
    fn keep(&self, out: &mut Vec<u8>) {
        let Self { definition, tick_table } = self;
        definition.keep(out);
        let rungs = tick_table.rungs();
        (rungs.len() as u32).keep(out);
        for Rung { from, increment } in rungs {
            from.keep(out);
            increment.keep(out);
        }
    }

    fn take(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let definition = InstrumentDefined::take(bytes)?;
        let invalid = SnapshotError::Invalid { what: "a tick table" };
        let mut rungs = [Rung::default(); TickTable::RUNGS_MAX];
        let count = read_u32(bytes)? as usize;
        for rung in rungs.get_mut(..count).ok_or(invalid)? {
            *rung = Rung { from: read_i64(bytes)?, increment: read_i64(bytes)? };
        }
        let tick_table = TickTable::from_rungs(&rungs[..count]).map_err(|_| invalid)?;
        Ok(Self { definition, tick_table })
    }
}

/// Appends all of a list.
pub(super) fn keep_all<T: Kept>(list: &[T], out: &mut Vec<u8>) {
    (list.len() as u64).keep(out);
    for value in list {
        value.keep(out);
    }
}

/// Takes a list into the memory of one that is there, `count_max` values at most.
pub(super) fn take_all<T: Kept>(
    list: &mut Vec<T>,
    count_max: usize,
    bytes: &mut &[u8],
) -> Result<(), SnapshotError> {
    let count = read_u64(bytes)?;
    if count > count_max as u64 {
        return Err(SnapshotError::Invalid { what: "a list is longer than its limit now" });
    }
    list.clear();
    for _ in 0..count {
        list.push(T::take(bytes)?);
    }
    Ok(())
}

/// Takes a list that has as many values as the one that is there.
pub(super) fn take_each<T: Kept>(list: &mut [T], bytes: &mut &[u8]) -> Result<(), SnapshotError> {
    if read_u64(bytes)? != list.len() as u64 {
        return Err(SnapshotError::Invalid { what: "a limit differs" });
    }
    for value in list {
        *value = T::take(bytes)?;
    }
    Ok(())
}
