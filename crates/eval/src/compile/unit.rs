//! One code object in the making: its instructions, labels, handlers and pools.
//!
//! **Reachability and depth.** Instructions are emitted in their final order, and the unit knows at
//! each point whether it can be reached and how many values are on the stack. Behind a `return` or
//! `raise` nothing is emitted until a label is placed that something jumps to. A label carries the
//! depth that its jumps arrive with; two ways to a point must agree.
//!
//! **Handlers.** `enter_handler` opens a protected region whose target is a label, `leave_handler`
//! closes it; every instruction remembers the innermost open region, and the runs of equal regions
//! become the exception table. Code that leaves a block early (`return` in a `try`) closes regions for
//! a while, so a region may have several ranges.

use std::collections::HashMap;
use std::sync::Arc;

use super::block::Block;
use crate::code::{Code, Constant, Flags, Handler, Name, Position};
use crate::instruction::Instruction;
use crate::lines::Lines;
use crate::symbols::Scope;
use crate::tree::{ScopeId, Span};

/// A place in the code that is not known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label(u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitKind {
    Module,
    Class,
    Function,
    Lambda,
    Generator,
    Annotations,
}

#[derive(Default)]
struct LabelState {
    place: Option<u32>,
    depth: Option<u32>,
}

struct Region {
    target: Label,
    depth: u32,
    push_index: bool,
}

/// A cell's slot is known only when all variables are.
const CELL: u32 = 1 << 30;
const FREE: u32 = 1 << 31;

/// Names in the order in which they were first asked for.
#[derive(Default)]
pub(super) struct Pool {
    names: Vec<Name>,
    index: HashMap<Name, u32>,
}

impl Pool {
    /// The name that was placed first.
    pub(super) fn first(&self) -> Option<Name> {
        self.names.first().cloned()
    }

    pub(super) fn place(&mut self, name: &Name) -> u32 {
        if let Some(index) = self.index.get(name) {
            return *index;
        }
        let index = self.names.len() as u32;
        self.names.push(name.clone());
        self.index.insert(name.clone(), index);
        index
    }
}

pub(super) struct Unit<'c> {
    pub(super) kind: UnitKind,
    pub(super) scope: ScopeId,
    /// The scope of the innermost inlined comprehension being compiled, else `scope`.
    pub(super) current_scope: ScopeId,
    pub(super) name: Name,
    pub(super) qualname: Name,
    pub(super) first_line: u32,
    pub(super) argument_count: u32,
    pub(super) positional_only_count: u32,
    pub(super) keyword_only_count: u32,
    pub(super) extra_flags: Flags,
    pub(super) blocks: Vec<Block<'c>>,
    /// Attributes that methods of a class body assign through `self`.
    pub(super) static_attributes: std::collections::BTreeSet<Name>,
    pub(super) names: Pool,
    pub(super) variables: Pool,
    instructions: Vec<Instruction>,
    spans: Vec<Span>,
    regions_of: Vec<u32>,
    labels: Vec<LabelState>,
    regions: Vec<Region>,
    open_regions: Vec<u32>,
    constants: Vec<Constant>,
    constant_index: HashMap<ConstantKey, Vec<u32>>,
    depth: u32,
    max_depth: u32,
    reachable: bool,
}

/// A cheap key under which equal constants are found.
#[derive(PartialEq, Eq, Hash)]
enum ConstantKey {
    Str(Name),
    Int(i64),
    Float(u64),
    Bytes(Arc<[u8]>),
    Other(u8),
}

const NO_REGION: u32 = u32::MAX;

impl<'c> Unit<'c> {
    pub(super) fn new(kind: UnitKind, scope: ScopeId, name: Name, qualname: Name) -> Unit<'c> {
        Unit {
            kind,
            scope,
            current_scope: scope,
            name,
            qualname,
            first_line: 0,
            argument_count: 0,
            positional_only_count: 0,
            keyword_only_count: 0,
            extra_flags: Flags::default(),
            blocks: Vec::new(),
            static_attributes: std::collections::BTreeSet::new(),
            names: Pool::default(),
            variables: Pool::default(),
            instructions: Vec::new(),
            spans: Vec::new(),
            regions_of: Vec::new(),
            labels: Vec::new(),
            regions: Vec::new(),
            open_regions: Vec::new(),
            constants: Vec::new(),
            constant_index: HashMap::new(),
            depth: 0,
            max_depth: 0,
            reachable: true,
        }
    }

    pub(super) fn cell(index: u32) -> u32 {
        CELL | index
    }

    pub(super) fn free(index: u32) -> u32 {
        FREE | index
    }

    pub(super) fn is_reachable(&self) -> bool {
        self.reachable
    }

    /// Adds an instruction that is not a jump.
    pub(super) fn emit(&mut self, instruction: Instruction, span: Span) {
        if !self.reachable {
            return;
        }
        let region = self.open_regions.last().copied().unwrap_or(NO_REGION);
        if region != NO_REGION {
            let Region {
                target,
                depth,
                push_index,
            } = self.regions[region as usize];
            let arrives = depth + 1 + u32::from(push_index);
            self.arrive(target, arrives);
        }
        let (pops, pushes) = stack_effect(instruction);
        self.max_depth = self.max_depth.max(self.depth);
        debug_assert!(self.depth >= pops, "{instruction:?} pops an empty stack");
        self.depth = self.depth - pops + pushes;
        self.max_depth = self.max_depth.max(self.depth);
        self.instructions.push(instruction);
        self.spans.push(span);
        self.regions_of.push(region);
        self.reachable = !instruction.is_terminal();
    }

    /// Adds a jump; its operand becomes the label's place.
    pub(super) fn jump(&mut self, make: fn(u32) -> Instruction, to: Label, span: Span) {
        if !self.reachable {
            return;
        }
        let jump = make(to.0);
        let depth = match jump {
            Instruction::PopJumpIfTrue(_) | Instruction::PopJumpIfFalse(_) => self.depth - 1,
            Instruction::ForIterate(_) => self.depth - 1,
            _ => self.depth,
        };
        self.arrive(to, depth);
        self.emit(jump, span);
    }

    pub(super) fn label(&mut self) -> Label {
        self.labels.push(LabelState::default());
        Label(self.labels.len() as u32 - 1)
    }

    fn arrive(&mut self, label: Label, depth: u32) {
        let state = &mut self.labels[label.0 as usize];
        debug_assert!(
            state.depth.is_none_or(|known| known == depth),
            "two depths at one label: {:?} and {depth}",
            state.depth
        );
        state.depth = Some(depth);
        self.max_depth = self.max_depth.max(depth);
    }

    /// Puts a label here.
    pub(super) fn place(&mut self, label: Label) {
        if self.reachable {
            let depth = self.depth;
            self.arrive(label, depth);
        }
        let here = self.instructions.len() as u32;
        let state = &mut self.labels[label.0 as usize];
        state.place = Some(here);
        if let Some(depth) = state.depth {
            self.reachable = true;
            self.depth = depth;
        }
    }

    /// Opens a region whose exceptions go to a label. The handler keeps what is now on the stack but
    /// for the top `dropped` values.
    pub(super) fn enter_handler(&mut self, target: Label, push_index: bool, dropped: u32) {
        let region = self.regions.len() as u32;
        self.regions.push(Region {
            target,
            depth: self.depth.saturating_sub(dropped),
            push_index,
        });
        self.open_regions.push(region);
    }

    /// Closes the innermost region.
    pub(super) fn leave_handler(&mut self) {
        self.open_regions.pop();
    }

    pub(super) fn open_regions(&self) -> Vec<u32> {
        self.open_regions.clone()
    }

    pub(super) fn set_open_regions(&mut self, regions: Vec<u32>) {
        self.open_regions = regions;
    }

    /// The place of a constant in the pool.
    pub(super) fn constant(&mut self, constant: Constant) -> u32 {
        let key = match &constant {
            Constant::Str(text) => ConstantKey::Str(text.clone()),
            Constant::Int(value) => ConstantKey::Int(*value),
            Constant::Float(value) => ConstantKey::Float(value.to_bits()),
            Constant::Bytes(bytes) => ConstantKey::Bytes(bytes.clone()),
            Constant::None => ConstantKey::Other(0),
            Constant::Ellipsis => ConstantKey::Other(1),
            Constant::Bool(value) => ConstantKey::Other(2 + u8::from(*value)),
            Constant::BigInt(_) => ConstantKey::Other(4),
            Constant::Tuple(_) => ConstantKey::Other(5),
            Constant::FrozenSet(_) => ConstantKey::Other(6),
            Constant::Code(_) => ConstantKey::Other(7),
            Constant::Complex(..) => ConstantKey::Other(8),
        };
        let candidates = self.constant_index.entry(key).or_default();
        let searched = candidates.iter().rev().take(64);
        for index in searched {
            if self.constants[*index as usize].same(&constant) {
                return *index;
            }
        }
        let index = self.constants.len() as u32;
        candidates.push(index);
        self.constants.push(constant);
        index
    }

    /// Makes the code object.
    pub(super) fn assemble(
        self,
        lines: &Lines<'_>,
        scope: &Scope,
        filename: &Name,
        mut flags: Flags,
        docstring: Option<Name>,
    ) -> Code {
        // Parameters that live in cells come first, in their order, as in CPython's list.
        let is_variable = |name: &&Name| self.variables.index.contains_key(*name);
        let mut sorted: Vec<&Name> = scope.cells.iter().collect();
        sorted.sort_by_key(|name| match is_variable(name) {
            true => self.variables.index[*name],
            false => u32::MAX,
        });
        let order: Vec<usize> = (scope.cells.iter())
            .map(|cell| sorted.iter().position(|name| *name == cell).unwrap_or(0))
            .collect();
        let cells: Vec<Name> = sorted.into_iter().cloned().collect();
        let frees: Vec<Name> = scope.frees.iter().cloned().collect();
        let mut next = self.variables.names.len() as u32;
        let cell_slots: Vec<u32> = (cells.iter())
            .map(|cell| match self.variables.index.get(cell) {
                Some(slot) => *slot,
                None => {
                    next += 1;
                    next - 1
                }
            })
            .collect();
        let slot = |operand: u32| {
            if operand & CELL != 0 {
                cell_slots[order[(operand & !CELL) as usize]]
            } else if operand & FREE != 0 {
                next + (operand & !FREE)
            } else {
                operand
            }
        };

        // The prologue gives the frame its cells before anything else happens.
        let mut prologue = Vec::new();
        if !frees.is_empty() {
            prologue.push(Instruction::CopyFreeVariables(frees.len() as u32));
        }
        prologue.extend(cell_slots.iter().map(|slot| Instruction::MakeCell(*slot)));
        let offset = prologue.len() as u32;

        let place = |label: u32| {
            let place = self.labels[label as usize].place;
            place.expect("every label that is jumped to is placed") + offset
        };
        let mut instructions = prologue;
        let mut positions = vec![Position::NONE; instructions.len()];
        for instruction in &self.instructions {
            instructions.push(patch(*instruction, slot, place));
        }
        positions.extend(self.spans.iter().map(|span| lines.position(*span)));

        let mut handlers: Vec<Handler> = Vec::new();
        let mut previous = NO_REGION;
        for (index, region) in self.regions_of.iter().enumerate() {
            let at = index as u32 + offset;
            if *region != NO_REGION {
                match handlers.last_mut() {
                    Some(last) if previous == *region => last.end = at + 1,
                    _ => {
                        let described = &self.regions[*region as usize];
                        handlers.push(Handler {
                            start: at,
                            end: at + 1,
                            target: place(described.target.0),
                            depth: described.depth,
                            push_index: described.push_index,
                        });
                    }
                }
            }
            previous = *region;
        }
        flags.insert(self.extra_flags);
        Code {
            name: self.name,
            qualname: self.qualname,
            filename: filename.clone(),
            first_line: self.first_line,
            flags,
            argument_count: self.argument_count,
            positional_only_count: self.positional_only_count,
            keyword_only_count: self.keyword_only_count,
            instructions,
            positions,
            handlers,
            constants: self.constants,
            names: self.names.names,
            variables: self.variables.names,
            cells,
            frees,
            stack_size: self.max_depth,
            docstring,
        }
    }
}

/// Turns provisional operands into final ones.
fn patch(
    instruction: Instruction,
    slot: impl Fn(u32) -> u32,
    place: impl Fn(u32) -> u32,
) -> Instruction {
    use Instruction as I;
    match instruction {
        I::LoadFast(at) => I::LoadFast(slot(at)),
        I::LoadFastAndClear(at) => I::LoadFastAndClear(slot(at)),
        I::StoreFast(at) => I::StoreFast(slot(at)),
        I::DeleteFast(at) => I::DeleteFast(slot(at)),
        I::MakeCell(at) => I::MakeCell(slot(at)),
        I::LoadClosure(at) => I::LoadClosure(slot(at)),
        I::LoadDeref(at) => I::LoadDeref(slot(at)),
        I::StoreDeref(at) => I::StoreDeref(slot(at)),
        I::DeleteDeref(at) => I::DeleteDeref(slot(at)),
        I::LoadClassDeref(at) => I::LoadClassDeref(slot(at)),
        I::UseNamespace(at) => I::UseNamespace(slot(at)),
        I::Jump(to) => I::Jump(place(to)),
        I::PopJumpIfTrue(to) => I::PopJumpIfTrue(place(to)),
        I::PopJumpIfFalse(to) => I::PopJumpIfFalse(place(to)),
        I::JumpIfTrueOrPop(to) => I::JumpIfTrueOrPop(place(to)),
        I::JumpIfFalseOrPop(to) => I::JumpIfFalseOrPop(place(to)),
        I::ForIterate(to) => I::ForIterate(place(to)),
        I::Send(to) => I::Send(place(to)),
        other => other,
    }
}

/// What an instruction takes from the stack and puts there when it does not jump.
fn stack_effect(instruction: Instruction) -> (u32, u32) {
    use Instruction as I;
    match instruction {
        I::PopTop
        | I::StoreFast(_)
        | I::StoreDeref(_)
        | I::StoreName(_)
        | I::StoreGlobal(_)
        | I::DeleteAttribute(_)
        | I::ListAppend(_)
        | I::SetAdd(_)
        | I::ListExtend(_)
        | I::SetUpdate(_)
        | I::DictUpdate(_)
        | I::DictMerge(_)
        | I::Return
        | I::PopJumpIfTrue(_)
        | I::PopJumpIfFalse(_)
        | I::JumpIfTrueOrPop(_)
        | I::JumpIfFalseOrPop(_)
        | I::PopException
        | I::Reraise(_)
        | I::ImportStar => (1, 0),
        I::Copy(_)
        | I::PushNull
        | I::LoadConstant(_)
        | I::LoadFast(_)
        | I::LoadFastAndClear(_)
        | I::LoadClosure(_)
        | I::LoadDeref(_)
        | I::LoadClassDeref(_)
        | I::LoadName(_)
        | I::LoadGlobal(_)
        | I::LoadBuildClass
        | I::LoadAssertionError
        | I::LoadNotImplementedError
        | I::LoadNamespace
        | I::MakeFunction(_)
        | I::WithExceptStart
        | I::ReturnGenerator => (0, 1),
        I::Swap(_)
        | I::DeleteFast(_)
        | I::DeleteDeref(_)
        | I::DeleteName(_)
        | I::DeleteGlobal(_)
        | I::MakeCell(_)
        | I::UseNamespace(_)
        | I::CopyFreeVariables(_)
        | I::Jump(_) => (0, 0),
        I::LoadAttribute(_)
        | I::Unary(_)
        | I::Not
        | I::ListToTuple
        | I::ConvertValue(_)
        | I::FormatSimple
        | I::GetIterator
        | I::GetYieldFromIterator
        | I::YieldValue { .. }
        | I::StopIterationError => (1, 1),
        I::LoadMethod(_)
        | I::LoadSpecial(_)
        | I::ForIterate(_)
        | I::PushExceptionInfo
        | I::ImportFrom(_) => (1, 2),
        I::StoreAttribute(_) | I::DeleteSubscript | I::MapAdd(_) => (2, 0),
        I::StoreSubscript => (3, 0),
        I::LoadSubscript
        | I::Binary(_)
        | I::InPlace(_)
        | I::Compare(_)
        | I::Is(_)
        | I::Contains(_)
        | I::FormatWithSpec
        | I::SetFunctionAttribute(_)
        | I::EndSend
        | I::ImportName(_) => (2, 1),
        I::CheckExceptionMatch | I::Send(_) => (2, 2),
        I::CleanupThrow => (3, 2),
        I::BuildTuple(n)
        | I::BuildList(n)
        | I::BuildSet(n)
        | I::BuildString(n)
        | I::BuildSlice(n) => (n, 1),
        I::BuildMap(n) => (2 * n, 1),
        I::UnpackSequence(n) => (1, n),
        I::UnpackStarred { before, after } => (1, u32::from(before) + 1 + after),
        I::Call(n) => (n + 2, 1),
        I::CallKeyword(n) => (n + 3, 1),
        I::CallExtended => (4, 1),
        I::Raise(n) => (n, 0),
    }
}
