//! What the runtime's worker puts a program through, as a request says it.

use serde::Serialize;

use super::case::Case;

/// The checks of one request; none by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Checks {
    /// The request for memory that fails, counted from the program's first instruction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_allocation: Option<u64>,
    /// How far zeal goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zeal: Option<Zeal>,
}

/// How far zeal goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Zeal {
    /// It audits and collects.
    Collect,
    /// It only audits: the program tells when it collects.
    Audit,
}

impl Checks {
    /// Zeal, as far as the case bears it.
    pub fn zeal(case: &Case) -> Checks {
        let zeal = match case.header.collects {
            Some(_) => Zeal::Audit,
            None => Zeal::Collect,
        };
        Checks {
            zeal: Some(zeal),
            ..Checks::default()
        }
    }

    /// Tells whether there is none.
    pub fn is_none(&self) -> bool {
        *self == Checks::default()
    }
}
