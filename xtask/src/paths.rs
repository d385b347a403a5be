//! Where things lie.

use std::path::{Path, PathBuf};

/// The repository's root.
///
/// Cargo names the package's folder to what it runs; a binary that is started by hand remembers where it was
/// built.
pub fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .filter(|path| path.ends_with("xtask"))
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    package.parent().unwrap_or(Path::new(".")).to_path_buf()
}

/// The path as messages show it: relative to `root` where it lies below.
pub fn shown<'p>(root: &Path, path: &'p Path) -> &'p Path {
    path.strip_prefix(root).unwrap_or(path)
}
