//! `try` and `with`.
//!
//! Every handler that runs code keeps the previously handled exception on the stack and is itself
//! covered by a region that takes it off again before raising on.

use super::block::Block;
use super::unit::Label;
use super::{Compiled, Compiler};
use crate::code::Name;
use crate::instruction::{Instruction, SpecialMethod};
use crate::tree::{ExceptHandler, Span, Statement, Try, WithItem};

impl<'c> Compiler<'c> {
    pub(super) fn try_except(&mut self, try_: &'c Try, span: Span) -> Compiled {
        let (except, cleanup, end) = (
            self.unit().label(),
            self.unit().label(),
            self.unit().label(),
        );
        self.unit().enter_handler(except, false, 0);
        self.push_block(Block::Try, span)?;
        self.statements(&try_.body)?;
        self.pop_block();
        self.unit().leave_handler();
        self.statements(&try_.otherwise)?;
        self.unit().jump(Instruction::Jump, end, Span::NONE);

        self.unit().place(except);
        self.unit().enter_handler(cleanup, true, 0);
        self.emit(Instruction::PushExceptionInfo, Span::NONE);
        self.push_block(Block::HandlerSearch, span)?;
        for handler in &try_.handlers {
            let next = self.unit().label();
            if let Some(kind) = &handler.kind {
                self.value(kind)?;
                self.emit(Instruction::CheckExceptionMatch, kind.span);
                self.unit()
                    .jump(Instruction::PopJumpIfFalse, next, kind.span);
            }
            self.handler(handler, end)?;
            self.unit().place(next);
        }
        self.pop_block();
        self.emit(Instruction::Reraise(0), Span::NONE);
        self.unit().leave_handler();
        self.unit().place(cleanup);
        self.pop_and_reraise();
        self.unit().place(end);
        Ok(())
    }

    /// The body of one `except` clause, entered with the previous exception and the current one.
    fn handler(&mut self, handler: &'c ExceptHandler, end: Label) -> Compiled {
        let Some(name) = &handler.name else {
            self.emit(Instruction::PopTop, handler.span);
            self.push_block(Block::Handler(None), handler.span)?;
            self.statements(&handler.body)?;
            self.pop_block();
            self.end_handler(None, end);
            return Ok(());
        };
        self.store_name(&name.name, handler.span);
        let unbind = self.unit().label();
        self.unit().enter_handler(unbind, true, 0);
        self.push_block(Block::Handler(Some(name.name.clone())), handler.span)?;
        self.statements(&handler.body)?;
        self.pop_block();
        self.unit().leave_handler();
        self.end_handler(Some(&name.name), end);
        self.unit().place(unbind);
        self.unbind(&name.name);
        self.emit(Instruction::Reraise(1), Span::NONE);
        Ok(())
    }

    /// Takes the handled exception off and goes on behind the `try`, outside of the region that
    /// cleans up after the handlers.
    fn end_handler(&mut self, name: Option<&Name>, end: Label) {
        let regions = self.unit().open_regions();
        self.unit().leave_handler();
        self.emit(Instruction::PopException, Span::NONE);
        if let Some(name) = name {
            self.unbind(name);
        }
        self.unit().jump(Instruction::Jump, end, Span::NONE);
        self.unit().set_open_regions(regions);
    }

    /// The end of every handler's cleanup: `previous, index, exception →`.
    fn pop_and_reraise(&mut self) {
        self.emit(Instruction::Copy(3), Span::NONE);
        self.emit(Instruction::PopException, Span::NONE);
        self.emit(Instruction::Reraise(1), Span::NONE);
    }

    pub(super) fn try_finally(&mut self, try_: &'c Try, span: Span) -> Compiled {
        let (fail, cleanup, end) = (
            self.unit().label(),
            self.unit().label(),
            self.unit().label(),
        );
        self.unit().enter_handler(fail, false, 0);
        self.push_block(Block::Finally(&try_.finally), span)?;
        if try_.handlers.is_empty() {
            self.statements(&try_.body)?;
        } else {
            self.try_except(try_, span)?;
        }
        self.pop_block();
        self.unit().leave_handler();
        self.statements(&try_.finally)?;
        self.unit().jump(Instruction::Jump, end, Span::NONE);

        self.unit().place(fail);
        self.unit().enter_handler(cleanup, true, 0);
        self.push_block(Block::FinallyEnd, span)?;
        self.emit(Instruction::PushExceptionInfo, Span::NONE);
        self.statements(&try_.finally)?;
        self.pop_block();
        self.emit(Instruction::Reraise(0), Span::NONE);
        self.unit().leave_handler();
        self.unit().place(cleanup);
        self.pop_and_reraise();
        self.unit().place(end);
        Ok(())
    }

    pub(super) fn with(
        &mut self,
        items: &'c [WithItem],
        body: &'c [Statement],
        span: Span,
    ) -> Compiled {
        let Some((item, rest)) = items.split_first() else {
            return self.statements(body);
        };
        let context = item.context.span;
        let (fail, suppress, cleanup, end) = (
            self.unit().label(),
            self.unit().label(),
            self.unit().label(),
            self.unit().label(),
        );
        self.value(&item.context)?;
        self.emit(Instruction::Copy(1), context);
        self.emit(Instruction::LoadSpecial(SpecialMethod::Exit), context);
        self.emit(Instruction::Swap(2), context);
        self.emit(Instruction::Swap(3), context);
        self.emit(Instruction::LoadSpecial(SpecialMethod::Enter), context);
        self.emit(Instruction::Call(0), context);
        // The result of `__enter__` is not kept.
        self.unit().enter_handler(fail, true, 1);
        self.push_block(Block::With(context), span)?;
        match &item.target {
            Some(target) => self.store(target)?,
            None => self.emit(Instruction::PopTop, context),
        }
        self.with(rest, body, span)?;
        self.pop_block();
        self.unit().leave_handler();
        self.call_exit(context);
        self.emit(Instruction::PopTop, context);
        self.unit().jump(Instruction::Jump, end, Span::NONE);

        self.unit().place(fail);
        self.unit().enter_handler(cleanup, true, 0);
        self.emit(Instruction::PushExceptionInfo, context);
        self.emit(Instruction::WithExceptStart, context);
        self.unit()
            .jump(Instruction::PopJumpIfTrue, suppress, context);
        self.emit(Instruction::Reraise(2), context);
        self.unit().place(suppress);
        self.emit(Instruction::PopTop, context);
        self.unit().leave_handler();
        self.emit(Instruction::PopException, context);
        for _ in 0..3 {
            self.emit(Instruction::PopTop, context);
        }
        self.unit().jump(Instruction::Jump, end, Span::NONE);
        self.unit().place(cleanup);
        self.pop_and_reraise();
        self.unit().place(end);
        Ok(())
    }
}
