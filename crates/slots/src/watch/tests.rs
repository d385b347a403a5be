use super::lists::Lists;
use super::{Entry, Life, Role, bit};
use crate::check::Fault;
use crate::host::{Cells, Name, Rows};
use small::{Object, SmallCompanion, World};

mod small {
    #![allow(dead_code, reason = "the example's world has more than is needed here")]
    include!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/examples/small_host/host.rs"
    ));
}

const X: Name = Name(0);
const Y: Name = Name(1);

fn entry(serial: u64, name: Name, role: Role) -> Entry {
    Entry {
        serial,
        partner: 0,
        name,
        other: Name::NONE,
        role,
        life: Life::Live,
    }
}

/// The lists of a watch that has them.
fn lists(of: &SmallCompanion) -> Lists<'_, small::Small> {
    *of.watch().lists().expect("lists")
}

/// Adds entries with these serials, whose cells hold their serial.
fn add(of: &SmallCompanion, serials: impl IntoIterator<Item = u64>, name: Name, role: Role) {
    let world = World::default();
    for serial in serials {
        let content = Object::number(serial as i64);
        let added = of
            .watch()
            .add(&world, entry(serial, name, role), Some(content));
        added.expect("memory never runs out");
    }
}

/// The serials of live entries that match, and what their cells hold.
fn live(of: &SmallCompanion) -> Vec<(u64, String)> {
    let watch = of.watch();
    let held = |content: Option<Object>| content.map_or_else(String::new, |held| held.to_string());
    let entries = watch.live();
    entries
        .map(|(entry, content)| (entry.serial, held(content)))
        .collect()
}

fn pairs(serials: impl IntoIterator<Item = u64>) -> Vec<(u64, String)> {
    let pair = |serial: u64| (serial, serial.to_string());
    serials.into_iter().map(pair).collect()
}

#[test]
fn an_entry_is_found_by_serial_with_any_hint() {
    let of = SmallCompanion::default();
    add(&of, (1..100).map(|number| number * 3), X, Role::Observer);
    let watch = of.watch();
    for hint in [0, 1, 49, 98, 99, usize::MAX] {
        assert_eq!(watch.find(3, hint), Some(0));
        assert_eq!(watch.find(150, hint), Some(49));
        assert_eq!(watch.find(297, hint), Some(98));
        for missing in [0, 2, 151, 298, u64::MAX] {
            assert_eq!(watch.find(missing, hint), None);
        }
    }
    drop(watch.remove_serial(150));
    assert_eq!(watch.find(150, 49), None, "it is dead");
    assert!(watch.remove_serial(150).is_none());
}

#[test]
fn the_next_entry_is_the_first_behind_a_serial_that_matches() {
    let of = SmallCompanion::default();
    add(&of, [2, 4], X, Role::Observer);
    add(&of, [6], Y, Role::Observer);
    add(&of, [8], X, Role::Observer);
    let watch = of.watch();
    let next = |serial| {
        let found = watch.next_after(serial, |entry| entry.name == X);
        found.map(|(entry, _)| entry.serial)
    };
    assert_eq!([0, 1, 2, 3, 4, 7].map(next), [2, 2, 4, 4, 8, 8].map(Some));
    assert_eq!([8, 9, u64::MAX].map(next), [None; 3]);
    drop(watch.remove_serial(4));
    assert_eq!(next(2), Some(8));
}

#[test]
fn the_dead_go_when_they_outnumber_the_living() {
    let of = SmallCompanion::default();
    add(&of, 1..=20, X, Role::Observer);
    let watch = of.watch();
    for serial in 1..=10 {
        drop(watch.remove_serial(serial));
        assert_eq!(watch.len(), 20);
        watch.check().expect("a sound watch");
    }
    drop(watch.remove_serial(20));
    assert_eq!(watch.len(), 9);
    assert_eq!(live(&of), pairs(11..20));
    watch.check().expect("a sound watch");
    for serial in 11..20 {
        drop(watch.remove_serial(serial));
    }
    assert!(watch.len() < 9 && live(&of).is_empty());
}

#[test]
fn the_summary_forgets_names_with_the_dead() {
    let of = SmallCompanion::default();
    let watch = of.watch();
    assert!(!watch.may_have(X) && !watch.may_have(Name::ALL));
    add(&of, 1..=9, X, Role::Observer);
    add(&of, [10], Y, Role::Observer);
    assert!(watch.may_have(X) && watch.may_have(Y) && !watch.may_have(Name(2)));
    assert!(watch.may_have(Name(64)), "names share the bits");
    assert!(watch.may_have(Name::ALL));
    for serial in 1..=9 {
        drop(watch.remove_serial(serial));
    }
    assert!(!watch.may_have(X) && watch.may_have(Y));
    add(&of, [11], Name::ALL, Role::Observer);
    assert!((0..200).all(|number| watch.may_have(Name(number))));
}

#[test]
fn own_entries_are_found_among_many_listeners() {
    let of = SmallCompanion::default();
    add(&of, 1..=500, X, Role::Delegator);
    add(&of, [501], X, Role::Target);
    add(&of, 502..=1000, X, Role::Observer);
    add(&of, [1001], Y, Role::Spent);
    add(&of, 1002..=1500, Y, Role::Observer);
    let watch = of.watch();
    let role = |name, role| watch.of_role(name, role).map(|(entry, _)| entry.serial);
    assert_eq!(role(X, Role::Target), Some(501));
    assert_eq!(role(Y, Role::Spent), Some(1001));
    assert_eq!(role(Y, Role::Target), None);
    assert_eq!(role(X, Role::Delegator), Some(1));
    assert_eq!(role(X, Role::Observer), Some(502));
    let target = watch.target(X).map(|(target, _)| target.to_string());
    assert_eq!(target.as_deref(), Some("501"));
    drop(watch.remove_serial(501));
    assert_eq!(role(X, Role::Target), None);
    // The range of own entries is narrowed with the gaps.
    for serial in (1..=500).chain(502..=1000) {
        drop(watch.remove_serial(serial));
    }
    assert_eq!(role(Y, Role::Spent), Some(1001));
    watch.check().expect("a sound watch");
}

#[test]
fn a_parked_entry_counts_for_nothing_and_comes_back() {
    let of = SmallCompanion::default();
    add(&of, [1], X, Role::Target);
    add(&of, 2..=20, Y, Role::Observer);
    let watch = of.watch();
    watch.set_life(1, Life::Parked);
    assert!(watch.target(X).is_none() && watch.find(1, 0).is_none());
    assert_eq!(watch.check(), Err(Fault::Parked(1)));
    // The gaps are closed meanwhile.
    for serial in 2..=20 {
        drop(watch.remove_serial(serial));
    }
    let parked = watch.target_of(Life::Parked, X);
    assert!(parked.is_some_and(|(target, _)| target.to_string() == "1"));
    watch.set_life(1, Life::Live);
    assert_eq!(live(&of), pairs([1]));
    watch.check().expect("a sound watch");
    // The dead stay dead.
    drop(watch.remove_any(1));
    watch.set_life(1, Life::Live);
    assert!(live(&of).is_empty());
}

#[test]
fn a_sweep_waits_until_the_listeners_have_doubled() {
    let of = SmallCompanion::default();
    let watch = of.watch();
    // Numbers are no tokens, so these delegators are gone.
    add(&of, 1..=7, X, Role::Delegator);
    watch.sweep(true);
    assert_eq!(live(&of).len(), 7, "too few to be searched");
    add(&of, 8..=27, X, Role::Observer);
    watch.sweep(false);
    assert_eq!(live(&of), pairs(8..=27));
    add(&of, 28..=46, X, Role::Delegator);
    watch.sweep(true);
    assert_eq!(live(&of).len(), 39, "not twice as many yet");
    add(&of, [47], X, Role::Delegator);
    watch.sweep(true);
    assert_eq!(live(&of), pairs(8..=27));
    watch.check().expect("a sound watch");
}

#[test]
fn a_search_meets_a_name_once() {
    let of = SmallCompanion::default();
    let watch = of.watch();
    assert!(!watch.meet(1, X) && !watch.meet(1, Y));
    assert!(watch.meet(1, X) && watch.meet(1, Y));
    assert!(watch.meet(1, Name(32)), "names share the bits");
    assert!(!watch.meet(2, X), "another search");
    assert!(watch.meet(2, X) && !watch.meet(2, Y));
}

type Break<'a> = &'a dyn Fn(&SmallCompanion);

#[test]
fn what_is_wrong_is_found() {
    let broken = |breaks: Break<'_>| {
        let of = SmallCompanion::default();
        add(&of, [5], X, Role::Target);
        add(&of, [7, 9], Y, Role::Observer);
        of.watch().check().expect("a sound watch");
        breaks(&of);
        of.watch().check()
    };
    let change = |of: &SmallCompanion, place, change: fn(&mut Entry)| {
        let rows = lists(of).rows;
        let mut entry = rows.get(place).expect("an entry");
        change(&mut entry);
        rows.set(place, entry);
    };
    let cases: [(Fault, Break<'_>); 6] = [
        (Fault::Cells(3, 2), &|of| drop(lists(of).cells.pop())),
        (Fault::Order(7), &|of| {
            change(of, 2, |entry| entry.serial = 7)
        }),
        (Fault::Summary(7), &|of| {
            change(of, 1, |entry| entry.name = Name(9))
        }),
        (Fault::Summary(9), &|of| {
            change(of, 2, |entry| entry.life = Life::Dead)
        }),
        (Fault::Summary(9), &|of| {
            change(of, 2, |entry| entry.role = Role::Held)
        }),
        (Fault::Counts, &|of| {
            drop(lists(of).cells.put(1, None));
            change(of, 1, |entry| entry.life = Life::Dead);
        }),
    ];
    for (fault, breaks) in cases {
        assert_eq!(broken(breaks), Err(fault));
    }
}

#[test]
fn the_bits_of_names_are_shared_by_64() {
    assert_eq!(bit(Name(0)), 1);
    assert_eq!(bit(Name(65)), 2);
    assert_eq!(bit(Name::ALL), u64::MAX);
}
