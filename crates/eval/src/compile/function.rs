//! Functions and lambdas.

use super::annotations::Owner;
use super::unit::{Unit, UnitKind};
use super::{Compiled, Compiler, clean_docstring, docstring};
use crate::code::{Constant, Flags, Name};
use crate::instruction::{FunctionAttribute, Instruction};
use crate::tree::{Expression, FunctionDefinition, Lambda, Parameter, Parameters, ScopeId, Span};

/// What lies on the stack for a function that is made, the defaults lowest.
#[derive(Clone, Copy, Default)]
pub(super) struct Pushed {
    pub(super) defaults: bool,
    pub(super) keyword_defaults: bool,
    pub(super) annotate: bool,
}

impl<'c> Compiler<'c> {
    pub(super) fn function(&mut self, function: &'c FunctionDefinition, span: Span) -> Compiled {
        for decorator in &function.decorators {
            self.value(decorator)?;
        }
        let first_line = self.first_line(&function.decorators, span);
        let mut pushed = self.defaults(&function.parameters, span)?;
        let name = &function.name.name;
        if let Some(annotations) = &function.annotations {
            let owner = Owner::Function(self.qualname(UnitKind::Function, name));
            self.annotate_function(annotations, &owner, span)?;
            pushed.annotate = true;
        }
        self.open_function(UnitKind::Function, function.scope, name, first_line);
        self.parameters(&function.parameters);
        let documentation = docstring(&function.body).map(|(text, _)| clean_docstring(text));
        if let Some(text) = &documentation {
            self.unit().constant(Constant::Str(text.clone()));
        }
        let body = &function.body[usize::from(documentation.is_some())..];
        self.generator_body(function.scope, |compiler| {
            compiler.statements(body)?;
            compiler.constant(Constant::None, Span::NONE);
            compiler.emit(Instruction::Return, Span::NONE);
            Ok(())
        })?;
        let code = Constant::Code(self.finish_unit(documentation));
        self.make_function(code, function.scope, pushed, span);
        for decorator in function.decorators.iter().rev() {
            self.emit(Instruction::Call(0), decorator.span);
        }
        self.store_name(name, span);
        Ok(())
    }

    pub(super) fn lambda(&mut self, lambda: &'c Lambda, span: Span) -> Compiled {
        let pushed = self.defaults(&lambda.parameters, span)?;
        let first_line = self.lines.line(span.start);
        let name: Name = "<lambda>".into();
        self.open_function(UnitKind::Lambda, lambda.scope, &name, first_line);
        self.parameters(&lambda.parameters);
        self.generator_body(lambda.scope, |compiler| {
            compiler.value(&lambda.body)?;
            compiler.emit(Instruction::Return, lambda.body.span);
            Ok(())
        })?;
        let code = Constant::Code(self.finish_unit(None));
        self.make_function(code, lambda.scope, pushed, span);
        Ok(())
    }

    /// The line of a definition: that of its first decorator.
    pub(super) fn first_line(&self, decorators: &[Expression], span: Span) -> u32 {
        let start = decorators
            .first()
            .map_or(span.start, |first| first.span.start);
        self.lines.line(start)
    }

    /// Opens the unit of a nested function.
    pub(super) fn open_function(
        &mut self,
        kind: UnitKind,
        scope: ScopeId,
        name: &Name,
        first_line: u32,
    ) {
        let qualname = self.qualname(kind, name);
        let mut unit = Unit::new(kind, scope, name.clone(), qualname);
        unit.first_line = first_line;
        self.units.push(unit);
    }

    /// The dotted name of what is defined here.
    pub(super) fn qualname(&mut self, kind: UnitKind, name: &Name) -> Name {
        let mangled = self.mangled(name);
        let parent = self.unit();
        if parent.kind == UnitKind::Module {
            return name.clone();
        }
        let (scope, is_class) = (parent.scope, parent.kind == UnitKind::Class);
        let parent_name = parent.qualname.clone();
        if matches!(kind, UnitKind::Function | UnitKind::Class)
            && self.table.is_declared_global(scope, &mangled)
        {
            return name.clone();
        }
        if is_class {
            format!("{parent_name}.{name}").into()
        } else {
            format!("{parent_name}.<locals>.{name}").into()
        }
    }

    /// Gives the parameters the first slots and counts them.
    fn parameters(&mut self, parameters: &Parameters) {
        for parameter in parameters.in_slot_order() {
            let name = self.mangled(&parameter.name);
            self.unit().variables.place(&name);
        }
        let unit = self.unit();
        unit.positional_only_count = parameters.positional_only.len() as u32;
        unit.argument_count =
            (parameters.positional_only.len() + parameters.positional.len()) as u32;
        unit.keyword_only_count = parameters.keyword_only.len() as u32;
        if parameters.var_positional.is_some() {
            unit.extra_flags.insert(Flags::VAR_ARGUMENTS);
        }
        if parameters.var_keyword.is_some() {
            unit.extra_flags.insert(Flags::VAR_KEYWORDS);
        }
    }

    /// Pushes the defaults, and tells which kinds there are.
    fn defaults(
        &mut self,
        parameters: &'c Parameters,
        span: Span,
    ) -> Result<Pushed, crate::error::CompileError> {
        let positional: Vec<&'c Expression> = (parameters.positional_only.iter())
            .chain(&parameters.positional)
            .filter_map(|parameter| parameter.default.as_ref())
            .collect();
        if !positional.is_empty() {
            let constants: Option<Vec<Constant>> = positional
                .iter()
                .map(|default| super::expression::constant_of(default))
                .collect();
            match constants {
                Some(constants) => self.constant(Constant::Tuple(constants.into()), span),
                None => {
                    for default in &positional {
                        self.value(default)?;
                    }
                    self.emit(Instruction::BuildTuple(positional.len() as u32), span);
                }
            }
        }
        let mut keywords = 0;
        for Parameter { name, default } in &parameters.keyword_only {
            if let Some(default) = default {
                let name = self.mangled(&name.name);
                self.constant(Constant::Str(name), span);
                self.value(default)?;
                keywords += 1;
            }
        }
        if keywords > 0 {
            self.emit(Instruction::BuildMap(keywords), span);
        }
        Ok(Pushed {
            defaults: !positional.is_empty(),
            keyword_defaults: keywords > 0,
            annotate: false,
        })
    }

    /// Compiles a body. That of a generator suspends first, and lets no `StopIteration` out.
    pub(super) fn generator_body(
        &mut self,
        scope: ScopeId,
        body: impl FnOnce(&mut Self) -> Compiled,
    ) -> Compiled {
        if !self.table.scope(scope).is_generator {
            return body(self);
        }
        self.emit(Instruction::ReturnGenerator, Span::NONE);
        self.emit(Instruction::PopTop, Span::NONE);
        let stop = self.unit().label();
        self.unit().enter_handler(stop, true, 0);
        body(self)?;
        self.unit().leave_handler();
        if self.unit().kind == UnitKind::Generator {
            // The region keeps the iterator, which the end of the loop has dropped.
            self.constant(Constant::None, Span::NONE);
            self.emit(Instruction::Return, Span::NONE);
        }
        self.unit().place(stop);
        self.emit(Instruction::StopIterationError, Span::NONE);
        self.emit(Instruction::Reraise(1), Span::NONE);
        Ok(())
    }

    /// Pushes a function, whose attributes lie on the stack.
    pub(super) fn make_function(
        &mut self,
        code: Constant,
        scope: ScopeId,
        pushed: Pushed,
        span: Span,
    ) {
        if !self.unit().is_reachable() {
            return;
        }
        let closure = self.closure(scope, span);
        let index = self.unit().constant(code);
        self.emit(Instruction::MakeFunction(index), span);
        let attributes = [
            (closure, FunctionAttribute::Closure),
            (pushed.annotate, FunctionAttribute::Annotate),
            (pushed.keyword_defaults, FunctionAttribute::KeywordDefaults),
            (pushed.defaults, FunctionAttribute::Defaults),
        ];
        for (present, attribute) in attributes {
            if present {
                self.emit(Instruction::SetFunctionAttribute(attribute), span);
            }
        }
    }
}
