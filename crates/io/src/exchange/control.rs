// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The operators' socket: on this machine only, for who can read the token.
//!
//! Each frame, both ways, is a 4-byte big-endian length and a JSON object. The first one says
//! `{"token": …, "user": …}`; then requests, `{"do": "halt", "instrument": 7}`, each answered by
//! `{"ok": true, …}` or `{"ok": false, "error": …}`.

mod command;
mod token;

use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::{Value, json};

use super::config::ControlConfig;
use super::error::ServerError;
use super::poll::Waker;
use super::server::refusal;
pub use command::phase_named;
pub(crate) use command::{Command, Fields, phase_name};
use token::Token;

/// Longest frame.
const FRAME_BYTES_MAX: usize = 64 << 10;
/// How often a thread looks whether it is to end.
const LOOK: Duration = Duration::from_millis(50);
/// Longest that an answer of the engine is waited for.
const ANSWER_TIME: Duration = Duration::from_secs(10);
/// Longest name of a user.
const USER_BYTES_MAX: usize = 64;

/// What an operator wants of the engine.
#[derive(Debug)]
pub(crate) struct Request<C = Command> {
    pub(crate) user: String,
    pub(crate) command: C,
    pub(crate) reply: SyncSender<Value>,
}

/// Reads a request, or says what is wrong with it.
pub(crate) type Reading<C> = fn(&[u8]) -> Result<C, String>;

/// The socket and its thread.
#[derive(Debug)]
pub(crate) struct Control {
    path: PathBuf,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// What each operator's thread has.
struct Desk<C> {
    token: Arc<Token>,
    read: Reading<C>,
    requests: SyncSender<Request<C>>,
    waker: Arc<Waker>,
    stop: Arc<AtomicBool>,
    clients: Arc<AtomicUsize>,
}

impl<C> Clone for Desk<C> {
    fn clone(&self) -> Self {
        Self {
            token: Arc::clone(&self.token),
            read: self.read,
            requests: self.requests.clone(),
            waker: Arc::clone(&self.waker),
            stop: Arc::clone(&self.stop),
            clients: Arc::clone(&self.clients),
        }
    }
}

impl Control {
    /// Makes the token if need be, and opens the socket.
    pub(crate) fn start<C: Send + 'static>(
        config: &ControlConfig,
        requests: SyncSender<Request<C>>,
        waker: Arc<Waker>,
        read: Reading<C>,
    ) -> Result<Self, ServerError> {
        let token = Arc::new(Token::at(&config.token_path)?);
        let path = config.path.clone();
        let listener = bind(&path).map_err(|err| ServerError::io(&path, "listen on", err))?;
        let stop = Arc::new(AtomicBool::new(false));
        let clients = Arc::new(AtomicUsize::new(0));
        let desk = Desk { token, read, requests, waker, stop: Arc::clone(&stop), clients };
        let clients_max = config.clients_max;
        let thread = thread::Builder::new()
            .name("operators".to_owned())
            .spawn(move || welcome(&listener, &desk, clients_max))
            .map_err(|err| ServerError::io(&path, "start a thread for", err))?;
        Ok(Self { path, stop, thread: Some(thread) })
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _nothing_to_do_about_a_panic = thread.join();
        }
        let _no_harm_if_it_stays = std::fs::remove_file(&self.path);
    }
}

/// Listens at `path`; what a dead exchange left there is removed.
fn bind(path: &Path) -> io::Result<UnixListener> {
    if path.exists() {
        match UnixStream::connect(path) {
            Ok(_) => return Err(ErrorKind::AddrInUse.into()),
            Err(_) => std::fs::remove_file(path)?,
        }
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn welcome<C: Send + 'static>(listener: &UnixListener, desk: &Desk<C>, clients_max: usize) {
    while !desk.stop.load(Ordering::SeqCst) {
        let Ok((socket, _)) = listener.accept() else {
            thread::sleep(LOOK);
            continue;
        };
        if desk.clients.fetch_add(1, Ordering::SeqCst) >= clients_max {
            desk.clients.fetch_sub(1, Ordering::SeqCst);
            continue;
        }
        let theirs = desk.clone();
        let serve = move || {
            let _the_socket_is_gone_then = converse(socket, &theirs);
            theirs.clients.fetch_sub(1, Ordering::SeqCst);
        };
        if thread::Builder::new().name("operator".to_owned()).spawn(serve).is_err() {
            desk.clients.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

/// Serves one operator until one of the two goes.
fn converse<C>(mut socket: UnixStream, desk: &Desk<C>) -> io::Result<()> {
    socket.set_nonblocking(false)?;
    socket.set_read_timeout(Some(LOOK))?;
    socket.set_write_timeout(Some(ANSWER_TIME))?;
    let Some(hello) = read_frame(&mut socket, &desk.stop)? else { return Ok(()) };
    let user = match introduce(&hello, &desk.token) {
        Ok(user) => user,
        Err(why) => return write_frame(&mut socket, &refusal(why)),
    };
    write_frame(&mut socket, &json!({"ok": true}))?;
    while let Some(frame) = read_frame(&mut socket, &desk.stop)? {
        let answer = match (desk.read)(&frame) {
            Ok(command) => ask(desk, user.clone(), command),
            Err(why) => refusal(&why),
        };
        write_frame(&mut socket, &answer)?;
    }
    Ok(())
}

/// The user's name, if the token is right.
fn introduce(hello: &[u8], token: &Token) -> Result<String, &'static str> {
    let wrong = "expected {\"token\": …, \"user\": …} with the right token";
    let hello: Value = serde_json::from_slice(hello).map_err(|_| wrong)?;
    let said = hello.get("token").and_then(Value::as_str).ok_or(wrong)?;
    if !token.is(said) {
        return Err(wrong);
    }
    match hello.get("user").and_then(Value::as_str) {
        Some(user) if !user.is_empty() && user.len() <= USER_BYTES_MAX => Ok(user.to_owned()),
        _ => Err("expected a user's name of 1 to 64 bytes"),
    }
}

/// Has the engine do it, and waits for its answer.
fn ask<C>(desk: &Desk<C>, user: String, command: C) -> Value {
    let (reply, answer) = sync_channel(1);
    if desk.requests.try_send(Request { user, command, reply }).is_err() {
        return refusal("it has stopped, or too many requests wait");
    }
    desk.waker.wake();
    answer.recv_timeout(ANSWER_TIME).unwrap_or_else(|_| {
        // It waits for the engine, which may still do it.
        json!({"ok": false, "may_be_done": true, "error": "the engine has not answered in 10 s"})
    })
}

/// A frame; `None` at the end.
fn read_frame(socket: &mut UnixStream, stop: &AtomicBool) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    if !read_exact(socket, &mut length, stop)? {
        return Ok(None);
    }
    let length = u32::from_be_bytes(length) as usize;
    if length > FRAME_BYTES_MAX {
        let why = format!("expected a frame of at most {FRAME_BYTES_MAX} bytes, found {length}");
        write_frame(socket, &refusal(&why))?;
        return Ok(None);
    }
    let mut frame = vec![0; length];
    Ok(read_exact(socket, &mut frame, stop)?.then_some(frame))
}

/// Fills `bytes`; whether they came before the end.
fn read_exact(socket: &mut UnixStream, bytes: &mut [u8], stop: &AtomicBool) -> io::Result<bool> {
    let mut filled = 0;
    while filled < bytes.len() {
        match socket.read(&mut bytes[filled..]) {
            Ok(0) => return Ok(false),
            Ok(count) => filled += count,
            Err(err) => match err.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => {}
                _ => return Err(err),
            },
        }
        if stop.load(Ordering::SeqCst) && filled == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn write_frame(socket: &mut UnixStream, value: &Value) -> io::Result<()> {
    let text = value.to_string();
    let mut frame = (text.len() as u32).to_be_bytes().to_vec();
    frame.extend_from_slice(text.as_bytes());
    socket.write_all(&frame)
}
