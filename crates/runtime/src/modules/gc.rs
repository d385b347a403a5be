//! The module `gc`, and what happens around every collection: callbacks, statistics, debug output.

use super::sys::audit::audit;
use super::{define, functions};
use crate::{Args, Borrowed, Buffer, Context, Object, Result, State, streams, unraisable};
use mortice_types::gc::{CollectError, Collected, Generation, Heap};
use mortice_types::native::Method;
use mortice_types::{builtin, dict_view, text};
use std::time::Instant;

static FUNCTIONS: &[Method] = functions! {
    "collect" => collect,
    "disable" => |cx, args| switch(cx, args, "gc.disable", false),
    "enable" => |cx, args| switch(cx, args, "gc.enable", true),
    "freeze" => freeze,
    "get_count" => get_count,
    "get_debug" => get_debug,
    "get_freeze_count" => get_freeze_count,
    "get_objects" => get_objects,
    "get_referents" => get_referents,
    "get_referrers" => get_referrers,
    "get_stats" => get_stats,
    "get_threshold" => get_threshold,
    "is_finalized" => is_finalized,
    "is_tracked" => is_tracked,
    "isenabled" => is_enabled,
    "set_debug" => set_debug,
    "set_threshold" => set_threshold,
    "unfreeze" => unfreeze,
};

const DEBUG_STATS: u32 = 1;
const DEBUG_COLLECTABLE: u32 = 2;
const DEBUG_UNCOLLECTABLE: u32 = 4;
const DEBUG_SAVEALL: u32 = 32;
const DEBUG_LEAK: u32 = DEBUG_COLLECTABLE | DEBUG_UNCOLLECTABLE | DEBUG_SAVEALL;

/// Generations that are collected; one more is permanent.
const GENERATIONS: u32 = 3;

/// What collections came to: those of a generation, or a single one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Statistics {
    collections: usize,
    collected: usize,
    uncollectable: usize,
    candidates: usize,
    seconds: f64,
}

impl Statistics {
    fn of(result: Collected, seconds: f64) -> Statistics {
        Statistics {
            collections: 1,
            collected: result.collected,
            uncollectable: result.uncollectable,
            candidates: result.candidates,
            seconds,
        }
    }

    fn with(self, other: Statistics) -> Statistics {
        Statistics {
            collections: self.collections + other.collections,
            collected: self.collected + other.collected,
            uncollectable: self.uncollectable + other.uncollectable,
            candidates: self.candidates + other.candidates,
            seconds: self.seconds + other.seconds,
        }
    }

    /// A new dict, as programs see it.
    fn dict(self, cx: &Context, first: (&str, usize)) -> Result<Object> {
        let dict = builtin::dict::new_dict(cx)?;
        let Some(view) = dict_view(&dict) else {
            return Ok(dict);
        };
        for (name, value) in [
            first,
            ("collected", self.collected),
            ("uncollectable", self.uncollectable),
            ("candidates", self.candidates),
        ] {
            view.set(cx, &cx.intern(name)?, cx.int(value as i64)?)?;
        }
        view.set(
            cx,
            &cx.intern("duration")?,
            builtin::float::new_float(cx, self.seconds)?,
        )?;
        Ok(dict)
    }
}

/// Makes the module.
pub(super) fn make(cx: &Context) -> Result<Object> {
    let module = super::with_functions(cx, "gc", FUNCTIONS)?;
    let state = State::of(cx)?;
    for (name, slot) in [
        ("callbacks", &state.gc_callbacks),
        ("garbage", &state.gc_garbage),
    ] {
        let list = builtin::list::from_slice(cx, &[])?;
        slot.set(list.clone());
        define(cx, &module, name, list)?;
    }
    for (name, bits) in [
        ("DEBUG_STATS", DEBUG_STATS),
        ("DEBUG_COLLECTABLE", DEBUG_COLLECTABLE),
        ("DEBUG_UNCOLLECTABLE", DEBUG_UNCOLLECTABLE),
        ("DEBUG_SAVEALL", DEBUG_SAVEALL),
        ("DEBUG_LEAK", DEBUG_LEAK),
    ] {
        define(cx, &module, name, cx.int(i64::from(bits))?)?;
    }
    Ok(module)
}

/// Collects where the counters ask for it. The evaluator calls this at safe points.
pub fn collect_if_due(cx: &Context) {
    let Some(state) = State::find(cx) else {
        let _ = cx.heap().collect_if_due(|_, _| {});
        return;
    };
    let mut started = Instant::now();
    cx.heap().collect_if_due(|generation, result| match result {
        None => {
            before(cx, state, generation);
            started = Instant::now();
        }
        Some(result) => after(cx, state, generation, result, started),
    });
}

/// Collects a generation with all that goes with it.
fn collect_now(cx: &Context, state: &State, generation: Generation) -> Result<Collected> {
    if cx.heap().is_collecting() {
        return Ok(Collected::default());
    }
    let mut started = Instant::now();
    let result = cx
        .heap()
        .collect_around(generation, |generation, result| match result {
            None => {
                before(cx, state, generation);
                started = Instant::now();
            }
            Some(result) => after(cx, state, generation, result, started),
        });
    match result {
        Ok(result) => Ok(result),
        Err(CollectError::Running) => Ok(Collected::default()),
        Err(CollectError::OutOfMemory) => Err(cx.out_of_memory()),
    }
}

fn before(cx: &Context, state: &State, generation: Generation) {
    call_callbacks(cx, state, "start", generation, Statistics::default());
    let debug = state.gc_debug.get();
    cx.heap()
        .found
        .set((debug & DEBUG_COLLECTABLE != 0).then_some(report_collectable));
    if debug & DEBUG_STATS != 0 {
        let _ = report_start(cx, generation);
    }
}

fn after(cx: &Context, state: &State, generation: Generation, result: Collected, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    let done = Statistics::of(result, seconds);
    let statistics = &state.gc_statistics[generation as usize];
    statistics.set(statistics.get().with(done));
    if state.gc_debug.get() & DEBUG_STATS != 0 {
        let _ = report(
            cx,
            format_args!(
                "gc: done, {} unreachable, {} uncollectable, {seconds:.4}s elapsed\n",
                result.collected + result.uncollectable,
                result.uncollectable
            ),
        );
    }
    // `gc.garbage` receives what the heap kept; without memory it stays there for the next time.
    if let Some(garbage) = state.gc_garbage.get()
        && let Some(list) = builtin::list::view(&garbage)
    {
        for object in cx.saved_garbage.take() {
            if list.items.push(cx.heap(), object).is_err() {
                break;
            }
        }
    }
    call_callbacks(cx, state, "stop", generation, done);
}

fn call_callbacks(
    cx: &Context,
    state: &State,
    phase: &str,
    generation: Generation,
    told: Statistics,
) {
    let Some(callbacks) = state.gc_callbacks.get() else {
        return;
    };
    if builtin::list::view(&callbacks).is_none_or(|list| list.items.is_empty()) {
        return;
    }
    let called = (|| {
        let info = told.dict(cx, ("generation", generation as usize))?;
        let phase = cx.string(phase)?;
        let mut index = 0;
        while let Some(callback) =
            builtin::list::view(&callbacks).and_then(|list| list.items.get(index))
        {
            if let Err(raised) = cx.call(&callback, &[phase.borrow(), info.borrow()]) {
                let doing = "Exception ignored while calling GC callback";
                unraisable::report(cx, raised, doing, Some(&callback));
            }
            index += 1;
        }
        Ok(())
    })();
    if let Err(raised) = called {
        unraisable::report(
            cx,
            raised,
            "Exception ignored while calling GC callbacks",
            None,
        );
    }
}

fn report(cx: &Context, message: std::fmt::Arguments<'_>) -> Result<()> {
    if let Some(file) = streams::standard_error(cx) {
        let message = cx.format(message)?;
        streams::write(cx, &file, text(&message).unwrap_or_default())?;
    }
    Ok(())
}

/// At the end of the runtime: shows `gc.garbage`, where the program asked for that.
pub(crate) fn report_garbage(cx: &Context, state: &State) {
    let debug = state.gc_debug.get();
    if debug & DEBUG_UNCOLLECTABLE == 0 || debug & DEBUG_SAVEALL != 0 {
        return;
    }
    let Some(garbage) = state.gc_garbage.get() else {
        return;
    };
    if builtin::list::view(&garbage).is_none_or(|list| list.items.is_empty()) {
        return;
    }
    let shown = cx.repr(&garbage).and_then(|shown| {
        report(
            cx,
            format_args!("      {}\n", text(&shown).unwrap_or_default()),
        )
    });
    if let Err(raised) = shown {
        unraisable::report(cx, raised, "Exception ignored in", Some(&garbage));
    }
}

fn report_start(cx: &Context, generation: Generation) -> Result<()> {
    let number = generation as usize;
    report(cx, format_args!("gc: collecting generation {number}...\n"))?;
    let mut counts = [0usize; GENERATIONS as usize];
    for (wanted, count) in counts.iter_mut().enumerate() {
        let objects = cx
            .heap()
            .tracked(|generation| generation as usize == wanted);
        *count = cx.fallible(objects)?.len();
    }
    let [young, middle, old] = counts;
    report(
        cx,
        format_args!("gc: objects in each generation: {young} {middle} {old}\n"),
    )?;
    let frozen = cx.heap().frozen_count();
    report(
        cx,
        format_args!("gc: objects in permanent generation: {frozen}\n"),
    )
}

fn report_collectable(heap: &Heap, object: &Object) {
    if let Some(cx) = mortice_types::context_of(heap) {
        let (name, address) = (cx.type_name(object), object.address());
        let _ = report(cx, format_args!("gc: collectable <{name} {address:#x}>\n"));
    }
}

fn collect(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [generation] = args.bind(cx, "collect", ["generation"], 0)?;
    let generation = match generation {
        Some(number) => Generation::from_number(small_int(cx, &number)?),
        None => Some(Generation::Full),
    };
    let Some(generation) = generation else {
        return Err(cx.value_error(format_args!("invalid generation")));
    };
    let result = collect_now(cx, State::of(cx)?, generation)?;
    cx.int((result.collected + result.uncollectable) as i64)
}

/// An argument that is a C `int`.
fn small_int(cx: &Context, number: &Object) -> Result<i64> {
    let index = cx.index(number)?;
    let value = index.as_small().and_then(|value| i32::try_from(value).ok());
    value
        .map(i64::from)
        .ok_or_else(|| cx.overflow_error(format_args!("Python int too large to convert to C int")))
}

fn switch(cx: &Context, args: Args<'_>, name: &str, enabled: bool) -> Result<Object> {
    args.exactly::<0>(cx, name)?;
    cx.heap().enabled.set(enabled);
    Ok(cx.none())
}

fn is_enabled(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.exactly::<0>(cx, "gc.isenabled")?;
    Ok(cx.bool(cx.heap().enabled.get()))
}

fn freeze(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.exactly::<0>(cx, "gc.freeze")?;
    cx.heap().freeze();
    Ok(cx.none())
}

fn unfreeze(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.exactly::<0>(cx, "gc.unfreeze")?;
    cx.heap().unfreeze();
    Ok(cx.none())
}

fn get_freeze_count(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.exactly::<0>(cx, "gc.get_freeze_count")?;
    cx.int(cx.heap().frozen_count() as i64)
}

fn three(cx: &Context, values: [u32; 3]) -> Result<Object> {
    let [first, second, third] = values.map(i64::from);
    let values = [cx.int(first)?, cx.int(second)?, cx.int(third)?];
    builtin::tuple::from_slice(cx, &values)
}

fn get_count(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.exactly::<0>(cx, "gc.get_count")?;
    three(cx, [0, 1, 2].map(|index| cx.heap().counts[index].get()))
}

fn get_threshold(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.exactly::<0>(cx, "gc.get_threshold")?;
    three(cx, [0, 1, 2].map(|index| cx.heap().thresholds[index].get()))
}

fn set_threshold(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.no_keywords(cx, "gc.set_threshold")?;
    let given = args.positional();
    if given.is_empty() || given.len() > 3 {
        return Err(cx.type_error(format_args!("gc.set_threshold requires 1 to 3 arguments")));
    }
    for (value, threshold) in given.iter().zip(&cx.heap().thresholds) {
        let value = small_int(cx, value)?;
        // A negative threshold is exceeded at once, as 0 would be if it did not mean "off".
        threshold.set(u32::try_from(value).unwrap_or(1));
    }
    Ok(cx.none())
}

fn get_stats(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.exactly::<0>(cx, "gc.get_stats")?;
    let list = builtin::list::from_slice(cx, &[])?;
    for statistics in &State::of(cx)?.gc_statistics {
        let statistics = statistics.get();
        let entry = statistics.dict(cx, ("collections", statistics.collections))?;
        if let Some(view) = builtin::list::view(&list) {
            cx.fallible(view.items.push(cx.heap(), entry))?;
        }
    }
    Ok(list)
}

fn get_debug(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.exactly::<0>(cx, "gc.get_debug")?;
    cx.int(i64::from(State::of(cx)?.gc_debug.get()))
}

fn set_debug(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [flags] = args.exactly::<1>(cx, "gc.set_debug")?;
    let flags = small_int(cx, &flags)? as u32;
    State::of(cx)?.gc_debug.set(flags);
    cx.heap().save_all.set(flags & DEBUG_SAVEALL != 0);
    Ok(cx.none())
}

fn is_tracked(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "gc.is_tracked")?;
    Ok(cx.bool(cx.heap().is_tracked(&object)))
}

fn is_finalized(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "gc.is_finalized")?;
    Ok(cx.bool(object.is_finalized()))
}

/// Every tracked object; those of one generation where one is given.
fn get_objects(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [generation] = args.bind(cx, "get_objects", ["generation"], 0)?;
    let wanted = match generation.filter(|generation| !cx.is_none(generation)) {
        None => None,
        Some(number) => {
            if !number.is_small() && cx.slot_of(&number, mortice_types::SlotId::Index).is_none() {
                return Err(cx.type_error(format_args!(
                    "argument should be integer or None, not '{}'",
                    cx.type_name(&number)
                )));
            }
            let number = small_int(cx, &number)?;
            if number < 0 {
                return Err(cx.value_error(format_args!("generation parameter cannot be negative")));
            }
            if number >= i64::from(GENERATIONS) {
                return Err(cx.value_error(format_args!(
                    "generation parameter must be less than the number of available generations ({GENERATIONS})"
                )));
            }
            Some(number as u32)
        }
    };
    let number = wanted.map_or(-1, i64::from);
    audit(cx, "gc.get_objects", &[cx.int(number)?])?;
    let objects = cx.heap().tracked(|generation| match wanted {
        Some(wanted) => generation == wanted,
        None => generation < GENERATIONS,
    });
    builtin::list::from_buffer(cx, cx.fallible(objects)?)
}

fn get_referents(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.no_keywords(cx, "gc.get_referents")?;
    audit(cx, "gc.get_referents", &[given_tuple(cx, args)?])?;
    let list = builtin::list::from_slice(cx, &[])?;
    let Some(view) = builtin::list::view(&list) else {
        return Ok(list);
    };
    for object in args.positional() {
        // The referents of an object that no collector sees are nobody's business.
        if !is_collected(cx, object) {
            continue;
        }
        each_referent(cx, object, &mut |referent| {
            cx.fallible(view.items.push(cx.heap(), referent))
        })?;
        let of = cx.type_of(object);
        if !of.is_static() {
            cx.fallible(view.items.push(cx.heap(), of.into_object()))?;
        }
    }
    Ok(list)
}

/// The arguments as one value, for those who audit.
fn given_tuple(cx: &Context, args: Args<'_>) -> Result<Object> {
    builtin::tuple::from_slice(cx, &cx.owned(args.positional())?)
}

/// The referents in CPython's order: sequences from their end, and of a dict whose keys are all
/// `str` only the values. Small integers in a word are no references for the heap, but are listed.
fn each_referent(
    cx: &Context,
    object: &Object,
    visit: &mut dyn FnMut(Object) -> Result<()>,
) -> Result<()> {
    if cx.is_exactly(object, &builtin::LIST) || cx.is_exactly(object, &builtin::TUPLE) {
        for item in cx.collect(object)?.iter().rev() {
            visit(item.clone())?;
        }
        return Ok(());
    }
    if cx.is_exactly(object, &builtin::DICT)
        && let Some(dict) = dict_view(object)
    {
        let mut texts = true;
        let mut at = 0;
        while let Some((index, key, _)) = dict.next_entry(at) {
            texts &= cx.is_exactly(&key, &builtin::STR);
            at = index + 1;
        }
        at = 0;
        while let Some((index, key, value)) = dict.next_entry(at) {
            at = index + 1;
            visit(value)?;
            if !texts {
                visit(key)?;
            }
        }
        return Ok(());
    }
    for referent in cx.fallible(cx.heap().referents(object))? {
        visit(referent)?;
    }
    Ok(())
}

/// Tells whether instances of the object's type are tracked; static types are not.
fn is_collected(cx: &Context, object: &Object) -> bool {
    let is_static = mortice_types::Type::view(object).is_some_and(|of| of.is_static());
    !is_static && cx.flags_of(object) & mortice_types::native::flags::COLLECTED != 0
}

fn get_referrers(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.no_keywords(cx, "gc.get_referrers")?;
    audit(cx, "gc.get_referrers", &[given_tuple(cx, args)?])?;
    let targets = cx.owned(args.positional())?;
    let all = cx.fallible(cx.heap().tracked(|generation| generation < GENERATIONS))?;
    let mut found = Buffer::new();
    for object in all.iter() {
        if refers(cx, object, &targets, args.positional()) {
            cx.fallible(found.push(cx.heap(), object.clone()))?;
        }
    }
    builtin::list::from_buffer(cx, found)
}

fn refers(cx: &Context, object: &Object, targets: &[Object], given: &[Borrowed<'_>]) -> bool {
    if cx.heap().refers_to(object, targets) {
        return true;
    }
    let of = cx.type_of(object);
    !of.is_static() && given.iter().any(|target| of.object().is(target))
}
