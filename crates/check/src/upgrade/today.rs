//! The first stage: today's names.

use super::walk::{Rules, Site, walk};
use super::{
    Goal, Rewrite, accessors, configuration, frames, includes, names, new_ref, setters, trashcan,
};
use crate::tree::{Node, Syntax};
use crate::unit::{Reader, Unit};

/// Runs the stage.
pub fn stage(unit: &Unit, _: &Reader, goal: Goal, rewrite: &mut Rewrite<'_>) {
    walk(unit, &mut Today { goal, rewrite });
    trashcan::blanked(unit, rewrite);
    includes::gone(unit, rewrite);
    configuration::all(unit, rewrite);
}

struct Today<'r, 's> {
    goal: Goal,
    rewrite: &'r mut Rewrite<'s>,
}

impl<'u> Rules<'u> for Today<'_, '_> {
    fn leave(&mut self, site: &Site<'u, '_>, node: Node<'u>, kind: Syntax) {
        let (goal, rewrite) = (self.goal, &mut *self.rewrite);
        match kind {
            Syntax::Identifier => names::name(site, node, rewrite),
            Syntax::Call => {
                names::call(site, node, rewrite);
                trashcan::call(site, node, rewrite);
            }
            Syntax::Field => {
                accessors::field(site, node, goal, rewrite);
                frames::field(site, node, goal, rewrite);
            }
            Syntax::Assignment => setters::assignment(site, node, goal, rewrite),
            Syntax::Update => setters::update(site, node, goal, rewrite),
            Syntax::Compound | Syntax::Case => new_ref::block(site, node, rewrite),
            _ => {}
        }
    }
}
