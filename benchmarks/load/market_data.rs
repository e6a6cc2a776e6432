// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A listener of one line of market data: when each order was first shown, and how far the publisher
//! is behind the sequencer.
//!
//! A message's time is that of the input which caused it, by the exchange's clock. Beside it stand
//! two moments by the same machine's clock: when the kernel had the packet from the publisher (its
//! own stamp, taken within the publisher's `send`), and when this process read it.

use std::collections::HashMap;
use std::io::{Error, ErrorKind};
use std::mem::{size_of, zeroed};
use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};
use std::os::fd::AsRawFd;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use hdrhistogram::Histogram;
use onetape_core::wire::mold::Packet;

use super::summary;

const DAY_NS: u64 = 86_400_000_000_000;
/// A publisher further behind than this is late.
const LATE_NS: u64 = 1_000_000;

/// How far the publisher is behind, by its packets.
struct Behind {
    /// Messages of inputs before this do not count.
    from_ns: u64,
    /// From an input's time to the kernel's having the packet, for each message.
    published: Histogram<u64>,
    /// The same to its being read here.
    read: Histogram<u64>,
    /// How long the publisher was late, up to which moment that is counted, and since the first.
    late_ns: u64,
    counted_to_ns: u64,
    started_ns: Option<u64>,
    late_packets: u64,
    packets: u64,
}

impl Behind {
    fn new(from_ns: u64) -> Self {
        let delays = || Histogram::<u64>::new_with_bounds(1, 60_000_000_000, 3).unwrap();
        Self {
            from_ns,
            published: delays(),
            read: delays(),
            late_ns: 0,
            counted_to_ns: 0,
            started_ns: None,
            late_packets: 0,
            packets: 0,
        }
    }

    fn message(&mut self, input_ns: u64, published_ns: u64, read_ns: u64) {
        if input_ns >= self.from_ns {
            self.published.saturating_record(published_ns.saturating_sub(input_ns).max(1));
            self.read.saturating_record(read_ns.saturating_sub(input_ns).max(1));
        }
    }

    /// A packet with messages; `input_ns` is the first one's.
    fn packet(&mut self, input_ns: u64, published_ns: u64) {
        if input_ns < self.from_ns {
            return;
        }
        self.packets += 1;
        self.started_ns.get_or_insert(published_ns);
        // Late from a millisecond after the input to the packet; times that overlap count once.
        let late_from_ns = (input_ns + LATE_NS).max(self.counted_to_ns);
        self.late_ns += published_ns.saturating_sub(late_from_ns);
        self.late_packets += u64::from(published_ns > input_ns + LATE_NS);
        self.counted_to_ns = self.counted_to_ns.max(published_ns);
    }

    fn text(&self) -> String {
        let took_ns = self.counted_to_ns - self.started_ns.unwrap_or(self.counted_to_ns);
        format!(
            "\"publisher\": {{{}, {}, \"packets\": {}, \"late_packets\": {}, \
             \"late_share\": {:.6}}}",
            summary("published_after", &self.published),
            summary("read_after", &self.read),
            self.packets,
            self.late_packets,
            self.late_ns as f64 / took_ns.max(1) as f64
        )
    }
}

/// A joined multicast group.
pub(crate) struct MarketData {
    socket: UdpSocket,
    arrivals: HashMap<u64, Instant>,
    behind: Behind,
    messages: u64,
    gaps: u64,
    next: Option<u64>,
}

/// Nanoseconds since midnight, UTC, by the wall clock.
pub(crate) fn of_day_ns() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64 % DAY_NS
}

impl MarketData {
    /// Joins `group:port` on the loopback interface, with room for so many orders.
    pub(crate) fn join(group: &str, orders: usize) -> Self {
        let address: SocketAddrV4 = group.parse().unwrap();
        let socket = socket2::Socket::new(
            socket2::Domain::IPV4,
            socket2::Type::DGRAM,
            Some(socket2::Protocol::UDP),
        )
        .unwrap();
        socket.set_reuse_address(true).unwrap();
        socket.set_recv_buffer_size(16 << 20).unwrap();
        socket.bind(&address.into()).unwrap();
        socket.join_multicast_v4(address.ip(), &Ipv4Addr::LOCALHOST).unwrap();
        socket.set_nonblocking(true).unwrap();
        let socket: UdpSocket = socket.into();
        stamp(&socket);
        let arrivals = HashMap::with_capacity(orders);
        Self { socket, arrivals, behind: Behind::new(0), messages: 0, gaps: 0, next: None }
    }

    /// What happened before this time of the day does not count.
    pub(crate) fn measure_from(&mut self, of_day_ns: u64) {
        self.behind = Behind::new(of_day_ns);
    }

    /// Takes in what came.
    pub(crate) fn poll(&mut self) {
        let mut buffer = [0; 2_048];
        loop {
            let (length, published_ns) = match receive(&self.socket, &mut buffer) {
                Ok(received) => received,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) => panic!("recv: {error}"),
            };
            let (now, read_ns) = (Instant::now(), of_day_ns());
            let packet = Packet::decode(&buffer[..length]).unwrap();
            let first = packet.header.sequence;
            self.gaps += first.saturating_sub(self.next.unwrap_or(first));
            let mut is_first = true;
            for message in packet.messages() {
                let (number, bytes) = message.unwrap();
                self.messages += 1;
                self.next = Some(number + 1);
                let mut input_ns = [0; 8];
                input_ns[2..].copy_from_slice(&bytes[5..11]);
                let input_ns = u64::from_be_bytes(input_ns);
                self.behind.message(input_ns, published_ns, read_ns);
                if std::mem::take(&mut is_first) {
                    self.behind.packet(input_ns, published_ns);
                }
                if let [b'A', ..] = bytes {
                    let order_ref = u64::from_be_bytes(*bytes[11..].first_chunk().unwrap());
                    self.arrivals.insert(order_ref, now);
                }
            }
        }
    }

    /// When an order was shown.
    pub(crate) fn arrival(&self, order_ref: u64) -> Option<Instant> {
        self.arrivals.get(&order_ref).copied()
    }

    /// What was heard, what was lost, how far the publisher was behind: members of a JSON object.
    pub(crate) fn text(&self) -> String {
        let (messages, gaps) = (self.messages, self.gaps);
        format!("\"messages\": {messages}, \"gaps\": {gaps}, {}", self.behind.text())
    }
}

/// Has the kernel stamp each packet with the time at which it got it.
fn stamp(socket: &UdpSocket) {
    let on: libc::c_int = 1;
    // SAFETY: the option is a C int, which outlives the call.
    let done = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_TIMESTAMPNS,
            (&raw const on).cast(),
            size_of::<libc::c_int>() as u32,
        )
    };
    assert_eq!(done, 0, "the kernel stamps no packets");
}

/// A packet's length, and the kernel's stamp in nanoseconds since midnight, UTC.
fn receive(socket: &UdpSocket, buffer: &mut [u8]) -> Result<(usize, u64), Error> {
    let mut room = [0_u64; 16];
    let mut part = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
    // SAFETY: a message header of zeros is one without address, buffers and options.
    let mut header: libc::msghdr = unsafe { zeroed() };
    (header.msg_iov, header.msg_iovlen) = (&raw mut part, 1);
    header.msg_control = room.as_mut_ptr().cast();
    header.msg_controllen = size_of_val(&room);
    // SAFETY: buffer and room outlive the call and are as long as the header says.
    let length = unsafe { libc::recvmsg(socket.as_raw_fd(), &raw mut header, 0) };
    let length = usize::try_from(length).map_err(|_| Error::last_os_error())?;
    // SAFETY: the kernel has filled the header; its first option, if any, lies within the room.
    let stamp: Option<libc::timespec> = unsafe {
        let first = libc::CMSG_FIRSTHDR(&raw const header);
        first
            .as_ref()
            .filter(|found| found.cmsg_type == libc::SCM_TIMESTAMPNS)
            .map(|_| libc::CMSG_DATA(first).cast::<libc::timespec>().read_unaligned())
    };
    let stamp = stamp.expect("a packet without the kernel's stamp");
    let epoch_ns = stamp.tv_sec.unsigned_abs() * 1_000_000_000 + stamp.tv_nsec.unsigned_abs();
    Ok((length, epoch_ns % DAY_NS))
}
