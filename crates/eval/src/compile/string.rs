//! f-strings.

use super::expression::STACK_USE;
use super::{Compiled, Compiler};
use crate::code::Constant;
use crate::instruction::Instruction;
use crate::tree::{Span, StringPart};

impl<'c> Compiler<'c> {
    /// Pushes the string that the parts join to.
    pub(super) fn joined_string(&mut self, parts: &'c [StringPart], span: Span) -> Compiled {
        if parts.is_empty() {
            self.constant(Constant::Str("".into()), span);
            return Ok(());
        }
        let mut waiting = 0;
        for part in parts {
            // A long string is joined as it goes, to bound the stack.
            if waiting > STACK_USE as u32 {
                self.emit(Instruction::BuildString(waiting), span);
                waiting = 1;
            }
            self.string_part(part)?;
            waiting += 1;
        }
        if waiting > 1 {
            self.emit(Instruction::BuildString(waiting), span);
        }
        Ok(())
    }

    fn string_part(&mut self, part: &'c StringPart) -> Compiled {
        match part {
            StringPart::Text(span, text) => {
                self.constant(Constant::Str(text.as_str().into()), *span);
            }
            StringPart::Value {
                span,
                value,
                conversion,
                specification,
            } => {
                self.value(value)?;
                if let Some(conversion) = conversion {
                    self.emit(Instruction::ConvertValue(*conversion), *span);
                }
                match specification {
                    Some(parts) => {
                        self.joined_string(parts, *span)?;
                        self.emit(Instruction::FormatWithSpec, *span);
                    }
                    None => self.emit(Instruction::FormatSimple, *span),
                }
            }
        }
        Ok(())
    }
}
