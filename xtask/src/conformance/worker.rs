//! A subject is a command line: a worker process that answers one JSON line per case.
//!
//! A request is `{"path": "…"}`, with `"checks": {…}` for the runtime's worker, an answer `{"exit": 0, "stdout": "…", "stderr": "…"}`. A worker that dies or
//! does not answer in time has failed that one case; it is ended with its whole process group, and the next
//! case gets a new one.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::checks::Checks;

/// How to start a subject.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Program and arguments before the path, for cases that want a process of their own.
    pub direct: Option<Vec<String>>,
    /// Variables beside the cleaned environment.
    pub environment: Vec<(String, String)>,
}

/// What a subject did with a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It ran the case to an end.
    Ran(Ran),
    /// The worker ended instead of answering.
    Crashed {
        /// How, in words.
        how: String,
        /// The end of what it wrote on standard error.
        stderr: String,
    },
    /// The worker did not answer in time.
    Hung {
        /// How long it was waited for.
        timeout: Duration,
    },
    /// The worker answered with something that is no answer.
    Garbled(String),
}

/// A case that ran to an end.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Ran {
    /// The exit status; minus the number of a signal that ended the case.
    pub exit: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// Requests for memory from the program's first instruction to its last, where the subject counts them.
    #[serde(default)]
    pub requests: Option<u64>,
}

#[derive(Serialize)]
struct Request<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Checks::is_none")]
    checks: Checks,
}

/// Removes what would make Python behave differently from machine to machine.
pub fn clean_environment(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PYTHON") {
            command.env_remove(name);
        }
    }
    command.envs([
        ("PYTHONHASHSEED", "0"),
        ("PYTHONDONTWRITEBYTECODE", "1"),
        ("PYTHONIOENCODING", "utf-8"),
        ("NO_COLOR", "1"),
        ("LC_ALL", "C.UTF-8"),
    ]);
}

/// One process of a subject, started when it is first needed.
pub struct Worker<'s> {
    subject: &'s Subject,
    timeout: Duration,
    running: Option<Running>,
}

impl<'s> Worker<'s> {
    /// Makes a worker that waits at most `timeout` for an answer.
    pub fn new(subject: &'s Subject, timeout: Duration) -> Self {
        Self {
            subject,
            timeout,
            running: None,
        }
    }

    /// Has the case at `path` run, in a process of its own where `alone` asks for it and the subject can.
    pub fn ask(&mut self, path: &Path, alone: bool, checks: Checks) -> Answer {
        let path = path.to_string_lossy();
        if let (true, Some(direct)) = (alone, &self.subject.direct) {
            return self.run_alone(direct, &path);
        }
        if self.running.is_none() {
            match Running::start(self.subject) {
                Ok(running) => self.running = Some(running),
                Err(error) => return cannot_start(&self.subject.command, &error),
            }
        }
        let Some(running) = &mut self.running else {
            unreachable!("a worker was started above");
        };
        let request = Request {
            path: &path,
            checks,
        };
        let request = serde_json::to_string(&request).unwrap_or_default();
        // A worker that died since its last answer breaks the pipe: the missing answer below tells so.
        let _ = writeln!(running.requests, "{request}");
        let answer = running.answers.recv_timeout(self.timeout);
        match answer {
            Ok(line) => match serde_json::from_str(&line) {
                Ok(ran) => Answer::Ran(ran),
                Err(error) => {
                    self.end();
                    Answer::Garbled(format!("answered `{}`: {error}", shortened(&line)))
                }
            },
            Err(RecvTimeoutError::Timeout) => {
                self.end();
                Answer::Hung {
                    timeout: self.timeout,
                }
            }
            Err(RecvTimeoutError::Disconnected) => {
                let Some((status, stderr)) = self.end() else {
                    unreachable!("a worker that was asked is running");
                };
                Answer::Crashed {
                    how: how(status),
                    stderr,
                }
            }
        }
    }

    fn run_alone(&self, direct: &[String], path: &str) -> Answer {
        let mut command = command(direct, self.subject);
        command.arg(path).stdin(Stdio::null());
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => return cannot_start(direct, &error),
        };
        let stdout = child.stdout.take().map(collect);
        let stderr = child.stderr.take().map(collect);
        let Some(status) = wait(&mut child, self.timeout) else {
            kill(&mut child);
            return Answer::Hung {
                timeout: self.timeout,
            };
        };
        let text = |stream: Option<JoinHandle<String>>| {
            stream
                .and_then(|stream| stream.join().ok())
                .unwrap_or_default()
        };
        Answer::Ran(Ran {
            exit: status
                .code()
                .unwrap_or_else(|| -status.signal().unwrap_or(0)),
            stdout: text(stdout),
            stderr: text(stderr),
            requests: None,
        })
    }

    /// Lets the worker end by itself, and tells how it ended where it was running.
    pub fn finish(mut self) -> Option<(ExitStatus, String)> {
        let mut running = self.running.take()?;
        drop(running.requests);
        let status = wait(&mut running.child, self.timeout);
        let status = status.unwrap_or_else(|| kill(&mut running.child));
        Some((status, running.errors.join().unwrap_or_default()))
    }

    /// Ends the worker with its group; a worker that is gone already keeps its own status.
    fn end(&mut self) -> Option<(ExitStatus, String)> {
        let mut running = self.running.take()?;
        let gone = wait(&mut running.child, Duration::from_millis(200));
        let status = match gone {
            Some(status) => status,
            None => kill(&mut running.child),
        };
        Some((status, running.errors.join().unwrap_or_default()))
    }
}

impl Drop for Worker<'_> {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take() {
            kill(&mut running.child);
        }
    }
}

struct Running {
    child: Child,
    requests: ChildStdin,
    answers: Receiver<String>,
    errors: JoinHandle<String>,
}

impl Running {
    fn start(subject: &Subject) -> std::io::Result<Self> {
        let mut child = command(&subject.command, subject)
            .stdin(Stdio::piped())
            .spawn()?;
        let (Some(requests), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            unreachable!("all three streams are piped");
        };
        let (sender, answers) = channel();
        std::thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            let mut line = Vec::new();
            while stdout
                .read_until(b'\n', &mut line)
                .is_ok_and(|count| count > 0)
            {
                let text = String::from_utf8_lossy(&line).into_owned();
                if sender.send(text).is_err() {
                    break;
                }
                line.clear();
            }
        });
        Ok(Self {
            child,
            requests,
            answers,
            errors: collect(stderr),
        })
    }
}

fn command(words: &[String], subject: &Subject) -> Command {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    clean_environment(&mut command);
    command
        .envs(
            subject
                .environment
                .iter()
                .map(|(name, value)| (name, value)),
        )
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    command
}

/// The most of a stream that is kept, so that an endless writer cannot fill the memory.
const KEPT_BYTES: usize = 16 << 20;

fn collect(mut stream: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        let mut buffer = vec![0; 1 << 16];
        while let Ok(count) = stream.read(&mut buffer) {
            if count == 0 {
                break;
            }
            let room = KEPT_BYTES.saturating_sub(kept.len());
            kept.extend_from_slice(&buffer[..count.min(room)]);
        }
        String::from_utf8_lossy(&kept).into_owned()
    })
}

fn wait(child: &mut Child, timeout: Duration) -> Option<ExitStatus> {
    let end = Instant::now() + timeout;
    let mut pause = Duration::from_micros(200);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < end => std::thread::sleep(pause),
            _ => return None,
        }
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Ends the process and whatever it started.
fn kill(child: &mut Child) -> ExitStatus {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // The group may be gone already, and then there is nothing to end.
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.kill();
    child.wait().unwrap_or_default()
}

fn cannot_start(command: &[String], error: &std::io::Error) -> Answer {
    Answer::Crashed {
        how: format!("`{}` cannot be started: {error}", command.join(" ")),
        stderr: String::new(),
    }
}

fn how(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with exit status {code} before answering"),
        (None, Some(signal)) => format!("killed by {}", signal_name(signal)),
        (None, None) => "ended before answering".to_string(),
    }
}

/// The usual name of a signal that ends a crashing process.
pub fn signal_name(signal: i32) -> String {
    let name = match signal {
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        _ => return format!("signal {signal}"),
    };
    name.to_string()
}

fn shortened(line: &str) -> String {
    let line = line.trim_end();
    match line.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_string(),
    }
}
