//! The first pass: what each scope does with each name.

use std::collections::{BTreeSet, HashMap};

use super::{CLASS_DICT, CONDITIONAL, Scope, ScopeKind, Symbol, SymbolTable, mangle, note};
use crate::code::Name;
use crate::error::CompileError;
use crate::lines::Lines;
use crate::tree::{
    Annotations, Body, ClassDefinition, Comprehension, ComprehensionKind, Expression,
    ExpressionKind, ForClause, FunctionDefinition, Identifier, Keyword, Lambda, Module, Parameters,
    ScopeId, Span, Statement, StatementKind, StringPart, Try,
};

type Collected = Result<(), CompileError>;

struct Collector<'l> {
    lines: &'l Lines<'l>,
    scopes: Vec<Option<Scope>>,
    current: ScopeId,
    /// Whether the expression lies in the iterable of a comprehension, by scope.
    iterables: Vec<ScopeId>,
}

pub(super) fn collect(lines: &Lines<'_>, module: &Module) -> Result<SymbolTable, CompileError> {
    let mut collector = Collector {
        lines,
        scopes: (0..module.scope_count).map(|_| None).collect(),
        current: 0,
        iterables: Vec::new(),
    };
    collector.scopes[0] = Some(Scope {
        kind: ScopeKind::Module,
        private: None,
        is_generator: false,
        parent: None,
        symbols: Vec::new(),
        index: HashMap::new(),
        captured: BTreeSet::new(),
        cells: BTreeSet::new(),
        frees: BTreeSet::new(),
    });
    match &module.body {
        Body::Statements(statements) => collector.statements(statements)?,
        Body::Expression(expression) => collector.load(expression)?,
    }
    collector.annotations(module.annotations.as_ref())?;
    // Every number was given to a node of the tree, and the walk visits all of them.
    let scopes = collector.scopes.into_iter().flatten().collect();
    Ok(SymbolTable { scopes })
}

impl Collector<'_> {
    fn scope(&mut self, id: ScopeId) -> &mut Scope {
        self.scopes[id as usize]
            .as_mut()
            .expect("a scope is entered before it is used")
    }

    fn here(&mut self) -> &mut Scope {
        self.scope(self.current)
    }

    fn error(&self, span: Span, message: impl Into<String>) -> Collected {
        Err(CompileError::Syntax {
            message: message.into(),
            place: self.lines.place(span),
        })
    }

    fn mangled(&mut self, name: &Name) -> Name {
        mangle(self.here().private.as_deref(), name)
    }

    fn inside(
        &mut self,
        id: ScopeId,
        kind: ScopeKind,
        class: Option<&Name>,
        visit: impl FnOnce(&mut Self) -> Collected,
    ) -> Collected {
        let parent = self.current;
        let private = match class {
            Some(class) => Some(class.clone()),
            None => self.here().private.clone(),
        };
        self.scopes[id as usize] = Some(Scope {
            kind,
            private,
            is_generator: kind == ScopeKind::Comprehension(ComprehensionKind::Generator),
            parent: Some(parent),
            symbols: Vec::new(),
            index: HashMap::new(),
            captured: BTreeSet::new(),
            cells: BTreeSet::new(),
            frees: BTreeSet::new(),
        });
        self.current = id;
        visit(self)?;
        self.current = parent;
        Ok(())
    }

    /// Notes something about a name in a scope, and gives back what was noted before.
    fn note(&mut self, id: ScopeId, name: Name, notes: u8, span: Span) -> u8 {
        let scope = self.scope(id);
        match scope.index.get(&name) {
            Some(index) => {
                let symbol = &mut scope.symbols[*index];
                let before = symbol.notes;
                symbol.notes |= notes;
                if notes & note::NONLOCAL != 0 && before & note::NONLOCAL == 0 {
                    symbol.declared = span;
                }
                before
            }
            None => {
                scope.index.insert(name.clone(), scope.symbols.len());
                scope.symbols.push(Symbol {
                    name,
                    notes,
                    declared: span,
                });
                0
            }
        }
    }

    fn bind(&mut self, name: &Name, span: Span) -> Collected {
        if &**name == "__debug__" {
            return self.error(span, "cannot assign to __debug__");
        }
        let name = self.mangled(name);
        let current = self.current;
        self.note(current, name, note::BOUND, span);
        Ok(())
    }

    fn statements(&mut self, statements: &[Statement]) -> Collected {
        statements
            .iter()
            .try_for_each(|statement| self.statement(statement))
    }

    fn statement(&mut self, statement: &Statement) -> Collected {
        match &statement.kind {
            StatementKind::Function(function) => self.function(function),
            StatementKind::Class(class) => self.class(class),
            StatementKind::Return(value) => self.optional(value.as_ref()),
            StatementKind::Delete(targets) => self.stores(targets),
            StatementKind::Assign { targets, value } => {
                self.load(value)?;
                self.stores(targets)
            }
            StatementKind::AugmentedAssign { target, value, .. } => {
                self.store(target)?;
                self.load(value)
            }
            StatementKind::AnnotatedAssign {
                target,
                value,
                simple,
                ..
            } => self.annotated(target, value.as_ref(), *simple),
            StatementKind::For {
                target,
                iterable,
                body,
                otherwise,
            } => {
                self.store(target)?;
                self.load(iterable)?;
                self.statements(body)?;
                self.statements(otherwise)
            }
            StatementKind::While {
                test,
                body,
                otherwise,
            } => {
                self.load(test)?;
                self.statements(body)?;
                self.statements(otherwise)
            }
            StatementKind::If(branches) => {
                for (test, body) in branches {
                    self.optional(test.as_ref())?;
                    self.statements(body)?;
                }
                Ok(())
            }
            StatementKind::With { items, body } => {
                for item in items {
                    self.load(&item.context)?;
                    if let Some(target) = &item.target {
                        self.store(target)?;
                    }
                }
                self.statements(body)
            }
            StatementKind::Raise { exception, cause } => {
                self.optional(exception.as_ref())?;
                self.optional(cause.as_ref())
            }
            StatementKind::Try(try_) => self.try_(try_),
            StatementKind::Assert { test, message } => {
                self.load(test)?;
                self.optional(message.as_ref())
            }
            StatementKind::Import(names) => {
                for alias in names {
                    match &alias.alias {
                        Some(name) => self.bind(name, alias.span)?,
                        None => {
                            let first = alias.name.split('.').next().unwrap_or("");
                            self.bind(&first.into(), alias.span)?;
                        }
                    }
                }
                Ok(())
            }
            StatementKind::ImportFrom { names, star, .. } => {
                if let Some(span) = star
                    && self.current != 0
                {
                    return self.error(*span, "import * only allowed at module level");
                }
                for alias in names {
                    let name = alias.alias.as_ref().unwrap_or(&alias.name);
                    self.bind(name, alias.span)?;
                }
                Ok(())
            }
            StatementKind::Global(names) => {
                self.declare(names, statement.span, "global", note::GLOBAL)
            }
            StatementKind::Nonlocal(names) => {
                if self.current == 0 {
                    let message = "nonlocal declaration not allowed at module level";
                    return self.error(statement.span, message);
                }
                self.declare(names, statement.span, "nonlocal", note::NONLOCAL)
            }
            StatementKind::Expression(value) => self.load(value),
            StatementKind::Pass | StatementKind::Break | StatementKind::Continue => Ok(()),
        }
    }

    /// A `global` or `nonlocal` statement, which must come before any use of its names.
    fn declare(&mut self, names: &[Name], span: Span, word: &str, bit: u8) -> Collected {
        for name in names {
            let name = self.mangled(name);
            let current = self.current;
            let before = self.note(current, name.clone(), bit, span);
            if bit == note::GLOBAL && current != 0 {
                // The module's own code then uses the globals too, not its namespace.
                self.note(0, name.clone(), note::GLOBAL, span);
            }
            let problem = if before & note::PARAMETER != 0 {
                format!("name '{name}' is parameter and {word}")
            } else if before & note::USED != 0 {
                format!("name '{name}' is used prior to {word} declaration")
            } else if before & note::ANNOTATED != 0 {
                format!("annotated name '{name}' can't be {word}")
            } else if before & note::BOUND != 0 {
                format!("name '{name}' is assigned to before {word} declaration")
            } else if (before | bit) & (note::GLOBAL | note::NONLOCAL)
                == note::GLOBAL | note::NONLOCAL
            {
                format!("name '{name}' is nonlocal and global")
            } else {
                continue;
            };
            return self.error(span, problem);
        }
        Ok(())
    }

    fn annotated(
        &mut self,
        target: &Expression,
        value: Option<&Expression>,
        simple: bool,
    ) -> Collected {
        if let ExpressionKind::Name(name) = &target.kind {
            let mangled = self.mangled(name);
            let before = self.here().notes(&mangled);
            if simple && self.current != 0 && before & (note::GLOBAL | note::NONLOCAL) != 0 {
                let word = if before & note::GLOBAL != 0 {
                    "global"
                } else {
                    "nonlocal"
                };
                let message = format!("annotated name '{name}' can't be {word}");
                return self.error(target.span, message);
            }
            if simple || value.is_some() {
                self.bind(name, target.span)?;
            }
            if simple {
                let current = self.current;
                self.note(current, mangled, note::ANNOTATED, target.span);
            }
        } else {
            self.store(target)?;
        }
        self.optional(value)
    }

    fn function(&mut self, function: &FunctionDefinition) -> Collected {
        self.bind(&function.name.name, function.name.span)?;
        self.defaults(&function.parameters)?;
        for decorator in &function.decorators {
            self.load(decorator)?;
        }
        self.annotations(function.annotations.as_ref())?;
        self.inside(function.scope, ScopeKind::Function, None, |collector| {
            collector.parameters(&function.parameters)?;
            collector.statements(&function.body)
        })
    }

    fn lambda(&mut self, lambda: &Lambda) -> Collected {
        self.defaults(&lambda.parameters)?;
        self.inside(lambda.scope, ScopeKind::Lambda, None, |collector| {
            collector.parameters(&lambda.parameters)?;
            collector.load(&lambda.body)
        })
    }

    fn defaults(&mut self, parameters: &Parameters) -> Collected {
        (parameters.positional_only.iter())
            .chain(&parameters.positional)
            .chain(&parameters.keyword_only)
            .filter_map(|parameter| parameter.default.as_ref())
            .try_for_each(|default| self.load(default))
    }

    fn parameters(&mut self, parameters: &Parameters) -> Collected {
        for Identifier { name, span } in parameters.in_slot_order() {
            self.bind(name, *span)?;
            let mangled = self.mangled(name);
            let current = self.current;
            let before = self.note(current, mangled, note::PARAMETER, *span);
            if before & note::PARAMETER != 0 {
                let message = format!("duplicate parameter '{name}' in function definition");
                return self.error(*span, message);
            }
        }
        Ok(())
    }

    fn class(&mut self, class: &ClassDefinition) -> Collected {
        self.bind(&class.name.name, class.name.span)?;
        for decorator in &class.decorators {
            self.load(decorator)?;
        }
        self.loads(&class.bases)?;
        self.keywords(&class.keywords)?;
        let name = &class.name.name;
        self.inside(class.scope, ScopeKind::Class, Some(name), |collector| {
            collector.statements(&class.body)?;
            collector.annotations(class.annotations.as_ref())
        })
    }

    /// The annotations of the current scope, or of a function in it.
    fn annotations(&mut self, annotations: Option<&Annotations>) -> Collected {
        let Some(annotations) = annotations else {
            return Ok(());
        };
        let is_in_class = self.here().kind == ScopeKind::Class;
        self.inside(
            annotations.scope,
            ScopeKind::Annotations,
            None,
            |collector| {
                let current = collector.current;
                if is_in_class {
                    collector.note(current, CLASS_DICT.into(), note::USED, Span::NONE);
                }
                if annotations.has_noted() {
                    collector.note(current, CONDITIONAL.into(), note::USED, Span::NONE);
                }
                (annotations.entries.iter())
                    .try_for_each(|annotation| collector.load(&annotation.value))
            },
        )
    }

    fn try_(&mut self, try_: &Try) -> Collected {
        self.statements(&try_.body)?;
        for handler in &try_.handlers {
            self.optional(handler.kind.as_ref())?;
            if let Some(name) = &handler.name {
                self.bind(&name.name, name.span)?;
            }
            self.statements(&handler.body)?;
        }
        self.statements(&try_.otherwise)?;
        self.statements(&try_.finally)
    }

    fn keywords(&mut self, keywords: &[Keyword]) -> Collected {
        for keyword in keywords {
            if let Some(name) = &keyword.name
                && &**name == "__debug__"
            {
                return self.error(keyword.span, "cannot assign to __debug__");
            }
            self.load(&keyword.value)?;
        }
        Ok(())
    }

    fn optional(&mut self, expression: Option<&Expression>) -> Collected {
        expression.map_or(Ok(()), |expression| self.load(expression))
    }

    fn loads(&mut self, expressions: &[Expression]) -> Collected {
        expressions
            .iter()
            .try_for_each(|expression| self.load(expression))
    }

    fn stores(&mut self, targets: &[Expression]) -> Collected {
        targets.iter().try_for_each(|target| self.store(target))
    }

    /// A target of an assignment or `del`.
    fn store(&mut self, target: &Expression) -> Collected {
        match &target.kind {
            ExpressionKind::Name(name) => self.bind(name, target.span),
            ExpressionKind::Tuple(targets) | ExpressionKind::List(targets) => self.stores(targets),
            ExpressionKind::Starred(target) => self.store(target),
            ExpressionKind::Attribute(_, name) if &**name == "__debug__" => {
                self.error(target.span, "cannot assign to __debug__")
            }
            _ => self.load(target),
        }
    }

    fn load(&mut self, expression: &Expression) -> Collected {
        match &expression.kind {
            ExpressionKind::Constant(_) => Ok(()),
            ExpressionKind::Name(name) => {
                self.use_name(name);
                Ok(())
            }
            ExpressionKind::Boolean(_, values)
            | ExpressionKind::Set(values)
            | ExpressionKind::List(values)
            | ExpressionKind::Tuple(values) => self.loads(values),
            ExpressionKind::Named(named) => self.named(&named.0, &named.1),
            ExpressionKind::Binary(_, operands) => {
                self.load(&operands.0)?;
                self.load(&operands.1)
            }
            ExpressionKind::Unary(_, operand)
            | ExpressionKind::Not(operand)
            | ExpressionKind::Attribute(operand, _)
            | ExpressionKind::Starred(operand) => self.load(operand),
            ExpressionKind::Lambda(lambda) => self.lambda(lambda),
            ExpressionKind::Conditional(conditional) => {
                self.load(&conditional.test)?;
                self.load(&conditional.body)?;
                self.load(&conditional.otherwise)
            }
            ExpressionKind::Dict(items) => {
                for (key, value) in items {
                    self.optional(key.as_ref())?;
                    self.load(value)?;
                }
                Ok(())
            }
            ExpressionKind::Comprehension(comprehension) => self.comprehension(comprehension),
            ExpressionKind::Yield(value) => {
                self.optional(value.as_deref())?;
                self.yields(expression.span)
            }
            ExpressionKind::YieldFrom(value) => {
                self.load(value)?;
                self.yields(expression.span)
            }
            ExpressionKind::Compare(left, rest) => {
                self.load(left)?;
                rest.iter().try_for_each(|(_, right)| self.load(right))
            }
            ExpressionKind::Call(call) => {
                self.load(&call.function)?;
                self.loads(&call.arguments)?;
                self.keywords(&call.keywords)
            }
            ExpressionKind::JoinedString(parts) => self.parts(parts),
            ExpressionKind::Subscript(parts) => {
                self.load(&parts.0)?;
                self.load(&parts.1)
            }
            ExpressionKind::Slice(bounds) => bounds
                .iter()
                .flatten()
                .try_for_each(|bound| self.load(bound)),
        }
    }

    fn parts(&mut self, parts: &[StringPart]) -> Collected {
        for part in parts {
            if let StringPart::Value {
                value,
                specification,
                ..
            } = part
            {
                self.load(value)?;
                if let Some(parts) = specification {
                    self.parts(parts)?;
                }
            }
        }
        Ok(())
    }

    fn use_name(&mut self, name: &Name) {
        let mangled = self.mangled(name);
        let current = self.current;
        self.note(current, mangled, note::USED, Span::NONE);
        // A call of `super` without arguments reads the class from this variable.
        if &**name == "super" && self.here().is_function_like() {
            self.note(current, "__class__".into(), note::USED, Span::NONE);
        }
    }

    fn yields(&mut self, span: Span) -> Collected {
        let inside = match self.here().kind {
            ScopeKind::Comprehension(ComprehensionKind::List) => "list comprehension",
            ScopeKind::Comprehension(ComprehensionKind::Set) => "set comprehension",
            ScopeKind::Comprehension(ComprehensionKind::Dict) => "dict comprehension",
            ScopeKind::Comprehension(ComprehensionKind::Generator) => "generator expression",
            ScopeKind::Annotations => {
                let message = "yield expression cannot be used within an annotation";
                return self.error(span, message);
            }
            _ => {
                self.here().is_generator = true;
                return Ok(());
            }
        };
        self.error(span, format!("'yield' inside {inside}"))
    }

    /// `target := value`, which in a comprehension binds in the scope around it.
    fn named(&mut self, target: &Identifier, value: &Expression) -> Collected {
        if self.iterables.contains(&self.current) {
            let span = target.span.to(value.span);
            let message =
                "assignment expression cannot be used in a comprehension iterable expression";
            return self.error(span, message);
        }
        if self.here().kind == ScopeKind::Annotations {
            let message = "named expression cannot be used within an annotation";
            return self.error(target.span.to(value.span), message);
        }
        if matches!(self.here().kind, ScopeKind::Comprehension(_)) {
            self.named_in_comprehension(target)?;
        }
        self.load(value)?;
        self.bind(&target.name, target.span)
    }

    fn named_in_comprehension(&mut self, target: &Identifier) -> Collected {
        let name = self.mangled(&target.name);
        let current = self.current;
        let mut id = current;
        loop {
            let (kind, parent, notes) = {
                let scope = self.scope(id);
                (scope.kind, scope.parent, scope.notes(&name))
            };
            match kind {
                ScopeKind::Comprehension(_) => {
                    if notes & note::ITERATION != 0 {
                        let message = format!(
                            "assignment expression cannot rebind comprehension iteration variable \
                             '{name}'"
                        );
                        return self.error(target.span, message);
                    }
                }
                ScopeKind::Annotations => {
                    let message = "named expression cannot be used within an annotation";
                    return self.error(target.span, message);
                }
                ScopeKind::Function | ScopeKind::Lambda => {
                    let declared = notes & note::GLOBAL;
                    self.note(current, name.clone(), note::OUTER | declared, target.span);
                    self.note(id, name, note::BOUND, target.span);
                    return Ok(());
                }
                ScopeKind::Module => {
                    self.note(current, name.clone(), note::GLOBAL, target.span);
                    self.note(id, name, note::GLOBAL, target.span);
                    return Ok(());
                }
                ScopeKind::Class => {
                    let message = "assignment expression within a comprehension cannot be used in \
                                   a class body";
                    return self.error(target.span, message);
                }
            }
            match parent {
                Some(parent) => id = parent,
                None => return Ok(()),
            }
        }
    }

    fn comprehension(&mut self, comprehension: &Comprehension) -> Collected {
        let Some((first, rest)) = comprehension.clauses.split_first() else {
            return Ok(());
        };
        self.iterable(&first.iterable)?;
        let kind = ScopeKind::Comprehension(comprehension.kind);
        self.inside(comprehension.scope, kind, None, |collector| {
            if comprehension.kind == ComprehensionKind::Generator {
                let current = collector.current;
                let notes = note::BOUND | note::PARAMETER;
                collector.note(current, ".0".into(), notes, Span::NONE);
            }
            collector.clause(first)?;
            for clause in rest {
                collector.clause_target(&clause.target)?;
                collector.iterable(&clause.iterable)?;
                collector.loads(&clause.conditions)?;
            }
            collector.optional(comprehension.value.as_ref())?;
            collector.load(&comprehension.element)
        })
    }

    fn clause(&mut self, clause: &ForClause) -> Collected {
        self.clause_target(&clause.target)?;
        self.loads(&clause.conditions)
    }

    fn iterable(&mut self, iterable: &Expression) -> Collected {
        self.iterables.push(self.current);
        let result = self.load(iterable);
        self.iterables.pop();
        result
    }

    fn clause_target(&mut self, target: &Expression) -> Collected {
        match &target.kind {
            ExpressionKind::Name(name) => {
                let mangled = self.mangled(name);
                let current = self.current;
                let before = self.note(current, mangled, note::ITERATION, target.span);
                if before & (note::OUTER | note::GLOBAL) != 0 {
                    let message = format!(
                        "comprehension inner loop cannot rebind assignment expression target \
                         '{name}'"
                    );
                    return self.error(target.span, message);
                }
                self.bind(name, target.span)
            }
            ExpressionKind::Tuple(targets) | ExpressionKind::List(targets) => targets
                .iter()
                .try_for_each(|target| self.clause_target(target)),
            ExpressionKind::Starred(target) => self.clause_target(target),
            _ => self.load(target),
        }
    }
}
