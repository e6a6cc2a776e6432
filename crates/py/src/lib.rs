// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Thin bindings: `onetape._native`. No business logic; one file per Python package.

mod book;
mod caller;
mod compiled;
mod errors;
mod exchange;
mod exchange_replay;
mod exchange_server;
mod inlet;
mod journal;
mod live;
mod live_strategy;
mod market;
mod options;
mod order_groups;
mod order_terms;
mod replay;
mod replica;
mod rows;
mod run;
mod source;
mod strategy;
mod summary;
mod tape;
mod told;
mod types;
mod window;
mod wire;

use onetape_io::huge_pages::HugePages;
use pyo3::prelude::*;

#[global_allocator]
static MEMORY: HugePages = HugePages;

#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    types::register(module)?;
    exchange::register(module)?;
    exchange_replay::register(module)?;
    exchange_server::register(module)?;
    market::register(module)?;
    module.add_class::<book::PyBooks>()?;
    journal::register(module)?;
    module.add_class::<source::PySource>()?;
    module.add_class::<source::PyByteStream>()?;
    module.add_function(wrap_pyfunction!(source::itch_messages_at, module)?)?;
    module.add_class::<window::PyWindowedBook>()?;
    module.add_class::<tape::PyMarketTape>()?;
    wire::register(module)?;
    inlet::register(module)?;
    live::register(module)?;
    live_strategy::register(module)?;
    replay::register(module)?;
    replica::register(module)?;
    run::register(module)?;
    module.add_function(wrap_pyfunction!(compiled::compiled_layout, module)?)?;
    // Last: the stub lists the names; a second list would have to be kept equal by hand.
    module.delattr("__all__")
}
