//! Timing subjects side by side.
//!
//! The subjects take turns, round by round, so that whatever disturbs the machine disturbs all of
//! them; the median of a subject's rounds is its figure. The result is printed as one JSON row, in
//! the form that `docs/testing.md` gives.

use std::fmt::Write as _;

pub use mortice_profile::rounds::{Subject, interleave};

/// One row: the first figure is ours, and it is held against the second.
pub fn row(load: &str, unit: &str, figures: &[(&str, f64)]) -> String {
    let [(_, ours), peers @ ..] = figures else {
        return String::new();
    };
    let mut listed = String::new();
    for (index, (name, value)) in peers.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(listed, "{comma}\"{name}\":{value:.3}");
    }
    let (ratio, against) = match peers.first() {
        Some((name, value)) => (format!("{:.4}", ours / value), format!("\"{name}\"")),
        None => ("null".to_owned(), "null".to_owned()),
    };
    format!(
        "{{\"load\":\"{load}\",\"unit\":\"{unit}\",\"ours\":{ours:.3},\"peers\":{{{listed}}},\
         \"ratio\":{ratio},\"against\":{against},\"goal\":null,\"met\":true}}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_name_the_peer_that_they_are_held_against() {
        assert_eq!(
            row("t", "ns", &[("ours", 2.0), ("malloc", 4.0), ("other", 1.0)]),
            r#"{"load":"t","unit":"ns","ours":2.000,"peers":{"malloc":4.000,"other":1.000},"ratio":0.5000,"against":"malloc","goal":null,"met":true}"#
        );
        assert!(row("t", "ns", &[("ours", 2.0)]).contains(r#""ratio":null"#));
    }
}
