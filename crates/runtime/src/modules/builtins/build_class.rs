//! `__build_class__`: what a class statement does.
//!
//! Bases that are no classes are replaced by what their `__mro_entries__` give; the metaclass is
//! chosen; it prepares the namespace; the body runs in it; the metaclass is called; and the cell
//! that `super()` and `__class__` use is checked.

use crate::{Args, Borrowed, Context, Object, Result, State};
use mortice_types::builtin;
use mortice_types::class::choose_metaclass;
use mortice_types::{Buffer, SlotId, Type, dict_view, text, tuple_items};

/// `__build_class__(body, name, *bases, metaclass=…, **keywords)`.
///
/// # Errors
///
/// TypeError for what is no class definition; what the metaclass and the body raise.
pub fn build_class(cx: &Context, args: Args<'_>) -> Result<Object> {
    let (body, name, given) = match args.positional() {
        [body, name, bases @ ..] => (body, name, bases),
        _ => return Err(cx.type_error(format_args!("__build_class__: not enough arguments"))),
    };
    if builtin::function::view(body).is_none() {
        return Err(cx.type_error(format_args!("__build_class__: func must be a function")));
    }
    if text(name).is_none() {
        return Err(cx.type_error(format_args!("__build_class__: name is not a string")));
    }
    let given = cx.owned(given)?;
    let original = builtin::tuple::from_slice(cx, &given)?;
    let bases = resolve_bases(cx, &original)?;
    let base_items = tuple_items(&bases).unwrap_or_default();
    let (metaclass, keywords) = split_keywords(cx, &args, base_items)?;
    let (metaclass, is_class) = metaclass;
    let namespace = prepare(cx, &metaclass, is_class, name, &bases, &keywords)?;
    let run = State::of(cx)?.evaluator.run_class_body;
    let cell = run(cx, body, &namespace)?;
    if !bases.is(&original) {
        let key = &cx.names().orig_bases;
        crate::modules::store(cx, &namespace, key, &original)?;
    }
    let class = keywords.call(
        cx,
        &metaclass,
        &[name.borrow(), bases.borrow(), namespace.borrow()],
    )?;
    check_cell(cx, &cell, &class, name)?;
    Ok(class)
}

/// The bases with `__mro_entries__` resolved: the same tuple where there were none.
///
/// # Errors
///
/// TypeError where a method does not give a tuple; what it raises.
pub fn resolve_bases(cx: &Context, bases: &Object) -> Result<Object> {
    let items = tuple_items(bases).unwrap_or_default();
    let mut resolved: Option<Buffer<Object>> = None;
    for (index, base) in items.iter().enumerate() {
        let method = match Type::view(base) {
            Some(_) => None,
            None => cx.find_attribute(base, &cx.names().mro_entries)?,
        };
        let Some(method) = method else {
            if let Some(resolved) = &mut resolved {
                cx.fallible(resolved.push(cx.heap(), base.clone()))?;
            }
            continue;
        };
        let entries = cx.call(&method, &[bases.borrow()])?;
        let Some(entries) = tuple_items(&entries) else {
            return Err(cx.type_error(format_args!("__mro_entries__ must return a tuple")));
        };
        let list = match &mut resolved {
            Some(list) => list,
            None => {
                let before = cx.fallible(Buffer::copied(cx.heap(), &items[..index]))?;
                resolved.insert(before)
            }
        };
        for entry in entries {
            cx.fallible(list.push(cx.heap(), entry.clone()))?;
        }
    }
    match resolved {
        Some(resolved) => builtin::tuple::from_slice(cx, &resolved),
        None => Ok(bases.clone()),
    }
}

/// A class statement's keywords without `metaclass`.
pub(crate) struct Keywords<'a> {
    names: Buffer<Object>,
    values: allocator_api2::vec::Vec<Borrowed<'a>, &'a mortice_mem::Memory>,
}

impl<'a> Keywords<'a> {
    /// No keywords.
    pub(crate) fn none(cx: &'a Context) -> Keywords<'a> {
        Keywords {
            names: Buffer::new(),
            values: allocator_api2::vec::Vec::new_in(cx.heap().memory()),
        }
    }

    /// Adds a keyword.
    pub(crate) fn push(&mut self, cx: &Context, name: &Object, value: Borrowed<'a>) -> Result<()> {
        self.values.try_reserve(1).map_err(|_| cx.out_of_memory())?;
        self.values.push(value);
        cx.fallible(self.names.push(cx.heap(), name.clone()))
    }

    /// Calls something with these positional arguments and the keywords.
    pub(crate) fn call(
        &self,
        cx: &Context,
        callable: &Object,
        positional: &[Borrowed<'_>],
    ) -> Result<Object> {
        let mut values = allocator_api2::vec::Vec::new_in(cx.heap().memory());
        values
            .try_reserve_exact(positional.len() + self.values.len())
            .map_err(|_| cx.out_of_memory())?;
        values.extend_from_slice(positional);
        values.extend_from_slice(&self.values);
        cx.call_args(callable, Args::with_names(&values, &self.names))
    }
}

/// The metaclass with whether it is a class, and the other keywords.
fn split_keywords<'a>(
    cx: &'a Context,
    args: &Args<'a>,
    bases: &[Object],
) -> Result<((Object, bool), Keywords<'a>)> {
    let mut explicit = None;
    let mut keywords = Keywords::none(cx);
    for (name, value) in args.keywords() {
        if text(name) == Some("metaclass") {
            explicit = Some((*value).clone());
        } else {
            keywords.push(cx, name, value)?;
        }
    }
    Ok((metaclass_of(cx, explicit, bases)?, keywords))
}

/// The metaclass for these bases, and whether it is a class at all.
///
/// # Errors
///
/// TypeError for a metaclass conflict.
pub(crate) fn metaclass_of(
    cx: &Context,
    explicit: Option<Object>,
    bases: &[Object],
) -> Result<(Object, bool)> {
    let first = match explicit {
        Some(explicit) => match Type::of(&explicit) {
            Some(class) => class,
            None => return Ok((explicit, false)),
        },
        None => match bases.first() {
            Some(base) => cx.type_of(base),
            None => cx.builtin(&builtin::TYPE),
        },
    };
    Ok((choose_metaclass(cx, &first, bases)?.into_object(), true))
}

/// The namespace that the metaclass prepares.
///
/// # Errors
///
/// TypeError where it is no mapping; what `__prepare__` raises.
pub(crate) fn prepare(
    cx: &Context,
    metaclass: &Object,
    is_class: bool,
    name: &Object,
    bases: &Object,
    keywords: &Keywords<'_>,
) -> Result<Object> {
    let namespace = match cx.find_attribute(metaclass, &cx.names().prepare)? {
        Some(prepare) => keywords.call(cx, &prepare, &[name.borrow(), bases.borrow()])?,
        None => return builtin::dict::new_dict(cx),
    };
    let is_mapping =
        dict_view(&namespace).is_some() || cx.slot_of(&namespace, SlotId::GetItem).is_some();
    if is_mapping {
        return Ok(namespace);
    }
    let owner = Type::of(metaclass)
        .filter(|_| is_class)
        .map(|of| of.name(cx));
    let owner = owner.as_ref().and_then(|owner| text(owner));
    Err(cx.type_error(format_args!(
        "{}.__prepare__() must return a mapping, not {}",
        owner.unwrap_or("<metaclass>"),
        cx.type_name(&namespace)
    )))
}

/// The cell that the body made for `__class__` must hold the new class.
fn check_cell(cx: &Context, cell: &Object, class: &Object, name: &Object) -> Result<()> {
    let Some(cell) = builtin::cell::view(cell) else {
        return Ok(());
    };
    if Type::view(class).is_none() {
        return Ok(());
    }
    match cell.content.get() {
        Some(content) if content.is(class) => Ok(()),
        Some(content) => {
            let (name, class) = (cx.repr(name)?, cx.repr(class)?);
            let content = cx.repr(&content)?;
            Err(cx.type_error(format_args!(
                "__class__ set to {} defining {} as {}",
                text(&content).unwrap_or("?"),
                text(&name).unwrap_or("?"),
                text(&class).unwrap_or("?")
            )))
        }
        None => {
            let (name, class) = (cx.repr(name)?, cx.repr(class)?);
            Err(cx.runtime_error(format_args!(
                "__class__ not set defining {} as {}. Was __classcell__ propagated to type.__new__?",
                text(&name).unwrap_or("?"),
                text(&class).unwrap_or("?")
            )))
        }
    }
}
