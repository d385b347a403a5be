use allocator_api2::alloc::Global;

use super::{MroError, merge};

/// Linearizations by class; a class's own index comes first in its entry.
fn order(known: &[&[u8]], class: u8, bases: &[u8]) -> Result<Vec<u8>, String> {
    merge(class, bases, |base| known[usize::from(base)], Global)
        .map(|order| order.to_vec())
        .map_err(|error| {
            let names = ["object", "A", "B", "C", "D", "E"];
            error
                .explain(|class: u8| names[usize::from(class)])
                .to_string()
        })
}

#[test]
fn a_diamond_visits_both_sides_before_the_root() {
    let known: &[&[u8]] = &[&[0], &[1, 0], &[2, 1, 0], &[3, 1, 0]];
    assert_eq!(order(known, 4, &[2, 3]), Ok(vec![4, 2, 3, 1, 0]));
}

#[test]
fn the_first_head_that_is_in_no_tail_is_taken() {
    // B(A), then bases (B, C): A waits for C only where C's order says so.
    let known: &[&[u8]] = &[&[0], &[1, 0], &[2, 1, 0], &[3, 0]];
    assert_eq!(order(known, 4, &[2, 3]), Ok(vec![4, 2, 1, 3, 0]));
}

#[test]
fn a_base_before_its_subclass_is_inconsistent() {
    let known: &[&[u8]] = &[&[0], &[1, 0], &[2, 1, 0]];
    let message = "Cannot create a consistent method resolution order (MRO) for bases ";
    assert_eq!(order(known, 3, &[1, 2]), Err(format!("{message}A, B")));
    assert_eq!(
        order(known, 3, &[1, 0, 2]),
        Err(format!("{message}A, object, B"))
    );
}

#[test]
fn only_the_heads_that_are_left_are_named() {
    // C(A, B) and D(B, A): the merge gets stuck after it took C and D.
    let known: &[&[u8]] = &[&[0], &[1, 0], &[2, 0], &[3, 1, 2, 0], &[4, 2, 1, 0]];
    let error = merge(5, &[3, 4], |base| known[usize::from(base)], Global);
    assert!(matches!(error, Err(MroError::Inconsistent { heads }) if heads[..] == [1, 2]));
}

#[test]
fn a_base_listed_twice_is_refused() {
    let known: &[&[u8]] = &[&[0], &[1, 0], &[2, 0]];
    assert_eq!(
        order(known, 3, &[2, 1, 1]),
        Err("duplicate base class A".to_owned())
    );
}

#[test]
fn a_long_message_is_cut_where_cpython_cuts_it() {
    let known: &[&[u8]] = &[&[0], &[1, 0], &[2, 1, 0]];
    let name = |count: usize, text: &str| text.repeat(count);
    let message = |names: [&str; 3]| {
        let error = merge(3, &[1, 2], |base| known[usize::from(base)], Global)
            .expect_err("an inconsistent order");
        error
            .explain(|class: u8| names[usize::from(class)])
            .to_string()
    };
    let cut = message(["object", &name(3000, "R"), "b"]);
    assert_eq!(cut.len(), 999);
    assert!(cut.ends_with("RR"));
    let cut = message(["object", &name(929, "R"), "bbb"]);
    assert!(cut.len() == 999 && cut.ends_with("R, b"), "{cut}");
    // A character is never cut in two, and nothing follows the cut.
    let cut = message(["object", &name(600, "é"), "b"]);
    assert!(cut.len() == 999 || cut.len() == 998, "{}", cut.len());
    assert!(cut.ends_with('é'));
}
