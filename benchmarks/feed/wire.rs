// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Two lines over loopback at a steady rate: received, arbitrated, journaled, judged, booked.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use onetape_core::wire::mold::COUNT_END;
use onetape_core::wire::mold::Header;
use onetape_io::exchange::system_clock;
use onetape_io::feed_lines::{FeedConfig, FeedLines, Item};
use onetape_io::journal_file::{JournalWriter, Options};

use super::flow::{PACKED, SESSION, STOCKS, cycle, opening, packets};
use super::stages::{Watch, reader};

/// Messages that are repeated.
const CYCLE: usize = 300_000;

/// What a run is to be.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    pub(crate) messages_per_second: u64,
    pub(crate) seconds: u64,
    /// Packets taken in one call of the system.
    pub(crate) batch: usize,
    /// Instruments that are wanted.
    pub(crate) chosen: u16,
    /// Cores of the sender and of the receiver.
    pub(crate) cores: (usize, usize),
}

/// Has this thread stay on a core; whether the system agrees.
fn pin(core: usize) -> bool {
    // SAFETY: a set of zeros is an empty one; it outlives the calls.
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(core, &mut set);
        libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const set) == 0
    }
}

/// Processor time of this thread.
fn thread_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` outlives the call.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

/// Sends the flow on both lines, each packet when it is due; the most by which one was late.
fn send(run: Run, to: &[SocketAddr], first: u64) -> Duration {
    pin(run.cores.0);
    let sockets = to.iter().map(|to| {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        socket.connect(to).unwrap();
        socket
    });
    let sockets: Vec<_> = sockets.collect();
    let mut flow = packets(&cycle(CYCLE), first);
    let gap_ns = PACKED as u64 * 1_000_000_000 / run.messages_per_second;
    let count = run.messages_per_second * run.seconds / PACKED as u64;
    let cycle_packets = flow.len() as u64;
    let (started, mut late) = (Instant::now(), Duration::ZERO);
    for number in 0..count {
        let packet = &mut flow[(number % cycle_packets) as usize];
        packet[10..18].copy_from_slice(&(first + number * PACKED as u64).to_be_bytes());
        let due = Duration::from_nanos(number * gap_ns);
        while started.elapsed() < due {
            std::hint::spin_loop();
        }
        late = late.max(started.elapsed().saturating_sub(due));
        for socket in &sockets {
            let _lost_like_any = socket.send(packet);
        }
    }
    let end =
        Header { session: SESSION, sequence: first + count * PACKED as u64, count: COUNT_END };
    for socket in sockets.iter().cycle().take(20) {
        std::thread::sleep(Duration::from_millis(20));
        let _lost_like_any = socket.send(&end.encode());
    }
    late
}

/// What came of a run.
struct Heard {
    lines: FeedLines,
    messages: u64,
    took: Duration,
    processor: Duration,
    delays: Histogram<u64>,
    /// Bytes of memory in use, sampled while it ran: the least and the most.
    memory: (u64, u64),
}

/// Bytes of memory that this process has in use.
fn memory_bytes() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text.split(' ').nth(2).zip(text.split(' ').nth(1));
    let number = |word: &str| word.parse::<u64>().unwrap_or(0);
    // Without what is shared: the journal's mapped pages are the system's.
    pages.map_or(0, |(shared, resident)| (number(resident) - number(shared)) * 4_096)
}

fn listen(run: Run, mut lines: FeedLines, folder: &Path, is_up: &AtomicBool) -> Heard {
    pin(run.cores.1);
    let mut journal = JournalWriter::open(folder, &Options::default()).unwrap();
    let mut watch = Watch::new(run.chosen, true);
    let (mut reader, _) = reader(run.chosen, &mut watch);
    let mut delays = Histogram::<u64>::new_with_bounds(1, 60_000_000_000, 3).unwrap();
    let started = Instant::now();
    let mut began = None;
    let (mut memory, mut sampled) = ((u64::MAX, 0), Instant::now());
    is_up.store(true, Ordering::Release);
    let mut messages = 0;
    loop {
        let now_ns = started.elapsed().as_nanos() as i64;
        let item = lines.next(now_ns);
        let Some(item) = item else {
            let is_over = lines.state() == onetape_core::events::FeedState::Ended;
            let limit = Duration::from_secs(run.seconds + 20);
            if is_over || started.elapsed() > limit {
                break;
            }
            continue;
        };
        let ts_ns = item.ts_ns();
        item.entry(0, |kind, version, fixed, tail| {
            journal.append(ts_ns, kind, version, 1, fixed, tail).unwrap();
        });
        if let Item::Packet { bytes, .. } = item {
            began.get_or_insert_with(|| (Instant::now(), thread_time()));
            let format = onetape_core::events::PacketFormat::Moldudp64Itch50;
            reader.read(Some(format), bytes, &mut watch);
            messages += PACKED as u64;
            if messages.is_multiple_of(PACKED as u64 * 8) {
                delays.saturating_record((system_clock() - ts_ns).max(1).unsigned_abs());
            }
        }
        if sampled.elapsed() > Duration::from_millis(500) {
            sampled = Instant::now();
            let bytes = memory_bytes();
            memory = (memory.0.min(bytes), memory.1.max(bytes));
        }
    }
    assert_eq!(reader.counts().malformed, 0);
    let (began, processor) = began.unwrap();
    let took = began.elapsed();
    journal.close().unwrap();
    Heard {
        lines,
        messages,
        took,
        processor: thread_time().saturating_sub(processor),
        delays,
        memory,
    }
}

/// One run: a JSON object.
pub(crate) fn run(run: Run) -> String {
    let folder = std::env::temp_dir().join(format!("onetape-feed-{}", std::process::id()));
    let _was_not_there = std::fs::remove_dir_all(&folder);
    let first = 1 + opening().len() as u64;
    let config = FeedConfig {
        lines: vec![SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0); 2],
        resume: Some((SESSION, first)),
        batch_packets: run.batch,
        receive_bytes: 32 << 20,
        ..FeedConfig::default()
    };
    let lines = FeedLines::open(config, 0).unwrap();
    let to = lines.addresses().unwrap();
    let is_up = AtomicBool::new(false);
    let (late, heard) = std::thread::scope(|scope| {
        let sender = scope.spawn(|| {
            while !is_up.load(Ordering::Acquire) {
                std::thread::sleep(Duration::from_millis(1));
            }
            send(run, &to, first)
        });
        let heard = listen(run, lines, &folder, &is_up);
        (sender.join().unwrap(), heard)
    });
    let _best_effort = std::fs::remove_dir_all(&folder);
    text(run, late, &heard)
}

#[expect(clippy::cast_precision_loss, reason = "shares and rates for people")]
fn text(run: Run, late: Duration, heard: &Heard) -> String {
    let counts = heard.lines.counts();
    let reports = [heard.lines.report(0), heard.lines.report(1)];
    let drops: u64 = reports.iter().map(|report| report.kernel_drops).sum();
    let sent = run.messages_per_second * run.seconds / PACKED as u64 * PACKED as u64;
    let firsts = reports[0].firsts + reports[1].firsts;
    let at = |share: f64| heard.delays.value_at_quantile(share);
    let lag = reports[1].lag_ns_sum.checked_div(reports[1].lag_count).unwrap_or(0);
    format!(
        "{{\"messages_per_second\": {}, \"batch\": {}, \"chosen\": {}, \"of\": {STOCKS}, \
         \"sent\": {sent}, \"handed_on\": {}, \"lost\": {}, \"kernel_drops\": {drops}, \
         \"gaps\": {}, \"held_most\": {}, \"processor_share\": {:.3}, \
         \"processor_ns_per_message\": {:.1}, \"sender_late_most_us\": {}, \
         \"first_line_wins\": {:.3}, \"second_line_lag_ns\": {lag}, \
         \"from_kernel_to_booked_ns\": {{\"p50\": {}, \"p99\": {}, \"p99.9\": {}, \"max\": {}}}, \
         \"own_memory_bytes\": {{\"least\": {}, \"most\": {}}}}}",
        run.messages_per_second,
        run.batch,
        run.chosen,
        heard.messages,
        counts.lost,
        counts.gaps,
        counts.held_most,
        heard.processor.as_secs_f64() / heard.took.as_secs_f64(),
        heard.processor.as_nanos() as f64 / heard.messages.max(1) as f64,
        late.as_micros(),
        reports[0].firsts as f64 / firsts.max(1) as f64,
        at(0.5),
        at(0.99),
        at(0.999),
        heard.delays.max(),
        heard.memory.0,
        heard.memory.1,
    )
}
