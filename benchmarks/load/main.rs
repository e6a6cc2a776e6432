// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! An open-loop client: sends OUCH orders on a schedule, whether or not answers come, and counts
//! each answer's delay from when its order was *due* (so a stall counts for every order it held up).
//! `benchmarks/exchange.py` runs it against `onetape exchange`; with `echo` it is the bare TCP echo
//! that the figures stand beside. Prints one JSON object.
#![expect(clippy::print_stdout, reason = "its output is its purpose")]
#![expect(clippy::unwrap_used, reason = "a benchmark that fails should stop")]
#![expect(clippy::cast_precision_loss, reason = "microseconds and rates for people")]

mod flow;
mod market_data;
mod session;

use std::env;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use flow::Flow;
use hdrhistogram::Histogram;
use market_data::{MarketData, of_day_ns};
use session::{Answer, Session};

/// What is asked on the command line, as `name=value`.
pub(crate) struct Plan {
    mode: String,
    address: String,
    user: String,
    password: String,
    rate: u64,
    seconds: u64,
    warm_seconds: u64,
    core: Option<usize>,
    multicast: Option<String>,
    seed: u64,
}

fn main() {
    let plan = parse(env::args().skip(1).filter(|word| word != "--bench"));
    pin(plan.core);
    match plan.mode.as_str() {
        "serve-echo" => serve_echo(&plan),
        "echo" => echo(&plan),
        "orders" => orders(&plan),
        "idle" => idle(&plan),
        other => panic!("mode: expected orders, echo, serve-echo or idle, found {other}"),
    }
}

fn parse(words: impl Iterator<Item = String>) -> Plan {
    let mut plan = Plan {
        mode: "orders".to_owned(),
        address: "127.0.0.1:9150".to_owned(),
        user: "BETA1".to_owned(),
        password: "beta".to_owned(),
        rate: 100_000,
        seconds: 5,
        warm_seconds: 1,
        core: None,
        multicast: None,
        seed: 1,
    };
    for word in words {
        let (name, value) = word.split_once('=').expect("name=value");
        match name {
            "mode" => value.clone_into(&mut plan.mode),
            "address" => value.clone_into(&mut plan.address),
            "user" => value.clone_into(&mut plan.user),
            "password" => value.clone_into(&mut plan.password),
            "rate" => plan.rate = value.parse().unwrap(),
            "seconds" => plan.seconds = value.parse().unwrap(),
            "warm" => plan.warm_seconds = value.parse().unwrap(),
            "core" => plan.core = Some(value.parse().unwrap()),
            "multicast" => plan.multicast = Some(value.to_owned()),
            "seed" => plan.seed = value.parse().unwrap(),
            _ => panic!("there is no option {name}"),
        }
    }
    plan
}

/// Binds this thread to a core, where one is named.
fn pin(core: Option<usize>) {
    let Some(core) = core else { return };
    // SAFETY: the set is plain memory of its own, and the call reads it only.
    let done = unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(core, &mut set);
        libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const set)
    };
    assert_eq!(done, 0, "cannot bind to core {core}");
}

/// Does nothing but read the clock, and says for which share of the time this core was somebody
/// else's: no latency on it can be better than that.
fn idle(plan: &Plan) {
    let mut gaps = Histogram::<u64>::new_with_bounds(1, 60_000_000_000, 3).unwrap();
    let over = [10_000, 100_000, 1_000_000];
    let mut gone = [0; 3];
    let start = Instant::now();
    let mut last = start;
    while last.duration_since(start) < Duration::from_secs(plan.seconds) {
        let now = Instant::now();
        let gap = now.duration_since(last);
        last = now;
        let gap_ns = u64::try_from(gap.as_nanos()).unwrap_or(u64::MAX);
        if gap_ns > over[0] {
            record(&mut gaps, gap);
            for (gone, over) in gone.iter_mut().zip(over) {
                *gone += if gap_ns > over { gap_ns } else { 0 };
            }
        }
    }
    let percent = gone.map(|ns| ns as f64 / (plan.seconds as f64 * 1e7));
    println!(
        "{{\"mode\": \"idle\", \"gaps\": {}, \"longest_us\": {:.0}, \"over_10us_percent\": {:.3}, \
         \"over_100us_percent\": {:.3}, \"over_1ms_percent\": {:.3}}}",
        gaps.len(),
        gaps.max() as f64 / 1_000.0,
        percent[0],
        percent[1],
        percent[2]
    );
}

/// Echoes 64 bytes for 64 bytes, busy-polling, until the peer leaves.
fn serve_echo(plan: &Plan) {
    let listener = TcpListener::bind(&plan.address).unwrap();
    println!("{}", listener.local_addr().unwrap());
    let (mut stream, _) = listener.accept().unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_nonblocking(true).unwrap();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return,
            Ok(length) => write_all(&mut stream, &buffer[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::hint::spin_loop(),
            Err(_) => return,
        }
    }
}

fn write_all(stream: &mut TcpStream, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match stream.write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::hint::spin_loop(),
            Err(error) => panic!("write: {error}"),
        }
    }
}

/// A busy-polled connection.
fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_nonblocking(true).unwrap();
    stream
}

/// One message at a time, on a schedule, there and back.
fn echo(plan: &Plan) {
    let mut stream = connect(&plan.address);
    let mut delays = Histogram::<u64>::new_with_bounds(1, 10_000_000_000, 3).unwrap();
    let due_after = |message: u64| Duration::from_nanos(message * 1_000_000_000 / plan.rate);
    let count = plan.rate * (plan.seconds + plan.warm_seconds);
    let warm = plan.rate * plan.warm_seconds;
    let (mut sent, mut received) = (0_u64, 0_u64);
    let mut buffer = vec![0; 1 << 16];
    let start = Instant::now();
    while received < count * 64 {
        let due = start + due_after(sent);
        if sent < count && Instant::now() >= due {
            write_all(&mut stream, &[7; 64]);
            sent += 1;
        }
        match stream.read(&mut buffer) {
            Ok(0) => panic!("the echo left"),
            Ok(length) => {
                let now = Instant::now();
                let (first, last) = (received / 64, (received + length as u64) / 64);
                received += length as u64;
                for message in first..last {
                    if message >= warm {
                        let due = start + due_after(message);
                        record(&mut delays, now.saturating_duration_since(due));
                    }
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => panic!("read: {error}"),
        }
    }
    println!("{{\"mode\": \"echo\", \"rate\": {}, {}}}", plan.rate, summary("echo", &delays));
}

fn record(delays: &mut Histogram<u64>, delay: Duration) {
    delays.saturating_record(u64::try_from(delay.as_nanos()).unwrap_or(u64::MAX).max(1));
}

/// Percentiles, in microseconds.
pub(crate) fn summary(name: &str, delays: &Histogram<u64>) -> String {
    let at = |percent: f64| delays.value_at_percentile(percent) as f64 / 1_000.0;
    format!(
        "\"{name}\": {{\"count\": {}, \"p50_us\": {:.2}, \"p90_us\": {:.2}, \"p99_us\": {:.2}, \
         \"p999_us\": {:.2}, \"p9999_us\": {:.2}, \"max_us\": {:.2}}}",
        delays.len(),
        at(50.0),
        at(90.0),
        at(99.0),
        at(99.9),
        at(99.99),
        delays.max() as f64 / 1_000.0
    )
}

/// Orders on a schedule; the delay of each answer, and of its market data.
fn orders(plan: &Plan) {
    let mut session = Session::log_in(connect(&plan.address), &plan.user, &plan.password);
    let count = plan.rate * (plan.seconds + plan.warm_seconds);
    let mut data = plan.multicast.as_deref().map(|group| MarketData::join(group, count as usize));
    let mut flow = Flow::new(plan.seed);
    let warm = plan.rate * plan.warm_seconds;
    let due_after = |message: u64| Duration::from_nanos(message * 1_000_000_000 / plan.rate);
    let mut acked = Histogram::<u64>::new_with_bounds(1, 60_000_000_000, 3).unwrap();
    let (mut sent, mut answered, mut rejected, mut fills) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut dues: Vec<(u64, Instant)> = Vec::with_capacity(count as usize);
    let start = Instant::now();
    if let Some(data) = &mut data {
        data.measure_from(of_day_ns() + plan.warm_seconds * 1_000_000_000);
    }
    let mut last_answer = start;
    let patience = Duration::from_secs(plan.seconds + plan.warm_seconds + 20);
    while answered + rejected < count && start.elapsed() < patience {
        let mut batch = 0;
        while sent < count && batch < 64 && Instant::now() >= start + due_after(sent) {
            session.enter(&flow.next(), sent as u32 + 1);
            sent += 1;
            batch += 1;
        }
        session.flush();
        session.poll(|answer| match answer {
            Answer::Accepted { number, order_ref } => {
                let now = Instant::now();
                let due = start + due_after(u64::from(number) - 1);
                if u64::from(number) > warm {
                    record(&mut acked, now.saturating_duration_since(due));
                    dues.push((order_ref, due));
                }
                last_answer = now;
                answered += 1;
            }
            Answer::Rejected => rejected += 1,
            Answer::Executed => fills += 1,
            Answer::Other => {}
        });
        if let Some(data) = &mut data {
            data.poll();
        }
    }
    let elapsed = last_answer.saturating_duration_since(start).as_secs_f64();
    let shown = data.map_or_else(String::new, |mut data| {
        let until = Instant::now() + Duration::from_millis(300);
        while Instant::now() < until {
            data.poll();
        }
        let mut delays = Histogram::<u64>::new_with_bounds(1, 60_000_000_000, 3).unwrap();
        for (order_ref, due) in &dues {
            if let Some(arrived) = data.arrival(*order_ref) {
                record(&mut delays, arrived.saturating_duration_since(*due));
            }
        }
        format!(", {}, {}", summary("market_data", &delays), data.text())
    });
    println!(
        "{{\"mode\": \"orders\", \"offered_per_s\": {}, \"sent\": {sent}, \"accepted\": {answered}, \
         \"rejected\": {rejected}, \"fills\": {fills}, \"acked_per_s\": {:.0}, {}{shown}}}",
        plan.rate,
        answered as f64 / elapsed,
        summary("accepted_after", &acked)
    );
}
