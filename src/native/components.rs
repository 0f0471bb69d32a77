//! Connected components: who hangs together with whom, over any number of links.
//!
//! Method: union–find with path halving (R. E. Tarjan and J. van Leeuwen, *Worst-Case Analysis of Set Union
//! Algorithms*, Journal of the ACM 31, 1984). The smaller node becomes the root, so that a group is named by its
//! smallest member whatever the order of the links.

/// Every node that a link names, once and in ascending order, with the smallest node of its component. A link of a node
/// with itself makes it a component of one. Nodes are whatever has an order: numbers, text.
pub fn connected_components<N: Ord + Copy>(links: &[(N, N)]) -> Vec<(N, N)> {
    let mut nodes: Vec<N> = links.iter().flat_map(|(a, b)| [*a, *b]).collect();
    nodes.sort_unstable();
    nodes.dedup();
    let mut forest = Forest::new(nodes.len());
    for (left, right) in links {
        if let (Ok(left), Ok(right)) = (nodes.binary_search(left), nodes.binary_search(right)) {
            forest.unite(left, right);
        }
    }
    let group = |(at, node): (usize, &N)| {
        let root = forest.root(at);
        (*node, nodes.get(root).copied().unwrap_or(*node))
    };
    nodes.iter().enumerate().map(group).collect()
}

/// Trees over the positions 0 to n − 1; no parent is larger than its child.
struct Forest {
    parents: Vec<usize>,
}

impl Forest {
    fn new(size: usize) -> Self {
        Self {
            parents: (0..size).collect(),
        }
    }

    fn parent(&self, at: usize) -> usize {
        self.parents.get(at).copied().unwrap_or(at)
    }

    fn set_parent(&mut self, at: usize, parent: usize) {
        if let Some(slot) = self.parents.get_mut(at) {
            *slot = parent;
        }
    }

    /// The root of a position; every position on the way is hung one step higher.
    fn root(&mut self, mut at: usize) -> usize {
        loop {
            let parent = self.parent(at);
            if parent == at {
                return at;
            }
            let above = self.parent(parent);
            self.set_parent(at, above);
            at = above;
        }
    }

    fn unite(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        self.set_parent(left.max(right), left.min(right));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet, VecDeque};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_nodes_are_grouped_under_the_smallest() {
        let links = [("e", "d"), ("b", "c"), ("f", "f"), ("a", "c")];
        let expected = [
            ("a", "a"),
            ("b", "a"),
            ("c", "a"),
            ("d", "d"),
            ("e", "d"),
            ("f", "f"),
        ];
        assert_eq!(connected_components(&links), expected);
        assert!(connected_components::<i64>(&[]).is_empty());
    }

    #[test]
    fn a_long_chain_is_one_group() {
        let links: Vec<(u32, u32)> = (0..200_000).rev().map(|at| (at, at + 1)).collect();
        let found = connected_components(&links);
        assert_eq!(found.len(), 200_001);
        assert!(found.iter().all(|(_, group)| *group == 0));
    }

    /// The same by breadth-first search.
    fn searched(links: &[(i64, i64)]) -> Vec<(i64, i64)> {
        let mut neighbours: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (left, right) in links {
            neighbours.entry(*left).or_default().push(*right);
            neighbours.entry(*right).or_default().push(*left);
        }
        let component = |start: i64| {
            let mut seen = BTreeSet::from([start]);
            let mut queue = VecDeque::from([start]);
            while let Some(node) = queue.pop_front() {
                queue.extend(neighbours[&node].iter().filter(|next| seen.insert(**next)));
            }
            seen
        };
        let smallest = |node: &i64| (*node, *component(*node).first().unwrap());
        neighbours.keys().map(smallest).collect()
    }

    proptest! {
        #[test]
        fn groups_are_those_of_a_breadth_first_search(links in prop::collection::vec((-30i64..30, -30i64..30), 0..60)) {
            let found = connected_components(&links);
            prop_assert_eq!(&found, &searched(&links));
            let mut turned: Vec<(i64, i64)> = links.iter().map(|(left, right)| (*right, *left)).collect();
            turned.reverse();
            prop_assert_eq!(found, connected_components(&turned));
        }
    }
}
