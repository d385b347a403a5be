//! Literals: numbers, strings, bytes and f-strings.

use std::sync::Arc;

use num_bigint::BigInt;
use ruff_python_ast as ast;
use ruff_text_size::{Ranged, TextRange};

use super::{Lowered, Lowerer, span};
use crate::code::Constant;
use crate::instruction::Conversion;
use crate::tree::{ExpressionKind, StringPart};

/// The decimal digits an integer literal can have.
const DECIMAL_DIGITS: usize = 4_300;

impl Lowerer<'_> {
    pub(super) fn number(&mut self, number: &ast::ExprNumberLiteral) -> Lowered<Constant> {
        match &number.value {
            ast::Number::Int(value) => match value.as_i64() {
                Some(value) => Ok(Constant::Int(value)),
                None => self.big_integer(number.range),
            },
            ast::Number::Float(value) => Ok(Constant::Float(*value)),
            ast::Number::Complex { real, imag } => Ok(Constant::Complex(*real, *imag)),
        }
    }

    fn big_integer(&self, range: TextRange) -> Lowered<Constant> {
        let text = self.source(range).replace('_', "");
        let (digits, radix) = match text.get(..2) {
            Some("0x" | "0X") => (&text[2..], 16),
            Some("0o" | "0O") => (&text[2..], 8),
            Some("0b" | "0B") => (&text[2..], 2),
            _ => (text.as_str(), 10),
        };
        if radix == 10 && digits.len() > DECIMAL_DIGITS {
            let message = format!(
                "Exceeds the limit ({DECIMAL_DIGITS} digits) for integer string conversion: value \
                 has {} digits; use sys.set_int_max_str_digits() to increase the limit - Consider \
                 hexadecimal for huge integer literals to avoid decimal conversion limits.",
                digits.len()
            );
            return self.syntax_error(range, message);
        }
        match BigInt::parse_bytes(digits.as_bytes(), radix) {
            Some(value) => Ok(Constant::BigInt(Arc::new(value))),
            None => self.syntax_error(range, "invalid decimal literal"),
        }
    }

    pub(super) fn string(&mut self, literal: &ast::ExprStringLiteral) -> Lowered<Constant> {
        for part in &literal.value {
            if !part.flags.prefix().is_raw() {
                self.refuse_surrogates(part.range)?;
            }
        }
        let text = literal.value.to_str();
        Ok(Constant::Str(self.name(text)))
    }

    pub(super) fn bytes(&mut self, literal: &ast::ExprBytesLiteral) -> Constant {
        let bytes: Vec<u8> = literal.value.bytes().collect();
        Constant::Bytes(bytes.into())
    }

    pub(super) fn joined(&mut self, joined: &ast::ExprFString) -> Lowered<ExpressionKind> {
        let mut parts = Vec::new();
        for part in &joined.value {
            match part {
                ast::FStringPart::Literal(literal) => {
                    if !literal.flags.prefix().is_raw() {
                        self.refuse_surrogates(literal.range)?;
                    }
                    push_text(&mut parts, literal.range, &literal.value);
                }
                ast::FStringPart::FString(formatted) => {
                    let raw = matches!(
                        formatted.flags.prefix(),
                        ast::str_prefix::FStringPrefix::Raw { .. }
                    );
                    self.elements(&formatted.elements, raw, &mut parts)?;
                }
            }
        }
        Ok(match parts.as_slice() {
            [] => ExpressionKind::Constant(Constant::Str(self.name(""))),
            [StringPart::Text(_, text)] => {
                let text = text.clone();
                ExpressionKind::Constant(Constant::Str(self.name(&text)))
            }
            _ => ExpressionKind::JoinedString(parts),
        })
    }

    fn elements(
        &mut self,
        elements: &ast::InterpolatedStringElements,
        raw: bool,
        parts: &mut Vec<StringPart>,
    ) -> Lowered<()> {
        for element in elements {
            match element {
                ast::InterpolatedStringElement::Literal(literal) => {
                    if !raw {
                        self.refuse_surrogates(literal.range)?;
                    }
                    push_text(parts, literal.range, &literal.value);
                }
                ast::InterpolatedStringElement::Interpolation(field) => {
                    self.field(field, raw, parts)?;
                }
            }
        }
        Ok(())
    }

    fn field(
        &mut self,
        field: &ast::InterpolatedElement,
        raw: bool,
        parts: &mut Vec<StringPart>,
    ) -> Lowered<()> {
        let mut conversion = match field.conversion {
            ast::ConversionFlag::None => None,
            ast::ConversionFlag::Str => Some(Conversion::Str),
            ast::ConversionFlag::Ascii => Some(Conversion::Ascii),
            ast::ConversionFlag::Repr => Some(Conversion::Repr),
        };
        if let Some(debug) = &field.debug_text {
            push_text(parts, field.range, debug.as_str());
            if conversion.is_none() && field.format_spec.is_none() {
                conversion = Some(Conversion::Repr);
            }
        }
        let value = self.deeper(1, |lowerer| lowerer.expression(&field.expression))?;
        let specification = match &field.format_spec {
            None => None,
            Some(specification) => {
                let mut parts = Vec::new();
                self.deeper(1, |lowerer| {
                    lowerer.elements(&specification.elements, raw, &mut parts)
                })?;
                Some(parts)
            }
        };
        parts.push(StringPart::Value {
            span: span(field.range),
            value,
            conversion,
            specification,
        });
        Ok(())
    }

    fn source(&self, range: TextRange) -> &str {
        &self.lines.text[usize::from(range.start())..usize::from(range.end())]
    }

    /// The parser replaces an escaped surrogate by U+FFFD, which would be silently wrong.
    fn refuse_surrogates(&self, range: TextRange) -> Lowered<()> {
        let mut rest = self.source(range);
        while let Some(at) = rest.find('\\') {
            let escape = &rest.as_bytes()[at + 1..];
            let digits = match escape.first() {
                Some(b'u') => escape.get(1..5),
                Some(b'U') => escape.get(5..9).filter(|_| escape.starts_with(b"U0000")),
                _ => None,
            };
            if let Some([b'd' | b'D', b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F', ..]) = digits {
                return self.unsupported(range, "surrogate in a string literal");
            }
            // Skips the escaped character, whatever its length.
            let skipped = rest[at + 1..].chars().next().map_or(0, char::len_utf8);
            rest = &rest[at + 1 + skipped..];
        }
        Ok(())
    }
}

fn push_text(parts: &mut Vec<StringPart>, range: TextRange, text: &str) {
    if let Some(StringPart::Text(_, last)) = parts.last_mut() {
        last.push_str(text);
    } else if !text.is_empty() {
        parts.push(StringPart::Text(span(range.range()), text.to_owned()));
    }
}
