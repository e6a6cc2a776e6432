// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The clock of leases: steady, and going on while the machine is suspended.

/// Nanoseconds since the machine started. Never steps; means nothing on another machine.
#[inline]
#[must_use]
pub fn steady_ns() -> i64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` outlives the call, and the clock exists on every Linux since 2.6.39.
    let _cannot_fail = unsafe { libc::clock_gettime(libc::CLOCK_BOOTTIME, &raw mut time) };
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

#[cfg(test)]
mod tests {
    use super::steady_ns;

    #[test]
    fn it_goes_forward() {
        let before = steady_ns();
        std::thread::sleep(std::time::Duration::from_millis(2));
        let passed = steady_ns() - before;
        assert!((2_000_000..5_000_000_000).contains(&passed), "{passed}");
    }
}
