//! Events on their way from a write to its observers.
//!
//! An event is the run of changes that one write made. Events are told one by one. A write made
//! meanwhile stores its value at once, and its event waits in the queue; the outermost writer tells
//! the whole queue before it returns (S027). An event takes its place in the queue before the value
//! is stored, so that memory which runs out leaves the old state.
//!
//! Old and new are compared at a change's turn. Observers are found by walking the entries of a
//! watch by serial, so they may come and go meanwhile: those that ended are not met, and those that
//! began after the write are passed over (S028).

use crate::class::Compare;
use crate::delivery::{Delivery, State, Waiting};
use crate::engine::Engine;
use crate::host::{Cells, Change, Host, Name, Rows};
use crate::watch::Watch;

/// Whose observers are called.
enum Holder<'a, H: Host> {
    /// An instance's, by its companion.
    Companion(&'a H::Object),
    Class(&'a H::Object),
}

impl<'a, H: Host> Holder<'a, H> {
    /// Who watches now: what an observer does may replace how that is kept.
    #[inline]
    fn watch(&self) -> Option<Watch<'a, H>> {
        match *self {
            Holder::Companion(companion) => H::watch(companion),
            Holder::Class(class) => Some(H::class(class)?.watch),
        }
    }
}

/// A change at its turn.
struct Telling<'a, H: Host> {
    engine: &'a Engine<H>,
    name: Name,
    compare: Compare,
    /// Observers that began later do not hear the change.
    before: u64,
    object: &'a H::Object,
    old: Option<&'a H::Object>,
    new: Option<&'a H::Object>,
    source: Option<(&'a H::Object, Name)>,
    /// Whether the values are different, once that was asked.
    is_change: Option<bool>,
    /// What observers are given, once there is one.
    change: Option<H::Object>,
    errors: &'a H::Cells,
}

/// An observer, with the place and the serial of its entry.
pub(crate) type Met<H> = ((usize, u64), <H as Host>::Object);

impl<H: Host> Engine<H> {
    /// Tells what waits, unless that is under way already.
    pub(crate) fn run_queue(&self, cx: H::Cx<'_>) -> Result<(), H::Error> {
        let Some(delivery) = self.current(cx) else {
            return Ok(());
        };
        if delivery.is_running.replace(true) {
            return Ok(());
        }
        self.drain(cx, delivery, H::Cells::default(), None)
    }

    /// Tells a change that has just been made and that nothing waits before, then what its observers
    /// wrote, in a delivery in which nothing is under way. `first` is the first observer of the object,
    /// whose companion this is.
    pub(crate) fn tell_now(
        &self,
        cx: H::Cx<'_>,
        delivery: &Delivery<H>,
        object: &H::Object,
        (name, compare): (Name, Compare),
        (old, new): (Option<&H::Object>, Option<&H::Object>),
        (companion, first): (Option<&H::Object>, Option<Met<H>>),
    ) -> Result<(), H::Error> {
        let errors = H::Cells::default();
        delivery.is_running.set(true);
        let mut telling = Telling {
            engine: self,
            name,
            compare,
            before: self.next_serial(),
            object,
            old,
            new,
            source: None,
            is_change: None,
            change: None,
            errors: &errors,
        };
        let told = telling.run(cx, companion, first);
        self.drain(cx, delivery, errors, told.err())
    }

    /// Tells what waits, and raises what went wrong.
    #[inline]
    fn drain(
        &self,
        cx: H::Cx<'_>,
        delivery: &Delivery<H>,
        errors: H::Cells,
        failed: Option<H::Error>,
    ) -> Result<(), H::Error> {
        if delivery.queue.rows.is_empty() && failed.is_none() && errors.is_empty() {
            delivery.is_running.set(false);
            return Ok(());
        }
        self.tell_waiting(cx, delivery, errors, failed)
    }

    /// As [`Engine::drain`], where there is something to do.
    #[inline(never)]
    fn tell_waiting(
        &self,
        cx: H::Cx<'_>,
        delivery: &Delivery<H>,
        errors: H::Cells,
        mut failed: Option<H::Error>,
    ) -> Result<(), H::Error> {
        let queue = &delivery.queue;
        let mut event = 0;
        while let Some(waiting) = queue.rows.get(queue.next.get()) {
            if waiting.state == State::Reserved {
                // Its write is under way, and tells what follows when it is done.
                break;
            }
            let place = queue.next.get();
            queue.next.set(place + 1);
            if event != 0 && waiting.before != event {
                H::end_event(cx);
            }
            event = waiting.before;
            let take = |part| queue.cells.put(Waiting::CELLS * place + part, None);
            let (object, old, new, source) = (take(0), take(1), take(2), take(3));
            let (State::Ready, Some(object)) = (waiting.state, object) else {
                continue;
            };
            let mut telling = Telling {
                engine: self,
                name: waiting.name,
                compare: waiting.compare,
                before: waiting.before,
                object: &object,
                old: old.as_ref(),
                new: new.as_ref(),
                source: source.as_ref().map(|source| (source, waiting.source_name)),
                is_change: None,
                change: None,
                errors: &errors,
            };
            let companion = H::companion(&object);
            let watch = companion.as_ref().and_then(H::watch);
            let first = watch.and_then(|watch| watch.first_observer(waiting.name, waiting.before));
            if let Err(error) = telling.run(cx, companion.as_ref(), first) {
                failed.get_or_insert(error);
            }
        }
        if event != 0 {
            H::end_event(cx);
        }
        delivery.is_running.set(false);
        if queue.next.get() == queue.rows.len() {
            queue.next.set(0);
            while queue.rows.pop().is_some() {}
            while !queue.cells.is_empty() {
                // Empty: what they held was taken out above.
                drop(queue.cells.pop());
            }
        }
        match (failed, errors.is_empty()) {
            (None, true) => Ok(()),
            (Some(error), true) => Err(error),
            (None, false) => Err(H::raise(cx, &errors)),
            (Some(error), false) => {
                // Where there is no memory for it, the others are told.
                let _ = errors.push(cx, Some(H::error_object(error)));
                Err(H::raise(cx, &errors))
            }
        }
    }

    /// Tells whether two values are a change (S021); a comparison that raises counts as one, and
    /// the exception is kept where it must not be passed over.
    fn has_changed(
        &self,
        cx: H::Cx<'_>,
        compare: Compare,
        old: Option<&H::Object>,
        new: Option<&H::Object>,
        errors: &H::Cells,
    ) -> Result<bool, H::Error> {
        let (old, new) = match (old, new) {
            (None, None) => return Ok(false),
            (Some(old), Some(new)) => (old, new),
            _ => return Ok(true),
        };
        Ok(match compare {
            Compare::Always => true,
            Compare::Identity => !H::same(old, new),
            Compare::Equal if H::same(old, new) => false,
            Compare::Equal => match H::equal(cx, old, new) {
                Ok(equal) => !equal,
                Err(error) => {
                    if H::is_fatal(cx, &error) {
                        errors.push(cx, Some(H::error_object(error)))?;
                    }
                    true
                }
            },
        })
    }
}

impl<H: Host> Telling<'_, H> {
    /// Calls the observers: the instance's from the first on, then those of its classes.
    #[inline]
    fn run(
        &mut self,
        cx: H::Cx<'_>,
        companion: Option<&H::Object>,
        first: Option<Met<H>>,
    ) -> Result<(), H::Error> {
        let told = self.tell(cx, companion, first);
        if let Some(change) = self.change.take() {
            H::end_change(cx, change);
        }
        told
    }

    #[inline]
    fn tell(
        &mut self,
        cx: H::Cx<'_>,
        companion: Option<&H::Object>,
        first: Option<Met<H>>,
    ) -> Result<(), H::Error> {
        // An observer may put another class under the object. A class that is observed from now on
        // is too late to hear.
        let class = match self.engine.is_noted(self.name) {
            true => H::class_of(cx, self.object),
            false => None,
        };
        if let Some(companion) = companion {
            self.tell_watch(cx, Holder::Companion(companion), first)?;
        }
        match class {
            Some(class) => self.tell_classes(cx, &class),
            None => Ok(()),
        }
    }

    fn tell_classes(&mut self, cx: H::Cx<'_>, class: &H::Object) -> Result<(), H::Error> {
        let name = self.name;
        if !self.engine.is_watched(name) {
            return self.tell_methods(cx, class, usize::MAX, 0).map(|_| ());
        }
        let (mut place, mut method) = (0, 0);
        while let Ok(at) = H::in_mro(cx, class, place) {
            method = self.tell_methods(cx, class, place, method)?;
            if let Some(at) = at
                && let Some(parts) = H::class(&at)
                && parts.watch.may_have(name)
            {
                let first = parts.watch.first_observer(name, self.before);
                self.tell_watch(cx, Holder::Class(&at), first)?;
            }
            place += 1;
        }
        Ok(())
    }

    /// Tells whether the values are different; they are compared when somebody is there to hear.
    #[inline]
    fn is_change(&mut self, cx: H::Cx<'_>) -> Result<bool, H::Error> {
        match self.is_change {
            Some(known) => Ok(known),
            None => self.compare_values(cx),
        }
    }

    fn compare_values(&mut self, cx: H::Cx<'_>) -> Result<bool, H::Error> {
        // Comparing runs code of the program, which may fail for good: it is not asked again.
        self.is_change = Some(false);
        let is_change =
            self.engine
                .has_changed(cx, self.compare, self.old, self.new, self.errors)?;
        self.is_change = Some(is_change);
        Ok(is_change)
    }

    /// Calls the methods that hear the slot and are said to at a place of the MRO, and returns the
    /// first that is said to behind it. Methods lie in the order of the MRO.
    fn tell_methods(
        &mut self,
        cx: H::Cx<'_>,
        class: &H::Object,
        at: usize,
        first: usize,
    ) -> Result<usize, H::Error> {
        let name = self.name;
        let mut index = first;
        while let Some(parts) = H::class(class)
            && let Some(row) = parts.methods.get(index)
            && row.at as usize <= at
        {
            index += 1;
            if row.name != name && row.name != Name::ALL {
                continue;
            }
            let Some(method) = parts.method_names.get(index - 1) else {
                continue;
            };
            if self.is_change(cx)? {
                let object = self.object;
                let change = self.change(cx)?;
                if let Err(error) = H::call_method(cx, object, &method, change) {
                    self.errors.push(cx, Some(H::error_object(error)))?;
                }
            }
        }
        Ok(index)
    }

    /// Calls the observers of an instance or a class, from the first one on.
    fn tell_watch(
        &mut self,
        cx: H::Cx<'_>,
        holder: Holder<'_, H>,
        first: Option<Met<H>>,
    ) -> Result<(), H::Error> {
        let mut met = first;
        while let Some((at, observer)) = met {
            let was_compared = self.is_change.is_some();
            if !self.is_change(cx)? {
                return Ok(());
            }
            // The comparison may have cancelled it.
            let stands = || holder.watch()?.find(at.1, at.0);
            if was_compared || stands().is_some() {
                let change = self.change(cx)?;
                if let Err(error) = H::call(cx, &observer, change) {
                    self.errors.push(cx, Some(H::error_object(error)))?;
                }
            }
            drop(observer);
            let Some(watch) = holder.watch() else {
                return Ok(());
            };
            met = watch.next_observer(at, self.name, self.before);
        }
        Ok(())
    }

    /// What the observers of this change are given.
    #[inline]
    fn change(&mut self, cx: H::Cx<'_>) -> Result<&H::Object, H::Error> {
        match self.change {
            Some(ref change) => Ok(change),
            None => self.make_change(cx),
        }
    }

    fn make_change(&mut self, cx: H::Cx<'_>) -> Result<&H::Object, H::Error> {
        let made = H::change(
            cx,
            Change {
                object: self.object,
                name: self.name,
                old: self.old,
                new: self.new,
                source: self.source,
            },
        )?;
        Ok(self.change.insert(made))
    }
}
