//! What a program is put through while it runs.

use clap::Args;
use mortice::Context;
use serde::Deserialize;

/// Checks of the machinery below a program, from its first instruction on.
#[derive(Args, Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checks {
    /// Let the N-th request for memory fail, counted from the program's first instruction.
    #[arg(long, value_name = "N")]
    #[serde(default)]
    pub fail_allocation: Option<u64>,
    /// Audit the whole heap at allocations, and collect where the program cannot tell.
    #[cfg(feature = "zeal")]
    #[arg(long, value_name = "MODE")]
    #[serde(default)]
    pub zeal: Option<Zeal>,
}

/// How far zeal goes.
#[cfg(feature = "zeal")]
#[derive(Clone, Copy, Debug, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Zeal {
    /// Audits and collects
    Collect,
    /// Audits only
    Audit,
}

impl Checks {
    /// Starts the checks.
    pub fn start(self, cx: &Context) {
        #[cfg(feature = "zeal")]
        if let Some(zeal) = self.zeal {
            use mortice::types::gc::zeal::Mode;
            cx.heap().start_zeal(match zeal {
                Zeal::Collect => Mode::Collect,
                Zeal::Audit => Mode::Audit,
            });
        }
        if self.fail_allocation.is_some() {
            cx.heap().memory().fail_after(self.fail_allocation);
        }
    }
}
