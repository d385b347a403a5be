//! The blocks around a statement, and leaving them early.
//!
//! `return`, `break` and `continue` leave blocks: what a block keeps on the stack is dropped, what it
//! promises to run is run, from the innermost block outwards.

use super::unit::Label;
use super::{Compiled, Compiler};
use crate::code::{Constant, Name};
use crate::instruction::Instruction;
use crate::tree::{Span, Statement};

/// The greatest number of blocks in one function.
const BLOCKS: usize = 21;

#[derive(Clone)]
pub(super) enum Block<'c> {
    While {
        start: Label,
        end: Label,
    },
    /// The iterator is on the stack.
    For {
        start: Label,
        end: Label,
    },
    /// A protected region is open.
    Try,
    /// A protected region is open; the statements run on the way out.
    Finally(&'c [Statement]),
    /// The previous and the current exception are on the stack, and a region is open.
    FinallyEnd,
    /// The exit method and its self are on the stack, and a region is open.
    With(Span),
    /// The previous exception is on the stack, a region is open, and with a name a second one.
    Handler(Option<Name>),
    /// Between the handlers of a `try`.
    HandlerSearch,
    /// A value is on the stack.
    Value,
}

impl<'c> Compiler<'c> {
    pub(super) fn push_block(&mut self, block: Block<'c>, span: Span) -> Compiled {
        if self.unit().blocks.len() >= BLOCKS {
            return self.error(span, "too many statically nested blocks");
        }
        self.unit().blocks.push(block);
        Ok(())
    }

    pub(super) fn pop_block(&mut self) {
        self.unit().blocks.pop();
    }

    /// Leaves one block. With `keep` the value on top of the stack survives.
    fn leave_block(&mut self, block: Block<'c>, keep: bool, span: Span) -> Compiled {
        match block {
            Block::While { .. } | Block::HandlerSearch => {}
            Block::For { .. } | Block::Value => self.drop_below(keep, span),
            Block::Try => self.unit().leave_handler(),
            Block::Finally(body) => {
                self.unit().leave_handler();
                if keep {
                    self.push_block(Block::Value, span)?;
                }
                self.statements(body)?;
                if keep {
                    self.pop_block();
                }
            }
            Block::FinallyEnd => {
                self.drop_below(keep, span);
                self.unit().leave_handler();
                self.pop_exception(keep, span);
            }
            Block::With(context) => {
                self.unit().leave_handler();
                if keep {
                    self.emit(Instruction::Swap(3), span);
                    self.emit(Instruction::Swap(2), span);
                }
                self.call_exit(context);
                self.emit(Instruction::PopTop, Span::NONE);
            }
            Block::Handler(name) => {
                if name.is_some() {
                    self.unit().leave_handler();
                }
                self.unit().leave_handler();
                self.pop_exception(keep, span);
                if let Some(name) = name {
                    self.unbind(&name);
                }
            }
        }
        Ok(())
    }

    fn drop_below(&mut self, keep: bool, span: Span) {
        if keep {
            self.emit(Instruction::Swap(2), span);
        }
        self.emit(Instruction::PopTop, span);
    }

    fn pop_exception(&mut self, keep: bool, span: Span) {
        if keep {
            self.emit(Instruction::Swap(2), span);
        }
        self.emit(Instruction::PopException, span);
    }

    /// Calls the exit method on the stack with three times `None`.
    pub(super) fn call_exit(&mut self, span: Span) {
        for _ in 0..3 {
            self.constant(Constant::None, span);
        }
        self.emit(Instruction::Call(3), span);
    }

    /// Unbinds the name of an `except … as name`.
    pub(super) fn unbind(&mut self, name: &Name) {
        self.constant(Constant::None, Span::NONE);
        self.store_name(name, Span::NONE);
        self.delete_name(name, Span::NONE);
    }

    /// Leaves blocks from the innermost one while `leave` says so, compiles the exit with what is
    /// left of them, and puts all of them back.
    fn leaving(
        &mut self,
        keep: bool,
        span: Span,
        mut leave: impl FnMut(&Block<'c>) -> bool,
    ) -> Result<Saved<'c>, crate::error::CompileError> {
        let saved = Saved {
            blocks: self.unit().blocks.clone(),
            regions: self.unit().open_regions(),
        };
        while let Some(block) = self.unit().blocks.last().cloned() {
            if !leave(&block) {
                break;
            }
            self.unit().blocks.pop();
            self.leave_block(block, keep, span)?;
        }
        Ok(saved)
    }

    fn restore(&mut self, saved: Saved<'c>) {
        let unit = self.unit();
        unit.blocks = saved.blocks;
        unit.set_open_regions(saved.regions);
    }

    /// Leaves all blocks and returns the value that `load` pushes afterwards, or the one on the stack.
    pub(super) fn leave_and_return(&mut self, constant: Option<Constant>, span: Span) -> Compiled {
        let saved = self.leaving(constant.is_none(), span, |_| true)?;
        if let Some(constant) = constant {
            self.constant(constant, span);
        }
        self.emit(Instruction::Return, span);
        self.restore(saved);
        Ok(())
    }

    pub(super) fn break_(&mut self, span: Span) -> Compiled {
        let saved = self.leaving(false, span, |block| {
            !matches!(block, Block::While { .. } | Block::For { .. })
        })?;
        let Some(block) = self.unit().blocks.pop() else {
            return self.error(span, "'break' outside loop");
        };
        self.leave_block(block.clone(), false, span)?;
        if let Block::While { end, .. } | Block::For { end, .. } = block {
            self.unit().jump(Instruction::Jump, end, span);
        }
        self.restore(saved);
        Ok(())
    }

    pub(super) fn continue_(&mut self, span: Span) -> Compiled {
        let saved = self.leaving(false, span, |block| {
            !matches!(block, Block::While { .. } | Block::For { .. })
        })?;
        let Some(Block::While { start, .. } | Block::For { start, .. }) =
            self.unit().blocks.last().cloned()
        else {
            return self.error(span, "'continue' not properly in loop");
        };
        self.unit().jump(Instruction::Jump, start, span);
        self.restore(saved);
        Ok(())
    }
}

/// The blocks and regions to go on with behind an exit.
struct Saved<'c> {
    blocks: Vec<Block<'c>>,
    regions: Vec<u32>,
}
