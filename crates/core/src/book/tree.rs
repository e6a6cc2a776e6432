// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Sorted maps from a signed key to a 32-bit number, many in one pool: the overflow of what has a
//! direct place. A treap: priorities come from a fixed seed, so its shape is the same in every replay.
//!
//! Source: Seidel and Aragon, "Randomized search trees", Algorithmica 16, 1996.

use super::slab::{NONE, Slab};
use crate::hash::mix;
use std::cmp::Ordering;

#[derive(Clone, Copy, Debug, Default)]
struct Node {
    key: i64,
    value: u32,
    left: u32,
    right: u32,
    priority: u32,
}

/// The pool. A map is named by its root, [`NONE`] when it is empty.
#[derive(Debug)]
pub(super) struct Trees {
    nodes: Slab<Node>,
    draws: u64,
}

impl Trees {
    pub(super) fn new(nodes_max: u32) -> Self {
        Self { nodes: Slab::new(nodes_max), draws: 0 }
    }

    /// Forgets all maps.
    pub(super) fn clear(&mut self) {
        self.nodes.clear();
        self.draws = 0;
    }

    /// Puts a key in that is not there yet. Gives the new root; `None` when the pool is full.
    pub(super) fn insert(&mut self, root: u32, key: i64, value: u32) -> Option<u32> {
        self.draws = self.draws.wrapping_add(1);
        let priority = mix(self.draws) as u32;
        let node = self.nodes.take(Node { key, value, left: NONE, right: NONE, priority })?;
        let (low, high) = self.split(root, key);
        let low = self.merge(low, node);
        Some(self.merge(low, high))
    }

    /// Takes a key out, if it is there. Gives the new root.
    pub(super) fn remove(&mut self, root: u32, key: i64) -> u32 {
        if root == NONE {
            return NONE;
        }
        let node = *self.nodes.at(root);
        match key.cmp(&node.key) {
            Ordering::Less => self.nodes.at_mut(root).left = self.remove(node.left, key),
            Ordering::Greater => self.nodes.at_mut(root).right = self.remove(node.right, key),
            Ordering::Equal => {
                self.nodes.give_back(root);
                return self.merge(node.left, node.right);
            }
        }
        root
    }

    /// The value at `key`.
    pub(super) fn get(&self, root: u32, key: i64) -> Option<u32> {
        let (found, value) = self.at_or_below(root, key)?;
        (found == key).then_some(value)
    }

    /// The greatest key at or below `key`, with its value.
    pub(super) fn at_or_below(&self, root: u32, key: i64) -> Option<(i64, u32)> {
        let mut found = None;
        let mut index = root;
        while index != NONE {
            let node = self.nodes.at(index);
            if node.key <= key {
                found = Some((node.key, node.value));
                index = node.right;
            } else {
                index = node.left;
            }
        }
        found
    }

    /// Cuts a map into keys below `key` and the rest.
    fn split(&mut self, root: u32, key: i64) -> (u32, u32) {
        if root == NONE {
            return (NONE, NONE);
        }
        let node = *self.nodes.at(root);
        if node.key < key {
            let (low, high) = self.split(node.right, key);
            self.nodes.at_mut(root).right = low;
            (root, high)
        } else {
            let (low, high) = self.split(node.left, key);
            self.nodes.at_mut(root).left = high;
            (low, root)
        }
    }

    /// Joins two maps, all keys of `low` below those of `high`.
    fn merge(&mut self, low: u32, high: u32) -> u32 {
        if low == NONE || high == NONE {
            return low | high;
        }
        let (low_node, high_node) = (*self.nodes.at(low), *self.nodes.at(high));
        if low_node.priority >= high_node.priority {
            let right = self.merge(low_node.right, high);
            self.nodes.at_mut(low).right = right;
            low
        } else {
            let left = self.merge(low, high_node.left);
            self.nodes.at_mut(high).left = left;
            high
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn equals_a_sorted_map() {
        let (mut trees, mut root, mut model) = (Trees::new(300), NONE, BTreeMap::new());
        for step in 0..20_000_u64 {
            let key = (mix(step) % 500).cast_signed() - 250;
            if mix(step ^ 0x77).is_multiple_of(2) && !model.contains_key(&key) && model.len() < 300
            {
                root = trees.insert(root, key, step as u32).unwrap();
                model.insert(key, step as u32);
            } else {
                root = trees.remove(root, key);
                model.remove(&key);
            }
            let probe = (mix(step ^ 0x99) % 520).cast_signed() - 260;
            let below = model.range(..=probe).next_back().map(|(&key, &value)| (key, value));
            assert_eq!(trees.at_or_below(root, probe), below);
            assert_eq!(trees.get(root, probe), model.get(&probe).copied());
        }
    }

    #[test]
    fn rising_keys_do_not_make_a_list() {
        let (mut trees, mut root) = (Trees::new(100_000), NONE);
        for key in 0..100_000 {
            root = trees.insert(root, key, 1).unwrap();
        }
        let depth = |trees: &Trees, key: i64| {
            let (mut index, mut depth) = (root, 0);
            while index != NONE {
                let node = trees.nodes.at(index);
                index = if key < node.key { node.left } else { node.right };
                depth += 1;
            }
            depth
        };
        assert!((0..100_000).all(|key| depth(&trees, key) < 60));
        assert_eq!(trees.insert(root, -1, 1), None);
    }
}
