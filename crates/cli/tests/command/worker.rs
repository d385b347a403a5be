//! The worker's protocol: one JSON line for each request, whatever the request is.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::support::{Folder, mortice};

struct Worker {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    fn start() -> Worker {
        let mut child = mortice(&["worker"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the command can be started");
        let requests = child.stdin.take().expect("piped");
        let answers = BufReader::new(child.stdout.take().expect("piped"));
        Worker {
            child,
            requests,
            answers,
        }
    }

    fn ask(&mut self, request: &str) -> Value {
        writeln!(self.requests, "{request}").expect("the worker reads");
        let mut line = String::new();
        self.answers
            .read_line(&mut line)
            .expect("the worker writes");
        serde_json::from_str(&line).expect("one line of JSON")
    }

    fn end(mut self) {
        drop(self.requests);
        let status = self.child.wait().expect("the worker ends");
        assert!(status.success(), "{status}");
    }
}

#[test]
fn each_program_is_answered_on_one_line() {
    let folder = Folder::new();
    let says = folder.file("says.py", "print('a\\nb')\nraise SystemExit(3)\n");
    let fails = folder.file("fails.py", "x = 1 / 0\n");
    let mut worker = Worker::start();
    let answer = worker.ask(&json!({"path": says}).to_string());
    assert!(answer["requests"].as_u64().is_some(), "{answer}");
    assert_eq!(
        (&answer["exit"], &answer["stdout"], &answer["stderr"]),
        (&json!(3), &json!("a\nb\n"), &json!(""))
    );
    let answer = worker.ask(&json!({"path": fails}).to_string());
    assert_eq!(
        (&answer["exit"], &answer["stdout"]),
        (&json!(1), &json!(""))
    );
    let stderr = answer["stderr"].as_str().unwrap();
    assert!(
        stderr.ends_with("ZeroDivisionError: division by zero\n"),
        "{stderr}"
    );
    // The next program finds nothing of the last one.
    let answer = worker.ask(&json!({"path": says}).to_string());
    assert_eq!(answer["exit"], 3);
    worker.end();
}

#[test]
fn what_is_no_request_is_answered_too() {
    let mut worker = Worker::start();
    for request in [
        "",
        "nonsense",
        "{}",
        "{\"path\": 1}",
        "{\"path\": \"missing.py\"}",
    ] {
        let answer = worker.ask(request);
        assert_eq!(answer["exit"], 2, "{request}: {answer}");
        let stderr = answer["stderr"].as_str().unwrap();
        assert!(
            stderr.starts_with("mortice: ") && stderr.lines().count() == 1,
            "{stderr}"
        );
    }
    worker.end();
}
