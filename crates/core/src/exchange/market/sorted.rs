// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A sorted set of keys of three words, with room for a fixed number: many lists in one, each under a
//! first word of its own.
//!
//! Balanced by levels, so that no choice of keys makes it deep.
//! Source: Andersson, "Balanced search trees made simple", WADS 1993.

/// A key: which list, by what it is sorted, and the order's id.
pub(super) type Key = [u64; 3];

const NONE: u32 = 0;

#[derive(Clone, Copy, Debug, Default)]
struct Node {
    key: Key,
    left: u32,
    right: u32,
    level: u32,
}

/// The set.
#[derive(Debug)]
pub(super) struct Sorted {
    /// The first is nobody: level 0, its own child.
    nodes: Vec<Node>,
    root: u32,
    /// Nodes that are free, linked by `left`.
    free: u32,
    len: u32,
}

impl Sorted {
    pub(super) fn new(keys_max: u32) -> Self {
        let mut nodes = Vec::with_capacity(keys_max as usize + 1);
        nodes.push(Node::default());
        Self { nodes, root: NONE, free: NONE, len: 0 }
    }

    pub(super) fn clear(&mut self) {
        self.nodes.truncate(1);
        (self.root, self.free, self.len) = (NONE, NONE, 0);
    }

    /// Puts a key in that is not there. The owner sees to it that there is room.
    pub(super) fn insert(&mut self, key: Key) {
        let node = Node { key, left: NONE, right: NONE, level: 1 };
        let index = self.free;
        let index = if index == NONE {
            assert!(self.nodes.len() < self.nodes.capacity(), "the owner keeps to the limit");
            self.nodes.push(node);
            self.nodes.len() as u32 - 1
        } else {
            self.free = self.nodes[index as usize].left;
            self.nodes[index as usize] = node;
            index
        };
        self.len += 1;
        self.root = self.insert_under(self.root, index);
    }

    /// Takes a key out; false when it was not there.
    pub(super) fn remove(&mut self, key: Key) -> bool {
        let before = self.len;
        self.root = self.remove_under(self.root, key);
        before != self.len
    }

    /// The lowest key that is not below this one.
    pub(super) fn first_from(&self, key: Key) -> Option<Key> {
        let (mut at, mut found) = (self.root, None);
        while at != NONE {
            let node = &self.nodes[at as usize];
            if node.key >= key {
                found = Some(node.key);
                at = node.left;
            } else {
                at = node.right;
            }
        }
        found
    }

    /// The lowest key of a list that is not below these words.
    pub(super) fn next_in(&self, list: u64, from: [u64; 2]) -> Option<Key> {
        self.first_from([list, from[0], from[1]]).filter(|key| key[0] == list)
    }

    fn insert_under(&mut self, at: u32, index: u32) -> u32 {
        if at == NONE {
            return index;
        }
        if self.nodes[index as usize].key < self.nodes[at as usize].key {
            let left = self.insert_under(self.nodes[at as usize].left, index);
            self.nodes[at as usize].left = left;
        } else {
            let right = self.insert_under(self.nodes[at as usize].right, index);
            self.nodes[at as usize].right = right;
        }
        let at = self.skew(at);
        self.split(at)
    }

    fn remove_under(&mut self, at: u32, key: Key) -> u32 {
        if at == NONE {
            return NONE;
        }
        let node = self.nodes[at as usize];
        if key < node.key {
            self.nodes[at as usize].left = self.remove_under(node.left, key);
        } else if key > node.key {
            self.nodes[at as usize].right = self.remove_under(node.right, key);
        } else if node.left == NONE && node.right == NONE {
            self.nodes[at as usize].left = self.free;
            self.free = at;
            self.len -= 1;
            return NONE;
        } else if node.left == NONE {
            let next = self.end(node.right, |each| each.left);
            self.nodes[at as usize].right = self.remove_under(node.right, next);
            self.nodes[at as usize].key = next;
        } else {
            let previous = self.end(node.left, |each| each.right);
            self.nodes[at as usize].left = self.remove_under(node.left, previous);
            self.nodes[at as usize].key = previous;
        }
        self.rebalance(at)
    }

    /// The key at one end of a branch.
    fn end(&self, mut at: u32, next: impl Fn(&Node) -> u32) -> Key {
        loop {
            let node = &self.nodes[at as usize];
            match next(node) {
                NONE => return node.key,
                further => at = further,
            }
        }
    }

    fn rebalance(&mut self, at: u32) -> u32 {
        let node = self.nodes[at as usize];
        let level_of = |each: u32| self.nodes[each as usize].level;
        let level = level_of(node.left).min(level_of(node.right)) + 1;
        if level < node.level {
            self.nodes[at as usize].level = level;
            if node.right != NONE && level < self.nodes[node.right as usize].level {
                self.nodes[node.right as usize].level = level;
            }
        }
        let at = self.skew(at);
        let right = self.skew(self.nodes[at as usize].right);
        self.nodes[at as usize].right = right;
        if right != NONE {
            let further = self.skew(self.nodes[right as usize].right);
            self.nodes[right as usize].right = further;
        }
        let at = self.split(at);
        let right = self.split(self.nodes[at as usize].right);
        self.nodes[at as usize].right = right;
        at
    }

    /// Takes a left child of the same level up.
    fn skew(&mut self, at: u32) -> u32 {
        let left = self.nodes[at as usize].left;
        if at == NONE || left == NONE {
            return at;
        }
        if self.nodes[left as usize].level != self.nodes[at as usize].level {
            return at;
        }
        self.nodes[at as usize].left = self.nodes[left as usize].right;
        self.nodes[left as usize].right = at;
        left
    }

    /// Takes the middle of three of the same level up.
    fn split(&mut self, at: u32) -> u32 {
        let right = self.nodes[at as usize].right;
        if at == NONE || right == NONE {
            return at;
        }
        let further = self.nodes[right as usize].right;
        if further == NONE || self.nodes[further as usize].level != self.nodes[at as usize].level {
            return at;
        }
        self.nodes[at as usize].right = self.nodes[right as usize].left;
        self.nodes[right as usize].left = at;
        self.nodes[right as usize].level += 1;
        right
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::mix;
    use std::collections::BTreeSet;

    #[test]
    fn it_is_a_sorted_set() {
        let mut ours = Sorted::new(300);
        let mut plain = BTreeSet::new();
        for step in 0..20_000_u64 {
            let key = [mix(step) % 3, mix(step + 7) % 10, mix(step + 99) % 10];
            if plain.contains(&key) {
                assert!(ours.remove(key) && plain.remove(&key));
            } else {
                assert!(!ours.remove(key));
                ours.insert(key);
                plain.insert(key);
            }
            assert_eq!(ours.len as usize, plain.len());
            let from = [mix(step + 5) % 3, mix(step + 6) % 11, 5];
            assert_eq!(ours.first_from(from), plain.range(from..).next().copied());
        }
    }

    #[test]
    fn keys_in_order_do_not_make_it_deep() {
        let mut ours = Sorted::new(100_000);
        (0..100_000).for_each(|id| ours.insert([1, 0, id]));
        assert!(ours.nodes[ours.root as usize].level <= 17);
        assert_eq!(ours.next_in(1, [0, 77]), Some([1, 0, 77]));
        assert_eq!(ours.next_in(2, [0, 0]), None);
        (0..100_000).rev().for_each(|id| assert!(ours.remove([1, 0, id])));
        assert_eq!((ours.root, ours.len), (NONE, 0));
    }
}
