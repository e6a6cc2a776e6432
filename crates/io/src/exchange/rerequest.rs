// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Lost packets are asked for here: a thread of its own answers from the public stream.

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use onetape_core::wire::mold::{Header, PAYLOAD_BYTES_MAX, PacketBuilder};

use super::error::ServerError;
use super::streams::Board;

/// How often the thread looks whether it is to end.
const LOOK: Duration = Duration::from_millis(50);

/// The server of re-requests.
#[derive(Debug)]
pub struct Rerequest {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Rerequest {
    /// Answers at `address` for the day that `board` shows.
    ///
    /// # Errors
    /// [`ServerError::Socket`] when the address cannot be had.
    pub fn start(address: SocketAddr, board: Board) -> Result<Self, ServerError> {
        let failed =
            |source| ServerError::Socket { doing: "answer re-requests on", address, source };
        let socket = UdpSocket::bind(address).map_err(failed)?;
        socket.set_read_timeout(Some(LOOK)).map_err(failed)?;
        let bound = socket.local_addr().map_err(failed)?;
        let stop = Arc::new(AtomicBool::new(false));
        let theirs = Arc::clone(&stop);
        let thread = thread::Builder::new()
            .name("re-requests".to_owned())
            .spawn(move || serve(&socket, &board, &theirs))
            .map_err(failed)?;
        Ok(Self { address: bound, stop, thread: Some(thread) })
    }

    /// Where it answers.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Rerequest {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _nothing_to_do_about_a_panic = thread.join();
        }
    }
}

fn serve(socket: &UdpSocket, board: &Board, stop: &AtomicBool) {
    let mut bytes = [0; PAYLOAD_BYTES_MAX];
    while !stop.load(Ordering::Relaxed) {
        let Ok((length, from)) = socket.recv_from(&mut bytes) else { continue };
        if let Some(packet) = answer(&bytes[..length], board) {
            // Lost like any datagram: who asked asks again.
            let _asked_again_if_lost = socket.send_to(&packet, from);
        }
    }
}

/// The packet for a request; none for what is no request, or asks for what there is not.
fn answer(request: &[u8], board: &Board) -> Option<Vec<u8>> {
    let wanted = Header::decode_request(request).ok()?;
    let today = board.today()?;
    if wanted.session != today.session || wanted.count == 0 {
        return None;
    }
    let mut packets = PacketBuilder::new(today.session, wanted.sequence, PAYLOAD_BYTES_MAX);
    for number in (wanted.sequence..).take(usize::from(wanted.count)) {
        let Some(message) = today.itch.message(number) else { break };
        if packets.push(message).is_err() {
            break;
        }
    }
    (packets.messages_count() > 0).then(|| packets.packet().to_vec())
}
