//! Expressions.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::{Ranged, TextRange};

use super::{Lowered, Lowerer, span};
use crate::code::Constant;
use crate::instruction::{BinaryOperator, Comparison, UnaryOperator};
use crate::tree::{
    Call, CompareOperator, Comprehension, ComprehensionKind, Conditional, Expression,
    ExpressionKind, ForClause, Keyword, Lambda, Parameter, Parameters,
};

/// How many levels of CPython's parser an expression costs for its parts.
fn parser_weight(expression: &Expr) -> u32 {
    match expression {
        Expr::UnaryOp(_) => 1,
        Expr::Lambda(_) | Expr::If(_) => 2,
        Expr::BinOp(binary) if binary.op == ast::Operator::Pow => 2,
        // Brackets cost far more there, but their number is limited already.
        _ => 0,
    }
}

pub(super) fn operator(operator: ast::Operator) -> BinaryOperator {
    match operator {
        ast::Operator::Add => BinaryOperator::Add,
        ast::Operator::Sub => BinaryOperator::Subtract,
        ast::Operator::Mult => BinaryOperator::Multiply,
        ast::Operator::MatMult => BinaryOperator::MatrixMultiply,
        ast::Operator::Div => BinaryOperator::TrueDivide,
        ast::Operator::Mod => BinaryOperator::Remainder,
        ast::Operator::Pow => BinaryOperator::Power,
        ast::Operator::LShift => BinaryOperator::LeftShift,
        ast::Operator::RShift => BinaryOperator::RightShift,
        ast::Operator::BitOr => BinaryOperator::Or,
        ast::Operator::BitXor => BinaryOperator::Xor,
        ast::Operator::BitAnd => BinaryOperator::And,
        ast::Operator::FloorDiv => BinaryOperator::FloorDivide,
    }
}

fn comparison(operator: ast::CmpOp) -> CompareOperator {
    match operator {
        ast::CmpOp::Eq => CompareOperator::Rich(Comparison::Equal),
        ast::CmpOp::NotEq => CompareOperator::Rich(Comparison::NotEqual),
        ast::CmpOp::Lt => CompareOperator::Rich(Comparison::Less),
        ast::CmpOp::LtE => CompareOperator::Rich(Comparison::LessEqual),
        ast::CmpOp::Gt => CompareOperator::Rich(Comparison::Greater),
        ast::CmpOp::GtE => CompareOperator::Rich(Comparison::GreaterEqual),
        ast::CmpOp::Is => CompareOperator::Is,
        ast::CmpOp::IsNot => CompareOperator::IsNot,
        ast::CmpOp::In => CompareOperator::In,
        ast::CmpOp::NotIn => CompareOperator::NotIn,
    }
}

impl Lowerer<'_> {
    pub(super) fn expression(&mut self, expression: &Expr) -> Lowered<Expression> {
        let weight = parser_weight(expression);
        let kind = self.deeper(weight, |lowerer| lowerer.kind(expression))?;
        Ok(Expression {
            span: span(expression.range()),
            kind,
        })
    }

    fn boxed(&mut self, expression: &Expr) -> Lowered<Box<Expression>> {
        self.expression(expression).map(Box::new)
    }

    pub(super) fn expressions(&mut self, expressions: &[Expr]) -> Lowered<Vec<Expression>> {
        let mut lowered = Vec::with_capacity(expressions.len());
        for expression in expressions {
            lowered.push(self.expression(expression)?);
        }
        Ok(lowered)
    }

    pub(super) fn optional(&mut self, expression: Option<&Expr>) -> Lowered<Option<Expression>> {
        expression.map(|value| self.expression(value)).transpose()
    }

    fn kind(&mut self, expression: &Expr) -> Lowered<ExpressionKind> {
        Ok(match expression {
            Expr::BoolOp(boolean) => ExpressionKind::Boolean(
                boolean.op == ast::BoolOp::And,
                self.expressions(&boolean.values)?,
            ),
            Expr::Named(named) => {
                let Expr::Name(target) = &*named.target else {
                    return self.syntax_error(
                        named.target.range(),
                        "cannot use assignment expressions with expression",
                    );
                };
                let target = crate::tree::Identifier {
                    span: span(target.range),
                    name: self.name(&target.id),
                };
                ExpressionKind::Named(Box::new((target, self.expression(&named.value)?)))
            }
            Expr::BinOp(binary) => {
                let left = self.expression(&binary.left)?;
                let right = self.expression(&binary.right)?;
                ExpressionKind::Binary(operator(binary.op), Box::new((left, right)))
            }
            Expr::UnaryOp(unary) => self.unary(unary)?,
            Expr::Lambda(lambda) => {
                let scope = self.scope();
                ExpressionKind::Lambda(Box::new(Lambda {
                    scope,
                    parameters: match &lambda.parameters {
                        Some(parameters) => self.parameters(parameters)?,
                        None => Parameters::default(),
                    },
                    body: self.expression(&lambda.body)?,
                }))
            }
            Expr::If(conditional) => ExpressionKind::Conditional(Box::new(Conditional {
                test: self.expression(&conditional.test)?,
                body: self.expression(&conditional.body)?,
                otherwise: self.expression(&conditional.orelse)?,
            })),
            Expr::Dict(dict) => {
                let mut items = Vec::with_capacity(dict.items.len());
                for item in &dict.items {
                    let key = self.optional(item.key.as_ref())?;
                    items.push((key, self.expression(&item.value)?));
                }
                ExpressionKind::Dict(items)
            }
            Expr::Set(set) => ExpressionKind::Set(self.expressions(&set.elts)?),
            Expr::List(list) => ExpressionKind::List(self.expressions(&list.elts)?),
            Expr::Tuple(tuple) => ExpressionKind::Tuple(self.expressions(&tuple.elts)?),
            Expr::ListComp(list) => self.comprehension(
                ComprehensionKind::List,
                Some(&list.elt),
                None,
                &list.generators,
                list.range,
            )?,
            Expr::SetComp(set) => self.comprehension(
                ComprehensionKind::Set,
                Some(&set.elt),
                None,
                &set.generators,
                set.range,
            )?,
            Expr::DictComp(dict) => self.comprehension(
                ComprehensionKind::Dict,
                dict.key.as_deref(),
                Some(&dict.value),
                &dict.generators,
                dict.range,
            )?,
            Expr::Generator(generator) => self.comprehension(
                ComprehensionKind::Generator,
                Some(&generator.elt),
                None,
                &generator.generators,
                generator.range,
            )?,
            Expr::Await(await_) => return self.unsupported(await_.range, "await"),
            Expr::Yield(yield_) => {
                ExpressionKind::Yield(self.optional(yield_.value.as_deref())?.map(Box::new))
            }
            Expr::YieldFrom(yield_) => ExpressionKind::YieldFrom(self.boxed(&yield_.value)?),
            Expr::Compare(compare) => {
                let left = self.boxed(&compare.left)?;
                let mut rest = Vec::with_capacity(compare.ops.len());
                for (operator, right) in compare.ops.iter().zip(&compare.comparators) {
                    rest.push((comparison(*operator), self.expression(right)?));
                }
                ExpressionKind::Compare(left, rest)
            }
            Expr::Call(call) => {
                let function = self.expression(&call.func)?;
                let mut arguments = self.expressions(&call.arguments.args)?;
                if let ([Expr::Generator(generator)], [argument]) =
                    (&*call.arguments.args, arguments.as_mut_slice())
                    && !generator.parenthesized
                {
                    // The call's brackets are the generator expression's.
                    argument.span = span(call.arguments.range);
                }
                ExpressionKind::Call(Box::new(Call {
                    function,
                    arguments,
                    keywords: self.keywords(&call.arguments.keywords)?,
                }))
            }
            Expr::FString(joined) => self.joined(joined)?,
            Expr::TString(template) => return self.unsupported(template.range, "t-string"),
            Expr::StringLiteral(literal) => ExpressionKind::Constant(self.string(literal)?),
            Expr::BytesLiteral(literal) => ExpressionKind::Constant(self.bytes(literal)),
            Expr::NumberLiteral(literal) => ExpressionKind::Constant(self.number(literal)?),
            Expr::BooleanLiteral(literal) => {
                ExpressionKind::Constant(Constant::Bool(literal.value))
            }
            Expr::NoneLiteral(_) => ExpressionKind::Constant(Constant::None),
            Expr::EllipsisLiteral(_) => ExpressionKind::Constant(Constant::Ellipsis),
            Expr::Attribute(attribute) => {
                let value = self.boxed(&attribute.value)?;
                ExpressionKind::Attribute(value, self.name(&attribute.attr.id))
            }
            Expr::Subscript(subscript) => {
                let value = self.expression(&subscript.value)?;
                let index = self.expression(&subscript.slice)?;
                ExpressionKind::Subscript(Box::new((value, index)))
            }
            Expr::Starred(starred) => ExpressionKind::Starred(self.boxed(&starred.value)?),
            Expr::Name(name) => ExpressionKind::Name(self.name(&name.id)),
            Expr::Slice(slice) => ExpressionKind::Slice(Box::new([
                self.optional(slice.lower.as_deref())?,
                self.optional(slice.upper.as_deref())?,
                self.optional(slice.step.as_deref())?,
            ])),
            Expr::IpyEscapeCommand(command) => {
                return self.syntax_error(command.range, "invalid syntax");
            }
        })
    }

    /// Folds the sign into a number, so that `-1` is a constant.
    fn unary(&mut self, unary: &ast::ExprUnaryOp) -> Lowered<ExpressionKind> {
        let operand = self.expression(&unary.operand)?;
        let operator = match unary.op {
            ast::UnaryOp::Not => return Ok(ExpressionKind::Not(Box::new(operand))),
            ast::UnaryOp::Invert => UnaryOperator::Invert,
            ast::UnaryOp::UAdd => UnaryOperator::Positive,
            ast::UnaryOp::USub => UnaryOperator::Negative,
        };
        if operator == UnaryOperator::Negative {
            match &operand.kind {
                ExpressionKind::Constant(Constant::Int(value)) => {
                    if let Some(negated) = value.checked_neg() {
                        return Ok(ExpressionKind::Constant(Constant::Int(negated)));
                    }
                }
                ExpressionKind::Constant(Constant::BigInt(value)) => {
                    let negated = -(**value).clone();
                    let constant = match i64::try_from(&negated) {
                        Ok(value) => Constant::Int(value),
                        Err(_) => Constant::BigInt(negated.into()),
                    };
                    return Ok(ExpressionKind::Constant(constant));
                }
                ExpressionKind::Constant(Constant::Float(value)) => {
                    return Ok(ExpressionKind::Constant(Constant::Float(-value)));
                }
                ExpressionKind::Constant(Constant::Complex(real, imaginary)) => {
                    let negated = Constant::Complex(-real, -imaginary);
                    return Ok(ExpressionKind::Constant(negated));
                }
                _ => {}
            }
        }
        Ok(ExpressionKind::Unary(operator, Box::new(operand)))
    }

    fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        element: Option<&Expr>,
        value: Option<&Expr>,
        generators: &[ast::Comprehension],
        range: TextRange,
    ) -> Lowered<ExpressionKind> {
        let scope = self.scope();
        let Some(element) = element else {
            return self.unsupported(range, "unpacking in a comprehension");
        };
        if element.is_starred_expr() {
            return self.unsupported(element.range(), "unpacking in a comprehension");
        }
        let mut clauses = Vec::with_capacity(generators.len());
        for generator in generators {
            if generator.is_async {
                return self.unsupported(generator.range, "asynchronous comprehension");
            }
            clauses.push(ForClause {
                target: self.expression(&generator.target)?,
                iterable: self.expression(&generator.iter)?,
                conditions: self.expressions(&generator.ifs)?,
            });
        }
        Ok(ExpressionKind::Comprehension(Box::new(Comprehension {
            kind,
            element: self.expression(element)?,
            value: self.optional(value)?,
            clauses,
            scope,
        })))
    }

    pub(super) fn keywords(&mut self, keywords: &[ast::Keyword]) -> Lowered<Vec<Keyword>> {
        let mut lowered = Vec::with_capacity(keywords.len());
        for keyword in keywords {
            lowered.push(Keyword {
                span: span(keyword.range),
                name: keyword.arg.as_ref().map(|name| self.name(&name.id)),
                value: self.expression(&keyword.value)?,
            });
        }
        Ok(lowered)
    }

    pub(super) fn parameters(&mut self, parameters: &ast::Parameters) -> Lowered<Parameters> {
        Ok(Parameters {
            positional_only: self.parameter_list(&parameters.posonlyargs)?,
            positional: self.parameter_list(&parameters.args)?,
            var_positional: (parameters.vararg.as_ref())
                .map(|parameter| self.identifier(&parameter.name)),
            keyword_only: self.parameter_list(&parameters.kwonlyargs)?,
            var_keyword: (parameters.kwarg.as_ref())
                .map(|parameter| self.identifier(&parameter.name)),
        })
    }

    fn parameter_list(
        &mut self,
        parameters: &[ast::ParameterWithDefault],
    ) -> Lowered<Vec<Parameter>> {
        let mut lowered = Vec::with_capacity(parameters.len());
        for parameter in parameters {
            lowered.push(Parameter {
                name: self.identifier(&parameter.parameter.name),
                default: self.optional(parameter.default.as_deref())?,
            });
        }
        Ok(lowered)
    }
}
