//! The graphs, and how they are built.
//!
//! A node has three edges. Everything is reachable from the first node, and in the end only that one is held:
//!
//! | shape | edges of a node |
//! |---|---|
//! | tree | its two children and its parent |
//! | leaves | the same, but children are made before their parents |
//! | ring, chain | the next node; in the ring the last one's next is the first |
//! | random | the next node in a random order of all, and two nodes at random |

/// Edges of a node.
pub const EDGES: usize = 3;

/// How nodes refer to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Tree,
    Leaves,
    Ring,
    Chain,
    Random,
}

impl Shape {
    pub fn name(self) -> &'static str {
        match self {
            Shape::Tree => "tree",
            Shape::Leaves => "tree from its leaves",
            Shape::Ring => "ring",
            Shape::Chain => "chain",
            Shape::Random => "random",
        }
    }
}

/// A graph to be built.
pub struct Graph {
    pub shape: Shape,
    pub nodes: usize,
    /// Where the edges of a random graph lead.
    targets: Vec<[u32; EDGES]>,
}

impl Graph {
    pub fn new(shape: Shape, nodes: usize) -> Graph {
        let targets = match shape {
            Shape::Random => random_targets(nodes),
            _ => Vec::new(),
        };
        Graph {
            shape,
            nodes,
            targets,
        }
    }
}

fn random_targets(nodes: usize) -> Vec<[u32; EDGES]> {
    let mut numbers = Numbers(7);
    let mut order: Vec<u32> = (0..nodes as u32).collect();
    for index in (1..nodes).rev() {
        order.swap(index, numbers.below(index + 1));
    }
    let mut targets = vec![[0; EDGES]; nodes];
    for (index, node) in order.iter().enumerate() {
        let next = order[(index + 1) % nodes];
        let other = [numbers.below(nodes) as u32, numbers.below(nodes) as u32];
        targets[*node as usize] = [next, other[0], other[1]];
    }
    targets
}

/// Reproducible numbers (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// How a heap makes nodes and links them.
pub trait Nodes {
    /// A counted reference, or what the heap has instead.
    type Handle: Clone;

    /// A node without edges.
    fn make(&self) -> Self::Handle;
    /// Lets an edge, empty so far, lead to a node.
    fn link(&self, from: &Self::Handle, edge: usize, to: &Self::Handle);
}

/// Builds a graph and returns the first node.
#[inline(always)]
pub fn build<N: Nodes>(nodes: &N, graph: &Graph) -> N::Handle {
    let first = nodes.make();
    match graph.shape {
        Shape::Ring | Shape::Chain => {
            let mut last = first.clone();
            for _ in 1..graph.nodes {
                let next = nodes.make();
                nodes.link(&last, 0, &next);
                last = next;
            }
            if graph.shape == Shape::Ring {
                nodes.link(&last, 0, &first);
            }
        }
        Shape::Tree => {
            let mut all = Vec::with_capacity(graph.nodes);
            all.push(first.clone());
            for index in 1..graph.nodes {
                let child = nodes.make();
                let parent = &all[(index - 1) / 2];
                nodes.link(parent, (index - 1) % 2, &child);
                nodes.link(&child, 2, parent);
                all.push(child);
            }
        }
        Shape::Leaves => {
            // The first node is the root's last descendant, and each handle but the root's goes.
            let mut all: Vec<N::Handle> = Vec::with_capacity(graph.nodes);
            all.push(first);
            all.extend((1..graph.nodes).map(|_| nodes.make()));
            all.reverse();
            for index in 1..graph.nodes {
                let (parent, child) = (&all[(index - 1) / 2], &all[index]);
                nodes.link(parent, (index - 1) % 2, child);
                nodes.link(child, 2, parent);
            }
            return all.swap_remove(0);
        }
        Shape::Random => {
            let mut all = Vec::with_capacity(graph.nodes);
            all.push(first.clone());
            for _ in 1..graph.nodes {
                all.push(nodes.make());
            }
            for (node, targets) in all.iter().zip(&graph.targets) {
                for (edge, target) in targets.iter().enumerate() {
                    nodes.link(node, edge, &all[*target as usize]);
                }
            }
        }
    }
    first
}
