//! Modules: a namespace with a name.

use crate::layout::{Native, Storage};
use crate::native::flags;
use crate::raw::Type;
use crate::{
    Args, Borrowed, Context, Object, Raised, Result, body, builtin, index, native_type, text,
};
use mortice_gc::Slot;

crate::body! {
    /// The body of a module; its namespace is the instance dict.
    pub struct ModuleBody {
        /// `__name__` at creation.
        pub name: Slot,
    }
}

/// Makes a module with `__name__`, `__doc__` and the import attributes.
///
/// # Errors
///
/// MemoryError.
pub fn new_module(cx: &Context, name: &str) -> Result<Object> {
    let module = cx.instance(cx.builtin_ref(&MODULE), 0)?;
    fill(cx, &module, &cx.intern(name)?, cx.none())?;
    Ok(module)
}

fn fill(cx: &Context, module: &Object, name: &Object, doc: Object) -> Result<()> {
    if let Some(body) = body::<ModuleBody>(module) {
        body.name.set(name.clone());
    }
    if let Some(dict) = cx.ensure_dict(module)?
        && let Some(view) = builtin::dict::view(&dict)
    {
        let names = cx.names();
        view.set(cx, &names.name, name.clone())?;
        view.set(cx, &names.doc, doc)?;
        for key in [&names.package, &names.loader, &names.spec] {
            view.set(cx, key, cx.none())?;
        }
    }
    Ok(())
}

fn module_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let Some(of) = Type::of(&args.receiver()) else {
        return Err(cx.type_error(format_args!("module.__new__(X): X is not a type object")));
    };
    let module = cx.instance(&of, 0)?;
    cx.ensure_dict(&module)?;
    Ok(module)
}

fn module_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [name, doc] = args.rest().bind(cx, "module", ["name", "doc"], 1)?;
    let name = name.map_or_else(|| cx.none(), |name| (*name).clone());
    if text(&name).is_none() {
        return Err(cx.type_error(format_args!(
            "module() argument 'name' must be str, not {}",
            cx.type_name(&name)
        )));
    }
    let doc = doc.map_or_else(|| cx.none(), |doc| (*doc).clone());
    fill(cx, &args.receiver(), &name, doc)?;
    Ok(cx.none())
}

/// A value of the module's namespace.
fn global(cx: &Context, module: &Object, name: &str) -> Option<Object> {
    let dict = cx.instance_dict(module)?;
    builtin::dict::view(&dict)?.get_text(name)
}

/// A value of the module's namespace that is not None.
fn known(cx: &Context, module: &Object, name: &str) -> Option<Object> {
    global(cx, module, name).filter(|value| !cx.is_none(value))
}

fn attribute(cx: &Context, object: &Object, name: &str) -> Result<Option<Object>> {
    let name = cx.intern(name)?;
    let found = cx.find_attribute(object, &name)?;
    Ok(found.filter(|value| !cx.is_none(value)))
}

fn module_getattribute(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, name] = args.exactly::<2>(cx, "__getattribute__")?;
    builtin::object::check_name(cx, &name)?;
    match cx.generic_find(&this, &name) {
        Ok(Some(found)) => return Ok(found),
        Ok(None) => {}
        Err(raised) if raised.is(cx, &builtin::ATTRIBUTE_ERROR) => drop(raised),
        Err(raised) => return Err(raised),
    }
    if let Some(hook) = global(cx, &this, "__getattr__") {
        return cx.call(&hook, &[name]);
    }
    let raised = missing(cx, &this, &name)?;
    builtin::exception::set_attribute_context(cx, &raised, &this, &name);
    Err(raised)
}

/// AttributeError for a name that a module does not have; a module that is still being imported
/// says so.
fn missing(cx: &Context, module: &Object, name: &Object) -> Result<Raised> {
    let attribute_name = text(name).unwrap_or("?");
    let own = global(cx, module, "__name__");
    let Some(own) = own.as_ref().and_then(|own| text(own)) else {
        return Ok(cx.attribute_error(format_args!("module has no attribute '{attribute_name}'")));
    };
    let Some(spec) = known(cx, module, "__spec__") else {
        return Ok(cx.attribute_error(format_args!(
            "module '{own}' has no attribute '{attribute_name}'"
        )));
    };
    if is_set(cx, &spec, "_initializing")? {
        let origin = origin(cx, &spec)?;
        return Ok(match origin.as_ref().and_then(|origin| text(origin)) {
            Some(origin) => cx.attribute_error(format_args!(
                "partially initialized module '{own}' from '{origin}' has no attribute \
                 '{attribute_name}' (most likely due to a circular import)"
            )),
            None => cx.attribute_error(format_args!(
                "partially initialized module '{own}' has no attribute '{attribute_name}' \
                 (most likely due to a circular import)"
            )),
        });
    }
    if let Some(submodules) = attribute(cx, &spec, "_uninitialized_submodules")?
        && cx.contains(&submodules, name)?
    {
        return Ok(cx.attribute_error(format_args!(
            "cannot access submodule '{attribute_name}' of module '{own}' \
             (most likely due to a circular import)"
        )));
    }
    Ok(cx.attribute_error(format_args!(
        "module '{own}' has no attribute '{attribute_name}'"
    )))
}

fn is_set(cx: &Context, spec: &Object, name: &str) -> Result<bool> {
    match attribute(cx, spec, name)? {
        Some(value) => cx.truth(&value),
        None => Ok(false),
    }
}

/// Where a spec says that the module's code lies.
fn origin(cx: &Context, spec: &Object) -> Result<Option<Object>> {
    if is_set(cx, spec, "has_location")? {
        attribute(cx, spec, "origin")
    } else {
        Ok(None)
    }
}

/// What the import system knows best: the spec, else the file, else the loader.
fn module_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let shown = |value: Option<Object>| match value {
        Some(value) => cx.repr(&value),
        None => cx.intern("'?'"),
    };
    if let Some(spec) = known(cx, &this, "__spec__") {
        let name = shown(attribute(cx, &spec, "name")?)?;
        let name = text(&name).unwrap_or("?");
        return match (
            attribute(cx, &spec, "origin")?,
            is_set(cx, &spec, "has_location")?,
        ) {
            (Some(origin), true) => {
                let origin = cx.repr(&origin)?;
                let origin = text(&origin).unwrap_or("?");
                cx.format(format_args!("<module {name} from {origin}>"))
            }
            (Some(origin), false) => {
                let origin = cx.str(&origin)?;
                let origin = text(&origin).unwrap_or("?");
                cx.format(format_args!("<module {name} ({origin})>"))
            }
            (None, _) => with_loader(cx, name, attribute(cx, &spec, "loader")?),
        };
    }
    let name = shown(global(cx, &this, "__name__"))?;
    let name = text(&name).unwrap_or("?");
    match known(cx, &this, "__file__") {
        Some(file) => {
            let file = cx.repr(&file)?;
            cx.format(format_args!(
                "<module {name} from {}>",
                text(&file).unwrap_or("?")
            ))
        }
        None => with_loader(cx, name, known(cx, &this, "__loader__")),
    }
}

fn with_loader(cx: &Context, name: &str, loader: Option<Object>) -> Result<Object> {
    match loader {
        Some(loader) => {
            let loader = cx.repr(&loader)?;
            cx.format(format_args!(
                "<module {name} ({})>",
                text(&loader).unwrap_or("?")
            ))
        }
        None => cx.format(format_args!("<module {name}>")),
    }
}

/// The names of the namespace, unless the module itself says which it has.
fn module_dir(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().method(cx, "module", "__dir__", 0, 0)?;
    if let Some(hook) = global(cx, &this, "__dir__") {
        return cx.call(&hook, &[]);
    }
    let dict = cx.get_attribute(&this, &cx.names().dict)?;
    if builtin::dict::view(&dict).is_none() {
        return Err(cx.type_error(format_args!("<module>.__dict__ is not a dictionary")));
    }
    builtin::list::from_buffer(cx, cx.collect(&dict)?)
}

fn set_global(cx: &Context, module: &Object, name: &Object, value: Object) -> Result<()> {
    match cx
        .ensure_dict(module)?
        .as_ref()
        .and_then(builtin::dict::view)
    {
        Some(view) => view.set(cx, name, value),
        None => Ok(()),
    }
}

/// The annotations; made by the module's `__annotate__`, else empty.
fn get_annotations(cx: &Context, module: &Object) -> Result<Object> {
    if let Some(known) = global(cx, module, "__annotations__") {
        return Ok(known);
    }
    let annotate = known(cx, module, "__annotate__").unwrap_or_else(|| cx.none());
    let made = builtin::type_object::annotations::annotations_of(cx, &annotate)?;
    set_global(cx, module, &cx.names().annotations, made.clone())?;
    Ok(made)
}

fn set_or_delete(
    cx: &Context,
    module: &Object,
    name: &Object,
    value: Option<Borrowed<'_>>,
) -> Result<()> {
    if let Some(value) = value {
        return set_global(cx, module, name, (*value).clone());
    }
    let dict = cx.instance_dict(module);
    let removed = match dict.as_ref().and_then(builtin::dict::view) {
        Some(view) => view.remove(cx, name)?,
        None => None,
    };
    match removed {
        Some(_) => Ok(()),
        None => Err(cx.attribute_error(format_args!("{}", text(name).unwrap_or("?")))),
    }
}

fn set_annotations(cx: &Context, module: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    set_or_delete(cx, module, &cx.names().annotations, value)
}

fn get_annotate(cx: &Context, module: &Object) -> Result<Object> {
    match global(cx, module, "__annotate__") {
        Some(annotate) => Ok(annotate),
        None => {
            set_global(cx, module, &cx.names().annotate, cx.none())?;
            Ok(cx.none())
        }
    }
}

fn set_annotate(cx: &Context, module: &Object, value: Option<Borrowed<'_>>) -> Result<()> {
    match value {
        None => Err(cx.type_error(format_args!("cannot delete __annotate__ attribute"))),
        Some(value) if !cx.is_none(&value) && !cx.is_callable(&value) => {
            Err(cx.type_error(format_args!("__annotate__ must be callable or None")))
        }
        value => set_or_delete(cx, module, &cx.names().annotate, value),
    }
}

const LAYOUT: Native = Native {
    name: "module",
    basicsize: 104,
    itemsize: 0,
    dictoffset: 16,
    weaklistoffset: 32,
    body_bytes: size_of::<ModuleBody>(),
    dict: Storage::Managed,
    weakref: Storage::Managed,
    items: None,
    slots_after_items: false,
};

native_type! {
    /// The type of modules.
    pub static MODULE: "module" {
        index: index::MODULE,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: ModuleBody,
        flags: flags::BASE | flags::COLLECTED,
        doc: "A namespace with a name, as an import makes it.",
        slots {
            New => module_new,
            Init => module_init,
            Repr => module_repr,
            GetAttribute => module_getattribute,
        },
        methods { "__dir__" => module_dir, },
        getsets {
            member "__dict__" => builtin::object::get_dict;
            "__annotations__" => get_annotations, set_annotations;
            "__annotate__" => get_annotate, set_annotate;
        },
    }
}
