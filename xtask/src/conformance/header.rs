//! The comment lines that open a case: what it cites, where it runs and what is expected.
//!
//! Every line is `# key: value`; the first line that is no comment ends the header. Reading is strict, because
//! a key that is spelt wrong would otherwise silently weaken the case. `docs/conformance.md` is the contract.

use std::collections::BTreeSet;

use super::host::Host;
use super::index::Index;
use super::oracle::Series;

/// The most ids that one case may cite: a case that shows more shows nothing in particular.
pub const CITES_MAX: usize = 4;

/// The settings of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The cited ids of `behaviours.tsv` or `slots.tsv`, with the line that cites them.
    pub cites: Vec<String>,
    /// The line of the `cites` key, 0 without one.
    pub cites_line: usize,
    /// The seed document whose program or claim the case holds.
    pub seed: Option<String>,
    /// The feature of the language that the case shows where no id speaks of it.
    pub feature: Option<String>,
    /// Where the case runs.
    pub hosts: Vec<Host>,
    /// Who says what the case prints.
    pub expectation: Expectation,
    /// The versions of CPython that answer differently from the expectation, with their own recordings.
    pub differs: Vec<Differs>,
    /// The hosts whose lines for one id differ on purpose.
    pub deviates: Vec<Deviates>,
    /// The expected exit status.
    pub exit: i32,
    /// Whether standard error is compared too.
    pub stderr: bool,
    /// Whether CPython runs the case in a process of its own instead of a fork.
    pub process: bool,
    /// Why the output tells when a collection runs, so that zeal must not collect.
    pub collects: Option<String>,
}

/// Who says what a case prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// The recording of the reference oracle.
    Reference,
    /// The recording of one other version of CPython.
    Version(Series),
    /// Nobody: the case asserts for itself and prints `ok` lines.
    None,
}

/// One version of CPython whose answer differs from the expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differs {
    /// The version.
    pub series: Series,
    /// The line of the header that says so.
    pub line: usize,
    /// Why.
    pub reason: String,
}

/// One deliberate difference of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviates {
    /// The host that differs.
    pub host: Host,
    /// The id whose lines differ.
    pub id: String,
    /// The line of the header that says so.
    pub line: usize,
    /// Why.
    pub reason: String,
}

/// A finding in a header: the line, counted from 1, and the message.
pub type Finding = (usize, String);

impl Header {
    /// Reads the header of a case, against the index of ids and seeds.
    ///
    /// # Errors
    ///
    /// Every finding in the header, in the order of the lines.
    pub fn parse(text: &str, index: &Index) -> Result<Self, Vec<Finding>> {
        let mut reader = Reader::new(index);
        for (at, line) in text.lines().enumerate() {
            if !line.starts_with('#') {
                break;
            }
            reader.line(at + 1, line);
        }
        reader.finish()
    }
}

struct Reader<'a> {
    index: &'a Index,
    header: Header,
    hosts_given: bool,
    seen: BTreeSet<&'static str>,
    findings: Vec<Finding>,
}

/// The keys, each with whether it may be repeated.
const KEYS: [(&str, bool); 11] = [
    ("cites", false),
    ("seed", false),
    ("feature", false),
    ("hosts", false),
    ("oracle", false),
    ("differs", true),
    ("deviates", true),
    ("exit", false),
    ("stderr", false),
    ("process", false),
    ("collects", false),
];

impl<'a> Reader<'a> {
    fn new(index: &'a Index) -> Self {
        Self {
            index,
            header: Header {
                cites: Vec::new(),
                cites_line: 0,
                seed: None,
                feature: None,
                hosts: Host::ALL.to_vec(),
                expectation: Expectation::Reference,
                differs: Vec::new(),
                deviates: Vec::new(),
                exit: 0,
                stderr: false,
                process: false,
                collects: None,
            },
            hosts_given: false,
            seen: BTreeSet::new(),
            findings: Vec::new(),
        }
    }

    fn line(&mut self, at: usize, line: &str) {
        let Some((key, value)) = line[1..].split_once(':') else {
            let message = format!("header line without a colon: `{line}` (want `# key: value`)");
            return self.findings.push((at, message));
        };
        let (key, value) = (key.trim(), value.trim());
        let Some(&(key, repeats)) = KEYS.iter().find(|(name, _)| *name == key) else {
            let known = KEYS.map(|(name, _)| name).join(", ");
            let message = format!("unknown header key `{key}` (known: {known})");
            return self.findings.push((at, message));
        };
        if !self.seen.insert(key) && !repeats {
            return self
                .findings
                .push((at, format!("header key `{key}` given twice")));
        }
        if value.is_empty() {
            return self
                .findings
                .push((at, format!("header key `{key}` without a value")));
        }
        if let Err(message) = self.key(at, key, value) {
            self.findings.push((at, message));
        }
    }

    fn key(&mut self, at: usize, key: &str, value: &str) -> Result<(), String> {
        match key {
            "cites" => self.cites(at, value),
            "seed" if self.index.has_seed(value) => {
                self.header.seed = Some(value.to_string());
                Ok(())
            }
            "seed" => Err(format!("unknown seed `{value}`")),
            "feature" => {
                self.header.feature = Some(value.to_string());
                Ok(())
            }
            "hosts" => {
                let hosts: Result<Vec<Host>, String> =
                    value.split_whitespace().map(str::parse).collect();
                self.header.hosts = hosts?;
                self.header.hosts.sort();
                self.header.hosts.dedup();
                self.hosts_given = true;
                Ok(())
            }
            "oracle" => {
                self.header.expectation = match value {
                    "none" => Expectation::None,
                    version => Expectation::Version(version.parse()?),
                };
                Ok(())
            }
            "differs" => self.differs(at, value),
            "deviates" => self.deviates(at, value),
            "exit" => {
                let exit: u8 = value
                    .parse()
                    .map_err(|_| format!("exit status `{value}` is no number from 0 to 255"))?;
                self.header.exit = i32::from(exit);
                Ok(())
            }
            "stderr" => yes(key, value).map(|()| self.header.stderr = true),
            "process" => yes(key, value).map(|()| self.header.process = true),
            _ => {
                self.header.collects = Some(value.to_string());
                Ok(())
            }
        }
    }

    fn cites(&mut self, at: usize, value: &str) -> Result<(), String> {
        self.header.cites_line = at;
        let ids: Vec<&str> = value.split_whitespace().collect();
        if ids.len() > CITES_MAX {
            let count = ids.len();
            return Err(format!("{count} ids cited, the most is {CITES_MAX}"));
        }
        for id in ids {
            if !self.index.has(id) {
                return Err(format!("unknown id `{id}`"));
            }
            if self.header.cites.iter().any(|cited| cited == id) {
                return Err(format!("id `{id}` cited twice"));
            }
            self.header.cites.push(id.to_string());
        }
        Ok(())
    }

    fn differs(&mut self, at: usize, value: &str) -> Result<(), String> {
        let (versions, reason) = reasoned(value, "differs: VERSION…: reason")?;
        for version in versions.split_whitespace() {
            let series: Series = version.parse()?;
            if self.header.differs.iter().any(|d| d.series == series) {
                return Err(format!("version {series} differs twice"));
            }
            self.header.differs.push(Differs {
                series,
                line: at,
                reason: reason.to_string(),
            });
        }
        Ok(())
    }

    fn deviates(&mut self, at: usize, value: &str) -> Result<(), String> {
        const WANT: &str = "deviates: HOST ID…: reason";
        let (what, reason) = reasoned(value, WANT)?;
        let mut words = what.split_whitespace();
        let host: Host = words.next().ok_or("no host that deviates")?.parse()?;
        let mut any = false;
        for id in words {
            any = true;
            self.header.deviates.push(Deviates {
                host,
                id: id.to_string(),
                line: at,
                reason: reason.to_string(),
            });
        }
        if any {
            Ok(())
        } else {
            Err(format!("no id that deviates (want `# {WANT}`)"))
        }
    }

    /// Checks what needs the whole header.
    fn finish(mut self) -> Result<Header, Vec<Finding>> {
        let header = &mut self.header;
        if self.seen.is_empty() {
            let message =
                "no header: a case opens with `# cites:`, `# seed:` or `# feature:`".to_string();
            self.findings.insert(0, (1, message));
        } else if !["cites", "seed", "feature"]
            .iter()
            .any(|key| self.seen.contains(key))
        {
            let message = "neither `cites` nor `seed` nor `feature` in the header".to_string();
            self.findings.push((1, message));
        }
        if !self.hosts_given {
            let index = self.index;
            let mut cites = header.cites.iter();
            if header.expectation == Expectation::None {
                header.hosts = vec![Host::Runtime];
            } else if !cites.any(|id| index.has_rule(id)) {
                header.hosts.retain(|host| *host != Host::Wheel);
            }
        }
        for differs in &header.differs {
            let main = match header.expectation {
                Expectation::Reference => Some(Series::REFERENCE),
                Expectation::Version(series) => Some(series),
                Expectation::None => None,
            };
            if main.is_none_or(|main| main == differs.series) {
                let message = match main {
                    Some(main) => format!("version {main} cannot differ from itself"),
                    None => "a case without an oracle has nothing to differ from".to_string(),
                };
                self.findings.push((differs.line, message));
            }
        }
        for deviates in &header.deviates {
            let (host, id) = (deviates.host, &deviates.id);
            let message = if !header.cites.contains(id) {
                format!("id `{id}` deviates but is not cited")
            } else if !header.hosts.contains(&host) {
                format!("host `{host}` deviates but does not run the case")
            } else if header.expectation == Expectation::None {
                "a case without an oracle has nothing to deviate from".to_string()
            } else {
                continue;
            };
            self.findings.push((deviates.line, message));
        }
        if self.findings.is_empty() {
            Ok(self.header)
        } else {
            self.findings.sort();
            Err(self.findings)
        }
    }
}

fn yes(key: &str, value: &str) -> Result<(), String> {
    if value == "yes" {
        Ok(())
    } else {
        Err(format!(
            "header key `{key}` takes `yes` only, not `{value}`"
        ))
    }
}

fn reasoned<'v>(value: &'v str, want: &str) -> Result<(&'v str, &'v str), String> {
    let (what, reason) = value
        .split_once(':')
        .ok_or_else(|| format!("no reason given (want `# {want}`)"))?;
    let (what, reason) = (what.trim(), reason.trim());
    if what.is_empty() || reason.is_empty() {
        return Err(format!("no reason given (want `# {want}`)"));
    }
    Ok((what, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        Index::of(
            &["B001", "B002", "B003", "B004", "B005", "S001"],
            &["a.txt"],
        )
    }

    fn parse(text: &str) -> Header {
        Header::parse(text, &index()).unwrap()
    }

    fn finding(text: &str) -> Finding {
        let mut findings = Header::parse(text, &index()).unwrap_err();
        assert_eq!(findings.len(), 1, "{findings:?}");
        findings.remove(0)
    }

    #[test]
    fn reads_every_key() {
        let header = parse(concat!(
            "# cites: B001 S001\n# seed: a.txt\n# hosts: wheel cpython runtime\n# oracle: 2.7\n",
            "# differs: 3.12 3.13: words\n# deviates: runtime B001: on purpose: yes\n",
            "# exit: 3\n# stderr: yes\n# process: yes\nprint(1)\n# cites: nothing\n",
        ));
        assert_eq!(header.cites, ["B001", "S001"]);
        assert_eq!(header.hosts, Host::ALL);
        assert_eq!(
            header.expectation,
            Expectation::Version("2.7".parse().unwrap())
        );
        assert_eq!(header.differs.len(), 2);
        assert_eq!(header.deviates[0].reason, "on purpose: yes");
        assert_eq!(
            (header.exit, header.stderr, header.process),
            (3, true, true)
        );
    }

    #[test]
    fn a_feature_stands_in_for_ids() {
        let header = parse("# feature: slices\nprint(1)\n");
        assert_eq!(header.feature.as_deref(), Some("slices"));
        assert!(header.cites.is_empty() && header.seed.is_none());
    }

    #[test]
    fn a_case_without_an_oracle_runs_on_the_runtime_only_unless_it_says_more() {
        let header = parse("# cites: B001\n# oracle: none\n");
        assert_eq!(header.hosts, [Host::Runtime]);
        let header = parse("# oracle: none\n# hosts: runtime cpython\n# cites: B001\n");
        assert_eq!(header.hosts, [Host::Runtime, Host::Cpython]);
    }

    #[test]
    fn the_wheel_runs_what_cites_a_rule_of_the_slots() {
        let hosts = |text: &str| parse(text).hosts;
        assert_eq!(hosts("# cites: B001 S001\n"), Host::ALL);
        assert_eq!(hosts("# cites: B001\n"), [Host::Runtime, Host::Cpython]);
        assert_eq!(hosts("# cites: B001\n# hosts: wheel\n"), [Host::Wheel]);
        assert_eq!(hosts("# cites: S001\n# hosts: cpython\n"), [Host::Cpython]);
        assert_eq!(hosts("# cites: S001\n# oracle: none\n"), [Host::Runtime]);
    }

    #[test]
    fn every_fault_names_its_line() {
        let known = "(known: cites, seed, feature, hosts, oracle, differs, deviates, exit, stderr, process, collects)";
        let faults: [(&str, usize, &str); 19] = [
            (
                "print(1)\n",
                1,
                "no header: a case opens with `# cites:`, `# seed:` or `# feature:`",
            ),
            (
                "",
                1,
                "no header: a case opens with `# cites:`, `# seed:` or `# feature:`",
            ),
            (
                "# exit: 1\n",
                1,
                "neither `cites` nor `seed` nor `feature` in the header",
            ),
            (
                "# cites: B001\n# cite: B001\n",
                2,
                &format!("unknown header key `cite` {known}"),
            ),
            (
                "# cites: B001\n# shows ids\n",
                2,
                "header line without a colon: `# shows ids` (want `# key: value`)",
            ),
            ("# cites: B999\n", 1, "unknown id `B999`"),
            ("# cites: B001 B001\n", 1, "id `B001` cited twice"),
            (
                "# cites: B001 B002 B003 B004 B005\n",
                1,
                "5 ids cited, the most is 4",
            ),
            ("# cites:\n", 1, "header key `cites` without a value"),
            (
                "# cites: B001\n# cites: B002\n",
                2,
                "header key `cites` given twice",
            ),
            ("# seed: b.txt\n", 1, "unknown seed `b.txt`"),
            (
                "# cites: B001\n# hosts: pypy\n",
                2,
                "unknown host `pypy` (known: runtime, cpython, wheel)",
            ),
            (
                "# cites: B001\n# oracle: new\n",
                2,
                "`new` is no version such as 3.13",
            ),
            (
                "# cites: B001\n# differs: 3.12\n",
                2,
                "no reason given (want `# differs: VERSION…: reason`)",
            ),
            (
                "# cites: B001\n# differs: 3.15: new\n",
                2,
                "version 3.15 cannot differ from itself",
            ),
            (
                "# cites: B001\n# deviates: runtime B002: r\n",
                2,
                "id `B002` deviates but is not cited",
            ),
            (
                "# cites: B001\n# deviates: runtime: r\n",
                2,
                "no id that deviates (want `# deviates: HOST ID…: reason`)",
            ),
            (
                "# cites: B001\n# exit: 256\n",
                2,
                "exit status `256` is no number from 0 to 255",
            ),
            (
                "# cites: B001\n# stderr: no\n",
                2,
                "header key `stderr` takes `yes` only, not `no`",
            ),
        ];
        for (text, line, message) in faults {
            assert_eq!(finding(text), (line, message.to_string()), "{text:?}");
        }
    }
}
