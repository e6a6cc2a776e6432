// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The shell: journal files, capture files, clocks. Not deterministic, and so holds no rules of the
//! market.

mod blocks;
pub mod capture;
pub mod compiled;
pub mod exchange;
pub mod feed_lines;
pub mod huge_pages;
pub mod inlet;
pub mod itch_file;
pub mod journal_file;
pub mod live;
mod pcap;
pub mod replica;
pub mod run;
pub mod stream;
