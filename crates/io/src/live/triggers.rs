// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What kills the firm without an operator's command: a file, a signal, an operator's side that gives no
//! sign of life any more, and the guardian's word that it has acted.
//!
//! Each is looked at from the engine's own loop, so that it works whatever else is dead. What kills is
//! the change: a file that stays, or a silence that lasts, kills once.

use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use onetape_core::events::{RiskScope, TradingState};
use onetape_core::types::MILLISECOND_NS;

use super::engine::Engine;
use super::operate::Setting;
use crate::exchange::ServerError;

/// A signal asked for a kill.
static KILL_ASKED: AtomicBool = AtomicBool::new(false);

extern "C" fn on_signal(_number: libc::c_int) {
    KILL_ASKED.store(true, Ordering::Relaxed);
}

/// Has SIGUSR2 kill the firm.
pub(super) fn hear_signal() -> io::Result<()> {
    let handler = on_signal as extern "C" fn(libc::c_int);
    // SAFETY: a zeroed sigaction is one without flags and with an empty mask; the handler stores one
    // atomic, which is safe in a signal handler.
    let done = unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as usize;
        action.sa_flags = libc::SA_RESTART;
        libc::sigaction(libc::SIGUSR2, &raw const action, std::ptr::null_mut())
    };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// What an operator chose of this.
#[derive(Clone, Debug, Default)]
pub struct TriggerConfig {
    /// While this file is there, nothing trades.
    pub kill_file: Option<PathBuf>,
    /// The guardian leaves this file when it has acted.
    pub guardian_file: Option<PathBuf>,
    /// Longest silence of the operator's side, in nanoseconds; 0: it is not waited for.
    pub operator_silence_ns_max: i64,
}

/// A file that somebody may make.
#[derive(Debug)]
struct Flag {
    path: CString,
    was_there: bool,
}

impl Flag {
    fn new(path: &Path) -> Option<Self> {
        let path = CString::new(path.as_os_str().as_bytes()).ok()?;
        Some(Self { path, was_there: false })
    }

    fn is_there(&self) -> bool {
        // SAFETY: the path is a text that ends with a zero byte.
        unsafe { libc::access(self.path.as_ptr(), libc::F_OK) == 0 }
    }

    /// Whether it came since the last look.
    fn came(&mut self) -> bool {
        let is_there = self.is_there();
        let was_there = std::mem::replace(&mut self.was_there, is_there);
        self.was_there && !was_there
    }
}

/// What is looked at, and how it was.
#[derive(Debug)]
pub(super) struct Triggers {
    kill_file: Option<Flag>,
    guardian_file: Option<Flag>,
    silence_ns_max: i64,
    /// Monotonic time of the operator's last sign of life.
    watched_ns: i64,
    is_silent: bool,
}

impl Triggers {
    pub(super) fn new(config: &TriggerConfig, now_ns: i64) -> Self {
        Self {
            kill_file: config.kill_file.as_deref().and_then(Flag::new),
            guardian_file: config.guardian_file.as_deref().and_then(Flag::new),
            silence_ns_max: config.operator_silence_ns_max,
            watched_ns: now_ns,
            is_silent: false,
        }
    }

    /// The operator's side is there.
    pub(super) fn watched(&mut self, now_ns: i64) {
        (self.watched_ns, self.is_silent) = (now_ns, false);
    }

    /// Why nothing may be resumed now.
    pub(super) fn bar(&self) -> Option<String> {
        let flag = self.kill_file.as_ref().filter(|flag| flag.is_there())?;
        let path = flag.path.to_string_lossy();
        Some(format!("the kill file {path} is there: remove it, then resume"))
    }

    /// A person resumes: what the guardian left is taken away, and the silence begins anew.
    pub(super) fn resumed(&mut self, now_ns: i64) {
        self.watched(now_ns);
        if let Some(flag) = &mut self.guardian_file {
            // SAFETY: the path is a text that ends with a zero byte.
            let _if_there = unsafe { libc::unlink(flag.path.as_ptr()) };
            flag.was_there = false;
        }
    }

    /// Why the firm is to be killed now.
    fn why(&mut self, now_ns: i64) -> Option<String> {
        if self.kill_file.as_mut().is_some_and(Flag::came) {
            return Some("the kill file is there".to_owned());
        }
        if self.guardian_file.as_mut().is_some_and(Flag::came) {
            return Some(
                "the guardian has cancelled everything: the engine had stalled".to_owned(),
            );
        }
        let silence_ns = now_ns - self.watched_ns;
        if self.silence_ns_max != 0 && !self.is_silent && silence_ns > self.silence_ns_max {
            self.is_silent = true;
            let ms = silence_ns / MILLISECOND_NS;
            return Some(format!("the operator's side gave no sign of life for {ms} ms"));
        }
        None
    }
}

impl Engine {
    /// A signal may have come: looked at in every turn.
    #[inline]
    pub(super) fn look_at_signal(&mut self) -> Result<(), ServerError> {
        if KILL_ASKED.load(Ordering::Relaxed) && KILL_ASKED.swap(false, Ordering::Relaxed) {
            return self.kill_firm("signal", "SIGUSR2 came", true);
        }
        Ok(())
    }

    /// Everything else that kills: looked at in every tick.
    pub(super) fn look_at_triggers(&mut self) -> Result<(), ServerError> {
        match self.triggers.why(self.path.now_ns) {
            Some(why) => self.kill_firm("node", &why, false),
            None => Ok(()),
        }
    }

    #[cold]
    fn kill_firm(&mut self, who: &str, why: &str, is_manual: bool) -> Result<(), ServerError> {
        let (scope, state) = (RiskScope::Firm, TradingState::Halted);
        self.set_state(&Setting { who, scope, id: 0, state, why, is_manual })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_kills_when_it_comes_and_bars_while_it_stays() {
        let path = std::env::temp_dir().join(format!("onetape-flag-{}", std::process::id()));
        let config = TriggerConfig { kill_file: Some(path.clone()), ..TriggerConfig::default() };
        let mut triggers = Triggers::new(&config, 0);
        assert_eq!((triggers.why(1), triggers.bar()), (None, None));
        std::fs::write(&path, "").unwrap();
        assert!(triggers.why(2).unwrap().contains("kill file"));
        assert_eq!(triggers.why(3), None);
        assert!(triggers.bar().unwrap().contains("remove it"));
        std::fs::remove_file(&path).unwrap();
        assert_eq!((triggers.why(4), triggers.bar()), (None, None));
        std::fs::write(&path, "").unwrap();
        assert!(triggers.why(5).is_some(), "it came again");
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_silence_kills_once_until_somebody_is_there_again() {
        let config = TriggerConfig { operator_silence_ns_max: 100, ..TriggerConfig::default() };
        let mut triggers = Triggers::new(&config, 1_000);
        assert_eq!(triggers.why(1_100), None);
        assert!(triggers.why(1_101).is_some());
        assert_eq!(triggers.why(9_000), None);
        triggers.watched(10_000);
        assert_eq!(triggers.why(10_100), None);
        assert!(triggers.why(10_101).is_some());
        let mut never = Triggers::new(&TriggerConfig::default(), 0);
        assert_eq!(never.why(i64::MAX), None);
    }

    #[test]
    fn a_resume_takes_away_what_the_guardian_left() {
        let path = std::env::temp_dir().join(format!("onetape-acted-{}", std::process::id()));
        let file = Some(path.clone());
        let config = TriggerConfig { guardian_file: file, ..TriggerConfig::default() };
        let mut triggers = Triggers::new(&config, 0);
        std::fs::write(&path, "").unwrap();
        assert!(triggers.why(1).unwrap().contains("guardian"));
        assert_eq!(triggers.bar(), None);
        triggers.resumed(2);
        assert!(!path.exists());
        std::fs::write(&path, "").unwrap();
        assert!(triggers.why(3).is_some(), "it acted again");
        std::fs::remove_file(path).unwrap();
    }
}
