//! One source, read and parsed, with everything that is known about its names.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::api::Api;
use crate::declared::{Declared, Locals, Table, Type, View};
use crate::prepare::{Include, Macro, Macros, Prepared};
use crate::source::{Language, Problem, Source};
use crate::target::Target;
use crate::tree::{Node, Parsers, Tree};

/// A source that is ready to be judged or changed.
pub struct Unit {
    /// The file.
    pub source: Source,
    /// The language that it was parsed as.
    pub language: Language,
    /// The text that was parsed, and what was taken out of it.
    pub prepared: Prepared,
    /// The tree of that text.
    pub tree: Tree,
    /// What its names stand for.
    pub declared: Declared,
    /// The system headers that it includes, itself or by headers of its package.
    pub system_headers: FxHashSet<Rc<str>>,
    /// The names of the headers of its package that it includes, itself or by others of them.
    pub package_headers: FxHashSet<Rc<str>>,
    /// Whether it includes a header that was not found, whose names are not known.
    pub foreign_headers: bool,
    /// What was wrong with it.
    pub problems: Vec<Problem>,
}

impl Unit {
    /// The tree with its text.
    pub fn view(&self) -> View<'_> {
        View {
            tree: &self.tree,
            text: &self.prepared.text,
        }
    }

    /// The type of an expression.
    pub fn type_of(&self, node: Node<'_>, locals: &Locals) -> Type {
        self.declared.type_of(self.view(), locals, node)
    }

    /// Tells whether it includes a header of that name, itself or by others.
    pub fn includes(&self, name: &str) -> bool {
        let own = |known: &Rc<str>| {
            let folder = known.strip_suffix(name);
            folder.is_some_and(|folder| folder.is_empty() || folder.ends_with('/'))
        };
        self.package_headers.contains(name) || self.system_headers.iter().any(own)
    }

    /// The text of a node as it stands in the file.
    pub fn text(&self, node: Node<'_>) -> &str {
        crate::tree::text_of(self.source.bytes(), node.byte_range())
    }
}

fn file_names(paths: &FxHashSet<PathBuf>) -> FxHashSet<Rc<str>> {
    let names = paths.iter().filter_map(|path| path.file_name());
    names.map(|name| name.to_string_lossy().into()).collect()
}

/// What a header of a package brings to those that include it.
struct Header {
    table: Rc<Table>,
    defines: Vec<Rc<Macro>>,
    /// The headers that it includes itself, in order, by their paths.
    headers: Vec<PathBuf>,
    system: Vec<Rc<str>>,
    foreign: bool,
}

enum Entry {
    /// It is being read: it includes itself, maybe by way of others.
    Open,
    Missing,
    Ready(Rc<Header>),
}

/// Opens sources, and remembers the headers that they share.
pub struct Reader {
    api: Rc<Api>,
    target: Target,
    parsers: Rc<RefCell<Parsers>>,
    headers: RefCell<FxHashMap<PathBuf, Entry>>,
    /// What the sources that include a header declare, by the header's path: a header may be written to be
    /// included in the middle of one source.
    context: RefCell<FxHashMap<PathBuf, Context>>,
    /// The paths whose context is known, as they were included.
    remembered: RefCell<FxHashSet<PathBuf>>,
    kept: RefCell<Kept>,
    /// Where headers are looked for, behind the folder of the file that includes them.
    folders: Vec<PathBuf>,
}

/// What a header finds where it is included.
#[derive(Clone)]
struct Context {
    tables: Vec<Rc<Table>>,
    macros: Rc<Macros>,
}

/// How deep headers include each other.
const MOST_DEPTH: u32 = 40;

/// A source that was parsed.
struct Parsed {
    source: Source,
    language: Language,
    prepared: Prepared,
    tree: Tree,
    seen: Seen,
}

/// Headers that were parsed when they were included, until they are checked themselves.
#[derive(Default)]
struct Kept {
    headers: FxHashMap<PathBuf, Parsed>,
    bytes: usize,
}

/// The most bytes of text whose trees are kept; a tree takes ten to twenty times as much.
const MOST_KEPT_BYTES: usize = 2 << 20;

impl Kept {
    fn add(&mut self, parsed: Parsed) {
        let bytes = parsed.source.bytes().len();
        if self.bytes + bytes <= MOST_KEPT_BYTES {
            self.bytes += bytes;
            self.headers.insert(parsed.source.path().to_owned(), parsed);
        }
    }

    fn take(&mut self, path: &Path) -> Option<Parsed> {
        let parsed = self.headers.remove(path)?;
        self.bytes -= parsed.source.bytes().len();
        Some(parsed)
    }
}

/// What a file sees of its headers.
#[derive(Clone, Default)]
struct Seen {
    paths: FxHashSet<PathBuf>,
    tables: Vec<Rc<Table>>,
    direct: Vec<PathBuf>,
    system: FxHashSet<Rc<str>>,
    foreign: bool,
}

impl Reader {
    /// A reader for a target; headers are also looked for in the folders.
    pub fn new(target: Target, folders: Vec<PathBuf>) -> Self {
        Self {
            api: Rc::new(Api::new()),
            target,
            parsers: Rc::new(RefCell::new(Parsers::new())),
            headers: RefCell::default(),
            context: RefCell::default(),
            remembered: RefCell::default(),
            kept: RefCell::default(),
            folders,
        }
    }

    /// Tells whether a source that was opened includes a header of that name.
    pub fn knows_header(&self, name: &str) -> bool {
        let headers = self.headers.borrow();
        headers.iter().any(|(path, entry)| {
            matches!(entry, Entry::Ready(_)) && path.file_name().is_some_and(|known| known == name)
        })
    }

    /// The names of CPython's headers.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// The parsers.
    pub fn parsers(&self) -> &RefCell<Parsers> {
        &self.parsers
    }

    /// The target.
    pub fn target(&self) -> Target {
        self.target
    }

    /// Opens a source.
    ///
    /// # Errors
    ///
    /// The parser does not get through.
    pub fn open(&self, source: Source) -> Result<Unit, Problem> {
        self.open_at(source, 0).map(|(unit, _)| unit)
    }

    fn open_at(&self, source: Source, depth: u32) -> Result<(Unit, Vec<PathBuf>), Problem> {
        let Parsed {
            source,
            language,
            prepared,
            tree,
            seen,
        } = self.parsed(source, depth)?;
        let errors = tree.errors();
        let mut problems = source.problems().to_vec();
        if let Some((byte, more)) = errors {
            let line = source.position(byte).0;
            problems.push(Problem::Syntax { line, more });
        }
        let context = match depth {
            0 => self.context_of(source.path()),
            _ => None,
        };
        let mut tables = seen.tables.clone();
        let mut macros = prepared.macros.clone();
        if let Some(context) = &context {
            // Behind its own, since the last ones are asked first.
            tables = context.tables.iter().cloned().chain(tables).collect();
            macros.complete(&context.macros);
        }
        let mut declared = Declared::new(self.api.clone(), self.parsers.clone(), tables, macros);
        let view = View {
            tree: &tree,
            text: &prepared.text,
        };
        declared.collect(view, &prepared);
        if depth == 0 && context.is_none() {
            self.remember(&declared, &seen);
        }
        let unit = Unit {
            source,
            language,
            prepared,
            tree,
            declared,
            package_headers: file_names(&seen.paths),
            system_headers: seen.system,
            foreign_headers: seen.foreign,
            problems,
        };
        Ok((unit, seen.direct))
    }

    fn context_of(&self, path: &Path) -> Option<Context> {
        let path = path.canonicalize().ok()?;
        self.context.borrow().get(&path).cloned()
    }

    /// Remembers what a source declares for the headers that it includes, unless another did.
    fn remember(&self, declared: &Declared, seen: &Seen) {
        let mut known = self.context.borrow_mut();
        let mut made: Option<Context> = None;
        let mut remembered = self.remembered.borrow_mut();
        for path in &seen.paths {
            if remembered.contains(path) {
                continue;
            }
            remembered.insert(path.clone());
            let Ok(path) = path.canonicalize() else {
                continue;
            };
            known.entry(path).or_insert_with(|| {
                let make = || Context {
                    tables: declared.shared_tables(),
                    macros: Rc::new(declared.macros().clone()),
                };
                made.get_or_insert_with(make).clone()
            });
        }
    }

    /// Parses a source, unless it is a header that was parsed when it was included.
    fn parsed(&self, source: Source, depth: u32) -> Result<Parsed, Problem> {
        if depth == 0 && source.is_header() {
            let kept = self.kept.borrow_mut().take(source.path());
            // The file may have changed.
            if let Some(kept) = kept.filter(|kept| kept.source.bytes() == source.bytes()) {
                return Ok(kept);
            }
        }
        let mut seen = Seen::default();
        let mut language = source.language();
        if source.is_header() && is_cpp(source.bytes()) {
            language = Language::Cpp;
        }
        let mut included = |include: &Include, macros: &mut Macros| {
            self.include(source.path(), include, macros, &mut seen, depth);
        };
        let prepared = Prepared::new(&source, language, &self.api, self.target, &mut included);
        let tree = self.parsers.borrow_mut().parse(&prepared.text, language);
        let name = match language {
            Language::C => "C",
            Language::Cpp => "C++",
        };
        Ok(Parsed {
            tree: tree.ok_or(Problem::Foreign(name))?,
            source,
            language,
            prepared,
            seen,
        })
    }

    /// Adds what an include brings.
    fn include(
        &self,
        from: &Path,
        include: &Include,
        macros: &mut Macros,
        seen: &mut Seen,
        depth: u32,
    ) {
        if *include.name == *crate::upgrade::COMPAT_NAME {
            // What it has is CPython's, whether it lies there yet or not.
            return;
        }
        let found = self.find(from, include, depth);
        match found {
            Some(path) => {
                seen.direct.push(path.clone());
                let conditional = include.conditional;
                self.add(&path, macros, seen, conditional, 0);
            }
            None => {
                // What only other systems include brings nothing here.
                let known = crate::check::is_known_header(&include.name);
                if known || !include.conditional {
                    seen.system.insert(include.name.clone());
                }
                let name = &*include.name;
                let of_python = name == "Python.h"
                    || self.api.entries().iter().any(|entry| entry.header == name);
                seen.foreign |= include.quoted && !of_python && !include.conditional;
            }
        }
    }

    fn add(
        &self,
        path: &Path,
        macros: &mut Macros,
        seen: &mut Seen,
        conditional: bool,
        depth: u32,
    ) {
        if depth > MOST_DEPTH || !seen.paths.insert(path.to_owned()) {
            return;
        }
        let header = match self.headers.borrow().get(path) {
            Some(Entry::Ready(header)) => header.clone(),
            _ => return,
        };
        for inner in &header.headers {
            self.add(inner, macros, seen, conditional, depth + 1);
        }
        for definition in &header.defines {
            macros.define(definition.clone());
        }
        seen.tables.push(header.table.clone());
        // What a header for another system includes brings nothing here.
        let system = header.system.iter();
        let counts = |name: &&Rc<str>| !conditional || crate::check::is_known_header(name);
        seen.system.extend(system.filter(counts).cloned());
        seen.foreign |= header.foreign && !conditional;
    }

    /// The path of a header of the package, which is read if it was not yet.
    fn find(&self, from: &Path, include: &Include, depth: u32) -> Option<PathBuf> {
        if depth > MOST_DEPTH || include.name.is_empty() {
            return None;
        }
        let beside = from.parent().filter(|_| include.quoted);
        let folders = beside
            .into_iter()
            .chain(self.folders.iter().map(|folder| &**folder));
        for folder in folders {
            let path = folder.join(&*include.name);
            match self.headers.borrow().get(&path) {
                Some(Entry::Missing) => continue,
                Some(Entry::Open | Entry::Ready(_)) => return Some(path),
                None => {}
            }
            self.headers.borrow_mut().insert(path.clone(), Entry::Open);
            let entry = match self.read(&path, depth + 1) {
                Some(header) => Entry::Ready(Rc::new(header)),
                None => Entry::Missing,
            };
            let missing = matches!(entry, Entry::Missing);
            self.headers.borrow_mut().insert(path.clone(), entry);
            if !missing {
                return Some(path);
            }
        }
        None
    }

    fn read(&self, path: &Path, depth: u32) -> Option<Header> {
        let source = Source::read(path).ok()?;
        let (unit, headers) = self.open_at(source, depth).ok()?;
        let header = Header {
            defines: unit.prepared.defines.clone(),
            headers,
            system: unit.system_headers.iter().cloned().collect(),
            foreign: unit.foreign_headers,
            table: unit.declared.shared_own(),
        };
        let seen = Seen {
            paths: FxHashSet::default(),
            tables: unit.declared.shared_headers(),
            direct: header.headers.clone(),
            system: unit.system_headers,
            foreign: unit.foreign_headers,
        };
        self.kept.borrow_mut().add(Parsed {
            source: unit.source,
            language: unit.language,
            prepared: unit.prepared,
            tree: unit.tree,
            seen,
        });
        Some(header)
    }
}

/// Tells whether a header is C++: a line begins with what C does not have, outside of what only C++ reads anyway.
fn is_cpp(text: &[u8]) -> bool {
    const STARTS: [&[u8]; 6] = [
        b"class ",
        b"namespace ",
        b"template",
        b"using ",
        b"public:",
        b"private:",
    ];
    text.split(|&byte| byte == b'\n').any(|line| {
        let line = line.trim_ascii_start();
        STARTS.iter().any(|start| line.starts_with(start)) && !line.ends_with(b"*/")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &Path, name: &str) -> Unit {
        let source = Source::read(&folder.join(name)).unwrap();
        Reader::new(Target::Abi3t, Vec::new()).open(source).unwrap()
    }

    fn write(folder: &Path, files: &[(&str, &str)]) {
        for (name, text) in files {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }

    #[test]
    fn headers_of_the_package_are_read_and_circles_are_cut() {
        let folder = tempfile::tempdir().unwrap();
        let files = [
            (
                "a.c",
                "#include <Python.h>\n#include \"a.h\"\n#ifdef DEEP\nThing *t;\n#endif\n",
            ),
            (
                "a.h",
                "#include \"b.h\"\ntypedef struct { PyObject_HEAD int x; } Thing;",
            ),
            (
                "b.h",
                "#include \"a.h\"\n#include <stdlib.h>\n#define DEEP\n",
            ),
        ];
        write(folder.path(), &files);
        let unit = open(folder.path(), "a.c");
        assert!(unit.declared.variable("t").unwrap().is("Thing", 1));
        assert!(unit.system_headers.contains("stdlib.h"));
        assert!(!unit.foreign_headers);
        let found = unit.declared.struct_named("Thing").unwrap();
        assert!(unit.declared.is_instance(found));
    }

    #[test]
    fn a_header_is_of_the_language_that_it_can_be_read_in() {
        let folder = tempfile::tempdir().unwrap();
        let text = "namespace a { template <typename T> class B : public C { T *x; }; }\n";
        write(folder.path(), &[("a.h", text), ("b.h", "int new;\n")]);
        assert_eq!(open(folder.path(), "a.h").language, Language::Cpp);
        assert_eq!(open(folder.path(), "b.h").language, Language::C);
    }
}
