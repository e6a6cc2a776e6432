// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A socket that packets come in by: many in one call, each with the time at which the kernel had
//! it, and the count of those that the kernel dropped.

use std::io;
use std::mem::{size_of, zeroed};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::os::fd::{AsRawFd, RawFd};

use onetape_core::types::{SECOND_NS, TsNs};
use socket2::{Domain, Protocol, Socket, Type};

/// Most packets taken in one call.
pub(super) const BATCH_MAX: usize = 64;
/// Words for what the kernel says of a packet: a time and a count take 7.
const CONTROL_WORDS: usize = 8;
/// Where `SO_MEMINFO` says how many packets were dropped. Source: Linux, `include/uapi/linux/sock_diag.h`.
const MEMINFO_DROPS: usize = 8;
const MEMINFO_WORDS: usize = 9;

/// What the system granted of what was asked for a socket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Granted {
    /// Bytes of its receive buffer, by the kernel's count, which includes its own overhead.
    pub receive_bytes: usize,
    /// The kernel stamps packets with the time at which it had them.
    pub has_timestamps: bool,
    /// The kernel counts the packets that it drops.
    pub has_drop_count: bool,
    /// The system busy-polls the device in a receive.
    pub busy_polls: bool,
}

/// A socket that packets come in by.
#[derive(Debug)]
pub(super) struct LineSocket {
    socket: UdpSocket,
    granted: Granted,
    /// Packets that the kernel dropped, as last heard.
    drops: u64,
}

impl LineSocket {
    /// Joins a line.
    pub(super) fn join(line: SocketAddrV4, interface: Ipv4Addr) -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
        socket.set_reuse_address(true)?;
        if line.ip().is_multicast() {
            // Else every group of the port that anybody on this machine joined would come here.
            socket.set_multicast_all_v4(false)?;
        }
        socket.bind(&line.into())?;
        if line.ip().is_multicast() {
            socket.join_multicast_v4(line.ip(), &interface)?;
        }
        Self::over(socket)
    }

    /// A socket for asking `server`, whose answers come in by it.
    pub(super) fn ask(server: SocketAddr) -> io::Result<Self> {
        let domain = if server.is_ipv4() { Domain::IPV4 } else { Domain::IPV6 };
        let socket = Socket::new(domain, Type::DGRAM, Some(Protocol::UDP))?;
        socket.connect(&server.into())?;
        Self::over(socket)
    }

    fn over(socket: Socket) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(Self { socket: socket.into(), granted: Granted::default(), drops: 0 })
    }

    /// Asks the system for what it may grant: a buffer, times, counts, busy-polling.
    pub(super) fn arrange(&mut self, receive_bytes: usize, busy_poll_us: u32) {
        let wanted = i32::try_from(receive_bytes).unwrap_or(i32::MAX);
        // Whoever may go over the system's limit does; others get up to it.
        if !self.set(libc::SO_RCVBUFFORCE, wanted) {
            self.set(libc::SO_RCVBUF, wanted);
        }
        let busy_poll = i32::try_from(busy_poll_us).unwrap_or(i32::MAX);
        let got = socket2::SockRef::from(&self.socket).recv_buffer_size();
        self.granted = Granted {
            receive_bytes: got.unwrap_or(0),
            has_timestamps: self.set(libc::SO_TIMESTAMPNS, 1),
            has_drop_count: self.set(libc::SO_RXQ_OVFL, 1),
            busy_polls: busy_poll > 0 && self.set(libc::SO_BUSY_POLL, busy_poll),
        };
    }

    fn set(&self, option: libc::c_int, value: libc::c_int) -> bool {
        // SAFETY: the option's value is a C int, which outlives the call.
        let done = unsafe {
            libc::setsockopt(
                self.socket.as_raw_fd(),
                libc::SOL_SOCKET,
                option,
                (&raw const value).cast(),
                size_of::<libc::c_int>() as u32,
            )
        };
        done == 0
    }

    /// What the system granted.
    pub(super) const fn granted(&self) -> Granted {
        self.granted
    }

    /// Its address on this machine.
    pub(super) fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Sends a request; whether the system took it.
    pub(super) fn send(&self, request: &[u8]) -> bool {
        self.socket.send(request).is_ok()
    }

    /// Packets that the kernel dropped because the buffer was full, as last heard.
    pub(super) const fn drops(&self) -> u64 {
        self.drops
    }

    /// Asks the kernel how many packets it dropped: also those after which nothing came.
    pub(super) fn count_drops(&mut self) {
        let mut words = [0_u32; MEMINFO_WORDS];
        let mut length = size_of_val(&words) as libc::socklen_t;
        // SAFETY: the kernel writes at most `length` bytes to `words`, which outlives the call.
        let done = unsafe {
            libc::getsockopt(
                self.socket.as_raw_fd(),
                libc::SOL_SOCKET,
                libc::SO_MEMINFO,
                words.as_mut_ptr().cast(),
                &raw mut length,
            )
        };
        if done == 0 && length as usize == size_of_val(&words) {
            self.note_drops(words[MEMINFO_DROPS]);
        }
    }

    /// The kernel's count has 32 bits and runs over.
    fn note_drops(&mut self, low: u32) {
        let more = low.wrapping_sub(self.drops as u32);
        // A count read earlier may come later: that one is not news.
        if more < 1 << 31 {
            self.drops += u64::from(more);
        }
    }

    /// Takes what came, at most a batch of it: how many packets. Nothing there, and any trouble of
    /// the moment, is none.
    #[inline]
    pub(super) fn receive(&mut self, batch: &mut Batch) -> usize {
        batch.count = 0;
        let socket = self.socket.as_raw_fd();
        let room = batch.headers.len() as u32;
        batch.prepare();
        let flags = libc::MSG_DONTWAIT;
        // SAFETY: the headers point into buffers that live as long as the batch, as `prepare` has it.
        let found = unsafe {
            libc::recvmmsg(socket, batch.headers.as_mut_ptr(), room, flags, std::ptr::null_mut())
        };
        batch.count = usize::try_from(found).unwrap_or(0);
        // Also the one that it was about to fill when there was no more.
        batch.used = batch.headers.len().min(batch.count + 1);
        if batch.count > 0
            && let Some(drops) = batch.drops()
        {
            self.note_drops(drops);
        }
        batch.count
    }
}

impl AsRawFd for LineSocket {
    fn as_raw_fd(&self) -> RawFd {
        self.socket.as_raw_fd()
    }
}

/// Room for the packets of one call.
pub(super) struct Batch {
    headers: Box<[libc::mmsghdr]>,
    parts: Box<[libc::iovec]>,
    control: Box<[[u64; CONTROL_WORDS]]>,
    bytes: Box<[u8]>,
    packet_bytes: usize,
    count: usize,
    /// Headers that the kernel has written over.
    used: usize,
}

// SAFETY: its pointers go only into its own boxes, which move with it without their content moving.
unsafe impl Send for Batch {}

impl Batch {
    /// Room for `packets` packets of `packet_bytes`.
    pub(super) fn new(packets: usize, packet_bytes: usize) -> Self {
        let packets = packets.clamp(1, BATCH_MAX);
        // SAFETY: headers and parts of zeros are ones without buffers.
        let (header, part) = unsafe { (zeroed::<libc::mmsghdr>(), zeroed::<libc::iovec>()) };
        let mut batch = Self {
            headers: vec![header; packets].into_boxed_slice(),
            parts: vec![part; packets].into_boxed_slice(),
            control: vec![[0; CONTROL_WORDS]; packets].into_boxed_slice(),
            bytes: vec![0; packets * packet_bytes].into_boxed_slice(),
            packet_bytes,
            count: 0,
            used: packets,
        };
        for (at, part) in batch.parts.iter_mut().enumerate() {
            part.iov_base = batch.bytes[at * packet_bytes..].as_mut_ptr().cast();
            part.iov_len = packet_bytes;
        }
        batch
    }

    /// Has each header that was used point to its buffers again: the kernel writes lengths over it.
    fn prepare(&mut self) {
        let places = self.parts.iter_mut().zip(&mut self.control);
        for (header, (part, control)) in self.headers[..self.used].iter_mut().zip(places) {
            header.msg_hdr.msg_iov = part;
            header.msg_hdr.msg_iovlen = 1;
            header.msg_hdr.msg_control = control.as_mut_ptr().cast();
            header.msg_hdr.msg_controllen = size_of_val(control);
        }
    }

    /// Packets that it holds.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// A packet; empty when it did not fit, so that nobody takes a part for the whole.
    #[inline]
    pub(super) fn packet(&self, at: usize) -> &[u8] {
        let header = &self.headers[at];
        let is_cut = header.msg_hdr.msg_flags & libc::MSG_TRUNC != 0;
        let length = if is_cut { 0 } else { header.msg_len as usize };
        &self.bytes[at * self.packet_bytes..][..length]
    }

    /// When the kernel had a packet; `None` when it does not say.
    #[inline]
    pub(super) fn ts_ns(&self, at: usize) -> Option<TsNs> {
        let stamp: libc::timespec = self.said(at, libc::SCM_TIMESTAMPNS)?;
        Some(stamp.tv_sec * SECOND_NS + stamp.tv_nsec)
    }

    /// Packets that the kernel had dropped when the last one was taken; `None` when it does not say.
    fn drops(&self) -> Option<u32> {
        self.said(self.count - 1, libc::SO_RXQ_OVFL)
    }

    /// What the kernel said of a packet under `name`. `Said` is plain data of the kernel's.
    fn said<Said: Copy>(&self, at: usize, name: libc::c_int) -> Option<Said> {
        let header = &self.headers[at].msg_hdr;
        // SAFETY: the kernel has filled the header and the control buffer that it points to; the
        // macros stay within the length it gave, and data of this name is a `Said`.
        unsafe {
            let mut found = libc::CMSG_FIRSTHDR(header);
            while let Some(one) = found.as_ref() {
                if one.cmsg_level == libc::SOL_SOCKET && one.cmsg_type == name {
                    return Some(libc::CMSG_DATA(found).cast::<Said>().read_unaligned());
                }
                found = libc::CMSG_NXTHDR(header, found);
            }
        }
        None
    }
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch").field("count", &self.count).finish_non_exhaustive()
    }
}
