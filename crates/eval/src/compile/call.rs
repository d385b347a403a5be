//! Calls.

use std::collections::HashSet;

use super::expression::{Display, STACK_USE};
use super::{Compiled, Compiler};
use crate::code::Constant;
use crate::instruction::Instruction;
use crate::symbols::Access;
use crate::tree::{Call, Expression, ExpressionKind, Keyword, Span};

fn has_unpacking(arguments: &[Expression], keywords: &[Keyword]) -> bool {
    (arguments.iter()).any(|argument| matches!(argument.kind, ExpressionKind::Starred(_)))
        || keywords.iter().any(|keyword| keyword.name.is_none())
}

impl<'c> Compiler<'c> {
    pub(super) fn call(&mut self, call: &'c Call, span: Span) -> Compiled {
        self.check_keywords(&call.keywords)?;
        let count = call.arguments.len() + call.keywords.len();
        if let ExpressionKind::Attribute(object, name) = &call.function.kind
            && !has_unpacking(&call.arguments, &call.keywords)
            && count + usize::from(!call.keywords.is_empty()) < STACK_USE
        {
            self.check_super_argument(object);
            self.value(object)?;
            let function_span = call.function.span;
            let index = self.attribute_name(name);
            let load_span = self.attribute_span(name, function_span, function_span);
            self.emit(Instruction::LoadMethod(index), load_span);
            let span = self.attribute_span(name, function_span, span);
            return self.plain_arguments(0, &call.arguments, &call.keywords, span);
        }
        self.value(&call.function)?;
        self.emit(Instruction::PushNull, call.function.span);
        self.arguments(0, &call.arguments, &call.keywords, span)
    }

    /// Reads the first argument ahead of an attribute of `super()`, so that a deleted one is an
    /// unbound local variable.
    pub(super) fn check_super_argument(&mut self, object: &Expression) {
        let ExpressionKind::Call(call) = &object.kind else {
            return;
        };
        let ExpressionKind::Name(name) = &call.function.kind else {
            return;
        };
        if &**name != "super" || !call.arguments.is_empty() || !call.keywords.is_empty() {
            return;
        }
        let (scope, current) = (self.unit().scope, self.unit().current_scope);
        if self.unit().argument_count == 0
            || self.table.access(current, name) != Access::Global
            || !self.table.scope(scope).frees.contains("__class__")
        {
            return;
        }
        if let Some(first) = self.unit().variables.first() {
            self.load_name(&first, object.span);
            self.emit(Instruction::PopTop, object.span);
        }
    }

    /// Refuses repeated keywords.
    pub(super) fn check_keywords(&mut self, keywords: &[Keyword]) -> Compiled {
        let mut seen = HashSet::new();
        for keyword in keywords {
            if let Some(name) = &keyword.name
                && !seen.insert(name)
            {
                let message = format!("keyword argument repeated: {name}");
                return self.error(keyword.span, message);
            }
        }
        Ok(())
    }

    /// Pushes arguments, of which `pushed` are on the stack already, and calls.
    pub(super) fn arguments(
        &mut self,
        pushed: u32,
        arguments: &'c [Expression],
        keywords: &'c [Keyword],
        span: Span,
    ) -> Compiled {
        let values = pushed as usize + arguments.len() + 2 * keywords.len();
        if !has_unpacking(arguments, keywords) && values <= STACK_USE {
            return self.plain_arguments(pushed, arguments, keywords, span);
        }
        match arguments {
            [
                Expression {
                    kind: ExpressionKind::Starred(only),
                    ..
                },
            ] if pushed == 0 => self.value(only)?,
            _ => self.display(Display::Tuple, arguments, pushed, span)?,
        }
        if keywords.is_empty() {
            self.emit(Instruction::PushNull, span);
        } else {
            self.keyword_dict(keywords, span)?;
        }
        self.emit(Instruction::CallExtended, span);
        Ok(())
    }

    fn plain_arguments(
        &mut self,
        pushed: u32,
        arguments: &'c [Expression],
        keywords: &'c [Keyword],
        span: Span,
    ) -> Compiled {
        for argument in arguments {
            self.value(argument)?;
        }
        let count = pushed + (arguments.len() + keywords.len()) as u32;
        if keywords.is_empty() {
            self.emit(Instruction::Call(count), span);
            return Ok(());
        }
        let mut names = Vec::with_capacity(keywords.len());
        for keyword in keywords {
            self.value(&keyword.value)?;
            if let Some(name) = &keyword.name {
                names.push(Constant::Str(self.mangled(name)));
            }
        }
        self.constant(Constant::Tuple(names.into()), span);
        self.emit(Instruction::CallKeyword(count), span);
        Ok(())
    }

    /// Pushes the dict of a call's keywords.
    fn keyword_dict(&mut self, keywords: &'c [Keyword], span: Span) -> Compiled {
        let mut built = false;
        let mut rest = keywords;
        while let Some(keyword) = rest.first() {
            if keyword.name.is_none() {
                if !built {
                    self.emit(Instruction::BuildMap(0), span);
                    built = true;
                }
                self.value(&keyword.value)?;
                self.emit(Instruction::DictMerge(1), span);
                rest = &rest[1..];
                continue;
            }
            let named = rest.iter().take_while(|keyword| keyword.name.is_some());
            let (now, later) = rest.split_at(named.count());
            let large = now.len() * 2 > STACK_USE;
            if large {
                self.emit(Instruction::BuildMap(0), span);
            }
            for keyword in now {
                if let Some(name) = &keyword.name {
                    let name = self.mangled(name);
                    self.constant(Constant::Str(name), span);
                }
                self.value(&keyword.value)?;
                if large {
                    self.emit(Instruction::MapAdd(1), span);
                }
            }
            if !large {
                self.emit(Instruction::BuildMap(now.len() as u32), span);
            }
            if built {
                self.emit(Instruction::DictMerge(1), span);
            }
            built = true;
            rest = later;
        }
        Ok(())
    }
}
