//! Annotations, compiled to a function that makes their dict.
//!
//! `__annotate__(format)` evaluates the expressions when somebody asks for the annotations; formats
//! above 2 are for it to refuse. Those of a class or module whose statements may not have run are
//! entered only if they did: each such statement adds its place to a set.

use super::function::Pushed;
use super::unit::{Unit, UnitKind};
use super::{Compiled, Compiler};
use crate::code::{Constant, Name};
use crate::instruction::{Comparison, Instruction};
use crate::symbols::{CLASS_DICT, CONDITIONAL};
use crate::tree::{Annotations, Expression, ExpressionKind, Span};

/// What annotations belong to.
pub(super) enum Owner {
    /// The body being compiled: a module or class.
    Body,
    /// A function of this qualified name.
    Function(Name),
}

impl<'c> Compiler<'c> {
    /// Binds `__annotate__` of a module, before its statements run.
    pub(super) fn module_annotations(
        &mut self,
        annotations: Option<&'c Annotations>,
        span: Span,
    ) -> Compiled {
        let Some(annotations) = annotations else {
            return Ok(());
        };
        self.annotate_function(annotations, &Owner::Body, span)?;
        self.store_plain("__annotate__", span);
        self.emit(Instruction::BuildSet(0), span);
        self.store_plain(CONDITIONAL, span);
        Ok(())
    }

    /// Notes that the statement of an annotation ran.
    pub(super) fn note_annotation(&mut self, place: u32, span: Span) {
        if self.unit().kind == UnitKind::Class {
            let cell = self.cell_operand(CONDITIONAL);
            self.emit(Instruction::LoadDeref(cell), span);
        } else {
            self.load_name(&CONDITIONAL.into(), span);
        }
        self.constant(Constant::Int(i64::from(place)), span);
        self.emit(Instruction::SetAdd(1), span);
        self.emit(Instruction::PopTop, span);
    }

    /// Pushes the function that makes the annotations.
    pub(super) fn annotate_function(
        &mut self,
        annotations: &'c Annotations,
        owner: &Owner,
        span: Span,
    ) -> Compiled {
        let name: Name = "__annotate__".into();
        let qualname = match owner {
            Owner::Body if self.unit().kind == UnitKind::Module => name.clone(),
            Owner::Body => format!("{}.__annotate__", self.unit().qualname).into(),
            Owner::Function(qualname) => format!("{qualname}.__annotate__").into(),
        };
        let mut unit = Unit::new(UnitKind::Annotations, annotations.scope, name, qualname);
        unit.first_line = match owner {
            Owner::Body => self.unit().first_line,
            Owner::Function(_) => self.lines.line(span.start),
        };
        unit.variables.place(&"format".into());
        unit.argument_count = 1;
        unit.positional_only_count = 1;
        self.units.push(unit);
        self.annotate_body(annotations, owner, span)?;
        let code = Constant::Code(self.finish_unit(None));
        self.make_function(code, annotations.scope, Pushed::default(), span);
        Ok(())
    }

    fn annotate_body(
        &mut self,
        annotations: &'c Annotations,
        owner: &Owner,
        span: Span,
    ) -> Compiled {
        if self.table.is_in_class(annotations.scope) {
            let cell = self.free_operand(CLASS_DICT);
            self.emit(Instruction::UseNamespace(cell), span);
        }
        self.emit(Instruction::LoadFast(0), span);
        self.constant(Constant::Int(2), span);
        self.emit(Instruction::Compare(Comparison::Greater), span);
        let supported = self.unit().label();
        self.unit()
            .jump(Instruction::PopJumpIfFalse, supported, span);
        self.emit(Instruction::LoadNotImplementedError, span);
        self.emit(Instruction::Raise(1), span);
        self.unit().place(supported);
        if let Owner::Function(_) = owner {
            for annotation in &annotations.entries {
                let name = self.mangled(&annotation.name.name);
                self.constant(Constant::Str(name), span);
                self.annotation(&annotation.value)?;
            }
            self.emit(
                Instruction::BuildMap(annotations.entries.len() as u32),
                span,
            );
            self.emit(Instruction::Return, span);
            return Ok(());
        }
        self.emit(Instruction::BuildMap(0), span);
        for (place, annotation) in annotations.entries.iter().enumerate() {
            let at = annotation.span;
            let skip = self.unit().label();
            if annotation.noted {
                self.constant(Constant::Int(place as i64), at);
                self.load_name(&CONDITIONAL.into(), at);
                self.emit(Instruction::Contains(false), at);
                self.unit().jump(Instruction::PopJumpIfFalse, skip, at);
            }
            self.annotation(&annotation.value)?;
            self.emit(Instruction::Copy(2), span);
            let name = self.mangled(&annotation.name.name);
            self.constant(Constant::Str(name), span);
            self.emit(Instruction::StoreSubscript, span);
            self.unit().place(skip);
        }
        self.emit(Instruction::Return, span);
        Ok(())
    }

    fn annotation(&mut self, value: &'c Expression) -> Compiled {
        match &value.kind {
            // `*args: *types` stands for the one item.
            ExpressionKind::Starred(item) => {
                self.value(item)?;
                self.emit(Instruction::UnpackSequence(1), value.span);
                Ok(())
            }
            _ => self.value(value),
        }
    }
}
