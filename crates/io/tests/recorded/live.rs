// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The exchange whose session is recorded, and how its clients spend the day.

use std::path::{Path, PathBuf};

use onetape_core::book::BooksConfig;
use onetape_core::events::{OrderFormat, PortDefined};
use onetape_core::exchange::MatcherConfig;
use onetape_core::exchange::market::MarketConfig;
use onetape_core::exchange::node::{Exchange, ExchangeConfig};
use onetape_io::exchange::{Definition, LineConfig, PortConfig, Secret, ServerConfig};
use onetape_io::journal_file::Options;

use super::super::fixer::{CLIENT, Fixer};
use super::super::folder::copy;
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

/// A day of an exchange, three OUCH clients and one of FIX.
struct Live {
    folder: PathBuf,
    running: Running,
    clients: [market::Client; 3],
    fixer: Fixer,
    /// What each OUCH client was told.
    heard: [Vec<Vec<u8>>; 3],
}

/// How it is set up.
fn live_config(folder: &Path) -> ServerConfig {
    let control = market::config(folder).control;
    ServerConfig { control, tick_ms: 10, busy_poll: false, ..config(folder, None) }
}

/// The clients trade with one another through auctions, halts and an operator's commands; one comes
/// and goes; the exchange dies once and comes up with other definitions. Gives the folder it is in
/// at the end, and what each stream held, of which each client has heard all.
pub(super) fn record(folder: &Path) -> (PathBuf, [Vec<Vec<u8>>; STREAMS]) {
    let mut live = Live::begin(&folder.join("begin"));
    for round in 1..=ROUNDS {
        match round {
            20 => live.operate(r#"{"do": "phase", "phase": "opening-auction"}"#),
            25 => live.operate(r#"{"do": "phase", "phase": "continuous"}"#),
            70 => live.die(round, &folder.join("end")),
            80 => live.operate(r#"{"do": "halt", "instrument": 1}"#),
            90 => live.operate(r#"{"do": "phase", "instrument": 1, "phase": "continuous"}"#),
            110 => live.operate(r#"{"do": "mass-cancel", "firm": 1}"#),
            120 => live.operate(r#"{"do": "break-trade", "match": 3}"#),
            135 => live.operate(r#"{"do": "phase", "phase": "closing-auction"}"#),
            145 => live.operate(r#"{"do": "phase", "phase": "closed"}"#),
            60 | 130 => live.come_and_go(round),
            _ => {}
        }
        live.trade(round);
    }
    live.hear_all(ROUNDS);
    let Live { folder, running, heard, .. } = live;
    let server = running.stop();
    let streams = std::array::from_fn(|stream| {
        let lies = server.engine().streams().stream(stream as u32).unwrap();
        let all: Vec<_> = (1..).map_while(|at| lies.message(at).map(<[u8]>::to_vec)).collect();
        if let Some(heard) = stream.checked_sub(1).and_then(|port| heard.get(port)) {
            assert!(all.starts_with(heard), "stream {stream} holds what nobody was told");
        }
        all
    });
    (folder, streams)
}

impl Live {
    fn begin(folder: &Path) -> Self {
        let running = Running::start_with(live_config(folder), make);
        let clients = [1, 2, 3].map(|port| running.client(port, 1));
        let fixer = Fixer::arrive(running.fix.unwrap(), 1, &mut || ());
        let heard = [const { Vec::new() }; 3];
        let live = Self { folder: folder.to_owned(), running, clients, fixer, heard };
        live.operate(r#"{"do": "phase", "phase": "pre-open"}"#);
        live
    }

    fn operate(&self, request: &str) {
        Operator::new(&self.folder).ask(&serde_json::from_str(request).unwrap());
    }

    fn trade(&mut self, round: u32) {
        for (at, client) in self.clients.iter_mut().enumerate() {
            let mixed = (round as usize * 7919 + at * 104_729) % 1_000;
            let side = if mixed.is_multiple_of(2) { b'B' } else { b'S' };
            let price = 100_000 + (mixed / 100) as u64 * 100;
            let qty = 50 + (mixed % 90) as u32;
            client.say(&enter(round, side, qty, SYMBOLS[mixed / 4 % 2], price));
            if mixed.is_multiple_of(5) {
                client.say(&cancel(round - round % 3));
            }
        }
        self.fixer.order(
            &format!("F{round}"),
            round.is_multiple_of(2),
            &format!("10.0{}", round % 9),
        );
    }

    /// Everybody hears until the order of a round was answered.
    fn hear_all(&mut self, round: u32) {
        for (client, heard) in self.clients.iter_mut().zip(&mut self.heard) {
            hear_to(client, round, heard);
        }
        let last = format!("F{round}");
        self.fixer.wait(&mut || (), |fixer| fixer.answered.contains(&last));
    }

    fn come_and_go(&mut self, round: u32) {
        hear_to(&mut self.clients[2], round - 1, &mut self.heard[2]);
        self.clients[2].leave();
        self.clients[2] = self.running.client(3, self.heard[2].len() as u64 + 1);
    }

    /// The exchange is killed and comes up in another folder, with other definitions; the clients
    /// go on.
    fn die(&mut self, round: u32, folder: &Path) {
        self.hear_all(round - 1);
        copy(&self.folder, folder);
        let mut config = live_config(folder);
        let ports = config.definitions.iter_mut();
        for port in ports.filter(|definition| definition.kind == PortDefined::KIND) {
            let (fixed, name) = port.body.split_at(PortDefined::SIZE);
            let was = PortDefined::decode(fixed).unwrap();
            let fixed = PortDefined { order_qty_max: was.order_qty_max / 2, ..was }.encode();
            port.body = [&fixed[..], name].concat();
        }
        self.running = Running::start_with(config, make);
        folder.clone_into(&mut self.folder);
        for (at, client) in self.clients.iter_mut().enumerate() {
            *client = self.running.client(at as u32 + 1, self.heard[at].len() as u64 + 1);
        }
        let next_out = self.fixer.next_out;
        self.fixer = Fixer::arrive(self.running.fix.unwrap(), next_out, &mut || ());
    }
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
