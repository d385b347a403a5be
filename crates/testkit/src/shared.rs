//! The shared data that a machine may have beside the repository.

use std::env;
use std::path::{Path, PathBuf};

/// The file `name` of the shared data, if this machine has it: in the folder that `MORTICE_SHARED` names, else in
/// `shared` beside the workspace.
pub fn data(name: &str) -> Option<PathBuf> {
    let shared = env::var_os("MORTICE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    Some(shared.join("data").join(name)).filter(|path| path.is_file())
}
