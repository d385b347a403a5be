//! Cells: the places that closures share.

use crate::native::{figures, flags};
use crate::{Args, Borrowed, Context, Object, Result, body, builtin, index, native_type};
use mortice_gc::Slot;

crate::body! {
    /// The body of a cell.
    pub struct CellBody {
        /// What the cell holds.
        pub content: Slot,
    }
}

/// Makes a cell.
pub fn new_cell(cx: &Context, content: Option<Object>) -> Result<Object> {
    let cell = cx.instance(cx.builtin_ref(&CELL), 0)?;
    if let Some(body) = view(&cell) {
        drop(body.content.replace(content));
    }
    Ok(cell)
}

/// The body of a cell.
#[inline]
pub fn view(object: &Object) -> Option<&CellBody> {
    body::<CellBody>(object)
}

/// Fills a cell; false where the object is none.
pub fn set_cell(cell: &Object, content: &Object) -> bool {
    match view(cell) {
        Some(body) => {
            body.content.set(content.clone());
            true
        }
        None => false,
    }
}

fn cell_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let rest = args.rest().between(cx, "cell", 0, 1)?;
    new_cell(cx, rest.first().map(|content| (**content).clone()))
}

fn get_contents(cx: &Context, object: &Object) -> Result<Object> {
    match view(object).and_then(|body| body.content.get()) {
        Some(content) => Ok(content),
        None => Err(cx.value_error(format_args!("cell is empty"))),
    }
}

fn set_contents(_: &Context, object: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    if let Some(body) = view(object) {
        drop(body.content.replace(value.map(|value| (*value).clone())));
    }
    Ok(())
}

fn cell_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    match view(&this).and_then(|body| body.content.get()) {
        Some(content) => cx.format(format_args!(
            "<cell at {:#x}: {} object at {:#x}>",
            this.address(),
            cx.type_name(&content),
            content.address()
        )),
        None => cx.format(format_args!("<cell at {:#x}: empty>", this.address())),
    }
}

native_type! {
    /// The type of cells.
    pub static CELL: "cell" {
        index: index::CELL,
        base: &builtin::OBJECT,
        layout: figures("cell", 24, size_of::<CellBody>()),
        body: CellBody,
        flags: flags::COLLECTED,
        slots { New => cell_new, Repr => cell_repr, },
        methods {},
        getsets { "cell_contents" => get_contents, set_contents; },
    }
}
