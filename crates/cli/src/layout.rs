//! `mortice layout`: the memory pictures of a program's classes.

use crate::problem::Problem;
use crate::program::Program;
use crate::run::standard_output;
use mortice::modules::mortice::slot_names;
use mortice::types::layout::draw;
use mortice::types::{dict_view, text};
use mortice::{Context, State, Type};
use std::fmt::Write;
use std::path::Path;

/// Runs a program and draws its classes.
pub fn layout(path: &Path, width: usize, stack_bytes: usize) -> Result<i32, Problem> {
    let program = Program::read(path, Vec::new(), stack_bytes)?;
    let ended = program.run(standard_output(), Box::new(std::io::stderr()), move |cx| {
        draw_classes(cx, width)
    })?;
    Ok(ended.status)
}

fn draw_classes(cx: &Context, width: usize) {
    let Some(state) = State::find(cx) else { return };
    let main = state.module("__main__");
    let Some(namespace) = main.and_then(|main| cx.instance_dict(&main)) else {
        return;
    };
    let Some(names) = dict_view(&namespace) else {
        return;
    };
    let mut at = 0;
    while let Some((index, name, value)) = names.next_entry(at) {
        at = index + 1;
        if let Some(class) = Type::of(&value)
            && is_own(cx, &class, &name)
        {
            draw_class(cx, state, &class, width);
        }
    }
}

/// Tells whether the program defined this class under this name.
fn is_own(cx: &Context, class: &Type, name: &mortice::Object) -> bool {
    let module = class
        .namespace(cx)
        .and_then(|namespace| namespace.get_text("__module__"));
    !class.is_static()
        && module.is_some_and(|module| text(&module) == Some("__main__"))
        && text(&class.name(cx)) == text(name)
}

fn draw_class(cx: &Context, state: &State, class: &Type, width: usize) {
    let class_state = class.state(cx);
    let Some(layout) = class_state.layout.0.get() else {
        return;
    };
    let name = class.name(cx);
    // Without memory for the names the slots are drawn as one box.
    let slots = slot_names(cx, class).ok().flatten().unwrap_or_default();
    let slots: Vec<&str> = slots.iter().filter_map(|slot| text(slot)).collect();
    let mut picture = String::new();
    let drawn = writeln!(
        picture,
        "{}",
        draw(layout, text(&name).unwrap_or("?"), width).naming(&slots)
    );
    if drawn.is_ok() {
        state.write(mortice::state::Stream::Out, &picture);
    }
}
