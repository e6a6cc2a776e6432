// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The shell with real sockets on this machine, around a core that only echoes.

mod days;
mod durability;
mod echo;
mod fix;
mod hostile;
mod hot;
mod market_data;
mod operators;
mod rig;
mod sessions;
mod snapshots;
mod standing;
mod take_over;
