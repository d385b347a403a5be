//! Reading, binding and deleting names.

use super::Compiler;
use super::unit::{Unit, UnitKind};
use crate::code::Name;
use crate::instruction::Instruction;
use crate::symbols::{Access, CLASS_CELLS, mangle};
use crate::tree::{ScopeId, Span};

/// What is done with a name.
#[derive(Clone, Copy)]
enum Operation {
    Load,
    Store,
    Delete,
}

impl Compiler<'_> {
    /// The mangled form of a name in the current scope.
    pub(super) fn mangled(&mut self, name: &Name) -> Name {
        let scope = self.unit().current_scope;
        mangle(self.table.scope(scope).private.as_deref(), name)
    }

    pub(super) fn load_name(&mut self, name: &Name, span: Span) {
        self.name_operation(name, span, Operation::Load);
    }

    pub(super) fn store_name(&mut self, name: &Name, span: Span) {
        self.name_operation(name, span, Operation::Store);
    }

    pub(super) fn delete_name(&mut self, name: &Name, span: Span) {
        self.name_operation(name, span, Operation::Delete);
    }

    /// Stores into the namespace of a module or class body.
    pub(super) fn store_plain(&mut self, name: &str, span: Span) {
        let index = self.unit().names.place(&name.into());
        self.emit(Instruction::StoreName(index), span);
    }

    fn name_operation(&mut self, name: &Name, span: Span, operation: Operation) {
        let name = self.mangled(name);
        let scope = self.unit().current_scope;
        let access = self.table.access(scope, &name);
        let operand = match access {
            Access::Fast => self.unit().variables.place(&name),
            Access::Cell => self.cell_operand(&name),
            Access::Free | Access::ClassFree => self.free_operand(&name),
            Access::Global | Access::Name => self.unit().names.place(&name),
        };
        use Instruction as I;
        let instruction = match (access, operation) {
            (Access::Fast, Operation::Load) => I::LoadFast(operand),
            (Access::Fast, Operation::Store) => I::StoreFast(operand),
            (Access::Fast, Operation::Delete) => I::DeleteFast(operand),
            (Access::ClassFree, Operation::Load) => I::LoadClassDeref(operand),
            (Access::Cell | Access::Free, Operation::Load) => I::LoadDeref(operand),
            (Access::Cell | Access::Free | Access::ClassFree, Operation::Store) => {
                I::StoreDeref(operand)
            }
            (Access::Cell | Access::Free | Access::ClassFree, Operation::Delete) => {
                I::DeleteDeref(operand)
            }
            (Access::Global, Operation::Load) => I::LoadGlobal(operand),
            (Access::Global, Operation::Store) => I::StoreGlobal(operand),
            (Access::Global, Operation::Delete) => I::DeleteGlobal(operand),
            (Access::Name, Operation::Load) => I::LoadName(operand),
            (Access::Name, Operation::Store) => I::StoreName(operand),
            (Access::Name, Operation::Delete) => I::DeleteName(operand),
        };
        self.emit(instruction, span);
    }

    /// The operand of a cell that this unit makes.
    pub(super) fn cell_operand(&mut self, name: &str) -> u32 {
        let scope = self.unit().scope;
        let cells = &self.table.scope(scope).cells;
        let index = cells.iter().position(|cell| &**cell == name);
        Unit::cell(index.expect("a variable in a cell is one of its unit's cells") as u32)
    }

    pub(super) fn free_operand(&mut self, name: &str) -> u32 {
        let scope = self.unit().scope;
        let frees = &self.table.scope(scope).frees;
        let index = frees.iter().position(|free| &**free == name);
        Unit::free(index.expect("a free variable is one of its unit's") as u32)
    }

    /// Pushes the tuple of cells that a nested scope's code needs, and tells whether it needs any.
    pub(super) fn closure(&mut self, scope: ScopeId, span: Span) -> bool {
        let frees: Vec<Name> = self.table.scope(scope).frees.iter().cloned().collect();
        for name in &frees {
            let operand = self.captured_operand(name);
            self.emit(Instruction::LoadClosure(operand), span);
        }
        if !frees.is_empty() {
            self.emit(Instruction::BuildTuple(frees.len() as u32), span);
        }
        !frees.is_empty()
    }

    /// Where this unit keeps a cell that nested code needs: its own one first.
    fn captured_operand(&mut self, name: &str) -> u32 {
        let scope = self.unit().scope;
        let current = self.unit().current_scope;
        if self.unit().kind == UnitKind::Class && CLASS_CELLS.contains(&name) {
            return self.cell_operand(name);
        }
        let own = self.table.scope(scope).cells.contains(name);
        let is_free = self.table.scope(scope).frees.contains(name);
        let through = matches!(
            self.table.access(current, name),
            Access::Free | Access::ClassFree
        );
        if own && !(is_free && through) {
            self.cell_operand(name)
        } else {
            self.free_operand(name)
        }
    }
}
