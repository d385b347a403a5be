//! A naive model of a memory, and the operations that compare the two.
//!
//! The model is a list of what is held, with the byte that each piece was
//! filled with, and a map of the addresses in use. Every operation is decoded
//! from the input, done on the memory, and compared: no two pieces overlap,
//! contents survive, requests fail exactly where they must, a walk finds exactly
//! the marked objects in order, and the memory's check of itself holds.

use std::collections::BTreeMap;

use arbitrary::{Arbitrary, Unstructured};
use mortice_mem::{
    Buffer, Choice, Config, Domain, LiveBlocks, Memory, Observer, OwnedBlock, POOL_BYTES, Space,
};

/// The bytes that the model holds at most, so that a run stays small.
const LIVE_LIMIT_BYTES: usize = 24 << 20;

/// What a run has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The operations decoded.
    pub operations: u64,
    /// The requests that were served.
    pub served: u64,
    /// The requests that failed, as they had to.
    pub failed: u64,
    /// The walks over marked objects.
    pub walks: u64,
    /// The checks of the whole memory.
    pub checks: u64,
    /// The pieces that lay in pools, spans and foreign blocks.
    pub spaces: [u64; 3],
}

/// A domain as the input names it.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Place {
    Raw,
    Mem,
    Object,
}

impl Place {
    fn domain(self) -> Domain {
        match self {
            Place::Raw => Domain::Raw,
            Place::Mem => Domain::Mem,
            Place::Object => Domain::Object,
        }
    }
}

/// A size as the input names it: mostly small, at times beyond every limit.
#[derive(Arbitrary, Clone, Copy, Debug)]
struct Size {
    kind: u8,
    value: u16,
}

impl Size {
    fn bytes(self) -> usize {
        let value = usize::from(self.value);
        match self.kind {
            0..=159 => value % 600,
            160..=199 => value % 9_000,
            200..=229 => value,
            230..=249 => value * 8,
            250..=251 => value * 256,
            252 => usize::MAX - value,
            253 => isize::MAX as usize + 1 + value,
            254 => isize::MAX as usize - value % 64,
            255 => 0,
        }
    }

    /// Whether no allocator can serve it.
    fn is_hopeless(bytes: usize) -> bool {
        bytes > isize::MAX as usize / 2
    }
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Operation {
    Malloc(Place, Size),
    Calloc(Place, u8, Size),
    Block(bool, Size),
    /// A burst of equal blocks, which fills pools.
    Blocks(bool, u8, Size),
    Resize(u16, Size),
    Drop(u16),
    /// A burst of releases, which empties pools.
    Drops(u16, u8),
    Mark(u16, u8),
    Walk {
        clear: bool,
    },
    Verify(u16),
    /// Releases blocks as another thread would.
    Send(u16, u8),
    /// Releases what was sent.
    Collect,
    Purge,
    /// Sets an observer, or, mostly, takes it away.
    Observe(u8),
    FailAfter(Option<u8>),
}

/// One piece of memory that the model holds.
enum Piece<'m> {
    Buffer(Buffer<'m>),
    Block(OwnedBlock<'m>),
}

struct Held<'m> {
    piece: Piece<'m>,
    domain: Domain,
    /// What every byte holds.
    stamp: u8,
    /// What the side byte holds.
    side: u8,
}

impl Held<'_> {
    fn address(&self) -> usize {
        match &self.piece {
            Piece::Buffer(buffer) => buffer.address(),
            Piece::Block(block) => block.address(),
        }
    }

    fn bytes(&self) -> usize {
        match &self.piece {
            Piece::Buffer(buffer) => buffer.bytes(),
            Piece::Block(block) => block.bytes(),
        }
    }

    /// The bytes that nothing else may use.
    fn extent(&self) -> usize {
        match &self.piece {
            Piece::Buffer(buffer) => buffer.bytes().max(1),
            Piece::Block(block) => block.usable_bytes().max(1),
        }
    }

    fn verify(&self) -> Result<(), String> {
        let contents = match &self.piece {
            Piece::Buffer(buffer) => buffer.as_slice(),
            Piece::Block(block) => block.as_slice(),
        };
        if is_all(contents, self.stamp) {
            return Ok(());
        }
        match contents.iter().position(|&byte| byte != self.stamp) {
            None => Ok(()),
            Some(at) => Err(format!(
                "byte {at} of {} at {:#x} is {:#04x}, written as {:#04x}",
                self.bytes(),
                self.address(),
                contents[at],
                self.stamp
            )),
        }
    }
}

/// Whether every byte is `value`: each is compared with the one before it, by
/// the library, which is not slowed down by instrumentation.
fn is_all(bytes: &[u8], value: u8) -> bool {
    match bytes {
        [] => true,
        [first, rest @ ..] => *first == value && *rest == bytes[..rest.len()],
    }
}

/// Runs the operations that `data` encodes, and compares.
///
/// # Errors
///
/// The first difference between the memory and the model, in words.
pub fn run(data: &[u8]) -> Result<Report, String> {
    let mut input = Unstructured::new(data);
    let set_up: u8 = input.arbitrary().unwrap_or(0);
    let memory = Memory::with_config(Config {
        region_bytes: [1 << 20, 3 << 20, 16 << 20, 256 << 20][usize::from(set_up & 3)],
        region_limit: 1 + usize::from(set_up >> 2 & 1) * 2,
        retain_bytes: if set_up & 32 == 0 {
            8 * POOL_BYTES
        } else {
            64 << 20
        },
        allocator: [
            Choice::Pool,
            Choice::Pool,
            Choice::PoolDebug,
            Choice::Malloc,
            Choice::Pool,
            Choice::PoolDebug,
            Choice::Pool,
            Choice::MallocDebug,
        ][usize::from(set_up >> 3 & 7)],
        fail_request: None,
    })
    .map_err(|error| error.to_string())?;
    let mut model = Model {
        memory: &memory,
        seen: None,
        held: Vec::new(),
        waiting: Vec::new(),
        ranges: BTreeMap::new(),
        live_bytes: 0,
        requests: 0,
        fails_at: None,
        stamp: 0,
        report: Report::default(),
    };
    while !input.is_empty() {
        let Ok(operation) = Operation::arbitrary(&mut input) else {
            break;
        };
        model.report.operations += 1;
        model
            .step(operation)
            .map_err(|reason| format!("{operation:?}: {reason}"))?;
        model.check()?;
    }
    while !model.held.is_empty() {
        model.release(0)?;
    }
    memory.collect_remote();
    model.check()?;
    Ok(model.report)
}

struct Model<'m> {
    memory: &'m Memory,
    /// What the observer has seen, while there is one.
    seen: Option<LiveBlocks>,
    held: Vec<Held<'m>>,
    /// The blocks that were sent, in that order, unless they are known to have
    /// been collected: address, domain and bytes.
    waiting: Vec<(usize, Domain, usize)>,
    /// The addresses in use: the end of each range by its start.
    ranges: BTreeMap<usize, usize>,
    live_bytes: usize,
    requests: u64,
    /// The request that has to fail.
    fails_at: Option<u64>,
    stamp: u8,
    report: Report,
}

impl<'m> Model<'m> {
    fn step(&mut self, operation: Operation) -> Result<(), String> {
        let memory = self.memory;
        match operation {
            Operation::Malloc(place, size) => {
                let (domain, bytes) = (place.domain(), size.bytes());
                self.allocate(domain, Some(bytes), || {
                    Buffer::new(memory, domain, bytes).map(Piece::Buffer)
                })
            }
            Operation::Calloc(place, count, size) => {
                let (domain, count, bytes) = (place.domain(), usize::from(count), size.bytes());
                self.allocate(domain, count.checked_mul(bytes), || {
                    Buffer::zeroed(memory, domain, count, bytes).map(Piece::Buffer)
                })
            }
            Operation::Block(object, size) => self.block(object, size.bytes()),
            Operation::Blocks(object, count, size) => {
                for _ in 0..count {
                    self.block(object, size.bytes() % 2_000)?;
                }
                Ok(())
            }
            Operation::Resize(index, size) => self.resize(usize::from(index), size.bytes()),
            Operation::Drop(index) => self.release(usize::from(index)),
            Operation::Drops(index, count) => {
                for _ in 0..count {
                    self.release(usize::from(index))?;
                }
                Ok(())
            }
            Operation::Mark(index, side) => {
                if let Some(index) = self.pick(usize::from(index))
                    && let Piece::Block(block) = &self.held[index].piece
                {
                    block.side().set(side);
                    self.held[index].side = side;
                }
                Ok(())
            }
            Operation::Walk { clear } => self.walk(clear),
            Operation::Verify(index) => match self.pick(usize::from(index)) {
                Some(index) => self.held[index].verify(),
                None => Ok(()),
            },
            Operation::Send(index, count) => {
                for _ in 0..count % 16 {
                    self.send(usize::from(index))?;
                }
                Ok(())
            }
            Operation::Collect => {
                let waiting = memory.statistics().waiting_blocks;
                let collected = memory.collect_remote();
                if collected != waiting {
                    return Err(format!("{collected} blocks collected, {waiting} waited"));
                }
                self.settle_waiting(None)
            }
            Operation::Purge => {
                memory.purge();
                Ok(())
            }
            Operation::Observe(kind) => {
                self.observe(kind % 8 == 0);
                Ok(())
            }
            Operation::FailAfter(requests) => {
                let requests = requests.map(u64::from);
                memory.fail_after(requests);
                self.fails_at = requests.map(|count| self.requests + count.max(1));
                Ok(())
            }
        }
    }

    fn pick(&self, index: usize) -> Option<usize> {
        index.checked_rem(self.held.len())
    }

    /// Counts a request and tells whether it has to fail.
    fn must_fail(&mut self, bytes: Option<usize>) -> bool {
        self.requests += 1;
        let chosen = self.fails_at == Some(self.requests);
        if chosen {
            self.fails_at = None;
        }
        chosen || bytes.is_none_or(Size::is_hopeless)
    }

    fn is_too_much(&self, bytes: Option<usize>) -> bool {
        bytes.is_some_and(|bytes| {
            !Size::is_hopeless(bytes) && self.live_bytes + bytes > LIVE_LIMIT_BYTES
        })
    }

    fn block(&mut self, object: bool, bytes: usize) -> Result<(), String> {
        let memory = self.memory;
        let domain = if object { Domain::Object } else { Domain::Mem };
        self.allocate(domain, Some(bytes), || {
            OwnedBlock::new(memory, domain, bytes).map(Piece::Block)
        })
    }

    fn allocate(
        &mut self,
        domain: Domain,
        bytes: Option<usize>,
        request: impl FnOnce() -> Option<Piece<'m>>,
    ) -> Result<(), String> {
        if self.is_too_much(bytes) {
            return Ok(());
        }
        let must_fail = self.must_fail(bytes);
        let Some(piece) = request() else {
            return self.failed(must_fail);
        };
        if must_fail {
            return Err("a request was served that has to fail".into());
        }
        self.stamp = self.stamp.wrapping_add(1);
        let mut held = Held {
            piece,
            domain,
            stamp: self.stamp,
            side: 0,
        };
        match &mut held.piece {
            Piece::Buffer(buffer) => {
                if !is_all(buffer.as_slice(), 0) {
                    return Err("zeroed memory is not zero".into());
                }
                buffer.fill(held.stamp);
            }
            Piece::Block(block) => {
                if block.side().get() != 0 {
                    return Err("the side byte of a fresh block is set".into());
                }
                if !block.finds_owner() {
                    return Err("a block does not find its memory".into());
                }
                self.report.spaces[block.space() as usize] += 1;
                block.fill(held.stamp);
            }
        }
        if Some(held.bytes()) != bytes {
            return Err("the piece forgot its size".into());
        }
        self.report.served += 1;
        self.enter(&held)?;
        self.held.push(held);
        Ok(())
    }

    fn failed(&mut self, must_fail: bool) -> Result<(), String> {
        if !must_fail {
            return Err("a request failed that has to be served".into());
        }
        self.report.failed += 1;
        Ok(())
    }

    /// Enters a piece's addresses, which overlap no other's.
    fn enter(&mut self, held: &Held<'_>) -> Result<(), String> {
        let (start, end) = (held.address(), held.address() + held.extent());
        if start % 16 != 0 {
            return Err(format!("{start:#x} is not aligned to 16 bytes"));
        }
        if self.overlap(start, end).is_some() {
            // The request may have collected what was sent.
            self.settle_waiting(Some(start))?;
        }
        if let Some((other, other_end)) = self.overlap(start, end) {
            return Err(format!(
                "{start:#x}..{end:#x} overlaps {other:#x}..{other_end:#x}"
            ));
        }
        self.ranges.insert(start, end);
        self.live_bytes += held.bytes();
        if let Some(seen) = &self.seen {
            let told = seen.find(start);
            if told != Some((held.domain, held.bytes())) {
                return Err(format!("the observer was told {told:?} of {start:#x}"));
            }
        }
        Ok(())
    }

    /// The last range that reaches into another one.
    fn overlap(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let (other, other_end) = self.ranges.range(..end).next_back()?;
        (*other_end > start).then_some((*other, *other_end))
    }

    fn leave(&mut self, address: usize, bytes: usize) {
        self.ranges.remove(&address);
        self.live_bytes -= bytes;
    }

    fn observe(&mut self, on: bool) {
        let seen = on.then(LiveBlocks::default);
        let observer = seen.clone().map(|seen| Box::new(seen) as Box<dyn Observer>);
        self.memory.set_observer(observer);
        self.seen = seen;
    }

    fn resize(&mut self, index: usize, bytes: usize) -> Result<(), String> {
        let Some(index) = self.pick(index) else {
            return Ok(());
        };
        if self.is_too_much(Some(bytes)) {
            return Ok(());
        }
        let must_fail = self.must_fail(Some(bytes));
        let mut held = self.held.swap_remove(index);
        let (address, old_bytes) = (held.address(), held.bytes());
        let done = match &mut held.piece {
            Piece::Buffer(buffer) => buffer.resize(bytes),
            Piece::Block(block) => block.resize(bytes),
        };
        held.verify()?;
        if let Piece::Block(block) = &held.piece
            && block.side().get() != held.side
        {
            return Err("the side byte was lost".into());
        }
        if !done {
            if (held.address(), held.bytes()) != (address, old_bytes) {
                return Err("a failed resize changed the piece".into());
            }
            self.held.push(held);
            return self.failed(must_fail);
        }
        if must_fail {
            return Err("a request was served that has to fail".into());
        }
        self.report.served += 1;
        self.leave(address, old_bytes);
        self.stamp = self.stamp.wrapping_add(1);
        held.stamp = self.stamp;
        match &mut held.piece {
            Piece::Buffer(buffer) => buffer.fill(held.stamp),
            Piece::Block(block) => block.fill(held.stamp),
        }
        self.enter(&held)?;
        self.held.push(held);
        Ok(())
    }

    fn release(&mut self, index: usize) -> Result<(), String> {
        let Some(index) = self.pick(index) else {
            return Ok(());
        };
        let held = self.held.swap_remove(index);
        held.verify()?;
        if let Piece::Block(block) = &held.piece
            && block.side().get() != held.side
        {
            return Err("the side byte was lost".into());
        }
        let address = held.address();
        self.leave(address, held.bytes());
        drop(held);
        self.has_told_of_release(address)
    }

    /// Sends a block away, which stays in use until the memory collects it.
    fn send(&mut self, index: usize) -> Result<(), String> {
        let Some(index) = self.pick(index) else {
            return Ok(());
        };
        if !matches!(self.held[index].piece, Piece::Block(_)) {
            return Ok(());
        }
        let held = self.held.swap_remove(index);
        held.verify()?;
        let entry = (held.address(), held.domain, held.bytes());
        if let Piece::Block(block) = held.piece {
            drop(block.send());
        }
        self.waiting.push(entry);
        Ok(())
    }

    /// Learns what the memory has collected: it takes all that waits at once. A
    /// block may have been handed out again at `fresh`.
    fn settle_waiting(&mut self, fresh: Option<usize>) -> Result<(), String> {
        let left = self.memory.statistics().waiting_blocks;
        let Some(collected) = self.waiting.len().checked_sub(left) else {
            return Err(format!(
                "{left} blocks wait, {} were sent",
                self.waiting.len()
            ));
        };
        for (address, _, bytes) in self.waiting.drain(..collected).collect::<Vec<_>>() {
            self.leave(address, bytes);
            if fresh != Some(address) {
                self.has_told_of_release(address)?;
            }
        }
        Ok(())
    }

    /// The observer was told that a block went.
    fn has_told_of_release(&self, address: usize) -> Result<(), String> {
        let is_live = |seen: &LiveBlocks| seen.find(address).is_some();
        if self.seen.as_ref().is_some_and(is_live) {
            return Err(format!("the observer was not told that {address:#x} went"));
        }
        Ok(())
    }

    /// Compares a walk with the marks that the model remembers.
    fn walk(&mut self, clear: bool) -> Result<(), String> {
        let mut found = Vec::new();
        self.memory.each_marked(&mut |block, side| {
            found.push((block.space as u8, block.start.addr().get(), side.get()));
            if clear {
                side.set(0);
            }
        });
        let mut expected = Vec::new();
        for held in &mut self.held {
            if let Piece::Block(block) = &held.piece
                && held.domain == Domain::Object
                && held.side != 0
            {
                expected.push((block.space() as u8, block.address(), held.side));
                if clear {
                    held.side = 0;
                }
            }
        }
        expected.sort_unstable();
        // Foreign blocks come in the order of their allocation.
        let foreign = found.partition_point(|&(space, _, _)| space < Space::Foreign as u8);
        found[foreign..].sort_unstable();
        if found != expected {
            return Err(format!(
                "the walk found {} marked blocks, in order: {}; {} are marked",
                found.len(),
                found.is_sorted(),
                expected.len()
            ));
        }
        self.report.walks += 1;
        Ok(())
    }

    /// Runs the memory's own check and compares the counts.
    fn check(&mut self) -> Result<(), String> {
        self.memory.empty_quarantine();
        self.memory.check().map_err(|error| error.to_string())?;
        self.settle_waiting(None)?;
        let statistics = self.memory.statistics();
        let counted = |domain| {
            let held = self.held.iter().filter(|held| held.domain == domain);
            let waiting = self
                .waiting
                .iter()
                .filter(|(_, theirs, _)| *theirs == domain);
            held.count() + waiting.count()
        };
        for (domain, blocks) in [
            (Domain::Raw, statistics.raw_blocks),
            (Domain::Mem, statistics.mem.blocks_in_use()),
            (Domain::Object, statistics.object.blocks_in_use()),
        ] {
            if counted(domain) != blocks {
                return Err(format!(
                    "{blocks} blocks in use in the {} domain, the model holds {}",
                    domain.name(),
                    counted(domain)
                ));
            }
        }
        if self.memory.allocation_count() != self.requests {
            return Err(format!(
                "{} requests counted, {} made",
                self.memory.allocation_count(),
                self.requests
            ));
        }
        self.report.checks += 1;
        Ok(())
    }
}
