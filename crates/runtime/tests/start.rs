//! A runtime starts, prints, moves between threads and ends.

use mortice::types::{builtin, text};
use mortice::{Context, Object, Runtime, State, modules, program, traceback};
use std::io::Write;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn captured() -> (Runtime, Captured, Captured) {
    let (out, error) = (Captured::default(), Captured::default());
    let runtime = Runtime::builder()
        .stdout(Box::new(out.clone()))
        .stderr(Box::new(error.clone()))
        .build()
        .unwrap();
    (runtime, out, error)
}

fn builtin_named(cx: &Context, name: &str) -> Object {
    let module = State::of(cx).unwrap().module("builtins").unwrap();
    cx.get_attribute_text(&module, name).unwrap()
}

#[test]
fn print_writes_to_the_sink() {
    let (mut runtime, out, _) = captured();
    runtime.enter(|cx| {
        let print = builtin_named(cx, "print");
        let text = cx.string("mortice").unwrap();
        cx.call(&print, &[text.borrow(), cx.none().borrow()])
            .unwrap();
    });
    runtime.end();
    assert_eq!(out.text(), "mortice None\n");
}

#[test]
fn a_runtime_moves_between_threads() {
    let (mut runtime, out, _) = captured();
    runtime.enter(|cx| {
        let sys = State::of(cx).unwrap().module("sys").unwrap();
        let name = cx.intern("kept").unwrap();
        cx.set_attribute(&sys, &name, &cx.string("from before").unwrap())
            .unwrap();
    });
    std::thread::spawn(move || {
        runtime.enter(|cx| {
            let sys = State::of(cx).unwrap().module("sys").unwrap();
            let kept = cx.get_attribute_text(&sys, "kept").unwrap();
            cx.call(&builtin_named(cx, "print"), &[kept.borrow()])
                .unwrap();
        });
        runtime.end();
    })
    .join()
    .unwrap();
    assert_eq!(out.text(), "from before\n");
}

#[test]
fn sys_describes_the_version() {
    let (mut runtime, ..) = captured();
    let version = runtime.enter(|cx| {
        let sys = State::of(cx).unwrap().module("sys").unwrap();
        let version = cx.get_attribute_text(&sys, "version_info").unwrap();
        let field = |name| cx.get_attribute_text(&version, name).unwrap().as_small();
        [field("major"), field("minor"), field("micro")]
    });
    assert_eq!(version, [Some(3), Some(15), Some(2)]);
}

#[test]
fn a_missing_module_is_reported_with_its_name() {
    let (mut runtime, _, error) = captured();
    runtime.enter(|cx| {
        let raised = mortice::import::import(cx, "absent.part", None, false, 0).unwrap_err();
        traceback::print_uncaught(cx, raised);
    });
    assert_eq!(
        error.text(),
        "ModuleNotFoundError: No module named 'absent'\n"
    );
}

#[test]
fn without_an_evaluator_a_program_fails_with_a_message() {
    let (mut runtime, _, error) = captured();
    let status = runtime.enter(|cx| program::run(cx, "p.py", "x = 1", &[]));
    assert_eq!(status, 1);
    assert_eq!(
        error.text(),
        "RuntimeError: this runtime has no evaluator\n"
    );
}

#[test]
fn a_chain_of_causes_prints_the_oldest_first() {
    let (mut runtime, ..) = captured();
    let shown = runtime.enter(|cx| {
        let first = cx.value_error(format_args!("first"));
        let second = cx.type_error(format_args!("second"));
        let body = builtin::exception::view(second.exception()).unwrap();
        body.cause.set(first.into_exception());
        let shown = traceback::render(cx, second.exception()).unwrap();
        text(&shown).unwrap().to_owned()
    });
    let sentence = "The above exception was the direct cause of the following exception:";
    assert_eq!(
        shown,
        format!("ValueError: first\n\n{sentence}\n\nTypeError: second\n")
    );
}

#[test]
fn modules_end_with_the_runtime() {
    let (mut runtime, ..) = captured();
    runtime.enter(|cx| {
        let module = State::of(cx).unwrap().module("sys").unwrap();
        let _ = modules::names_of_builtin_modules().count();
        assert!(cx.get_attribute_text(&module, "modules").is_ok());
    });
    runtime.end();
}
