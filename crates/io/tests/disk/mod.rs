// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A small filesystem of its own, that can be full. Takes root.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::ffi::CString;
use std::path::Path;

/// A tmpfs of some bytes at a path.
pub(crate) struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    /// `None`, and a line that says so, when this process may not mount.
    ///
    /// # Panics
    /// If `ONETAPE_SKIP_NOTHING` is set, as `.ci/run` does: there a test that was not run has failed.
    pub(crate) fn mount(path: &'a Path, bytes: usize) -> Option<Self> {
        std::fs::create_dir_all(path).unwrap();
        let target = c_path(path);
        let size = CString::new(format!("size={bytes}")).unwrap();
        // SAFETY: all pointers are to strings that outlive the call.
        let done = unsafe {
            libc::mount(
                c"tmpfs".as_ptr(),
                target.as_ptr(),
                c"tmpfs".as_ptr(),
                0,
                size.as_ptr().cast(),
            )
        };
        if done != 0 {
            let error = std::io::Error::last_os_error();
            let said = format!("mounting a small filesystem takes root: {error}");
            assert!(std::env::var_os("ONETAPE_SKIP_NOTHING").is_none(), "{said}");
            eprintln!("SKIPPED: {said}");
        }
        (done == 0).then_some(Self(path))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let target = c_path(self.0);
        // SAFETY: the pointer is to a string that outlives the call.
        unsafe { libc::umount2(target.as_ptr(), libc::MNT_DETACH) };
    }
}

fn c_path(path: &Path) -> CString {
    CString::new(path.to_str().unwrap()).unwrap()
}
