use allocator_api2::alloc::{Allocator, Global};
use mortice_mem::{Config, Memory};

use super::*;

const OBJECT: usize = 0;
const INT: usize = 1;
const TUPLE: usize = 2;
const LIST: usize = 3;
const SET: usize = 4;
const EXCEPTION: usize = 5;

/// A few native types with figures of our own choosing; CPython's are compared in
/// `tests/hierarchies.rs`.
struct World<A: Allocator + Copy> {
    classes: std::vec::Vec<(Option<usize>, Layout<usize, A>)>,
    alloc: A,
}

impl<A: Allocator + Copy> Classes for World<A> {
    type Id = usize;
    type Alloc = A;

    fn layout(&self, class: usize) -> &Layout<usize, A> {
        &self.classes[class].1
    }

    fn base(&self, class: usize) -> Option<usize> {
        self.classes[class].0
    }

    fn is_acceptable(&self, _: usize) -> bool {
        true
    }
}

fn natives() -> [Native; 6] {
    let int = Native {
        basicsize: 24,
        itemsize: 4,
        body_bytes: 8,
        items: Some(Items {
            offset: 24,
            size: 4,
        }),
        ..Native::plain("int")
    };
    let tuple = Native {
        basicsize: 32,
        itemsize: 8,
        body_bytes: 16,
        items: Some(Items {
            offset: 32,
            size: 8,
        }),
        slots_after_items: true,
        ..Native::plain("tuple")
    };
    let list = Native {
        basicsize: 40,
        body_bytes: 16,
        ..Native::plain("list")
    };
    let set = Native {
        basicsize: 200,
        weaklistoffset: 192,
        body_bytes: 48,
        weakref: Storage::Managed,
        ..Native::plain("set")
    };
    let exception = Native {
        basicsize: 72,
        dictoffset: 16,
        body_bytes: 56,
        dict: Storage::Inline(Place::fixed(16)),
        ..Native::plain("BaseException")
    };
    [Native::plain("object"), int, tuple, list, set, exception]
}

impl<A: Allocator + Copy> World<A> {
    fn new(alloc: A) -> Self {
        let mut world = World {
            classes: std::vec::Vec::new(),
            alloc,
        };
        for (owner, native) in natives().iter().enumerate() {
            let base = world.classes.first().map(|(_, object)| object);
            let layout = Layout::native(owner, base, native, alloc).expect("memory");
            world.classes.push(((owner > 0).then_some(OBJECT), layout));
        }
        world
    }

    fn try_class(
        &mut self,
        bases: &[usize],
        slots: Option<&[&'static str]>,
        policy: Policy,
    ) -> Result<usize, LayoutConflict<'static, usize>> {
        let entries: Option<std::vec::Vec<_>> =
            slots.map(|names| names.iter().map(|name| Requested::Name(name)).collect());
        let request = Request {
            class_name: "C",
            // Conflicts of these tests borrow nothing from the entries but static names.
            slots: entries.as_deref(),
            in_body: &|_| false,
        };
        let owner = self.classes.len();
        let laid_out = match lay_out(self, owner, bases, &request, policy, self.alloc) {
            Ok(laid_out) => laid_out,
            Err(LayoutConflict::OutOfMemory) => return Err(LayoutConflict::OutOfMemory),
            Err(LayoutConflict::Bases) => return Err(LayoutConflict::Bases),
            Err(LayoutConflict::Items) => return Err(LayoutConflict::Items),
            Err(LayoutConflict::Arbitrary { base }) => {
                return Err(LayoutConflict::Arbitrary { base });
            }
            Err(other) => panic!("{}", other.explain(|_| "a base")),
        };
        self.classes
            .push((Some(bases[laid_out.base]), laid_out.layout));
        Ok(owner)
    }

    fn class(&mut self, bases: &[usize], slots: Option<&[&'static str]>) -> usize {
        self.try_class(bases, slots, Policy::CPython)
            .expect("a class")
    }
}

fn names<A: Allocator + Copy>(layout: &Layout<usize, A>) -> std::vec::Vec<(&str, usize)> {
    let slots = layout.slots().iter();
    slots
        .map(|slot| (layout.slot_name(slot), slot.place.offset))
        .collect()
}

#[test]
fn slots_lie_in_the_order_of_their_names_behind_those_of_the_base() {
    let mut world = World::new(Global);
    let point = world.class(&[OBJECT], Some(&["y", "x"]));
    let solid = world.class(&[point], Some(&["__z", "a"]));
    let layout = world.layout(solid);
    assert_eq!(
        names(layout),
        [("x", 16), ("y", 24), ("_C__z", 32), ("a", 40)]
    );
    assert_eq!(layout.own_slots().len(), 2);
    assert_eq!((layout.basicsize(), layout.size_bytes(0)), (48, Some(48)));
    assert_eq!(layout.presize_bytes(), 0);
    assert_eq!(
        layout
            .slot_of(point, 1)
            .map(|slot| slot.place.from_pointer(0)),
        Some(8)
    );
}

#[test]
fn words_before_the_header_come_both_or_neither() {
    let mut world = World::new(Global);
    for (slots, presize) in [
        (None, 16),
        (Some(&["__dict__"][..]), 16),
        (Some(&["__weakref__"][..]), 16),
        (Some(&[][..]), 0),
    ] {
        let class = world.class(&[OBJECT], slots);
        assert_eq!(world.layout(class).presize_bytes(), presize, "{slots:?}");
        assert_eq!(world.layout(class).basicsize(), 16);
    }
    // A word inside a native body needs none before the header.
    let error = world.class(&[EXCEPTION], Some(&[]));
    assert_eq!(world.layout(error).presize_bytes(), 0);
    assert_eq!(world.layout(error).dictoffset(), 16);
    // A set reports CPython's offset, whatever we do.
    let set = world.class(&[SET], Some(&[]));
    assert_eq!(world.layout(set).weaklistoffset(), 192);
    assert_eq!(world.layout(set).presize_bytes(), 16);
}

#[test]
fn slots_of_a_subclass_of_tuple_lie_behind_the_items() {
    let mut world = World::new(Global);
    let pair = world.class(&[TUPLE], Some(&["a"]));
    let layout = world.layout(pair);
    let place = layout.slots()[0].place;
    assert_eq!(
        place,
        Place {
            offset: 32,
            after_items: true
        }
    );
    assert_eq!(place.from_pointer(3 * 8), 40);
    assert_eq!(layout.size_bytes(3), Some(64));
    assert_eq!(layout.reported_bytes(3), Some(64));
    assert_eq!(
        world.try_class(&[INT], Some(&["a"]), Policy::CPython),
        Err(LayoutConflict::Arbitrary { base: INT })
    );
}

#[test]
fn a_smaller_body_of_ours_makes_a_smaller_object_but_moves_no_slot() {
    let mut world = World::new(Global);
    let bare = world.class(&[LIST], Some(&[]));
    assert_eq!(world.layout(bare).size_bytes(0), Some(32));
    assert_eq!(world.layout(bare).reported_bytes(0), Some(40));
    let slotted = world.class(&[LIST], Some(&["a"]));
    assert_eq!(names(world.layout(slotted)), [("a", 40)]);
    assert_eq!(world.layout(slotted).size_bytes(0), Some(48));
}

#[test]
fn observable_slots_come_last_and_count_in_no_basicsize() {
    let mut world = World::new(Global);
    let class = world.class(&[OBJECT], Some(&["a"]));
    let layout = &world.classes[class].1;
    layout.set_observable_words(2, 0);
    layout.set_observable_words(3, 0);
    assert_eq!(layout.observable_words(), 3);
    assert_eq!((layout.basicsize(), layout.size_bytes(0)), (24, Some(48)));
    // A subclass plans its own, and what its base added is not in the way.
    let subclass = world.class(&[class], Some(&["b"]));
    assert_eq!(world.layout(subclass).observable_words(), 0);
    assert_eq!(names(world.layout(subclass)), [("a", 16), ("b", 24)]);
    let tuple = world.class(&[TUPLE], Some(&["a"]));
    let layout = &world.classes[tuple].1;
    layout.set_observable_words(1, 0);
    let place = layout.observable_place();
    assert_eq!((place.offset, place.after_items), (40, true));
    assert_eq!(layout.size_bytes(2), Some(64));
}

#[test]
fn a_picture_shows_observable_slots_by_name_where_it_knows_them() {
    let mut world = World::new(Global);
    let class = world.class(&[OBJECT], Some(&["a"]));
    world.layout(class).set_observable_words(3, 0);
    let together = draw(world.layout(class), "C", 80).to_string();
    let lines: Vec<&str> = together.lines().collect();
    assert_eq!(lines[0], "C: 24 bytes and 24 of observable slots");
    assert_eq!(lines[2], "│ header │ a  │ watch │ observable slots (2) │");
    let named = draw(world.layout(class), "C", 80)
        .naming(&["x", "long"])
        .to_string();
    let lines: Vec<&str> = named.lines().collect();
    assert_eq!(lines[1], "  0        16   24      32   40");
    assert_eq!(lines[2], "│ header │ a  │ watch │ x  │ long │");
    assert_eq!(lines[3], "  16       8    8       8    8");
}

#[test]
fn sizes_beyond_memory_are_no_sizes() {
    let world = World::new(Global);
    assert_eq!(world.layout(TUPLE).size_bytes(usize::MAX / 8 + 1), None);
    assert_eq!(world.layout(TUPLE).size_bytes(usize::MAX / 8 - 1), None);
    assert_eq!(world.layout(TUPLE).reported_bytes(usize::MAX / 8), None);
}

#[test]
fn unified_composes_two_native_layouts() {
    let mut world = World::new(Global);
    let mixed = [LIST, EXCEPTION];
    assert_eq!(
        world.try_class(&mixed, None, Policy::CPython),
        Err(LayoutConflict::Bases)
    );
    let class = world
        .try_class(&mixed, Some(&["a"]), Policy::Unified)
        .expect("a class");
    let layout = world.layout(class);
    assert_eq!(layout.body(LIST), Some(Place::fixed(16)));
    assert_eq!(layout.body(EXCEPTION), Some(Place::fixed(48)));
    // The exception's word for its dict moves with its body.
    assert_eq!(layout.dict(), Storage::Inline(Place::fixed(48)));
    assert_eq!(names(layout), [("a", 104)]);
    assert_eq!(layout.basicsize(), 112);
    disjoint(layout, 0);
}

#[test]
fn unified_places_slots_and_bodies_behind_items() {
    let mut world = World::new(Global);
    let a = world.class(&[OBJECT], Some(&["x", "y"]));
    let b = world.class(&[OBJECT], Some(&["x"]));
    let class = world
        .try_class(&[a, b, INT, LIST], Some(&["z"]), Policy::Unified)
        .expect("a class");
    let layout = world.layout(class);
    assert_eq!(layout.body(INT), Some(Place::fixed(16)));
    assert!(layout.slots().iter().all(|slot| slot.place.after_items));
    assert_eq!(layout.slots().len(), 4);
    assert_eq!(layout.own_slots().len(), 1);
    for count in [0, 1, 2, 3, 7] {
        disjoint(layout, count);
    }
    // A cell of a base is found by its owner.
    let moved = layout.slot_of(b, 0).expect("a slot");
    assert_ne!(moved.place.offset, 16);
    assert_eq!(layout.slot_name(moved), "x");
    assert_eq!(
        world.try_class(&[INT, TUPLE], None, Policy::Unified),
        Err(LayoutConflict::Items)
    );
}

#[test]
fn unified_gives_what_cpython_gives_where_cpython_accepts() {
    let mut world = World::new(Global);
    let point = world.class(&[OBJECT], Some(&["x"]));
    let plain = world.class(&[OBJECT], None);
    let cases: [(&[usize], Option<&[&'static str]>); 5] = [
        (&[plain, point], Some(&["a"])),
        (&[point, plain], None),
        (&[TUPLE, plain], Some(&["a"])),
        (&[plain, SET], None),
        (&[EXCEPTION], Some(&["a", "__weakref__"])),
    ];
    for (bases, slots) in cases {
        let strict = world.class(bases, slots);
        let unified = world
            .try_class(bases, slots, Policy::Unified)
            .expect("a class");
        let (a, b) = (world.layout(strict), world.layout(unified));
        assert_eq!(names(a), names(b), "{bases:?}");
        assert_eq!(world.base(strict), world.base(unified), "{bases:?}");
        assert_eq!(
            (a.basicsize(), a.dict(), a.weakref(), a.size_bytes(5)),
            (b.basicsize(), b.dict(), b.weakref(), b.size_bytes(5)),
            "{bases:?}"
        );
    }
}

/// Asserts that no two sections of an instance with `count` items overlap.
fn disjoint<A: Allocator + Copy>(layout: &Layout<usize, A>, count: usize) {
    let items_bytes = layout.items().map_or(0, |items| items.size * count);
    let mut runs = std::vec::Vec::new();
    for section in layout.sections() {
        if section.kind == SectionKind::Header {
            continue;
        }
        let start = section.place.from_pointer(items_bytes);
        let size = match section.kind {
            SectionKind::Items => items_bytes,
            SectionKind::Body { ours, .. } => ours,
            SectionKind::Dict | SectionKind::Weakref => continue,
            _ => section.size,
        };
        if size > 0 {
            runs.push((start, start + size));
        }
    }
    runs.sort_unstable();
    for pair in runs.windows(2) {
        assert!(pair[0].1 <= pair[1].0, "{runs:?} with {count} items");
    }
    let end = runs.last().map_or(0, |run| run.1) + HEADER_BYTES;
    assert!(layout.size_bytes(count) >= Some(end));
}

#[test]
fn two_classes_with_the_same_slots_exchange_instances() {
    let mut world = World::new(Global);
    let a = world.class(&[OBJECT], Some(&["x", "y"]));
    let b = world.class(&[OBJECT], Some(&["y", "x"]));
    let c = world.class(&[OBJECT], Some(&["x", "z"]));
    assert_eq!(same_layout(&world, a, b), Ok(()));
    assert_eq!(same_layout(&world, a, c), Err(AssignmentConflict));
    world.classes[b].1.set_observable_words(1, 0);
    assert_eq!(same_layout(&world, a, b), Err(AssignmentConflict));
}

#[test]
fn the_same_slots_over_two_bases_are_not_the_same() {
    // Observed on CPython: the cells lie at the same offsets, and it refuses all the same.
    let mut world = World::new(Global);
    let below = world.class(&[OBJECT], Some(&["a"]));
    let between = world.class(&[below], Some(&[]));
    let direct = world.class(&[below], Some(&["z"]));
    let indirect = world.class(&[between], Some(&["z"]));
    assert_eq!(names(world.layout(direct)), names(world.layout(indirect)));
    assert_eq!(
        same_layout(&world, direct, indirect),
        Err(AssignmentConflict)
    );
    assert_eq!(same_layout(&world, between, below), Ok(()));
}

#[test]
fn a_type_with_other_items_is_solid() {
    let mut world = World::new(Global);
    let native = Native {
        itemsize: 8,
        ..Native::plain("items")
    };
    let owner = world.classes.len();
    let object = Some(world.layout(OBJECT));
    let layout = Layout::native(owner, object, &native, Global).expect("memory");
    world.classes.push((Some(OBJECT), layout));
    let point = world.class(&[OBJECT], Some(&["x"]));
    assert_eq!(solid_base(&world, owner), owner);
    assert_eq!(
        best_base(&world, &[owner, point]),
        Err(LayoutConflict::Bases)
    );
}

#[test]
fn a_custom_order_names_only_classes_of_the_same_chain() {
    let mut world = World::new(Global);
    let [a, b] = ["a", "b"].map(|name| world.class(&[OBJECT], Some(&[name])));
    let below = world.class(&[a], Some(&["aa"]));
    let plain = world.class(&[OBJECT], None);
    for (class, member, suitable) in [
        (a, b, false),
        (below, a, true),
        (a, below, false),
        (a, plain, true),
        (plain, INT, false),
    ] {
        assert_eq!(
            is_suitable(&world, class, member),
            suitable,
            "{class} {member}"
        );
    }
}

#[test]
fn a_class_takes_a_new_base_that_brings_nothing_it_lacks() {
    let mut world = World::new(Global);
    let empty = world.class(&[OBJECT], Some(&[]));
    let plain = world.class(&[OBJECT], None);
    let full = world.class(&[empty], None);
    let slotted = world.class(&[empty], Some(&[]));
    assert_eq!(same_layout_for_bases(&world, full, plain), Ok(()));
    assert_eq!(
        same_layout_for_bases(&world, slotted, plain),
        Err(AssignmentConflict)
    );
    world.classes[plain].1.set_observable_words(1, 0);
    assert_eq!(
        same_layout_for_bases(&world, full, plain),
        Err(AssignmentConflict)
    );
}

#[test]
fn composed_classes_with_other_secondary_bases_are_not_the_same() {
    let mut world = World::new(Global);
    let [a, b, c] = ["x", "y", "y"].map(|name| world.class(&[OBJECT], Some(&[name])));
    let mut compose = |second| {
        let made = world.try_class(&[a, second], Some(&[]), Policy::Unified);
        made.expect("a class")
    };
    let (ab, again, ac) = (compose(b), compose(b), compose(c));
    assert_eq!(same_layout(&world, ab, again), Ok(()));
    assert_eq!(same_layout(&world, ab, ac), Err(AssignmentConflict));
    assert!(is_suitable(&world, ab, b) && !is_suitable(&world, ab, c));
}

#[test]
fn running_out_of_memory_is_a_conflict_at_every_allocation() {
    let config = Config {
        region_bytes: 1 << 20,
        ..Config::default()
    };
    let memory = Memory::with_config(config).expect("memory");
    let mut world = World::new(&*memory);
    let plain = world.class(&[OBJECT], Some(&["p"]));
    let slots: &[&'static str] = &["b", "a", "__c", "__dict__"];
    let mut failures = 0;
    for policy in [Policy::CPython, Policy::Unified] {
        for allowed in 0.. {
            memory.fail_after(Some(allowed));
            let outcome = world.try_class(&[plain, OBJECT], Some(slots), policy);
            memory.fail_after(None);
            match outcome {
                Err(LayoutConflict::OutOfMemory) => failures += 1,
                Err(other) => panic!("{}", other.explain(|_| "a base")),
                Ok(class) => {
                    assert_eq!(world.layout(class).own_slots().len(), 3);
                    break;
                }
            }
        }
    }
    assert!(failures >= 8, "{failures}");
}

#[test]
fn names_that_leave_the_body_may_be_slots() {
    let world = World::new(Global);
    for (name, refused) in [
        ("__qualname__", false),
        ("__classcell__", false),
        ("__classdictcell__", false),
        ("__module__", true),
        ("__private", true),
    ] {
        let entries = [Requested::Name(name)];
        let request = Request {
            class_name: "C",
            slots: Some(&entries),
            in_body: &|bound| bound == name || bound == "_C__private",
        };
        let outcome = lay_out(&world, 9, &[OBJECT], &request, Policy::CPython, Global);
        let conflict = outcome.map(|_| ()).err();
        assert_eq!(conflict.is_some(), refused, "{name}");
        assert!(conflict.is_none_or(|conflict| conflict.is_value_error()));
    }
}

#[test]
fn private_names_carry_the_class() {
    let mangled = |class, name| mangle(class, name).to_string();
    assert_eq!(mangled("__C", "__x"), "_C__x");
    assert_eq!(mangled("C", "__x_"), "_C__x_");
    assert_eq!(mangled("C", "__x__"), "__x__");
    assert_eq!(mangled("C", "_x"), "_x");
    assert_eq!(mangled("___", "__x"), "__x");
    assert_eq!(mangled("C", "___"), "___");
}

#[test]
fn a_long_type_name_is_cut_between_characters() {
    let name = format!("a{}", "é".repeat(150));
    let conflict: LayoutConflict<'_, usize> = LayoutConflict::NotString { type_name: &name };
    // The same length as CPython gives for this name.
    let message = conflict.explain(|_| "").to_string();
    assert_eq!(message.chars().count(), 139);
}

fn picture(layout: &Layout<usize, Global>, width: usize) -> std::string::String {
    draw(layout, "C", width).to_string()
}

#[test]
fn a_picture_shows_offsets_and_both_sizes() {
    let mut world = World::new(Global);
    let class = world.class(&[LIST], Some(&["a", "__dict__"]));
    let expected = "\
C: 48 bytes, 16 before the header
  -16               -8     0        16             40
│ weak references │ dict │ header │ body of list │ a  │
  8                 8      16       24, ours 16    8
";
    assert_eq!(picture(world.layout(class), 80), expected.to_owned());
    let bare = world.class(&[LIST], Some(&[]));
    assert!(picture(world.layout(bare), 80).ends_with("here 32 bytes, on CPython 40\n"));
}

#[test]
fn a_picture_keeps_within_its_width() {
    let mut world = World::new(Global);
    let class = world.class(&[TUPLE], Some(&["alpha", "beta", "gamma"]));
    for width in [30, 40, 60, 200] {
        let text = picture(world.layout(class), width);
        for line in text.lines().skip(1) {
            assert!(line.chars().count() <= width, "{width}: {text}");
        }
        assert_eq!(text.matches("gamma").count(), 1);
    }
    // Too narrow for any box: one a row.
    assert_eq!(picture(world.layout(class), 1).lines().count(), 1 + 3 * 6);
}
