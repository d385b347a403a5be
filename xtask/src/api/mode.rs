//! What the headers declare in one mode.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use super::declarations::{Declared, Kind};
use super::tokens::{Directive, Preprocessed, is_word, tokens};
use crate::headers::{Headers, MINORS, compiler};
use crate::problem::Stop;

/// How a source asks for the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything.
    Full,
    /// The limited API of 3.x.
    Limited(u8),
    /// Opaque objects, with the newest limited API.
    Abi3t,
}

impl Mode {
    /// All modes, the versions of the limited API in order.
    pub fn all() -> impl Iterator<Item = Mode> {
        let limited = (2..=*MINORS.end()).map(Mode::Limited);
        [Mode::Full, Mode::Abi3t].into_iter().chain(limited)
    }

    /// The compiler's flag for it.
    pub fn flag(self) -> Option<String> {
        match self {
            Mode::Full => None,
            Mode::Limited(minor) => Some(format!("-DPy_LIMITED_API=0x03{minor:02x}0000")),
            Mode::Abi3t => Some(format!("-DPy_TARGET_ABI3T=0x03{:02x}0000", MINORS.end())),
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mode::Full => f.write_str("full"),
            Mode::Limited(minor) => write!(f, "limited 3.{minor}"),
            Mode::Abi3t => f.write_str("abi3t"),
        }
    }
}

/// Headers that extensions include beside `Python.h`, of all versions; each version has some of them.
const BESIDE: [&str; 14] = [
    "classobject.h",
    "cellobject.h",
    "code.h",
    "datetime.h",
    "frameobject.h",
    "funcobject.h",
    "genobject.h",
    "longintrepr.h",
    "marshal.h",
    "pyframe.h",
    "pystrtod.h",
    "pythread.h",
    "structmember.h",
    "structseq.h",
];

/// What is said about one name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The file below the include folder.
    pub header: String,
    /// What a source includes.
    pub include: String,
    /// Its type; see [`super::declarations::Name::of`].
    pub of: String,
}

/// The names of one mode.
#[derive(Debug, Default)]
pub struct Names {
    /// By name and kind.
    pub all: BTreeMap<(String, Kind), About>,
}

impl Names {
    /// Runs the preprocessor over the headers and reads what it gives.
    ///
    /// # Errors
    ///
    /// A compiler that cannot be run, or that refuses the headers.
    pub fn read(headers: &Headers, mode: Mode) -> Result<Self, Stop> {
        let mut source = String::from("#include <Python.h>\n");
        for name in BESIDE {
            if headers.include.join(name).is_file() {
                source.push_str(&format!("#include <{name}>\n"));
            }
        }
        let text = preprocess(headers, mode, &source)?;
        Ok(Self::of(&headers.include, &Preprocessed::new(&text)))
    }

    fn of(folder: &Path, text: &Preprocessed<'_>) -> Self {
        let abouts: Vec<Option<About>> = text
            .froms
            .iter()
            .map(|from| {
                let header = Path::new(from.path).strip_prefix(folder).ok()?;
                let by = Path::new(from.by).strip_prefix(folder).ok()?;
                // What the machine has is no part of the API.
                let name = header.file_name()?;
                (name != "pyconfig.h" && name != "pymacconfig.h").then(|| About {
                    header: header.display().to_string(),
                    include: by.display().to_string(),
                    of: String::new(),
                })
            })
            .collect();
        let about = |from: usize, of: &str| {
            let about = abouts.get(from)?.as_ref()?;
            Some(About {
                of: of.to_string(),
                ..about.clone()
            })
        };
        let mut names = Self::default();
        let declared = Declared::new(&text.tokens);
        for name in &declared.names {
            if let Some(about) = about(name.from, &name.of) {
                let key = (name.name.clone(), name.kind);
                names.all.entry(key).or_insert(about);
            }
        }
        let mut macros: BTreeMap<&str, Macro<'_>> = BTreeMap::new();
        for (from, directive) in &text.directives {
            match directive {
                Directive::Undef(name) => {
                    macros.remove(name);
                }
                Directive::Define {
                    name,
                    parameters,
                    body,
                } => {
                    macros.insert(name, Macro::new(*from, *parameters, body));
                }
            }
        }
        names.add_macros(macros, about);
        names
    }

    /// Adds the macros whose bodies need nothing that is missing.
    fn add_macros(
        &mut self,
        mut macros: BTreeMap<&str, Macro<'_>>,
        about: impl Fn(usize, &str) -> Option<About>,
    ) {
        let words: BTreeSet<String> = self
            .all
            .keys()
            .filter(|(_, kind)| *kind != Kind::Member)
            .filter_map(|(name, _)| name.rsplit(' ').next().map(str::to_string))
            .collect();
        let members: BTreeSet<String> = self
            .all
            .keys()
            .filter(|(_, kind)| *kind == Kind::Member)
            .filter_map(|(name, _)| name.rsplit('.').next().map(str::to_string))
            .collect();
        // A macro that goes takes those with it whose bodies need it.
        loop {
            let missing: Vec<&str> = macros
                .iter()
                .filter(|(name, found)| {
                    let there = |word: &&&str| {
                        words.contains(**word) || (word != name && macros.contains_key(**word))
                    };
                    !found.needs.iter().all(|word| there(&word))
                        || !found.fields.iter().all(|field| members.contains(*field))
                })
                .map(|(name, _)| *name)
                .collect();
            if missing.is_empty() {
                break;
            }
            for name in missing {
                macros.remove(name);
            }
        }
        for (name, found) in macros {
            // What guards a header against a second inclusion is no part of the API.
            let is_guard = found.is_empty && name.ends_with("_H");
            if let Some(about) = about(found.from, "").filter(|_| !is_guard) {
                self.all.insert((name.to_string(), Kind::Macro), about);
            }
        }
    }
}

/// A macro, by what its body needs.
#[derive(Debug)]
struct Macro<'t> {
    from: usize,
    is_empty: bool,
    /// Names of the API.
    needs: Vec<&'t str>,
    /// Members of objects.
    fields: Vec<&'t str>,
}

impl<'t> Macro<'t> {
    fn new(from: usize, parameters: Option<&'t str>, body: &'t str) -> Self {
        let given: Vec<&str> = parameters
            .into_iter()
            .flat_map(|list| list.split(','))
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .collect();
        let mut needs = Vec::new();
        let mut fields = Vec::new();
        let mut before = "";
        tokens(body, |text| {
            if is_word(text) && !given.contains(&text) {
                if before == "->" {
                    fields.push(text);
                } else if ["Py", "_Py", "PY"]
                    .iter()
                    .any(|start| text.starts_with(start))
                    && before != "."
                {
                    needs.push(text);
                }
            }
            before = text;
        });
        if body.contains("##") {
            // What is pasted together is another name.
            needs.clear();
        }
        Self {
            from,
            is_empty: body.trim().is_empty(),
            needs,
            fields,
        }
    }
}

fn preprocess(headers: &Headers, mode: Mode, source: &str) -> Result<String, Stop> {
    let what = format!("the headers of CPython {}, {mode}", headers.oracle.version);
    let mut command = compiler();
    command
        .args(["-E", "-dD", "-x", "c"])
        .args(headers.flags())
        .args(mode.flag())
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let failed = |error: std::io::Error| Stop::Usage(format!("{what}: cannot be read: {error}"));
    let mut running = command.spawn().map_err(failed)?;
    if let Some(mut stdin) = running.stdin.take() {
        stdin.write_all(source.as_bytes()).map_err(failed)?;
    }
    let output = running.wait_with_output().map_err(failed)?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        let line = text.lines().find(|line| line.contains("error"));
        let message = format!("{what}: {}", line.unwrap_or("the compiler fails"));
        return Err(Stop::Usage(message));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
