//! Classes.
//!
//! A class body is a function without parameters that runs in the namespace of the class. The call of
//! `__build_class__` runs it. A body whose methods use `__class__` ends by storing the cell in the
//! namespace, as `__classcell__`, and returning it.

use super::annotations::Owner;
use super::function::Pushed;
use super::unit::{Unit, UnitKind};
use super::{Compiled, Compiler, clean_docstring, docstring};
use crate::code::{Constant, Name};
use crate::instruction::Instruction;
use crate::symbols::{CLASS_DICT, CONDITIONAL};
use crate::tree::{ClassDefinition, Expression, ExpressionKind, Span};

impl<'c> Compiler<'c> {
    pub(super) fn class(&mut self, class: &'c ClassDefinition, span: Span) -> Compiled {
        for decorator in &class.decorators {
            self.value(decorator)?;
        }
        let name = &class.name.name;
        let first_line = self.first_line(&class.decorators, span);
        let code = self.class_body(class, first_line)?;
        self.emit(Instruction::LoadBuildClass, span);
        self.emit(Instruction::PushNull, span);
        self.make_function(code, class.scope, Pushed::default(), span);
        self.constant(Constant::Str(name.clone()), span);
        self.check_keywords(&class.keywords)?;
        self.arguments(2, &class.bases, &class.keywords, span)?;
        for decorator in class.decorators.iter().rev() {
            self.emit(Instruction::Call(0), decorator.span);
        }
        self.store_name(name, span);
        Ok(())
    }

    fn class_body(
        &mut self,
        class: &'c ClassDefinition,
        first_line: u32,
    ) -> Result<Constant, crate::error::CompileError> {
        let name = &class.name.name;
        let qualname = self.qualname(UnitKind::Class, name);
        let mut unit = Unit::new(UnitKind::Class, class.scope, name.clone(), qualname.clone());
        unit.first_line = first_line;
        self.units.push(unit);
        let span = self.lines.start_of(first_line);
        self.load_name(&"__name__".into(), span);
        self.store_plain("__module__", span);
        self.constant(Constant::Str(qualname), span);
        self.store_plain("__qualname__", span);
        self.constant(Constant::Int(i64::from(first_line)), span);
        self.store_plain("__firstlineno__", span);
        let mut body = class.body.as_slice();
        if let Some((text, span)) = docstring(body) {
            self.constant(Constant::Str(clean_docstring(text)), span);
            self.store_plain("__doc__", span);
            body = &body[1..];
        }
        let cells = &self.table.scope(class.scope).cells;
        let has_class_dict = cells.contains(CLASS_DICT);
        if has_class_dict {
            let cell = self.cell_operand(CLASS_DICT);
            self.emit(Instruction::LoadNamespace, span);
            self.emit(Instruction::StoreDeref(cell), span);
        }
        if cells.contains(CONDITIONAL) {
            let cell = self.cell_operand(CONDITIONAL);
            self.emit(Instruction::BuildSet(0), span);
            self.emit(Instruction::StoreDeref(cell), span);
        }
        self.statements(body)?;
        if let Some(annotations) = &class.annotations {
            self.annotate_function(annotations, &Owner::Body, span)?;
            self.store_plain("__annotate_func__", span);
        }
        let attributes: Vec<Constant> = std::mem::take(&mut self.unit().static_attributes)
            .into_iter()
            .map(Constant::Str)
            .collect();
        self.constant(Constant::Tuple(attributes.into()), span);
        self.store_plain("__static_attributes__", span);
        if has_class_dict {
            let cell = self.cell_operand(CLASS_DICT);
            self.emit(Instruction::LoadClosure(cell), span);
            self.store_plain("__classdictcell__", span);
        }
        if self.table.scope(class.scope).cells.contains("__class__") {
            let cell = self.cell_operand("__class__");
            self.emit(Instruction::LoadClosure(cell), span);
            self.emit(Instruction::Copy(1), span);
            self.store_plain("__classcell__", span);
        } else {
            self.constant(Constant::None, span);
        }
        self.emit(Instruction::Return, span);
        Ok(Constant::Code(self.finish_unit(None)))
    }

    /// Notes an assignment to an attribute of `self` for the class around.
    pub(super) fn note_static_attribute(&mut self, object: &Expression, attribute: &Name) {
        let ExpressionKind::Name(object) = &object.kind else {
            return;
        };
        if &**object != "self" {
            return;
        }
        let outer = self.units.len().saturating_sub(1);
        let class =
            (self.units[..outer].iter_mut().rev()).find(|unit| unit.kind == UnitKind::Class);
        if let Some(class) = class {
            class.static_attributes.insert(attribute.clone());
        }
    }
}
