// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The exchange whose session is recorded, and how its clients spend the day.

use std::path::Path;

use onetape_core::book::BooksConfig;
use onetape_core::events::{OrderFormat, PortDefined};
use onetape_core::exchange::MatcherConfig;
use onetape_core::exchange::market::MarketConfig;
use onetape_core::exchange::node::{Exchange, ExchangeConfig};
use onetape_io::exchange::{Definition, LineConfig, PortConfig, Secret, ServerConfig};
use onetape_io::journal_file::Options;

use super::super::fixer::{CLIENT, Fixer};
use super::super::market::{self, Operator, Running, SYMBOLS, cancel, enter};
use super::{FIX_PORT, SEGMENT_BYTES, STREAMS};

/// Rounds in which every client says something.
const ROUNDS: u32 = 150;

/// An exchange without a past, no larger than the session needs.
pub(crate) fn make() -> Exchange {
    let books = BooksConfig { orders_max: 1 << 12, instruments_max: 4, window_levels: 256 };
    let matcher = MatcherConfig {
        books,
        hidden_orders_max: 1 << 8,
        owners_max: 8,
        ..MatcherConfig::default()
    };
    let market = MarketConfig { matcher, specials_max: 1 << 8, owners_max: 8 };
    Exchange::new(ExchangeConfig {
        market,
        ports_max: 8,
        firms_max: 4,
        names_max: 1 << 10,
        trades_max: 1 << 12,
    })
}

/// How an exchange in `folder` is set up that goes on with a session that was cut; `line` is where
/// its market data goes.
pub(crate) fn config(folder: &Path, line: Option<LineConfig>) -> ServerConfig {
    let mut config = market::config(folder);
    config.ports.push(PortConfig {
        id: FIX_PORT,
        username: CLIENT.to_owned(),
        password: Secret::new("secret"),
        format: OrderFormat::Fix44,
        address: market::anywhere(),
    });
    config.definitions.push(fix_port(&config.definitions));
    ServerConfig {
        lines: line.into_iter().collect(),
        options: Options { segment_bytes: SEGMENT_BYTES, ..Options::default() },
        port_bytes_max: 256 << 10,
        itch_bytes_max: 512 << 10,
        glimpse: None,
        control: None,
        tick_ms: 1_000,
        busy_poll: true,
        ..config
    }
}

/// The FIX port: as the first one but for what it speaks.
fn fix_port(definitions: &[Definition]) -> Definition {
    let mut ports = definitions.iter().filter(|definition| definition.kind == PortDefined::KIND);
    let first = PortDefined::decode(&ports.next().unwrap().body).unwrap();
    let port = PortDefined { port_id: FIX_PORT, format: OrderFormat::Fix44.raw(), ..first };
    let body = [&port.encode()[..], CLIENT.as_bytes()].concat();
    Definition { kind: PortDefined::KIND, version: PortDefined::VERSION, body }
}

/// Three OUCH clients and one of FIX who trade with one another through auctions, halts and an operator's commands; one
/// comes and goes. Gives what each stream held, of which each client has heard all.
pub(super) fn record(folder: &Path) -> [Vec<Vec<u8>>; STREAMS] {
    let control = market::config(folder).control;
    let config = ServerConfig { control, tick_ms: 10, busy_poll: false, ..config(folder, None) };
    let running = Running::start_with(config, make);
    let mut operator = Operator::new(folder);
    let mut operate = |text: &str| operator.ask(&serde_json::from_str(text).unwrap());
    operate(r#"{"do": "phase", "phase": "pre-open"}"#);
    let mut clients = [1, 2, 3].map(|port| running.client(port, 1));
    let mut fixer = Fixer::arrive(running.fix.unwrap(), 1, &mut || ());
    let mut heard = [const { Vec::new() }; STREAMS];
    for round in 1..=ROUNDS {
        match round {
            20 => operate(r#"{"do": "phase", "phase": "opening-auction"}"#),
            25 => operate(r#"{"do": "phase", "phase": "continuous"}"#),
            80 => operate(r#"{"do": "halt", "instrument": 1}"#),
            90 => operate(r#"{"do": "phase", "instrument": 1, "phase": "continuous"}"#),
            110 => operate(r#"{"do": "mass-cancel", "firm": 1}"#),
            120 => operate(r#"{"do": "break-trade", "match": 3}"#),
            150 => operate(r#"{"do": "phase", "phase": "closing-auction"}"#),
            160 => operate(r#"{"do": "phase", "phase": "closed"}"#),
            _ => serde_json::Value::Null,
        };
        for (at, client) in clients.iter_mut().enumerate() {
            let mixed = (round as usize * 7919 + at * 104_729) % 1_000;
            let side = if mixed.is_multiple_of(2) { b'B' } else { b'S' };
            let price = 100_000 + (mixed / 100) as u64 * 100;
            let qty = 50 + (mixed % 90) as u32;
            client.say(&enter(round, side, qty, SYMBOLS[mixed / 4 % 2], price));
            if mixed.is_multiple_of(5) {
                client.say(&cancel(round - round % 3));
            }
        }
        fixer.order(&format!("F{round}"), round % 2 == 0, &format!("10.0{}", round % 9));
        if round == 60 || round == 130 {
            hear_to(&mut clients[2], round, &mut heard[3]);
            clients[2].leave();
            clients[2] = running.client(3, heard[3].len() as u64 + 1);
        }
    }
    for (at, client) in clients.iter_mut().enumerate() {
        hear_to(client, ROUNDS, &mut heard[at + 1]);
    }
    let last = format!("F{ROUNDS}");
    fixer.wait(&mut || (), |fixer| fixer.answered.contains(&last));
    let server = running.stop();
    std::array::from_fn(|stream| {
        let lies = server.engine().streams().stream(stream as u32).unwrap();
        let all: Vec<_> = (1..).map_while(|at| lies.message(at).map(<[u8]>::to_vec)).collect();
        assert!(all.starts_with(&heard[stream]), "stream {stream} holds what nobody was told");
        all
    })
}

/// Hears until order `number` was answered.
fn hear_to(client: &mut market::Client, number: u32, heard: &mut Vec<Vec<u8>>) {
    loop {
        let message = client.hear();
        let answered = matches!(message[0], b'A' | b'J') && message[9..13] == number.to_be_bytes();
        heard.push(message);
        if answered {
            return;
        }
    }
}
