//! Syntax trees, and the kinds of their nodes as an enum.
//!
//! `tree-sitter` names kinds by strings. A walk that compares strings at every node takes longer than parsing, so a
//! table from the grammar's numbers to [`Syntax`] is made once for each language.

use std::ops::{ControlFlow, Range};
use std::rc::Rc;

pub use tree_sitter::Node;
use tree_sitter::{ParseOptions, ParseState, Parser};

use crate::source::Language;

macro_rules! syntax {
    ($($variant:ident $name:literal,)*) => {
        /// The kinds of nodes that somebody asks for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the names are those of the grammar")]
        pub enum Syntax {
            Other,
            Error,
            $($variant,)*
        }

        const NAMES: &[(&str, Syntax)] = &[$(($name, Syntax::$variant),)*];
    };
}

syntax! {
    Identifier "identifier",
    FieldIdentifier "field_identifier",
    TypeIdentifier "type_identifier",
    PrimitiveType "primitive_type",
    SizedType "sized_type_specifier",
    Struct "struct_specifier",
    Union "union_specifier",
    Class "class_specifier",
    Enum "enum_specifier",
    Enumerator "enumerator",
    FieldList "field_declaration_list",
    FieldDeclaration "field_declaration",
    TypeDefinition "type_definition",
    AliasDeclaration "alias_declaration",
    Declaration "declaration",
    ParameterDeclaration "parameter_declaration",
    OptionalParameter "optional_parameter_declaration",
    ParameterList "parameter_list",
    FunctionDefinition "function_definition",
    InitDeclarator "init_declarator",
    PointerDeclarator "pointer_declarator",
    ReferenceDeclarator "reference_declarator",
    ArrayDeclarator "array_declarator",
    FunctionDeclarator "function_declarator",
    ParenthesizedDeclarator "parenthesized_declarator",
    AttributedDeclarator "attributed_declarator",
    AbstractPointer "abstract_pointer_declarator",
    AbstractArray "abstract_array_declarator",
    AbstractFunction "abstract_function_declarator",
    AbstractParenthesized "abstract_parenthesized_declarator",
    AbstractReference "abstract_reference_declarator",
    TypeDescriptor "type_descriptor",
    StorageClass "storage_class_specifier",
    TypeQualifier "type_qualifier",
    Call "call_expression",
    Arguments "argument_list",
    Field "field_expression",
    Cast "cast_expression",
    Pointer "pointer_expression",
    Subscript "subscript_expression",
    Parenthesized "parenthesized_expression",
    Assignment "assignment_expression",
    Update "update_expression",
    Binary "binary_expression",
    Unary "unary_expression",
    Conditional "conditional_expression",
    Comma "comma_expression",
    Sizeof "sizeof_expression",
    Offsetof "offsetof_expression",
    CompoundLiteral "compound_literal_expression",
    InitializerList "initializer_list",
    InitializerPair "initializer_pair",
    FieldDesignator "field_designator",
    New "new_expression",
    This "this",
    Compound "compound_statement",
    ExpressionStatement "expression_statement",
    If "if_statement",
    While "while_statement",
    Do "do_statement",
    For "for_statement",
    ForRange "for_range_loop",
    Switch "switch_statement",
    Case "case_statement",
    Return "return_statement",
    Goto "goto_statement",
    Labeled "labeled_statement",
    Label "statement_identifier",
    Linkage "linkage_specification",
    DeclarationList "declaration_list",
    Namespace "namespace_definition",
    NamespaceIdentifier "namespace_identifier",
    Qualified "qualified_identifier",
    Template "template_declaration",
    TemplateType "template_type",
    TemplateFunction "template_function",
    TemplateArguments "template_argument_list",
    BaseClasses "base_class_clause",
    Destructor "destructor_name",
    AutoType "placeholder_type_specifier",
    MacroType "macro_type_specifier",
    Lambda "lambda_expression",
    Catch "catch_clause",
    String "string_literal",
    Concatenated "concatenated_string",
    Char "char_literal",
    Number "number_literal",
    Null "null",
    Comment "comment",
}

macro_rules! fields {
    ($($field:ident $name:literal,)*) => {
        /// The numbers of the grammar's fields.
        #[derive(Clone, Copy, Debug, Default)]
        struct Fields {
            $($field: u16,)*
        }

        impl Fields {
            fn of(language: &tree_sitter::Language) -> Self {
                let id = |name: &str| language.field_id_for_name(name).map_or(0, u16::from);
                Self { $($field: id($name),)* }
            }
        }

        impl<'t> Tree {
            $(
                /// The child in the field of that name.
                pub fn $field(&self, node: Node<'t>) -> Option<Node<'t>> {
                    node.child_by_field_id(self.grammar.fields.$field)
                }
            )*
        }
    };
}

fields! {
    argument "argument",
    arguments "arguments",
    alternative "alternative",
    body "body",
    condition "condition",
    consequence "consequence",
    declarator "declarator",
    designator "designator",
    field "field",
    function "function",
    left "left",
    name "name",
    operator "operator",
    parameters "parameters",
    right "right",
    size "size",
    type_ "type",
    value "value",
}

/// A grammar and its tables.
#[derive(Debug)]
struct Grammar {
    language: tree_sitter::Language,
    kinds: Vec<Syntax>,
    fields: Fields,
}

impl Grammar {
    fn new(language: tree_sitter::Language) -> Self {
        let kinds = (0..language.node_kind_count()).map(|id| {
            let id = id as u16;
            let name = language.node_kind_for_id(id).unwrap_or_default();
            let mut known = NAMES.iter().filter(|_| language.node_kind_is_named(id));
            known
                .find(|(known, _)| *known == name)
                .map_or(Syntax::Other, |row| row.1)
        });
        Self {
            kinds: kinds.collect(),
            fields: Fields::of(&language),
            language,
        }
    }
}

/// The parsers of both languages.
pub struct Parsers {
    parser: Parser,
    c: Rc<Grammar>,
    cpp: Rc<Grammar>,
}

impl Parsers {
    /// Makes them.
    pub fn new() -> Self {
        Self {
            parser: Parser::new(),
            c: Rc::new(Grammar::new(tree_sitter_c::LANGUAGE.into())),
            cpp: Rc::new(Grammar::new(tree_sitter_cpp::LANGUAGE.into())),
        }
    }

    /// Parses a text. Nothing comes of a text that the parser does not get through.
    pub fn parse(&mut self, text: &[u8], language: Language) -> Option<Tree> {
        let grammar = match language {
            Language::C => &self.c,
            Language::Cpp => &self.cpp,
        };
        self.parser.set_language(&grammar.language).ok()?;
        // The parser follows several readings of an erroneous text at once. It asks every hundred operations or so
        // whether to go on: a text of so many operations for each byte is none of the language's.
        let mut patience = 2_000 + text.len() as u64 * 4;
        let mut give_up = |_: &ParseState| {
            patience = patience.saturating_sub(1);
            match patience {
                0 => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            }
        };
        let options = ParseOptions::new().progress_callback(&mut give_up);
        let mut read = |at: usize, _| text.get(at..).unwrap_or_default();
        let tree = self
            .parser
            .parse_with_options(&mut read, None, Some(options));
        if tree.is_none() {
            self.parser.reset();
        }
        Some(Tree {
            tree: tree?,
            grammar: grammar.clone(),
        })
    }
}

impl Default for Parsers {
    fn default() -> Self {
        Parsers::new()
    }
}

/// A syntax tree.
#[derive(Clone, Debug)]
pub struct Tree {
    tree: tree_sitter::Tree,
    grammar: Rc<Grammar>,
}

impl Tree {
    /// Its root.
    pub fn root(&self) -> Node<'_> {
        self.tree.root_node()
    }

    /// An expression without the parentheses around it.
    pub fn bare<'t>(&self, node: Node<'t>) -> Node<'t> {
        let mut node = node;
        while self.syntax(node) == Syntax::Parenthesized {
            match named_children(node).last() {
                Some(inner) => node = inner,
                None => break,
            }
        }
        node
    }

    /// The kind of a node.
    pub fn syntax(&self, node: Node<'_>) -> Syntax {
        let kinds = &self.grammar.kinds;
        let id = node.kind_id();
        // The number of errors is the largest one, and stands in no table.
        if id == u16::MAX {
            return Syntax::Error;
        }
        kinds.get(usize::from(id)).copied().unwrap_or(Syntax::Other)
    }

    /// The first named child of a kind.
    pub fn child<'t>(&'t self, node: Node<'t>, kind: Syntax) -> Option<Node<'t>> {
        named_children(node).find(|&child| self.syntax(child) == kind)
    }

    /// The named children of a kind.
    pub fn children<'t>(
        &'t self,
        node: Node<'t>,
        kind: Syntax,
    ) -> impl Iterator<Item = Node<'t>> + 't {
        named_children(node).filter(move |&child| self.syntax(child) == kind)
    }

    /// How many places cannot be parsed, and the first byte of the first one.
    pub fn errors(&self) -> Option<(usize, u32)> {
        if !self.root().has_error() {
            return None;
        }
        let mut found: Option<(usize, u32)> = None;
        let mut cursor = self.root().walk();
        let mut descend = true;
        loop {
            let node = cursor.node();
            if node.is_error() || node.is_missing() {
                let start = node.start_byte();
                found = Some(found.map_or((start, 0), |(first, more)| (first, more + 1)));
                descend = false;
            }
            let entered = descend && node.has_error() && cursor.goto_first_child();
            descend = true;
            if entered {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return found;
                }
            }
        }
    }
}

/// The named children of a node, in order.
pub fn named_children<'t>(node: Node<'t>) -> impl Iterator<Item = Node<'t>> {
    let mut cursor = node.walk();
    let mut more = cursor.goto_first_child();
    std::iter::from_fn(move || {
        while more {
            let child = cursor.node();
            more = cursor.goto_next_sibling();
            if child.is_named() {
                return Some(child);
            }
        }
        None
    })
}

/// The text of a range; nothing where the parser made up a node.
pub fn text_of(text: &[u8], range: Range<usize>) -> &str {
    let bytes = text.get(range).unwrap_or_default();
    std::str::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_and_field_is_one_of_a_grammar() {
        let parsers = Parsers::new();
        for (name, kind) in NAMES {
            let grammars = [&parsers.c, &parsers.cpp];
            let known = |grammar: &&Rc<Grammar>| grammar.kinds.contains(kind);
            assert!(grammars.iter().any(known), "{name}");
        }
        let fields = format!("{:?}", parsers.c.fields);
        assert!(!fields.contains(": 0"), "{fields}");
    }

    #[test]
    fn errors_are_counted_and_the_rest_is_read() {
        let mut parsers = Parsers::new();
        let tree = parsers.parse(b"int a; int ) b; int c;", Language::C);
        let tree = tree.unwrap();
        assert!(tree.errors().is_some());
        assert_eq!(tree.children(tree.root(), Syntax::Declaration).count(), 3);
        let tree = parsers.parse(b"int a;", Language::C).unwrap();
        assert_eq!(tree.errors(), None);
    }
}
