// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Queues that are mostly empty.

use std::collections::VecDeque;

/// Takes the first. A queue that is empty by it begins again at its first place: one that wandered
/// round its ring would meet cold memory with each that it takes in.
#[inline]
pub fn take_first<T>(queue: &mut VecDeque<T>) -> Option<T> {
    let first = queue.pop_front();
    if queue.is_empty() {
        queue.clear();
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_queue_begins_again_where_it_began() {
        let mut queue = VecDeque::with_capacity(8);
        let place = |queue: &VecDeque<u64>| std::ptr::from_ref(&queue[0]);
        queue.push_back(0);
        let first = place(&queue);
        for number in 1..100 {
            queue.push_back(number);
            assert_eq!(take_first(&mut queue), Some(number - 1));
            assert_eq!(take_first(&mut queue), Some(number));
            assert_eq!(take_first(&mut queue), None);
            queue.push_back(number);
            assert_eq!(place(&queue), first);
        }
    }
}
