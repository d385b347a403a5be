//! Subscribing and cancelling.

use crate::access::Spot;
use crate::engine::Engine;
use crate::host::{Host, Name, Rows};
use crate::watch::{Role, Watch};

/// The bit of a name among those that some class is observed for.
fn bit(name: Name) -> u64 {
    match name {
        Name::ALL => u64::MAX,
        Name(number) => 1 << (number % 64),
    }
}

impl<H: Host> Engine<H> {
    /// Lets an observer hear an instance's slot, or every slot for [`Name::ALL`]. Returns the
    /// serial of the subscription, which [`Engine::cancel`] takes back.
    ///
    /// # Errors
    ///
    /// Memory ran out.
    pub fn observe_instance(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        observer: H::Object,
    ) -> Result<u64, H::Error> {
        let companion = H::ensure_companion(cx, object)?;
        // What goes now may subscribe too, so it goes first.
        if let Some(watch) = H::watch(&companion) {
            watch.sweep(true);
        }
        let entry = self.entry(name, Role::Observer);
        Self::add_entry(cx, object, &companion, entry, Some(observer))?;
        Ok(entry.serial)
    }

    /// Lets an observer hear a slot of all instances of a class and of its subclasses, or every
    /// slot for [`Name::ALL`].
    ///
    /// # Errors
    ///
    /// Memory ran out.
    pub fn observe_class(
        &self,
        cx: H::Cx<'_>,
        class: &H::Object,
        name: Name,
        observer: H::Object,
    ) -> Result<u64, H::Error> {
        let watch = H::class(class).map(|class| class.watch);
        if let Some(watch) = watch {
            watch.sweep(true);
        }
        let entry = self.entry(name, Role::Observer);
        if let Some(watch) = watch {
            watch.add(cx, entry, Some(observer))?;
        }
        self.note_class_name(name);
        self.watched_names.set(self.watched_names.get() | bit(name));
        Ok(entry.serial)
    }

    /// Remembers that a class is observed for a name, by its methods for instance.
    pub fn note_class_name(&self, name: Name) {
        self.class_names.set(self.class_names.get() | bit(name));
    }

    /// Ends a subscription; nothing happens where it has ended.
    pub fn cancel(&self, watch: Watch<'_, H>, serial: u64) {
        drop(watch.remove_serial(serial));
    }

    /// Tells whether an observer is still subscribed and can still be called.
    pub fn is_subscribed(&self, watch: Watch<'_, H>, serial: u64) -> bool {
        let content = watch.content(serial);
        content.is_some_and(|observer| H::is_alive(&observer))
    }

    /// Tells whether anybody might hear a change of a slot now.
    pub(crate) fn is_heard(&self, cx: H::Cx<'_>, spot: &Spot<H>) -> bool {
        self.is_held(cx, &spot.object)
            || self.is_class_observed(cx, &spot.class, spot.row.name)
            || self.is_instance_observed(&spot.object, spot.row.name)
    }

    fn is_instance_observed(&self, object: &H::Object, name: Name) -> bool {
        let Some(companion) = H::companion(object) else {
            return false;
        };
        let Some(watch) = H::watch(&companion) else {
            return false;
        };
        watch.is_observed(name)
    }

    /// Tells whether some class may be observed for a name.
    #[inline]
    pub(crate) fn is_noted(&self, name: Name) -> bool {
        self.class_names.get() & bit(name) != 0
    }

    /// Tells whether some class may be observed for a name otherwise than by its methods.
    #[inline]
    pub(crate) fn is_watched(&self, name: Name) -> bool {
        self.watched_names.get() & bit(name) != 0
    }

    /// Tells whether a class or one of its bases may be observed for a name.
    pub(crate) fn is_class_observed(&self, cx: H::Cx<'_>, class: &H::Object, name: Name) -> bool {
        if !self.is_noted(name) {
            return false;
        }
        if let Some(parts) = H::class(class) {
            let mut index = 0;
            while let Some(row) = parts.methods.get(index) {
                if row.name == name || row.name == Name::ALL {
                    return true;
                }
                index += 1;
            }
        }
        if !self.is_watched(name) {
            return false;
        }
        let mut place = 0;
        while let Ok(at) = H::in_mro(cx, class, place) {
            if let Some(at) = at
                && H::class(&at).is_some_and(|class| class.watch.may_have(name))
            {
                return true;
            }
            place += 1;
        }
        false
    }
}
