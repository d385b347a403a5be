//! A Python script that plays scenarios, on the runtime and on CPython side by side.
//!
//! A *script* is one Python file with a function `play(text)`: it takes a scenario, a Python literal on
//! one line, and returns what happened, one line for each thing. The runtime loads it once. CPython runs
//! it in a process that lives as long as the harness and plays each scenario while the runtime does. The
//! two answers are compared line by line.

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use mortice::types::{builtin, text};
use mortice::{Context, Object, Runtime, State};

/// A Python file that plays scenarios.
#[derive(Clone, Copy, Debug)]
pub struct Script {
    /// The file, below the testkit's folder `src`.
    pub file: &'static str,
    /// Its text.
    pub source: &'static str,
    /// Where CPython finds modules that the runtime has of its own, from the testkit's folder.
    pub modules: Option<&'static str>,
}

/// CPython in a process of its own.
#[derive(Debug)]
struct Oracle {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// Why there is no answer of CPython.
#[derive(Debug, thiserror::Error)]
enum OracleError {
    #[error("the script on CPython: {0}")]
    Process(#[from] std::io::Error),
    #[error("the script on CPython ended")]
    Ended,
}

/// Reads the script and answers each line that comes. What exists before the first one is set apart, so
/// that a collection within a scenario does not look at it.
const LOOP: &str = "import gc, sys
exec(compile(open(sys.argv[1]).read(), sys.argv[1], 'exec'))
gc.collect()
gc.freeze()
for line in sys.stdin: print(repr(play(line)), flush=True)";

impl Oracle {
    /// Starts CPython; nothing where there is no reference CPython.
    fn start(script: &Script) -> Result<Option<Oracle>, OracleError> {
        let Some(python) = crate::oracle::python() else {
            return Ok(None);
        };
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(python);
        command
            .args(["-s", "-S", "-c", LOOP])
            .arg(here.join("src").join(script.file))
            .env("PYTHONHASHSEED", "0")
            .env("PYTHONDONTWRITEBYTECODE", "1");
        if let Some(modules) = script.modules {
            command.env("PYTHONPATH", here.join(modules));
        }
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(OracleError::Ended);
        };
        Ok(Some(Oracle {
            process,
            input,
            output: BufReader::new(output),
        }))
    }

    /// Hands over a scenario. CPython plays it from now on.
    fn ask(&mut self, scenario: &str) -> Result<(), OracleError> {
        writeln!(self.input, "{scenario}")?;
        self.input.flush()?;
        Ok(())
    }

    /// What CPython answers to the scenario, as the `repr` of a string.
    fn answer(&mut self) -> Result<String, OracleError> {
        let mut answer = String::new();
        if self.output.read_line(&mut answer)? == 0 {
            return Err(OracleError::Ended);
        }
        Ok(answer.trim_end().to_owned())
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The runtime that plays a script, and CPython beside it.
pub struct Players {
    runtime: Runtime,
    oracle: Oracle,
}

/// Where the script's function is kept in the runtime.
const PLAY: &str = "play of the harness";

impl Players {
    /// Starts both; nothing where there is no reference CPython.
    ///
    /// # Errors
    ///
    /// One of them does not start.
    pub fn start(script: &Script) -> Result<Option<Players>, String> {
        let Some(oracle) = Oracle::start(script).map_err(|error| error.to_string())? else {
            return Ok(None);
        };
        let mut runtime = Runtime::builder()
            .evaluator(mortice_eval::evaluator())
            .build()
            .map_err(|error| error.to_string())?;
        runtime
            .enter(|cx| load(cx, script).map_err(|raised| shown(cx, raised.exception())))
            .map_err(|error| format!("the script on the runtime: {error}"))?;
        Ok(Some(Players { runtime, oracle }))
    }

    /// Plays a scenario on both; returns the lines of the answer.
    ///
    /// # Errors
    ///
    /// The first line that differs, with the scenario.
    pub fn play(&mut self, scenario: &str) -> Result<Vec<String>, String> {
        let failed = |error: OracleError| format!("{error}\n  scenario {scenario}");
        self.oracle.ask(scenario).map_err(failed)?;
        let answer = self.runtime.enter({
            let scenario = scenario.to_owned();
            move |cx| play(cx, &scenario).map_err(|raised| shown(cx, raised.exception()))
        });
        let expected = lines(&self.oracle.answer().map_err(failed)?);
        let answer =
            lines(&answer.map_err(|error| format!("the script raised {error}\n{scenario}"))?);
        for (line, wanted) in expected.iter().enumerate() {
            let found = answer.get(line).map_or("nothing", String::as_str);
            if found != wanted {
                return Err(format!(
                    "line {line} is {found}\n  expected {wanted}\n  scenario {scenario}"
                ));
            }
        }
        if answer.len() > expected.len() {
            return Err(format!(
                "more lines than the {} expected: {}\n  scenario {scenario}",
                expected.len(),
                answer[expected.len()]
            ));
        }
        Ok(expected)
    }
}

/// The lines of a string of which this is the `repr`.
fn lines(answer: &str) -> Vec<String> {
    answer.split("\\n").map(str::to_owned).collect()
}

fn shown(cx: &Context, exception: &Object) -> String {
    match cx.repr(exception) {
        Ok(repr) => text(&repr).unwrap_or("?").to_owned(),
        Err(_) => "an exception without repr".to_owned(),
    }
}

fn modules(cx: &Context) -> mortice::Result<Object> {
    let modules = State::of(cx)?.modules.get();
    modules.ok_or_else(|| cx.system_error(format_args!("no modules")))
}

fn load(cx: &Context, script: &Script) -> mortice::Result<()> {
    let namespace = builtin::dict::new_dict(cx)?;
    mortice::import::add_builtins(cx, &namespace)?;
    // As in the CPython process; classes say so.
    cx.set_item(&namespace, &cx.string("__name__")?, &cx.string("__main__")?)?;
    let evaluator = State::of(cx)?.evaluator;
    let code = (evaluator.compile)(cx, script.source, script.file, mortice::Mode::Exec)?;
    (evaluator.run)(cx, &code, &namespace, None)?;
    let play = cx.get_item(&namespace, &cx.string("play")?)?;
    cx.set_item(&modules(cx)?, &cx.string(PLAY)?, &play)?;
    let set_apart = "import gc\ngc.collect()\ngc.freeze()\n";
    let code = (evaluator.compile)(cx, set_apart, script.file, mortice::Mode::Exec)?;
    (evaluator.run)(cx, &code, &namespace, None)?;
    Ok(())
}

fn play(cx: &Context, scenario: &str) -> mortice::Result<String> {
    let play = cx.get_item(&modules(cx)?, &cx.string(PLAY)?)?;
    let scenario = cx.string(scenario)?;
    let answer = cx.call(&play, &[scenario.borrow()])?;
    let repr = cx.repr(&answer)?;
    Ok(text(&repr).unwrap_or_default().to_owned())
}
